"""What changed since the release before, as far as a page may tell it."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pressmark.page.beside import gone, versions
from pressmark.release.changes import Change, Changes
from pressmark.release.copies import plain_bytes
from pressmark.release.diff import differences
from pressmark.release.version import VERSION, numbers

_SHOWN = 200
"""Records of each kind that are listed."""


@dataclass(slots=True)
class Since:
    """What changed from the release before to this one."""

    old: str
    new: str
    total: Changes = field(default_factory=Changes)
    listed: dict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))
    unnamed: Counter[str] = field(default_factory=Counter)
    """Records that are gone and that the newer release does not name: a page that people may see does not either."""


def since(old: Path, new: Path, *, private: bool) -> Since:
    """Return what changed.

    Args:
        old: The earlier release.
        new: The later one.
        private: Whether records may be named that the later one does not name.

    Raises:
        UsageError: a folder is no release, or a file of it cannot be read.
    """
    named = gone(new)
    with differences(old, new) as (columns, changes):
        found = Since(_version(old), _version(new), Changes(columns=list(columns)))
        for change in changes:
            found.total.take(change)
            for kind in change.kinds:
                if change.after is None and not private and change.id not in named:
                    found.unnamed[kind] += 1
                elif len(found.listed[kind]) < _SHOWN:
                    found.listed[kind].append(change)
    return found


def before(folder: Path, manifest: Mapping[str, Any]) -> Path | None:
    """Return the release before, where it lies beside this one."""
    line = folder.resolve().parent
    if folder.resolve().name != manifest["version"]:
        return None
    earlier = [line / version for version, *_ in versions(folder) if _is_earlier(version, manifest["version"])]
    return next((place for place in reversed(earlier) if (place / "manifest.json").is_file()), None)


def _is_earlier(version: str, than: str) -> bool:
    return VERSION.fullmatch(version) is not None and numbers(version) < numbers(than)


def _version(folder: Path) -> str:
    return str(json.loads(plain_bytes(folder, "manifest.json"))["version"])
