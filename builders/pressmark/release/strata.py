"""The card's section about splits, as rows and manifest have it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pressmark.release.tally import Tally

_MOST = 40


def split_sentences(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the section's lines that have a number."""
    for name, day in manifest["splits"].get("since", {}).items():
        yield f"`{name}` has the groups whose first article was published on {day} or later."
    threshold = manifest["duplicates"]["threshold"]
    yield f"split: texts that share {threshold} of their runs of five letters, or all of their letters."


def split_faults(lines: Collection[str], manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the section says otherwise than the manifest, of its lines without a number."""
    splits, copies = manifest["splits"], manifest["duplicates"]
    said = "Records said what split they are in. What said nothing was given one by a hash of its group."
    expected = {
        said: "from" in splits,
        "Articles are in splits by a hash of their group.": "from" not in splits,
        "Exact copies under several ids are here.": copies["exact"] == "keep",
        "Of near copies only one text is here.": copies["near"] == "drop",
    }
    if any((line in lines) is not here for line, here in expected.items()):
        yield "it says otherwise how articles came into splits than the manifest"


def split_rows(manifest: Mapping[str, Any], tally: Tally) -> tuple[str, list[tuple[str, ...]]]:
    """Return head and rows of the section's table."""
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
            told.append((f"{len(others)} others", together))
        rows += [(kind, value, *(str(counted[split]) for split in order)) for value, counted in told]
    return f"by | value | {' | '.join(order)}", rows
