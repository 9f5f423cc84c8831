"""The rows of a release as canonical JSON (RFC 8785), column by column: what their content digests are taken of.

Nulls are left out at every depth, dates are `2024-05-21`, moments `2024-05-21T05:57:16Z` with six digits of a second
where it has a fraction. There are no numbers but integers. Of a string, quotation marks, backslashes and what stands
before the space are escaped, and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.release.arrays import numbers, strings

_TEXT = pa.large_string()
_NULL = pa.nulls(1, _TEXT)[0]
_SHORT = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
# The backslash comes first: what is put in has some of its own.
_ESCAPES = {**_SHORT, **{chr(code): f"\\u{code:04x}" for code in range(0x20) if chr(code) not in _SHORT}}

_BYTES = 1 << 17
"""Bytes that are looked through together."""


@dataclass(frozen=True)
class Column:
    """A column as JSON."""

    inner: pa.LargeStringArray
    """What stands between the marks of each value; null where it is null."""

    marks: tuple[str, str] = ("", "")
    """What each value begins and ends with: quotation marks, brackets or braces."""

    members: Mapping[str, "Column"] = field(default_factory=dict)
    """Of a column of objects, the columns in it that have any value."""

    @cached_property
    def texts(self) -> pa.LargeStringArray:
        """Each value; null where it is null."""
        return self.with_marks(self.inner)

    def with_marks(self, inner: pa.LargeStringArray) -> pa.LargeStringArray:
        """Return values with their marks."""
        return _joined(self.marks[0], inner, self.marks[1]) if any(self.marks) else inner


def canonical(batch: pa.RecordBatch) -> Column:
    """Return the rows of a batch as canonical JSON, and their columns.

    Raises:
        TypeError: a column has a type that no contract gives.
    """
    # In one go: each step would have all texts once more.
    return _objects(batch.schema.names, batch.columns, batch.num_rows, ("{", "}"))


def _objects(names: Sequence[str], columns: Sequence[pa.Array], count: int, around: tuple[str, str]) -> Column:
    # RFC 8785 sorts by code units of UTF-16.
    named = sorted(zip(names, columns, strict=True), key=lambda pair: pair[0].encode("utf-16-be"))
    members = {name: _column(column) for name, column in named if column.null_count < count}
    inner = _side_by_side(members, around) if members else strings(["".join(around)] * count)
    return Column(inner, members=members)


def _side_by_side(members: Mapping[str, Column], around: tuple[str, str]) -> pa.Array:
    """Return what each row has in these columns, with a comma in between, and with something around."""
    marks = {
        name: (f"{encode_basestring(name)}:{member.marks[0]}", member.marks[1]) for name, member in members.items()
    }
    whole = next((name for name, member in members.items() if not member.inner.null_count), None)
    if whole is None:
        # Arrow leaves out rows in which there is nothing to join.
        ended = [_filled(before, members[name].inner, f"{behind},") for name, (before, behind) in marks.items()]
        told = pc.utf8_slice_codeunits(pc.binary_join_element_wise(*ended, _scalar("")), 0, -1)
        return _joined(around[0], told, around[1]) if any(around) else told
    # One that every row has needs no comma: those before it have theirs behind them, and the others before them.
    parts: list[pa.Array | pa.Scalar] = []
    words, ahead, after = around[0], "", ","
    for name, (before, behind) in marks.items():
        inner = members[name].inner
        if name == whole:
            ahead, after = ",", ""
            parts, words = [*parts, _scalar(words + before), inner], behind
        elif inner.null_count:
            parts, words = [*parts, _scalar(words), _filled(ahead + before, inner, behind + after)], ""
        else:
            parts, words = [*parts, _scalar(words + ahead + before), inner], behind + after
    return pc.binary_join_element_wise(*parts, _scalar(words + around[1]), _scalar(""))


def _filled(before: str, values: pa.Array, behind: str) -> pa.Array:
    """Return values with something before and behind each, and nothing where there is none."""
    return pc.fill_null(_joined(before, values, behind), _scalar(""))


def _column(values: pa.Array) -> Column:
    kind = values.type
    if isinstance(kind, pa.StructType):
        found = _objects([field.name for field in kind], values.flatten(), len(values), ("", ""))
        return replace(found, inner=_where_there(values, found.inner), marks=("{", "}"))
    if isinstance(kind, pa.ListType):
        return Column(_lists(values), ("[", "]"))
    if kind == pa.string():
        return Column(_strings(values), ('"', '"'))
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return Column(_moments(values), ('"', '"'))
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return Column(values.cast(_TEXT))
    raise TypeError(f"no column of an article has the type {kind}")


@lru_cache(maxsize=1024)
def _scalar(text: str) -> pa.LargeStringScalar:
    return strings([text])[0]


def _joined(before: str, values: pa.Array, behind: str) -> pa.Array:
    """Return values with something before and behind each; nulls stay nulls."""
    return pc.binary_join_element_wise(_scalar(before), values, _scalar(behind), _scalar(""))


def _where_there(values: pa.Array, texts: pa.Array) -> pa.Array:
    return pc.if_else(values.is_valid(), texts, _NULL) if values.null_count else texts


def _strings(values: pa.Array) -> pa.Array:
    try:
        values.validate(full=True)
    except pa.ArrowInvalid:
        values.to_pylist()  # says in its own way where it is no UTF-8
        raise
    told = values.cast(_TEXT)
    for character in _to_escape(told):
        told = pc.replace_substring(told, character, _ESCAPES[character])
    return told


def _to_escape(values: pa.Array) -> list[str]:
    """Return which characters that are escaped stand in any of the values, the backslash first."""
    _, offsets, data = values.buffers()
    if not data:
        return []
    cuts = np.frombuffer(offsets, np.int64)
    used = np.frombuffer(data, np.uint8)[cuts[values.offset] : cuts[values.offset + len(values)]]
    there: set[int] = set()
    for start in range(0, len(used), _BYTES):
        some = used[start : start + _BYTES]
        low = np.flatnonzero(some < 0x20)
        there.update(np.unique(some[low]).tolist())
        there.update(code for code in (ord('"'), ord("\\")) if (some == code).any())
    return [character for character in _ESCAPES if ord(character) in there]


def _lists(values: pa.Array) -> pa.Array:
    entries = _column(values.flatten()).texts
    if entries.null_count:
        entries = pc.fill_null(entries, _scalar("null"))
    ends = np.zeros(len(values) + 1, np.int64)
    np.cumsum([length or 0 for length in values.value_lengths().to_pylist()], out=ends[1:])
    lists = pa.LargeListArray.from_arrays(numbers(ends), entries)
    return _where_there(values, pc.binary_join(lists, _scalar(",")))


def _moments(values: pa.Array) -> pa.Array:
    # Few days and moments are in many rows, and each costs more to write than to look up.
    # Without a zone, which is UTC: that takes a third of the time.
    plain = values.cast(pa.timestamp(values.type.unit)) if pa.types.is_timestamp(values.type) else values
    encoded = plain.dictionary_encode()
    told = strings([_moment(value) for value in encoded.dictionary.to_pylist()])
    return told.take(encoded.indices)


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        digits = "" if not value.microsecond else f".{value.microsecond:06d}"
        return f"{value:%Y-%m-%dT%H:%M:%S}{digits}Z"
    assert isinstance(value, date)
    return f"{value:%Y-%m-%d}"
