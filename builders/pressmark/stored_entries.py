"""What a workshop in a bucket keeps of what builds did: the entries of its caches, each whole or not there.

An entry lies at `cache/KEY/DIGEST/`, or `shards/KEY/DIGEST/`, with the digest of its note, which has those of its files
and is written last. So entries are never written over, and those of two builds at once cannot be in each other's way.
"""

import hashlib
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from pressmark.cache import NOTE, belongs
from pressmark.errors import RemoteError
from pressmark.press.manifest import digest_of
from pressmark.stores.home import each_at_once
from pressmark.stores.trouble import GoneError
from pressmark.stores.upload import QUIET
from pressmark.workshop import CACHE, PRIVATE, SHELF

if TYPE_CHECKING:
    from pressmark.stores.bucket import Bucket, Listing, Stored

FOLDERS = (CACHE, SHELF)
_OBJECT = re.compile(f"({'|'.join(FOLDERS)})/([0-9a-f]{{64}})/([0-9a-f]{{64}})/([a-z][a-z.]*)")
_KEY = re.compile("[0-9a-f]{64}")

Progress = Callable[[str, int, int], None]
Name = tuple[str, str, str]
"""Folder of the workshop, key, and digest of the note."""


@dataclass(frozen=True, slots=True)
class Held:
    """The entries that a bucket had at one moment."""

    whole: dict[Name, dict[str, "Stored"]] = field(default_factory=dict)
    """Their objects, by the name of the file."""

    left: list[str] = field(default_factory=list)
    """Keys of what uploads left that were cut off a while ago."""


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of one workshop, here and in a bucket."""

    bucket: "Bucket"
    prefix: str
    """What all keys of the workshop begin with."""

    folder: Path
    """Of the workshop."""

    def held(self, listing: "Listing") -> Held:
        """Return what of a list of the bucket is entries."""
        found: dict[Name, dict[str, Stored]] = defaultdict(dict)
        for each in listing.objects:
            if of := _OBJECT.fullmatch(each.key.removeprefix(self.prefix)):
                found[of[1], of[2], of[3]][of[4]] = each
        halves = [there for there in found.values() if NOTE not in there]
        old = [each.key for there in halves for each in there.values() if listing.at - each.changed > QUIET]
        return Held({name: there for name, there in found.items() if NOTE in there}, old)

    def here(self) -> set[Name]:
        """Return the entries that lie here."""
        paths = ((where, path) for where in FOLDERS for path in (self.folder / where).glob("*"))
        names = [(where, path.name) for where, path in paths if _KEY.fullmatch(path.name)]
        return {(*name, digest) for name in names if (digest := self._digest(*name))}

    def bring(
        self, there: Mapping[Name, Mapping[str, "Stored"]], seen: Collection[Name], progress: Progress | None = None
    ) -> None:
        """Make the entries here the same as those of the bucket, but for those that are new here.

        Args:
            there: Those of the bucket.
            seen: Those that were the same in both the last time.
            progress: Told how many of how many are here.
        """
        newest: dict[tuple[str, str], Name] = {}
        for name in sorted(there, key=lambda each: (there[each][NOTE].changed, each)):
            newest[name[:2]] = name
        for where, key, digest in self.here():
            is_new = (where, key, digest) not in there and (where, key, digest) not in seen
            if is_new or newest.get((where, key)) == (where, key, digest):
                newest.pop((where, key), None)
            elif (where, key) not in newest:  # removed there
                shutil.rmtree(self.folder / where / key)
        _each("bring workshop", lambda name: self._brought(name, there[name]), newest.values(), progress)

    def _brought(self, name: Name, objects: Mapping[str, "Stored"]) -> None:
        """Bring an entry home; where it is removed meanwhile there is none, nor where it is not what its name says.

        The latter is damage, and the entry is removed there too: whoever has it again uploads it again.
        """
        where, key, digest = name
        unfinished = self.folder / where / f".{key}.{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=PRIVATE, parents=True)
        try:
            digests = {file: self.bucket.bring(each, unfinished / file) for file, each in objects.items()}
            if digests.pop(NOTE) == digest and belongs((unfinished / NOTE).read_bytes(), digests):
                shutil.rmtree(self.folder / where / key, ignore_errors=True)
                unfinished.rename(self.folder / where / key)
            else:
                self.bucket.remove(objects[NOTE].key)
        except GoneError:  # another build removed it, that has no use for it
            return
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def send(self, names: Iterable[Name], progress: Progress | None = None) -> None:
        """Upload entries that lie here.

        Args:
            names: Their names.
            progress: Told how many of how many are there.

        Raises:
            RemoteError: the store does not take one.
        """
        _each("upload workshop", self._sent, names, progress)

    def _sent(self, name: Name) -> None:
        where, key, digest = name
        entry = self.folder / where / key
        try:
            files = {path.name: digest_of(path) for path in sorted(entry.iterdir()) if path.name != NOTE}
            if self._digest(where, key) != digest or not belongs((entry / NOTE).read_bytes(), files):
                return
            for file, sha256 in (*files.items(), (NOTE, digest)):
                put_named(self.bucket, f"{self.prefix}{where}/{key}/{digest}/{file}", entry / file, sha256)
        except FileNotFoundError:  # a task found that it was not whole
            return

    def remove(self, names: Iterable[Name], held: Held) -> None:
        """Remove entries from the bucket, each note first, and what uploads left that were cut off."""
        for name in sorted(names):
            objects = held.whole.get(name, {})
            for file in sorted(objects, key=lambda each: each != NOTE):
                self.bucket.remove(objects[file].key)
        each_at_once(self.bucket.remove, held.left)

    def _digest(self, where: str, key: str) -> str | None:
        """Return the digest of an entry's note; None where there is none."""
        try:
            return hashlib.sha256((self.folder / where / key / NOTE).read_bytes()).hexdigest()
        except FileNotFoundError:
            return None


def _each(what: str, act: Callable[[Name], None], names: Iterable[Name], progress: Progress | None) -> None:
    """Do something with each of some entries, and tell how far it is."""
    those, done = sorted(names), count(1)

    def acted(name: Name) -> None:
        act(name)
        if progress:
            progress(what, next(done), len(those))

    each_at_once(acted, those)


def put_named(bucket: "Bucket", key: str, path: Path, sha256: str) -> None:
    """Write an object whose key says what bytes it has; other bytes that lie there are damage, and are replaced.

    Raises:
        RemoteError: the store does not take it.
    """
    for _ in range(2):
        if bucket.put(key, path, sha256) is not None:
            return
        for each in bucket.listed(key).objects:
            if each.key == key:
                if bucket.digest(each) == sha256:
                    return
                bucket.remove(key)
    raise RemoteError(
        f"others write s3://{bucket.name}/{key}, with other bytes than it has to have",
        advice="look at who else may write there",
    )
