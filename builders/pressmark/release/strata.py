"""The card's section about splits, as rows and manifest have it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pressmark.release.tally import Tally
from pressmark.wording import words

_MOST = 40


def split_rows(manifest: Mapping[str, Any], tally: Tally) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return splits and rows of the section's table."""
    there = {split for splits in tally.strata.values() for split in splits}
    order = [split for split in manifest["splits"]["shares"] if split in there]
    rows = []
    for kind in ("all", "source", "year", "language"):
        named = {value: counted for (of, value), counted in tally.strata.items() if of == kind}
        ranked = sorted(named.items(), key=lambda each: (-sum(each[1].values()), each[0]))
        told = sorted(ranked[:_MOST])
        if others := ranked[_MOST:]:
            together: Counter[str] = Counter()
            for _, counted in others:
                together.update(counted)
            told.append((words("structure.others", count=len(others)), together))
        rows += [(kind, value, *(str(counted[split]) for split in order)) for value, counted in told]
    return order, rows
