"""The tasks of a release line: which rows go into which file, and what is kept closed."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pressmark.curate.splits import UNDATED
from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curation import Curation
from pressmark.press.shards import shard_name
from pressmark.pressing import PressJob, path_of
from pressmark.recipe import Recipe
from pressmark.roll import CODES, Ints, Roll
from pressmark.shard_rows import Before, Rows
from pressmark.stages import ClosingJob
from pressmark.standings import Places, Standings
from pressmark.workshop import UNKEPT

_KEY_BITS, _BITS = 64, 256


@dataclass(frozen=True, slots=True)
class _Shard:
    """A file of rows."""

    config: str
    split: str
    name: str
    numbers: Ints
    """Of its articles."""


class PressJobs(Sequence[PressJob]):
    """The tasks that write the shards of a release, in the order of their paths.

    Each is made when it is asked for: what it takes of an article is five times as much as its number.
    """

    def __init__(
        self, curation: Curation, recipe: Recipe, line: str, earlier: Standings | None, make: Callable[..., PressJob]
    ) -> None:
        """Divide what appears in a release line into shards.

        Args:
            curation: What was decided.
            recipe: How shards are made.
            line: Name of the release line.
            earlier: What articles were in the release before.
            make: Gives a task for `config`, `split`, `name` and `rows`; the rest is the same in all of them.
        """
        self._curation, self._line, self._earlier, self._make = curation, line, earlier, make
        shown, absent = curation.shown(line), curation.absent(line)
        shards = [
            _Shard(config, split, name, numbers.astype(np.int32))
            for config, those in (("articles", shown), ("withheld", curation.roll.kept & ~shown & ~absent))
            for (split, shard), members in _shards(curation, recipe.shards_by, np.flatnonzero(those)).items()
            for name, numbers in _divided(curation.roll, shard, members, recipe.shard_bytes)
        ]
        self._shards = sorted(shards, key=lambda each: path_of(each.config, each.split, each.name))

    def __len__(self) -> int:
        return len(self._shards)

    def __getitem__(self, place: Any) -> Any:
        """Return the task at a place, or those in a slice."""
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        shard = self._shards[place]
        before = _before(self._curation, self._line, shard.numbers, shard.config, self._earlier)
        rows = _rows(self._curation, self._line, shard.numbers, before)
        return self._make(config=shard.config, split=shard.split, name=shard.name, rows=rows)


def _rows(curation: Curation, line: str, numbers: Ints, before: Before | None) -> Rows:
    starts, outcomes = curation.roll.starts, curation.outcomes
    tasks = np.searchsorted(starts, numbers, "right") - 1
    return Rows(
        tasks.astype(np.int32),
        (numbers - starts[tasks]).astype(np.int32),
        curation.roll.bytes[numbers],
        outcomes.by_line[line][numbers],
        curation.together.groups[numbers],
        tuple(outcomes.different),
        before,
    )


def _before(curation: Curation, line: str, numbers: Ints, config: str, earlier: Standings | None) -> Before | None:
    """Return what articles were in the same configuration of the release before."""
    if earlier is None or config not in earlier.configs:
        return None
    places = curation.earlier(line, earlier)[numbers]
    same = (places >= 0) & (earlier.config[places] == earlier.configs.index(config))
    lasting = earlier.lasting.take(pa.array(places, mask=~same))
    return Before(earlier.added_in[places], earlier.changed_in[places], lasting)


def _shards(curation: Curation, by: Sequence[str], numbers: Places) -> dict[tuple[str, str], Places]:
    """Return some articles by split and name of their shard before any division."""
    roll = curation.roll
    columns = (curation.together.splits[numbers], roll.sources[numbers], _periods(roll.days[numbers], by))
    order = np.lexsort(columns)
    ends = np.flatnonzero(np.any([column[order][1:] != column[order][:-1] for column in columns], axis=0)) + 1
    found: dict[tuple[str, str], list[Places]] = defaultdict(list)
    for members in np.split(numbers[order], ends) if numbers.size else ():
        first = int(members[0])
        name = shard_name(by, roll.source_names[roll.sources[first]], roll.day(first))
        found[curation.together.split(first), name].append(members)
    return {place: np.sort(np.concatenate(parts)) for place, parts in found.items()}


def _periods(days: npt.NDArray[np.int32], by: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return a number for the year or month of each day, as far as names of shards have them."""
    step = "M" if "month" in by else "Y" if "year" in by else ""
    if not step:
        return np.zeros(days.size, np.int64)
    periods = days.astype("datetime64[D]").astype(f"datetime64[{step}]").astype(np.int64)
    periods[days == UNDATED] = UNDATED
    return periods


def _divided(roll: Roll, name: str, numbers: Places, target: int) -> Iterator[tuple[str, Places]]:
    """Divide a shard that outgrows the target in two by the next bit of the ids' digests, until none does."""
    pending = [("", numbers)]
    while pending:
        prefix, some = pending.pop()
        if some.size > 1 and len(prefix) < _BITS and roll.bytes[some].sum(dtype=np.int64) > target:
            bits = _bits(roll, some, len(prefix))
            pending += [(f"{prefix}{bit}", some[bits == bit]) for bit in (0, 1)]
        elif some.size:
            yield (f"{name}-{prefix}" if prefix else name), some


def _bits(roll: Roll, numbers: Places, place: int) -> npt.NDArray[np.int64]:
    """Return a bit of the digest of each article's id; the key of an id is the beginning of it."""
    if place < _KEY_BITS:
        return (roll.keys[numbers] >> np.uint64(_KEY_BITS - 1 - place) & np.uint64(1)).astype(np.int64)
    ids = map(roll.identity, numbers.tolist())
    digests = [int.from_bytes(hashlib.sha256(identity.encode()).digest()) for identity in ids]
    return np.array([digest >> (_BITS - 1 - place) & 1 for digest in digests], np.int64)


def closing_jobs(curation: Curation, line: str, folder: Path) -> list[ClosingJob]:
    """Return the tasks that keep what a release line does not show, one for each reading task."""
    roll, outcomes = curation.roll, curation.outcomes
    aside = curation.closed(line)
    is_withdrawn = roll.codes[aside] == CODES.index(WITHDRAWN)
    stayed = np.flatnonzero(roll.kept & ~curation.shown(line))
    # Nothing of what is set aside appears, and of what is under embargo.
    classes = [
        (),
        *(() if each.absent or each.text else ("metadata", "digest", *each.also) for each in outcomes.different),
    ]
    numbers = np.concatenate([stayed, aside[~is_withdrawn]])
    which = np.concatenate([outcomes.by_line[line][stayed] + 1, np.zeros(numbers.size - stayed.size, np.int16)])
    withdrawn = aside[is_withdrawn]
    return [
        ClosingJob(roll.staging, task, folder / f"{name}{task:06d}.parquet", tuple(classes), rows, shown)
        for name, those, what in (("", numbers, which), (UNKEPT, withdrawn, np.zeros(withdrawn.size, np.int16)))
        for task, rows, shown in _by_task(roll, those, what)
    ]


def _by_task(
    roll: Roll, numbers: Places, which: npt.NDArray[np.int16]
) -> Iterator[tuple[int, npt.NDArray[np.int32], npt.NDArray[np.int16]]]:
    tasks = np.searchsorted(roll.starts, numbers, "right") - 1
    order = np.argsort(tasks, kind="stable")
    for those in np.split(order, np.flatnonzero(np.diff(tasks[order])) + 1) if numbers.size else ():
        task = int(tasks[those[0]])
        yield task, (numbers[those] - roll.starts[task]).astype(np.int32), which[those]
