"""A corpus that changes at random: the diff is exact, and a version that says less is refused."""

import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from pressmark import UsageError
from pressmark.release.changes import KINDS
from pressmark.release.diff import differences
from pressmark.release.version import Bump, raised
from support import Corpus
from version_cases import CLOSED, record, records_alone


class Series:
    """A corpus, and what is known to have happened to it since its last version."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self.corpus, self.random = corpus, random.Random(seed)  # noqa: S311 - a seed repeats the series
        self.records: dict[int, dict[str, Any]] = {number: record(number) for number in range(25)}
        self.closed: set[int] = {3, 4}
        self.next = 25
        self.edits = 0
        records_alone(corpus)

    def write(self) -> None:
        """Write the corpus as it is, its records in a random order."""
        records = list(self.records.values())
        self.random.shuffle(records)
        self.corpus.records(*records)
        ids = json.dumps([f"r{number}" for number in sorted(self.closed)])
        self.corpus.write("rights/desk.toml", CLOSED % ids if self.closed else "")

    def change(self) -> dict[str, dict[str, set[str]]]:
        """Change the corpus, and return what the diff has to say: by line and kind, the ids."""
        told: dict[str, dict[str, set[str]]] = {"open": defaultdict(set), "vault": defaultdict(set)}
        before = dict(self.records)
        for number in self._some(list(before), self.random.choice([0, 0, 1, 3])):
            del self.records[number]
            self.closed.discard(number)
        for number in self._some(list(self.records), self.random.choice([0, 0, 1, 4])):
            self.edits += 1
            field = self.random.choice(["title", "text", "section"])
            value: Any = f"Edit {self.edits} of number {number}."
            self.records[number] = {**self.records[number], field: [value] if field == "section" else value}
        toggled = self._some(list(self.records), self.random.choice([0, 0, 1, 2]))
        was_closed = set(self.closed)
        self.closed ^= set(toggled)
        added = range(self.next, self.next + self.random.choice([0, 0, 1, 5]))
        self.next = added.stop
        self.closed |= {number for number in added if self.random.random() < 0.3}
        self.records |= {number: record(number) for number in added}
        for line, kinds in told.items():
            kinds["added"] = {f"journal:r{number}" for number in added}
            kinds["removed"] = {f"journal:r{number}" for number in before.keys() - self.records.keys()}
            kinds["changed"] = {f"journal:r{n}" for n, entry in before.items() if self.records.get(n, entry) != entry}
            kinds["rights changed"] = {f"journal:r{number}" for number in toggled}
            if line == "open":
                kinds["released"] = {f"journal:r{number}" for number in toggled if number in was_closed}
                kinds["withheld"] = {f"journal:r{number}" for number in toggled if number not in was_closed}
        return {line: {kind: ids for kind, ids in kinds.items() if ids} for line, kinds in told.items()}

    def _some(self, numbers: list[int], count: int) -> list[int]:
        return self.random.sample(numbers, min(count, max(0, len(numbers) - 5)))


def found(old: Path, new: Path) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = defaultdict(set)
    with differences(old, new) as (columns, changes):
        assert columns == []
        ids = []
        for change in changes:
            ids.append(change.id)
            for kind in change.kinds:
                kinds[kind].add(change.id)
    assert ids == sorted(set(ids))
    return dict(kinds)


@pytest.mark.parametrize(
    ("seed", "steps"),
    [(1, 8), *(pytest.param(seed, 40, marks=pytest.mark.soak) for seed in range(2, 7))],
)
def test_the_diff_is_exact_and_a_small_version_refused(corpus: Corpus, seed: int, steps: int) -> None:
    series = Series(corpus, seed)
    series.write()
    corpus.build("1.0.0")
    version = "1.0.0"
    changed = refused = 0
    while changed < steps:
        told = series.change()
        series.write()
        asked = max((KINDS[kind] for kinds in told.values() for kind in kinds), default=Bump.NONE)
        for less in (Bump.PATCH, Bump.MINOR, Bump.MAJOR):
            if less < asked:
                with pytest.raises(UsageError, match=f"asks for {asked.name}"):
                    corpus.build(raised(version, less), drop_vanished=True)
                refused += 1
        result = corpus.build("auto", drop_vanished=True)
        following = raised(version, asked)
        for name, kinds in told.items():
            assert result.lines[name].folder.name == following, f"seed {seed}, step {changed}"
            if following != version:
                old = corpus.out / "small" / name / version
                assert found(old, result.lines[name].folder) == kinds, f"seed {seed}, step {changed}"
        changed += following != version
        version = following
    assert refused > steps / 2


def test_what_moved_or_was_regrouped_is_told(corpus: Corpus, tmp_path: Path) -> None:
    series = Series(corpus, 1)
    series.write()
    old = corpus.build("1.0.0").lines["open"].folder
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace("train = 0.8\ntest = 0.2", "train = 0.1\ntest = 0.9"))
    # A build that continues nothing: its splits are its own.
    new = corpus.build("2.0.0", out=tmp_path / "other").lines["open"].folder
    kinds = found(old, new)
    assert set(kinds) == {"moved"}
    series.records[7]["text"] = "Another text, so another group where nothing is continued."
    series.write()
    kinds = found(new, corpus.build("2.0.1", out=tmp_path / "third").lines["open"].folder)
    assert kinds["changed"] == kinds["regrouped"] == {"journal:r7"}
