"""Versions of releases: which number a change asks for. Semantic versioning of data, after Croissant 1.1."""

import re
from enum import IntEnum

VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")

Numbers = tuple[int, int, int]


class Bump(IntEnum):
    """How much of a version a change raises."""

    NONE = 0
    PATCH = 1
    """Only metadata or wording of records that were there is corrected."""

    MINOR = 2
    """Records or columns came in, or withheld texts were released."""

    MAJOR = 3
    """A record left, lost its text, or changed its split or group, or a column went or changed its type."""


def numbers(version: str) -> Numbers:
    """Return the three numbers of a version, which order versions.

    Raises:
        ValueError: it is no version.
    """
    found = VERSION.fullmatch(version)
    if not found:
        raise ValueError(f"found {version!r}, expected three numbers such as 1.0.0")
    first, second, third = (int(part) for part in found.groups())
    return first, second, third


def raised(version: str, bump: Bump) -> str:
    """Return the next version after one."""
    major, minor, patch = numbers(version)
    return {
        Bump.NONE: version,
        Bump.PATCH: f"{major}.{minor}.{patch + 1}",
        Bump.MINOR: f"{major}.{minor + 1}.0",
        Bump.MAJOR: f"{major + 1}.0.0",
    }[bump]


def step(old: str, new: str) -> Bump:
    """Return how much of a version was raised to another; `NONE` where it did not go forward."""
    before, after = numbers(old), numbers(new)
    if after <= before:
        return Bump.NONE
    if after[0] > before[0]:
        return Bump.MAJOR
    return Bump.MINOR if after[1] > before[1] else Bump.PATCH
