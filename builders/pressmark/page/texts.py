"""Articles that the page shows with their text: samples, and groups of near copies side by side."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressmark.page.rows import Place, Rows, readable
from pressmark.release.alike import similarity
from pressmark.release.copies import plain_path
from pressmark.release.words import Part, parts

_SOURCES = 12
_CHARACTERS = 3000
"""What is shown of a text at most, and compared."""

_TOLD = (
    *("id", "title", "source", "published_on", "language", "license", "rights_status", "attribution", "url"),
    *("contributors", "characters", "group_id", "text_sha256", "letters_sha256"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An article of the page."""

    row: Mapping[str, Any]
    split: str
    withheld: bool
    text: str | None
    """As much of it as is shown; None where it is not released, and the page not private."""

    @property
    def more(self) -> int:
        """How many characters are not shown."""
        return len(self.row["text"]) - len(self.text) if self.text is not None else 0


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a group, beside the first."""

    shown: Shown
    alike: Fraction | None
    """To the first; None where a text is not here."""

    parts: Sequence[Part]
    """Its text, and where it differs from the first."""


def samples(folder: Path, rows: Rows, closed: Path | None) -> list[Shown]:
    """Return a few articles of each source, those with the most articles first.

    Args:
        folder: The release.
        rows: What its rows tell.
        closed: Where texts lie that were withheld, for a private page.
    """
    counts: dict[str, int] = defaultdict(int)
    for (source, _), count in rows.by_source.items():
        counts[source] += count
    sources = sorted(counts, key=lambda source: (-counts[source], source))[:_SOURCES]
    configs = ("articles", "withheld") if closed else ("articles",)
    places = [
        place
        for source in sources
        for config in configs
        for _, place in sorted(rows.samples.get((source, config), []), reverse=True)
    ]
    read = _read(folder, places, closed)
    # Whose text is not kept, such as of what was withdrawn, has nothing to show here.
    return [read[place] for place in places if read[place].text is not None]


def groups(folder: Path, rows: Rows, closed: Path | None) -> list[list[Member]]:
    """Return the groups that are shown, the largest first, each article beside the first with a text.

    Args:
        folder: The release.
        rows: What its rows tell.
        closed: Where texts lie that were withheld, for a private page.
    """
    read = _read(folder, [place for places in rows.groups.values() for place in places], closed)
    return [_beside([read[place] for place in places]) for places in rows.groups.values()]


def _beside(found: list[Shown]) -> list[Member]:
    first, *others = sorted(found, key=lambda each: (each.text is None, each.row["id"]))
    members = [Member(first, None, [("same", first.text)] if first.text else [])]
    for each in others:
        alike = similarity(first.row, each.row)
        if first.text is None or each.text is None:
            members.append(Member(each, alike, [("same", each.text)] if each.text else []))
            continue
        differing = list(parts(first.text, each.text))
        if first.more or each.more:
            # Where one was cut, their ends differ by that alone.
            while differing and differing[-1][0] != "same":
                differing.pop()
        members.append(Member(each, alike, differing))
    return members


def _read(folder: Path, places: Iterable[Place], closed: Path | None) -> dict[Place, Shown]:
    wanted: dict[str, list[Place]] = defaultdict(list)
    for place in sorted(set(places)):
        wanted[place.path].append(place)
    found: dict[Place, dict[str, Any]] = {}
    with readable(folder):
        for path, its in wanted.items():
            found |= _of_file(plain_path(folder, path), its)
    without = {row["id"]: row for place, row in found.items() if place.config == "withheld"}
    if closed and without:
        _fill(closed, without)
    return {place: _shown(row, place) for place, row in found.items()}


def _of_file(path: Path, places: Sequence[Place]) -> dict[Place, dict[str, Any]]:
    """Read rows of one file, of no more row groups than have them."""
    parquet = pq.ParquetFile(path)
    columns = [*_TOLD, *(["text"] if places[0].config == "articles" else [])]
    found: dict[Place, dict[str, Any]] = {}
    begin = 0
    for number in range(parquet.num_row_groups):
        end = begin + parquet.metadata.row_group(number).num_rows
        its = [place for place in places if begin <= place.number < end]
        if its:
            table = parquet.read_row_group(number, columns=columns).take([place.number - begin for place in its])
            found |= dict(zip(its, table.to_pylist(), strict=True))
        begin = end
    return found


def _fill(closed: Path, rows: Mapping[str, dict[str, Any]]) -> None:
    """Put texts that were withheld into rows that lack them."""
    wanted = pa.array(sorted(rows), pa.string())
    for path in sorted(closed.glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(columns=["id", "text_sha256", "closed"]):
            for kept in batch.filter(pc.is_in(batch["id"], wanted)).to_pylist():
                row = rows[kept["id"]]
                row["text"] = _text_of(kept["closed"], row["text_sha256"])


def _text_of(kept: str, sha256: str) -> str | None:
    """Return the text among the values that a build keeps of a withheld article: the one with the text's digest."""
    values = kept.split("\0")
    return next((value for value in values if hashlib.sha256(value.encode()).hexdigest() == sha256), None)


def _shown(row: dict[str, Any], place: Place) -> Shown:
    text = row.get("text")
    return Shown(row, place.split, place.config == "withheld", text[:_CHARACTERS] if text is not None else None)
