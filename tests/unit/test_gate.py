"""The rights gate: closed unless a person opened it, and nothing that an article says of itself opens it."""

import copy
import json
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressmark.article.contract import contract, schema_bytes
from pressmark.article.provenance import Capture
from pressmark.article.rights import Decision, Scope, SourceRights, reserves
from pressmark.curate.gate import Outcome, outcome, policy, resolve
from pressmark.curate.withheld import without_text
from pressmark.findings import CATALOGUE, Kind, RefusedInputError
from pressmark.intake.admit import admit
from pressmark.intake.jsonl import read_record
from pressmark.sources import Source
from strategies import ARTICLE, articles, checked

AS_OF = date(2026, 1, 31)
DESTINATIONS = ("public", "gated", "private", "local")
STATUSES = (
    "public_domain",
    "open_license",
    "restricted_license",
    "permission",
    "all_rights_reserved",
    "not_protected_claimed",
    "orphan",
    "unknown",
    "conflict",
)
OPENING = ("public_domain", "open_license", "permission")
CELLS = [(status, destination) for status in STATUSES for destination in DESTINATIONS]
CELL_IDS = [f"{status} x {destination}" for status, destination in CELLS]

EVIDENCE = ({"kind": "manual", "scope": "text", "where": "register"},)
CAPTURE = Capture("records/a.jsonl", "1", "0" * 64, "application/json")
SOURCE = Source("reeds", "Reed Gazette", "Reed House", "en", derivation="original")

RESERVATIONS: dict[str, dict[str, Any]] = {
    "notice": {"rights": {"notice": "All rights reserved by Reed House."}},
    "status": {"rights_status": "all_rights_reserved"},
    "restricted": {"rights_status": "restricted_license"},
    "conflict": {"rights_status": "conflict"},
    "no licence": {"license": "NONE"},
    "statement": {"rights": {"statement": "https://rightsstatements.org/vocab/InC/1.0/"}},
}


def admitted(**fields: Any) -> dict[str, Any]:
    """Return an article as the door lets it in, from a record with these fields."""
    record = {"id": "r1", "text": "The lanterns went out at nine.", "published_on": "2024-05-21", **fields}
    draft = read_record(json.dumps(record), by_line=False)
    return admit(draft, SOURCE, CAPTURE, "jsonl/1")


def decided(status: str, **changes: Any) -> Decision:
    """Return a decision that meets all conditions of its status, for the whole source."""
    conditions: dict[str, Any] = {
        "open_license": {"license": "CC-BY-4.0", "attribution": "Reed House"},
        "restricted_license": {"license": "CC-BY-NC-4.0"},
        "permission": {"visibility": "public"},
    }.get(status, {})
    return Decision(**{
        "status": status,
        "basis": "The register says so.",
        "decided_by": "editor",
        "decided_on": "2025-01-01",
        "evidence": EVIDENCE,
        **conditions,
        **changes,
    })  # fmt: skip


def resolved(*decisions: Decision, status: str = "unknown", **fields: Any) -> dict[str, Any]:
    return resolve(admitted(**fields), SourceRights(status=status, decisions=decisions))


def at(article: dict[str, Any], destination: str = "public", profile: str = "full", as_of: date = AS_OF) -> Outcome:
    return outcome(article, destination, profile, as_of)


def opens(*decisions: Decision, destination: str = "public", **fields: Any) -> bool:
    return at(resolved(*decisions, **fields), destination).text


def with_status(status: str, **rights: Any) -> dict[str, Any]:
    """Return what the gate asks for of an article, all conditions met."""
    return {
        "rights_status": status,
        "license": "CC-BY-4.0",
        "attribution": "Reed House",
        "derivation": "original",
        "rights": {"decided_on": "2025-01-01", "covers": ["text"], "visibility": "public", **rights},
    }


def named(value: Any) -> str:
    """Return a short name for a parameter, the same in every process: sets are sorted."""
    if isinstance(value, Scope):
        parts = [*sorted(value.ids), *sorted(value.sections), value.first_day, value.last_day, value.license]
        return "+".join(filter(None, parts)) or "all"
    if isinstance(value, Decision):
        parts = [value.status, value.visibility, value.license, value.expires]
        return " ".join(filter(None, parts))
    return str(value)


# The table


def test_the_table_is_the_file_of_the_schema_folder_and_has_these_cells() -> None:
    assert policy() == json.loads(schema_bytes("rights-policy.json"))
    assert [(status, place) for status, places in policy()["cells"].items() for place in places] == CELLS
    assert set(STATUSES) == set(ARTICLE["$defs"]["status"]["enum"])


@pytest.mark.parametrize(("status", "destination"), CELLS, ids=CELL_IDS)
def test_a_cell_opens_or_closes_where_all_conditions_are_met(status: str, destination: str) -> None:
    found = at(with_status(status), destination)
    assert found.text is (status in OPENING or destination == "local")
    if not found.text:
        assert found.because == ("rights-conflict" if status == "conflict" else "status-closed")


