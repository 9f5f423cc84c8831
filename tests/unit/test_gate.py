"""The rights gate, cell by cell: closed unless every condition of the table is met."""

import json
from dataclasses import FrozenInstanceError
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.article.contract import schema_bytes
from pressmark.article.policy import OPENING as OPENING_STATUSES
from pressmark.article.policy import REACH, policy
from pressmark.curate import gate
from pressmark.curate.gate import CONDITIONS, Outcome, objections, outcome
from pressmark.findings import CATALOGUE, Kind
from rights_cases import ACCEPTS, AS_OF, DESTINATIONS, NOT_OWN, OPENING, STATUSES, at
from strategies import ARTICLE, checked

CLASSES = ("text", "headline", "name")

DECIDED = ("decided", "covered", "current", "reached")
WORLDWIDE = (*DECIDED, "worldwide")
ANYWHERE = (*DECIDED, "any-purpose", "worldwide")
STORABLE = ("storable", *DECIDED)
EVERYTHING: dict[str, tuple[str, ...]] = {"headline": (), "name": (), "text": ()}

TABLE: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "public_domain": {
        "public": {"text": ANYWHERE},
        "gated": {"text": WORLDWIDE},
        "private": {"text": DECIDED},
        "local": EVERYTHING,
    },
    "open_license": {
        "public": {"text": (*ANYWHERE, "open-licence", "attributed")},
        "gated": {"text": (*WORLDWIDE, "open-licence", "attributed")},
        "private": {"text": (*DECIDED, "open-licence", "attributed")},
        "local": EVERYTHING,
    },
    "restricted_license": {
        "public": {
            "headline": (*ANYWHERE, "known-licence"),
            "text": (*ANYWHERE, "known-licence", "accepted-terms", "attributed"),
        },
        "gated": {
            "headline": (*WORLDWIDE, "known-licence"),
            "text": (*WORLDWIDE, "known-licence", "attributed"),
        },
        "private": {"text": DECIDED},
        "local": EVERYTHING,
    },
    "permission": {
        "public": {
            "headline": (*DECIDED, "any-purpose", "worldwide", "headline-allowed"),
            "name": (*DECIDED, "any-purpose", "worldwide", "name-allowed"),
            "text": (*DECIDED, "any-purpose", "worldwide", "text-allowed"),
        },
        "gated": {
            "headline": (*DECIDED, "worldwide", "headline-allowed"),
            "name": (*DECIDED, "worldwide", "name-allowed"),
            "text": (*DECIDED, "worldwide", "text-allowed"),
        },
        "private": {
            "headline": (*DECIDED, "headline-allowed"),
            "name": (*DECIDED, "name-allowed"),
            "text": (*DECIDED, "text-allowed"),
        },
        "local": EVERYTHING,
    },
    "all_rights_reserved": {"public": {}, "gated": {}, "private": {"text": STORABLE}, "local": EVERYTHING},
    "not_protected_claimed": {"public": {}, "gated": {}, "private": {"text": STORABLE}, "local": EVERYTHING},
    "orphan": {"public": {}, "gated": {}, "private": {"text": STORABLE}, "local": EVERYTHING},
    "unknown": {"public": {}, "gated": {}, "private": {}, "local": EVERYTHING},
    "conflict": {"public": {}, "gated": {}, "private": {}, "local": EVERYTHING},
}
"""The decision table, written out by hand: what a cell opens, and the conditions, in the order in which they speak."""

