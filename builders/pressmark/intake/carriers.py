"""What lies in a file, by its format: the way to its reader."""

from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO

from pressmark.findings import RefusedInputError
from pressmark.intake import csv_rows, json_entries, parquet_rows
from pressmark.intake.crawled import crawled
from pressmark.intake.files import InputFile
from pressmark.intake.foreign import NIKL, documents
from pressmark.intake.found import Found
from pressmark.intake.guard import Guard
from pressmark.intake.lines import as_utf8, lines, stretch
from pressmark.intake.mapped import column
from pressmark.intake.task import ReadTask
from pressmark.intake.unpack import is_packed, unpacked
from pressmark.recipe import PAGES, Input


def found_in(task: ReadTask, file: InputFile, stream: BinaryIO, guard: Guard) -> Iterator[Found]:
    """Yield what lies in a file. Parquet is read in a process of its own: a small file can stand for any memory.

    Raises:
        RefusedInputError: the file cannot be read, or the rest of it.
    """
    if not file.size:
        raise RefusedInputError("empty-input", "found no byte")
    is_empty, format_, encoding = True, task.input.format, task.input.encoding
    if format_ == "parquet":
        carried = _guarded(task, file, stream, guard)
    elif format_ == "warc":
        carried = crawled(stream, file.shown, task.input_bytes)
    else:
        packed = is_packed(file.shown)
        blocks = unpacked(stream, file.shown, file.size) if packed else stretch(stream, task.start, task.end)
        if format_ in PAGES:
            carried = _whole(blocks, task.input_bytes)
        elif format_ == "jsonl":
            carried = lines(as_utf8(blocks, encoding), task.first_line, task.input_bytes)
        elif format_ == "json":
            listed = documents if task.input.shape == NIKL else json_entries.entries
            carried = listed(as_utf8(blocks, encoding, whole=True), task.input_bytes)
        else:
            delimiter = csv_rows.TAB if format_ == "tsv" else task.input.delimiter
            carried = csv_rows.rows(
                as_utf8(blocks, encoding), encoding_of(task.input), delimiter, task.input_bytes, _columns(task.input)
            )
    for found in carried:
        is_empty = is_empty and bool(found.passed)
        yield found
    if is_empty and task.start == 0 and task.end in (None, file.size):
        raise RefusedInputError("empty-input", "found nothing in it")


def _guarded(task: ReadTask, file: InputFile, stream: BinaryIO, guard: Guard) -> Iterator[Found]:
    columns = _columns(task.input)
    with closing(guard.each(parquet_rows.portions, task.folder, file, columns, task.input_bytes)) as portions:
        for position, some in portions:
            # So that whoever looks sees how far it is read.
            stream.seek(position)
            yield from some


def _whole(blocks: Iterator[bytes], limit: int) -> Iterator[Found]:
    data = bytearray()
    for block in blocks:
        data += block
        if len(data) > limit:
            raise RefusedInputError("too-large", f"found more than {limit} bytes")
    if data:
        yield Found(None, bytes(data))


def _columns(entry: Input) -> list[str] | None:
    """Return the columns that a mapping asks for, or None for all."""
    if not entry.fields:
        return None
    return list(dict.fromkeys(column(pointer) for _, pointer in entry.fields))


def encoding_of(entry: Input) -> str:
    """Return the encoding of what lies in the files of an input, as it comes out of them."""
    changed = ("utf-16", "gb18030") if entry.format == "json" else ("utf-16",)
    return "utf-8" if entry.encoding in changed else entry.encoding
