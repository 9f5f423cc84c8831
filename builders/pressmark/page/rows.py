"""What the rows of a release tell, for the page: counts, the list of articles, and which texts are worth a look."""

import hashlib
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressmark.errors import UsageError
from pressmark.page.ledger import outcome_of
from pressmark.page.table import Column, Listing
from pressmark.release.copies import plain_path

_BATCH = 4096
_SAMPLES = 3
"""Articles that are shown of each source, and as many without their text."""

_GROUPS = 30
_MEMBERS = 4
_READ = (
    *("id", "title", "source", "published_on", "language", "script", "rights_status", "license", "characters"),
    "group_id",
)
_COLUMNS = (
    Column("id", "article", brief=True),
    Column("title", "title", brief=True),
    Column("source", "source", filtered=True, brief=True),
    Column("day", "published", brief=True),
    Column("year", "year", filtered=True),
    Column("became", "became", filtered=True, brief=True, codes=True),
    Column("rights", "rights status", filtered=True),
    Column("license", "licence", filtered=True),
    Column("language", "language", filtered=True, language=True),
    Column("split", "split", filtered=True),
    Column("characters", "characters"),
    Column("group", "group of near copies"),
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a row is."""

    path: str
    number: int
    config: str = ""
    split: str = ""


@dataclass(slots=True)
class Rows:
    """What the rows of a release tell."""

    listing: Listing = field(default_factory=lambda: Listing(_COLUMNS))
    by_source: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Articles by source and month."""

    by_split: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: Counter[tuple[str, str]] = field(default_factory=Counter)
    hundreds: Counter[int] = field(default_factory=Counter)
    """Articles by characters, hundreds of them."""

    group_sizes: Counter[int] = field(default_factory=Counter)
    """Groups of several articles, by how many."""

    groups: dict[str, list[Place]] = field(default_factory=dict)
    """Groups that are shown, and where their articles are."""

    samples: dict[tuple[str, str], list[tuple[int, Place]]] = field(default_factory=lambda: defaultdict(list))
    """By source and configuration, the articles whose ids have the smallest digests."""


def read_rows(folder: Path, manifest: Mapping[str, Any]) -> Rows:
    """Read all rows of a release, but not their texts.

    Raises:
        UsageError: a file cannot be read.
    """
    found = Rows()
    with readable(folder):
        sizes = _sizes(folder, _shards(manifest))
        found.group_sizes.update(sizes.values())
        with_text = _sizes(folder, [entry for entry in _shards(manifest) if entry["config"] == "articles"])
        found.groups = {name: [] for name in _worth_a_look(sizes, with_text)}
        for entry in _shards(manifest):
            reason = ["withheld_because"] if entry["config"] == "withheld" else []
            rows = _rows(folder, entry["path"], [*_READ, *reason])
            for number, row in enumerate(rows):
                place = Place(entry["path"], number, entry["config"], entry["split"])
                _take(found, row, place, sizes)
    return found


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Say in words that a file of a release cannot be read."""
    try:
        yield
    except (pa.ArrowException, OSError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"a file of {folder} cannot be read: {type(error).__name__}", advice="`pressmark verify` says which"
        ) from error


def _shards(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [entry for entry in manifest["files"] if "config" in entry]


def _rows(folder: Path, path: str, columns: list[str]) -> Iterator[dict[str, Any]]:
    for batch in pq.ParquetFile(plain_path(folder, path)).iter_batches(batch_size=_BATCH, columns=columns):
        yield from batch.to_pylist()


def _sizes(folder: Path, shards: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many articles each group of several has."""
    columns = [
        pq.ParquetFile(plain_path(folder, entry["path"])).read(columns=["group_id"])["group_id"] for entry in shards
    ]
    chunks = [chunk for column in columns for chunk in column.chunks]
    counted = pc.value_counts(pa.chunked_array(chunks, pa.string()))
    several = counted.filter(pc.greater(counted.field("counts"), 1))
    return {each["values"]: each["counts"] for each in several.to_pylist() if each["values"] is not None}


def _worth_a_look(sizes: Mapping[str, int], with_text: Mapping[str, int]) -> list[str]:
    """Return the largest groups, and others by chance that is the same each time; first those that have texts."""
    several = sorted(sizes, key=lambda name: (-sizes[name], name))
    largest = sorted(several, key=lambda name: name not in with_text)
    others = sorted(largest[_GROUPS // 3 :], key=lambda name: (name not in with_text, _chance(name)))
    return [*largest[: _GROUPS // 3], *others[: _GROUPS - _GROUPS // 3]]


def _chance(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])


def _take(found: Rows, row: Mapping[str, Any], place: Place, sizes: Mapping[str, int]) -> None:
    day = row["published_on"].isoformat() if row["published_on"] else ""
    source, group = row["source"], row["group_id"] or ""
    found.by_source[source, day[:7]] += 1
    found.by_split[place.split, day[:7]] += 1
    found.languages[row["language"], row["script"] or ""] += 1
    found.hundreds[row["characters"] // 100] += 1
    if group in found.groups and len(found.groups[group]) < _MEMBERS:
        found.groups[group].append(place)
    _draw(found.samples[source, place.config], row["id"], place)
    outcome = outcome_of("withheld", row["withheld_because"]) if place.config == "withheld" else "published"
    told = [row["id"], row["title"] or "", source, day, day[:4], outcome, row["rights_status"], row["license"] or ""]
    told += [row["language"], place.split, row["characters"], group if group in sizes else ""]
    found.listing.take(outcome, told)


def _draw(drawn: list[tuple[int, Place]], identity: str, place: Place) -> None:
    """Keep the articles whose ids have the smallest digests: a sample that is the same each time."""
    # A heap gives way with its smallest: so these are negative.
    entry = (-_chance(identity), place)
    if len(drawn) < _SAMPLES:
        heapq.heappush(drawn, entry)
    else:
        heapq.heappushpop(drawn, entry)
