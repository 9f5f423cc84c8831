"""What the rows of a release add up to: gathered while they are read, compared with everything that speaks of them."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import orjson

Row = Mapping[str, Any]
Part = tuple[str, str]
"""Configuration and split."""

_CREDIT = ("id", "attribution", "license", "source", "url")


@dataclass(slots=True)
class Terms:
    """Texts of one rights status and licence."""

    texts: int = 0
    sources: set[str] = field(default_factory=set)
    holders: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Publication:
    """What the rows of one source say of it."""

    names: set[tuple[str, str]] = field(default_factory=set)
    """Publisher and edition."""

    formats: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Tally:
    """What has been read of a release's rows so far."""

    ids: dict[str, str] = field(default_factory=dict)
    """By id, the file it stands in."""

    texts: dict[str, str] = field(default_factory=dict)
    """By digest of a text, the id that has it."""

    groups: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By group, its split, and a file that it stands in."""

    earliest: dict[str, date] = field(default_factory=dict)
    """By group, the first day on which one of its articles was published, where one is known."""

    rows: dict[Part, list[tuple[str, bytes]]] = field(default_factory=dict)
    """Id and digest of each row."""

    sizes: dict[Part, tuple[int, int]] = field(default_factory=dict)
    """Size of the columns in memory: at least, at most."""

    terms: dict[tuple[str, str], Terms] = field(default_factory=dict)
    """By rights status and licence."""

    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rows by rights status, and by `published` or the reason."""

    domains: dict[str, Counter[str]] = field(default_factory=dict)
    notices: Counter[str] = field(default_factory=Counter)
    credits: dict[str, bytes] = field(default_factory=dict)
    """By id, the digest of its line in rights/attribution.jsonl."""

    sources: dict[str, Publication] = field(default_factory=dict)
    strata: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    """Rows by split, by kind of value (source, year, language; all) and value."""

    @property
    def reasons(self) -> Counter[str]:
        """How many rows are withheld for each reason."""
        found = Counter[str]()
        for (_, outcome), count in self.cells.items():
            if outcome != "published":
                found[outcome] += count
        return found

    def take(self, row: Row, config: str, split: str) -> None:
        """Count what a row says."""
        day = row["published_on"]
        year = str(day)[:4] if day is not None else "undated"
        for stratum in (("all", "articles"), ("source", row["source"]), ("year", year), ("language", row["language"])):
            self.strata.setdefault(stratum, Counter())[split] += 1
        closed = config == "withheld"
        if day is not None:
            self.earliest[row["group_id"]] = min(day, self.earliest.get(row["group_id"], day))
        self.cells[row["rights_status"], str(row["withheld_because"]) if closed else "published"] += 1
        host = (urlsplit(row["url"]).hostname if row["url"] else None) or ""
        counted = {"articles": 1, "withheld": int(closed), "characters": row["characters"]}
        self.domains.setdefault(host, Counter()).update(counted)
        self.notices.update(filter(None, [row["rights"]["notice"]]))
        source = self.sources.setdefault(row["source"], Publication())
        source.names.add((row["publisher"] or "", row["edition"] or ""))
        source.formats.add(row["provenance"]["extractor"].partition("/")[0])
        if not closed:
            self._take_text(row)

    def _take_text(self, row: Row) -> None:
        terms = self.terms.setdefault((row["rights_status"], row["license"] or ""), Terms())
        terms.texts += 1
        terms.sources.add(row["source"])
        terms.holders.update(row["rights"]["holders"] or ())
        if row["attribution"]:
            self.credits[row["id"]] = line_digest({key: row[key] for key in _CREDIT if row[key]})


def line_digest(entry: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of an entry of a JSON Lines file."""
    return hashlib.sha256(orjson.dumps(entry)).digest()
