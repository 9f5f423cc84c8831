"""Copies cannot launder: when copies of one text carry different rights, the strictest decides for all of them.

Copies are texts with the same letters, whatever their spaces and punctuation, and also those that are set aside as
duplicates or as earlier captures. A decision that names an article by its id settles it for that article.
"""

from collections.abc import Iterable, Mapping

from pressmark.curate.duplicates import Entry
from pressmark.curate.gate import Outcome

COPY_IS_CLOSED = Outcome(text=False, because="copy-is-closed")


def strictest(
    kept: Iterable[Entry], closed: Iterable[Entry], alone: Mapping[tuple[int, int], Outcome]
) -> dict[tuple[int, int], Outcome]:
    """Return the outcome of each article that is kept, in whatever order the copies come.

    Args:
        kept: The articles that are not set aside.
        closed: Every article whose text may not appear by its own rights, set aside or not.
        alone: What each article's own rights allow.
    """
    letters = {entry.letters_sha256 for entry in closed}
    return {
        entry.at: COPY_IS_CLOSED
        if alone[entry.at].text and entry.letters_sha256 in letters and not named(entry)
        else alone[entry.at]
        for entry in kept
    }


def named(entry: Entry) -> bool:
    """Tell whether the decision that counts names the article itself."""
    return bool(entry.rights["rights"].get("decided_for") == "article")
