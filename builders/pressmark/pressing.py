"""Writing one shard from staging: what an engine runs for each file of rows, and the task that it takes."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pressmark.article.record import Record
from pressmark.curate.gate import Outcome
from pressmark.curate.withheld import without_text
from pressmark.errors import BrokenInstallationError
from pressmark.press import content, shards
from pressmark.press.columns import arrow_schema, as_record, measures, rows_of, size_in_memory, table
from pressmark.press.manifest import Shard, digest_of
from pressmark.press.shown import Shown, shown_in
from pressmark.shard_rows import ROWS_AT_ONCE, Numbers, Rows, by_task, in_order, together
from pressmark.shelf import ROWS, Prints, Shelf, brought, prints_of
from pressmark.staging import WRITTEN_COLUMN, rows_at
from pressmark.standings import group_name, keys_of
from pressmark.written import Written

_KEYS = ["id", "published_on", "published_at"]

_ROWS_AT_ONCE = 512
"""Rows that are Python's at once: a row group may have tens of thousands."""


@dataclass(frozen=True, slots=True)
class PressJob:
    """Write one shard from staging."""

    staging: Path
    folder: Path
    """The release folder."""

    corpus: str
    config: str
    split: str
    name: str
    release: int
    """Number of the release within its line."""

    rows: Rows
    line: str = ""
    """Name of the release line."""

    shelf: Shelf | None = None
    """Where to look first whether a release has the same file."""

    releases: tuple[Path, ...] = ()
    """Such releases."""

    @property
    def path(self) -> str:
        """The shard's path in the release."""
        return path_of(self.config, self.split, self.name)


def path_of(config: str, split: str, name: str) -> str:
    """Return the path of a shard in the release."""
    return f"{'data' if config == 'articles' else 'withheld'}/{split}/{name}.parquet"


@dataclass(slots=True)
class Pressed:
    """A shard that was written."""

    shard: Shard
    rows: list[pa.RecordBatch] = field(default_factory=list)
    """What is noted of its rows, by the schema `ROWS` in their order: of Python's objects each row would have six."""

    emptied: list[tuple[str, str]] = field(default_factory=list)
    """Ids and fields that were emptied because they showed a withheld text."""

    made_of: str | None = None
    """What it is kept as, if it is."""


def press_stage(job: PressJob) -> Written:
    """Write one shard, or take it from a release that has the same."""
    pressed = _pressed_or_taken(job)
    name = f"digests-{job.line}-{hashlib.sha256(job.path.encode()).hexdigest()}.arrow"
    written = Written.of(pressed.shard, pa.Table.from_batches(pressed.rows, ROWS), job.staging / name)
    return replace(written, emptied=pressed.emptied, made_of=pressed.made_of)


def _pressed_or_taken(job: PressJob) -> Pressed:
    if job.shelf is None:
        return _pressed(job, _order(job))
    prints = prints_of(job.staging, job.rows)
    made_of = job.shelf.made_of((job.line, job.corpus, job.config, job.path), job.rows, prints)
    return _again(job, job.shelf, made_of, prints) or _kept(job, job.shelf, made_of, prints)


def _again(job: PressJob, shelf: Shelf, made_of: str, prints: Prints) -> Pressed | None:
    known = shelf.take(made_of)
    if known is None or not known.is_as_of(job.release, prints, job.rows.before):
        return None
    if not brought(job.path, known.sha256, job.releases, job.folder):
        return None
    note = known.note
    told = (note["arrow_bytes"], Shown.of(note["shown"]), known.sha256)
    shard = Shard(job.path, job.config, job.split, len(job.rows), *told)
    emptied = [(identity, name) for identity, name in note["emptied"]]
    return Pressed(shard, known.rows.to_batches(), emptied, made_of)


def _kept(job: PressJob, shelf: Shelf, made_of: str, prints: Prints) -> Pressed:
    order = _order(job)
    pressed = _pressed(job, order)
    note = {
        "arrow_bytes": pressed.shard.arrow_bytes,
        "shown": pressed.shard.shown.told(),
        "emptied": pressed.emptied,
    }
    rows = pa.Table.from_batches(pressed.rows, ROWS)
    shelf.keep(made_of, pressed.shard.sha256, rows, prints[order.places], note)
    return replace(pressed, made_of=made_of)


@dataclass(frozen=True, slots=True)
class _Order:
    """In which order the rows of a shard stand."""

    places: Numbers
    """In the job, in that order."""

    groups: list[tuple[int, int]]
    """Start and length of each row group."""

    sizes: Numbers
    """Bytes of each row of the job, about."""


