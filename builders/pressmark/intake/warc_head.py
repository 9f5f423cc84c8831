"""The heads of records of WARC and ARC. Source: ISO 28500 (WARC 1.1); the Internet Archive's description of ARC."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pressmark.article.dates import utc, written
from pressmark.intake.warc_stream import DamagedError, Stream

_LONGEST_LINE, _MOST_HEADERS, _ARC_FIELDS = 65_536, 200, 5
_ARC_TIME = re.compile("[0-9]{14}")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a record."""

    kind: str
    url: str | None
    time: str
    media_type: str
    length: int
    digest: str
    lack: str = ""
    """Why it is not all of what was caught."""


def read_head(source: Stream, offset: int) -> Head:
    """Read the head of a record.

    Raises:
        DamagedError: it is none, or is cut short.
    """
    line = source.line(_LONGEST_LINE)
    if not line.startswith(b"WARC/"):
        return _arc_head(line, offset)
    headers: dict[str, str] = {}
    last = ""
    for _ in range(_MOST_HEADERS):
        line = source.line(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise DamagedError("truncated-record", "the file ends within a record", offset)
        if not line.strip():
            break
        name, _, value = line.decode("utf-8", "replace").partition(":")
        if line[:1] in (b" ", b"\t") and last:
            # It goes on with the one before it.
            headers[last] = f"{headers[last]} {line.decode('utf-8', 'replace').strip()}".strip()
            continue
        last = name.strip().lower()
        headers.setdefault(last, value.strip())
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()):
        raise DamagedError("bad-record", "found a record without a length", offset)
    return Head(
        headers.get("warc-type", "").lower(),
        headers.get("warc-target-uri", "").strip("<>") or None,
        headers.get("warc-date", ""),
        headers.get("content-type", ""),
        int(length[:15]),
        headers.get("warc-block-digest", ""),
        _lack(headers),
    )


def _lack(headers: Mapping[str, str]) -> str:
    if headers.get("warc-segment-number"):
        return "found a part of a record in segments"
    return "found a record that the crawler cut short" if headers.get("warc-truncated") else ""


def _arc_head(line: bytes, offset: int) -> Head:
    fields = line.decode("utf-8", "replace").split()
    if len(fields) < _ARC_FIELDS or not fields[-1].isdecimal():
        raise DamagedError("bad-record", "found a record without a length", offset)
    url, _, time, media_type = fields[:4]
    kind = "filedesc" if url.startswith("filedesc:") else "response"
    return Head(kind, url, time, media_type, int(fields[-1][:15]), "")


def moment(time: str) -> str | None:
    """Return when a record was caught; None where that cannot be read."""
    if _ARC_TIME.fullmatch(time):
        time = f"{time[:4]}-{time[4:6]}-{time[6:8]}T{time[8:10]}:{time[10:12]}:{time[12:]}Z"
    try:
        return written(utc(time))
    except ValueError:
        return None
