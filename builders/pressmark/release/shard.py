"""One file of rows, read as any reader would: columns, rows, order, digests. Files are read apart from each other."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressmark.errors import refuse_used_up
from pressmark.findings import Finding
from pressmark.release.arrays import views
from pressmark.release.aside import aside
from pressmark.release.batches import batches, opened
from pressmark.release.canonical import canonical
from pressmark.release.columns import columns, difference, file_metadata_fault, memory, read_contract
from pressmark.release.folding import letters_of
from pressmark.release.naming import Way, fitting, folder_of, is_divided, outermost
from pressmark.release.noting import Noting
from pressmark.release.remembered import Memory, is_fine_now, judged, tally_of, told_of
from pressmark.release.rights import CLASSES, rules
from pressmark.release.row import Held, Place, Row, place_of, row_findings
from pressmark.release.smallest import Sketches, hashes_of, long_of
from pressmark.release.sound import is_sound
from pressmark.release.spilled import spilling
from pressmark.release.tally import Part, Tally
from pressmark.release.texts import letters_left, rows_left
from pressmark.release.told import Columns
from pressmark.release.valid import contract_of

_BYTES_AT_ONCE = 1 << 24


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read."""

    number: int
    entry: Mapping[str, Any]
    """What the manifest says of it."""

    folder: Path
    manifest: Mapping[str, Any]
    """Without its files."""

    scratch: Path
    """Where to leave what is noted of rows, and what near copies are found by."""

    likely: str | None = None
    """See `Sketches.below`; nothing where near copies are not looked for."""

    memory: Memory | None = None
    """Where to look first whether the same was read before."""


@dataclass(slots=True)
class Reading:
    """What a file says."""

    findings: list[Finding] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    names: dict[Way, tuple[str, str]] | None = None
    """The ways of naming that fit."""

    sample: list[tuple[str, int]] = field(default_factory=list)
    """Digest and row of texts, as `Sketches` has them."""

    key: str = ""
    """What it is kept as, if it is."""


def read_shard(task: Task) -> Reading:
    """Read one file of rows, or recall what its reading came to."""
    if task.memory is None:
        return _read_shard(task)[0]
    key = task.memory.key(task.entry, task.manifest, task.likely or "")
    places = _left(task)
    recalled = _recalled(task, task.memory, key, places)
    if recalled:
        return recalled
    for path in places.values():
        # What was brought is linked to what is kept, and is not to be written into.
        path.unlink(missing_ok=True)
    reading, held = _read_shard(task)
    if held and not reading.findings:
        _keep(task, task.memory, key, places, reading, held)
        reading.key = key
    return reading


def noted_of(task: Task) -> Path:
    """Return where the reading of a file leaves what is noted of its rows."""
    return task.scratch / f"noted-{task.number:06d}.arrow"


def _left(task: Task) -> dict[str, Path]:
    """Return what the reading of a file leaves."""
    scratch, number = task.scratch, task.number
    if not _sketches(task):
        return {"noted": noted_of(task)}
    return {
        "noted": noted_of(task),
        "hashes": hashes_of(scratch, number),
        "long": long_of(scratch, number),
        "rows-left": rows_left(scratch, number),
        "letters-left": letters_left(scratch, number),
    }


def _sketches(task: Task) -> bool:
    """Tell whether the reading of a file leaves what near copies are found by."""
    return task.likely is not None and task.entry["config"] == "articles"


def _recalled(task: Task, memory: Memory, key: str, places: Mapping[str, Path]) -> Reading | None:
    note = memory.take(key, places)
    if note is None:
        return None
    held, _ = _held(task)
    # A row may not be of a release that was still to come.
    if note["release"] > held.release or not is_fine_now(held, note["judged"]):
        return None
    names = {(by_source, length): (stem, bits) for by_source, length, stem, bits in note["names"]}
    sample = [(digest, row) for digest, row in note["sample"]]
    tally = tally_of(note["tally"], (task.entry["config"], task.entry["split"]))
    return Reading([], tally, names=names, sample=sample, key=key)


def _keep(task: Task, memory: Memory, key: str, places: Mapping[str, Path], reading: Reading, held: Held) -> None:
    part = (task.entry["config"], task.entry["split"])
    note = {
        "release": held.release,
        "judged": judged(held),
        "names": [[*way, *found] for way, found in (reading.names or {}).items()],
        "sample": reading.sample,
        "tally": told_of(reading.tally, part),
    }
    memory.keep(key, places, note)


