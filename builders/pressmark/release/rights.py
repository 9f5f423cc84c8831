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

POLICY = "schema/rights-policy.json"
LICENSES = "rights/licenses.jsonl"

_WIDTH = {"local": 0, "private": 1, "gated": 2, "public": 3}
_HUB_NAMES = {"ODC-By-1.0": "odc-by", "PDDL-1.0": "pddl"}
_CLASSES = ("headline", "name", "text")

Row = Mapping[str, Any]


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
        json.loads((folder / POLICY).read_bytes()),
        {name: field["x-class"] for name, field in contract["properties"].items()},
        manifest["destination"],
        manifest["profile"],
        frozenset(manifest["accepts"]),
        date.fromisoformat(manifest["as_of"]),
    )


def too_open(row: Row, config: str, path: str, held: Rules) -> Iterator[Finding]:
    """Yield a finding for each column of a row that shows more than its rights allow."""
    met = _met(row, held)
    allowed = {kind for kind in _CLASSES if _may(row, kind, met, held)}
    if config == "articles" and "text" not in allowed:
        detail = f"status {row['rights_status']} does not open it on a {held.destination} line"
        yield Finding("rights-differ", path, f"id {row['id']}", detail)
    elif "text" not in allowed:
        for name, kind in held.classes.items():
            if row.get(name) and kind in _CLASSES and kind not in allowed:
                yield Finding("rights-differ", path, f"id {row['id']}", f"shows its {name}, which its rights close")


def misstated(folder: Path, terms: Mapping[tuple[str, str], int]) -> Iterator[Finding]:
    """Yield a finding where `rights/licenses.jsonl` does not count what the rows show.

    Args:
        folder: The release.
        terms: How many texts its rows show, by rights status and licence.
    """
    stated = _stated(folder)
    if stated is None:
        yield Finding("rights-differ", LICENSES, "", "cannot be read")
    elif stated != terms:
        yield Finding("rights-differ", LICENSES, "", "counts other statuses, licences or texts than the rows")


def _stated(folder: Path) -> dict[tuple[str, str], int] | None:
    try:
        lines = (folder / LICENSES).read_text(encoding="utf-8").splitlines()
        return {(entry["rights_status"], entry["license"] or ""): entry["texts"] for entry in map(json.loads, lines)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def claims_too_much(folder: Path, license_: Any) -> bool:
    """Tell whether a card claims one licence for all texts, and not every text has it."""
    names = {_HUB_NAMES.get(name, name.lower()) for _, name in _stated(folder) or ()}
    return license_ != "other" and names != {license_}


def _may(row: Row, kind: str, met: set[str], held: Rules) -> bool:
    if kind not in held.table["profiles"][held.profile]:
        return False
    cell = held.table["cells"][row["rights_status"]][held.destination]
    if kind not in cell or not met.issuperset(cell[kind]):
        return False
    return held.destination == "local" or not _taken_away(row, kind, held)


def _taken_away(row: Row, kind: str, held: Rules) -> bool:
    rights, overlays = row["rights"], held.table["overlays"]
    ends = rights["embargoed_until"]
    signals = [
        entry for entry in rights["reservations"] or () if signal_reserves(str(entry["signal"]), str(entry["value"]))
    ]
    return bool(
        (kind in overlays["embargo"]["closes"] and ends and ends > held.as_of)
        or (kind in overlays["privacy"]["closes"] and set(rights["privacy"] or ()) & set(overlays["privacy"]["flags"]))
        or (
            kind in overlays["signals"]["closes"]
            and signals
            and row["rights_status"] not in overlays["signals"]["except"]
        )
    )


def _met(row: Row, held: Rules) -> set[str]:
    """Return the conditions of the table that a row meets."""
    rights, license_, table = row["rights"], row["license"], held.table
    covers, needs, outputs = (set(rights[key] or ()) for key in ("covers", "needs", "outputs"))
    terms = {**{key: [] for key in table["open_licenses"]}, **table["restricted_licenses"]}
    unsaid = "local" if row["rights_status"] == "permission" else "public"
    decided_on = rights["decided_on"]
    met = {
        "decided": decided_on is not None and decided_on <= held.as_of and rights["decided_as"] != "rule",
        "covered": "text" in covers and bool(needs) and needs <= covers,
        "current": rights["expires"] is None or rights["expires"] >= held.as_of,
        "reached": _WIDTH[rights["visibility"] or unsaid] >= _WIDTH[held.destination],
        "worldwide": not rights["territories"],
        "any-purpose": not rights["purposes"],
        "text-allowed": "text" in outputs,
        "headline-allowed": not outputs.isdisjoint({"text", "headline"}),
        "name-allowed": not outputs.isdisjoint({"text", "name"}),
        "open-licence": satisfies(license_, lambda key: key in table["open_licenses"]),
        "known-licence": satisfies(license_, lambda key: key in terms),
        "accepted-terms": satisfies(license_, lambda key: key in terms and set(terms[key]) <= held.accepts),
        "attributed": bool(row.get("attribution"))
        or satisfies(license_, lambda key: key in table["unattributed_licenses"]),
        "storable": rights["storage_basis"] is not None,
    }
    return {name for name, is_met in met.items() if is_met}
