"""What `diff` makes of releases that other programs wrote, and of rows that say the same."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pressmark.errors import UsageError
from pressmark.release.changes import Change
from pressmark.release.diff import Schemas, Side, compare, differences

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


def in_files(folder: Path, files: list[list[tuple[str, str]]]) -> Side:
    folder.mkdir()
    shards = {}
    for number, rows in enumerate(files):
        path = f"{number}.parquet"
        pq.write_table(pa.table({"id": [each[0] for each in rows], "text": [each[1] for each in rows]}), folder / path)
        shards[path] = ("articles", "train", hashlib.sha256((folder / path).read_bytes()).hexdigest())
    return Side(folder, shards)


def twice(function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
    """Run every task twice, as an engine may that loses a process."""
    for task in tasks:
        function(task)
        yield function(task)


def test_in_however_many_parts_and_tasks_releases_are_compared_they_differ_in_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[(f"paper:{file}-{row}", f"Text {row}.") for row in range(9)] for file in range(6)]
    old = in_files(tmp_path / "old", rows)
    changed = [[(name, f"{text} More." if name.endswith("3") else text) for name, text in some] for some in rows[1:]]
    new = in_files(tmp_path / "new", [*changed, [("paper:new", "New.")], [("other:new", "New.")]])
    lines = [json.dumps({"id": "paper:0-1", "because": "vanished"}), json.dumps({"id": "paper:0-2", "because": "x"})]
    (new.folder / "departures.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = {}
    for name, size, run in (("one", 10**9, map), ("many", 100, map), ("twice", 100, twice)):
        monkeypatch.setattr("pressmark.release.diff._PART_BYTES", size)
        scratch = tmp_path / name
        scratch.mkdir()
        found[name] = list(compare(old, new, scratch, run=run))
    place = ("articles", "train")
    assert len(found["one"]) == 5 + 2 + 9
    assert [change.because for change in found["one"] if change.after is None] == ["", "vanished", "x", *[""] * 6]
    assert all(change.fields == ("text",) for change in found["one"] if change.before == change.after == place)
    assert found["one"] == found["many"] == found["twice"]
    assert [change.id for change in found["one"]] == sorted(change.id for change in found["one"])
