"""Words of `pressmark verify`: whether a release adds up, what was loaded, what could not be looked at."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape

from pressmark import report
from pressmark.findings import Finding
from pressmark.hub.consume import Loaded

_NAMED = 3


def verified(
    release: Path | str, found: list[Finding], loaded: list[Loaded] | None, unchecked: Sequence[str] = ()
) -> None:
    """Print whether a release adds up, what was loaded of it, and what cannot be told from it alone."""
    report.findings(found)
    console = report.out()
    if loaded is not None:
        table = report.new_table("configuration", "split", "rows", "columns", title="Loaded by datasets.load_dataset")
        for each in loaded:
            table.add_row(each.config, each.split, str(each.rows), str(each.columns))
        console.print(table)
    verdict = f"does not add up: {len(found)} finding{'s' if len(found) > 1 else ''}" if found else "adds up"
    console.print(f"{escape(str(release))} {verdict}")
    for what in unchecked:
        console.print(f"not checked: {escape(what)}")


def not_here(paths: list[str]) -> Iterator[str]:
    """Yield in words which files a copy lacks, if any."""
    if paths:
        more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
        yield f"what is not here, {len(paths)} file{'s' if len(paths) > 1 else ''}: {', '.join(paths[:_NAMED])}{more}"


def verify_data(
    release: Path | str,
    found: list[Finding],
    loaded: list[Loaded] | None,
    absent: list[str],
    unchecked: Sequence[str] = (),
) -> dict[str, Any]:
    """Return whether a release adds up, for JSON."""
    splits = [{"config": each.config, "split": each.split, "rows": each.rows} for each in loaded or ()]
    return {
        "release": str(release),
        "fine": not found,
        "findings": [each.as_dict() for each in found],
        "loaded": splits,
        "absent": absent,
        "unchecked": list(unchecked),
    }
