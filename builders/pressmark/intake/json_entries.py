"""JSON files: one record, or an array of them, which is read entry by entry, also where it stands under a key."""

import re
from collections.abc import Iterator

from pressmark.findings import RefusedInputError
from pressmark.intake.found import Found
from pressmark.intake.strict_json import read_object

_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_OUTSIDE = re.compile(rb'["\[\]{},:]')
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
    yield from reader.entries()
    reader.end()


def entries_below(blocks: Iterator[bytes], limit: int, key: str) -> Iterator[Found]:
    """Yield each entry of the array that stands under a key of the file's object; nothing where there is no such array.

    What stands around the array is read too, and is not held against the entries: it is refused after them.

    Args:
        blocks: The bytes, as `entries` takes them.
        limit: Bytes that an entry may have, and all that stands around the array.
        key: The key.

    Raises:
        RefusedInputError: the file is no object, or what stands around the array is not JSON.
    """
    reader = _Reader(blocks, limit)
    around = bytearray(b"{")
    reader.open_object()
    while name := reader.member(is_first=len(around) == 1):
        around += b"," * (len(around) > 1) + name + b":"
        if name == b'"%s"' % key.encode() and reader.opens_array():
            yield from reader.entries()
            reader.close()
            around += b"[]"
        else:
            value = reader.entry(ends=b",}")
            if value is None or len(around) + len(value) > limit:
                raise RefusedInputError("too-large", f"found more than {limit} bytes around the entries")
            around += value
    reader.end()
    read_object(bytes(around) + b"}")


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
        self._number = 0
        """Of the entry that was read last, in all arrays of the file."""

    def starts_array(self) -> bool:
        self._begin()
        return self.opens_array()

    def opens_array(self) -> bool:
        """Go into the array that begins here, if one does."""
        if self._next() != b"[":
            return False
        self._at += 1
        self._begun = False
        return True

    def open_object(self) -> None:
        """Go into the object that the file is.

        Raises:
            RefusedInputError: `bad-json`: it is none.
        """
        self._begin()
        if self._next() != b"{":
            raise self._broken("expected an object")
        self._at += 1

    def member(self, *, is_first: bool) -> bytes:
        """Go to the value of the next member of an object and return its key as it is written; nothing at the end."""
        mark = self._next()
        if mark == b"}":
            return b""
        if not is_first:
            if mark != b",":
                raise self._broken("expected a comma or the end of the object")
            self._at += 1
            mark = self._next()
        if mark != b'"':
            raise self._broken("expected a key")
        key = self.entry(ends=b":")
        if key is None:
            raise self._broken("found a key without an end")
        self._at += 1
        self._next()
        return key

    def close(self) -> None:
        """Go past the end of the array that was read."""
        self._at += 1

    def _begin(self) -> None:
        while len(self._held) < len(_BOM) and self._more(0):
            pass
        if self._held.startswith(_BOM):
            self._at = len(_BOM)

    def rest(self) -> bytes:
        while len(self._held) - self._at <= self._limit and self._more(self._at):
            pass
        if len(self._held) - self._at > self._limit:
            raise RefusedInputError("too-large", f"found more than {self._limit} bytes")
        return self._held[self._at :].rstrip(_SPACE)

    def entries(self) -> Iterator[Found]:
        """Yield the entries of the array that reading is in."""
        while self.has_entry():
            self._number += 1
            entry = self.entry()
            refusal = RefusedInputError("too-large", f"found an entry of more than {self._limit} bytes")
            yield Found(self._number, entry) if entry is not None else Found(self._number, refusal=refusal)

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

    def entry(self, ends: bytes = b",]") -> bytes | None:
        """Return the entry that begins here, or None where it is above the limit.

        Args:
            ends: Marks, one of which stands after it.

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
            if depth == 0 and mark in ends:
                self._at = position
                return None if large else self._held[start:position].rstrip(_SPACE)
            inside = mark == b'"'
            depth += (mark in (b"[", b"{")) - (mark in (b"]", b"}"))
            if depth < 0:
                raise self._broken("found a bracket that closes nothing")
            position += 1

    def end(self) -> None:
        """Go past the array or object.

        Raises:
            RefusedInputError: `bad-json`: something stands after it.
        """
        self._at += 1
        if self._next():
            raise self._broken("found more after the end")

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
