"""Writing one shard from staging: what an engine runs for each file of rows, and the task that it takes.

What is in memory at once is some row groups. The rows of a larger shard are first laid into a few files, one for each
stretch of its order, for they lie in staging in another.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pressmark.article.record import Record
from pressmark.curate.gate import Outcome
from pressmark.curate.withheld import without_text
from pressmark.errors import BrokenInstallationError
from pressmark.press import content, shards
from pressmark.press.columns import arrow_schema, as_record, measures, rows_of, size_in_memory, table
from pressmark.press.manifest import Shard
from pressmark.press.shown import Shown, shown_in
from pressmark.staging import ROW, WRITTEN_COLUMN, batches_at, rows_at
from pressmark.standings import group_name

AT_ONCE_BYTES = 16 * 10**6
"""What a stretch of a shard has at most, about, but for a row group that has more."""

_KEYS = ["id", "published_on", "published_at"]

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Before:
    """What the rows of a shard were in the same configuration of the release before."""

    added_in: npt.NDArray[np.int32]
    changed_in: npt.NDArray[np.int32]
    lasting: pa.Array
    """Lasting digests; null where a row was not there."""

    def some(self, places: Numbers) -> Iterator[tuple[int, int, bytes | None]]:
        """Yield the numbers of some rows, and their lasting digests."""
        lasting = self.lasting.take(pa.array(places)).to_pylist()
        yield from zip(self.added_in[places].tolist(), self.changed_in[places].tolist(), lasting, strict=True)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a shard, by columns."""

    tasks: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    """Where staging has them; in that order."""

    bytes: npt.NDArray[np.int32]
    """Length of their texts in UTF-8."""

    outcomes: npt.NDArray[np.int16]
    """What may appear, as numbers in the list below."""

    groups: npt.NDArray[np.uint64]
    different_outcomes: tuple[Outcome, ...]
    before: Before | None

    def __len__(self) -> int:
        return len(self.rows)


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

    @property
    def path(self) -> str:
        """The shard's path in the release."""
        parent = "data" if self.config == "articles" else "withheld"
        return f"{parent}/{self.split}/{self.name}.parquet"


@dataclass(slots=True)
class Pressed:
    """A shard that was written."""

    shard: Shard
    digests: list[tuple[str, bytes]] = field(default_factory=list)
    emptied: list[tuple[str, str]] = field(default_factory=list)
    """Ids and fields that were emptied because they showed a withheld text."""


def press_stage(job: PressJob) -> Pressed:
    """Write one shard."""
    path, places = job.folder / job.path, range(len(job.rows))
    keys = pa.concat_tables(
        rows_at(job.staging, task, job.rows.rows[those], _KEYS) for task, those in _by_task(job.rows, np.array(places))
    )
    order, sizes = shards.order_of(keys), job.rows.bytes + np.int64(shards.ROW_BYTES)
    days = [day.isoformat() if day else None for day in keys["published_on"].take(pa.array(order)).to_pylist()]
    groups = shards.row_groups(days, sizes[order])
    pressed = Pressed(Shard(job.path, job.config, job.split, len(job.rows), 0, Shown()))
    measured = []
    with shards.shard_writer(job.config, job.corpus, path) as write:
        for those, rows in _in_order(job, order, groups, sizes):
            finished = _finished(job, those, rows, pressed)
            measured.append(measures(finished))
            write(finished)
    pressed.shard.arrow_bytes = size_in_memory(np.sum(measured, axis=0))
    if (count := shards.rows_in(path)) != len(job.rows):
        raise BrokenInstallationError(f"{job.path} holds {count} rows, {len(job.rows)} were written")
    return pressed


def _by_task(rows: Rows, places: Numbers) -> Iterator[tuple[int, Numbers]]:
    """Yield each reading task that some rows are of, with the places of these."""
    tasks = rows.tasks[places]
    for task in np.unique(tasks).tolist():
        yield task, places[tasks == task]


def _in_order(
    job: PressJob, order: Numbers, groups: Sequence[tuple[int, int]], sizes: Numbers
) -> Iterator[tuple[Numbers, pa.Table]]:
    """Yield the rows of each row group in their order, and their places in the job."""
    stretches = _stretches(groups, sizes[order])
    with tempfile.TemporaryDirectory(dir=job.staging) as place:
        if len(stretches) > 1:
            which = np.zeros(len(order), np.int32)
            for number, stretch in enumerate(stretches):
                which[order[stretch[0][0] : sum(stretch[-1])]] = number
            _lay_out(job, which, Path(place))
        for number, stretch in enumerate(stretches):
            rows = _laid_out(Path(place), number) if len(stretches) > 1 else _joined(_staged(job))
            # Where each row of the job is among these.
            at = np.empty(len(order), np.int64)
            at[rows[ROW].to_numpy()] = np.arange(rows.num_rows)
            for start, length in stretch:
                those = order[start : start + length]
                yield those, rows.take(pa.array(at[those]))


