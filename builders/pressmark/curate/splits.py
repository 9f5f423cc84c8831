"""Splits by a stable hash: the same group falls into the same split, whatever else is in the corpus."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

_GROUP_DIGITS = 16
_BITS = 64


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


def split_of(group: str, salt: str, splits: Sequence[tuple[str, Fraction]]) -> str:
    """Return the split of a group.

    The first 64 bits of SHA-256 over salt, NUL and group are a point between 0 and 1; the splits divide that line in
    the order of the recipe, by their exact shares.

    Args:
        group: Name of the group.
        salt: Recorded in the manifest; another salt is another assignment.
        splits: Names and shares, which add up to 1.
    """
    digest = hashlib.sha256(f"{salt}\0{group}".encode()).digest()
    point = Fraction(int.from_bytes(digest[: _BITS // 8]), 2**_BITS)
    edge = Fraction(0)
    for name, share in splits:
        edge += share
        if point < edge:
            return name
    return splits[-1][0]
