"""From evidence and decisions to the rights of one article.

The closest decision whose scope holds the article counts. What the page or the record says of itself can only take
away. The result says everything that `pressmark.curate.gate` asks for, and why.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson

from pressmark.article.licenses import normal_license
from pressmark.article.policy import OPENING, REACH
from pressmark.article.record import Record, saying, without_nothing
from pressmark.article.rights import ABOUT, COMPONENTS, Decision, Scope, SourceRights
from pressmark.curate.contradictions import (
    PUBLIC_DOMAIN_LICENSES,
    contradictions,
    reserves_in_text,
    reserves_itself,
)

# Lengths of basis and decided_by in the contract.
_BASIS_CHARACTERS, _NAME_CHARACTERS = 1000, 200

FIELDS = ("rights_status", "license", "attribution", "rights")
"""The fields of an article that say what its rights are: what the gate asks for."""

_KNOWN = 4096
"""How many outcomes are kept."""

_UNDERIVED = "original"
_OUTPUTS = ("text", "headline", "name")
_WHERE_PRESENT = {"headline": "title", "caption": "captions"}


def resolve(article: Record, stated: SourceRights) -> Record:
    """Return an article with its rights worked out; for many of a source, a `Resolver` does it sooner."""
    return Resolver(stated).resolve(article, holding(article, stated))


class Resolver:
    """Works out the rights of the articles of one source."""

    def __init__(self, stated: SourceRights) -> None:
        """Take what the source file and the files of decisions say."""
        self._stated = stated
        self._own = {*map(_plain, stated.own_credits), *map(_plain, stated.holders)}
        self._joint: dict[tuple[int, ...], Decision] = {}
        """What decisions allow together, by who they are: the same few count for every article."""

        self._known: dict[tuple[bytes, tuple[int, ...]], Record] = {}
        """What came out, by everything that it follows from: most articles of a source say the same of their rights."""

    def resolve(self, article: Record, found: list[Decision]) -> Record:
        """Return an article with its rights worked out, as `fields` says."""
        return {**{key: value for key, value in article.items() if key not in FIELDS}, **self.fields(article, found)}

    def fields(self, article: Record, found: list[Decision]) -> Record:
        """Return those of `FIELDS` that an article has by its rights; one object for all to which the same applies.

        The closest decision counts: one that names the article, else one for a selection, else one for the source. A
        decision without a status counts beside it, and only takes away. Where the page or the record reserves rights,
        or states another licence, a decision that would open the text without the holder's permission becomes a
        conflict.

        Args:
            article: The article with the evidence that was read on the page or in the record.
            found: The decisions whose scope holds it, as `holding` returns them.
        """
        key = (orjson.dumps(_telling(article)), tuple(map(id, found)))
        if key not in self._known:
            if len(self._known) == _KNOWN:
                self._known.clear()
            self._known[key] = saying(self._worked_out(article, found))
        return self._known[key]

    def _worked_out(self, article: Record, found: list[Decision]) -> Record:
        stated, counting = self._stated, closest(found)
        rights = _known(article, stated, self._own, found)
        if not counting:
            return {
                "rights_status": stated.status if stated.status not in OPENING else "unknown",
                "attribution": article.get("attribution"),
                "rights": without_nothing(rights),
            }
        decision = self._together(counting)
        conflicts = [*(["decisions-differ"] if _differ(counting) else []), *contradictions(decision, article, rights)]
        evidence = article["rights"].get("evidence", [])
        return {
            "rights_status": "conflict" if conflicts else decision.status,
            "license": _shown_license(decision),
            "attribution": article.get("attribution", decision.attribution),
            "rights": without_nothing(
                {
                    **rights,
                    **_recorded(decision),
                    "conflicts": conflicts,
                    "evidence": [*evidence, *decision.evidence],
                }
            ),
        }

    def _together(self, counting: list[Decision]) -> Decision:
        who = tuple(map(id, counting))
        if who not in self._joint:
            self._joint[who] = together(counting)
        return self._joint[who]


def _telling(article: Record) -> list[Any]:
    """Return everything of an article that its rights follow from, beside the decisions that hold it."""
    return [
        article["rights"],
        article.get("license"),
        article.get("attribution"),
        article["provenance"].get("syndicated_from"),
        _is_translated(article),
        article["derivation"],
        [bool(article.get(field)) for field in _WHERE_PRESENT.values()],
    ]


def holding(article: Record, stated: SourceRights) -> list[Decision]:
    """Return the decisions whose scope holds an article, in the order in which they are recorded."""
    claimed = normal_license(article["license"]) if "license" in article else None
    return [decision for decision in stated.decisions if decision.scope.holds(article, claimed)]


def closest(found: Iterable[Decision]) -> list[Decision]:
    """Return those of some decisions that decide: the closest of those with a status."""
    deciding = [decision for decision in found if decision.status is not None]
    best = min((ABOUT.index(decision.scope.about) for decision in deciding), default=0)
    return [decision for decision in deciding if decision.scope.about == ABOUT[best]]


def together(decisions: list[Decision]) -> Decision:
    """Return what decisions that are equally close allow together, which is what each of them allows.

    They hold for as long as one of them does: a permission that was renewed has not expired.
    """
    ordered = sorted(decisions, key=lambda found: repr(replace(found, scope=Scope())))
    first = min(
        ordered,
        key=lambda found: (found.status in OPENING, found.status != "unknown", found.status or "", found.license or ""),
    )
    audiences = [found.visibility or ("local" if found.status == "permission" else None) for found in ordered]
    last_days = [found.expires for found in ordered]
    return replace(
        first,
        basis=_joined([found.basis for found in ordered], _BASIS_CHARACTERS),
        decided_by=_joined([found.decided_by for found in ordered], _NAME_CHARACTERS),
        decided_as=min((found.decided_as for found in ordered), key=("rule", "person", "counsel").index),
        decided_on=max(found.decided_on for found in ordered),
        covers=_shared(COMPONENTS, [found.covers for found in ordered]),
        outputs=_shared(_OUTPUTS, [_OUTPUTS if "text" in found.outputs else found.outputs for found in ordered]),
        visibility=min(filter(None, audiences), key=REACH.index, default=None),
        purposes=tuple(sorted({purpose for found in ordered for purpose in found.purposes})),
        territories=tuple(sorted({country for found in ordered for country in found.territories})),
        expires=None if None in last_days else max(filter(None, last_days)),
        storage_basis=first.storage_basis if all(found.storage_basis for found in ordered) else None,
        attribution=ordered[0].attribution if all(found.attribution for found in ordered) else None,
        evidence=tuple(entry for found in ordered for entry in found.evidence),
    )


def _shown_license(decision: Decision) -> str | None:
    """Return the licence that an article has by a decision: none where it was allowed otherwise than by a licence."""
    if decision.status == "public_domain":
        return decision.license if decision.license in PUBLIC_DOMAIN_LICENSES else None
    return decision.license if decision.status != "permission" else None


def _joined(values: list[str], longest: int) -> str:
    joined = "; ".join(dict.fromkeys(values))
    return joined if len(joined) <= longest else values[0]


def _shared(order: Iterable[str], lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(value for value in order if all(value in each for each in lists))


def _differ(decisions: list[Decision]) -> bool:
    """Tell whether decisions that are equally close say different things, one of which would open the text."""
    said = {(decision.status, decision.license) for decision in decisions}
    return len(said) > 1 and any(decision.status in OPENING or decision.storage_basis for decision in decisions)


def _recorded(decision: Decision) -> dict[str, Any]:
    return {
        "basis": decision.basis,
        "decided_by": decision.decided_by,
        "decided_as": decision.decided_as,
        "decided_on": decision.decided_on,
        "decided_for": decision.scope.about,
        "covers": list(decision.covers),
        "outputs": list(decision.outputs) if decision.status == "permission" else [],
        "visibility": decision.visibility,
        "purposes": list(decision.purposes),
        "territories": list(decision.territories),
        "expires": decision.expires,
        "storage_basis": decision.storage_basis,
    }


def _known(article: Record, stated: SourceRights, own: set[str], found: list[Decision]) -> Record:
    """Return the rights of an article but for the decision: what restricts it, whoever says so."""
    rights: Record = dict(article["rights"])
    claimed = [{"code": flag["code"], "standing": "claimed"} for flag in rights.get("legal_flags", ())]
    determined = sorted({code for decision in found for code in decision.legal_flags})
    embargoes = [rights.get("embargoed_until"), *(decision.embargoed_until for decision in found)]
    components = [*rights.get("components", ()), *stated.components]
    evidence = rights.get("evidence", [])
    return {
        **rights,
        "reserved": reserves_itself(article) or reserves_in_text(evidence),
        "reservations": [*rights.get("reservations", ()), *stated.reservations],
        "components": components,
        "needs": _needs(article, stated, own, {entry["component"] for entry in components}),
        "legal_flags": [*claimed, *({"code": code, "standing": "determined"} for code in determined)],
        "privacy": sorted({*rights.get("privacy", ()), *(flag for decision in found for flag in decision.privacy)}),
        "embargoed_until": max(filter(None, embargoes), default=None),
    }


def _needs(article: Record, stated: SourceRights, own: set[str], listed: set[str]) -> list[str]:
    """Return the components that have to be covered before an article may be shown. Pictures are never shown."""
    credited = [article["provenance"].get("syndicated_from", ""), *article["rights"].get("holders", ())]
    foreign = stated.derived or _is_translated(article) or any(name and _plain(name) not in own for name in credited)
    needed = {"text"} | ({_UNDERIVED} if foreign or article["derivation"] != _UNDERIVED else set())
    for component in listed - {"image"}:
        if component not in _WHERE_PRESENT or article.get(_WHERE_PRESENT[component]):
            needed.add(component)
    return [component for component in COMPONENTS if component in needed]


def _is_translated(article: Record) -> bool:
    return any(person["role"] == "trl" for person in article.get("contributors", ())) or (
        article.get("source_language", article["language"]) != article["language"]
    )


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
