"""The bytes of a WARC or ARC file, one after the other, however it is packed, and where each record begins."""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from pressmark.findings import RefusedInputError
from pressmark.intake.unpack import Kept, needs_dictionary

_BLOCK = 1 << 16
_GZIP, _MAGIC = 31, b"\x1f\x8b\x08"
_SCHEMES = b"(?:https?|ftp|dns|filedesc|gopher|mms|news|nntp|rtsp|whois)"
_START = re.compile(
    rb"WARC/[0-9.]{3}\r?\n|"
    + _SCHEMES
    + rb":[^ \n]{1,4000} [0-9.]{7,15} [0-9]{8,14} [^ \n]{1,200} .{0,2000}[0-9]+\r?\n"
)
"""How a record begins: of WARC by its version, of ARC by address, machine, time, type and length."""

_LONGEST_START = 8192


class DamagedError(Exception):
    """The bytes cannot be read any further from here."""

    def __init__(self, code: str, detail: str, offset: int) -> None:
        super().__init__(code)
        self.refusal = RefusedInputError(code, detail, f"byte {offset}")
        self.offset = offset


class Stream:
    """Bytes that are read once; gzip members one after the other, so that a damaged one costs itself."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._packed = name.lower().rpartition(".")[2] if name.lower().endswith((".gz", ".zst")) else ""
        self._held = b""
        self._before = 0
        """Bytes that were read and are no longer held."""

        self._members: list[tuple[int, int]] = []
        """Where members begin: unpacked and as stored."""

        self._blocks = self._from(0)

    def _from(self, offset: int) -> Iterator[bytes]:
        self._stream.seek(offset)
        self._members = [(self._before + len(self._held), offset)]
        if self._packed == "gz":
            return self._gunzipped(offset)
        if self._packed == "zst":
            return self._unzstd()
        return iter(lambda: self._stream.read(_BLOCK), b"")

    def _gunzipped(self, offset: int) -> Iterator[bytes]:
        member, start, at = zlib.decompressobj(_GZIP), offset, offset
        begun, total = False, self._before + len(self._held)
        while left := self._stream.read(_BLOCK):
            while left:
                if not begun:
                    self._members.append((total, start))
                begun, before = True, len(left)
                try:
                    block = member.decompress(left, _BLOCK)
                except zlib.error as error:
                    raise DamagedError("bad-compression", "found a member that does not unpack", start) from error
                total += len(block)
                yield block
                left = member.unused_data if member.eof else member.unconsumed_tail
                at += before - len(left)
                if member.eof:
                    left_plain = left.lstrip(b"\0")
                    at += len(left) - len(left_plain)
                    left, member, start, begun = left_plain, zlib.decompressobj(_GZIP), at, False
        if begun:
            raise DamagedError("truncated-record", "the file ends within a record", start)

    def _unzstd(self) -> Iterator[bytes]:
        try:
            with pa.CompressedInputStream(pa.PythonFile(Kept(self._stream), mode="r"), "zstd") as packed:
                while block := packed.read(_BLOCK):
                    yield block
        except OSError as error:
            damage = needs_dictionary(error) or "found what does not unpack"
            raise DamagedError("bad-compression", damage, self.stored_offset()) from error

    def stored_offset(self) -> int:
        """Return where in the file, as it is stored, what is read next begins: its member, where it is packed."""
        known = [stored for unpacked, stored in self._members if unpacked <= self._before]
        first_unpacked, first_stored = self._members[0]
        if self._packed:
            return known[-1] if known else first_stored
        return first_stored + self._before - first_unpacked

    def _more(self) -> bool:
        # The first members need not be known for ever.
        self._members = self._members[-1000:]
        block = next(self._blocks, None)
        self._held += block or b""
        return block is not None

    def peek(self, length: int) -> bytes:
        """Return the next bytes, fewer only at the end, and leave them there."""
        while len(self._held) < length and self._more():
            pass
        return self._held[:length]

    def read(self, length: int) -> bytes:
        """Return the next bytes, fewer only at the end."""
        data = self.peek(length)
        self._held = self._held[len(data) :]
        self._before += len(data)
        return data

    def line(self, limit: int) -> bytes:
        """Return the next line with its end; without one where it is longer, or the last."""
        while b"\n" not in self._held and len(self._held) < limit and self._more():
            pass
        end = self._held.find(b"\n", 0, limit)
        return self.read(end + 1 if end >= 0 else min(limit, len(self._held)))

    def skip_blank(self) -> bytes:
        """Go past the line ends between two records and return them; of a packed one, its check is then behind it."""
        passed = b""
        while self.peek(1) in (b"\r", b"\n"):
            passed += self.read(1)
        return passed

    def resume(self, offset: int) -> bool:
        """Go on at the next record behind a place in the file as it is stored; tell whether there is one."""
        self._held = b""
        for place in self._candidates(offset + 1):
            self._held, self._blocks = b"", self._from(place)
            try:
                if self.is_start():
                    return True
            except DamagedError:
                pass
            self._held = b""
        return False

    def _candidates(self, offset: int) -> Iterator[int]:
        """Yield the places from which a record could begin."""
        if self._packed == "zst":
            return
        wanted = re.compile(re.escape(_MAGIC) if self._packed else rb"(?<=\n)WARC/[01]\.|(?<=\n)" + _SCHEMES + b":")
        held, start = b"", offset
        while True:
            self._stream.seek(start + len(held))
            block = self._stream.read(1 << 20)
            held += block
            for found in wanted.finditer(held):
                yield start + found.start()
            if not block:
                return
            keep = min(len(held), 64)
            start, held = start + len(held) - keep, held[-keep:]

    def is_other(self) -> bool:
        """Tell whether something follows that begins no record, and is no beginning of one that is cut short."""
        if self.is_start():
            return False
        following = self._held[:_LONGEST_START]
        return b"\n" in following or len(following) == _LONGEST_START

    def is_start(self) -> bool:
        """Tell whether a record begins here; no more is read for that than its first line."""
        while b"\n" not in self._held and len(self._held) < _LONGEST_START and self._more():
            pass
        return bool(_START.match(self._held))
