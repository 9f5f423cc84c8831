"""Splits by a stable hash: the same group falls into the same split, whatever else is in the corpus."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import accumulate
from math import ceil

import numpy as np
import numpy.typing as npt

_GROUP_DIGITS = 16
_BITS = 64
UNDATED = np.iinfo(np.int32).min
"""In a column of days since 1970: none is known."""

_FIRST_DAY = date(1970, 1, 1)


def group_id(text_sha256: str) -> str:
    """Return the name of the group of an article: 16 digits of the digest of its text, so exact copies share one."""
    return text_sha256[:_GROUP_DIGITS]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article belongs for ever, because a release had it."""

    split: str
    group: str
    released: int
    """Number of the earliest release of any line that has it, as far as the previous ones say."""


@dataclass(frozen=True, slots=True)
class SplitRule:
    """How a new group comes into its split."""

    salt: str
    """Recorded in the manifest; another salt is another assignment."""

    shares: Sequence[tuple[str, Fraction]]
    """Names and shares of splits, which add up to 1."""

    since: Mapping[str, str] = field(default_factory=dict)
    """Splits of everything from a day on, as YYYY-MM-DD."""

    def split(self, group: str, earliest: str | None) -> str:
        """Return the split of a group.

        Args:
            group: Its name.
            earliest: The first day on which one of its articles was published, if any is known.
        """
        begun = [(day, name) for name, day in self.since.items() if earliest is not None and earliest >= day]
        return max(begun)[1] if begun else split_of(group, self.salt, self.shares)

    def split_numbers(self, groups: npt.NDArray[np.uint64], days: npt.NDArray[np.int32]) -> npt.NDArray[np.int16]:
        """Return the splits of many groups, as numbers in the order of the shares.

        Args:
            groups: Their names, each read as one number.
            days: The first day of each, in days since 1970, or `UNDATED`.
        """
        points = np.fromiter((_point(f"{group:016x}", self.salt) for group in groups.tolist()), np.uint64, groups.size)
        edges = (ceil(edge * 2**_BITS) for edge in accumulate(share for _, share in self.shares))
        # A point that reaches the edge of a split is in a later one; the last edge is behind all points.
        passed = np.array([edge for edge in edges if edge < 2**_BITS], np.uint64)
        found = np.minimum(np.searchsorted(passed, points, "right"), len(self.shares) - 1).astype(np.int16)
        names = [name for name, _ in self.shares]
        for day, name in sorted((day, name) for name, day in self.since.items()):
            found[days >= (date.fromisoformat(day) - _FIRST_DAY).days] = names.index(name)
        return found


def split_of(group: str, salt: str, splits: Sequence[tuple[str, Fraction]]) -> str:
    """Return the split of a group.

    The first 64 bits of SHA-256 over salt, NUL and group are a point between 0 and 1; the splits divide that line in
    the order of the recipe, by their exact shares.

    Args:
        group: Name of the group.
        salt: Recorded in the manifest; another salt is another assignment.
        splits: Names and shares, which add up to 1.
    """
    point = Fraction(_point(group, salt), 2**_BITS)
    edge = Fraction(0)
    for name, share in splits:
        edge += share
        if point < edge:
            return name
    return splits[-1][0]


def _point(group: str, salt: str) -> int:
    digest = hashlib.sha256(f"{salt}\0{group}".encode()).digest()
    return int.from_bytes(digest[: _BITS // 8])
