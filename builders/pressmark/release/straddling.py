"""Do near copies stand in different splits? Asked from outside, in another way than the one that keeps them together.

Texts are compared by the grams with the smallest hashes, which each file's reading left in a scratch folder, and pairs
that share enough of them by all their grams, as strings. Beside it a sample is compared with everything, without any
hash. Grams that more than a hundred texts have, as phrases of a page do, lead only to neighbours.

Hashes are looked at in parts, and so are pairs: what is in memory at once does not grow with the release but for a few
bytes a text.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from pressmark.findings import Finding
from pressmark.release.letters import letters
from pressmark.release.smallest import GRAM, HASH, LONG, SMALLEST, hashes_of, long_of

_SHARED = 100
_NEIGHBOURS = 8
_SLACK = 0.35
_SAMPLE = 64
_TOO_FEW = 2
_PART = 10**6
"""Hashes that are looked at together."""

_TEXTS = 10**5
"""Texts whose pairs are counted together, by the first of each pair."""

_PAIRS = 1000
"""Pairs whose texts are compared together."""

Numbers = npt.NDArray[np.int64]

Pair = tuple[int, int]
"""Numbers of two rows, the smaller first."""


class _Files:
    """The files of texts of a release. Rows are numbered through all of them, in their order."""

    def __init__(self, folder: Path, shards: Sequence[Mapping[str, Any]], scratch: Path) -> None:
        self._folder, self._scratch = folder, scratch
        self.entries = shards
        self._starts = np.cumsum([0, *(entry["rows"] for entry in shards)])
        names = sorted({entry["split"] for entry in shards})
        of_files = [names.index(entry["split"]) for entry in shards]
        self.splits: npt.NDArray[np.uint8] = np.repeat(
            np.array(of_files, np.uint8), [entry["rows"] for entry in shards]
        )
        self.sizes = np.zeros(len(self.splits), np.uint8)
        """How many hashes are kept of each text; none of short ones and of rows without a text."""

        self._read = [number for number, entry in enumerate(shards) if entry["config"] == "articles"]
        for number in self._read:
            long = np.load(long_of(scratch, number)).astype(LONG)
            self.sizes[self._starts[number] + long["row"]] = long["hashes"]

    def number(self, file: int, row: int) -> int:
        """Return the number of a row of a file."""
        return int(self._starts[file]) + row

    def entry(self, number: int) -> Mapping[str, Any]:
        """Return what the manifest says of the file that a row is in."""
        return self.entries[int(np.searchsorted(self._starts, number, side="right")) - 1]

    def hashes(self) -> Iterator[tuple[npt.NDArray[np.uint64], Numbers]]:
        """Yield the hashes of a part, in their order, and the rows that they are of; equal hashes are in one part."""
        kept = {number: np.load(hashes_of(self._scratch, number), mmap_mode="r") for number in self._read}
        parts = 1 + sum(map(len, kept.values())) // _PART
        bounds = [number * 2**64 // parts for number in range(1, parts)]
        ends = {number: np.searchsorted(found["hash"], np.array(bounds, np.uint64)) for number, found in kept.items()}
        for part in range(parts):
            found, rows = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
            for number, each in kept.items():
                cuts = [0, *ends[number].tolist(), len(each)]
                some = np.asarray(each[cuts[part] : cuts[part + 1]], HASH)
                found.append(some["hash"])
                rows.append(some["row"].astype(np.int64) + self._starts[number])
            hashes, owners = np.concatenate(found), np.concatenate(rows)
            order = np.lexsort((owners, hashes))
            yield hashes[order], owners[order]

    def texts(self, numbers: Collection[int]) -> dict[int, tuple[str, str]]:
        """Return id and letters of some rows, each file read once, and of it only the row groups with such rows."""
        by_file: dict[int, list[int]] = {}
        for number in sorted(numbers):
            by_file.setdefault(int(np.searchsorted(self._starts, number, side="right")) - 1, []).append(number)
        found = {}
        for file, those in by_file.items():
            shard = pq.ParquetFile(self._folder / self.entries[file]["path"])
            start = int(self._starts[file])
            for group in range(shard.num_row_groups):
                end = start + shard.metadata.row_group(group).num_rows
                within = [number for number in those if start <= number < end]
                if within:
                    rows = shard.read_row_group(group, columns=["id", "text"])
                    for number, row in zip(within, rows.take([n - start for n in within]).to_pylist(), strict=True):
                        found[number] = (row["id"], letters(row["text"]))
                start = end
        return found


def verify_near(
    folder: Path,
    manifest: Mapping[str, Any],
    shards: Sequence[Mapping[str, Any]],
    sample: Sequence[tuple[str, int, int]],
    scratch: Path,
) -> Iterator[Finding]:
    """Yield pairs of near copies in different splits.

    Args:
        folder: The release, its files as the manifest says.
        manifest: Its manifest.
        shards: What it says of the files of rows that are there.
        sample: Digest, file and row of the texts that are compared without any hash.
        scratch: Where the reading of each file left its hashes.
    """
    threshold = Fraction(manifest["duplicates"]["threshold"])
    files = _Files(folder, shards, scratch)
    near = {pair for pairs in _sharing(files, float(threshold), scratch) for pair in _near(files, pairs, threshold)}
    near.update(_sampled(files, [files.number(file, row) for _, file, row in sample], threshold))
    ids = {number: identity for number, (identity, _) in files.texts({n for pair in near for n in pair}).items()}
    for one, other in sorted(near):
        detail = f"is a near copy of id {ids[other]}, which is in {files.entry(other)['split']}"
        yield Finding("near-straddles", files.entry(one)["path"], f"id {ids[one]}", detail)


def _sharing(files: _Files, threshold: float, scratch: Path) -> Iterator[list[Pair]]:
    """Yield pairs from different splits that share enough of their smallest hashes, some at a time."""
    blocks = 1 + len(files.sizes) // _TEXTS
    for hashes, owners in files.hashes():
        for one, other in _apart(hashes, owners, files.splits):
            pairs = one << 32 | other
            for block in np.unique(one // _TEXTS):
                with _pairs_of(scratch, block).open("ab") as stream:
                    stream.write(pairs[one // _TEXTS == block].tobytes())
    for block in range(blocks):
        if _pairs_of(scratch, block).exists():
            pairs, counts = np.unique(np.fromfile(_pairs_of(scratch, block), np.int64), return_counts=True)
            of = np.minimum(files.sizes[pairs >> 32], files.sizes[pairs & 0xFFFFFFFF])
            found = pairs[(counts >= of * (threshold - _SLACK)) | (of < SMALLEST)]
            for start in range(0, len(found), _PAIRS):
                some = found[start : start + _PAIRS]
                yield list(zip((some >> 32).tolist(), (some & 0xFFFFFFFF).tolist(), strict=True))


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


def _near(files: _Files, pairs: list[Pair], threshold: Fraction) -> Iterator[Pair]:
    """Yield the pairs that are near copies, by all their grams."""
    texts = files.texts({number for pair in pairs for number in pair})
    for one, other in pairs:
        its, grams = (_grams(texts[number][1]) for number in (one, other))
        if _resemblance(len(its & grams), len(its), len(grams)) >= threshold:
            yield one, other


def _sampled(files: _Files, order: Sequence[int], threshold: Fraction) -> Iterator[Pair]:
    """Yield near copies among a sample and others of other splits."""
    texts = files.texts(order)
    sample = {one: _grams(texts[one][1]) for one in order[:_SAMPLE]}
    holding: dict[str, list[int]] = {}
    for one, its in sample.items():
        for gram in its:
            holding.setdefault(gram, []).append(one)
    held = set(holding)
    for other in order:
        grams = _grams(texts[other][1])
        both = Counter(one for gram in grams & held for one in holding[gram])
        for one, count in both.items():
            apart = files.splits[one] != files.splits[other]
            if apart and _resemblance(count, len(sample[one]), len(grams)) >= threshold:
                yield (min(one, other), max(one, other))


def _grams(only: str) -> set[str]:
    return {only[start : start + GRAM] for start in range(len(only) - GRAM + 1)}


def _resemblance(both: int, one: int, other: int) -> Fraction:
    """Return what share of the grams of two texts both have.

    Args:
        both: How many grams both have.
        one: How many the one has.
        other: How many the other has.
    """
    if _TOO_FEW * min(one, other) < max(one, other):
        return Fraction(0)  # no two of which one has so few can be near copies
    return Fraction(both, one + other - both)
