"""How articles come into splits, and what becomes of copies, as a recipe says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from pressmark import tomlfile
from pressmark.findings import Finding

FROM = "from"
"""The key in [splits] that is no split."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What becomes of copies."""

    exact: str = "drop"
    """`drop` or `keep`: copies letter by letter under several ids."""

    near: str = "keep"
    """`keep` or `drop`: near copies."""

    threshold: Fraction = Fraction(4, 5)
    """The share of their grams from which on two texts are near copies."""


def split_faults(document: tomlfile.Document) -> Iterator[Finding]:
    """Yield what is wrong with the splits of a recipe."""
    if "splits" in document.unsound or not (stated := document.data.get("splits")):
        return
    shares = shares_of(stated)
    if (total := sum(shares.values())) != 1:
        yield document.finding("bad-value", ("splits",), f"found shares that add up to {float(total)}, expected 1")
    for name, share in shares.items():
        if not share and FROM not in stated and name not in since(stated):
            detail = 'found a share of 0, which is for splits that records name: from = "field"'
            yield document.finding("bad-value", ("splits", name), detail)
    for name, day in since(stated).items():
        try:
            date.fromisoformat(day)
        except ValueError:
            yield document.finding("bad-value", ("splits", name), f"found {stated[name]!r}, expected a day that exists")
    if len(set(since(stated).values())) < len(since(stated)):
        yield document.finding("bad-value", ("splits",), "found two splits since the same day")


def shares_of(splits: dict[str, Any]) -> dict[str, Fraction]:
    """Return the share of each split; 0 for those that begin on a day."""
    return {name: _share(0 if isinstance(share, str) else share) for name, share in splits.items() if name != FROM}


def since(splits: dict[str, Any]) -> dict[str, str]:
    """Return the day from which on articles are in a split, by split."""
    named = {name: value for name, value in splits.items() if name != FROM}
    return {name: value.removeprefix("since ") for name, value in named.items() if isinstance(value, str)}


def duplicates_of(stated: dict[str, Any]) -> Duplicates:
    """Return what becomes of copies."""
    return Duplicates(**{**stated, **({"threshold": _share(stated["threshold"])} if "threshold" in stated else {})})


def _share(value: float) -> Fraction:
    # As written: 0.9 in a recipe means nine tenths, not the nearest binary fraction.
    return Fraction(str(value))
