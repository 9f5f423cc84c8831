"""The card's section about splits: how articles came into them, and how they spread by source, year and language."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pressmark.press.manifest import Shard

_SHOWN = 40


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
        "## Splits",
        "",
        *_how(manifest),
        "",
        f"| by | value | {' | '.join(splits)} |",
        f"|---|---|{'---|' * len(splits)}",
        *rows,
        "",
    ]


_NAMES = ("source", "year", "language")


def _how(manifest: Mapping[str, Any]) -> Iterator[str]:
    splits, copies = manifest["splits"], manifest["duplicates"]
    if "from" in splits:
        yield "Records said what split they are in. What said nothing was given one by a hash of its group."
    else:
        yield "Articles are in splits by a hash of their group."
    for name, day in splits.get("since", {}).items():
        yield f"`{name}` has the groups whose first article was published on {day} or later."
    yield "An article never changes its split from one version to the next. Near copies are in one group, and so in one"
    yield f"split: texts that share {copies['threshold']} of their runs of five letters, or all of their letters."
    if copies["exact"] == "keep":
        yield "Exact copies under several ids are here."
    if copies["near"] == "drop":
        yield "Of near copies only one text is here."


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
    shown = [(value, counted[value]) for value in sorted(most[:_SHOWN])]
    rest = [counted[value] for value in most[_SHOWN:]]
    return [*shown, *([(f"{len(rest)} others", sum(rest, Counter()))] if rest else [])]


def _row(kind: str, value: str, of: Mapping[str, int], splits: Sequence[str]) -> str:
    return f"| {kind} | {value} | {' | '.join(str(of.get(split, 0)) for split in splits)} |"
