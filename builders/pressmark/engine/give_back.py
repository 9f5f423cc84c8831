"""Memory that a process no longer needs, given back to the system."""

import ctypes
import os
import sys

_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
"""What the C library of GNU has to give back pages; others have none."""


def give_back() -> None:
    """Give back to the system what is free.

    Allocators keep pages for the next time. Of several processes each would keep what its largest task took, also
    while another one has the larger task.
    """
    if arrow := sys.modules.get("pyarrow"):  # which tasks import, and the command line does not
        arrow.default_memory_pool().release_unused()
    if _TRIM:
        _TRIM(0)
