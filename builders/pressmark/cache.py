"""What reading made of inputs, kept in the workshop for the next build that reads the same bytes in the same way.

A part of the inputs is known by a digest of everything that its articles and its account follow from: its bytes, names
and capture times, the input's entry of the recipe, its source with all decisions, the schemas, and the code that reads.
So a build that was killed goes on where it was, and a release that adds a week reads a week. What is kept is held
against its digests before it is used; what differs is read again.
"""

import dataclasses
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from pressmark.article.contract import schema_folder
from pressmark.findings import RefusedInputError
from pressmark.intake.files import open_inside
from pressmark.intake.task import ReadTask
from pressmark.workshop import PRIVATE, PRIVATE_FILE, write_durably

_BLOCK = 1 << 20
_NOTE, _NEWEST = "entry.json", "newest.json"
_KEY = re.compile("[0-9a-f]{64}")


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
            told = orjson.loads((entry / _NOTE).read_bytes())
            if told["files"] == {name: _file_digest(entry / name) for name in places}:
                for name, place in places.items():
                    _linked(entry / name, place)
                return dict(told["note"])
        shutil.rmtree(entry, ignore_errors=True)
        return None

    def keep(self, key: str, places: Mapping[str, Path], note: Mapping[str, Any]) -> None:
        """Keep an entry.

        Args:
            key: Of the entry.
            places: By name, where each of its files is.
            note: What belongs to it beside files, as JSON has it.
        """
        self.folder.mkdir(mode=PRIVATE, exist_ok=True)
        unfinished = self.folder / f".{key}.{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=PRIVATE)
        for name, place in places.items():
            _linked(place, unfinished / name)
        told = {"files": {name: _file_digest(place) for name, place in places.items()}, "note": note}
        (unfinished / _NOTE).write_bytes(orjson.dumps(told))
        for path in unfinished.iterdir():
            path.chmod(PRIVATE_FILE)
        shutil.rmtree(self.folder / key, ignore_errors=True)
        unfinished.rename(self.folder / key)

    def finished(self, used: Iterable[str]) -> None:
        """Note what a build that ended used, and remove the rest."""
        if self.folder.is_dir():
            write_durably(self.folder / _NEWEST, orjson.dumps(sorted(used)))
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
        return [path for path in sorted(self.folder.glob("*")) if path.is_dir()]

    def _idle(self) -> list[Path]:
        path = self.folder / _NEWEST
        newest = set(orjson.loads(path.read_bytes())) if path.is_file() else set()
        return [entry for entry in self._entries() if entry.name not in newest]


def key_of(task: ReadTask) -> str | None:
    """Return what a part of the inputs is known by; None where a file of it cannot be read."""
    try:
        digests = [(file.shown, file.origin, _input_digest(task, file)) for file in task.files]
    except (RefusedInputError, OSError):
        return None
    told = {
        "code": code_digest(),
        "files": digests,
        **{name: getattr(task, name) for name in ("input", "source", "captures", "input_bytes", "with_splits")},
        **{name: getattr(task, name) for name in ("start", "first_line")},
        "to_end": task.end is None,
    }
    return hashlib.sha256(json.dumps(_plain(told), sort_keys=True, ensure_ascii=True).encode()).hexdigest()


@cache
def code_digest() -> str:
    """Return a digest of everything that decides how bytes are read: this package, its schemas, what it is built on."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    schemas = [path for path in schema_folder().iterdir() if path.is_file()]
    sources = [path for path in sorted(package.rglob("*")) if path.suffix in (".py", ".toml", ".json")]
    for path in [*sources, *sorted(schemas, key=lambda each: each.name)]:
        data = path.read_bytes()
        digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
    for requirement in sorted(requires("pressmark") or ()):
        name = re.split(r"[^A-Za-z0-9._-]", requirement)[0]
        with suppress(PackageNotFoundError):  # of an extra that is not installed
            digest.update(f"{name}\0{version(name)}\0".encode())
    return digest.hexdigest()


def _input_digest(task: ReadTask, file: Any) -> str:
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


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, the same in every process."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(_plain, value))
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
