"""Names of shards: which ways of naming (`shards.by` of the recipe) fit the rows that a file holds.

The recipe is no part of a release. What it says can be told from the names all the same: one way of naming has to fit
every file, and within it each row has one file where it belongs.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping

_BITS = re.compile("(?:-([01]+))?")
_DIVIDED = re.compile("-[01]+$")
_FOLDERS = {"articles": "data", "withheld": "withheld"}

Way = tuple[bool, int]
"""Whether the source is in the name, and how many characters of the date: none, the year's four, the month's seven."""

WAYS: tuple[Way, ...] = tuple((by_source, length) for by_source in (False, True) for length in (0, 4, 7))


def folder_of(config: str, split: str) -> str:
    """Return the folder of a split."""
    return f"{_FOLDERS[config]}/{split}"


def is_divided(name: str) -> bool:
    """Tell whether a name, without its ending, says what bits the digests of ids begin with."""
    return _DIVIDED.search(name) is not None


def fitting(name: str, rows: Iterable[tuple[str, str | None]], ids: Iterable[str]) -> dict[Way, tuple[str, str]]:
    """Return the ways of naming that fit a file: what all its rows are called, and the bits that its ids begin with.

    Args:
        name: The file's name without its ending.
        rows: Source and day of its rows; each pair once is enough.
        ids: Their ids, if the name is divided; the outermost are enough.
    """
    found: dict[Way, tuple[str, str]] = {}
    rows = set(rows)
    for way in WAYS:
        stems = {_stem(way, *row) for row in rows}
        stem = stems.pop()
        bits = _BITS.fullmatch(name, len(stem)) if name.startswith(stem) and not stems else None
        if bits:
            found[way] = (stem, bits[1] or "")
    begun = {bits: all(_begins(identity, bits) for identity in ids) for bits in {bits for _, bits in found.values()}}
    return {way: (stem, bits) for way, (stem, bits) in found.items() if begun[bits]}


def _stem(way: Way, source: str, day: str | None) -> str:
    by_source, length = way
    period = (day[:length] if day else "undated") if length else "all"
    return f"{source}-{period}" if by_source else period


def _begins(identity: str, bits: str) -> bool:
    if not bits:
        return True
    return f"{int.from_bytes(_digest(identity)):0256b}".startswith(bits)


def _digest(identity: str) -> bytes:
    return hashlib.sha256(identity.encode()).digest()


def outermost(ids: Iterable[str]) -> list[str]:
    """Return the ids with the smallest and the greatest digest: what bits these two begin with, all do."""
    ordered = sorted(ids, key=_digest)
    return [ordered[0], ordered[-1]]


def misnamed(files: Mapping[str, Mapping[Way, tuple[str, str]]]) -> list[str]:
    """Return the files that no way of naming explains that explains the others.

    Args:
        files: By path, the ways of naming that fit.
    """
    explained = {way: [path for path, ways in files.items() if way in ways] for way in WAYS}
    best = max(WAYS, key=lambda way: len(explained[way]))
    whole = {}
    for path in sorted(explained[best]):
        stem, bits = files[path][best]
        whole[path] = (path.rpartition("/")[0], stem, bits)
    # A shard that was divided is not there any more: no file's bits begin with those of another.
    doubled = [
        path
        for path, (folder, stem, bits) in whole.items()
        if any((folder, stem, bits[:length]) in whole.values() for length in range(len(bits)))
    ]
    return sorted({*files} - {*explained[best]} | {*doubled})
