"""The credits of a text page: lines that its layout tells, and lines that are credits by their words alone."""

import re
from collections.abc import Sequence

from pressmark.article.owners import is_owned_by
from pressmark.article.reservations import reserves
from pressmark.intake.credits import Credits, in_line
from pressmark.intake.draft import Draft
from pressmark.intake.layout import CREDITS, Told
from pressmark.intake.names import is_surely_an_agency, is_surely_names, people_and_sources

Names = tuple[str, str]

_WRITERS = ("aut", "rpt")
_MOST_NOTICES, _LONGEST_NOTICE = 2, 160
_BRACKET = re.compile(r"[(\uff08\[]")


def credits_above(lines: list[Told]) -> tuple[list[Told], list[Told]]:
    """Return the lines above the time that are headline and decks, and those that are credits.

    The first that no anchor calls a credit is the headline, whatever its words.
    """
    headline: list[Told] = []
    credited: list[Told] = []
    for line in lines:
        by_words = bool(headline) and not line.role and in_line(line.text) is not None
        (credited if by_words or line.role in CREDITS else headline).append(line)
    return headline, credited


def take_credits(known: list[Told], body: list[Told], own: Names, draft: Draft) -> list[Told]:
    """Take the credits off that begin and end the body, and return the rest.

    Notices that no anchor knows stay, and credits before them are found.

    Args:
        known: Credits above the time, and the line of the time, which may have credits too.
        body: The lines below.
        own: Names of the paper and its publisher.
        draft: Gets what they say.
    """
    start, end, notices = 0, len(body), list[Told]()
    while start < end and _is_credit(body, start):
        start += 1
    credited_to = end
    while end > start:
        line = body[end - 1]
        if _is_credit(body, end - 1):
            credited_to = end - 1
        elif line.role or len(notices) == _MOST_NOTICES or len(line.text) > _LONGEST_NOTICE or not reserves(line.text):
            break
        else:
            notices.insert(0, line)
        end -= 1
    between = [line for line in body[credited_to:] if line in notices]
    _tell([*known, *body[:start], *(line for line in body[credited_to:] if line not in notices)], own, draft)
    for line in body[start:credited_to]:
        if line.role in CREDITS:
            detail = "found a credit that is neither above nor below the text; it stays in the text"
            draft.notes.append(("credit-in-text", f"line {line.number}", detail))
    return [*body[start:credited_to], *between]


def is_credit(line: Told) -> bool:
    """Tell whether a line is a credit: by its anchor, else by its words."""
    return line.role in CREDITS or (not line.role and in_line(line.text) is not None)


def names_a_writer(line: Told) -> bool:
    """Tell whether a credit names somebody who wrote the text."""
    return any(each["role"] in _WRITERS for each in _said(line)[0].contributors)


def _is_credit(body: Sequence[Told], position: int) -> bool:
    """Tell whether a line is a credit; what stands below a picture is its caption, unless an anchor says otherwise."""
    below_picture = position and body[position - 1].role == "image"
    return body[position].role in CREDITS if below_picture else is_credit(body[position])


def _tell(lines: Sequence[Told], own: Names, draft: Draft) -> None:
    """Note what credits say; of several sources the first that is not the paper itself, which may hide no other."""
    every, sources = Credits(), [line.source for line in lines if line.source]
    for line in lines:
        said, found = _said(line)
        sources += found
        # What one credit calls a translation no other makes an original.
        if said.derivation and draft.fields.get("derivation") != "translation":
            draft.fields["derivation"] = said.derivation
        if line.anchor and line.anchor.source_language:
            draft.fields["source_language"] = line.anchor.source_language
        for each in said.contributors:
            every.add(each["role"], each["name"], each.get("label", ""))
    if sources:
        foreign = (source for source in sources if not is_owned_by(source, own))
        draft.fields["provenance"]["syndicated_from"] = next(foreign, sources[0])
    draft.fields["contributors"] = every.contributors


def _said(line: Told) -> tuple[Credits, list[str]]:
    """Return what a credit says of people, and the agencies and papers among its names."""
    if line.anchor is None:
        said = in_line(line.text) or Credits()
        return said, [said.syndicated_from] if said.syndicated_from else []
    said, sources = Credits(derivation=line.anchor.derivation), list[str]()
    for role, name in line.people:
        people, found = _parted(role, name)
        sources += found
        for each in people:
            said.add(role, each, line.anchor.label or "")
    return said, sources


def _parted(role: str, name: str) -> tuple[list[str], list[str]]:
    """Return the people that a name means, and the agencies beside them; the name as printed where that is not sure.

    A translator stays one whatever the name, for a translation is of somebody else's text. Alone, an agency is told by
    nothing but a name that only agencies have: people have initials, and are called Post.
    """
    if not is_surely_names(name) or _BRACKET.search(name):
        return [name], []
    people, sources = people_and_sources(name)
    if people:
        return people, sources
    is_agency = role != "trl" and any(map(is_surely_an_agency, sources))
    return ([], sources) if is_agency else ([name], [])
