"""What a release tells of its past: versions and changes, records that are gone, tombstones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curation import Curation
from pressmark.departures import Departure, departed, told_departures
from pressmark.errors import UsageError
from pressmark.history import History
from pressmark.press.history import TOMBSTONES, write_departures, write_history, write_tombstones
from pressmark.recipe import Recipe
from pressmark.release.changes import KINDS, Changes
from pressmark.suppression import Registry


def gone_from(history: History, registry: Registry, curation: Curation, line: str) -> list[Departure]:
    """Return the records of the release before that a release line has no more."""
    previous = history.lines.get(line)
    return departed(previous.rows, curation, line, registry.suppression) if previous else []


def tell_gone(history: History, registry: Registry, curation: Curation, line: str, folder: Path) -> None:
    """Write which records of the release before are gone, and the tombstones of all that ever were withdrawn."""
    previous = history.lines.get(line)
    if previous:
        gone = gone_from(history, registry, curation, line)
        write_departures(folder, told_departures(gone, registry.suppression))
        before = history.former[line].withdrawn(previous.rows, registry.suppression)
        new = {*(each.tombstone for each in gone), *before.values()}
        write_tombstones(folder, previous.folder, registry.tombstones, new)


def tells_more(history: History, line: str, folder: Path) -> bool:
    """Tell whether a release has other tombstones than the one before, also where no record changed."""
    return line in history.lines and _tombstones(folder) != _tombstones(history.lines[line].folder)


def _tombstones(folder: Path) -> bytes:
    path = folder / TOMBSTONES
    return path.read_bytes() if path.is_file() else b""


def tell_history(
    recipe: Recipe,
    history: History,
    registry: Registry,
    gone: list[Departure],
    folder: Path,
    manifest: Mapping[str, Any],
    changes: Changes,
) -> None:
    """Write `versions.json` and the changelog, with what the publisher says in `changelog/VERSION.md`."""
    previous = history.lines.get(manifest["line"])
    words = recipe.folder / "changelog" / f"{manifest['version']}.md"
    write_history(
        folder,
        manifest,
        previous.folder if previous else None,
        {kind: changes.kinds[kind] for kind in KINDS if changes.kinds[kind]},
        changes.fields,
        _words(words),
        _having_withdrawn(history, registry, gone, manifest["line"]) if previous else (),
    )


def _having_withdrawn(history: History, registry: Registry, gone: list[Departure], line: str) -> set[int]:
    """Return the numbers of the releases of a line that had any article which is withdrawn."""
    previous, former = history.lines[line], history.former[line]
    withdrawn = [each.id for each in gone if each.because == WITHDRAWN]
    added = previous.rows.added(withdrawn)
    newest = int(previous.manifest["release"])
    without_break = range(min(added, default=newest + 1), newest + 1)
    before = former.withdrawn(previous.rows, registry.suppression)
    return {*without_break, *former.holding({*withdrawn, *before})}


def _words(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}, byte {error.start}: found bytes that are not UTF-8", advice="save it as UTF-8"
        ) from error
