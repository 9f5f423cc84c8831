"""Damage to what builds keep for the next one: it is found and made again, and never used."""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from soak_cases import NEW, Place, Press, Start, bytes_below, command, wrong_after, wrong_now
from soak_figures import FIGURES, figures

SEED = "press"
FLIPS, PARTS, EACH = 1000, 4, 10
Starts = Callable[[str], Start]
Told = Callable[[str, object], None]


def kept_files(place: Place) -> list[Path]:
    """Return the files that a build may take something from: all that the workshop has, but for locks."""
    return sorted(path for path in place.work.rglob("*") if path.is_file() and path.name != ".lock")


def flipped(path: Path, chance: random.Random) -> str:
    """Change one bit of a file, and say which."""
    data = bytearray(path.read_bytes())
    if not data:
        return ""
    position, bit = chance.randrange(len(data)), chance.randrange(8)
    data[position] ^= 1 << bit
    # A new file: what is kept may be one file with what is in use elsewhere.
    path.unlink()
    path.write_bytes(data)
    path.chmod(0o600)
    return f"{path.name} byte {position} bit {bit}"


def damaged(press: Press, start: Start, number: int, folder: Path) -> tuple[int, list[str]]:
    """Change a bit in some files that a build left, build again, and return how many bits and what is wrong.

    The new version is taken away, so that it is built from what is kept, damage and all.
    """
    chance = random.Random(f"{SEED}/{number}")  # noqa: S311 - a seed, no secret
    place = Place.below(folder)
    shutil.copytree(start.after.folder, folder)
    for release in place.out.glob(f"*/*/{NEW}"):
        shutil.rmtree(release)
    files = kept_files(place)
    told = [flipped(path, chance) for path in chance.sample(files, min(EACH, len(files)))]
    ended = press.run(command(start.corpus, place, start.way), place)
    wrong = [f"ends with {ended.code}: {ended.err[-300:]}"] if ended.code else []
    # Ledger and closed texts of versions before are records, which nothing is made of.
    before = {name for name in bytes_below(place.work) if name.startswith("small/1.0.0/")}
    wrong += [fault for fault in wrong_now(start, place) + wrong_after(start, place) if fault not in before]
    return sum(map(bool, told)), [f"{', '.join(filter(None, told))}: {each}" for each in wrong[:3]]


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_a_changed_bit_in_what_is_kept_changes_nothing(
    part: int, press: Press, start_of: Starts, tmp_path: Path, record_property: Told
) -> None:
    start, faults, done = start_of("alone"), [], Counter[str]()
    number = part
    while done["bits"] < FLIPS // PARTS:
        bits, wrong = damaged(press, start, number, tmp_path / str(number))
        done.update({"bits": bits, "builds": 1})
        print(f"{SEED}/{number} {bits} bits {wrong or ''}")
        faults += [f"FLIP={number} pytest -m '' tests/soak/test_at_rest.py -k replay: {wrong[0]}"] if wrong else []
        shutil.rmtree(tmp_path / str(number))
        number += PARTS
    told = figures("bits", seed=SEED, done=done["bits"], faults=faults, also={"builds": done["builds"]})
    record_property(FIGURES, told)
    assert faults == []


def test_some_changed_bits_in_what_is_kept_change_nothing(press: Press, start_of: Starts, tmp_path: Path) -> None:
    bits, wrong = damaged(press, start_of("alone"), 0, tmp_path / "damaged")
    assert wrong == []
    assert bits == EACH


@pytest.mark.skipif("FLIP" not in os.environ, reason="FLIP=NUMBER repeats some bits, as a soak prints it")
def test_replay(press: Press, start_of: Starts, tmp_path: Path) -> None:
    assert damaged(press, start_of("alone"), int(os.environ["FLIP"]), tmp_path / "damaged")[1] == []
