"""Runs a command and says what it took: seconds, processor seconds, and the memory of all its processes."""

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread

_EVERY = 0.5
"""Seconds: to look more often takes a good part of a processor, for all pages of a process are counted."""


@dataclass(frozen=True)
class Taken:
    """What a command took."""

    seconds: float
    processor_seconds: float
    megabytes: float
    """The most anonymous memory that all of its processes held together, looked at twice a second. Pages of mapped
    files are the system's to write back and to give away: they are not counted, nor are those of files being read."""

    def told(self) -> dict[str, float]:
        """Return it for JSON."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def watched(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Taken:
    """Run a command to its end.

    Raises:
        CalledProcessError: it failed; what it printed is in the error.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with (folder / "printed").open("w+") as printed:
        # A session of its own, by which all of its processes are found.
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdout=printed,
            stderr=printed,
            start_new_session=True,
        )
        peak, over = [0.0], Event()
        sampler = Thread(target=_sample, args=(process.pid, peak, over))
        sampler.start()
        code = process.wait()
        seconds = time.perf_counter() - start
        over.set()
        sampler.join()
        if code:
            printed.seek(0)
            raise subprocess.CalledProcessError(code, command, printed.read()[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(seconds, processor, peak[0])


def _sample(session: int, peak: list[float], over: Event) -> None:
    while not over.wait(_EVERY):
        peak[0] = max(peak[0], sum(map(_private, _members(session))))


def _members(session: int) -> list[Path]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[3]) == session:
            found.append(path)
    return found


def _private(process: Path) -> float:
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:  # it ended meanwhile
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024
