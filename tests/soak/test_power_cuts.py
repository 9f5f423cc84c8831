"""A power cut at a system call of a build: the disk as it is then is repaired, and looked at.

The releases and the workshop are on a small ext4 of their own, in a file. At a call the build is killed and the file is
copied, without what the system has not written to it yet; the copy is mounted. That loses what was never made durable;
it does not reorder what a disk's own cache holds.
"""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from soak_cases import NEW, Place, Press, Start, command, wrong_after, wrong_now
from soak_figures import FIGURES, figures
from soak_strace import Call, drawn, watched
from soak_strace import why_not as no_strace

SEED = "press"
MODES = {"ordered": "commit=300", "writeback": "commit=300,noauto_da_alloc,data=writeback"}
POINTS, PARTS = 100, 2
CALLS = ("fsync", "rename", "unlink", "unlinkat", "mkdir", "rmdir", "link")
_BYTES = 48 << 20
Starts = Callable[[str], Start]
Told = Callable[[str, object], None]


def system(*words: str | Path) -> None:
    subprocess.run(words, check=True, capture_output=True)


@contextmanager
def mounted(image: Path, folder: Path, options: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    system("mount", "-t", "ext4", "-o", f"loop,{options}", image, folder)
    try:
        yield
    finally:
        system("umount", folder)


def made(image: Path) -> None:
    with image.open("wb") as stream:
        stream.truncate(_BYTES)
    system("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)


def why_not(folder: Path) -> str:
    """Return why there can be no power cuts here; nothing where there can."""
    if reason := no_strace():
        return reason
    if not shutil.which("mkfs.ext4"):
        return "there is no mkfs.ext4"
    try:
        folder.mkdir()
        made(folder / "image")
        with mounted(folder / "image", folder / "disk", MODES["writeback"]):
            return ""
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no ext4 can be mounted from a file here: {getattr(error, 'stderr', b'').decode().strip() or error}"


def cut_at(press: Press, start: Start, mode: str, call: Call | None, folder: Path) -> tuple[bool, bool, list[str]]:
    """Build on a disk of its own until a call, or to the end; cut, repair, look, and build again.

    Returns:
        Whether it was cut at the call, whether the build had said that the release is there, what is wrong.
    """
    image, cut, disk = folder / "image", folder / "cut", folder / "disk"
    place = Place(folder, disk / "dist", disk / "work", folder / "tmp")
    folder.mkdir()
    place.tmp.mkdir()
    made(image)
    options = ["-e", f"trace={call.name}", "-e", f"inject={call.name}:signal=SIGKILL:when={call.k}"] if call else []
    with mounted(image, disk, MODES[mode]):
        for name in ("out", "work"):
            shutil.copytree(getattr(start.before, name), getattr(place, name))
        system("sync", "-f", disk)
        arguments = command(start.corpus, place, start.way)
        late: Sequence[str] = ()
        if call:
            hit = watched(press, arguments, place, options, at_once=False)
            fired, ended, late = hit.killed, hit.ended, hit.faults
        else:
            fired, ended = True, press.run(arguments, place)
        # What the system holds back stays where it is: only what is on the disk is copied.
        shutil.copyfile(image, cut)
    repaired = subprocess.run(["e2fsck", "-f", "-y", str(cut)], capture_output=True, text=True, check=False)
    faults = [f"e2fsck ends with {repaired.returncode}: {repaired.stdout[-300:]}"] if repaired.returncode > 1 else []
    faults += late
    with mounted(cut, disk, MODES[mode]):
        faults += wrong_now(start, place)
        lines = {path.parent.name for path in start.before.out.glob("*/*/1.0.0")}
        there = {path.parent.name for path in place.out.glob(f"*/*/{NEW}")}
        if ended.code == 0 and there != lines:
            faults.append(f"reported and lost: {sorted(lines - there)}")
        again = press.run(command(start.corpus, place, start.way), place)
        faults += [f"the build after it ends with {again.code}: {again.err[-300:]}"] if again.code else []
        faults += wrong_after(start, place)
    shutil.rmtree(folder)
    return fired, ended.code == 0, faults


def cuts(
    press: Press, start: Start, mode: str, calls: Sequence[Call | None], count: int, folder: Path
) -> tuple[Counter[str], list[str]]:
    """Cut the power at so many of some calls, and return what happened and what is wrong."""
    seen: Counter[str] = Counter()
    faults = []
    for call in calls:
        if seen["cut"] == count:
            break
        fired, reported, wrong = cut_at(press, start, mode, call, folder / f"{mode}-{call or 'end'}".replace(":", "-"))
        print(f"{SEED}/{mode}/{call or 'end'} {'' if fired else 'not reached'} {wrong or ''}")
        seen.update({"cut": fired, "after the build had ended": reported})
        if wrong:
            replay = f"CUT={mode}/{call or 'end'} pytest -m '' tests/soak/test_power_cuts.py -k replay"
            faults.append(f"{replay}: {'; '.join(wrong[:4])}")
    return seen, faults


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mode", MODES)
def test_after_a_power_cut_what_was_reported_is_there(
    mode: str, part: int, press: Press, start_of: Starts, tmp_path: Path, record_property: Told
) -> None:
    planned = POINTS // PARTS
    if reason := why_not(tmp_path / "tried"):
        record_property(FIGURES, figures("power", seed=SEED, done=0, gaps={reason: planned}))
        pytest.skip(reason)
    start = start_of("alone")
    drew = drawn(press, start, tmp_path / "watched", CALLS, SEED, POINTS * 6 // 5)
    # One in each part is cut when the build has just said that all is there.
    points: list[Call | None] = [None, *drew[part::PARTS]]
    seen, faults = cuts(press, start, mode, points, planned, tmp_path)
    done = seen.pop("cut")
    gaps = {"no process came to the call": planned - done} if done < planned else {}
    record_property(FIGURES, figures("power", seed=SEED, done=done, faults=faults, gaps=gaps, also=seen))
    assert faults == []


def test_a_power_cut_at_the_end_loses_nothing(press: Press, start_of: Starts, tmp_path: Path) -> None:
    if reason := why_not(tmp_path / "tried"):
        pytest.skip(reason)
    seen, faults = cuts(press, start_of("alone"), "writeback", [None], 1, tmp_path)
    assert faults == []
    assert seen["after the build had ended"] == 1


@pytest.mark.skipif("CUT" not in os.environ, reason="CUT=MODE/CALL:K repeats one power cut, as a soak prints it")
def test_replay(press: Press, start_of: Starts, tmp_path: Path) -> None:
    mode, _, words = os.environ["CUT"].partition("/")
    seen, faults = cuts(press, start_of("alone"), mode, [None if words == "end" else Call.of(words)], 1, tmp_path)
    assert faults == []
    assert seen["cut"] == 1
