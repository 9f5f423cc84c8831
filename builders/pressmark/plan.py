"""Tasks, and what an engine does with them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol


class Engine(Protocol):
    """Where tasks run."""

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        """Yield the result of a module-level function for each task, in the order of the tasks.

        Tasks and results are small and can be pickled; data goes through files. A task may run twice: it writes the
        same bytes to the same place each time.
        """
        ...
