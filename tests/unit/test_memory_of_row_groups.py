"""What of a file of rows is in memory at once, where it is written and where it is read again."""

import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pressmark import shard_rows
from pressmark.press.columns import arrow_schema, table
from pressmark.press.shards import shard_writer
from pressmark.release.batches import ROWS, batches, batches_of, opened
from pressmark.release.spilled import spilling
from pressmark.release.texts import Kept, letters_left, texts_of
from pressmark.shard_rows import ROWS_AT_ONCE, Rows, in_order, together
from pressmark.staging import Stager, staged_at

GROUPS = 4


def texts(count: int, length: int) -> list[str]:
    """Return texts that no compression makes small."""
    whole = np.random.default_rng(7).integers(33, 127, count * length, np.uint8).tobytes().decode()
    return [whole[start : start + length] for start in range(0, len(whole), length)]


def article(number: int, text: str) -> dict[str, Any]:
    return {
        "id": f"reed-gazette:{number}",
        "source": "reed-gazette",
        "language": "en",
        "derivation": "original",
        "text": text,
        "rights_status": "unknown",
        "rights": {},
        "provenance": {"capture_sha256": "0" * 64, "extractor": "page/1"},
        "text_sha256": "1" * 64,
        "letters_sha256": "2" * 64,
        "characters": len(text),
    }


def test_of_a_file_with_large_row_groups_a_part_of_one_is_read_at_a_time(tmp_path: Path) -> None:
    rows, length = 4 * ROWS, 2000
    made, path = texts(GROUPS * rows, length), tmp_path / "a.parquet"
    schema = pa.schema([pa.field("text", pa.string(), nullable=False), ("row", pa.int32())])
    pq.write_table(pa.table([made, range(len(made))], schema=schema), path, row_group_size=rows, compression="zstd")
    shard, before = opened(path), pa.total_allocated_bytes()
    read, most = [], 0
    for batch in batches(shard):
        most = max(most, pa.total_allocated_bytes() - before)
        read += batch["text"].to_pylist()
        del batch
    assert read == made
    assert most < rows * length < path.stat().st_size
    third = [row for batch in batches_of(shard, 2, ["row"]) for row in batch["row"].to_pylist()]
    assert third == list(range(2 * rows, 3 * rows))


def test_of_a_row_group_that_is_written_a_part_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count, length = 500, 8000
    monkeypatch.setattr(shard_rows, "AT_ONCE_BYTES", count * length // 2)
    monkeypatch.setattr(shard_rows, "ROWS_AT_ONCE", count // 5)
    made = texts(GROUPS * count, length)
    with Stager(staged_at(tmp_path, 0)) as stager:
        for number, text in enumerate(made):
            stager.take(article(number, text))
    order = np.random.default_rng(7).permutation(len(made))
    numbers, none = np.arange(len(made), dtype=np.int32), np.zeros(len(made), np.int32)
    rows = Rows(none, numbers, none + length, none.astype(np.int16), none.astype(np.uint64), (), None)
    groups = [(number * count, count) for number in range(GROUPS)]
    found: list[str] = []
    held: list[int] = []
    before = 0

    def looked_at(pieces: Iterable[tuple[Any, pa.Table]]) -> Iterator[pa.Table]:
        for places, some in pieces:
            held.append(pa.total_allocated_bytes() + tracemalloc.get_traced_memory()[0] - before)
            assert some["id"].to_pylist() == [f"reed-gazette:{place}" for place in places.tolist()]
            assert some.schema.field("text") == pa.field("text", pa.string(), nullable=False)
            yield some.select(["id", "text"])
            del some

    schema = arrow_schema("articles")
    narrow = pa.schema([schema.field("id"), schema.field("text")])
    tracemalloc.start()
    try:
        before = pa.total_allocated_bytes()
        pieces = in_order(tmp_path, rows, order, groups, np.full(len(made), length, np.int64))
        for _ in groups:
            with together(looked_at(islice(pieces, 5)), narrow, tmp_path) as group:
                held.append(pa.total_allocated_bytes() + tracemalloc.get_traced_memory()[0] - before)
                found += group["text"].to_pylist()
            # What is found is the test's own, and is traced as well.
            before += sum(map(len, found[-count:])) + 64 * count
    finally:
        tracemalloc.stop()
    assert found == [made[place] for place in order.tolist()]
    assert len(held) == GROUPS * 6
    # A fifth of a row group, twice for a moment, its canonical JSON, and what tells where texts of the whole lie.
    assert max(held) < 0.75 * count * length


def test_a_row_group_has_the_same_bytes_whether_it_was_in_a_file_or_in_memory(tmp_path: Path) -> None:
    count = 6 * ROWS_AT_ONCE + 7
    # Short texts and digests outgrow the dictionaries of their columns within the row group.
    made = [article(number, text) for number, text in enumerate(texts(count, 300))]
    pieces = [table(made[start : start + ROWS_AT_ONCE], "articles") for start in range(0, count, ROWS_AT_ONCE)]
    with shard_writer("articles", "reeds", tmp_path / "memory.parquet") as write:
        write(pa.concat_tables(pieces))
    with (
        shard_writer("articles", "reeds", tmp_path / "file.parquet") as write,
        together(iter(pieces), pieces[0].schema, tmp_path) as group,
    ):
        assert group["id"].num_chunks == 7
        write(group)
    assert (tmp_path / "memory.parquet").read_bytes() == (tmp_path / "file.parquet").read_bytes()


def test_the_parts_that_bytes_depend_on_stay() -> None:
    assert ROWS_AT_ONCE == 1024


def test_letters_of_texts_are_read_from_all_over_a_row_group(tmp_path: Path) -> None:
    count = 3 * ROWS
    rows = pa.table({"text": [f"Text {number}." for number in range(2 * count)]})
    pq.write_table(rows, tmp_path / "a.parquet", row_group_size=count)
    wanted = [0, ROWS - 1, ROWS, 2 * ROWS + 5, count - 1, count, count + ROWS + 1, 2 * count - 1]
    found = texts_of(tmp_path, [("a.parquet", 2 * count)], tmp_path / "nothing").letters(wanted)
    assert found == {number: f"text{number}" for number in wanted}


def test_letters_that_are_left_are_an_array_of_numpy(tmp_path: Path) -> None:
    for number, words in enumerate(([], ["abc", "d", "efgh"])):
        with spilling(tmp_path) as spill:
            kept = Kept(spill("<u4"))
            for row, text in enumerate(words):
                kept.take(row, np.array(list(map(ord, text)), np.uint32))
            kept.write(tmp_path, number)
        left = np.load(letters_left(tmp_path, number))
        assert left.tobytes().decode("utf-32-le") == "".join(words)
