"""The leak scan: does any text that had to stay closed stand anywhere in a release?

It shares no code with what writes releases. It is given the release folder and the folder in which the build kept what
it did not show, and works in steps, each linear in the corpus: `count` and `index` write pieces of the closed texts,
`sift` asks for each piece of the release whether it is one of them, `join` brings together what may have met and
compares it character by character. The steps leave files in a scratch folder; what is held in memory is one part of
the index, and what met.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from pressmark.release.copies import files_below
from pressmark.release.meetings import ENTRY, MET, Job, Scan, dense_joined, entries, join
from pressmark.release.pieces import BREAK, FAMILIES, codes, pieces
from pressmark.release.values import Other, Own, own_fields

Run = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]
"""Runs a function over tasks, as an engine does."""

_PART = 4 * 10**6
"""Pieces of a part of the index."""

_LARGEST_SIEVE = 28
SIEVE = "sieve.npy"

_MORE_THAN_HALF = 3
"""Pieces beyond half of a text: half of its runs hold half of its pieces but for the ends."""
_BATCH = 10**6
_ROWS = 500


def scan(release: Path, closed: Path, scratch: Path, run: Run) -> Scan:
    """Look for runs of closed texts in a release.

    Args:
        release: The release folder.
        closed: The folder of Parquet files with `id`, `closed` and `allowed` of each article that is withheld or under
            embargo: values that may not appear, and values of its own that may, each joined by U+0000.
        scratch: An empty folder for files that may be deleted afterwards.
        run: Runs functions over tasks.
    """
    own = own_fields(release)
    files = [path for path in files_below(closed) if path.suffix == ".parquet"]
    characters = sum(_bytes(path) for path in files)
    parts = 1 + characters // FAMILIES[0].step // _PART
    jobs = [Job(number, path, path.name, scratch, parts, own) for number, path in enumerate(files)]
    total = sum(run(count, jobs))
    if not total:
        return Scan([], [])
    _write_sieve(scratch, parts, total)
    list(run(index, jobs))
    paths = [path for path in files_below(release) if path.is_file()]
    targets = [
        Job(number, path, path.relative_to(release).as_posix(), scratch, parts, own)
        for number, path in enumerate(paths)
    ]
    list(run(sift, targets))
    return join(targets, files, scratch, parts)


def _bytes(path: Path) -> int:
    metadata = pq.read_metadata(path)
    return sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))


def _part_of(hashes: Any, parts: int) -> Any:
    return hashes % np.uint64(parts)


def count(job: Job) -> int:
    """Write the hashes of the pieces of the closed texts of one file; return how many they are."""
    total = 0
    for found in _indexed(job):
        _spill(job, "hash", found)
        total += len(found)
    return total


def index(job: Job) -> int:
    """Write the pieces of the closed texts of one file, each with whether it is of the rarer half of its text."""
    sieve = np.load(job.scratch / SIEVE, mmap_mode="r")
    shift = _shift(sieve)
    for found in _indexed(job):
        order = np.lexsort((sieve[found["hash"] >> shift], found["row"]))
        rows = found["row"][order]
        starts = np.searchsorted(rows, rows, side="left")
        pieces_of_row = np.searchsorted(rows, rows, side="right") - starts
        found["rare"][order] = np.arange(len(rows)) - starts < pieces_of_row // 2 + _MORE_THAN_HALF
        _spill(job, "index", found)
    return 0


def _indexed(job: Job) -> Iterator[Any]:
    """Yield the pieces of the closed texts of a file, some articles at a time."""
    before = 0
    for batch in pq.ParquetFile(job.path).iter_batches(batch_size=_ROWS, columns=["closed"]):
        values = [dense_joined(value) for value in batch["closed"].to_pylist()]
        starts = np.cumsum([0, *(len(value) + 1 for value in values)])
        points = codes(BREAK.join(values))
        of_families = []
        for family in FAMILIES:
            hashes, positions = pieces(points, family, every=1)
            which = np.searchsorted(starts, positions, side="right") - 1
            within = positions - starts[which]
            kept = within % family.step == 0
            found = np.zeros(np.count_nonzero(kept), ENTRY)
            found["hash"], found["file"] = hashes[kept], job.number
            found["row"], found["at"] = before + which[kept], within[kept]
            of_families.append(found)
        before += len(values)
        yield np.concatenate(of_families)


def _spill(job: Job, kind: str, found: Any) -> None:
    of = _part_of(found["hash"], job.parts)
    for part in range(job.parts):
        chosen = found[of == part]
        if len(chosen):
            with (job.scratch / f"{kind}-{part:04d}-{job.number:06d}.bin").open("ab") as stream:
                stream.write(chosen.tobytes())


def _write_sieve(scratch: Path, parts: int, total: int) -> None:
    """Write a table of how often hashes come, by their first bits: most pieces of a release are none of them."""
    bits = min(_LARGEST_SIEVE, max(16, (total * 16).bit_length()))
    sieve = np.zeros(1 << bits, np.uint32)
    for part in range(parts):
        slots, often = np.unique(
            entries(scratch, "hash", part, ENTRY)["hash"] >> np.uint64(64 - bits), return_counts=True
        )
        sieve[slots] += often.astype(np.uint32)
    np.save(scratch / SIEVE, sieve)


def _shift(sieve: Any) -> np.uint64:
    return np.uint64(64 - (len(sieve).bit_length() - 1))


def sift(job: Job) -> int:
    """Write the pieces of one file of the release that may be pieces of a closed text; return how many they are."""
    sieve = np.load(job.scratch / SIEVE, mmap_mode="r")
    shift = _shift(sieve)
    total, batch, size = 0, [], 0
    for value in job.values():
        batch.append(value)
        size += len(value.value)
        if size >= _BATCH:
            total += _sifted(job, batch, sieve, shift)
            batch, size = [], 0
    return total + (_sifted(job, batch, sieve, shift) if batch else 0)


def _sifted(job: Job, batch: list[Own | Other], sieve: Any, shift: np.uint64) -> int:
    points = codes(BREAK.join(value.value for value in batch))
    ends = np.cumsum([len(value.value) + 1 for value in batch])
    count = 0
    for family in FAMILIES:
        hashes, positions = pieces(points, family, every=1)
        passed = sieve[hashes >> shift] > 0
        hashes, positions = hashes[passed], positions[passed]
        which = np.searchsorted(ends, positions, side="right")
        met = np.zeros(len(hashes), MET)
        met["hash"], met["file"] = hashes, job.number
        met["at"] = positions - np.concatenate([[0], ends])[which]
        met["own"] = np.array([isinstance(value, Own) for value in batch])[which]
        met["number"] = np.array([value.row if isinstance(value, Own) else value.number for value in batch])[which]
        _spill(job, "met", met)
        count += len(met)
    return count
