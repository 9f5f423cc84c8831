"""Reads one task's inputs: every one becomes an article or a rejection, none is passed over."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from pressmark.article.dates import zone
from pressmark.article.provenance import Capture
from pressmark.article.record import Record
from pressmark.findings import Finding, RefusedInputError
from pressmark.intake import csv_rows, json_entries, page, parquet_rows
from pressmark.intake.admit import admit
from pressmark.intake.captures import CaptureList
from pressmark.intake.crawled import crawled
from pressmark.intake.decode import decode
from pressmark.intake.draft import Draft
from pressmark.intake.files import InputFile, open_inside
from pressmark.intake.foreign import NIKL, documents
from pressmark.intake.found import Found
from pressmark.intake.guard import Guard
from pressmark.intake.html_door import HTML, TEXT, parse_html, plain_text
from pressmark.intake.lines import as_utf8, lines, stretch
from pressmark.intake.mapped import column
from pressmark.intake.shape import draft_of
from pressmark.intake.strict_json import read_object
from pressmark.intake.unpack import is_packed, unpacked
from pressmark.recipe import PAGES, Input
from pressmark.sources import Source

_SHOWN_SORTS = 12
_MEDIA_TYPES = {
    "page": "text/plain",
    "html": "text/html",
    "jsonl": "application/json",
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "parquet": "application/vnd.apache.parquet",
}


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

    @property
    def size(self) -> int:
        """Bytes that there are to read."""
        return sum(file.size for file in self.files) if self.end is None else self.end - self.start


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one input, or notes about a file."""

    file: str
    line: int | None
    """The record's line, from 1, or its row or entry; None for a whole file."""

    article: Record | None = None
    rejection: RefusedInputError | None = None
    notes: tuple[tuple[str, str, str], ...] = ()
    """Code, place, detail of each finding about an article that is kept, or of a file."""


def read(task: ReadTask, told: Callable[[int], None] | None = None) -> Iterator[Reading]:
    """Read a task's inputs in order.

    Args:
        task: What to read.
        told: Given the bytes that were read so far, before each input.
    """
    before = 0
    with Guard() as guard:
        for file in task.files:
            for reading, done in _file(task, file, guard):
                if told:
                    told(before + done)
                yield reading
            before += file.size


def _file(task: ReadTask, file: InputFile, guard: Guard) -> Iterator[tuple[Reading, int]]:
    """Yield what became of each input of a file, and how many of its bytes were read by then."""
    number, passed, done = None, Counter[str](), 0
    try:
        with open_inside(task.folder, file) as stream:
            for found in _found(task, file, stream):
                number, done = found.number, stream.tell() - task.start
                if found.passed:
                    passed[found.passed] += 1
                else:
                    yield _reading(task, guard, file, found), done
    except RefusedInputError as error:
        # What came before it in the file is kept; this is for the rest.
        yield Reading(file.shown, number + 1 if number is not None else None, rejection=error), done
    except OSError as error:
        refusal = RefusedInputError("unreadable-file", f"the system says: {error.strerror}")
        yield Reading(file.shown, number + 1 if number is not None else None, rejection=refusal), done
    if passed:
        shown = [f"{what} {count}" for what, count in passed.most_common(_SHOWN_SORTS)]
        rest = f" and {passed.total()} in all" if len(passed) > _SHOWN_SORTS else ""
        yield Reading(file.shown, None, notes=(("records-passed-over", "", f"{', '.join(shown)}{rest}"),)), done


def _found(task: ReadTask, file: InputFile, stream: BinaryIO) -> Iterator[Found]:
    """Yield what lies in a file.

    Raises:
        RefusedInputError: the file cannot be read, or the rest of it.
    """
    if not file.size:
        raise RefusedInputError("empty-input", "found no byte")
    is_empty, format_, encoding = True, task.input.format, task.input.encoding
    if format_ == "parquet":
        carried = parquet_rows.rows(stream, _columns(task.input), task.input_bytes)
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
            carried = json_entries.entries(as_utf8(blocks, encoding, whole=True), task.input_bytes)
        else:
            delimiter = csv_rows.DELIMITERS[format_]
            carried = csv_rows.rows(
                as_utf8(blocks, encoding), _beyond(task.input), delimiter, task.input_bytes, _columns(task.input)
            )
    for found in documents(carried) if task.input.shape == NIKL else carried:
        is_empty = is_empty and bool(found.passed)
        yield found
    if is_empty and task.start == 0 and task.end in (None, file.size):
        raise RefusedInputError("empty-input", "found nothing in it")


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


def _reading(task: ReadTask, guard: Guard, file: InputFile, found: Found) -> Reading:
    """Return what becomes of one input: an article, or a rejection."""
    try:
        if found.refusal:
            raise found.refusal
        draft, extractor = _draft(task, guard, found)
        if found.signals:
            rights = draft.fields.setdefault("rights", {})
            rights["reservations"] = [*rights.get("reservations", ()), *found.signals]
        path = below_root(task.input.files, file.shown) if found.number is None else None
        place = str(found.number) if found.number is not None else ""
        article = admit(draft, task.source, _capture(task, file, place, found), extractor, path)
    except RefusedInputError as error:
        return Reading(file.shown, found.number, rejection=error)
    return Reading(file.shown, found.number, article, notes=_notes(article, draft.notes))


def _draft(task: ReadTask, guard: Guard, found: Found) -> tuple[Draft, str]:
    source, entry = task.source, task.input
    place: ZoneInfo | None = zone(source.timezone) if source.timezone else None
    if entry.format == "page":
        assert source.layout is not None
        return page.read_page(decode(found.data, entry.encoding), source.layout, place), page.EXTRACTOR
    if entry.format == "html" or (found.caught and found.caught.kind == "page"):
        headers = dict(found.caught.headers) if found.caught else {}
        options: dict[str, Any] = {"encoding": entry.encoding, "headers": headers, "rules": source.html}
        return guard.call(parse_html, found.data, timezone=source.timezone, **options), HTML
    if found.caught:
        return plain_text(decode(found.data, entry.encoding)), TEXT
    value = found.value
    if value is None:
        characters = decode(found.data, _beyond(entry)).removeprefix("\ufeff")
        value = read_object(characters.encode())
    return draft_of(value, entry, place)


def _beyond(entry: Input) -> str:
    """Return the encoding of what comes out of `as_utf8`."""
    changed = ("utf-16", "gb18030") if entry.format == "json" else ("utf-16",)
    return "utf-8" if entry.encoding in changed else entry.encoding


def below_root(glob: str, path: str) -> str:
    """Return a path below the input root, which is what stands before the first wildcard of the glob."""
    fixed = glob.partition("*")[0].partition("?")[0]
    return path.removeprefix(fixed[: fixed.rfind("/") + 1])


def _capture(task: ReadTask, file: InputFile, place: str, found: Found) -> Capture:
    stated = task.captures.get(file.shown, {})
    if found.caught:
        known = {"url": found.caught.url, "retrieved_at": found.caught.retrieved_at}
        media_type = "text/html" if found.caught.kind == "page" else "text/plain"
        return Capture(file.shown, place, found.caught.sha256, media_type, **{**stated, **known})
    digest = hashlib.sha256(found.data).hexdigest()
    return Capture(file.shown, place, digest, _MEDIA_TYPES[task.input.format], **stated)


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
