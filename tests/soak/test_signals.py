"""Builds that are told to end, or that nobody listens to: whole releases, the right code, no traceback; then again.

A moment is a share of the time that a build takes, or a word that it says. The build is the command line as a user has
it, in a process of its own.
"""

import fcntl
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from soak_cases import PROGRAM, Ended, Place, Press, Start, command, environment, wrong_after, wrong_now
from soak_figures import FIGURES, figures

SEED = "press"
Starts = Callable[[str], Start]
Told = Callable[[str, object], None]

SIGNALS = {
    "SIGINT": (signal.SIGINT,),
    "SIGTERM": (signal.SIGTERM,),
    "SIGHUP": (signal.SIGHUP,),
    "SIGPIPE": (signal.SIGPIPE,),
    "Ctrl-C twice": (signal.SIGINT, signal.SIGINT),
}
"""What is sent, by its name; what a shell is told to end with is 128 and the number."""
MOMENTS = 8
STREAMS = {
    "head": '"$@" | head -n 1; exit ${PIPESTATUS[0]}',
    "head of a word": '"$@" 2>&1 | head -c 1; exit ${PIPESTATUS[0]}',
    "nobody reads": '"$@" | true; exit ${PIPESTATUS[0]}',
    "nobody reads what goes wrong": '"$@" 2> >(true)',
    "stdin closed": '"$@" <&-',
    "stdout closed": '"$@" >&-',
    "stderr closed": '"$@" 2>&-',
    "all closed": '"$@" <&- >&- 2>&-',
    "stdout full": '"$@" > /dev/full',
    "stderr full": '"$@" 2> /dev/full',
}
"""A command in a shell, of which `$@` is the build."""
CASES = [*(f"{name} {moment}" for name in SIGNALS for moment in range(MOMENTS)), *STREAMS]
PARTS = 2


@dataclass(frozen=True)
class Sent:
    """How a build ended that something happened to."""

    ended: Ended
    seconds: float
    fired: bool


def build_of(start: Start, place: Place) -> list[str]:
    return [*PROGRAM, *command(start.corpus, place, start.way)]