def _stretches(groups: Sequence[tuple[int, int]], sizes: Numbers) -> list[list[tuple[int, int]]]:
    """Return row groups in stretches that are to be in memory together."""
    stretches: list[list[tuple[int, int]]] = []
    held = 0
    for start, length in groups:
        size = int(sizes[start : start + length].sum())
        if not stretches or held + size > AT_ONCE_BYTES:
            stretches.append([])
            held = 0
        stretches[-1].append((start, length))
        held += size
    return stretches


def _staged(job: PressJob) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a job from staging, with their places in the job."""
    for task, places in _by_task(job.rows, np.arange(len(job.rows))):
        for some, batch in batches_at(job.staging, task, job.rows.rows[places]):
            yield batch.append_column(ROW, pa.array(places[some]))


def _joined(batches: Iterable[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(list(batches)).combine_chunks()


def _lay_out(job: PressJob, which: npt.NDArray[np.int32], place: Path) -> None:
    """Write the rows of each stretch into a file of its own."""
    with ExitStack() as files:
        writers: dict[int, pa.ipc.RecordBatchFileWriter] = {}
        for batch in _staged(job):
            stretch = which[batch[ROW].to_numpy()]
            for number in np.unique(stretch).tolist():
                if number not in writers:
                    sink = files.enter_context(pa.OSFile(str(_stretch_at(place, number)), "wb"))
                    writers[number] = files.enter_context(pa.ipc.new_file(sink, batch.schema))
                writers[number].write_batch(batch.take(pa.array(np.flatnonzero(stretch == number))))


def _laid_out(place: Path, number: int) -> pa.Table:
    path = _stretch_at(place, number)
    with pa.memory_map(str(path)) as source:
        rows = pa.ipc.open_file(source).read_all().combine_chunks()
    path.unlink()
    return rows


def _stretch_at(place: Path, number: int) -> Path:
    return place / f"stretch-{number:04d}.arrow"


def _finished(job: PressJob, places: Numbers, rows: pa.Table, pressed: Pressed) -> pa.Table:
    """Return the rows of a row group as they are written, and note what there is to say of them.

    Args:
        job: What is written.
        places: Of these rows in the job.
        rows: As they were staged.
        pressed: Where it is noted.
    """
    groups = [group_name(group) for group in job.rows.groups[places].tolist()]
    written = rows[WRITTEN_COLUMN].to_pylist()
    rows = _with(rows.select(arrow_schema("articles").names), "group_id", pa.array(groups, pa.string()))
    if job.config == "withheld":
        different = job.rows.different_outcomes
        rows, emptied = _closed(rows, [different[which] for which in job.rows.outcomes[places].tolist()])
        pressed.emptied += emptied
        told: Iterable[content.Gapped] = map(content.without_text, map(as_record, rows_of(rows)))
    else:
        told = map(content.filled, written, rows["text"].to_pylist(), groups)
    rows = _numbered(job, places, rows, told, pressed)
    pressed.shard.shown.add(shown_in(rows, job.config))
    return rows


def _numbered(
    job: PressJob, places: Numbers, rows: pa.Table, told: Iterable[content.Gapped], pressed: Pressed
) -> pa.Table:
    """Return rows with the numbers of the releases that added and last changed them."""
    added, changed = [], []
    before: Iterable[tuple[int, int, bytes | None]] = (
        job.rows.before.some(places) if job.rows.before else [(0, 0, None)] * len(places)
    )
    for identity, row, (added_in, changed_in, lasting) in zip(rows["id"].to_pylist(), told, before, strict=True):
        added.append(added_in if lasting else job.release)
        changed.append(changed_in if lasting and row.lasting_digest() == lasting else job.release)
        pressed.digests.append((identity, row.digest(added[-1], changed[-1])))
    for name, numbers in (("added_in", added), ("changed_in", changed)):
        rows = _with(rows, name, pa.array(numbers, pa.int32()))
    return rows


def _with(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)


def _closed(rows: pa.Table, outcomes: list[Outcome]) -> tuple[pa.Table, list[tuple[str, str]]]:
    shown: list[Record] = []
    emptied: list[tuple[str, str]] = []
    for row, outcome in zip(rows_of(rows), outcomes, strict=True):
        record, fields = without_text(as_record(row), outcome.because, outcome.also)
        shown.append(record)
        emptied += [(record["id"], field) for field in fields]
    return table(shown, "withheld"), emptied
