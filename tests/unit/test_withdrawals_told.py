"""How a withdrawn article is told again: by each thing alone, by nothing else, and by nobody without the key."""

import dataclasses
import hmac
import re
from typing import Any, NoReturn

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressmark.article.contract import contract
from pressmark.article.identity import canonical_address, loose_address
from pressmark.article.letters import letters_digest
from pressmark.article.record import text_digest
from pressmark.curate.duplicates import Entry
from pressmark.curate.withdrawals import Suppression, digests, keyed
from strategies import checked

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
KINDS = ("id", "address", "text", "letters", "source", "group")
URL = "https://www.journal.example/news/1.html"
TEXT = "The ferry left at six. Nobody waved."
TOMBSTONE = "t-0123456789abcdef0123"

hosts = st.from_regex(r"(www\.|m\.|mobile\.)?[a-z가-힣]{1,8}\.example(:[0-9]{1,4})?", fullmatch=True)
paths = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="?#"), max_size=30)


def entry(**fields: Any) -> Entry:
    given_: dict[str, Any] = {
        "id": "journal:1",
        "url": URL,
        "source": "journal",
        "text_sha256": text_digest(TEXT),
        "letters_sha256": letters_digest(TEXT),
    }
    rest: dict[str, Any] = {"published_on": None, "retrieved_at": None, "modified_at": None, "bytes": 1}
    return Entry(at=(0, 0), capture_sha256="0" * 64, rights={}, **rest, **{**given_, **fields})


OTHER = entry(
    id="other:9",
    url="https://other.example/9",
    source="other",
    text_sha256=text_digest("Other words."),
    letters_sha256=letters_digest("Other words."),
)


def suppression(key: bytes = KEY) -> Suppression:
    known = entry()
    told = digests(key, known.id, known.url, known.text_sha256, known.letters_sha256)
    return Suppression(key, dict.fromkeys(told, TOMBSTONE))


@pytest.mark.parametrize(
    "shared",
    [
        {"id": "journal:1"},
        {"url": URL},
        {"url": "http://journal.example/news/1.html?utm_source=x"},
        {"text_sha256": text_digest(TEXT)},
        {"letters_sha256": letters_digest(TEXT.upper().replace(" ", ""))},
    ],
    ids=str,
)
def test_one_thing_in_common_is_enough(shared: dict[str, Any]) -> None:
    found = dataclasses.replace(OTHER, **shared)
    assert suppression().tombstone(found) == TOMBSTONE
    assert suppression(OTHER_KEY).tombstone(found) == TOMBSTONE


def test_with_nothing_in_common_an_article_stays() -> None:
    assert suppression().tombstone(OTHER) is None
    assert suppression().by_id("other:9") is None


@pytest.mark.parametrize("swapped", ["id", "url", "text_sha256", "letters_sha256"])
def test_a_digest_of_one_kind_is_none_of_another(swapped: str) -> None:
    # The value that one field of the withdrawn article has stands in another field of a free one.
    value = getattr(entry(), swapped)
    for name in {"id", "text_sha256", "letters_sha256"} - {swapped}:
        assert suppression().tombstone(dataclasses.replace(OTHER, **{name: value})) is None


@checked(200)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.binary(min_size=32, max_size=32))
def test_kinds_and_keys_give_digests_of_their_own(value: str, key: bytes) -> None:
    found = [keyed(each, kind, value) for kind in KINDS for each in {key, KEY}]
    assert len(set(found)) == len(found)
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in found)


def test_a_source_takes_all_of_its_articles_along() -> None:
    found = Suppression(KEY, {keyed(KEY, "source", "other"): TOMBSTONE})
    assert found.tombstone(OTHER) == found.by_id("other:whatever") == TOMBSTONE
    assert found.tombstone(entry()) is None


def test_it_costs_nothing_where_nothing_is_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("a digest was made")

    monkeypatch.setattr(hmac, "new", refuse)
    assert Suppression().tombstone(entry()) is None
    assert Suppression().by_id("journal:1") is None
    with pytest.raises(AssertionError, match="a digest was made"):
        Suppression(KEY, {"0": TOMBSTONE}).tombstone(entry())


@checked(300)
@given(st.builds("{}://{}/{}{}".format, st.sampled_from(["http", "https"]), hosts, paths, st.just("") | paths))
@example("https://journal.example/%")
@example("https://journal.example/%ff%ed%a0%80/")
@example("https://journal.example/index.html/index.html")
def test_every_address_that_comes_in_has_a_loose_form(url: str) -> None:
    canonical = canonical_address(url)
    loose = loose_address(canonical)
    assert loose == loose_address(url)
    scheme, rest = canonical.split("://", 1)
    front = "" if rest.startswith(("www.", "m.", "mobile.")) or ":" in rest.split("/", 1)[0] else "www."
    assert loose == loose_address(f"{scheme}://{front}{rest}")
    # It is digested, so it has to be characters that UTF-8 has.
    assert keyed(KEY, "address", loose)


SAID = {"tombstone": TOMBSTONE, "reason": "quality", "withdrawn_on": "2026-02-01"}
OPEN = {**SAID, "id": "journal:1", "text_sha256": "0" * 64}


@pytest.mark.parametrize(
    ("tombstone", "holds"),
    [
        (SAID, True),
        (OPEN, True),
        ({**OPEN, "restored_on": "2026-03-01"}, True),
        ({**SAID, "source": "journal"}, True),
        ({**SAID, "reason": "privacy"}, True),
        ({**SAID, "reason": "court_order", "source": "journal"}, True),
        ({**OPEN, "reason": "privacy"}, False),
        ({**SAID, "reason": "privacy", "id": "journal:1"}, False),
        ({**SAID, "reason": "court_order", "text_sha256": "0" * 64}, False),
        ({**SAID, "reason": "anger"}, False),
        ({**SAID, "title": "Ferry"}, False),
        ({**SAID, "url": URL}, False),
        ({**SAID, "withdrawn_on": "2026-02-30"}, False),
        ({**SAID, "tombstone": "journal:1"}, False),
    ],
    ids=str,
)
def test_a_tombstone_says_what_it_may_and_no_more(tombstone: dict[str, str], holds: bool) -> None:  # noqa: FBT001 - a case
    schema = contract("tombstone")
    assert [schema.holds(tombstone), schema.reference_holds(tombstone), not schema.faults(tombstone)] == [holds] * 3
