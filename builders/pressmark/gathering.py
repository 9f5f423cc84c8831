"""Entries of many articles brought together in one file, so that parts of them can be looked at in any order.

Articles that belong together lie anywhere in staging: to look for those of each part in the files of all tasks would
open each file once for each part.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from pressmark.curate.duplicates import Entry
from pressmark.entries import TOLD, Rows, made_of, told_of
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
    folder: Path
    """Where it is written."""


def gather_stage(job: GatherJob) -> Path:
    """Write of what the entries of some articles are made, and return where."""
    path = job.folder / f"told-{job.task:06d}.arrow"
    # A task may run twice, and the first file may be read by then.
    unfinished = path.with_name(f"{os.getpid()}-{path.name}")
    with pa.OSFile(str(unfinished), "wb") as sink, pa.ipc.new_file(sink, TOLD) as file:
        file.write_table(told_of(job.staging, job.task, job.rows))
    unfinished.replace(path)
    return path


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is told of some articles, by their number in the roll."""

    numbers: Places
    """Of all of them, ascending."""

    starts: Places
    reader: pa.ipc.RecordBatchFileReader

    def entries(self, numbers: Places) -> Iterator[Entry]:
        """Yield an entry for each of some of them, ascending."""
        told = pa.Table.from_batches(some_of(self.reader, np.searchsorted(self.numbers, numbers)), TOLD)
        tasks = np.searchsorted(self.starts, numbers, "right") - 1
        yield from made_of(told, zip(tasks.tolist(), (numbers - self.starts[tasks]).tolist(), strict=True))


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
    # Where a task fails, others may still write here; what they leave goes with the workshop's staging.
    with tempfile.TemporaryDirectory(prefix="gathered-", dir=staging, ignore_cleanup_errors=True) as place:
        folder = Path(place)
        jobs = [
            GatherJob(staging, task, (numbers[begin:end] - starts[task]).astype(np.int32), folder)
            for task, (begin, end) in enumerate(pairwise(cuts))
            if begin < end
        ]
        path = folder / "entries.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, TOLD) as file:
            for some in _together(engine.run(gather_stage, jobs)):
                file.write_table(some)
        with pa.memory_map(str(path)) as source:
            yield Gathered(numbers, starts, pa.ipc.open_file(source))


def _together(paths: Iterable[Path]) -> Iterator[pa.Table]:
    """Yield what several files hold, in larger pieces; they go."""
    some = TOLD.empty_table()
    for path in paths:
        with pa.OSFile(str(path), "rb") as source:
            some = pa.concat_tables([some, pa.ipc.open_file(source).read_all()])
        path.unlink()
        if some.num_rows >= _ROWS:
            yield some.combine_chunks()
            some = TOLD.empty_table()
    yield some.combine_chunks()
