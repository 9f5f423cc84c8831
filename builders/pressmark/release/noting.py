"""What is noted of each row while a file is read: ids and digests, and words of 64 bits in the place of strings."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.release.arrays import numbers, of, there
from pressmark.release.spilled import Spilling
from pressmark.release.told import Columns

KEYS = ("id", "text_sha256", "group_id")
"""Columns of a row that are noted as they are."""

CREDIT = ("id", "attribution", "license", "source", "url")
"""What a line of rights/attribution.jsonl says."""

NO_DAY = int(np.iinfo(np.int32).max)

DIGEST, _WORD, _WORD_DIGITS = 32, 8, 16
_BYTES = np.dtype(("V", DIGEST))
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


class Noting:
    """Takes the rows of a file, one stretch after the other."""

    def __init__(self, spill: Spilling) -> None:
        """Begin with no rows.

        Args:
            spill: Makes places for what is noted.
        """
        self._ends, self._strings = ({name: spill(kind) for name in KEYS} for kind in (np.int64, np.uint8))
        for ends in self._ends.values():
            ends.take(np.zeros(1, np.int64))
        self._words = {name: spill(np.uint64) for name in KEYS}
        self._days = spill(np.int32)
        self._digests, self._credits = spill(_BYTES), spill(_BYTES)
        self._credited = spill(np.bool_)

    def take(self, rows: Columns, digests: Sequence[bytes]) -> None:
        """Take some rows.

        Args:
            rows: The rows.
            digests: The SHA-256 of each as canonical JSON.
        """
        days = rows.batch.column("published_on")
        known = np.where(there(days), of(days.cast(pa.int32())), np.int32(NO_DAY))
        self.note([[value or "" for value in rows.plain(name)] for name in KEYS], known, digests, _credits(rows))

    def note(
        self,
        keys: Sequence[Sequence[str]],
        days: npt.NDArray[np.int32],
        digests: Sequence[bytes],
        credits_: Sequence[bytes | None],
    ) -> None:
        """Note some rows, by what stands in the columns `KEYS` and in others."""
        encoded = [[value.encode() for value in values] for values in keys]
        words = [_hashed(values) if name == "id" else _first(values) for name, values in zip(KEYS, keys, strict=True)]
        for name, strings, its in zip(KEYS, encoded, words, strict=True):
            ends = np.cumsum([*map(len, strings)], dtype=np.int64)
            self._ends[name].take(ends + len(self._strings[name]))
            self._strings[name].take(b"".join(strings))
            self._words[name].take(its)
        self._days.take(days)
        self._digests.take(b"".join(digests))
        self._credits.take(b"".join(each or bytes(DIGEST) for each in credits_))
        self._credited.take(np.array([each is not None for each in credits_], np.bool_))

    def write(self, path: Path) -> None:
        """Write what was taken, in one batch; all of it but the order of ids may be mapped meanwhile."""
        count = len(self._days)
        keys = [
            pa.LargeStringArray.from_buffers(count, *map(pa.py_buffer, (ends.whole(), strings.whole())))
            for ends, strings in zip(self._ends.values(), self._strings.values(), strict=True)
        ]
        credited = np.packbits(self._credited.whole(), bitorder="little")
        digests = (None, self._digests.whole()), (credited, self._credits.whole())
        columns = [
            *keys,
            *(numbers(words.whole()) for words in self._words.values()),
            numbers(self._days.whole()),
            *(pa.Array.from_buffers(pa.binary(DIGEST), count, [*map(_buffer, each)]) for each in digests),
            numbers(of(pc.sort_indices(keys[0])).astype(np.uint32)),
        ]
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as writer:
            writer.write_batch(pa.record_batch(columns, schema=SCHEMA))


def _buffer(values: npt.NDArray[Any] | None) -> pa.Buffer | None:
    return None if values is None else pa.py_buffer(values)


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
