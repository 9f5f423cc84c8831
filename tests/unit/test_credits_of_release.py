"""Credits of a release: every line once, in the order of ids, however many files it is put together from."""

from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.press.credits import credit_jobs, credit_stage, credited
from pressmark.press.manifest import Shard
from pressmark.press.shown import Shown
from strategies import checked

COLUMNS = ["id", "attribution", "license", "source", "url"]
IDS = st.text("ab-:.z", min_size=1, max_size=4)
ROWS = st.tuples(
    IDS, st.none() | st.just("Reed \u00e9\n\u4e2d"), st.none() | st.just("CC-BY-4.0"), st.just("reeds"), st.none()
)


@checked(50)
@given(st.lists(st.lists(ROWS, max_size=4), max_size=7))
def test_lines_are_those_of_all_rows_in_the_order_of_ids(files: list[list[tuple[str | None, ...]]]) -> None:
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr("pressmark.press.credits._FILES_AT_ONCE", 2)
        folder, shards = Path(place), []
        for number, rows in enumerate(files):
            columns = [[row[column] for row in rows] for column in range(len(COLUMNS))]
            table = pa.table([pa.array(values, pa.string()) for values in columns], names=COLUMNS)
            pq.write_table(table, folder / f"{number}.parquet")
            shards.append(Shard(f"{number}.parquet", "articles", "train", len(rows), 0, Shown(), "0" * 64))
        shards.append(Shard("none.parquet", "withheld", "train", 1, 0, Shown(), "0" * 64))
        made = list(map(credit_stage, credit_jobs(folder, shards, folder)))
        found = list(credited(made, folder))
    expected = [
        (str(row[0]), orjson.dumps({name: value for name, value in zip(COLUMNS, row, strict=True) if value}) + b"\n")
        for rows in files
        for row in rows
        if row[1]
    ]
    assert sorted(found) == sorted(line for _, line in expected)
    assert [orjson.loads(line)["id"] for line in found] == sorted(identity for identity, _ in expected)
