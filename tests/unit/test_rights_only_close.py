"""Whatever is added that restricts, reserves or ends: nothing more appears than before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from pressmark.article.policy import REACH
from pressmark.article.rights import COMPONENTS, Decision, Scope, SourceRights
from pressmark.curate.gate import outcome
from pressmark.curate.resolve import resolve
from rights_cases import (
    ACCEPTS,
    CLOSENESS,
    DECIDABLE,
    DESTINATIONS,
    OPENING,
    OWN_CREDITS,
    RESERVATIONS,
    STATEMENTS,
    admitted,
    decided,
    shown,
)
from strategies import checked

Case = tuple[dict[str, Any], SourceRights]
"""A record, and what its source states."""

DAYS = [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 1)]
LINES = [
    *product(DESTINATIONS, ["full"], DAYS, [(), ACCEPTS[:1], ACCEPTS]),
    *product(DESTINATIONS, ["metadata"], DAYS, [ACCEPTS]),
]

days = st.sampled_from(["2025-12-30", "2025-12-31", "2026-01-30", "2026-01-31", "2026-02-01", "2026-12-31"])
countries = st.lists(st.sampled_from(["KR", "CN", "US"]), max_size=2, unique=True).map(tuple)
purposes = st.lists(st.sampled_from(["research", "teaching"]), max_size=2, unique=True).map(tuple)
covered = st.lists(st.sampled_from(COMPONENTS), max_size=6, unique=True).map(tuple)
outputs = st.lists(st.sampled_from(["text", "headline", "name"]), max_size=3, unique=True).map(tuple)
flags = st.sampled_from(["minor", "victim", "court_anonymity", "private_person", "none_found", "not_checked"])
signals = st.builds(
    lambda signal, value: {"signal": signal, "value": value},
    st.sampled_from(["robots", "tdmrep", "aipref", "rsl", "meta", "terms", "smoke"]),
    st.sampled_from(["allow", "disallow", "0", "1", "train-ai=n", "train-ai=y", "prohibits=ai-train", "noai", "all"]),
)
components = st.builds(lambda component: {"component": component}, st.sampled_from(COMPONENTS))
scopes = st.sampled_from([*CLOSENESS.values(), Scope(ids=frozenset({"other"}))])


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    """Draw a decision, often one that meets all conditions of its status."""
    status = draw(st.sampled_from([*OPENING, *DECIDABLE, None]))
    optional = {
        "license": st.sampled_from(["CC0-1.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0 OR MIT", "LicenseRef-reeds", None]),
        "attribution": st.sampled_from(["Reed House", None]),
        "decided_as": st.sampled_from(["person", "counsel", "rule"]),
        "decided_on": days,
        "covers": covered.map(lambda found: tuple({"text": 1, **dict.fromkeys(found)})),
        "outputs": outputs,
        "visibility": st.sampled_from(DESTINATIONS),
        "purposes": purposes,
        "territories": countries,
        "expires": days,
        "storage_basis": st.just("EU-DSM-3"),
        "privacy": st.tuples(flags),
        "embargoed_until": days,
        "basis": st.sampled_from("ab"),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(optional)), max_size=3, unique=True))
    stored = {} if status in OPENING or status is None else {"storage_basis": "EU-DSM-3", "visibility": "private"}
    changes = {**stored, "scope": draw(scopes), **{name: draw(optional[name]) for name in chosen}}
    return decided(status, **changes)


records = st.fixed_dictionaries(
    {"section": st.just(["Town"])},
    optional={
        "derivation": st.sampled_from(["original", "translation", "unknown"]),
        "title": st.just("Lanterns"),
        "captions": st.just([{"text": "A boat"}]),
        "attribution": st.just("Ilse Marrow"),
        "rights_status": st.sampled_from(["open_license", "restricted_license"]),
        "rights": st.fixed_dictionaries(
            {},
            optional={
                "privacy": st.tuples(flags).map(list),
                "components": st.tuples(components).map(list),
                "reservations": st.tuples(signals.filter(lambda found: found["signal"] != "smoke")).map(list),
            },
        ),
    },
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a record and what its source states, with one to three decisions."""
    stated = SourceRights(
        status=draw(st.sampled_from(DECIDABLE)),
        own_credits=OWN_CREDITS,
        decisions=tuple(draw(st.lists(decisions(), min_size=1, max_size=3))),
    )
    return draw(records), stated


def appears(case: Case) -> list[set[str]]:
    """Return the classes of fields that appear in each line, on each day."""
    record, stated = case
    article = resolve(admitted(**record), stated)
    return [shown(outcome(article, *line)) for line in LINES]


def never_more(before: Case, after: Case) -> None:
    """Assert that no line shows anything after that it did not show before."""
    for line, was, is_ in zip(LINES, appears(before), appears(after), strict=True):
        assert is_ <= was, line


