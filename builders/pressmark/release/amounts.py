"""How many articles, texts and characters rows have: by source, language, script and derivation."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyarrow.compute as pc

from pressmark.release.told import Columns

Kind = tuple[str, str, str, str]
"""Source, language, script or nothing, derivation."""

_OF = ("source", "language", "script", "derivation")
_DATASET = re.compile(r"hf://datasets/([^/@]+/[^/@]+)")


@dataclass(slots=True)
class Amounts:
    """What has been counted so far."""

    articles: Counter[Kind] = field(default_factory=Counter)
    texts: Counter[Kind] = field(default_factory=Counter)
    characters: Counter[Kind] = field(default_factory=Counter)
    """Of those texts."""

    datasets: set[str] = field(default_factory=set)
    """Of the Hub, that captures are from; nothing for all others."""

    def take(self, rows: Columns, *, closed: bool) -> None:
        """Count what rows say."""
        kinds = [tuple(value or "" for value in kind) for kind in zip(*map(rows.plain, _OF), strict=True)]
        self.articles.update(kinds)  # type: ignore[arg-type]
        if not closed:
            self.texts.update(kinds)  # type: ignore[arg-type]
            for kind, count in zip(kinds, rows.plain("characters"), strict=True):
                self.characters[kind] += count  # type: ignore[index]
        origins = rows.origins()
        if origins is None or not pc.any(pc.match_substring_regex(origins, "^hf://")).as_py():
            self.datasets |= {""} if len(rows) else set()
            return
        for origin in origins.to_pylist():
            found = _DATASET.match(origin or "")
            self.datasets.add(found[1] if found else "")

    def merge(self, other: "Amounts") -> None:
        """Add what other rows have."""
        self.articles.update(other.articles)
        self.texts.update(other.texts)
        self.characters.update(other.characters)
        self.datasets |= other.datasets

    def told(self) -> list[Any]:
        """Return it as JSON has it."""
        counted = [
            [*kind, count, self.texts[kind], self.characters[kind]] for kind, count in sorted(self.articles.items())
        ]
        return [counted, sorted(self.datasets)]

    @classmethod
    def of(cls, told: list[Any]) -> "Amounts":
        """Return what `told` returned."""
        found = cls(datasets=set(told[1]))
        for source, language, script, derivation, articles, texts, characters in told[0]:
            kind = (source, language, script, derivation)
            found.articles[kind], found.texts[kind], found.characters[kind] = articles, texts, characters
        return found
