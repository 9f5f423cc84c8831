"""Near copies among the articles in staging: brought together by bands of sketches, and compared a pair at a time.

Sketches, numbers and pairs lie in files. In memory are arrays of a few bytes for each text, one band at
a time, and the pairs whose sketches are alike. Of the texts that meet in a band the first is compared with each other
one; those that are in different families then are compared with each other. So of texts that meet every pair is
compared, or in one family already.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pressmark.curate.duplicates import Entry, precedence
from pressmark.curate.grams import SHORT
from pressmark.curate.groups import At, Beside
from pressmark.curate.links import Numbers, across, components, pairs
from pressmark.curate.sketches import BANDS
from pressmark.likeness_index import Index
from pressmark.likeness_stages import (
    ASKED,
    LABELS,
    PAIRS,
    JudgeJob,
    MeetJob,
    judge_stage,
    likely,
    meet_stage,
)
from pressmark.plan import Engine

_PAIRS_A_TASK, _BANDS_A_TASK = 4096, 8


@dataclass(slots=True)
class Likeness:
    """Where near copies are looked for, and what counts as one."""

    engine: Engine
    staging: Path
    """Where the articles lie."""

    tasks: int
    """How many reading tasks there are."""

    folder: Path
    """A private folder for what grows with the corpus."""

    threshold: Fraction
    """The share of their grams from which on two texts are near copies."""

    texts: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    """The number of each article's text, one task after the other; the same where the letters are."""

    _starts: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    """Where each task begins."""

    @property
    def _index(self) -> Index:
        return Index(self.staging, self.folder, self.tasks)

    def number(self) -> None:
        """Number every text. Do this first."""
        self.folder.mkdir(mode=0o700)
        self._index.make()
        self._starts, self.texts = self._index.starts(), self._index.texts()

    def families(self, name: str, texts: npt.NDArray[np.int32]) -> Numbers:
        """Return by number of a text to which family it belongs, the smallest number in it; only some are looked at.

        Args:
            name: Of a folder for this search.
            texts: The numbers of those.
        """
        folder, index = self._folder(name), self._index
        asked = np.unique(texts).astype(np.int64)
        np.save(folder / ASKED, asked[index.letters()[asked] >= SHORT])
        count = index.letters().size
        first = self._meeting(folder, again=False)
        near = self._near(folder, first)
        np.save(folder / LABELS, components(count, near))
        again = self._near(folder, _without(self._meeting(folder, again=True), first))
        return components(count, _together([near, again]))

    def named(self, labels: Numbers) -> Mapping[str, str]:
        """Return families by the digests of letters, where a text belongs to another one than its own."""
        others = np.flatnonzero(labels != np.arange(labels.size))
        digests = self._index.digests
        return dict(zip(digests(others), digests(labels[others]), strict=True))

    def beside(self, name: str, families: Sequence[Sequence[Entry]]) -> Beside:
        """Return the near copies of each article of some families, every pair compared.

        Args:
            name: Of a folder for this comparison.
            families: Articles that belong together.
        """
        with_text: dict[int, list[Entry]] = defaultdict(list)
        for entry in (each for family in families for each in family):
            with_text[self._number(entry.at)].append(entry)
        numbered = [sorted({self._number(entry.at) for entry in family}) for family in families]
        texts = np.array([number for family in numbered for number in family], np.int64)
        begins = np.cumsum([0, *map(len, numbered)])[:-1]
        every = across(texts, begins, np.arange(self._index.letters().size))
        asked = likely(self._index, self._long(every), self.threshold)
        near = self._near(self._folder(name), asked)
        found: dict[At, list[Entry]] = {entry.at: [] for those in with_text.values() for entry in those}
        for one, other in [*near.tolist(), *((number, number) for number in with_text)]:
            for entry in with_text[one]:
                found[entry.at] += [each for each in with_text[other] if each is not entry]
            if one != other:
                for entry in with_text[other]:
                    found[entry.at] += with_text[one]
        return {at: sorted(others, key=precedence) for at, others in found.items()}

    def _number(self, at: At) -> int:
        task, row = at
        return int(self.texts[self._starts[task] + row])

    def _folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        return folder

    def _long(self, found: Iterator[Numbers]) -> Iterator[Numbers]:
        """Yield the pairs of texts that are not short: those are near only where their letters are the same."""
        for some in found:
            yield some[(self._index.letters()[some] >= SHORT).all(axis=1)]

    def _meeting(self, folder: Path, *, again: bool) -> Numbers:
        jobs = [
            MeetJob(self._index, folder, self.threshold, range(band, band + _BANDS_A_TASK), again)
            for band in range(0, BANDS, _BANDS_A_TASK)
        ]
        found = np.empty((0, 2), np.int64)
        for path in self.engine.run(meet_stage, jobs):
            found = _together([found, np.load(path)])
        return found

    def _near(self, folder: Path, asked: Numbers) -> Numbers:
        """Return which pairs are near copies."""
        np.save(folder / PAIRS, asked)
        starts = range(0, len(asked), _PAIRS_A_TASK)
        jobs = [
            JudgeJob(self._index, folder, self.threshold, start, min(start + _PAIRS_A_TASK, len(asked)))
            for start in starts
        ]
        return _together(list(self.engine.run(judge_stage, jobs)))


def _together(found: Sequence[Numbers]) -> Numbers:
    """Return the pairs of several searches, each once."""
    return pairs(np.concatenate([np.empty((0, 2), np.int64), *found]))


def _without(found: Numbers, known: Numbers) -> Numbers:
    """Return pairs that are not among the known ones."""
    both = np.concatenate([found, known, known])
    each, counted = np.unique(both, axis=0, return_counts=True)
    new: Numbers = each[counted == 1]
    return new
