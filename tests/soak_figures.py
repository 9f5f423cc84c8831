"""What soaks found, kept for the scoreboard: one file for each row, one entry in it for each test that ran.

`make soak` may be run in parts, and a part again: an entry replaces the one of the same test. A soak says what it did
with `record_property(FIGURES, figures(...))`; of the soaks that only pass or fail, rows.toml says how many cases one
test is.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from provenance import provenance

from support import ROOT

FIGURES = "figures"
RESULTS = ROOT / "benchmarks" / "results" / "reliability"
ROWS = ROOT / "tests" / "soak" / "rows.toml"
_SHOWN = 5


def rows() -> list[dict[str, Any]]:
    """Return the rows of the scoreboard: what is asked, how much of it, and which soaks it comes from."""
    return list(tomllib.loads(ROWS.read_text(encoding="utf-8"))["row"])


def figures(
    row: str,
    *,
    seed: object,
    done: int,
    faults: Sequence[str] = (),
    gaps: Mapping[str, int] | None = None,
    also: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Return what a soak did.

    Args:
        row: Its name in rows.toml.
        seed: What repeats the run.
        done: How many cases were tried, the failed ones included.
        faults: One for each case that failed, with the command that repeats it.
        gaps: How many cases could not be tried, by reason.
        also: Other figures, by what they count.
    """
    told = {"seed": str(seed), "done": done, "failed": len(faults), "gaps": dict(gaps or {})}
    return {"row": row, **told, "faults": list(faults[:_SHOWN]), "also": dict(also or {})}


def noted(report: pytest.TestReport, folder: Path = RESULTS) -> None:
    """Keep what a soak found, once it ended or was skipped."""
    if report.when == "teardown" or (report.when == "setup" and not report.skipped):
        return
    told: dict[str, Any] = dict(report.user_properties)
    found: dict[str, Any] | None = told.get(FIGURES) or _of_a_test(report)
    if found:
        _kept(folder / f"{found.pop('row')}.json", report.nodeid, {**found, **provenance(), "seconds": report.duration})


def _of_a_test(report: pytest.TestReport) -> dict[str, Any] | None:
    name, _, parameter = report.nodeid.partition("[")
    for row in rows():
        cases = row["tests"].get(name)
        if cases is None:
            continue
        cases = cases[parameter.removesuffix("]")] if isinstance(cases, dict) else cases
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "skipped"
            return figures(row["name"], seed="its own", done=0, gaps={reason.removeprefix("Skipped: "): cases})
        # One that stops at its first fault says nothing of the rest: none of its cases counts as done but that one.
        faults = [] if report.passed else [f"pytest -m soak '{report.nodeid}'"]
        return figures(row["name"], seed="its own", done=cases if report.passed else 1, faults=faults)
    return None


def _kept(path: Path, name: str, found: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = json.loads(path.read_bytes()) if path.is_file() else {}
    entries[name] = {**found, "seconds": round(found["seconds"], 1)}
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(entries, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)
