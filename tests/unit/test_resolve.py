"""From evidence and decisions to the rights of an article: nothing that an article says of itself opens it."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.article.contract import contract
from pressmark.article.rights import ABOUT, COMPONENTS, Decision, Scope, SourceRights, decision_of
from pressmark.curate.gate import Outcome
from pressmark.curate.resolve import closest, holding, resolve
from pressmark.findings import RefusedInputError
from rights_cases import (
    CLOSENESS,
    DECIDABLE,
    EVIDENCE,
    OPENING,
    OWN_CREDITS,
    RESERVATIONS,
    admitted,
    at,
    decided,
    opens,
    resolved,
)
from strategies import ARTICLE, checked

CLOSING = tuple(status for status in DECIDABLE if status not in OPENING)
IN_RIGHTS = ARTICLE["properties"]["rights"]["properties"]
CC = "https://creativecommons.org"


def closed(because: str, *also: str) -> Outcome:
    return Outcome(text=False, because=because, also=also)


# The default


@pytest.mark.parametrize("stated", DECIDABLE)
def test_without_a_decision_the_source_can_restrict_and_nothing_opens(stated: str) -> None:
    article = resolved(stated={"status": stated})
    assert article["rights_status"] == ("unknown" if stated in OPENING else stated)
    assert at(article) == closed("no-decision")
    stays = stated if stated in CLOSING and stated != "unknown" else ""
    assert at(article, "private") == closed("status-closed" if stays else "no-decision")
    assert at(article, "local") == Outcome(text=True)


def test_of_a_source_that_says_nothing_everything_is_unknown() -> None:
    assert resolve(admitted(), SourceRights())["rights_status"] == "unknown"
    assert SourceRights() == SourceRights("unknown", None, (), (), (), (), ())


def test_of_an_article_without_a_decision_its_rights_say_what_it_needs_and_nothing_else() -> None:
    assert resolved()["rights"] == {"reserved": False, "needs": ["text"]}


@pytest.mark.parametrize("claim", [*OPENING, "unknown"])
@pytest.mark.parametrize("license_", ["CC0-1.0", "CC-BY-4.0"])
def test_what_a_record_claims_opens_nothing(claim: str, license_: str) -> None:
    article = resolved(rights_status=claim, license=license_, attribution="Ilse Marrow")
    assert article["rights_status"] == "unknown"
    assert "license" not in article
    assert article["attribution"] == "Ilse Marrow"
    assert at(article) == closed("no-decision")


COMPUTED: dict[str, Any] = {
    "basis": "The holder said so.",
    "decided_by": "the holder",
    "decided_as": "person",
    "decided_on": "2020-01-01",
    "decided_for": "article",
    "covers": ["text", "original"],
    "needs": ["text"],
    "outputs": ["text"],
    "visibility": "public",
    "purposes": ["anything"],
    "territories": ["KR"],
    "expires": "2030-01-01",
    "storage_basis": "EU-DSM-3",
    "conflicts": ["signal"],
    "reserved": False,
    "evidence": list(EVIDENCE),
}


@pytest.mark.parametrize(("field", "value"), COMPUTED.items(), ids=list(COMPUTED))
def test_a_record_cannot_state_what_was_decided(field: str, value: Any) -> None:
    with pytest.raises(RefusedInputError) as caught:
        admitted(rights={field: value})
    assert (caught.value.code, caught.value.place) == ("computed-field", f"/rights/{field}")


def test_the_rest_of_the_rights_can_only_take_away_and_may_be_stated() -> None:
    assert set(IN_RIGHTS) - set(COMPUTED) == {
        "statement",
        "holders",
        "notice",
        "reservations",
        "components",
        "legal_flags",
        "privacy",
        "embargoed_until",
    }


# What is recorded


def test_what_was_decided_is_recorded_with_its_evidence() -> None:
    decision = decided(
        "permission",
        decided_as="counsel",
        covers=("original", "text"),
        outputs=("name", "headline"),
        visibility="gated",
        purposes=("teaching", "research"),
        territories=("KR", "CN"),
        expires="2030-12-31",
        storage_basis="EU-DSM-3",
        legal_flags=("KR-CA-7(5)",),
        privacy=("none_found",),
        embargoed_until="2026-01-01",
        license="LicenseRef-reeds",
        attribution="Reed House",
    )
    article = resolved(decision, rights={"notice": "Ask Reed House."})
    assert (article["rights_status"], "license" in article) == ("permission", False)
    assert article["attribution"] == "Reed House"
    assert article["rights"] == {
        "notice": "Ask Reed House.",
        "basis": "The register says so.",
        "decided_by": "editor",
        "decided_as": "counsel",
        "decided_on": "2025-01-01",
        "decided_for": "source",
        "covers": ["text", "original"],
        "needs": ["text"],
        "outputs": ["headline", "name"],
        "visibility": "gated",
        "purposes": ["research", "teaching"],
        "territories": ["CN", "KR"],
        "expires": "2030-12-31",
        "storage_basis": "EU-DSM-3",
        "reserved": False,
        "legal_flags": [{"code": "KR-CA-7(5)", "standing": "determined"}],
        "privacy": ["none_found"],
        "embargoed_until": "2026-01-01",
        "evidence": [
            {"kind": "notice", "scope": "text", "where": "/rights/notice", "quote": "Ask Reed House."},
            *EVIDENCE,
        ],
    }


def test_a_decision_says_little_unless_it_is_told_more() -> None:
    plain = Decision("public_domain", "The register says so.", "editor", "2025-01-01", EVIDENCE)
    assert plain == decision_of(
        {
            "status": "public_domain",
            "basis": "The register says so.",
            "decided_by": "editor",
            "decided_on": "2025-01-01",
            "evidence": list(EVIDENCE),
        },
        "sources/reeds.toml, line 9",
    )
    assert resolve(admitted(), SourceRights(decisions=(plain,)))["rights"] == {
        "basis": "The register says so.",
        "decided_by": "editor",
        "decided_as": "person",
        "decided_on": "2025-01-01",
        "decided_for": "source",
        "covers": ["text"],
        "needs": ["text"],
        "reserved": False,
        "evidence": list(EVIDENCE),
    }


@pytest.mark.parametrize("status", DECIDABLE)
@pytest.mark.parametrize("outputs", [("text",), ("text", "name"), ("headline",), ("name", "headline"), ()], ids=str)
def test_outputs_are_recorded_of_permissions_alone_and_the_text_holds_the_others(
    status: str, outputs: tuple[str, ...]
) -> None:
    rights = resolved(decided(status, outputs=outputs))["rights"]
    every = ("text", "headline", "name")
    expected = [name for name in every if name in (every if "text" in outputs else outputs)]
    assert rights.get("outputs", []) == (expected if status == "permission" else [])


def test_attribution_may_come_from_the_record_and_the_records_comes_first() -> None:
    assert opens(decided("open_license", attribution=None), attribution="Ilse Marrow")
    assert resolved(decided("open_license"), attribution="Ilse Marrow")["attribution"] == "Ilse Marrow"
    assert resolved(decided("open_license"))["attribution"] == "Reed House"
    assert "attribution" not in resolved(decided("open_license", attribution=None))


def test_the_licence_is_the_one_that_was_decided_and_not_the_records() -> None:
    assert resolved(decided("permission"), license="CC-BY-4.0").get("license") is None
    assert resolved(decided("all_rights_reserved", license="LicenseRef-a"), license="MIT")["license"] == "LicenseRef-a"


@checked(100)
@given(st.sampled_from(DECIDABLE), st.sampled_from(sorted(RESERVATIONS)))
def test_resolving_changes_nothing_in_the_article_it_is_given_and_keeps_the_contract(status: str, name: str) -> None:
    article = admitted(**RESERVATIONS[name])
    stated = SourceRights(
        reservations=({"signal": "robots", "value": "disallow"},),
        components=({"component": "caption"},),
        decisions=(decided(status, privacy=("minor",), legal_flags=("KR-CA-7(5)",)),),
    )
    before = copy.deepcopy(article)
    after = resolve(article, stated)
    assert article == before
    assert contract("article").faults(after) == []


def test_what_is_listed_at_full_length_keeps_the_contract() -> None:
    decision = decided("public_domain", evidence=EVIDENCE * 100, legal_flags=tuple(f"KR-{n}" for n in range(20)))
    rights = {"components": [{"component": "image"}] * 30, "reservations": [{"signal": "robots", "value": "a"}] * 80}
    stated = {"components": ({"component": "image"},) * 20, "reservations": ({"signal": "robots", "value": "b"},) * 20}
    article = resolved(decision, rights=rights, stated=stated)
    assert contract("article").faults(article) == []
    assert [len(article["rights"][name]) for name in ("components", "reservations")] == [50, 100]


@pytest.mark.parametrize(
    ("name", "entry", "count"),
    [
        ("components", {"component": "image"}, 50),
        ("reservations", {"signal": "robots", "value": "allow"}, 100),
        ("legal_flags", {"code": "KR-CA-7(5)", "standing": "claimed"}, 50),
    ],
)
def test_what_is_added_to_a_full_list_keeps_the_contract(name: str, entry: dict[str, str], count: int) -> None:
    stated = {} if name == "legal_flags" else {name: (entry,)}
    article = resolved(decided("permission", legal_flags=("KR-1",)), rights={name: [entry] * count}, stated=stated)
    assert contract("article").faults(article) == []


def test_decisions_with_much_evidence_keep_the_contract_together() -> None:
    found = [decided("public_domain", evidence=EVIDENCE * 100, basis=str(number)) for number in range(11)]
    assert contract("article").faults(resolved(*found)) == []


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
        (Scope(ids=frozenset({"reeds"})), {}, False),
        (Scope(ids=frozenset({""})), {}, False),
        (Scope(ids=frozenset({"other:r1"})), {}, False),
        (Scope(ids=frozenset({"R1"})), {}, False),
        (Scope(sources=frozenset({"reeds"})), {}, True),
        (Scope(sources=frozenset({"osiers", "reeds"})), {}, True),
        (Scope(sources=frozenset({"osiers"})), {}, False),
        (Scope(sources=frozenset({"reeds"}), ids=frozenset({"r1"})), {}, True),
        (Scope(sources=frozenset({"osiers"}), ids=frozenset({"r1"})), {}, False),
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
        (Scope(license="CC-BY-4.0"), {"license": "cc-by-4.0"}, True),
        (Scope(license="CC-BY-4.0"), {"license": "CC-BY-3.0"}, False),
        (Scope(license="CC-BY-4.0"), {"license": "CC-BY-4.0 OR MIT"}, False),
        (Scope(license="CC-BY-4.0"), {"license": "no licence"}, False),
        (Scope(license="CC-BY-4.0"), {}, False),
        (Scope(pattern="reeds:r[0-9]"), {}, True),
        (Scope(pattern="r[0-9]"), {}, False),
        (Scope(pattern="reeds:r"), {}, False),
        (Scope(pattern="reeds:R1"), {}, False),
        (Scope(pattern="https://reeds\\.example/town/.*"), {"url": "https://reeds.example/town/1"}, True),
        (Scope(pattern="https://reeds\\.example/town/"), {"url": "https://reeds.example/town/1"}, False),
        (Scope(pattern="/town/1"), {"url": "https://reeds.example/town/1"}, False),
        (Scope(pattern="https://.*"), {}, False),
        (Scope(pattern="XX.*"), {}, False),
        (Scope(sections=frozenset({"Town"}), first_day="2024-01-01"), {"section": ["Town"]}, True),
        (Scope(sections=frozenset({"Town"}), first_day="2025-01-01"), {"section": ["Town"]}, False),
        (Scope(ids=frozenset({"r1"}), license="CC-BY-4.0"), {}, False),
        (Scope(ids=frozenset({"r1"}), pattern="osiers:.*"), {}, False),
    ],
    ids=lambda value: "scope" if isinstance(value, Scope) else str(value),  # sets have no order to be named by
)
def test_a_decision_speaks_of_the_articles_that_meet_all_of_its_scope(
    scope: Scope,
    fields: dict[str, Any],
    holds: bool,  # noqa: FBT001
) -> None:
    decision = decided("permission", scope=scope)
    article = resolved(decision, **fields)
    assert article["rights_status"] == ("permission" if holds else "unknown")
    assert at(article).text is holds


def test_a_pattern_that_may_be_empty_does_not_hold_an_article_without_an_address() -> None:
    assert not opens(decided("permission", scope=Scope(pattern="(https://reeds\\.example/town/.*)?")))


def test_the_last_part_of_an_id_may_hold_colons() -> None:
    scope = Scope(ids=frozenset({"a:b"}))
    assert scope.holds({"id": "reeds:a:b", "source": "reeds"}, None) is True
    assert scope.holds({"id": "reeds:b", "source": "reeds"}, None) is False


@pytest.mark.parametrize(
    ("scope", "about"),
    [
        (Scope(), "source"),
        (Scope(sources=frozenset({"reeds"})), "source"),
        (Scope(sources=frozenset({"reeds", "osiers"})), "source"),
        (Scope(sections=frozenset({"Town"})), "selection"),
        (Scope(first_day="2024-01-01"), "selection"),
        (Scope(last_day="2024-12-31"), "selection"),
        (Scope(license="CC-BY-4.0"), "selection"),
        (Scope(pattern=".*"), "selection"),
        (Scope(sources=frozenset({"reeds"}), pattern=".*"), "selection"),
        (Scope(ids=frozenset({"r1"})), "article"),
        (Scope(ids=frozenset({"r1"}), sources=frozenset({"reeds"})), "article"),
        (Scope(ids=frozenset({"r1"}), first_day="2024-01-01"), "article"),
    ],
    ids=lambda value: "scope" if isinstance(value, Scope) else str(value),
)
def test_a_scope_is_about_an_article_a_selection_or_a_source(scope: Scope, about: str) -> None:
    assert scope.about == about
    assert resolved(decided("permission", scope=scope), section=["Town"], license="CC-BY-4.0")["rights"].get(
        "decided_for"
    ) == (about if scope.holds(admitted(section=["Town"]), "CC-BY-4.0") else None)


def test_the_words_of_the_contract_have_the_order_in_which_they_count() -> None:
    assert ABOUT == ("article", "selection", "source") == tuple(IN_RIGHTS["decided_for"]["enum"])
    assert COMPONENTS == ("text", "original", "translation", "headline", "caption", "image")
    assert list(COMPONENTS) == ARTICLE["$defs"]["component"]["enum"]


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


def test_the_decisions_that_hold_and_the_closest_of_them_keep_the_order_in_which_they_are_recorded() -> None:
    source, other = decided("orphan"), decided("unknown")
    article, elsewhere = (decided("orphan", scope=Scope(ids=frozenset({name}))) for name in ("r1", "r2"))
    beside = decided(None, privacy=("minor",), scope=CLOSENESS["article"])
    stated = SourceRights(decisions=(source, elsewhere, beside, article, other))
    found = holding(admitted(), stated)
    assert found == [source, beside, article, other]
    assert closest(found) == [article]
    assert closest([source, beside, other]) == [source, other]
    assert closest([beside]) == closest([]) == []


def test_an_entry_of_a_file_becomes_the_decision_that_it_says() -> None:
    entry = {
        "status": "open_license",
        "license": "cc-by-4.0 or mit",
        "basis": "The page says so.",
        "decided_by": "editor",
        "decided_as": "counsel",
        "decided_on": "2025-01-01",
        "attribution": "Reed House",
        "covers": ["text", "original"],
        "outputs": ["headline"],
        "visibility": "gated",
        "purposes": ["research"],
        "territories": ["KR"],
        "expires": "2030-12-31",
        "storage_basis": "EU-DSM-3",
        "legal_flags": ["KR-CA-7(5)"],
        "privacy": ["minor"],
        "embargoed_until": "2026-06-01",
        "scope": {
            "ids": ["r1", "r2"],
            "sources": ["reeds"],
            "sections": ["Town"],
            "from": "2024-01-01",
            "until": "2024-12-31",
            "license": "mit",
            "pattern": "reeds:.*",
        },
        "evidence": [{"kind": "contract", "scope": "text", "where": "safe", "seen_on": "2024-12-01"}],
    }
    found = decision_of(entry, "rights/a.toml, line 3")
    assert found == Decision(
        "open_license",
        "The page says so.",
        "editor",
        "2025-01-01",
        ({"kind": "contract", "scope": "text", "where": "safe", "seen_on": "2024-12-01"},),
        Scope(
            frozenset({"r1", "r2"}),
            frozenset({"reeds"}),
            frozenset({"Town"}),
            "2024-01-01",
            "2024-12-31",
            "MIT",
            "reeds:.*",
        ),
        "CC-BY-4.0 OR MIT",
        "Reed House",
        "counsel",
        ("text", "original"),
        ("headline",),
        "gated",
        ("research",),
        ("KR",),
        "2030-12-31",
        "EU-DSM-3",
        ("KR-CA-7(5)",),
        ("minor",),
        "2026-06-01",
    )
    assert found.recorded_in == "rights/a.toml, line 3"
    assert "rights/a.toml" not in repr(found)


# What has to be covered


@pytest.mark.parametrize("status", OPENING)
@pytest.mark.parametrize("derivation", ["original", "translation", "compilation", "reprint", "unknown"])
@pytest.mark.parametrize("covers", [("text",), ("text", "original")], ids=str)
def test_what_derives_from_another_work_needs_rights_in_that_too(
    status: str, derivation: str, covers: tuple[str, ...]
) -> None:
    article = resolved(decided(status, covers=covers), derivation=derivation)
    allowed = derivation == "original" or "original" in covers
    assert article["rights"]["needs"] == (["text"] if derivation == "original" else ["text", "original"])
    assert at(article) == (Outcome(text=True) if allowed else closed("original-not-covered"))


@pytest.mark.parametrize(
    ("credit", "foreign"),
    [
        ("Osier Wire", True),
        ("Reed Gazette.", True),
        ("Reed", True),
        ("Reed Gazette", False),
        ("REED gazette", False),
        ("ReedGazette", False),
        ("Reed\u3000House", False),
        ("Ｒｅｅｄ House", False),
    ],
)
def test_an_article_that_credits_another_source_needs_rights_in_the_original(
    credit: str,
    foreign: bool,  # noqa: FBT001
) -> None:
    article = resolved(decided("permission"), provenance={"syndicated_from": credit})
    assert article["rights"]["needs"] == (["text", "original"] if foreign else ["text"])
    assert at(article) == (closed("original-not-covered") if foreign else Outcome(text=True))


def test_a_credit_is_foreign_to_a_source_that_names_none_of_its_own() -> None:
    article = admitted(provenance={"syndicated_from": "Reed Gazette"})
    assert resolve(article, SourceRights())["rights"]["needs"] == ["text", "original"]
    assert resolve(article, SourceRights(own_credits=("Osier Wire",)))["rights"]["needs"] == ["text", "original"]
    assert resolve(article, SourceRights(own_credits=OWN_CREDITS))["rights"]["needs"] == ["text"]


COMPONENT_CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("text", {}, ["text"]),
    ("original", {}, ["text", "original"]),
    ("translation", {}, ["text", "translation"]),
    ("headline", {}, ["text"]),
    ("headline", {"title": "Lanterns"}, ["text", "headline"]),
    ("headline", {"captions": [{"text": "A boat"}]}, ["text"]),
    ("caption", {}, ["text"]),
    ("caption", {"captions": [{"text": "A boat"}]}, ["text", "caption"]),
    ("caption", {"title": "Lanterns"}, ["text"]),
    ("image", {"title": "Lanterns", "captions": [{"text": "A boat"}]}, ["text"]),
]


@pytest.mark.parametrize(("component", "fields", "needs"), COMPONENT_CASES)
@pytest.mark.parametrize("lists", ["record", "source"])
def test_a_component_that_is_listed_has_to_be_covered_where_the_article_has_it(
    component: str, fields: dict[str, Any], needs: list[str], lists: str
) -> None:
    entry = {"component": component, "holder": "Osier Wire"}
    said = {"rights": {"components": [entry]}} if lists == "record" else {"stated": {"components": (entry,)}}
    article = resolved(decided("permission"), **said, **fields)
    assert article["rights"]["components"] == [entry]
    assert article["rights"]["needs"] == needs
    missing = needs[1:]
    code = "original-not-covered" if "original" in missing else "component-not-covered"
    assert at(article) == (closed(code) if missing else Outcome(text=True))
    assert opens(decided("permission", covers=tuple(needs)), **said, **fields)


def test_components_and_signals_of_the_record_stand_before_those_of_the_source() -> None:
    rights = {
        "components": [{"component": "caption"}],
        "reservations": [{"signal": "robots", "value": "allow", "where": "head"}],
    }
    stated = {"components": ({"component": "image"},), "reservations": ({"signal": "tdmrep", "value": "0"},)}
    found = resolved(rights=rights, stated=stated)["rights"]
    assert found["components"] == [{"component": "caption"}, {"component": "image"}]
    assert found["reservations"] == [*rights["reservations"], {"signal": "tdmrep", "value": "0"}]
    assert found["needs"] == ["text"]


def test_what_is_needed_has_the_order_of_the_contract() -> None:
    rights = {"components": [{"component": name} for name in ("caption", "headline", "translation", "original")]}
    found = resolved(rights=rights, title="Lanterns", captions=[{"text": "A boat"}])["rights"]["needs"]
    assert found == ["text", "original", "translation", "headline", "caption"]


@pytest.mark.parametrize(
    ("status", "license_", "shown"),
    [
        ("open_license", "CC-BY-4.0", "CC-BY-4.0"),
        ("restricted_license", "LicenseRef-reeds", "LicenseRef-reeds"),
        ("public_domain", "CC0-1.0", "CC0-1.0"),
        ("public_domain", "CC-PDM-1.0", "CC-PDM-1.0"),
        ("public_domain", "CC-BY-NC-ND-4.0", None),
        ("permission", "CC-BY-4.0", None),
        ("all_rights_reserved", "CC-BY-4.0", "CC-BY-4.0"),
    ],
)
def test_an_article_has_a_licence_where_a_licence_was_decided(status: str, license_: str, shown: str | None) -> None:
    assert resolved(decided(status, license=license_)).get("license") == shown


@pytest.mark.parametrize(
    ("fields", "needs"),
    [
        ({"rights": {"holders": ["Osier Wire"]}}, ["text", "original"]),
        ({"rights": {"holders": ["REED  HOUSE"]}}, ["text"]),
        ({"contributors": [{"role": "trl", "name": "Oda Fenn"}]}, ["text", "original"]),
        ({"contributors": [{"role": "aut", "name": "Oda Fenn"}]}, ["text"]),
        ({"source_language": "ko"}, ["text", "original"]),
        ({"source_language": "en"}, ["text"]),
    ],
)
def test_marks_of_another_hand_need_rights_in_the_original(fields: dict[str, Any], needs: list[str]) -> None:
    stated = {"own_credits": ("Reed Gazette", "Reed House")}
    assert resolved(decided("permission"), stated=stated, **fields)["rights"]["needs"] == needs
