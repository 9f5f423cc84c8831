"""The scoreboard of docs/reliability.md, from what soaks left in `benchmarks/results/reliability/`."""

import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "reliability"
DEEP = ROOT / "benchmarks" / "results" / "deep"
_MOST = 3


def _rows() -> list[dict[str, Any]]:
    told = (ROOT / "tests" / "soak" / "rows.toml").read_text(encoding="utf-8")
    return [{**row, "found": _found(row["name"])} for row in tomllib.loads(told)["row"]]


def _found(name: str) -> dict[str, Any]:
    path = RESULTS / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    return found


def _sum(entries: Mapping[str, Mapping[str, Any]], key: str) -> int:
    return sum(each[key] for each in entries.values())


def _made(entries: Mapping[str, Mapping[str, Any]], key: str) -> str:
    values = sorted({str(each[key]) for each in entries.values()})
    return ", ".join(values) if len(values) <= _MOST else f"{values[0]} to {values[-1]}"


def _commits(entries: Mapping[str, Mapping[str, Any]]) -> str:
    values = list(dict.fromkeys(each["commit"] for each in sorted(entries.values(), key=lambda each: each["date"])))
    return ", ".join(values[:_MOST]) + (f" and {len(values) - _MOST} more" if len(values) > _MOST else "")


def board() -> str:
    """Return the table: what is asked of each row, and what was done."""
    lines = ["| what happens | what has to hold | planned | done | failed | measured |", "|---|---|---|---|---|---|"]
    for row in _rows():
        found, head = row["found"], f"| {row['title']} | {row['holds']} | {row['planned']:,} {row['unit']} |"
        if not _sum(found, "done"):
            lines.append(f"{head} not run | | |")
        else:
            when = f"{_made(found, 'date')}, {_commits(found)}"
            lines.append(f"{head} {_sum(found, 'done'):,} | {_sum(found, 'failed'):,} | {when} |")
    return "\n".join(lines)


def summary() -> str:
    """Return how much of the plan was done, and on what."""
    rows = _rows()
    whole = [row["title"] for row in rows if _sum(row["found"], "done") >= row["planned"]]
    some = [row["title"] for row in rows if 0 < _sum(row["found"], "done") < row["planned"]]
    entries = {name: entry for row in rows for name, entry in row["found"].items()}
    machine = (
        f" Machine: {_made(entries, 'machine')}, {_made(entries, 'processors')} processors, Python "
        f"{_made(entries, 'python')}; other work ran on it too."
        if entries
        else ""
    )
    return (
        f"Of {len(rows)} rows {len(whole)} are done as planned, {len(some)} in part, "
        f"{len(rows) - len(whole) - len(some)} not run; {sum(_sum(row['found'], 'failed') for row in rows)} cases "
        f"failed.{machine}"
    )


def gaps() -> str:
    """Return what is missing from the plan, with its reason."""
    lines = []
    for row in _rows():
        found, reasons = row["found"], Counter[str]()
        for entry in found.values():
            reasons.update(entry["gaps"])
        missing = row["planned"] - _sum(found, "done")
        if missing <= 0:
            continue
        unknown = missing - reasons.total()
        told = [f"{count:,}: {reason}" for reason, count in reasons.items()]
        told += [f"{unknown:,} not run"] if unknown > 0 else []
        lines.append(
            f"- **{row['title']}**: {missing:,} of {row['planned']:,} {row['unit']} missing ({'; '.join(told)})"
        )
    return "\n".join(lines) or "Nothing is missing."


def failures() -> str:
    """Return what failed, with the command that repeats it."""
    rows = [(row["title"], entry["faults"]) for row in _rows() for entry in row["found"].values()]
    # What a command said has lines of its own, which would be no part of the list.
    lines = [(title, " ".join(fault.replace("`", '"').split())) for title, faults in rows for fault in faults]
    return "\n".join(f"- **{title}**: `{fault}`" for title, fault in lines) or "Nothing failed."


def details() -> str:
    """Return other figures that soaks counted."""
    lines = []
    for row in _rows():
        also: Counter[str] = Counter()
        for entry in row["found"].values():
            also.update(entry["also"])
        if also:
            lines.append(f"- **{row['title']}**: {', '.join(f'{name} {count:,}' for name, count in also.items())}")
    return "\n".join(lines)


def deep() -> str:
    """Return how far the runs are that go on from one time to the next."""
    lines = ["| run | planned | done | failed | measured |", "|---|---|---|---|---|"]
    for path in sorted(DEEP.glob("*.json")):
        told = json.loads(path.read_bytes())
        planned, when = f"{told['planned']:,} {told['unit']}", f"{told['date']}, {told['commit']}"
        lines.append(f"| {told['name']} | {planned} | {told['done']:,} | {told['failed']:,} | {when} |")
    return "\n".join(lines) if len(lines) > 2 else "None was run."
