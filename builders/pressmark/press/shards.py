"""Parquet shards: which article goes into which file, and files that are the same bytes each time.

Writer options after the measurements in docs/decisions/0005: zstd 3, content-defined chunking (so that a change uploads
little), page index and page checksums, no dictionary-encoded input (a filtered dictionary still holds the dropped
values).
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressmark.press.columns import arrow_schema, file_metadata, size_in_memory

UNDATED = "undated"
WHOLE = "all"
SMALL_BYTES = 8 * 10**6
"""A shard below this size is one row group; a larger one has a group for each month, so that groups stay when rows
come and
go elsewhere in the file."""

LARGE_BYTES = 64 * 10**6
"""A month above this size has a row group for each day: viewers read whole groups, of at most some 100 MB."""

_BITS = 256

Member = TypeVar("Member")


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


def divided(members: Iterable[tuple[str, str, int, Member]], target: int) -> dict[str, list[Member]]:
    """Divide shards that outgrow the target in two by the next bit of the ids' digests, until none does.

    Args:
        members: Shard name, id, bytes of text, and the member itself.
        target: Bytes of text.

    Returns:
        The members of each file, by its name: `2024`, or `2024-0` and `2024-1`, or `2024-0`, `2024-10` and `2024-11`.
    """
    shards: dict[str, list[tuple[str, int, Member]]] = defaultdict(list)
    for name, identity, size, member in members:
        bits = bin(int.from_bytes(hashlib.sha256(identity.encode()).digest()) | 1 << _BITS)[3:]
        shards[name].append((bits, size, member))
    files: dict[str, list[Member]] = {}
    pending = [(name, "", found) for name, found in shards.items()]
    while pending:
        name, prefix, found = pending.pop()
        if len(found) > 1 and len(prefix) < _BITS and sum(size for _, size, _ in found) > target:
            for bit in "01":
                half = [entry for entry in found if entry[0][len(prefix)] == bit]
                pending.append((name, prefix + bit, half))
        elif found:
            files[f"{name}-{prefix}" if prefix else name] = [member for _, _, member in found]
    return files


def ordered(table: pa.Table) -> pa.Table:
    """Return rows by moment of publication (midnight UTC where only the day is known; undated last), then by id."""
    midnight = pc.cast(table["published_on"], pa.timestamp("us", tz="UTC"))
    moments = pc.coalesce(table["published_at"], midnight)
    order = pc.sort_indices(
        pa.table({"moment": moments, "id": table["id"]}),
        sort_keys=[("moment", "ascending", "at_end"), ("id", "ascending", "at_end")],
    )
    return table.take(order).combine_chunks()


def write_shard(table: pa.Table, config: str, corpus: str, path: Path) -> None:
    """Write one shard: canonical order, one layout of chunks and row groups, so that equal rows are equal bytes.

    Args:
        table: Its rows, by the schema of the configuration, in any order.
        config: `articles` or `withheld`.
        corpus: Name of the corpus, for the file's metadata.
        path: The file.
    """
    schema = arrow_schema(config)
    assert table.schema.equals(schema), "a shard has the columns of its configuration and no others"
    rows = ordered(table).replace_schema_metadata(file_metadata(config, corpus))
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(
        path,
        rows.schema,
        compression="zstd",
        compression_level=3,
        use_content_defined_chunking=True,
        write_page_index=True,
        write_page_checksum=True,
    ) as writer:
        for start, length in row_groups(rows):
            writer.write_table(rows.slice(start, length).combine_chunks(), row_group_size=max(1, length))


def row_groups(rows: pa.Table) -> list[tuple[int, int]]:
    """Return start and length of each row group: cut where the month changes, or the day within a large month."""
    if size_in_memory(rows) < SMALL_BYTES:
        return [(0, rows.num_rows)]
    # Rows go by moments in UTC, days are local: near midnight they can differ, so a day never goes back.
    days = list(accumulate((str(day) if day else UNDATED for day in rows["published_on"].to_pylist()), max))
    groups = []
    for start, length in _runs([day[:7] for day in days]):
        if size_in_memory(rows.slice(start, length)) < LARGE_BYTES:
            groups.append((start, length))
        else:
            groups += [(start + inner, count) for inner, count in _runs(days[start : start + length])]
    return groups


def _runs(keys: list[str]) -> list[tuple[int, int]]:
    starts = [index for index, key in enumerate(keys) if not index or key != keys[index - 1]]
    return [(start, end - start) for start, end in zip(starts, [*starts[1:], len(keys)], strict=True)]


def rows_in(path: Path) -> int:
    """Return how many rows a file says it holds, read from the file."""
    return int(pq.read_metadata(path).num_rows)
