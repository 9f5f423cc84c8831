"""Do near copies stand in different splits? Asked from outside, in another way than the one that keeps them together.

Texts are compared by the grams with the smallest hashes, which each file's reading left in a scratch folder, and pairs
that share enough of them by all their grams, as strings. Beside it a sample is compared with everything, without any
hash.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pressmark.findings import Finding
from pressmark.release.rows import Run
from pressmark.release.sampled import SAMPLE, Comparison, Pair, are_near, compare
from pressmark.release.sharing import Rows, meet, parts_of, rows_of, sharing
from pressmark.release.texts import Texts, texts_of

_LETTERS = 10**7
"""Letters of texts that are compared pair by pair and held at once, but for the last of them."""

_OTHERS = 500
"""Texts that the sample is compared with in one task."""


def verify_near(
    folder: Path,
    manifest: Mapping[str, Any],
    shards: Sequence[Mapping[str, Any]],
    sample: Sequence[tuple[str, int, int]],
    scratch: Path,
    run: Run = map,
) -> Iterator[Finding]:
    """Yield pairs of near copies in different splits.

    Args:
        folder: The release, its files as the manifest says.
        manifest: Its manifest.
        shards: What it says of the files of rows that are there.
        sample: Digest, file and row of the texts that are compared without any hash.
        scratch: Where the reading of each file left its hashes.
        run: Compares texts; what is found does not depend on how.
    """
    threshold = Fraction(manifest["duplicates"]["threshold"])
    rows = rows_of(shards, scratch)
    texts = texts_of(folder, [(entry["path"], entry["rows"]) for entry in shards], scratch)
    parts = parts_of(rows)
    for _ in run(meet, parts):
        pass
    blocks = [_Block(rows, number, len(parts), texts, threshold) for number in range(len(rows.blocks) - 1)]
    near = {pair for found in run(_near, blocks) for pair in found}
    splits = rows.splits()
    order = [(rows.starts[file] + row, int(splits[rows.starts[file] + row])) for _, file, row in sample]
    some = [order[start : start + _OTHERS] for start in range(0, len(order), _OTHERS)]
    comparisons = [Comparison(texts, order[:SAMPLE], those, threshold) for those in some]
    near.update(pair for found in run(compare, comparisons) for pair in found)
    ids = texts.ids({number for pair in near for number in pair})
    for one, other in sorted(near):
        its, another = (shards[texts.file(number)] for number in (one, other))
        detail = f"is a near copy of id {ids[other]}, which is in {another['split']}"
        yield Finding("near-straddles", its["path"], f"id {ids[one]}", detail)


@dataclass(frozen=True, slots=True)
class _Block:
    """Pairs to compare: those of a block that share enough of their smallest hashes."""

    rows: Rows
    number: int
    parts: int
    texts: Texts
    threshold: Fraction


def _near(task: _Block) -> list[Pair]:
    """Return the pairs that are near copies, by all their grams."""
    found = []
    for pairs in sharing(task.rows, task.number, task.parts, float(task.threshold)):
        for some in _portions(task.rows.letters(), pairs):
            read = task.texts.letters({number for pair in some for number in pair})
            found += [(one, other) for one, other in some if are_near(read[one], read[other], task.threshold)]
    return found


def _portions(letters: npt.NDArray[np.uint32], pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Yield pairs of so many texts together as may be in memory at once: each is read once for all of them.

    Args:
        letters: How many letters each row has.
        pairs: Of rows.
    """
    some: list[Pair] = []
    there: set[int] = set()
    size = 0
    for pair, sizes in zip(pairs, letters[np.array(pairs, np.int64).reshape(-1, 2)].tolist(), strict=True):
        some.append(pair)
        size += sum(count for number, count in zip(pair, sizes, strict=True) if number not in there)
        there.update(pair)
        if size >= _LETTERS:
            yield some
            some, there, size = [], set(), 0
    if some:
        yield some
