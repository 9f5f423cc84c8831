"""The grams of a text with the smallest hashes, of many texts at once.

Texts that share much share many of them (A. Broder, On the resemblance and containment of documents, 1997).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pressmark.release.aside import aside
from pressmark.release.folding import Letters, Numbers, Points
from pressmark.release.spilled import Spilling
from pressmark.release.texts import POINT, Kept

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

_SORTED_AT_ONCE, _SAMPLED = 1 << 17, 64
"""Hashes that are sorted together, about, and by how many of them it is told which."""

_ENOUGH = 2
"""Looked at first are the hashes below a bound that twice as many as are wanted should keep."""


class Sketches:
    """What is kept of the texts of a file."""

    def __init__(self, spill: Spilling, below: str = "") -> None:
        """Begin with nothing.

        Args:
            spill: Makes places for what is kept.
            below: Texts with a digest below this are likely to be of the sample of the whole release.
        """
        self._hashes, self._long = spill(HASH), spill(LONG)
        self._ends: list[int] = [0]
        """Where in the hashes each run ends that is in its order."""

        self._run: list[npt.NDArray[np.void]] = []
        """Hashes that are in none yet."""

        self._sample: list[tuple[str, int]] = []
        """Digest and row of the texts with the smallest digests."""

        self._below = below
        self._kept = Kept(spill(POINT))
        """The letters of those that are likely to be of the sample."""

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
        self._run.append(hashes)
        self._long.take(long)
        for number in those.tolist():
            self._sample.append((digests[number], start + number))
            if digests[number] < self._below:
                end = int(letters.ends[number])
                self._kept.take(start + number, letters.points[end - int(lengths[number]) : end])
        if len(self._sample) > 2 * AGAINST:
            self._sample = self.smallest_digests()
        if sum(map(len, self._run)) >= _SORTED_AT_ONCE:
            self._end_run()

    def smallest_digests(self) -> list[tuple[str, int]]:
        """Return digest and row of the texts with the smallest digests, in their order."""
        return sorted(self._sample)[:AGAINST]

    def write(self, scratch: Path, number: int) -> None:
        """Write hashes in their order, and the list of texts, for the file of that number."""
        self._kept.write(scratch, number)
        self._end_run()
        whole = self._hashes.whole()
        runs = [whole[start:end] for start, end in pairwise(self._ends)]
        with aside(hashes_of(scratch, number)) as path, path.open("wb") as sink:
            for some in _in_order(runs):
                sink.write(some.data)
        with aside(long_of(scratch, number)) as path, path.open("wb") as sink:
            sink.write(self._long.whole().data)

    def _end_run(self) -> None:
        hashes = np.concatenate([np.empty(0, HASH), *self._run])
        self._run.clear()  # which need not be there twice
        # Rows come in their order, and stay in it where hashes are the same.
        self._hashes.take(hashes[np.argsort(hashes["hash"], kind="stable")])
        self._ends.append(len(self._hashes))


def _in_order(runs: Sequence[npt.NDArray[np.void]]) -> Iterator[npt.NDArray[np.void]]:
    """Yield the hashes of runs, each of which is in its order, in the order of all, some at a time."""
    total = sum(map(len, runs))
    parts = 1 + total // _SORTED_AT_ONCE
    step = 1 + total // parts // _SAMPLED
    # With their rows: so many texts may have the same hash that these have to be parted.
    sample = sorted(each for run in runs for each in run[step // 2 :: step].tolist())
    bounds = [sample[number * len(sample) // parts] for number in range(1, parts)]
    begins = [0] * len(runs)
    for bound in [*bounds, None]:
        ends = [
            len(run) if bound is None else bisect_left(range(len(run)), bound, begin, key=_pair(run))
            for run, begin in zip(runs, begins, strict=True)
        ]
        some = np.concatenate([run[begin:end] for run, begin, end in zip(runs, begins, ends, strict=True)])
        yield some[np.argsort(some["hash"], kind="stable")]
        begins = ends


def _pair(hashes: npt.NDArray[np.void]) -> Callable[[int], tuple[int, int]]:
    """Return what gives the hash in a place, and the row that it is of."""
    return lambda place: hashes[place].item()


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
