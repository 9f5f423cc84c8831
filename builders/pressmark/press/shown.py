"""What the rows of one file show, for what a release tells beside its rows: rights, how articles spread.

It is worked out from the very rows that are written, so that nothing beside them can say more than they do.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

UNDATED = "undated"
_COUNTERS = ("licenses", "domains", "characters", "notices", "spread", "months", "scripts", "lengths", "datasets")
_HUB = re.compile("hf://datasets/([^/@]+/[^/@]+)")
_KIND = ("source", "language", "script", "derivation")
_TOLD = ("license", "source", "url", "rights_status", "language", "script", "derivation", "characters")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the rows of a file show."""

    licenses: Counter[tuple[str, str, str, tuple[str, ...]]] = field(default_factory=Counter)
    """Texts by rights status, licence or nothing, source and holders; none in a file without texts."""

    domains: Counter[str] = field(default_factory=Counter)
    """Articles by the host of their address, or nothing."""

    characters: Counter[str] = field(default_factory=Counter)
    """Characters of their texts, by host."""

    notices: Counter[str] = field(default_factory=Counter)
    """Articles by their notice."""

    spread: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Articles by source, year or `undated`, and language."""

    months: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Articles by source and month, `2024-05`, or nothing."""

    scripts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Articles by language, and script or nothing."""

    lengths: Counter[int] = field(default_factory=Counter)
    """Articles by how many hundreds of characters their texts have."""

    amounts: dict[tuple[str, str, str, str], tuple[int, int]] = field(default_factory=dict)
    """How many articles, and how many characters their texts have, by source, language, script or nothing, and
    derivation."""

    datasets: Counter[str] = field(default_factory=Counter)
    """Articles by the dataset of the Hub that their capture is from, or nothing."""

    def told(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        counters = {name: list(getattr(self, name).items()) for name in _COUNTERS}
        return {**counters, "amounts": list(self.amounts.items())}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Return what `told` returned."""
        counters = {name: Counter({_key(key): count for key, count in told[name]}) for name in _COUNTERS}
        amounts = {_key(key): (count, characters) for key, (count, characters) in told["amounts"]}
        return cls(**counters, amounts=amounts)

    def add(self, other: "Shown") -> None:
        """Add what other rows show."""
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        for kind, (count, characters) in other.amounts.items():
            before = self.amounts.get(kind, (0, 0))
            self.amounts[kind] = (before[0] + count, before[1] + characters)


def shown_in(rows: pa.Table, config: str) -> Shown:
    """Return what rows show.

    Args:
        rows: By the schema of the configuration.
        config: `articles` or `withheld`.
    """
    rights = rows["rights"].combine_chunks()
    told = {name: rows[name].to_pylist() for name in _TOLD}
    hosts = [_host(url) for url in told["url"]]
    scripts = ((language, script or "") for language, script in zip(told["language"], told["script"], strict=True))
    months = [day.isoformat()[:7] if day else "" for day in rows["published_on"].to_pylist()]
    years = [month[:4] or UNDATED for month in months]
    found = Shown(
        domains=Counter(hosts),
        spread=Counter(zip(told["source"], years, told["language"], strict=True)),
        months=Counter(zip(told["source"], months, strict=True)),
        scripts=Counter(scripts),
        lengths=Counter(count // 100 for count in told["characters"]),
        amounts=_amounts(told),
        datasets=_datasets(rows["provenance"].combine_chunks()),
    )
    for host, count in zip(hosts, told["characters"], strict=True):
        found.characters[host] += count
    found.notices.update(notice for notice in rights.field("notice").to_pylist() if notice)
    if config == "articles":
        holders = (tuple(names or ()) for names in rights.field("holders").to_pylist())
        licenses = [license_ or "" for license_ in told["license"]]
        found.licenses.update(zip(told["rights_status"], licenses, told["source"], holders, strict=True))
    return found


def _amounts(told: Mapping[str, list[Any]]) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    counts, characters = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for *kind, length in zip(*(told[name] for name in _KIND), told["characters"], strict=True):
        key = tuple(value or "" for value in kind)
        counts[key] += 1
        characters[key] += length
    return {(key[0], key[1], key[2], key[3]): (counts[key], characters[key]) for key in counts}


def _datasets(provenance: pa.StructArray) -> Counter[str]:
    origins = provenance.field("captured_from")
    if not pc.any(pc.starts_with(origins, "hf://")).as_py():
        return Counter({"": len(origins)})
    found = (_HUB.match(origin or "") for origin in origins.to_pylist())
    return Counter(each[1] if each else "" for each in found)


def _key(told: Any) -> Any:
    """Return a key of a counter from JSON, which has lists for tuples."""
    return tuple(map(_key, told)) if isinstance(told, list) else told


def _host(url: str | None) -> str:
    """Return the host of a canonical address, or nothing."""
    return _host_of("/".join(url.split("/", 3)[:3])) if url else ""


@cache
def _host_of(front: str) -> str:
    return urlsplit(front).hostname or ""
