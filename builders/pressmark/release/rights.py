"""Does each row of a release show what its own rights allow? Worked out again, from the table that lies in the release.

This is a second reading of the table, on purpose: it shares no code with the gate that wrote the release.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pressmark.article.licenses import satisfies
from pressmark.article.reservations import signal_reserves
from pressmark.findings import Finding
from pressmark.release.copies import rule_bytes

POLICY = "schema/rights-policy.json"

_WIDTH = {"local": 0, "private": 1, "gated": 2, "public": 3}
CLASSES = ("headline", "name", "text")
"""Classes of columns that rights open."""

_CODES = {
    "current": "permission-expired",
    "reached": "permission-narrower",
    "worldwide": "territory-limited",
    "any-purpose": "purpose-limited",
    "text-allowed": "output-not-allowed",
    "open-licence": "licence-not-open",
    "known-licence": "licence-not-open",
    "accepted-terms": "terms-not-accepted",
    "attributed": "attribution-missing",
    "storable": "status-closed",
}
"""The code of each condition that is not met, where there is but one."""


Row = Mapping[str, Any]
"""A row as JSON has it, nulls left out, or as Arrow gives it: days are compared as they are written."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rows of a release are held against."""

    table: Mapping[str, Any]
    classes: Mapping[str, str]
    """Class of each column."""

    destination: str
    profile: str
    accepts: frozenset[str]
    as_of: date


def rules(folder: Path, manifest: Mapping[str, Any], contract: Mapping[str, Any]) -> Rules:
    """Return the rules of a release, from its own table, manifest and contract."""
    return Rules(
        json.loads(rule_bytes(folder, POLICY)),
        {name: field["x-class"] for name, field in contract["properties"].items()},
        manifest["destination"],
        manifest["profile"],
        frozenset(manifest["accepts"]),
        date.fromisoformat(manifest["as_of"]),
    )


def too_open(row: Row, config: str, path: str, held: Rules) -> Iterator[Finding]:
    """Yield a finding for each column of a row that shows more than its rights allow."""
    for fault in shows_too_much(row, config, held):
        yield Finding("rights-differ", path, f"id {row['id']}", fault)


def shows_too_much(row: Row, config: str, held: Rules) -> Iterator[str]:
    """Yield in words what a row shows and its rights close."""
    met = _met(row, held)
    allowed = {kind for kind in CLASSES if _may(row, kind, met, held)}
    if config == "articles" and "text" not in allowed:
        yield f"status {row['rights_status']} does not open it on a {held.destination} line"
    elif "text" not in allowed:
        for name, kind in held.classes.items():
            if row.get(name) and kind in CLASSES and kind not in allowed:
                yield f"shows its {name}, which its rights close"


def wrong_reason(row: Row, held: Rules) -> str:
    """Return in words why the reason that a withheld row gives is not the one that its rights give, or nothing.

    The first condition that is not met is the reason. Whom to credit cannot be told from a row whose names are closed.
    """
    stated, possible = row.get("withheld_because"), set()
    for code, certain in _reasons(row, held):
        possible.add(code)
        if certain:
            break
    else:
        possible.add("copy-is-closed")
    return "" if stated in possible else f"its rights give {' or '.join(sorted(possible))}"


def _reasons(row: Row, held: Rules) -> Iterator[tuple[str, bool]]:
    """Yield the codes of what speaks against the text of a row, and whether that is certain."""
    taken = [] if held.destination == "local" else list(_taken(row, "text", held))
    if "embargoed" in taken:
        yield "embargoed", True
    if "text" not in held.table["profiles"][held.profile]:
        yield "profile-metadata", True
    cell = held.table["cells"][row["rights_status"]][held.destination]
    if "text" not in cell:
        decided = "no-decision" if row["rights"].get("decided_on") is None else "status-closed"
        yield "rights-conflict" if row["rights_status"] == "conflict" else decided, True
    met = _met(row, held)
    for name in cell.get("text", ()):
        if name not in met:
            yield _code(name, row, held), name != "attributed" or bool(row.get("attribution"))
    yield from ((code, True) for code in taken)


def _code(condition: str, row: Row, held: Rules) -> str:
    rights = row["rights"]
    if condition == "decided":
        waits = (
            rights.get("decided_on") is not None
            and rights.get("decided_as") != "rule"
            and str(rights["decided_on"]) > str(held.as_of)
        )
        return "decision-not-yet" if waits else "no-decision"
    if condition == "covered":
        missing = ({*(rights.get("needs") or ("original",))} | {"text"}) - {*(rights.get("covers") or ())}
        wanting = "original-not-covered" if "original" in missing else "component-not-covered"
        return "no-decision" if "text" in missing else wanting
    return _CODES[condition]


def _may(row: Row, kind: str, met: set[str], held: Rules) -> bool:
    if kind not in held.table["profiles"][held.profile]:
        return False
    cell = held.table["cells"][row["rights_status"]][held.destination]
    if kind not in cell or not met.issuperset(cell[kind]):
        return False
    return held.destination == "local" or not list(_taken(row, kind, held))


def _taken(row: Row, kind: str, held: Rules) -> Iterator[str]:
    """Yield the codes of what takes away a class of fields whatever the status says."""
    rights, overlays = row["rights"], held.table["overlays"]
    ends = rights.get("embargoed_until")
    signals = [
        entry
        for entry in rights.get("reservations") or ()
        if signal_reserves(str(entry.get("signal")), str(entry.get("value")))
    ]
    if kind in overlays["embargo"]["closes"] and ends and str(ends) > str(held.as_of):
        yield "embargoed"
    if kind in overlays["privacy"]["closes"] and set(rights.get("privacy") or ()) & set(overlays["privacy"]["flags"]):
        yield "privacy"
    if kind in overlays["signals"]["closes"] and signals and row["rights_status"] not in overlays["signals"]["except"]:
        yield "reserved-by-signal"


def _met(row: Row, held: Rules) -> set[str]:
    """Return the conditions of the table that a row meets."""
    rights, license_, table = row["rights"], row.get("license"), held.table
    covers, needs, outputs = (set(rights.get(key) or ()) for key in ("covers", "needs", "outputs"))
    terms = {**{key: [] for key in table["open_licenses"]}, **table["restricted_licenses"]}
    unsaid = "local" if row["rights_status"] == "permission" else "public"
    decided_on, expires = rights.get("decided_on"), rights.get("expires")
    met = {
        "decided": decided_on is not None and str(decided_on) <= str(held.as_of) and rights.get("decided_as") != "rule",
        "covered": "text" in covers and bool(needs) and needs <= covers,
        "current": expires is None or str(expires) >= str(held.as_of),
        "reached": _WIDTH[rights.get("visibility") or unsaid] >= _WIDTH[held.destination],
        "worldwide": not rights.get("territories"),
        "any-purpose": not rights.get("purposes"),
        "text-allowed": "text" in outputs,
        "headline-allowed": not outputs.isdisjoint({"text", "headline"}),
        "name-allowed": not outputs.isdisjoint({"text", "name"}),
        "open-licence": satisfies(license_, lambda key: key in table["open_licenses"]),
        "known-licence": satisfies(license_, lambda key: key in terms),
        "accepted-terms": satisfies(license_, lambda key: key in terms and set(terms[key]) <= held.accepts),
        "attributed": bool(row.get("attribution"))
        or satisfies(license_, lambda key: key in table["unattributed_licenses"]),
        "storable": rights.get("storage_basis") is not None,
    }
    return {name for name, is_met in met.items() if is_met}
