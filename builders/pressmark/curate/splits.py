"""Splits by a stable hash: the same group falls into the same split, whatever else is in the corpus."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pressmark.curate.duplicates import Entry

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


def placed(
    entries: Iterable[Entry],
    origins: Mapping[str, Origin],
    salt: str,
    splits: Sequence[tuple[str, Fraction]],
    renamed: Mapping[str, str] | None = None,
) -> dict[tuple[int, int], tuple[str, str]]:
    """Return group and split of each article. What a release had stays; a new article takes its group's split.

    A new group is in the split that its articles say; where they say several, in that of the smallest id.

    Args:
        entries: The articles.
        origins: Where articles of earlier releases belong, by id.
        salt: As for `split_of`.
        splits: As for `split_of`.
        renamed: Other names for groups.
    """
    names = renamed or {}
    known = {origin.group: origin.split for origin in origins.values()}
    articles = list(entries)
    for entry in sorted(articles, key=lambda entry: entry.id):
        if entry.split is not None and entry.id not in origins:
            known.setdefault(group_id(entry.text_sha256), entry.split)
    found = {}
    for entry in articles:
        origin = origins.get(entry.id)
        group = origin.group if origin else group_id(entry.text_sha256)
        found[entry.at] = (
            names.get(group, group),
            origin.split if origin else known.get(group) or split_of(group, salt, splits),
        )
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
    digest = hashlib.sha256(f"{salt}\0{group}".encode()).digest()
    point = Fraction(int.from_bytes(digest[: _BITS // 8]), 2**_BITS)
    edge = Fraction(0)
    for name, share in splits:
        edge += share
        if point < edge:
            return name
    return splits[-1][0]
