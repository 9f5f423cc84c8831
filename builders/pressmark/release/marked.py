"""Words from outside as a card has to have them: no Markdown, whoever shows it; and what they were."""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence

_PUNCTUATION = r"`*_[]|#!~^{}"
_INSTEAD = {
    **{mark: f"\\{mark}" for mark in _PUNCTUATION},
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "\\": "&#92;",
    # Neither an address nor a formula, also where somebody looks for them in text without marks.
    **{mark: f"&#{ord(mark)};<!-- -->" for mark in "@$"},
}
_BIDI = ((0x202A, 0x202E), (0x2066, 0x2069))
_IN_A_WORD = re.compile(r"([.:])(?=[^ ])")
_ESCAPED = re.compile(r"\\([" + re.escape(_PUNCTUATION + ".:-+=)") + "])")
_LINK = re.compile(
    r"<([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"
    r"|https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/?&=#+,;:@-]*)?)>"
)


def marked(words: str) -> str:
    """Return words as they stand in a card."""
    line = " ".join(words.split())
    start = re.match(r"[0-9]{1,9}(?=[.)]( |$))|(?=[-+=])", line)
    cut = start.end() if start else None
    head, rest = ("", line) if cut is None else (f"{line[:cut]}\\{line[cut]}", line[cut + 1 :])
    # Every second piece is a mark that joins what stands around it.
    pieces = enumerate(re.split(_IN_A_WORD, rest))
    return head + "".join(f"\\{piece}" if number % 2 else _instead(piece) for number, piece in pieces)


def _instead(piece: str) -> str:
    return "".join(_INSTEAD.get(character) or _seen(character) for character in piece)


def _seen(character: str) -> str:
    """Return a character, or the name of one that is not seen and that turns others around, or controls something."""
    point = ord(character)
    turns = any(first <= point <= last for first, last in _BIDI)
    return f"\\[U+{point:04X}\\]" if turns or unicodedata.category(character) == "Cc" else character


def plain(words: str) -> str:
    """Return words of a card without what keeps them from being Markdown."""
    return html.unescape(_ESCAPED.sub(r"\1", words).replace("<!-- -->", ""))


def is_inactive(words: str) -> bool:
    """Tell whether words of a card do nothing but stand there."""
    return marked(plain(words)) == words


def is_contact(words: str) -> bool:
    """Tell whether a card may have this for an address: a link to just that address, or words."""
    return bool(_LINK.fullmatch(words)) or is_inactive(words)


def table(head: str, rows: Iterable[Sequence[object]], numbers: str = "") -> list[str]:
    """Return the lines of a table, and a blank one.

    Args:
        head: The names of its columns, a bar between them.
        rows: Its cells.
        numbers: Names of columns of numbers, a bar between them.
    """
    names, right = head.split("|"), numbers.split("|")
    line = "".join("---:|" if name in right else "---|" for name in names)
    lines = [f"|{''.join(f' {cell} |' for cell in row)}" for row in (names, *rows)]
    return [lines[0], f"|{line}", *lines[1:], ""]


def paragraphs(*told: str) -> list[str]:
    """Return paragraphs with a blank line behind each."""
    return [line for each in told if each for line in (each, "")]


def points(*told: str) -> list[str]:
    """Return a list with a blank line behind it."""
    return [f"- {each}" for each in told if each] + [""]
