"""Articles on their way from reading to a release: what is written of each reading task, and how it is read again.

Beside the articles, as Arrow, lie the same articles as canonical JSON with gaps for what a release decides, the
different rights that they have, and sketches of their texts: each is worked out once, where the article is at hand.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.article.letters import letters
from pressmark.article.record import Record, without_nothing
from pressmark.curate.resolve import FIELDS
from pressmark.curate.sketches import kept_sketches
from pressmark.press.columns import arrow_schema, table
from pressmark.press.content import with_gaps

ARTICLES, WRITTEN, RIGHTS, WHOSE = ".arrow", ".written", ".rights", ".npy"
"""Files of a reading task: articles, the same as canonical JSON, different rights, and which article has which."""

SKETCHES, LENGTHS, PRINTS = ".sketches", ".lengths", ".prints"
"""And by row: the sketch of its text, how many letters that has, and the SHA-256 of the article as canonical JSON."""

DIGEST = np.dtype("V32")

_ROWS, _CHARACTERS = 1024, 4 * 10**6
"""Rows and characters of text that are staged together, at most about."""

WRITTEN_COLUMN, ROW = "written", "row"
"""Names of columns beside those of an article: its canonical JSON with gaps, and a place that its reader gives it."""

_WRITTEN = pa.schema([pa.field(WRITTEN_COLUMN, pa.binary(), nullable=False)])


def staged_at(staging: Path, number: int) -> Path:
    """Return the file of articles of a reading task."""
    return staging / f"read-{number:06d}{ARTICLES}"


class Stager:
    """Writes the articles of a reading task. Use it in a `with`."""

    def __init__(self, path: Path) -> None:
        """Begin the files of a task.

        Args:
            path: Its file of articles; the others lie beside it.
        """
        self._path = path
        self._files = ExitStack()
        self._batch: list[Record] = []
        self._letters: list[str] = []
        self._characters = 0
        self._rights: dict[bytes, int] = {}
        self._whose: list[int] = []

    def __enter__(self) -> Self:
        articles = self._files.enter_context(pa.OSFile(str(self._path), "wb"))
        written = self._files.enter_context(pa.OSFile(str(self._path.with_suffix(WRITTEN)), "wb"))
        self._sketches = self._files.enter_context(self._path.with_suffix(SKETCHES).open("wb"))
        self._lengths = self._files.enter_context(self._path.with_suffix(LENGTHS).open("wb"))
        self._prints = self._files.enter_context(self._path.with_suffix(PRINTS).open("wb"))
        self._articles = self._files.enter_context(pa.ipc.new_file(articles, arrow_schema("articles")))
        self._written = self._files.enter_context(pa.ipc.new_file(written, _WRITTEN))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._files:
            if kind is None:
                self._write()
        if kind is None:
            self._path.with_suffix(RIGHTS).write_bytes(b"\n".join(self._rights))
            np.save(self._path.with_suffix(WHOSE), np.array(self._whose, np.int32))

    def take(self, article: Record) -> None:
        """Take an article, its rights resolved."""
        told = orjson.dumps({name: article.get(name) for name in FIELDS}, option=orjson.OPT_SORT_KEYS)
        self._whose.append(self._rights.setdefault(told, len(self._rights)))
        self._batch.append(article)
        self._letters.append(letters(article["text"]))
        self._characters += len(article["text"])
        if len(self._batch) == _ROWS or self._characters >= _CHARACTERS:
            self._write()

    def _write(self) -> None:
        if self._batch:
            self._articles.write_table(table(self._batch, "articles"))
            written = list(map(with_gaps, self._batch))
            self._written.write_batch(pa.record_batch([pa.array(written, pa.binary())], schema=_WRITTEN))
            self._prints.write(b"".join(hashlib.sha256(each).digest() for each in written))
            sketch(self._letters, self._sketches, self._lengths)
        self._batch, self._letters, self._characters = [], [], 0


def sketch(only: Sequence[str], sketches: BinaryIO, lengths: BinaryIO) -> None:
    """Write by what near copies of some texts are found.

    Args:
        only: The letters of each text.
        sketches: Takes a sketch of each.
        lengths: Takes how many letters each has.
    """
    sketches.write(kept_sketches(only).tobytes())
    lengths.write(np.fromiter(map(len, only), np.int32, len(only)).tobytes())


def rows_at(
    staging: Path, number: int, rows: Sequence[int] | npt.NDArray[np.int32], columns: list[str] | None = None
) -> pa.Table:
    """Return some rows of a reading task, in the order in which they are asked for.

    No more than one batch is looked at together: the texts of a task may be more than fit into memory.

    Args:
        staging: Where the articles lie.
        number: Of the task.
        rows: Numbers of rows.
        columns: Names of columns; all by default.
    """
    return _some(staged_at(staging, number), np.asarray(rows, np.int64), columns)


def text_bytes_at(staging: Path, number: int, rows: Sequence[int] | npt.NDArray[np.int32]) -> list[int]:
    """Return how many bytes the text of each of some rows of a reading task has, ascending rows; no text is read."""
    found: list[int] = []
    asked = np.asarray(rows, np.int64)
    with pa.memory_map(str(staged_at(staging, number))) as source:
        reader, begin = pa.ipc.open_file(source), 0
        for batch in map(reader.get_batch, range(reader.num_record_batches)):
            first, last = np.searchsorted(asked, (begin, begin + batch.num_rows))
            found += pc.binary_length(batch["text"]).take(pa.array(asked[first:last] - begin)).to_pylist()
            begin += batch.num_rows
    return found


def prints_at(staging: Path, number: int, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.void]:
    """Return, of some rows of a reading task, the SHA-256 of the article: a digest of its text is a part of it."""
    path = staged_at(staging, number).with_suffix(PRINTS)
    return np.asarray(np.memmap(path, DIGEST, "r")[rows])


def batches_at(
    staging: Path, number: int, rows: npt.NDArray[np.int32]
) -> Iterator[tuple[npt.NDArray[np.int64], pa.RecordBatch]]:
    """Yield some articles of a reading task, a batch at a time, with their canonical JSON as `WRITTEN_COLUMN`.

    Args:
        staging: Where the articles lie.
        number: Of the task.
        rows: Numbers of rows, ascending.

    Yields:
        Positions among the rows that were asked for, and these.
    """
    path = staged_at(staging, number)
    with pa.memory_map(str(path)) as articles, pa.memory_map(str(path.with_suffix(WRITTEN))) as written:
        parts = (some_of(pa.ipc.open_file(source), np.asarray(rows, np.int64)) for source in (articles, written))
        done = 0
        for batch, same in zip(*parts, strict=True):
            yield np.arange(done, done + batch.num_rows), batch.append_column(WRITTEN_COLUMN, same[WRITTEN_COLUMN])
            done += batch.num_rows


def _some(path: Path, asked: npt.NDArray[np.int64], columns: list[str] | None) -> pa.Table:
    is_ordered = bool((asked[1:] >= asked[:-1]).all())
    order = np.arange(asked.size) if is_ordered else np.argsort(asked, kind="stable")
    with pa.memory_map(str(path)) as source:
        reader = pa.ipc.open_file(source)
        schema = reader.schema if columns is None else pa.schema([reader.schema.field(name) for name in columns])
        found = pa.Table.from_batches(some_of(reader, asked[order], columns), schema).combine_chunks()
    return found if is_ordered else found.take(pa.array(np.argsort(order)))


def some_of(
    reader: pa.ipc.RecordBatchFileReader, ascending: npt.NDArray[np.int64], columns: list[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield some rows of an Arrow file, a batch of it at a time.

    Args:
        reader: Of the file.
        ascending: Numbers of rows.
        columns: Names of columns; all by default.
    """
    begin = 0
    for number in range(reader.num_record_batches):
        batch = reader.get_batch(number)
        first, last = np.searchsorted(ascending, (begin, begin + batch.num_rows))
        if first < last:
            some = batch.select(columns) if columns else batch
            yield some.take(pa.array(ascending[first:last] - begin))
        begin += batch.num_rows


def rights_told(staging: Path, number: int) -> tuple[list[bytes], npt.NDArray[np.int32]]:
    """Return what the gate asks for of the articles of a reading task, as JSON, each answer once, and by row which."""
    path = staged_at(staging, number)
    told = path.with_suffix(RIGHTS).read_bytes()
    return told.split(b"\n") if told else [], np.load(path.with_suffix(WHOSE))


def rights_in(staging: Path, number: int) -> tuple[list[Record], npt.NDArray[np.int32]]:
    """Return the answers that `rights_told` returns as records, and by row which."""
    different, whose = rights_told(staging, number)
    return [without_nothing(orjson.loads(line)) for line in different], whose
