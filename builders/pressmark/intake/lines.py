"""Lines of files of records, and stretches of them."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pressmark.findings import RefusedInputError
from pressmark.intake.decode import byte_order, is_utf16
from pressmark.intake.files import InputFile, open_inside
from pressmark.intake.found import Found
from pressmark.intake.unpack import is_packed

_BLOCK = 1 << 20
SNIFF = 4096


def stretches(folder: Path, file: InputFile, encoding: str, size: int) -> list[tuple[int, int | None, int]]:
    """Cut a file of records into stretches of whole lines: first byte, end, number of the first line.

    Args:
        folder: The corpus folder.
        file: The file; a packed one is not cut.
        encoding: As declared; UTF-16 is not cut.
        size: Bytes of a stretch, about.
    """
    if is_packed(file.shown):
        return [(0, None, 1)]
    cuts = [(0, 1)]
    try:
        with open_inside(folder, file) as stream:
            if encoding == "utf-16" or (encoding == "auto" and is_utf16(stream.read(SNIFF))):
                return [(0, None, 1)]
            stream.seek(0)
            position, line = 0, 1
            while block := stream.read(_BLOCK):
                cut = block.find(b"\n", max(0, cuts[-1][0] + size - position)) + 1
                if cut and position + cut - cuts[-1][0] >= size:
                    cuts.append((position + cut, line + block.count(b"\n", 0, cut)))
                position, line = position + len(block), line + block.count(b"\n")
    except (RefusedInputError, OSError):
        return [(0, None, 1)]  # reading it will say what is wrong
    ends = [*(start for start, _ in cuts[1:]), position]
    return [(start, end, line) for (start, line), end in zip(cuts, ends, strict=True)]


def stretch(stream: BinaryIO, start: int, end: int | None) -> Iterator[bytes]:
    """Yield the bytes of a stretch in blocks."""
    stream.seek(start)
    left = -1 if end is None else end - start
    while left and (block := stream.read(_BLOCK if left < 0 else min(_BLOCK, left))):
        left -= len(block) if left > 0 else 0
        yield block


def as_utf8(blocks: Iterator[bytes], encoding: str, *, whole: bool = False) -> Iterator[bytes]:
    """Yield blocks as they are, but those of UTF-16 as UTF-8: there LF can be a part of another character.

    Args:
        blocks: The bytes.
        encoding: As declared.
        whole: Those of a declared GB18030 as UTF-8 too: there a bracket or a stroke can be a part of a character.

    Raises:
        RefusedInputError: `wrong-encoding`.
    """
    first, blocks = _begun(blocks)
    if whole and encoding == "gb18030":
        name = encoding
    elif encoding == "utf-16" or (encoding == "auto" and is_utf16(first[:SNIFF])):
        name = byte_order(first[:SNIFF])
    else:
        yield first
        yield from blocks
        return
    decoder = codecs.getincrementaldecoder(name)()
    try:
        yield decoder.decode(first).encode()
        for block in blocks:
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise RefusedInputError("wrong-encoding", f"expected {name.removesuffix('-le').removesuffix('-be')}") from error


def _begun(blocks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first bytes, as many as show the encoding, and what follows; also where that is an error."""
    first = b""
    try:
        while len(first) < SNIFF and (block := next(filter(None, blocks), b"")):
            first += block
    except RefusedInputError as error:
        return first, map(_raise, [error])
    return first, blocks


def _raise(error: RefusedInputError) -> bytes:
    raise error


def lines(blocks: Iterator[bytes], first: int, limit: int) -> Iterator[Found]:
    """Yield the lines that have anything in them; one above the limit is refused, and never held whole.

    Bytes are cut at LF alone: a text may hold U+2028 or U+0085. In none of the encodings that come here is LF a part
    of another character.

    Args:
        blocks: The bytes.
        first: Number of the first line.
        limit: Bytes that a line may have.
    """
    held, number, large = bytearray(), first, False
    for block in blocks:
        *ended, open_end = block.split(b"\n")
        for piece in ended:
            large = large or len(held) + len(piece) > limit
            yield from _line(number, held + piece, limit, large=large)
            held.clear()
            number, large = number + 1, False
        large = large or len(held) + len(open_end) > limit
        held = bytearray() if large else held + open_end
    yield from _line(number, held, limit, large=large)


def _line(number: int, data: bytes | bytearray, limit: int, *, large: bool) -> Iterator[Found]:
    if large:
        yield Found(number, refusal=RefusedInputError("too-large", f"found a line of more than {limit} bytes"))
    elif data.strip():
        yield Found(number, bytes(data).rstrip(b"\r"))