def told_to_end(start: Start, place: Place, numbers: Sequence[int], after: float) -> Sent:
    """Build, and send signals after so many seconds: to the whole group, as a terminal does."""
    begun = time.monotonic()
    process = subprocess.Popen(
        build_of(start, place),
        cwd=place.folder,
        env=environment(place),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with process:
        time.sleep(after)
        fired = process.poll() is None
        for number in numbers:
            if process.poll() is None:
                os.killpg(process.pid, number)
                time.sleep(0.02)
        out, err = process.communicate(timeout=120)
    return Sent(Ended(process.returncode, out, err), time.monotonic() - begun, fired)


def in_a_shell(start: Start, place: Place, words: str) -> Sent:
    """Build where a stream is not what programs expect."""
    begun = time.monotonic()
    done = subprocess.run(
        ["bash", "-c", words, "bash", *build_of(start, place)],
        cwd=place.folder,
        env=environment(place),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Sent(Ended(done.returncode, done.stdout, done.stderr), time.monotonic() - begun, fired=True)


def codes_of(case: str) -> set[int]:
    """Return the codes that a build may end with in a case; 0 where the signal came when all was done."""
    if case in STREAMS:
        # Streams of which nobody reads anything end a command as SIGPIPE does; a full one is an error of the system.
        return {0, 141} if case.startswith(("head", "nobody")) else {0, 2} if case.endswith("full") else {0}
    number = SIGNALS[case.rpartition(" ")[0]][0]
    # Python starts for a while before it listens, and it ends for a while: then it is the signal that ends it.
    return {0, 128 + number, -number}


def is_ours(err: str) -> bool:
    """Tell whether there is a traceback, and not that of Python before it comes to pressmark."""
    return "Traceback" in err and "/pressmark/" in err


def wrong_with(press: Press, start: Start, place: Place, case: str, seconds: float) -> tuple[Sent, list[str]]:
    """Let a case happen to a build, build again, and return what is wrong."""
    if case in STREAMS:
        sent = in_a_shell(start, place, STREAMS[case])
    else:
        name, _, moment = case.rpartition(" ")
        chance = random.Random(f"{SEED}/{case}")  # noqa: S311 - a seed, no secret
        share = (int(moment) + chance.random()) / MOMENTS
        sent = told_to_end(start, place, SIGNALS[name], seconds * share)
        while not sent.fired and seconds > 1:
            # The machine was busier when a build was timed: half as late, on what was there before.
            seconds /= 2
            shutil.rmtree(place.folder)
            sent = told_to_end(start, start.fresh(place.folder), SIGNALS[name], seconds * share)
    faults = wrong_now(start, place)
    faults += [f"a traceback: {sent.ended.err[-400:]}"] if is_ours(sent.ended.err) else []
    faults += [f"ends with {sent.ended.code}: {sent.ended.err[-200:]}"] if sent.ended.code not in codes_of(case) else []
    again = press.run(command(start.corpus, place, start.way), place)
    faults += [f"the build after it ends with {again.code}: {again.err[-300:]}"] if again.code else []
    return sent, faults + wrong_after(start, place)


def seconds_of(start: Start, folder: Path) -> float:
    """Return how long a build takes here that nothing happens to."""
    place = start.fresh(folder / "timed")
    begun = time.monotonic()
    subprocess.run(build_of(start, place), cwd=place.folder, env=environment(place), capture_output=True, check=True)
    return time.monotonic() - begun


def of_cases(press: Press, start: Start, folder: Path, cases: Sequence[str]) -> tuple[Counter[str], list[str]]:
    seen: Counter[str] = Counter()
    faults, seconds = [], seconds_of(start, folder)
    for number, case in enumerate(cases):
        sent, wrong = wrong_with(press, start, start.fresh(folder / str(number)), case, seconds)
        print(
            f"{case}: ends with {sent.ended.code} after {sent.seconds:.1f} s {'' if sent.fired else 'too late'} {wrong}"
        )
        seen.update({"fired": sent.fired, f"ended with {sent.ended.code}": 1})
        if wrong:
            replay = f"SIGNAL='{case}' pytest -m '' tests/soak/test_signals.py -k replay"
            faults.append(f"{replay}: {'; '.join(wrong[:4])}")
        shutil.rmtree(folder / str(number))
    return seen, faults


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_whoever_is_told_to_end_leaves_whole_releases(
    part: int, press: Press, start_of: Starts, tmp_path: Path, record_property: Told
) -> None:
    cases = CASES[part::PARTS]
    seen, faults = of_cases(press, start_of("alone"), tmp_path, cases)
    fired = seen.pop("fired")
    gaps = {"the build had ended before": len(cases) - fired} if fired < len(cases) else {}
    told = figures("signals", seed=f"{SEED}, part {part}", done=fired, faults=faults, gaps=gaps, also=seen)
    record_property(FIGURES, told)
    assert faults == []


def test_some_that_are_told_to_end_leave_whole_releases(press: Press, start_of: Starts, tmp_path: Path) -> None:
    _, faults = of_cases(press, start_of("alone"), tmp_path, ["SIGHUP 5", "SIGPIPE 6", "stderr full"])
    assert faults == []


def test_a_pipe_that_is_full_holds_a_build_up_and_no_longer(start_of: Starts, tmp_path: Path) -> None:
    start = start_of("alone")
    place = start.fresh(tmp_path / "here")
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writing, b"x" * 4096)
    process = subprocess.Popen(build_of(start, place), cwd=place.folder, env=environment(place), stdout=writing)
    os.close(writing)
    timer = threading.Timer(2, lambda: os.read(reading, 4096))
    timer.start()
    try:
        said = b""
        assert process.poll() is None
        timer.join()
        while block := os.read(reading, 4096):
            said += block
        assert process.wait(timeout=120) == 0
    finally:
        os.close(reading)
    assert b"1.1.0" in said
    assert wrong_after(start, place) == []


@pytest.mark.skipif("SIGNAL" not in os.environ, reason="SIGNAL=CASE repeats one case, as a soak prints it")
def test_replay(press: Press, start_of: Starts, tmp_path: Path) -> None:
    assert of_cases(press, start_of("alone"), tmp_path, [os.environ["SIGNAL"]])[1] == []
