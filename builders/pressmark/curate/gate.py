"""The rights gate: from evidence and decisions to what may appear at a destination.

Two pure functions do it. `resolve` says what is known about the rights of one article; `outcome` holds that against
the table in `schema/rights-policy.json`. Whatever is unknown, unparsable or in conflict is closed, and no option
opens it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from pressmark.article.contract import schema_bytes
from pressmark.article.record import Record, without_nothing
from pressmark.article.rights import OPENING, Decision, Scope, SourceRights, reserves

_CLOSENESS = ("article", "selection", "source")
# Lengths of basis and decided_by in the contract.
_BASIS_CHARACTERS, _NAME_CHARACTERS = 1000, 200

_PARTS = ("text", "original")
_REACH = ("local", "private", "gated", "public")
_UNDERIVED = "original"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may appear of an article at one destination."""

    text: bool
    """Whether the whole article may; otherwise metadata and digests alone."""

    because: str = ""
    """Code of the reason why the text may not."""


@cache
def policy() -> dict[str, Any]:
    """Return the decision table."""
    return dict(json.loads(schema_bytes("rights-policy.json")))


def resolve(article: Record, stated: SourceRights) -> Record:
    """Return an article with its rights worked out.

    The closest decision whose scope holds the article counts: one that names it, else one for a selection, else one for
    the source. What the page or the record says of itself can only take away: where it reserves rights, or states
    another licence, a decision that would open the text without the holder's permission becomes a conflict.

    Args:
        article: The article with the evidence that was read on the page or in the record.
        stated: What the source file says.
    """
    claimed = article.get("license")
    evidence = article["rights"].get("evidence", [])
    rights = {**article["rights"], "reserved": _reserves_itself(article) or _reserves_in_text(evidence)}
    resolved = {key: value for key, value in article.items() if key not in ("license", "rights")}
    closest = _closest(article, stated, claimed)
    if not closest:
        resolved["rights_status"] = stated.status if stated.status not in OPENING else "unknown"
        return {**resolved, "rights": rights}
    decision = _combined(closest)
    rights |= {
        "basis": decision.basis,
        "decided_by": decision.decided_by,
        "decided_on": decision.decided_on,
        "decided_for": decision.scope.about,
        "covers": list(decision.covers),
        "visibility": decision.visibility,
        "expires": decision.expires,
        "evidence": [*evidence, *decision.evidence],
    }
    conflict = _differ(closest) or _contradicted(decision, article)
    resolved |= {
        "rights_status": "conflict" if conflict else decision.status,
        "license": decision.license,
        "attribution": article.get("attribution", decision.attribution),
        "rights": rights,
    }
    kept: Record = without_nothing(resolved)
    return kept


def _closest(article: Record, stated: SourceRights, claimed: str | None) -> list[Decision]:
    holding = [decision for decision in stated.decisions if decision.scope.holds(article, claimed)]
    best = min((_CLOSENESS.index(decision.scope.about) for decision in holding), default=0)
    return [decision for decision in holding if decision.scope.about == _CLOSENESS[best]]


def _combined(decisions: list[Decision]) -> Decision:
    """Return what decisions that are equally close allow together, which is what each of them allows."""
    ordered = sorted(decisions, key=lambda found: repr(replace(found, scope=Scope())))
    first = min(ordered, key=lambda found: (found.status in OPENING, found.status, found.license or ""))
    return replace(
        first,
        basis=_together([found.basis for found in ordered], _BASIS_CHARACTERS),
        decided_by=_together([found.decided_by for found in ordered], _NAME_CHARACTERS),
        decided_on=max(found.decided_on for found in ordered),
        covers=tuple(part for part in _PARTS if all(part in found.covers for found in ordered)),
        visibility=min((found.visibility for found in ordered if found.visibility), key=_REACH.index, default=None),
        expires=min((found.expires for found in ordered if found.expires), default=None),
        attribution=ordered[0].attribution if all(found.attribution for found in ordered) else None,
        evidence=tuple(entry for found in ordered for entry in found.evidence),
    )


