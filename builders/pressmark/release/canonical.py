"""The rows of a release as canonical JSON (RFC 8785), column by column: what their content digests are taken of.

Nulls are left out at every depth, dates are `2024-05-21`, moments `2024-05-21T05:57:16Z` with six digits of a second
where it has a fraction. Strings are written by the standard library's encoder, which escapes what RFC 8785 escapes
and nothing else. There are no numbers but integers.
"""

from collections.abc import Sequence
from datetime import date, datetime
from json.encoder import encode_basestring
from typing import Any

import pyarrow as pa


def canonical(batch: pa.RecordBatch) -> list[bytes]:
    """Return each row of a batch as canonical JSON.

    Raises:
        TypeError: a column has a type that no contract gives.
    """
    return [text.encode() for text in _objects(batch.schema.names, batch.columns, batch.num_rows)]


def _objects(names: Sequence[str], columns: Sequence[pa.Array], count: int) -> list[str]:
    # RFC 8785 sorts by code units of UTF-16.
    named = sorted(zip(names, columns, strict=True), key=lambda pair: pair[0].encode("utf-16-be"))
    members = [_members(name, column) for name, column in named if column.null_count < count]
    if not members:
        return ["{}"] * count
    return [f"{{{','.join(filter(None, each))}}}" for each in zip(*members, strict=True)]


def _members(name: str, values: pa.Array) -> list[str | None]:
    key = f"{encode_basestring(name)}:"
    return [None if text is None else key + text for text in _texts(values)]


def _texts(values: pa.Array) -> Sequence[str | None]:
    """Return each value as JSON; None where it is null."""
    kind = values.type
    if isinstance(kind, pa.StructType):
        found = _objects([field.name for field in kind], values.flatten(), len(values))
        there = values.is_valid().to_pylist() if values.null_count else [True] * len(values)
        return [text if is_there else None for text, is_there in zip(found, there, strict=True)]
    if isinstance(kind, pa.ListType):
        return _lists(values)
    if kind == pa.string():
        return [None if value is None else encode_basestring(value) for value in values.to_pylist()]
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _moments(values)
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return [None if value is None else str(value).lower() for value in values.to_pylist()]
    raise TypeError(f"no column of an article has the type {kind}")


def _lists(values: pa.Array) -> list[str | None]:
    entries = ["null" if text is None else text for text in _texts(values.flatten())]
    found: list[str | None] = []
    start = 0
    for length in values.value_lengths().to_pylist():
        end = start + (length or 0)
        found.append(None if length is None else f"[{','.join(entries[start:end])}]")
        start = end
    return found


def _moments(values: pa.Array) -> list[str | None]:
    # Few days and moments are in many rows, and each costs more to write than to look up.
    # Without a zone, which is UTC: that takes a third of the time.
    plain = values.cast(pa.timestamp(values.type.unit)) if pa.types.is_timestamp(values.type) else values
    encoded = plain.dictionary_encode()
    told = [f'"{_moment(value)}"' for value in encoded.dictionary.to_pylist()]
    return [None if index is None else told[index] for index in encoded.indices.to_pylist()]


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        digits = "" if not value.microsecond else f".{value.microsecond:06d}"
        return f"{value:%Y-%m-%dT%H:%M:%S}{digits}Z"
    assert isinstance(value, date)
    return f"{value:%Y-%m-%d}"
