"""The card of a release: worked out again from rows, manifest and the publisher's words, line by line."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

import yaml

from pressmark import wording
from pressmark.errors import refuse_used_up
from pressmark.findings import Finding
from pressmark.release.accounted import absent_sections, rights_sections, version_sections
from pressmark.release.cited import CITATION, citation_section
from pressmark.release.columns import Contract, read_contract, table_of_columns
from pressmark.release.composed import Found, Section, found_in
from pressmark.release.copies import plain_bytes
from pressmark.release.front import front_faults
from pressmark.release.glance import first_sections
from pressmark.release.made import made_sections, question_sections
from pressmark.release.marked import is_contact, is_inactive, marked, plain, table
from pressmark.release.parts import FenceError, without_parts
from pressmark.release.shape import structure_sections
from pressmark.release.stated import Words
from pressmark.release.tally import Tally

CARD = "README.md"
_CONTACT = "- **Contact:** "
_FRONT = re.compile(r"---\n(.*?\n)---\n\n", re.DOTALL)
_LONGEST = 80


def verify_card(
    folder: Path, manifest: Mapping[str, Any], tally: Tally, lacking: Collection[str], words: Words | None
) -> Iterator[Finding]:
    """Yield what the card says otherwise than manifest, rows and the words in `croissant.json`.

    It is held against what the copy has of all that it speaks of.
    """
    if CARD in lacking:
        return
    try:
        derived, faults = without_parts(plain_bytes(folder, CARD).decode("utf-8"))
        front, body = _divided(derived)
        card = yaml.safe_load(front)
        found, contract = found_in(folder, manifest, tally, lacking, words), read_contract(folder)
        told = [*front_faults(front, card, found, contract), *(("", fault) for fault in faults)]
        contact = _contact(body)
        sections = _sections(found, card, body, contract, contact)
        told += [("", fault) for fault in _body_faults(body, [*sections], front.count("\n") + 3)]
        told += [("", fault) for fault in _own_faults(found, body, contact)]
    except FenceError as error:
        yield Finding("card-differs", CARD, "", str(error))
        return
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, yaml.YAMLError) as error:
        refuse_used_up(error)
        yield Finding("card-differs", CARD, "", f"cannot be read: {type(error).__name__}")
        return
    for place, fault in told:
        yield Finding("rights-differ" if place == "license" else "card-differs", CARD, place, fault)


def _divided(card: str) -> tuple[str, list[str]]:
    """Return the front matter without its marks, and the lines behind it."""
    opening = _FRONT.match(card)
    if opening is None:
        raise ValueError("found no front matter")
    return opening[1], card[opening.end() :].split("\n")


def _contact(body: Sequence[str]) -> str:
    """Return where withdrawals are asked for, as Markdown: nothing else in a release says it."""
    return next((line.removeprefix(_CONTACT) for line in body if line.startswith(_CONTACT)), "")


def _sections(
    found: Found, card: Mapping[str, Any], body: Sequence[str], contract: Contract, contact: str
) -> Iterator[Section]:
    """Yield all sections of a card in their order."""
    yield from first_sections(found, card, body, contact)
    yield from structure_sections(found)
    yield from absent_sections(found)
    yield from rights_sections(found, contact)
    yield from made_sections(found)
    yield from question_sections(found)
    yield from version_sections(found)
    if any(entry["path"] == CITATION for entry in found.manifest["files"]):
        yield "## Citation", citation_section(found.words, found.manifest) if found.words else None
    yield "## Columns", ["", *table("column|type|meaning", _columns(contract))]


def _columns(contract: Contract) -> Iterator[tuple[str, str, str]]:
    for name, kind, text in table_of_columns(contract):
        whole, *members = re.split(r"(?<=struct) of ", kind)
        fields = [wording.words("columns.fields", names=re.sub("([a-z0-9_]+)", r"`\1`", each)) for each in members]
        yield name, whole, " ".join([marked(text), *fields])


def _body_faults(body: Sequence[str], sections: Sequence[Section], above: int) -> Iterator[str]:
    """Yield where the lines of a card are not those that it has to have.

    Args:
        body: The lines.
        sections: What they have to be.
        above: How many lines stand above them.
    """
    starts = [number for number, heading in enumerate(_headings(body)) if heading]
    if starts[:1] != [0] or [body[start] for start in starts] != [heading for heading, _ in sections]:
        expected = [heading for heading, _ in sections]
        both = zip_longest((body[start] for start in starts), expected)
        place = next((number for number, (one, other) in enumerate(both) if one != other), 0)
        wanted = repr(expected[place][:_LONGEST]) if place < len(expected) else "the end of the card"
        yield f"its sections are not those that every card has: expected {wanted} as number {place + 1}"
        return
    for (start, end), (heading, lines) in zip(pairwise([*starts, len(body)]), sections, strict=True):
        told = body[start + 1 : end]
        if lines is not None and told != lines:
            differing = (number for number, pair in enumerate(zip_longest(told, lines)) if pair[0] != pair[1])
            line = above + start + 2 + next(differing)
            yield f"line {line}: the section {heading[:_LONGEST]!r} is not what rows and manifest give"


def _headings(lines: Sequence[str]) -> Iterator[bool]:
    """Tell of each line whether it is a heading; none is in a block of code."""
    inside = False
    for line in lines:
        yield not inside and bool(re.match("#{1,6} ", line))
        inside ^= line.startswith("```")


def _own_faults(found: Found, body: Sequence[str], contact: str) -> Iterator[str]:
    """Yield what is wrong with words that nothing else in a release says: they may be any, and do nothing."""
    if not contact or not is_contact(contact):
        yield "where withdrawals are asked for is not written as it has to be"
    if found.words:
        return
    version = f"Version {found.manifest['version']}, as of {found.manifest['as_of']}."
    head = body[1 : body.index(version)]
    if len(head) not in (1, 3) or any(head[::2]) or not all(map(is_inactive, head[1::2])) or plain(body[0][2:]) == "":
        yield "what stands below its title is not written as it has to be"
