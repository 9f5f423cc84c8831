"""Near copies among the articles in staging: brought together by bands of sketches, and compared a pair at a time.

Sketches, numbers, families and the pairs whose sketches are alike lie in files. In memory are some bytes for each text
for a moment, and the pairs that are near. Of the texts that meet in a band the first is compared with each other one;
those that are in different families then are compared with each other. So of texts that meet every pair is compared, or
in one family already.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from pressmark.curate.duplicates import Entry, precedence
from pressmark.curate.grams import SHORT
from pressmark.curate.groups import At, Beside
from pressmark.curate.links import Ints, Numbers, Pairs, across, components, unpacked
from pressmark.curate.sketches import BANDS
from pressmark.likeness_index import Index
from pressmark.likeness_judged import Judged
from pressmark.likeness_stages import (
    ASKED,
    FAMILIES,
    LABELS,
    PAIR_BYTES,
    PAIRS,
    JudgeJob,
    MeetJob,
    gather,
    judge_stage,
    likely,
    meet_stage,
)
from pressmark.plan import Engine

_PAIRS_A_TASK, _BANDS_A_TASK = 1024, 8


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

    judged: Judged | None = None
    """What earlier builds found; every pair is compared where it is not given."""

    texts: Ints = field(default_factory=lambda: np.empty(0, np.int32))
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

    def families(self, name: str, texts: Ints) -> Ints:
        """Return by number of a text to which family it belongs, the smallest number in it; only some are looked at.

        Args:
            name: Of a folder for this search.
            texts: The numbers of those.
        """
        folder, letters = self._folder(name), self._index.letters()
        asked = np.zeros(letters.size, bool)
        asked[texts] = True
        asked &= letters >= SHORT
        np.save(folder / ASKED, asked)
        first = self._meeting(folder, again=False)
        near = self._near(gather(folder / PAIRS, first))
        np.save(folder / LABELS, components(letters.size, near))
        again = self._near(gather(folder / PAIRS, self._meeting(folder, again=True), first))
        np.save(folder / FAMILIES, components(letters.size, np.concatenate([near, again])))
        families: Ints = np.load(folder / FAMILIES, mmap_mode="r")
        return families

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
        places = np.arange(texts.size)  # ascending within a family, as the numbers are
        every = (texts[some] for some in across(places, begins, places))
        asked = self._folder(name) / PAIRS
        asked.write_bytes(likely(self._index, self._long(every), self.threshold).tobytes())
        near = self._near(asked)
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

    def _meeting(self, folder: Path, *, again: bool) -> list[Path]:
        jobs = [
            MeetJob(self._index, folder, self.threshold, range(band, band + _BANDS_A_TASK), again)
            for band in range(0, BANDS, _BANDS_A_TASK)
        ]
        return list(self.engine.run(meet_stage, jobs))

    def _near(self, asked: Path) -> Numbers:
        """Return which pairs of a file are near copies, in order."""
        if self.judged is None:
            return unpacked(self._compared(asked))
        left = asked.with_suffix(".left")
        near = [self.judged.recalled(self._index, asked, left), self._compared(left)]
        found = np.sort(np.concatenate(near))
        self.judged.note(self._index, asked, found)
        return unpacked(found)

    def _compared(self, asked: Path) -> Pairs:
        count = asked.stat().st_size // PAIR_BYTES
        jobs = [
            JudgeJob(self._index, asked, self.threshold, start, min(start + _PAIRS_A_TASK, count))
            for start in range(0, count, _PAIRS_A_TASK)
        ]
        return np.concatenate([np.empty(0, np.uint64), *self.engine.run(judge_stage, jobs)])