@pytest.mark.parametrize(("status", "destination"), CELLS, ids=CELL_IDS)
def test_a_cell_is_closed_where_the_decision_is_missing_unless_nobody_else_reads_it(
    status: str, destination: str
) -> None:
    found = at({**with_status(status), "rights": {"visibility": "public"}}, destination)
    assert found.text is (destination == "local")
    if not found.text:
        assert found.because == ("rights-conflict" if status == "conflict" else "no-decision")


@pytest.mark.parametrize(("status", "destination"), CELLS, ids=CELL_IDS)
def test_a_decision_of_a_status_has_the_effect_of_its_cell(status: str, destination: str) -> None:
    if status != "conflict":
        assert opens(decided(status), destination=destination) is (status in OPENING or destination == "local")


@pytest.mark.parametrize(("status", "destination"), CELLS, ids=CELL_IDS)
def test_a_line_for_metadata_alone_is_closed_in_every_cell(status: str, destination: str) -> None:
    assert at(with_status(status), destination, "metadata") == Outcome(text=False, because="profile-metadata")
    assert at(with_status(status), destination, "everything") == Outcome(text=False, because="profile-metadata")


@pytest.mark.parametrize("destination", [*DESTINATIONS, "everyone"])
@pytest.mark.parametrize("status", ["", "Public_Domain", "public domain", "cc0"])
def test_a_status_that_the_table_does_not_know_is_closed(status: str, destination: str) -> None:
    assert at(with_status(status), destination).text is False


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("destination", ["", "everyone", "Public", "world"])
def test_a_destination_that_the_table_does_not_know_is_closed(status: str, destination: str) -> None:
    assert at(with_status(status), destination).text is False


# The default


@pytest.mark.parametrize("stated", [status for status in STATUSES if status != "conflict"])
def test_without_a_decision_the_source_can_restrict_and_nothing_opens(stated: str) -> None:
    article = resolved(status=stated)
    assert article["rights_status"] == ("unknown" if stated in OPENING else stated)
    assert at(article) == Outcome(text=False, because="no-decision")


def test_of_a_source_that_says_nothing_everything_is_unknown() -> None:
    assert resolve(admitted(), SourceRights())["rights_status"] == "unknown"
    assert SourceRights().status == "unknown"


@pytest.mark.parametrize("claim", [*OPENING, "unknown"])
@pytest.mark.parametrize("license_", ["CC0-1.0", "CC-BY-4.0"])
def test_what_a_record_claims_opens_nothing(claim: str, license_: str) -> None:
    article = resolved(rights_status=claim, license=license_, attribution="Ilse Marrow")
    assert article["rights_status"] == "unknown"
    assert "license" not in article
    assert at(article) == Outcome(text=False, because="no-decision")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("basis", "The holder said so."),
        ("decided_by", "the holder"),
        ("decided_on", "2020-01-01"),
        ("decided_for", "article"),
        ("covers", ["text", "original"]),
        ("visibility", "public"),
        ("expires", "2030-01-01"),
        ("reserved", False),
        ("evidence", list(EVIDENCE)),
    ],
)
def test_a_record_cannot_state_what_was_decided(field: str, value: Any) -> None:
    with pytest.raises(RefusedInputError) as caught:
        admitted(rights={field: value})
    assert (caught.value.code, caught.value.place) == ("computed-field", f"/rights/{field}")


# Conditions


@pytest.mark.parametrize("status", OPENING)
@pytest.mark.parametrize(
    ("rights", "code"),
    [
        ({"decided_on": "2026-01-31"}, ""),
        ({"decided_on": "2026-02-01"}, "decision-not-yet"),
        ({"decided_on": ""}, "no-decision"),
        ({"expires": "2026-01-31"}, ""),
        ({"expires": "2026-01-30"}, "permission-expired"),
        ({"covers": []}, "no-decision"),
        ({"covers": ["original"]}, "no-decision"),
        ({"covers": ["original", "text"]}, ""),
    ],
    ids=named,
)
def test_a_decision_counts_from_its_day_to_its_last_day_for_what_it_covers(
    status: str, rights: dict[str, Any], code: str
) -> None:
    assert at(with_status(status, **rights)) == Outcome(text=not code, because=code)


@pytest.mark.parametrize("status", OPENING)
def test_the_day_that_counts_as_today_decides_and_not_the_clock(status: str) -> None:
    article = with_status(status, decided_on="2025-01-01", expires="2025-12-31")
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [at(article, as_of=day).text for day in days] == [False, True, True, False]


