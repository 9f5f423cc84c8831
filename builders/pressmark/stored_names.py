"""Names of what a workshop in a bucket keeps: `PLACE/DIGEST/FILE`, and `PLACE/TURN-DIGEST/FILE` for ledgers.

The digest is that of a piece's note. Ledgers have turns because a store tells times to the second alone, and two builds
of one version may be nearer than that, or the later may have the ledger of one before the other.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Self

from pressmark.cache import NOTE
from pressmark.release.version import VERSION
from pressmark.stores.upload import QUIET
from pressmark.workshop import CACHE, SHELF

if TYPE_CHECKING:
    from pressmark.stores.bucket import Listing, Stored

RECORDS, PURGED = "records", "purged"
LEDGER, CLOSED = "ledger.jsonl", "closed"
_RECORD = rf"{RECORDS}/{VERSION.pattern}/(?:ledger[.]jsonl|{CLOSED}/[a-z0-9][a-z0-9-]*)"
PLACE = re.compile(f"(?:{CACHE}|{SHELF})/[0-9a-f]{{64}}|{_RECORD}")
_PIECE = rf"(?P<place>{PLACE.pattern})/(?:(?P<turn>[1-9][0-9]{{0,8}})-)?(?P<digest>[0-9a-f]{{64}})"
_OBJECT = re.compile(rf"{_PIECE}/(?P<file>[A-Za-z0-9][A-Za-z0-9._-]*)")


class Name(NamedTuple):
    """What a piece is known by."""

    place: str
    """Where it lies in a workshop; records of versions lie below `records/` in a bucket, and not here."""

    digest: str
    """Of its note."""

    turn: int = 0
    """Of a ledger, from 1: the one with the highest is the newest. 0 for everything else."""

    @property
    def path(self) -> str:
        """Where it lies in a bucket, below what all keys of the workshop begin with."""
        return f"{self.place}/{self.turn}-{self.digest}" if self.turn else f"{self.place}/{self.digest}"

    @property
    def is_record(self) -> bool:
        """Whether it is a ledger of a version, or texts that a line of one does not show."""
        return self.place.startswith(f"{RECORDS}/")

    @property
    def is_ledger(self) -> bool:
        """Whether it is a ledger of a version."""
        return self.place.endswith(f"/{LEDGER}")

    @property
    def is_closed(self) -> bool:
        """Whether it is texts that a line of a version does not show: of these there are no two in one place."""
        return self.is_record and not self.is_ledger

    @property
    def version(self) -> str:
        """Of a record."""
        return self.place.split("/")[1]


@dataclass(frozen=True, slots=True)
class There:
    """What a bucket has at one moment."""

    objects: Mapping[Name, Mapping[str, "Stored"]]
    """By the names of files, also of pieces that are not whole."""

    purges: frozenset[str]
    """What purges left: one object each, for good."""

    at: datetime

    @classmethod
    def of(cls, listing: "Listing", prefix: str) -> Self:
        """Return what a listing has of a workshop.

        Args:
            listing: Of all keys that begin so, or of more.
            prefix: What all keys of the workshop begin with.
        """
        objects: dict[Name, dict[str, Stored]] = defaultdict(dict)
        keys = {each.key.removeprefix(prefix): each for each in listing.objects}
        for key, stored in keys.items():
            if of := _OBJECT.fullmatch(key):
                objects[Name(of["place"], of["digest"], int(of["turn"] or 0))][of["file"]] = stored
        return cls(objects, frozenset(key for key in keys if key.startswith(f"{PURGED}/")), listing.at)

    def whole(self) -> list[Name]:
        """Return the pieces that are whole, the oldest first."""
        names = [name for name, files in self.objects.items() if NOTE in files]
        return sorted(names, key=lambda name: (name.turn, self.objects[name][NOTE].changed, name))

    def in_turn(self, place: str, digest: str) -> Name:
        """Return the name of a ledger of this digest: the newest in its place, or one that comes after that."""
        there = [name for name in self.whole() if name.place == place]
        if not there:
            return Name(place, digest, 1)
        return there[-1] if there[-1].digest == digest else Name(place, digest, there[-1].turn + 1)

    def is_quiet(self, name: Name) -> bool:
        """Tell whether nobody wrote a piece lately, who may be at it."""
        return self.at - max(each.changed for each in self.objects[name].values()) > QUIET
