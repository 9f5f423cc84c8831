"""What curation needs to know of the articles that lie in staging."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.curate.duplicates import Entry
from pressmark.press.columns import as_record, rows_of
from pressmark.staging import rights_in, rows_at, staged_at

At = tuple[int, int]
"""Task and row of an article in staging."""

_TELLING = (
    *("url", "title", "subtitles", "contributors", "edition", "section", "script", "source_language", "captions"),
    *("published_on", "published_at", "modified_at"),
)
"""Columns by which one record of a text says more than another; none of them is about rights."""


def entries_of(staging: Path, number: int, *, with_splits: bool = False) -> Iterator[Entry]:
    """Yield an entry for each article of a reading task."""
    with pa.memory_map(str(staged_at(staging, number))) as source:
        table = pa.ipc.open_file(source).read_all()
        provenance = table["provenance"].combine_chunks()
        columns = zip(
            table["id"].to_pylist(),
            table["text_sha256"].to_pylist(),
            table["letters_sha256"].to_pylist(),
            table["source"].to_pylist(),
            [day.isoformat() if day else None for day in table["published_on"].to_pylist()],
            provenance.field("retrieved_at").cast(pa.int64()).to_pylist(),
            table["modified_at"].cast(pa.int64()).to_pylist(),
            pc.binary_length(table["text"]).to_pylist(),
            provenance.field("capture_sha256").to_pylist(),
            (url or "" for url in table["url"].to_pylist()),
            rights_in(staging, number),
            _stated(table),
            strict=True,
        )
        splits = _stated_splits(staging, number) if with_splits else {}
        for row, values in enumerate(columns):
            entry = Entry((number, row), *values)
            entry.split = splits.get(row)
            yield entry


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


def _stated_splits(staging: Path, number: int) -> dict[int, str]:
    """Return the splits that records say they are in, by row."""
    with staged_at(staging, number).with_suffix(".jsonl").open("rb") as stream:
        told = map(orjson.loads, stream)
        return {each["row"]: each["stated_split"] for each in told if "stated_split" in each}
