"""How far a build is: bars on a terminal, a plain line at times elsewhere."""

import sys
import time
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

_QUIET_SECONDS = 2.0


class Progress:
    """Shows the stages of a build on stderr."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        times = (TimeElapsedColumn(), TimeRemainingColumn())
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
        """Show how far a stage is."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=of)
            self._begun[stage] = time.monotonic()
        self._bars.update(self._tasks[stage], completed=done)
        now = time.monotonic()
        if self._bars.disable and (done == of or now - self._spoken > _QUIET_SECONDS):
            self._spoken = now
            passed = now - self._begun[stage]
            left = f", about {passed / done * (of - done):.0f} s left" if 0 < done < of and passed else ""
            sys.stderr.write(f"{stage}: {done} of {of}{left}\n")
