"""What the embedded Hub keeps: blobs by their digest, commits by theirs, and one small file of refs a repository.

    blobs/ab/abcd…            content, by SHA-256
    repos/ORG/NAME/repo.json  visibility, gating, refs and the list of LFS objects; replaced whole, under a lock
    repos/ORG/NAME/commits/   one file a commit; never changed
    uploads/                  what is still coming, and parts of it
    xet/                      the clients' own store, where they send files the newer way
    tokens.json, secret.json  of the accounts, and of addresses that were given out; for the folder's owner alone

Several processes may use one folder: content never changes, and `repo.json` is read and written under a lock.
"""

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pressmark.errors import UsageError
from pressmark.hub.local.blobs import Blobs
from pressmark.hub.local.trees import Entry, Tree
from pressmark.hub.local.wire import Refused, not_found
from pressmark.workshop import PRIVATE, PRIVATE_FILE, write_durably

MAIN = "refs/heads/main"
OWNER = "owner"
PART_BYTES = 64 * 10**6
"""Bytes of content above which it is sent in parts, and of each part."""

PAGE = 1000
"""Entries of a tree, and commits, that are listed at once."""

_ACCOUNTS = (OWNER, "reader")
_LOCK_SECONDS = 60
_BUSY = "Another commit operation is in progress for this repository"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_OID = re.compile("[0-9a-f]{40}")
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


class Store(Blobs):
    """A folder of repositories.

    Raises:
        UsageError: something else is kept there.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        if folder.is_dir() and any(folder.iterdir()) and not (folder / "blobs").is_dir():
            raise UsageError(f"{folder} is no folder of a Hub", advice="give a new one, or one that was served before")
        # First of all, closed to others: on a shared machine /tmp is everybody's.
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        folder.chmod(PRIVATE)
        for name in ("blobs", "repos", "uploads", "xet"):
            (folder / name).mkdir(exist_ok=True, mode=PRIVATE)
        self.part_bytes = PART_BYTES
        self.page = PAGE
        self.tokens: dict[str, str] = self._kept("tokens.json", {f"local-{_random()}": who for who in _ACCOUNTS})
        self.secret = bytes.fromhex(self._kept("secret.json", _random()))

    def _kept(self, name: str, new: Any) -> Any:
        """Return what a file of this folder says; the first process to ask decides."""
        path = self.folder / name
        with FileLock(self.folder / ".lock", timeout=_LOCK_SECONDS):
            if not path.is_file():
                unfinished = path.with_suffix(".unfinished")
                unfinished.touch(mode=PRIVATE_FILE)
                unfinished.write_text(json.dumps(new), encoding="utf-8")
                unfinished.replace(path)
            return json.loads(path.read_bytes())

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
        with self.locked(name):
            # First what makes it a repository, so that nobody meets half of one.
            (self._place(name) / "repo.json").unlink(missing_ok=True)
            shutil.rmtree(self._place(name), ignore_errors=True)

    def repo(self, name: str) -> Repo | None:
        """Return a repository, or None where there is none, nor can be one of that name."""
        if not is_name(name):
            return None
        try:
            return Repo(**json.loads((self._place(name) / "repo.json").read_bytes()))
        except FileNotFoundError:
            return None

    def save(self, name: str, repo: Repo) -> None:
        """Write what changed about a repository; the caller holds its lock."""
        write_durably(self._place(name) / "repo.json", json.dumps(asdict(repo)).encode())

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Keep a repository for oneself.

        Raises:
            Refused: somebody else keeps it for too long.
        """
        lock = FileLock(self.folder / "repos" / f".{name.replace('/', '--')}.lock")
        try:
            held = lock.acquire(timeout=_LOCK_SECONDS)
        except Timeout as error:
            raise Refused(HTTPStatus.CONFLICT, _BUSY) from error
        with held:
            yield

    @contextmanager
    def changing(self, name: str) -> Iterator[Repo]:
        """Give a repository to change, and write it afterwards.

        Raises:
            Refused: there is none any more.
        """
        with self.locked(name):
            repo = self.repo(name)
            if repo is None:
                raise not_found("Repository", "RepoNotFound")
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
        if not _OID.fullmatch(oid):
            return None
        try:
            told = json.loads((self._commits(name) / f"{oid}.json").read_bytes())
        except FileNotFoundError:
            return None
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

    def needed(self) -> set[str]:
        """Return the digests of all content that a repository has in git, or lists as stored apart."""
        found: set[str] = set()
        for name in self.names():
            repo = self.repo(name)
            listed = set(repo.lfs) if repo else set()
            commits = [self.read(name, path.stem) for path in self._commits(name).glob("*.json")]
            trees = [entry for commit in commits if commit for entry in commit.tree.values()]
            found |= listed | {entry.sha256 for entry in trees if not entry.lfs}
        return found

    def names(self) -> list[str]:
        """Return the names of all repositories."""
        found = (self.folder / "repos").glob("*/*/repo.json")
        return sorted(path.parent.relative_to(self.folder / "repos").as_posix() for path in found)

    def _place(self, name: str) -> Path:
        return self.folder / "repos" / name

    def _commits(self, name: str) -> Path:
        return self._place(name) / "commits"


def is_name(name: str) -> bool:
    """Tell whether a repository may be called so: `org/name`, with nothing that a folder could misunderstand."""
    return bool(_NAME.fullmatch(name))


def now() -> str:
    """Return the time as the Hub writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _random() -> str:
    return secrets.token_hex(16)
