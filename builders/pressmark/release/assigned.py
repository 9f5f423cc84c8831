"""Is every group in the split that salt, shares and days of the manifest give it?"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import accumulate
from math import ceil
from typing import Any

from pressmark.findings import Finding
from pressmark.release.again import Groups
from pressmark.release.noting import NO_DAY

_POINTS = 2**64
_1970 = date(1970, 1, 1).toordinal()


def verify_assigned(manifest: Mapping[str, Any], groups: Groups, *, whole: bool) -> Iterator[Finding]:
    """Yield groups that are in another split than the manifest gives them, as far as that can be told from outside.

    What a release of any line had before keeps its split for ever, whatever the shares were then, and what a record
    said it is in is not in the release. A group may have an earlier article that may not be mentioned yet.

    Args:
        manifest: Says how articles were given to splits.
        groups: The groups of its rows.
        whole: Whether the rows of every file were read.
    """
    splits = manifest["splits"]
    edges = _edges(splits["shares"])
    if splits["continued"] or "from" in splits or manifest["release"] > 1 or not edges:
        return
    days = sorted(((day, name) for name, day in splits.get("since", {}).items()), reverse=True)
    sure = whole and not manifest["counts"]["embargoed"]
    bounds = [(ceil(edge * _POINTS), name) for edge, name in edges]
    for group, number, file in groups.each():
        first = date.fromordinal(_1970 + number) if number != NO_DAY else None
        begun = [name for day, name in days if first is not None and str(first) >= day]
        # A hidden article may be earlier than all that are seen, and the only one with a date.
        may_be = [name for _, name in days] if first is None else begun
        expected = {begun[0] if begun else _by_shares(splits["salt"], group, bounds)}
        if not sure and days:
            expected |= {*may_be, _by_shares(splits["salt"], group, bounds)}
        if file.split not in expected:
            yield Finding("split-differs", file.path, f"group {group}", "falls into another split")


def _edges(shares: Mapping[str, str]) -> list[tuple[Fraction, str]]:
    """Return where each split ends on the line from 0 to 1; none where the shares are no numbers."""
    try:
        return list(zip(accumulate(map(Fraction, shares.values())), shares, strict=True))
    except ZeroDivisionError:
        return []


def _by_shares(salt: str, group: str, bounds: list[tuple[int, str]]) -> str:
    point = int.from_bytes(hashlib.sha256(f"{salt}\0{group}".encode()).digest()[:8])
    return next((name for bound, name in bounds if point < bound), "")
