"""What an engine runs to find near copies: a function for each step, and the tasks that it takes."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pressmark.article.letters import letters
from pressmark.curate.grams import Hashes, grams, similarity
from pressmark.curate.links import Numbers, Pairs, across, meetings, packed, unpacked, with_first
from pressmark.curate.sketches import BANDS, SLOTS, Keys, agreeing
from pressmark.likeness_index import Index
from pressmark.staging import rows_at

_SLACK = Fraction(1, 5)
"""How much less alike two sketches may be than their texts: more than five standard deviations of 128 slots, and three
and a half where a text has hardly more grams than slots."""

_LETTERS_AT_ONCE = 2 * 10**6
_PAIRS_AT_ONCE = 1 << 16
_TEXTS_AT_ONCE = 1 << 18
"""Texts whose keys are sorted together, at most about."""

PAIR_BYTES = 8


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
    # A task may run twice, and the first file may be read by then.
    unfinished = job.path.with_name(f"{os.getpid()}-{job.path.name}")
    np.save(unfinished, likely(job.index, _met(job), job.threshold))
    unfinished.replace(job.path)
    return job.path


def _met(job: MeetJob) -> Iterator[Numbers]:
    asked = np.load(job.folder / ASKED, mmap_mode="r")
    for band in job.bands:
        for keys, those in _parts(job.index.band(band), asked):
            texts, begins = meetings(keys, those)
            if job.again and texts.size:
                yield from across(texts, begins, np.load(job.folder / LABELS, mmap_mode="r"))
            elif texts.size:
                yield with_first(texts, begins)


def _parts(keys: Keys, asked: npt.NDArray[np.bool_]) -> Iterator[tuple[Keys, Numbers]]:
    """Yield the keys of those texts that are asked for, with their numbers; texts with the same key together."""
    parts = 1 + keys.size // _TEXTS_AT_ONCE
    bounds = [number * 2**64 // parts for number in range(parts + 1)]
    for low, high in pairwise(bounds):
        found = [np.empty(0, np.int64)]
        for start in range(0, keys.size, _TEXTS_AT_ONCE):
            some = keys[start : start + _TEXTS_AT_ONCE]
            is_here = (some >= np.uint64(low)) & (some <= np.uint64(high - 1)) & asked[start : start + some.size]
            found.append(np.flatnonzero(is_here) + start)
        texts = np.concatenate(found)
        yield keys[texts], texts


ASKED, LABELS, PAIRS, FAMILIES = "asked.npy", "labels.npy", "pairs", "families.npy"
"""Files of a search: by number of a text, whether it is asked for, and the family so far; the pairs that are to be
compared, one number each; by number of a text, the family."""


def likely(index: Index, found: Iterator[Numbers], threshold: Fraction) -> Pairs:
    """Return which pairs of texts may be near by their sketches."""
    keys: list[Keys] = []
    least = float(threshold - _SLACK) * SLOTS
    kept, more, held = np.empty(0, np.uint64), [np.empty(0, np.uint64)], 0
    for those in found:
        keys = keys or [index.band(band) for band in range(BANDS)]
        for start in range(0, len(those), _PAIRS_AT_ONCE):
            some = those[start : start + _PAIRS_AT_ONCE]
            one, other = some.T
            agree = agreeing((band[one] for band in keys), (band[other] for band in keys), len(some))
            more.append(packed(some[agree >= least]))
            held += more[-1].size
            if held > max(kept.size, _PAIRS_AT_ONCE):  # so that a pair which meets in several bands is held once
                kept, more, held = np.unique(np.concatenate([kept, *more])), [], 0
    return np.unique(np.concatenate([kept, *more]))


def gather(into: Path, found: Sequence[Path], known: Sequence[Path] = ()) -> Path:
    """Write the pairs of several searches, each once, but for those that are known, and return where.

    Args:
        into: The file that they are written to, one number after the other.
        found: Files of pairs, as `meet_stage` leaves them.
        known: The same.
    """
    files = [np.load(path, mmap_mode="r") for path in (*found, *known)]
    # Between two bounds there are no more than so many in each file.
    bounds = np.unique(np.concatenate([np.empty(0, np.uint64), *(each[::_PAIRS_AT_ONCE] for each in files)]))
    cuts = [[0, *np.searchsorted(each, bounds[1:]).tolist(), each.size] for each in files]
    with into.open("wb") as sink:
        for part in range(bounds.size):
            some = [each[cut[part] : cut[part + 1]] for each, cut in zip(files, cuts, strict=True)]
            words = np.unique(np.concatenate(some[: len(found)]))
            old = np.concatenate([np.empty(0, np.uint64), *some[len(found) :]])
            sink.write(words[np.isin(words, old, invert=True)].data)
    return into


@dataclass(frozen=True, slots=True)
class JudgeJob:
    """Compare some pairs of texts."""

    index: Index
    path: Path
    threshold: Fraction
    start: int
    end: int


def judge_stage(job: JudgeJob) -> Pairs:
    """Return the pairs that are near copies."""
    words = np.fromfile(job.path, np.uint64, job.end - job.start, offset=job.start * PAIR_BYTES)
    asked = unpacked(words)
    verdicts = []
    for some in _portions(asked, np.asarray(job.index.letters()[asked]).sum(axis=1)):
        found = _grams(job.index, np.unique(some))
        verdicts += [similarity(found[one], found[other]) >= job.threshold for one, other in some.tolist()]
    near: Pairs = words[np.array(verdicts, bool)]
    return near


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
