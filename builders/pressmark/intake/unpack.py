"""Files that are packed: `.gz` and `.zst`, unpacked as they are read, and not without end."""

import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

import pyarrow as pa

from pressmark.findings import RefusedInputError

PACKED = (".gz", ".zst")

_BLOCK = 1 << 20
_GZIP = 31
"""What zlib calls a gzip member, with its checksum."""

_ALWAYS_ALLOWED = 1 << 30
_LARGEST_RATIO = 250
"""Times its own size that a file may unpack to beyond the first GB: texts reach 10, mark-up 50, bombs thousands."""


class _CutShortError(Exception):
    """A packed file ends before its content does."""


def is_packed(name: str) -> bool:
    """Tell from its name whether a file is packed."""
    return PurePosixPath(name.lower()).suffix in PACKED


def inner_name(name: str) -> str:
    """Return a file's name without the ending that says that it is packed."""
    return name[: -len(PurePosixPath(name).suffix)] if is_packed(name) else name


def most_of(size: int) -> int:
    """Return how many bytes a file of a size may unpack to."""
    return max(_ALWAYS_ALLOWED, size * _LARGEST_RATIO)


def unpacked(stream: BinaryIO, name: str, size: int) -> Iterator[bytes]:
    """Yield the content of a packed file in blocks.

    It is read twice, for a checksum stands behind what it is of: nothing is yielded of a file that is damaged. One that
    was cut short is whole up to there.

    Args:
        stream: The file.
        name: Its name, which says how it is packed.
        size: Its size in bytes.

    Raises:
        RefusedInputError: `bad-compression`: it is damaged, or ends early; `too-large`: it unpacks to far more than
            texts do.
    """
    limit, total = most_of(size), 0
    try:
        for block in _content(stream, name):
            total += len(block)
            if total > limit:
                raise RefusedInputError("too-large", f"it unpacks to more than {limit} bytes")
    except _CutShortError:
        pass
    except (OSError, zlib.error) as error:
        damage = needs_dictionary(error) or "found what does not unpack, or to something else"
        raise RefusedInputError("bad-compression", damage) from error
    stream.seek(0)
    try:
        yield from _content(stream, name)
    except _CutShortError as error:
        raise RefusedInputError("bad-compression", "the file ends early") from error


def _content(stream: BinaryIO, name: str) -> Iterator[bytes]:
    return _gunzipped(stream) if name.lower().endswith(".gz") else _unzstd(stream)


def _gunzipped(stream: BinaryIO) -> Iterator[bytes]:
    member = zlib.decompressobj(_GZIP)
    begun = False
    while left := stream.read(_BLOCK):
        while left:
            begun = True
            if block := member.decompress(left, _BLOCK):
                yield block
            left = member.unconsumed_tail
            if member.eof:
                # Some pad the end with zeros; else another member follows.
                left = member.unused_data.lstrip(b"\0")
                member, begun = zlib.decompressobj(_GZIP), False
    while begun and (rest := member.decompress(member.unconsumed_tail, _BLOCK)):
        yield rest
    if begun and not member.eof:
        raise _CutShortError


def _unzstd(stream: BinaryIO) -> Iterator[bytes]:
    with pa.CompressedInputStream(pa.PythonFile(Kept(stream), mode="r"), "zstd") as packed:
        try:
            # A whole block is lost with the end of a file that was cut short: the smaller it is, the more is read.
            while block := packed.read(1 << 16):
                yield block
        except OSError as error:
            if "Truncated" in str(error):
                raise _CutShortError from error
            raise


def needs_dictionary(error: Exception) -> str:
    """Return the words for an error of a Zstandard frame that names a dictionary; nothing for other errors.

    A frame that was packed with one and does not name it cannot be told from a damaged one.
    """
    if "Dictionary" not in str(error):
        return ""
    return "found a frame that needs a dictionary: unpack it with `zstd -d -D DICTIONARY` and pack it again without one"


class Kept:
    """A stream that somebody else closes."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self.read, self.seekable, self.tell, self.readable = stream.read, stream.seekable, stream.tell, stream.readable

    def close(self) -> None:
        """Leave it open."""

    def flush(self) -> None:
        """Do nothing: it is read."""
