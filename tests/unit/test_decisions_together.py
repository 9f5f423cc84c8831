"""Several decisions for one article: the strictest of each, and decisions that only take away."""

from dataclasses import replace
from itertools import combinations, permutations
from typing import Any

import pytest

from pressmark.article.contract import contract
from pressmark.article.rights import Decision, Scope
from pressmark.curate.gate import Outcome
from pressmark.curate.resolve import together
from rights_cases import (
    CLOSENESS,
    DESTINATIONS,
    NOT_OWN,
    OPENING,
    at,
    decided,
    named,
    opens,
    resolved,
)

CC = "https://creativecommons.org"


def closed(because: str, *also: str) -> Outcome:
    return Outcome(text=False, because=because, also=also)


# Several decisions that are equally close

STRICTER = [
    (decided("public_domain"), decided("all_rights_reserved")),
    (decided("open_license"), decided("unknown")),
    (decided("permission"), decided("orphan")),
    (decided("public_domain"), decided("permission", visibility="private")),
    (decided("permission"), decided("permission", visibility="gated")),
    (decided("permission"), decided("permission", visibility="local")),
    (decided("permission"), decided("permission", decided_as="rule")),
    (decided("permission"), decided("permission", purposes=("research",))),
    (decided("permission"), decided("permission", territories=("KR",))),
    (decided("permission"), decided("permission", outputs=("headline",))),
    (decided("permission"), decided("permission", covers=("original",))),
    (decided("public_domain"), decided("public_domain", decided_on="2026-02-01")),
    (decided("public_domain"), decided("public_domain", territories=("KR",))),
    (decided("public_domain", basis="a"), decided("all_rights_reserved", basis="z")),
    (decided("public_domain", basis="z"), decided("all_rights_reserved", basis="a")),
    (decided("open_license"), decided("open_license", license="CC-BY-NC-4.0")),
    (decided("open_license", basis="z"), decided("open_license", basis="a", license="CC-BY-NC-4.0")),
    (decided("open_license", basis="z"), decided("open_license", basis="a", attribution=None)),
    (decided("open_license", basis="a"), decided("open_license", basis="z", attribution=None)),
    (decided("restricted_license"), decided("restricted_license", license="LicenseRef-reeds")),
]


@pytest.mark.parametrize(("laxer", "stricter"), STRICTER, ids=named)
@pytest.mark.parametrize("scope", CLOSENESS.values(), ids=CLOSENESS)
def test_of_decisions_that_are_equally_close_the_more_restrictive_counts_in_any_order(
    laxer: Decision, stricter: Decision, scope: Scope
) -> None:
    both = [replace(laxer, scope=scope), replace(stricter, scope=scope)]
    assert opens(both[0], section=["Town"]) is True
    assert opens(both[1], section=["Town"]) is False
    assert [opens(*order, section=["Town"]) for order in permutations(both)] == [False, False]


def test_a_permission_that_names_no_audience_counts_beside_one_that_does() -> None:
    assert not opens(decided("permission"), decided("permission", visibility=None))


STORED: dict[str, Any] = {"storage_basis": "EU-DSM-3", "visibility": "private"}


@pytest.mark.parametrize("status", ["all_rights_reserved", "not_protected_claimed", "orphan"])
def test_a_decision_that_nothing_is_known_closes_beside_one_that_allows_storage(status: str) -> None:
    assert opens(decided("unknown", **STORED), destination="private") is False
    assert opens(decided(status, **STORED), decided("unknown", **STORED), destination="private") is False


