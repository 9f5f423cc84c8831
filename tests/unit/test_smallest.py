"""What near copies are found by from outside: many texts at once give what each gives alone, in parts too."""

from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.release import sharing, smallest, straddling
from pressmark.release.folding import Letters
from pressmark.release.pieces import BREAK, dense
from pressmark.release.smallest import GRAM, SMALLEST, Sketches
from pressmark.release.spilled import spilling
from strategies import checked

LETTERS = st.sampled_from("가나다라마바사abcdefgh𠀀𠀁")
TEXTS = st.lists(st.builds("".join, st.lists(LETTERS, min_size=GRAM, max_size=400)), min_size=1, max_size=6)
MASK = 2**64 - 1


def letters(texts: list[str]) -> Letters:
    points = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    return Letters(points, np.cumsum(list(map(len, texts))))


def together(texts: list[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    found = letters(texts)
    return smallest.smallest(found.points, found.ends, np.diff(found.ends, prepend=0))


def alone(only: str) -> list[int]:
    """Return the smallest hashes of one text, with integers of Python."""
    found = set()
    for start in range(len(only) - GRAM + 1):
        one, two, three, four, five = map(ord, only[start : start + GRAM])
        first = ((((one << 21) | two) << 21) | three) & MASK
        mixed = ((first * 0xA0761D6478BD642F ^ ((four << 21) | five)) * 0xA0761D6478BD642F) & MASK
        found.add(((mixed ^ (mixed >> 31)) * 0xA0761D6478BD642F) & MASK)
    return sorted(found)[:SMALLEST]


@checked(150)
@given(TEXTS)
def test_texts_together_have_the_hashes_that_each_has_alone(texts: list[str]) -> None:
    hashes, owners = together(texts)
    assert [hashes[owners == number].tolist() for number in range(len(texts))] == list(map(alone, texts))


def test_texts_that_say_one_thing_for_long_have_all_their_grams() -> None:
    texts = ["가나다라마" * 3000, "a" * 5000, "".join(chr(0xAC00 + number) for number in range(3000))]
    hashes, owners = together(texts)
    assert np.bincount(owners).tolist() == [5, 1, SMALLEST]
    assert [hashes[owners == number].tolist() for number in range(3)] == list(map(alone, texts))


@checked(100)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=6))
def test_joined_values_are_dense_as_each_is_alone(values: list[str]) -> None:
    assert dense(BREAK.join(values)).split(BREAK) == (list(map(dense, values)) or [""])


@checked(150)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12)), max_size=60), st.lists(st.integers(0, 2), min_size=13)
)
def test_rows_with_a_hash_in_common_meet_once_for_each(marks: list[tuple[int, int]], splits: list[int]) -> None:
    marks = sorted(set(marks))
    hashes = np.array([one for one, _ in marks], np.uint64)
    owners = np.array([owner for _, owner in marks], np.int64)
    found = Counter[tuple[int, int]]()
    for ones, others in sharing.apart(hashes, owners, np.array(splits, np.uint8)):
        found.update(zip(ones.tolist(), others.tolist(), strict=True))
    expected = Counter(
        (one, other)
        for (first, one), (second, other) in combinations(marks, 2)
        if first == second and splits[one] != splits[other]
    )
    assert found == expected


def test_what_hundreds_share_leads_to_neighbours_only() -> None:
    owners = np.arange(300, dtype=np.int64)
    splits = (owners % 2).astype(np.uint8)
    pairs = [
        pair
        for ones, others in sharing.apart(np.zeros(300, np.uint64), owners, splits)
        for pair in zip(ones.tolist(), others.tolist(), strict=True)
    ]
    assert {other - one for one, other in pairs} == {1, 3, 5, 7}
    assert len(pairs) == len(set(pairs)) == 299 + 297 + 295 + 293


@pytest.mark.parametrize("size", [1, 3, 10**6])
def test_parts_and_blocks_change_no_pair(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = "".join(chr(0xAC00 + 7 * number) for number in range(400))
    other = "".join(chr(0x4E00 + 5 * number) for number in range(200))
    texts = [[whole[:200], whole[200:], "short", other], [whole[:190], whole[30:230]], [whole[210:], other[3:]]]
    for module, name in ((sharing, "_PART"), (straddling, "_LETTERS"), (sharing, "_PAIRS")):
        monkeypatch.setattr(module, name, size)
    monkeypatch.setattr(sharing, "_BLOCK_ROWS", size)
    shards = [
        {"path": "", "rows": len(those), "split": split, "config": "articles"}
        for those, split in zip(texts, ("train", "test", "valid"), strict=True)
    ]
    for number, those in enumerate(texts):
        with spilling(tmp_path) as spill:
            sketches = Sketches(spill)
            sketches.take(letters(those), [f"{number}{at}" for at in range(len(those))], 0)
            sketches.write(tmp_path, number)
    rows = sharing.rows_of(shards, tmp_path)
    parts = sharing.parts_of(rows)
    for part in parts:
        sharing.meet(part)
    sharing.meet(parts[-1])  # as an engine may
    blocks = (sharing.sharing(rows, block, len(parts), 0.6) for block in range(len(rows.blocks) - 1))
    found = [pair for block in blocks for pairs in block for pair in pairs]
    assert sorted(found) == [(0, 4), (0, 5), (1, 6), (3, 7)]
    assert [pair for some in straddling._portions(rows.letters(), found) for pair in some] == found


def test_parts_are_even_also_where_all_hashes_are_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_PART", 500)
    monkeypatch.setattr(sharing, "_SAMPLED", 4096)
    chance = np.random.default_rng(5)
    shards = [{"path": "", "rows": 1, "split": "train", "config": "articles"} for _ in range(3)]
    every = []
    for number in range(3):
        with spilling(tmp_path) as spill:
            sketches = Sketches(spill)
            sketches.take(letters(["short"]), [str(number)], 0)
            sketches.write(tmp_path, number)
        hashes = np.zeros(5000, smallest.HASH)
        # As the smallest of long texts are; a third of them is one hash, which stays in one part.
        hashes["hash"] = np.sort(np.where(chance.random(5000) < 1 / 3, 7, chance.integers(0, 2**40, 5000)))
        hashes.tofile(smallest.hashes_of(tmp_path, number))
        every.append(hashes["hash"])
    parts = [part.hashes()[0] for part in sharing.parts_of(sharing.rows_of(shards, tmp_path))]
    assert np.array_equal(np.concatenate(parts), np.sort(np.concatenate(every)))
    filled = [part for part in parts if len(part)]
    assert all(one[-1] < other[0] for one, other in pairwise(filled))
    others = [np.count_nonzero(part != 7) for part in filled]
    assert max(others) <= 1000
