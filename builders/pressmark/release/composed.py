"""What a card is held against: rows, manifest, sources, history, the publisher's words, as far as a copy has them."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pressmark import wording
from pressmark.release.columns import CONFIGS
from pressmark.release.copies import lacks_rows
from pressmark.release.described import LICENSE, metadata_license
from pressmark.release.lineage import TOMBSTONES, VERSIONS
from pressmark.release.stated import Words
from pressmark.release.tally import Tally

Section = tuple[str, list[str] | None]
"""A heading and the lines below it; nothing where a copy lacks what they tell of."""

_FORMATS = {
    "page": "text pages",
    "html": "HTML pages",
    "warc": "WARC, ARC and WET files",
    "jsonl": "JSON Lines",
    "json": "JSON",
    "csv": "CSV",
    "tsv": "TSV",
    "parquet": "Parquet",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a copy of a release has beside its card."""

    manifest: Mapping[str, Any]
    tally: Tally | None
    """Of all rows."""

    texts: Tally | None
    """Of the rows with texts at least."""

    words: Words | None
    sources: Mapping[str, Any] | None
    """What `sources/` says, by name."""

    metadata_license: str | None
    versions: list[dict[str, Any]] | None
    withdrawn: int | None
    """How many articles are withdrawn."""

    @property
    def shards(self) -> list[dict[str, Any]]:
        """The files of rows."""
        return [entry for entry in self.manifest["files"] if "config" in entry]

    @property
    def default(self) -> str:
        """The configuration that is read first."""
        return str(next(name for name, entry in self.manifest["configs"].items() if entry["default"]))

    def formats(self) -> str:
        """Return in words what the inputs were."""
        found = {way["format"] for each in (self.sources or {}).values() for way in each["inputs"]}
        return ", ".join(name for format_, name in _FORMATS.items() if format_ in found)


def found_in(
    folder: Path, manifest: Mapping[str, Any], tally: Tally, lacking: Collection[str], words: Words | None
) -> Found:
    """Return what a copy has."""
    paths = [entry["path"] for entry in manifest["files"]]
    sources = {path[8:-5]: path for path in paths if path.startswith("sources/")}
    there = not any(path in lacking for path in sources.values())
    return Found(
        manifest=manifest,
        tally=None if lacks_rows(manifest, lacking, CONFIGS) else tally,
        texts=None if lacks_rows(manifest, lacking, ("articles",)) else tally,
        words=words,
        sources={name: json.loads((folder / path).read_bytes()) for name, path in sources.items()} if there else None,
        metadata_license=_license(folder) if LICENSE not in lacking else None,
        versions=_versions(folder) if VERSIONS not in lacking else None,
        withdrawn=_withdrawn(folder) if TOMBSTONES not in lacking else None,
    )


def _license(folder: Path) -> str:
    stated = metadata_license(folder)
    return wording.words("details.no_licence_of_metadata") if stated == "no licence stated" else stated


def _versions(folder: Path) -> list[dict[str, Any]]:
    stated: list[dict[str, Any]] = json.loads((folder / VERSIONS).read_bytes())["versions"]
    return stated


def _withdrawn(folder: Path) -> int:
    place = folder / TOMBSTONES
    told = [json.loads(line) for line in place.read_bytes().split(b"\n") if line] if place.is_file() else []
    return len([each for each in told if each.get("restored_on") is None])


def span(years: Iterable[str]) -> str:
    """Return years as a table has them."""
    ordered = sorted(set(years))
    if not ordered:
        return "undated"
    return "–".join(dict.fromkeys((ordered[0], ordered[-1])))


def years_of(tally: Tally) -> list[str]:
    """Return the years in which articles were published."""
    return sorted(set().union(*years_by_source(tally).values()))


def years_by_source(tally: Tally) -> dict[str, set[str]]:
    """Return the same for each source."""
    found: dict[str, set[str]] = {}
    for counts in tally.months.values():
        for source, month in counts:
            found.setdefault(source, set()).update({month[:4]} if month else ())
    return found


def undated(tally: Tally) -> int:
    """Return how many articles have no date."""
    return sum(count for counts in tally.months.values() for (_, month), count in counts.items() if not month)


def amounts(tally: Tally, *places: int) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Return articles, texts and their characters.

    Args:
        tally: Of all rows.
        places: By what: 0 source, 1 language, 2 script, 3 derivation.
    """
    found: list[Counter[tuple[str, ...]]] = [Counter(), Counter(), Counter()]
    counted = tally.amounts
    for total, counts in zip(found, (counted.articles, counted.texts, counted.characters), strict=True):
        for kind, count in counts.items():
            total[tuple(kind[place] for place in places)] += count
    articles, texts, characters = found
    return {key: (articles[key], texts[key], characters[key]) for key in sorted(articles)}


def whole(tally: Tally) -> tuple[int, int, int]:
    """Return all articles, all texts, and all their characters."""
    return amounts(tally).get((), (0, 0, 0))
