"""The default engine: processes on this machine."""

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pressmark.engine.give_back import give_back, keep_little
from pressmark.engine.without_pandas import without_pandas
from pressmark.errors import PressmarkError

Task = TypeVar("Task")
Result = TypeVar("Result")


SECONDS_ALONE = 2.0
"""How long this process works before others are started for what is left: what it takes to start and end them."""

AHEAD = 2
"""Tasks for each process that are handed out before the first of them is done. Some hold a few numbers for each row."""

SECONDS_RENEWED, SECONDS_OF_STAGES = 90.0, 30.0
"""How long processes work in one stage, and in earlier ones, before others take their place: what is free in one lies
in ever smaller holes, and what it imported for earlier stages stays. Others cost two seconds of processor, or less."""

SECONDS_STARTING = 60.0
"""How long it goes on alone while they start; from then on it waits for them."""


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


LEADING_BYTES, EACH_BYTES = 200 * 10**6, 150 * 10**6
"""Private memory that the leading process takes, and each that it starts, for a million articles: measured, with some
room. One that does all by itself takes both."""


def workers_within(memory: int, workers: int) -> int:
    """Return how many processes fit into so much private memory; one where only the leading one does.

    Args:
        memory: Bytes.
        workers: The most there may be.
    """
    return max(1, min(workers, (memory - LEADING_BYTES) // EACH_BYTES))


class LocalEngine:
    """Runs tasks in this process, and in spawned ones once there has been work for a while.

    The processes work for all stages of a build: each costs about a second of imports, so that a small corpus is built
    sooner without them, and this one goes on alone until they are there. Those that have worked for long are renewed.
    Use it in a `with`, which ends them.
    """

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._seconds = 0.0
        self._since = 0.0
        """When the processes were started."""

        self._worked = 0.0
        """How long they have had tasks."""

        self._given = 0
        """How many tasks they have been given whose results were not asked for."""

        self._ready: list[Future[None]] = []

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
        done = 0
        give_back()
        try:
            while done < len(tasks):
                if not self._is_alone(len(tasks) - done, SECONDS_RENEWED if done else SECONDS_OF_STAGES):
                    assert self._pool is not None
                    done = yield from self._in_processes(self._pool, function, tasks, done)
                    continue
                start = time.monotonic()
                result = _worked(function, tasks[done])
                self._seconds += time.monotonic() - start
                done += 1
                yield result
        except BrokenProcessPool as error:
            advice = "build with one worker, or more memory; a script needs `if __name__ == '__main__'` for several"
            raise PressmarkError("a worker process was killed, or could not start", advice=advice) from error

    def _in_processes(
        self, pool: ProcessPoolExecutor, function: Callable[[Task], Result], tasks: Sequence[Task], done: int
    ) -> Generator[Result, None, int]:
        """Yield the results of tasks from one on, and return from which on the next processes have to.

        No more are handed out at once than keep the processes at work.
        """
        ahead, first, start = deque[Future[Result]](), done, time.monotonic()
        try:
            # Where this stage runs within another one, the results of that are waited for by the same processes.
            while done < len(tasks) and (done == first or self._given > len(ahead) or not self._are_old(start)):
                ahead.append(pool.submit(_worked, function, tasks[done]))
                self._given += 1
                done += 1
                if len(ahead) == AHEAD * self.workers:
                    yield self._result(ahead)
            while ahead:
                yield self._result(ahead)
        finally:
            self._worked += time.monotonic() - start
            self._given -= len(ahead)
            for each in ahead:
                each.cancel()
        return done

    def _result(self, ahead: deque[Future[Result]]) -> Result:
        """Wait for the first of some results, and return it."""
        found = ahead.popleft()
        self._given -= 1
        return found.result()

    def reach(self, read: Sequence[Path], written: Sequence[Path]) -> None:
        """Do nothing: all processes are on this machine, and begin where this one is."""

    def _is_alone(self, left: int, longest: float) -> bool:
        """Tell whether the next of some tasks is for this process; see that others are there where it is not.

        Args:
            left: How many tasks there are yet.
            longest: How long others may have worked.
        """
        if self.workers == 1 or left == 1:
            return True
        if self._pool and self._worked > longest and not self._given:
            self._pool.shutdown()  # they have nothing to do
            self._begin_processes()
            return False
        if self._pool is None:
            if self._seconds < SECONDS_ALONE:
                return True
            self._begin_processes()
        is_ready = any(each.done() for each in self._ready)
        return not is_ready and time.monotonic() - self._since < SECONDS_STARTING

    def _begin_processes(self) -> None:
        # Spawned, not forked: a forked copy of a process with threads can hang.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(self.workers, context, initializer=_begin)
        self._ready = [self._pool.submit(_start) for _ in range(self.workers)]
        self._since, self._worked = time.monotonic(), 0.0

    def _are_old(self, start: float) -> bool:
        """Tell whether it is time for others, where they have worked since a moment again."""
        return self._worked + time.monotonic() - start > SECONDS_RENEWED


def _worked(function: Callable[[Task], Result], task: Task) -> Result:
    result = function(task)
    give_back()
    return result


def _begin() -> None:
    _end_with_the_first()
    keep_little()
    without_pandas()


def _end_with_the_first() -> None:
    """End this process as soon as the one that started it has ended, however that was.

    Nothing else would: each process holds both ends of the pipe that tasks come through, so that none sees it close.
    """
    first = multiprocessing.parent_process()
    assert first is not None

    def wait() -> None:
        first.join()
        os._exit(1)

    threading.Thread(target=wait, name="end-with-the-first", daemon=True).start()


def _start() -> None:
    """Be there: to come here a process has imported what tasks need."""
