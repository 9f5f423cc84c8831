"""TOML files checked against a schema: all faults at once, each with file, key and line."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pressmark.article.contract import Fault, contract
from pressmark.article.dates import A_DAY, no_such_day
from pressmark.findings import Finding

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')((?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=")
_SHOWN_CHARACTERS = 60
_PLACE = re.compile("at line ([0-9]+), column ([0-9]+)")
_DAY = re.compile("(?<=[=,[ \\t])[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}[^\\s,\\]}#]*")

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file that was held against its schema."""

    shown: str
    """The file as findings name it."""

    data: dict[str, Any]
    """Its data, with dates as ISO strings."""

    faults: list[Finding]
    unsound: frozenset[str]
    """Top-level keys that have faults: what lies below them must not be used."""

    lines: "Lines"

    def finding(self, code: str, path: "KeyPath", detail: str) -> Finding:
        """Return a finding about a place in the file."""
        return Finding(code, self.shown, self.lines.place(path), detail)


def read(path: Path, shown: str, schema: str) -> Document:
    """Read a TOML file and hold it against a schema.

    Args:
        path: The file.
        shown: The file as findings name it.
        schema: Name of the schema, as `pressmark.article.contract.contract` takes it.

    Raises:
        OSError: the system does not give the file.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return unread(shown, Finding("recipe-missing", shown, detail=f"there is no file {path}"))
    except UnicodeDecodeError as error:
        return unread(shown, Finding("recipe-syntax", shown, detail=str(error)))
    return parse(text, shown, schema)


def parse(text: str, shown: str, schema: str) -> Document:
    """Hold the text of a TOML file against a schema."""
    try:
        data = _plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return unread(shown, _wrong_day(text, shown, str(error)) or Finding("recipe-syntax", shown, detail=str(error)))
    lines = Lines(text)
    faults = contract(schema).faults(data)
    unsound = frozenset(str(fault.path[0]) if fault.path else str(fault.found) for fault in faults)
    told = [finding(fault, shown, lines) for fault in faults if not _is_misspelt(fault, faults)]
    return Document(shown, data, told, unsound, lines)


def _wrong_day(text: str, shown: str, error: str) -> Finding | None:
    """Return a finding where what stopped the parser is a date that is none: it names but the column."""
    place = _PLACE.search(error)
    if not place:
        return None
    number, column = int(place[1]), int(place[2])
    for found in _DAY.finditer(text.split("\n")[number - 1]):
        if found.start() < column <= found.end() + 1:
            why = no_such_day(found[0])
            detail = f"found {found[0][:_SHOWN_CHARACTERS]}, expected {A_DAY}{why and f'; {why}'}"
            return Finding("recipe-syntax", shown, f"line {number}", detail)
    return None


def _is_misspelt(missing: Fault, faults: Sequence[Fault]) -> bool:
    """Tell whether a key that is missing is one that another fault says was misspelt: that is one slip, told once."""
    meant = f"did you mean {missing.found}?"
    beside = [fault for fault in faults if fault.kind == "unknown-key" and fault.path[:-1] == missing.path]
    return missing.kind == "missing-key" and any(fault.expected == meant for fault in beside)


def unread(shown: str, fault: Finding) -> Document:
    """Return a document of which nothing could be read."""
    return Document(shown, {}, [fault], frozenset(), Lines(""))


def finding(fault: Fault, shown: str, lines: "Lines") -> Finding:
    """Word a fault of a schema as a finding of a recipe."""
    if fault.kind == "missing-key":
        place, detail = lines.place((*fault.path, fault.found)), f"expected {fault.expected}"
    elif fault.kind == "unknown-key":
        place, detail = lines.place(fault.path), fault.expected
    else:
        place = lines.place(fault.path)
        found = fault.found.__name__ if isinstance(fault.found, type) else str(fault.found)
        detail = f"found {found[:_SHOWN_CHARACTERS]!r}, expected {fault.expected}"
    return Finding(fault.kind, shown, place, detail)


class Lines:
    """Where the keys of a TOML text stand. The parser does not tell, so headers and keys are looked up in the text."""

    def __init__(self, text: str) -> None:
        self._lines = dict(_keys(text))

    def place(self, path: KeyPath) -> str:
        """Return `line 12, releases.open.destination`; the line of the nearest key above where the key has none."""
        key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        for end in range(len(path), 0, -1):
            if path[:end] in self._lines:
                return f"line {self._lines[path[:end]]}, {key}"
        return key


def _keys(text: str) -> Iterator[tuple[KeyPath, int]]:
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        header = _HEADER.match(line)
        if header:
            table = _table(header[2], counts, opens_item=header[1] == "[[")
            yield table, number
            continue
        key = _KEY.match(line)
        if key:
            yield (*table, *(part.strip(" \"'") for part in (key[1] + key[2]).split("."))), number


def _table(header: str, counts: dict[KeyPath, int], *, opens_item: bool) -> KeyPath:
    path: KeyPath = ()
    steps = [step.strip(" \"'") for step in header.split(".")]
    for position, step in enumerate(steps):
        path = (*path, step)
        if opens_item and position == len(steps) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
