"""Entries of many articles brought together in one file, so that parts of them can be looked at in any order.

Articles that belong together lie anywhere in staging: to look for those of each part in the files of all tasks would
open each file once for each part.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from pressmark.curate.duplicates import Entry
from pressmark.entries import TOLD, At, Rows, made_of, told_of
from pressmark.plan import Engine
from pressmark.staging import some_of
from pressmark.standings import Places

_ROWS = 1 << 12
"""Rows of a batch, at least but for the last."""


@dataclass(frozen=True, slots=True)
class GatherJob:
    """Bring together what is told of some articles of a reading task."""

    staging: Path
    task: int
    rows: Rows


def gather_stage(job: GatherJob) -> pa.Table:
    """Return of what the entries of some articles are made."""
    return told_of(job.staging, job.task, job.rows)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is told of some articles, by their number in the roll."""

    numbers: Places
    """Of all of them, ascending."""

    starts: Places
    reader: pa.ipc.RecordBatchFileReader

    def entries(self, numbers: Places) -> Iterator[Entry]:
        """Yield an entry for each of some of them, ascending."""
        for batch, places in self._parts(numbers):
            yield from made_of(batch, places)

    def _parts(self, numbers: Places) -> Iterator[tuple[pa.RecordBatch, list[At]]]:
        done = 0
        for batch in some_of(self.reader, np.searchsorted(self.numbers, numbers)):
            some = numbers[done : done + batch.num_rows]
            tasks = np.searchsorted(self.starts, some, "right") - 1
            yield batch, list(zip(tasks.tolist(), (some - self.starts[tasks]).tolist(), strict=True))
            done += batch.num_rows


@contextmanager
def gathered(engine: Engine, staging: Path, starts: Places, numbers: Places) -> Iterator[Gathered]:
    """Give what is told of some articles, for as long as it is asked for.

    Args:
        engine: Where the files of the tasks are read.
        staging: Where the articles lie.
        starts: The number of the first article of each task, and behind them how many there are.
        numbers: Of the articles, ascending.
    """
    cuts = np.searchsorted(numbers, starts).tolist()
    jobs = [
        GatherJob(staging, task, (numbers[begin:end] - starts[task]).astype(np.int32))
        for task, (begin, end) in enumerate(pairwise(cuts))
        if begin < end
    ]
    with tempfile.TemporaryDirectory(prefix="gathered-", dir=staging, ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "entries.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, TOLD) as file:
            some = TOLD.empty_table()
            for found in engine.run(gather_stage, jobs):
                some = pa.concat_tables([some, found])
                if some.num_rows >= _ROWS:
                    file.write_table(some.combine_chunks())
                    some = TOLD.empty_table()
            file.write_table(some.combine_chunks())
        with pa.memory_map(str(path)) as source:
            yield Gathered(numbers, starts, pa.ipc.open_file(source))
