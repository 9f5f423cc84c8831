"""Shards of a release line as they were written. The digests of their rows lie in staging until all are there."""

import hashlib
import os
import shutil
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.press.manifest import Shard

_DIGEST = np.dtype("V32")
_SCHEMA = pa.schema([("id", pa.large_string()), ("digest", pa.binary(_DIGEST.itemsize))])
_ALIGNED = 64
_AT_ONCE, _SAMPLED = 1 << 13, 32
"""Rows that are put in order together, at most about, and rows of each of them by which these parts are told."""


@dataclass(frozen=True, slots=True)
class Written:
    """A shard, and what its rows say."""

    shard: Shard
    digests: Path
    """Where id and digest of each row lie, in the order of ids."""

    emptied: Sequence[tuple[str, str]] = ()
    """Ids and fields that were emptied because they showed a withheld text."""

    made_of: str | None = None
    """What it is kept as, if it is."""

    @classmethod
    def of(cls, shard: Shard, rows: pa.Table, place: Path) -> Self:
        """Lay down the digests of the rows of a shard.

        Args:
            shard: The shard.
            rows: Among their columns `id` and `digest`, by `_SCHEMA`.
            place: The file for them.
        """
        told = rows.select(_SCHEMA.names).combine_chunks()
        # As UTF-8, which Arrow goes by, ids have the order that they have as strings.
        told = told.take(pc.sort_indices(told["id"]))
        # A task may run twice, and the first file may be read by then.
        unfinished = place.with_name(f"{place.name}-{os.getpid()}")
        with pa.OSFile(str(unfinished), "wb") as sink, pa.ipc.new_file(sink, _SCHEMA) as writer:
            writer.write_table(told)
        unfinished.replace(place)
        return cls(shard, place)


def content_of(found: Sequence[Written]) -> str:
    """Return the digest of a split from those of the rows of its shards: as `content_digest`, of no tuples."""
    digest = hashlib.sha256()
    with TemporaryFile(dir=found[0].digests.parent) as together:
        cuts = []
        for each in found:
            together.write(bytes(-together.tell() % _ALIGNED))
            begin = together.tell()
            with each.digests.open("rb") as source:
                shutil.copyfileobj(source, together)
            cuts.append((begin, together.tell()))
        together.flush()
        # Mapped: what is not looked at is nowhere. A map for each would keep as many files open.
        whole = pa.py_buffer(np.memmap(together, np.uint8, "r"))
        files = [pa.ipc.open_file(whole.slice(start, end - start)).read_all() for start, end in cuts]
        for part in _parts([file.to_batches()[0] for file in files if file.num_rows]):
            digest.update(_in_order(part))
    return digest.hexdigest()


def _parts(files: Sequence[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Yield the rows of each file that fall into one stretch of ids after the other."""
    count = 1 + sum(map(len, files)) // _AT_ONCE
    sample = sorted(_id(file)(row) for file in files for row in range(0, len(file), 1 + _AT_ONCE // _SAMPLED))
    bounds = [sample[number * len(sample) // count] for number in range(1, count)]
    begins = [0] * len(files)
    for bound in [*bounds, None]:
        ends = [
            len(file) if bound is None else bisect_left(range(len(file)), bound, begin, key=_id(file))
            for file, begin in zip(files, begins, strict=True)
        ]
        yield [file.slice(begin, end - begin) for file, begin, end in zip(files, begins, ends, strict=True)]
        begins = ends


def _id(file: pa.RecordBatch) -> Callable[[int], str]:
    """Return what gives the id of a row."""
    ids = file.column("id")
    return lambda row: str(ids[row].as_py())


def _in_order(part: Sequence[pa.RecordBatch]) -> bytes:
    """Return the digests of some rows in the order of their ids, one behind the other."""
    order = pc.sort_indices(pa.concat_arrays([rows.column("id") for rows in part])).to_numpy()
    told: bytes = np.concatenate([_digests(rows.column("digest")) for rows in part])[order].tobytes()
    return told


def _digests(column: pa.FixedSizeBinaryArray) -> npt.NDArray[np.void]:
    return np.frombuffer(column.buffers()[1], _DIGEST)[column.offset : column.offset + len(column)]
