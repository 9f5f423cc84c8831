"""Puts the lines of a version in their places: every one of them, or none."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pressmark.history import History, Previous, versions_in
from pressmark.lines import PressedLine
from pressmark.press.folder import link_unchanged, put_in_place, refuse_other, sums_of
from pressmark.workshop import write_durably

BEGUN = ".begun"
"""File of `OUT/CORPUS` that says which version is being put in place, as long as some lines may lack it."""


def begun_version(place: Path, names: Collection[str]) -> str | None:
    """Return the version that a build was stopped at which had put some of these lines in place, and not all of them.

    Where no build says that it began so, lines are merely of different versions, as they are after `--line`.

    Args:
        place: `OUT/CORPUS`.
        names: The lines that are built.
    """
    path = place / BEGUN
    version = path.read_text(encoding="utf-8") if path.is_file() else ""
    there = [version in versions_in(place / name) for name in names]
    return version if any(there) and not all(there) else None


def is_other(made: Mapping[str, PressedLine], place: Path, version: str) -> bool:
    """Tell whether a line of a version is in its place already and differs from what was made."""
    there = {place / name / version: found.folder for name, found in made.items()}
    return any(old.is_dir() and sums_of(old) != sums_of(new) for old, new in there.items())


def forget_begun(place: Path) -> None:
    """Remove the note: no version is half in place, or the one that is will not be completed."""
    (place / BEGUN).unlink(missing_ok=True)


def forget_whole(place: Path, names: Collection[str]) -> None:
    """Remove the note where no line lacks the version that it names: the build was stopped just before it did that."""
    if begun_version(place, names) is None:
        forget_begun(place)


def put_lines(history: History, made: Mapping[str, PressedLine], place: Path, version: str) -> dict[str, bool]:
    """Put every line in its place, or none; return which were there already.

    A build that is killed in between leaves a note of the version for `begun_version`.

    Args:
        history: What earlier releases had.
        made: The lines.
        place: `OUT/CORPUS`.
        version: That all of them are.

    Raises:
        OutputError: another release is there.
    """
    unchanged = {name: refuse_other(found.folder, place / name / version) for name, found in made.items()}
    if not all(unchanged.values()):
        write_durably(place / BEGUN, version.encode())
    for name, found in made.items():
        if not unchanged[name]:
            if name in history.lines:
                link_unchanged(found.folder, history.lines[name].folder, _same(found.manifest, history.lines[name]))
            put_in_place(found.folder, place / name / version)
    return unchanged


def _same(manifest: Mapping[str, Any], previous: Previous) -> list[str]:
    old = {entry["path"]: entry["sha256"] for entry in previous.manifest["files"]}
    return [entry["path"] for entry in manifest["files"] if old.get(entry["path"]) == entry["sha256"]]
