"""JSON files: one record, or an array of them, which is read entry by entry."""

import re
from collections.abc import Iterator

from pressmark.findings import RefusedInputError
from pressmark.intake.found import Found

_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_OUTSIDE = re.compile(rb'["\[\]{},]')
_INSIDE = re.compile(rb'["\\]')
_NOT_SPACE = re.compile(rb"[^ \t\r\n]")


def entries(blocks: Iterator[bytes], limit: int) -> Iterator[Found]:
    """Yield the record of a file, or each entry of its array.

    Args:
        blocks: The bytes: UTF-8, or an encoding in which no part of a character is a bracket or a quotation mark.
        limit: Bytes that an entry may have.

    Raises:
        RefusedInputError: `bad-json`: what stands around the entries is no array. Entries before it were whole.
    """
    reader = _Reader(blocks, limit)
    if not reader.starts_array():
        if data := reader.rest():
            yield Found(None, data)
        return
    number = 0
    while reader.has_entry():
        number += 1
        entry = reader.entry()
        refusal = RefusedInputError("too-large", f"found an entry of more than {limit} bytes")
        yield Found(number, entry) if entry is not None else Found(number, refusal=refusal)
    reader.end()


class _Reader:
    """Bytes that are looked through once, of which no more is held than an entry may have."""

    def __init__(self, blocks: Iterator[bytes], limit: int) -> None:
        self._blocks = blocks
        self._limit = limit
        self._held = b""
        self._at = 0
        """Where in what is held reading goes on."""

        self._before = 0
        """Bytes of the file before what is held."""

        self._begun = False

    def starts_array(self) -> bool:
        while len(self._held) < len(_BOM) and self._more(0):
            pass
        if self._held.startswith(_BOM):
            self._at = len(_BOM)
        if self._next() != b"[":
            return False
        self._at += 1
        return True

    def rest(self) -> bytes:
        while len(self._held) - self._at <= self._limit and self._more(self._at):
            pass
        if len(self._held) - self._at > self._limit:
            raise RefusedInputError("too-large", f"found more than {self._limit} bytes")
        return self._held[self._at :].rstrip(_SPACE)

    def has_entry(self) -> bool:
        """Go to the next entry; return False at the end of the array."""
        mark = self._next()
        if self._begun and mark == b",":
            self._at += 1
            mark = self._next()
            if mark in (b"", b",", b"]"):
                raise self._broken("expected an entry")
        elif self._begun and mark != b"]":
            raise self._broken("expected a comma or the end of the array")
        self._begun = True
        return mark != b"]"

    def entry(self) -> bytes | None:
        """Return the entry that begins here, or None where it is above the limit.

        Raises:
            RefusedInputError: `bad-json`: it does not end.
        """
        start = position = self._at
        depth, inside, large = 0, False, False
        while True:
            found = (_INSIDE if inside else _OUTSIDE).search(self._held, position)
            position = found.start() if found else len(self._held)
            large = large or position - start > self._limit
            if found is None or (found.group() == b"\\" and position + 1 == len(self._held)):
                # Of what is too large already nothing more is held.
                dropped = position if large else start
                ended = not self._more(dropped)
                start, position = start - dropped, position - dropped
                self._at = max(0, start)
                if ended:
                    raise self._broken("the file ends within an entry")
                continue
            mark = found.group()
            if inside:
                inside = mark != b'"'
                position += 2 if mark == b"\\" else 1
                continue
            if depth == 0 and mark in (b",", b"]"):
                self._at = position
                return None if large else self._held[start:position].rstrip(_SPACE)
            inside = mark == b'"'
            depth += (mark in (b"[", b"{")) - (mark in (b"]", b"}"))
            if depth < 0:
                raise self._broken("found a bracket that closes nothing")
            position += 1

    def end(self) -> None:
        """Go past the array.

        Raises:
            RefusedInputError: `bad-json`: something stands after it.
        """
        self._at += 1
        if self._next():
            raise self._broken("found more after the array")

    def _next(self) -> bytes:
        """Go to the next byte that is no space and return it; nothing at the end."""
        while True:
            found = _NOT_SPACE.search(self._held, self._at)
            if found:
                self._at = found.start()
                return found.group()
            self._at = 0
            if not self._more(len(self._held)):
                return b""

    def _more(self, dropped: int) -> bool:
        """Hold another block, and no more the first bytes; tell whether there was one."""
        block = next(filter(None, self._blocks), b"")
        self._held = self._held[dropped:] + block
        self._before += dropped
        return bool(block)

    def _broken(self, what: str) -> RefusedInputError:
        return RefusedInputError("bad-json", what, f"byte {self._before + self._at}")
