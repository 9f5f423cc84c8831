"""The letters of many texts at once.

Most characters give the same letter, or none, whatever stands beside them: a table has it, filled as characters come.
A text with any other character is taken by itself, in the way that `letters` says.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pressmark.release.letters import letters, only_letters

Points = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]

_CODES = 0x110000
_NONE, _ASIDE, _NEW = _CODES, _CODES + 1, _CODES + 2
"""In the table: gives no letter; depends on what stands beside it, or gives several; not looked at yet."""

_BLOCK = 1 << 16
"""Characters that are looked at together, so that they stay where the processor has them at hand."""

_COMPOSED = 0x20000
"""From here on no character is composed of two."""

_JAMO = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))
"""Vowels and final consonants that make a syllable with what stands before."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of some texts that follow each other."""

    points: Points
    """All of them, as code points."""

    ends: Numbers
    """Where each text ends in them."""

    def encoded(self) -> Iterator[bytes]:
        """Yield the letters of each text in UTF-8."""
        whole = self.points.tobytes().decode("utf-32-le")
        start = 0
        for end in self.ends.tolist():
            yield whole[start:end].encode()
            start = end


def letters_of(texts: Sequence[bytes | memoryview], lengths: Sequence[int]) -> Iterator[Letters]:
    """Yield the letters of texts, some texts at a time.

    Args:
        texts: The texts in UTF-8.
        lengths: How many characters each has.
    """
    start = size = 0
    for number, length in enumerate(lengths):
        size += length
        if size >= _BLOCK or number == len(lengths) - 1:
            found = b"".join(texts[start : number + 1]).decode()
            yield _letters(found, np.cumsum(lengths[start : number + 1], dtype=np.int64))
            start, size = number + 1, 0


def _letters(joined: str, ends: Numbers) -> Letters:
    folded = _folded(np.frombuffer(joined.encode("utf-32-le"), np.uint32))
    kept = np.flatnonzero(folded < _CODES)
    points, cuts = folded[kept], np.searchsorted(kept, ends)
    aside = np.diff(cuts, prepend=0) == 0
    if folded.max(initial=0) == _ASIDE:
        aside[np.searchsorted(ends, np.flatnonzero(folded == _ASIDE), side="right")] = True
    if not aside.any():
        return Letters(points, cuts)
    parts, lengths, start = [], np.diff(cuts, prepend=0), 0
    for number in np.flatnonzero(aside).tolist():
        first = int(ends[number - 1]) if number else 0
        its = letters(joined[first : int(ends[number])]).encode("utf-32-le")
        parts += [points[start : int(cuts[number]) - int(lengths[number])], np.frombuffer(its, np.uint32)]
        start, lengths[number] = int(cuts[number]), len(parts[-1])
    return Letters(np.concatenate([*parts, points[start:]]), np.cumsum(lengths))


def _folded(points: Points) -> Points:
    """Return what the table has for each character."""
    table = _table()
    found = table.take(points)
    if found.max(initial=0) == _NEW:
        new = np.unique(points[found == _NEW])
        table[new] = [_alone(chr(code)) for code in new.tolist()]
        found = table.take(points)
    return found


@lru_cache(maxsize=1)
def _table() -> Points:
    return np.full(_CODES, _NEW, np.uint32)


def _alone(character: str) -> int:
    """Return what the table has for a character.

    The NFKC of a text is put together from that of its characters where each of them stands by itself.
    """
    once = unicodedata.normalize("NFKC", character).casefold()
    if not (_stands_by_itself(character) and (once == character or _stands_by_itself(once))):
        return _ASIDE
    its = only_letters(character)
    return _NONE if not its else ord(its) if len(its) == 1 else _ASIDE


def _stands_by_itself(some: str) -> bool:
    """Tell whether what stands before is not changed by this, nor this by that."""
    first = unicodedata.normalize("NFKD", some)[0]
    return not unicodedata.combining(first) and first not in _seconds()


@lru_cache(maxsize=1)
def _seconds() -> frozenset[str]:
    """Return the characters that are composed with one before them."""
    found = {chr(code) for code in _JAMO}
    for code in range(_COMPOSED):
        parts = unicodedata.decomposition(chr(code)).split(" ")
        if len(parts) > 1 and not parts[0].startswith("<"):
            found.add(chr(int(parts[1], 16)))
    return frozenset(found)
