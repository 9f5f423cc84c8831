"""Tasks, and what an engine does with them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol


class Engine(Protocol):
    """Where tasks run."""

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        """Yield the result of a module-level function for each task, in the order of the tasks.

        Tasks and results are small and can be pickled; data goes through files. A task may run twice: it writes the
        same bytes to the same place each time, whole, or to a place of its own that it returns.
        """
        ...

    def reach(self, read: Sequence[Path], written: Sequence[Path]) -> None:
        """Refuse to go on where a process that runs tasks does not see the same folders as this one.

        Args:
            read: Folders that tasks read from.
            written: Folders that they write into.
        """
        ...
