"""Content digests worked out again from columns: RFC 8785 as the reference implementation writes it."""

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from pressmark.release.arrays import views
from pressmark.release.canonical import canonical
from strategies import checked

ODD = ["", '"', "\\", "/", "\x7f", "\x85", "\u2028", "\ufffe", "\U0001f600", "é", "가", "</script>", "\u200d"]
STRINGS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from([*ODD, *map(chr, range(0x20))]),
)
DAYS = st.dates()
MOMENTS = st.datetimes(timezones=st.just(UTC))
TYPES: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (pa.string(), STRINGS),
    "count": (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    "is_so": (pa.bool_(), st.booleans()),
    "day": (pa.date32(), DAYS),
    "moment": (pa.timestamp("us", "UTC"), MOMENTS),
    "several": (pa.list_(pa.string()), st.lists(STRINGS, max_size=3)),
}


def struct_of(types: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]]) -> pa.DataType:
    return pa.struct({name: kind for name, (kind, _) in types.items()})


def values_of(types: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name: st.none() | values for name, (_, values) in types.items()})


ROW = {
    **TYPES,
    "struct": (struct_of(TYPES), values_of(TYPES)),
    "structs": (pa.list_(struct_of(TYPES)), st.lists(values_of(TYPES), max_size=2)),
    "가": (pa.string(), STRINGS),
    "\U0001f600": (pa.string(), STRINGS),
    "\uffee": (pa.string(), STRINGS),
}


def plain(value: Any) -> Any:
    """Return a value of Python as a row is written: without nulls, moments in words."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        digits = f".{value.microsecond:06d}" if value.microsecond else ""
        return f"{value:%Y-%m-%dT%H:%M:%S}{digits}Z"
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else value


@checked(200)
@given(st.lists(values_of(ROW), min_size=1, max_size=4), st.integers(0, 3))
def test_rows_are_what_the_reference_writes(rows: list[dict[str, Any]], start: int) -> None:
    schema = pa.schema({name: kind for name, (kind, _) in ROW.items()})
    batch = pa.RecordBatch.from_pylist(rows, schema)
    expected = [rfc8785.dumps(plain(row)) for row in rows]
    assert list(map(bytes, views(canonical(batch).texts))) == expected
    assert list(map(bytes, views(canonical(batch.slice(start)).texts))) == expected[start:]


def test_a_type_that_no_contract_gives_is_refused() -> None:
    with pytest.raises(TypeError, match="double"):
        canonical(pa.RecordBatch.from_pylist([{"share": 0.5}]))


def test_a_comma_stands_between_what_is_there() -> None:
    rows: list[dict[str, str | None]] = [
        {"a": None, "b": "x", "c": None},
        {"a": "y", "b": None, "c": None},
        {"a": None, "b": None, "c": None},
        {"a": "y", "b": "x", "c": "z"},
    ]
    for whole in (None, "0", "aa", "d"):
        some = [{**row, whole: "w"} if whole else row for row in rows]
        expected = [rfc8785.dumps(plain(row)).decode() for row in some]
        assert canonical(pa.RecordBatch.from_pylist(some)).texts.to_pylist() == expected


def test_texts_are_there_once_more_and_not_at_each_step() -> None:
    text = pa.array(["words " * 500] * 300)
    batch = pa.record_batch({"id": pa.array(["a"] * 300), "text": text, "url": pa.array(["b", None, "c"] * 100)})
    before = pa.total_allocated_bytes()
    found = canonical(batch)
    assert found.texts.to_pylist()[0].endswith(',"url":"b"}')
    assert pa.total_allocated_bytes() - before < 1.5 * text.nbytes
