"""An engine on Ray: tasks go to the workers of a cluster, which sees the same folders as this process.

Ray schedules them, starts a task again whose worker or node is lost, and brings the results. Tasks and results are
pickled here, as for a process of this machine: what Ray unpickles by itself cannot be written to.
"""

import os
import pickle
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import pyarrow as pa
import ray
from ray.exceptions import RayError, RayTaskError

from pressmark.engine.cluster import cluster
from pressmark.engine.give_back import give_back, give_back_at_once
from pressmark.engine.nodes import Software, processors, refuse_other, refuse_other_software, refuse_unseen, software
from pressmark.errors import PressmarkError

Task = TypeVar("Task")
Result = TypeVar("Result")

RETRIES = 3
"""How often a task is run again whose worker or node was lost. An error of the task itself is not tried again."""

AHEAD = 4
"""Tasks for each processor that are handed out before the first of them is done."""

SECONDS_ENDING, SECONDS_KILLED = 5.0, 30.0
"""How long cancelled tasks may take to end by themselves, and those that are then killed, or are not cancelled: none is
to write into a folder that is removed."""


_CODE = re.compile(r"Exit code: ([0-9]+)")


class RayEngine:
    """Runs tasks in the workers of a Ray cluster. Use it in a `with`, which ends or leaves that.

    Args:
        address: Of a cluster, as Ray has it: `HOST:PORT` for a process on one of its nodes, `ray://HOST:PORT` for one
            outside; none to start a cluster on this machine.
        workers: Processors of one that is started; one that is joined has its own.
    """

    def __init__(self, address: str | None = None, workers: int = 1) -> None:
        self.address = address
        self.workers = workers
        self._open = ExitStack()
        self._end: Callable[[], None] | None = None
        self._expected: Software = {}
        self._home: Path | None = None

    def __enter__(self) -> Self:
        """Start or join the cluster.

        Raises:
            RemoteError: it is not to be reached.
            PressmarkError: a node has other versions than this process.
        """
        self._expected = software()
        with ExitStack() as opened:
            opened.callback(pa.set_memory_pool, pa.default_memory_pool())
            # This process has many small arrays and few large ones. Of each size Arrow's own allocator keeps a page.
            pa.set_memory_pool(pa.system_memory_pool())
            give_back_at_once()
            self._end = opened.enter_context(cluster(self.address, self.workers))
            refuse_other_software(self._expected)
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def reach(self, read: Sequence[Path], written: Sequence[Path]) -> None:
        """Make sure that every node sees some folders, at the paths that they have here.

        Raises:
            PressmarkError: one does not.
        """
        # What is no absolute path is meant from where this process is, and a worker is elsewhere.
        is_relative = any(not folder.is_absolute() for folder in (*read, *written))
        self._home = Path.cwd() if is_relative else None
        refuse_unseen(self._home, read, written)

    def run(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """Yield the result for each task, in the order of the tasks.

        Raises:
            PressmarkError: workers were lost again and again.
        """
        remote = ray.remote(_perform).options(num_cpus=1, max_retries=RETRIES, retry_exceptions=False)
        most, ahead = AHEAD * max(1, processors()), deque[Any]()
        try:
            for task in tasks:
                ahead.append(remote.remote(pickle.dumps((function, task)), self._expected, self._home))
                if len(ahead) == most:
                    yield _result(ahead)
            while ahead:
                yield _result(ahead)
        except (KeyboardInterrupt, SystemExit):  # told to end, and all that it started with it
            if self._end:
                self._end()
            raise
        finally:
            self._leave(ahead)
            give_back()

    def _leave(self, ahead: deque[Any]) -> None:
        """See that some tasks are over."""
        if not ahead or not ray.is_initialized():
            return
        if self._end:
            # A cluster of one's own ends soon as well, and tasks that are cancelled may take this process with them.
            ray.wait(list(ahead), num_returns=len(ahead), timeout=SECONDS_KILLED, fetch_local=False)
        else:
            _cancel(ahead)
        ahead.clear()


def _result(ahead: deque[Any]) -> Any:
    """Return what the first of some tasks came to, and take it off."""
    try:
        found = pickle.loads(ray.get(ahead[0]))  # noqa: S301 - from a worker of ours
    except SystemExit as error:
        # Ray raises another one than the handler of a signal did, whose code stands in its words alone.
        code = _CODE.search(getattr(error, "ray_terminate_msg", ""))
        raise SystemExit(int(code[1]) if code else error.code) from error
    except RayTaskError as error:
        if not isinstance(error.cause, Exception):
            raise
        raise error.cause from error
    except RayError as error:
        raise PressmarkError(
            f"a task was lost with its worker, {RETRIES + 1} times: {str(error).strip().splitlines()[0]}",
            advice="look at the memory of the nodes: the system kills workers where it runs out",
        ) from error
    ahead.popleft()
    return found


def _cancel(ahead: deque[Any]) -> None:
    """Cancel what is under way in a cluster that goes on, and wait for its end."""
    for ref in ahead:
        ray.cancel(ref)
    # Killed at once, a task that is just done takes this process with it: seen with Ray 2.60, "Tried to complete task
    # that was not pending".
    _, left = ray.wait(list(ahead), num_returns=len(ahead), timeout=SECONDS_ENDING, fetch_local=False)
    for ref in left:
        ray.cancel(ref, force=True)
    if left:
        ray.wait(left, num_returns=len(left), timeout=SECONDS_KILLED, fetch_local=False)


def _perform(pickled: bytes, expected: Software, home: Path | None) -> bytes:
    """Run a task in a worker, which may be on a node that joined after the others were looked at."""
    if software() != expected:
        refuse_other(ray.get_runtime_context().get_node_id(), software(), expected)
    if home:
        os.chdir(home)
    function, task = pickle.loads(pickled)  # noqa: S301 - from the process that asked for it
    result = pickle.dumps(function(task))
    give_back()
    return result
