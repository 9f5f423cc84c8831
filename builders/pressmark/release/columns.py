"""The columns that a release's own contract gives it: Arrow types, dataset features, and their table in the card."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressmark.errors import refuse_used_up
from pressmark.release.copies import rule_bytes

CONTRACT = "schema/article.schema.json"
CONFIGS = ("articles", "withheld")

_MOMENT = pa.timestamp("us", "UTC")
_DTYPES = {pa.date32(): "date32", _MOMENT: "timestamp[us, tz=UTC]"}

Contract = Mapping[str, Any]


def read_contract(folder: Path) -> dict[str, Any]:
    """Return the contract of a release."""
    return dict(json.loads(rule_bytes(folder, CONTRACT)))


def is_contract(folder: Path) -> bool:
    """Tell whether columns can be told from the release's own contract."""
    try:
        contract = read_contract(folder)
        return all(columns(contract, config) for config in CONFIGS)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        refuse_used_up(error)
        return False


def column_names(contract: Contract, config: str) -> list[str]:
    """Return the names of the columns of a configuration."""
    return [
        name
        for name, property_ in contract["properties"].items()
        if config in property_.get("x-configs", CONFIGS) and (config == "articles" or property_["x-class"] != "text")
    ]


def columns(contract: Contract, config: str) -> pa.Schema:
    """Return the columns of a configuration."""
    return pa.schema(
        [
            pa.field(name, _arrow(contract, contract["properties"][name]), name not in contract["required"])
            for name in column_names(contract, config)
        ]
    )


def _arrow(contract: Contract, property_: Mapping[str, Any]) -> pa.DataType:
    if "$ref" in property_:
        return _arrow(contract, contract["$defs"][property_["$ref"].removeprefix("#/$defs/")])
    kind = property_.get("type")
    if kind == "array":
        return pa.list_(_arrow(contract, property_["items"]))
    if kind == "object":
        return pa.struct({name: _arrow(contract, inner) for name, inner in property_["properties"].items()})
    formats = {"date": pa.date32(), "date-time": _MOMENT}
    types = {"boolean": pa.bool_(), "integer": pa.int32()}
    return types.get(str(kind)) or formats.get(str(property_.get("format")), pa.string())


def difference(found: pa.Schema, expected: pa.Schema) -> str:
    """Return in words how columns differ."""
    extra = [name for name in found.names if name not in expected.names or found.names.count(name) > 1]
    missing = [name for name in expected.names if name not in found.names]
    if extra or missing:
        return f"found columns too many: {', '.join(extra) or 'none'}; missing: {', '.join(missing) or 'none'}"
    other = [name for name in expected.names if found.field(name) != expected.field(name)]
    return f"found another type or order of columns: {', '.join(other)}"


def card_features(contract: Contract, config: str) -> list[dict[str, Any]]:
    """Return the features of a configuration as a card has them."""
    return [{"name": field.name, **_of_card(field.type)} for field in columns(contract, config)]


def _of_card(kind: pa.DataType) -> dict[str, Any]:
    if isinstance(kind, pa.StructType):
        return {"struct": [{"name": field.name, **_of_card(field.type)} for field in kind]}
    if isinstance(kind, pa.ListType):
        (inner,) = _of_card(kind.value_type).values()
        return {"list": inner}
    return {"dtype": dtype(kind)}


def dtype(kind: pa.DataType) -> str:
    """Return the name of a type of one value in cards and features."""
    return _DTYPES.get(kind, str(kind))


def table_of_columns(contract: Contract) -> Iterator[tuple[str, str, str]]:
    """Yield name, type and meaning of each column of `articles`, as the card's last table has them."""
    for field in columns(contract, "articles"):
        yield f"`{field.name}`", _in_words(field.type), contract["properties"][field.name]["description"]


def _in_words(kind: pa.DataType) -> str:
    if isinstance(kind, pa.ListType):
        return f"list of {_in_words(kind.value_type)}"
    return f"struct of {', '.join(field.name for field in kind)}" if isinstance(kind, pa.StructType) else dtype(kind)


def file_metadata_fault(shard: pq.ParquetFile, contract: Contract, config: str, manifest: Mapping[str, Any]) -> str:
    """Return in words what is wrong with the key-value metadata of a shard, or nothing.

    What another writer leaves out is no fault; what is there has to be true, and nothing else may be there.
    """
    found = {key.decode(): value for key, value in (shard.metadata.metadata or {}).items()}
    found.pop("ARROW:schema", None)  # the columns were compared already
    features = {field.name: _feature(field.type) for field in columns(contract, config)}
    expected = {"pressmark.corpus": manifest["corpus"], "pressmark.schema_sha256": manifest["schema_sha256"]}
    if "huggingface" in found and json.loads(found.pop("huggingface")) != {"info": {"features": features}}:
        return "the features differ from the contract"
    for key, value in found.items():
        if expected.get(key, "").encode() != value:
            return f"the metadata {key[:40]!r} is not what the manifest says"
    fields = {key for field in shard.schema_arrow for key in field.metadata or ()}
    if fields - {b"PARQUET:field_id"}:
        return "columns carry metadata of their own"
    written = f"parquet-cpp-arrow version {manifest['written_by']['pyarrow']}"
    return "" if shard.metadata.created_by == written else "it was not written by the version that the manifest names"


def _feature(kind: pa.DataType) -> dict[str, Any]:
    if isinstance(kind, pa.StructType):
        return {field.name: _feature(field.type) for field in kind}
    if isinstance(kind, pa.ListType):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    return {"dtype": dtype(kind), "_type": "Value"}


def memory(values: pa.Array) -> tuple[int, int]:
    """Return how many bytes a column takes in memory, at least and at most.

    Arrow may or may not keep a bit for each value that says whether it is there, and one offset more or less; all else
    follows from the values.
    """
    count, kind = len(values), values.type
    low, high = (count // 8 if values.null_count else 0), count // 8 + 1
    if isinstance(kind, pa.StructType):
        inner = [memory(values.field(position)) for position in range(kind.num_fields)]
    elif isinstance(kind, pa.ListType):
        inner = [(4 * count, 4 * count + 4), memory(values.flatten())]
    elif kind == pa.string():
        length = pc.sum(pc.binary_length(values)).as_py() or 0
        inner = [(4 * count + length, 4 * count + 4 + length)]
    else:
        length = count * kind.bit_width // 8
        inner = [(length, length + 1)]
    return low + sum(each[0] for each in inner), high + sum(each[1] for each in inner)