@pytest.mark.parametrize("status", OPENING)
@pytest.mark.parametrize("derivation", ["original", "translation", "compilation", "reprint", "unknown"])
@pytest.mark.parametrize("covers", [("text",), ("text", "original")], ids=str)
def test_what_derives_from_another_work_needs_rights_in_that_too(
    status: str, derivation: str, covers: tuple[str, ...]
) -> None:
    article = resolved(decided(status, covers=covers), derivation=derivation)
    allowed = derivation == "original" or "original" in covers
    assert at(article) == Outcome(text=allowed, because="" if allowed else "original-not-covered")


@pytest.mark.parametrize("visibility", [*DESTINATIONS, None])
@pytest.mark.parametrize("destination", DESTINATIONS)
def test_a_permission_reaches_as_far_as_it_says(visibility: str | None, destination: str) -> None:
    reach = ("local", "private", "gated", "public")
    found = at(resolved(decided("permission", visibility=visibility)), destination)
    allowed = destination == "local" or reach.index(visibility or "local") >= reach.index(destination)
    assert found == Outcome(text=allowed, because="" if allowed else "permission-narrower")


@pytest.mark.parametrize("status", ["public_domain", "open_license"])
def test_a_visibility_that_a_person_wrote_down_is_never_ignored(status: str) -> None:
    assert opens(decided(status, visibility="private")) is False


@pytest.mark.parametrize("license_", json.loads(schema_bytes("rights-policy.json"))["open_licenses"])
@pytest.mark.parametrize("credit", ["Reed House", None])
def test_a_licence_of_the_list_opens_and_mostly_asks_for_attribution(license_: str, credit: str | None) -> None:
    found = at(resolved(decided("open_license", license=license_, attribution=credit)))
    allowed = bool(credit) or license_ in ("CC0-1.0", "PDDL-1.0")
    assert found == Outcome(text=allowed, because="" if allowed else "attribution-missing")


@pytest.mark.parametrize(
    "license_",
    [
        "CC-BY-NC-4.0",
        "CC-BY-ND-4.0",
        "CC-BY-NC-SA-4.0",
        "MIT",
        "cc-by-4.0",
        "CC-BY-1.0",
        "GFDL-1.3",
        "LicenseRef-x",
        None,
    ],
)
def test_a_licence_that_is_not_on_the_list_opens_nothing(license_: str | None) -> None:
    found = at(resolved(decided("open_license", license=license_)))
    assert found == Outcome(text=False, because="licence-not-open")


def test_attribution_may_come_from_the_record_and_the_records_comes_first() -> None:
    assert opens(decided("open_license", attribution=None), attribution="Ilse Marrow")
    assert resolved(decided("open_license"), attribution="Ilse Marrow")["attribution"] == "Ilse Marrow"
    assert resolved(decided("open_license"))["attribution"] == "Reed House"


def test_what_was_decided_is_recorded_with_its_evidence() -> None:
    decision = decided("permission", visibility="gated", expires="2030-12-31", covers=("text", "original"))
    rights = resolved(decision, rights={"notice": "Ask Reed House."})["rights"]
    assert {key: rights[key] for key in ("basis", "decided_by", "decided_on", "decided_for", "covers")} == {
        "basis": "The register says so.",
        "decided_by": "editor",
        "decided_on": "2025-01-01",
        "decided_for": "source",
        "covers": ["text", "original"],
    }
    assert (rights["visibility"], rights["expires"], rights["reserved"]) == ("gated", "2030-12-31", False)
    assert [entry["kind"] for entry in rights["evidence"]] == ["notice", "manual"]


@checked(60)
@given(st.sampled_from([status for status in STATUSES if status != "conflict"]), st.sampled_from(sorted(RESERVATIONS)))
def test_resolving_changes_nothing_in_the_article_it_is_given_and_keeps_the_contract(status: str, name: str) -> None:
    article = admitted(**RESERVATIONS[name])
    before = copy.deepcopy(article)
    after = resolve(article, SourceRights(decisions=(decided(status),)))
    assert article == before
    assert contract("article").faults(after) == []


# Scopes


