"""The card's section about splits: how articles came into them, and how they spread by source, year and language."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pressmark.press.manifest import Shard
from pressmark.press.markdown import spaced, table
from pressmark.wording import words

MOST = 40
"""How many values of a kind a table has; the others are counted together."""


def split_section(manifest: Mapping[str, Any], shards: Sequence[Shard]) -> list[str]:
    """Return the lines of the section.

    Args:
        manifest: The manifest but for its files.
        shards: The files of rows.
    """
    splits = [name for name in manifest["splits"]["shares"] if any(shard.split == name for shard in shards)]
    counted = _counted(shards)
    rows = [_row(kind, value, of, splits) for kind in ("all", *_NAMES) for value, of in _shown(counted[kind])]
    return [
        *("### Splits", ""),
        *spaced([" ".join(_how(manifest))]),
        *table(("by", "value", *splits), rows, splits),
    ]


_NAMES = ("source", "year", "language")


def _how(manifest: Mapping[str, Any]) -> Iterator[str]:
    splits = manifest["splits"]
    yield words("splits.stated" if "from" in splits else "splits.hashed")
    for name, day in splits.get("since", {}).items():
        yield words("splits.since", split=name, day=day)
    yield words("splits.stable")


def _counted(shards: Sequence[Shard]) -> dict[str, dict[str, Counter[str]]]:
    """Return articles by split, by value, by kind of value."""
    found: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for shard in shards:
        for values, count in shard.shown.spread.items():
            for kind, value in zip(("all", *_NAMES), ("articles", *values), strict=True):
                found[kind][value][shard.split] += count
    return found


def _shown(counted: Mapping[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    """Return the values that most articles have, in their order, and the others together."""
    most = sorted(counted, key=lambda value: (-counted[value].total(), value))
    shown = [(value, counted[value]) for value in sorted(most[:MOST])]
    rest = [counted[value] for value in most[MOST:]]
    others = words("structure.others", count=len(rest))
    return [*shown, *([(others, sum(rest, Counter()))] if rest else [])]


def _row(kind: str, value: str, of: Mapping[str, int], splits: Sequence[str]) -> tuple[object, ...]:
    return kind, value, *(of.get(split, 0) for split in splits)
