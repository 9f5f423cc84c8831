"""Articles in parts that have nothing to do with each other, so that one part after the other can be looked at."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from pressmark.curate.links import components
from pressmark.standings import Places

AT_ONCE = 1 << 11
"""Articles that are looked at together; more only where more belong together."""


def parts(numbers: Places, *keys: npt.NDArray[Any]) -> Iterator[Places]:
    """Yield articles in parts: two that share a key, or that others lead from one to the other, are in the same.

    Args:
        numbers: Of the articles.
        keys: By number of an article, one array for each kind of key.

    Yields:
        Numbers of articles, ascending.
    """
    links = [_sharing(each[numbers]) for each in keys]
    labels = components(numbers.size, np.concatenate([np.empty((0, 2), np.int64), *links]))
    order = np.argsort(labels, kind="stable")
    begins = np.flatnonzero(np.diff(labels[order], prepend=-1))
    # The first whole one that begins after so many.
    cuts = np.unique(np.searchsorted(begins, np.arange(AT_ONCE, numbers.size, AT_ONCE)))
    for some in np.split(order, begins[cuts[cuts < begins.size]]) if numbers.size else ():
        yield numbers[np.sort(some)]


def _sharing(keys: npt.NDArray[Any]) -> Places:
    """Return pairs of places where the keys are the same."""
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    return np.column_stack((order[same], order[same + 1]))
