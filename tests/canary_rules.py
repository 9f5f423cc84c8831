"""What may appear of an article, worked out from what was recorded, with nothing of pressmark.

Where the rules leave a doubt, nothing may appear.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Any

from canary_corpus import (
    CLOSING,
    HARMLESS_SIGNALS,
    LINES,
    OPEN,
    OPENING,
    REACH,
    RESERVING_NOTICES,
    RESTRICTED,
    STORED,
    VOCABULARY,
    World,
)

Decision = dict[str, Any]
Case = dict[str, Any]
"""One article and one line: `record`, `source`, `destination`, `accepts`, and what the decisions say together."""

EVERYTHING = frozenset({"metadata", "headline", "name", "text"})
METADATA = frozenset({"metadata"})
UNATTRIBUTED = {"CC0-1.0", "PDDL-1.0"}
GIVEN_UP = {"CC0-1.0", "CC-PDM-1.0"}
TERMS = {"NC": "noncommercial", "ND": "noderivatives"}
EXPOSED = {"minor", "victim", "court_anonymity"}


def may_appear(world: World, number: int, today: str) -> dict[str, frozenset[str]]:
    """Return the classes of fields that may appear of an article on a day, by release line."""
    source, record = world.articles[number]
    found = [each for each in world.decisions if holds(each, source, record)]
    return {name: _in_line(line, world.sources[source], record, found, today) for name, line in LINES.items()}


def _in_line(
    line: dict[str, Any], source: dict[str, Any], record: dict[str, Any], found: list[Decision], today: str
) -> frozenset[str]:
    destination = line["destination"]
    if destination != "local" and embargoed(record, found, today):
        return frozenset()
    if line.get("profile") == "metadata":
        return METADATA
    if destination == "local":
        return EVERYTHING
    exposed = {flag for each in (record["rights"], *found) for flag in each.get("privacy", ())}
    deciding = closest(found)
    if exposed & EXPOSED or not deciding:
        return METADATA
    about = {"record": record, "source": source, "destination": destination, "accepts": set(line.get("accepts", ()))}
    case = {**together(deciding), **about}
    return METADATA if any(speaks_against(case, today)) else METADATA | opened(case)


def holds(decision: Decision, source: str, record: dict[str, Any]) -> bool:
    """Tell whether a decision speaks of an article, which has to meet everything that its scope says."""
    scope, identity, day = decision.get("scope", {}), f"{source}:{record['id']}", record.get("published_on")
    return (
        decision["home"] in (None, source)
        and ("ids" not in scope or record["id"] in scope["ids"] or identity in scope["ids"])
        and ("sources" not in scope or source in scope["sources"])
        and ("sections" not in scope or any(name in record["section"] for name in scope["sections"]))
        and ("from" not in scope or (day is not None and day >= scope["from"]))
        and ("until" not in scope or (day is not None and day <= scope["until"]))
        and ("license" not in scope or record.get("license") == scope["license"])
        and ("pattern" not in scope or _fits(scope["pattern"], identity, record["url"]))
    )


def _fits(pattern: str, *names: str) -> bool:
    return any(re.fullmatch(pattern, name) for name in names)


def closest(found: list[Decision]) -> list[Decision]:
    """Return the decisions that count: those that name the article, else those for a selection, else for the source."""

    def distance(decision: Decision) -> int:
        scope = decision.get("scope", {})
        return 0 if "ids" in scope else 2 if set(scope) <= {"sources"} else 1

    deciding = [each for each in found if "status" in each]
    nearest = min(map(distance, deciding), default=0)
    return [each for each in deciding if distance(each) == nearest]


def deciding(world: World, number: int) -> list[Decision]:
    """Return the decisions that count for an article."""
    source, record = world.articles[number]
    return closest([each for each in world.decisions if holds(each, source, record)])


def in_doubt(decisions: list[Decision]) -> bool:
    """Tell whether decisions that count say different things, and each of them allows no more than storage.

    The rules say that they are in conflict, and that they allow what each of them allows.
    """
    return len({each["status"] for each in decisions}) > 1 and all("storage_basis" in each for each in decisions)


def embargoed(record: dict[str, Any], found: list[Decision], today: str) -> bool:
    """Tell whether anybody says that the first day on which the article may be mentioned is still to come."""
    return any(each.get("embargoed_until", today) > today for each in (record["rights"], *found))


def together(decisions: list[Decision]) -> Case:
    """Return what each of some decisions allows; they hold as long as one of them does."""

    def values(key: str, unsaid: Any = None) -> list[Any]:
        return [each.get(key, unsaid) for each in decisions]

    audiences = [each.get("visibility", "local" if each["status"] == "permission" else "public") for each in decisions]
    outputs = [{"text", "headline", "name"} if "text" in said else set(said) for said in values("outputs", ["text"])]
    return {
        "statuses": {*values("status")},
        "licenses": {*values("license")},
        "covers": set.intersection(*map(set, values("covers", ["text"]))),
        "outputs": set.intersection(*outputs),
        "audience": min(audiences, key=REACH.index),
        "limits": {key for key in ("purposes", "territories") if any(values(key))},
        "last_day": max(values("expires", "9999-12-31")),
        "first_day": max(values("decided_on")),
        "by_rule": "rule" in values("decided_as"),
        "stored": all(values("storage_basis")),
        "credited": all(values("attribution")),
        "named": "ids" in decisions[0].get("scope", {}),
    }


def speaks_against(case: Case, today: str) -> Iterator[bool]:
    """Yield what closes an article whatever its status is, but for the licence itself."""
    (status, *others), destination = case["statuses"], case["destination"]
    yield bool(others) or len(case["licenses"]) > 1
    yield case["by_rule"] or case["first_day"] > today or case["last_day"] < today
    yield REACH.index(case["audience"]) < REACH.index(destination)
    yield not needed(case) <= case["covers"]
    yield "territories" in case["limits"] and destination != "private"
    yield "purposes" in case["limits"] and destination == "public"
    yield status in OPENING and status != "permission" and any(contradictions(case, status))
    yield reserved(case) and status not in ("permission", "public_domain")


def needed(case: Case) -> set[str]:
    """Return the components that an article needs to have covered."""
    record, source = case["record"], case["source"]
    rights = (record["rights"], source["rights"])
    listed = {entry["component"] for each in rights for entry in each.get("components", ())} - {"image"}
    listed -= set() if "captions" in record else {"caption"}
    listed -= set() if "title" in record else {"headline"}
    credit = record.get("provenance", {}).get("syndicated_from")
    own = [source["title"], source["publisher"], *source["rights"].get("own_credits", ())]
    foreign = credit is not None and plain(credit) not in map(plain, own)
    derived = record.get("derivation", source.get("derivation", "unknown")) != "original" or source.get(
        "derivation", "unknown"
    ) not in ("original", "unknown")
    return {"text", *listed} | ({"original"} if foreign or derived else set())


def plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def reserved(case: Case) -> bool:
    """Tell whether a signal of the record or of the site says anything but that it reserves nothing."""
    signals = [*case["record"]["rights"].get("reservations", ()), *case["source"]["rights"].get("reservations", ())]
    return any((each["signal"], each["value"]) not in HARMLESS_SIGNALS for each in signals)


def contradictions(case: Case, status: str) -> Iterator[bool]:
    """Yield what an article says of itself against a decision that opens it without the holder's permission."""
    record, rights = case["record"], case["record"]["rights"]
    agreeing = GIVEN_UP if status == "public_domain" else case["licenses"]
    claim = record.get("license", "NOASSERTION")
    yield claim != "NOASSERTION" and claim not in agreeing
    yield rights.get("notice") in RESERVING_NOTICES
    yield not case["named"] and any(notice in record["text"] for notice in RESERVING_NOTICES)
    yield record.get("rights_status", "unknown") not in ("unknown", status)
    yield not agrees(rights.get("statement"), case, status, agreeing)


