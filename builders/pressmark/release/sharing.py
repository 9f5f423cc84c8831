"""Which texts of different splits share enough of the grams with the smallest hashes? In tasks, over files alone.

First hashes are looked at in parts, equal ones in one, and the pairs that have one in common are written down; then
pairs are counted in blocks, by the first text of each. Grams that more than a hundred texts have, as phrases of a page
do, lead only to neighbours. In memory at once is one part or block, but for six bytes a row while tasks are prepared.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.format import open_memmap

from pressmark.release.aside import aside
from pressmark.release.sampled import Pair
from pressmark.release.smallest import HASH, LONG, SMALLEST, hashes_of, long_of

_SHARED = 100
_NEIGHBOURS = 8
_SLACK = 0.35
_PART = 1 << 16
"""Hashes that are looked at together."""

_BLOCK_ROWS, _BLOCKS = 1 << 12, 64
"""Rows whose pairs are counted together, by the first of each pair, and how many times so many there may be."""

_SAMPLED = 1 << 16
"""Hashes by which parts are told, at most, and one of each file."""

_PAIRS = 1 << 18
"""Pairs that are counted together, about."""

_FIRST = 32
"""Bits of a pair behind its first text: a pair is one number."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """What the reading of the files left of their texts. Rows are numbered through all files, in their order."""

    scratch: Path
    starts: Sequence[int]
    """The number of the first row of each file, and how many there are."""

    read: Sequence[int]
    """Numbers of the files that have texts."""

    def splits(self) -> npt.NDArray[np.uint8]:
        """Return the number of the split of each row."""
        found: npt.NDArray[np.uint8] = np.load(self.scratch / "rows-splits.npy", mmap_mode="r")
        return found

    def sizes(self) -> npt.NDArray[np.uint8]:
        """Return how many hashes are kept of each row; none of short texts and of rows without a text."""
        found: npt.NDArray[np.uint8] = np.load(self.scratch / "rows-sizes.npy", mmap_mode="r")
        return found

    def letters(self) -> npt.NDArray[np.uint32]:
        """Return how many letters each of them has."""
        found: npt.NDArray[np.uint32] = np.load(self.scratch / "rows-letters.npy", mmap_mode="r")
        return found

    def pairs(self, part: int) -> Path:
        """Return where the pairs go that have a hash of a part in common: where each block begins, and the pairs."""
        return self.scratch / f"pairs-{part:06d}.bin"

    def cuts(self) -> Path:
        """Return where it lies at which of its hashes each part begins, by number of a file."""
        return self.scratch / "cuts.npy"

    @property
    def blocks(self) -> list[int]:
        """The first row of each block in which pairs are counted, and behind them one that is behind all rows."""
        size = _BLOCK_ROWS * (1 + self.starts[-1] // (_BLOCK_ROWS * _BLOCKS))
        return [*range(0, self.starts[-1], size), self.starts[-1]]


def rows_of(shards: Sequence[Mapping[str, Any]], scratch: Path) -> Rows:
    """Bring together what the reading of each file left of its texts.

    Args:
        shards: What the manifest says of the files.
        scratch: Where it was left.
    """
    counts = [entry["rows"] for entry in shards]
    names = sorted({entry["split"] for entry in shards})
    splits = np.repeat(np.array([names.index(entry["split"]) for entry in shards], np.uint8), counts)
    starts = [0, *np.cumsum(counts).tolist()]
    read = [number for number, entry in enumerate(shards) if entry["config"] == "articles"]
    sizes, letters = np.zeros(len(splits), np.uint8), np.zeros(len(splits), np.uint32)
    for number in read:
        long = np.fromfile(long_of(scratch, number), LONG)
        sizes[starts[number] + long["row"]] = long["hashes"]
        letters[starts[number] + long["row"]] = long["letters"]
    for name, column in (("splits", splits), ("sizes", sizes), ("letters", letters)):
        np.save(scratch / f"rows-{name}.npy", column)  # before there are tasks that read it
    return Rows(scratch, starts, read)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the hashes: of each file that has texts from where to where."""

    rows: Rows
    number: int

    def hashes(self) -> tuple[npt.NDArray[np.uint64], Numbers]:
        """Return its hashes, in their order, and the rows that they are of."""
        found, owners = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
        cuts = np.load(self.rows.cuts(), mmap_mode="r")[:, self.number : self.number + 2].tolist()
        for number, (start, end) in zip(self.rows.read, cuts, strict=True):
            path = hashes_of(self.rows.scratch, number)
            some = np.fromfile(path, HASH, end - start, offset=start * HASH.itemsize)
            found.append(some["hash"])
            owners.append(some["row"].astype(np.int64) + self.rows.starts[number])
        hashes, rows = np.concatenate(found), np.concatenate(owners)
        order = np.lexsort((rows, hashes))
        return hashes[order], rows[order]


