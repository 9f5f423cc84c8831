"""No mutant of a good release passes: each raises a code that fits what was done to it, and never an exception."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mutants import KINDS, Goods, goods, mutant, state
from pressmark import BuildResult, verify
from soak_figures import FIGURES, figures

SEED = os.environ.get("MUTANT_SEED", "press")
ONE = os.environ.get("MUTANT")
"""Number of a mutant to look at again, alone."""

NUMBERS = range(int(ONE), int(ONE) + 1) if ONE else range(len(KINDS))
MANY, MANY_PARTS, PARTS = 3000, 12, 2


@pytest.fixture(scope="module")
def good(example: BuildResult, tmp_path_factory: pytest.TempPathFactory) -> Goods:
    """Return good releases; nobody may change them."""
    base = tmp_path_factory.mktemp("goods")
    return goods(example.lines["open"].folder, example.lines["vault"].folder, base)


def missed(good: Goods, folder: Path, number: int) -> str:
    """Return what is wrong with how verify takes a mutant, or nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(good.open, folder)
    kind, draw = mutant(SEED, number)
    try:
        kind.change(folder, draw, good)
        assert state(folder) != state(good.open), "it changes nothing"
        found = {finding.code for finding in verify(folder)}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a miss
        found = {f"{type(error).__name__}: {error}"}
    if found & kind.codes:
        return ""
    raised, expected = (", ".join(sorted(names)) for names in (found, kind.codes))
    return (
        f"{kind.name}: raised {raised or 'nothing'}, expected one of {expected}; "
        f"replay: MUTANT_SEED={SEED} MUTANT={number} pytest tests/test_mutants.py"
    )


def test_the_releases_that_mutants_are_made_of_are_good(good: Goods) -> None:
    assert [verify(folder) for folder in (good.open, good.vault, good.later)] == [[], [], []]


def all_missed(good: Goods, folder: Path, numbers: range) -> list[str]:
    found = [told for number in numbers if (told := missed(good, folder, number))]
    print(f"seed {SEED}, {len(numbers)} mutants of {len(KINDS)} kinds, missed {len(found)}")
    print(Counter(told.partition(":")[0] for told in found).most_common())
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_no_mutant_passes(part: int, good: Goods, tmp_path: Path) -> None:
    assert all_missed(good, tmp_path / "mutant", NUMBERS[part::PARTS]) == []


@pytest.mark.soak
@pytest.mark.parametrize("part", range(MANY_PARTS))
def test_none_of_many_mutants_passes(
    part: int, good: Goods, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    numbers = range(MANY)[part::MANY_PARTS]
    found = all_missed(good, tmp_path / "mutant", numbers)
    record_property(FIGURES, figures("mutants", seed=f"{SEED}, part {part}", done=len(numbers), faults=found))
    assert found == []
