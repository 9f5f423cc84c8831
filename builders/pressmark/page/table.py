"""The long list of the page: rows by columns, each different value once, packed small enough for a page."""

import base64
import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST = 100_000
"""Rows with the same outcome that a page lists at most; it says what is left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """What is said of each row."""

    name: str
    label: str
    filtered: bool = False
    """There is a choice of its values above the list."""

    brief: bool = False
    """It is in the row itself, not only in what a row opens to."""

    codes: bool = False
    """Its values are codes of findings, or outcomes with such codes."""

    language: bool = False
    """Its value is the language of the column that is called title."""


@dataclass(slots=True)
class Listing:
    """The rows of the list."""

    columns: Sequence[Column]
    values: list[list[Any]] = field(init=False)
    taken: Counter[str] = field(default_factory=Counter)
    """Rows by outcome that are in the list."""

    left_out: Counter[str] = field(default_factory=Counter)
    """Rows by outcome that were too many."""

    def __post_init__(self) -> None:
        self.values = [[] for _ in self.columns]

    def take(self, outcome: str, row: Sequence[Any], most: int = MOST) -> None:
        """Add a row, unless there are too many of its outcome.

        Args:
            outcome: What is the same for rows of which not all need to be there.
            row: A string, a number or a list of findings for each column.
            most: How many of this outcome there may be.
        """
        if self.taken[outcome] >= most:
            self.left_out[outcome] += 1
            return
        self.taken[outcome] += 1
        for values, value in zip(self.values, row, strict=True):
            values.append(value)

    def __len__(self) -> int:
        return len(self.values[0])

    def packed(self, codes: Mapping[str, Sequence[str]]) -> str:
        """Return the list as deflated JSON in base64: `page/report.js` reads it.

        Args:
            codes: Kind, meaning and advice of each code that is in it.
        """
        told = {
            "count": len(self),
            "codes": codes,
            "columns": [
                {
                    "name": column.name,
                    "label": column.label,
                    "filtered": column.filtered,
                    "brief": column.brief,
                    "codes": column.codes,
                    "language": column.language,
                    **_encoded(values),
                }
                for column, values in zip(self.columns, self.values, strict=True)
            ],
        }
        data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(zlib.compress(data.encode("utf-8", "replace"), 9)).decode()


def _encoded(values: Sequence[Any]) -> dict[str, Any]:
    """Return values as they are, or numbers of words where most are there several times."""
    if not all(isinstance(value, str) for value in values):
        return {"values": values}
    different = Counter(values)
    if len(different) * 2 > len(values):
        return {"values": values}
    words = sorted(different)
    numbers = {word: at for at, word in enumerate(words)}
    return {"words": words, "values": [numbers[value] for value in values]}


def unpacked(packed: str) -> dict[str, Any]:
    """Return what was packed, as the page reads it."""
    told: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(packed)))
    return told
