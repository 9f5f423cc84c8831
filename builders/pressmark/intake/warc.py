"""WARC, ARC and WET: captures one after the other, each whole or refused, none passed over unseen.

The framing is read here and not by a library: those at hand end without a word where a file was cut off. Every record
is compared with its stated length and, where it has one, its digest. Source: ISO 28500 (WARC 1.1); the Internet
Archive's description of ARC.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO
from urllib.parse import urlsplit

from pressmark.findings import RefusedInputError
from pressmark.intake.http_body import Answer, read_answer
from pressmark.intake.warc_head import Head, moment, read_head
from pressmark.intake.warc_stream import DamagedError, Stream

_SORT = re.compile("(text|image|audio|video|font|application)(?=/)")
_ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
_HTML, _PLAIN = ("text/html", "application/xhtml+xml"), ("text/plain",)
_CAPTURES = ("response", "resource", "conversion")
_OTHERS = ("warcinfo", "request", "metadata", "revisit", "filedesc")
_OK = 200
_RECORD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Caught:
    """A record of a file, or what of it cannot be read."""

    number: int
    """Of all records of the file, from 1."""

    offset: int
    """Where it begins in the file as it is stored: its gzip member, where it is packed."""

    kind: str = "page"
    """`page`: HTML; `text`: plain text, as in WET; `robots`: a robots.txt; `other`: no article."""

    what: str = ""
    """Of another kind: what it is, such as `request`, `status 404` or `image`."""

    url: str | None = None
    retrieved_at: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """Of the HTTP answer, names in lower case."""

    body: bytes = b""
    sha256: str = ""
    """Of the record's block as it is stored."""

    refusal: RefusedInputError | None = None
    is_checked: bool = False
    """Whether its bytes have the digest that it states."""


def captures(stream: BinaryIO, name: str, limit: int) -> Iterator[Caught]:
    """Yield the records of a file, and what cannot be read of it.

    Requests, metadata, revisits, pictures, redirects and answers that are no page are no captures of articles: they
    come as `other`, without their bytes.

    Args:
        stream: The file.
        name: Its name, which says how it is packed.
        limit: Bytes that a record, and what it unpacks to, may have.
    """
    source, number = Stream(stream, name), 0
    suspect: int | None = None
    """Where a record begins that is other bytes than it should be: its length can be wrong, and hide others."""

    while True:
        offset, before = source.stored_offset(), number
        caught: Caught | None = None
        try:
            source.skip_blank()
            if not source.peek(1):
                return
            offset, number = source.stored_offset(), number + 1
            caught = _record(source, number, offset, limit)
            # What stands behind a record is read first: there its member is checked.
            between = source.skip_blank()
            if source.is_other() and not (caught.is_checked or between == _RECORD_END):
                caught = _other_length(caught)
        except DamagedError as error:
            number = before + 1
            if caught and error.offset > offset:
                # The damage is in the member behind it.
                yield caught
                number += 1
            yield Caught(number, error.offset, refusal=error.refusal)
            if not source.resume(max(error.offset, offset) if suspect is None else suspect):
                return
            suspect = None
        else:
            suspect = offset if caught.refusal and caught.refusal.code in ("bad-digest", "bad-length") else None
            yield caught


def _other_length(caught: Caught) -> Caught:
    """Refuse a record behind which no other begins: it can be cut short, or hold the next one."""
    refusal = RefusedInputError("bad-length", "found no record where the next one should be", f"byte {caught.offset}")
    return Caught(caught.number, caught.offset, url=caught.url, refusal=refusal)


def _record(source: Stream, number: int, offset: int, limit: int) -> Caught:
    """Read a record."""
    if not source.is_start():
        raise DamagedError("bad-record", "found what is no record", offset)
    head = read_head(source, offset)
    hashes = [
        hashlib.sha256(),
        *([hashlib.new(head.digest.partition(":")[0].lower())] if _is_known(head.digest) else []),
    ]
    block, left = bytearray(), head.length
    while left:
        data = source.read(min(left, 1 << 16))
        if not data:
            raise DamagedError("truncated-record", "the file ends within a record", offset)
        left -= len(data)
        for each in hashes:
            each.update(data)
        if len(block) <= limit:
            block += data
    place = f"byte {offset}"
    if len(hashes) > 1 and not _is_digest(head.digest.partition(":")[2], hashes[1].digest()):
        refusal = RefusedInputError("bad-digest", "found other bytes than its digest is of", place)
        return Caught(number, offset, url=head.url, refusal=refusal)
    is_checked = len(hashes) > 1
    if head.kind in _OTHERS:
        return _other(number, offset, head.kind, is_checked=is_checked)
    if head.kind not in _CAPTURES or not head.url:
        what = "without an address" if head.kind in _CAPTURES else "of a type that is not known"
        refusal = RefusedInputError("bad-record", f"found a record {what}", place)
        return Caught(number, offset, url=head.url, refusal=refusal)
    if len(block) > limit:
        # What it is of is not known before it is read; pictures and films are not meant.
        wanted = head.kind == "conversion" or b"text/html" in bytes(block[:4096]).lower()
        refusal = RefusedInputError("too-large", f"found more than {limit} bytes", place)
        return Caught(number, offset, url=head.url, refusal=refusal) if wanted else _other(number, offset, "large")
    return replace(_caught(head, bytes(block), (number, offset, hashes[0].hexdigest()), limit), is_checked=is_checked)


def _caught(head: Head, block: bytes, known: tuple[int, int, str], limit: int) -> Caught:
    number, offset, sha256 = known
    try:
        is_answer = head.kind == "response" and (head.url or "").lower().startswith("http")
        answer = read_answer(block, limit) if is_answer else Answer(_OK, {"content-type": head.media_type}, block)
    except RefusedInputError as error:
        refusal = RefusedInputError(error.code, error.detail, f"byte {offset}")
        return Caught(number, offset, url=head.url, refusal=refusal)
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_page, is_text = media_type in _HTML, media_type in _PLAIN and head.kind == "conversion"
    if answer.status != _OK or answer.body is None:
        return _other(number, offset, f"status {answer.status}")
    is_rules = not is_page and head.kind != "conversion" and is_robots(head.url)
    if not (is_page or is_text or is_rules):
        sort = _SORT.match(media_type)
        return _other(number, offset, sort[0] if sort else "no media type")
    kind = "page" if is_page else "text" if is_text else "robots"
    if head.lack and kind != "robots":
        refusal = RefusedInputError("truncated-record", head.lack, f"byte {offset}")
        return Caught(number, offset, url=head.url, refusal=refusal)
    headers = tuple(sorted(answer.headers.items()))
    return Caught(number, offset, kind, "", head.url, moment(head.time), headers, answer.body, sha256)


def _other(number: int, offset: int, what: str, *, is_checked: bool = False) -> Caught:
    return Caught(number, offset, "other", what, is_checked=is_checked)


def is_robots(url: str | None) -> bool:
    """Tell whether an address is that of a robots.txt."""
    try:
        return urlsplit(url or "").path == "/robots.txt"
    except ValueError:
        return False


def _is_known(digest: str) -> bool:
    return digest.partition(":")[0].lower() in _ALGORITHMS


def _is_digest(stated: str, found: bytes) -> bool:
    """Tell whether a stated digest, in base 32 or in hexadecimal, is one that was found."""
    try:
        if len(stated) == 2 * len(found):
            return bytes.fromhex(stated) == found
        return base64.b32decode(stated.upper() + "=" * (-len(stated) % 8)) == found
    except (ValueError, binascii.Error):
        return False
