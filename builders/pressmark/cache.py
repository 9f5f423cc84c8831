"""What builds made of what, kept in the workshop for the next one: of inputs, and of files of rows (`shelf.py`).

A part of the inputs is known by a digest of everything that its articles and its account follow from: its bytes, names
and capture times, the input's entry of the recipe, its source with all decisions, the schemas, and the code that reads.
So a build that was killed goes on where it was, and a release that adds a week reads a week. What is kept is held
against its digests before it is used; what differs is read again.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from lxml import etree

from pressmark.article.contract import schema_folder
from pressmark.findings import RefusedInputError
from pressmark.intake.files import InputFile, open_inside
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Source
from pressmark.workshop import PRIVATE, PRIVATE_FILE, write_durably

_BLOCK = 1 << 20
NOTE, _NEWEST = "entry.json", "newest.json"
"""Names of what belongs to an entry, and of the list of those that the newest finished build used."""

_ENTRY = re.compile("[0-9a-f]{64}|[.][0-9a-f]{64}[.][0-9]+")


@dataclass(frozen=True, slots=True)
class Held:
    """What a cache holds."""

    entries: int
    bytes: int
    idle: int
    """How many of the entries the newest finished build did not use: builds that were killed left them."""


@dataclass(frozen=True, slots=True)
class Cache:
    """A private folder with an entry for each part of the inputs; texts lie in it."""

    folder: Path

    def take(self, key: str, places: Mapping[str, Path]) -> dict[str, Any] | None:
        """Bring an entry to where its files are asked for, and return its note; None where it is not whole.

        Args:
            key: Of the entry.
            places: By name, where each file is to be.
        """
        entry = self.folder / key
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = orjson.loads((entry / NOTE).read_bytes())
            digests = {name: _file_digest(entry / name) for name in places}
            if told["digest"] == entry_digest(digests, told["note"]):
                for name, place in places.items():
                    place.unlink(missing_ok=True)
                    _linked(entry / name, place)
                return dict(told["note"])
        shutil.rmtree(entry, ignore_errors=True)
        return None

    def keep(self, key: str, places: Mapping[str, Path], note: Mapping[str, Any]) -> None:
        """Keep an entry; where the system refuses, there is none, and the next build reads again.

        Args:
            key: Of the entry.
            places: By name, where each of its files is.
            note: What belongs to it beside files, as JSON has it.
        """
        unfinished = self.folder / f".{key}.{os.getpid()}"
        try:
            self.folder.mkdir(mode=PRIVATE, exist_ok=True)
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(mode=PRIVATE)
            for name, place in places.items():
                _linked(place, unfinished / name)
            digests = {name: _file_digest(place) for name, place in places.items()}
            told = {"digest": entry_digest(digests, note), "note": note}
            (unfinished / NOTE).write_bytes(orjson.dumps(told))
            for path in unfinished.iterdir():
                path.chmod(PRIVATE_FILE)
            shutil.rmtree(self.folder / key, ignore_errors=True)
            unfinished.rename(self.folder / key)
        except OSError:
            shutil.rmtree(unfinished, ignore_errors=True)

    def finished(self, used: Iterable[str]) -> None:
        """Note what a build that ended used, and remove the rest: all of it, where it used nothing."""
        used = sorted(used)
        if not used:
            self.clear()
        elif self.folder.is_dir():
            # Where the system refuses, more is kept; what was built is whole.
            with suppress(OSError):
                write_durably(self.folder / _NEWEST, orjson.dumps(used))
                self.trim()

    def trim(self) -> None:
        """Remove what the newest finished build did not use."""
        for path in self._idle():
            shutil.rmtree(path)

    def clear(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def held(self) -> Held:
        """Return how much there is."""
        entries = self._entries()
        sizes = [file.stat().st_size for entry in entries for file in entry.iterdir()]
        return Held(len(entries), sum(sizes), len(self._idle()))

    def _entries(self) -> list[Path]:
        """Return the entries, and what killed builds left of some."""
        return [path for path in sorted(self.folder.glob("*")) if path.is_dir() and _ENTRY.fullmatch(path.name)]

    def newest(self) -> set[str]:
        """Return which entries the newest finished build used; none where there was none."""
        path = self.folder / _NEWEST
        return set(orjson.loads(path.read_bytes())) if path.is_file() else set()

    def _idle(self) -> list[Path]:
        newest = self.newest()
        return [entry for entry in self._entries() if entry.name not in newest]


def way_of(entry: Input, source: Source) -> str:
    """Return a digest of how an input is read: by its entry of the recipe, its source, and the code."""
    return hashlib.sha256(f"{code_digest()} {_written(entry)} {_written(source)}".encode()).hexdigest()


def key_of(task: ReadTask, way: str) -> str | None:
    """Return what a part of the inputs is known by; None where a file of it cannot be read.

    Args:
        task: The part.
        way: How it is read, as `way_of` returns it.
    """
    try:
        digests = [_input_digest(task, file) for file in task.files]
    except (RefusedInputError, OSError):
        return None
    told: dict[str, Any] = {"way": way, "digests": digests}
    for each in fields(task):
        if each.name not in _ELSEWHERE:
            told[each.name] = getattr(task, each.name)
    # Of a stretch it counts whether it is all of the file; how large the rest is does not.
    sizes = [file.size for file in task.files]
    told["files"] = [(file.shown, file.origin, file.refused) for file in task.files]
    told["sizes"] = sizes if task.end is None else [task.end == size for size in sizes]
    return hashlib.sha256(_written(told).encode()).hexdigest()


_ELSEWHERE = frozenset({"number", "folder", "input", "source", "files", "end"})
"""What of a task is no part of what comes of it, or is told in another way."""


@cache
def code_digest() -> str:
    """Return a digest of what decides how bytes are read: this package, its schemas, Python and all that is installed.

    A library may use another where that is there, so every one counts.
    """
    digest = hashlib.sha256(f"{sys.version} {unicodedata.unidata_version}".encode())
    digest.update(f"{etree.LIBXML_VERSION} {etree.LIBXSLT_VERSION}".encode())
    schemas = [path for path in schema_folder().iterdir() if path.is_file()]
    sources = [path for path in sorted(Path(__file__).parent.rglob("*")) if path.suffix in (".py", ".toml", ".json")]
    for path in [*sources, *sorted(schemas, key=lambda each: each.name)]:
        data = path.read_bytes()
        digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
    for name in sorted({f"{each.name}\0{each.version}\0" for each in distributions()}):
        digest.update(name.encode())
    return digest.hexdigest()


def _input_digest(task: ReadTask, file: InputFile) -> str:
    with open_inside(task.folder, file) as stream:
        stream.seek(task.start)
        return _digest(stream, -1 if task.end is None else task.end - task.start)


def _file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return _digest(stream, -1)


def _digest(stream: BinaryIO, left: int) -> str:
    digest = hashlib.sha256()
    while left and (block := stream.read(_BLOCK if left < 0 else min(_BLOCK, left))):
        digest.update(block)
        left -= len(block) if left > 0 else 0
    return digest.hexdigest()


def _linked(one: Path, other: Path) -> None:
    """Let a file stand in another place too; nobody writes into it after this."""
    try:
        other.hardlink_to(one)
    except OSError:  # a file system without links
        shutil.copyfile(one, other)


def entry_digest(files: Mapping[str, str], note: Mapping[str, Any]) -> str:
    """Return the digest of an entry, from those of its files and its note."""
    return hashlib.sha256(orjson.dumps([files, note], option=orjson.OPT_SORT_KEYS)).hexdigest()


def _written(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, the same in every process.

    Raises:
        TypeError: it is of a kind that nobody thought of.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(_plain, value))
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, date | Path):
        return str(value)
    raise TypeError(f"found {type(value).__name__}")
