"""The rows of a release, read as any reader would: columns, counts, order, digests, and what must not stand twice."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pyarrow as pa
import pyarrow.parquet as pq
import rfc8785

from pressmark.findings import Finding
from pressmark.release.columns import columns, difference, file_metadata_fault, memory, read_contract
from pressmark.release.letters import letters
from pressmark.release.naming import Way, fitting, folder_of, misnamed
from pressmark.release.rights import Rules, rules, too_open, wrong_reason
from pressmark.release.tally import Part, Row, Tally

_MANIFEST = "manifest.json"
_ROWS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class _Held:
    """What rows are held against."""

    folder: Path
    manifest: Mapping[str, Any]
    contract: Mapping[str, Any]
    rules: Rules
    valid: Mapping[str, Callable[[Any], bool]]
    """By configuration: whether a row keeps the contract."""

    tally: Tally
    names: dict[str, dict[Way, tuple[str, str]]] = field(default_factory=dict)
    """By path, the ways of naming that fit."""

    @property
    def drops_copies(self) -> bool:
        """Whether a text may stand only once."""
        return bool(self.manifest["duplicates"]["exact"] == "drop")


def verify_rows(folder: Path, manifest: dict[str, Any], broken: Collection[Part]) -> tuple[Tally, list[Finding]]:
    """Return what the rows of a release add up to, and what is wrong with them.

    Args:
        folder: The release.
        manifest: Its manifest, or one with the sound files alone.
        broken: Splits of which a file is not there or not sound, so that their sums cannot be told.
    """
    contract = read_contract(folder)
    tally = Tally()
    held = _Held(folder, manifest, contract, rules(folder, manifest, contract), _validators(contract), tally)
    found = [finding for entry in manifest["files"] for finding in _file(held, entry)]
    found += [
        Finding("shard-misnamed", path, "", "its name is not the one that its rows have beside the others")
        for path in misnamed(held.names)
    ]
    return tally, [*found, *_parts(held, broken)]


def _validators(contract: Mapping[str, Any]) -> dict[str, Callable[[Any], bool]]:
    # A withheld row has no text, and fields of it that showed the text were emptied, wherever they stood.
    schemas = {"articles": contract, "withheld": _without_required(contract)}
    return {
        name: jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True).is_valid
        for name, schema in schemas.items()
    }


def _without_required(schema: Any) -> Any:
    if isinstance(schema, dict):
        kept = {key: inner for key, inner in schema.items() if not (key == "required" and isinstance(inner, list))}
        return {key: _without_required(inner) for key, inner in kept.items()}
    return [_without_required(inner) for inner in schema] if isinstance(schema, list) else schema


def _file(held: _Held, entry: Mapping[str, Any]) -> Iterator[Finding]:
    if entry["path"].endswith(".parquet"):
        if "config" not in entry:
            yield Finding("rows-differ", entry["path"], "", "found rows of no configuration")
        else:
            yield from _shard(held, entry)


def _parts(held: _Held, broken: Collection[Part]) -> Iterator[Finding]:
    """Hold configurations and splits against their rows."""
    left = dict(held.tally.rows)
    for config, found in held.manifest["configs"].items():
        for split, stated in found["splits"].items():
            place, rows = f"{config}/{split}", left.pop((config, split), [])
            if (config, split) in broken:
                continue
            if len(rows) != stated["rows"]:
                detail = f"found {len(rows)} rows, expected {stated['rows']}"
                yield Finding("rows-differ", _MANIFEST, place, detail)
            digest = hashlib.sha256(b"".join(row for _, row in sorted(rows))).hexdigest()
            if digest != stated["content_sha256"]:
                yield Finding("content-differs", _MANIFEST, place, "found another content digest")
            low, high = held.tally.sizes.get((config, split), (0, 0))
            if not low <= stated["arrow_bytes"] <= high:
                detail = f"its columns take {low} to {high} bytes in memory, not {stated['arrow_bytes']}"
                yield Finding("size-differs", _MANIFEST, place, detail)
    for config, split in left:
        yield Finding("rows-differ", _MANIFEST, f"{config}/{split}", "found files of a split that is not listed")


def _shard(held: _Held, entry: Mapping[str, Any]) -> Iterator[Finding]:
    path, config = entry["path"], entry["config"]
    try:
        shard = pq.ParquetFile(held.folder / path, page_checksum_verification=True)
        expected = columns(held.contract, config)
        if shard.schema_arrow.remove_metadata() != expected:
            yield Finding("schema-differs", path, "", difference(shard.schema_arrow, expected))
            return
        if fault := file_metadata_fault(shard, held.contract, config, held.manifest):
            yield Finding("metadata-differs", path, "", fault)
        if shard.metadata.num_rows != entry["rows"] or not entry["rows"]:
            detail = f"found {shard.metadata.num_rows} rows, expected {entry['rows'] or 'some'}"
            yield Finding("rows-differ", path, "", detail)
        yield from _read(held, entry, shard)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, AttributeError, pa.ArrowException) as error:
        yield Finding("file-unreadable", path, "", type(error).__name__)


def _read(held: _Held, entry: Mapping[str, Any], shard: pq.ParquetFile) -> Iterator[Finding]:
    path, part = entry["path"], (entry["config"], entry["split"])
    previous = None
    facts = []
    for batch in shard.iter_batches(batch_size=_ROWS_AT_ONCE):
        sizes = [held.tally.sizes.get(part, (0, 0)), *map(memory, batch.columns)]
        held.tally.sizes[part] = (sum(size[0] for size in sizes), sum(size[1] for size in sizes))
        for row in batch.to_pylist():
            yield from _row(held, row, entry)
            facts.append({name: row[name] for name in ("id", "source", "published_on")})
            place = _place(row)
            if previous is not None and place < previous:
                yield Finding("order-differs", path, f"id {row['id']}")
            previous = place
    if facts:
        held.names[path] = fitting(path.rpartition("/")[2].removesuffix(".parquet"), facts)
    if path.rpartition("/")[0] != folder_of(*part):
        yield Finding("shard-misnamed", path, "", "lies in the folder of another split or configuration")


def _row(held: _Held, row: Row, entry: Mapping[str, Any]) -> Iterator[Finding]:
    path, config, tally = entry["path"], entry["config"], held.tally
    place = f"id {row['id']}"
    record = _json(row)
    if not held.valid[config](record) or not _is_sound(row, held.manifest["release"]):
        yield Finding("row-invalid", path, place, "is no row of an article by the contract")
    yield from _again(held, row, entry)
    for fault in _text_faults(row):
        yield Finding("content-differs", path, place, fault)
    yield from too_open(row, config, path, held.rules)
    if config == "withheld" and (fault := wrong_reason(row, held.rules)):
        yield Finding("reasons-differ", path, place, fault)
    digest = hashlib.sha256(rfc8785.dumps(record)).digest()
    tally.rows.setdefault((config, entry["split"]), []).append((row["id"], digest))
    tally.take(row, config, entry["split"])


def _again(held: _Held, row: Row, entry: Mapping[str, Any]) -> Iterator[Finding]:
    """Look for what must not stand twice."""
    tally, path, identity = held.tally, entry["path"], row["id"]
    if identity in tally.ids:
        yield Finding("id-twice", path, f"id {identity}", f"also in {tally.ids[identity]}")
    elif (other := tally.texts.setdefault(row["text_sha256"], identity)) != identity and held.drops_copies:
        yield Finding("text-twice", path, f"id {identity}", f"id {other} has the same text")
    tally.ids[identity] = path
    split, _ = tally.groups.setdefault(row["group_id"], (entry["split"], path))
    if split != entry["split"]:
        yield Finding("group-straddles", path, f"id {identity}", f"its group is in {split} too")


def _is_sound(row: Row, release: int) -> bool:
    """Tell whether fields that follow from each other do."""
    precision, numbers = row["published_precision"], (row["added_in"], row["changed_in"])
    known = row["published_on"] is not None or row["published_at"] is not None
    return bool(
        row["id"].startswith(f"{row['source']}:")
        and None not in (*numbers, row["group_id"])
        and numbers[0] <= numbers[1] <= release
        and known is (precision is not None)
        and (row["published_at"] is not None or precision in ("day", None))
        and (row["published_on"] is not None or row["published_at"] is None)
    )


def _text_faults(row: Row) -> Iterator[str]:
    text = row.get("text")
    if text is not None:
        if hashlib.sha256(text.encode()).hexdigest() != row["text_sha256"]:
            yield "the text has another SHA-256"
        if hashlib.sha256(letters(text).encode()).hexdigest() != row["letters_sha256"]:
            yield "its letters have another SHA-256"
        if len(text) != row["characters"]:
            yield "the text has another length"


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_json(inner) for inner in value]
    if isinstance(value, datetime):
        digits = "" if not value.microsecond else f".{value.microsecond:06d}"
        return f"{value:%Y-%m-%dT%H:%M:%S}{digits}Z"
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else value


def _place(row: Row) -> tuple[bool, str, str]:
    """Return what rows of a file are ordered by: moment, else midnight of the day, else last; then id."""
    moment = row["published_at"]
    if moment is None:
        day = row["published_on"]
        return (day is None, f"{day}T00:00:00.000000", row["id"])
    return (False, f"{moment:%Y-%m-%dT%H:%M:%S.%f}", row["id"])
