"""Some texts of a release compared with a sample of the others without any hash: by their grams, as they are.

At first letters are told apart by the last four bits of their code points alone, so that a table has room for all grams
that there can be. Grams that are the same are the same in that way too, so that no near copies are missed; what seems
to be near is compared by its grams as strings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pressmark.release.smallest import GRAM
from pressmark.release.texts import Texts

SAMPLE = 64
"""How many texts are a sample: as many as a number has bits."""

_TOO_FEW = 2
_BITS = 4
_BYTES = SAMPLE // 8
_SET = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").astype(np.int64)
"""For each byte, which of its bits are set."""

Pair = tuple[int, int]
"""Numbers of two rows, the smaller first."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Texts to compare: the number of each and that of its split."""

    texts: Texts
    sample: Sequence[tuple[int, int]]
    others: Sequence[tuple[int, int]]
    threshold: Fraction


def compare(task: Comparison) -> list[Pair]:
    """Return near copies among a sample and others of other splits."""
    read = task.texts.letters({number for number, _ in (*task.sample, *task.others)})
    sample, others = ([read[number] for number, _ in those] for those in (task.sample, task.others))
    found = []
    for one, other in may_be_near(sample, others, task.threshold):
        (its, split), (number, another) = task.sample[one], task.others[other]
        if split != another and are_near(sample[one], others[other], task.threshold):
            found.append((min(its, number), max(its, number)))
    return found


def may_be_near(sample: Sequence[str], others: Sequence[str], threshold: Fraction) -> Iterator[Pair]:
    """Yield, by their positions, texts of a sample and others of which enough places hold a gram of the former.

    Near copies are among them: what both have is at least that share of what the one has.

    Args:
        sample: Letters of texts, no fewer than a gram has; at most `SAMPLE`.
        others: The same.
        threshold: What share of all their grams near copies have in common.
    """
    having = np.zeros(1 << GRAM * _BITS, np.uint64)
    least = np.zeros(SAMPLE, np.int64)
    for number, only in enumerate(sample):
        its = np.unique(_grams_like(only))
        having[its] |= np.uint64(1 << number)
        least[number] = -(-len(its) * threshold.numerator // threshold.denominator)
    kinds = np.arange(_BYTES) * 256
    for number, only in enumerate(others):
        which = having[_grams_like(only)].astype("<u8").view(np.uint8).reshape(-1, _BYTES)
        often = np.bincount((which + kinds).ravel(), minlength=_BYTES * 256).reshape(_BYTES, 256)
        enough = (often @ _SET).ravel() >= least
        yield from ((one, number) for one in np.flatnonzero(enough[: len(sample)]).tolist())


def _grams_like(only: str) -> npt.NDArray[np.uint32]:
    """Return the grams of a text, of each letter the last bits."""
    letters = np.frombuffer(only.encode("utf-32-le"), np.uint32) & np.uint32((1 << _BITS) - 1)
    count = len(letters) - GRAM + 1
    found = letters[:count].copy()
    for at in range(1, GRAM):
        found <<= np.uint32(_BITS)
        found |= letters[at : at + count]
    return found


def are_near(one: str, other: str, threshold: Fraction) -> bool:
    """Tell whether two texts are near copies, by all their grams."""
    its, grams = _grams(one), _grams(other)
    return _resemblance(len(its & grams), len(its), len(grams)) >= threshold


def _grams(only: str) -> set[str]:
    return {only[start : start + GRAM] for start in range(len(only) - GRAM + 1)}


def _resemblance(both: int, one: int, other: int) -> Fraction:
    """Return what share of the grams of two texts both have.

    Args:
        both: How many grams both have.
        one: How many the one has.
        other: How many the other has.
    """
    if _TOO_FEW * min(one, other) < max(one, other):
        return Fraction(0)  # no two of which one has so few can be near copies
    return Fraction(both, one + other - both)
