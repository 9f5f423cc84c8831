"""One row, as any reader has it: the contract, what its fields say of each other, its text, its rights, its place."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from pressmark.findings import Finding
from pressmark.release.letters import letters
from pressmark.release.rights import Rules, shows_too_much, wrong_reason
from pressmark.release.valid import Contract

Row = Mapping[str, Any]

Place = tuple[bool, str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """What rows of a file are held against."""

    path: str
    config: str
    release: int
    rules: Rules
    contract: Contract
    opened: list[str]
    """Columns that rights open."""

    verdicts: dict[tuple[Any, ...], list[tuple[str, str]]] = field(default_factory=dict)
    """Codes and words about rights, by all that they follow from: thousands of rows say the same."""


def row_findings(held: Held, row: Row, previous: Place | None) -> Iterator[Finding]:
    """Yield what is wrong with a row.

    Args:
        held: What it is held against.
        row: The row.
        previous: The place of the row before it.
    """
    place = f"id {row['id']}"
    if not held.contract.keeps(row) or not _is_sound(row, held.release):
        yield Finding("row-invalid", held.path, place, "is no row of an article by the contract")
    for fault in _text_faults(row):
        yield Finding("content-differs", held.path, place, fault)
    for code, fault in verdict(held, row):
        yield Finding(code, held.path, place, fault)
    if previous is not None and place_of(row) < previous:
        yield Finding("order-differs", held.path, place)


def verdict(held: Held, row: Row) -> list[tuple[str, str]]:
    """Return codes and words of what is wrong with the rights of a row."""
    shown = tuple(name for name in held.opened if row.get(name))
    rights = orjson.dumps(row["rights"])
    key = (rights, row["rights_status"], row.get("license"), row.get("withheld_because"), row.get("attribution"), shown)
    known = held.verdicts.get(key)
    if known is None:
        known = [("rights-differ", fault) for fault in shows_too_much(row, held.config, held.rules)]
        if held.config == "withheld" and (fault := wrong_reason(row, held.rules)):
            known.append(("reasons-differ", fault))
        held.verdicts[key] = known
    return known


def _is_sound(row: Row, release: int) -> bool:
    """Tell whether fields that follow from each other do."""
    precision = row.get("published_precision")
    known = "published_on" in row or "published_at" in row
    return bool(
        row["id"].startswith(f"{row['source']}:")
        and {"added_in", "changed_in", "group_id"} <= row.keys()
        and row["added_in"] <= row["changed_in"] <= release
        and known is (precision is not None)
        and ("published_at" in row or precision in ("day", None))
        and ("published_on" in row or "published_at" not in row)
    )


def _text_faults(row: Row) -> Iterator[str]:
    text = row.get("text")
    if text is not None:
        if hashlib.sha256(text.encode()).hexdigest() != row.get("text_sha256"):
            yield "the text has another SHA-256"
        if hashlib.sha256(letters(text).encode()).hexdigest() != row.get("letters_sha256"):
            yield "its letters have another SHA-256"
        if len(text) != row.get("characters"):
            yield "the text has another length"


def place_of(row: Row) -> Place:
    """Return what rows of a file are ordered by: moment, else midnight of the day, else last; then id."""
    moment, day = row.get("published_at"), row.get("published_on")
    if moment is None:
        return (day is None, f"{day}T00:00:00.000000", row["id"])
    return (False, moment[:-1] if "." in moment else f"{moment[:-1]}.000000", row["id"])
