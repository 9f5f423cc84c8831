"""The pictures of a release: do they show what its rows and its manifest say?"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pressmark.figures import shown as figures
from pressmark.figures.shown import Figure
from pressmark.findings import Finding
from pressmark.release.tally import Tally

FOLDER = "figures/"
_CODE = "figures-differ"


def verify_figures(
    folder: Path, manifest: Mapping[str, Any], tally: Tally | None, lacking: Collection[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the pictures. They are counted anew, and drawn by the hand that drew them.

    Args:
        folder: The release.
        manifest: Its manifest.
        tally: What its rows add up to; nothing where some of them are not there.
        lacking: Files that a partial copy lacks.
    """
    stated = {entry["path"] for entry in manifest["files"] if entry["path"].startswith(FOLDER)}
    if not stated or tally is None:
        return  # one that was written before there were pictures has none
    expected = {f"{FOLDER}{each.name}.svg": f"{each.svg}\n" for each in drawn(manifest, tally)}
    for path in sorted(stated ^ expected.keys()):
        yield Finding(_CODE, path, "", "is missing" if path in expected else "is no picture that the rows give")
    for path in sorted(stated & expected.keys() - set(lacking)):
        if (folder / path).read_bytes() != expected[path].encode():
            yield Finding(_CODE, path, "", "shows something else than the rows and the manifest")


def drawn(manifest: Mapping[str, Any], tally: Tally) -> list[Figure]:
    """Return the pictures that a release has to have."""
    months, by_split = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for split, counts in tally.months.items():
        months.update(counts)
        for (_, month), count in counts.items():
            by_split[split, month] += count
    counted = manifest["counts"]
    found = [
        figures.by_source_over_time(months),
        figures.splits_over_time(by_split, [name for name in manifest["splits"]["shares"] if name in tally.months]),
        figures.lengths(tally.lengths),
        figures.languages(tally.scripts),
        figures.outcomes({"published": counted["published"], **counted["by_code"]}),
        figures.rights(tally.cells),
    ]
    return [*found, figures.group_sizes(tally.group_sizes)] if tally.group_sizes else found


def pictures_told(manifest: Mapping[str, Any]) -> list[str]:
    """Return the names of the pictures that the manifest lists."""
    return [entry["path"] for entry in manifest["files"] if entry["path"].startswith(FOLDER)]
