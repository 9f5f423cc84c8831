"""What the system refuses: an error at the k-th call of a build, and a disk that is full; then the same build again."""

import errno
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from soak_cases import NEW, Ended, Place, Press, Start, command, wrong_after, wrong_now
from soak_figures import FIGURES, figures
from soak_strace import CHANGING, Call, drawn, watched, why_not

SEED = "press"
Starts = Callable[[str], Start]
Told = Callable[[str, object], None]

# Which calls a system refuses with what, and how many of each in the soak.
WRITES = ("write", "pwrite64", "ftruncate", "fsync", "openat", "mkdir", "link", "rename")
NAMES = ("openat", "mkdir", "link", "rename", "unlink", "unlinkat", "rmdir", "chmod")
ERRORS = {
    "ENOSPC": WRITES,
    "EDQUOT": WRITES,
    "EIO": CHANGING,
    "EROFS": NAMES,
    "EACCES": NAMES,
    "EMFILE": ("openat",),
    "ENFILE": ("openat",),
    "EINTR": ("openat", "write", "fsync"),
}
POINTS = {"ENOSPC": 120, "EIO": 96, "EMFILE": 64, "EROFS": 48, "EDQUOT": 24, "EACCES": 16, "ENFILE": 16, "EINTR": 16}
PARTS = 8
SAMPLED = 3

SIZES = 50

needs_strace = pytest.mark.skipif(bool(why_not()), reason=why_not())


# Where a file is not given for these, the check at the end takes it for one that cannot be read; for others it is the
# system that has no more of something.
OF_A_FILE = ("EIO", "EACCES", "EROFS")


def wrong_end(start: Start, place: Place, ended: Ended, error: str) -> list[str]:
    """Return what is wrong with the end of a build that the system may have refused something with an error."""
    if "Traceback" in ended.said:
        return [f"a traceback: {ended.err[-400:]}"]
    if ended.code == 0:
        # It went on without what it could do without; then all of the release is there.
        return [fault for fault in wrong_after(start, place) if fault.startswith("dist") or "ledger" in fault]
    why = os.strerror(getattr(errno, error))
    # Arrow has words of its own before those of the system.
    told = [head for head in ("the system says", "cannot be read") if re.search(f"{head}: .*{why}", ended.err)]
    checked = ended.code == 1 and error in OF_A_FILE and "cannot be read" in told
    if not checked and (ended.code != 2 or "the system says" not in told):
        return [f"ends with {ended.code}: {ended.err[-400:]}"]
    there = [path for path in place.out.glob(f"*/*/{NEW}") if path.is_dir()]
    nothing = "nothing was released" in ended.err
    named = re.search(r"(\S+(?:, \S+)*) is in place and whole", " ".join(ended.err.split()))
    if sorted(named[1].split(", ") if named else []) != sorted(map(str, there)) or nothing == bool(there):
        return [f"says what is not: {ended.err}"]
    return []


def again(press: Press, start: Start, place: Place) -> list[str]:
    """Build once more, with nothing in the way, and return what is wrong then."""
    ended = press.run(command(start.corpus, place, start.way), place)
    faults = [f"the build after it ends with {ended.code}: {ended.err[-400:]}"] if ended.code else []
    return faults + wrong_after(start, place)


def refused_at(press: Press, start: Start, error: str, call: Call, place: Place) -> tuple[bool, bool, list[str]]:
    """Build with an error at a call, and again; return whether there was one, whether it stopped, what is wrong."""
    options = ["-e", f"trace={call.name}", "-e", f"inject={call.name}:error={error}:when={call.k}"]
    hit = watched(press, command(start.corpus, place, start.way), place, options, at_once=False)
    faults = [*hit.faults, *wrong_now(start, place), *wrong_end(start, place, hit.ended, error)]
    return hit.injected, hit.ended.code != 0, faults + again(press, start, place)


def tried(
    press: Press, start: Start, error: str, points: Sequence[Call], count: int, folder: Path
) -> tuple[Counter[str], list[str]]:
    """Refuse so many of some calls, and return how many fired and stopped the build, and what is wrong."""
    seen: Counter[str] = Counter()
    faults = []
    for call in points:
        if seen["fired"] == count:
            break
        place = start.fresh(folder / f"{error}-{call.name}-{call.k}")
        fired, stopped, wrong = refused_at(press, start, error, call, place)
        print(f"{SEED}/{error}/{call} {'stopped' if stopped else 'went on' if fired else 'not reached'} {wrong or ''}")
        seen.update({"fired": fired, "stopped": stopped})
        if wrong:
            replay = f"REFUSE={error}/{call} pytest -m '' tests/soak/test_refusals.py -k replay"
            faults.append(f"{replay}: {'; '.join(wrong[:4])}")
        shutil.rmtree(place.folder)
    return seen, faults