@pytest.mark.parametrize(
    ("scope", "fields", "holds"),
    [
        (Scope(), {}, True),
        (Scope(ids=frozenset({"r1"})), {}, True),
        (Scope(ids=frozenset({"reeds:r1"})), {}, True),
        (Scope(ids=frozenset({"r2", "r1"})), {}, True),
        (Scope(ids=frozenset({"r2"})), {}, False),
        (Scope(ids=frozenset({"r"})), {}, False),
        (Scope(ids=frozenset({"other:r1"})), {}, False),
        (Scope(ids=frozenset({"R1"})), {}, False),
        (Scope(sections=frozenset({"Town"})), {"section": ["Town"]}, True),
        (Scope(sections=frozenset({"Quay"})), {"section": ["Town", "Quay"]}, True),
        (Scope(sections=frozenset({"Quay", "Town"})), {"section": ["Town"]}, True),
        (Scope(sections=frozenset({"Town"})), {"section": ["Townsfolk"]}, False),
        (Scope(sections=frozenset({"Town"})), {}, False),
        (Scope(first_day="2024-05-21"), {}, True),
        (Scope(first_day="2024-05-22"), {}, False),
        (Scope(last_day="2024-05-21"), {}, True),
        (Scope(last_day="2024-05-20"), {}, False),
        (Scope(first_day="2024-01-01", last_day="2024-12-31"), {}, True),
        (Scope(first_day="2024-01-01"), {"published_on": None}, False),
        (Scope(last_day="2024-12-31"), {"published_on": None}, False),
        (Scope(license="CC-BY-4.0"), {"license": "CC-BY-4.0"}, True),
        (Scope(license="CC-BY-4.0"), {"license": "CC-BY-3.0"}, False),
        (Scope(license="CC-BY-4.0"), {}, False),
        (Scope(sections=frozenset({"Town"}), first_day="2024-01-01"), {"section": ["Town"]}, True),
        (Scope(sections=frozenset({"Town"}), first_day="2025-01-01"), {"section": ["Town"]}, False),
        (Scope(ids=frozenset({"r1"}), license="CC-BY-4.0"), {}, False),
    ],
    ids=lambda value: "scope" if isinstance(value, Scope) else str(value),  # sets have no order to be named by
)
def test_a_decision_speaks_of_the_articles_that_meet_all_of_its_scope(
    scope: Scope,
    fields: dict[str, Any],
    holds: bool,  # noqa: FBT001
) -> None:
    decision = decided("open_license", scope=scope)
    article = resolved(decision, **fields)
    assert article["rights_status"] == ("open_license" if holds else "unknown")
    assert at(article).text is holds


CLOSENESS = {
    "article": Scope(ids=frozenset({"r1"})),
    "selection": Scope(sections=frozenset({"Town"})),
    "source": Scope(),
}


@pytest.mark.parametrize("present", [("article", "selection"), ("article", "source"), ("selection", "source")], ids=str)
@pytest.mark.parametrize("order", [1, -1], ids=["closest first", "closest last"])
@pytest.mark.parametrize("closest_opens", [True, False], ids=["closest opens", "closest closes"])
def test_the_closest_decision_counts_whether_it_opens_or_closes(
    present: tuple[str, str],
    order: int,
    closest_opens: bool,  # noqa: FBT001
) -> None:
    statuses = ("public_domain", "all_rights_reserved")[:: 1 if closest_opens else -1]
    decisions = [decided(status, scope=CLOSENESS[name]) for name, status in zip(present, statuses, strict=True)]
    article = resolved(*decisions[::order], section=["Town"])
    assert article["rights"]["decided_for"] == present[0]
    assert at(article).text is closest_opens


@pytest.mark.parametrize(
    "scope",
    [
        Scope(sections=frozenset({"Town"})),
        Scope(first_day="2024-01-01"),
        Scope(last_day="2024-12-31"),
        Scope(license="CC-BY-4.0"),
    ],
    ids=named,
)
def test_every_selection_is_as_close_as_any_other(scope: Scope) -> None:
    assert scope.about == "selection"
    assert Scope(ids=frozenset({"r1"}), first_day="2024-01-01").about == "article"
    assert Scope().about == "source"


STRICTER = [
    (decided("public_domain"), decided("all_rights_reserved")),
    (decided("open_license"), decided("unknown")),
    (decided("permission"), decided("orphan")),
    (decided("public_domain"), decided("permission", visibility="private")),
    (decided("permission"), decided("permission", visibility="gated")),
    (decided("permission"), decided("permission", visibility="local")),
    (decided("public_domain"), decided("public_domain", expires="2025-12-31")),
    (decided("permission", expires="2030-01-01"), decided("permission", expires="2025-12-31")),
    (decided("public_domain", basis="a"), decided("all_rights_reserved", basis="z")),
    (decided("public_domain", basis="z"), decided("all_rights_reserved", basis="a")),
    (decided("open_license"), decided("open_license", license="CC-BY-NC-4.0")),
    (decided("open_license", basis="z"), decided("open_license", basis="a", license="CC-BY-NC-4.0")),
]


@pytest.mark.parametrize(("laxer", "stricter"), STRICTER, ids=named)
@pytest.mark.parametrize("scope", CLOSENESS.values(), ids=CLOSENESS)
def test_of_decisions_that_are_equally_close_the_more_restrictive_counts_in_any_order(
    laxer: Decision, stricter: Decision, scope: Scope
) -> None:
    both = [scoped(laxer, scope), scoped(stricter, scope)]
    assert opens(both[0], section=["Town"]) is True
    assert opens(both[1], section=["Town"]) is False
    assert [opens(*order, section=["Town"]) for order in permutations(both)] == [False, False]


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
    (decided("permission"), decided("orphan")),
]


