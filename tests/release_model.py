"""What has to be in every release, worked out from what was asked alone: nothing here is imported from pressmark.

Two papers write records. The journal's are open unless the desk closes one by its id, the gazette's are closed unless
the desk opens one by its id. Texts have nothing in common with each other, so that they are the same or nothing alike.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LINES = ("open", "vault")
PUBLIC = "open"
NONE, PATCH, MINOR, MAJOR = range(4)
NEVER = 10**9
Version = tuple[int, int, int]


def words(number: int) -> str:
    rng = random.Random(number)  # noqa: S311 - a seed, no secret
    return " ".join("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(40)) + "."


@dataclass(frozen=True, slots=True)
class Record:
    id: str
    text: int
    title: int = 0
    embargo: int | None = None
    """The day on which it may be mentioned."""

    @property
    def source(self) -> str:
        return self.id.partition(":")[0]

    @property
    def day(self) -> str:
        return f"202{int(self.id[-1]) // 2 % 2}-05-01"


@dataclass(frozen=True, slots=True)
class Row:  # of a release
    config: str
    because: str
    record: Record
    decided: str
    added: int


@dataclass(frozen=True, slots=True)
class Release:
    version: Version
    number: int
    rows: Mapping[str, Row]
    became: Mapping[str, str]
    told: set[str]
    """Class or code of every input."""


class RefusedError(Exception):
    """What a build has to refuse, by one word."""


def asked_between(old: Version, new: Version) -> int:
    return next(
        (size for size, (a, b) in zip((MAJOR, MINOR, PATCH), zip(old, new, strict=True), strict=True) if a != b), 0
    )


def raised(old: Version, size: int) -> Version:
    kept = 3 - size
    return (*old[:kept], old[kept] + 1, *(0,) * (size - 1))  # type: ignore[return-value] # three, as before


@dataclass
class World:  # a corpus, and all that was released of it
    inputs: dict[str, Record] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    today: int = 1
    broken: int = 1
    """How many lines of each paper are no articles."""

    barred: set[str | int] = field(default_factory=set)

    tombstones: set[str] = field(default_factory=set)

    released: dict[str, list[Release]] = field(default_factory=lambda: {line: [] for line in LINES})

    @property
    def size(self) -> int:
        return len(self.inputs) + 2 * self.broken

    def newest(self) -> Version | None:
        return max((found[-1].version for found in self.released.values() if found), default=None)

    def own(self, line: str, record: Record) -> str:
        if line != PUBLIC:
            return ""
        if record.embargo is not None and record.embargo > self.today:
            return "embargoed"
        if record.source == "journal":
            return "status-closed" if record.id in self.closed else ""
        return "" if record.id in self.opened else "no-decision"

    def is_withdrawn(self, record: Record) -> bool:
        return bool({record.id, record.text} & self.barred)

    def decided(self, identity: str) -> str:
        return f"{identity in self.closed}, {identity in self.opened}"

    def aside(self) -> dict[str, str]:
        found = {each.id: "withdrawn" for each in self.inputs.values() if self.is_withdrawn(each)}
        first: dict[int, Record] = {}
        for each in sorted(self.inputs.values(), key=self._precedence):
            if each.id not in found and first.setdefault(each.text, each) is not each:
                found[each.id] = "exact-copy"
        return found

    def _precedence(self, record: Record) -> tuple[int, str, str]:
        rows = [found[-1].rows for found in self.released.values() if found]
        released = min((each[record.id].added for each in rows if record.id in each), default=NEVER)
        return released, record.day, record.id

    def became(self, line: str) -> dict[str, str]:
        aside = self.aside()
        shut = {each.text for each in self.inputs.values() if aside.get(each.id) == "withdrawn" or self.own(line, each)}
        found = {}
        for each in self.inputs.values():
            own = self.own(line, each)
            named = each.id in self.closed | self.opened
            found[each.id] = aside.get(each.id) or own or ("copy-is-closed" if each.text in shut and not named else "")
        return found

    def rows(self, line: str, number: int) -> dict[str, Row]:
        aside, before = self.aside(), self.released[line][-1].rows if self.released[line] else {}
        found = {}
        for identity, code in self.became(line).items():
            if identity in aside or code == "embargoed":
                continue
            config, old = "withheld" if code else "articles", before.get(identity)
            added = old.added if old and old.config == config else number
            found[identity] = Row(config, code, self.inputs[identity], self.decided(identity), added)
        return found

    def told(self, line: str) -> set[str]:
        return {each for each in self.tombstones if any(each in found.rows for found in self.released[line])}

    def lost(self, line: str, rows: Mapping[str, Row]) -> set[str]:
        before = self.released[line][-1].rows if self.released[line] else {}
        return {each for each in before.keys() - rows.keys() if each not in self.inputs and each not in self.barred}

    def asks(self, line: str, rows: Mapping[str, Row]) -> int:
        if not self.released[line]:
            return MINOR
        return max(self._asked(self.released[line][-1].rows, rows), default=NONE)

    @staticmethod
    def _asked(old: Mapping[str, Row], new: Mapping[str, Row]) -> Iterator[int]:
        for identity in old.keys() | new.keys():
            before, after = old.get(identity), new.get(identity)
            if before is None or after is None:
                yield MINOR if before is None else MAJOR
            elif before.config != after.config:
                yield MINOR if after.config == "articles" else MAJOR
            else:
                same = (before.record, before.decided, before.because) == (after.record, after.decided, after.because)
                yield NONE if same else PATCH

    def built(self, wanted: Version | None, *, drop: bool) -> dict[str, Release] | None:
        """Return the releases that a build makes, None where there is nothing new.

        Raises:
            RefusedError: it has to be refused.
        """
        if not self.inputs.keys() - self.aside().keys():
            raise RefusedError("nothing")
        numbers = {line: found[-1].number + 1 if found else 1 for line, found in self.released.items()}
        rows = {line: self.rows(line, numbers[line]) for line in LINES}
        if not drop and any(self.lost(line, rows[line]) for line in LINES):
            raise RefusedError("vanished")
        if not all(rows.values()):
            raise RefusedError("hidden")
        asked = {line: self.asks(line, rows[line]) for line in LINES}
        newest = self.newest()
        for line, found in self.released.items():
            if wanted and found and asked_between(found[-1].version, wanted) < asked[line]:
                raise RefusedError("small")
        more = any(found and found[-1].told != self.told(line) for line, found in self.released.items())
        if not wanted and newest and not (more or max(asked.values())):
            return None
        version = wanted or (raised(newest, max(PATCH, *asked.values())) if newest else (1, 0, 0))
        return {line: Release(version, numbers[line], rows[line], self.became(line), self.told(line)) for line in LINES}

    def withdraw(self, identity: str) -> None:
        """Bar an article by its id and by every text it had, and the copies of these."""
        known = {*self.inputs.values()}
        known |= {row.record for found in self.released.values() for each in found for row in each.rows.values()}
        texts = {each.text for each in known if each.id == identity}
        self.tombstones.add(identity)
        self.barred |= {identity, *texts, *(each.id for each in known if each.text in texts)}