def _together(values: list[str], longest: int) -> str:
    joined = "; ".join(dict.fromkeys(values))
    return joined if len(joined) <= longest else values[0]


def _differ(decisions: list[Decision]) -> bool:
    """Tell whether decisions that are equally close say different things, one of which would open the text."""
    said = {(decision.status, decision.license) for decision in decisions}
    return len(said) > 1 and any(decision.status in OPENING for decision in decisions)


def _reserves_itself(article: Record) -> bool:
    """Tell whether the page around the text, or the record, reserves rights."""
    rights = article["rights"]
    claims = {entry["where"]: entry.get("quote", "") for entry in rights.get("evidence", ())}
    return (
        reserves(rights.get("notice", ""))
        or claims.get("/license") == "NONE"
        or claims.get("/rights_status") not in (None, "unknown", *OPENING)
        or "rightsstatements.org/vocab/InC" in claims.get("/rights/statement", "")
    )


def _reserves_in_text(evidence: list[dict[str, str]]) -> bool:
    """Tell whether a notice stands in the midst of the text, where it is not quoted."""
    return any(entry["kind"] == "notice" and "quote" not in entry for entry in evidence)


def _contradicted(decision: Decision, article: Record) -> bool:
    """Tell whether what the article says of itself speaks against a decision that would open it.

    Words in the midst of a text may be what it reports on; a decision that names the article settles that.
    """
    if decision.status not in OPENING:
        return False
    if decision.status == "permission":
        return False
    other = article.get("license") not in (None, "NOASSERTION", "NONE", decision.license)
    in_text = _reserves_in_text(article["rights"].get("evidence", [])) and decision.scope.about != "article"
    return other or in_text or _reserves_itself(article)


def outcome(article: Record, destination: str, profile: str, as_of: date) -> Outcome:
    """Return what may appear of an article whose rights were resolved.

    Args:
        article: At least its rights_status, license, attribution, derivation and rights.
        destination: `public`, `gated`, `private` or `local`.
        profile: `full`, or `metadata` for no text at all.
        as_of: The day that counts as today.
    """
    if profile != "full":
        return Outcome(text=False, because="profile-metadata")
    cell = policy()["cells"].get(article["rights_status"], {}).get(destination, "metadata")
    if destination == "local":
        return Outcome(text=True) if cell == "text" else Outcome(text=False, because="status-closed")
    if cell not in ("text", "licence", "permission"):
        return Outcome(text=False, because=_closed_because(article))
    return next(
        (Outcome(text=False, because=code) for code in _objections(article, cell, destination, as_of)),
        Outcome(text=True),
    )


def _closed_because(article: Record) -> str:
    if article["rights_status"] == "conflict":
        return "rights-conflict"
    return "status-closed" if "decided_on" in article["rights"] else "no-decision"


def _objections(article: Record, cell: str, destination: str, as_of: date) -> Iterator[str]:
    """Yield every reason against a text that the table would open."""
    rights = article["rights"]
    if not rights.get("decided_on"):
        yield "no-decision"
    elif date.fromisoformat(rights["decided_on"]) > as_of:
        yield "decision-not-yet"
    if "text" not in rights.get("covers", ()):
        yield "no-decision"
    if article["derivation"] != _UNDERIVED and "original" not in rights.get("covers", ()):
        yield "original-not-covered"
    if rights.get("expires") and date.fromisoformat(rights["expires"]) < as_of:
        yield "permission-expired"
    if cell == "licence":
        yield from _licence_objections(article)
    widest = "local" if cell == "permission" else "public"
    if _REACH.index(rights.get("visibility", widest)) < _REACH.index(destination):
        yield "permission-narrower"


def _licence_objections(article: Record) -> Iterator[str]:
    license_ = article.get("license")
    if license_ not in policy()["open_licenses"]:
        yield "licence-not-open"
    elif license_ not in policy()["unattributed_licenses"] and not article.get("attribution"):
        yield "attribution-missing"
