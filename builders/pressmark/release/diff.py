"""What changed from one release to another, told from the two folders alone.

Files that are the same in both are not read. Rows of the others are brought together by the hash of their ids, in
files of a scratch folder; a process holds one part of them in memory.
"""

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.errors import UsageError, refuse_unreadable
from pressmark.release.changes import WITHDRAWN, Change, Changes
from pressmark.release.compared import Names, Part, compare_part
from pressmark.release.rows import Run
from pressmark.release.spread import Spread, spread, which_part

_PART_BYTES = 8 * 10**6
"""Compressed bytes of a part: some ten times as much in memory."""

_MOST_PARTS = 256

_TASKS = 4
"""In which the files of a release are read, at most."""

Schema = Mapping[str, Mapping[str, Any]]
"""By configuration the columns of a release, each with its type."""

Schemas = list[tuple[str, str, str]]
"""Configuration, name, and what happened to a column."""

_TOMBSTONES = "rights/tombstones.jsonl"
_DEPARTURES = "departures.jsonl"


@dataclass(frozen=True, slots=True)
class Side:
    """A release, as far as it is compared: it need not be finished."""

    folder: Path
    shards: Mapping[str, tuple[str, str, str]]
    """By path: configuration, split and SHA-256 of each file of rows."""


def side(folder: Path) -> Side:
    """Return a finished release as a side.

    Raises:
        UsageError: there is no manifest that can be read.
        OSError: the system does not give it.
    """
    try:
        files = json.loads((folder / "manifest.json").read_bytes())["files"]
        shards = {
            entry["path"]: (entry["config"], entry["split"], entry["sha256"]) for entry in files if "config" in entry
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        refuse_unreadable(error)
        raise UsageError(
            f"{folder} has no manifest that can be read: {type(error).__name__}",
            advice="give a release folder, dist/CORPUS/LINE/VERSION",
        ) from error
    return Side(folder, shards)


@contextmanager
def differences(old: Path, new: Path, *, texts: bool = False) -> Iterator[tuple[Schemas, Iterator[Change]]]:
    """Give what changed in the columns, and what happened to each record, from one finished release to another.

    Args:
        old: The earlier release, a folder.
        new: The later one.
        texts: Whether changes of a text carry both texts.

    Raises:
        UsageError: a folder is no release, or a file of it cannot be read.
        OSError: the system does not give a file, or has no more memory or space.
    """
    sides = (side(old), side(new))
    with tempfile.TemporaryDirectory(prefix="pressmark-") as scratch:
        with _readable(old, new):
            columns = column_changes(*sides)
        yield columns, _told_in_words(compare(*sides, Path(scratch), texts=texts), old, new)


def _told_in_words(changes: Iterator[Change], old: Path, new: Path) -> Iterator[Change]:
    with _readable(old, new):
        yield from changes


@contextmanager
def _readable(old: Path, new: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, FileNotFoundError, KeyError, ValueError, OverflowError) as error:
        refuse_unreadable(error)
        raise UsageError(
            f"a file of {old} or {new} cannot be read: {type(error).__name__}",
            advice="`pressmark verify` says which",
        ) from error


def counted(changes: Iterable[Change], columns: Iterable[tuple[str, str, str]]) -> Changes:
    """Return how much changed."""
    found = Changes(columns=list(columns))
    for change in changes:
        found.take(change)
    return found


def column_changes(old: Side, new: Side) -> Schemas:
    """Return columns that came, went or have another type, of configurations that both have."""
    found = []
    before, after = _schemas(old), _schemas(new)
    for config in sorted(before.keys() & after.keys()):
        for name in sorted(before[config].keys() | after[config].keys()):
            types = (before[config].get(name), after[config].get(name))
            if types[0] != types[1]:
                what = "added" if types[0] is None else "removed" if types[1] is None else "another type"
                found.append((config, name, what))
    return found


def _schemas(release: Side) -> Schema:
    first = {config: path for path, (config, _, _) in sorted(release.shards.items(), reverse=True)}
    found = {config: pq.read_schema(release.folder / path) for config, path in first.items()}
    return {config: {name.name: (name.type, name.nullable) for name in schema} for config, schema in found.items()}


def compare(old: Side, new: Side, scratch: Path, *, texts: bool = False, run: Run = map) -> Iterator[Change]:
    """Yield what happened to each record to which anything did, in the order of ids.

    Args:
        old: The earlier release.
        new: The later one.
        scratch: An empty folder for files that may be deleted afterwards.
        texts: Whether changes of a text carry both texts.
        run: Reads files and compares rows, as the `run` of an engine does; what is found does not depend on it.

    Raises:
        OSError, pyarrow.ArrowException: a file cannot be read.
    """
    differing = [
        {path: entry for path, entry in one.shards.items() if other.shards.get(path) != entry}
        for one, other in ((old, new), (new, old))
    ]
    size = sum(
        (release.folder / path).stat().st_size
        for release, paths in zip((old, new), differing, strict=True)
        for path in paths
    )
    parts = min(_MOST_PARTS, 1 + size // _PART_BYTES)
    tasks = [
        [Spread(release.folder, some, scratch, parts) for some in _dealt(_places(paths))]
        for release, paths in zip((old, new), differing, strict=True)
    ]
    made = list(run(spread, [*tasks[0], *tasks[1]]))
    sides = (made[: len(tasks[0])], made[len(tasks[0]) :])
    gone, columns = _gone(new.folder, parts), (_names(old), _names(new))
    some = [Part(scratch, part, sides, gone[part], columns, texts) for part in range(parts)]
    with ExitStack() as opened:
        streams = [opened.enter_context(path.open("rb")) for path in list(run(compare_part, some))]
        yield from heapq.merge(*(map(_change, stream) for stream in streams), key=lambda change: change.id)


def _places(paths: Mapping[str, tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return path, configuration and split of files of rows."""
    return [(path, config, split) for path, (config, split, _) in sorted(paths.items())]


def _dealt(files: Sequence[Any]) -> list[Sequence[Any]]:
    """Deal files out to a few tasks, each of which writes every part; the order of the files is that of the tasks."""
    step = max(1, -(-len(files) // _TASKS))
    return [files[start : start + step] for start in range(0, len(files), step)]


def _names(release: Side) -> Names:
    return {config: frozenset(columns) for config, columns in _schemas(release).items()}


def _gone(folder: Path, parts: int) -> list[dict[str, str]]:
    """Return by part why records are gone, by id; what goes by source is in every part."""
    found: list[dict[str, str]] = [{} for _ in range(parts)]
    for name, because in _reasons(folder).items():
        for its in (found[which_part(name, parts)],) if ":" in name else found:
            its[name] = because
    return found


def _change(line: bytes) -> Change:
    entry = orjson.loads(line)
    pairs = {name: tuple(entry[name]) if entry[name] else None for name in ("before", "after", "texts")}
    return Change(
        entry["id"], pairs["before"], pairs["after"], tuple(entry["fields"]), entry["because"], pairs["texts"]
    )


def _reasons(folder: Path) -> dict[str, str]:
    """Return why records are gone, as far as the newer release says, by id or source."""
    found = {entry["id"]: entry["because"] for entry in _lines(folder / _DEPARTURES)}
    withdrawn = [entry for entry in _lines(folder / _TOMBSTONES) if "restored_on" not in entry]
    return found | {entry[key]: WITHDRAWN for entry in withdrawn for key in ("id", "source") if key in entry}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        with path.open("rb") as stream:
            yield from map(orjson.loads, stream)
