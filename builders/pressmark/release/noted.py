"""What is noted of each row of a release, in one file of a scratch folder for each of its own: memory does not hold it.

Beside ids and digests stand words of 64 bits, by which rows are found that have something in common without their
strings being compared, and the order of the ids of a file. A file is mapped, so that what is not looked at is nowhere.
"""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.release.arrays import numbers, of, strings, there
from pressmark.release.told import Columns

KEYS = ("id", "text_sha256", "group_id")
"""Columns of a row that are noted as they are."""

CREDIT = ("id", "attribution", "license", "source", "url")
"""What a line of rights/attribution.jsonl says."""

NO_DAY = int(np.iinfo(np.int32).max)

_DIGEST, _WORD, _WORD_DIGITS = 32, 8, 16
_HEX = re.compile("[0-9a-fA-F]{16}")
_SCHEMA = pa.schema(
    [
        *((name, pa.large_string()) for name in KEYS),
        *((f"{name}_word", pa.uint64()) for name in KEYS),
        ("day", pa.int32()),
        ("digest", pa.binary(_DIGEST)),
        ("credit", pa.binary(_DIGEST)),
        ("place", pa.uint32()),
    ]
)
"""By row; `place` alone is by place: the rows in the order of their ids."""

_AT_ONCE, _SORTED_AT_ONCE, _SAMPLED = 4096, 1 << 17, 64

Words = npt.NDArray[np.uint64]


@dataclass(slots=True)
class Noting:
    """Takes the rows of a file, one stretch after the other."""

    _parts: list[pa.RecordBatch] = field(default_factory=list)

    def take(self, rows: Columns, digests: Sequence[bytes]) -> None:
        """Take some rows.

        Args:
            rows: The rows.
            digests: The SHA-256 of each as canonical JSON.
        """
        ids, texts, groups = ([value or "" for value in rows.plain(name)] for name in KEYS)
        days = rows.batch.column("published_on")
        known = np.where(there(days), of(days.cast(pa.int32())), np.int32(NO_DAY))
        self._parts.append(batch_of(ids, texts, groups, known, digests, _credits(rows)))

    def write(self, path: Path) -> None:
        """Write what was taken."""
        whole = pa.Table.from_batches(self._parts, _SCHEMA).combine_chunks()
        places = numbers(of(pc.sort_indices(whole["id"])).astype(np.uint32))
        whole = whole.set_column(len(_SCHEMA) - 1, "place", places)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, _SCHEMA) as writer:
            # A table without rows would be written as no batch at all.
            for batch in whole.to_batches() or [batch_of([], [], [], np.empty(0, np.int32), [], [])]:
                writer.write_batch(batch)


def batch_of(
    ids: Sequence[str],
    texts: Sequence[str],
    groups: Sequence[str],
    days: npt.NDArray[np.int32],
    digests: Sequence[bytes],
    credits_: Sequence[bytes | None],
) -> pa.RecordBatch:
    """Return what is noted of some rows, but for the order of their ids."""
    columns = [
        *map(strings, (ids, texts, groups)),
        *map(numbers, (_hashed(ids), _first(texts), _first(groups))),
        numbers(days),
        *map(_fixed, (digests, credits_)),
        numbers(np.zeros(len(ids), np.uint32)),
    ]
    return pa.record_batch(columns, schema=_SCHEMA)


def _hashed(values: Sequence[str]) -> Words:
    told = b"".join(hashlib.sha256(value.encode()).digest()[:_WORD] for value in values)
    return np.frombuffer(told, ">u8").astype(np.uint64)


def _first(values: Sequence[str]) -> Words:
    """Return the first 64 bits of digests; of what is none, which is a finding elsewhere, those of its own digest."""
    try:
        told = bytes.fromhex("".join(value[:_WORD_DIGITS] for value in values))
    except ValueError:
        told = b""
    if len(told) == _WORD * len(values):
        return np.frombuffer(told, ">u8").astype(np.uint64)
    words = [int(value[:_WORD_DIGITS], 16) if _HEX.match(value) else int(_hashed([value])[0]) for value in values]
    return np.array(words, np.uint64)


def _fixed(values: Sequence[bytes | None]) -> pa.Array:
    known = np.packbits(np.array([value is not None for value in values], bool), bitorder="little")
    data = b"".join(value or bytes(_DIGEST) for value in values)
    return pa.Array.from_buffers(pa.binary(_DIGEST), len(values), [pa.py_buffer(known), pa.py_buffer(data)])


