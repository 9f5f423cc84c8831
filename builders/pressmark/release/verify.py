"""Does a release folder add up? Asked from outside.

This module shares no code with what writes releases: it reads the files as any reader would, and works out digests,
counts and columns again in its own way. It needs no workshop, no recipe and no network.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import rfc8785
import yaml
from referencing import Registry

from pressmark.article.contract import schema_bytes
from pressmark.errors import UsageError
from pressmark.findings import Finding

_MANIFEST, _SUMS, _CARD = "manifest.json", "SHA256SUMS", "README.md"
_CLASSES = ("published", "withheld", "embargoed", "duplicate", "superseded", "withdrawn", "rejected")
_BLOCK = 1 << 20


def verify(release: Path | str) -> list[Finding]:
    """Return everything that is wrong with a release folder; nothing is where the list is empty.

    Args:
        release: The folder `dist/CORPUS/LINE/VERSION`, or a copy of it.

    Raises:
        UsageError: there is no such folder.
    """
    folder = Path(release)
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder", advice="give a release folder, dist/CORPUS/LINE/VERSION")
    manifest, findings = _manifest(folder)
    if manifest is None:
        return findings
    sound, file_findings = _files(folder, manifest)
    findings += [*_sums(folder, manifest), *file_findings, *_counts(manifest)]
    if not findings:
        findings += [*_rows(folder, manifest), *_card(folder, manifest)]
    elif sound:
        findings += [*_rows(folder, {**manifest, "files": sound}, whole=False)]
    return findings


def _manifest(folder: Path) -> tuple[dict[str, Any] | None, list[Finding]]:
    try:
        manifest = json.loads((folder / _MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        return None, [Finding("not-a-release", _MANIFEST, "", str(error))]
    schema = json.loads(schema_bytes("manifest.schema.json"))
    checker = jsonschema.FormatChecker(["date"])
    validator = jsonschema.Draft202012Validator(schema, registry=Registry(), format_checker=checker)
    faults = [
        Finding("manifest-invalid", _MANIFEST, error.json_path, error.message)
        for error in validator.iter_errors(manifest)
    ]
    if not faults:
        paths = [entry["path"] for entry in manifest["files"]]
        if paths != sorted(set(paths)) or {_MANIFEST, _SUMS} & set(paths) or any(".." in path for path in paths):
            faults = [Finding("manifest-invalid", _MANIFEST, "$.files", "found paths that are no plain sorted list")]
    return (None, faults) if faults else (manifest, [])


def _sums(folder: Path, manifest: dict[str, Any]) -> Iterator[Finding]:
    expected = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    expected[_MANIFEST] = _digest(folder / _MANIFEST)
    try:
        lines = (folder / _SUMS).read_bytes().decode("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        yield Finding("sums-differ", _SUMS, "", str(error))
        return
    if sorted(lines) != sorted(f"{digest}  {path}" for path, digest in expected.items()):
        found = {line.partition("  ")[2] for line in lines}
        differing = sorted(set(expected) ^ found) or ["a digest"]
        yield Finding("sums-differ", _SUMS, "", f"differs from the manifest in {', '.join(differing[:3])}")


def _files(folder: Path, manifest: dict[str, Any]) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Return the entries of files that are as the manifest says, and findings about the others."""
    listed = {entry["path"]: entry for entry in manifest["files"]}
    present = set()
    for base, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(base) / name).is_symlink()]
        present |= {(Path(base) / name).relative_to(folder).as_posix() for name in (*names, *links)}
    findings = [Finding("file-extra", path) for path in sorted(present - set(listed) - {_MANIFEST, _SUMS})]
    sound = []
    for path, entry in listed.items():
        place = folder / path
        if path not in present:
            findings.append(Finding("file-missing", path))
        elif place.is_symlink() or not place.is_file():
            findings.append(Finding("file-differs", path, "", "found no regular file"))
        elif place.stat().st_size != entry["bytes"]:
            detail = f"found {place.stat().st_size} bytes, expected {entry['bytes']}"
            findings.append(Finding("file-differs", path, "", detail))
        elif _digest(place) != entry["sha256"]:
            findings.append(Finding("file-differs", path, "", "found another SHA-256"))
        else:
            sound.append(entry)
    return sound, findings


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _counts(manifest: dict[str, Any]) -> Iterator[Finding]:
    counts = manifest["counts"]
    total = sum(counts[name] for name in _CLASSES)
    if total != counts["inputs"]:
        detail = f"the classes add up to {total}, there were {counts['inputs']} inputs"
        yield Finding("counts-open", _MANIFEST, "$.counts", detail)
    for config, name in (("articles", "published"), ("withheld", "withheld")):
        splits = manifest["configs"].get(config, {}).get("splits", {})
        rows = sum(split["rows"] for split in splits.values())
        if rows != counts[name]:
            detail = f"{config} has {rows} rows, {counts[name]} inputs are {name}"
            yield Finding("rows-differ", _MANIFEST, "$.counts", detail)