def one_changed(case: Case, data: st.DataObject, change: Callable[[Decision], Decision]) -> Case:
    """Return a case with one of its decisions changed."""
    record, stated = case
    place = data.draw(st.integers(0, len(stated.decisions) - 1))
    changed = [change(found) if number == place else found for number, found in enumerate(stated.decisions)]
    return record, replace(stated, decisions=tuple(changed))


def with_rights(record: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**record, "rights": {**record.get("rights", {}), **fields}}


def added(record: dict[str, Any], name: str, entry: Any) -> dict[str, Any]:
    """Return a record with an entry more in one of the lists of its rights."""
    return with_rights(record, **{name: [*record.get("rights", {}).get(name, ()), entry]})


# Decisions


@checked(40)
@given(cases(), st.sampled_from(DESTINATIONS), st.data())
def test_lowering_the_visibility_never_shows_more(case: Case, visibility: str, data: st.DataObject) -> None:
    def lowered(found: Decision) -> Decision:
        said = found.visibility or ("local" if found.status == "permission" else "public")
        return replace(found, visibility=min(visibility, said, key=REACH.index))

    never_more(case, one_changed(case, data, lowered))


@checked(40)
@given(cases(), covered, st.data())
def test_covering_less_never_shows_more(case: Case, left: tuple[str, ...], data: st.DataObject) -> None:
    never_more(
        case,
        one_changed(
            case, data, lambda found: replace(found, covers=tuple(name for name in found.covers if name in left))
        ),
    )


@checked(40)
@given(cases(), outputs, st.data())
def test_fewer_outputs_never_show_more(case: Case, left: tuple[str, ...], data: st.DataObject) -> None:
    def fewer(found: Decision) -> Decision:
        whole = ("text", "headline", "name") if "text" in found.outputs else found.outputs
        return replace(found, outputs=tuple(name for name in whole if name in left))

    never_more(case, one_changed(case, data, fewer))


@checked(40)
@given(cases(), st.data())
def test_a_purpose_or_a_country_to_which_a_decision_is_limited_never_shows_more(
    case: Case, data: st.DataObject
) -> None:
    never_more(case, one_changed(case, data, lambda found: replace(found, purposes=(*found.purposes, "cooking"))))
    never_more(case, one_changed(case, data, lambda found: replace(found, territories=(*found.territories, "AQ"))))


@checked(40)
@given(cases(), st.data())
def test_a_rule_in_place_of_a_person_never_shows_more(case: Case, data: st.DataObject) -> None:
    never_more(case, one_changed(case, data, lambda found: replace(found, decided_as="rule")))


@checked(40)
@given(cases(), days, st.data())
def test_an_expiry_never_shows_more(case: Case, last_day: str, data: st.DataObject) -> None:
    never_more(
        case,
        one_changed(case, data, lambda found: replace(found, expires=min(last_day, found.expires or last_day))),
    )


@checked(40)
@given(cases(), days, st.data())
def test_a_later_day_of_a_decision_never_shows_more(case: Case, day: str, data: st.DataObject) -> None:
    never_more(case, one_changed(case, data, lambda found: replace(found, decided_on=max(day, found.decided_on))))


@checked(40)
@given(cases(), flags, st.data())
def test_a_privacy_flag_of_a_decision_never_shows_more(case: Case, flag: str, data: st.DataObject) -> None:
    never_more(case, one_changed(case, data, lambda found: replace(found, privacy=(*found.privacy, flag))))


@checked(40)
@given(cases(), days, st.data())
def test_an_embargo_of_a_decision_never_shows_more(case: Case, day: str, data: st.DataObject) -> None:
    never_more(
        case,
        one_changed(case, data, lambda found: replace(found, embargoed_until=max(day, found.embargoed_until or day))),
    )


@checked(40)
@given(cases(), decisions())
def test_a_decision_that_only_takes_away_never_shows_more(case: Case, more: Decision) -> None:
    record, stated = case
    beside = replace(more, status=None)
    never_more(case, (record, replace(stated, decisions=(*stated.decisions, beside))))


@checked(40)
@given(cases(), st.sampled_from([status for status in DECIDABLE if status not in OPENING]), st.sampled_from("ab"))
def test_a_closer_decision_that_closes_never_shows_more(case: Case, status: str, basis: str) -> None:
    record, stated = case
    closing = decided(status, scope=CLOSENESS["article"], basis=basis)
    never_more(case, (record, replace(stated, decisions=(*stated.decisions, closing))))


@checked(40)
@given(records, decisions(), decisions())
def test_decisions_that_are_equally_close_never_show_more_together_than_one_of_them_alone(
    record: dict[str, Any], one: Decision, other: Decision
) -> None:
    assume(one.status is not None and other.status is not None)
    stated = SourceRights(own_credits=OWN_CREDITS)
    lasting = [replace(found, expires=None, scope=Scope()) for found in (one, other)]
    both = record, replace(stated, decisions=tuple(lasting))
    for found in lasting:
        never_more((record, replace(stated, decisions=(found,))), both)


