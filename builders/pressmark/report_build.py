"""Words and tables about a build: what became of each input, and where the releases are."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from rich.markup import escape
from rich.table import Table

from pressmark.intake.read import input_name
from pressmark.report import findings, new_table, out, plain_cell, too_many_refused
from pressmark.results import BuildResult

_SHOWN = 40


@dataclass(slots=True)
class _Told:
    """What the ledger says."""

    totals: dict[str, Counter[str]]
    """By release line: how many inputs became what."""

    inputs: int = 0
    remarkable: int = 0
    """How many of them have something to say."""

    shown: list[dict[str, Any]] = field(default_factory=list)
    """The first of these."""


def built(result: BuildResult, *, width: int | None = None) -> None:
    """Print what became of each input, and where the releases are."""
    console = out(width)
    told = _told(result)
    table = new_table(
        "input", "became", "why", title="Inputs that are no article of their own, or have something to say"
    )
    for row in told.shown:
        table.add_row(*map(plain_cell, (input_name(row["file"], row["line"]), _became_everywhere(row), _why(row))))
    if told.shown:
        console.print(table)
    if told.remarkable > len(told.shown):
        console.print(f"... and {told.remarkable - len(told.shown)} more in the ledger")
    console.print(_totals(told))
    for name, line in result.lines.items():
        changed = ", ".join(f"{kind}: {count}" for kind, count in line.changes.items()) or "no record changed"
        note = "was there already" if line.unchanged else changed
        console.print(f"{name}: {escape(line.address or str(line.folder))} ({note})")
        console.print(f"  articles by split: {escape(_by_split(line.manifest))}")
    if result.again:
        console.print(f"read before, and taken from the cache: {result.again} of {result.parts} parts of the inputs")
    console.print(f"ledger (private): {escape(str(result.ledger))}")
    findings(result.findings)
    if not result.within_limits:
        counts = next(iter(result.lines.values())).counts
        too_many_refused(result.recipe, counts["rejected"], counts["inputs"])
    for words in _steps_of_a_build(result):
        console.print(f"next: {words}", markup=False, soft_wrap=True)


def _by_split(manifest: dict[str, Any]) -> str:
    """Return how many articles are in each split, those without their text too."""
    counts = dict.fromkeys(manifest["splits"]["shares"], 0)
    for config in manifest["configs"].values():
        for name, split in config["splits"].items():
            counts[name] = counts.get(name, 0) + split["rows"]
    return ", ".join(f"{name} {count or 'none yet'}" for name, count in counts.items())


def _steps_of_a_build(result: BuildResult) -> Iterator[str]:
    """Yield what to do next: look at what was refused, and publish the line that others are to read."""
    if not result.within_limits:
        yield f"pressmark report {result.ledger.parents[1]}    every refused input, and what to do"
    for line in result.lines.values():
        if line.manifest["destination"] != "local":
            yield f"pressmark rehearse {line.folder}"
            return


def _told(result: BuildResult) -> _Told:
    """Return what the ledger says, of which no more is held than is shown."""
    told = _Told({line: Counter() for line in result.lines})
    with result.ledger.open("rb") as stream:
        for row in map(orjson.loads, stream):
            told.inputs += 1
            for line, found in told.totals.items():
                found[_became(row, line)] += 1
            if _remarkable(row):
                told.remarkable += 1
                told.shown += [row] if told.remarkable <= _SHOWN else []
    return told


def _remarkable(row: dict[str, Any]) -> bool:
    return bool(row.get("notes")) or any(
        each["class"] not in ("published", "withheld") for each in row["became"].values()
    )


def _became(row: dict[str, Any], line: str) -> str:
    became = row["became"][line]
    return f"{became['class']}: {became['code']}" if "code" in became else str(became["class"])


def _became_everywhere(row: dict[str, Any]) -> str:
    became = {line: _became(row, line) for line in row["became"]}
    if len(set(became.values())) == 1:
        return next(iter(became.values()))
    return ", ".join(f"{line} {outcome}" for line, outcome in became.items())


def _why(row: dict[str, Any]) -> str:
    notes = [f"{code} {detail}" for code, _, detail in row.get("notes", ())]
    survivor = f"stands for it: {row['survivor']}" if row.get("survivor") else ""
    reason = ": ".join(filter(None, [row.get("place", ""), row.get("detail", "")]))
    return "; ".join(filter(None, [reason, survivor, *notes]))


def _totals(told: _Told) -> Table:
    table = new_table("outcome", *told.totals, title=f"What became of all {told.inputs} inputs")
    for outcome in sorted({outcome for found in told.totals.values() for outcome in found}):
        table.add_row(outcome, *(str(found[outcome] or "") for found in told.totals.values()))
    table.add_section()
    table.add_row("inputs", *(str(found.total()) for found in told.totals.values()))
    return table


def build_data(result: BuildResult) -> dict[str, Any]:
    """Return what a build made, for JSON."""
    return {
        "releases": {
            name: {
                "folder": str(line.folder),
                **({"address": line.address} if line.address else {}),
                "unchanged": line.unchanged,
                "changes": line.changes,
                "counts": line.counts,
            }
            for name, line in result.lines.items()
        },
        "ledger": str(result.ledger),
        "read": {"parts": result.parts, "from_cache": result.again},
        "rejected": float(result.rejected),
        "allowed": float(result.recipe.rejected),
        "within_limits": result.within_limits,
        "findings": [finding.as_dict() for finding in result.findings],
    }