@dataclass(slots=True)
class _Seen:
    """What has been read of a release's rows so far."""

    ids: dict[str, str] = field(default_factory=dict)
    """By id, the file it stands in."""

    groups: dict[str, str] = field(default_factory=dict)
    """By group, its split."""

    rows: dict[tuple[str, str], list[tuple[str, bytes]]] = field(default_factory=dict)
    """By configuration and split, id and digest of each row."""


def _rows(folder: Path, manifest: dict[str, Any], *, whole: bool = True) -> Iterator[Finding]:
    seen = _Seen()
    for entry in manifest["files"]:
        if entry["path"].endswith(".parquet"):
            if "config" not in entry:
                yield Finding("rows-differ", entry["path"], "", "found rows of no configuration")
                continue
            yield from _shard(folder, entry, seen)
    if not whole:
        return
    for config, found in manifest["configs"].items():
        for split, stated in found["splits"].items():
            rows = seen.rows.pop((config, split), [])
            if len(rows) != stated["rows"]:
                detail = f"found {len(rows)} rows, expected {stated['rows']}"
                yield Finding("rows-differ", _MANIFEST, f"{config}/{split}", detail)
            digest = hashlib.sha256(b"".join(row for _, row in sorted(rows))).hexdigest()
            if digest != stated["content_sha256"]:
                yield Finding("content-differs", _MANIFEST, f"{config}/{split}", "found another content digest")
    for config, split in seen.rows:
        yield Finding("rows-differ", _MANIFEST, f"{config}/{split}", "found files of a split that is not listed")


def _shard(folder: Path, entry: dict[str, Any], seen: _Seen) -> Iterator[Finding]:
    path = entry["path"]
    try:
        shard = pq.ParquetFile(folder / path, page_checksum_verification=True)
        columns = _columns(folder, entry["config"])
        if shard.schema_arrow.remove_metadata() != columns:
            yield Finding("schema-differs", path, "", _difference(shard.schema_arrow, columns))
            return
        if shard.metadata.num_rows != entry["rows"]:
            detail = f"found {shard.metadata.num_rows} rows, expected {entry['rows']}"
            yield Finding("rows-differ", path, "", detail)
        previous = None
        for batch in shard.iter_batches(batch_size=1024):
            for row in batch.to_pylist():
                yield from _row(row, entry, seen)
                place = _place(row)
                if previous is not None and place < previous:
                    yield Finding("order-differs", path, f"id {row['id']}")
                previous = place
    except (OSError, pa.ArrowException) as error:
        yield Finding("file-unreadable", path, "", type(error).__name__)


