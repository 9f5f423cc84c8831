"""The roll: every article that was read, one after the other through all tasks, by columns.

What an article is by itself is in the columns, less than a hundred bytes of it. Entries, which can be compared, are
made of those alone that have something to do with another one; what becomes of these is brought back into the columns.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.curate.duplicates import Entry
from pressmark.curate.groups import BRIDGE, NEAR_COPY, STRADDLE
from pressmark.curate.splits import UNDATED, SplitRule
from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curate.withdrawals import Suppression
from pressmark.entries import At, entries_of
from pressmark.plan import Engine
from pressmark.recipe import Line, Recipe
from pressmark.roll_stage import UNSTATED, SheetJob, Terms, sheet_stage
from pressmark.standings import Belonging, Places, Words

UNKNOWN_SPLIT = "unknown-split"
CODES = (
    *("", UNKNOWN_SPLIT, WITHDRAWN, "exact-copy", "later-capture", "cut-capture", "id-conflict"),
    *(NEAR_COPY, BRIDGE, STRADDLE),
)
"""Why articles are set aside, as they are numbered in the roll; the first is of those that stay."""

_IDS_AT_ONCE = 1 << 18
_DAYS_TO_1970 = date(1970, 1, 1).toordinal()

Value = TypeVar("Value")
Number = TypeVar("Number", bound=np.generic)
Ints = npt.NDArray[np.int32]


@dataclass(slots=True)
class Roll:
    """The columns, each with one value for each article."""

    staging: Path
    starts: Places
    """The number of the first article of each task, and behind them how many there are."""

    ids: pa.Array
    keys: Words
    texts: Words
    days: Ints
    bytes: Ints
    splits: npt.NDArray[np.int16]
    sources: Ints
    terms: Ints
    stated: Ints
    """All as on the sheets of the tasks, with the numbers of lists that all share."""

    codes: npt.NDArray[np.uint8]
    origins: Ints
    """Where it is among what earlier releases had, -1 where it is not."""

    released: Ints
    """Number of the earliest release that has it, 0 where the newest of no line has it."""

    source_names: list[str]
    different_terms: list[Terms]
    stated_names: list[str]
    tombstones: dict[int, str]
    """Of what is withdrawn."""

    rejected: Counter[str]
    """How many inputs of all tasks are no articles, by code."""

    _made: dict[int, Entry] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def tasks(self) -> int:
        """How many reading tasks there are."""
        return len(self.starts) - 1

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        """Which articles are not set aside."""
        found: npt.NDArray[np.bool_] = self.codes == 0
        return found

    def at(self, number: int) -> At:
        """Return where staging has an article."""
        task = int(np.searchsorted(self.starts, number, "right")) - 1
        return task, number - int(self.starts[task])

    def number(self, at: At) -> int:
        """Return the number of an article that lies somewhere in staging."""
        return int(self.starts[at[0]]) + at[1]

    def day(self, number: int) -> str | None:
        """Return the day of publication of an article."""
        day = int(self.days[number])
        return None if day == UNDATED else date.fromordinal(_DAYS_TO_1970 + day).isoformat()

    def identity(self, number: int) -> str:
        """Return the id of an article."""
        return str(self.ids[number].as_py())

    def numbers(self, ids: Collection[str]) -> list[int]:
        """Return the articles that have one of some ids."""
        found = pc.is_in(self.ids, pa.array(list(ids), pa.large_string())).to_numpy(zero_copy_only=False)
        return list(np.flatnonzero(found).tolist())

    def entries(self, numbers: Places) -> list[Entry]:
        """Return the entries of some articles, the same one for an article each time."""
        new = np.array([number for number in numbers.tolist() if number not in self._made], np.int64)
        tasks = np.searchsorted(self.starts, new, "right") - 1
        for task in np.unique(tasks).tolist():
            those = np.sort(new[tasks == task])
            made = entries_of(self.staging, task, (those - self.starts[task]).tolist())
            for number, entry in zip(those.tolist(), made, strict=True):
                entry.code = CODES[self.codes[number]]
                entry.released = int(self.released[number]) or None
                entry.split = None if self.stated[number] == UNSTATED else self.stated_names[self.stated[number]]
                self._made[number] = entry
        return [self._made[number] for number in numbers.tolist()]

    @property
    def made(self) -> Mapping[int, Entry]:
        """The entries that were made so far, by number."""
        return self._made

    def recall(self, belonging: Belonging) -> None:
        """Find the articles among what earlier releases had."""
        self.origins = belonging.known.find(self.ids, self.keys).astype(np.int32)
        had = np.flatnonzero(self.origins >= 0)
        had = had[belonging.current[self.origins[had]]]
        self.released[had] = belonging.released[self.origins[had]]

    def having(self, names: Collection[str]) -> set[str]:
        """Return which of some names articles have as their id, with or without its source."""
        found: set[str] = set()
        wanted = pa.array(sorted(names), pa.large_string())
        for start in range(0, len(self.ids) if names else 0, _IDS_AT_ONCE):
            ids = self.ids.slice(start, _IDS_AT_ONCE)
            for some in (ids, pc.replace_substring_regex(ids, "^[^:]*:?", "", max_replacements=1)):
                found.update(some.filter(pc.is_in(some, wanted)).to_pylist())
        return found

    def settle(self) -> None:
        """Bring the codes of entries back into their column."""
        for number, entry in self._made.items():
            self.codes[number] = CODES.index(entry.code)

    def repeated(self) -> Places:
        """Return the articles that share their id or their text with another one, and maybe a few that do not."""
        return np.flatnonzero(_repeated(self.keys) | _repeated(self.texts))


def _repeated(words: Words) -> npt.NDArray[np.bool_]:
    ascending = np.sort(words)
    return np.isin(words, ascending[1:][ascending[1:] == ascending[:-1]])


def call_roll(
    engine: Engine,
    staging: Path,
    tasks: int,
    recipe: Recipe,
    lines: Sequence[Line],
    as_of: date,
    suppression: Suppression,
) -> Roll:
    """Return the roll of everything that was staged, those marked that are withdrawn or in no split of the recipe.

    Args:
        engine: Where sheets are written.
        staging: Where the articles lie.
        tasks: How many reading tasks there are.
        recipe: Gives the splits.
        lines: The audiences that are built for.
        as_of: The day that counts as today.
        suppression: What was withdrawn.
    """
    rule = SplitRule(recipe.name, recipe.splits, recipe.since)
    told_by = replace(suppression, imprints=())  # which take their own way to the tasks, and are large
    jobs = [SheetJob(staging, task, rule, lines, as_of, told_by) for task in range(tasks)]
    sheets = list(engine.run(sheet_stage, jobs))
    starts = np.cumsum([0, *(len(sheet.ids) for sheet in sheets)])
    source_names, sources = _shared((sheet.source_names, sheet.sources) for sheet in sheets)
    different_terms, terms = _shared((sheet.different_terms, sheet.terms) for sheet in sheets)
    stated_names, stated = _shared((sheet.stated_names, sheet.stated) for sheet in sheets)
    roll = Roll(
        staging=staging,
        starts=starts,
        ids=pa.concat_arrays([pa.array([], pa.large_string()), *(sheet.ids for sheet in sheets)]),
        keys=_joined([sheet.keys for sheet in sheets], np.uint64),
        texts=_joined([sheet.texts for sheet in sheets], np.uint64),
        days=_joined([sheet.days for sheet in sheets], np.int32),
        bytes=_joined([sheet.bytes for sheet in sheets], np.int32),
        splits=_joined([sheet.splits for sheet in sheets], np.int16),
        sources=sources,
        terms=terms,
        stated=stated,
        codes=np.zeros(starts[-1], np.uint8),
        origins=np.full(starts[-1], -1, np.int32),
        released=np.zeros(starts[-1], np.int32),
        source_names=source_names,
        different_terms=different_terms,
        stated_names=stated_names,
        tombstones={
            int(begin) + row: stone
            for begin, sheet in zip(starts[:-1], sheets, strict=True)
            for row, stone in sheet.withdrawn.items()
        },
        rejected=sum((sheet.rejected for sheet in sheets), Counter[str]()),
    )
    names = {name for name, _ in recipe.splits}
    roll.codes[np.array([*(name not in names for name in stated_names), False])[stated]] = CODES.index(UNKNOWN_SPLIT)
    roll.codes[[*roll.tombstones]] = CODES.index(WITHDRAWN)
    return roll


def _joined(columns: Sequence[npt.NDArray[Number]], kind: type[Number]) -> npt.NDArray[Number]:
    return np.concatenate([np.empty(0, kind), *columns])


def _shared(told: Iterable[tuple[list[Value], Ints]]) -> tuple[list[Value], Ints]:
    """Return the values that several lists name, each once, and a column that has their numbers instead."""
    numbers: dict[Value, int] = {}
    columns = []
    for values, column in told:
        new = [numbers.setdefault(value, len(numbers)) for value in values]
        # Where the column has `UNSTATED`, which as a place is the last one, it stays.
        columns.append(np.array([*new, UNSTATED], np.int32)[column])
    return list(numbers), _joined(columns, np.int32)
