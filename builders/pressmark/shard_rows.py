"""The rows of a shard from staging, in their order, as many at once as memory is to have.

The rows of a larger shard are first laid into a few files, one for each stretch of its order, for they lie in staging
in another.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pressmark.curate.gate import Outcome
from pressmark.staging import ROW, batches_at

AT_ONCE_BYTES, WRITTEN_BYTES = 16 * 10**6, 2048
"""What a stretch of a shard has at most, about, and what a row has in staging beside what it has in a shard."""

_LAID_OUT_ROWS, _LAID_OUT_BYTES = 1 << 12, 4 * 10**6
"""What is divided among stretches together, about: each part of it becomes a batch, of which there are to be few."""

ROWS_AT_ONCE = 1024
"""Rows that are finished together, counted from the beginning of a row group. Equal bytes depend on it: the writer of
Parquet may look at these parts where it gives a dictionary up, and where it ends a page."""

_MOST_STRETCHES = 128
"""Each is a file that is open while a shard is laid out; of a very large shard each has more than is said below."""

Numbers = npt.NDArray[np.int64]

_TEXT = "text"


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


def by_task(rows: Rows, places: Numbers) -> Iterator[tuple[int, Numbers]]:
    """Yield each reading task that some rows are of, with the places of these."""
    tasks = rows.tasks[places]
    for task in np.unique(tasks).tolist():
        yield task, places[tasks == task]


def in_order(
    staging: Path, rows: Rows, order: Numbers, groups: Sequence[tuple[int, int]], sizes: Numbers
) -> Iterator[tuple[Numbers, pa.Table]]:
    """Yield the rows of a shard in their order, and their places in it; so many at a time of each row group.

    Args:
        staging: Where the articles lie; what is laid out goes there too.
        rows: The shard.
        order: Places of its rows, in their order.
        groups: Start and length of each row group in that order.
        sizes: Bytes of each row, about.
    """
    pieces = [
        (start + some, min(ROWS_AT_ONCE, length - some))
        for start, length in groups
        for some in range(0, length, ROWS_AT_ONCE)
    ]
    stretches = _stretches(pieces, sizes[order] + WRITTEN_BYTES)
    # Where the rows are not asked for to the end, a stretch is mapped still, which some file systems do not remove.
    with tempfile.TemporaryDirectory(dir=staging, ignore_cleanup_errors=True) as place:
        is_laid_out = len(stretches) > 1 or sizes.sum() > AT_ONCE_BYTES
        if is_laid_out:
            which = np.zeros(len(order), np.int32)
            for number, stretch in enumerate(stretches):
                which[order[stretch[0][0] : sum(stretch[-1])]] = number
            _lay_out(staging, rows, which, Path(place))
        # Where each row of the shard is among those of its stretch.
        at = np.empty(len(order), np.int64)
        for number, stretch in enumerate(stretches):
            found = _Found.of(_laid_out(Path(place), number) if is_laid_out else _staged(staging, rows))
            at[found.rows[ROW].to_numpy()] = np.arange(found.rows.num_rows)
            for start, length in stretch:
                those = order[start : start + length]
                yield those, found.take(at[those])
            # Not to be held beside those of the next stretch.
            del found


@contextmanager
def together(pieces: Iterable[pa.Table], schema: pa.Schema, folder: Path) -> Iterator[pa.Table]:
    """Give the rows of a row group in one table.

    They are mapped: who writes a row group asks for all of it at once, and it may have up to 64 MB of texts.

    Args:
        pieces: The rows.
        schema: Theirs.
        folder: Where a file without a name may be.
    """
    with tempfile.TemporaryFile(dir=folder) as file:
        with pa.ipc.new_file(file, schema) as sink:
            for some in pieces:
                sink.write_table(some)
        file.flush()
        yield pa.ipc.open_file(pa.py_buffer(np.memmap(file, np.uint8, "r"))).read_all()


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows that were found together, in another order."""

    rows: pa.Table
    """Without their texts."""

    texts: list[memoryview]
    """These, where they lie: most of what a row has is not to be copied more than once."""

    place: int
    """Of the column that they are."""

    field: pa.Field
    """That column."""

    @classmethod
    def of(cls, batches: Iterable[pa.RecordBatch]) -> "_Found":
        found = pa.Table.from_batches(list(batches))
        texts = [view for chunk in found[_TEXT].chunks for view in _views(chunk)]
        place = found.schema.get_field_index(_TEXT)
        return cls(found.drop_columns(_TEXT).combine_chunks(), texts, place, found.schema.field(place))

    def take(self, places: Numbers) -> pa.Table:
        """Return some rows in the order in which they are asked for."""
        texts = [self.texts[place] for place in places.tolist()]
        ends = np.zeros(len(texts) + 1, np.int64)
        np.cumsum([len(text) for text in texts], out=ends[1:])
        column = pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(ends), pa.py_buffer(b"".join(texts)))
        # Which refuses more than offsets of 32 bits can say.
        return self.rows.take(pa.array(places)).add_column(self.place, self.field, column.cast(self.field.type))