def _row(row: dict[str, Any], entry: dict[str, Any], seen: _Seen) -> Iterator[Finding]:
    path, identity = entry["path"], row["id"]
    if identity in seen.ids:
        yield Finding("id-twice", path, f"id {identity}", f"also in {seen.ids[identity]}")
    seen.ids[identity] = path
    if seen.groups.setdefault(row["group_id"], entry["split"]) != entry["split"]:
        yield Finding("group-straddles", path, f"id {identity}", f"its group is in {seen.groups[row['group_id']]} too")
    text = row.get("text")
    if text is not None:
        if hashlib.sha256(text.encode()).hexdigest() != row["text_sha256"]:
            yield Finding("content-differs", path, f"id {identity}", "the text has another SHA-256")
        if len(text) != row["characters"]:
            yield Finding("content-differs", path, f"id {identity}", "the text has another length")
    canonical = hashlib.sha256(rfc8785.dumps(_json(row))).digest()
    seen.rows.setdefault((entry["config"], entry["split"]), []).append((identity, canonical))


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_json(inner) for inner in value]
    if isinstance(value, datetime):
        digits = "" if not value.microsecond else f".{value.microsecond:06d}"
        return f"{value:%Y-%m-%dT%H:%M:%S}{digits}Z"
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else value


def _place(row: dict[str, Any]) -> tuple[bool, str, str]:
    """Return what rows of a file are ordered by: moment, else midnight of the day, else last; then id."""
    moment = row["published_at"]
    if moment is None:
        day = row["published_on"]
        return (day is None, f"{day}T00:00:00.000000", row["id"])
    return (False, f"{moment:%Y-%m-%dT%H:%M:%S.%f}", row["id"])


def _columns(folder: Path, config: str) -> pa.Schema:
    """Return the columns that the release's own contract gives a configuration."""
    contract = json.loads((folder / "schema" / "article.schema.json").read_bytes())
    shown = {
        name: property_
        for name, property_ in contract["properties"].items()
        if config in property_.get("x-configs", ("articles", "withheld"))
        and (config == "articles" or property_["x-class"] in ("metadata", "digest"))
    }
    fields = [pa.field(name, _arrow(contract, p), name not in contract["required"]) for name, p in shown.items()]
    return pa.schema(fields)


def _arrow(contract: dict[str, Any], property_: dict[str, Any]) -> pa.DataType:
    if "$ref" in property_:
        return _arrow(contract, contract["$defs"][property_["$ref"].removeprefix("#/$defs/")])
    match property_.get("type"), property_.get("format"):
        case "array", _:
            return pa.list_(_arrow(contract, property_["items"]))
        case "object", _:
            return pa.struct({name: _arrow(contract, inner) for name, inner in property_["properties"].items()})
        case "boolean", _:
            return pa.bool_()
        case "integer", _:
            return pa.int32()
        case _, "date":
            return pa.date32()
        case _, "date-time":
            return pa.timestamp("us", "UTC")
    return pa.string()


def _difference(found: pa.Schema, expected: pa.Schema) -> str:
    extra = [name for name in found.names if name not in expected.names]
    missing = [name for name in expected.names if name not in found.names]
    if extra or missing:
        return f"found columns too many: {', '.join(extra) or 'none'}; missing: {', '.join(missing) or 'none'}"
    other = [name for name in expected.names if found.field(name) != expected.field(name)]
    return f"found another type or order of columns: {', '.join(other)}"


def _card(folder: Path, manifest: dict[str, Any]) -> Iterator[Finding]:
    try:
        _, front, _ = (folder / _CARD).read_text(encoding="utf-8").split("---\n", 2)
        card = yaml.safe_load(front)
        stated = {
            (config["config_name"], part["split"]): sorted(part["path"])
            for config in card["configs"]
            for part in config["data_files"]
        }
        rows = {
            (each["config_name"], split["name"]): split["num_examples"]
            for each in card["dataset_info"]
            for split in each["splits"]
        }
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        yield Finding("card-differs", _CARD, "", f"the front matter cannot be read: {type(error).__name__}")
        return
    shards: dict[tuple[str, str], list[str]] = {}
    for entry in manifest["files"]:
        if "config" in entry:
            shards.setdefault((entry["config"], entry["split"]), []).append(entry["path"])
    if stated != shards:
        yield Finding("card-differs", _CARD, "configs", "names other files than the manifest")
    expected = {
        (config, split): entry["rows"]
        for config, found in manifest["configs"].items()
        for split, entry in found["splits"].items()
    }
    if rows != expected:
        yield Finding("card-differs", _CARD, "dataset_info", "states other numbers of rows than the manifest")
