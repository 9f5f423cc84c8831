"""Pieces of texts: what makes it cheap to ask whether a run of one text stands in another.

A run that counts has 24 characters where it holds CJK, and 60 elsewhere, spaces apart (`RUN_CJK`, `RUN_OTHER`). Of a
withheld text every 13th piece of 12 characters is kept, and every 31st of 30: any run that counts holds one of them
whole. Of a release, every piece is asked for. Pieces are compared by a 64-bit hash, and whatever meets is compared
again character by character, so that nothing is missed and nothing is claimed in error. For half of a text it is
enough to look for any half of its pieces and a few more; the rarest are taken, so that a sentence which thousands of
texts share makes no thousands of pairs.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RUN_CJK, RUN_OTHER = 24, 60
"""Characters, spaces apart, of a text that make a leak: where the run holds CJK, and elsewhere."""

Hashes = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]

BREAK = "\0"
"""Stands between values that are joined; in no value."""

_CJK = (
    (0x1100, 0x11FF),
    (0x2E80, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x20000, 0x3FFFF),
)
_HAS_CJK = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in _CJK)}]")
# What nobody sees: format characters, variation selectors, fillers of Hangul, the grapheme joiner.
_FILLERS = "\u034f\u115f\u1160\u3164\uffa0"
_UNSEEN = frozenset(
    chr(point)
    for point in (*range(0x10000), *range(0xE0000, 0xE1000))
    if unicodedata.category(chr(point)) == "Cf"
    or chr(point) in _FILLERS
    or 0xFE00 <= point <= 0xFE0F
    or 0x180B <= point <= 0x180F
    or point >= 0xE0100
)


def _ranges(characters: frozenset[str]) -> str:
    """Return characters as a class of a pattern: a search through ranges is hundreds of times as fast as one by one."""
    found: list[list[int]] = []
    for point in sorted(map(ord, characters)):
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return f"[{''.join(f'{re.escape(chr(first))}-{re.escape(chr(last))}' for first, last in found)}]"


_HIDDEN = re.compile(_ranges(_UNSEEN))
_LAST = 0x40000
_CJK_TABLE = np.zeros(_LAST + 1, bool)
for _first, _end in _CJK:
    _CJK_TABLE[_first : _end + 1] = True

_BASE = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xD6E8FEB86659FD93)
_BLOCK = 1 << 17
"""Positions that are hashed at once; small enough to stay in the processor's cache."""


def _powers(base: int) -> Hashes:
    # Unsigned arithmetic wraps around, which is what modulo 2**64 means.
    steps = np.full(_BLOCK + 64, base, np.uint64)
    steps[0] = 1
    return np.cumprod(steps, dtype=np.uint64)


_POWERS, _INVERSE = _powers(_BASE), _powers(pow(_BASE, -1, 1 << 64))


@dataclass(frozen=True, slots=True)
class Family:
    """Pieces of one length."""

    length: int
    step: int
    cjk: bool
    """Whether it serves runs that hold CJK, or those that hold none."""


FAMILIES = (Family(12, 13, cjk=True), Family(30, 31, cjk=False))


def dense(value: str) -> str:
    """Return a value as runs are compared: NFKC, case folded, without spaces and without what nobody sees.

    Values that are joined by `BREAK` stay so, and each becomes what it would become alone: nothing of a character's
    form depends on what stands beyond a control character.
    """
    if value.isascii():
        return "".join(value.split()).lower()
    folded = "".join(unicodedata.normalize("NFKC", value).casefold().split())
    return _HIDDEN.sub("", folded)


def has_cjk(value: str) -> bool:
    """Tell whether a value holds a Chinese, Japanese or Korean character."""
    return bool(_HAS_CJK.search(value))


def codes(value: str) -> npt.NDArray[np.uint32]:
    """Return the code points of a dense value."""
    return np.frombuffer(value.encode("utf-32-le", "surrogatepass"), np.uint32)


def pieces(points: npt.NDArray[np.uint32], family: Family, *, every: int) -> tuple[Hashes, Positions]:
    """Return hash and position of pieces of a family.

    Args:
        points: Code points of dense values, joined by `BREAK`; no piece goes across one.
        family: Length and kind of the pieces.
        every: Take the pieces that begin at multiples of this.
    """
    count = len(points) - family.length + 1
    cjk = _counted(_CJK_TABLE[np.minimum(points, np.uint32(_LAST))])
    if count <= 0 or (family.cjk and not cjk[-1]):
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    broken = _counted(points == 0)
    keep = broken[family.length :] == broken[:count]
    if family.cjk:
        # A run of 24 that holds CJK holds it at most this far from the piece.
        around = RUN_CJK - family.length
        padded = np.pad(cjk, around, mode="edge")
        keep &= padded[2 * around + family.length :][:count] > padded[:count]
    else:
        keep &= cjk[family.length :] == cjk[:count]
    starts = np.flatnonzero(keep[::every]) * every
    return _hashes(points, family.length)[starts], starts


def _counted(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    return np.concatenate([np.zeros(1, np.int32), np.cumsum(flags, dtype=np.int32)])


def _hashes(points: npt.NDArray[np.uint32], length: int) -> Hashes:
    """Return a hash of the piece at each position: a polynomial modulo 2**64, from sums of the powers before it."""
    found = np.empty(len(points) - length + 1, np.uint64)
    for start in range(0, len(found), _BLOCK):
        values = points[start : start + _BLOCK + length - 1].astype(np.uint64) + np.uint64(1)
        sums = np.zeros(len(values) + 1, np.uint64)
        np.cumsum(values * _POWERS[: len(values)], out=sums[1:])
        part = (sums[length:] - sums[:-length]) * _INVERSE[: len(values) - length + 1]
        part ^= part >> np.uint64(32)
        part *= _MIX
        found[start : start + len(part)] = part ^ (part >> np.uint64(29))
    return found


def common_run(one: str, at: int, other: str, there: int) -> str:
    """Return the longest run that two dense values share around a place where they are equal."""
    end = _equal(one[at:], other[there:])
    start = _equal(one[:at][::-1], other[:there][::-1])
    return one[at - start : at + end]


def _equal(one: str, other: str) -> int:
    """Return how many characters two strings begin with alike, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def counts(run: str) -> bool:
    """Tell whether a run is long enough to be a leak."""
    return len(run) >= (RUN_CJK if has_cjk(run) else RUN_OTHER)


def windows(value: str) -> list[str]:
    """Return every shortest run of dense values that would be a leak, one for each place where one begins."""
    found = []
    for start in range(len(value) - RUN_CJK + 1):
        window = value[start : start + RUN_CJK]
        if not has_cjk(window):
            window = value[start : start + RUN_OTHER]
            if len(window) < RUN_OTHER or has_cjk(window):
                continue
        if BREAK not in window:
            found.append(window)
    return found


def is_half(closed: Sequence[str], value: str) -> bool:
    """Tell whether a value holds half or more of the windows of a text; a text without any is in nothing."""
    held = {
        value[start : start + length] for length in (RUN_CJK, RUN_OTHER) for start in range(len(value) - length + 1)
    }
    return bool(closed) and 2 * sum(window in held for window in closed) >= len(closed)
