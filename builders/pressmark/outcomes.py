"""What may appear of each article in each release line, by columns: numbers of the few outcomes that are different."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pressmark.apart import parts
from pressmark.curate.copies import strictest
from pressmark.curate.duplicates import Entry
from pressmark.curate.gate import Outcome
from pressmark.entries import At
from pressmark.gathering import gathered
from pressmark.grouping import Grouping, Mask
from pressmark.plan import Engine
from pressmark.recipe import Line
from pressmark.roll import Roll
from pressmark.standings import Places


@dataclass(slots=True)
class Outcomes:
    """Articles go by their number in the roll. One that is set aside has the outcome that its own rights allow."""

    different: list[Outcome]
    by_line: dict[str, npt.NDArray[np.int16]]

    def of(self, line: str, number: int) -> Outcome:
        """Return what may appear of an article."""
        return self.different[int(self.by_line[line][number])]

    def like(self, line: str, told: Callable[[Outcome], bool]) -> Mask:
        """Return which articles have an outcome of some kind."""
        found: Mask = np.array([told(each) for each in self.different], bool)[self.by_line[line]]
        return found

    def change(self, line: str, number: int, to: Outcome) -> None:
        """Give an article another outcome."""
        if to not in self.different:
            self.different.append(to)
        self.by_line[line][number] = self.different.index(to)


def alone(roll: Roll, lines: Sequence[Line]) -> Outcomes:
    """Return what each article's own rights allow, also of those that are set aside."""
    numbers: dict[Outcome, int] = {}
    by_line = {}
    for position, line in enumerate(lines):
        found = [numbers.setdefault(terms.alone[position], len(numbers)) for terms in roll.different_terms]
        by_line[line.name] = np.array(found, np.int16)[roll.terms]
    return Outcomes(list(numbers), by_line)


def close_copies(
    outcomes: Outcomes, roll: Roll, together: Grouping, near_withdrawn: Collection[At], engine: Engine
) -> None:
    """Let the strictest right decide for all copies; one that has no copy keeps what its own rights allow.

    Args:
        outcomes: What each article's own rights allow.
        roll: Every article.
        together: Whose rights count together.
        near_withdrawn: Near copies of withdrawn texts that are among the inputs no more.
        engine: Where staging is read.
    """
    related = roll.compared | (np.bincount(together.kin)[together.kin] > 1)
    related[[roll.number(at) for at in near_withdrawn]] = True
    those = np.flatnonzero(related)
    with gathered(engine, roll.staging, roll.starts, those) as told:
        for numbers in parts(those, roll.keys, together.kin):
            _close_some(outcomes, roll, together, near_withdrawn, numbers, roll.entries(numbers, told))


def _close_some(
    outcomes: Outcomes,
    roll: Roll,
    together: Grouping,
    near_withdrawn: Collection[At],
    numbers: Places,
    entries: Sequence[Entry],
) -> None:
    labels = map(str, together.kin[numbers].tolist())
    kin = dict(zip((each.letters_sha256 for each in entries), labels, strict=True))
    kept = [entry for entry in entries if not entry.code]
    for line in outcomes.by_line:
        own = {entry.at: outcomes.of(line, number) for number, entry in zip(numbers.tolist(), entries, strict=True)}
        for at, found in strictest(kept, entries, own, kin, near_withdrawn).items():
            outcomes.change(line, roll.number(at), found)