@needs_strace
@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_the_system_refuses_no_release_is_half_there(
    part: int, press: Press, start_of: Starts, tmp_path: Path, record_property: Told
) -> None:
    start, seen, faults = start_of("alone"), Counter[str](), []
    for error, names in ERRORS.items():
        most = POINTS[error] * 6 // 5
        points = drawn(press, start, tmp_path / f"watched-{error}", names, f"{SEED}/{error}", most, reads=True)
        # Of some calls there are fewer than planned: then all of them are tried.
        count = min(POINTS[error] // PARTS, len(points[part::PARTS]))
        found, wrong = tried(press, start, error, points[part::PARTS], count, tmp_path)
        seen.update({"fired": found["fired"], "stopped": found["stopped"], error: found["fired"]})
        faults += wrong
    planned, fired = sum(POINTS.values()) // PARTS, seen.pop("fired")
    gaps = {"no process came to the call": planned - fired} if planned > fired else {}
    told = figures("refused", seed=f"{SEED}, part {part}", done=fired, faults=faults, gaps=gaps, also=seen)
    record_property(FIGURES, told)
    assert faults == []


NO_SPACE = "error: {0}/x: the system says: No space left on device\n  {1}; mend the cause and run the command again"
UNREAD = "error: the release does not verify: file-differs: cannot be read: {}\n  report this; nothing was released"


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        (2, "EIO", NO_SPACE.format("dist", "nothing was released")),
        (2, "ENOSPC", NO_SPACE.format("dist", "dist/small/open/1.1.0 is in place and whole")),
        (2, "ENOSPC", NO_SPACE.format("dist", "mend it")),
        (1, "ENOSPC", UNREAD.format("No space left on device")),
        (1, "EIO", UNREAD.format("Permission denied")),
        (1, "EIO", UNREAD.format("Input/output error").replace("nothing was released", "good luck")),
        (1, "EIO", "error: something else"),
        (3, "EIO", UNREAD.format("Input/output error")),
        (-9, "EIO", ""),
    ],
)
def test_an_end_that_is_not_as_it_is_told_is_a_fault(code: int, error: str, said: str, tmp_path: Path) -> None:
    start = cast("Start", None)  # it is looked at where a build went through alone
    place = Place.below(tmp_path)
    assert wrong_end(start, place, Ended(code, "", said), error) != []
    assert wrong_end(start, place, Ended(2, "", NO_SPACE.format("dist", "nothing was released")), "ENOSPC") == []
    assert wrong_end(start, place, Ended(1, "", UNREAD.format("Input/output error")), "EIO") == []
    arrow = NO_SPACE.replace("says: ", "says: Error writing bytes to file. Detail: [errno 28] ")
    assert wrong_end(start, place, Ended(2, "", arrow.format("dist", "nothing was released")), "ENOSPC") == []
    new = place.out / "small" / "open" / NEW
    new.mkdir(parents=True)
    assert wrong_end(start, place, Ended(1, "", UNREAD.format("Input/output error")), "EIO") != []
    assert (
        wrong_end(start, place, Ended(2, "", NO_SPACE.format("dist", f"{new} is in place and whole")), "ENOSPC") == []
    )


@needs_strace
def test_a_sample_of_refusals_leaves_no_half_release(press: Press, start_of: Starts, tmp_path: Path) -> None:
    start = start_of("alone")
    points = drawn(press, start, tmp_path / "watched", ("fsync", "mkdir", "rename"), SEED, 2 * SAMPLED)
    seen, faults = tried(press, start, "ENOSPC", points, SAMPLED, tmp_path)
    assert faults == []
    assert seen["fired"] == SAMPLED
    assert seen["stopped"]


@pytest.mark.skipif("REFUSE" not in os.environ, reason="REFUSE=ERROR/CALL:K repeats one refusal, as a soak prints it")
def test_replay(press: Press, start_of: Starts, tmp_path: Path) -> None:
    error, _, words = os.environ["REFUSE"].partition("/")
    seen, faults = tried(press, start_of("alone"), error, [Call.of(words)], 1, tmp_path)
    assert faults == []
    assert seen["fired"] == 1


