"""A word diff: what was taken out of a text and what was put in, with some words around."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]|\\w+|\\s+|[^\\w\\s]")
_AROUND = 8
_MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Edit:
    """One place where two texts differ."""

    before: str
    """Some words that both have."""

    removed: str
    added: str
    after: str

    def __str__(self) -> str:
        removed = f"[-{self.removed}-]" if self.removed else ""
        added = f"{{+{self.added}+}}" if self.added else ""
        return f"{self.before}{removed}{added}{self.after}"


Part = tuple[Literal["same", "removed", "added"], str]
"""A part of two texts: what both have, what only the first has, what only the second has."""


def parts(old: str, new: str) -> Iterator[Part]:
    """Yield two texts in parts, as `edits` compares them."""
    one, other = _words(old, new)
    for what, first, last, start, end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(one[first:last])
            continue
        if first < last:
            yield "removed", "".join(one[first:last])
        if start < end:
            yield "added", "".join(other[start:end])


def edits(old: str, new: str) -> Iterator[Edit]:
    """Yield the places where two texts differ: by words, single characters of CJK, spaces and punctuation.

    Texts of more than 20,000 of these together are compared by paragraphs, which takes time linear in practice.
    """
    one, other = _words(old, new)
    for what, first, last, start, end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what != "equal":
            around = ("".join(one[max(0, first - _AROUND) : first]), "".join(one[last : last + _AROUND]))
            yield Edit(around[0], "".join(one[first:last]), "".join(other[start:end]), around[1])


def _words(old: str, new: str) -> tuple[list[str], list[str]]:
    one, other = _WORD.findall(old), _WORD.findall(new)
    if len(one) + len(other) > _MOST_WORDS:
        one, other = (re.findall(r"[^\n]+\n*", text) for text in (old, new))
    return one, other
