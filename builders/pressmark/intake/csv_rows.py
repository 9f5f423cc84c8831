"""CSV and TSV: a row a record, by the names of the first row."""

import csv
from collections import Counter
from collections.abc import Collection, Iterator

from pressmark.findings import SHOWN_CHARACTERS, RefusedInputError
from pressmark.intake.decode import decode
from pressmark.intake.found import Found

TAB = "\t"

_QUOTE = b'"'


def rows(
    blocks: Iterator[bytes], encoding: str, delimiter: str, limit: int, wanted: Collection[str] | None = None
) -> Iterator[Found]:
    """Yield the rows of a table, numbered from 1 without the first, which names the columns.

    Quoted values may have line ends in them (RFC 4180). A quotation mark that is never closed costs its own row: the
    next one is looked for on the next line.

    Args:
        blocks: The bytes.
        encoding: As declared.
        delimiter: What stands between values.
        limit: Bytes that a row may have.
        wanted: Columns that have to be there.

    Raises:
        RefusedInputError: the first row cannot be read, or names other columns.
    """
    csv.field_size_limit(max(limit, csv.field_size_limit()))
    names: list[str] | None = None
    for number, record in enumerate(_records(blocks, encoding, delimiter, limit)):
        data, values, refusal = record
        if names is None:
            if refusal:
                raise refusal
            names = _names(values, wanted)
        elif refusal:
            yield Found(number, data, refusal=refusal)
        elif any(values):  # a sheet is often saved with empty rows at its end
            yield _row(number, data, names, values)


_Record = tuple[bytes, list[str], RefusedInputError | None]
"""The bytes of a row without its line end, its values, and why there are none."""


def _records(blocks: Iterator[bytes], encoding: str, delimiter: str, limit: int) -> Iterator[_Record]:
    """Yield each row; blank lines are passed over."""
    lines = _Lines(blocks, delimiter.encode(), limit)
    while line := lines.next():
        parts, size, within = [line], len(line), lines.is_open(line, within=False)
        while within and size <= limit and (more := lines.next()):
            parts.append(more)
            size += len(more)
            within = lines.is_open(more, within=True)
        record = b"".join(parts).rstrip(b"\r\n")
        if size > limit:
            passed, is_closed = lines.leave_value() if within else (0, True)
            if is_closed:
                yield b"", [], RefusedInputError("too-large", f"found a row of more than {limit} bytes")
            else:
                detail = f"found a quotation mark that is not closed; the {passed} lines behind it were not read"
                yield b"", [], RefusedInputError("bad-row", detail)
        elif within:
            lines.again(parts[1:])
            yield line.rstrip(b"\r\n"), [], RefusedInputError("bad-row", "found a quotation mark that is not closed")
        elif record:
            try:
                yield record, _values(record, encoding, delimiter), None
            except RefusedInputError as refusal:
                # A mark that was never closed can have taken in the rows up to the next one.
                lines.again(parts[1:])
                yield record if len(parts) == 1 else line.rstrip(b"\r\n"), [], refusal


class _Lines:
    """The lines of a table with their ends, of which some can be read again."""

    def __init__(self, blocks: Iterator[bytes], delimiter: bytes, limit: int) -> None:
        self._lines = _lines(blocks, limit)
        self._delimiter = delimiter
        self._again: list[bytes] = []
        """The next one last."""

    def next(self) -> bytes:
        """Return the next line; nothing at the end."""
        return self._again.pop() if self._again else next(self._lines, b"")

    def again(self, lines: list[bytes]) -> None:
        """Give lines back, to be read again."""
        self._again += reversed(lines)

    def is_open(self, line: bytes, *, within: bool) -> bool:
        """Tell whether a quoted value goes on behind a line.

        Args:
            line: The line.
            within: Whether one goes on from the line before.
        """
        return self._scan(line, within=within)[0]

    def leave_value(self) -> tuple[int, bool]:
        """Go past a quoted value that is too large to be held: to where it is closed, as far as that can be told.

        A mark with something else behind it than the end of a value was none that closes one.

        Returns:
            How many lines it goes on for, and whether it ends.
        """
        passed = 0
        while line := self.next():
            passed += 1
            within, is_sound = self._scan(line, within=True)
            if not within or not is_sound:
                return passed, True
        return passed, False

    def _scan(self, line: bytes, *, within: bool) -> tuple[bool, bool]:
        """Return whether a quoted value is open behind a line, and whether all that were closed end there."""
        position, is_sound = 0, True
        ends = (self._delimiter, b"\r", b"\n", b"")
        while True:
            if not within:
                # A mark within a value that does not begin with one is a character like others.
                if line[position : position + 1] == _QUOTE:
                    within, position = True, position + 1
                    continue
                following = line.find(self._delimiter, position)
                if following < 0:
                    return False, is_sound
                position = following + 1
                continue
            mark = line.find(_QUOTE, position)
            if mark < 0:
                return True, is_sound
            if line[mark + 1 : mark + 2] == _QUOTE:
                position = mark + 2
                continue
            within, position = False, mark + 1
            is_sound = is_sound and line[position : position + 1] in ends
            following = line.find(self._delimiter, position)
            if following < 0:
                return False, is_sound
            position = following + 1


def _lines(blocks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Yield lines with their ends; of one above the limit as much as shows that it is."""
    held = bytearray()
    for block in blocks:
        *ended, rest = block.split(b"\n")
        for piece in ended:
            held += piece[: limit + 1]
            yield bytes(held) + b"\n"
            held.clear()
        held += rest[: max(0, limit + 1 - len(held))]
    if held:
        yield bytes(held)


def _values(record: bytes, encoding: str, delimiter: str) -> list[str]:
    text = decode(record, encoding).removeprefix("\ufeff")
    try:
        (values,) = csv.reader([text], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError) as error:
        raise RefusedInputError("bad-row", f"found what is no row: {error}") from error
    return values


def _names(values: list[str], wanted: Collection[str] | None) -> list[str]:
    names = [value.strip() for value in values]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise RefusedInputError("bad-row", f"found the column {twice[0][:SHOWN_CHARACTERS]!r} twice", "row 0")
    missing = [name for name in wanted or () if name not in names]
    if missing:
        raise RefusedInputError(
            "bad-row", f"expected the column {missing[0][:SHOWN_CHARACTERS]!r}, found none", "row 0"
        )
    return names


def _row(number: int, data: bytes, names: list[str], values: list[str]) -> Found:
    if len(values) != len(names):
        detail = f"found {len(values)} values, expected {len(names)}"
        return Found(number, data, refusal=RefusedInputError("bad-row", detail))
    return Found(number, data, {name: value for name, value in zip(names, values, strict=True) if value})