BREAKAGES: dict[str, tuple[tuple[str, ...], dict[str, Any], tuple[str, ...]]] = {
    "no day": (("decided",), {"rights": {"decided_on": None}}, ("no-decision",)),
    "an empty day": (("decided",), {"rights": {"decided_on": ""}}, ("no-decision",)),
    "a rule": (("decided",), {"rights": {"decided_as": "rule"}}, ("no-decision",)),
    "decided tomorrow": (("decided",), {"rights": {"decided_on": "2026-02-01"}}, ("decision-not-yet",)),
    "decided on no day there is": (("decided",), {"rights": {"decided_on": "2025-02-30"}}, ("decision-not-yet",)),
    "decided once": (("decided",), {"rights": {"decided_on": "once"}}, ("decision-not-yet",)),
    "covers nothing": (("covered",), {"rights": {"covers": []}}, ("no-decision",)),
    "covers unsaid": (("covered",), {"rights": {"covers": None}}, ("no-decision",)),
    "covers the original alone": (("covered",), {"rights": {"covers": ["original"]}}, ("no-decision",)),
    "needs the original": (("covered",), {"rights": {"needs": ["text", "original"]}}, ("original-not-covered",)),
    "needs a translation": (("covered",), {"rights": {"needs": ["text", "translation"]}}, ("component-not-covered",)),
    "needs the headline": (("covered",), {"rights": {"needs": ["headline", "text"]}}, ("component-not-covered",)),
    "needs a caption": (("covered",), {"rights": {"needs": ["caption"]}}, ("component-not-covered",)),
    "needs something unheard of": (("covered",), {"rights": {"needs": ["dance"]}}, ("component-not-covered",)),
    "needs unsaid": (("covered",), {"rights": {"needs": None}}, ("original-not-covered", "component-not-covered")),
    "expired yesterday": (("current",), {"rights": {"expires": "2026-01-30"}}, ("permission-expired",)),
    "expires on no day there is": (("current",), {"rights": {"expires": "2030-02-30"}}, ("permission-expired",)),
    "expires never": (("current",), {"rights": {"expires": "never"}}, ("permission-expired",)),
    "expires on an empty day": (("current",), {"rights": {"expires": ""}}, ("permission-expired",)),
    "for the owner alone": (("reached",), {"rights": {"visibility": "local"}}, ("permission-narrower",)),
    "for everyone": (("reached",), {"rights": {"visibility": "everyone"}}, ("permission-narrower",)),
    "one country": (("worldwide",), {"rights": {"territories": ["KR"]}}, ("territory-limited",)),
    "one purpose": (("any-purpose",), {"rights": {"purposes": ["research"]}}, ("purpose-limited",)),
    "no output": (
        ("text-allowed", "headline-allowed", "name-allowed"),
        {"rights": {"outputs": []}},
        ("output-not-allowed",),
    ),
    "outputs unsaid": (
        ("text-allowed", "headline-allowed", "name-allowed"),
        {"rights": {"outputs": None}},
        ("output-not-allowed",),
    ),
    "headline alone": (
        ("text-allowed", "name-allowed"),
        {"rights": {"outputs": ["headline"]}},
        ("output-not-allowed",),
    ),
    "names alone": (("text-allowed", "headline-allowed"), {"rights": {"outputs": ["name"]}}, ("output-not-allowed",)),
    "not credited": (("attributed",), {"attribution": None}, ("attribution-missing",)),
    "credited to nobody": (("attributed",), {"attribution": ""}, ("attribution-missing",)),
    "terms not accepted": (("accepted-terms",), {"accepts": ()}, ("terms-not-accepted",)),
    "one term not accepted": (("accepted-terms",), {"accepts": ("noncommercial",)}, ("terms-not-accepted",)),
    "no ground to keep it": (("storable",), {"rights": {"storage_basis": None}}, ("status-closed",)),
    "an empty ground to keep it": (("storable",), {"rights": {"storage_basis": ""}}, ("status-closed",)),
}
"""What breaks a condition and no other: the names of the condition, what is changed, and the codes to expect."""

CELLS = [(status, destination) for status in STATUSES for destination in DESTINATIONS]
CELL_IDS = [f"{status} x {destination}" for status, destination in CELLS]
CLASS_CELLS = [(status, destination, kind) for status, destination in CELLS for kind in CLASSES]
CLASS_CELL_IDS = [f"{status} x {destination} ({kind})" for status, destination, kind in CLASS_CELLS]
CONDITION_CELLS = [
    (status, destination, kind, breakage)
    for status, destination, kind in CLASS_CELLS
    for breakage, (conditions, _, _) in BREAKAGES.items()
    if set(conditions) & set(TABLE[status][destination].get(kind, ()))
]
LICENCES = {"open_license": "CC-BY-4.0", "restricted_license": "CC-BY-NC-ND-4.0"}


