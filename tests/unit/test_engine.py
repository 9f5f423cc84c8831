"""Tasks run here first and in other processes later: the results are the same, and in order."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from pressmark.cli import main
from pressmark.engine.give_back import _ARROWS, _TRIM, _TUNE
from pressmark.engine.local import AHEAD, LocalEngine, workers_within
from pressmark.errors import PressmarkError
from support import ROOT


def where(number: int) -> tuple[int, int]:
    time.sleep(0.01)
    return number, os.getpid()


def gone(number: int) -> int:
    if number:
        os._exit(9)
    return number


def test_little_work_starts_no_process() -> None:
    with LocalEngine(2) as engine:
        assert list(engine.run(where, range(5))) == [(number, os.getpid()) for number in range(5)]
        assert list(engine.run(where, [])) == []


def test_after_a_while_others_help_and_the_order_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", 0.025)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_STARTING", 0.0)
    with LocalEngine(2) as engine:
        for stage in range(2):
            results = list(engine.run(where, range(9)))
            assert [number for number, _ in results] == list(range(9))
            here = [number for number, process in results if process == os.getpid()]
            # Three of them take longer than that, fewer where the machine has more to do.
            assert here == ([] if stage else [*range(min(3, len(here) or 1))])
        # For one task nothing is sent.
        assert list(engine.run(where, [7])) == [(7, os.getpid())]


def test_this_process_goes_on_while_others_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", 0.025)
    with LocalEngine(2) as engine:
        results = list(engine.run(where, range(3000)))
    assert [number for number, _ in results] == list(range(3000))
    here = [number for number, process in results if process == os.getpid()]
    assert len(here) > 3  # it did not stand still while they started
    assert here == list(range(len(here)))
    assert len(here) < 3000, "others came"


def test_processes_that_have_worked_for_long_are_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", 0.0)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_STARTING", 0.0)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_RENEWED", 0.0)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_OF_STAGES", 0.0)
    with LocalEngine(2) as engine:
        # Of two stages, one within the other, neither goes on with processes that the other has ended.
        outer = engine.run(where, range(5))
        results = [next(outer)]
        inner = list(engine.run(where, range(5, 9)))
        results += [*outer, *inner]
    assert [number for number, _ in results] == list(range(9))
    others = {process for _, process in results} - {os.getpid()}
    assert len(others) > 4
    # The last task of a stage is not sent.
    assert [number for number, process in results if process == os.getpid()] == [4, 8]


def test_where_a_stage_begins_processes_are_renewed_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", 0.0)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_STARTING", 0.0)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_OF_STAGES", 0.0)
    with LocalEngine(2) as engine:
        stages = [{process for _, process in engine.run(where, range(8))} for _ in range(3)]
    assert not stages[0] & stages[1]
    assert not stages[1] & stages[2]
    assert all(len(each) <= 2 for each in stages)


def loads_pandas(_: int) -> bool:
    time.sleep(0.01)
    pa.array([1])
    return "pandas" in sys.modules


def test_worker_processes_do_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", 0.0)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_STARTING", 0.0)
    with LocalEngine(2) as engine:
        assert list(engine.run(loads_pandas, range(4))) == [False] * 4


def pool_of_arrow(_: int) -> str:
    return str(pa.default_memory_pool().backend_name)


@pytest.mark.skipif(_TRIM is None, reason="the C library gives nothing back")
@pytest.mark.parametrize(("said", "expected"), [(None, "system"), ("mimalloc", "mimalloc")])
def test_in_worker_processes_arrow_takes_memory_from_the_library(
    said: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(_ARROWS, raising=False)
    if said:
        monkeypatch.setenv(_ARROWS, said)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", 0.0)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_STARTING", 0.0)
    with LocalEngine(2) as engine:
        assert set(engine.run(pool_of_arrow, range(4))) == {expected}


class Asked(Sequence[int]):
    """Tasks that note when they are asked for."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.asked = 0

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, place: Any) -> Any:
        self.asked = max(self.asked, place)
        return place


def same(number: int) -> int:
    return number


def test_tasks_are_made_when_it_is_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", 0.0)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_STARTING", 0.0)
    tasks = Asked(1000)
    with LocalEngine(2) as engine:
        for done, result in enumerate(engine.run(same, tasks)):
            assert result == done
            assert tasks.asked <= done + AHEAD * 2