@pytest.mark.parametrize("pair", DIFFERENT, ids=lambda pair: " beside ".join(map(named, pair)))
def test_decisions_that_are_equally_close_and_differ_are_a_conflict_where_one_would_open(
    pair: tuple[Decision, Decision],
) -> None:
    for order in permutations(pair):
        article = resolved(*order)
        assert article["rights_status"] == "conflict"
        assert at(article) == Outcome(text=False, because="rights-conflict")


def test_decisions_that_differ_are_no_conflict_where_none_would_open_or_one_is_closer() -> None:
    closed = [decided("orphan"), decided("all_rights_reserved")]
    assert resolved(*closed)["rights_status"] == "all_rights_reserved"
    closer = decided("open_license", scope=CLOSENESS["article"])
    assert resolved(decided("public_domain"), closer)["rights_status"] == "open_license"


def test_decisions_of_one_kind_allow_together_what_each_of_them_allows() -> None:
    wide = decided("permission", visibility="public", expires="2027-12-31", covers=("text", "original"), basis="a")
    soon = decided("permission", visibility="gated", expires="2026-12-31", basis="b", decided_on="2025-06-01")
    for order in permutations([wide, soon]):
        rights = resolved(*order)["rights"]
        assert (rights["visibility"], rights["expires"], rights["covers"]) == ("gated", "2026-12-31", ["text"])
        assert (rights["decided_on"], rights["basis"]) == ("2025-06-01", "a; b")
        assert len(rights["evidence"]) == 2


def test_of_decisions_with_other_credits_the_order_in_the_file_names_no_other() -> None:
    credits_ = [decided("open_license", attribution=name) for name in ("Reed House", "Osier Wire")]
    assert resolved(*credits_)["attribution"] == resolved(*credits_[::-1])["attribution"]


def test_decisions_taken_together_keep_the_contract() -> None:
    found = [decided("public_domain", basis=letter * 600, decided_by=letter * 150) for letter in "ab"]
    assert contract("article").faults(resolved(*found)) == []


def test_a_decision_with_much_evidence_keeps_the_contract() -> None:
    article = resolved(decided("public_domain", evidence=EVIDENCE * 101))
    assert contract("article").faults(article) == []


def scoped(decision: Decision, scope: Scope) -> Decision:
    values = {name: getattr(decision, name) for name in Decision.__slots__}
    return Decision(**{**values, "scope": scope})


LAXER_WINS = {
    "day": (decided("public_domain"), decided("public_domain", decided_on="2026-02-01")),
    "attribution": (decided("open_license", basis="a"), decided("open_license", basis="b", attribution=None)),
}


@pytest.mark.parametrize("name", LAXER_WINS)
def test_of_decisions_that_are_equally_close_the_one_that_closes_this_article_counts(name: str) -> None:
    laxer, stricter = LAXER_WINS[name]
    assert [opens(laxer), opens(stricter)] == [True, False]
    assert [opens(laxer, stricter), opens(stricter, laxer)] == [False, False]


@checked(60)
@given(
    st.permutations(
        [
            decided("public_domain"),
            decided("open_license", basis="other"),
            decided("permission", visibility="gated"),
            decided("permission", expires="2030-01-01", covers=("original", "text")),
            decided("public_domain", scope=CLOSENESS["selection"]),
            decided("open_license", license="CC0-1.0", scope=CLOSENESS["selection"]),
        ]
    ),
    st.integers(1, 6),
)
def test_the_order_of_decisions_in_the_file_never_matters(decisions: list[Decision], count: int) -> None:
    chosen = decisions[:count]
    expected = resolved(*sorted(chosen, key=repr), section=["Town"])
    assert resolved(*chosen, section=["Town"]) == expected


# What an article says of itself


@pytest.mark.parametrize("name", RESERVATIONS)
@pytest.mark.parametrize("status", ["public_domain", "open_license"])
def test_a_reservation_on_the_article_turns_an_opening_decision_into_a_conflict(status: str, name: str) -> None:
    article = resolved(decided(status), **RESERVATIONS[name])
    assert article["rights_status"] == "conflict"
    assert article["rights"]["reserved"] is True
    assert at(article) == Outcome(text=False, because="rights-conflict")


@pytest.mark.parametrize("name", RESERVATIONS)
def test_the_holders_permission_stands_above_a_reservation_on_the_article(name: str) -> None:
    article = resolved(decided("permission"), **RESERVATIONS[name])
    assert (article["rights_status"], article["rights"]["reserved"]) == ("permission", True)
    assert at(article) == Outcome(text=True)


@pytest.mark.parametrize("name", RESERVATIONS)
@pytest.mark.parametrize("status", ["all_rights_reserved", "restricted_license", "orphan", "unknown"])
def test_a_reservation_leaves_a_decision_that_closes_as_it_is(status: str, name: str) -> None:
    assert resolved(decided(status), **RESERVATIONS[name])["rights_status"] == status


