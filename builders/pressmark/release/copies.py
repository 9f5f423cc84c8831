"""Copies of a release as readers have them: what clients link to, what they leave beside it, what was not fetched."""

import os
import re
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pressmark.article.contract import schema_bytes

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"

_LEFT = (".git", ".cache/huggingface")
"""Folders that clients leave in a copy: a clone its history, a download its bookkeeping."""

_SHARED_MARK = ".huggingface-shared-blobs"
_SHARED_NAME = re.compile("[0-9a-f]{64}")


def tree(folder: Path) -> tuple[set[str], set[str]]:
    """Return the paths of files, links among them, and of folders, but for what clients leave in a copy.

    Raises:
        OSError: the system does not list a folder.
    """
    present, folders = set(), set()
    for base, names_of_folders, names in os.walk(folder, onerror=_refused):
        below = Path(base).relative_to(folder)
        links = {name for name in names_of_folders if (Path(base) / name).is_symlink()}
        left = {name for name in names_of_folders if (below / name).as_posix() in _LEFT} - links
        # os.walk goes on with what is in this very list.
        names_of_folders[:] = [name for name in names_of_folders if name not in left]
        present |= {(below / name).as_posix() for name in (*names, *links)}
        folders |= {(below / name).as_posix() for name in names_of_folders if name not in links}
        if left:
            folders.discard(below.as_posix())
    return present, folders


def files_below(folder: Path) -> list[Path]:
    """Return the files below a folder in the order of their names; none where there is no folder.

    `Path.glob` and `Path.rglob` take a folder that the system does not list for an empty one.

    Raises:
        OSError: the system does not list a folder.
    """
    return sorted(Path(base, name) for base, _, names in os.walk(folder, onerror=_refused) for name in names)


def _refused(error: OSError) -> None:
    """Take for absent what is not there, and nothing else."""
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def absent(folder: Path, manifest: Mapping[str, Any]) -> frozenset[str]:
    """Return the files of a release that are not in a copy of it."""
    present, _ = tree(folder)
    return frozenset({SUMS, *(entry["path"] for entry in manifest["files"])} - present)


def lacks_rows(manifest: Mapping[str, Any], lacking: Collection[str], configs: Collection[str]) -> bool:
    """Tell whether a copy lacks files of rows of any of these configurations."""
    return any(entry["path"] in lacking for entry in manifest["files"] if entry.get("config") in configs)


def rule_bytes(folder: Path, path: str) -> bytes:
    """Return the contract or the table of rights of a release: its own or, where a copy lacks it, the installed one.

    That both are the same was settled before any row is read: `verify` compares the digests.
    """
    place = folder / path
    return place.read_bytes() if os.path.lexists(place) else schema_bytes(path.removeprefix("schema/"))


def plain_path(folder: Path, path: str) -> Path:
    """Return where a file of a copy lies: in its place, or where the cache of the Hub's client keeps it.

    Any other link leads elsewhere, and a pipe never ends.

    Raises:
        OSError: it is no regular file, or is not there.
    """
    place = folder / path
    if place.is_symlink():
        place = _blob(Path(os.path.realpath(folder)), place)
    if not stat.S_ISREG(place.lstat().st_mode):
        raise OSError("found no regular file")
    return place


def plain_bytes(folder: Path, path: str) -> bytes:
    """Read a regular file of a copy.

    Raises:
        OSError: it is none, or cannot be read.
    """
    return plain_path(folder, path).read_bytes()


def _blob(snapshot: Path, link: Path) -> Path:
    """Follow a link of the client's cache, datasets--ORG--NAME/snapshots/SHA/PATH -> datasets--ORG--NAME/blobs/DIGEST.

    Where the cache keeps a blob once for all its repositories, that is a link again: -> blobs/AB/ABCDEF...

    Raises:
        OSError: it is another link.
    """
    repository = snapshot.parent.parent
    in_cache = snapshot.parent.name == "snapshots" and repository.name.startswith("datasets--")
    blob = _one_step(link)
    if not in_cache or blob.parent != repository / "blobs":
        raise OSError("found a link that leads elsewhere, expected a regular file or a link of the client's cache")
    if blob.is_symlink():
        blob, shared = _one_step(blob), repository.parent / "blobs"
        is_named = _SHARED_NAME.fullmatch(blob.name) and blob.parent == shared / blob.name[:2]
        if not is_named or not (shared / _SHARED_MARK).is_file():
            raise OSError("found a blob of the client's cache that leads out of it, expected a regular file")
    return blob


def _one_step(link: Path) -> Path:
    """Return where a link leads, its folder without any links, itself perhaps a link."""
    target = link.parent / link.readlink()
    return Path(os.path.realpath(target.parent)) / target.name