ALONE = """
import sys, pyarrow as pa
from pressmark.engine.without_pandas import without_pandas
without_pandas()
assert pa.array(["one", None]).null_count == 1 and "pandas" not in sys.modules
import pandas
assert pa.table({"one": [1]}).to_pandas()["one"].sum() == 1
"""


BUILT = """
import sys
from pressmark.cli import main
assert "pyarrow" not in sys.modules, "each command would take the time to import it"
main(sys.argv[1:], standalone_mode=False)
assert "pandas" not in sys.modules
from pressmark.engine.give_back import _TRIM
assert sys.modules["pyarrow"].default_memory_pool().backend_name == "system" or _TRIM is None
"""


def test_neither_a_build_nor_a_check_imports_pandas(tmp_path: Path) -> None:
    built = ["build", str(ROOT / "corpus" / "three-papers"), "--version", "1.0.0", "--as-of", "2026-01-31", "--json"]
    said = {name: value for name, value in os.environ.items() if name != _ARROWS}
    for command in ([*built, "--line", "open"], ["verify", "dist/three-papers/open/1.0.0", "--json"]):
        program = [sys.executable, "-c", BUILT, *command]
        subprocess.run(program, check=True, cwd=tmp_path, env=said, stdout=subprocess.DEVNULL)


def test_pandas_can_still_be_asked_for() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", ALONE], check=True)


def test_one_worker_is_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", 0.0)
    with LocalEngine(1) as engine:
        assert {process for _, process in engine.run(where, range(3))} == {os.getpid()}


def test_a_process_that_dies_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", 0.0)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_STARTING", 0.0)
    with LocalEngine(2) as engine, pytest.raises(PressmarkError, match="was killed") as raised:
        list(engine.run(gone, [1, 1, 1]))
    assert "one worker" in raised.value.advice


_LEADING = """
import os, sys, time
from pressmark.engine import local

def told(number):
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    local.SECONDS_ALONE = 0.0
    local.SECONDS_STARTING = 0.0
    with local.LocalEngine(2) as engine:
        list(engine.run(told, range(4)))
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked for there")
def test_where_the_first_process_is_killed_no_other_stays(tmp_path: Path) -> None:
    script = tmp_path / "leading.py"
    script.write_text(_LEADING)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as leading:
        assert leading.stdout is not None
        helpers = [int(leading.stdout.readline()) for _ in range(2)]
        assert leading.pid not in helpers
        leading.kill()
        started = time.monotonic()
        while any(_is_there(each) for each in helpers):
            assert time.monotonic() - started < 60, "a process stayed"
            time.sleep(0.05)


def _is_there(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize(("megabytes", "expected"), [(200, 1), (349, 1), (499, 1), (500, 2), (650, 3), (9000, 4)])
def test_as_many_processes_as_fit_into_the_memory(megabytes: int, expected: int) -> None:
    assert workers_within(megabytes * 10**6, 4) == expected


@pytest.mark.parametrize(
    ("stated", "said"),
    [("7", "expected a size"), ("1.5GB", "expected a size"), ("GB", "expected a size"), ("349MB", "at least 350MB")],
)
def test_a_memory_that_is_none_is_told_in_words(stated: str, said: str) -> None:
    found = CliRunner().invoke(main, ["build", "nowhere", "--version", "1.0.0", "--memory", stated])
    assert (found.exit_code, said in found.output) == (2, True)


HELD = """
import sys
import numpy as np
from pressmark.engine.give_back import give_back_at_once, keep_little

def held():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("RssAnon:")) / 1024

{"at once": give_back_at_once, "little": keep_little, "later": lambda: None}[sys.argv[1]]()
count, size = int(sys.argv[2]), int(sys.argv[3])
np.ones(3 * 10**6)  # so large that from then on the library keeps what is smaller
before = held()
for _ in range(20):
    arrays = [np.ones(size) for _ in range(count)]
    last = arrays[-1]
    del arrays
print(held() - before)
"""


@pytest.mark.skipif(_TUNE is None, reason="the C library is another one")
@pytest.mark.parametrize(("way", "count", "size"), [("at once", 400, 10**4), ("little", 8, 650_000)])
def test_what_was_large_is_given_back_as_soon_as_it_is_free(way: str, count: int, size: int) -> None:
    kept = {}
    for each in ("later", way):
        command = [sys.executable, "-c", HELD, each, str(count), str(size)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        kept[each] = float(done.stdout)
    assert kept[way] < 2 + 8 * size / 2**20  # what the last array takes
    assert kept["later"] > 10
