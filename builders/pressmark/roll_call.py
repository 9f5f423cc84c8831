"""Calls the roll: the sheets of the reading tasks, one after the other, become the columns of all articles."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from pressmark.curate.splits import SplitRule
from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curate.withdrawals import Suppression
from pressmark.mapped import Columns
from pressmark.plan import Engine
from pressmark.recipe import Line, Recipe
from pressmark.roll import CODES, UNKNOWN_SPLIT, Roll
from pressmark.roll_stage import UNSTATED, SheetJob, Terms, sheet_stage
from pressmark.standings import Places

Value = TypeVar("Value")


class _Shared(Generic[Value]):
    """Values that several sheets name, each once."""

    def __init__(self) -> None:
        self._numbers: dict[Value, int] = {}

    def numbered(self, values: Sequence[Value], column: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Return a column of a sheet with the numbers that all sheets share instead of its own."""
        new = [self._numbers.setdefault(value, len(self._numbers)) for value in values]
        # Where the column has `UNSTATED`, which as a place is the last one, it stays.
        return np.array([*new, UNSTATED], np.int32)[column]

    @property
    def values(self) -> list[Value]:
        return list(self._numbers)


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
        staging: Where the articles lie; the columns go there too.
        tasks: How many reading tasks there are.
        recipe: Gives the splits.
        lines: The audiences that are built for.
        as_of: The day that counts as today.
        suppression: What was withdrawn.
    """
    rule = SplitRule(recipe.name, recipe.splits, recipe.since)
    told_by = replace(suppression, imprints=())  # which take their own way to the tasks, and are large
    jobs = [SheetJob(staging, task, rule, lines, as_of, told_by) for task in range(tasks)]
    sources, terms, stated = _Shared[str](), _Shared[Terms](), _Shared[str]()
    rejected, tombstones, starts = Counter[str](), dict[int, str](), [0]
    with Columns(Path(tempfile.mkdtemp(prefix="roll-", dir=staging))) as columns:
        for sheet in engine.run(sheet_stage, jobs):
            columns.add_ids(sheet.ids)
            columns.add({name: getattr(sheet, name) for name in ("keys", "texts", "days", "bytes", "splits")})
            columns.add({"sources": sources.numbered(sheet.source_names, sheet.sources)})
            columns.add({"terms": terms.numbered(sheet.different_terms, sheet.terms)})
            columns.add({"stated": stated.numbered(sheet.stated_names, sheet.stated)})
            tombstones |= {starts[-1] + row: stone for row, stone in sheet.withdrawn.items()}
            rejected += sheet.rejected
            starts.append(starts[-1] + len(sheet.ids))
    roll = _roll(staging, columns, np.array(starts), (sources.values, terms.values, stated.values))
    roll.tombstones, roll.rejected = tombstones, rejected
    names = {name for name, _ in recipe.splits}
    unknown = np.array([*(name not in names for name in stated.values), False])
    roll.codes[unknown[roll.stated]] = CODES.index(UNKNOWN_SPLIT)
    roll.codes[[*roll.tombstones]] = CODES.index(WITHDRAWN)
    return roll


def _roll(staging: Path, columns: Columns, starts: Places, values: tuple[list[str], list[Terms], list[str]]) -> Roll:
    """Return the roll of what was read, before anything is found out about it."""
    count = int(starts[-1])
    source_names, different_terms, stated_names = values
    return Roll(
        staging=staging,
        starts=starts,
        ids=columns.ids(),
        keys=columns.mapped("keys", np.uint64),
        texts=columns.mapped("texts", np.uint64),
        days=columns.mapped("days", np.int32),
        bytes=columns.mapped("bytes", np.int32),
        splits=columns.mapped("splits", np.int16),
        sources=columns.mapped("sources", np.int32),
        terms=columns.mapped("terms", np.int32),
        stated=columns.mapped("stated", np.int32),
        codes=columns.new("codes", np.uint8, 0, count),
        compared=columns.new("compared", np.bool_, 0, count),
        cut=columns.new("cut", np.bool_, 0, count),
        edits=columns.new("edits", np.int32, 0, count),
        survivors=columns.new("survivors", np.int32, -1, count),
        origins=columns.new("origins", np.int32, -1, count),
        released=columns.new("released", np.int32, 0, count),
        source_names=source_names,
        different_terms=different_terms,
        stated_names=stated_names,
    )
