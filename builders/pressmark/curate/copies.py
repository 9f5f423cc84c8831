"""Copies cannot launder: when copies of one text carry different rights, the strictest decides for all of them.

Copies are texts with the same letters, whatever their spaces and punctuation, near copies, and also those that are set
aside as duplicates, as earlier captures or as withdrawn, or that are withdrawn and among the inputs no more; a capture
that was cut speaks of the whole text too. A decision that names an article by its id settles it for that article.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from pressmark.article.record import Record
from pressmark.curate.duplicates import Entry
from pressmark.curate.gate import Outcome
from pressmark.curate.withdrawals import CODE as WITHDRAWN

COPY_IS_CLOSED = Outcome(text=False, because="copy-is-closed")


def strictest(
    kept: Collection[Entry],
    entries: Iterable[Entry],
    alone: Mapping[tuple[int, int], Outcome],
    kin: Mapping[str, str],
    near_withdrawn: Collection[tuple[int, int]] = (),
) -> dict[tuple[int, int], Outcome]:
    """Return the outcome of each article that is kept, in whatever order the copies come.

    Args:
        kept: The articles that are not set aside.
        entries: Every article, set aside or not.
        alone: What each article's own rights allow.
        kin: By digest of letters, whose rights count together; itself where it is not here.
        near_withdrawn: Near copies of withdrawn texts that are among the inputs no more.
    """
    closed: dict[str, set[str]] = {}
    whole = {entry.id: entry.letters_sha256 for entry in kept}
    for entry in entries:
        if entry.code == WITHDRAWN or entry.at in near_withdrawn or not alone[entry.at].text:
            also = set(alone[entry.at].also)
            spoken_of = {entry.letters_sha256, whole.get(entry.id, "") if entry.is_cut else ""} - {""}
            for family in {kin.get(letters, letters) for letters in spoken_of}:
                closed[family] = closed.get(family, also) & also
    return {
        entry.at: _limited(alone[entry.at], entry, closed.get(kin.get(entry.letters_sha256, entry.letters_sha256)))
        for entry in kept
    }


def _limited(alone: Outcome, entry: Entry, shown: set[str] | None) -> Outcome:
    """Return what an article may show.

    Args:
        alone: What its own rights allow.
        entry: The article.
        shown: The classes of fields that every closed copy may show; None where no copy is closed.
    """
    if shown is None or named(entry):
        return alone
    if alone.text:
        return COPY_IS_CLOSED
    return replace(alone, also=tuple(name for name in alone.also if name in shown))


def named(entry: Entry) -> bool:
    """Tell whether the decision that counts names the article itself."""
    return names_article(entry.rights)


def names_article(rights: Record) -> bool:
    """Tell the same of what the gate asks for."""
    return bool(rights["rights"].get("decided_for") == "article")
