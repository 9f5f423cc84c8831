"""How far a stage is: bytes of reading from within its tasks, a rate, and the time that is left."""

import time
from pathlib import Path

import pytest

from pressmark import how_far as module
from pressmark.how_far import Meter, how_far, watched
from pressmark.progress import Progress

DEADLINE = 10


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SECONDS", 0.01)


def test_what_tasks_have_read_is_told_while_they_run(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with watched(tmp_path, [100, 1000], lambda done, of: told.append((done, of))) as ended:
        meter = Meter(how_far(tmp_path, 1))
        time.sleep(0.02)
        meter(250)
        wait_for(told, (250, 1100))
        ended()
        wait_for(told, (350, 1100))
    assert told[-1] == (1100, 1100)


def wait_for(told: list[tuple[int, int]], expected: tuple[int, int]) -> None:
    end = time.monotonic() + DEADLINE
    while expected not in told and time.monotonic() < end:
        time.sleep(0.01)
    assert expected in told


def test_a_task_says_more_than_it_has_to_read_only_once(tmp_path: Path) -> None:
    # A packed file is read twice.
    told: list[tuple[int, int]] = []
    how_far(tmp_path, 0).write_bytes((10**9).to_bytes(8, "little"))
    how_far(tmp_path, 1).write_bytes(b"half")
    with watched(tmp_path, [100, 100], lambda done, of: told.append((done, of))):
        wait_for(told, (100, 200))


def test_a_failure_ends_the_watch(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with pytest.raises(ZeroDivisionError), watched(tmp_path, [1], lambda done, of: told.append((done, of))):
        raise ZeroDivisionError
    count = len(told)
    time.sleep(0.05)
    assert len(told) == count
    assert (1, 1) not in told


@pytest.mark.parametrize(
    ("stage", "steps", "expected"),
    [
        ("read", (0, 10**9, 4 * 10**9), "read: 1.0 GB of 4.0 GB, 250.0 MB/s, about 12 s left"),
        ("read", (0, 1234, 1234), "read: 1.2 kB of 1.2 kB, 308 bytes/s"),
        ("write open", (0, 2, 8), "write open: 2 of 8, 0.5/s, about 12 s left"),
    ],
)
def test_a_line_has_the_rate_and_the_time_left(
    stage: str,
    steps: tuple[int, int, int],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = iter([0.0, 0.0, 4.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    shown = Progress()
    begun, done, of = steps
    shown.told(stage, begun, of)
    shown.told(stage, done, of)
    assert capsys.readouterr().err.splitlines() == [expected]
