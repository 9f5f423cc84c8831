"""What a workshop tells of every input, for the page."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from pressmark.errors import UsageError
from pressmark.page.table import Column, Listing

_ALWAYS = 10 * 100_000
"""How many rows with a note are listed: those are what the list is for."""


@dataclass(slots=True)
class Inputs:
    """All inputs of a build."""

    lines: tuple[str, ...]
    listing: Listing
    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """How many inputs became what, by release line."""

    notes: Counter[str] = field(default_factory=Counter)
    """How many inputs have a note, by code."""


def read_ledger(path: Path) -> Inputs:
    """Read what became of every input.

    Raises:
        UsageError: the ledger cannot be read.
    """
    rows = _rows(path)
    first = next(rows, None)
    if first is None:
        return Inputs((), Listing(_columns(())))
    lines = tuple(first["became"])
    found = Inputs(lines, Listing(_columns(lines)))
    _take(found, first)
    for row in rows:
        _take(found, row)
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as stream:
            yield from map(orjson.loads, stream)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path} cannot be read: {type(error).__name__}",
            advice="build the version again: the ledger is written anew",
        ) from error


def _columns(lines: tuple[str, ...]) -> list[Column]:
    became = [Column(f"became-{line}", f"became in {line}", filtered=True, brief=True, codes=True) for line in lines]
    return [
        Column("input", "input", brief=True),
        *became,
        Column("found", "what was found", brief=True),
        Column("id", "article"),
        Column("source", "source", filtered=True),
        Column("split", "split", filtered=True),
        Column("stands", "stands for it"),
        Column("notes", "notes", filtered=True, codes=True),
    ]


def _take(found: Inputs, row: Mapping[str, Any]) -> None:
    became = {line: outcome_of(its["class"], its.get("code", "")) for line, its in row["became"].items()}
    notes = [list(note) for note in row.get("notes", ())]
    for line, outcome in became.items():
        found.outcomes[line][outcome] += 1
    found.notes.update({code for code, _, _ in notes})
    identity = row.get("id", "")
    together = ", ".join(became.values())
    reason = ": ".join(filter(None, [row.get("place", ""), row.get("detail", "")]))
    found.listing.take(
        f"{together}, with notes" if notes else together,
        [
            f"{row['file']}:{row['line']}" if row["line"] else str(row["file"]),
            *(became.get(line, "") for line in found.lines),
            reason,
            identity,
            identity.partition(":")[0],
            row.get("split", ""),
            "; ".join(_others(row)),
            notes,
        ],
        **({"most": _ALWAYS} if notes else {}),
    )


def outcome_of(kind: str, code: str) -> str:
    """Return a class and a code as one word that people read."""
    return f"{kind}: {code}" if code else kind


def _others(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the articles that an input is a copy of or gave way to."""
    for name in ("survivor", "also"):
        if row.get(name):
            yield str(row[name])
    for line, its in row["became"].items():
        if its.get("copy_of"):
            yield f"{its['copy_of']} (in {line})"
