"""Files of rows, read some rows at a time: a row group has up to 64 MB of texts, and more where a day has more."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 1024
"""Rows at a time, at most."""

_BUFFER = 1 << 20
"""Bytes of a column that are read at once. Without it a whole row group is, or all that are asked for."""


def opened(path: Path) -> pq.ParquetFile:
    """Open a file of rows. Pages whose checksums are wrong are refused."""
    return pq.ParquetFile(path, page_checksum_verification=True, buffer_size=_BUFFER, pre_buffer=False)


def batches(shard: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file that was opened."""
    for group in range(shard.num_row_groups):
        yield from batches_of(shard, group)


def batches_of(shard: pq.ParquetFile, group: int, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a row group of a file that was opened.

    Args:
        shard: The file.
        group: Number of the row group.
        columns: Names of columns; all by default.
    """
    # Each thread that reads columns would keep memory of its own, and there are as many processes as processors.
    yield from shard.iter_batches(batch_size=ROWS, row_groups=[group], columns=columns, use_threads=False)
