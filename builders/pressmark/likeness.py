"""Near copies among the articles in staging: sketched, brought together by bands, and compared a pair at a time.

Sketches and pairs lie in files beside staging. In memory are the digest of each text's letters, its place and, for one
band at a time, its keys; and the pairs of a band, of which families that are all a little alike have many. Of the texts
that meet in a band the first is compared with each other one; those that are in different families then are compared
with each other. So of texts that meet every pair is compared, or in one family already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np

from pressmark.curate.duplicates import Entry, precedence
from pressmark.curate.groups import At, Beside
from pressmark.curate.links import Numbers, components, pairs
from pressmark.curate.sketches import BANDS
from pressmark.likeness_stages import (
    Index,
    JudgeJob,
    MeetJob,
    SketchJob,
    judge_stage,
    meet_stage,
    sketch_stage,
)
from pressmark.plan import Engine

_PAIRS_A_TASK = 4096


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

    rows: list[int] = field(default_factory=list)
    """How many articles each reading task has."""

    def sketch(self) -> None:
        """Sketch every text. Do this first."""
        self.folder.mkdir(mode=0o700)
        jobs = [SketchJob(self.staging, number, self.folder) for number in range(self.tasks)]
        self.rows = list(self.engine.run(sketch_stage, jobs))

    def families(self, name: str, texts: Mapping[str, At]) -> Mapping[str, str]:
        """Return for each of some texts to which family it belongs, where that is not its own digest.

        Args:
            name: Of a folder for this search.
            texts: By the digest of their letters, where staging has one article with them.
        """
        index = self._index(name, texts)
        digests = sorted(texts)
        first = self._meeting(index, labels=None)
        near = self._near(index, first)
        np.save(index.labels, components(len(digests), near))
        rest = self._meeting(index, labels=index.labels)
        again = self._near(index, _without(rest, first))
        labels = components(len(digests), _together([near, again]))
        others = np.flatnonzero(labels != np.arange(len(digests)))
        return {digests[number]: digests[labels[number]] for number in others.tolist()}

    def beside(self, name: str, families: Sequence[Sequence[Entry]]) -> Beside:
        """Return the near copies of each article of some families, every pair compared.

        Args:
            name: Of a folder for this comparison.
            families: Articles that belong together.
        """
        texts = {entry.letters_sha256: entry.at for family in families for entry in family}
        index = self._index(name, texts)
        numbers = {digest: number for number, digest in enumerate(sorted(texts))}
        asked = [
            sorted(numbers[entry.letters_sha256] for entry in both)
            for family in families
            for both in combinations(family, 2)
            if both[0].letters_sha256 != both[1].letters_sha256
        ]
        near = {tuple(pair) for pair in self._near(index, pairs(np.array(asked, np.int64).reshape(-1, 2))).tolist()}
        found: dict[At, list[Entry]] = {entry.at: [] for family in families for entry in family}
        for family in families:
            for one, other in combinations(family, 2):
                both = sorted((numbers[one.letters_sha256], numbers[other.letters_sha256]))
                if both[0] == both[1] or tuple(both) in near:
                    found[one.at].append(other)
                    found[other.at].append(one)
        return {at: sorted(others, key=precedence) for at, others in found.items()}

    def _index(self, name: str, texts: Mapping[str, At]) -> Index:
        """Number the texts by their digests, and write down where each number is found."""
        index = Index(self.staging, self.folder, self.folder / name)
        index.folder.mkdir(mode=0o700)
        places = np.array([texts[digest] for digest in sorted(texts)], np.int64).reshape(-1, 2)
        np.save(index.places, places)
        for task, count in enumerate(self.rows):
            numbers = np.full(count, -1, np.int64)
            mine = np.flatnonzero(places[:, 0] == task)
            numbers[places[mine, 1]] = mine
            np.save(index.numbers(task), numbers)
        return index

    def _meeting(self, index: Index, labels: Path | None) -> Numbers:
        jobs = [MeetJob(index, self.tasks, band, labels) for band in range(BANDS)]
        return _together([np.load(path) for path in self.engine.run(meet_stage, jobs)])

    def _near(self, index: Index, asked: Numbers) -> Numbers:
        """Return which pairs are near copies."""
        np.save(index.pairs, asked)
        starts = range(0, len(asked), _PAIRS_A_TASK)
        jobs = [JudgeJob(index, self.threshold, start, min(start + _PAIRS_A_TASK, len(asked))) for start in starts]
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
