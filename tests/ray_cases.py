"""Tasks for the tests of Ray, and an engine that kills what runs them. Workers import this by its name."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pressmark.engine.ray import RayEngine
from pressmark.errors import UsageError

# Workers find this module, and a cluster hands the variable on to them.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH"))))

WORKER, NODE = "worker", "node"


def bytes_of(dist: Path) -> dict[str, bytes]:
    """Return what lies in a folder of releases, by path."""
    return {
        path.relative_to(dist).as_posix(): path.read_bytes()
        for path in sorted(dist.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def where(number: int) -> tuple[int, int]:
    time.sleep(0.01 * (number % 3))
    return number, os.getpid()


def refused(number: int) -> int:
    if number == 3:
        raise UsageError(f"found {number}", advice="take another")
    return number


def gone(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def counted(task: tuple[Path, int]) -> int:
    """Leave a file and say which task it was."""
    folder, number = task
    (folder / str(number)).touch()
    return number


def slow(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    time.sleep(600)


def written(array: Any) -> int:
    """Write to what was sent."""
    array[0] = 7
    return int(array.sum())


def once(path: Path) -> bool:
    """Tell whether a file was not there before, and make it."""
    try:
        path.open("x").close()
    except FileExistsError:
        return False
    return True


class Killing(RayEngine):
    """Kills a worker by SIGKILL in one stage: before its first task does anything, and after its last has done all.

    Or its node: the process above it, once in any task that does not run on the node of the driver.
    """

    def __init__(self, stage: str, marks: Path, what: str = WORKER, address: str | None = None, home: str = "") -> None:
        super().__init__(address, 2)
        self.stage, self.marks, self.what, self.driver = stage, marks, what, home

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        if getattr(function, "__name__", "") != self.stage:
            return super().run(function, tasks)
        numbered = [(task, {0: "before", len(tasks) - 1: "after"}.get(number, "")) for number, task in enumerate(tasks)]
        act = partial(_killed_once, function, self.marks, self.what, self.driver)
        return super().run(act, numbered)


def _killed_once(function: Callable[[Any], Any], marks: Path, what: str, driver: str, numbered: tuple[Any, str]) -> Any:
    task, when = numbered
    if what == NODE:
        import ray  # noqa: PLC0415 - a worker's own

        if not (marks / NODE).exists():
            time.sleep(0.5)  # so that both nodes have some of it
        here = ray.get_runtime_context().get_node_id()
        if here != driver and once(marks / NODE):
            (marks / NODE).write_text(here, encoding="ascii")
            # All that runs there, as when a machine goes: Ray waits for a worker that outlives its node.
            os.kill(os.getppid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)
        return function(task)
    if when == "before" and once(marks / "before"):
        os.kill(os.getpid(), signal.SIGKILL)
    result = function(task)
    if when and once(marks / "after"):
        os.kill(os.getpid(), signal.SIGKILL)
    return result
