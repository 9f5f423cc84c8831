"""The card's section on versions: this one and earlier ones, and what changed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pressmark.press.history import VERSIONS
from pressmark.press.markdown import escaped, spaced, table
from pressmark.wording import words

_MOST = 20


def versions_section(folder: Path) -> list[str]:
    """Return the lines of the section.

    Args:
        folder: The folder that the release is written in, its history already there.
    """
    stated = json.loads((folder / VERSIONS).read_bytes())["versions"]
    rows = [_row(entry) for entry in reversed(stated[-_MOST:])]
    head = ("version", "as of", "status", "articles", "withheld", "what changed")
    older = len(stated) - len(rows)
    return [
        *("## Versions", ""),
        *spaced([words("versions.rule")]),
        *table(head, rows, ("articles", "withheld")),
        *spaced([words("versions.earlier", count=older) if older else words("versions.all")]),
    ]


def _row(entry: Mapping[str, Any]) -> tuple[object, ...]:
    changed = ", ".join(f"{kind}: {count}" for kind, count in entry["changes"].items()) or words("versions.nothing")
    said = changed if entry["reason"] == changed else f"{escaped(entry['reason'])} ({changed})"
    return (*(entry[name] for name in ("version", "as_of", "status", "articles", "withheld")), said)
