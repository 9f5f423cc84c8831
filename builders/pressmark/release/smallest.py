"""The grams of a text with the smallest hashes, of many texts at once.

Texts that share much share many of them (A. Broder, On the resemblance and containment of documents, 1997).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

GRAM, SHORT = 5, 50
"""Letters of a gram; texts of fewer letters than this are too short to compare."""

SMALLEST = 32
AGAINST = 2000
"""How many texts of a release are compared without any hash: those with the smallest digests."""

HASH = np.dtype([("hash", "<u8"), ("row", "<u4")])
LONG = np.dtype([("row", "<u4"), ("hashes", "u1")])
"""A text that is not short: its row in its file, and how many hashes are kept of it."""

_BITS = np.uint64(21)
_FACTOR = np.uint64(0xA0761D6478BD642F)
_FOLD = np.uint64(31)
_BLOCK = 1 << 17
"""Letters that are looked at together."""

_ENOUGH = 3
"""Looked at first are the hashes below a bound that three times as many as are wanted should keep."""


@dataclass(slots=True)
class Sketches:
    """What is kept of the texts of a file."""

    hashes: list[npt.NDArray[np.void]] = field(default_factory=list)
    long: list[npt.NDArray[np.void]] = field(default_factory=list)
    sample: list[tuple[str, int]] = field(default_factory=list)
    """Digest and row of the texts with the smallest digests."""

    def take(self, letters: Sequence[str], digests: Sequence[str], start: int) -> None:
        """Take some texts.

        Args:
            letters: Their letters.
            digests: Their digests.
            start: Row of the first of them in its file.
        """
        rows = [number for number, only in enumerate(letters) if len(only) >= SHORT]
        if not rows:
            return
        found, owners = _in_blocks([letters[number] for number in rows])
        places = np.array(rows, np.uint32) + np.uint32(start)
        hashes, long = np.empty(len(found), HASH), np.empty(len(rows), LONG)
        hashes["hash"], hashes["row"] = found, places[owners]
        long["row"], long["hashes"] = places, np.bincount(owners, minlength=len(rows))
        self.hashes.append(hashes)
        self.long.append(long)
        self.sample += [(digests[number], start + number) for number in rows]
        if len(self.sample) > 2 * AGAINST:
            self.sample = self.smallest_digests()

    def smallest_digests(self) -> list[tuple[str, int]]:
        """Return digest and row of the texts with the smallest digests, in their order."""
        return sorted(self.sample)[:AGAINST]

    def write(self, scratch: Path, number: int) -> None:
        """Write hashes in their order, and the list of texts, for the file of that number."""
        hashes = np.concatenate([np.empty(0, HASH), *self.hashes])
        np.save(hashes_of(scratch, number), hashes[np.lexsort((hashes["row"], hashes["hash"]))])
        np.save(long_of(scratch, number), np.concatenate([np.empty(0, LONG), *self.long]))


def hashes_of(scratch: Path, number: int) -> Path:
    """Return where the hashes of a file lie."""
    return scratch / f"smallest-{number:06d}.npy"


def long_of(scratch: Path, number: int) -> Path:
    """Return where the list of the texts of a file lies."""
    return scratch / f"long-{number:06d}.npy"


def _in_blocks(letters: list[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Do as `smallest` for any number of texts: what is at work at once stays small."""
    found = []
    start = size = 0
    for number, only in enumerate(letters):
        size += len(only)
        if size >= _BLOCK or number == len(letters) - 1:
            hashes, owners = smallest(letters[start : number + 1])
            found.append((hashes, owners + start))
            start, size = number + 1, 0
    return np.concatenate([hashes for hashes, _ in found]), np.concatenate([owners for _, owners in found])


def smallest(letters: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Return the smallest distinct hashes of each text, and the numbers of the texts that they are of.

    Args:
        letters: At least one text, none of fewer letters than a gram has.
    """
    lengths = np.array([len(only) for only in letters])
    ends = np.cumsum(lengths)
    hashes = _hashes(np.frombuffer("".join(letters).encode("utf-32-le"), np.uint32).astype(np.uint64))
    grams = lengths - GRAM + 1
    # A text whose distinct grams do not reach the bound is asked for all of them.
    share = np.minimum(1.0, _ENOUGH * SMALLEST / grams)
    found, owners = _first(hashes, ends, grams, share)
    lacking = (np.bincount(owners, minlength=len(letters)) < SMALLEST) & (share < 1)
    if lacking.any():
        found, owners = _first(hashes, ends, grams, np.where(lacking, 1.0, share))
    return found, owners


def _hashes(points: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    one, two, three, four, five = (points[at : len(points) - GRAM + 1 + at] for at in range(GRAM))
    first = (one << _BITS | two) << _BITS | three
    mixed = (first * _FACTOR ^ (four << _BITS | five)) * _FACTOR
    found: npt.NDArray[np.uint64] = (mixed ^ (mixed >> _FOLD)) * _FACTOR
    return found


def _first(
    hashes: npt.NDArray[np.uint64],
    ends: npt.NDArray[np.int64],
    grams: npt.NDArray[np.int64],
    share: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Return the smallest of the hashes below each text's bound, that share of all numbers."""
    # The last grams that begin in a text go on into the next one.
    starts = ends - grams - (GRAM - 1)
    bounds = np.full(len(grams), np.iinfo(np.uint64).max)
    bounds[share < 1] = (share[share < 1] * 2.0**64).astype(np.uint64)
    places = np.arange(grams.sum()) - np.repeat(np.cumsum(grams) - grams - starts, grams)
    candidates = hashes[places]
    kept = np.flatnonzero(candidates <= np.repeat(bounds, grams))
    candidates, of = candidates[kept], np.searchsorted(np.cumsum(grams), kept, side="right")
    order = np.lexsort((candidates, of))
    candidates, of = candidates[order], of[order]
    distinct = np.append(True, (candidates[1:] != candidates[:-1]) | (of[1:] != of[:-1]))
    candidates, of = candidates[distinct], of[distinct]
    rank = np.arange(len(of)) - np.searchsorted(of, of, side="left")
    return candidates[rank < SMALLEST], of[rank < SMALLEST]
