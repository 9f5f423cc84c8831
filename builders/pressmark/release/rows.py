"""The rows of a release, read as any reader would: columns, counts, order, digests, and what must not stand twice."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import rfc8785

from pressmark.findings import Finding
from pressmark.release.rights import Rules, misstated, rules, too_open

CONTRACT = "schema/article.schema.json"
_MANIFEST = "manifest.json"
_ROWS_AT_ONCE = 1024
_WORDS = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class _Seen:
    """What has been read of a release's rows so far."""

    ids: dict[str, str] = field(default_factory=dict)
    """By id, the file it stands in."""

    groups: dict[str, str] = field(default_factory=dict)
    """By group, its split."""

    terms: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Texts by rights status and licence."""

    rows: dict[tuple[str, str], list[tuple[str, bytes]]] = field(default_factory=dict)
    """By configuration and split, id and digest of each row."""


def verify_rows(folder: Path, manifest: dict[str, Any], *, whole: bool = True) -> Iterator[Finding]:
    """Yield what is wrong with the rows of a release.

    Args:
        folder: The release.
        manifest: Its manifest, or one with the sound files alone.
        whole: Whether all files are there, so that splits can be held against their digests.
    """
    seen = _Seen()
    found = list(_findings(folder, manifest, seen, whole=whole))
    yield from found
    if whole and not found:
        yield from misstated(folder, seen.terms)


def _findings(folder: Path, manifest: dict[str, Any], seen: _Seen, *, whole: bool) -> Iterator[Finding]:
    held = rules(folder, manifest, json.loads((folder / CONTRACT).read_bytes()))
    for entry in manifest["files"]:
        if entry["path"].endswith(".parquet"):
            if "config" not in entry:
                yield Finding("rows-differ", entry["path"], "", "found rows of no configuration")
                continue
            yield from _shard(folder, entry, seen, held)
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


def _shard(folder: Path, entry: dict[str, Any], seen: _Seen, held: Rules) -> Iterator[Finding]:
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
        for batch in shard.iter_batches(batch_size=_ROWS_AT_ONCE):
            for row in batch.to_pylist():
                yield from _row(row, entry, seen)
                yield from too_open(row, entry["config"], path, held)
                place = _place(row)
                if previous is not None and place < previous:
                    yield Finding("order-differs", path, f"id {row['id']}")
                previous = place
    except (OSError, ValueError, KeyError, TypeError, OverflowError, pa.ArrowException) as error:
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
        seen.terms[row["rights_status"], row["license"] or ""] += 1
        if hashlib.sha256(text.encode()).hexdigest() != row["text_sha256"]:
            yield Finding("content-differs", path, f"id {identity}", "the text has another SHA-256")
        if hashlib.sha256(_letters(text).encode()).hexdigest() != row["letters_sha256"]:
            yield Finding("content-differs", path, f"id {identity}", "its letters have another SHA-256")
        if len(text) != row["characters"]:
            yield Finding("content-differs", path, f"id {identity}", "the text has another length")
    canonical = hashlib.sha256(rfc8785.dumps(_json(row))).digest()
    seen.rows.setdefault((entry["config"], entry["split"]), []).append((identity, canonical))


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(_WORDS.findall(folded)) or text


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
    contract = json.loads((folder / CONTRACT).read_bytes())
    return pa.schema(
        [
            pa.field(name, _arrow(contract, contract["properties"][name]), name not in contract["required"])
            for name in column_names(folder, config)
        ]
    )


def is_contract(folder: Path) -> bool:
    """Tell whether columns can be told from the release's own contract."""
    try:
        return all(_columns(folder, config) for config in ("articles", "withheld"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def column_names(folder: Path, config: str) -> list[str]:
    """Return the names of the columns that the release's own contract gives a configuration."""
    contract = json.loads((folder / CONTRACT).read_bytes())
    return [
        name
        for name, property_ in contract["properties"].items()
        if config in property_.get("x-configs", ("articles", "withheld"))
        and (config == "articles" or property_["x-class"] != "text")
    ]


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
    extra = [name for name in found.names if name not in expected.names or found.names.count(name) > 1]
    missing = [name for name in expected.names if name not in found.names]
    if extra or missing:
        return f"found columns too many: {', '.join(extra) or 'none'}; missing: {', '.join(missing) or 'none'}"
    other = [name for name in expected.names if found.field(name) != expected.field(name)]
    return f"found another type or order of columns: {', '.join(other)}"
