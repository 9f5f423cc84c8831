"""What a page or a record says of its own rights, held against what somebody decided. It can only take away."""

from collections.abc import Iterator

from pressmark.article.licenses import NOASSERTION, normal_license, statement_license, statement_name, statement_status
from pressmark.article.policy import OPENING
from pressmark.article.record import Record
from pressmark.article.reservations import reserves, reserving
from pressmark.article.rights import Decision

_HARMLESS_CLAIMS = frozenset({"unknown", "public_domain", "open_license", "permission"})
PUBLIC_DOMAIN_LICENSES = frozenset({"CC0-1.0", "CC-PDM-1.0"})


def contradictions(decision: Decision, article: Record, rights: Record) -> Iterator[str]:
    """Yield what an article says of itself against a decision that would open it; the codes are the contract's.

    The holder's permission stands above all of it. Words in the midst of a text may be what it reports on; a decision
    that names the article settles that. Signals restrict licences; a text in the public domain has nobody to reserve.

    Args:
        decision: What was decided.
        article: The article as it was read, before its rights were resolved.
        rights: Its rights with all that restricts it.
    """
    if decision.status not in OPENING or decision.status == "permission":
        return
    claims = _claims(article)
    free = PUBLIC_DOMAIN_LICENSES if decision.status == "public_domain" else {decision.license}
    if article.get("license") not in (None, NOASSERTION, "NONE") and normal_license(article["license"]) not in free:
        yield "other-licence"
    if reserves(rights.get("notice", "")):
        yield "notice"
    if decision.scope.about != "article" and reserves_in_text(article["rights"].get("evidence", [])):
        yield "notice-in-text"
    if claims.get("/license") == "NONE" or claims.get("/rights_status", "unknown") not in (
        _HARMLESS_CLAIMS | {decision.status}
    ):
        yield "closed-claim"
    if "/rights/statement" in claims and _speaks_against(claims["/rights/statement"], decision):
        yield "statement"
    if decision.status != "public_domain" and reserving(rights["reservations"]):
        yield "signal"


def _claims(article: Record) -> dict[str, str]:
    return {entry["where"]: entry.get("quote", "") for entry in article["rights"].get("evidence", ())}


def _speaks_against(statement: str, decision: Decision) -> bool:
    license_ = statement_license(statement)
    if license_ is not None:
        return license_ not in (PUBLIC_DOMAIN_LICENSES if decision.status == "public_domain" else {decision.license})
    status = statement_status(statement)
    limited = statement_name(statement) == "NoC-US" and decision.status == "public_domain"
    return status not in ("unknown", decision.status) and not (limited and decision.territories)


def reserves_itself(article: Record) -> bool:
    """Tell whether the page around the text, or the record, reserves rights."""
    claims = _claims(article)
    return (
        reserves(article["rights"].get("notice", ""))
        or claims.get("/license") == "NONE"
        or claims.get("/rights_status", "unknown") not in _HARMLESS_CLAIMS
        or statement_status(claims.get("/rights/statement", "")) not in (None, "unknown")
    )


def reserves_in_text(evidence: list[dict[str, str]]) -> bool:
    """Tell whether a notice stands in the midst of the text, where it is not quoted."""
    return any(entry["kind"] == "notice" and "quote" not in entry for entry in evidence)
