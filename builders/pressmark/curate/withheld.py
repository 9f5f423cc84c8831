"""What may be shown of an article whose text may not."""

import html
import re
import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from pressmark.article.record import Record, fields_of_class, strings, without_nothing

RUN_CJK, RUN_OTHER = 24, 60
"""Characters, spaces apart, of a text that make a leak: where the run holds CJK, and elsewhere."""

_BLOCK = RUN_CJK // 2

_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_SPACE = re.compile(r"\s+")
# Format characters, variation selectors and fillers: what stands between letters and nobody sees.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_NO_LETTER = re.compile(r"[\W_]+")
_PUBLISHERS_OWN = frozenset({("publisher",), ("edition",), ("rights", "basis"), ("rights", "decided_by")})


def without_text(article: Record, because: str, also: Sequence[str] = ()) -> tuple[Record, list[str]]:
    """Return what a withheld article may show, and the fields that were emptied because they showed its text.

    The first guard is the list of allowed classes; fields that are not on it do not exist in the result. The second
    guards against a record that carries its text in the wrong field.

    Args:
        article: The whole article.
        because: Code of the reason.
        also: Classes that the gate opens besides metadata and digests: `headline`, `name`.
    """
    allowed = fields_of_class("metadata", "digest", *also)
    shown = {key: value for key, value in article.items() if key in allowed}
    closed = {key: value for key, value in article.items() if key not in allowed}
    # An address that a text ends with is no secret; words of the text in an address are found all the same.
    own_address = article.get("url", "\0")
    haystacks = [form for _, value in strings(closed) for form in _forms(value.replace(own_address, "\0"))]
    # Parts of a text can stand in the entries of a list.
    joined: dict[tuple[str, ...], str] = {}
    for path, value in strings(shown):
        joined[path] = joined.get(path, "") + value
    emptied = [path for path, value in joined.items() if path not in _PUBLISHERS_OWN and _shows(value, haystacks)]
    for path in emptied:
        shown = _emptied(shown, path)
    return {**without_nothing(shown), "withheld_because": because}, [".".join(path) for path in emptied]


def _forms(value: str) -> list[str]:
    """Return a value without case, spaces and what nobody sees, with its punctuation and without."""
    folded = value.lower() if value.isascii() else unicodedata.normalize("NFKC", value).casefold()
    dense = _UNSEEN.sub("", _SPACE.sub("", folded))
    return [dense, _NO_LETTER.sub("", dense)]


def _shows(value: str, haystacks: list[str]) -> bool:
    written = dict.fromkeys([value, unquote(value), html.unescape(value)])
    return any(_holds_run(form, haystacks) for version in written for form in _forms(version))


def _holds_run(dense: str, haystacks: list[str]) -> bool:
    # A run holds at least one whole block, so that most values are settled by a few searches.
    blocks = [dense[start : start + _BLOCK] for start in range(0, len(dense) - _BLOCK + 1, _BLOCK)]
    haystacks = [haystack for haystack in haystacks if any(block in haystack for block in blocks)]
    for start in range(len(dense) - RUN_CJK + 1 if haystacks else 0):
        run = dense[start : start + RUN_CJK]
        if not _CJK.search(run):
            run = dense[start : start + RUN_OTHER]
            if len(run) < RUN_OTHER:
                continue
        if any(run in haystack for haystack in haystacks):
            return True
    return False


def _emptied(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_emptied(inner, path) for inner in value]
    if not path or not isinstance(value, dict):
        return None
    step, *rest = path
    return {key: _emptied(inner, tuple(rest)) if key == step else inner for key, inner in value.items()}
