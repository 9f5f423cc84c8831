"""Rows told by their columns: what is said of many at once is what would be said of each."""

import json
from typing import Any

import orjson
import pyarrow as pa
from hypothesis import assume, given
from hypothesis import strategies as st

from pressmark.article.contract import schema_bytes
from pressmark.release.arrays import views
from pressmark.release.canonical import canonical
from pressmark.release.columns import columns
from pressmark.release.valid import contract_of
from strategies import articles, broken_articles, checked

CONTRACT = json.loads(schema_bytes("article.schema.json"))
COMPUTED = {"group_id": "0" * 16, "added_in": 1, "changed_in": 1}


def batch_of(rows: list[dict[str, Any]], config: str) -> pa.RecordBatch:
    """Return rows as a file has them; a field that no column can hold is left out."""
    schema = columns(CONTRACT, config)
    return pa.RecordBatch.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema)


def as_arrow(value: Any, kind: pa.DataType) -> Any:
    """Return a value of JSON as Arrow takes it, or nothing where the column can hold no such value."""
    try:
        if isinstance(kind, pa.StructType):
            return {field.name: as_arrow(value.get(field.name), field.type) for field in kind}
        if isinstance(kind, pa.ListType):
            return [as_arrow(inner, kind.value_type) for inner in value]
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            return pa.array([value], pa.string()).cast(kind)[0].as_py()
        return pa.array([value], kind)[0].as_py()
    except (AttributeError, TypeError, ValueError, OverflowError, pa.ArrowException):
        return None


@checked(40)
@given(
    st.lists(articles(canonical=True) | broken_articles(), min_size=1, max_size=4),
    st.sampled_from(["articles", "withheld"]),
)
def test_columns_keep_the_contract_where_all_rows_do(rows: list[Any], config: str) -> None:
    schema = columns(CONTRACT, config)
    told = [
        {field.name: as_arrow(row.get(field.name), field.type) for field in schema}
        for row in rows
        if isinstance(row, dict)
    ]
    fit = [row for row in told if all(row[field.name] is not None for field in schema if not field.nullable)]
    assume(fit)
    batch = pa.RecordBatch.from_pylist(fit, schema)
    contract, found = contract_of(schema_bytes("article.schema.json"), config), canonical(batch)
    each = [contract.keeps(orjson.loads(row)) for row in views(found.texts)]
    assert contract.all_keep(found, dict(zip(batch.schema.names, batch.columns, strict=True))) is all(each)


def test_a_contract_that_says_more_of_a_row_is_asked_of_each() -> None:
    schema = {**CONTRACT, "if": {"required": ["title"]}, "then": {"required": ["url"]}}
    batch = batch_of([{"id": "a:b", "title": "x"}], "withheld")
    contract = contract_of(orjson.dumps(schema), "withheld")
    assert not contract.all_keep(canonical(batch), {})
