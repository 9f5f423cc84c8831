"""Puts the lines of a version in their places: every one of them, or none."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pressmark.history import History, Previous
from pressmark.lines import PressedLine
from pressmark.press.folder import link_unchanged, put_in_place, refuse_other


def put_lines(history: History, made: Mapping[str, PressedLine], place: Path, version: str) -> dict[str, bool]:
    """Put every line in its place, or none; return which were there already.

    Args:
        history: What earlier releases had.
        made: The lines.
        place: `OUT/CORPUS`.
        version: That all of them are.

    Raises:
        OutputError: another release is there.
    """
    unchanged = {name: refuse_other(found.folder, place / name / version) for name, found in made.items()}
    for name, found in made.items():
        if not unchanged[name]:
            if name in history.lines:
                link_unchanged(found.folder, history.lines[name].folder, _same(found.manifest, history.lines[name]))
            put_in_place(found.folder, place / name / version)
    return unchanged


def _same(manifest: Mapping[str, Any], previous: Previous) -> list[str]:
    old = {entry["path"]: entry["sha256"] for entry in previous.manifest["files"]}
    return [entry["path"] for entry in manifest["files"] if old.get(entry["path"]) == entry["sha256"]]
