"""Records of a workshop in a bucket: ledgers, texts that were withheld, and which entries the newest build used.

They lie below `records/` by their digests, and `state/NUMBER.json` says which of them there are; the highest number
counts. A build that finds another number at its end than at its beginning refuses to add its own.
"""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pressmark.cache import NEWEST
from pressmark.errors import OutputError, RemoteError
from pressmark.press.manifest import digest_of
from pressmark.release.version import VERSION
from pressmark.s3_address import S3Address
from pressmark.stored_entries import FOLDERS, put_named
from pressmark.stores.home import each_at_once
from pressmark.workshop import PRIVATE, REPORT, files_below, write_durably

if TYPE_CHECKING:
    from pressmark.stores.bucket import Bucket, Listing, Stored

_STATE = re.compile("state/([0-9]{9})[.]json")
_READ, _WRITTEN = ".state.read", ".state.written"
_FORMAT = 1

Digests = dict[str, str]
"""SHA-256 by path."""


@dataclass(frozen=True, slots=True)
class State:
    """What records a bucket had at one moment."""

    number: int = 0
    digests: Digests = field(default_factory=dict)
    objects: dict[str, "Stored"] = field(default_factory=dict)
    """By their digests, whether they are records still or not."""


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one workshop, here and in a bucket."""

    bucket: "Bucket"
    address: S3Address
    folder: Path
    """Of the workshop."""

    def state(self, listing: "Listing") -> State:
        """Return what a list of the bucket has of records.

        Raises:
            RemoteError: it cannot be read.
        """
        states, below = self._states(listing), self._key("")
        objects = {each.key.removeprefix(below): each for each in listing.objects if each.key.startswith(below)}
        number = max(states, default=0)
        return State(number, self._read(states[number]) if states else {}, objects)

    def here(self) -> Digests:
        """Return the records that lie here; a page is none, for it is soon written again."""
        paths = (path.relative_to(self.folder) for each in self.folder.iterdir() for path in _files_of(each))
        found = sorted(path.as_posix() for path in paths if path.name != REPORT)
        return {path: digest_of(self.folder / path) for path in found if _is_record(path)}

    def bring(self, there: State, seen: Digests) -> None:
        """Make the records here the same as those of the bucket, but for what is new here.

        Args:
            there: Those of the bucket.
            seen: Those that were the same in both the last time.

        Raises:
            OutputError: those of a version were changed in both.
            RemoteError: one is not there.
        """
        here, theirs, base = _grouped(self.here()), _grouped(there.digests), _grouped(seen)
        for group in sorted({*here, *theirs, *base}):
            mine, other, before = here.get(group, {}), theirs.get(group, {}), base.get(group, {})
            is_new = bool(mine) and mine != before
            if mine == other or (is_new and other == before):
                continue
            if is_new and group not in FOLDERS:
                raise OutputError(
                    f"what is kept of {group} in {self.folder} is not what {self.address} has, and was changed in both",
                    advice=f"move {self.folder / group} away to go on with what is in the bucket",
                )
            self._replace(group, other, there)

    def send(self, begun: State, there: State) -> State:
        """Upload records that are new here; return what the bucket has then.

        Args:
            begun: What it had when they were brought.
            there: What it has.

        Raises:
            OutputError: another build wrote some meanwhile.
            RemoteError: the store does not take one.
        """
        digests = self.here()
        if there.number != begun.number:
            changed = {path.split("/")[0] for path, _ in digests.items() ^ begun.digests.items()}
            if digests != there.digests and changed - {*FOLDERS}:
                raise self._meanwhile()
            return there
        lacking = {sha256: self.folder / path for path, sha256 in digests.items() if sha256 not in there.objects}
        each_at_once(lambda sha256: put_named(self.bucket, self._key(sha256), lacking[sha256], sha256), [*lacking])
        if digests == there.digests:
            return there
        number = there.number + 1
        self._write(number, digests)
        left = there.objects.keys() - {*digests.values()}
        each_at_once(self.bucket.remove, [self._key(sha256) for sha256 in sorted(left)])
        return State(number, digests)

    def _write(self, number: int, digests: Digests) -> None:
        """Write a state, of which there may be no other by that number and none by a higher one."""
        place = self.folder / _WRITTEN
        try:
            write_durably(place, written({"format": _FORMAT, "records": digests}))
            key = f"{self.address.key}/state/{number:09d}.json"
            mark = self.bucket.put(key, place, digest_of(place))
        finally:
            place.unlink(missing_ok=True)
        states = self._states(self.bucket.listed(f"{self.address.key}/state/"))
        if mark is None or number not in states or states[number].mark != mark:
            raise self._meanwhile()
        if max(states) != number:
            self.bucket.remove(key)
            raise self._meanwhile()
        for old in sorted(states.keys() - {number}):
            self.bucket.remove(states[old].key)

    def _meanwhile(self) -> OutputError:
        return OutputError(
            f"another build wrote to the workshop at {self.address} meanwhile; records of this one are not there",
            advice=f"they are in {self.folder}, and releases that are said to be there are; run the same again, which "
            "takes up what the other one wrote",
        )

    def _states(self, listing: "Listing") -> dict[int, "Stored"]:
        found = ((_STATE.fullmatch(each.key.removeprefix(f"{self.address.key}/")), each) for each in listing.objects)
        return {int(of[1]): each for of, each in found if of}

    def _read(self, stored: "Stored") -> Digests:
        place = self.folder / _READ
        self.bucket.bring(stored, place)
        try:
            told = json.loads(place.read_bytes())
            found = {str(path): str(sha256) for path, sha256 in told["records"].items()}
            is_known = told["format"] == _FORMAT and all(map(_is_record, found))
        except (ValueError, KeyError, TypeError, AttributeError):
            is_known, found = False, {}
        finally:
            place.unlink()
        if not is_known:
            raise RemoteError(
                f"s3://{self.bucket.name}/{stored.key} does not say what the workshop has",
                advice="a newer pressmark wrote it, or it is damaged: give another --work, and all is done again",
            )
        return found

    def _replace(self, group: str, digests: Digests, there: State) -> None:
        """Make a folder have these records: all of them, or what it had."""
        if group in FOLDERS:
            for path, sha256 in digests.items():
                self._bring(path, sha256, self.folder / path, there)
            return
        new, old = self.folder / f".{group}.new", self.folder / f".{group}.old"
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        for path, sha256 in digests.items():
            self._bring(path, sha256, new / path.removeprefix(f"{group}/"), there)
        if (self.folder / group).exists():
            (self.folder / group).rename(old)
        if digests:
            new.rename(self.folder / group)
        shutil.rmtree(old, ignore_errors=True)

    def _bring(self, path: str, sha256: str, place: Path, there: State) -> None:
        stored = there.objects.get(sha256)
        place.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        if stored is None or self.bucket.bring(stored, place) != sha256:
            place.unlink(missing_ok=True)
            raise RemoteError(
                f"{self.address}/{path} is not there as it was uploaded",
                advice=f"remove s3://{self.bucket.name}/{self._key(sha256)}, and build where a copy of the workshop is "
                "whole, which brings it back; or give another --work",
            )

    def _key(self, sha256: str) -> str:
        return f"{self.address.key}/records/{sha256}"


def _files_of(place: Path) -> list[Path]:
    if place.name in FOLDERS:
        return [place / NEWEST] if (place / NEWEST).is_file() else []
    return files_below(place) if VERSION.fullmatch(place.name) else []


def _is_record(path: str) -> bool:
    """Tell whether a path may be one of a record: none leads out of the folder."""
    first, *others = path.split("/")
    if first in FOLDERS:
        return others == [NEWEST]
    return bool(VERSION.fullmatch(first) and others) and not any(
        each[:1] in ("", ".") or "\\" in each for each in others
    )


def _grouped(digests: Mapping[str, str]) -> dict[str, Digests]:
    """Return records by the first part of their paths."""
    found: dict[str, Digests] = {}
    for path, sha256 in digests.items():
        found.setdefault(path.split("/")[0], {})[path] = sha256
    return found


def written(told: object) -> bytes:
    """Return something as it is written, the same each time."""
    return json.dumps(told, indent=1, sort_keys=True).encode() + b"\n"
