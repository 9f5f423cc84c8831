"""The release folder: whole or not at all."""

import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pressmark.errors import OutputError, SystemRefusedError, refused_by_system
from pressmark.workshop import PRIVATE, files_below, sync_folder

SUMS = "SHA256SUMS"


@contextmanager
def unfinished_folder(line: Path, *, private: bool) -> Iterator[Path]:
    """Give an empty folder to write a release into; it is gone at the end unless `put_in_place` moved it.

    What an interrupted build left is removed first.

    Args:
        line: `dist/CORPUS/LINE`.
        private: Whether the line is for the owner's eyes alone (mode 0700).
    """
    unfinished = line / ".building"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    if private:
        line.chmod(PRIVATE)
    try:
        yield unfinished
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def put_in_place(unfinished: Path, final: Path) -> None:
    """Give a finished release its name, once its files and folders are durable."""
    _sync(unfinished)
    unfinished.rename(final)
    sync_folder(final.parent)


@contextmanager
def telling_what_is_there(finals: Sequence[Path], places: Sequence[Path]) -> Iterator[None]:
    """Let an error of the system say which of some releases are in their places, or that nothing was released.

    Args:
        finals: Where each of them belongs.
        places: Folders that are written to.

    Raises:
        SystemRefusedError: the system refuses something.
    """
    try:
        yield
    except BrokenPipeError:  # nobody reads what the command says any more
        raise
    except Exception as error:
        refused = refused_by_system(error)
        if refused is None:
            raise
        raise SystemRefusedError(refused, [final for final in finals if final.is_dir()], places) from error


def link_unchanged(folder: Path, previous: Path, paths: Iterable[str]) -> None:
    """Make files that equal those of an earlier release one with them, where the file system can.

    Args:
        folder: The new release.
        previous: The earlier one.
        paths: Files that both have.
    """
    for path in paths:
        old, new = previous / path, folder / path
        if old.is_symlink() or not old.is_file() or old.samefile(new) or not filecmp.cmp(old, new, shallow=False):
            continue
        linked = new.with_name(f".{new.name}.linked")
        try:
            os.link(old, linked)
        except OSError:  # another file system, or one that knows no links: the copy stays
            return
        linked.replace(new)


def refuse_other(new: Path, old: Path) -> bool:
    """Tell whether a release is there already; it must then be equal to the new one.

    Raises:
        OutputError: it differs.
    """
    if not old.exists():
        return False
    sums = [sums_of(folder) for folder in (new, old)]
    if sums[0] != sums[1]:
        names = sorted({line.split("  ", 1)[1] for line in sums[0] ^ sums[1] if "  " in line})
        raise OutputError(
            f"{old} is there already and differs in {', '.join(names[:5])}{' and more' if len(names) > 5 else ''}",
            advice="a version is one release for ever: give another --version or another --out",
        )
    return True


def sums_of(folder: Path) -> set[str]:
    """Return the lines of a release's sums, which tell its bytes."""
    path = folder / SUMS
    return set(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else set()


def _sync(folder: Path) -> None:
    folders = {folder}
    for path in files_below(folder):
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
        folders.update(each for each in path.parents if each.is_relative_to(folder))
    for each in sorted(folders):
        sync_folder(each)
