"""What is noted of each row while a file is read: ids and digests, and words of 64 bits in the place of strings."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
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

DIGEST, _WORD, _WORD_DIGITS = 32, 8, 16
_HEX = re.compile("[0-9a-fA-F]{16}")
SCHEMA = pa.schema(
    [
        *((name, pa.large_string()) for name in KEYS),
        *((f"{name}_word", pa.uint64()) for name in KEYS),
        ("day", pa.int32()),
        ("digest", pa.binary(DIGEST)),
        ("credit", pa.binary(DIGEST)),
        ("place", pa.uint32()),
    ]
)
"""By row; `place` alone is by place: the rows in the order of their ids."""

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
        whole = pa.Table.from_batches(self._parts, SCHEMA).combine_chunks()
        places = numbers(of(pc.sort_indices(whole["id"])).astype(np.uint32))
        whole = whole.set_column(len(SCHEMA) - 1, "place", places)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as writer:
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
    return pa.record_batch(columns, schema=SCHEMA)


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
    data = b"".join(value or bytes(DIGEST) for value in values)
    return pa.Array.from_buffers(pa.binary(DIGEST), len(values), [pa.py_buffer(known), pa.py_buffer(data)])


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
