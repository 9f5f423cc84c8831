"""The rights gate: from the rights of an article to what may appear of it at a destination.

`outcome` is a pure function of what it is given and of the table in `schema/rights-policy.json`. Whatever is unknown,
unparsable or in conflict is closed, and no option opens it: an option of a release line is a condition of the table.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pressmark.article.licenses import satisfies
from pressmark.article.policy import REACH, policy
from pressmark.article.record import Record
from pressmark.article.reservations import reserving
from pressmark.article.rights import COMPONENTS

TEXT = "text"
EMBARGOED = "embargoed"
_OWN_MACHINE = "local"
_PARTIAL = ("headline", "name")
_PERSONS = ("person", "counsel")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may appear of an article at one destination. Metadata and digests do, unless it is absent."""

    text: bool
    """Whether the whole article may."""

    because: str = ""
    """Code of the first reason why the text may not."""

    also: tuple[str, ...] = ()
    """Where the text may not: other classes of fields that may, of `headline` and `name`."""

    @property
    def absent(self) -> bool:
        """Whether not even metadata may appear."""
        return self.because == EMBARGOED


@dataclass(frozen=True, slots=True)
class _Case:
    """One question to the table."""

    article: Record
    rights: Record
    destination: str
    as_of: date
    accepts: Sequence[str]


def outcome(article: Record, destination: str, profile: str, as_of: date, accepts: Sequence[str] = ()) -> Outcome:
    """Return what may appear of an article whose rights were resolved.

    Args:
        article: At least its rights_status, license, attribution and rights.
        destination: `public`, `gated`, `private` or `local`.
        profile: `full` or `metadata`: what the release line carries at most.
        as_of: The day that counts as today.
        accepts: Restrictions of licences that the line's readers are told of.
    """
    reasons = objections(article, TEXT, destination, profile, as_of, accepts)
    if not reasons:
        return Outcome(text=True)
    also = [name for name in _PARTIAL if not objections(article, name, destination, profile, as_of, accepts)]
    return Outcome(text=False, because=reasons[0], also=tuple(also))


def objections(
    article: Record, kind: str, destination: str, profile: str, as_of: date, accepts: Sequence[str] = ()
) -> list[str]:
    """Return the codes of everything that speaks against showing fields of a class; none is leave to show them."""
    case = _Case(article, article["rights"], destination, as_of, accepts)
    closing = [] if destination == _OWN_MACHINE else list(_overlays(case, kind))
    if EMBARGOED in closing:
        return [EMBARGOED]
    if kind not in policy()["profiles"].get(profile, ()):
        return ["profile-metadata"]
    cell: Mapping[str, Sequence[str]] = policy()["cells"].get(article["rights_status"], {}).get(destination, {})
    if kind not in cell:
        return [_closed_because(article), *closing]
    return [*(code for name in cell[kind] for code in CONDITIONS.get(name, _unheard_of)(case)), *closing]


def _closed_because(article: Record) -> str:
    if article["rights_status"] == "conflict":
        return "rights-conflict"
    return "status-closed" if "decided_on" in article["rights"] else "no-decision"


def _overlays(case: _Case, kind: str) -> Iterator[str]:
    overlays = policy()["overlays"]
    embargo = case.rights.get("embargoed_until")
    if embargo is not None and kind in overlays["embargo"]["closes"] and not _is_on_or_before(embargo, case.as_of):
        yield EMBARGOED
    privacy = overlays["privacy"]
    if kind in privacy["closes"] and not set(privacy["flags"]).isdisjoint(case.rights.get("privacy", ())):
        yield "privacy"
    signals = overlays["signals"]
    if (
        kind in signals["closes"]
        and case.article["rights_status"] not in signals["except"]
        and reserving(case.rights.get("reservations", ()))
    ):
        yield "reserved-by-signal"


def _is_on_or_before(day: str, as_of: date) -> bool:
    """Tell whether a day has come. A day that cannot be read never comes."""
    try:
        return date.fromisoformat(day) <= as_of
    except ValueError:
        return False


