"""Earlier releases as an input of a build: what a line continues, and what every article was in it."""

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from pressmark.errors import OutputError, UsageError, refuse_unreadable
from pressmark.former import Former, former
from pressmark.plan import Engine
from pressmark.press.columns import rows_of
from pressmark.press.content import lasting_digest
from pressmark.press.history import CHANGELOG, TOMBSTONES, VERSIONS
from pressmark.press.manifest import MANIFEST, digest_of
from pressmark.recipe import Recipe
from pressmark.release.batches import batches, opened
from pressmark.release.version import VERSION, numbers
from pressmark.shelf import Shelf
from pressmark.standings import RECALLED, Belonging, Standings, recalled

_CONTINUED = frozenset({VERSIONS, CHANGELOG, TOMBSTONES})
"""Files beside the rows that the next release takes up."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The release that a line continues."""

    folder: Path
    manifest: dict[str, Any]
    rows: Standings

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.manifest["version"])


@dataclass(frozen=True, slots=True)
class History:
    """The releases that the lines of a corpus continue."""

    lines: Mapping[str, Previous]
    former: Mapping[str, Former] = field(default_factory=dict)
    """By line, what older releases had that lie beside the one that is continued."""

    def belonging(self) -> Belonging:
        """Return where each article belongs that any release had: who comes back comes back to the same place.

        All lines give it the same split and group.
        """
        gone = [file for each in self.former.values() for file in each.files.values()]
        return Belonging.of(gone, [self.lines[name].rows for name in sorted(self.lines)])

    def splits(self) -> set[str]:
        """Return the splits that the lines have articles in."""
        return {split for previous in self.lines.values() for split in previous.rows.splits}

    def release(self, line: str) -> int:
        """Return the number of the next release of a line."""
        return int(self.lines[line].manifest["release"]) + 1 if line in self.lines else 1

    @property
    def newest(self) -> str | None:
        """The newest version that any line continues."""
        return max((previous.version for previous in self.lines.values()), key=numbers, default=None)


@dataclass(frozen=True, slots=True)
class RecallJob:
    """Read one file of an earlier release."""

    path: Path
    sha256: str
    config: str
    split: str
    shelf: Shelf | None = None
    """Where to look first what it holds."""


def versions_in(line: Path) -> list[str]:
    """Return the versions of a release line, `OUT/CORPUS/LINE`, the oldest first; none where there is no such folder.

    Raises:
        OSError: the system does not list the folder.
    """
    try:
        with os.scandir(line) as entries:
            found = [entry.name for entry in entries if VERSION.fullmatch(entry.name) and entry.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(found, key=numbers)


def read_history(
    recipe: Recipe,
    building: Collection[str],
    place: Path,
    version: str | None,
    given: Sequence[Path],
    engine: Engine,
    shelf: Shelf | None = None,
) -> History:
    """Read the newest earlier release of every line; of lines that are not built now, also one of this version.

    All lines have the same splits, so those that are not built say where articles belong.

    Args:
        recipe: Names the lines.
        building: The lines that are built.
        place: `OUT/CORPUS`, where releases lie.
        version: What is to be built; releases from there on are passed over. All count where it is not known yet.
        given: Release folders that lie elsewhere.
        engine: Runs the reading.
        shelf: What earlier builds noted of the files of releases.

    Raises:
        UsageError: a given folder is no release of a line of this corpus, or a newer version is there and this is not.
        OutputError: a release is not what its manifest says.
    """
    folders = dict(_given(recipe, given))
    for name in building:
        later = [
            each
            for each in folders.get(name, ())
            if version and numbers(_manifest(each)["version"]) >= numbers(version)
        ]
        if later:
            raise UsageError(f"{later[0]} is no earlier version than {version}", advice="give an earlier one")
    for name in recipe.lines:
        there = versions_in(place / name)
        if name in building and version and version not in there and there and numbers(there[-1]) > numbers(version):
            raise UsageError(
                f"{place / name} holds version {there[-1]}, which is newer than {version}",
                advice="versions go forward: give a greater --version, or --version auto",
            )
        newer = numbers(version) if version else None
        earlier = [each for each in there if newer is None or numbers(each) < newer]
        earlier += [each for each in there if each == version and name not in building]
        if earlier:
            folders.setdefault(name, []).append(place / name / earlier[-1])
    newest = {
        name: max(found, key=lambda folder: numbers(_manifest(folder)["version"])) for name, found in folders.items()
    }
    lines = {name: _previous(folder, engine, shelf) for name, folder in newest.items()}
    return History(lines, {name: former(each.manifest, _older(each)) for name, each in lines.items()})


def _given(recipe: Recipe, folders: Sequence[Path]) -> Iterator[tuple[str, list[Path]]]:
    by_line: dict[str, list[Path]] = {}
    for folder in folders:
        manifest = _manifest(folder)
        if manifest["corpus"] != recipe.name or manifest["line"] not in recipe.lines:
            raise UsageError(
                f"{folder} is a release of {manifest['corpus']}, line {manifest['line']}",
                advice=f"give releases of {recipe.name} as --previous, of the lines {', '.join(recipe.lines)}",
            )
        by_line.setdefault(manifest["line"], []).append(folder)
    yield from by_line.items()


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        numbers(manifest["version"])
        return {**manifest, "line": str(manifest["line"]), "corpus": str(manifest["corpus"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        refuse_unreadable(error)
        raise OutputError(
            f"{folder} has no manifest that can be read: {type(error).__name__}",
            advice="it is an input of this build: bring the release back whole, or continue from another --previous",
        ) from error


def _previous(folder: Path, engine: Engine, shelf: Shelf | None) -> Previous:
    manifest = _manifest(folder)
    for entry in manifest["files"]:
        if entry["path"] in _CONTINUED:
            _refuse_changed(folder / entry["path"], entry["sha256"])
    jobs = [
        RecallJob(folder / entry["path"], entry["sha256"], entry["config"], entry["split"], shelf)
        for entry in manifest["files"]
        if "config" in entry
    ]
    found = zip(jobs, engine.run(recall_stage, jobs), strict=True)
    return Previous(folder, manifest, Standings.of([(job.config, job.split, table) for job, table in found]))


def _older(newest: Previous) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield folder and manifest of the older releases of the same line that lie beside one."""
    for version in versions_in(newest.folder.parent):
        folder = newest.folder.parent / version
        if numbers(version) >= numbers(newest.version):
            break
        manifest = _manifest(folder)
        if all(manifest[key] == newest.manifest[key] for key in ("corpus", "line")):
            yield folder, manifest


def recall_stage(job: RecallJob) -> pa.Table:
    """Return what the articles of one file of an earlier release were.

    Raises:
        OutputError: the file is not what the manifest says.
    """
    _refuse_changed(job.path, job.sha256)
    known = job.shelf.rows(job.sha256) if job.shelf else None
    if known is not None:
        return known.select(RECALLED.names)
    return pa.concat_tables(
        [
            RECALLED.empty_table(),
            *(recalled(batch, [lasting_digest(row) for row in rows_of(batch)]) for batch in batches(opened(job.path))),
        ]
    )


def _refuse_changed(path: Path, sha256: str) -> None:
    if not path.is_file() or digest_of(path) != sha256:
        raise OutputError(
            f"{path} is not what its release's manifest says",
            advice="it is an input of this build: bring the release back whole; `pressmark verify` says what differs",
        )
