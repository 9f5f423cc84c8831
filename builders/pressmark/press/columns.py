"""Columns, derived from `schema/article.schema.json`: Arrow schemas, dataset features, and tables for people.

Two configurations carry articles: `articles` has every column; `withheld` has no column whose class is text, and the
reason. A column that is not on a configuration's list does not exist there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.article.contract import contract, schema_bytes
from pressmark.article.dates import written
from pressmark.article.record import Record

CONFIGS = ("articles", "withheld")

_CLOSED_CLASS = "text"
_INT32_MAXIMUM = 2**31 - 1


def resolved(property_: Mapping[str, Any]) -> dict[str, Any]:
    """Return a property of the contract with what it refers to."""
    reference = property_.get("$ref")
    defined = contract("article").schema["$defs"][reference.rpartition("/")[2]] if reference else {}
    return {**defined, **property_}


def _type(property_: Mapping[str, Any]) -> pa.DataType:
    definition = resolved(property_)
    kind = definition.get("type", "string")  # an enum of strings
    if kind == "array":
        return pa.list_(_type(definition["items"]))
    if kind == "object":
        return pa.struct([pa.field(name, _type(inner)) for name, inner in definition["properties"].items()])
    if kind == "integer":
        return pa.int32() if definition.get("maximum", _INT32_MAXIMUM + 1) <= _INT32_MAXIMUM else pa.int64()
    if kind == "boolean":
        return pa.bool_()
    formats = {"date": pa.date32(), "date-time": pa.timestamp("us", tz="UTC")}
    return formats.get(definition.get("format", ""), pa.string())


@cache
def properties(config: str) -> dict[str, dict[str, Any]]:
    """Return the properties of the contract that a configuration carries, in the order of its columns."""
    return {
        name: property_
        for name, property_ in contract("article").schema["properties"].items()
        if config in property_.get("x-configs", CONFIGS)
        and (config == "articles" or property_["x-class"] != _CLOSED_CLASS)
    }


@cache
def arrow_schema(config: str) -> pa.Schema:
    """Return the Arrow schema of a configuration, without metadata. What the contract requires is not nullable."""
    required = contract("article").schema["required"]
    return pa.schema(
        [
            pa.field(name, _type(property_), nullable=name not in required)
            for name, property_ in properties(config).items()
        ]
    )


def file_metadata(config: str, corpus: str) -> dict[str, str]:
    """Return the key-value metadata of a configuration's files: features for `datasets`, corpus, contract.

    The version is not among them: it would change every file of a release.
    """
    return {
        "huggingface": json.dumps({"info": {"features": features(config)}}),
        "pressmark.corpus": corpus,
        "pressmark.schema_sha256": sha256(schema_bytes("article.schema.json")).hexdigest(),
    }


def features(config: str) -> dict[str, Any]:
    """Return the `datasets` features of a configuration, as `Features.to_dict` writes them."""
    return {field.name: _feature(field.type) for field in arrow_schema(config)}


def _feature(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_struct(kind):
        return {field.name: _feature(field.type) for field in kind}
    if pa.types.is_list(kind):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    return {"dtype": feature_name(kind), "_type": "Value"}


def feature_name(kind: pa.DataType) -> str:
    """Return the name that `datasets` has for an Arrow type of one value."""
    names = {"date32[day]": "date32"}
    return names.get(str(kind), str(kind))


def card_features(config: str) -> list[dict[str, Any]]:
    """Return the features of a configuration as a dataset card has them (`dataset_info.features`)."""
    return [{"name": field.name, **_card_feature(field.type)} for field in arrow_schema(config)]


def _card_feature(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_struct(kind):
        return {"struct": [{"name": field.name, **_card_feature(field.type)} for field in kind]}
    if pa.types.is_list(kind):
        inner = _card_feature(kind.value_type)
        return {"list": inner.get("dtype") or inner.get("struct") or inner}
    return {"dtype": feature_name(kind)}


def described(config: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, type and description of each column, for tables that people read."""
    for field in arrow_schema(config):
        yield field.name, _type_for_people(field.type), properties(config)[field.name]["description"]


def _type_for_people(kind: pa.DataType) -> str:
    if pa.types.is_struct(kind):
        return f"struct of {', '.join(field.name for field in kind)}"
    if pa.types.is_list(kind):
        return f"list of {_type_for_people(kind.value_type)}"
    return feature_name(kind)


def table(records: Sequence[Record], config: str) -> pa.Table:
    """Return records as a table of a configuration. Dates and times may be strings, as the contract writes them."""
    schema = arrow_schema(config)
    loose = pa.schema([pa.field(field.name, _loosened(field.type)) for field in schema])
    made = pa.array(records, pa.struct(loose))
    return pa.Table.from_batches([pa.RecordBatch.from_struct_array(made)]).cast(schema)


def _loosened(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, _loosened(field.type)) for field in kind])
    if pa.types.is_list(kind):
        return pa.list_(_loosened(kind.value_type))
    return pa.string() if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else kind


Measures = npt.NDArray[np.int64]
"""How many values each part of some rows has, how many of them are null, and their bits. Those of rows add up."""


def measures(rows: pa.Table) -> Measures:
    """Return the measures of some rows: of each column, and of what columns are made of."""
    found: Measures = sum(
        (np.array([part for column in batch.columns for part in _measures(column)]) for batch in rows.to_batches()),
        np.zeros(3, np.int64),
    )
    return found


def size_in_memory(measured: Measures) -> int:
    """Return how many bytes rows take as Arrow, by their values alone.

    Arrow's own measure depends on how a table came about: a column without nulls may keep a bit for each value.
    """
    count, nulls, bits = measured.T
    return int((-(-bits // 8)).sum() + (-(-count // 8))[nulls > 0].sum())


def _measures(values: pa.Array) -> Iterator[tuple[int, int, int]]:
    count, kind = len(values), values.type
    if isinstance(kind, pa.StructType):
        yield count, values.null_count, 0
        for inner in values.flatten():
            yield from _measures(inner)
    elif isinstance(kind, pa.ListType):
        yield count, values.null_count, 32 * count
        yield from _measures(values.flatten())
    elif kind == pa.string():
        yield count, values.null_count, 32 * count + 8 * int(pc.sum(pc.binary_length(values)).as_py() or 0)
    else:
        yield count, values.null_count, count * int(kind.bit_width)


def rows_of(found: pa.Table | pa.RecordBatch) -> list[dict[str, Any]]:
    """Return rows as Python has them, times in UTC without saying so.

    To make a time with a zone takes pyarrow three times as long.
    """
    plain = pa.schema([(field.name, _without_zones(field.type)) for field in found.schema])
    rows: list[dict[str, Any]] = found.cast(plain).to_pylist()
    return rows


def _without_zones(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, _without_zones(field.type)) for field in kind])
    if pa.types.is_list(kind):
        return pa.list_(_without_zones(kind.value_type))
    return pa.timestamp(kind.unit) if pa.types.is_timestamp(kind) else kind


def as_record(value: Any) -> Any:
    """Return a row of a table as the contract writes it: without nulls, dates and times as strings."""
    if isinstance(value, dict):
        return {key: as_record(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [as_record(inner) for inner in value]
    if isinstance(value, datetime):
        return written(value)
    return value.isoformat() if isinstance(value, date) else value
