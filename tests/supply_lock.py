"""What `requirements.lock` says: packages, their digests, and who needs them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
_PINNED = re.compile(r"([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; (.+?))? \\")
_DIGEST = re.compile(r" +--hash=sha256:([0-9a-f]{64})")
_NEEDS = re.compile(r" +#(?: via)? +([A-Za-z0-9._-]+.*)")


@dataclass
class Pinned:
    """A package of the lock."""

    name: str
    version: str
    marker: str = ""
    """Where it is installed; everywhere if nothing is said."""

    digests: list[str] = field(default_factory=list)
    """SHA-256 of each of its files, for one machine or another."""

    needed_by: list[str] = field(default_factory=list)


def pinned(path: Path = LOCK) -> list[Pinned]:
    """Return the packages of a lock.

    Raises:
        ValueError: a line is none of those that there can be.
    """
    return list(_read(path.read_text(encoding="utf-8").splitlines()))


def _read(lines: list[str]) -> Iterator[Pinned]:
    current: Pinned | None = None
    for number, line in enumerate(lines, 1):
        if found := _PINNED.fullmatch(line):
            if current:
                yield current
            current = Pinned(found[1], found[2], found[3] or "")
        elif current and (found := _DIGEST.match(line)):
            current.digests.append(found[1])
        elif current and (found := _NEEDS.fullmatch(line)):
            current.needed_by.append(found[1])
        elif line.strip() not in ("", "# via"):
            raise ValueError(f"line {number}: found {line!r}")
    if current:
        yield current


def shipped(packages: list[Pinned]) -> set[str]:
    """Return the names of the packages that come with pressmark, and not for its tests alone."""
    needed = {each.name for each in packages if "pressmark (pyproject.toml)" in each.needed_by}
    while more := {each.name for each in packages if needed & set(each.needed_by)} - needed:
        needed |= more
    return needed