def with_status(status: str, **changes: Any) -> dict[str, Any]:
    """Return what the gate asks for of an article, all conditions met but for these changes; None takes away."""
    article = {
        "rights_status": status,
        "license": LICENCES.get(status),
        "attribution": "Reed House",
        **{key: value for key, value in changes.items() if key != "rights"},
        "rights": {
            "decided_on": "2025-01-01",
            "needs": ["text"],
            "covers": ["text"],
            "outputs": ["text"],
            "visibility": "public",
            "storage_basis": "EU-DSM-3",
            **changes.get("rights", {}),
        },
    }
    article["rights"] = {key: value for key, value in article["rights"].items() if value is not None}
    return {key: value for key, value in article.items() if value is not None}


def closed(because: str, *also: str) -> Outcome:
    return Outcome(text=False, because=because, also=also)


def against(article: dict[str, Any], kind: str, destination: str, **options: Any) -> list[str]:
    chosen = {"profile": "full", "as_of": AS_OF, "accepts": ACCEPTS, **options}
    return objections(article, kind, destination, **chosen)


# The table


def test_the_table_is_the_file_of_the_schema_folder() -> None:
    assert policy() == json.loads(schema_bytes("rights-policy.json"))
    assert set(STATUSES) == set(ARTICLE["$defs"]["status"]["enum"])
    assert DESTINATIONS[::-1] == REACH
    assert frozenset(OPENING) == OPENING_STATUSES


def test_the_file_has_exactly_these_cells() -> None:
    cells = {
        status: {place: {kind: tuple(names) for kind, names in opened.items()} for place, opened in places.items()}
        for status, places in policy()["cells"].items()
    }
    assert cells == TABLE
    assert [(status, place) for status, places in policy()["cells"].items() for place in places] == CELLS


def test_the_file_has_exactly_these_profiles_and_overlays() -> None:
    assert policy()["profiles"] == {
        "full": ["metadata", "digest", "headline", "name", "text"],
        "metadata": ["metadata", "digest"],
    }
    assert policy()["overlays"] == {
        "embargo": {"closes": ["metadata", "digest", "headline", "name", "text"]},
        "privacy": {"flags": ["minor", "victim", "court_anonymity"], "closes": ["headline", "name", "text"]},
        "signals": {"closes": ["headline", "name", "text"], "except": ["permission", "public_domain"]},
    }


def test_the_file_has_exactly_these_licences() -> None:
    by = ["BY-2.0", "BY-2.5", "BY-3.0", "BY-4.0", "BY-SA-2.0", "BY-SA-2.5", "BY-SA-3.0", "BY-SA-4.0"]
    assert policy()["open_licenses"] == ["CC0-1.0", *(f"CC-{name}" for name in by), "ODC-By-1.0", "PDDL-1.0"]
    assert policy()["unattributed_licenses"] == ["CC0-1.0", "PDDL-1.0"]
    terms = {"NC": ["noncommercial"], "ND": ["noderivatives"], "NC-SA": ["noncommercial"], "NC-ND": list(ACCEPTS)}
    assert policy()["restricted_licenses"] == {
        f"CC-BY-{name}-{version}": list(asked)
        for name, asked in terms.items()
        for version in ("2.0", "2.5", "3.0", "4.0")
    }


def test_every_condition_of_the_table_is_known_and_explained_and_every_one_is_used() -> None:
    used = {
        name for places in TABLE.values() for opened in places.values() for names in opened.values() for name in names
    }
    assert set(CONDITIONS) == set(policy()["conditions"]) == used
    assert used == {name for names, _, _ in BREAKAGES.values() for name in names} | {"open-licence", "known-licence"}


@pytest.mark.parametrize(("status", "destination", "kind"), CLASS_CELLS, ids=CLASS_CELL_IDS)
def test_a_cell_opens_what_it_names_where_all_conditions_are_met(status: str, destination: str, kind: str) -> None:
    because = "rights-conflict" if status == "conflict" else "status-closed"
    expected = [] if kind in TABLE[status][destination] else [because]
    assert against(with_status(status), kind, destination) == expected


