"""What an engine runs to find near copies: a function for each step, and the tasks that it takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pressmark.article.letters import letters
from pressmark.curate.grams import Hashes, grams, similarity
from pressmark.curate.links import Numbers, across, meetings, pairs, with_first
from pressmark.curate.sketches import BANDS, SLOTS, Keys, agreeing
from pressmark.likeness_index import Index
from pressmark.staging import rows_at

_SLACK = Fraction(1, 5)
"""How much less alike two sketches may be than their texts: more than five standard deviations of 128 slots, and three
and a half where a text has hardly more grams than slots."""

_LETTERS_AT_ONCE = 2 * 10**6
_PAIRS_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class MeetJob:
    """Find the texts that meet in some bands."""

    index: Index
    folder: Path
    threshold: Fraction
    bands: range
    again: bool
    """Whether families are known already."""

    @property
    def path(self) -> Path:
        """Where the pairs go that are to be compared."""
        return self.folder / f"met-{self.bands.start}-{'again' if self.again else 'first'}.npy"


def meet_stage(job: MeetJob) -> Path:
    """Write which texts that meet in a band are to be compared, and return where."""
    np.save(job.path, likely(job.index, _met(job), job.threshold))
    return job.path


def _met(job: MeetJob) -> Iterator[Numbers]:
    asked = np.load(job.folder / ASKED)
    for band in job.bands:
        texts, begins = meetings(job.index.band(band)[asked], asked)
        if job.again and texts.size:
            yield from across(texts, begins, np.load(job.folder / LABELS, mmap_mode="r"))
        elif texts.size:
            yield with_first(texts, begins)


ASKED, LABELS, PAIRS = "asked.npy", "labels.npy", "pairs.npy"
"""Files of a search: the numbers of its texts; by number, the family so far; the pairs that are to be compared."""


def likely(index: Index, found: Iterator[Numbers], threshold: Fraction) -> Numbers:
    """Return which pairs of texts may be near by their sketches, in order, each once."""
    keys: list[Keys] = []
    least = float(threshold - _SLACK) * SLOTS
    kept, more, held = np.empty((0, 2), np.int64), [np.empty((0, 2), np.int64)], 0
    for those in found:
        keys = keys or [index.band(band) for band in range(BANDS)]
        for start in range(0, len(those), _PAIRS_AT_ONCE):
            some = those[start : start + _PAIRS_AT_ONCE]
            one, other = some.T
            agree = agreeing((band[one] for band in keys), (band[other] for band in keys), len(some))
            more.append(some[agree >= least])
            held += len(more[-1])
            if held > max(len(kept), _PAIRS_AT_ONCE):  # so that a pair which meets in several bands is held once
                kept, more, held = pairs(np.concatenate([kept, *more])), [], 0
    return pairs(np.concatenate([kept, *more]))


@dataclass(frozen=True, slots=True)
class JudgeJob:
    """Compare some pairs of texts."""

    index: Index
    folder: Path
    threshold: Fraction
    start: int
    end: int


def judge_stage(job: JudgeJob) -> Numbers:
    """Return the pairs that are near copies."""
    asked = np.load(job.folder / PAIRS, mmap_mode="r")[job.start : job.end]
    verdicts = []
    for some in _portions(asked, np.asarray(job.index.letters()[asked]).sum(axis=1)):
        found = _grams(job.index, np.unique(some))
        verdicts += [similarity(found[one], found[other]) >= job.threshold for one, other in some.tolist()]
    return np.array(asked[np.array(verdicts, bool)])


def _portions(asked: Numbers, sizes: npt.NDArray[np.int64]) -> Iterator[Numbers]:
    """Yield pairs, so many at a time as their letters allow; a single pair whatever it has."""
    start, held = 0, 0
    for position, size in enumerate(sizes.tolist()):
        if held and held + size > _LETTERS_AT_ONCE:
            yield asked[start:position]
            start, held = position, 0
        held += size
    yield asked[start:]


def _grams(index: Index, numbers: Numbers) -> dict[int, Hashes]:
    """Return the grams of some texts, by number."""
    found: dict[int, Hashes] = {}
    places = index.places()[numbers]
    for task in np.unique(places[:, 0]).tolist():
        mine = np.flatnonzero(places[:, 0] == task)
        texts = rows_at(index.staging, task, places[mine, 1], ["text"])["text"].to_pylist()
        found.update(zip(numbers[mine].tolist(), (grams(letters(text)) for text in texts), strict=True))
    return found
