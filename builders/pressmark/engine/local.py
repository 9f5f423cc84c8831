"""The default engine: processes on this machine."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self, TypeVar

from pressmark.errors import PressmarkError

Task = TypeVar("Task")
Result = TypeVar("Result")


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalEngine:
    """Runs tasks in spawned processes; in this one where there is one worker or one task.

    The processes are started once, for all stages of a build: each costs about a second of imports. Use it in a
    `with`, which ends them.
    """

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def run(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """Yield the result for each task, in the order of the tasks.

        Raises:
            PressmarkError: a worker was killed, as the system does where memory runs out.
        """
        if self.workers == 1 or len(tasks) <= 1:
            yield from map(function, tasks)
            return
        # Spawned, not forked: a forked copy of a process with threads can hang.
        self._pool = self._pool or ProcessPoolExecutor(self.workers, multiprocessing.get_context("spawn"))
        try:
            yield from self._pool.map(function, tasks)
        except BrokenProcessPool as error:
            advice = "build with one worker, or more memory; a script needs `if __name__ == '__main__'` for several"
            raise PressmarkError("a worker process was killed, or could not start", advice=advice) from error