@pytest.mark.parametrize(("status", "destination"), CELLS, ids=CELL_IDS)
def test_the_outcome_of_a_cell_is_the_whole_article_or_the_first_reason_against_it(
    status: str, destination: str
) -> None:
    because = "rights-conflict" if status == "conflict" else "status-closed"
    expected = Outcome(text=True) if "text" in TABLE[status][destination] else closed(because)
    assert at(with_status(status), destination) == expected


@pytest.mark.parametrize(
    ("status", "destination", "kind", "breakage"),
    CONDITION_CELLS,
    ids=[f"{status} x {destination} ({kind}): {breakage}" for status, destination, kind, breakage in CONDITION_CELLS],
)
def test_a_cell_is_closed_where_one_of_its_conditions_alone_is_not_met(
    status: str, destination: str, kind: str, breakage: str
) -> None:
    _, changes, codes = BREAKAGES[breakage]
    options = {name: changes[name] for name in changes if name == "accepts"}
    fields = {name: changes[name] for name in changes if name != "accepts"}
    assert against(with_status(status, **fields), kind, destination, **options) == list(codes)


@pytest.mark.parametrize(("status", "destination", "kind"), CLASS_CELLS, ids=CLASS_CELL_IDS)
def test_what_is_no_condition_of_a_cell_changes_nothing_in_it(status: str, destination: str, kind: str) -> None:
    if kind not in TABLE[status][destination]:
        return
    for name, (conditions, changes, _) in BREAKAGES.items():
        if set(conditions).isdisjoint(TABLE[status][destination][kind]):
            options = {key: changes[key] for key in changes if key == "accepts"}
            fields = {key: changes[key] for key in changes if key != "accepts"}
            assert against(with_status(status, **fields), kind, destination, **options) == [], name


@pytest.mark.parametrize(("status", "destination", "kind"), CLASS_CELLS, ids=CLASS_CELL_IDS)
def test_without_a_decision_only_the_owners_own_machine_is_open(status: str, destination: str, kind: str) -> None:
    found = against({**with_status(status), "rights": {}}, kind, destination)
    assert (found == []) is (destination == "local")
    if status == "conflict":
        assert found in ([], ["rights-conflict"])
    elif kind not in TABLE[status][destination]:
        assert found == ["no-decision"]


def test_everything_that_is_not_met_is_told_in_the_order_of_the_table() -> None:
    article = {
        "rights_status": "permission",
        "rights": {
            "needs": ["caption", "original", "text"],
            "expires": "2026-01-30",
            "purposes": ["research"],
            "territories": ["KR"],
            "embargoed_until": "2026-01-31",
            "privacy": ["victim"],
            "reservations": [{"signal": "tdmrep", "value": "1"}],
        },
    }
    assert against(article, "text", "public") == [
        "no-decision",
        "no-decision",
        "original-not-covered",
        "component-not-covered",
        "permission-expired",
        "permission-narrower",
        "purpose-limited",
        "territory-limited",
        "output-not-allowed",
        "privacy",
    ]
    assert at(article).because == "no-decision"


# Days, reach, outputs, terms


@pytest.mark.parametrize("status", OPENING)
def test_the_day_that_counts_as_today_decides_and_not_the_clock(status: str) -> None:
    article = with_status(status, rights={"decided_on": "2025-01-01", "expires": "2025-12-31"})
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [at(article, as_of=day).because for day in days] == ["decision-not-yet", "", "", "permission-expired"]


@pytest.mark.parametrize("decided_as", ["person", "counsel", None])
def test_a_decision_of_a_person_counts_whoever_the_person_is(decided_as: str | None) -> None:
    assert at(with_status("public_domain", rights={"decided_as": decided_as})).text is True


def test_a_decision_of_an_unheard_of_kind_is_closed() -> None:
    assert at(with_status("public_domain", rights={"decided_as": "machine"})).because == "no-decision"


@pytest.mark.parametrize("status", OPENING)
@pytest.mark.parametrize("destination", NOT_OWN)
@pytest.mark.parametrize("visibility", DESTINATIONS)
def test_a_decision_reaches_as_far_as_it_says(status: str, destination: str, visibility: str) -> None:
    reaches = DESTINATIONS.index(visibility) <= DESTINATIONS.index(destination)
    codes = against(with_status(status, rights={"visibility": visibility}), "text", destination)
    assert codes == ([] if reaches else ["permission-narrower"])