def test_a_notice_that_was_seen_without_its_words_reserves() -> None:
    article = admitted()
    article["rights"]["evidence"] = [{"kind": "notice", "scope": "page", "where": "foot"}]
    after = resolve(article, SourceRights(decisions=(decided("public_domain"),)))
    assert after["rights_status"] == "conflict"


@pytest.mark.parametrize("status", ["public_domain", "open_license"])
def test_a_record_that_states_another_licence_is_in_conflict(status: str) -> None:
    article = resolved(decided(status), license="CC-BY-ND-4.0")
    assert article["rights_status"] == "conflict"
    assert at(article) == Outcome(text=False, because="rights-conflict")


@pytest.mark.parametrize("license_", ["CC-BY-4.0", "NOASSERTION"])
def test_a_record_that_states_the_same_licence_or_none_is_not(license_: str) -> None:
    assert resolved(decided("open_license"), license=license_)["rights_status"] == "open_license"


@pytest.mark.parametrize("claim", [*OPENING, "unknown"])
def test_a_claim_of_an_open_status_contradicts_nothing(claim: str) -> None:
    assert resolved(decided("public_domain"), rights_status=claim)["rights_status"] == "public_domain"


def test_the_holders_permission_stands_above_the_licence_that_a_record_states() -> None:
    assert resolved(decided("permission"), license="CC-BY-NC-4.0")["rights_status"] == "permission"


@pytest.mark.parametrize(
    "notice",
    [
        "版权所有 芦苇报社",
        "未经芦苇报社书面许可，请勿使用",
        "本文不得转载",
        "严禁任何形式的复制",
        "무단 전재 및 재배포 금지",
        "무단전재 금지",
        "저작권자 ⓒ 갈대신문",
        "AI 학습 이용 금지",
        "All rights reserved.",
        "ALL RIGHT RESERVED",
        "This may not be reproduced.",
        "Articles must not be copied by anyone",
    ],
)
def test_notices_reserve_in_the_words_of_three_languages(notice: str) -> None:
    assert reserves(notice)
    assert resolved(decided("public_domain"), rights={"notice": notice})["rights_status"] == "conflict"


@pytest.mark.parametrize(
    "notice", ["CC BY 4.0", "갈대신문 제공", "本报讯", "Photo: Oda Fenn", "No rights are claimed."]
)
def test_other_notices_change_nothing(notice: str) -> None:
    assert not reserves(notice)
    assert resolved(decided("public_domain"), rights={"notice": notice})["rights_status"] == "public_domain"
    assert at(resolved(rights={"notice": notice})).because == "no-decision"


# What never opens

days = st.dates(date(2024, 1, 1), date(2027, 12, 31)).map(date.isoformat)


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    """Draw a decision, with whatever conditions."""
    return decided(
        draw(st.sampled_from([*OPENING, "restricted_license", "all_rights_reserved", "unknown"])),
        license=draw(st.sampled_from([None, "CC-BY-4.0", "CC0-1.0", "CC-BY-NC-4.0"])),
        attribution=draw(st.sampled_from([None, "Reed House"])),
        covers=draw(st.sampled_from([("text",), ("original",), ("text", "original")])),
        visibility=draw(st.sampled_from([None, *DESTINATIONS])),
        expires=draw(st.none() | days),
        decided_on=draw(days),
        scope=draw(st.sampled_from([*CLOSENESS.values(), Scope(ids=frozenset({"other"}))])),
    )


records = st.fixed_dictionaries(
    {"section": st.just(["Town"]), "derivation": st.sampled_from(["original", "translation", "unknown"])},
    optional={
        "attribution": st.just("Ilse Marrow"),
        "license": st.sampled_from(["CC-BY-4.0", "CC0-1.0", "NOASSERTION"]),
    },
)
as_of_days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
places = st.sampled_from(DESTINATIONS)


def never_opens(before: dict[str, Any], after: dict[str, Any], destination: str, as_of: date) -> None:
    """Assert that what was closed before stays closed after."""
    was, is_ = (at(article, destination, as_of=as_of) for article in (before, after))
    assert was.text or not is_.text


@checked(150)
@given(decisions(), records, st.sampled_from(sorted(RESERVATIONS)), places, as_of_days)
@example(decided("permission"), {"derivation": "original"}, "no licence", "public", AS_OF)
def test_adding_a_reservation_never_opens(
    decision: Decision, record: dict[str, Any], name: str, destination: str, as_of: date
) -> None:
    before, after = resolved(decision, **record), resolved(decision, **{**record, **RESERVATIONS[name]})
    never_opens(before, after, destination, as_of)


