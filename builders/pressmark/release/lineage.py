"""What a release says of the versions before it, held against its rows, its manifest, and those that lie beside it."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema_rs
import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.article.contract import schema_bytes
from pressmark.errors import refuse_used_up
from pressmark.findings import Finding
from pressmark.release.arrays import of
from pressmark.release.changes import ADDED, CHANGED, KINDS, REGROUPED, RELEASED, RIGHTS_CHANGED, WITHHELD
from pressmark.release.columns import CONFIGS
from pressmark.release.copies import lacks_rows
from pressmark.release.rows import Run
from pressmark.release.version import Bump, step

VERSIONS, CHANGELOG, DEPARTURES = "versions.json", "CHANGELOG.md", "departures.jsonl"
TOMBSTONES = "rights/tombstones.jsonl"
_MANIFEST = "manifest.json"
_COLUMNS = ["id", "text_sha256", "added_in", "changed_in"]
_ROWS_AT_ONCE = 1 << 12


@dataclass(frozen=True, slots=True)
class _Gone:
    """What a release says is gone."""

    ids: frozenset[str] = frozenset()
    survivors: frozenset[str] = frozenset()
    buried: Collection[tuple[str | None, str | None]] = frozenset()
    """Id and digest of the text of what is withdrawn, as far as its tombstone has them."""

    def asked(self) -> tuple[set[str], set[str]]:
        """Return the ids and the digests of texts that are looked for."""
        ids = {*self.ids, *self.survivors, *(identity for identity, _ in self.buried if identity is not None)}
        return ids, {text for _, text in self.buried if text is not None}


@dataclass(slots=True)
class _Rows:
    """What the rows of a release say that its history has to agree with."""

    is_ahead: bool = False
    """Whether a row was added or changed after this release, or changed before it was added."""

    came: int = 0
    edited: int = 0
    ids: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    """Those that the history asks for."""

    def add(self, other: "_Rows") -> None:
        """Add what the rows of another file say."""
        self.is_ahead |= other.is_ahead
        self.came += other.came
        self.edited += other.edited
        self.ids |= other.ids
        self.texts |= other.texts


def verify_history(
    folder: Path, manifest: Mapping[str, Any], lacking: Collection[str] = (), run: Run = map
) -> Iterator[Finding]:
    """Yield what is wrong with `versions.json`, the changelog, numbers of releases, departures and tombstones.

    Args:
        folder: The release, its files as the manifest says.
        manifest: Its manifest.
        lacking: Files that a copy lacks; what cannot be told without them is left out.
        run: Reads the files of rows; what is found does not depend on how.
    """
    whole = not lacks_rows(manifest, lacking, CONFIGS)
    gone = _gone_of(folder)
    paths = [entry["path"] for entry in manifest["files"] if "config" in entry and entry["path"] not in lacking]
    rows = _Rows()
    of_gone = repr([each for each in manifest["files"] if each["path"] in (DEPARTURES, TOMBSTONES)])
    for found in run(read_numbers, [_Task(folder, path, manifest["release"], of_gone) for path in paths]):
        rows.add(found)
    if VERSIONS not in lacking:
        stated = _stated(folder)
        if isinstance(stated, Finding):
            yield stated
            return
        yield from _versions(folder, manifest, stated)
        if whole:
            yield from _numbers(stated["versions"][-1]["changes"], rows)
        if CHANGELOG not in lacking:
            yield from _changelog(folder, stated)
    yield from [gone] if isinstance(gone, Finding) else _here(gone, rows, whole=whole)


def _stated(folder: Path) -> dict[str, Any] | Finding:
    try:
        stated: dict[str, Any] = json.loads((folder / VERSIONS).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        refuse_used_up(error)
        return Finding("history-differs", VERSIONS, "", f"cannot be read: {type(error).__name__}")
    schema = json.loads(schema_bytes("versions.schema.json"))
    if not jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(stated):
        return Finding("history-differs", VERSIONS, "$", "does not keep schema/versions.schema.json")
    return stated


def _gone_of(folder: Path) -> _Gone | Finding:
    """Return what the release says is gone."""
    try:
        departures, tombstones = _lines(folder / DEPARTURES), _lines(folder / TOMBSTONES)
        buried = [(each.get("id"), each.get("text_sha256")) for each in tombstones if "restored_on" not in each]
        survivors = (each["survivor"] for each in departures if "survivor" in each)
        return _Gone(frozenset(each["id"] for each in departures), frozenset(survivors), frozenset(buried))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        refuse_used_up(error)
        detail = f"it or {TOMBSTONES} cannot be read: {type(error).__name__}"
        return Finding("history-differs", DEPARTURES, "", detail)


@dataclass(frozen=True, slots=True)
class _Task:
    """A file of rows to read."""

    folder: Path
    path: str
    release: int
    of_gone: str
    """Which files say what is gone, and their digests."""


@lru_cache(maxsize=1)
def _asked(folder: Path, of_gone: str) -> tuple[set[str], set[str]]:  # noqa: ARG001 - other files, another answer
    """Return the ids and digests of texts that a history asks for: they grow with the corpus, and tasks are small."""
    gone = _gone_of(folder)
    return gone.asked() if isinstance(gone, _Gone) else (set[str](), set[str]())


def read_numbers(task: _Task) -> _Rows:
    """Return what history has to be held against of one file; some of its rows are in memory at a time."""
    asked, texts = _asked(task.folder, task.of_gone)
    found = _Rows()
    with pq.ParquetFile(task.folder / task.path) as file:
        for rows in file.iter_batches(_ROWS_AT_ONCE, columns=_COLUMNS):
            added, changed = of(rows["added_in"]), of(rows["changed_in"])
            found.is_ahead |= bool(((added > changed) | (changed > task.release)).any())
            found.came += int((added == task.release).sum())
            found.edited += int(((changed == task.release) & (added < task.release)).sum())
            found.ids |= _there(rows["id"], asked)
            found.texts |= _there(rows["text_sha256"], texts)
    return found


def _versions(folder: Path, manifest: Mapping[str, Any], stated: Mapping[str, Any]) -> Iterator[Finding]:
    *earlier, last = stated["versions"]
    counts = manifest["counts"]
    expected = {
        "version": manifest["version"],
        "release": manifest["release"],
        "as_of": manifest["as_of"],
        "status": "usable",
        "articles": counts["published"],
        "withheld": counts["withheld"],
    }
    if [stated["corpus"], stated["line"]] != [manifest["corpus"], manifest["line"]]:
        yield Finding("history-differs", VERSIONS, "$", "speaks of another corpus or line than the manifest")
    if {key: last[key] for key in expected} != expected or "manifest_sha256" in last:
        yield Finding("history-differs", VERSIONS, "$.versions[-1]", "is not what the manifest says of this version")
    if [entry["release"] for entry in stated["versions"]] != list(range(1, len(earlier) + 2)):
        yield Finding("history-differs", VERSIONS, "$.versions", "releases are not numbered from 1 on")
    for before, after in pairwise(stated["versions"]):
        asked = max((KINDS[kind] for kind in after["changes"]), default=Bump.PATCH)
        if step(before["version"], after["version"]) < asked:
            detail = f"from {before['version']} to {after['version']} is less than its changes ask for, {asked.name}"
            yield Finding("version-too-small", VERSIONS, f"$.versions[{before['release']}]", detail)
    for entry in earlier:
        if entry["status"] == "usable" or "manifest_sha256" not in entry:
            place = f"version {entry['version']}"
            yield Finding("history-differs", VERSIONS, place, "an earlier version is usable, or has no digest")
        yield from _beside(folder, manifest, entry)


def _beside(folder: Path, manifest: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Finding]:
    """Hold an earlier version against its folder, where that lies beside this one."""
    path = folder.resolve().parent / entry["version"] / _MANIFEST
    if folder.resolve().name != manifest["version"] or not path.is_file():
        return
    if hashlib.sha256(path.read_bytes()).hexdigest() != entry.get("manifest_sha256"):
        detail = f"the release {entry['version']} beside this one has another manifest than it says"
        yield Finding("history-differs", VERSIONS, f"version {entry['version']}", detail)


def _numbers(changes: Mapping[str, int], rows: _Rows) -> Iterator[Finding]:
    if rows.is_ahead:
        yield Finding("history-differs", _MANIFEST, "$.release", "a row was added or changed after this release")
    if rows.came != sum(changes.get(kind, 0) for kind in (ADDED, RELEASED, WITHHELD)):
        detail = f"{rows.came} rows came with this release, the changes speak of another number"
        yield Finding("history-differs", VERSIONS, "$.versions[-1].changes", detail)
    kinds = [changes.get(kind, 0) for kind in (CHANGED, RIGHTS_CHANGED, REGROUPED)]
    other = changes.get(RELEASED, 0) + changes.get(WITHHELD, 0)
    if not max(kinds) - other <= rows.edited <= sum(kinds):
        detail = f"{rows.edited} rows changed with this release, the changes speak of another number"
        yield Finding("history-differs", VERSIONS, "$.versions[-1].changes", detail)


def _changelog(folder: Path, stated: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        lines = (folder / CHANGELOG).read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as error:
        refuse_used_up(error)
        yield Finding("history-differs", CHANGELOG, "", f"cannot be read: {type(error).__name__}")
        return
    headings = [line for line in lines if line.startswith("## ")]
    expected = [f"## {entry['version']} ({entry['as_of']})" for entry in reversed(stated["versions"])]
    if lines[0] != f"# Changes of {stated['corpus']}" or headings != expected:
        yield Finding("history-differs", CHANGELOG, "", "its headings are not those of versions.json, the newest first")
        return
    starts = [lines.index(heading) for heading in headings]
    for entry, start, end in zip(reversed(stated["versions"]), starts, [*starts[1:], len(lines)], strict=True):
        told = [f"- {kind}: {count}" for kind, count in entry["changes"].items()] or ["- no record changed"]
        if any(line not in lines[start:end] for line in told):
            yield Finding("history-differs", CHANGELOG, entry["version"], "tells other changes than versions.json")


def _here(gone: _Gone, rows: _Rows, *, whole: bool) -> Iterator[Finding]:
    """Yield records that are said to be gone and that are here."""
    if gone.ids & rows.ids or (whole and gone.survivors - rows.ids):
        yield Finding(
            "history-differs", DEPARTURES, "", "says gone of a record that is here, or stands for one that is not"
        )
    withdrawn = sum(identity in rows.ids or text in rows.texts for identity, text in gone.buried)
    if withdrawn:
        yield Finding("withdrawn-here", TOMBSTONES, "", f"{withdrawn} withdrawn articles are here")


def _there(values: pa.Array, wanted: Collection[Any]) -> set[Any]:
    """Return which of these are among the values."""
    return {value for value in values.to_pylist() if value in wanted} if wanted else set()


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
