"""Do near copies stand in different splits? Asked from outside, in another way than the one that keeps them together.

Texts are compared by the grams with the smallest hashes (A. Broder, On the resemblance and containment of documents,
1997), and pairs that share enough of them by all their grams, as strings. Beside it a sample is compared with
everything, without any hash. Grams that more than a hundred texts have, as phrases of a page do, lead only to
neighbours.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from pressmark.findings import Finding
from pressmark.release.letters import letters

_GRAM, _SHORT = 5, 50
_SMALLEST = 32
_SHARED = 100
_NEIGHBOURS = 8
_SLACK = 0.35
_SAMPLE, _AGAINST = 64, 2000
_ROWS = 1024
_TOO_FEW = 2
_BITS = np.uint64(21)
_FACTOR = np.uint64(0xA0761D6478BD642F)
_FOLD = np.uint64(31)


Pair = tuple[int, int]
"""Numbers of two texts, the smaller first."""


@dataclass(slots=True)
class _Texts:
    """The texts of a release that are not short."""

    ids: list[str] = field(default_factory=list)
    splits: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    where: list[tuple[str, int]] = field(default_factory=list)
    """File and row."""

    smallest: list[npt.NDArray[np.uint64]] = field(default_factory=list)


def verify_near(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield pairs of near copies in different splits.

    Args:
        folder: The release, its files as the manifest says.
        manifest: Its manifest, or one with the files alone that are there.
    """
    shards = [entry for entry in manifest["files"] if entry.get("config") == "articles"]
    if len({entry["split"] for entry in shards}) <= 1:
        return
    threshold = Fraction(manifest["duplicates"]["threshold"])
    texts = _read(folder, shards)
    pairs = set(_sharing(texts, float(threshold)))
    order = sorted(range(len(texts.ids)), key=texts.digests.__getitem__)[:_AGAINST]
    only = _read_again(folder, texts, {*order, *(number for pair in pairs for number in pair)})
    near = {pair for pair in pairs if _resemblance(*(_grams(only[number]) for number in pair)) >= threshold}
    for one, other in sorted(near.union(_sampled(texts, only, order, threshold))):
        detail = f"is a near copy of id {texts.ids[other]}, which is in {texts.splits[other]}"
        yield Finding("near-straddles", texts.where[one][0], f"id {texts.ids[one]}", detail)


def _read(folder: Path, shards: list[Mapping[str, Any]]) -> _Texts:
    found = _Texts()
    for entry in shards:
        row = 0
        for batch in pq.ParquetFile(folder / entry["path"]).iter_batches(_ROWS, columns=["id", "text_sha256", "text"]):
            for each in batch.to_pylist():
                only = letters(each["text"])
                if len(only) >= _SHORT:
                    found.ids.append(each["id"])
                    found.splits.append(entry["split"])
                    found.digests.append(each["text_sha256"])
                    found.where.append((entry["path"], row))
                    found.smallest.append(_smallest(only))
                row += 1
    return found


def _smallest(only: str) -> npt.NDArray[np.uint64]:
    points = np.array(list(map(ord, only)), np.uint64)
    runs = np.lib.stride_tricks.sliding_window_view(points, _GRAM)
    first = (runs[:, 0] << _BITS | runs[:, 1]) << _BITS | runs[:, 2]
    mixed = (first * _FACTOR ^ (runs[:, 3] << _BITS | runs[:, 4])) * _FACTOR
    mixed = (mixed ^ (mixed >> _FOLD)) * _FACTOR
    found: npt.NDArray[np.uint64] = np.unique(mixed)[:_SMALLEST]
    return found


def _sharing(texts: _Texts, threshold: float) -> Iterator[Pair]:
    """Yield pairs from different splits that share enough of their smallest hashes."""
    if not texts.ids:
        return
    hashes = np.concatenate(texts.smallest)
    owners = np.repeat(np.arange(len(texts.ids)), [each.size for each in texts.smallest])
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    _, splits = np.unique(texts.splits, return_inverse=True)
    counted: dict[Pair, int] = {}
    starts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1]))
    for start, end in zip(starts, np.append(starts[1:], hashes.size), strict=True):
        if end - start > 1:
            for pair in _apart(owners[start:end], splits):
                counted[pair] = counted.get(pair, 0) + 1
    for (one, other), count in counted.items():
        of = min(texts.smallest[one].size, texts.smallest[other].size)
        if count >= of * (threshold - _SLACK) or of < _SMALLEST:
            yield one, other


def _apart(owners: npt.NDArray[np.int64], splits: npt.NDArray[np.int64]) -> Iterator[Pair]:
    reach = owners.size if owners.size <= _SHARED else _NEIGHBOURS
    there = splits[owners]
    if (there == there[0]).all():
        return
    for step in range(1, min(reach, owners.size - 1) + 1):
        apart = there[step:] != there[:-step]
        yield from zip(owners[:-step][apart].tolist(), owners[step:][apart].tolist(), strict=True)


def _read_again(folder: Path, texts: _Texts, numbers: Collection[int]) -> dict[int, str]:
    """Return the letters of some texts, each file read once."""
    by_file: dict[str, list[int]] = {}
    for number in sorted(numbers):
        by_file.setdefault(texts.where[number][0], []).append(number)
    found = {}
    for path, those in by_file.items():
        column = pq.ParquetFile(folder / path).read(columns=["text"])["text"]
        rows = column.take([texts.where[number][1] for number in those]).to_pylist()
        found.update({number: letters(text) for number, text in zip(those, rows, strict=True)})
    return found


def _sampled(texts: _Texts, only: Mapping[int, str], order: Sequence[int], threshold: Fraction) -> Iterator[Pair]:
    """Yield near copies among a sample and others of other splits."""
    sample = {one: _grams(only[one]) for one in order[:_SAMPLE]}
    for other in order:
        grams = _grams(only[other])
        for one, its in sample.items():
            if texts.splits[one] != texts.splits[other] and _resemblance(its, grams) >= threshold:
                yield (min(one, other), max(one, other))


def _grams(only: str) -> set[str]:
    return {only[start : start + _GRAM] for start in range(len(only) - _GRAM + 1)}


def _resemblance(one: set[str], other: set[str]) -> Fraction:
    fewer, more = sorted((one, other), key=len)
    if _TOO_FEW * len(fewer) < len(more):
        return Fraction(0)  # no two of which one has so few can be near copies
    both = len(fewer & more)
    return Fraction(both, len(one) + len(other) - both)
