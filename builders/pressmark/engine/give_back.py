"""Memory that a process no longer needs, given back to the system."""

import ctypes
import os
import sys

_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
"""What the C library of GNU has to give back pages; others have none."""

_TUNE = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
_MMAP_THRESHOLD, _LARGE_BYTES = -3, 1 << 16
"""What the C library of GNU calls the size from which it asks the system for memory of its own for each block."""


_ARROWS = "ARROW_DEFAULT_MEMORY_POOL"
"""What Arrow reads, the first time that it takes memory, to see where from; `docs/decisions/0077-arrows-memory.md`."""


def from_the_library() -> None:
    """Let Arrow take its memory from the C library, where that gives pages back and nobody has said otherwise.

    For processes that are ours alone, before they import Arrow. Its own allocators keep a page or more for each size of
    block and each thread, also of what was asked to give back.
    """
    if _TRIM:
        os.environ.setdefault(_ARROWS, "system")


def give_back_at_once() -> None:
    """From now on give back what is large as soon as it is free.

    By itself the library keeps more the larger a block was that it gave back: a process that has large arrays for a
    moment, one after the other, grows with them. It cannot be undone, and costs what the system takes for each block.
    """
    if _TUNE:
        _TUNE(_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back() -> None:
    """Give back to the system what is free.

    Allocators keep pages for the next time. Of several processes each would keep what its largest task took, also
    while another one has the larger task.
    """
    if arrow := sys.modules.get("pyarrow"):  # which tasks import, and the command line does not
        arrow.default_memory_pool().release_unused()
    if _TRIM:
        _TRIM(0)
