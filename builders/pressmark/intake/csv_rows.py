"""CSV and TSV: a row a record, by the names of the first row."""

import csv
from collections import Counter
from collections.abc import Iterator

from pressmark.findings import SHOWN_CHARACTERS, RefusedInputError
from pressmark.intake.decode import decode
from pressmark.intake.found import Found

DELIMITERS = {"csv": ",", "tsv": "\t"}

_QUOTE = b'"'


def rows(blocks: Iterator[bytes], encoding: str, delimiter: str, limit: int) -> Iterator[Found]:
    """Yield the rows of a table, numbered from 1 without the first, which names the columns.

    Quoted values may have line ends in them (RFC 4180). A quotation mark that is never closed costs its own row: the
    next one is looked for on the next line.

    Args:
        blocks: The bytes.
        encoding: As declared.
        delimiter: What stands between values.
        limit: Bytes that a row may have.

    Raises:
        RefusedInputError: the first row cannot be read, or names no columns.
    """
    records = _records(blocks, limit)
    names: list[str] | None = None
    for number, record in enumerate(records):
        if isinstance(record, RefusedInputError):
            if names is None:
                raise record
            yield Found(number, refusal=record)
            continue
        try:
            values = _values(record, encoding, delimiter)
            if names is None:
                names = _names(values)
            elif any(values):  # a sheet is often saved with empty rows at its end
                yield Found(number, record, _row(names, values))
        except RefusedInputError as refusal:
            if names is None:
                raise
            yield Found(number, record, refusal=refusal)


def _records(blocks: Iterator[bytes], limit: int) -> Iterator[bytes | RefusedInputError]:
    """Yield the bytes of each row, without its line end; blank lines are passed over."""
    lines = _lines(blocks, limit)
    again: list[bytes] = []
    """Lines that a quotation mark had taken in, the next one last."""

    def following() -> bytes | None:
        return again.pop() if again else next(lines, None)

    while (line := following()) is not None:
        parts, size = [line], len(line)
        within = line.count(_QUOTE) % 2 == 1
        while within and size <= limit and (more := following()) is not None:
            parts.append(more)
            size += len(more)
            within ^= more.count(_QUOTE) % 2 == 1
        record = b"".join(parts).rstrip(b"\r\n")
        if len(line) > limit or (size > limit and not within):
            yield RefusedInputError("too-large", f"found a row of more than {limit} bytes")
        elif within:
            again += reversed(parts[1:])
            yield RefusedInputError("bad-row", "found a quotation mark that is not closed")
        elif record:
            yield record


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


def _names(values: list[str]) -> list[str]:
    names = [value.strip() for value in values]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise RefusedInputError("bad-row", f"found the column {twice[0][:SHOWN_CHARACTERS]!r} twice", "row 0")
    return names


def _row(names: list[str], values: list[str]) -> dict[str, str]:
    if len(values) != len(names):
        raise RefusedInputError("bad-row", f"found {len(values)} values, expected {len(names)}")
    return {name: value for name, value in zip(names, values, strict=True) if value}
