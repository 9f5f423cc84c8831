"""The card's sections on what is not here, on rights, withdrawals and versions as they have to be."""

from collections.abc import Iterator, Mapping
from typing import Any

from pressmark.findings import CATALOGUE
from pressmark.release.composed import Found, Section
from pressmark.release.counts import CLASSES, class_of
from pressmark.release.marked import marked, paragraphs, table
from pressmark.wording import words

_VERSIONS_SHOWN = 20


def absent_sections(found: Found) -> Iterator[Section]:
    """Yield what became of all inputs, and why."""
    counts = found.manifest["counts"]
    classes = [(name, counts[name], words(f"absent.{name}_means")) for name in CLASSES if counts[name]]
    reasons = sorted((CLASSES.index(class_of(code)), code) for code in counts["by_code"])
    told = [(f"`{code}`", CLASSES[place], counts["by_code"][code], CATALOGUE[code].meaning) for place, code in reasons]
    lines = ["", *paragraphs(words("absent.inputs", count=counts["inputs"]))]
    lines += table("class|inputs|meaning", classes, "inputs")
    if told:
        lines += [*paragraphs(words("absent.reasons")), *table("reason|class|inputs|meaning", told, "inputs")]
    if counts["withheld"]:
        lines += paragraphs(words("absent.withheld", count=counts["withheld"]))
    yield "## What is not here, and why", lines


def rights_sections(found: Found, contact: str) -> Iterator[Section]:
    """Yield what the rights are, and how a text is taken back."""
    yield "## Rights", _rights(found) if found.texts else None
    asked = words("withdrawal.asked", contact=contact)
    gone = found.withdrawn
    told = words("withdrawal.some", count=gone) if gone else words("withdrawal.none")
    yield "## Withdrawal", None if gone is None else ["", *paragraphs(asked, told)]


def _rights(found: Found) -> list[str]:
    assert found.texts
    manifest = found.manifest
    terms = sorted((status, license_, each.texts) for (status, license_), each in found.texts.terms.items())
    rows = [(f"`{status}`", license_ or "none", count) for status, license_, count in terms]
    named = "rights.rule_local" if manifest["destination"] == "local" else "rights.rule"
    rule = words(named, destination=manifest["destination"], as_of=manifest["as_of"])
    told = paragraphs(words("rights.none"))
    if rows:
        told = [*paragraphs(words("rights.texts")), *table("rights status|licence|texts", rows, "texts")]
    return ["", *paragraphs(rule), *told, *paragraphs(words("rights.files"))]


def version_sections(found: Found) -> Iterator[Section]:
    """Yield this version and earlier ones."""
    stated = found.versions
    if stated is None:
        yield "## Versions", None
        return
    rows = [_row(entry) for entry in stated[: -_VERSIONS_SHOWN - 1 : -1]]
    head = "version|as of|status|articles|withheld|what changed"
    hidden = len(stated) - len(rows)
    more = words("versions.earlier", count=hidden) if hidden else words("versions.all")
    told = table(head, rows, "articles|withheld")
    yield "## Versions", ["", *paragraphs(words("versions.rule")), *told, *paragraphs(more)]


def _row(entry: Mapping[str, Any]) -> list[object]:
    changed = ", ".join(f"{kind}: {count}" for kind, count in entry["changes"].items())
    changed = changed or words("versions.nothing")
    why = changed if changed == entry["reason"] else f"{marked(entry['reason'])} ({changed})"
    return [*(entry[key] for key in ("version", "as_of", "status", "articles", "withheld")), why]