def _credits(rows: Columns) -> list[bytes | None]:
    """Return the digest of each row's line in rights/attribution.jsonl, if it has one."""
    if "text" not in rows.batch.schema.names:
        return [None] * len(rows)
    return [
        line_digest({key: value for key, value in zip(CREDIT, each, strict=True) if value}) if each[1] else None
        for each in zip(*map(rows.plain, CREDIT), strict=True)
    ]


def line_digest(entry: dict[str, Any]) -> bytes:
    """Return the SHA-256 of an entry of a JSON Lines file."""
    return hashlib.sha256(orjson.dumps(entry)).digest()


@dataclass(frozen=True)
class Noted:
    """What is noted of the rows of one file."""

    path: str
    """Of the file, in the release."""

    config: str
    split: str
    place: Path
    """Where it lies."""

    @cached_property
    def rows(self) -> pa.RecordBatch:
        """The rows, mapped; the file may be removed then."""
        # Not by Arrow's own map, which would keep a file open for each.
        mapped = pa.py_buffer(np.memmap(self.place, np.uint8, "r"))
        return pa.ipc.open_file(mapped).get_batch(0)

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def numbers(self, name: str) -> npt.NDArray[Any]:
        """Return a column of numbers."""
        return of(self.rows.column(name))


def joined(files: Sequence[Noted], name: str) -> npt.NDArray[Any]:
    """Return a column of numbers of several files."""
    return np.concatenate([np.empty(0, np.uint64 if name.endswith("_word") else np.int32), *_each(files, name)])


def _each(files: Sequence[Noted], name: str) -> Iterator[npt.NDArray[Any]]:
    return (each.numbers(name) for each in files)


def in_order(files: Sequence[Noted], name: str) -> Iterator[tuple[list[str], bytes]]:
    """Yield ids in their order and digests one behind the other, some thousands at a time.

    Args:
        files: Of some files.
        name: `digest`, or `credit`: then of those rows alone that have one.
    """
    for part in _parted(files):
        taken = [_taken(file.rows, start, end, name) for file, start, end in part if start < end]
        ids = pa.concat_arrays([strings([]), *(some for some, _ in taken)])
        digests = np.frombuffer(b"".join(some for _, some in taken), np.dtype(("V", _DIGEST)))
        order = of(pc.sort_indices(ids))
        for start in range(0, len(order), _AT_ONCE):
            some = order[start : start + _AT_ONCE]
            yield ids.take(numbers(some)).to_pylist(), digests[some].tobytes()


def one_by_one(files: Sequence[Noted], name: str) -> Iterator[tuple[str, bytes]]:
    """Yield ids in their order, each with its digest; see `in_order`."""
    for ids, digests in in_order(files, name):
        for number, identity in enumerate(ids):
            yield identity, digests[number * _DIGEST : (number + 1) * _DIGEST]


def _taken(rows: pa.RecordBatch, start: int, end: int, name: str) -> tuple[pa.Array, bytes]:
    """Return ids and digests of the rows in some places."""
    some = rows.select(["id", name]).take(numbers(of(rows.column("place"))[start:end]))
    some = some.filter(some.column(name).is_valid())
    digests = some.column(name)
    data = digests.buffers()[1]
    first = digests.offset * _DIGEST
    return some.column("id"), data.to_pybytes()[first : first + _DIGEST * len(digests)] if data else b""


def _parted(files: Sequence[Noted]) -> Iterator[list[tuple[Noted, int, int]]]:
    """Yield, for stretches of ids that follow each other, the places of each file that fall into them."""
    total = sum(map(len, files))
    parts = 1 + total // _SORTED_AT_ONCE
    step = 1 + total // parts // _SAMPLED
    sample = sorted(
        identity for file in files if parts > 1 for identity in map(_id(file.rows), range(0, len(file), step))
    )
    bounds = [sample[number * len(sample) // parts] for number in range(1, parts)]
    begins = [0] * len(files)
    for bound in [*bounds, None]:
        ends = [
            len(file) if bound is None else bisect_left(range(len(file)), bound, begin, key=_id(file.rows))
            for file, begin in zip(files, begins, strict=True)
        ]
        yield list(zip(files, begins, ends, strict=True))
        begins = ends


def _id(rows: pa.RecordBatch) -> Callable[[int], str]:
    """Return what gives the id in a place."""
    ids, places = rows.column("id"), of(rows.column("place"))
    return lambda place: str(ids[int(places[place])].as_py())
