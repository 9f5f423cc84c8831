"""The scoreboard counts what soaks did, and nothing that they did not."""

import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

import conftest
import soak_record
from soak_figures import FIGURES, figures, noted, rows
from support import ROOT

KILLS = "tests/soak/test_kills.py::test_a_kill_at_any_call_loses_nothing"
CUTS = "tests/unit/test_warc.py::test_a_file_that_is_cut_at_any_byte_says_so"


def report(name: str, outcome: str, *told: tuple[str, object]) -> pytest.TestReport:
    why = ("test.py", 1, "Skipped: there is no strace") if outcome == "skipped" else None
    when = "setup" if outcome == "skipped" else "call"
    return pytest.TestReport(name, ("", 1, ""), {"soak": 1}, outcome, why, when, (), 2.5, user_properties=told)  # type: ignore[arg-type]


def kept(folder: Path, row: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads((folder / f"{row}.json").read_bytes())
    return found


@pytest.fixture
def scoreboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("scoreboard", ROOT / "docs" / "scoreboard.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "RESULTS", tmp_path)
    return module


def test_every_soak_is_in_a_row_and_the_plan_is_their_sum() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "soak or counted", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    found = Counter(re.sub(r"\[.*", "", line) for line in listed.splitlines() if "::" in line)
    told = {name: cases for row in rows() for name, cases in row["tests"].items()}
    # Ray's are collected where it is installed.
    assert {name for name in told if "/ray/" not in name} == {name for name in found if "/ray/" not in name}
    for row in rows():
        if "/ray/" not in str(row["tests"]):
            each = [sum(n.values()) if isinstance(n, dict) else n * found[name] for name, n in row["tests"].items()]
            assert row["planned"] == sum(each), row["name"]


def test_a_soak_that_counts_for_itself_is_taken_at_its_word(tmp_path: Path) -> None:
    told = figures("kill", seed="press", done=49, faults=["one"], gaps={"not reached": 1}, also={"rename": 7})
    noted(report(f"{KILLS}[3]", "failed", (FIGURES, told)), tmp_path)
    (entry,) = kept(tmp_path, "kill").values()
    assert (entry["done"], entry["failed"], entry["faults"]) == (49, 1, ["one"])
    assert (entry["gaps"], entry["also"], entry["seconds"]) == ({"not reached": 1}, {"rename": 7}, 2.5)
    assert re.fullmatch("20[0-9-]{8}", str(entry["date"]))
    assert re.fullmatch("[0-9a-f]{7,12}[+]?", str(entry["commit"]))


def test_one_that_does_not_is_its_cases_where_it_passes_and_one_failure_where_not(tmp_path: Path) -> None:
    noted(report(f"{CUTS}[a.warc]", "passed"), tmp_path)
    assert [entry["done"] for entry in kept(tmp_path, "cuts").values()] == [7076]
    noted(report(f"{CUTS}[a.warc]", "failed"), tmp_path)
    assert [(entry["done"], entry["failed"]) for entry in kept(tmp_path, "cuts").values()] == [(1, 1)]
    noted(report(f"{KILLS}[0]", "skipped"), tmp_path)
    assert [(entry["done"], entry["gaps"]) for entry in kept(tmp_path, "kill").values()] == [
        (0, {"there is no strace": 50})
    ]


def test_an_end_or_a_beginning_of_a_test_is_no_result(tmp_path: Path) -> None:
    for when in ("setup", "teardown"):
        each = report(f"{KILLS}[0]", "passed")
        each.when = when
        noted(each, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_page_says_what_is_missing_and_why(scoreboard: ModuleType, tmp_path: Path) -> None:
    assert "not run" in scoreboard.board()
    assert "500 of 500 calls missing (500 not run)" in scoreboard.gaps()
    told = figures("kill", seed="press", done=40, faults=["one"], gaps={"no process came to the call": 10})
    noted(report(f"{KILLS}[3]", "failed", (FIGURES, told)), tmp_path)
    assert "| 500 calls | 40 | 1 | 20" in scoreboard.board()
    assert "460 of 500 calls missing (10: no process came to the call; 450 not run)" in scoreboard.gaps()
    assert f"Of {len(rows())} rows 0 are done as planned, 1 in part" in scoreboard.summary()
    assert "1 cases failed" in scoreboard.summary()


def test_a_failure_is_one_line_whatever_a_command_said(scoreboard: ModuleType, tmp_path: Path) -> None:
    told = figures(
        "kill", seed="press", done=50, faults=["KILL=alone/rename:3 pytest: it said:\nwrite `open`\n  mend it\n"]
    )
    noted(report(f"{KILLS}[3]", "failed", (FIGURES, told)), tmp_path)
    title = next(row["title"] for row in rows() if row["name"] == "kill")
    assert scoreboard.failures() == f'- **{title}**: `KILL=alone/rename:3 pytest: it said: write "open" mend it`'


def test_runs_that_go_on_say_how_far_they_are(
    scoreboard: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoreboard, "DEEP", tmp_path)
    assert scoreboard.deep() == "None was run."
    monkeypatch.setattr(soak_record, "RESULTS", tmp_path)
    soak_record.Soak("fuzz-date", "executions", 1_000_000, done=1234, failed=2).keep()
    assert "| fuzz-date | 1,000,000 executions | 1,234 | 2 | 20" in scoreboard.deep()


def test_a_run_goes_on_with_the_same_code_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"rev-parse": "1234567", "status": ""}
    monkeypatch.setattr(soak_record, "RESULTS", tmp_path)
    monkeypatch.setattr(soak_record, "git", lambda *words: said[words[0]])

    def taken_up() -> int:
        return soak_record.Soak("fuzz-date", "executions", 10).taken_up().done

    soak_record.Soak("fuzz-date", "executions", 10, done=3).keep()
    assert taken_up() == 3
    said["status"] = " M builders/pressmark/cli.py"
    assert taken_up() == 0
    # Two states that are in no commit are not taken for the same.
    soak_record.Soak("fuzz-date", "executions", 10, done=4).keep()
    assert taken_up() == 0
    said |= {"status": "", "rev-parse": "7654321"}
    assert taken_up() == 0


@pytest.mark.parametrize(
    ("marks", "asked", "times"), [("soak", "", 1), ("counted", "", 0), ("counted", "counted", 1), ("", "counted", 0)]
)
def test_figures_are_kept_of_what_is_marked_not_of_all_in_the_folder(
    marks: str, asked: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[pytest.TestReport] = []
    monkeypatch.setattr(conftest, "noted", found.append)
    # A folder is a keyword of what lies in it: `report` has that one.
    conftest.Scoreboard(counts=bool(asked)).pytest_runtest_logreport(
        report(KILLS, "passed", *([(conftest.MARKS, marks)] if marks else []))
    )
    assert len(found) == times
