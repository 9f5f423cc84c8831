"""The card's sections on what is not here, on rights, and on what is taken back."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pressmark.findings import CATALOGUE, Kind
from pressmark.press.history import TOMBSTONES
from pressmark.press.manifest import CLASSES
from pressmark.press.markdown import address, spaced, table
from pressmark.press.rights import Terms
from pressmark.recipe import Recipe
from pressmark.wording import words

_CLASS = {Kind.REJECTED: "rejected", Kind.SET_ASIDE: "duplicate", Kind.WITHHELD: "withheld"}
_CLASS_OF = {"later-capture": "superseded", "cut-capture": "superseded", "embargoed": "embargoed"}
_CLASS_OF["withdrawn"] = "withdrawn"


def absent_section(counts: Mapping[str, Any]) -> list[str]:
    """Return what became of all inputs, and why.

    Args:
        counts: Those of the manifest.
    """
    classes = [(name, counts[name], words(f"absent.{name}_means")) for name in CLASSES if counts[name]]
    reasons = [*_reasons(counts["by_code"])]
    told = table(("reason", "class", "inputs", "meaning"), reasons, ("inputs",))
    withheld = [words("absent.withheld", count=counts["withheld"])] if counts["withheld"] else []
    return [
        *("## What is not here, and why", ""),
        *spaced([words("absent.inputs", count=counts["inputs"])]),
        *table(("class", "inputs", "meaning"), classes, ("inputs",)),
        *([*spaced([words("absent.reasons")]), *told] if reasons else []),
        *spaced(withheld),
    ]


def _reasons(codes: Mapping[str, int]) -> Iterator[tuple[object, ...]]:
    """Yield the reasons, those of a class together."""
    of = {code: _CLASS_OF.get(code) or _CLASS[CATALOGUE[code].kind] for code in codes}
    for code in sorted(codes, key=lambda code: (CLASSES.index(of[code]), code)):
        yield f"`{code}`", of[code], codes[code], CATALOGUE[code].meaning


def rights_section(manifest: Mapping[str, Any], terms: Terms) -> list[str]:
    """Return what the rights in a release are."""
    rows = [(f"`{status}`", license_ or "none", count) for (status, license_), count in sorted(terms.items())]
    told = table(("rights status", "licence", "texts"), rows, ("texts",))
    rule = "rights.rule_local" if manifest["destination"] == "local" else "rights.rule"
    return [
        *("## Rights", ""),
        *spaced([words(rule, destination=manifest["destination"], as_of=manifest["as_of"])]),
        *([*spaced([words("rights.texts")]), *told] if rows else spaced([words("rights.none")])),
        *spaced([words("rights.files")]),
    ]


def withdrawal_section(folder: Path, recipe: Recipe) -> list[str]:
    """Return how a text is taken back, and how many were.

    Args:
        folder: The folder that the release is written in, its tombstones already there.
        recipe: What the corpus is.
    """
    place = folder / TOMBSTONES
    lines = place.read_text(encoding="utf-8").splitlines() if place.is_file() else []
    gone = sum("restored_on" not in json.loads(line) for line in lines)
    told = words("withdrawal.some", count=gone) if gone else words("withdrawal.none")
    return ["## Withdrawal", "", *spaced([words("withdrawal.asked", contact=address(recipe.contact)), told])]