def _order(job: PressJob) -> _Order:
    every = by_task(job.rows, np.arange(len(job.rows)))
    keys = pa.concat_tables(rows_at(job.staging, task, job.rows.rows[those], _KEYS) for task, those in every)
    places, sizes = shards.order_of(keys), job.rows.bytes + np.int64(shards.ROW_BYTES)
    days = keys["published_on"].take(pa.array(places))
    return _Order(places, shards.row_groups(days, sizes[places]), sizes)


def _pressed(job: PressJob, order: _Order) -> Pressed:
    path = job.folder / job.path
    pressed = Pressed(Shard(job.path, job.config, job.split, len(job.rows), 0, Shown(), ""))
    # What a task that ran before left may be linked to another release.
    path.unlink(missing_ok=True)
    measured = []
    with shards.shard_writer(job.config, job.corpus, path) as write:
        pieces = in_order(job.staging, job.rows, order.places, order.groups, order.sizes)
        for _, length in order.groups:
            its = islice(pieces, -(-length // ROWS_AT_ONCE))
            finished = (_finished(job, those, rows, pressed) for those, rows in its)
            with together(finished, arrow_schema(job.config), job.staging) as group:
                measured.append(measures(group))
                write(group)
    pressed.shard.arrow_bytes = size_in_memory(np.sum(measured, axis=0))
    if (count := shards.rows_in(path)) != len(job.rows):
        raise BrokenInstallationError(f"{job.path} holds {count} rows, {len(job.rows)} were written")
    pressed.shard.sha256 = digest_of(path)
    return pressed


def _finished(job: PressJob, places: Numbers, rows: pa.Table, pressed: Pressed) -> pa.Table:
    """Return some rows of a row group as they are written, and note what there is to say of them.

    Args:
        job: What is written.
        places: Of these rows in the job.
        rows: As they were staged.
        pressed: Where that is noted.
    """
    groups = [group_name(group) for group in job.rows.groups[places].tolist()]
    written = rows[WRITTEN_COLUMN]
    rows = _with(rows.select(arrow_schema("articles").names), "group_id", pa.array(groups, pa.string()))
    if job.config == "withheld":
        different = job.rows.different_outcomes
        rows, emptied = _closed(rows, [different[which] for which in job.rows.outcomes[places].tolist()])
        pressed.emptied += emptied
        told: Iterable[content.Gapped] = map(content.without_text, map(as_record, _each(rows)))
    else:
        told = map(content.filled, _values(written), _values(rows["text"]), groups)
    rows = _numbered(job, places, rows, told, pressed)
    pressed.shard.shown.add(shown_in(rows, job.config))
    return rows


def _numbered(
    job: PressJob, places: Numbers, rows: pa.Table, told: Iterable[content.Gapped], pressed: Pressed
) -> pa.Table:
    """Return rows with the numbers of the releases that added and last changed them."""
    added, changed, lasting, digests = list[int](), list[int](), list[bytes](), list[bytes]()
    before: Iterable[tuple[int, int, bytes | None]] = (
        job.rows.before.some(places) if job.rows.before else [(0, 0, None)] * len(places)
    )
    for row, (added_in, changed_in, earlier) in zip(told, before, strict=True):
        lasting.append(row.lasting_digest())
        added.append(added_in if earlier else job.release)
        changed.append(changed_in if earlier == lasting[-1] else job.release)
        digests.append(row.digest(added[-1], changed[-1]))
    ids = rows["id"].to_pylist()
    noted = (ids, keys_of(ids), job.rows.groups[places], added, changed, lasting, digests)
    pressed.rows.append(pa.RecordBatch.from_pydict(dict(zip(ROWS.names, noted, strict=True)), ROWS))
    for name, numbers in (("added_in", added), ("changed_in", changed)):
        rows = _with(rows, name, pa.array(numbers, pa.int32()))
    return rows


def _with(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)


def _closed(rows: pa.Table, outcomes: list[Outcome]) -> tuple[pa.Table, list[tuple[str, str]]]:
    closed: list[pa.Table] = []
    emptied: list[tuple[str, str]] = []
    each = zip(_each(rows), outcomes, strict=True)
    while some := list(islice(each, _ROWS_AT_ONCE)):
        shown: list[Record] = []
        for row, outcome in some:
            record, fields = without_text(as_record(row), outcome.because, outcome.also)
            shown.append(record)
            emptied += [(record["id"], field) for field in fields]
        closed.append(table(shown, "withheld"))
    return pa.concat_tables(closed).combine_chunks(), emptied


def _each(rows: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield rows as Python has them, of which no more than some are held at once."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield from rows_of(rows.slice(start, _ROWS_AT_ONCE))


def _values(column: pa.ChunkedArray) -> Iterator[Any]:
    """Yield values as Python has them, of which no more than some are held at once."""
    for start in range(0, len(column), _ROWS_AT_ONCE):
        yield from column.slice(start, _ROWS_AT_ONCE).to_pylist()
