"""Copies cannot launder: when copies of one text carry different rights, the strictest decides for all of them.

Copies are texts with the same letters, whatever their spaces and punctuation, and also those that are set aside as
duplicates or as earlier captures; a capture that was cut speaks of the whole text too. A decision that names an
article by its id settles it for that article.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from pressmark.curate.duplicates import Entry
from pressmark.curate.gate import Outcome

COPY_IS_CLOSED = Outcome(text=False, because="copy-is-closed")


def strictest(
    kept: Collection[Entry], entries: Iterable[Entry], alone: Mapping[tuple[int, int], Outcome]
) -> dict[tuple[int, int], Outcome]:
    """Return the outcome of each article that is kept, in whatever order the copies come.

    Args:
        kept: The articles that are not set aside.
        entries: Every article, set aside or not.
        alone: What each article's own rights allow.
    """
    closed: dict[str, set[str]] = {}
    whole = {entry.id: entry.letters_sha256 for entry in kept}
    for entry in entries:
        if not alone[entry.at].text:
            also = set(alone[entry.at].also)
            spoken_of = {entry.letters_sha256, whole.get(entry.id, "") if entry.is_cut else ""} - {""}
            for letters in spoken_of:
                closed[letters] = closed.get(letters, also) & also
    return {entry.at: _limited(alone[entry.at], entry, closed) for entry in kept}


def _limited(alone: Outcome, entry: Entry, closed: Mapping[str, set[str]]) -> Outcome:
    if entry.letters_sha256 not in closed or named(entry):
        return alone
    if alone.text:
        return COPY_IS_CLOSED
    return replace(alone, also=tuple(name for name in alone.also if name in closed[entry.letters_sha256]))


def named(entry: Entry) -> bool:
    """Tell whether the decision that counts names the article itself."""
    return bool(entry.rights["rights"].get("decided_for") == "article")
