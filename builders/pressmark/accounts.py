"""Accounts of a curation: how many inputs became what, and the ledger."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson

from pressmark.curation import PUBLISHED, REJECTED, Curation
from pressmark.press.manifest import CLASSES
from pressmark.workshop import write_durably


def counts(curation: Curation, line: str) -> dict[str, Any]:
    """Return how many inputs are in each class of a release line, and how many have each code."""
    classes, codes = Counter[str](), Counter[str]()
    for row in curation.inputs():
        became = row["became"][line]
        classes[became["class"]] += 1
        codes.update([became["code"]] if "code" in became else [])
    return {
        "inputs": classes.total(),
        **{name: classes[name] for name in CLASSES},
        "by_code": dict(sorted(codes.items())),
    }


def terms(curation: Curation, line: str) -> Counter[tuple[str, str]]:
    """Return how many texts a release line shows, by rights status and licence."""
    shown = (curation.entries[at].rights for at, found in curation.outcomes[line].items() if found.text)
    return Counter((rights["rights_status"], rights.get("license", "")) for rights in shown)


def cells(curation: Curation, line: str) -> Counter[tuple[str, str]]:
    """Return how many articles a release line has by rights status, and by `published` or the code of the reason."""
    return Counter(
        (curation.entries[at].rights["rights_status"], PUBLISHED if found.text else found.because)
        for at, found in curation.outcomes[line].items()
    )


def rejected_share(counted: Mapping[str, Any]) -> Fraction:
    """Return the share of inputs that are no valid articles."""
    return Fraction(counted[REJECTED], max(1, counted["inputs"]))


def write_ledger(curation: Curation, path: Path) -> None:
    """Write what became of each input, one JSON object a line."""
    rows = (orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in curation.inputs())
    write_durably(path, b"".join(rows))
