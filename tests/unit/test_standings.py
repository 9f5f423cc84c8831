"""What articles were in earlier releases, by columns: found by id, and put together as one article after the other."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pressmark.curate.groups import founders
from pressmark.curate.splits import Origin
from pressmark.standings import Belonging, Known, Standings, group_name, keys_of, recalled
from strategies import checked

Row = tuple[str, str, int, int]
"""Id, split, group, release that added it."""

rows = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["train", "test"]), st.integers(0, 4), st.integers(1, 4)),
    max_size=8,
)
lines = rows.map(lambda drawn: list({row[0]: row for row in drawn}.values()))
"""A release has each id once."""


def large(*ids: str) -> pa.Array:
    return pa.array(ids, pa.large_string())


def kept(those: list[Row]) -> pa.Table:
    columns = {
        "id": [identity for identity, *_ in those],
        "group_id": [group_name(group) for _, _, group, _ in those],
        "added_in": pa.array([added for *_, added in those], pa.int32()),
        "changed_in": pa.array([added + 1 for *_, added in those], pa.int32()),
    }
    return recalled(pa.table(columns), [identity.encode() * 32 for identity in columns["id"]])


def standings(those: list[Row]) -> Standings:
    files = [("articles", split, kept([row for row in those if row[1] == split])) for split in ("train", "test")]
    return Standings.of(files)


def test_ids_with_one_key_are_told_apart() -> None:
    known = Known(large("a", "b", "c", "d"), np.array([1, 7, 7, 9], np.uint64))
    asked, keys = large("c", "x", "b", "d", "a", "z"), np.array([7, 7, 7, 9, 2, 10], np.uint64)
    assert known.find(asked, keys).tolist() == [2, -1, 1, 3, -1, -1]
    assert Known(large(), np.array([], np.uint64)).find(asked, keys).tolist() == [-1] * 6


@checked(100)
@given(lines, st.lists(st.sampled_from("abcdefghijk"), max_size=12))
def test_an_article_is_found_as_it_was(those: list[Row], asked: list[str]) -> None:
    found = standings(those)
    by_id = {row[0]: row for row in those}
    for identity, place in zip(asked, found.known.find(large(*asked), keys_of(asked)).tolist(), strict=True):
        if identity not in by_id:
            assert place == -1
            continue
        _, split, group, added = by_id[identity]
        assert (found.known.ids[place].as_py(), found.splits[found.split[place]]) == (identity, split)
        assert (found.group[place], found.added_in[place], found.changed_in[place]) == (group, added, added + 1)
        assert found.lasting[place].as_py() == identity.encode() * 32
    assert found.added([row[0] for row in those]) == [row[3] for row in those]


@checked(200)
@given(rows, st.lists(lines, max_size=3))
def test_where_articles_belong_is_what_one_after_the_other_would_say(gone: list[Row], newest: list[list[Row]]) -> None:
    gone = sorted(gone, key=lambda row: row[1] == "test")  # a file has one split
    older = {identity: Origin(split, group_name(group), added) for identity, split, group, added in gone}
    current: dict[str, Origin] = {}
    for line in newest:
        for identity, split, group, added in line:
            first = min(added, current[identity].released) if identity in current else added
            current[identity] = Origin(split, group_name(group), first)
    expected = {**older, **current}

    files = [(split, kept([row for row in gone if row[1] == split])) for split in ("train", "test")]
    found = Belonging.of(files, [standings(line) for line in newest])
    assert found.about(found.group) == expected
    ids = found.known.ids.to_pylist()
    assert [ids[place] for place in np.flatnonzero(found.current)] == [each for each in ids if each in current]
    assert dict(found.founders()) == {group: identity for group, (_, identity) in founders(expected).items()}
    some = found.group[:1]
    assert found.about(some) == {name: its for name, its in expected.items() if its.group in map(group_name, some)}


def test_nothing_before_is_nothing_found() -> None:
    nothing = Belonging.of([], [])
    assert nothing.about(np.array([1], np.uint64)) == {}
    assert list(nothing.founders()) == []
    assert Standings.of([]).known.find(large("a"), keys_of(["a"])).tolist() == [-1]