@pytest.mark.parametrize("status", ["all_rights_reserved", "not_protected_claimed", "orphan"])
def test_a_ground_for_storage_counts_where_every_decision_names_one(status: str) -> None:
    both = [decided(status, **STORED, basis="a"), decided(status, **STORED, basis="b")]
    assert opens(*both, destination="private") is True
    assert resolved(*both)["rights"]["storage_basis"] == "EU-DSM-3"
    lacking = [both[0], replace(both[1], storage_basis=None)]
    for order in permutations(lacking):
        assert "storage_basis" not in resolved(*order)["rights"]
        assert at(resolved(*order), "private") == closed("status-closed")


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (("2025-12-31", "2027-12-31"), "2027-12-31"),
        (("2025-12-31", None), None),
        ((None, None), None),
        (("2026-01-30", "2026-01-31"), "2026-01-31"),
        (("2026-01-30", "2026-01-29"), "2026-01-30"),
    ],
    ids=str,
)
@pytest.mark.parametrize("status", OPENING)
def test_decisions_that_are_equally_close_hold_as_long_as_one_of_them_does(
    status: str, days: tuple[str | None, str | None], last: str | None
) -> None:
    found = [decided(status, expires=day, basis=str(number)) for number, day in enumerate(days)]
    for order in permutations(found):
        article = resolved(*order)
        assert article["rights"].get("expires") == last
        assert at(article).because == ("" if last is None or last >= "2026-01-31" else "permission-expired")


def test_a_decision_that_is_closer_and_has_expired_does_not_give_way_to_the_next() -> None:
    closer = decided("permission", expires="2026-01-30", scope=CLOSENESS["article"])
    assert at(resolved(decided("permission"), closer)) == closed("permission-expired")


@pytest.mark.parametrize("basis", ["a", "z"])
def test_of_decisions_that_are_equally_close_the_one_that_covers_less_counts(basis: str) -> None:
    whole = decided("public_domain", basis=basis, covers=("text", "original"))
    for order in permutations([whole, decided("public_domain", basis="m")]):
        assert opens(*order, derivation="reprint") is False
        assert opens(*order, derivation="original") is True


def test_a_permission_beside_a_decision_that_the_page_contradicts_does_not_open() -> None:
    notice: dict[str, Any] = {"rights": {"notice": "All rights reserved by Reed House."}}
    for order in permutations([decided("permission"), decided("public_domain")]):
        assert opens(*order, **notice) is False


DIFFERENT = [
    (decided("public_domain"), decided("open_license")),
    (decided("public_domain"), decided("permission")),
    (decided("open_license"), decided("open_license", license="CC0-1.0")),
    (decided("open_license"), decided("restricted_license")),
    (decided("restricted_license"), decided("restricted_license", license="CC-BY-ND-4.0")),
    (decided("restricted_license"), decided("unknown")),
    (decided("permission"), decided("orphan")),
]


@pytest.mark.parametrize("pair", DIFFERENT, ids=lambda pair: " beside ".join(map(named, pair)))
def test_decisions_that_are_equally_close_and_differ_are_a_conflict_where_one_would_open(
    pair: tuple[Decision, Decision],
) -> None:
    for order in permutations(pair):
        article = resolved(*order)
        assert article["rights_status"] == "conflict"
        assert article["rights"]["conflicts"] == ["decisions-differ"]
        assert [at(article, place) for place in NOT_OWN] == [closed("rights-conflict")] * 3


def test_decisions_that_differ_are_no_conflict_where_none_would_open_or_one_is_closer() -> None:
    shut = [decided("orphan"), decided("all_rights_reserved")]
    for order in permutations(shut):
        assert resolved(*order)["rights_status"] == "all_rights_reserved"
        assert "conflicts" not in resolved(*order)["rights"]
    closer = decided("open_license", scope=CLOSENESS["article"])
    assert resolved(decided("public_domain"), closer)["rights_status"] == "open_license"


def test_a_status_that_closes_is_recorded_before_one_that_would_open() -> None:
    for order in permutations([decided("open_license"), decided("unknown"), decided("permission")]):
        assert together(list(order)).status == "unknown"
    for order in permutations([decided("orphan"), decided("unknown"), decided("all_rights_reserved")]):
        assert together(list(order)).status == "unknown"
    for order in permutations([decided("open_license"), decided("open_license", license="CC0-1.0")]):
        assert together(list(order)).license == "CC-BY-4.0"
    named_later = [decided("open_license", basis="z"), decided("open_license", basis="a", license="CC0-1.0")]
    assert together(named_later).license == "CC-BY-4.0"
    without = [decided("public_domain", basis="z"), decided("public_domain", basis="a", license="CC0-1.0")]
    assert together(without).license is None


