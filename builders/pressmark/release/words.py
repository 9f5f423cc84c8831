"""A word diff: what was taken out of a text and what was put in, with some words around."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

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


def edits(old: str, new: str) -> Iterator[Edit]:
    """Yield the places where two texts differ: by words, single characters of CJK, spaces and punctuation.

    Texts of more than 20,000 of these together are compared by paragraphs, which takes time linear in practice.
    """
    one, other = _WORD.findall(old), _WORD.findall(new)
    if len(one) + len(other) > _MOST_WORDS:
        one, other = (re.findall(r"[^\n]+\n*", text) for text in (old, new))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for what, first, last, start, end in matcher.get_opcodes():
        if what != "equal":
            around = ("".join(one[max(0, first - _AROUND) : first]), "".join(one[last : last + _AROUND]))
            yield Edit(around[0], "".join(one[first:last]), "".join(other[start:end]), around[1])
