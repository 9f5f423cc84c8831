"""What a workshop in a bucket keeps: entries of the caches and records of versions, each whole or not there.

A piece is uploaded with its note last, which has the digests of its files. No object is ever written over, not even by
a store that does not know `If-None-Match`, and two builds at once are not in each other's way.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from typing import TYPE_CHECKING

import orjson

from pressmark.cache import NOTE, entry_digest
from pressmark.errors import RemoteError
from pressmark.press.manifest import digest_of
from pressmark.release.version import VERSION
from pressmark.stored_names import CLOSED, LEDGER, PLACE, RECORDS, Name, There
from pressmark.stores.home import each_told
from pressmark.stores.trouble import GoneError
from pressmark.workshop import CACHE, PRIVATE, SHELF, STAGING

if TYPE_CHECKING:
    from pressmark.stores.bucket import Bucket

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Those of one workshop, here and in a bucket."""

    bucket: "Bucket"
    prefix: str
    """What all keys of the workshop begin with."""

    folder: Path
    """Of the copy here."""

    def there(self) -> There:
        """Return what the bucket has.

        Raises:
            RemoteError: the store does not list it.
        """
        return There.of(self.bucket.listed(self.prefix), self.prefix)

    def here(self) -> dict[str, str]:
        """Return where pieces lie here, with what tells whether one was written since."""
        found = {f"{where}/{path.name}": path / NOTE for where in (CACHE, SHELF) for path in self._in(where)}
        for version in (path.name for path in self.folder.glob("*") if VERSION.fullmatch(path.name)):
            closed = [f"{version}/{CLOSED}/{path.name}" for path in self._in(f"{version}/{CLOSED}")]
            places = [f"{version}/{LEDGER}", *closed]
            found |= {f"{RECORDS}/{place}": self.folder / place for place in places}
        return {place: sign for place, path in found.items() if PLACE.fullmatch(place) and (sign := _sign(path))}

    def _in(self, folder: str) -> Iterable[Path]:
        return (self.folder / folder).glob("*")

    def bring(self, there: There, progress: Progress | None = None, *, entries: bool = True) -> None:
        """Bring what is not here. Nothing that is here is changed or removed.

        Of several in one place the newest is brought, of texts that a line does not show the oldest: that one counts.

        Args:
            there: What the bucket has.
            progress: Told how many of how many are here.
            entries: Also those of the caches.

        Raises:
            RemoteError: the store does not give a piece, or a record is damaged.
        """
        here, wanted = self.here(), dict[str, Name]()
        for name in there.whole():
            if name.place not in here and (name.is_record or entries):
                wanted[name.place] = wanted.get(name.place, name) if name.is_closed else name
        each_told("bring workshop", lambda name: self.brought(name, there, self.folder), wanted.values(), progress)

    def brought(self, name: Name, there: There, folder: Path) -> None:
        """Bring a piece to where it belongs in a folder; an entry that is not what its name says is left.

        Raises:
            RemoteError: the store does not give it, or it is a record that is damaged.
        """
        unfinished, place = Path(mkdtemp(prefix=f"{STAGING}-", dir=self.folder)), _within(folder, name.place)
        try:
            files = there.objects[name]
            digests = {file: self.bucket.bring(stored, unfinished / file) for file, stored in files.items()}
            if digests.pop(NOTE) != name.digest or not belongs((unfinished / NOTE).read_bytes(), digests):
                if name.is_record:
                    raise self._damaged(name)
                return
            place.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
            if name.is_record:
                (unfinished / NOTE).unlink()
            else:  # what a build left that was killed while it removed the entry
                shutil.rmtree(place, ignore_errors=True)
            (unfinished / LEDGER if place.name == LEDGER else unfinished).rename(place)
        except GoneError:  # removed meanwhile, by whoever trims or purges
            return
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def sent(self, place: str, there: There, begun: set[Name]) -> Name | None:
        """Upload a piece that is here, unless it is there, or other texts that a line does not show are.

        Args:
            place: Where it lies; None is returned where it is not whole there.
            there: What the bucket has.
            begun: Pieces of which an object may have been uploaded; this one is added.

        Raises:
            RemoteError: the store does not take it.
        """
        local = _within(self.folder, place)
        try:
            files = {path.name: path for path in ([local] if local.is_file() else local.iterdir()) if path.name != NOTE}
            digests = {name: digest_of(path) for name, path in sorted(files.items())}
            note = _note_of(digests) if place.startswith(RECORDS) else (local / NOTE).read_bytes()
            digest = hashlib.sha256(note).hexdigest()
            name = there.in_turn(place, digest) if Name(place, digest).is_ledger else Name(place, digest)
            if not belongs(note, digests):
                return None
        except FileNotFoundError:  # a task found that it was not whole
            return None
        is_there = NOTE in there.objects.get(name, ())
        if not is_there and not (name.is_closed and any(each.place == place for each in there.whole())):
            begun.add(name)
            for file, path in files.items():
                self._put(name, file, path, digests[file])
            with NamedTemporaryFile() as written:
                written.write(note)
                written.flush()
                self._put(name, NOTE, Path(written.name), name.digest)
        return name

    def _put(self, name: Name, file: str, path: Path, sha256: str) -> None:
        key = self._key(name, file)
        if self.bucket.put(key, path, sha256) is None:
            # The answer to a request of our own may have been lost, or others have the same bytes.
            there = [each for each in self.bucket.listed(key).objects if each.key == key]
            if not there or self.bucket.digest(there[0]) != sha256:
                raise self._damaged(name)

    def remove(self, names: Iterable[Name], there: There) -> None:
        """Remove pieces from the bucket, each note first."""
        for name in sorted(names):
            for file in sorted(there.objects.get(name, ()), key=lambda each: each != NOTE):
                self.bucket.remove(self._key(name, file))

    def _key(self, name: Name, file: str) -> str:
        return f"{self.prefix}{name.path}/{file}"

    def _damaged(self, name: Name) -> RemoteError:
        return RemoteError(
            f"what lies at s3://{self.bucket.name}/{self._key(name, '')} is not what was uploaded there",
            advice="others wrote there or it is damaged: remove it by hand; a build that makes it uploads it again",
        )


def _within(folder: Path, place: str) -> Path:
    return folder / place.removeprefix(f"{RECORDS}/")


def _note_of(digests: Mapping[str, str]) -> bytes:
    """Return the note of a record, which has none here."""
    return orjson.dumps({"digest": entry_digest(digests, {}), "note": {}})


def belongs(note: bytes, digests: Mapping[str, str]) -> bool:
    """Tell whether a note belongs to files of these digests."""
    with suppress(ValueError, KeyError, TypeError):
        told = orjson.loads(note)
        return bool(told["digest"] == entry_digest(digests, told["note"]))
    return False


def _sign(path: Path) -> str:
    """Return what changes when a file or folder is written anew; nothing where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ""
    return f"{found.st_ino} {found.st_mtime_ns}"
