"""HTTP answers as crawlers keep them: status, headers, and the body without its codings. Source: RFC 9112, RFC 9110."""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from pressmark.findings import RefusedInputError

_STATUS = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})")
_LONGEST_HEAD, _MOST_CODINGS = 262_144, 4
_BLOCK = 1 << 16
_ZLIB = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
_GZIP_MAGIC = b"\x1f\x8b"
_ARROW = {"br": "brotli", "zstd": "zstd"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    """Names in lower case; of several of one name, joined by a comma."""

    body: bytes | None
    """Without transfer and content codings; None where the status is not 200."""


def read_answer(block: bytes, limit: int) -> Answer:
    """Read an answer.

    Args:
        block: Status line, headers and body.
        limit: Bytes that the body may unpack to.

    Raises:
        RefusedInputError: `bad-record`: it is no answer; `bad-compression`: a coding is damaged or not known;
            `too-large`.
    """
    end = re.search(rb"\r?\n\r?\n", block[:_LONGEST_HEAD])
    status = _STATUS.match(block)
    if end is None or status is None:
        raise RefusedInputError("bad-record", "found a response that is no HTTP answer")
    headers: dict[str, str] = {}
    # A line that begins with a blank goes on with the one before it.
    head = re.sub(rb"\r?\n[ \t]+", b" ", block[: end.start()])
    for line in re.split("\r?\n", head.decode("latin-1"))[1:]:
        name, _, value = line.partition(":")
        key = name.strip().lower()
        headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
    code = int(status[1])
    return Answer(code, headers, decoded(block[end.end() :], headers, limit) if code == 200 else None)


def decoded(body: bytes, headers: dict[str, str], limit: int) -> bytes:
    """Return a body without its transfer and content codings.

    Raises:
        RefusedInputError: `bad-compression` or `too-large`.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    codings = [each.strip().lower() for each in headers.get("content-encoding", "").split(",")]
    codings = [each for each in codings if each and each != "identity"]
    if len(codings) > _MOST_CODINGS:
        raise RefusedInputError("bad-compression", "found too many codings, one in the other")
    for coding in reversed(codings):
        body = _uncoded(body, coding, limit)
    return body


def _unchunked(body: bytes) -> bytes:
    """Return a chunked body whole; one that is not chunked any more, for crawlers often take that off, as it is."""
    parts: list[bytes] = []
    position = 0
    while True:
        end = body.find(b"\n", position, position + 100)
        size = body[position:end].partition(b";")[0].strip() if end >= 0 else b""
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", size):
            if not parts:
                return body
            raise RefusedInputError("bad-compression", "found chunks that end early")
        length = int(size, 16)
        if length == 0:
            return b"".join(parts)
        parts.append(body[end + 1 : end + 1 + length])
        position = end + 1 + length
        position += 2 if body[position : position + 2] == b"\r\n" else 1
        if position > len(body):
            raise RefusedInputError("bad-compression", "found chunks that end early")


def _uncoded(body: bytes, coding: str, limit: int) -> bytes:
    if coding in _ZLIB:
        if coding != "deflate" and not body.startswith(_GZIP_MAGIC):
            return body  # a crawler took the coding off and left its name
        for bits in _ZLIB[coding]:
            try:
                return _bounded(_inflated(body, bits), limit)
            except zlib.error:
                continue
        raise RefusedInputError("bad-compression", f"found what is no {coding}")
    if coding not in _ARROW:
        raise RefusedInputError("bad-compression", "found a coding that is not known")
    try:
        return _bounded(_unpacked(body, _ARROW[coding]), limit)
    except OSError as error:
        raise RefusedInputError("bad-compression", f"found what is no {coding}, or its beginning alone") from error


def _inflated(body: bytes, bits: int) -> Iterator[bytes]:
    """Yield what a body unpacks to; of gzip all members, as RFC 1952 has it. What is padding behind them is left."""
    left = body
    while left:
        engine = zlib.decompressobj(bits)
        while left and not engine.eof:
            yield engine.decompress(left, _BLOCK)
            left = engine.unconsumed_tail
        yield engine.flush(_BLOCK)
        if not engine.eof:
            raise RefusedInputError("bad-compression", "found a body that ends early")
        left = engine.unused_data if engine.unused_data.startswith(_GZIP_MAGIC) else b""


def _unpacked(body: bytes, codec: str) -> Iterator[bytes]:
    with pa.CompressedInputStream(pa.PythonFile(io.BytesIO(body), mode="r"), codec) as packed:
        while block := packed.read(_BLOCK):
            yield block


def _bounded(blocks: Iterator[bytes], limit: int) -> bytes:
    held = bytearray()
    for block in blocks:
        held += block
        if len(held) > limit:
            raise RefusedInputError("too-large", f"found a body that unpacks to more than {limit} bytes")
    return bytes(held)
