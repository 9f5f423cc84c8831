"""Lines of JSON of which one look shows that there is nothing to clean and nothing to refuse in them.

Most records that a paper delivers are so: every character stands for itself in NFC, no value is empty, no space stands
at an end. Looking is one pass of a compiled pattern, where every other record is gone through value by value, several
times; what is read is the same either way, and a property test holds one against the other.
"""

from typing import Any

import orjson
import re2

INERT = (
    r"!#-\[\]-~"
    "\u00a1-\u02ff"
    "\u0386\u0388-\u0482\u048a-\u052f"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20c0"
    "\u2100-\u2125\u2190-\u2328\u232b-\u2adb\u2add-\u2bff"
    "\u3001-\u3029\u3030-\u303f\u3041-\u3096\u30a1-\u30ff\u3105-\u312f\u3131-\u318e\u3200-\u33ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uff01-\uffbe"
    "\U0001f000-\U0001faff"
)
"""Characters that are no control, no space, no quotation mark and no backslash, and that NFC leaves as they are,
whatever stands beside them (`NFC_Quick_Check` is yes, the combining class 0: UAX #15, section 9)."""

_CHARACTER = rf'(?:[{INERT}]|\\["/])'


def _plain(line_end: str) -> Any:
    """Return the pattern of plain lines in which a text has these line ends between its lines."""
    string = rf'"{_CHARACTER}(?: *{_CHARACTER})*"'
    text = rf'"text": ?"{_CHARACTER}(?:(?: *|{line_end}){_CHARACTER})*"'
    value = rf"(?:{string}|{_NUMBER}|true|false)"
    other = rf"(?:(?:\[?{{|\[) ?{value}|{value}|[,:] ?|[}}\]])*"
    return re2.compile(rf"{other}(?:{{?{text}{other})?")


_NUMBER = r"[0-9]{1,15}[,}\]]"
_PARAGRAPHS, _LINES = _plain(r"(?:\\n){1,2}"), _plain(r"(?:\\n){2}")
"""Strings with no space at an end or beside a line end, whole numbers that every reader reads, and what is between, in
no two brackets with nothing in them. Line ends are in one string alone, which is called text."""

_FEWER = -(1 << 40)
_DEEPEST = 8
"""As many levels as a plain record may have; the contract needs five."""


def read_plain(line: bytes, *, by_line: bool) -> dict[str, Any] | None:
    """Return the record of a line, if it is plain and its text is in paragraphs already; else None.

    Such a record has no key twice, no number but whole ones, nothing that is empty, no control character but the line
    ends of its text, and each string is as the text rules would leave it.

    Args:
        line: The bytes, in UTF-8 where they are plain.
        by_line: Each line of the text is a paragraph; otherwise blank lines part them.
    """
    if not (_LINES if by_line else _PARAGRAPHS).fullmatch(line):
        return None
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    # Every key is followed by a quotation mark and a colon: more of these than keys may be a key that is there twice.
    if type(value) is not dict or line.count(b'":') != _keys(value, _DEEPEST):
        return None
    text = value.get("text")
    if type(text) is not str or ("\n" not in text and b"\\n" in line):
        return None
    return value


def _keys(value: dict[str, Any], deepest: int) -> int:
    """Return how many keys are below a value; fewer where it is deeper than may be, or a list stands in a list."""
    if not deepest:
        return 0
    count = len(value)
    for inner in value.values():
        if type(inner) is dict:
            count += _keys(inner, deepest - 1)
        elif type(inner) is list:
            for each in inner:
                if type(each) is dict:
                    count += _keys(each, deepest - 1)
                elif type(each) is list:
                    return _FEWER
    return count
