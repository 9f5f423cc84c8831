"""Reads one task's inputs: every one becomes an article or a rejection, none is passed over."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pressmark.article.dates import zone
from pressmark.article.provenance import Capture
from pressmark.article.record import Record
from pressmark.findings import Finding, RefusedInputError
from pressmark.intake import page
from pressmark.intake.admit import admit
from pressmark.intake.carriers import encoding_of, found_in
from pressmark.intake.decode import decode
from pressmark.intake.draft import Draft
from pressmark.intake.files import InputFile, open_inside
from pressmark.intake.foreign import NINJS, is_marked_up
from pressmark.intake.found import Found
from pressmark.intake.guard import Guard
from pressmark.intake.html_door import HTML, TEXT, parse_html, plain_text
from pressmark.intake.jsonl import EXTRACTOR, from_record
from pressmark.intake.languages import differing
from pressmark.intake.plain import read_plain
from pressmark.intake.shape import draft_of, is_by_contract
from pressmark.intake.strict_json import read_object
from pressmark.intake.task import ReadTask

_SHOWN_SORTS = 12
_UTF8 = ("auto", "utf-8")
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
class Reading:
    """What became of one input, or notes about a file."""

    file: str
    line: int | None
    """The record's line, from 1, or its row or entry; None for a whole file."""

    article: Record | None = None
    rejection: RefusedInputError | None = None
    split: str | None = None
    """The split that the article's record says it is in."""

    notes: tuple[tuple[str, str, str], ...] = ()
    """Code, place, detail of each finding about an article that is kept, or of a file."""


def read(task: ReadTask, told: Callable[[int], None] | None = None) -> Iterator[Reading]:
    """Read a task's inputs in order.

    Args:
        task: What to read.
        told: Given the bytes that were read so far, before each input.
    """
    before = 0
    # A table is still being read while its rows are, so each has a process, which starts when it is needed.
    with Guard() as tables, Guard() as pages:
        for file in task.files:
            for reading, done in _file(task, file, tables, pages):
                if told:
                    told(before + done)
                yield reading
            before += file.size


def _file(task: ReadTask, file: InputFile, tables: Guard, pages: Guard) -> Iterator[tuple[Reading, int]]:
    """Yield what became of each input of a file, and how many of its bytes were read by then."""
    number, passed, done = None, Counter[str](), 0
    try:
        with open_inside(task.folder, file) as stream:
            for found in found_in(task, file, stream, tables):
                number, done = found.number, stream.tell() - task.start
                if found.passed:
                    passed[found.passed] += 1
                else:
                    yield _reading(task, pages, file, found), done
    except RefusedInputError as error:
        # What came before it in the file is kept; this is for the rest. That there is nothing is said of the file.
        line = number + 1 if number is not None and error.code != "empty-input" else None
        yield Reading(file.shown, line, rejection=error), done
    except OSError as error:
        refusal = RefusedInputError("unreadable-file", f"the system says: {error.strerror}")
        yield Reading(file.shown, number + 1 if number is not None else None, rejection=refusal), done
    if passed:
        shown = [f"{what} {count}" for what, count in passed.most_common(_SHOWN_SORTS)]
        rest = f" and {passed.total()} in all" if len(passed) > _SHOWN_SORTS else ""
        yield Reading(file.shown, None, notes=(("records-passed-over", "", f"{', '.join(shown)}{rest}"),)), done


def _reading(task: ReadTask, guard: Guard, file: InputFile, found: Found) -> Reading:
    """Return what becomes of one input: an article, or a rejection."""
    try:
        if found.refusal:
            raise found.refusal
        draft, extractor = _draft(task, guard, found)
        _refuse_split(draft, task)
        if found.signals:
            rights = draft.fields.setdefault("rights", {})
            rights["reservations"] = [*rights.get("reservations", ()), *found.signals]
        path = below_root(task.input.files, file.shown) if found.number is None else None
        place = str(found.number) if found.number is not None else ""
        article = admit(draft, task.source, _capture(task, file, place, found), extractor, path)
    except RefusedInputError as error:
        return Reading(file.shown, found.number, rejection=error)
    notes = [*draft.notes, *differing(draft.languages, task.source.language)]
    return Reading(file.shown, found.number, article, split=draft.split, notes=_notes(article, notes))


def _refuse_split(draft: Draft, task: ReadTask) -> None:
    if draft.split is not None and not task.with_splits:
        raise RefusedInputError("unknown-field", 'expected from = "field" in [splits]', "/split")


def _draft(task: ReadTask, guard: Guard, found: Found) -> tuple[Draft, str]:
    source, entry = task.source, task.input
    if entry.format == "page":
        assert source.layout is not None
        place = zone(source.timezone) if source.timezone else None
        return page.read_page(
            decode(found.data, entry.encoding), source.layout, place, (source.publisher, source.title)
        ), page.EXTRACTOR
    if entry.format == "html" or (found.caught and found.caught.kind == "page"):
        headers = dict(found.caught.headers) if found.caught else {}
        options: dict[str, Any] = {"encoding": entry.encoding, "headers": headers, "rules": source.html}
        return guard.call(parse_html, found.data, timezone=source.timezone, **options), HTML
    if found.caught:
        return plain_text(decode(found.data, entry.encoding)), TEXT
    value = found.value
    if value is None and is_by_contract(entry) and encoding_of(entry) in _UTF8:
        plain = read_plain(found.data, by_line=entry.paragraphs == "line")
        if plain is not None:
            return from_record(plain, by_line=False, is_plain=True), EXTRACTOR
    if value is None:
        characters = decode(found.data, encoding_of(entry)).removeprefix("\ufeff")
        value = read_object(characters.encode())
    if entry.shape == NINJS and is_marked_up(value):
        return guard.call(draft_of, value, entry, source.timezone)
    return draft_of(value, entry, source.timezone)


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
    return Capture(file.shown, place, digest, _MEDIA_TYPES[task.input.format], origin=file.origin or None, **stated)


def _notes(article: Record, notes: list[tuple[str, str, str]]) -> tuple[tuple[str, str, str], ...]:
    folded = [
        ("compatibility-ideographs", "", f"found {step['count']}")
        for step in article["provenance"].get("steps", ())
        if step["step"] == "compatibility-ideographs"
    ]
    return (*notes, *folded)


def input_name(file: str, line: int | None) -> str:
    """Return the name of an input: its file, and of a record its line, row or entry behind it."""
    return file if line is None else f"{file}:{line}"


def finding(code: str, file: str, line: int | None, place: str, detail: str) -> Finding:
    """Return a finding whose place begins with the line of a record, where there is one."""
    places = [f"line {line}" if line is not None else "", place]
    return Finding(code, file, ", ".join(filter(None, places)), detail)
