"""What can have happened to the records of a release, and what it asks of the version."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pressmark.release.version import Bump

RIGHTS = frozenset({"rights_status", "license", "attribution", "rights", "withheld_because"})
REKEYED = "group_id"

ADDED, RELEASED, WITHHELD, MOVED = "added", "released", "withheld", "moved"
CHANGED, RIGHTS_CHANGED, REGROUPED, WITHDRAWN, REMOVED = (
    "changed",
    "rights changed",
    "regrouped",
    "withdrawn",
    "removed",
)
KINDS: Mapping[str, Bump] = {
    ADDED: Bump.MINOR,
    RELEASED: Bump.MINOR,
    WITHHELD: Bump.MAJOR,
    WITHDRAWN: Bump.MAJOR,
    REMOVED: Bump.MAJOR,
    MOVED: Bump.MAJOR,
    REGROUPED: Bump.MAJOR,
    CHANGED: Bump.PATCH,
    RIGHTS_CHANGED: Bump.PATCH,
}
"""What can have happened to a record, and what it asks of the version."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one record."""

    id: str
    before: tuple[str, str] | None
    """Configuration and split, where it was there."""

    after: tuple[str, str] | None
    fields: tuple[str, ...] = ()
    """Columns that both have and that differ."""

    because: str = ""
    """Where it is gone: the code that the newer release gives, if it does."""

    texts: tuple[str, str] | None = None
    """Its text before and after, where that was asked for and differs."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """What happened, by the names of `KINDS`."""
        if self.before is None:
            return (ADDED,)
        if self.after is None:
            return (WITHDRAWN if self.because == WITHDRAWN else REMOVED,)
        happened = {
            RELEASED: self.before[0] != self.after[0] == "articles",
            WITHHELD: self.before[0] != self.after[0] == "withheld",
            MOVED: self.before[1] != self.after[1],
            REGROUPED: REKEYED in self.fields,
            RIGHTS_CHANGED: not RIGHTS.isdisjoint(self.fields),
            CHANGED: bool(set(self.fields) - RIGHTS - {REKEYED}),
        }
        return tuple(kind for kind, did in happened.items() if did)

    @property
    def bump(self) -> Bump:
        """What it asks of the version."""
        return max((KINDS[kind] for kind in self.kinds), default=Bump.NONE)


@dataclass(slots=True)
class Changes:
    """How much changed."""

    kinds: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    columns: list[tuple[str, str, str]] = field(default_factory=list)
    """Configuration, name, and `added`, `removed` or `another type`."""

    asking: dict[Bump, list[str]] = field(default_factory=dict)
    """By what they ask of the version, the first ids that do."""

    @property
    def bump(self) -> Bump:
        """What all of it asks of the version."""
        of_columns = [Bump.MINOR if what == "added" else Bump.MAJOR for _, _, what in self.columns]
        return max([*self.asking, *of_columns], default=Bump.NONE)

    def take(self, change: Change, shown: int = 5) -> None:
        """Count a change."""
        self.kinds.update(change.kinds)
        self.fields.update(change.fields)
        ids = self.asking.setdefault(change.bump, [])
        if len(ids) < shown:
            ids.append(change.id)
