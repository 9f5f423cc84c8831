"""How far a build is: bars on a terminal, a plain line at times elsewhere."""

import sys
import time
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

_QUIET_SECONDS = 2.0
_IN_BYTES, _THOUSAND = "read", 1000


class Progress:
    """Shows the stages of a build on stderr."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[far]}"))
        times = (TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("left"))
        self._bars = Bars(*columns, *times, console=console, transient=True, disable=not console.is_terminal)
        self._tasks: dict[str, Any] = {}
        self._begun: dict[str, float] = {}
        self._spoken = time.monotonic()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def told(self, stage: str, done: int, of: int) -> None:
        """Show how far a stage is, and how fast.

        Args:
            stage: Its name; of `read` bytes are counted, of others files.
            done: How many are done.
            of: How many there are.
        """
        now = time.monotonic()
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=of, far="")
            self._begun[stage] = now
        far = _far(stage, done, of, now - self._begun[stage])
        self._bars.update(self._tasks[stage], completed=done, far=far)
        if self._bars.disable and (done == of or now - self._spoken > _QUIET_SECONDS):
            self._spoken = now
            passed = now - self._begun[stage]
            left = f", about {passed / done * (of - done):.0f} s left" if 0 < done < of and passed else ""
            sys.stderr.write(f"{stage}: {far}{left}\n")


def _far(stage: str, done: int, of: int, seconds: float) -> str:
    """Return in words how far a stage is: `1.2 GB of 5.0 GB, 84.0 MB/s`."""
    is_bytes = stage == _IN_BYTES
    words = f"{_bytes(done)} of {_bytes(of)}" if is_bytes else f"{done} of {of}"
    if not done or seconds < _QUIET_SECONDS:
        return words
    return f"{words}, {_bytes(done / seconds)}/s" if is_bytes else f"{words}, {done / seconds:.1f}/s"


def _bytes(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < _THOUSAND:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= _THOUSAND
    return f"{count:.1f} GB"
