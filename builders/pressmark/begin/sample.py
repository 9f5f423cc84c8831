"""What files are by their first bytes, and what some of their records and pages say."""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa

from pressmark.findings import RefusedInputError
from pressmark.intake.carriers import encoding_of, found_in
from pressmark.intake.decode import decode, is_utf16
from pressmark.intake.files import open_inside
from pressmark.intake.guard import Guard
from pressmark.intake.strict_json import read_object
from pressmark.intake.task import ReadTask
from pressmark.intake.unpack import inner_name, is_packed

RECORDS = ("jsonl", "json", "csv", "tsv", "parquet")
"""Formats that have records."""

SAMPLE = 20
"""How many inputs are looked at."""

_HEAD = 1 << 16
_GZIP = 31
_MARKS = {"parquet": (b"PAR1",), "warc": (b"WARC/", b"filedesc:")}
_LINES_OF_A_TABLE = 2
_ABOUT = ("README", "LICENSE", "LICENCE", "CAPTURES")
"""Names of files that tell of others."""

_PAGE = ("<!doctype", "<html", "<head", "<body", "<?xml", "<meta", "<div", "<!--")


def format_of(path: Path) -> str | None:
    """Return the format of a file as a recipe names it, by its first bytes; None where it cannot be read."""
    data = _head(path)
    if not data or path.stem.upper() in _ABOUT:
        return None
    for format_, marks in _MARKS.items():
        if data.startswith(marks):
            return format_
    try:
        text = decode(_whole_lines(data)).lstrip("\ufeff")
    except RefusedInputError:
        # Marks are the same in most encodings; what else it is cannot be told.
        is_page = data.lstrip().lower().startswith(tuple(mark.encode() for mark in _PAGE))
        return "html" if is_page else None
    return _of_text(text, path.name) if "\0" not in text else None


def _whole_lines(data: bytes) -> bytes:
    """Return the beginning of a file without a line, and without a character, that is cut in two."""
    if len(data) < _HEAD:
        return data
    end = data.rfind(b"\n") + 1 or len(data)
    return data[: end + end % 2] if is_utf16(data[: _HEAD - _HEAD % 2]) else data[:end]


def _of_text(text: str, name: str) -> str:
    start = text.lstrip()
    if start.lower().startswith(_PAGE) and ("<html" in start.lower() or not start.lower().startswith("<?xml")):
        return "html"
    if start.startswith(("{", "[")):
        return "jsonl" if _has_objects(start) else "json"
    return _table(text, PurePosixPath(inner_name(name)).suffix.lower()) or "page"


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


def _table(text: str, suffix: str) -> str | None:
    """Return `csv` or `tsv` where the first rows have the same number of columns, several."""
    if suffix in (".csv", ".tsv"):
        return suffix[1:]
    rows = [line for line in text.split("\n")[:_LINES_OF_A_TABLE] if line.strip()]
    for name, mark in (("tsv", "\t"), ("csv", ",")):
        counts = {row.count(mark) for row in rows}
        if len(rows) == _LINES_OF_A_TABLE and len(counts) == 1 and counts.pop() > 1:
            return name
    return None


def groups_of(paths: Iterable[Path], root: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Return globs with their formats that mean some files, and the files that are nothing that can be read.

    Args:
        paths: Files below the root.
        root: The folder that globs count from.
    """
    formats: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    strange = []
    for path in paths:
        shown = path.relative_to(root).as_posix()
        found = format_of(path)
        if found is None:
            strange.append(shown)
        else:
            formats[_ending(path.name)][found].append(shown)
    globs: list[tuple[str, str]] = []
    # What has no ending comes last: its glob means the others too.
    for ending, by_format in sorted(formats.items(), key=lambda each: (not each[0], each[0])):
        common, *others = sorted(by_format, key=lambda name: -len(by_format[name]))
        # Files of one ending that are of another format come first: a file belongs to the first input that means it.
        globs = [*((shown, name) for name in others for shown in by_format[name]), *globs]
        globs.append((_glob(by_format[common], ending), common))
    return globs, strange


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
    """Return some records as their files have them."""
    return [value for _, value in islice(_each(tasks), SAMPLE) if isinstance(value, dict)]


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