def _is_on_or_after(day: str, as_of: date) -> bool:
    """Tell whether a day has not passed. A day that cannot be read has."""
    try:
        return date.fromisoformat(day) >= as_of
    except ValueError:
        return False


def _unheard_of(_: _Case) -> Iterator[str]:
    yield "status-closed"


def _decided(case: _Case) -> Iterator[str]:
    if not case.rights.get("decided_on") or case.rights.get("decided_as", "person") not in _PERSONS:
        yield "no-decision"
    elif not _is_on_or_before(case.rights["decided_on"], case.as_of):
        yield "decision-not-yet"


def _covered(case: _Case) -> Iterator[str]:
    missing = set(case.rights.get("needs", COMPONENTS)) | {TEXT}
    missing -= set(case.rights.get("covers", ()))
    if TEXT in missing:
        yield "no-decision"
    if "original" in missing:
        yield "original-not-covered"
    if missing - {TEXT, "original"}:
        yield "component-not-covered"


def _current(case: _Case) -> Iterator[str]:
    if "expires" in case.rights and not _is_on_or_after(case.rights["expires"], case.as_of):
        yield "permission-expired"


def _reached(case: _Case) -> Iterator[str]:
    unsaid = "local" if case.article["rights_status"] == "permission" else "public"
    allowed = case.rights.get("visibility", unsaid)
    if allowed not in REACH or REACH.index(allowed) < REACH.index(case.destination):
        yield "permission-narrower"


def _worldwide(case: _Case) -> Iterator[str]:
    if case.rights.get("territories"):
        yield "territory-limited"


def _any_purpose(case: _Case) -> Iterator[str]:
    if case.rights.get("purposes"):
        yield "purpose-limited"


def _allowed(case: _Case, outputs: set[str]) -> Iterator[str]:
    if outputs.isdisjoint(case.rights.get("outputs", ())):
        yield "output-not-allowed"


def _text_allowed(case: _Case) -> Iterator[str]:
    yield from _allowed(case, {"text"})


def _headline_allowed(case: _Case) -> Iterator[str]:
    yield from _allowed(case, {"text", "headline"})


def _name_allowed(case: _Case) -> Iterator[str]:
    yield from _allowed(case, {"text", "name"})


def _open_licence(case: _Case) -> Iterator[str]:
    if not satisfies(case.article.get("license"), lambda key: key in policy()["open_licenses"]):
        yield "licence-not-open"


def _known_licence(case: _Case) -> Iterator[str]:
    known = {*policy()["open_licenses"], *policy()["restricted_licenses"]}
    if not satisfies(case.article.get("license"), lambda key: key in known):
        yield "licence-not-open"


def _accepted_terms(case: _Case) -> Iterator[str]:
    def accepted(key: str) -> bool:
        # Asked of each choice that an expression leaves, so an unknown licence must not pass here either.
        terms: Mapping[str, Sequence[str]] = policy()["restricted_licenses"]
        return key in policy()["open_licenses"] or (key in terms and set(terms[key]) <= set(case.accepts))

    if not satisfies(case.article.get("license"), accepted):
        yield "terms-not-accepted"


def _attributed(case: _Case) -> Iterator[str]:
    free = satisfies(case.article.get("license"), lambda key: key in policy()["unattributed_licenses"])
    if not free and not case.article.get("attribution"):
        yield "attribution-missing"


def _storable(case: _Case) -> Iterator[str]:
    if not case.rights.get("storage_basis"):
        yield "status-closed"


CONDITIONS: Mapping[str, Callable[[_Case], Iterator[str]]] = {
    "decided": _decided,
    "covered": _covered,
    "current": _current,
    "reached": _reached,
    "worldwide": _worldwide,
    "any-purpose": _any_purpose,
    "text-allowed": _text_allowed,
    "headline-allowed": _headline_allowed,
    "name-allowed": _name_allowed,
    "open-licence": _open_licence,
    "known-licence": _known_licence,
    "accepted-terms": _accepted_terms,
    "attributed": _attributed,
    "storable": _storable,
}
"""What the names of conditions in the table mean: each yields the codes of what is not met."""