@checked(150)
@given(decisions(), records, days, places, as_of_days)
def test_adding_an_expiry_never_opens(
    decision: Decision, record: dict[str, Any], last_day: str, destination: str, as_of: date
) -> None:
    earliest = min(last_day, decision.expires or last_day)
    before, after = resolved(decision, **record), resolved(with_values(decision, expires=earliest), **record)
    never_opens(before, after, destination, as_of)


@checked(150)
@given(decisions(), records, st.sampled_from(DESTINATIONS), places, as_of_days)
def test_lowering_the_visibility_never_opens(
    decision: Decision, record: dict[str, Any], visibility: str, destination: str, as_of: date
) -> None:
    reach = ("local", "private", "gated", "public")
    lower = min(visibility, decision.visibility or visibility, key=reach.index)
    before = resolved(with_values(decision, visibility=decision.visibility or "public"), **record)
    after = resolved(with_values(decision, visibility=lower), **record)
    never_opens(before, after, destination, as_of)


@checked(150)
@given(decisions(), records, places, as_of_days)
def test_taking_a_decision_away_or_a_later_day_of_it_never_opens(
    decision: Decision, record: dict[str, Any], destination: str, as_of: date
) -> None:
    before = resolved(decision, **record)
    later = (date.fromisoformat(decision.decided_on) + timedelta(days=1)).isoformat()
    never_opens(before, resolved(**record), destination, as_of)
    never_opens(before, resolved(with_values(decision, decided_on=later), **record), destination, as_of)


@checked(150)
@given(st.lists(decisions(), max_size=3), records, st.sampled_from(["full", "metadata"]), places, as_of_days)
def test_an_outcome_is_open_or_has_a_reason_of_the_catalogue(
    found: list[Decision], record: dict[str, Any], profile: str, destination: str, as_of: date
) -> None:
    result = outcome(resolved(*found, **record), destination, profile, as_of)
    assert result.text is (result.because == "")
    assert result.text or CATALOGUE[result.because].kind is Kind.WITHHELD


def with_values(decision: Decision, **changes: Any) -> Decision:
    values = {name: getattr(decision, name) for name in Decision.__slots__}
    return Decision(**{**values, **changes})


# What a withheld article shows

RUN_CJK, RUN_OTHER = 24, 60
"""Characters of a text that a field must not show: where they are CJK, and elsewhere."""

CLOSED_FIELDS = {"text", "title", "subtitles", "captions", "contributors", "attribution"}
HANGUL = "".join(chr(0xAC00 + 28 * number) for number in range(120))
"""A text in which no run comes twice."""

HAN = "".join(chr(0x4E00 + number) for number in range(120))
LATIN = "".join(f"{number:03x}-" for number in range(0x100, 0x180))


def withheld(text: str, **fields: Any) -> tuple[dict[str, Any], list[str]]:
    article = {**resolved(), "text": text, "title": "Lanterns", **fields}
    return without_text(article, "no-decision")


def showing(words: str) -> dict[str, dict[str, Any]]:
    """Return changes that put words into a field, by the name of the field."""
    evidence = [{"kind": "claim", "scope": "text", "where": "foot", "quote": words}, {**EVIDENCE[0], "quote": "Fine."}]
    return {
        "rights.notice": {"rights": {"notice": words, "holders": ["Reed House"]}},
        "section": {"section": ["Town", words]},
        "url": {"url": f"https://reeds.example/{words}"},
        "rights.evidence.quote": {"rights": {"evidence": evidence, "holders": ["Reed House"]}},
        "provenance.syndicated_from": {"provenance": {"extractor": "page/1", "syndicated_from": words}},
        "edition": {},
    }


SHOWING = [name for name in showing("") if name != "edition"]


@checked(80)
@given(articles())
def test_a_withheld_article_has_no_field_that_is_not_on_the_list(article: dict[str, Any]) -> None:
    shown, _ = without_text(article, "status-closed")
    allowed = {name for name, field in ARTICLE["properties"].items() if field["x-class"] in ("metadata", "digest")}
    assert set(shown) <= allowed
    assert CLOSED_FIELDS.isdisjoint(shown)
    assert shown["withheld_because"] == "status-closed"
    assert set(ARTICLE["properties"]) - allowed == CLOSED_FIELDS


def test_a_field_that_the_contract_does_not_know_is_not_shown() -> None:
    shown, emptied = withheld("The lanterns went out.", summary="Lanterns went out", body="x")
    assert {"summary", "body"}.isdisjoint(shown)
    assert emptied == []


def test_a_withheld_article_keeps_its_metadata_and_digests() -> None:
    article = resolved(section=["Town"], url="https://reeds.example/1")
    shown, emptied = without_text(article, "no-decision")
    kept = {key: value for key, value in article.items() if key not in CLOSED_FIELDS}
    assert shown == {**kept, "withheld_because": "no-decision"}
    assert emptied == []


