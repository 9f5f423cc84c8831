"""kill -9 at system calls of a build, and of the processes that it starts; then the same build again."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from soak_cases import WAYS, Ended, Place, Press, Start, command, wrong_after, wrong_now
from soak_figures import FIGURES, figures
from soak_strace import CHANGING, Call, Watched, drawn, watched, why_not

Starts = Callable[[str], Start]
Told = Callable[[str, object], None]

SEED = "press"
POINTS = {"alone": 300, "html": 120, "pool": 80}
PARTS = 10
SAMPLED = 3

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


@dataclass
class Tried:
    fired: int = 0
    missed: int = 0
    faults: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)


def killed_at(press: Press, start: Start, call: Call, place: Place) -> tuple[bool, str, list[str]]:
    """Build with a kill at a call, and again; return whether it was killed, which process, and what is wrong."""
    options = ["-e", f"trace={call.name}", "-e", f"inject={call.name}:signal=SIGKILL:when={call.k}"]
    at_once = start.way.workers > 1
    hit = watched(press, command(start.corpus, place, start.way), place, options, at_once=at_once)
    who = "leading" if hit.ended.code < 0 else "other"
    faults = [*hit.faults, *wrong_now(start, place)]
    if "Traceback" in hit.ended.said:
        faults.append(f"a traceback: {hit.ended.err[-300:]}")
    if hit.ended.code == 0:
        faults += wrong_after(start, place)
    again = press.run(command(start.corpus, place, start.way), place, at_once=at_once)
    if again.code:
        faults.append(f"the build after it ends with {again.code}: {again.said[-300:]}")
    return hit.killed, who, faults + wrong_after(start, place)


def tried(press: Press, start: Start, points: Sequence[Call], count: int, folder: Path) -> Tried:
    """Kill at so many of some points; one that no process came to does not count."""
    done = Tried()
    for call in points:
        if done.fired == count:
            break
        place = start.fresh(folder / f"{start.way.name}-{call.name}-{call.k}")
        fired, who, faults = killed_at(press, start, call, place)
        replay = f"KILL={start.way.name}/{call} pytest -m '' tests/soak/test_kills.py -k replay"
        print(f"{SEED}/{call} {start.way.name} {who if fired else 'not reached'} {faults or ''}")
        done.fired += fired
        done.missed += not fired
        if fired:
            done.calls[f"of the {who} process"] += 1
            done.calls[call.name] += 1
        if faults:
            done.faults.append(f"{replay}: {'; '.join(faults[:4])}")
    return done


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_a_kill_at_any_call_loses_nothing(
    part: int, press: Press, start_of: Starts, tmp_path: Path, record_property: Told
) -> None:
    found = []
    for way in WAYS:
        start, count = start_of(way), POINTS[way] // PARTS
        # Some calls are not reached a second time, where threads share them in another way.
        points = drawn(press, start, tmp_path / f"watched-{way}", CHANGING, SEED, POINTS[way] * 6 // 5)
        found.append(tried(press, start, points[part::PARTS], count, tmp_path))
    faults = [fault for each in found for fault in each.faults]
    fired, planned = sum(each.fired for each in found), sum(POINTS.values()) // PARTS
    gaps = {"no process came to the call": planned - fired} if planned > fired else {}
    told = sum((each.calls for each in found), Counter())
    record_property(
        FIGURES, figures("kill", seed=f"{SEED}, part {part}", done=fired, faults=faults, gaps=gaps, also=told)
    )
    assert faults == []
    assert fired == planned


def test_a_kill_at_a_sample_of_calls_loses_nothing(press: Press, start_of: Starts, tmp_path: Path) -> None:
    start = start_of("alone")
    points = drawn(press, start, tmp_path / "watched", ("rename", "fsync", "unlink"), SEED, 2 * SAMPLED)
    done = tried(press, start, points, SAMPLED, tmp_path)
    assert done.faults == []
    assert done.fired == SAMPLED


@pytest.mark.skipif("KILL" not in os.environ, reason="KILL=WAY/CALL:K repeats one kill, as a soak prints it")
def test_replay(press: Press, start_of: Starts, tmp_path: Path) -> None:
    way, _, words = os.environ["KILL"].partition("/")
    start = start_of(way)
    done = tried(press, start, [Call.of(words)], 1, tmp_path)
    assert done.faults == []
    assert done.fired == 1


def test_a_build_that_does_not_end_is_a_fault_and_is_ended(
    press: Press, start_of: Starts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soak_strace._SECONDS", 3)
    start = start_of("alone")
    place = start.fresh(tmp_path / "late")
    options = ["-e", "trace=fsync", "-e", "inject=fsync:delay_enter=60000000:when=1"]
    late = watched(press, command(start.corpus, place, start.way), place, options, at_once=False)
    assert (late.ended.code, late.killed, late.faults) == (-9, False, ["does not end within 3 seconds"])
    assert press.run(command(start.corpus, place, start.way), place).code == 0


def test_no_calls_are_drawn_from_a_build_of_which_a_process_stayed(
    press: Press, start_of: Starts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stayed = Watched(Ended(0, "", ""), "", ["does not end within 120 seconds"])
    monkeypatch.setattr("soak_strace.watched", lambda *_, **__: stayed)
    with pytest.raises(AssertionError, match="does not end"):
        drawn(press, start_of("alone"), tmp_path / "watched", ("fsync",), SEED, 1)
