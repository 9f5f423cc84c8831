"""What is noted of each row of a release, all of it in one file of a scratch folder: memory does not hold it.

The file is mapped, so that what is not looked at is nowhere. Besides ids and digests it has words of 64 bits, by which
rows are found that have something in common without their strings being compared, and the order of the ids of a file.
"""

import shutil
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.release.arrays import numbers, of, strings
from pressmark.release.noting import DIGEST

_ALIGNED = 64
_AT_ONCE, _SORTED_AT_ONCE, _SAMPLED = 4096, 1 << 13, 32


@dataclass(frozen=True, slots=True)
class Noted:
    """What is noted of the rows of one file."""

    path: str
    """Of the file, in the release."""

    config: str
    split: str
    rows: pa.RecordBatch
    """Mapped."""

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def numbers(self, name: str) -> npt.NDArray[Any]:
        """Return a column of numbers."""
        return of(self.rows.column(name))


def mapped(files: Sequence[tuple[str, str, str, Path]], together: Path) -> list[Noted]:
    """Return what is noted of the rows of several files; of none that has no rows.

    All of it is brought into one file, which is mapped: a map for each would keep as many files open.

    Args:
        files: Path in the release, configuration, split, and where what is noted lies, which is removed.
        together: The file for all.
    """
    cuts = []
    with together.open("wb") as stream:
        for *_, place in files:
            stream.write(bytes(-stream.tell() % _ALIGNED))
            begin = stream.tell()
            with place.open("rb") as source:
                shutil.copyfileobj(source, stream)
            place.unlink()
            cuts.append((begin, stream.tell()))
    if not cuts:
        return []
    whole = pa.py_buffer(np.memmap(together, np.uint8, "r"))
    found = [
        Noted(path, config, split, pa.ipc.open_file(whole.slice(start, end - start)).get_batch(0))
        for (path, config, split, _), (start, end) in zip(files, cuts, strict=True)
    ]
    return [each for each in found if len(each)]


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
        yield from _in_order(part, name)


def _in_order(part: Sequence[tuple[Noted, int, int]], name: str) -> Iterator[tuple[list[str], bytes]]:
    taken = [_taken(file.rows, start, end, name) for file, start, end in part if start < end]
    ids = pa.concat_arrays([strings([]), *(some for some, _ in taken)])
    digests = np.frombuffer(b"".join(some for _, some in taken), np.dtype(("V", DIGEST)))
    order = of(pc.sort_indices(ids))
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        yield ids.take(numbers(some)).to_pylist(), digests[some].tobytes()


def one_by_one(files: Sequence[Noted], name: str) -> Iterator[tuple[str, bytes]]:
    """Yield ids in their order, each with its digest; see `in_order`."""
    for ids, digests in in_order(files, name):
        for number, identity in enumerate(ids):
            yield identity, digests[number * DIGEST : (number + 1) * DIGEST]


def _taken(rows: pa.RecordBatch, start: int, end: int, name: str) -> tuple[pa.Array, bytes]:
    """Return ids and digests of the rows in some places."""
    some = rows.select(["id", name]).take(numbers(of(rows.column("place"))[start:end]))
    some = some.filter(some.column(name).is_valid())
    digests = some.column(name)
    data = digests.buffers()[1]
    first = digests.offset * DIGEST
    return some.column("id"), data.to_pybytes()[first : first + DIGEST * len(digests)] if data else b""


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
