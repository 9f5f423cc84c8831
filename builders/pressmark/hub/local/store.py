"""What the embedded Hub keeps: blobs by their digest, commits by theirs, and one small file of refs a repository.

    blobs/ab/abcd…            content, by SHA-256
    repos/ORG/NAME/repo.json  visibility, gating, refs and the list of LFS objects; replaced whole, under a lock
    repos/ORG/NAME/commits/   one file a commit; never changed
    uploads/                  parts of uploads that are not finished

Several processes may use one folder: content never changes, and `repo.json` is read and written under a lock.
"""

import hashlib
import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock

from pressmark.hub.local.trees import Entry, Tree
from pressmark.hub.local.wire import Refused
from pressmark.workshop import PRIVATE, PRIVATE_FILE, write_durably

MAIN = "refs/heads/main"
OWNER = "owner"
PART_BYTES = 64 * 10**6
"""Bytes of content above which it is sent in parts, and of each part."""

PAGE = 1000
"""Entries of a tree, and commits, that are listed at once."""

_ACCOUNTS = (OWNER, "reader")
_BLOCK = 1 << 20
_LOCK_SECONDS = 60
_SHA256 = re.compile("[0-9a-f]{64}")
_FIRST_TREE = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"


@dataclass(frozen=True, slots=True)
class Commit:
    """One state of a repository."""

    oid: str
    parent: str | None
    title: str
    message: str
    author: str
    date: str
    tree: Tree


@dataclass(slots=True)
class Repo:
    """What may change about a repository."""

    private: bool
    gated: str | bool = False
    """`manual`, `auto`, or False."""

    granted: list[str] = field(default_factory=list)
    """Readers who may read it although it is gated."""

    created: str = ""
    refs: dict[str, str] = field(default_factory=dict)
    """Commit of each ref by its full name, such as `refs/tags/v1.0.0`."""

    earlier_heads: list[str] = field(default_factory=list)
    """Heads of the main branch before the present one, oldest first."""

    lfs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """LFS objects ever committed and not deleted for good, by SHA-256."""