@pytest.mark.parametrize("status", OPENING)
@pytest.mark.parametrize("destination", DESTINATIONS)
def test_a_decision_that_names_no_audience_reaches_everybody_unless_it_is_a_permission(
    status: str, destination: str
) -> None:
    found = at(with_status(status, rights={"visibility": None}), destination)
    reaches = status != "permission" or destination == "local"
    assert found == (Outcome(text=True) if reaches else closed("permission-narrower"))


@pytest.mark.parametrize("destination", NOT_OWN)
@pytest.mark.parametrize(
    ("outputs", "found"),
    [
        (["text"], Outcome(text=True)),
        (["text", "headline", "name"], Outcome(text=True)),
        (["headline"], closed("output-not-allowed", "headline")),
        (["name"], closed("output-not-allowed", "name")),
        (["name", "headline"], closed("output-not-allowed", "headline", "name")),
        ([], closed("output-not-allowed")),
        (["dance"], closed("output-not-allowed")),
    ],
    ids=str,
)
def test_a_permission_shows_exactly_the_outputs_that_it_names(
    destination: str, outputs: list[str], found: Outcome
) -> None:
    assert at(with_status("permission", rights={"outputs": outputs}), destination) == found


@pytest.mark.parametrize("destination", ["public", "gated"])
def test_under_a_restricted_licence_the_headline_appears_where_the_text_lacks_a_credit(destination: str) -> None:
    found = at(with_status("restricted_license", attribution=None), destination)
    assert found == closed("attribution-missing", "headline")


def test_under_a_restricted_licence_the_headline_appears_where_its_terms_are_not_accepted() -> None:
    article = with_status("restricted_license")
    assert at(article, accepts=()) == closed("terms-not-accepted", "headline")
    assert at(article, "gated", accepts=()) == Outcome(text=True)
    assert outcome(article, "public", "full", AS_OF) == closed("terms-not-accepted", "headline")
    assert objections(article, "text", "public", "full", AS_OF) == ["terms-not-accepted"]


def test_what_closes_the_headline_too_leaves_nothing_but_metadata() -> None:
    broken: list[dict[str, Any]] = [
        {"decided_as": "rule"},
        {"covers": []},
        {"expires": "2026-01-30"},
        {"visibility": "private"},
    ]
    for rights in broken:
        assert at(with_status("restricted_license", rights=rights)).also == ()


@pytest.mark.parametrize("status", ["open_license", "restricted_license"])
@pytest.mark.parametrize("destination", ["public", "gated"])
def test_a_licence_that_is_limited_to_countries_reaches_neither_the_public_nor_a_gated_repository(
    status: str, destination: str
) -> None:
    found = at(with_status(status, rights={"territories": ["KR"]}), destination)
    assert found == closed("territory-limited")


@pytest.mark.parametrize(
    ("license_", "accepts", "text"),
    [
        ("CC-BY-NC-4.0", (), False),
        ("CC-BY-NC-4.0", ("noderivatives",), False),
        ("CC-BY-NC-4.0", ("noncommercial",), True),
        ("CC-BY-NC-SA-4.0", ("noncommercial",), True),
        ("CC-BY-ND-4.0", ("noncommercial",), False),
        ("CC-BY-ND-4.0", ("noderivatives",), True),
        ("CC-BY-NC-ND-4.0", ("noderivatives",), False),
        ("CC-BY-NC-ND-4.0", ("noncommercial",), False),
        ("CC-BY-NC-ND-4.0", ("noncommercial", "noderivatives"), True),
        ("CC-BY-4.0", (), True),
        ("CC-BY-NC-4.0 AND CC-BY-ND-4.0", ("noncommercial",), False),
        ("CC-BY-NC-4.0 AND CC-BY-ND-4.0", ACCEPTS, True),
        ("CC-BY-NC-4.0 OR CC-BY-ND-4.0", ("noncommercial",), True),
        ("CC-BY-NC-4.0 OR CC-BY-4.0", (), True),
        ("CC-BY-NC-4.0 AND CC-BY-4.0", (), False),
    ],
)
def test_a_line_has_to_accept_every_restriction_of_a_licence(
    license_: str,
    accepts: tuple[str, ...],
    text: bool,  # noqa: FBT001
) -> None:
    found = at(with_status("restricted_license", license=license_), accepts=accepts)
    assert found == (Outcome(text=True) if text else closed("terms-not-accepted", "headline"))


