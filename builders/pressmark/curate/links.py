"""From keys to groups: which texts may be near copies, and which belong together because of those that are.

Texts are numbered in the order of their digests, so that nothing here depends on the order in which they came.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
"""Numbers of texts, or a pair of them in each row, the smaller first."""

Ints = npt.NDArray[np.int32]

Pairs = npt.NDArray[np.uint64]
"""Pairs of numbers, each as one: the smaller in the first 32 bits, the other in the last."""

_BITS = np.uint64(32)

PAIRS_AT_ONCE = 1 << 17
"""About how many pairs are in memory together; of many texts that are all a little alike there are far more."""


def meetings(keys: npt.NDArray[np.uint64], texts: Numbers) -> tuple[Numbers, Numbers]:
    """Return the texts that share their key with another, by key and then by number, and where each key's begin.

    Args:
        keys: One key for each text.
        texts: Their numbers.
    """
    order = np.lexsort((texts, keys))
    keys, texts = keys[order], texts[order]
    same = keys[1:] == keys[:-1]
    if not same.any():
        return np.empty(0, np.int64), np.empty(0, np.int64)
    shared = np.append(same, False) | np.insert(same, 0, False)
    begins = np.insert(~same, 0, True)
    return texts[shared], np.flatnonzero(begins[shared])


def with_first(texts: Numbers, begins: Numbers) -> Numbers:
    """Return the first text of each meeting with each other one."""
    firsts = np.repeat(texts[begins], np.diff(np.append(begins, texts.size)))
    return pairs(np.column_stack((firsts, texts))[firsts != texts])


def across(texts: Numbers, begins: Numbers, labels: Numbers | Ints) -> Iterator[Numbers]:
    """Yield the pairs of texts that meet and do not belong together yet, so many at a time as fit into memory.

    Args:
        texts: As `meetings` returns them.
        begins: The same.
        labels: By number of a text, what it belongs to.
    """
    found: list[Numbers] = []
    held = 0
    for start, end in pairwise([*begins.tolist(), texts.size]):
        members = texts[start:end]
        apart = labels[members]
        if (apart == apart[0]).all():
            continue
        for position in range(members.size - 1):
            others = members[position + 1 :][apart[position + 1 :] != apart[position]]
            found.append(np.column_stack((np.full(others.size, members[position]), others)))
            held += others.size
            if held >= PAIRS_AT_ONCE:
                yield np.concatenate(found)
                found, held = [], 0
    if held:
        yield np.concatenate(found)


def pairs(found: Numbers) -> Numbers:
    """Return pairs in order, each once."""
    return unpacked(packed(found))


def packed(found: Numbers) -> Pairs:
    """Return pairs as one number each, in order, each once."""
    words = found[:, 0].astype(np.uint64)
    words <<= _BITS
    words |= found[:, 1].astype(np.uint64)
    return np.unique(words)


def unpacked(words: Pairs) -> Numbers:
    """Return pairs that are one number each in rows of two."""
    found = np.empty((words.size, 2), np.int64)
    found[:, 0] = words >> _BITS
    found[:, 1] = words & np.uint64(2**32 - 1)
    return found


def components(count: int, linked: Numbers) -> Ints:
    """Return for each of some texts the smallest number among those that links lead to from it.

    Args:
        count: How many texts there are.
        linked: Pairs of them.
    """
    labels = np.arange(count, dtype=np.int32)
    # Most texts are linked with no other one: what is worked out is held of the rest alone.
    texts = np.unique(linked)
    labels[texts] = texts[_components(texts.size, np.searchsorted(texts, linked))]
    return labels


def _components(count: int, linked: Numbers) -> Numbers:
    labels = np.arange(count)
    while linked.size:
        ends = labels[linked]
        linked = linked[ends[:, 0] != ends[:, 1]]
        ends = labels[linked]
        np.minimum.at(labels, ends.max(axis=1), ends.min(axis=1))
        while not np.array_equal(further := labels[labels], labels):
            labels = further
    return labels
