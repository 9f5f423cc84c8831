"""Curation of a build: what is staged is held against itself, and every input gets its class, split and reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from pressmark.apart import parts
from pressmark.curate.captures import mark_cut
from pressmark.curate.copies import COPY_IS_CLOSED
from pressmark.curate.duplicates import set_aside
from pressmark.curate.groups import Placing
from pressmark.curate.splits import SplitRule
from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curate.withdrawals import Suppression, renamed
from pressmark.decisions import idle_decisions, ids_named
from pressmark.entries import said_at, text_at
from pressmark.findings import Finding
from pressmark.gathering import gathered
from pressmark.grouping import Grouping, Mask, grouped
from pressmark.history import History
from pressmark.likeness import Likeness
from pressmark.near_withdrawn import near_withdrawn
from pressmark.outcomes import Outcomes, alone, close_copies
from pressmark.plan import Engine
from pressmark.reading import Staged
from pressmark.recipe import Line, Recipe
from pressmark.roll import CODES, Ints, Roll
from pressmark.roll_call import call_roll
from pressmark.shelf import Shelf
from pressmark.split_remarks import misspelt
from pressmark.standings import Belonging, Places, Standings, group_name

REJECTED = "rejected"
PUBLISHED = "published"


@dataclass(slots=True)
class Curation:
    """What was decided about everything that was read. Articles go by their number in the roll."""

    roll: Roll
    findings: list[Finding]
    """Inputs that no task could read."""

    together: Grouping
    """Group and split of each article that is not set aside."""

    outcomes: Outcomes
    copies: dict[str, dict[int, str]]
    """By release line, for texts that hold half or more of a withheld one: the id of that one; of one that is withdrawn
    and gone from the inputs its tombstone."""

    elsewhere: Mapping[int, str] = field(default_factory=dict)
    """Splits of articles, or of those that stand for them, that are others than their records say."""

    remarks: list[Finding] = field(default_factory=list)
    """Recorded decisions, and ids in them, that hold no article; what of a file was passed over."""

    emptied: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By release line: ids and fields that were emptied because they showed a withheld text."""

    _earlier: dict[str, Ints] = field(default_factory=dict)

    def earlier(self, line: str, rows: Standings) -> Ints:
        """Return where each article is in the release before of a line, -1 where it is not.

        Args:
            line: The release line.
            rows: What articles were in it.
        """
        if line not in self._earlier:
            self._earlier[line] = rows.known.find(self.roll.ids, self.roll.keys).astype(np.int32)
        return self._earlier[line]

    def shown(self, line: str) -> Mask:
        """Return which articles appear in a release line with their text."""
        return self.roll.kept & self.outcomes.like(line, lambda found: found.text)

    def absent(self, line: str) -> Mask:
        """Return which articles are not set aside, and not even mentioned."""
        return self.roll.kept & self.outcomes.like(line, lambda found: found.absent)

    def sources(self, line: str) -> set[str]:
        """Return the sources of what appears in a release line, or is mentioned."""
        numbers = np.unique(self.roll.sources[self.roll.kept & ~self.absent(line)])
        return {self.roll.source_names[number] for number in numbers.tolist()}

    def closed(self, line: str) -> Places:
        """Return what is set aside and whose own rights close its text, or that is withdrawn."""
        shut = self.outcomes.like(line, lambda found: not found.text) | (self.roll.codes == CODES.index(WITHDRAWN))
        return np.flatnonzero(shut & ~self.roll.kept)

    def close(self, line: str, copies: Mapping[str, str]) -> None:
        """Withhold texts that hold half or more of a withheld one.

        Args:
            line: The release line.
            copies: By their ids, the ids of those.
        """
        for number in self.roll.numbers(copies):
            if not self.roll.codes[number]:
                self.outcomes.change(line, number, COPY_IS_CLOSED)
                self.copies.setdefault(line, {})[number] = copies[self.roll.identity(number)]


