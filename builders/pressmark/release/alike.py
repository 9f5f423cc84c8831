"""The near copies of an article in a release, beside each other: how alike their texts are, and where they differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressmark.errors import UsageError
from pressmark.release.letters import letters
from pressmark.release.manifest import read_manifest

_GRAM, _SHORT = 5, 50
_COLUMNS = ("id", "group_id", "source", "published_on", "title", "text_sha256", "letters_sha256", "characters")


@dataclass(frozen=True, slots=True)
class Alike:
    """One article of a group."""

    id: str
    split: str
    source: str
    published_on: str
    title: str
    characters: int
    similarity: Fraction | None
    """To the article that was asked for: the share of their grams that both have; None where a text is not here."""

    text: str | None
    """Where the release has it."""


def group_of(folder: Path, identity: str) -> list[Alike]:
    """Return the group of an article, the article itself first, then those that are most like it.

    Args:
        folder: The release.
        identity: Id of the article.

    Raises:
        UsageError: there is no such release, or it has no such article.
    """
    manifest, _ = read_manifest(folder)
    if manifest is None:
        raise UsageError(f"{folder} is no release", advice="give a release folder, dist/CORPUS/LINE/VERSION")
    shards = [entry for entry in manifest["files"] if "config" in entry]
    named = next((row for row in _rows(folder, shards, "id", identity)), None)
    if named is None:
        raise UsageError(
            f"the release has no article {identity!r}",
            advice="ids have their source in front; the ledger names articles that were left out",
        )
    found = [_alike(named, row) for row in _rows(folder, shards, "group_id", named["group_id"])]
    return sorted(found, key=lambda each: (each.id != identity, -(each.similarity or 0), each.id))


def _rows(folder: Path, shards: list[dict[str, Any]], column: str, value: str) -> Iterator[dict[str, Any]]:
    for entry in shards:
        columns = [*_COLUMNS, *(["text"] if entry["config"] == "articles" else [])]
        for batch in pq.ParquetFile(folder / entry["path"]).iter_batches(columns=columns):
            for row in batch.filter(pc.equal(batch[column], value)).to_pylist():
                yield {**row, "split": entry["split"]}


def _alike(named: dict[str, Any], row: dict[str, Any]) -> Alike:
    day = row["published_on"].isoformat() if row["published_on"] else ""
    facts = (row["id"], row["split"], row["source"], day, row["title"] or "", row["characters"])
    return Alike(*facts, similarity(named, row), row.get("text"))


def similarity(one: Mapping[str, Any], other: Mapping[str, Any]) -> Fraction | None:
    """Return the share of their grams that both texts have; None where one is not here and their letters differ."""
    if one["letters_sha256"] == other["letters_sha256"]:
        return Fraction(1)
    if one.get("text") is None or other.get("text") is None:
        return None
    both = [letters(row["text"]) for row in (one, other)]
    if min(map(len, both)) < _SHORT:
        return Fraction(0)
    grams = [{only[start : start + _GRAM] for start in range(len(only) - _GRAM + 1)} for only in both]
    return Fraction(len(grams[0] & grams[1]), len(grams[0] | grams[1]))
