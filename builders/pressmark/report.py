"""Words and tables of the command line: results to stdout, findings and progress to stderr."""

import difflib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pressmark.building import BuildResult
from pressmark.errors import PressmarkError
from pressmark.findings import CATALOGUE, Code, Finding

_SHOWN, _OF_EACH = 40, 10
_PIPED_COLUMNS = 160


def out(width: int | None = None) -> Console:
    """Return the console for results."""
    # Rich takes 80 columns where there is no terminal; a table that is cut to them is no use to a log.
    return Console(width=width or (None if sys.stdout.isatty() else _PIPED_COLUMNS), highlight=False)


def _err() -> Console:
    # A terminal would break lines within words; a log keeps them whole.
    return Console(stderr=True, soft_wrap=not sys.stderr.isatty(), highlight=False)


def new_table(*columns: str, title: str | None = None) -> Table:
    """Return an empty table."""
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def as_json(value: Any) -> None:
    """Print a result as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def error(found: PressmarkError) -> None:
    """Print what stopped a command, every fault of a recipe, and what to do."""
    console = _err()
    findings(found.faults)
    console.print(f"[bold red]error:[/] {escape(str(found))}")
    if found.advice:
        console.print(f"  {escape(found.advice)}")


def findings(found: Iterable[Finding]) -> None:
    """Print findings, one a line and some of each code, and where their codes are explained."""
    console, listed = _err(), list(found)
    codes, shown = Counter(finding.code for finding in listed), Counter[str]()
    for finding in listed:
        if shown[finding.code] < _OF_EACH or codes[finding.code] == _OF_EACH + 1:
            console.print(_plain(finding), markup=False)
        elif shown[finding.code] == _OF_EACH:
            console.print(f"... and {codes[finding.code] - _OF_EACH} more with {finding.code}; --json lists all")
        shown[finding.code] += 1
    if listed:
        console.print(f"[dim]pressmark explain {listed[0].code}  says what to do[/]")


def _plain(finding: Finding) -> str:
    """Return a finding without control characters: file names and details come from inputs."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(finding))


def built(result: BuildResult, *, width: int | None = None) -> None:
    """Print what became of each input, and where the releases are."""
    console = out(width)
    rows = list(_ledger(result.ledger))
    table = new_table(
        "input", "became", "why", title="Inputs that are no article of their own, or have something to say"
    )
    shown = [row for row in rows if _remarkable(row)]
    for row in shown[:_SHOWN]:
        table.add_row(*map(plain_cell, (_input(row), _became_everywhere(row), _why(row))))
    if shown:
        console.print(table)
    if len(shown) > _SHOWN:
        console.print(f"... and {len(shown) - _SHOWN} more in the ledger")
    console.print(_totals(result, rows))
    for name, line in result.lines.items():
        changed = ", ".join(f"{kind}: {count}" for kind, count in line.changes.items()) or "no record changed"
        note = "was there already" if line.unchanged else changed
        console.print(f"{name}: {escape(str(line.folder))} ({note})")
        console.print(f"  articles by split: {escape(_by_split(line.manifest))}")
    if result.again:
        console.print(f"read before, and taken from the cache: {result.again} of {result.parts} parts of the inputs")
    console.print(f"ledger (private): {escape(str(result.ledger))}")
    findings(result.findings)
    if not result.within_limits:
        _err().print(f"{float(result.rejected):.1%} of the inputs were refused, more than the recipe's limits.rejected")
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


def _ledger(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as stream:
        yield from map(orjson.loads, stream)


def _remarkable(row: dict[str, Any]) -> bool:
    return bool(row.get("notes")) or any(
        each["class"] not in ("published", "withheld") for each in row["became"].values()
    )


def _became(row: dict[str, Any], line: str) -> str:
    became = row["became"][line]
    return f"{became['class']}: {became['code']}" if "code" in became else str(became["class"])


def _input(row: dict[str, Any]) -> str:
    return f"{row['file']}:{row['line']}" if row["line"] else str(row["file"])


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


def plain_cell(value: str) -> str:
    """Return a value from inputs for a table: no markup, no control characters."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value))


def _totals(result: BuildResult, rows: list[dict[str, Any]]) -> Table:
    table = new_table("outcome", *result.lines, title=f"What became of all {len(rows)} inputs")
    totals = {line: Counter(_became(row, line) for row in rows) for line in result.lines}
    for outcome in sorted({outcome for found in totals.values() for outcome in found}):
        table.add_row(outcome, *(str(found[outcome] or "") for found in totals.values()))
    table.add_section()
    table.add_row("inputs", *(str(found.total()) for found in totals.values()))
    return table


def build_data(result: BuildResult) -> dict[str, Any]:
    """Return what a build made, for JSON."""
    return {
        "releases": {
            name: {
                "folder": str(line.folder),
                "unchanged": line.unchanged,
                "changes": line.changes,
                "counts": line.counts,
            }
            for name, line in result.lines.items()
        },
        "ledger": str(result.ledger),
        "read": {"parts": result.parts, "from_cache": result.again},
        "rejected": float(result.rejected),
        "within_limits": result.within_limits,
        "findings": [finding.as_dict() for finding in result.findings],
    }


def explained(code: Code) -> None:
    """Print one entry of the catalogue."""
    console = out()
    console.print(
        f"[bold]{code.name}[/] ({code.kind.value})\n{escape(code.meaning)}\nWhat to do: {escape(code.advice)}"
    )


def listed(codes: list[Code]) -> None:
    """Print the catalogue."""
    table = new_table("code", "kind", "meaning")
    for code in codes:
        table.add_row(code.name, code.kind.value, escape(code.meaning))
    out().print(table)


def code_data(code: Code) -> dict[str, str]:
    """Return an entry of the catalogue, for JSON."""
    return {"code": code.name, "kind": code.kind.value, "meaning": code.meaning, "advice": code.advice}


def nearest_code(word: str) -> str:
    """Return a did-you-mean for a code that is not in the catalogue."""
    close = difflib.get_close_matches(word, CATALOGUE, n=1)
    return f"; did you mean {close[0]}?" if close else "; `pressmark explain` lists them"