def agrees(statement: str | None, case: Case, status: str, agreeing: set[str]) -> bool:
    name = (statement or "").removeprefix(f"{VOCABULARY}/").removesuffix("/1.0/")
    if statement is None or name in ("CNE", "UND", "NKC"):
        return True
    if "creativecommons.org" in statement:
        return ("CC-BY-4.0" if "/by/" in statement else "CC0-1.0") in agreeing
    if name == "NoC-US" and status == "public_domain":
        return "territories" in case["limits"]
    return name in ("NoC-NC", "NoC-US") and status == "restricted_license"


def opened(case: Case) -> frozenset[str]:
    """Return the classes that a status opens at a destination, where nothing else speaks against it."""
    (status,), (license_,), destination = case["statuses"], case["licenses"], case["destination"]
    if status == "permission":
        return EVERYTHING if "text" in case["outputs"] else frozenset(case["outputs"])
    if status in CLOSING:
        may = status in STORED and destination == "private" and case["stored"]
        return EVERYTHING if may else frozenset()
    if status == "public_domain" or (status == "restricted_license" and destination == "private"):
        return EVERYTHING
    credited = case["credited"] or "attribution" in case["record"] or satisfied(license_, UNATTRIBUTED)
    if status == "open_license":
        return EVERYTHING if credited and satisfied(license_, {*OPEN}) else frozenset()
    told = set(TERMS.values()) if destination == "gated" else case["accepts"]
    accepted = {*OPEN, *(each for each in RESTRICTED if terms(each) <= told)}
    if credited and satisfied(license_, accepted):
        return EVERYTHING
    return frozenset({"headline"} if satisfied(license_, {*OPEN, *RESTRICTED}) else ())


def terms(license_: str) -> set[str]:
    return {word for part, word in TERMS.items() if part in license_.split("-")}


def satisfied(expression: str, allowed: set[str]) -> bool:
    """Tell whether an expression leaves a choice of licences that are all allowed, by trying every choice."""
    names = sorted(set(re.findall(r"[A-Za-z0-9.-]+", expression)) - {"AND", "OR"})
    for held in product((False, True), repeat=len(names)):
        chosen = {name for name, taken in zip(names, held, strict=True) if taken}
        if chosen <= allowed and _true(expression, chosen):
            return True
    return False


def _true(expression: str, chosen: set[str]) -> bool:
    """Tell whether an expression of names, AND, OR and parentheses is true where the chosen names are."""
    words = re.findall(r"\(|\)|[A-Za-z0-9.-]+", expression)

    def alternatives() -> bool:
        found = [conjunction()]
        while words and words[0] == "OR":
            words.pop(0)
            found.append(conjunction())
        return any(found)

    def conjunction() -> bool:
        found = [name()]
        while words and words[0] == "AND":
            words.pop(0)
            found.append(name())
        return all(found)

    def name() -> bool:
        word = words.pop(0)
        if word != "(":
            return word in chosen
        found = alternatives()
        words.pop(0)
        return found

    return alternatives()
