"""Do rows keep the contract? Asked of each row, and of many at once: of each of their columns, by its distinct values.

Where a schema of objects says nothing but what properties there are, which of them have to be there and what each has
to be, an object keeps it if and only if each of its properties keeps its own. Any other schema is asked of whole
values.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.release.canonical import Column

Schema = Mapping[str, Any]

_SAYS_NOTHING = frozenset({"$schema", "$id", "title", "description", "x-class", "x-computed", "x-configs"})
_OF_OBJECTS = frozenset({"type", "properties", "required", "unevaluatedProperties"})
_OF_LENGTHS = frozenset({"type", "minLength", "maxLength"})


class Contract:
    """The contract of a release, as rows of one configuration have to keep it."""

    def __init__(self, contract: bytes, config: str) -> None:
        schema = orjson.loads(contract)
        # A withheld row has no text, and fields of it that showed the text were emptied, wherever they stood.
        self._schema: dict[str, Any] = schema if config == "articles" else _without_required(schema)
        self.keeps: Callable[[Any], bool] = _validator(self._schema)
        """Whether a row keeps it."""

        self._of_values: dict[str, Callable[[Any], bool]] = {}

    def all_keep(self, rows: Column, columns: Mapping[str, pa.Array]) -> bool:
        """Tell whether all rows are sure to keep it.

        Args:
            rows: The rows as JSON.
            columns: Their columns.
        """
        root = {key: value for key, value in self._schema.items() if key != "$defs"}
        return (
            _is_plain(root)
            and all(
                name in root["properties"] and self._keep(root["properties"][name], column, columns.get(name), name)
                for name, column in rows.members.items()
            )
            and _has(root, rows)
        )

    def _keep(self, schema: Schema, column: Column, values: pa.Array | None, place: str) -> bool:
        """Tell whether the values of a column are sure to keep the schema of a property."""
        if column.members and _is_plain(schema):
            return _has(schema, column) and all(
                name in schema["properties"] and self._keep(schema["properties"][name], member, None, f"{place}/{name}")
                for name, member in column.members.items()
            )
        if values is not None and values.type == pa.string() and not _words(schema) - _OF_LENGTHS:
            lengths = pc.min_max(pc.utf8_length(values))
            return bool(
                schema.get("type") == "string"
                and lengths["min"].as_py() >= schema.get("minLength", 0)
                and lengths["max"].as_py() <= schema.get("maxLength", lengths["max"].as_py())
            )
        if values is not None and values.type == pa.string():
            found = values.drop_null().to_pylist()
        else:
            found = orjson.loads(f"[{','.join(_distinct(column))}]")
        if place not in self._of_values:
            whole = {"$defs": self._schema.get("$defs", {}), "type": "array", "items": schema}
            self._of_values[place] = _validator(whole)
        return self._of_values[place](found)


@lru_cache(maxsize=2)
def contract_of(contract: bytes, config: str) -> Contract:
    """Return the contract as rows of a configuration have to keep it, made ready once in each process."""
    return Contract(contract, config)


def _validator(schema: dict[str, Any]) -> Callable[[Any], bool]:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True).is_valid


def _distinct(column: Column) -> list[str]:
    """Return the values of a column as JSON, each once."""
    return list(column.with_marks(column.inner.drop_null().unique()).to_pylist())


def _words(schema: Schema) -> frozenset[str]:
    return frozenset(schema) - _SAYS_NOTHING


def _is_plain(schema: Schema) -> bool:
    """Tell whether a schema says nothing of an object but what each property has to be, and which have to be there."""
    return not _words(schema) - _OF_OBJECTS and schema.get("type") == "object" and "properties" in schema


def _has(schema: Schema, objects: Column) -> bool:
    """Tell whether all objects have the properties that have to be there."""
    return all(
        name in objects.members and objects.members[name].inner.null_count == objects.inner.null_count
        for name in schema.get("required", ())
    )


def _without_required(schema: Any) -> Any:
    if isinstance(schema, dict):
        kept = {key: inner for key, inner in schema.items() if not (key == "required" and isinstance(inner, list))}
        return {key: _without_required(inner) for key, inner in kept.items()}
    return [_without_required(inner) for inner in schema] if isinstance(schema, list) else schema