def _held(task: Task) -> tuple[Held, dict[str, Any]]:
    """Return what rows are held against, and the contract."""
    config = task.entry["config"]
    contract = read_contract(task.folder)
    by = rules(task.folder, task.manifest, contract)
    open_to = [name for name, kind in by.classes.items() if kind in CLASSES]
    kept = contract_of(orjson.dumps(contract), config)
    return Held(task.entry["path"], config, task.manifest["release"], by, kept, open_to), contract


def _read_shard(task: Task) -> tuple[Reading, Held | None]:
    with spilling(task.scratch) as spill:
        return _read_with(task, Noting(spill), Sketches(spill, task.likely or "") if _sketches(task) else None)


def _read_with(task: Task, noting: Noting, sketches: Sketches | None) -> tuple[Reading, Held | None]:
    path, config, reading, held = task.entry["path"], task.entry["config"], Reading(), None
    found = reading.findings
    try:
        held, contract = _held(task)
        shard = opened(task.folder / path)
        expected = columns(contract, config)
        if shard.schema_arrow.remove_metadata() != expected:
            found.append(Finding("schema-differs", path, "", difference(shard.schema_arrow, expected)))
        else:
            if fault := file_metadata_fault(shard, contract, config, task.manifest):
                found.append(Finding("metadata-differs", path, "", fault))
            if shard.metadata.num_rows != task.entry["rows"] or not task.entry["rows"]:
                detail = f"found {shard.metadata.num_rows} rows, expected {task.entry['rows'] or 'some'}"
                found.append(Finding("rows-differ", path, "", detail))
            facts = _Facts(path.rpartition("/")[2].removesuffix(".parquet"), noting, sketches)
            _read(task, held, reading, facts, shard)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, AttributeError, pa.ArrowException) as error:
        refuse_used_up(error)
        found.append(Finding("file-unreadable", path, "", type(error).__name__))
    with aside(noted_of(task)) as path:
        noting.write(path)
    pa.default_memory_pool().release_unused()
    if sketches:
        sketches.write(task.scratch, task.number)
        reading.sample = sketches.smallest_digests()
    return reading, held


def _read(task: Task, held: Held, reading: Reading, facts: "_Facts", shard: pq.ParquetFile) -> None:
    part, tally = (held.config, task.entry["split"]), reading.tally
    for batch in batches(shard):
        sizes = [tally.sizes.get(part, (0, 0)), *map(memory, batch.columns)]
        tally.sizes[part] = (sum(size[0] for size in sizes), sum(size[1] for size in sizes))
        # What is at work at once stays small where texts are long.
        step = max(1, len(batch) * _BYTES_AT_ONCE // max(batch.nbytes, _BYTES_AT_ONCE))
        for start in range(0, len(batch), step):
            _take(held, reading, batch.slice(start, step), part, facts)
    if facts.rows:
        reading.names = fitting(facts.name, facts.pairs, facts.ids)
    if held.path.rpartition("/")[0] != folder_of(*part):
        detail = "lies in the folder of another split or configuration"
        reading.findings.append(Finding("shard-misnamed", held.path, "", detail))


def _take(held: Held, reading: Reading, batch: pa.RecordBatch, part: Part, facts: "_Facts") -> None:
    """Take some rows that follow each other."""
    rows = Columns(batch, canonical(batch))
    written = views(rows.json.texts)
    facts.noting.take(rows, [hashlib.sha256(each).digest() for each in written])
    digests: list[str] = []
    if "text" in batch.schema.names:
        text = batch.column("text")
        for letters in letters_of(views(text), pc.utf8_length(text).to_pylist()):
            if facts.sketches:
                here = facts.rows + len(digests)
                facts.sketches.take(letters, rows.plain("text_sha256")[len(digests) :], here)
            digests += [hashlib.sha256(each).hexdigest() for each in letters.encoded()]
    if not is_sound(held, rows, digests, facts.previous):
        for each in written:
            row = orjson.loads(each)
            reading.findings.extend(row_findings(held, row, facts.previous))
            facts.previous = place_of(row)
    facts.take(rows, orjson.loads(written[-1]))
    reading.tally.take(rows, *part)


@dataclass(slots=True)
class _Facts:
    """What is kept of the rows of a file while it is read."""

    name: str
    noting: Noting
    sketches: Sketches | None
    rows: int = 0
    previous: Place | None = None
    """The place of the last row."""

    pairs: set[tuple[str, str | None]] = field(default_factory=set)
    """Source and day."""

    ids: list[str] = field(default_factory=list)
    """The outermost ids, where the name of the file depends on them."""

    def take(self, rows: Columns, last: Row) -> None:
        """Take some rows."""
        self.rows += len(rows)
        self.previous = place_of(last)
        self.pairs.update(zip(rows.plain("source"), rows.days(), strict=True))
        if is_divided(self.name):
            self.ids = outermost([*self.ids, *rows.plain("id")])
