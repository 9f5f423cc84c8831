"""Words on an article that name somebody else than its publisher, or nobody: look at them before you decide."""

import re

from pressmark.article.owners import is_owned_by, owner_in
from pressmark.article.record import Record
from pressmark.article.reservations import reserves
from pressmark.intake.names import people_and_source
from pressmark.sources import Source

_BRACKET = re.compile(r"[(\uff08\[]")
_LABEL = "(?i:photo|picture|image|사진|图|圖|写真)(?: by|:|：) ?"
_CREDITED = re.compile(rf"(?:[(\uff08\[](?:{_LABEL})?|{_LABEL})([^()\uff08\uff09\[\]]{{2,80}})")
"""Who a caption credits: in brackets, or behind a label."""

_CREDITING = (
    re.compile(rf"[(\uff08\[](?:{_LABEL})?([^()\uff08\uff09\[\]]{{2,80}})[)\uff09\]]\W?$"),
    re.compile(r"^[^a-z(\uff08]{2,40}[(\uff08]([^()\uff08\uff09]{2,40})[)\uff09] ?[-–—]"),
)
"""Who a paragraph credits: in brackets at its end, or behind the place that it begins with, as `PORT (AFP) - `."""

_WITHIN = "(a notice within the text, which is not quoted)"


def somebody_else(article: Record, source: Source) -> set[str]:
    """Return notices and credits on an article that do not name the source's publisher or its title."""
    evidence = article["rights"].get("evidence", ())
    told = [entry["quote"] for entry in evidence if entry["kind"] == "notice" and "quote" in entry]
    claimed = [entry["quote"] for entry in evidence if entry["kind"] == "claim" and "quote" in entry]
    told += [words for words in claimed if reserves(words) or owner_in(words)]
    # "A Person (An Agency)": a name that people have has no brackets.
    told += [each["name"] for each in article.get("contributors", ()) if _BRACKET.search(each["name"])]
    credited = [words for each in article.get("captions", ()) for words in _CREDITED.findall(each["text"])]
    for paragraph in article["text"].split("\n\n"):
        credited += [found[1] for pattern in _CREDITING if (found := pattern.search(paragraph))]
    told += filter(None, [people_and_source(words)[1] for words in credited])
    if any(entry["kind"] == "notice" and "quote" not in entry for entry in evidence):
        told.append(_WITHIN)
    told += filter(None, [article["provenance"].get("syndicated_from")])
    return {words for words in told if not is_owned_by(words, (source.publisher, source.title))}
