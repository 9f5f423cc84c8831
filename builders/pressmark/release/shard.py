"""One file of rows, read as any reader would: columns, rows, order, digests. Files are read apart from each other."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.findings import Finding
from pressmark.release.again import KEYS
from pressmark.release.canonical import canonical
from pressmark.release.columns import columns, difference, file_metadata_fault, memory, read_contract
from pressmark.release.letters import letters
from pressmark.release.naming import Way, fitting, folder_of
from pressmark.release.rights import CLASSES, Rules, rules, shows_too_much, wrong_reason
from pressmark.release.smallest import Sketches
from pressmark.release.tally import Digests, Row, Tally

_ROWS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read."""

    number: int
    entry: Mapping[str, Any]
    """What the manifest says of it."""

    folder: Path
    manifest: Mapping[str, Any]
    """Without its files."""

    scratch: Path | None
    """Where to leave what near copies are found by; nowhere where none can straddle."""


@dataclass(slots=True)
class Reading:
    """What a file says."""

    findings: list[Finding] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    keys: list[pa.RecordBatch] = field(default_factory=list)
    """`KEYS` of each row."""

    names: dict[Way, tuple[str, str]] | None = None
    """The ways of naming that fit."""

    sample: list[tuple[str, int]] = field(default_factory=list)
    """Digest and row of texts, as `Sketches` has them."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What rows of a file are held against."""

    task: Task
    rules: Rules
    valid: Callable[[Any], bool]
    """Whether a row keeps the contract."""

    opened: list[str]
    """Columns that rights open."""

    verdicts: dict[tuple[Any, ...], list[tuple[str, str]]] = field(default_factory=dict)
    """Codes and words about rights, by all that they follow from: thousands of rows say the same."""


def read_shard(task: Task) -> Reading:
    """Read one file of rows."""
    path, config = task.entry["path"], task.entry["config"]
    reading, sketches = Reading(), Sketches()
    found = reading.findings
    try:
        contract = read_contract(task.folder)
        valid = _validator(orjson.dumps(contract), config)
        by = rules(task.folder, task.manifest, contract)
        held = _Held(task, by, valid, [name for name, kind in by.classes.items() if kind in CLASSES])
        shard = pq.ParquetFile(task.folder / path, page_checksum_verification=True)
        expected = columns(contract, config)
        if shard.schema_arrow.remove_metadata() != expected:
            found.append(Finding("schema-differs", path, "", difference(shard.schema_arrow, expected)))
            return reading
        if fault := file_metadata_fault(shard, contract, config, task.manifest):
            found.append(Finding("metadata-differs", path, "", fault))
        if shard.metadata.num_rows != task.entry["rows"] or not task.entry["rows"]:
            detail = f"found {shard.metadata.num_rows} rows, expected {task.entry['rows'] or 'some'}"
            found.append(Finding("rows-differ", path, "", detail))
        _read(held, reading, sketches, shard)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, AttributeError, pa.ArrowException) as error:
        found.append(Finding("file-unreadable", path, "", type(error).__name__))
    if task.scratch and config == "articles":
        sketches.write(task.scratch, task.number)
        reading.sample = sketches.smallest_digests()
    return reading


@lru_cache(maxsize=2)
def _validator(contract: bytes, config: str) -> Callable[[Any], bool]:
    schema = orjson.loads(contract)
    # A withheld row has no text, and fields of it that showed the text were emptied, wherever they stood.
    held = schema if config == "articles" else _without_required(schema)
    return jsonschema_rs.Draft202012Validator(held, validate_formats=True, offline=True).is_valid


def _without_required(schema: Any) -> Any:
    if isinstance(schema, dict):
        kept = {key: inner for key, inner in schema.items() if not (key == "required" and isinstance(inner, list))}
        return {key: _without_required(inner) for key, inner in kept.items()}
    return [_without_required(inner) for inner in schema] if isinstance(schema, list) else schema