class Store:
    """A folder of repositories."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("blobs", "repos", "uploads", "xet"):
            (folder / name).mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        folder.chmod(PRIVATE)
        self.part_bytes = PART_BYTES
        self.page = PAGE
        self.tokens: dict[str, str] = self._kept("tokens.json", {f"local-{_random()}": who for who in _ACCOUNTS})
        self.secret = bytes.fromhex(self._kept("secret.json", _random()))

    def _kept(self, name: str, new: Any) -> Any:
        """Return what a file of this folder says; the first process to ask decides."""
        path = self.folder / name
        with FileLock(self.folder / ".lock", timeout=_LOCK_SECONDS):
            if not path.is_file():
                path.touch(mode=PRIVATE_FILE)
                path.write_text(json.dumps(new), encoding="utf-8")
            return json.loads(path.read_bytes())

    def blob(self, sha256: str) -> Path:
        """Return where content with a digest lies, or would lie."""
        return self.folder / "blobs" / sha256[:2] / sha256

    def holds(self, sha256: str) -> bool:
        """Tell whether content with a digest is here."""
        return bool(_SHA256.fullmatch(sha256)) and self.blob(sha256).is_file()

    def put(self, content: Iterator[bytes], expected: str | None = None) -> tuple[str, int]:
        """Keep content; return its SHA-256 and its size in bytes.

        Raises:
            Refused: the digest is not the expected one; nothing was kept.
        """
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.folder / "uploads", delete=False) as stream:
            place = Path(stream.name)
            try:
                for block in content:
                    digest.update(block)
                    size += len(block)
                    stream.write(block)
            except BaseException:
                place.unlink()
                raise
        if expected not in (None, digest.hexdigest()):
            place.unlink()
            raise Refused(HTTPStatus.BAD_REQUEST, "the content has another SHA-256")
        self.blob(digest.hexdigest()).parent.mkdir(exist_ok=True)
        place.replace(self.blob(digest.hexdigest()))
        return digest.hexdigest(), size

    def create(self, name: str, author: str, *, private: bool) -> bool:
        """Make a repository with the file that the Hub begins each with; return False where it is there already."""
        with self.locked(name):
            if self.repo(name):
                return False
            sha256, size = self.put(iter([_FIRST_TREE]))
            tree = {".gitattributes": Entry.of(sha256, size, _FIRST_TREE)}
            repo = Repo(private, created=now())
            repo.refs[MAIN] = self.commit(name, None, "initial commit", "", author, tree).oid
            self.save(name, repo)
            return True

    def delete(self, name: str) -> None:
        """Remove a repository; its blobs stay, for they may be others' too."""
        shutil.rmtree(self._place(name))

    def repo(self, name: str) -> Repo | None:
        """Return a repository, or None where there is none."""
        path = self._place(name) / "repo.json"
        return Repo(**json.loads(path.read_bytes())) if path.is_file() else None

    def save(self, name: str, repo: Repo) -> None:
        """Write what changed about a repository; the caller holds its lock."""
        write_durably(self._place(name) / "repo.json", json.dumps(asdict(repo)).encode())

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Keep a repository for oneself."""
        lock = self.folder / "repos" / f".{name.replace('/', '--')}.lock"
        with FileLock(lock, timeout=_LOCK_SECONDS):
            yield

    @contextmanager
    def changing(self, name: str) -> Iterator[Repo]:
        """Give a repository to change, and write it afterwards."""
        with self.locked(name):
            repo = self.repo(name)
            if repo is None:
                raise KeyError(name)
            yield repo
            self.save(name, repo)

    def commit(self, name: str, parent: str | None, title: str, message: str, author: str, tree: Tree) -> Commit:
        """Write a commit; no ref leads to it yet."""
        date = now()
        told = {"parent": parent, "title": title, "message": message, "author": author, "date": date}
        files = {path: asdict(entry) for path, entry in sorted(tree.items())}
        data = json.dumps({**told, "tree": files}, sort_keys=True).encode()
        oid = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        write_durably(self._commits(name) / f"{oid}.json", data)
        return Commit(oid, parent, title, message, author, date, tree)

    def read(self, name: str, oid: str) -> Commit | None:
        """Return a commit, or None where there is none."""
        path = self._commits(name) / f"{oid}.json"
        if not path.is_file():
            return None
        told = json.loads(path.read_bytes())
        tree = {place: Entry(**entry) for place, entry in told.pop("tree").items()}
        return Commit(oid=oid, tree=tree, **told)

    def history(self, name: str, oid: str) -> Iterator[Commit]:
        """Yield a commit and those before it, newest first."""
        at: str | None = oid
        while at and (commit := self.read(name, at)):
            yield commit
            at = commit.parent

    def forget_unreachable(self, name: str, repo: Repo) -> None:
        """Remove commits that no ref leads to."""
        reachable = {commit.oid for oid in repo.refs.values() for commit in self.history(name, oid)}
        for path in self._commits(name).glob("*.json"):
            if path.stem not in reachable:
                path.unlink()
        repo.earlier_heads = [oid for oid in repo.earlier_heads if oid in reachable]

    def names(self) -> list[str]:
        """Return the names of all repositories."""
        found = (self.folder / "repos").glob("*/*/repo.json")
        return sorted(path.parent.relative_to(self.folder / "repos").as_posix() for path in found)

    def _place(self, name: str) -> Path:
        return self.folder / "repos" / name

    def _commits(self, name: str) -> Path:
        return self._place(name) / "commits"


def now() -> str:
    """Return the time as the Hub writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def blocks(stream: BinaryIO, size: int = -1) -> Iterator[bytes]:
    """Yield what a stream gives, in blocks, up to a number of bytes.

    Raises:
        ConnectionError: it ends before.
    """
    left = size
    while left and (block := stream.read(_BLOCK if left < 0 else min(_BLOCK, left))):
        left -= len(block) if left > 0 else 0
        yield block
    if left > 0:
        raise ConnectionError("the body ends early")


def _random() -> str:
    return secrets.token_hex(16)
