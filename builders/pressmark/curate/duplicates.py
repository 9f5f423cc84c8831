"""Which of several inputs stands for an article, and which of several articles for a text."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

UNDATED = "9999"
"""Sorts after every date."""

_NEVER = 2**31
"""Greater than the number of any release."""


@dataclass(slots=True)
class Entry:
    """What curation needs to know of a staged article."""

    at: tuple[int, int]
    """Its number of task and row in staging."""

    id: str
    text_sha256: str
    letters_sha256: str
    source: str
    published_on: str | None
    retrieved_at: int | None
    """Microseconds since 1970."""

    modified_at: int | None
    bytes: int
    """Length of its text in UTF-8."""

    capture_sha256: str
    url: str
    """Its address, or nothing."""

    rights: dict[str, Any]
    """The fields that the gate asks for."""

    stated: int = 0
    """How many fields say something of it that a reader would miss; nothing about rights is among them."""

    split: str | None = None
    """The split that its record says it is in."""

    is_cut: bool = False
    """Whether its text is no more than the beginning of what another capture of the article has."""

    edit: int | None = None
    """Which of the texts of an article that was captured several times it has, the earliest first, from 1."""

    released: int | None = None
    """Number of the earliest release that has it, as far as the previous ones say."""

    code: str = ""
    """Why it is set aside, if it is."""

    survivor: str = ""
    """The id that stands for it."""

    also: str = ""
    """Where it is left out because of two articles, the id of the other."""


def set_aside(
    entries: Sequence[Entry], said_by: Callable[[Entry], dict[str, Any]], *, keep_copies: bool = False
) -> None:
    """Mark earlier captures of an article, inputs that claim one id, and exact copies of a text.

    The outcome does not depend on the order of the entries.

    Args:
        entries: Everything that was read.
        said_by: Gives what an article says, beside where it came from and what was seen about rights. It is called
            only for captures of one time that have the same text in other bytes.
        keep_copies: Whether exact copies of a text under several ids stay.
    """
    for claims in _groups((entry for entry in entries if not entry.code), lambda entry: entry.id):
        _one_capture(claims, said_by)
    remaining = [entry for entry in entries if not entry.code]
    if keep_copies:
        return
    for copies in _groups(remaining, lambda entry: entry.text_sha256):
        first, *others = sorted(copies, key=precedence)
        for entry in others:
            entry.code, entry.survivor = "exact-copy", first.id


def precedence(entry: Entry) -> tuple[int, int, str, str]:
    """Return what articles are ordered by where one of several stands for the others.

    The one that was released first, else the one whose record says most, else the earliest, else by id. Rights play no
    part in it: an open copy never wins over a closed one.
    """
    released = _NEVER if entry.released is None else entry.released
    return (released, -entry.stated, entry.published_on or UNDATED, entry.id)


def _one_capture(claims: list[Entry], said_by: Callable[[Entry], dict[str, Any]]) -> None:
    """Keep the last complete capture; nothing is kept where two that say different things are the last."""
    complete = [entry for entry in claims if not entry.is_cut]
    latest = max(map(_lateness, complete))
    kept = sorted(
        (entry for entry in complete if _lateness(entry) == latest), key=lambda entry: (entry.capture_sha256, entry.at)
    )
    conflict = not _agree(kept, said_by)
    for entry in claims:
        if conflict:
            entry.code = "id-conflict"
        elif entry is not kept[0]:
            entry.code, entry.survivor = "cut-capture" if entry.is_cut else "later-capture", entry.id
    if not conflict:
        _number_edits(complete)


def _agree(captures: list[Entry], said_by: Callable[[Entry], dict[str, Any]]) -> bool:
    """Tell whether captures are the same article, in whatever bytes: of another crawler, format or order of keys."""
    if len({entry.capture_sha256 for entry in captures}) == 1:
        return True
    if len({(entry.text_sha256, entry.split) for entry in captures}) > 1:
        return False
    first, *others = map(said_by, captures)
    return all(said == first for said in others)


def _number_edits(captures: list[Entry]) -> None:
    """Number the texts of an article by the capture that each is first in; a text that comes back has its number."""
    numbers: dict[str, int] = {}
    for entry in sorted(captures, key=lambda entry: (_lateness(entry), entry.text_sha256)):
        entry.edit = numbers.setdefault(entry.text_sha256, len(numbers) + 1)


def _lateness(entry: Entry) -> tuple[int, int]:
    return (_or_never(entry.retrieved_at), _or_never(entry.modified_at))


def _or_never(moment: int | None) -> int:
    return -(2**63) if moment is None else moment


def _groups(entries: Iterable[Entry], key: Callable[[Entry], str]) -> list[list[Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[key(entry)].append(entry)
    return [group for group in groups.values() if len(group) > 1]
