"""What a release says of the versions before it, held against its rows, its manifest, and those that lie beside it."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema_rs
import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.article.contract import schema_bytes
from pressmark.findings import Finding
from pressmark.release.arrays import of
from pressmark.release.changes import ADDED, CHANGED, KINDS, REGROUPED, RELEASED, RIGHTS_CHANGED, WITHHELD
from pressmark.release.columns import CONFIGS
from pressmark.release.copies import lacks_rows
from pressmark.release.version import Bump, step

VERSIONS, CHANGELOG, DEPARTURES = "versions.json", "CHANGELOG.md", "departures.jsonl"
TOMBSTONES = "rights/tombstones.jsonl"
_MANIFEST = "manifest.json"
_COLUMNS = ["id", "text_sha256", "added_in", "changed_in"]
_TYPES = [pa.string(), pa.string(), pa.int32(), pa.int32()]


def verify_history(folder: Path, manifest: Mapping[str, Any], lacking: Collection[str] = ()) -> Iterator[Finding]:
    """Yield what is wrong with `versions.json`, the changelog, numbers of releases, departures and tombstones.

    Args:
        folder: The release, its files as the manifest says.
        manifest: Its manifest.
        lacking: Files that a copy lacks; what cannot be told without them is left out.
    """
    whole = not lacks_rows(manifest, lacking, CONFIGS)
    rows = _rows(folder, manifest, lacking)
    if VERSIONS not in lacking:
        stated = _stated(folder)
        if isinstance(stated, Finding):
            yield stated
            return
        yield from _versions(folder, manifest, stated)
        if whole:
            yield from _numbers(manifest, stated["versions"][-1]["changes"], rows)
        if CHANGELOG not in lacking:
            yield from _changelog(folder, stated)
    yield from _gone(folder, rows, whole=whole)


def _stated(folder: Path) -> dict[str, Any] | Finding:
    try:
        stated: dict[str, Any] = json.loads((folder / VERSIONS).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        return Finding("history-differs", VERSIONS, "", f"cannot be read: {type(error).__name__}")
    schema = json.loads(schema_bytes("versions.schema.json"))
    if not jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(stated):
        return Finding("history-differs", VERSIONS, "$", "does not keep schema/versions.schema.json")
    return stated


def _rows(folder: Path, manifest: Mapping[str, Any], lacking: Collection[str]) -> pa.Table:
    shards = [entry["path"] for entry in manifest["files"] if "config" in entry and entry["path"] not in lacking]
    tables = [pq.ParquetFile(folder / path).read(columns=_COLUMNS) for path in shards]
    return pa.concat_tables(tables) if tables else pa.schema(zip(_COLUMNS, _TYPES, strict=True)).empty_table()


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


def _numbers(manifest: Mapping[str, Any], changes: Mapping[str, int], rows: pa.Table) -> Iterator[Finding]:
    release = manifest["release"]
    added, changed = (of(rows[name].combine_chunks()) for name in ("added_in", "changed_in"))
    if ((added > changed) | (changed > release)).any():
        yield Finding("history-differs", _MANIFEST, "$.release", "a row was added or changed after this release")
    came = int((added == release).sum())
    if came != sum(changes.get(kind, 0) for kind in (ADDED, RELEASED, WITHHELD)):
        detail = f"{came} rows came with this release, the changes speak of another number"
        yield Finding("history-differs", VERSIONS, "$.versions[-1].changes", detail)
    edited = int(((changed == release) & (added < release)).sum())
    kinds = [changes.get(kind, 0) for kind in (CHANGED, RIGHTS_CHANGED, REGROUPED)]
    other = changes.get(RELEASED, 0) + changes.get(WITHHELD, 0)
    if not max(kinds) - other <= edited <= sum(kinds):
        detail = f"{edited} rows changed with this release, the changes speak of another number"
        yield Finding("history-differs", VERSIONS, "$.versions[-1].changes", detail)


def _changelog(folder: Path, stated: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        lines = (folder / CHANGELOG).read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as error:
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


def _gone(folder: Path, rows: pa.Table, *, whole: bool) -> Iterator[Finding]:
    """Yield records that are said to be gone and that are here."""
    try:
        departures, tombstones = _lines(folder / DEPARTURES), _lines(folder / TOMBSTONES)
        gone = {entry["id"] for entry in departures}
        survivors = {entry["survivor"] for entry in departures if "survivor" in entry}
        buried = [entry for entry in tombstones if "restored_on" not in entry]
        here = _there(rows["id"], {*gone, *survivors, *(entry.get("id") for entry in buried)})
        texts = _there(rows["text_sha256"], {entry.get("text_sha256") for entry in buried})
        withdrawn = sum(entry.get("id") in here or entry.get("text_sha256") in texts for entry in buried)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        yield Finding("history-differs", DEPARTURES, "", f"it or {TOMBSTONES} cannot be read: {type(error).__name__}")
        return
    if gone & here or (whole and survivors - here):
        yield Finding(
            "history-differs", DEPARTURES, "", "says gone of a record that is here, or stands for one that is not"
        )
    if withdrawn:
        yield Finding("withdrawn-here", TOMBSTONES, "", f"{withdrawn} withdrawn articles are here")


def _there(values: pa.ChunkedArray, wanted: Collection[Any]) -> set[Any]:
    """Return which of these are among the values; of the values themselves, there may be millions."""
    return {value for chunk in values.chunks if wanted for value in chunk.to_pylist() if value in wanted}


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
