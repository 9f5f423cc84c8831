"""Articles in parts that have nothing to do with each other."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pressmark.apart
from pressmark.apart import parts
from strategies import checked

keys = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30)


@checked(200)
@given(keys, st.integers(1, 8), st.randoms(use_true_random=False))
def test_what_shares_a_key_is_in_one_part(found: list[tuple[int, int]], at_once: int, random: object) -> None:
    columns = [np.array([pair[which] for pair in found], np.uint64) for which in (0, 1)]
    numbers = np.array([number for number in range(len(found)) if number % 3 != 1], np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pressmark.apart, "AT_ONCE", at_once)
        told = [some.tolist() for some in parts(numbers, *columns)]
    assert sorted(number for some in told for number in some) == numbers.tolist()
    assert all(some == sorted(some) and some for some in told)
    for which in (0, 1):
        of_key = defaultdict(set)
        for part, some in enumerate(told):
            for number in some:
                of_key[found[number][which]].add(part)
        assert all(len(those) == 1 for those in of_key.values())
    # None could be taken apart but for what belongs together in it.
    assert all(len(some) <= at_once + _largest(some, found) for some in told)


def _largest(numbers: list[int], found: list[tuple[int, int]]) -> int:
    families = [{number} for number in numbers]
    for which in (0, 1):
        for key in {found[number][which] for number in numbers}:
            those = [family for family in families if any(found[number][which] == key for number in family)]
            families = [family for family in families if family not in those] + [set().union(*those)]
    return max(map(len, families))


def test_a_hundred_thousand_that_share_nothing_are_in_parts_of_one_size() -> None:
    found = list(parts(np.arange(100_000), np.arange(100_000, dtype=np.uint64)))
    assert {some.size for some in found[:-1]} == {pressmark.apart.AT_ONCE}
    assert np.array_equal(np.concatenate(found), np.arange(100_000))
