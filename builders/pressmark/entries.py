"""Articles in staging as curation compares them, one by one; most are told by the columns of `pressmark.roll` alone."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pressmark.curate.duplicates import Entry
from pressmark.press.columns import as_record, rows_of
from pressmark.staging import rights_in, rows_at, text_bytes_at

At = tuple[int, int]
"""Task and row of an article in staging."""

_TELLING = (
    *("url", "title", "subtitles", "contributors", "edition", "section", "script", "source_language", "captions"),
    *("published_on", "published_at", "modified_at"),
)
"""Columns by which one record of a text says more than another; none of them is about rights."""

_COLUMNS = [*_TELLING, "id", "text_sha256", "letters_sha256", "source", "provenance"]


def entries_of(staging: Path, number: int, rows: Sequence[int]) -> Iterator[Entry]:
    """Yield an entry for each of some articles of a reading task, in ascending order."""
    table = rows_at(staging, number, rows, _COLUMNS)
    provenance = table["provenance"].combine_chunks()
    rights, whose = rights_in(staging, number)
    columns = zip(
        ((number, row) for row in rows),
        table["id"].to_pylist(),
        table["text_sha256"].to_pylist(),
        table["letters_sha256"].to_pylist(),
        table["source"].to_pylist(),
        [day.isoformat() if day else None for day in table["published_on"].to_pylist()],
        provenance.field("retrieved_at").cast(pa.int64()).to_pylist(),
        table["modified_at"].cast(pa.int64()).to_pylist(),
        text_bytes_at(staging, number, rows),
        provenance.field("capture_sha256").to_pylist(),
        (url or "" for url in table["url"].to_pylist()),
        (rights[which] for which in whose[list(rows)].tolist()),
        _stated(table),
        strict=True,
    )
    for values in columns:
        yield Entry(*values)


def _stated(table: pa.Table) -> list[int]:
    """Return how many of the telling columns each row has."""
    counted = pa.chunked_array([pa.array([0] * table.num_rows, pa.int32())])
    for name in _TELLING:
        counted = pc.add(counted, pc.is_valid(table[name]).cast(pa.int32()))
    return list(counted.to_pylist())


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
