"""The way to the reader of HTML pages, for a process that does not read them itself: their parsers load slowly."""

from typing import Any

from pressmark.article.dates import zone
from pressmark.article.reservations import reserves
from pressmark.findings import RefusedInputError
from pressmark.intake import clean
from pressmark.intake.credits import take
from pressmark.intake.draft import Draft

HTML, TEXT = "html/1", "text/1"
"""The readers and their revisions."""


def parse_html(data: bytes, *, timezone: str | None, **options: Any) -> Draft:
    """Read one page, as `pressmark.intake.html.read_html` does; the zone comes by its name, for it is no pickle."""
    from pressmark.intake.html import read_html  # noqa: PLC0415 - half a second, and only where pages are read

    return read_html(data, place=zone(timezone) if timezone else None, **options)


def plain_text(text: str) -> Draft:
    """Read what a crawler took for the text of a page, as in WET files: each line is a paragraph."""
    draft = Draft()
    words = clean.paragraphs(text, draft.steps, by_line=True)
    if not words:
        raise RefusedInputError("empty-text", "found a text of blank lines")
    draft.evidence = [{"kind": "notice", "scope": "text", "where": "text"}] if reserves(words) else []
    kept, credits_ = take(words.split("\n\n"))
    draft.fields = {"text": "\n\n".join(kept) or None, "contributors": credits_.contributors}
    return draft
