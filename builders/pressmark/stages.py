"""What an engine runs of a build once everything is read: a function for each stage, and the tasks that it takes.

The first stage is `pressmark.reading`. Between the stages lie files in the workshop's staging.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
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
from pressmark.standings import group_name
from pressmark.workshop import PRIVATE_FILE

_BETWEEN = "\0"


@dataclass(frozen=True, slots=True)
class Before:
    """What the rows of a shard were in the same configuration of the release before."""

    added_in: npt.NDArray[np.int32]
    changed_in: npt.NDArray[np.int32]
    lasting: pa.Array
    """Lasting digests; null where a row was not there."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a shard, by columns."""

    tasks: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    """Where staging has them."""

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
        different = job.rows.different_outcomes
        rows, emptied = _closed(rows, [different[which] for which in job.rows.outcomes.tolist()])
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
    classes: tuple[tuple[str, ...], ...]
    """Classes of fields that may appear, each choice once."""

    rows: npt.NDArray[np.int32]
    shown: npt.NDArray[np.int16]
    """For each row, the number of its choice."""


def close_stage(job: ClosingJob) -> int:
    """Write the values that may not appear, and those of the same article that may, for the leak scan."""
    found = rows_of(rows_at(job.staging, job.task, job.rows))
    kept = [_parted(as_record(row), job.classes[which]) for row, which in zip(found, job.shown.tolist(), strict=True)]
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
    parts, order = [], []
    written = [b""] * len(job.rows)
    for task in np.unique(job.rows.tasks).tolist():
        positions = np.flatnonzero(job.rows.tasks == task)
        asked = job.rows.rows[positions]
        parts.append(rows_at(job.staging, task, asked))
        order.append(positions)
        for position, each in zip(positions.tolist(), written_at(job.staging, task, asked), strict=True):
            written[position] = each
    rows, places = pa.concat_tables(parts).combine_chunks(), np.concatenate(order)
    if (np.diff(places) < 0).any():
        rows = rows.take(pa.array(np.argsort(places)))
    groups = pa.array(map(group_name, job.rows.groups.tolist()), pa.string())
    return _with(rows, "group_id", groups), written


def _numbered(
    rows: pa.Table, told: Iterable[content.Gapped], job: PressJob
) -> tuple[pa.Table, list[tuple[str, bytes]]]:
    """Return rows with the numbers of the releases that added and last changed them, and id and digest of each."""
    added, changed, digests = [], [], []
    for identity, row, before in zip(rows["id"].to_pylist(), told, _before(job), strict=True):
        added_in, changed_in, lasting = before
        added.append(added_in if lasting else job.release)
        changed.append(changed_in if lasting and row.lasting_digest() == lasting else job.release)
        digests.append((identity, row.digest(added[-1], changed[-1])))
    for name, numbers in (("added_in", added), ("changed_in", changed)):
        rows = _with(rows, name, pa.array(numbers, pa.int32()))
    return rows.combine_chunks(), digests


def _before(job: PressJob) -> Iterable[tuple[int, int, bytes | None]]:
    """Return the numbers of each row in the release before, and its lasting digest; none where it was not there."""
    before = job.rows.before
    if before is None:
        return [(0, 0, None)] * len(job.rows)
    return zip(before.added_in.tolist(), before.changed_in.tolist(), before.lasting.to_pylist(), strict=True)


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
