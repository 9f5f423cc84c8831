"""Texts of a release by the numbers of their rows, which are counted through all of its files in their order."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pressmark.release.arrays import numbers
from pressmark.release.aside import aside
from pressmark.release.batches import batches_of, opened
from pressmark.release.folding import Numbers, Points
from pressmark.release.letters import letters
from pressmark.release.spilled import Spill

POINT = "<u4"
KEPT = np.dtype([("row", "<u4"), ("letters", "<u4")])

_MOST = 1 << 24
"""Letters that the reading of a file leaves at most."""


@dataclass(slots=True)
class Kept:
    """Letters of texts of one file that are asked for again soon, so that the file need not be read twice."""

    points: Spill
    rows: list[tuple[int, int]] = field(default_factory=list)

    def take(self, row: int, points: Points) -> None:
        """Take the letters of a text, unless there is too much already."""
        if len(self.points) + len(points) <= _MOST:
            self.rows.append((row, len(points)))
            self.points.take(points)

    def write(self, scratch: Path, number: int) -> None:
        """Write what was taken for the file of that number."""
        with aside(letters_left(scratch, number)) as path, path.open("wb") as sink:
            # As `np.save` does it, without a second copy of all.
            told = {"descr": POINT, "fortran_order": False, "shape": (len(self.points),)}
            np.lib.format.write_array_header_1_0(sink, told)
            sink.write(self.points.whole().data)
        with aside(rows_left(scratch, number)) as path, path.open("wb") as sink:
            np.save(sink, np.array(self.rows, KEPT))


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a release."""

    folder: Path
    paths: Sequence[str]
    starts: Sequence[int]
    """The number of the first row of each file, and how many there are."""

    scratch: Path

    def letters(self, those: Collection[int]) -> dict[int, str]:
        """Return the letters of some texts."""
        found: dict[int, str] = {}
        for file, rows in self._by_file(those):
            start, left = self.starts[file], set(rows)
            if rows_left(self.scratch, file).exists():
                for row, points in _kept(self.scratch, file, left):
                    found[start + row] = points.tobytes().decode("utf-32-le")
                    left.discard(row)
            some = _read(self.folder / self.paths[file], sorted(left), "text")
            found.update((start + row, letters(text)) for row, text in some)
        return found

    def ids(self, those: Collection[int]) -> dict[int, str]:
        """Return the ids of some rows."""
        return {
            self.starts[file] + row: identity
            for file, rows in self._by_file(those)
            for row, identity in _read(self.folder / self.paths[file], rows, "id")
        }

    def file(self, number: int) -> int:
        """Return the number of the file that a row is in."""
        return int(np.searchsorted(self.starts, number, side="right")) - 1

    def _by_file(self, those: Collection[int]) -> Iterator[tuple[int, list[int]]]:
        by_file: dict[int, list[int]] = {}
        for number in sorted(those):
            file = self.file(number)
            by_file.setdefault(file, []).append(number - self.starts[file])
        yield from by_file.items()


def texts_of(folder: Path, shards: Sequence[tuple[str, int]], scratch: Path) -> Texts:
    """Return the texts of a release.

    Args:
        folder: The release.
        shards: Path and rows of each of its files of rows.
        scratch: Where the reading of each file left something.
    """
    return Texts(folder, [path for path, _ in shards], [0, *accumulate(rows for _, rows in shards)], scratch)


def rows_left(scratch: Path, number: int) -> Path:
    """Return where the list of the texts lies whose letters the reading of a file left."""
    return scratch / f"kept-{number:06d}.npy"


def letters_left(scratch: Path, number: int) -> Path:
    """Return where these letters lie."""
    return scratch / f"letters-{number:06d}.npy"


def _kept(scratch: Path, number: int, wanted: Collection[int]) -> Iterator[tuple[int, Points]]:
    """Yield rows and letters, of those that are wanted, that the reading of a file left."""
    rows: npt.NDArray[np.void] = np.load(rows_left(scratch, number))
    points = np.load(letters_left(scratch, number), mmap_mode="r")
    ends: Numbers = np.cumsum(rows["letters"], dtype=np.int64)
    for row, size, end in zip(rows["row"].tolist(), rows["letters"].tolist(), ends.tolist(), strict=True):
        if row in wanted:
            yield row, points[end - size : end]


def _read(path: Path, rows: Sequence[int], column: str) -> Iterator[tuple[int, str]]:
    """Yield what some rows of a file, ascending, have in a column, from the row groups alone that have such rows."""
    if not rows:
        return
    shard, start = opened(path), 0
    for group in range(shard.num_row_groups):
        end = start + shard.metadata.row_group(group).num_rows
        if bisect_left(rows, start) < bisect_left(rows, end):
            for batch in batches_of(shard, group, [column]):
                within = rows[bisect_left(rows, start) : bisect_left(rows, start + len(batch))]
                places = numbers(np.array(within, np.int64) - start)
                yield from zip(within, batch[column].take(places).to_pylist(), strict=True)
                start += len(batch)
        start = end