UNKNOWN_LICENCES = [
    "MIT",
    "CC-BY-1.0",
    "GFDL-1.3-only",
    "CC-BY-3.0-AT",
    "LicenseRef-reeds",
    "DocumentRef-a:LicenseRef-reeds",
    "NONE",
    "NOASSERTION",
    "CC-BY-4.0 WITH Classpath-exception-2.0",
    "CC-BY-4.0 AND MIT",
    "CC-BY-4.0 AND LicenseRef-reeds",
    "LicenseRef-reeds OR MIT",
    "CC-BY-9.9",
    "CC-BY-4.0 OR",
    "no licence at all",
    "",
    None,
]


@pytest.mark.parametrize(
    "license_", [*UNKNOWN_LICENCES, *json.loads(schema_bytes("rights-policy.json"))["restricted_licenses"]]
)
@pytest.mark.parametrize("destination", NOT_OWN)
def test_a_licence_that_is_not_on_the_open_list_opens_nothing_as_an_open_one(
    license_: str | None, destination: str
) -> None:
    assert against(with_status("open_license", license=license_), "text", destination) == ["licence-not-open"]


@pytest.mark.parametrize("license_", UNKNOWN_LICENCES)
def test_a_licence_that_is_not_known_opens_nothing_to_others_as_a_restricted_one(license_: str | None) -> None:
    article = with_status("restricted_license", license=license_)
    assert against(article, "text", "public") == ["licence-not-open", "terms-not-accepted"]
    assert against(article, "text", "gated") == ["licence-not-open"]
    assert [against(article, "headline", place) for place in ("public", "gated")] == [["licence-not-open"]] * 2
    assert against(article, "text", "private") == []


@pytest.mark.parametrize("license_", json.loads(schema_bytes("rights-policy.json"))["open_licenses"])
@pytest.mark.parametrize("status", ["open_license", "restricted_license"])
@pytest.mark.parametrize("credit", ["Reed House", None])
def test_a_licence_of_the_open_list_opens_and_mostly_asks_for_attribution(
    license_: str, status: str, credit: str | None
) -> None:
    codes = against(with_status(status, license=license_, attribution=credit), "text", "public", accepts=())
    assert codes == ([] if credit or license_ in ("CC0-1.0", "PDDL-1.0") else ["attribution-missing"])


@pytest.mark.parametrize(
    ("license_", "codes"),
    [
        ("CC-BY-4.0 OR MIT", ["attribution-missing"]),
        ("CC-BY-4.0 OR CC0-1.0", []),
        ("CC-BY-4.0 AND CC0-1.0", ["attribution-missing"]),
        ("PDDL-1.0 AND CC0-1.0", []),
        ("CC-BY-4.0 OR (CC0-1.0 AND MIT)", ["attribution-missing"]),
        ("(CC-BY-4.0 OR MIT) AND (CC0-1.0 OR LicenseRef-reeds)", ["attribution-missing"]),
        ("(CC0-1.0 OR MIT) AND (CC0-1.0 OR LicenseRef-reeds)", []),
        ("MIT OR (CC0-1.0 AND LicenseRef-reeds)", ["licence-not-open", "attribution-missing"]),
        ("CC0-1.0 WITH Classpath-exception-2.0", ["licence-not-open", "attribution-missing"]),
    ],
)
def test_choices_of_an_expression_that_meet_different_conditions_do_not_open(license_: str, codes: list[str]) -> None:
    assert against(with_status("open_license", license=license_, attribution=None), "text", "public") == codes


