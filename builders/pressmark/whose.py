"""Words on an article that name somebody else than its publisher, or nobody: look at them before you decide."""

import re

from pressmark.article.owners import is_owned_by, owner_in
from pressmark.article.record import Record
from pressmark.article.reservations import reserves
from pressmark.intake.names import is_surely_an_agency, people_and_sources
from pressmark.sources import Source

_BRACKET = re.compile(r"[(\uff08\[]")
_MARK = "(?: by ?[:：]?| ?[:：=]) ?"
_LABEL = f"(?i:photo|picture|image|사진|图|圖|写真){_MARK}"
_CREDITED = re.compile(rf"(?:[(\uff08\[](?:{_LABEL})?|{_LABEL})([^()\uff08\uff09\[\]]{{2,80}})")
"""Who a caption credits: in brackets, or behind a label."""

_AT_THE_END = re.compile(rf"[(\uff08\[](?:{_LABEL})?([^()\uff08\uff09\[\]]{{2,80}})[)\uff09\]]\W?$")
_AT_THE_START = re.compile(r"^[^(\uff08]{2,60}[(\uff08]([^()\uff08\uff09]{2,40})[)\uff09] ?[-–—]")
"""Who a paragraph credits: in brackets at its end, or behind the place that a text begins with, as `PORT (AFP) - `."""

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
    credited += _AT_THE_START.findall(article["text"].partition("\n")[0])
    told += [agency for words in credited for agency in people_and_sources(words)[1]]
    # Brackets at the end of a paragraph hold letters for many things, so that only what nobody else is called counts.
    ends = [words for paragraph in article["text"].split("\n\n") for words in _AT_THE_END.findall(paragraph)]
    told += [agency for words in ends for agency in people_and_sources(words)[1] if is_surely_an_agency(agency)]
    if any(entry["kind"] == "notice" and "quote" not in entry for entry in evidence):
        told.append(_WITHIN)
    told += filter(None, [article["provenance"].get("syndicated_from")])
    return {words for words in told if not is_owned_by(words, (source.publisher, source.title))}
