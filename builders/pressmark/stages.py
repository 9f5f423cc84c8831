"""What an engine runs of a build once everything is read: a function for each stage, and the tasks that it takes.

The first stage is `pressmark.reading`. Between the stages lie files in the workshop's staging.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.article.record import Record, fields_of_class, strings
from pressmark.article.reservations import reserves
from pressmark.curate.gate import Outcome
from pressmark.curate.withheld import without_text
from pressmark.errors import BrokenInstallationError
from pressmark.press import content, shards
from pressmark.press.columns import as_record, rows_of, size_in_memory, table
from pressmark.press.manifest import Shard
from pressmark.press.shown import shown_in
from pressmark.staging import rows_at, written_at
from pressmark.workshop import PRIVATE_FILE

_BETWEEN = "\0"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a shard."""

    task: int
    row: int
    """Where staging has it."""

    outcome: Outcome
    """What may appear."""

    group: str
    before: tuple[int, int, bytes] | None
    """What it was in the same configuration of the release before: added_in, changed_in, and its lasting digest."""


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

    rows: tuple[Row, ...]

    @property
    def path(self) -> str:
        """The shard's path in the release."""
        parent = "data" if self.config == "articles" else "withheld"
        return f"{parent}/{self.split}/{self.name}.parquet"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A shard that was written."""

    shard: Shard
    digests: list[tuple[str, bytes]]
    emptied: list[tuple[str, str]]
    """Ids and fields that were emptied because they showed a withheld text."""


def press_stage(job: PressJob) -> Pressed:
    """Write one shard."""
    rows, written = _staged(job)
    emptied: list[tuple[str, str]] = []
    if job.config == "withheld":
        rows, emptied = _closed(rows, [row.outcome for row in job.rows])
        told = map(content.without_text, map(as_record, rows_of(rows)))
    else:
        told = map(content.filled, written, rows["text"].to_pylist(), rows["group_id"].to_pylist())
    rows, digests = _numbered(rows, told, job)
    path = job.folder / job.path
    shards.write_shard(rows, job.config, job.corpus, path)
    if (count := shards.rows_in(path)) != len(job.rows):
        raise BrokenInstallationError(f"{job.path} holds {count} rows, {len(job.rows)} were written")
    shard = Shard(job.path, job.config, job.split, rows.num_rows, size_in_memory(rows), shown_in(rows, job.config))
    return Pressed(shard, digests, emptied)


@dataclass(frozen=True, slots=True)
class ClosingJob:
    """Keep what a release line does not show of the articles of one reading task."""

    staging: Path
    task: int
    path: Path
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Row, and the classes of fields that may appear."""


def close_stage(job: ClosingJob) -> int:
    """Write the values that may not appear, and those of the same article that may, for the leak scan."""
    found = rows_of(rows_at(job.staging, job.task, [row for row, _ in job.rows]))
    kept = [_parted(as_record(row), shown) for row, (_, shown) in zip(found, job.rows, strict=True)]
    schema = pa.schema([(name, pa.string()) for name in ("id", "text_sha256", "closed", "allowed")])
    pq.write_table(pa.Table.from_pylist(kept, schema=schema), job.path, compression="zstd")
    job.path.chmod(PRIVATE_FILE)
    return len(kept)


def _parted(article: Record, shown: tuple[str, ...]) -> dict[str, str]:
    words = fields_of_class("text", "headline") - fields_of_class(*shown)
    # What is emptied because it shows the text is not shown elsewhere either.
    parts = {
        "closed": {name: value for name, value in article.items() if name in words},
        "allowed": without_text(article, "", shown)[0] if shown else {},
    }
    found = {name: [value for _, value in strings(part)] for name, part in parts.items()}
    # A notice in the midst of a text is the site's, and stands on its other pages too.
    found["allowed"] += filter(reserves, article["text"].split("\n"))
    digest = {"text_sha256": article["text_sha256"]}
    return {"id": article["id"], **digest, **{name: _BETWEEN.join(values) for name, values in found.items()}}


def _staged(job: PressJob) -> tuple[pa.Table, list[bytes]]:
    """Return the rows of a shard in the order of the job, each in its group, and the same as canonical JSON."""
    by_task: dict[int, list[int]] = {}
    for position, row in enumerate(job.rows):
        by_task.setdefault(row.task, []).append(position)
    parts, order = [], []
    written = [b""] * len(job.rows)
    for task, positions in by_task.items():
        asked = [job.rows[position].row for position in positions]
        parts.append(rows_at(job.staging, task, asked))
        order += positions
        for position, each in zip(positions, written_at(job.staging, task, asked), strict=True):
            written[position] = each
    rows = pa.concat_tables(parts).combine_chunks()
    if order != sorted(order):
        rows = rows.take(np.argsort(order))
    return _with(rows, "group_id", pa.array([row.group for row in job.rows], pa.string())), written


def _numbered(
    rows: pa.Table, told: Iterable[content.Gapped], job: PressJob
) -> tuple[pa.Table, list[tuple[str, bytes]]]:
    """Return rows with the numbers of the releases that added and last changed them, and id and digest of each."""
    added, changed, digests = [], [], []
    for identity, row, each in zip(rows["id"].to_pylist(), told, job.rows, strict=True):
        known = each.before
        added.append(known[0] if known else job.release)
        changed.append(known[1] if known and row.lasting_digest() == known[2] else job.release)
        digests.append((identity, row.digest(added[-1], changed[-1])))
    for name, numbers in (("added_in", added), ("changed_in", changed)):
        rows = _with(rows, name, pa.array(numbers, pa.int32()))
    return rows.combine_chunks(), digests


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