@pytest.mark.parametrize(
    ("license_", "codes"),
    [
        ("CC-BY-NC-4.0 OR (CC0-1.0 AND LicenseRef-reeds)", ["terms-not-accepted", "attribution-missing"]),
        ("CC-BY-ND-4.0 OR (CC-BY-4.0 AND MIT)", ["terms-not-accepted", "attribution-missing"]),
        ("CC-BY-NC-4.0 OR CC-BY-4.0", ["attribution-missing"]),
        ("CC-BY-NC-4.0 OR CC0-1.0", []),
    ],
)
def test_choices_of_a_restricted_expression_that_meet_different_conditions_do_not_open(
    license_: str, codes: list[str]
) -> None:
    article = with_status("restricted_license", license=license_, attribution=None)
    assert against(article, "text", "public", accepts=()) == codes


# Overlays


@pytest.mark.parametrize(("status", "destination"), CELLS, ids=CELL_IDS)
@pytest.mark.parametrize("profile", ["full", "metadata", "everything"])
def test_an_embargo_keeps_an_article_out_of_every_cell_but_the_owners(
    status: str, destination: str, profile: str
) -> None:
    article = with_status(status, rights={"embargoed_until": "2026-02-01", "privacy": ["minor"]})
    found = at(article, destination, profile)
    if destination == "local":
        assert found == (Outcome(text=True) if profile == "full" else closed("profile-metadata"))
        assert found.absent is False
    else:
        assert found == closed("embargoed")
        assert found.absent is True
        kinds = ("text", "headline", "name", "metadata", "digest")
        assert [against(article, kind, destination, profile=profile) for kind in kinds] == [["embargoed"]] * 5


@pytest.mark.parametrize("status", OPENING)
@pytest.mark.parametrize(
    ("day", "absent"),
    [
        ("2026-01-30", False),
        ("2026-01-31", False),
        ("2026-02-01", True),
        ("2025-02-30", True),
        ("soon", True),
        (None, False),
    ],
)
def test_an_embargo_ends_on_its_day_and_one_that_cannot_be_read_never_ends(
    status: str,
    day: str | None,
    absent: bool,  # noqa: FBT001
) -> None:
    found = at(with_status(status, rights={"embargoed_until": day}))
    assert found == (closed("embargoed") if absent else Outcome(text=True))


def test_an_embargo_until_an_empty_day_never_ends() -> None:
    assert at(with_status("public_domain", rights={"embargoed_until": ""})).absent is True


@pytest.mark.parametrize(("status", "destination", "kind"), CLASS_CELLS, ids=CLASS_CELL_IDS)
@pytest.mark.parametrize("flag", ["minor", "victim", "court_anonymity"])
def test_a_person_to_be_protected_closes_every_cell_but_the_owners(
    status: str, destination: str, kind: str, flag: str
) -> None:
    codes = against(with_status(status, rights={"privacy": ["not_checked", flag]}), kind, destination)
    before = against(with_status(status), kind, destination)
    assert codes == (before if destination == "local" else [*before, "privacy"])


@pytest.mark.parametrize("flags", [["private_person"], ["none_found"], ["not_checked"], []], ids=str)
def test_other_words_about_privacy_close_nothing(flags: list[str]) -> None:
    assert at(with_status("permission", rights={"privacy": flags})) == Outcome(text=True)


@pytest.mark.parametrize(("status", "destination", "kind"), CLASS_CELLS, ids=CLASS_CELL_IDS)
def test_a_signal_closes_every_cell_but_permissions_the_public_domain_and_the_owners(
    status: str, destination: str, kind: str
) -> None:
    signals = [{"signal": "robots", "value": "allow"}, {"signal": "tdmrep", "value": "1"}]
    codes = against(with_status(status, rights={"reservations": signals}), kind, destination)
    before = against(with_status(status), kind, destination)
    spared = status in ("permission", "public_domain") or destination == "local"
    assert codes == (before if spared else [*before, "reserved-by-signal"])


def test_a_signal_that_reserves_nothing_closes_nothing() -> None:
    signals = [{"signal": "robots", "value": "allow"}, {"signal": "tdmrep", "value": "0"}]
    assert at(with_status("open_license", rights={"reservations": signals})) == Outcome(text=True)


