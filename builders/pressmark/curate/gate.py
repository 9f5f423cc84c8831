"""The rights gate: from evidence and decisions to what may appear at a destination.

Two pure functions do it. `resolve` says what is known about the rights of one article; `outcome` holds that against
the table in `schema/rights-policy.json`. Whatever is unknown, unparsable or in conflict is closed, and no option
opens it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from pressmark.article.contract import schema_bytes
from pressmark.article.record import Record, fields_of_class, strings, without_nothing
from pressmark.article.rights import OPENING, Decision, SourceRights, reserves

_CLOSENESS = ("article", "selection", "source")
_PARTS = ("text", "original")
_REACH = ("local", "private", "gated", "public")
_UNDERIVED = "original"

RUN_CJK, RUN_OTHER = 24, 60
"""Characters, spaces apart, of a text that make a leak: where the run holds CJK, and elsewhere."""

_BLOCK = RUN_CJK // 2

_CJK = re.compile("[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f]")
_SPACE = re.compile(r"\s+")
_PUBLISHERS_OWN = frozenset({("publisher",), ("edition",), ("rights", "basis"), ("rights", "decided_by")})


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
    ordered = sorted(
        decisions, key=lambda found: repr((found.decided_on, found.decided_by, found.basis, found.evidence))
    )
    first = min(ordered, key=lambda found: (found.status in OPENING, found.status, found.license or ""))
    return replace(
        first,
        basis="; ".join(dict.fromkeys(found.basis for found in ordered)),
        decided_by="; ".join(dict.fromkeys(found.decided_by for found in ordered)),
        decided_on=max(found.decided_on for found in ordered),
        covers=tuple(part for part in _PARTS if all(part in found.covers for found in ordered)),
        visibility=min((found.visibility for found in ordered if found.visibility), key=_REACH.index, default=None),
        expires=min((found.expires for found in ordered if found.expires), default=None),
        attribution=ordered[0].attribution if all(found.attribution for found in ordered) else None,
        evidence=tuple(entry for found in ordered for entry in found.evidence),
    )


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


def without_text(article: Record, because: str) -> tuple[Record, list[str]]:
    """Return what a withheld article may show, and the fields that were emptied because they showed its text.

    The first guard is the list of allowed classes; fields that are not on it do not exist in the result. The second
    guards against a record that carries its text in the wrong field.

    Args:
        article: The whole article.
        because: Code of the reason.
    """
    allowed = fields_of_class("metadata", "digest")
    shown = {key: value for key, value in article.items() if key in allowed}
    closed = {key: value for key, value in article.items() if key not in allowed}
    haystacks = [_SPACE.sub("", value) for _, value in strings(closed)]
    emptied = [path for path, value in strings(shown) if path not in _PUBLISHERS_OWN and _shows(value, haystacks)]
    for path in emptied:
        shown = _emptied(shown, path)
    return {**without_nothing(shown), "withheld_because": because}, [".".join(path) for path in emptied]


def _shows(value: str, haystacks: list[str]) -> bool:
    dense = _SPACE.sub("", value)
    # A run holds at least one whole block, so that most values are settled by a few searches.
    blocks = [dense[start : start + _BLOCK] for start in range(0, len(dense) - _BLOCK + 1, _BLOCK)]
    haystacks = [haystack for haystack in haystacks if any(block in haystack for block in blocks)]
    for start in range(len(dense) - RUN_CJK + 1 if haystacks else 0):
        run = dense[start : start + RUN_CJK]
        if not _CJK.search(run):
            run = dense[start : start + RUN_OTHER]
            if len(run) < RUN_OTHER:
                continue
        if any(run in haystack for haystack in haystacks):
            return True
    return False


def _emptied(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_emptied(inner, path) for inner in value]
    if not path or not isinstance(value, dict):
        return None
    step, *rest = path
    return {key: _emptied(inner, tuple(rest)) if key == step else inner for key, inner in value.items()}