@contextmanager
def disk(folder: Path, size: int, *options: str) -> Iterator[None]:
    """Mount an empty tmpfs of so many bytes at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    told = ",".join([f"size={size}", *options])
    subprocess.run(["mount", "-t", "tmpfs", "-o", told, "tmpfs", str(folder)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True, capture_output=True)


def grown(folder: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size},nr_inodes=100000", str(folder)], check=True)


def no_disk(folder: Path) -> str:
    """Return why no file system can be mounted here; nothing where one can."""
    try:
        with disk(folder, 1 << 20):
            return ""
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no tmpfs can be mounted here: {getattr(error, 'stderr', b'').decode().strip() or error}"


def needed(start: Start, folder: Path, which: str) -> tuple[int, int]:
    """Return how many bytes a disk has to have for what is there before a build, and for all that is during it."""
    place = Place.below(folder / "needed")
    with disk(getattr(place, which), 1 << 30):
        _filled(start, place)
        before = _used(getattr(place, which))
        # What a build needs at most is seen by trying; twice what is there after it is more.
        with Press() as press:
            assert press.run(command(start.corpus, place, start.way), place).code == 0
        return before, before + 2 * (_used(getattr(place, which)) - before)


def _filled(start: Start, place: Place) -> None:
    for name in ("out", "work", "tmp"):
        shutil.copytree(getattr(start.before, name), getattr(place, name), dirs_exist_ok=True)


def _used(folder: Path) -> int:
    found = os.statvfs(folder)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


@pytest.mark.soak
@pytest.mark.parametrize("which", ["out", "work"])
def test_a_disk_that_is_full_leaves_the_old_release(
    which: str, press: Press, start_of: Starts, tmp_path: Path, record_property: Told
) -> None:
    if reason := no_disk(tmp_path / "tried"):
        record_property(FIGURES, figures("full", seed="sizes", done=0, gaps={reason: SIZES}))
        pytest.skip(reason)
    start = start_of("alone")
    least, most = needed(start, tmp_path, which)
    sizes = [least + (most - least) * number // SIZES for number in range(SIZES)]
    seen, faults = on_full_disks(press, start, tmp_path, which, sizes)
    record_property(
        FIGURES, figures("full", seed=f"{which}, {least} to {most} bytes", done=SIZES, faults=faults, also=seen)
    )
    assert faults == []
    assert seen["stopped"]


def on_full_disks(
    press: Press, start: Start, folder: Path, which: str, sizes: Sequence[int], *options: str
) -> tuple[Counter[str], list[str]]:
    seen: Counter[str] = Counter()
    faults = []
    for size in sizes:
        place = Place.below(folder / f"{which}-{size}")
        with disk(getattr(place, which), size, *options):
            _filled(start, place)
            ended = press.run(command(start.corpus, place, start.way), place)
            wrong = wrong_now(start, place) + wrong_end(start, place, ended, "ENOSPC")
            seen["stopped" if ended.code else "went through"] += 1
            print(f"{which} {size} bytes: {ended.code} {ended.err[-200:] if ended.code else ''} {wrong}")
            grown(getattr(place, which), 1 << 30)
            wrong += again(press, start, place)
        faults += [f"{which} of {size} bytes: {'; '.join(wrong[:4])}"] if wrong else []
        shutil.rmtree(place.folder)
    return seen, faults


NAMES_LEFT = {"out": 20, "work": 20, "tmp": 10}
"""How many limits of files there are tried under each folder: a disk may have space, and yet no more of them."""


@pytest.mark.soak
@pytest.mark.parametrize("which", NAMES_LEFT)
def test_a_disk_that_has_no_more_files_leaves_the_old_release(
    which: str, press: Press, start_of: Starts, tmp_path: Path, record_property: Told
) -> None:
    planned = NAMES_LEFT[which]
    if reason := no_disk(tmp_path / "tried"):
        record_property(FIGURES, figures("names", seed="limits", done=0, gaps={reason: planned}))
        pytest.skip(reason)
    start = start_of("alone")
    there = [len([*getattr(place, which).rglob("*")]) for place in (start.before, start.after)]
    seen = Counter[str]()
    faults: list[str] = []
    for number in range(planned):
        # From none that is left to as many as the release has and a half more: a build has some that do not stay.
        limit = there[0] + 2 + (there[1] - there[0]) * 3 * number // (2 * planned)
        found, wrong = on_full_disks(press, start, tmp_path, which, [1 << 28], f"nr_inodes={limit}")
        seen, faults = seen + found, faults + [f"{limit} files: {each}" for each in wrong]
    told = figures("names", seed=f"{which}, from {there[0]} files", done=planned, faults=faults, also=seen)
    record_property(FIGURES, told)
    assert faults == []
    assert seen["stopped"] or which == "tmp"