def parts_of(rows: Rows) -> list[Part]:
    """Return all hashes in parts; equal ones are in one."""
    total = sum(len(_hashes(rows.scratch, number)) for number in rows.read)
    count, step = 1 + total // _PART, 1 + total // _SAMPLED
    # The smallest hashes of long texts are all of them small: a part is told by how many there are up to its end.
    sampled = [np.array(_hashes(rows.scratch, number)["hash"][step // 2 :: step]) for number in rows.read]
    ordered = np.sort(np.concatenate([np.empty(0, np.uint64), *sampled]))
    count = count if ordered.size else 1
    bounds = ordered[np.arange(1, count) * len(ordered) // count]
    cuts = open_memmap(rows.cuts(), "w+", np.int64, (len(rows.read), count + 1))
    for place, number in enumerate(rows.read):
        # Not by `searchsorted`, which would copy what does not lie side by side: all hashes of a file.
        hashes = _hashes(rows.scratch, number)["hash"]
        cuts[place, 1:-1] = [bisect_left(hashes, bound) for bound in bounds]
        cuts[place, -1] = len(hashes)
    cuts.flush()
    return [Part(rows, part) for part in range(count)]


def meet(task: Part) -> None:
    """Write the pairs of rows of different splits that have a hash of a part in common, as often as they do."""
    hashes, owners = task.hashes()
    found = [one << _FIRST | other for one, other in apart(hashes, owners, task.rows.splits())]
    pairs = np.sort(np.concatenate([np.empty(0, np.int64), *found]))
    begins = np.searchsorted(pairs, np.array(task.rows.blocks, np.int64) << _FIRST)
    with aside(task.rows.pairs(task.number)) as path, path.open("wb") as sink:
        begins.astype(np.int64).tofile(sink)
        pairs.tofile(sink)


def sharing(rows: Rows, block: int, parts: int, threshold: float) -> Iterator[list[Pair]]:
    """Yield the pairs of a block that share enough of their smallest hashes.

    Args:
        rows: All rows.
        block: Its number.
        parts: How many parts of the hashes there are; their pairs are written.
        threshold: What share of their grams near copies have in common.
    """
    sizes, width, head = rows.sizes(), np.dtype(np.int64).itemsize, len(rows.blocks)
    cuts = [np.fromfile(rows.pairs(part), np.int64, 2, offset=block * width).tolist() for part in range(parts)]
    times = -(-sum(end - start for start, end in cuts) // _PAIRS)
    for time in range(times):
        some = [np.empty(0, np.int64)]
        for part, (start, end) in enumerate(cuts):
            those = np.fromfile(rows.pairs(part), np.int64, end - start, offset=(head + start) * width)
            # Those with the same first text are counted together: some texts share a gram with many.
            some.append(those[(those >> _FIRST) % times == time])
        pairs, counts = np.unique(np.concatenate(some), return_counts=True)
        of = np.minimum(sizes[pairs >> _FIRST], sizes[pairs & (1 << _FIRST) - 1])
        found = pairs[(counts >= of * (threshold - _SLACK)) | (of < SMALLEST)]
        yield list(zip((found >> _FIRST).tolist(), (found & (1 << _FIRST) - 1).tolist(), strict=True))


def apart(
    hashes: npt.NDArray[np.uint64], owners: Numbers, splits: npt.NDArray[np.uint8]
) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield rows of different splits that have a hash in common, side by side.

    Args:
        hashes: In their order.
        owners: The rows that they are of; in order where hashes are equal.
        splits: The number of the split of each row.
    """
    starts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1]))[: len(hashes)]
    sizes = np.diff(np.append(starts, len(hashes)))
    reach = np.repeat(np.where(sizes <= _SHARED, sizes - 1, _NEIGHBOURS), sizes)
    there = splits[owners]
    if len(starts):
        # Most grams are of one text, or of one split.
        mixed = np.minimum.reduceat(there, starts) != np.maximum.reduceat(there, starts)
        reach[np.repeat(~mixed, sizes)] = 0
    behind = np.repeat(starts + sizes, sizes) - np.arange(len(hashes)) - 1
    reach = np.minimum(reach, behind)
    at = np.flatnonzero(reach)
    for step in range(1, int(reach.max(initial=0)) + 1):
        at = at[reach[at] >= step]
        differ = at[there[at] != there[at + step]]
        if len(differ):
            yield owners[differ], owners[differ + step]


def _hashes(scratch: Path, number: int) -> npt.NDArray[np.void]:
    """Return the hashes of a file, mapped for as long as they are looked at: a map keeps the file open."""
    path = hashes_of(scratch, number)
    found: npt.NDArray[np.void] = np.memmap(path, HASH, "r") if path.stat().st_size else np.empty(0, HASH)
    return found
