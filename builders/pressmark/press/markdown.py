"""Markdown of what comes from outside: words stay words, whoever shows a card, and tables keep their columns."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# As a number: two backslashes before a parenthesis begin a formula on the Hub, also where the first marks the second.
_NAMED["\\"] = "&#92;"
# With an empty comment behind: GitHub makes addresses of mail into links when all marks are read, and text has become
# one piece.
_NAMED |= {"@": "&#64;<!-- -->", "$": "&#36;<!-- -->"}
_MARKS = frozenset("`*_[]|#!~^{}")
_JOINING = frozenset(".:")
"""What makes an address of the letters around it; in front of a space it is punctuation."""

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns letters around up to the end of the line, those of others too."""

_AT_THE_START = re.compile(r"[0-9]{1,9}(?=[.)](?: |$))|(?=[-+=])")
"""What begins a list, or makes a heading of the line above."""
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_PAGE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/?&=#+,;:@-]*)?")


def escaped(text: str) -> str:
    """Return words so that they stay words in Markdown, in a paragraph, a table or a heading: one line, not active."""
    line = " ".join(text.split())
    marked = "".join(map(_escaped, line, f"{line[1:]} "))
    start = _AT_THE_START.match(marked)
    return f"{marked[: start.end()]}\\{marked[start.end() :]}" if start else marked


def _escaped(character: str, after: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    if character in _MARKS or (character in _JOINING and after != " "):
        return f"\\{character}"
    if character in _TURNING or unicodedata.category(character) == "Cc":
        return f"\\[U+{ord(character):04X}\\]"
    return character


def address(text: str) -> str:
    """Return a contact: as a link where it is a plain address, else as words."""
    plain = _MAIL.fullmatch(text) or _PAGE.fullmatch(text)
    return f"<{text}>" if plain else escaped(text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]], numbers: Collection[str] = ()) -> list[str]:
    """Return the lines of a table, and a blank one.

    Args:
        head: The names of its columns.
        rows: Cells that are Markdown already.
        numbers: Columns whose cells stand at the right.
    """
    marks = ("---:" if name in numbers else "---" for name in head)
    return [_row(head), f"|{'|'.join(marks)}|", *map(_row, rows), ""]


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def spaced(paragraphs: Iterable[str]) -> list[str]:
    """Return the lines of paragraphs, a blank one behind each."""
    return [line for paragraph in paragraphs for line in (paragraph, "")]


def listed(points: Iterable[str]) -> list[str]:
    """Return the lines of a list, and a blank one."""
    return [*(f"- {point}" for point in points), ""]
