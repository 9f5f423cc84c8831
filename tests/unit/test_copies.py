"""Copies of one text: the strictest right decides for all of them, unless a decision names the article itself."""

from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pressmark.curate.copies import COPY_IS_CLOSED, named, strictest
from pressmark.curate.duplicates import Entry
from pressmark.curate.gate import Outcome
from pressmark.findings import CATALOGUE, Kind
from strategies import checked

OPEN = Outcome(text=True)
SHUT = Outcome(text=False, because="status-closed", also=("headline",))
GONE = Outcome(text=False, because="embargoed")


def entry(row: int, letters: str, decided_for: str | None = "source", code: str = "") -> Entry:
    rights: dict[str, Any] = {"rights": {"decided_for": decided_for} if decided_for else {}}
    digest = f"{row:064x}"
    return Entry(
        (0, row), f"reeds:{row}", digest, letters, "reeds", None, None, None, 10, digest, "", rights, code=code
    )


def decide(found: list[tuple[Entry, Outcome]]) -> dict[int, Outcome]:
    """Return what becomes of each article that is kept, by its row; those with a code are set aside."""
    alone = {one.at: its for one, its in found}
    kept = [one for one, _ in found if not one.code]
    closed = [one for one, its in found if not its.text]
    return {at[1]: its for at, its in strictest(kept, closed, alone, {}).items()}


def test_what_closes_a_copy_is_a_reason_of_the_catalogue() -> None:
    assert Outcome(text=False, because="copy-is-closed", also=()) == COPY_IS_CLOSED
    assert CATALOGUE[COPY_IS_CLOSED.because].kind is Kind.WITHHELD


def test_an_article_whose_letters_stand_in_a_closed_one_is_closed_in_any_order() -> None:
    found = [(entry(1, "a"), OPEN), (entry(2, "a"), SHUT), (entry(3, "b"), OPEN), (entry(4, "b"), OPEN)]
    for order in permutations(found):
        assert decide(list(order)) == {1: COPY_IS_CLOSED, 2: SHUT, 3: OPEN, 4: OPEN}


def test_a_copy_that_is_set_aside_closes_the_one_that_is_kept_and_has_no_outcome() -> None:
    for code in ("exact-copy", "later-capture", "id-conflict"):
        assert decide([(entry(1, "a"), OPEN), (entry(2, "a", code=code), SHUT)]) == {1: COPY_IS_CLOSED}
        assert decide([(entry(1, "a"), OPEN), (entry(2, "a", code=code), OPEN)]) == {1: OPEN}


def test_a_decision_that_names_the_article_settles_it_for_that_article_alone() -> None:
    found = [
        (entry(1, "a", "article"), OPEN),
        (entry(2, "a", "selection"), OPEN),
        (entry(3, "a", None), OPEN),
        (entry(4, "a", "article"), SHUT),
    ]
    assert decide(found) == {1: OPEN, 2: COPY_IS_CLOSED, 3: COPY_IS_CLOSED, 4: SHUT}
    assert [named(one) for one, _ in found] == [True, False, False, True]


def test_what_is_closed_by_itself_keeps_its_own_reason_and_what_it_shows() -> None:
    assert decide([(entry(1, "a"), SHUT), (entry(3, "a"), OPEN)]) == {1: SHUT, 3: COPY_IS_CLOSED}


def test_of_what_copies_show_without_their_text_each_shows_what_all_do() -> None:
    found = decide([(entry(1, "a"), SHUT), (entry(2, "a"), GONE), (entry(3, "b"), SHUT)])
    assert found == {1: replace(SHUT, also=()), 2: GONE, 3: SHUT}
    named = decide([(entry(1, "a", "article"), SHUT), (entry(2, "a"), GONE)])
    assert named == {1: SHUT, 2: GONE}


def test_where_nothing_is_closed_everything_stays_as_it_is() -> None:
    assert decide([(entry(1, "a"), OPEN), (entry(2, "a"), OPEN)]) == {1: OPEN, 2: OPEN}
    assert decide([]) == {}


entries = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(["article", "selection", "source", None]),
        st.sampled_from(["", "", "exact-copy"]),
        st.sampled_from([OPEN, SHUT, GONE]),
    ),
    max_size=8,
).map(lambda drawn: [(entry(row, letters, about, code), its) for row, (letters, about, code, its) in enumerate(drawn)])


@checked(150)
@given(entries)
def test_no_copy_opens_another_and_one_that_is_added_opens_nothing(found: list[tuple[Entry, Outcome]]) -> None:
    whole = decide(found)
    own = {one.at[1]: its for one, its in found}
    assert set(whole) == {one.at[1] for one, _ in found if not one.code}
    assert all(own[row].text or its.because == own[row].because for row, its in whole.items())
    assert all(set(its.also) <= set(own[row].also) for row, its in whole.items() if not own[row].text)
    fewer = decide(found[:-1])
    assert all(its.text or not whole[row].text for row, its in fewer.items())
