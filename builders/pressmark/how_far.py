"""How far reading is: each task keeps it in a small file of the workshop, and whoever waits adds them up."""

import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_SECONDS = 0.5
_BYTES = struct.Struct("<Q")


def how_far(staging: Path, number: int) -> Path:
    """Return the file in which a reading task keeps how many bytes it has read."""
    return staging / f"read-{number:06d}.far"


class Meter:
    """Keeps how far a task is, about twice a second."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = time.monotonic() + _SECONDS

    def __call__(self, done: int) -> None:
        """Keep it.

        Args:
            done: Bytes that were read.
        """
        if (now := time.monotonic()) >= self._next:
            self._next = now + _SECONDS
            self._path.write_bytes(_BYTES.pack(done))


@contextmanager
def watched(staging: Path, sizes: Sequence[int], told: Callable[[int, int], None]) -> Iterator[Callable[[], None]]:
    """Tell how many bytes of how many are read, for as long as tasks run.

    Args:
        staging: Where they keep it.
        sizes: Bytes of each task.
        told: Given bytes done and bytes in all.

    Yields:
        A function to call for each task that ended, in their order.
    """
    ended, over = 0, threading.Event()

    def end() -> None:
        nonlocal ended
        ended += 1

    def watch() -> None:
        while not over.wait(_SECONDS):
            done = sum(sizes[:ended])
            for number, size in enumerate(sizes[ended:], ended):
                done += min(size, _done(how_far(staging, number)))
            told(done, sum(sizes))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield end
    finally:
        over.set()
        thread.join()
    told(sum(sizes), sum(sizes))


def _done(path: Path) -> int:
    # Not there before the task has run for a while, and empty at the moment of writing.
    with suppress(FileNotFoundError, struct.error):
        return int(_BYTES.unpack(path.read_bytes())[0])
    return 0
