"""The workshop: the private folder of a build.

It holds full texts while a build runs; afterwards the ledger, the texts that were withheld, what was read of inputs,
and notes of files of rows. Nothing in it is ever a part of a release.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from pressmark.errors import OutputError

PRIVATE, PRIVATE_FILE = 0o700, 0o600
"""Modes of folders and files for the owner's eyes alone."""

CACHE, SHELF = "cache", "shards"
STAGING = "staging"
"""The beginning of the names of folders in which articles are on their way."""

UNKEPT = "withdrawn-"
"""Texts that a release is searched for and that are not kept: the beginning of their files' names."""


REPORT = "report.html"
"""Name of the page that shows a build, beside its ledger. It holds texts, also such as are withheld."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where one build keeps what nobody else may see."""

    folder: Path

    staging: Path
    """Articles on their way, with their full text. Each build has a folder of its own, which goes when it ends."""

    @property
    def cache(self) -> Path:
        """What reading made of inputs, for the next build."""
        return self.folder / CACHE

    @property
    def shelf(self) -> Path:
        """What earlier builds noted of files of rows, for the next build."""
        return self.folder / SHELF

    @property
    def scratch(self) -> Path:
        """Files that a leak scan needs while it runs."""
        return self.staging / "scan"

    def closing(self, line: str) -> Path:
        """Return the folder of texts that this build does not show in a line, until its release is in its place."""
        return self.staging / "closed" / line

    def closed(self, version: str, line: str) -> Path:
        """Return the folder of texts that a version's build did not show in a line."""
        return closed_in(self.folder, version, line)

    def keep_closed(self, version: str, line: str) -> None:
        """Keep what a build did not show in a line, now that its release is in its place."""
        for path in self.closing(line).glob(f"{UNKEPT}*"):
            path.unlink()
        kept = self.closed(version, line)
        with suppress(FileNotFoundError):  # at once, so that no half of it is ever there
            kept.rename(Path(tempfile.mkdtemp(prefix="kept-", dir=self.staging)) / line)
        kept.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        self.closing(line).rename(kept)

    def ledger(self, version: str) -> Path:
        """Return the file that says what became of every input of a version's build."""
        return self.folder / version / "ledger.jsonl"


def closed_in(folder: Path, version: str, line: str) -> Path:
    """Return the folder of texts that a version's build did not show in a line, in a workshop's folder."""
    return folder / version / "closed" / line


@contextmanager
def workshop(folder: Path) -> Iterator[Workshop]:
    """Open the workshop of a corpus for one build.

    Args:
        folder: `work/CORPUS`; made where it is not there, for the owner's eyes alone (mode 0700).

    Raises:
        OutputError: another build is at work in it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    folder.chmod(PRIVATE)
    with locked(folder / ".lock"):
        for left in folder.glob(f"{STAGING}*"):
            shutil.rmtree(left, ignore_errors=True)
        # A name that no build had before: a worker that outlives its killed build finds no folder to write into.
        staging = Path(tempfile.mkdtemp(prefix=f"{STAGING}-", dir=folder))
        try:
            yield Workshop(folder, staging)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that ends with the process (flock where there is one).

    Raises:
        OutputError: another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout as error:
        raise OutputError(
            f"another build is at work in {path.parent}",
            advice="wait for it, or give another --out and --work",
        ) from error


def files_below(folder: Path) -> list[Path]:
    """Return the files below a folder, and links, in the order of their names; none where there is no folder.

    `Path.glob` and `Path.rglob` take a folder that the system does not list for an empty one.

    Raises:
        OSError: the system does not list a folder.
    """

    def refused(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise error

    found: list[Path] = []
    for base, folders, names in os.walk(folder, onerror=refused):
        paths = [Path(base, name) for name in folders]
        found += [*(Path(base, name) for name in names), *(path for path in paths if path.is_symlink())]
    return sorted(found)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole after a power cut, or not at all."""
    with written_durably(path) as stream:
        stream.write(data)


@contextmanager
def written_durably(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to; where that ends well, it is there whole after a power cut, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
