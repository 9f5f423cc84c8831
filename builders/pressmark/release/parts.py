"""The parts of a card that its publisher wrote, told from the derived rest by the comments around them."""

import re
from collections.abc import Iterator

_NAME = r"card/([a-z0-9][a-z0-9-]{0,63}\.md)"
_BEGIN, _END = re.compile(f"<!-- {_NAME} -->"), re.compile(f"<!-- end of {_NAME} -->")
_LIKE_ONE = re.compile(r"\s*<!--\s*(end\s+of\s+)?card/", re.IGNORECASE)
_LARGEST = 100_000
_CONTROL = re.compile("[^\t\n -~\u00a0-\U0010ffff]")
_CODE = re.compile(r" {0,3}(```+|~~~+)([^\n]*)")


class FenceError(ValueError):
    """The comments around parts do not fit each other."""


def cut(card: str) -> tuple[list[str], dict[str, str]]:
    """Return the lines of a card that are of no part, and the parts by file name, in the order of the card.

    Raises:
        FenceError: a comment has no counterpart, stands within another part, or names a part twice.
    """
    outside: list[str] = []
    parts: dict[str, str] = {}
    name, held = "", [""]
    for number, line in enumerate(card.split("\n"), 1):
        begin, end = _BEGIN.fullmatch(line), _END.fullmatch(line)
        if not _LIKE_ONE.match(line):
            (held if name else outside).append(line)
        elif begin and not name and begin[1] not in parts:
            name, held = begin[1], []
        elif end and end[1] == name:
            parts[name] = "".join(f"{each}\n" for each in held)
            name = ""
        else:
            expected = f"<!-- end of card/{name} -->" if name else "<!-- card/NAME.md -->, each name once"
            raise FenceError(f"line {number}: found another comment about a part, expected {expected}")
    if name:
        raise FenceError(f"expected <!-- end of card/{name} -->, found the end of the card")
    return outside, parts


def without_parts(card: str) -> tuple[str, list[str]]:
    """Return a card without the parts at its end, and what is wrong with those.

    They may stand nowhere else: behind all that is derived, nothing that they open can swallow any of it.

    Raises:
        FenceError: the comments around parts do not fit each other.
    """
    outside, parts = cut(card)
    if not parts:
        return card, []
    derived = "\n".join(outside[: -len(parts)])
    told = [f"\n<!-- card/{name} -->\n{parts[name]}<!-- end of card/{name} -->\n" for name in sorted(parts)]
    faults = [f"card/{name}: {fault}" for name, text in parts.items() for fault in _faults(text)]
    if not derived.endswith("\n") or "".join([derived, *told]) != card:
        faults.append("its parts card/NAME.md do not stand at its end, in the order of their names")
    return derived, faults


def _faults(text: str) -> Iterator[str]:
    if len(text.encode()) > _LARGEST:
        yield f"has more than {_LARGEST} bytes"
    if not text.strip():
        yield "has no words"
    if _CONTROL.search(text) or text.startswith("\ufeff"):
        yield "has control characters"
    if re.match(r"(?:\s*\n)?---[ \t]*\n", text):
        yield "begins with front matter"
    marks = ""
    for line in text.split("\n"):
        code = _CODE.fullmatch(line)
        if code and marks and code[1].startswith(marks) and not code[2].strip(" \t"):
            marks = ""
        elif code and not marks and not ("`" in code[1] and "`" in code[2]):
            marks = code[1]
        elif not marks and re.match(r" {0,3}#([ \t]|$)", line):
            yield "has a title of its own"
    if marks:
        yield "has a block of code that is not closed"