def test_decisions_of_one_kind_allow_together_what_each_of_them_allows() -> None:
    wide = decided(
        "permission",
        basis="a",
        decided_by="editor",
        decided_as="counsel",
        covers=("text", "original", "image"),
        outputs=("headline", "name"),
        purposes=("research",),
        territories=("KR",),
        attribution="Reed House",
        evidence=({"kind": "law", "scope": "text", "where": "a"},),
    )
    narrow = decided(
        "permission",
        basis="b",
        decided_by="publisher",
        decided_on="2025-06-01",
        covers=("image", "text"),
        visibility="gated",
        purposes=("teaching", "research"),
        territories=("CN",),
        attribution="Osier Wire",
        evidence=({"kind": "law", "scope": "text", "where": "b"},),
    )
    for order in permutations([wide, narrow]):
        article = resolved(*order)
        assert article["attribution"] == "Reed House"
        assert article["rights"] == {
            "basis": "a; b",
            "decided_by": "editor; publisher",
            "decided_as": "person",
            "decided_on": "2025-06-01",
            "decided_for": "source",
            "covers": ["text", "image"],
            "needs": ["text"],
            "outputs": ["headline", "name"],
            "visibility": "gated",
            "purposes": ["research", "teaching"],
            "territories": ["CN", "KR"],
            "reserved": False,
            "evidence": [*wide.evidence, *narrow.evidence],
        }


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        (("person", "counsel"), "person"),
        (("counsel", "counsel"), "counsel"),
        (("counsel", "rule"), "rule"),
        (("person", "rule"), "rule"),
    ],
    ids=str,
)
def test_decisions_are_together_what_the_least_of_them_is(kinds: tuple[str, str], kind: str) -> None:
    for order in permutations(decided("permission", decided_as=name) for name in kinds):
        assert resolved(*order)["rights"]["decided_as"] == kind


@pytest.mark.parametrize("status", OPENING)
@pytest.mark.parametrize(("wider", "narrower"), list(combinations(DESTINATIONS, 2)))
def test_decisions_reach_together_as_far_as_the_narrowest_of_them(status: str, wider: str, narrower: str) -> None:
    found = [decided(status, visibility=wider), decided(status, visibility=narrower)]
    for order in permutations(found):
        article = resolved(*order)
        assert article["rights"]["visibility"] == narrower
        assert [place for place in DESTINATIONS if at(article, place).text] == [
            place for place in DESTINATIONS if DESTINATIONS.index(place) >= DESTINATIONS.index(narrower)
        ]


@pytest.mark.parametrize("status", OPENING)
def test_beside_an_audience_a_decision_that_names_none_counts_as_everybody_or_for_a_permission_as_the_owner(
    status: str,
) -> None:
    silent, gated = decided(status, visibility=None), decided(status, visibility="gated")
    expected = "local" if status == "permission" else "gated"
    for order in permutations([silent, gated]):
        assert resolved(*order)["rights"]["visibility"] == expected
    assert resolved(silent, silent)["rights"].get("visibility") == ("local" if status == "permission" else None)


def test_a_basis_that_decisions_share_is_told_once_and_one_that_is_too_long_is_left_out() -> None:
    assert resolved(decided("orphan"), decided("orphan", expires="2030-01-01"))["rights"]["basis"] == (
        "The register says so."
    )
    for name, longest in (("basis", 1000), ("decided_by", 200)):
        half = (longest - len("; ")) // 2
        first, second, third = (
            decided("orphan", **{name: letter * length})
            for letter, length in (("a", half), ("b", half), ("c", half + 1))
        )
        assert resolved(first, second)["rights"][name] == f"{'a' * half}; {'b' * half}"
        assert resolved(third, first)["rights"][name] == "a" * half


def test_decisions_taken_together_keep_the_contract() -> None:
    found = [decided("public_domain", basis=letter * 600, decided_by=letter * 150) for letter in "ab"]
    assert contract("article").faults(resolved(*found)) == []


