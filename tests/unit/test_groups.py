"""Groups and splits: near copies share them, what was released never moves, and who bridges two splits is left out."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from near_cases import name_survivors
from pressmark.curate.duplicates import Entry
from pressmark.curate.groups import BRIDGE, NEAR_COPY, STRADDLE, Placing, families, placed, straddles
from pressmark.curate.splits import Origin, SplitRule, group_id
from strategies import checked

SHARES = (("train", Fraction(1, 2)), ("test", Fraction(1, 2)))
RULE = SplitRule("salt", SHARES)


def entry(name: str, row: int = 0, **changes: Any) -> Entry:
    digest = hashlib.sha256(name.encode()).hexdigest()
    made = Entry((0, row or ord(name[0])), name, digest, f"letters of {name}", "reeds", None, None, None, 9, "", "", {})
    return replace(made, **changes)


def origin(split: str, released: int = 1, group: str = "") -> Origin:
    return Origin(split, group or f"group in {split}", released)


class Corpus:
    """Articles by one letter each, links between them, and where they were released."""

    def __init__(self, names: str, links: str = "", **released: Origin) -> None:
        self.origins = released
        self.entries = [entry(name, released=released[name].released if name in released else None) for name in names]
        self.links = {frozenset(link) for link in links.split()}

    def place(
        self, *, keep_near: bool = True, rule: SplitRule = RULE, renamed: Mapping[str, str] | None = None
    ) -> dict[str, tuple[str, str]]:
        labels = self.labels()
        found = families(self.entries, {f"letters of {name}": f"letters of {top}" for name, top in labels.items()})
        beside = {
            one.at: [other for other in family if frozenset((one.id, other.id)) in self.links]
            for family in found
            if straddles(family, self.origins)
            for one in family
        }
        places = placed(found, beside, Placing(rule, self.origins, keep_near, renamed or {}))
        name_survivors(self.entries)
        return {one.id: places[one.at] for one in self.entries if one.at in places}

    def labels(self) -> dict[str, str]:
        above = {one.id: one.id for one in self.entries}
        for _ in above:
            for one, other in map(sorted, self.links):
                above[one] = above[other] = min(above[one], above[other])
        return above

    def gone(self) -> dict[str, tuple[str, ...]]:
        return {one.id: tuple(filter(None, (one.code, one.survivor, one.also))) for one in self.entries if one.code}


def test_near_copies_share_the_group_of_the_smallest_id() -> None:
    corpus = Corpus("abcd", "bc cd")
    places = corpus.place()
    assert places["b"] == places["c"] == places["d"]
    assert places["b"][0] == group_id(entry("b").text_sha256) != places["a"][0]
    assert corpus.gone() == {}


def test_a_new_article_joins_the_group_and_split_of_a_released_one() -> None:
    places = Corpus("ab", "ab", b=origin("test", group="old")).place()
    assert places == {"a": ("old", "test"), "b": ("old", "test")}


def test_one_that_bridges_two_groups_of_one_split_joins_the_older() -> None:
    corpus = Corpus("abc", "ac bc", a=origin("train", 2, "young"), b=origin("train", 1, "old"))
    assert corpus.place() == {"a": ("young", "train"), "b": ("old", "train"), "c": ("old", "train")}


def test_of_groups_released_at_once_the_one_with_the_smallest_id_is_older() -> None:
    corpus = Corpus("abc", "ac bc", a=origin("train", 1, "z"), b=origin("train", 1, "y"))
    assert corpus.place()["c"] == ("z", "train")


def test_one_that_bridges_splits_is_left_out_and_names_both() -> None:
    corpus = Corpus("abc", "ac bc", a=origin("train"), b=origin("test"))
    assert set(corpus.place()) == {"a", "b"}
    assert corpus.gone() == {"c": (BRIDGE, "a", "b")}


def test_a_chain_between_splits_is_cut_at_the_last_in_order() -> None:
    # c is near to a, d to b, and c and d to each other: c comes first and joins train; d would then bridge.
    corpus = Corpus("abcd", "ac cd db", a=origin("train"), b=origin("test"))
    places = corpus.place()
    assert places["c"] == places["a"]
    assert corpus.gone() == {"d": (BRIDGE, "b", "c")} or corpus.gone() == {"d": (BRIDGE, "c", "b")}


def test_what_hangs_on_a_bridge_alone_has_a_group_of_its_own() -> None:
    corpus = Corpus("abcde", "ac bc cd de", a=origin("train"), b=origin("test"))
    places = corpus.place()
    assert corpus.gone() == {"c": (BRIDGE, "a", "b")}
    assert places["d"] == places["e"]
    assert places["d"][0] == group_id(entry("d").text_sha256)


def test_of_two_released_near_copies_in_two_splits_the_later_leaves() -> None:
    corpus = Corpus("ab", "ab", a=origin("train", 3), b=origin("test", 2))
    assert set(corpus.place()) == {"b"}
    assert corpus.gone() == {"a": (STRADDLE, "b")}


def test_of_two_released_at_once_the_greater_id_leaves() -> None:
    corpus = Corpus("ab", "ab", a=origin("train"), b=origin("test"))
    corpus.place()
    assert corpus.gone() == {"b": (STRADDLE, "a")}


def test_who_leaves_makes_nobody_else_leave() -> None:
    # b goes because of a; c is near to b alone, and stays.
    corpus = Corpus("abc", "ab bc", a=origin("train", 1), b=origin("test", 2), c=origin("train", 3))
    assert set(corpus.place()) == {"a", "c"}
    assert corpus.gone() == {"b": (STRADDLE, "a")}


def test_near_copies_are_dropped_where_the_recipe_asks() -> None:
    corpus = Corpus("abcd", "ab bc")
    assert set(corpus.place(keep_near=False)) == {"a", "d"}
    assert corpus.gone() == {"b": (NEAR_COPY, "a"), "c": (NEAR_COPY, "a")}


def test_of_near_copies_the_one_that_was_released_stays() -> None:
    corpus = Corpus("ab", "ab", b=origin("test", group="old"))
    assert corpus.place(keep_near=False) == {"b": ("old", "test")}
    assert corpus.gone() == {"a": (NEAR_COPY, "b")}


def test_the_article_that_says_most_stays_then_the_earliest_then_the_smallest_id() -> None:
    corpus = Corpus("abc", "ab bc")
    corpus.entries[2].stated = 1
    corpus.place(keep_near=False)
    assert corpus.gone() == {"a": (NEAR_COPY, "c"), "b": (NEAR_COPY, "c")}
    corpus = Corpus("abc", "ab bc")
    corpus.entries[1].published_on = "2020-01-01"
    corpus.place(keep_near=False)
    assert corpus.gone() == {"a": (NEAR_COPY, "b"), "c": (NEAR_COPY, "b")}


def test_a_group_is_in_the_split_of_its_earliest_article() -> None:
    rule = SplitRule("salt", (("train", Fraction(1)), ("test", Fraction(0)), ("late", Fraction(0))), SINCE)
    days = {"a": "2024-06-01", "b": "2023-12-31", "c": "2024-06-01", "d": "2025-02-02", "e": None}
    corpus = Corpus("abcde", "ab")
    for one in corpus.entries:
        one.published_on = days[one.id]
    found = {name: split for name, (_, split) in corpus.place(rule=rule).items()}
    assert found == {"a": "train", "b": "train", "c": "test", "d": "late", "e": "train"}


SINCE = {"test": "2024-01-01", "late": "2025-01-01"}


def test_a_group_is_in_the_split_that_the_smallest_id_says() -> None:
    corpus = Corpus("abc", "ab bc")
    corpus.entries[1].split, corpus.entries[2].split = "test", "train"
    assert {split for _, split in corpus.place().values()} == {"test"}


def test_groups_have_other_names_where_they_are_asked_for() -> None:
    corpus = Corpus("ab", "ab", a=origin("train", group="hidden"))
    assert corpus.place(renamed={"hidden": "other"}) == {"a": ("other", "train"), "b": ("other", "train")}


def test_an_article_keeps_group_and_split_whatever_its_text_has_become() -> None:
    corpus = Corpus("ab", "", a=origin("train", group="one"), b=origin("train", group="one"))
    assert corpus.place() == {"a": ("one", "train"), "b": ("one", "train")}


def named(name: str, split: str, released: int = 1) -> Origin:
    """Return the origin of an article in the group that is named after the text of a new one."""
    return origin(split, released, group_id(entry(name).text_sha256))


@pytest.mark.parametrize("split", ["train", "test"])
def test_new_near_copies_take_up_the_group_that_any_of_their_texts_names(split: str) -> None:
    # b has the text that the group of x is named after; x itself has another text by now.
    corpus = Corpus("abcx", "ab bc", x=named("b", split))
    places = corpus.place()
    assert set(places.values()) == {(group_id(entry("b").text_sha256), split)}
    assert corpus.gone() == {}


def test_of_several_groups_that_new_near_copies_name_they_take_up_the_older() -> None:
    corpus = Corpus("abxy", "ab", x=named("a", "train", 2), y=named("b", "train", 1))
    places = corpus.place()
    assert places["a"] == places["b"] == (group_id(entry("b").text_sha256), "train")


def test_of_new_near_copies_that_name_groups_of_two_splits_one_is_left_out_and_names_both() -> None:
    corpus = Corpus("abcxy", "ab bc", x=named("a", "train", 2), y=named("b", "test", 1))
    places = corpus.place()
    assert corpus.gone() == {"a": (BRIDGE, "b", "x")}
    assert places["b"] == places["c"] == (group_id(entry("b").text_sha256), "test")
    # Where the founder of the other group may leave no trace, it is not named.
    corpus = Corpus("abxy", "ab", x=named("a", "train", 2), y=named("b", "test", 1))
    places = corpus.place(renamed={group_id(entry("a").text_sha256): "other"})
    assert corpus.gone() == {"a": (BRIDGE, "b")}


def test_a_released_near_copy_says_more_than_the_text_of_a_new_one() -> None:
    corpus = Corpus("abx", "ab", a=origin("train"), x=named("b", "test"))
    assert corpus.place()["b"] == ("group in train", "train")
    assert corpus.gone() == {}


NAMES = "abcdefgh"


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, str, dict[str, Origin]]:
    links = draw(st.sets(st.sampled_from([one + other for one, other in combinations(NAMES, 2)]), max_size=12))
    released = draw(
        st.dictionaries(st.sampled_from(NAMES), st.tuples(st.sampled_from(["train", "test"]), st.integers(1, 3)))
    )
    # Articles that are gone, after whose texts groups are named; new ones have these texts.
    gone = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["train", "test"]), max_size=4))
    origins = {name: origin(*how, group=f"{how[0]} {name}") for name, how in released.items()}
    return (
        NAMES,
        " ".join(sorted(links)),
        origins | {f"gone {name}": named(name, split, 4) for name, split in gone.items()},
    )


@checked(400)
@given(histories(), st.permutations(range(len(NAMES))), st.sampled_from([True, False]))
def test_no_near_copies_straddle_nothing_released_moves_and_the_order_never_matters(
    history: tuple[str, str, dict[str, Origin]],
    order: list[int],
    keep_near: bool,  # noqa: FBT001 - drawn
) -> None:
    names, links, released = history
    corpus, other = Corpus(names, links, **released), Corpus(names, links, **released)
    other.entries = [other.entries[position] for position in order]
    places = corpus.place(keep_near=keep_near)
    assert places == other.place(keep_near=keep_near)
    assert corpus.gone() == other.gone()
    assert set(places) | set(corpus.gone()) == set(names)
    assert not set(places) & set(corpus.gone())
    for name, (group, split) in places.items():
        if name in released:
            assert (group, split) == (released[name].group, released[name].split)
    for link in links.split():
        if set(link) <= set(places):
            assert places[link[0]][1] == places[link[1]][1]
    for name, (code, *others) in corpus.gone().items():
        assert others[0] in places
        assert set(others) <= {*places, *(each for each in released if each.startswith("gone"))}
        if code == BRIDGE:
            assert name not in released
            splits_of = {places[each][1] if each in places else released[each].split for each in others}
            assert not keep_near or len(splits_of) == 2
        if code == STRADDLE:
            assert name in released
    splits: dict[str, str] = {}
    for group, split in places.values():
        assert splits.setdefault(group, split) == split


@pytest.mark.parametrize("code", [BRIDGE, STRADDLE, NEAR_COPY])
def test_who_is_left_out_is_so_whatever_its_rights(code: str) -> None:
    corpora = {
        BRIDGE: Corpus("abc", "ac bc", a=origin("train"), b=origin("test")),
        STRADDLE: Corpus("ab", "ab", a=origin("train"), b=origin("test")),
        NEAR_COPY: Corpus("ab", "ab"),
    }
    for one in corpora[code].entries:
        one.rights = {"rights_status": "public_domain"}
    corpora[code].place(keep_near=code != NEAR_COPY)
    assert [gone[0] for gone in corpora[code].gone().values()] == [code]


def test_who_was_left_out_makes_nobody_a_copy_to_drop() -> None:
    released = {"a": origin("train", 1), "b": origin("test", 2), "c": origin("train", 3, "of c")}
    corpus = Corpus("abcx", "ab bc cx", **released)
    assert set(corpus.place(keep_near=False)) == {"a", "c"}
    assert corpus.gone() == {"b": (STRADDLE, "a"), "x": (NEAR_COPY, "c")}
    corpus = Corpus("abcx", "ab bc cx", **released)
    assert corpus.place()["x"] == ("of c", "train")
