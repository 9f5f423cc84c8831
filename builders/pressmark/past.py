"""What a release tells of its past: versions and changes, records that are gone, tombstones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curation import Curation
from pressmark.departures import Departure, departed, told_departures
from pressmark.errors import UsageError
from pressmark.history import History
from pressmark.press.history import write_departures, write_history, write_tombstones
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
        write_tombstones(folder, previous.folder, registry.tombstones, {each.tombstone for each in gone})


def tell_history(
    recipe: Recipe, history: History, gone: list[Departure], folder: Path, manifest: Mapping[str, Any], changes: Changes
) -> None:
    """Write `versions.json` and the changelog, with what the publisher says in `changelog/VERSION.md`."""
    previous = history.lines.get(manifest["line"])
    words = recipe.folder / "changelog" / f"{manifest['version']}.md"
    withdrawn = [each.id for each in gone if each.because == WITHDRAWN]
    write_history(
        folder,
        manifest,
        previous.folder if previous else None,
        {kind: changes.kinds[kind] for kind in KINDS if changes.kinds[kind]},
        changes.fields,
        _words(words),
        min(previous.rows.added(withdrawn), default=None) if previous else None,
    )


def _words(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}, byte {error.start}: found bytes that are not UTF-8", advice="save it as UTF-8"
        ) from error
