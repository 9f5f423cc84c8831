"""Which files an input means, and how to open them without leaving the corpus folder."""

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pressmark.findings import RefusedInputError


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file below the corpus folder."""

    path: str
    """Its path as the file system has it."""

    shown: str
    """Its path as findings, ids and the ledger have it: NFC, with `/`."""

    size: int
    """In bytes, when it was found; 0 for what is no regular file."""

    refused: str = ""
    """Code of the finding, where it cannot be read at all."""

    origin: str = ""
    """The address that it was brought from, if it was."""


def find(folder: Path, globs: Sequence[str], leave_out: Sequence[str] = ()) -> list[InputFile]:
    """Return the files that the globs mean, in the order of their names.

    Hidden files are passed over. Linked folders are not entered; a link to a file counts, and is refused when opened
    if it leads out of the corpus folder.

    Args:
        folder: The corpus folder.
        globs: Patterns from there, with `*`, `**` and `?`.
        leave_out: Patterns of files to leave out.
    """
    chosen = selects(globs, leave_out)
    found = []
    for path, entry in _walk(folder):
        shown = unicodedata.normalize("NFC", path.encode(errors="surrogateescape").decode(errors="replace"))
        if chosen(shown):
            found.append(_file(entry, path, shown))
    return sorted(found, key=lambda file: (file.shown, file.path))


def selects(globs: Sequence[str], leave_out: Sequence[str]) -> Callable[[str], bool]:
    """Return what tells whether globs mean a path, and none of those that leave out."""
    wanted = [re.compile(_pattern(glob), re.DOTALL) for glob in globs]
    unwanted = [re.compile(_pattern(glob), re.DOTALL) for glob in leave_out]
    return lambda path: any(p.fullmatch(path) for p in wanted) and not any(p.fullmatch(path) for p in unwanted)


def _walk(folder: Path, below: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder / below) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = f"{below}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(folder, f"{path}/")
                # A folder whose name ends like a file's is looked at too, and refused as what it is.
                if "." not in entry.name:
                    continue
            yield path, entry


def _pattern(glob: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    words = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(words.get(part) or re.escape(part) for part in parts)


def _file(entry: os.DirEntry[str], path: str, shown: str) -> InputFile:
    try:
        status = entry.stat()
    except OSError:
        return InputFile(path, shown, 0, "not-a-file")
    if not stat.S_ISREG(status.st_mode):
        return InputFile(path, shown, 0, "not-a-file")
    return InputFile(path, shown, status.st_size)


def open_inside(folder: Path, file: InputFile) -> BinaryIO:
    """Open a file for reading, if it is a regular one and lies in the corpus folder.

    Raises:
        RefusedInputError: `missing-file`, `not-a-file`, `outside-corpus` or `unreadable-file`.
    """
    if file.refused:
        raise RefusedInputError(file.refused)
    try:
        real = (folder / file.path).resolve(strict=True)
        if not real.is_relative_to(folder.resolve()):
            raise RefusedInputError("outside-corpus", "found a link that leads out of the corpus folder")
        # Not blocking, so that a pipe put in the file's place meanwhile cannot hold the build up.
        descriptor = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError as error:
        raise RefusedInputError("missing-file") from error
    except OSError as error:
        raise RefusedInputError("unreadable-file", f"the system says: {error.strerror}") from error
    except RuntimeError as error:  # of `resolve`, before Python 3.13
        raise RefusedInputError("unreadable-file", "found a link that leads to itself") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RefusedInputError("not-a-file")
    return os.fdopen(descriptor, "rb")


def marks_of(folder: Path, files: Sequence[InputFile]) -> list[tuple[int, ...]]:
    """Return what the system notes of files, and what is another once one was written to, renamed or replaced.

    Args:
        folder: The folder that the files count from.
        files: The files; of one that is not there nothing is noted.
    """
    found: list[tuple[int, ...]] = []
    for file in files:
        try:
            status = (folder / file.path).stat()
        except OSError:
            found.append(())
        else:
            found.append((status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    return found
