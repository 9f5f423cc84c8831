"""Which captures of an article have no more than the beginning of its text: what stands before a paywall, a teaser."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from pressmark.curate.duplicates import Entry

SHORTER = 2
"""How many times as long the whole text is at least. A text that lost less may have been edited."""

_OMISSION = ("[\N{HORIZONTAL ELLIPSIS}]", "[...]", "(...)", "\N{HORIZONTAL ELLIPSIS}", "...")


def mark_cut(entries: Iterable[Entry], text_of: Callable[[Entry], str]) -> None:
    """Mark the captures whose text is the beginning of that of another capture, which is at least twice as long.

    A mark of omission at the end does not count. Only captures of known times are looked at: where nothing says which
    is the later, a person has to see both. What is short and begins in another way is no cut text: it may be a
    correction, or the word that an article was taken back.

    Args:
        entries: Articles; those with a code are passed over.
        text_of: Gives the text of one. It is called only for articles with several captures that differ.
    """
    by_id: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if not entry.code and entry.retrieved_at is not None:
            by_id[entry.id].append(entry)
    for captures in by_id.values():
        # The length in UTF-8 bytes, which is known, decides whether a text has to be looked at.
        longest = max(entry.bytes for entry in captures)
        if any(entry.bytes * SHORTER <= longest for entry in captures):
            _mark(captures, text_of)


def _mark(captures: list[Entry], text_of: Callable[[Entry], str]) -> None:
    texts = {entry.text_sha256: text_of(entry) for entry in captures}
    for entry in captures:
        beginning = _without_omission(texts[entry.text_sha256])
        entry.is_cut = any(
            len(beginning) * SHORTER <= len(other) and other.startswith(beginning) for other in texts.values()
        )


def _without_omission(text: str) -> str:
    mark = next((mark for mark in _OMISSION if text.endswith(mark)), "")
    return text.removesuffix(mark).rstrip() if mark else text
