"""The roll: every article that was read, one after the other through all tasks, by columns.

What an article is by itself is in the columns, less than a hundred bytes of it, which lie in files that are mapped.
Entries, which can be compared, are made of those alone that have something to do with another one, and of some of them
at a time; what becomes of these is brought back into the columns.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.curate.duplicates import Entry
from pressmark.curate.groups import BRIDGE, NEAR_COPY, STRADDLE
from pressmark.curate.splits import UNDATED
from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.entries import At, entries_of
from pressmark.gathering import Gathered
from pressmark.roll_stage import UNSTATED, Terms
from pressmark.standings import Belonging, Places, Words

UNKNOWN_SPLIT = "unknown-split"
CODES = (
    *("", UNKNOWN_SPLIT, WITHDRAWN, "exact-copy", "later-capture", "cut-capture", "id-conflict"),
    *(NEAR_COPY, BRIDGE, STRADDLE),
)
"""Why articles are set aside, as they are numbered in the roll; the first is of those that stay."""

_LAST_CAPTURE = {"": -1, "later-capture": 1, "cut-capture": 1}
"""Of several captures with one id the one that is the article comes first."""

_CAPTURES = [CODES.index(code) for code in ("later-capture", "cut-capture")]
_IDS_AT_ONCE = 1 << 18
_DAYS_TO_1970 = date(1970, 1, 1).toordinal()

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
    compared: npt.NDArray[np.bool_]
    """Whether an entry was made of it."""

    cut: npt.NDArray[np.bool_]
    """Whether its text is no more than the beginning of what another capture has."""

    edits: Ints
    """Which of the texts of its article it has, from 1; 0 where it was not captured several times."""

    survivors: Ints
    """The article that stands for it, -1 where none does."""

    origins: Ints
    """Where it is among what earlier releases had, -1 where it is not."""

    released: Ints
    """Number of the earliest release that has it, 0 where the newest of no line has it."""

    source_names: list[str]
    different_terms: list[Terms]
    stated_names: list[str]
    tombstones: dict[int, str] = field(default_factory=dict)
    """Of what is withdrawn."""

    rejected: Counter[str] = field(default_factory=Counter)
    """How many inputs of all tasks are no articles, by code."""

    also: dict[int, str] = field(default_factory=dict)
    """Of what is left out because of two articles the id of the other."""

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

    def entry(self, number: int) -> Entry:
        """Return a new entry of an article, as the columns have it."""
        task, row = self.at(number)
        (found,) = self._completed([number], entries_of(self.staging, task, [row]))
        return found

    def entries(self, numbers: Places, of: Gathered) -> list[Entry]:
        """Return new entries of some articles, as the columns have them.

        Args:
            numbers: Of these, ascending.
            of: What is told of these and others.
        """
        self.compared[numbers] = True
        return self._completed(numbers.tolist(), of.entries(numbers))

    def _completed(self, numbers: Sequence[int], entries: Iterable[Entry]) -> list[Entry]:
        made = list(entries)
        for number, entry in zip(numbers, made, strict=True):
            entry.code, entry.survivor, entry.also = self.reason(number)
            entry.released = int(self.released[number]) or None
            entry.split = None if self.stated[number] == UNSTATED else self.stated_names[self.stated[number]]
            entry.is_cut, entry.edit = bool(self.cut[number]), int(self.edits[number]) or None
        return made

    def reason(self, number: int) -> tuple[str, str, str]:
        """Return why an article is set aside, which stands for it, and what else it is left out because of."""
        survivor = int(self.survivors[number])
        names = self.identity(survivor) if survivor >= 0 else ""
        return CODES[self.codes[number]], names, self.also.get(number, "")

    def settle(self, numbers: Places, entries: Sequence[Entry]) -> None:
        """Bring what became of entries back into the columns.

        Args:
            numbers: Of the articles.
            entries: Theirs, among them those that stand for others of them.
        """
        pairs = sorted(zip(numbers.tolist(), entries, strict=True), key=lambda pair: _LAST_CAPTURE.get(pair[1].code, 0))
        standing: dict[str, int] = {}
        for number, entry in pairs:
            standing.setdefault(entry.id, number)
        for number, entry in pairs:
            self.codes[number], self.cut[number] = CODES.index(entry.code), entry.is_cut
            self.edits[number] = entry.edit or 0
            self.survivors[number] = standing[entry.survivor] if entry.survivor else -1
            if entry.also:
                self.also[number] = entry.also

    def name_survivors(self) -> None:
        """Let what is set aside name articles that stay, where those that it names are set aside themselves."""
        naming = (self.survivors >= 0) & ~np.isin(self.codes, _CAPTURES)
        left = np.flatnonzero(naming)
        gone = {self.identity(number): number for number in left.tolist()} if self.also else {}
        while (left := left[naming[self.survivors[left]]]).size:
            self.survivors[left] = self.survivors[self.survivors[left]]
        for number, identity in self.also.items():
            if identity in gone:
                self.also[number] = self.identity(int(self.survivors[gone[identity]]))

    def recall(self, belonging: Belonging) -> None:
        """Find the articles among what earlier releases had."""
        self.origins[:] = belonging.known.find(self.ids, self.keys)
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

    def repeated(self) -> Places:
        """Return the articles that share their id or their text with another one, and maybe a few that do not."""
        return np.flatnonzero(_repeated(self.keys) | _repeated(self.texts))


def _repeated(words: Words) -> npt.NDArray[np.bool_]:
    ascending = np.sort(words)
    return np.isin(words, ascending[1:][ascending[1:] == ascending[:-1]])
