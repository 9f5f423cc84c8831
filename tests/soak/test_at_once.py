"""Several builds into one folder at once: one is at work, the others are told so, and nobody sees half of a release."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from soak_cases import PROGRAM, Place, Press, Start, command, environment, release_faults, wrong_after, wrong_now
from soak_figures import FIGURES, figures

SEED = "press"
ROUNDS, PARTS = 60, 6
Starts = Callable[[str], Start]
Told = Callable[[str, object], None]


def started(start: Start, place: Place) -> "subprocess.Popen[str]":
    arguments = [*PROGRAM, *command(start.corpus, place, start.way)]
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen(arguments, cwd=place.folder, env=environment(place), text=True, **streams)  # type: ignore[call-overload, no-any-return]


def holder(place: Place, builds: "list[subprocess.Popen[str]]") -> int | None:
    """Return which of some processes holds the lock, by what the system says of its locks."""
    lock = place.out / "small" / ".lock"
    number = lock.stat().st_ino if lock.exists() else -1
    for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
        words = line.split()
        if "->" not in words and words[5].endswith(f":{number}"):
            return next((n for n, build in enumerate(builds) if str(build.pid) == words[4]), None)
    return None


def one_round(press: Press, start: Start, seed: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """Start 2 to 8 builds; the one at work is stopped for a while and goes on, or is killed. Then build once more."""
    chance = random.Random(f"{SEED}/{seed}")  # noqa: S311 - a seed, no secret
    place = start.fresh(folder)
    builds = [started(start, place) for _ in range(chance.randint(2, 8))]
    killing, held, faults = chance.random() < 0.5, False, []
    while any(build.poll() is None for build in builds):
        faults += release_faults(place.out)
        who = None if held else holder(place, builds)
        if who is not None:
            held = True
            with suppress(ProcessLookupError):
                os.kill(builds[who].pid, signal.SIGSTOP)
            time.sleep(chance.uniform(0, 0.5))
            os.kill(builds[who].pid, signal.SIGKILL if killing else signal.SIGCONT)
        time.sleep(0.01)
    said = [(build.returncode, build.communicate()[1]) for build in builds]
    seen = Counter({"builds": len(builds), "stopped": held and not killing, "killed": held and killing})
    for code, words in said:
        seen[f"ended with {code}"] += 1
        if code not in (0, 2, -signal.SIGKILL) or (code == 2) != ("another build is at work" in words):
            faults.append(f"ends with {code}: {words[-200:]}")
    if not killing and not any(code == 0 for code, _ in said):
        faults.append("no build went through")
    ended = press.run(command(start.corpus, place, start.way), place)
    faults += [f"the build after it ends with {ended.code}: {ended.err[-200:]}"] if ended.code else []
    return seen, faults + wrong_now(start, place) + wrong_after(start, place)


def rounds(press: Press, start: Start, seeds: "list[int]", folder: Path) -> tuple[Counter[str], list[str]]:
    seen: Counter[str] = Counter()
    faults = []
    for seed in seeds:
        found, wrong = one_round(press, start, seed, folder / str(seed))
        seen += found
        print(f"{SEED}/{seed} {dict(found)} {wrong or ''}")
        if wrong:
            replay = f"ROUND={seed} pytest -m '' tests/soak/test_at_once.py -k replay"
            faults.append(f"{replay}: {'; '.join(wrong[:3])}")
    return seen, faults


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_builds_at_once_leave_one_whole_release(
    part: int, press: Press, start_of: Starts, tmp_path: Path, record_property: Told
) -> None:
    seeds = list(range(ROUNDS))[part::PARTS]
    seen, faults = rounds(press, start_of("alone"), seeds, tmp_path)
    # A round in which nobody was seen to hold the lock has tested nothing.
    done = seen["stopped"] + seen["killed"]
    gaps = {"no build was caught at work": len(seeds) - done} if done < len(seeds) else {}
    record_property(FIGURES, figures("at-once", seed=SEED, done=done, faults=faults, gaps=gaps, also=seen))
    assert faults == []


@pytest.mark.skipif("ROUND" not in os.environ, reason="ROUND=NUMBER repeats one round, as a soak prints it")
def test_replay(press: Press, start_of: Starts, tmp_path: Path) -> None:
    assert rounds(press, start_of("alone"), [int(os.environ["ROUND"])], tmp_path)[1] == []
