"""The default engine: processes on this machine."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from pressmark.errors import PressmarkError

Task = TypeVar("Task")
Result = TypeVar("Result")


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalEngine:
    """Runs tasks in spawned processes; in this one where there is one worker or one task."""

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers

    def run(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """Yield the result for each task, in the order of the tasks.

        Raises:
            PressmarkError: a worker was killed, as the system does where memory runs out.
        """
        workers = min(self.workers, len(tasks))
        if workers <= 1:
            yield from map(function, tasks)
            return
        # Spawned, not forked: a forked copy of a process with threads can hang.
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            try:
                yield from pool.map(function, tasks)
            except BrokenProcessPool as error:
                advice = "build with one worker, or more memory; a script needs `if __name__ == '__main__'` for several"
                raise PressmarkError("a worker process was killed, or could not start", advice=advice) from error
            finally:
                pool.shutdown(cancel_futures=True)
