"""rights/attribution.jsonl: whom each text is credited to, read from the files of rows that were written.

So it cannot say more than they do. Each file gives its lines in the order of ids; no more of them than one a file is in
memory when they are put together.
"""

import heapq
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow.parquet as pq

from pressmark.press.manifest import Shard

_CREDIT = ["id", "attribution", "license", "source", "url"]
_FILES_AT_ONCE = 200
_ROWS_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class CreditJob:
    """Write the credits of one file of rows."""

    shard: Path
    place: Path


def credit_jobs(folder: Path, shards: Iterable[Shard], scratch: Path) -> list[CreditJob]:
    """Return a task for each file of a release that has texts.

    Args:
        folder: The release.
        shards: Its files of rows.
        scratch: A folder for their credits.
    """
    paths = [folder / shard.path for shard in shards if shard.config == "articles"]
    return [CreditJob(path, scratch / f"credits-{number:06d}") for number, path in enumerate(paths)]


def credit_stage(job: CreditJob) -> Path:
    """Write the credits of one file of rows in the order of ids, each behind its id and a tab."""
    lines = []
    for batch in pq.ParquetFile(job.shard).iter_batches(_ROWS_AT_ONCE, columns=_CREDIT):
        for values in zip(*(batch.column(name).to_pylist() for name in _CREDIT), strict=True):
            credit = {name: value for name, value in zip(_CREDIT, values, strict=True) if value}
            if "attribution" in credit:
                lines.append(b"%s\t%s\n" % (credit["id"].encode(), orjson.dumps(credit)))
    # A task may run twice, and the first file may be read by then.
    unfinished = job.place.with_name(f"{job.place.name}-{os.getpid()}")
    unfinished.write_bytes(b"".join(sorted(lines)))
    unfinished.replace(job.place)
    return job.place


def credited(files: Sequence[Path], scratch: Path) -> Iterator[bytes]:
    """Yield the lines of several files in the order of ids.

    Args:
        files: What `credit_stage` returned.
        scratch: A folder for files in between, where there are more than may be open.
    """
    # The tab comes before everything that an id may hold, so that lines have the order of their ids.
    several = list(files)
    while len(several) > _FILES_AT_ONCE:
        together = several[:_FILES_AT_ONCE]
        merged = scratch / f"{together[0].name}-and-others"
        with merged.open("wb") as stream:
            stream.writelines(_merged(together))
        several = [*several[_FILES_AT_ONCE:], merged]
    for line in _merged(several):
        yield line.partition(b"\t")[2]


def _merged(files: Sequence[Path]) -> Iterator[bytes]:
    with ExitStack() as opened:
        yield from heapq.merge(*(opened.enter_context(path.open("rb")) for path in files))