def _views(texts: pa.StringArray) -> list[memoryview]:
    """Return the bytes of each of some strings, none of which is null; the check has its own way to do it."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].tolist() if offsets else [0]
    whole = memoryview(data) if data else memoryview(b"")
    return [whole[start:end] for start, end in pairwise(ends)]


def _stretches(pieces: Sequence[tuple[int, int]], sizes: Numbers) -> list[list[tuple[int, int]]]:
    """Return pieces of row groups in stretches that are to be in memory together."""
    stretches: list[list[tuple[int, int]]] = []
    held, most = 0, max(AT_ONCE_BYTES, int(sizes.sum()) // _MOST_STRETCHES)
    for start, length in pieces:
        size = int(sizes[start : start + length].sum())
        if not stretches or held + size > most:
            stretches.append([])
            held = 0
        stretches[-1].append((start, length))
        held += size
    return stretches


def _staged(staging: Path, rows: Rows) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a shard from staging, with their places in it."""
    for task, places in by_task(rows, np.arange(len(rows))):
        for some, batch in batches_at(staging, task, rows.rows[places]):
            yield batch.append_column(ROW, pa.array(places[some]))


def _lay_out(staging: Path, rows: Rows, which: npt.NDArray[np.int32], place: Path) -> None:
    """Write the rows of each stretch into a file of its own."""
    with ExitStack() as files:
        writers: dict[int, pa.ipc.RecordBatchFileWriter] = {}
        for batch in _together(_staged(staging, rows)):
            stretch = which[batch[ROW].to_numpy()]
            for number in np.unique(stretch).tolist():
                if number not in writers:
                    sink = files.enter_context(pa.OSFile(str(_stretch_at(place, number)), "wb"))
                    writers[number] = files.enter_context(pa.ipc.new_file(sink, batch.schema))
                writers[number].write_batch(batch.take(pa.array(np.flatnonzero(stretch == number))))


def _together(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield rows of several batches in one, as far as memory is to have them: a task may have few rows of a shard."""
    held, count, size = list[pa.RecordBatch](), 0, 0
    for batch in batches:
        held.append(batch)
        count, size = count + len(batch), size + batch.nbytes
        if count >= _LAID_OUT_ROWS or size >= _LAID_OUT_BYTES:
            yield pa.concat_batches(held)
            held, count, size = [], 0, 0
    if held:
        yield pa.concat_batches(held)


def _laid_out(place: Path, number: int) -> list[pa.RecordBatch]:
    path = _stretch_at(place, number)
    with pa.memory_map(str(path)) as source:
        reader = pa.ipc.open_file(source)
        rows = [reader.get_batch(which) for which in range(reader.num_record_batches)]
    path.unlink()
    return rows


def _stretch_at(place: Path, number: int) -> Path:
    return place / f"stretch-{number:04d}.arrow"
