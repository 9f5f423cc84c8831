"""What is noted of rows: in the order of ids, whatever files they stand in, and what they have in common."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressmark.release import noted
from pressmark.release.again import groups_of, verify_again
from pressmark.release.noted import Noted, in_order, one_by_one
from pressmark.release.noting import NO_DAY, Noting
from pressmark.release.spilled import spilling

Row = tuple[str, str, str, int, bytes | None]
"""Id, digest of the text, group, day, digest of the credit."""

NAMES = st.text(st.sampled_from("ab\u00e9\u4e2d\U0001f600-"), min_size=1, max_size=4)
ROWS = st.tuples(
    NAMES,
    st.sampled_from(["0" * 64, "0" * 16 + "1" * 48, "f" * 64]),
    st.sampled_from(["0" * 16, "f" * 16, "no hex", "00" * 7 + " 0"]),
    st.sampled_from([NO_DAY, -5, 7, 20_000]),
    st.none() | st.binary(min_size=32, max_size=32),
)
FILES = st.lists(st.tuples(st.sampled_from(["train", "test"]), st.lists(ROWS, max_size=6)), max_size=5)


def files_of(folder: Path, given_files: list[tuple[str, list[Row]]]) -> list[Noted]:
    """Return what readings would note of some files."""
    written = [file_of(folder, number, *each) for number, each in enumerate(given_files)]
    found = noted.mapped(written, folder / "together")
    assert [path.name for path in folder.iterdir()] == ["together"]
    return found


def file_of(folder: Path, number: int, split: str, rows: list[Row]) -> tuple[str, str, str, Path]:
    """Write what a reading would note of some rows."""
    place = folder / f"noted-{number}"
    with spilling(folder) as spill:
        noting = Noting(spill)
        if rows:
            ids, texts, groups, days, credits_ = map(list, zip(*rows, strict=True))
            digests = [bytes([number, place]) * 16 for place in range(len(rows))]
            noting.note([ids, texts, groups], np.array(days, np.int32), digests, credits_)
        noting.write(place)
    return f"data/{split}/{number}.parquet", "articles", split, place


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noted, "_SORTED_AT_ONCE", 3)
    monkeypatch.setattr(noted, "_AT_ONCE", 2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(FILES)
def test_ids_come_in_their_order(tmp_path: Path, few_at_once: None, given_files: list[tuple[str, list[Row]]]) -> None:
    files = files_of(tmp_path, given_files)
    rows = [
        (row[0], bytes([number, place]) * 16, row[4])
        for number, (_, some) in enumerate(given_files)
        for place, row in enumerate(some)
    ]
    found = list(one_by_one(files, "digest"))
    assert [identity for identity, _ in found] == sorted(row[0] for row in rows)
    assert sorted(found) == sorted(row[:2] for row in rows)
    assert sorted(one_by_one(files, "credit")) == sorted((row[0], row[2]) for row in rows if row[2])
    assert all(len(ids) * 32 == len(digests) for ids, digests in in_order(files, "digest"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(FILES)
def test_groups_and_what_stands_twice_are_those_of_a_look_at_each_row(
    tmp_path: Path, given_files: list[tuple[str, list[Row]]]
) -> None:
    files = files_of(tmp_path, given_files)
    filled = [some for _, some in given_files if some]
    rows = [(file, *row) for file, some in zip(files, filled, strict=True) for row in some]
    by_group: dict[str, list[Any]] = {}
    for row in rows:
        by_group.setdefault(row[3], []).append(row)
    groups = groups_of(files)
    assert list(groups.each()) == [(group, min(row[4] for row in its), its[0][0]) for group, its in by_group.items()]
    assert sorted(groups.sizes.elements()) == sorted(len(its) for its in by_group.values() if len(its) > 1)
    found = list(verify_again(files, drops_copies=True))
    ids, texts = [row[1] for row in rows], [row[2] for row in rows]
    assert sum(each.code == "id-twice" for each in found) == len(ids) - len(set(ids))
    assert any(each.code == "text-twice" for each in found) <= (len(set(texts)) < len(texts))
    straddling = [row for its in by_group.values() for row in its if row[0].split != its[0][0].split]
    assert sum(each.code == "group-straddles" for each in found) == len(straddling)


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    assert files_of(tmp_path, [("train", [])]) == []
    (tmp_path / "none").mkdir()
    assert files_of(tmp_path / "none", []) == []


def test_many_files_are_not_open_at_once(tmp_path: Path) -> None:
    row = ("a", "0" * 64, "0" * 16, 7, None)
    before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0
    files = files_of(tmp_path, [("train", [row])] * 50)
    assert len(list(in_order(files, "digest"))) > 0
    if before:
        assert len(list(Path("/proc/self/fd").iterdir())) <= before + 3
