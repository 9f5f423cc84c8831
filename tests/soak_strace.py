"""Faults at a system call, by strace: a signal before it, or an error instead of it.

strace counts calls of one name for each process (and thread) by itself. `calls_of` watches a whole build and says which
calls touch its folders, with that count; a fault at (call, count) happens in the first process that comes so far.
`--seccomp-bpf` is not used: with it no fault happens (strace 6.1).
"""

import os
import random
import re
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from soak_cases import Ended, Place, Press, Start, command

CHANGING = (
    *("openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "unlinkat", "mkdir", "ftruncate"),
    *("link", "rmdir", "chmod"),
)
"""Calls that change what lies on a disk, or begin to."""

READING = ("read", "pread64", "close", "getdents64")
_LINE = re.compile(r"^(\d+) +([a-z0-9_]+)\((.*)$")
_SECONDS = 120


def why_not() -> str:
    """Return why no fault can be injected here; nothing where it can."""
    strace = shutil.which("strace")
    if strace is None:
        return "there is no strace"
    told = subprocess.run(
        [strace, "-f", "-e", "trace=chdir", "-e", "inject=chdir:error=EIO", "env", "--chdir=/", "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if "(INJECTED)" in told.stderr else "strace may not trace here, or injects nothing"


@dataclass(frozen=True, order=True)
class Call:
    """The k-th call of a name, in the process that comes so far first."""

    name: str
    k: int

    def __str__(self) -> str:
        return f"{self.name}:{self.k}"

    @classmethod
    def of(cls, words: str) -> "Call":
        name, _, k = words.partition(":")
        return cls(name, int(k))


@dataclass(frozen=True)
class Watched:
    """How a build under strace ended, and what strace saw."""

    ended: Ended
    log: str
    faults: Sequence[str] = ()
    """That it did not end by itself, if so."""

    @property
    def killed(self) -> bool:
        """Whether a process of the build was killed by what was injected."""
        return not self.faults and "+++ killed by SIGKILL" in self.log

    @property
    def injected(self) -> bool:
        return "(INJECTED)" in self.log


def watched(press: Press, arguments: Sequence[str], place: Place, options: Sequence[str], *, at_once: bool) -> Watched:
    """Carry out a command under strace, children included."""
    gate, log, said = place.folder / "gate", place.folder / "strace.log", place.folder / "strace.err"
    os.mkfifo(gate)
    with press.started(arguments, place, gate=gate, at_once=at_once) as process, said.open("w") as err:
        tracer = subprocess.Popen(["strace", "-f", "-q", "-p", str(process), "-o", str(log), *options], stderr=err)
        _wait_until_traced(process)
        late: list[str] = []
        timer = threading.Timer(_SECONDS, _end_all, [process, tracer, late])
        timer.start()
        gate.write_bytes(b"go")
        ended = press.finished(place)
        # Processes that a killed one started may still be there, and strace with them.
        tracer.wait()
        timer.cancel()
        timer.join()
    gate.unlink()
    return Watched(ended, log.read_text(errors="replace"), late)


def _end_all(group: int, tracer: "subprocess.Popen[bytes]", late: list[str]) -> None:
    """End all processes of a group and what traces them, and note that they had to be."""
    late.append(f"does not end within {_SECONDS} seconds")
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    tracer.kill()


def _wait_until_traced(process: int) -> None:
    status, until = Path(f"/proc/{process}/status"), time.monotonic() + _SECONDS
    while "TracerPid:\t0\n" in status.read_text(encoding="ascii"):
        assert time.monotonic() < until, "strace does not trace"
        time.sleep(0.002)


def calls_of(log: str, below: Sequence[Path], *, reads: bool = False) -> list[Call]:
    """Return the calls of a log that touch some folders, each once, in the order of names and counts.

    Args:
        log: Of `strace -f -y`, which names the file behind each descriptor.
        below: The folders.
        reads: Also what opens a file only to read it.
    """
    counts: Counter[tuple[str, str]] = Counter()
    found = set()
    for line in log.splitlines():
        part = _LINE.match(line)
        if not part:
            continue
        process, name, rest = part.groups()
        counts[process, name] += 1
        if any(str(folder) in rest for folder in below) and (reads or "O_RDONLY" not in rest or "O_CREAT" in rest):
            found.add(Call(name, counts[process, name]))
    return sorted(found)


def drawn(
    press: Press, start: Start, folder: Path, names: Sequence[str], seed: str, most: int, *, reads: bool = False
) -> list[Call]:
    """Return calls of a build that touch its folders, by chance, and as many of one name as of another.

    Args:
        press: Builds.
        start: What is built.
        folder: Where one build is watched.
        names: Of the calls.
        seed: What repeats the choice.
        most: How many there may be.
        reads: Also what opens a file only to read it.
    """
    place = start.fresh(folder)
    options = ["-y", "-e", f"trace={','.join(names)}"]
    whole = watched(press, command(start.corpus, place, start.way), place, options, at_once=start.way.workers > 1)
    assert (whole.faults, whole.ended.code) == ([], 0), (whole.faults, whole.ended.said)
    by_name: dict[str, list[Call]] = {}
    for call in calls_of(whole.log, place.roots(), reads=reads):
        by_name.setdefault(call.name, []).append(call)
    chance = random.Random(f"{seed}/{start.way.name}")  # noqa: S311 - a seed, no secret
    for each in by_name.values():
        chance.shuffle(each)
    chosen = [call for call in chain(*zip_longest(*(by_name[name] for name in sorted(by_name)))) if call][:most]
    chance.shuffle(chosen)
    return chosen


def no_host_name() -> str:
    """Return why a process cannot have a host name of its own here; nothing where it can."""
    if shutil.which("unshare") is None:
        return "there is no unshare"
    tried = subprocess.run(["unshare", "--uts", "hostname", "elsewhere"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "unshare may not give a host name here"
