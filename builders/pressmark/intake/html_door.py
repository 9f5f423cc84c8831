"""The way to the reader of HTML pages, for a process that does not read them itself: their parsers load slowly."""

from typing import Any

from pressmark.article.dates import zone
from pressmark.intake.draft import Draft

HTML = "html/1"
"""The reader and its revision."""


def parse_html(data: bytes, *, timezone: str | None, **options: Any) -> Draft:
    """Read one page, as `pressmark.intake.html.read_html` does; the zone comes by its name, for it is no pickle."""
    from pressmark.intake.html import read_html  # noqa: PLC0415 - half a second, and only where pages are read

    return read_html(data, place=zone(timezone) if timezone else None, **options)
