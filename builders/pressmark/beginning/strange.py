"""What files are that no input can be made of, as far as their first bytes say, and what to do with them."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from pressmark.intake.unpack import inner_name

SHOWN = 5
"""How many paths are named."""


class Strange(NamedTuple):
    """A kind of file that is not read."""

    what: str
    advice: str


_SHEET = "save each sheet as CSV, with the names of the columns in its first row"
_PLAIN = "save it as plain text (UTF-8), a file for each article"
_UNPACK = "unpack it, and give the folder"
_PAGES_OF = (
    "it lists what is new, mostly in summaries: fetch the pages that its links name, with a crawler that writes WARC "
    "or HTML, and give these; or, where it holds whole texts, write its entries as JSON Lines"
)
_XML = "write its articles as JSON Lines or CSV, with an id and a text each; of XML only HTML is read"
_TAR_MARK, _TAR_AT = b"ustar", 257

_MARKS = (
    (b"%PDF", Strange("a PDF", "take out its text, a file for each article, and give these")),
    (b"SQLite format 3\0", Strange("an SQLite database", "write the table of articles as CSV: sqlite3 -csv -header")),
    (b"\xd0\xcf\x11\xe0", Strange("a document of an older Office", _SHEET)),
    (b"ARROW1", Strange("an Arrow file", "write it as Parquet")),
    (b"BZh", Strange("packed with bzip2", "unpack it, or pack it with gzip or zstd")),
    (b"\xfd7zXZ\0", Strange("packed with xz", "unpack it, or pack it with gzip or zstd")),
    (b"7z\xbc\xaf", Strange("a 7z archive", _UNPACK)),
    (b"Rar!", Strange("a RAR archive", _UNPACK)),
)
_ZIPS = {
    **dict.fromkeys((".xlsx", ".ods"), Strange("a spreadsheet", _SHEET)),
    **dict.fromkeys((".docx", ".odt", ".epub", ".hwpx"), Strange("a document", _PLAIN)),
}
_ROOT = re.compile(r"(?>\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>)*+<([A-Za-z_][\w.:-]*)", re.DOTALL)
_FEEDS = {"rss": "an RSS feed", "feed": "an Atom feed", "rdf": "an RSS feed"}


def strange(data: bytes, name: str) -> Strange | None:
    """Return what a file is by marks that files of its kind begin with.

    Args:
        data: Its first bytes, unpacked.
        name: Its name.
    """
    if data[_TAR_AT:].startswith(_TAR_MARK):
        return Strange("a tar archive", _UNPACK)
    if data.startswith(b"PK\x03\x04"):
        return _ZIPS.get(PurePosixPath(name).suffix.lower(), Strange("a zip archive", _UNPACK))
    return next((kind for mark, kind in _MARKS if data.startswith(mark)), None)


def strange_markup(text: str, name: str) -> Strange | None:
    """Return what a file is that is XML, and no page.

    Args:
        text: Its beginning.
        name: Its name.
    """
    found = _ROOT.match(text)
    root = found[1].lower().partition(":")[0] if found else ""
    if root in _FEEDS:
        return Strange(_FEEDS[root], _PAGES_OF)
    is_xml = text.lstrip().startswith("<?xml") or PurePosixPath(inner_name(name)).suffix.lower() == ".xml"
    return Strange("XML", _XML) if found and is_xml and root != "html" else None


def nothing_readable(others: Sequence[tuple[str, Strange | None]], files: Sequence[str]) -> tuple[str, str]:
    """Return what to say where no file can be read, and what to do."""
    kind = next((kind for _, kind in others if kind), None)
    if kind is None:
        paths = [shown for shown, _ in others] or list(files)
        advice = "see docs/formats.md for what can be; links are not followed"
        return f"none of the files can be read: {some(paths)}", advice
    paths = [shown for shown, each in others if each == kind]
    rest = f", and {len(others) - len(paths)} more" if len(others) > len(paths) else ""
    return f"none of the files can be read: {some(paths)} ({kind.what}){rest}", kind.advice


def some(paths: Sequence[str]) -> str:
    """Return the first of some paths in words, and how many more there are."""
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return f"{', '.join(paths[:SHOWN])}{more}"