def test_of_decisions_with_other_credits_the_order_in_the_file_names_no_other() -> None:
    credits_ = [decided("open_license", attribution=name) for name in ("Reed House", "Osier Wire")]
    assert resolved(*credits_)["attribution"] == resolved(*credits_[::-1])["attribution"] == "Osier Wire"


def test_where_decisions_were_recorded_or_how_they_name_an_article_changes_nothing() -> None:
    one = decided("open_license", attribution="Reed House", scope=Scope(ids=frozenset({"r1"})), recorded_in="a")
    other = decided("open_license", attribution="Reed House", scope=Scope(ids=frozenset({"reeds:r1"})), recorded_in="b")
    assert resolved(one, other) == resolved(other, one)
    assert resolved(one, other)["rights"]["decided_for"] == "article"
    another = replace(other, attribution="Osier Wire")
    assert resolved(one, another)["attribution"] == resolved(another, one)["attribution"] == "Osier Wire"


# Decisions without a status


@pytest.mark.parametrize("scope", CLOSENESS.values(), ids=CLOSENESS)
@pytest.mark.parametrize("main", CLOSENESS.values(), ids=CLOSENESS)
def test_a_decision_without_a_status_takes_away_beside_the_one_that_counts(scope: Scope, main: Scope) -> None:
    beside = decided(None, scope=scope, privacy=("victim", "minor"), decided_on="2030-01-01", basis="beside")
    article = resolved(decided("permission", scope=main), beside, section=["Town"])
    assert (article["rights_status"], article["rights"]["basis"]) == ("permission", "The register says so.")
    assert article["rights"]["privacy"] == ["minor", "victim"]
    assert at(article) == closed("privacy")


def test_a_decision_without_a_status_decides_nothing_where_it_is_alone() -> None:
    article = resolved(decided(None, embargoed_until="2026-02-01", legal_flags=("CN-CL-5",)))
    assert article["rights_status"] == "unknown"
    assert article["rights"] == {
        "reserved": False,
        "needs": ["text"],
        "legal_flags": [{"code": "CN-CL-5", "standing": "determined"}],
        "embargoed_until": "2026-02-01",
    }
    assert at(article) == closed("embargoed")


def test_a_decision_that_does_not_hold_the_article_takes_nothing_away() -> None:
    elsewhere = decided(None, scope=Scope(ids=frozenset({"r2"})), privacy=("minor",), embargoed_until="2030-01-01")
    assert resolved(decided("permission"), elsewhere) == resolved(decided("permission"))


def test_privacy_flags_and_embargoes_of_all_decisions_and_of_the_record_count() -> None:
    farther = decided("orphan", privacy=("minor", "not_checked"), embargoed_until="2026-03-01", legal_flags=("KR-2",))
    closer = decided(
        "permission",
        scope=CLOSENESS["article"],
        privacy=("victim", "minor"),
        embargoed_until="2026-02-01",
        legal_flags=("KR-3", "KR-1"),
    )
    record = {
        "privacy": ["private_person", "minor"],
        "embargoed_until": "2026-01-01",
        "legal_flags": [{"code": "KR-9", "standing": "determined"}, {"code": "KR-1", "standing": "claimed"}],
    }
    rights = resolved(farther, closer, rights=record)["rights"]
    assert rights["privacy"] == ["minor", "not_checked", "private_person", "victim"]
    assert rights["embargoed_until"] == "2026-03-01"
    assert rights["legal_flags"] == [
        {"code": "KR-9", "standing": "claimed"},
        {"code": "KR-1", "standing": "claimed"},
        {"code": "KR-1", "standing": "determined"},
        {"code": "KR-2", "standing": "determined"},
        {"code": "KR-3", "standing": "determined"},
    ]
    assert resolved(rights={"embargoed_until": "2026-04-01"})["rights"]["embargoed_until"] == "2026-04-01"
    assert resolved(farther, rights={"embargoed_until": "2026-04-01"})["rights"]["embargoed_until"] == "2026-04-01"
