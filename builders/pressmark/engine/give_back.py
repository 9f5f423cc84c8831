"""Memory that a process no longer needs, given back to the system."""

import ctypes
import os
import sys

_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
"""What the C library of GNU has to give back pages; others have none."""

_TUNE = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
_MMAP_THRESHOLD, _LARGE_BYTES, _LARGER_BYTES = -3, 1 << 16, 1 << 20
"""What the C library of GNU calls the size from which it asks the system for memory of its own for each block."""

_TRIM_THRESHOLD, _AT_THE_END_BYTES = -1, 1 << 24
"""And how much may be free at the end of what it has before it gives that back."""

_ARROWS = "ARROW_DEFAULT_MEMORY_POOL"
"""What Arrow reads, when it is imported, to see where it takes memory; `docs/decisions/0077-arrows-memory.md`."""


def keep_little() -> None:
    """Let Arrow take its memory from the C library, and let that keep little of what is free.

    For processes that are ours alone, before they import Arrow. Its own allocators keep a page or more for each size of
    block and each thread, also of what was asked to give back. And of blocks the C library has in one heap all that are
    smaller than the largest that was ever given back, which ends up full of holes; a size that is set stays.

    Nothing is changed where the library is another one. Where the variable is set, Arrow goes by that.
    """
    if _TRIM and _TUNE:
        os.environ.setdefault(_ARROWS, "system")
        _TUNE(_MMAP_THRESHOLD, _LARGER_BYTES)
        _TUNE(_TRIM_THRESHOLD, _AT_THE_END_BYTES)


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
