"""What `diff` makes of releases that other programs wrote, and of rows that say the same."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pressmark.errors import UsageError
from pressmark.release.changes import Change
from pressmark.release.diff import Schemas, differences

AT = datetime(2026, 1, 2, 3, 4, 5, 60, UTC)


def release(folder: Path, rows: pa.Table, config: str = "articles") -> Path:
    """Write what `diff` reads of a release."""
    path = folder / "rows.parquet"
    folder.mkdir()
    pq.write_table(rows, path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    entry = {"path": "rows.parquet", "config": config, "split": "train", "sha256": sha256}
    (folder / "manifest.json").write_text(json.dumps({"files": [entry]}), encoding="utf-8")
    return folder


def told(old: Path, new: Path, *, texts: bool = False) -> tuple[Schemas, list[Change]]:
    with differences(old, new, texts=texts) as (columns, changes):
        return columns, list(changes)


@pytest.mark.parametrize("kind", [pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_a_column_of_another_type_is_told_and_rows_are_still_compared(tmp_path: Path, kind: pa.DataType) -> None:
    rows = {"id": ["a", "b", "c"], "text": ["One.", "Two.", None], "at": [AT, None, AT]}
    one = pa.table(rows)
    other = pa.table({**rows, "text": pa.array(["One.", "Too.", None], kind), "score": [0.5, 1.5, None]})
    columns, changes = told(release(tmp_path / "one", one), release(tmp_path / "other", other), texts=True)
    assert columns == [("articles", "score", "added"), ("articles", "text", "another type")]
    place = ("articles", "train")
    assert changes == [Change("b", place, place, ("text",), texts=("Two.", "Too."))]


def test_what_says_nothing_is_no_change(tmp_path: Path) -> None:
    one = pa.table({"id": ["a"], "rights": [{"notice": "x", "holder": None}], "added_in": [1]})
    other = pa.table({"id": ["a"], "rights": [{"notice": "x"}], "new": pa.nulls(1, pa.string()), "added_in": [2]})
    columns, changes = told(release(tmp_path / "one", one), release(tmp_path / "other", other))
    assert [name for _, name, _ in columns] == ["new", "rights"]
    assert changes == []


def test_a_row_that_moves_is_told_with_what_both_show(tmp_path: Path) -> None:
    one = release(tmp_path / "one", pa.table({"id": ["a"], "text": ["One."], "title": ["T"]}))
    other = release(
        tmp_path / "other", pa.table({"id": ["a"], "text": pa.nulls(1, pa.string()), "title": ["U"]}), "withheld"
    )
    _, (change,) = told(one, other)
    assert (change.before, change.after, change.fields) == (("articles", "train"), ("withheld", "train"), ("title",))


@pytest.mark.parametrize(
    "rows",
    [
        {"id": pa.array([None, "b"])},
        {"other": pa.array(["a"])},
        {"id": pa.array(["a"]), "at": pa.array([2**62], pa.timestamp("us")), "score": pa.array([0.5])},
    ],
    ids=["an id that is null", "no ids", "a time that is none"],
)
def test_rows_that_nobody_can_compare_are_refused_in_words(tmp_path: Path, rows: dict[str, pa.Array]) -> None:
    good = release(tmp_path / "good", pa.table({"id": ["a"]}))
    with pytest.raises(UsageError, match="cannot be read"):
        told(good, release(tmp_path / "bad", pa.table(rows)))
