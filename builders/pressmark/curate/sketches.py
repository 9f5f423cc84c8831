"""Sketches of texts by which near copies find each other without comparing everything with everything.

One-permutation hashing: P. Li, A. Owen, C.-H. Zhang, One Permutation Hashing, NIPS 2012; empty slots borrow from slots
in an order of their own: A. Shrivastava, Optimal Densification for Fast and Accurate Minwise Hashing, ICML 2017.
Two texts agree in a slot with the probability of their Jaccard index.
"""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from pressmark.curate.grams import SHORT, gram_hashes

SLOTS, BANDS = 128, 32
"""Slots of a sketch, and bands of four: texts with an index of 0.8 miss each other in all once in 2 * 10^7 pairs."""

_ROWS = SLOTS // BANDS
_SLOT_BITS, _VALUE_BITS = np.uint64(57), np.uint64(25)
_EMPTY = np.uint32(2**32 - 1)
_STEP = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_LETTERS_AT_ONCE = 1 << 15
_AT_ONCE = 1 << 12

Sketches = npt.NDArray[np.uint32]
"""One row of `SLOTS` for each text."""

Keys = npt.NDArray[np.uint64]


def sketches(texts: Sequence[str]) -> Sketches:
    """Return a sketch of each text.

    Args:
        texts: Letters and digits alone, at least a gram of them.
    """
    parts = [_some(part) for part in _portions(texts)]
    return np.concatenate(parts) if parts else np.empty((0, SLOTS), np.uint32)


def bands(found: Sketches) -> Keys:
    """Return sketches as they are kept: a column for each band, which is its key and has 16 bits of each slot.

    Texts with the same key in a band may be near.
    """
    return found.astype("<u2").view("<u8").astype(np.uint64)


def kept_sketches(texts: Sequence[str]) -> Keys:
    """Return a sketch of each text as it is kept; nothing but zeros where the text is short.

    Args:
        texts: Letters and digits alone.
    """
    found = np.zeros((len(texts), BANDS), np.uint64)
    rows = [row for row, text in enumerate(texts) if len(text) >= SHORT]
    found[rows] = bands(sketches([texts[row] for row in rows]))
    return found


def agreeing(ones: Iterable[Keys], others: Iterable[Keys], count: int) -> npt.NDArray[np.int64]:
    """Return in how many slots each of some sketches agrees with another, given a band at a time.

    Args:
        ones: For each band, its keys of some texts.
        others: The same of as many others.
        count: How many they are.
    """
    agree = np.zeros(count, np.int64)
    for one, other in zip(ones, others, strict=True):
        agree += ((one ^ other).view(np.uint16).reshape(-1, _ROWS) == 0).sum(axis=1)
    return agree


def _portions(texts: Sequence[str]) -> list[list[str]]:
    portions: list[list[str]] = []
    room = 0
    for text in texts:
        if not portions or room < len(text):
            portions.append([])
            room = _LETTERS_AT_ONCE
        portions[-1].append(text)
        room -= len(text)
    return portions


def _some(texts: Sequence[str]) -> Sketches:
    hashes, owners = gram_hashes(texts)
    table = np.full(len(texts) * SLOTS, _EMPTY)
    values = np.minimum((hashes >> _VALUE_BITS).astype(np.uint32), _EMPTY - np.uint32(1))
    np.minimum.at(table, owners * SLOTS + (hashes >> _SLOT_BITS).astype(np.int64), values)
    found = table.reshape(len(texts), SLOTS)
    _fill(found)
    return found


def _fill(found: Sketches) -> None:
    """Give each empty slot the value of the first slot in its order that is not empty."""
    full = found != _EMPTY
    rows, slots = np.nonzero(~full)
    for start in range(0, rows.size, _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        orders = _orders()[slots[some]]
        donors = np.argmax(full[rows[some, None], orders], axis=1)
        found[rows[some], slots[some]] = found[rows[some], orders[np.arange(donors.size), donors]]


@cache
def _orders() -> npt.NDArray[np.int64]:
    """Return for each slot the slots that it asks for a value, itself first; the same on every machine for ever."""
    # Ranks by a hash of both numbers: no generator whose stream another version of numpy may change.
    pairs = np.arange(SLOTS * SLOTS, dtype=np.uint64).reshape(SLOTS, SLOTS)
    ranks = (pairs + np.uint64(1)) * _STEP
    ranks ^= ranks >> _HALF
    ranks *= _STEP
    ranks ^= ranks >> _HALF
    np.fill_diagonal(ranks, 0)
    return np.argsort(ranks, axis=1, kind="stable")
