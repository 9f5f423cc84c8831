"""What lies in a commit of the embedded Hub, and what the lines of a new one do to it."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath

from pressmark.hub.local.wire import Refused

LARGEST_REGULAR = 10 * 10**6
"""Bytes above which a file is stored apart. Source: the Hub's documentation of its storage."""

_SAFE = re.compile(r"[^\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a commit."""

    sha256: str
    size: int
    oid: str
    """As git names it: of the content, or for a file stored apart of its pointer."""

    lfs: bool = False
    xet: str | None = None
    """How the client's own store names the content, where it was sent that way."""

    @classmethod
    def of(cls, sha256: str, size: int, content: bytes) -> "Entry":
        """Return the entry of a file that stands in git itself."""
        return cls(sha256, size, git_oid(content))

    @classmethod
    def apart(cls, sha256: str, size: int, xet: str | None) -> "Entry":
        """Return the entry of a file that is stored apart, with its pointer in git."""
        return cls(sha256, size, git_oid(pointer(sha256, size)), lfs=True, xet=xet)


Tree = dict[str, Entry]


def git_oid(content: bytes) -> str:
    """Return what git names a blob."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def pointer(sha256: str, size: int) -> bytes:
    """Return the pointer file of Git LFS."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


def folder_oid(tree: Mapping[str, Entry], folder: str) -> str:
    """Return a name for a folder that changes with what lies in it."""
    told = "".join(f"{path} {entry.oid}\n" for path, entry in sorted(tree.items()) if path.startswith(f"{folder}/"))
    return hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()


def plain(path: object) -> str:
    """Return a path that may stand in a tree.

    Raises:
        Refused: it may not.
    """
    text = str(path).rstrip("/")
    if not _SAFE.fullmatch(text) or {"", ".", "..", ".git"} & set(text.lower().split("/")):
        raise Refused(HTTPStatus.BAD_REQUEST, "a path that no repository has")
    return text


def decoded(value: Mapping[str, object]) -> bytes:
    """Return the content of a `file` line.

    Raises:
        Refused: it is no base64.
    """
    try:
        return base64.b64decode(str(value["content"]), validate=True)
    except (binascii.Error, KeyError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "a file line without content in base64") from error


def without(tree: Tree, path: str, *, folder: bool) -> Tree:
    """Return a tree without a file, or without all that lies in a folder.

    Raises:
        Refused: nothing of the name is there.
    """
    gone = {each for each in tree if (each.startswith(f"{path}/") if folder else each == path)}
    if not gone:
        # The client looks for these words.
        raise Refused(HTTPStatus.NOT_FOUND, f"A file with this name doesn't exist: {path}", "EntryNotFound")
    return {each: entry for each, entry in tree.items() if each not in gone}


def files_as_folders(tree: Tree) -> list[str]:
    """Return the files of a tree below which others would lie."""
    folders = {parent.as_posix() for path in tree for parent in PurePosixPath(path).parents}
    return sorted(folders & set(tree))


def without_content(tree: Tree, digests: set[str]) -> Tree:
    """Return a tree without the files that have one of some digests and are stored apart."""
    return {path: entry for path, entry in tree.items() if not (entry.lfs and entry.sha256 in digests)}


def listed(tree: Tree, folder: str, *, recursive: bool) -> Iterator[tuple[str, Entry | None]]:
    """Yield the paths below a folder, of folders without an entry, in the order of their names."""
    start = f"{folder}/" if folder else ""
    found: dict[str, Entry | None] = {}
    for path, entry in tree.items():
        if not path.startswith(start):
            continue
        steps = path[len(start) :].split("/")
        parents = ["/".join(steps[:number]) for number in range(1, len(steps))]
        found |= dict.fromkeys(start + parent for parent in (parents if recursive else parents[:1]))
        if recursive or len(steps) == 1:
            found[path] = entry
    yield from sorted(found.items())