@pytest.mark.parametrize("name", SHOWING)
@pytest.mark.parametrize(
    ("text", "length"), [(HANGUL, RUN_CJK), (HAN, RUN_CJK), (LATIN, RUN_OTHER)], ids=["hangul", "han", "latin"]
)
@pytest.mark.parametrize("where", [0, 17, -1], ids=["beginning", "middle", "end"])
def test_a_field_that_shows_a_run_of_the_text_is_emptied_and_one_shorter_stays(
    name: str, text: str, length: int, where: int
) -> None:
    start = where if where >= 0 else len(text) - length
    for words, shows in ((text[start : start + length], True), (text[start + 1 : start + length], False)):
        fields = showing(words)[name]
        shown, emptied = withheld(text, **copy.deepcopy(fields))
        assert emptied == ([name] if shows else [])
        assert (words in json.dumps(shown, ensure_ascii=False)) is not shows
        if "holders" in fields.get("rights", {}):
            assert shown["rights"]["holders"] == ["Reed House"]


@pytest.mark.parametrize("field", ["title", "subtitles", "captions", "attribution", "contributors"])
def test_words_of_every_closed_field_count_as_text(field: str) -> None:
    values: dict[str, Any] = {
        "subtitles": [HANGUL],
        "captions": [{"image": "a.jpg", "text": HANGUL}],
        "contributors": [{"role": "aut", "name": HANGUL}],
    }
    words = HANGUL[40:64]
    shown, emptied = withheld("Short.", **{field: values.get(field, HANGUL), "rights": {"notice": f"ⓒ {words}."}})
    assert emptied == ["rights.notice"]
    assert "rights" not in shown or "notice" not in shown["rights"]


def test_the_publishers_own_names_and_the_decision_stay_even_where_the_text_has_them() -> None:
    decision = decided("all_rights_reserved", basis=HANGUL[:40], decided_by=HANGUL[40:80])
    article = {**resolved(decision), "text": HANGUL, "publisher": HANGUL[:30], "edition": HANGUL[30:60]}
    shown, emptied = without_text(article, "status-closed")
    assert emptied == []
    assert (shown["publisher"], shown["edition"]) == (HANGUL[:30], HANGUL[30:60])
    assert (shown["rights"]["basis"], shown["rights"]["decided_by"]) == (HANGUL[:40], HANGUL[40:80])


@checked(120)
@given(
    st.sampled_from([HANGUL, HAN]),
    st.integers(0, 80),
    st.integers(1, 40),
    st.data(),
)
def test_spaces_neither_hide_a_run_nor_make_one(text: str, start: int, length: int, data: st.DataObject) -> None:
    spaced = "".join(
        character + data.draw(st.sampled_from(["", "", " ", "\n", "\u3000", "\n\n"]))
        for character in text[start : start + length]
    )
    gapped = "".join(character + (" " if number % 7 == 0 else "") for number, character in enumerate(text))
    shown, emptied = withheld(gapped, rights={"notice": f"«{spaced}»", "reserved": False})
    assert emptied == (["rights.notice"] if length >= RUN_CJK else [])
    assert ("notice" in shown["rights"]) is (length < RUN_CJK)


def test_a_run_that_holds_one_cjk_character_counts_as_cjk() -> None:
    text = LATIN[:12] + "등" + LATIN[12:24] + "x" * 100
    assert withheld(text, rights={"notice": text[:RUN_CJK]})[1] == ["rights.notice"]
    assert withheld(text, rights={"notice": text[: RUN_CJK - 1]})[1] == []


def test_runs_from_several_places_of_the_text_do_not_add_up() -> None:
    pieces = "/".join(HANGUL[start : start + 20] for start in (0, 30, 60))
    assert withheld(HANGUL, rights={"notice": pieces})[1] == []


def test_a_quote_of_the_text_takes_the_other_quotes_with_it_but_nothing_else() -> None:
    shown, _ = withheld(HANGUL, **showing(HANGUL[:30])["rights.evidence.quote"])
    assert shown["rights"]["evidence"] == [
        {"kind": "claim", "scope": "text", "where": "foot"},
        {"kind": "manual", "scope": "text", "where": "register"},
    ]


@checked(80)
@given(articles(), st.sampled_from(SHOWING), st.integers(0, 60))
def test_whatever_the_article_a_withheld_one_shows_no_run_of_its_text(
    article: dict[str, Any], name: str, start: int
) -> None:
    fields = showing(HANGUL[start : start + 30])[name]
    merged = {key: {**article[key], **value} if isinstance(value, dict) else value for key, value in fields.items()}
    shown, emptied = without_text({**article, "text": HANGUL, **merged}, "no-decision")
    written = json.dumps(shown, ensure_ascii=False)
    assert name in emptied
    assert not any(HANGUL[at : at + RUN_CJK] in written for at in range(len(HANGUL) - RUN_CJK + 1))
