"""Parquet shards: which article goes into which file, and files that are the same bytes each time.

Writer options after the measurements in docs/decisions/0005: zstd 3, content-defined chunking (so that a change uploads
little), page index and page checksums, no dictionary-encoded input (a filtered dictionary still holds the dropped
values).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressmark.press.columns import arrow_schema, file_metadata

UNDATED = "undated"
_AFTER_ALL = int(np.iinfo(np.int32).max)
"""Stands for the day of what has none."""

WHOLE = "all"
SMALL_BYTES = 8 * 10**6
"""A shard below this size is one row group; a larger one has a group for each month, so that groups stay when rows
come and go elsewhere in the file."""

LARGE_BYTES = 64 * 10**6
"""A month above this size has a row group for each day: viewers read whole groups, of at most some 100 MB."""

ROW_BYTES = 1024
"""What a row has beside its text, about: sizes are those of texts with it, which are known before rows are read."""


def shard_name(by: Sequence[str], source: str, published_on: str | None) -> str:
    """Return the name of the shard of an article before any division, e.g. `2024` or `harbour-post-2024-05`.

    A source alone is `harbour-post-all`, so that no half of it has the name of a source `harbour-post-0`.
    """
    lengths = {"year": 4, "month": 7}
    parts = [source] if "source" in by else []
    period = max((lengths[step] for step in by if step in lengths), default=0)
    if period:
        parts.append(published_on[:period] if published_on else UNDATED)
    else:
        parts.append(WHOLE)
    return "-".join(parts)


def order_of(keys: pa.Table) -> npt.NDArray[np.int64]:
    """Return in which order rows stand: by moment of publication, midnight UTC where only the day is known, then by id.

    Args:
        keys: `published_on`, `published_at` and `id` of the rows. Those without a day come last.
    """
    midnight = pc.cast(keys["published_on"], pa.timestamp("us", tz="UTC"))
    moments = pc.coalesce(keys["published_at"], midnight)
    order = pc.sort_indices(
        pa.table({"moment": moments, "id": keys["id"]}),
        sort_keys=[("moment", "ascending", "at_end"), ("id", "ascending", "at_end")],
    )
    found: npt.NDArray[np.int64] = order.to_numpy().astype(np.int64)
    return found


@contextmanager
def shard_writer(config: str, corpus: str, path: Path) -> Iterator[Callable[[pa.Table], None]]:
    """Write one shard: one layout of chunks and row groups, so that equal rows are equal bytes.

    Args:
        config: `articles` or `withheld`.
        corpus: Name of the corpus, for the file's metadata.
        path: The file.

    Yields:
        What takes the rows of each row group, by the schema of the configuration, in their order.
    """
    schema = arrow_schema(config)
    with_metadata = schema.with_metadata(file_metadata(config, corpus))
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(
        path,
        with_metadata,
        compression="zstd",
        compression_level=3,
        use_content_defined_chunking=True,
        write_page_index=True,
        write_page_checksum=True,
    ) as writer:

        def write(rows: pa.Table) -> None:
            assert rows.schema.equals(schema), "a shard has the columns of its configuration and no others"
            rows = rows.replace_schema_metadata(with_metadata.metadata)
            writer.write_table(rows, row_group_size=max(1, rows.num_rows))

        yield write


def row_groups(days: pa.ChunkedArray, sizes: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return start and length of each row group: cut where the month changes, or the day within a large month.

    Args:
        days: The local day of publication of each row as a date, null where there is none, in the order of the rows.
        sizes: Bytes of each row, about.
    """
    if sizes.sum() < SMALL_BYTES:
        return [(0, len(days))]
    # Rows go by moments in UTC, days are local: near midnight they can differ, so a day never goes back.
    marks = np.maximum.accumulate(pc.fill_null(days.cast(pa.int32()), _AFTER_ALL).to_numpy())
    months = marks.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    groups = []
    for start, length in _runs(np.where(marks == _AFTER_ALL, _AFTER_ALL, months)):
        if sizes[start : start + length].sum() < LARGE_BYTES:
            groups.append((start, length))
        else:
            groups += [(start + inner, count) for inner, count in _runs(marks[start : start + length])]
    return groups


def _runs(keys: npt.NDArray[Any]) -> list[tuple[int, int]]:
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])).tolist()
    return [(start, end - start) for start, end in zip(starts, [*starts[1:], len(keys)], strict=True)]


def rows_in(path: Path) -> int:
    """Return how many rows a file says it holds, read from the file."""
    return int(pq.read_metadata(path).num_rows)
