"""What files are by their first bytes, and what some of their records and pages say."""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import pyarrow as pa

from pressmark.beginning.strange import Strange, strange, strange_markup
from pressmark.beginning.tables import mark_of
from pressmark.findings import RefusedInputError
from pressmark.intake.carriers import encoding_of, found_in
from pressmark.intake.csv_rows import TAB
from pressmark.intake.decode import decode, is_utf16
from pressmark.intake.files import open_inside
from pressmark.intake.guard import Guard
from pressmark.intake.parquet_rows import samples
from pressmark.intake.strict_json import read_object
from pressmark.intake.task import ReadTask
from pressmark.intake.unpack import inner_name, is_packed
from pressmark.recipe import COMMA

RECORDS = ("jsonl", "json", "csv", "tsv", "parquet")
"""Formats that have records."""

SAMPLE = 20
"""How many inputs are looked at."""

_HEAD = 1 << 16
_GZIP = 31
_MARKS = {"parquet": (b"PAR1",), "warc": (b"WARC/", b"filedesc:")}
_ABOUT = ("README", "LICENSE", "LICENCE", "CAPTURES")
"""Names of files that tell of others."""

_PAGE = ("<!doctype", "<html", "<head", "<body", "<?xml", "<meta", "<div", "<!--")


class Kind(NamedTuple):
    """How files are read, as a recipe says it."""

    format: str
    delimiter: str = COMMA


def kind_of(path: Path) -> Kind | Strange | None:
    """Return how a file is read, by its first bytes, or what else it is; None where nothing can be told."""
    data = _head(path)
    if not data or path.stem.upper() in _ABOUT:
        return None
    for format_, marks in _MARKS.items():
        if data.startswith(marks):
            return Kind(format_)
    other = strange(data, path.name)
    if other:
        return other
    try:
        text = decode(_whole_lines(data)).lstrip("\ufeff")
    except RefusedInputError:
        # Marks are the same in most encodings; what else it is cannot be told.
        text = data.decode("latin-1")
        is_page = text.lstrip().lower().startswith(_PAGE)
        return strange_markup(text, path.name) or (Kind("html") if is_page else None)
    return (strange_markup(text, path.name) or _of_text(text, path.name)) if "\0" not in text else None


def _whole_lines(data: bytes) -> bytes:
    """Return the beginning of a file without a line, and without a character, that is cut in two."""
    if len(data) < _HEAD:
        return data
    end = data.rfind(b"\n") + 1 or len(data)
    return data[: end + end % 2] if is_utf16(data[: _HEAD - _HEAD % 2]) else data[:end]


def _of_text(text: str, name: str) -> Kind:
    start = text.lstrip()
    if start.lower().startswith(_PAGE):
        return Kind("html")
    if start.startswith(("{", "[")):
        return Kind("jsonl" if _has_objects(start) else "json")
    return _table(text, PurePosixPath(inner_name(name)).suffix.lower()) or Kind("page")


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(_HEAD)
        if not is_packed(path.name):
            return data
        try:
            if path.name.lower().endswith(".gz"):
                return zlib.decompressobj(_GZIP).decompress(data, _HEAD)
            with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as packed:
                return bytes(packed.read(_HEAD))
        except (OSError, zlib.error):
            return b""


def _has_objects(text: str) -> bool:
    """Tell whether the first line is a whole object."""
    first = text.split("\n", 1)[0]
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _table(text: str, suffix: str) -> Kind | None:
    mark = mark_of(text, is_named=suffix in (".csv", ".tsv"))
    if mark is None:
        return None
    return Kind("tsv") if mark == TAB else Kind("csv", mark)


def groups_of(paths: Iterable[Path], root: Path) -> tuple[list[tuple[str, Kind]], list[tuple[str, Strange | None]]]:
    """Return globs that mean some files, with how these are read, and the files that are nothing that can be read.

    Args:
        paths: Files below the root.
        root: The folder that globs count from.
    """
    kinds: dict[str, dict[Kind, list[str]]] = defaultdict(lambda: defaultdict(list))
    others: list[tuple[str, Strange | None]] = []
    for path in paths:
        shown = path.relative_to(root).as_posix()
        found = kind_of(path)
        if isinstance(found, Kind):
            kinds[_ending(path.name)][found].append(shown)
        else:
            others.append((shown, found))
    globs: list[tuple[str, Kind]] = []
    # What has no ending comes last: its glob means the others too.
    for ending, by_kind in sorted(kinds.items(), key=lambda each: (not each[0], each[0])):
        common, *rarer = sorted(by_kind, key=lambda kind: -len(by_kind[kind]))
        # Files of one ending that are of another format come first: a file belongs to the first input that means it.
        globs = [*((shown, kind) for kind in rarer for shown in by_kind[kind]), *globs]
        globs.append((_glob(by_kind[common], ending), common))
    return globs, others


def _ending(name: str) -> str:
    inner = PurePosixPath(inner_name(name)).suffix
    return f"{inner}{PurePosixPath(name).suffix}" if is_packed(name) else inner


def _glob(paths: Sequence[str], ending: str) -> str:
    if len(paths) == 1:
        return paths[0]
    parents = [PurePosixPath(path).parent.parts for path in paths]
    common = []
    for steps in zip(*parents, strict=False):
        if len(set(steps)) > 1:
            break
        common.append(steps[0])
    return "/".join([*common, "**", f"*{ending}"])


def records_of(tasks: Sequence[ReadTask]) -> list[Mapping[str, Any]]:
    """Return some records as their files have them, of Parquet without the values that are no records' at all."""
    if tasks and tasks[0].input.format == "parquet":
        return list(islice(_rows(tasks), SAMPLE))
    return [value for _, value in islice(_each(tasks), SAMPLE) if isinstance(value, dict)]


def _rows(tasks: Sequence[ReadTask]) -> Iterator[Mapping[str, Any]]:
    with Guard() as tables:
        for task in tasks:
            for file in task.files:
                with suppress(RefusedInputError):
                    yield from tables.call(samples, task.folder, file, task.input_bytes, SAMPLE)


def pages_of(tasks: Sequence[ReadTask]) -> list[list[str]]:
    """Return the lines of some pages, without blank ones and the space around them."""
    pages = (text for text, _ in islice(_each(tasks), SAMPLE) if text)
    return [[line.strip() for line in text.lstrip("\ufeff").splitlines() if line.strip()] for text in pages]


def _each(tasks: Sequence[ReadTask]) -> Iterator[tuple[str, Any]]:
    with Guard() as tables:
        for task in tasks:
            for file in task.files:
                try:
                    with open_inside(task.folder, file) as stream:
                        for found in found_in(task, file, stream, tables):
                            if not found.refusal:
                                yield _told(task, found.data, found.value)
                except (RefusedInputError, OSError):
                    continue


def _told(task: ReadTask, data: bytes, value: Any) -> tuple[str, Any]:
    """Return the characters of a page, or what a record is; neither where it cannot be read."""
    if value is not None:
        return "", value
    try:
        text = decode(data, encoding_of(task.input))
        return (text, None) if task.input.format == "page" else ("", read_object(text.removeprefix("\ufeff").encode()))
    except RefusedInputError:
        return "", None


def most_common(values: Iterable[str]) -> str | None:
    """Return the value that is there most often."""
    found = Counter(values).most_common(1)
    return found[0][0] if found else None