def curate(
    recipe: Recipe,
    lines: Sequence[Line],
    staged: Staged,
    as_of: date,
    engine: Engine,
    history: History | None = None,
    suppression: Suppression | None = None,
    shelf: Shelf | None = None,
) -> Curation:
    """Decide what becomes of everything that was staged.

    Args:
        recipe: Gives splits and their salt, what becomes of copies, and the decisions.
        lines: The audiences that are built for.
        staged: What was read.
        as_of: The day that counts as today.
        engine: Looks for near copies.
        history: What earlier releases had.
        suppression: What was withdrawn.
        shelf: What earlier builds noted.
    """
    history, suppression = history or History({}), suppression or Suppression()
    belonging, tasks, copying = history.belonging(), len(staged.read), recipe.duplicates
    roll = call_roll(engine, staged.folder, tasks, recipe, lines, as_of, suppression)
    roll.recall(belonging)
    _set_aside(roll, engine, keep_copies=copying.exact == "keep")
    outcomes = alone(roll, lines)
    hidden = np.any([outcomes.like(line.name, lambda found: found.absent) for line in lines], axis=0)
    rule = SplitRule(recipe.name, recipe.splits, recipe.since)
    placing = Placing(rule, {}, copying.near == "keep", _renames(roll, belonging, suppression))
    judged = shelf.judged(copying.threshold) if shelf else None
    likeness = Likeness(engine, staged.folder, tasks, staged.folder / "likeness", copying.threshold, judged)
    together = grouped(roll, likeness, belonging, placing, hidden)
    if judged:
        judged.keep()
    barred = near_withdrawn(engine, staged, copying.threshold, suppression)
    close_copies(outcomes, roll, together, barred, engine)
    stones = {roll.number(at): stone for at, stone in barred.items()}
    copies = {
        line.name: {
            number: stone for number, stone in stones.items() if outcomes.of(line.name, number) == COPY_IS_CLOSED
        }
        for line in lines
    }
    # One for all parts of an input in which most pages share a headline.
    told = {
        (each.code, each.file, each.place): each for read in reversed(staged.read) for each in reversed(read.remarks)
    }
    remarks = [*_idle(recipe, staged, roll), *reversed(told.values()), *misspelt(recipe)]
    elsewhere = dict(_elsewhere(roll, together))
    return Curation(roll, staged.findings, together, outcomes, copies, elsewhere, remarks)


def _set_aside(roll: Roll, engine: Engine, *, keep_copies: bool) -> None:
    """Mark captures of one article, inputs that claim one id, and exact copies."""
    again = roll.repeated()
    with gathered(engine, roll.staging, roll.starts, again) as told:
        for numbers in parts(again, roll.keys, roll.texts):
            repeated = roll.entries(numbers, told)
            mark_cut(repeated, lambda entry: text_at(roll.staging, entry.at))
            set_aside(repeated, lambda entry: said_at(roll.staging, entry.at), keep_copies=keep_copies)
            roll.settle(numbers, repeated)


def _renames(roll: Roll, belonging: Belonging, suppression: Suppression) -> Mapping[str, str]:
    """Return other names for groups that are named after an article which may leave no trace."""
    secret = [number for number, stone in roll.tombstones.items() if stone in suppression.secret]
    names = {group_name(text) for text in roll.texts[secret].tolist()}
    return renamed(names, belonging.founders() if suppression.secret else (), suppression)


def _idle(recipe: Recipe, staged: Staged, roll: Roll) -> Iterator[Finding]:
    """Yield a finding for each recorded decision, and for ids in them, that hold no article."""
    stated = {name: source.rights for name, source in recipe.sources.items()}
    held = frozenset[str]().union(*(each.held for each in staged.read))
    return idle_decisions(stated, held, roll.having(ids_named(stated)))


def _elsewhere(roll: Roll, together: Grouping) -> Iterator[tuple[int, str]]:
    """Yield the splits of articles that are in others than their records say, or whose survivors are."""
    names = together.split_names
    stated = np.array([*(names.index(name) if name in names else -1 for name in roll.stated_names), -1])[roll.stated]
    for number in np.flatnonzero(roll.kept & (stated >= 0) & (stated != together.splits)).tolist():
        yield number, names[together.splits[number]]
    # What is set aside goes by the split of what stands for it.
    aside = np.flatnonzero((roll.survivors >= 0) & (roll.stated >= 0))
    standing = roll.survivors[aside]
    those = roll.kept[standing] & (stated[aside] != together.splits[standing])
    for number, survivor in zip(aside[those].tolist(), standing[those].tolist(), strict=True):
        yield number, together.split(survivor)
