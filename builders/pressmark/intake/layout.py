"""A page layout at work: tells each line of a text page by the anchors of its source file."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pressmark.article.rights import compiled_pattern
from pressmark.findings import RefusedInputError
from pressmark.sources import Anchor, Layout

HEAD = frozenset({"masthead", "serial", "section"})
FOOT = frozenset({"related", "notice", "imprint"})
CREDITS = frozenset({"credit", "syndicated"})
SKIP = "skip"
"""The role of lines that are no part of an article, such as a pager: left out wherever they stand."""

_PEOPLE = ("aut", "rpt", "trl", "com", "edt", "pht")

_LIST_BULLETS = 2
_ALIKE, _LONGEST, _COMPARED, _DIGITS = 0.6, 60, 20, 5
"""How alike a line and a pattern are, at least, for one to be meant by the other; characters of such a line; lines
that are compared at either end of a page; digits of a date, at least."""

_YEAR = "[0-9]{4}"
_ANYTHING = re.compile(r"[.]([*+?]|[{][0-9,]*[}])")
_ANYTHING_LAST = re.compile(rf"{_ANYTHING.pattern}[)]?$")
"""What stands in patterns for anything at all, anywhere and at the end."""

_SENTENCE_ENDS = tuple(".。．!?！？…”\"'’」』।؟»")


@dataclass(frozen=True, slots=True)
class Told:
    """One line that is not blank."""

    number: int
    """Its number in the file, from 1."""

    text: str
    anchor: Anchor | None = None
    """The anchor that matches it, if any."""

    groups: Any = None
    """What the pattern's named groups hold."""

    @property
    def role(self) -> str:
        """The anchor's role, or an empty string."""
        return self.anchor.role if self.anchor else ""

    @property
    def value(self) -> str:
        """What the group `value` holds, else the whole line."""
        return (self.groups or {}).get("value") or self.text

    @property
    def people(self) -> list[tuple[str, str]]:
        """The people that the line names, each behind a role: in its `name`, and in groups named like a role."""
        if self.anchor is None:
            return []
        groups, credited = self.groups or {}, []
        if self.role == "credit":
            credited = [(self.anchor.contributor or "", groups["name"] or self.text)]
        credited += [(role, groups.get(role) or "") for role in _PEOPLE]
        return [(role, name.strip()) for role, name in credited if name.strip()]

    @property
    def source(self) -> str:
        """The paper or agency that the line credits, or an empty string."""
        groups = self.groups or {}
        named = groups["name"] or self.text if self.role == "syndicated" else groups.get("source") or ""
        return str(named).strip()


@cache
def _compiled(layout: Layout) -> tuple[tuple[Anchor, Any], ...]:
    return tuple((anchor, compiled_pattern(anchor.pattern)) for anchor in layout.anchors)


def tell(lines: list[str], layout: Layout) -> list[Told]:
    """Return the lines that are not blank, each with the first anchor that matches the whole of it."""
    told = []
    for number, text in enumerate(lines, 1):
        if not text:
            continue
        for anchor, pattern in _compiled(layout):
            found = pattern.fullmatch(text)
            if found:
                told.append(Told(number, text, anchor, found.groupdict()))
                break
        else:
            told.append(Told(number, text))
    return told


def timestamp_of(told: Sequence[Told], layout: Layout) -> int:
    """Return where among some lines the time of publication is.

    Raises:
        RefusedInputError: `not-an-article` or `layout-mismatch`.
    """
    if _bullets(told, layout) >= _LIST_BULLETS:
        raise RefusedInputError("not-an-article", "found a list of entries", f"line {told[0].number}")
    for position, line in enumerate(told):
        if line.role == "timestamp":
            return position
    near = _like_a_time(told)
    raise RefusedInputError("layout-mismatch", f"expected a line with the time of publication, found none{near}")


def require(told: Sequence[Told], layout: Layout) -> None:
    """Refuse lines that lack one which every page of the source has.

    Raises:
        RefusedInputError: `layout-mismatch`.
    """
    roles = {line.anchor for line in told}
    for anchor in layout.anchors:
        if anchor.required and anchor not in roles:
            detail = f"expected a line with the role {anchor.role}, found none{nearest(told, anchor)}"
            raise RefusedInputError("layout-mismatch", detail)


def _bullets(told: Sequence[Told], layout: Layout) -> int:
    """Return how many lines look like entries of a list of articles."""
    if layout.bullet is None:
        return 0
    pattern = compiled_pattern(layout.bullet)
    # A line that an anchor tells, a serial between bullets, say, is no entry.
    return sum(1 for line in told if not line.role and pattern.search(line.text))


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends as a sentence does."""
    return line.endswith(_SENTENCE_ENDS)


def can_be_deck(line: Told, layout: Layout) -> bool:
    """Tell whether a line can be a subtitle by what it is like."""
    return not line.role and len(line.text) <= layout.subtitle_characters and not ends_sentence(line.text)


def nearest(told: Sequence[Told], anchor: Anchor) -> str:
    """Return in words which line may have been meant by an anchor that matches none, nothing where none is like it."""
    words = _ANYTHING.sub("", anchor.pattern.replace(_YEAR, "2024")).replace("\\", "")
    # Where anything may follow what the pattern says, the beginning of a line is compared, however long that is.
    is_open = _ANYTHING_LAST.search(anchor.pattern) is not None
    most = len(words) if is_open else _LONGEST
    ends = (*told[:_COMPARED], *told[-_COMPARED:])
    named = [line for line in reversed(ends) if not line.role and (is_open or len(line.text) <= most)]
    lines = {line.text[:most]: line.number for line in named}
    alike = difflib.get_close_matches(words, lines, 1, _ALIKE)
    return f"; the nearest is line {lines[alike[0]]}" if alike else ""


def _like_a_time(told: Sequence[Told]) -> str:
    """Return in words which line may be the time of publication, nothing where none has the digits of a date."""
    for line in told:
        if not line.role and len(line.text) <= _LONGEST and len(re.findall("[0-9]", line.text)) >= _DIGITS:
            return f"; the nearest is line {line.number}"
    return ""
