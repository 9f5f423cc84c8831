"""Little memory: a build whose address space ends somewhere stops, or goes through; the release before stays whole.

It says so where Python is told. Where Arrow, an allocator or the loader is, these end the process: nothing can be said.

A rung is how many bytes a build may take beyond what it has once it is imported. The first is none at all, the last is
what a build goes through with; of those between, more are at the lower end, where most calls fail.
"""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from soak_cases import NEW, Ended, Place, Press, Start, command, wrong_after, wrong_now
from soak_figures import FIGURES, figures

Starts = Callable[[str], Start]
Told = Callable[[str, object], None]

RUNGS = [number**2 * 160 << 10 for number in range(25)]
"""In bytes: from none to 90 MB."""


def wrong_end(start: Start, place: Place, ended: Ended) -> list[str]:
    """Return what is wrong with the end of a build that the system may have given too little memory."""
    if "Traceback" in ended.said:
        return [f"a traceback: {ended.err[-600:]}"]
    if ended.code == 0:
        return [fault for fault in wrong_after(start, place) if fault.startswith("dist") or "ledger" in fault]
    if is_native(ended):
        return []
    if ended.code not in (1, 2) or "error: " not in ended.err:
        return [f"ends with {ended.code}: {ended.err[-400:]}"]
    there = [path for path in place.out.glob(f"*/*/{NEW}") if path.is_dir()]
    lies = bool(there) and "nothing was released" in ended.err
    return [f"says what is not: {ended.err}"] if lies else []


def is_native(ended: Ended) -> bool:
    """Tell whether what is no Python ended the process: Arrow, the loader and allocators do so without memory."""
    return ended.code in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS) or (
        ended.code == 127 and "ABORT" in ended.err
    )


def on_rungs(press: Press, start: Start, folder: Path, rungs: Iterable[int]) -> tuple[Counter[str], list[str]]:
    """Build with so many bytes, and again with all there are; return how it went, and what is wrong."""
    seen: Counter[str] = Counter()
    faults = []
    for rung in rungs:
        place = start.fresh(folder / str(rung))
        ended = press.run(command(start.corpus, place, start.way), place, memory=rung)
        wrong = wrong_now(start, place) + wrong_end(start, place, ended)
        how = "ended by native code" if is_native(ended) else "stopped in words" if ended.code else "went through"
        seen.update({"tried": 1, how: 1})
        print(f"{start.way.name} {rung} bytes: {ended.code} {ended.err[-160:] if ended.code else ''} {wrong or ''}")
        again = press.run(command(start.corpus, place, start.way), place)
        wrong += [f"the build after it ends with {again.code}: {again.err[-300:]}"] if again.code else []
        wrong += wrong_after(start, place)
        if wrong:
            replay = f"RUNG={start.way.name}/{rung} pytest -m '' tests/soak/test_little_memory.py -k replay"
            faults.append(f"{replay}: {'; '.join(wrong[:4])}")
        shutil.rmtree(place.folder)
    return seen, faults


@pytest.mark.soak
@pytest.mark.parametrize("way", ["alone", "html"])
def test_however_little_memory_there_is_the_old_release_stays(
    way: str, press: Press, start_of: Starts, tmp_path: Path, record_property: Told
) -> None:
    seen, faults = on_rungs(press, start_of(way), tmp_path, RUNGS)
    done = seen.pop("tried")
    record_property(FIGURES, figures("memory", seed=f"{way}, {RUNGS[-1]} bytes", done=done, faults=faults, also=seen))
    assert faults == []
    assert seen["stopped in words"]
    assert seen["went through"]


def test_with_little_memory_the_old_release_stays(press: Press, start_of: Starts, tmp_path: Path) -> None:
    seen, faults = on_rungs(press, start_of("alone"), tmp_path, (RUNGS[2], RUNGS[8]))
    assert faults == []
    assert seen["stopped in words"]


@pytest.mark.skipif("RUNG" not in os.environ, reason="RUNG=WAY/BYTES repeats one rung, as a soak prints it")
def test_replay(press: Press, start_of: Starts, tmp_path: Path) -> None:
    way, _, rung = os.environ["RUNG"].partition("/")
    assert on_rungs(press, start_of(way), tmp_path, [int(rung)])[1] == []
