"""What the tests of rights share: articles as the door lets them in, decisions, and what speaks against them."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from pressmark.article.provenance import Capture
from pressmark.article.rights import Decision, Scope, SourceRights
from pressmark.curate.gate import Outcome, outcome
from pressmark.curate.resolve import resolve
from pressmark.intake.admit import admit
from pressmark.intake.jsonl import read_record
from pressmark.sources import Source

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
OPENING = ("public_domain", "open_license", "restricted_license", "permission")
DECIDABLE = tuple(status for status in STATUSES if status != "conflict")
ACCEPTS = ("noncommercial", "noderivatives")
NOT_OWN = ("public", "gated", "private")
"""Destinations that somebody else than the owner can read."""

EVIDENCE = ({"kind": "manual", "scope": "text", "where": "register"},)
CAPTURE = Capture("records/a.jsonl", "1", "0" * 64, "application/json")
SOURCE = Source("reeds", "Reed Gazette", "Reed House", "en", derivation="original")
OWN_CREDITS = ("Reed Gazette", "Reed House")

STATEMENTS = "https://rightsstatements.org/vocab"

RESERVATIONS: dict[str, dict[str, Any]] = {
    "notice": {"rights": {"notice": "All rights reserved by Reed House."}},
    "notice in the text": {"text": "The lanterns went out at nine.\n\nAll rights reserved by Reed House."},
    "status": {"rights_status": "all_rights_reserved"},
    "not protected": {"rights_status": "not_protected_claimed"},
    "orphan": {"rights_status": "orphan"},
    "conflict": {"rights_status": "conflict"},
    "no licence": {"license": "NONE"},
    "statement": {"rights": {"statement": f"{STATEMENTS}/InC/1.0/"}},
    "statement of an orphan": {"rights": {"statement": f"{STATEMENTS}/InC-RUU/1.0/"}},
}
"""What a record says of itself and what reserves it, whatever else it says."""

CLOSENESS = {
    "article": Scope(ids=frozenset({"r1"})),
    "selection": Scope(sections=frozenset({"Town"})),
    "source": Scope(),
}


def admitted(**fields: Any) -> dict[str, Any]:
    """Return an article as the door lets it in, from a record with these fields."""
    record = {"id": "r1", "text": "The lanterns went out at nine.", "published_on": "2024-05-21", **fields}
    return admit(read_record(json.dumps(record), by_line=False), SOURCE, CAPTURE, "jsonl/1")


def decided(status: str | None, **changes: Any) -> Decision:
    """Return a decision that meets all conditions of its status, for the whole source."""
    conditions: dict[str, Any] = {
        "open_license": {"license": "CC-BY-4.0", "attribution": "Reed House"},
        "restricted_license": {"license": "CC-BY-NC-4.0", "attribution": "Reed House"},
        "permission": {"visibility": "public"},
    }.get(status or "", {})
    made = Decision(status, "The register says so.", "editor", "2025-01-01", EVIDENCE)
    return replace(made, **{**conditions, **changes})


def resolved(*decisions: Decision, stated: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Return an article with its rights worked out from decisions and from what else its source states."""
    rights = SourceRights(decisions=decisions, own_credits=OWN_CREDITS)
    return resolve(admitted(**fields), replace(rights, **(stated or {})))


def at(
    article: dict[str, Any],
    destination: str = "public",
    profile: str = "full",
    as_of: date = AS_OF,
    accepts: tuple[str, ...] = ACCEPTS,
) -> Outcome:
    """Return what may appear, to readers who are told of every restriction unless it is said otherwise."""
    return outcome(article, destination, profile, as_of, accepts)


def opens(*decisions: Decision, destination: str = "public", **fields: Any) -> bool:
    return at(resolved(*decisions, **fields), destination).text


def shown(found: Outcome) -> set[str]:
    """Return the classes of fields that an outcome lets appear."""
    if found.text:
        return {"metadata", "digest", "headline", "name", "text"}
    return set() if found.absent else {"metadata", "digest", *found.also}


def named(value: Any) -> str:
    """Return a short name for a parameter, the same in every process: sets are sorted."""
    if isinstance(value, Scope):
        parts = [*sorted(value.ids), *sorted(value.sections), value.first_day, value.last_day, value.license]
        return "+".join(filter(None, parts)) or "all"
    if isinstance(value, Decision):
        parts = [value.status, value.visibility, value.license, value.expires]
        return " ".join(filter(None, parts))
    return str(value)
