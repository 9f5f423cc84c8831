"""Reads one task's inputs: every one becomes an article or a rejection, none is passed over."""

import codecs
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pressmark.article.dates import zone
from pressmark.article.provenance import Capture
from pressmark.article.record import Record
from pressmark.findings import Finding, RefusedInputError
from pressmark.intake import jsonl, page
from pressmark.intake.admit import admit
from pressmark.intake.captures import CaptureList
from pressmark.intake.decode import byte_order, decode, is_utf16
from pressmark.intake.files import InputFile, open_inside
from pressmark.recipe import Input
from pressmark.sources import Source

_BLOCK = 1 << 20
_SNIFF = 4096


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Some files of one input, or a stretch of a file of records."""

    number: int
    folder: Path
    input: Input
    source: Source
    files: tuple[InputFile, ...]
    input_bytes: int
    captures: CaptureList = field(default_factory=dict)
    start: int = 0
    """First byte of the stretch; it begins and ends with a line."""

    end: int | None = None
    first_line: int = 1
    """Number of the line that it begins with."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one input."""

    file: str
    line: int | None
    """The record's line, from 1; None for a whole file."""

    article: Record | None = None
    rejection: RefusedInputError | None = None
    notes: tuple[tuple[str, str, str], ...] = ()
    """Code, place, detail of each finding about an article that is kept."""


def read(task: ReadTask) -> Iterator[Reading]:
    """Read a task's inputs in order."""
    for file in task.files:
        try:
            with open_inside(task.folder, file) as stream:
                if task.input.format == "page":
                    yield _page(task, file, _all(stream, task.input_bytes))
                else:
                    yield from _records(task, file, stream)
        except RefusedInputError as error:
            yield Reading(file.shown, None, rejection=error)
        except OSError as error:
            refusal = RefusedInputError("unreadable-file", f"the system says: {error.strerror}")
            yield Reading(file.shown, None, rejection=refusal)


def _all(stream: BinaryIO, limit: int) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise RefusedInputError("too-large", f"found more than {limit} bytes")
    if not data:
        raise RefusedInputError("empty-input", "found no byte")
    return data


def _page(task: ReadTask, file: InputFile, data: bytes) -> Reading:
    source = task.source
    assert source.layout is not None
    place = zone(source.timezone) if source.timezone else None
    capture = _capture(task, file, "", data, "text/plain")
    draft = page.read_page(decode(data, task.input.encoding), source.layout, place)
    article = admit(draft, source, capture, page.EXTRACTOR, below_root(task.input.files, file.shown))
    return Reading(file.shown, None, article, notes=_notes(article, draft.notes))


def stretches(folder: Path, file: InputFile, encoding: str, size: int) -> list[tuple[int, int | None, int]]:
    """Cut a file of records into stretches of whole lines: first byte, end, number of the first line.

    Args:
        folder: The corpus folder.
        file: The file.
        encoding: As declared; UTF-16 is not cut.
        size: Bytes of a stretch, about.
    """
    cuts = [(0, 1)]
    try:
        with open_inside(folder, file) as stream:
            if encoding == "utf-16" or (encoding == "auto" and is_utf16(stream.read(_SNIFF))):
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


def below_root(glob: str, path: str) -> str:
    """Return a path below the input root, which is what stands before the first wildcard of the glob."""
    fixed = glob.partition("*")[0].partition("?")[0]
    return path.removeprefix(fixed[: fixed.rfind("/") + 1])


def _records(task: ReadTask, file: InputFile, stream: BinaryIO) -> Iterator[Reading]:
    if not file.size:
        raise RefusedInputError("empty-input", "found no byte")
    encoding = "utf-8" if task.input.encoding == "utf-16" else task.input.encoding
    found = False
    for number, raw in _lines(task, stream):
        if raw is None:
            found = True
            detail = f"found a line of more than {task.input_bytes} bytes"
            yield Reading(file.shown, number, rejection=RefusedInputError("too-large", detail))
            continue
        line = raw.rstrip(b"\r")
        if not line.strip():
            continue
        found = True
        capture = _capture(task, file, str(number), line, "application/json")
        try:
            characters = decode(line, encoding).removeprefix("\ufeff")
            draft = jsonl.read_record(characters, by_line=task.input.paragraphs == "line")
            article = admit(draft, task.source, capture, jsonl.EXTRACTOR)
        except RefusedInputError as error:
            yield Reading(file.shown, number, rejection=error)
        else:
            yield Reading(file.shown, number, article, notes=_notes(article, draft.notes))
    if not found and task.start == 0 and task.end in (None, file.size):
        raise RefusedInputError("empty-input", "found no line with anything in it")


def _lines(task: ReadTask, stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield the lines of the stretch with their numbers; None for a line above the limit, which is never held whole.

    Bytes are cut at LF alone: a text may hold U+2028 or U+0085. In none of the encodings but UTF-16 is LF a part of
    another character, and UTF-16 comes here as UTF-8.
    """
    held, number, large = bytearray(), task.first_line, False
    for block in _blocks(task, stream):
        *ended, open_end = block.split(b"\n")
        for piece in ended:
            large = large or len(held) + len(piece) > task.input_bytes
            yield number, None if large else bytes(held + piece)
            held.clear()
            number, large = number + 1, False
        large = large or len(held) + len(open_end) > task.input_bytes
        held = bytearray() if large else held + open_end
    if held or large:
        yield number, None if large else bytes(held)


def _blocks(task: ReadTask, stream: BinaryIO) -> Iterator[bytes]:
    head = stream.read(_SNIFF)
    stream.seek(task.start)
    left = (task.end if task.end is not None else os.fstat(stream.fileno()).st_size) - task.start
    decoder = None
    if task.input.encoding == "utf-16" or (task.input.encoding == "auto" and is_utf16(head)):
        decoder = codecs.getincrementaldecoder(byte_order(head))()
    while left > 0 and (block := stream.read(min(_BLOCK, left))):
        left -= len(block)
        try:
            yield decoder.decode(block, final=left <= 0).encode() if decoder else block
        except UnicodeError as error:
            raise RefusedInputError("wrong-encoding", "expected utf-16") from error


def _capture(task: ReadTask, file: InputFile, place: str, data: bytes, media_type: str) -> Capture:
    digest = hashlib.sha256(data).hexdigest()
    return Capture(file.shown, place, digest, media_type, **task.captures.get(file.shown, {}))


def _notes(article: Record, notes: list[tuple[str, str, str]]) -> tuple[tuple[str, str, str], ...]:
    folded = [
        ("compatibility-ideographs", "", f"found {step['count']}")
        for step in article["provenance"].get("steps", ())
        if step["step"] == "compatibility-ideographs"
    ]
    return (*notes, *folded)


def finding(code: str, file: str, line: int | None, place: str, detail: str) -> Finding:
    """Return a finding whose place begins with the line of a record, where there is one."""
    places = [f"line {line}" if line is not None else "", place]
    return Finding(code, file, ", ".join(filter(None, places)), detail)