@checked(40)
@given(records, decisions(), st.sampled_from(DECIDABLE))
def test_taking_the_only_decision_away_never_shows_more(record: dict[str, Any], found: Decision, status: str) -> None:
    stated = SourceRights(
        status=status, own_credits=OWN_CREDITS, decisions=(replace(found, privacy=(), embargoed_until=None),)
    )
    never_more((record, stated), (record, replace(stated, decisions=())))


# What is said beside them


@checked(100)
@given(cases(), st.sampled_from(sorted(RESERVATIONS)))
@example(({}, SourceRights(decisions=(decided("permission"),))), "no licence")
@example(({}, SourceRights(decisions=(decided("public_domain", scope=CLOSENESS["article"]),))), "notice in the text")
def test_a_reservation_never_shows_more(case: Case, name: str) -> None:
    record, stated = case
    said = RESERVATIONS[name]
    reserved = with_rights({**record, **said}, **{**record.get("rights", {}), **said.get("rights", {})})
    never_more(case, (reserved, stated))


@checked(40)
@given(cases(), signals.filter(lambda found: found["signal"] != "smoke"))
def test_a_signal_of_the_record_never_shows_more(case: Case, signal: dict[str, str]) -> None:
    never_more(case, (added(case[0], "reservations", signal), case[1]))


@checked(40)
@given(cases(), signals)
def test_a_signal_of_the_source_never_shows_more(case: Case, signal: dict[str, str]) -> None:
    record, stated = case
    never_more(case, (record, replace(stated, reservations=(signal,))))


@checked(40)
@given(cases(), components)
def test_a_component_that_is_listed_never_shows_more(case: Case, component: dict[str, str]) -> None:
    record, stated = case
    never_more(case, (added(record, "components", component), stated))
    never_more(case, (record, replace(stated, components=(component,))))


@checked(40)
@given(cases(), st.sampled_from(["Osier Wire", "Reed Gazette", "reed house"]))
def test_a_credit_of_a_source_never_shows_more(case: Case, credit: str) -> None:
    record, stated = case
    never_more(case, ({**record, "provenance": {"syndicated_from": credit}}, stated))


@checked(40)
@given(cases(), flags, days)
def test_a_privacy_flag_or_an_embargo_of_the_record_never_shows_more(case: Case, flag: str, day: str) -> None:
    record, stated = case
    never_more(case, (added(record, "privacy", flag), stated))
    never_more(case, (with_rights(record, embargoed_until=day), stated))


@checked(40)
@given(
    cases(),
    st.sampled_from(
        [
            f"{STATEMENTS}/{name}/1.0/"
            for name in ("InC", "InC-OW-EU", "InC-NC", "NoC-US", "NoC-CR", "NKC", "CNE", "UND")
        ]
        + ["https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/publicdomain/zero/1.0/"]
        + ["https://reeds.example/terms"]
    ),
)
def test_a_statement_whatever_it_says_never_shows_more(case: Case, statement: str) -> None:
    record, stated = case
    never_more(case, (with_rights(record, statement=statement), stated))


@checked(40)
@given(cases(), st.sampled_from([*DECIDABLE, "conflict"]))
def test_a_claim_whatever_it_says_never_shows_more(case: Case, status: str) -> None:
    record, stated = case
    unclaimed = {key: value for key, value in record.items() if key != "rights_status"}
    never_more((unclaimed, stated), ({**unclaimed, "rights_status": status}, stated))


@checked(40)
@given(cases(), st.sampled_from(["CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0", "NONE", "NOASSERTION", "free to all"]))
def test_a_licence_whatever_it_says_never_shows_more(case: Case, license_: str) -> None:
    record, stated = case
    never_more(case, ({**record, "license": license_}, stated))


# Lines


@checked(40)
@given(cases())
def test_a_wider_audience_and_fewer_restrictions_that_are_accepted_never_show_more(case: Case) -> None:
    record, stated = case
    article = resolve(admitted(**record), stated)
    for day in DAYS:
        narrow_to_wide = [shown(outcome(article, place, "full", day, ACCEPTS)) for place in REACH]
        texts = ["text" in found for found in narrow_to_wide]
        assert texts == sorted(texts, reverse=True)
        for place in REACH:
            accepted = [shown(outcome(article, place, "full", day, told)) for told in ((), ACCEPTS[:1], ACCEPTS)]
            assert accepted[0] <= accepted[1] <= accepted[2]
            metadata = shown(outcome(article, place, "metadata", day, ACCEPTS))
            assert metadata <= accepted[2]


@checked(100)
@given(cases(), st.data())
def test_the_order_of_decisions_never_matters(case: Case, data: st.DataObject) -> None:
    record, stated = case
    order = data.draw(st.permutations(stated.decisions))
    article = admitted(**record)
    assert resolve(article, replace(stated, decisions=tuple(order))) == resolve(article, stated)
