"""What comes in with a request: its body, and the name by which the server was called."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import BinaryIO
from urllib.parse import urlsplit

from pressmark.hub.local.blobs import blocks

_LONGEST_LINE = 1024


def body_of(source: BinaryIO, headers: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the body of a request.

    Raises:
        ConnectionError: it ends early, or it cannot be known where it ends.
    """
    if headers.get("transfer-encoding", "").lower() == "chunked":
        yield from _chunks(source)
        return
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdecimal()):
        raise ConnectionError("the length of the body is no number")
    yield from blocks(source, int(length[:18]))


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while size := _size_of_chunk(source.readline(_LONGEST_LINE)):
        yield from blocks(source, size)
        source.readline(_LONGEST_LINE)
    # Lines can follow the last one; an empty one ends them.
    while source.readline(_LONGEST_LINE).strip():
        pass


def _size_of_chunk(line: bytes) -> int:
    try:
        return max(0, int(line.partition(b";")[0], 16))
    except ValueError as error:
        raise ConnectionError("the size of a chunk is no number") from error


def name_of(host: str) -> str:
    """Return the name in a `Host` header, without its port; empty where it has none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_address(name: str) -> bool:
    """Tell whether a name is an address, or `localhost`, which no page of the web can be at."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost"
    return True
