"""A unified diff of two texts, as `diff -u` prints it, safe to print whoever wrote them."""

import difflib
import re
import unicodedata
from collections.abc import Sequence

_AROUND = 3
_MOST_LINES = 1000
"""Beyond these, lines are not matched with each other: texts can be made for which that takes hours."""

_NUMBER = re.compile("([-+])([0-9]+)")


def unified(old: Sequence[str], new: Sequence[str], names: tuple[str, str]) -> list[str]:
    """Return the lines of a unified diff; none where nothing differs.

    What two long texts have in common at both ends is set aside first. Where more than 1,000 lines are left of either,
    all lines of the one are shown as removed and all of the other as added.

    Args:
        old: Lines without their ends.
        new: The same.
        names: What the two are called.
    """
    if list(old) == list(new):
        return []
    first = _common(old, new)
    last = min(_common(old[::-1], new[::-1]), len(old) - first, len(new) - first)
    skipped = max(0, first - _AROUND)
    one, other = (lines[skipped : len(lines) - max(0, last - _AROUND)] for lines in (old, new))
    if max(len(one), len(other)) > _MOST_LINES:
        found = [f"@@ -1,{len(one)} +1,{len(other)} @@", *(f"-{line}" for line in one), *(f"+{line}" for line in other)]
    else:
        _, _, *found = difflib.unified_diff(one, other, n=_AROUND, lineterm="")
    head = [f"--- {names[0]}", f"+++ {names[1]}"]
    return [visible(line) for line in (*head, *(_moved(line, skipped) for line in found))]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    differing = (number for number, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    return next(differing, min(len(old), len(new)))


def _moved(line: str, by: int) -> str:
    """Return a line of a diff that began further down; of its lines only headers begin with @@."""
    return _NUMBER.sub(lambda found: f"{found[1]}{int(found[2]) + by}", line) if line.startswith("@@") else line


def visible(line: str) -> str:
    """Return a line in which no character steers a terminal or hides."""
    return "".join(c if c.isprintable() or _is_space(c) else "\N{REPLACEMENT CHARACTER}" for c in line)


def _is_space(character: str) -> bool:
    return character == "\t" or unicodedata.category(character) == "Zs"
