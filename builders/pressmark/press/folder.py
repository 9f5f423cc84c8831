"""The release folder: whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pressmark.errors import OutputError
from pressmark.workshop import PRIVATE, sync_folder

SUMS = "SHA256SUMS"


@contextmanager
def release_folder(line: Path, version: str, *, private: bool) -> Iterator[Path]:
    """Give an empty folder to write a release into, and put it in its place at the end.

    Files and folders are made durable before the name appears. What an interrupted build left is removed first. A
    release that is there already stays as it is; `refuse_other` has to have found the new one equal.

    Args:
        line: `dist/CORPUS/LINE`.
        version: The release's version, which is its name.
        private: Whether the line is for the owner's eyes alone (mode 0700).
    """
    unfinished, final = line / f".building-{version}", line / version
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    if private:
        line.chmod(PRIVATE)
    try:
        yield unfinished
        if not final.exists():
            _sync(unfinished)
            unfinished.rename(final)
            sync_folder(line)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def refuse_other(new: Path, old: Path) -> bool:
    """Tell whether a release is there already; it must then be equal to the new one.

    Raises:
        OutputError: it differs.
    """
    if not old.exists():
        return False
    sums = [_sums(folder) for folder in (new, old)]
    if sums[0] != sums[1]:
        names = sorted({line.split("  ", 1)[1] for line in sums[0] ^ sums[1] if "  " in line})
        raise OutputError(
            f"{old} is there already and differs in {', '.join(names[:5])}{' and more' if len(names) > 5 else ''}",
            advice="a version is one release for ever: give another --version or another --out",
        )
    return True


def _sums(folder: Path) -> set[str]:
    path = folder / SUMS
    return set(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else set()


def _sync(folder: Path) -> None:
    for base, _, names in os.walk(folder):
        for name in names:
            with (Path(base) / name).open("rb") as stream:
                os.fsync(stream.fileno())
        sync_folder(Path(base))
