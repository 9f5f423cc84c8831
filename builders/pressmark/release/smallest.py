"""The grams of a text with the smallest hashes, of many texts at once.

Texts that share much share many of them (A. Broder, On the resemblance and containment of documents, 1997).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pressmark.release.aside import aside
from pressmark.release.folding import Letters, Numbers, Points
from pressmark.release.texts import Kept

GRAM, SHORT = 5, 50
"""Letters of a gram; texts of fewer letters than this are too short to compare."""

SMALLEST = 32
AGAINST = 2000
"""How many texts of a release are compared without any hash: those with the smallest digests."""

HASH = np.dtype([("hash", "<u8"), ("row", "<u4")])
LONG = np.dtype([("row", "<u4"), ("hashes", "u1"), ("letters", "<u4")])
"""A text that is not short: its row in its file, how many hashes are kept of it, and how many letters it has."""

_BITS = np.uint64(21)
_FACTOR = np.uint64(0xA0761D6478BD642F)
_FOLD = np.uint64(31)
_AT_ONCE = 1 << 14
"""Grams that are hashed together."""

_WRITTEN_AT_ONCE = 1 << 16
"""Hashes that are written together."""

_ENOUGH = 2
"""Looked at first are the hashes below a bound that twice as many as are wanted should keep."""


@dataclass(slots=True)
class Sketches:
    """What is kept of the texts of a file."""

    hashes: list[npt.NDArray[np.void]] = field(default_factory=list)
    long: list[npt.NDArray[np.void]] = field(default_factory=list)
    sample: list[tuple[str, int]] = field(default_factory=list)
    """Digest and row of the texts with the smallest digests."""

    below: str = ""
    """Texts with a digest below this are likely to be of the sample of the whole release."""

    kept: Kept = field(default_factory=Kept)
    """Their letters."""

    def take(self, letters: Letters, digests: Sequence[str], start: int) -> None:
        """Take some texts.

        Args:
            letters: Their letters.
            digests: Their digests.
            start: Row of the first of them in its file.
        """
        lengths = np.diff(letters.ends, prepend=0)
        those = np.flatnonzero(lengths >= SHORT)
        if not len(those):
            return
        found, owners = smallest(letters.points, letters.ends[those], lengths[those])
        places = (those + start).astype(np.uint32)
        hashes, long = np.empty(len(found), HASH), np.empty(len(those), LONG)
        hashes["hash"], hashes["row"] = found, places[owners]
        long["row"], long["hashes"] = places, np.bincount(owners, minlength=len(those))
        long["letters"] = lengths[those]
        self.hashes.append(hashes)
        self.long.append(long)
        for number in those.tolist():
            self.sample.append((digests[number], start + number))
            if digests[number] < self.below:
                end = int(letters.ends[number])
                self.kept.take(start + number, letters.points[end - int(lengths[number]) : end].copy())
        if len(self.sample) > 2 * AGAINST:
            self.sample = self.smallest_digests()

    def smallest_digests(self) -> list[tuple[str, int]]:
        """Return digest and row of the texts with the smallest digests, in their order."""
        return sorted(self.sample)[:AGAINST]

    def write(self, scratch: Path, number: int) -> None:
        """Write hashes in their order, and the list of texts, for the file of that number, and keep nothing of them."""
        self.kept.write(scratch, number)
        self.kept = Kept()
        hashes = np.concatenate([np.empty(0, HASH), *self.hashes])
        self.hashes.clear()  # which need not be there twice
        # Rows come in their order, and stay in it where hashes are the same.
        order = np.argsort(hashes["hash"], kind="stable")
        with aside(hashes_of(scratch, number)) as path, path.open("wb") as sink:
            for start in range(0, len(order), _WRITTEN_AT_ONCE):
                hashes[order[start : start + _WRITTEN_AT_ONCE]].tofile(sink)
        with aside(long_of(scratch, number)) as path:
            np.concatenate([np.empty(0, LONG), *self.long]).tofile(path)


def likely(texts: int) -> str:
    """Return a bound that twice as many digests as a sample has are likely to be below, or more, of so many texts."""
    # The next power of two, so that a release that grows a little asks for the same.
    halved = (texts // (2 * AGAINST)).bit_length() - 1
    return f"{2**64 >> halved:016x}" if halved > 0 else "g"


def hashes_of(scratch: Path, number: int) -> Path:
    """Return where the hashes of a file lie."""
    return scratch / f"smallest-{number:06d}.bin"


def long_of(scratch: Path, number: int) -> Path:
    """Return where the list of the texts of a file lies."""
    return scratch / f"long-{number:06d}.bin"


def smallest(points: Points, ends: Numbers, lengths: Numbers) -> tuple[npt.NDArray[np.uint64], Numbers]:
    """Return the smallest distinct hashes of each text, and the numbers of the texts that they are of.

    Args:
        points: Letters of texts that follow each other.
        ends: Where in them each text ends that is asked for; at least one.
        lengths: How many letters it has, no fewer than a gram.
    """
    hashes = _hashes(points)
    grams = lengths - GRAM + 1
    # A text whose distinct grams do not reach the bound is asked for all of them.
    share = np.minimum(1.0, _ENOUGH * SMALLEST / grams)
    found, owners = _first(hashes, ends, grams, share)
    lacking = (np.bincount(owners, minlength=len(ends)) < SMALLEST) & (share < 1)
    if lacking.any():
        found, owners = _first(hashes, ends, grams, np.where(lacking, 1.0, share))
    return found, owners


def _hashes(points: Points) -> npt.NDArray[np.uint64]:
    """Return a hash of the gram that begins at each letter, but for the last few."""
    found, behind = np.empty(max(0, len(points) - GRAM + 1), np.uint64), np.empty(_AT_ONCE, np.uint64)
    for start in range(0, len(found), _AT_ONCE):
        # In place, on what the processor has at hand.
        its = found[start : start + _AT_ONCE]
        other = behind[: len(its)]
        wide = points[start : start + len(its) + GRAM - 1].astype(np.uint64)
        one, two, three, four, five = (wide[at : at + len(its)] for at in range(GRAM))
        np.left_shift(one, _BITS, out=its)
        its |= two
        its <<= _BITS
        its |= three
        its *= _FACTOR
        np.left_shift(four, _BITS, out=other)
        other |= five
        its ^= other
        its *= _FACTOR
        np.right_shift(its, _FOLD, out=other)
        its ^= other
        its *= _FACTOR
    return found


def _first(
    hashes: npt.NDArray[np.uint64], ends: Numbers, grams: Numbers, share: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.uint64], Numbers]:
    """Return the smallest of the hashes below each text's bound, that share of all numbers."""
    # The last grams that begin in a text go on into the next one, and so do those of texts that are not asked for.
    firsts, lasts = ends - grams - (GRAM - 1), ends - (GRAM - 1)
    bounds = np.full(2 * len(grams) + 1, 0, np.uint64)
    bounds[1::2] = np.iinfo(np.uint64).max
    bounds[1::2][share < 1] = (share[share < 1] * 2.0**64).astype(np.uint64)
    cuts = np.column_stack([firsts, lasts]).ravel()
    reach = np.diff(cuts, prepend=0, append=len(hashes))
    kept = np.flatnonzero(hashes <= np.repeat(bounds, reach))
    of = np.searchsorted(lasts, kept, side="right")
    within = kept >= np.append(firsts, len(hashes))[of]
    kept, of = kept[within], of[within]
    candidates = hashes[kept]
    order = np.argsort(candidates)
    # Small numbers are sorted in one go.
    order = order[np.argsort(of[order].astype(np.uint16 if len(ends) < 1 << 16 else np.int64), kind="stable")]
    candidates, of = candidates[order], of[order]
    distinct = np.append(True, (candidates[1:] != candidates[:-1]) | (of[1:] != of[:-1]))
    candidates, of = candidates[distinct], of[distinct]
    rank = np.arange(len(of)) - np.searchsorted(of, of, side="left")
    return candidates[rank < SMALLEST], of[rank < SMALLEST]
