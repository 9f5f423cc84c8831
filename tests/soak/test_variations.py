"""The same bytes whatever a machine looks like: each thing that may differ alone, and many of them together."""

import json
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from soak_cases import NEW, PROGRAM, Place, Start, bytes_below, command, ended
from soak_figures import FIGURES, figures
from soak_strace import no_host_name

SEED = "press"
COMBINED, PARTS = 32, 4
Starts = Callable[[str], Start]
Told = Callable[[str, object], None]

_PROBE = """
import json, locale, os, socket, sys, time
mask = os.umask(0)
print(json.dumps([time.tzname, locale.setlocale(locale.LC_ALL, ""), hash("a"), mask, os.getcwd(), socket.gethostname(),
      time.time() > 1.83e9, len(os.sched_getaffinity(0)), os.environ.get("HOME"), os.environ.get("USER")]))
"""

# Another clock, for a process that looks at it through libc: two years on.
_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
#include <sys/time.h>
#define AHEAD (2 * 366 * 86400L)
int clock_gettime(clockid_t id, struct timespec *t) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int r = real(id, t);
    if (id == CLOCK_REALTIME) t->tv_sec += AHEAD;
    return r;
}
time_t time(time_t *t) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (t) *t = now.tv_sec;
    return now.tv_sec;
}
int gettimeofday(struct timeval *restrict t, void *restrict zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    t->tv_sec = now.tv_sec;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}
"""


@dataclass
class Setting:
    """How and where a build runs."""

    place: Place
    corpus: Path
    base: Path
    elsewhere: Path
    """A folder on another file system."""
    before: Sequence[str] = ()
    env: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    workers: int = 1
    umask: int = -1
    cwd: Path | None = None
    differs: bool = False
    """Whether what differs is known to, though no process sees it."""


def other_order(setting: Setting) -> None:
    names = os.listdir(setting.corpus / "records")  # noqa: PTH208 - in the order in which the system lists them
    held = {path: path.read_bytes() for path in setting.corpus.rglob("*") if path.is_file()}
    setting.corpus = setting.elsewhere / "corpus"
    for path in sorted(held, reverse=names == sorted(names)):
        new = setting.corpus / path.relative_to(setting.base / "corpus")
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(held[path])
    setting.base = setting.elsewhere
    setting.differs = names != os.listdir(setting.corpus / "records")  # noqa: PTH208 - the same


def deep(setting: Setting) -> None:
    folder = setting.base / Path(*["quite deep"] * 9) / "자료"
    shutil.move(setting.corpus, folder / "corpus")
    setting.corpus, setting.base, setting.differs = folder / "corpus", folder, True


def linked(setting: Setting) -> None:
    link = setting.place.folder / "link"
    link.symlink_to(setting.place.out.parent)
    setting.place = Place(setting.place.folder, link / "dist", link / "work", setting.place.tmp)
    setting.differs = True


def other_disk(setting: Setting) -> None:
    for path in (setting.place.out, setting.place.work):
        shutil.move(path, setting.elsewhere / path.name)
    out, work = setting.elsewhere / "dist", setting.elsewhere / "work"
    setting.place = Place(setting.place.folder, out, work, setting.place.tmp)
    setting.differs = out.stat().st_dev != setting.place.folder.stat().st_dev


def cold(setting: Setting) -> None:
    shutil.rmtree(setting.place.work)
    setting.options += ("--no-cache",)
    setting.differs = True


def two_workers(setting: Setting) -> None:
    setting.workers, setting.differs = 2, True


def other_clock(setting: Setting) -> None:
    source, library = setting.place.folder / "clock.c", setting.place.folder / "clock.so"
    source.write_text(_CLOCK, encoding="ascii")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True, capture_output=True)
    setting.env |= {"LD_PRELOAD": str(library)}


def other_host(setting: Setting) -> None:
    setting.before = ("unshare", "--uts", "sh", "-c", 'hostname elsewhere && exec "$@"', "sh", *setting.before)


def one_processor(setting: Setting) -> None:
    setting.before = ("taskset", "--cpu-list", str(min(os.sched_getaffinity(0))), *setting.before)


def environment(**names: str) -> Callable[[Setting], None]:
    return lambda setting: setting.env.update(names)


def mask(setting: Setting) -> None:
    setting.umask = 0o077


def working_folder(setting: Setting) -> None:
    setting.cwd = setting.elsewhere


VARIATIONS: dict[str, Callable[[Setting], None]] = {
    "time zone": environment(TZ="Pacific/Auckland"),
    "locale C": environment(LC_ALL="C", LANG="C", PYTHONUTF8="0"),
    "hash seed": environment(PYTHONHASHSEED="4242"),
    "umask": mask,
    "home": environment(HOME="/nonexistent"),
    "user": environment(USER="nobody", LOGNAME="nobody"),
    "working folder": working_folder,
    "deep path": deep,
    "host name": other_host,
    "clock two years on": other_clock,
    "one processor": one_processor,
    "two workers": two_workers,
    "order of files": other_order,
    "empty cache": cold,
    "another file system": other_disk,
    "linked folders": linked,
}


def why_not(name: str) -> str:
    """Return why a variation is not to be had here; nothing where it is."""
    if name == "host name":
        return no_host_name()
    needs = {"clock two years on": "cc", "one processor": "taskset"}.get(name)
    if needs and not shutil.which(needs):
        return f"there is no {needs}"
    if name in ("another file system", "order of files") and not Path("/dev/shm").is_dir():  # noqa: S108 - a mount
        return "there is no /dev/shm"
    return ""


@contextmanager
def elsewhere() -> Iterator[Path]:
    shared = Path("/dev/shm")  # noqa: S108 - a mount, in which a folder is made
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as place:
        yield Path(place)


def probe(setting: Setting) -> list[object]:
    program = [*setting.before, PROGRAM[0], "-c", _PROBE]
    done = ended(program, setting.place, env=setting.env, umask=setting.umask, cwd=setting.cwd or setting.place.folder)
    assert done.code == 0, done.said
    found: list[object] = json.loads(done.out)
    return found


def wrong_with(start: Start, folder: Path, names: Sequence[str]) -> list[str]:
    """Build under some variations, and return what differs; an error where one of them changes nothing."""
    with elsewhere() as other:
        folder.mkdir()
        shutil.copytree(start.corpus, folder / "inputs" / "corpus")
        place = start.fresh(folder / "here")
        setting = Setting(place, folder / "inputs" / "corpus", folder / "inputs", other)
        plain = probe(setting)
        # Where files lie is settled before the rest.
        for name in sorted(names, key=list(VARIATIONS).index, reverse=True):
            setting.differs = False
            VARIATIONS[name](setting)
            assert setting.differs or probe(setting) != plain, f"{name} changes nothing"
        arguments = command(setting.corpus, setting.place, start.way, NEW, "--workers", str(setting.workers))
        done = ended(
            [*setting.before, *PROGRAM, *arguments, *setting.options],
            setting.place,
            env=setting.env,
            umask=setting.umask,
            cwd=setting.cwd or folder,
        )
        if done.code:
            return [f"ends with {done.code}: {done.err[-300:]}"]
        found = bytes_below(setting.place.out)
        return [name for name in sorted(start.new.keys() | found.keys()) if start.new.get(name) != found.get(name)]


def combinations() -> list[list[str]]:
    """Return each variation alone, then some by chance, of which each has half of them or more."""
    chance = random.Random(SEED)  # noqa: S311 - a seed, no secret
    names = list(VARIATIONS)
    several = [chance.sample(names, chance.randint(len(names) // 2, len(names))) for _ in range(COMBINED)]
    return [[name] for name in names] + several


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_differs_the_bytes_do_not(part: int, start_of: Starts, tmp_path: Path, record_property: Told) -> None:
    start, faults, gaps = start_of("html"), [], dict[str, int]()
    chosen = list(enumerate(combinations()))[part::PARTS]
    for number, names in chosen:
        reasons = {name: why_not(name) for name in names if why_not(name)}
        there = [name for name in names if name not in reasons]
        if not there:
            gaps |= {f"{name}: {reason}": 1 for name, reason in reasons.items()}
            continue
        wrong = wrong_with(start, tmp_path / str(number), there)
        print(f"{SEED}/{number} {', '.join(there)} {reasons or ''} {wrong or ''}")
        if wrong:
            replay = f"VARY='{','.join(there)}' pytest -m '' tests/soak/test_variations.py -k replay"
            faults.append(f"{replay}: {', '.join(wrong[:4])}")
    done = len(chosen) - sum(gaps.values())
    record_property(FIGURES, figures("variations", seed=SEED, done=done, faults=faults, gaps=gaps))
    assert faults == []


@pytest.mark.parametrize("names", [("clock two years on", "order of files", "linked folders", "deep path", "umask")])
def test_a_sample_of_what_differs_changes_no_byte(names: Sequence[str], start_of: Starts, tmp_path: Path) -> None:
    there = [name for name in names if not why_not(name)]
    assert wrong_with(start_of("alone"), tmp_path / "there", there) == []


@pytest.mark.skipif("VARY" not in os.environ, reason="VARY=NAME,NAME repeats one setting, as a soak prints it")
def test_replay(start_of: Starts, tmp_path: Path) -> None:
    assert wrong_with(start_of("html"), tmp_path / "there", os.environ["VARY"].split(",")) == []
