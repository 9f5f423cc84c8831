"""The text rules: what is done to characters on their way into a record, and nothing else.

NFC; line ends to LF; byte order mark, indentation and trailing spaces off; U+00A0 and U+2002 to a space; runs of blank
lines to one. No spelling, no punctuation, no script is touched. Each step is counted.
"""

import re
import unicodedata
from collections import Counter
from typing import Any

_LINE_END = re.compile("\r\n?")
_COMPATIBILITY = re.compile("[\uf900-\ufaff]")
_SPACES = ("\u00a0", "\u2002")
_BOM = "\ufeff"
_START = re.compile("[\ufeff\\s]*")
# What a line is freed from: every space and separator of Unicode, and no control character but the tab; those are left
# for the door to refuse.
_OUTER = (
    " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def lines(text: str, steps: Counter[str]) -> list[str]:
    """Return the lines of a text by the text rules, blank ones included, and count the steps."""
    start = _START.match(text)
    assert start is not None
    if _BOM in start.group():
        steps["byte-order-mark"] += start.group().count(_BOM)
        text = start.group().replace(_BOM, "") + text[start.end() :]
    if "\r" in text:
        text, ends = _LINE_END.subn("\n", text)
        steps["line-ends"] += ends
    kept = composed(text, steps).split("\n")
    stripped = [line.strip(_OUTER) for line in kept]
    steps["outer-spaces"] += sum(map(len, kept)) - sum(map(len, stripped))
    return stripped


def composed(text: str, steps: Counter[str]) -> str:
    """Return a text in NFC with plain spaces."""
    if not unicodedata.is_normalized("NFC", text):
        compatibility = len(_COMPATIBILITY.findall(text))
        result = unicodedata.normalize("NFC", text)
        steps["compatibility-ideographs"] += compatibility - len(_COMPATIBILITY.findall(result))
        steps["nfc"] += max(1, len(text) - len(result))
        text = result
    for space in _SPACES:
        # Hardly any text has one, and to look for it is a hundredth of what `translate` takes.
        if space in text:
            steps["plain-spaces"] += text.count(space)
            text = text.replace(space, " ")
    return text


def paragraphs(text: str, steps: Counter[str], *, by_line: bool) -> str:
    """Return a text as paragraphs joined by one blank line.

    Args:
        text: The text as it came.
        steps: Where steps are counted.
        by_line: Each line is a paragraph; otherwise blank lines part them, and single line ends stay.
    """
    found = lines(text, steps)
    if by_line:
        return "\n\n".join(line for line in found if line)
    blocks: list[list[str]] = [[]]
    for line in found:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return "\n\n".join("\n".join(block) for block in blocks if block)


def fields(value: Any, steps: Counter[str]) -> Any:
    """Return a JSON value with each of its strings composed and stripped; for fields of one line."""
    if isinstance(value, str):
        return composed(value, steps).strip(f"{_OUTER}\r\n")
    if isinstance(value, dict):
        return {key: fields(inner, steps) for key, inner in value.items()}
    if isinstance(value, list):
        return [fields(inner, steps) for inner in value]
    return value
