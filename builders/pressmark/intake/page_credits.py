"""The credits of a text page: lines that its layout tells, and lines that are credits by their words alone."""

from collections.abc import Sequence

from pressmark.intake.credits import Credits, in_line
from pressmark.intake.draft import Draft
from pressmark.intake.layout import CREDITS, Told
from pressmark.intake.names import is_surely_names, people_and_source


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


def take_credits(known: list[Told], body: list[Told], draft: Draft) -> list[Told]:
    """Take the credits off that begin and end the body, and return the rest.

    Args:
        known: Credits above the time, and the line of the time, which may have credits too.
        body: The lines below.
        draft: Gets what they say.
    """
    start, end = 0, len(body)
    while start < end and _is_credit(body, start):
        start += 1
    while end > start and _is_credit(body, end - 1):
        end -= 1
    contributors = []
    for line in (*known, *body[:start], *body[end:]):
        said = _said(line)
        if said.derivation:
            draft.fields["derivation"] = said.derivation
        if line.anchor and line.anchor.source_language:
            draft.fields["source_language"] = line.anchor.source_language
        if said.syndicated_from:
            draft.fields["provenance"]["syndicated_from"] = said.syndicated_from
        contributors += said.contributors
    draft.fields["contributors"] = contributors
    for line in body[start:end]:
        if line.role in CREDITS:
            detail = "found a credit that is neither above nor below the text; it stays in the text"
            draft.notes.append(("credit-in-text", f"line {line.number}", detail))
    return body[start:end]


def _is_credit(body: Sequence[Told], position: int) -> bool:
    """Tell whether a line is a credit: by its anchor, else by its words, unless it stands below a picture."""
    line = body[position]
    if line.role or (position and body[position - 1].role == "image"):
        return line.role in CREDITS
    return in_line(line.text) is not None


def _said(line: Told) -> Credits:
    """Return what a credit says. An agency among the names that an anchor tells is where the text is from."""
    if line.anchor is None:
        return in_line(line.text) or Credits()
    said = Credits(derivation=line.anchor.derivation)
    label = {"label": line.anchor.label} if line.anchor.label else {}
    for role, name in line.people:
        people, source = people_and_source(name) if is_surely_names(name) else ([], None)
        said.contributors += [{"role": role, "name": each, **label} for each in people or ([] if source else [name])]
        said.syndicated_from = said.syndicated_from or source
    said.syndicated_from = line.source or said.syndicated_from
    return said