@pytest.mark.parametrize("kind", ["metadata", "digest"])
def test_privacy_and_signals_leave_metadata_and_digests_alone(kind: str) -> None:
    rights = {"privacy": ["minor"], "reservations": [{"signal": "tdmrep", "value": "1"}]}
    assert against(with_status("open_license", rights=rights), kind, "public") == ["status-closed"]
    assert against(with_status("open_license"), kind, "public", profile="metadata") == ["status-closed"]


def test_the_reason_of_the_table_comes_before_those_of_the_overlays() -> None:
    rights = {"expires": "2026-01-30", "privacy": ["minor"], "reservations": [{"signal": "terms", "value": "No."}]}
    codes = against(with_status("open_license", rights=rights), "text", "public")
    assert codes == ["permission-expired", "privacy", "reserved-by-signal"]
    assert against(with_status("unknown", rights=rights), "text", "gated") == [
        "status-closed",
        "privacy",
        "reserved-by-signal",
    ]


# Profiles, and what is unknown


@pytest.mark.parametrize(("status", "destination"), CELLS, ids=CELL_IDS)
def test_a_line_for_metadata_alone_is_closed_in_every_cell(status: str, destination: str) -> None:
    for profile in ("metadata", "everything", "", "Full"):
        assert at(with_status(status), destination, profile) == closed("profile-metadata")
        assert against(with_status(status), "headline", destination, profile=profile) == ["profile-metadata"]


@pytest.mark.parametrize("destination", [*DESTINATIONS, "everyone"])
@pytest.mark.parametrize("status", ["", "Public_Domain", "public domain", "cc0"])
def test_a_status_that_the_table_does_not_know_is_closed(status: str, destination: str) -> None:
    assert at(with_status(status), destination) == closed("status-closed")
    assert at({**with_status(status), "rights": {}}, destination) == closed("no-decision")


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("destination", ["", "everyone", "Public", "world"])
def test_a_destination_that_the_table_does_not_know_is_closed(status: str, destination: str) -> None:
    because = "rights-conflict" if status == "conflict" else "status-closed"
    assert at(with_status(status), destination) == closed(because)


@pytest.mark.parametrize("kind", ["", "Text", "body", "metadata"])
def test_a_class_that_a_cell_does_not_name_is_closed(kind: str) -> None:
    expected = ["status-closed"] if kind == "metadata" else ["profile-metadata"]
    assert against(with_status("public_domain"), kind, "local") == expected


def test_a_condition_that_nobody_knows_is_not_met(monkeypatch: pytest.MonkeyPatch) -> None:
    table = json.loads(schema_bytes("rights-policy.json"))
    table["cells"]["public_domain"]["public"]["text"].append("moonlit")
    monkeypatch.setattr(gate, "policy", lambda: table)
    assert at(with_status("public_domain")) == closed("status-closed")
    assert against(with_status("public_domain"), "text", "public") == ["status-closed"]


def test_nobody_changes_an_outcome() -> None:
    found = at(with_status("public_domain"))
    with pytest.raises(FrozenInstanceError):
        found.text = False  # type: ignore[misc]
    assert not hasattr(found, "__dict__")


def test_an_outcome_says_no_more_than_it_is_given() -> None:
    assert (Outcome(text=True).because, Outcome(text=True).also, Outcome(text=True).absent) == ("", (), False)
    assert [closed(code).absent for code in ("embargoed", "no-decision", "")] == [True, False, False]


@checked(150)
@given(
    st.sampled_from(STATUSES),
    st.lists(st.sampled_from(sorted(BREAKAGES)), max_size=3),
    st.sampled_from(DESTINATIONS),
    st.sampled_from(["full", "metadata"]),
)
def test_an_outcome_is_open_or_has_a_reason_of_the_catalogue(
    status: str, broken: list[str], destination: str, profile: str
) -> None:
    rights: dict[str, Any] = {}
    for name in broken:
        rights |= BREAKAGES[name][1].get("rights", {})
    found = at(with_status(status, rights=rights), destination, profile)
    assert found.text is (found.because == "")
    assert found.text or CATALOGUE[found.because].kind is Kind.WITHHELD
