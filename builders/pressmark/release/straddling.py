"""Do near copies stand in different splits? Asked from outside, in another way than the one that keeps them together.

Texts are compared by the grams with the smallest hashes, which each file's reading left in a scratch folder, and pairs
that share enough of them by all their grams, as strings. Beside it a sample is compared with everything, without any
hash. Grams that more than a hundred texts have, as phrases of a page do, lead only to neighbours.

Hashes are looked at in parts, and so are pairs: what is in memory at once does not grow with the release but for a few
bytes a text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pressmark.findings import Finding
from pressmark.release.rows import Run
from pressmark.release.sampled import SAMPLE, Comparison, Pair, are_near, compare
from pressmark.release.smallest import HASH, LONG, SMALLEST, hashes_of, long_of
from pressmark.release.texts import Texts, texts_of

_SHARED = 100
_NEIGHBOURS = 8
_SLACK = 0.35
_PART = 1 << 15
"""Hashes that are looked at together."""

_TEXTS_BITS = 12
"""Of the number of texts whose pairs are counted together, by the first of each pair."""

_SAMPLED = 1 << 16
"""Hashes by which parts are told, at most, and one of each file."""

_PAIRS = 1 << 16
"""Pairs that are counted together, about."""

_LETTERS = 10**7
"""Letters of texts that are compared pair by pair and held at once, but for the last of them."""

_OTHERS = 500
"""Texts that the sample is compared with in one task."""

Numbers = npt.NDArray[np.int64]


class _Files:
    """The files of texts of a release. Rows are numbered through all of them, in their order."""

    def __init__(self, folder: Path, shards: Sequence[Mapping[str, Any]], scratch: Path) -> None:
        self._scratch = scratch
        self.entries = shards
        self._starts = np.cumsum([0, *(entry["rows"] for entry in shards)])
        names = sorted({entry["split"] for entry in shards})
        of_files = [names.index(entry["split"]) for entry in shards]
        self.splits: npt.NDArray[np.uint8] = np.repeat(
            np.array(of_files, np.uint8), [entry["rows"] for entry in shards]
        )
        self.sizes = np.zeros(len(self.splits), np.uint8)
        """How many hashes are kept of each text; none of short ones and of rows without a text."""

        self.letters = np.zeros(len(self.splits), np.uint32)
        """How many letters each of them has."""

        self.texts = texts_of(folder, [(entry["path"], entry["rows"]) for entry in shards], scratch)

        self._read = [number for number, entry in enumerate(shards) if entry["config"] == "articles"]
        for number in self._read:
            long = np.load(long_of(scratch, number)).astype(LONG)
            self.sizes[self._starts[number] + long["row"]] = long["hashes"]
            self.letters[self._starts[number] + long["row"]] = long["letters"]

    def number(self, file: int, row: int) -> int:
        """Return the number of a row of a file."""
        return int(self._starts[file]) + row

    def entry(self, number: int) -> Mapping[str, Any]:
        """Return what the manifest says of the file that a row is in."""
        return self.entries[self.texts.file(number)]

    def _hashes(self, number: int) -> "np.memmap[Any, np.dtype[np.void]]":
        """Return the hashes of a file, mapped for as long as they are looked at: a map keeps the file open."""
        found: np.memmap[Any, np.dtype[np.void]] = np.load(hashes_of(self._scratch, number), mmap_mode="r")
        return found

    def hashes(self) -> Iterator[tuple[npt.NDArray[np.uint64], Numbers]]:
        """Yield the hashes of a part, in their order, and the rows that they are of; equal hashes are in one part."""
        total = sum(len(self._hashes(number)) for number in self._read)
        parts, step = 1 + total // _PART, 1 + total // _SAMPLED
        # The smallest hashes of long texts are all of them small: a part is told by how many there are up to its end.
        sampled = [self._hashes(number)["hash"][step // 2 :: step] for number in self._read]
        ordered = np.sort(np.concatenate([np.empty(0, np.uint64), *sampled]))
        bounds = ordered[np.arange(1, parts) * len(ordered) // parts]
        begins = {number: self._hashes(number).offset for number in self._read}
        cuts = {number: self._cuts(number, bounds) for number in self._read}
        for part in range(parts):
            here = {number: (cuts[number][part], cuts[number][part + 1]) for number in self._read}
            yield self._ordered(begins, here)

    def _ordered(
        self, begins: Mapping[int, int], asked: Mapping[int, tuple[int, int]]
    ) -> tuple[npt.NDArray[np.uint64], Numbers]:
        """Return hashes in their order, and the rows that they are of: those asked for, by number of a file."""
        found, rows = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
        for number, (start, end) in asked.items():
            offset = begins[number] + start * HASH.itemsize
            some = np.fromfile(hashes_of(self._scratch, number), HASH, end - start, offset=offset)
            found.append(some["hash"])
            rows.append(some["row"].astype(np.int64) + self._starts[number])
        hashes, owners = np.concatenate(found), np.concatenate(rows)
        order = np.lexsort((owners, hashes))
        return hashes[order], owners[order]

    def _cuts(self, number: int, bounds: npt.NDArray[np.uint64]) -> list[int]:
        """Return where each part begins among the hashes of a file, and where the last one ends."""
        hashes = self._hashes(number)
        return [0, *np.searchsorted(hashes["hash"], bounds).tolist(), len(hashes)]


def verify_near(
    folder: Path,
    manifest: Mapping[str, Any],
    shards: Sequence[Mapping[str, Any]],
    sample: Sequence[tuple[str, int, int]],
    scratch: Path,
    run: Run = map,
) -> Iterator[Finding]:
    """Yield pairs of near copies in different splits.

    Args:
        folder: The release, its files as the manifest says.
        manifest: Its manifest.
        shards: What it says of the files of rows that are there.
        sample: Digest, file and row of the texts that are compared without any hash.
        scratch: Where the reading of each file left its hashes.
        run: Compares texts; what is found does not depend on how.
    """
    threshold = Fraction(manifest["duplicates"]["threshold"])
    files = _Files(folder, shards, scratch)
    near: set[Pair] = set()
    for pairs in _sharing(files, float(threshold), scratch):
        tasks = [_Pairs(files.texts, some, threshold) for some in _portions(files, pairs)]
        near.update(pair for found in run(_near, tasks) for pair in found)
    order = [(number, int(files.splits[number])) for number in (files.number(file, row) for _, file, row in sample)]
    parts = [order[start : start + _OTHERS] for start in range(0, len(order), _OTHERS)]
    comparisons = [Comparison(files.texts, order[:SAMPLE], part, threshold) for part in parts]
    near.update(pair for found in run(compare, comparisons) for pair in found)
    ids = files.texts.ids({number for pair in near for number in pair})
    for one, other in sorted(near):
        detail = f"is a near copy of id {ids[other]}, which is in {files.entry(other)['split']}"
        yield Finding("near-straddles", files.entry(one)["path"], f"id {ids[one]}", detail)


def _sharing(files: _Files, threshold: float, scratch: Path) -> Iterator[list[Pair]]:
    """Yield pairs from different splits that share enough of their smallest hashes, those of a block together."""
    blocks = 1 + (len(files.sizes) >> _TEXTS_BITS)
    for hashes, owners in files.hashes():
        for one, other in _apart(hashes, owners, files.splits):
            pairs = one << 32 | other
            pairs = np.sort(pairs)
            of_blocks, begins = np.unique(pairs >> 32 + _TEXTS_BITS, return_index=True)
            for block, some in zip(of_blocks.tolist(), np.split(pairs, begins[1:]), strict=True):
                with _pairs_of(scratch, block).open("ab") as stream:
                    stream.write(some.tobytes())
        del hashes, owners  # before the next are there
    for block in range(blocks):
        for some in _parted(_pairs_of(scratch, block)):
            pairs, counts = np.unique(some, return_counts=True)
            of = np.minimum(files.sizes[pairs >> 32], files.sizes[pairs & 0xFFFFFFFF])
            found = pairs[(counts >= of * (threshold - _SLACK)) | (of < SMALLEST)]
            yield list(zip((found >> 32).tolist(), (found & 0xFFFFFFFF).tolist(), strict=True))


def _parted(path: Path) -> Iterator[Numbers]:
    """Yield the pairs of a block, those with the same first text together: some texts share a gram with many."""
    size = path.stat().st_size // np.dtype(np.int64).itemsize if path.exists() else 0
    parts = -(-size // _PAIRS)
    for part in range(parts):
        written = np.memmap(path, np.int64, "r")
        cuts = [written[start : start + _PAIRS] for start in range(0, size, _PAIRS)]
        yield np.concatenate([cut[(cut >> 32) % parts == part] for cut in cuts])


def _portions(files: _Files, pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Yield pairs of so many texts together as may be in memory at once: each is read once for all of them."""
    some: list[Pair] = []
    there: set[int] = set()
    size = 0
    for pair in pairs:
        some.append(pair)
        size += sum(int(files.letters[number]) for number in pair if number not in there)
        there.update(pair)
        if size >= _LETTERS:
            yield some
            some, there, size = [], set(), 0
    if some:
        yield some


def _pairs_of(scratch: Path, block: int) -> Path:
    return scratch / f"pairs-{block:06d}.bin"


def _apart(
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
        apart = at[there[at] != there[at + step]]
        if len(apart):
            yield owners[apart], owners[apart + step]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs to compare."""

    texts: Texts
    pairs: list[Pair]
    threshold: Fraction


def _near(task: _Pairs) -> list[Pair]:
    """Return the pairs that are near copies, by all their grams."""
    read = task.texts.letters({number for pair in task.pairs for number in pair})
    return [(one, other) for one, other in task.pairs if are_near(read[one], read[other], task.threshold)]
