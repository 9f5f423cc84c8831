"""Articles in staging as curation compares them, one by one; most are told by the columns of `pressmark.roll` alone."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.article.record import without_nothing
from pressmark.curate.duplicates import Entry
from pressmark.press.columns import as_record, rows_of
from pressmark.staging import rights_told, rows_at, text_bytes_at

At = tuple[int, int]
"""Task and row of an article in staging."""

Rows = Sequence[int] | npt.NDArray[np.int32]
"""Numbers of rows of a reading task."""

_TELLING = (
    *("url", "title", "subtitles", "contributors", "edition", "section", "script", "source_language", "captions"),
    *("published_on", "published_at", "modified_at"),
)
"""Columns by which one record of a text says more than another; none of them is about rights."""

_COLUMNS = [*_TELLING, "id", "text_sha256", "letters_sha256", "source", "provenance"]


TOLD = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "text_sha256", "letters_sha256", "source")),
        ("published_on", pa.date32()),
        *((name, pa.int64()) for name in ("retrieved_at", "modified_at", "bytes")),
        *((name, pa.string()) for name in ("capture_sha256", "url")),
        ("rights", pa.binary()),
        ("stated", pa.int32()),
    ]
)
"""Of what entries are made, in the order of their fields behind the first; rights as staging has them."""


def told_of(staging: Path, number: int, rows: Rows) -> pa.Table:
    """Return of what the entries of some articles of a reading task are made, by columns.

    Args:
        staging: Where the articles lie.
        number: Of the task.
        rows: Which, ascending.
    """
    table = rows_at(staging, number, rows, _COLUMNS)
    provenance = table["provenance"].combine_chunks()
    rights, whose = rights_told(staging, number)
    columns = {
        **{name: table[name] for name in ("id", "text_sha256", "letters_sha256", "source", "published_on", "url")},
        "retrieved_at": provenance.field("retrieved_at").cast(pa.int64()),
        "modified_at": table["modified_at"].cast(pa.int64()),
        "bytes": text_bytes_at(staging, number, rows),
        "capture_sha256": provenance.field("capture_sha256"),
        "rights": [rights[which] for which in whose[np.asarray(rows, np.int32)].tolist()],
        "stated": _stated(table),
    }
    return pa.table({name: columns[name] for name in TOLD.names}, TOLD)


def made_of(told: pa.Table | pa.RecordBatch, places: Iterable[At]) -> Iterator[Entry]:
    """Yield the entries of which this is told.

    Args:
        told: As `told_of` returns it.
        places: Where staging has each of the articles.
    """
    columns = {name: told[name].to_pylist() for name in TOLD.names}
    columns["published_on"] = [day.isoformat() if day else None for day in columns["published_on"]]
    columns["url"] = [url or "" for url in columns["url"]]
    rights = {line: without_nothing(orjson.loads(line)) for line in set(columns["rights"])}
    columns["rights"] = [rights[line] for line in columns["rights"]]
    for at, *values in zip(places, *columns.values(), strict=True):
        yield Entry(at, *values)


def entries_of(staging: Path, number: int, rows: Sequence[int]) -> Iterator[Entry]:
    """Yield an entry for each of some articles of a reading task, in ascending order."""
    return made_of(told_of(staging, number, rows), ((number, row) for row in rows))


def _stated(table: pa.Table) -> pa.ChunkedArray:
    """Return how many of the telling columns each row has."""
    counted = pa.chunked_array([pa.array([0] * table.num_rows, pa.int32())])
    for name in _TELLING:
        counted = pc.add(counted, pc.is_valid(table[name]).cast(pa.int32()))
    return counted


def text_at(staging: Path, at: At) -> str:
    """Return the text of a staged article."""
    return str(_row_at(staging, at)["text"][0].as_py())


def said_at(staging: Path, at: At) -> dict[str, Any]:
    """Return what a staged article says, without where it came from and what was seen about its rights."""
    row = _row_at(staging, at).drop_columns(["provenance", "rights"])
    return dict(as_record(rows_of(row)[0]))


def _row_at(staging: Path, at: At) -> pa.Table:
    task, row = at
    return rows_at(staging, task, [row])
