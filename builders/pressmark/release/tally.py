"""What the rows of a release add up to: gathered while they are read, compared with everything that speaks of them."""

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pressmark.release.amounts import Amounts
from pressmark.release.noted import Noted
from pressmark.release.told import Columns

Part = tuple[str, str]
"""Configuration and split."""

_SAID = ("source", "language", "rights_status", "publisher", "edition")
"""With the year, the reason and what lies deeper: what thousands of rows say alike."""

_PLAIN = re.compile(r"https?://([a-z0-9.-]+)(?=[/?#]|\Z)")
"""What an address begins with whose host needs no more looking."""

_HUNDRED = 100


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

    sizes: dict[Part, tuple[int, int]] = field(default_factory=dict)
    """Size of the columns in memory: at least, at most."""

    terms: dict[tuple[str, str], Terms] = field(default_factory=dict)
    """By rights status and licence."""

    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rows by rights status, and by `published` or the reason."""

    domains: dict[str, Counter[str]] = field(default_factory=dict)
    notices: Counter[str] = field(default_factory=Counter)
    sources: dict[str, Publication] = field(default_factory=dict)
    strata: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    """Rows by split, by kind of value (source, year, language; all) and value."""

    months: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    """By split: rows by source and month, `2024-05`, or nothing."""

    scripts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rows by language, and script or nothing."""

    lengths: Counter[int] = field(default_factory=Counter)
    """Rows by how many hundreds of characters their texts have."""

    group_sizes: Counter[int] = field(default_factory=Counter)
    """How many groups of several rows have how many."""

    amounts: Amounts = field(default_factory=Amounts)

    files: list[Noted] = field(default_factory=list)
    """What is noted of each row, in the order of the manifest; not of a file that could not be read."""

    @property
    def reasons(self) -> Counter[str]:
        """How many rows are withheld for each reason."""
        found = Counter[str]()
        for (_, outcome), count in self.cells.items():
            if outcome != "published":
                found[outcome] += count
        return found

    def take(self, rows: Columns, config: str, split: str) -> None:
        """Count what rows of a split say."""
        closed = config == "withheld"
        reasons = rows.plain("withheld_because")
        alike = Counter(zip(*(rows.plain(name) for name in _SAID), rows.years(), reasons, *rows.beneath(), strict=True))
        for said, count in alike.items():
            source, language, status, publisher, edition, year, reason, extractor, notice = said
            for stratum in (("all", "articles"), ("source", source), ("year", year), ("language", language)):
                self.strata.setdefault(stratum, Counter())[split] += count
            self.cells[status, str(reason) if closed else "published"] += count
            if notice:
                self.notices[notice] += count
            publication = self.sources.setdefault(source, Publication())
            publication.names.add((publisher or "", edition or ""))
            if extractor is None:
                raise KeyError("extractor")
            publication.formats.add(extractor.partition("/")[0])
        months = (day[:7] if day else "" for day in rows.days())
        self.months.setdefault(split, Counter()).update(zip(rows.plain("source"), months, strict=True))
        scripts = (script or "" for script in rows.plain("script"))
        self.scripts.update(zip(rows.plain("language"), scripts, strict=True))
        self.lengths.update(count // _HUNDRED for count in rows.plain("characters"))
        hosts = [_host(url) if url else "" for url in rows.plain("url")]
        characters: dict[str, int] = {}
        for host, count in zip(hosts, rows.plain("characters"), strict=True):
            characters[host] = characters.get(host, 0) + count
        for host, count in Counter(hosts).items():
            domain = self.domains.setdefault(host, Counter({"articles": 0, "withheld": 0, "characters": 0}))
            domain["articles"] += count
            domain["withheld"] += count * closed
            domain["characters"] += characters[host]
        self.amounts.take(rows, closed=closed)
        if not closed:
            self._take_texts(rows)

    def _take_texts(self, rows: Columns) -> None:
        alike = Counter(zip(*map(rows.plain, ("rights_status", "license", "source")), rows.holders(), strict=True))
        for (status, license_, source, holders), count in alike.items():
            terms = self.terms.setdefault((status, license_ or ""), Terms())
            terms.texts += count
            terms.sources.add(source)
            terms.holders.update(holders)

    def merge(self, other: "Tally") -> None:
        """Add what other rows add up to."""
        for part, (low, high) in other.sizes.items():
            before = self.sizes.get(part, (0, 0))
            self.sizes[part] = (before[0] + low, before[1] + high)
        for key, terms in other.terms.items():
            own = self.terms.setdefault(key, Terms())
            own.texts += terms.texts
            own.sources |= terms.sources
            own.holders |= terms.holders
        for name, publication in other.sources.items():
            known = self.sources.setdefault(name, Publication())
            known.names |= publication.names
            known.formats |= publication.formats
        for split, months in other.months.items():
            self.months.setdefault(split, Counter()).update(months)
        self.amounts.merge(other.amounts)
        self.scripts.update(other.scripts)
        self.lengths.update(other.lengths)
        self.cells.update(other.cells)
        self.notices.update(other.notices)
        for host, counts in other.domains.items():
            self.domains.setdefault(host, Counter()).update(counts)
        for stratum, counts in other.strata.items():
            self.strata.setdefault(stratum, Counter()).update(counts)


def _host(url: str) -> str:
    """Return the host of an address."""
    plain = _PLAIN.match(url)
    return plain[1] if plain else urlsplit(url).hostname or ""
