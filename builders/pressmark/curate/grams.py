"""How alike two texts are: the share of their grams that both have.

A gram is a run of five letters and digits, wherever spaces and punctuation stand: such runs tell sentences apart in
Hangul, in Han and in Latin letters alike. A single changed letter takes five of them away. Of a text with fewer than
fifty letters that is too many to tell a correction from another text, so short texts are near copies of each other only
where they have the same letters.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

GRAM = 5
"""Letters of a gram."""

SHORT = 50
"""Letters below which a text is short."""

Hashes = npt.NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_HALF = np.uint64(33)


def gram_hashes(texts: Sequence[str]) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Return a 64-bit hash of every gram of some texts, and for each the number of the text that it is of.

    Hashes are a polynomial over code points and the finalizer of MurmurHash3, so the same on every machine. Two
    different grams have the same with a probability of 2^-64.

    Args:
        texts: Letters and digits alone, at least a gram of them.

    Returns:
        Two arrays of the same length, in the order of the texts; grams that a text repeats are repeated.
    """
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), "<u4").astype(np.uint64)
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(sizes)
    # Windows that reach from one text into the next are left out.
    inside = np.ones(codes.size, bool)
    for offset in range(1, GRAM):
        inside[ends - offset] = False
    hashes = np.zeros(codes.size - (GRAM - 1), np.uint64)
    for offset in range(GRAM):
        hashes += codes[offset : offset + hashes.size]
        hashes += np.uint64(1)
        hashes *= _STEP
    hashes = hashes[inside[: hashes.size]]
    for factor in _MIX:
        hashes ^= hashes >> _HALF
        hashes *= factor
    hashes ^= hashes >> _HALF
    return hashes, np.repeat(np.arange(len(texts)), sizes - (GRAM - 1))


def grams(text: str) -> Hashes:
    """Return the hashes of the different grams of one text, in ascending order."""
    return np.unique(gram_hashes([text])[0])


def similarity(one: Hashes, other: Hashes) -> Fraction:
    """Return the Jaccard index of two sets of grams: how many both have, of all that either has."""
    both = np.intersect1d(one, other, assume_unique=True).size
    return Fraction(both, max(1, one.size + other.size - both))