def _read(held: _Held, reading: Reading, sketches: Sketches, shard: pq.ParquetFile) -> None:
    path, part = held.task.entry["path"], (held.task.entry["config"], held.task.entry["split"])
    tally, found = reading.tally, reading.findings
    digests = tally.rows.setdefault(part, Digests())
    previous = None
    facts: list[Row] = []
    for batch in shard.iter_batches(batch_size=_ROWS_AT_ONCE):
        sizes = [tally.sizes.get(part, (0, 0)), *map(memory, batch.columns)]
        tally.sizes[part] = (sum(size[0] for size in sizes), sum(size[1] for size in sizes))
        written = canonical(batch)
        rows = [orjson.loads(each) for each in written]
        reading.keys.append(batch.select(KEYS))
        digests.add([row["id"] for row in rows], [hashlib.sha256(each).digest() for each in written])
        only = [letters(row["text"]) if "text" in row else "" for row in rows]
        for row, its in zip(rows, only, strict=True):
            found.extend(_row(held, row, its))
            place = _place(row)
            if previous is not None and place < previous:
                found.append(Finding("order-differs", path, f"id {row['id']}"))
            previous = place
        facts += [{name: row.get(name) for name in ("id", "source", "published_on")} for row in rows]
        tally.take(rows, *part)
        if held.task.scratch:
            sketches.take(only, [row["text_sha256"] for row in rows], len(facts) - len(rows))
    if facts:
        reading.names = fitting(path.rpartition("/")[2].removesuffix(".parquet"), facts)
    if path.rpartition("/")[0] != folder_of(*part):
        found.append(Finding("shard-misnamed", path, "", "lies in the folder of another split or configuration"))


def _row(held: _Held, row: Row, only: str) -> Iterator[Finding]:
    """Yield what is wrong with a row by itself.

    Args:
        held: What it is held against.
        row: The row.
        only: The letters of its text.
    """
    path, place = held.task.entry["path"], f"id {row['id']}"
    if not held.valid(row) or not _is_sound(row, held.task.manifest["release"]):
        yield Finding("row-invalid", path, place, "is no row of an article by the contract")
    for fault in _text_faults(row, only):
        yield Finding("content-differs", path, place, fault)
    for code, fault in _verdict(held, row):
        yield Finding(code, path, place, fault)


def _verdict(held: _Held, row: Row) -> list[tuple[str, str]]:
    """Return codes and words of what is wrong with the rights of a row."""
    shown = tuple(name for name in held.opened if row.get(name))
    rights = orjson.dumps(row["rights"])
    key = (rights, row["rights_status"], row.get("license"), row.get("withheld_because"), row.get("attribution"), shown)
    known = held.verdicts.get(key)
    if known is None:
        config = held.task.entry["config"]
        known = [("rights-differ", fault) for fault in shows_too_much(row, config, held.rules)]
        if config == "withheld" and (fault := wrong_reason(row, held.rules)):
            known.append(("reasons-differ", fault))
        held.verdicts[key] = known
    return known


def _is_sound(row: Row, release: int) -> bool:
    """Tell whether fields that follow from each other do."""
    precision = row.get("published_precision")
    known = "published_on" in row or "published_at" in row
    return bool(
        row["id"].startswith(f"{row['source']}:")
        and {"added_in", "changed_in", "group_id"} <= row.keys()
        and row["added_in"] <= row["changed_in"] <= release
        and known is (precision is not None)
        and ("published_at" in row or precision in ("day", None))
        and ("published_on" in row or "published_at" not in row)
    )


def _text_faults(row: Row, only: str) -> Iterator[str]:
    text = row.get("text")
    if text is not None:
        if hashlib.sha256(text.encode()).hexdigest() != row.get("text_sha256"):
            yield "the text has another SHA-256"
        if hashlib.sha256(only.encode()).hexdigest() != row.get("letters_sha256"):
            yield "its letters have another SHA-256"
        if len(text) != row.get("characters"):
            yield "the text has another length"


def _place(row: Row) -> tuple[bool, str, str]:
    """Return what rows of a file are ordered by: moment, else midnight of the day, else last; then id."""
    moment, day = row.get("published_at"), row.get("published_on")
    if moment is None:
        return (day is None, f"{day}T00:00:00.000000", row["id"])
    return (False, moment[:-1] if "." in moment else f"{moment[:-1]}.000000", row["id"])
