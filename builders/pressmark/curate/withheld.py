"""What may be shown of an article whose text may not."""

import re
from collections.abc import Sequence
from typing import Any

from pressmark.article.record import Record, fields_of_class, strings, without_nothing

RUN_CJK, RUN_OTHER = 24, 60
"""Characters, spaces apart, of a text that make a leak: where the run holds CJK, and elsewhere."""

_BLOCK = RUN_CJK // 2

_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_SPACE = re.compile(r"\s+")
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
    haystacks = [_SPACE.sub("", value) for _, value in strings(closed)]
    emptied = [path for path, value in strings(shown) if path not in _PUBLISHERS_OWN and _shows(value, haystacks)]
    for path in emptied:
        shown = _emptied(shown, path)
    return {**without_nothing(shown), "withheld_because": because}, [".".join(path) for path in emptied]


def _shows(value: str, haystacks: list[str]) -> bool:
    dense = _SPACE.sub("", value)
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
