"""The pictures of a release, and where its card shows them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pressmark.figures import shown as figures
from pressmark.figures.shown import Figure
from pressmark.press.manifest import Shard
from pressmark.press.rights import Cells
from pressmark.workshop import write_durably

FOLDER, EMBARGOED = "figures", "embargoed"


def drawn(
    manifest: Mapping[str, Any], shards: Sequence[Shard], cells: Cells, group_sizes: Mapping[int, int]
) -> list[Figure]:
    """Return the pictures of a release.

    Args:
        manifest: The manifest but for its files.
        shards: The files of rows.
        cells: Articles by rights status, and by `published` or the reason why not.
        group_sizes: How many groups of several articles have how many.
    """
    months, scripts, lengths = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[int]()
    by_split = Counter[tuple[str, str]]()
    for shard in shards:
        months.update(shard.shown.months)
        scripts.update(shard.shown.scripts)
        lengths.update(shard.shown.lengths)
        for (_, month), count in shard.shown.months.items():
            by_split[shard.split, month] += count
    order = [name for name in manifest["splits"]["shares"] if any(shard.split == name for shard in shards)]
    counts = manifest["counts"]
    found = [
        figures.by_source_over_time(months),
        figures.splits_over_time(by_split, order),
        figures.lengths(lengths),
        figures.languages(scripts),
        figures.outcomes({"published": counts["published"], **counts["by_code"]}),
        # What is under embargo is not mentioned, and has no row.
        figures.rights({cell: count for cell, count in cells.items() if cell[1] != EMBARGOED}),
    ]
    return [*found, figures.group_sizes(group_sizes)] if group_sizes else found


def write_figures(folder: Path, found: Sequence[Figure]) -> None:
    """Write pictures into a release folder."""
    for each in found:
        write_durably(folder / FOLDER / f"{each.name}.svg", f"{each.svg}\n".encode())


def figure_section(found: Sequence[Figure]) -> list[str]:
    """Return the lines of the card's section about them."""
    shown = ((f"**{each.title}**", "", f"![{each.title}]({FOLDER}/{each.name}.svg)", "") for each in found)
    pictures = [line for lines in shown for line in lines]
    return ["### In pictures", "", *pictures]
