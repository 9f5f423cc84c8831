"""Names of shards: which ways of naming (`shards.by` of the recipe) fit the rows that a file holds.

The recipe is no part of a release. What it says can be told from the names all the same: one way of naming has to fit
every file, and within it each row has one file where it belongs.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

_BITS = re.compile("(?:-([01]+))?")
_DIVIDED = re.compile("-[01]+$")
_FOLDERS = {"articles": "data", "withheld": "withheld"}

Way = tuple[bool, int]
"""Whether the source is in the name, and how many characters of the date: none, the year's four, the month's seven."""

WAYS: tuple[Way, ...] = tuple((by_source, length) for by_source in (False, True) for length in (0, 4, 7))


def folder_of(config: str, split: str) -> str:
    """Return the folder of a split."""
    return f"{_FOLDERS[config]}/{split}"


def fitting(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[Way, tuple[str, str]]:
    """Return the ways of naming that fit a file: what all its rows are called, and the bits that its ids begin with.

    Args:
        name: The file's name without its ending.
        rows: `id`, `source` and `published_on` of its rows.
    """
    if not _DIVIDED.search(name):
        # Without bits at the end of the name no id is looked at, and rows of one source and day are called alike.
        rows = {(row["source"], row.get("published_on")): row for row in rows}.values()
    found: dict[Way, tuple[str, str]] = {}
    ways = set(WAYS)
    for row in rows:
        for way in list(ways):
            stem = _stem(way, row)
            bits = _BITS.fullmatch(name, len(stem)) if name.startswith(stem) else None
            if bits and found.setdefault(way, (stem, bits[1] or ""))[0] == stem and _begins(row["id"], bits[1] or ""):
                continue
            ways.remove(way)
            found.pop(way, None)
    return found


def _stem(way: Way, row: Mapping[str, Any]) -> str:
    by_source, length = way
    day = row.get("published_on")
    period = (str(day)[:length] if day else "undated") if length else "all"
    return f"{row['source']}-{period}" if by_source else period


def _begins(identity: str, bits: str) -> bool:
    digest = int.from_bytes(hashlib.sha256(identity.encode()).digest())
    return f"{digest:0256b}".startswith(bits)


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
