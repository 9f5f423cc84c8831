"""Numbers that come some at a time: what is much goes to a file of a scratch folder, so that memory holds the latest.

The file has no name: it is gone with its task, however that ends, and a task that runs twice has two.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
import numpy.typing as npt

_HELD = 1 << 17
"""Bytes that stay in memory, about. Of what is less in all, there is no file."""


class _NotPutDownError(Exception):
    """The system refuses a file of the scratch folder. No `OSError`: it says nothing of a file that is being read."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(slots=True)
class Spill:
    """Numbers of one kind."""

    kind: np.dtype[Any]
    _opened: Callable[[], IO[bytes]]
    _held: bytearray = field(default_factory=bytearray)
    _file: IO[bytes] | None = None
    _count: int = 0

    def take(self, values: npt.NDArray[Any] | bytes) -> None:
        """Take some numbers behind those that are there; bytes have to be those of such numbers."""
        data = memoryview(values) if isinstance(values, bytes) else values.astype(self.kind, copy=False).data
        self._held += data
        self._count += data.nbytes // self.kind.itemsize
        if len(self._held) > _HELD:
            self._put_down()

    def whole(self) -> npt.NDArray[Any]:
        """Return all of them; they are mapped where there is a file."""
        if self._file is None:
            return np.frombuffer(bytes(self._held), self.kind)
        self._put_down()
        self._file.flush()
        return np.memmap(self._file, self.kind, "r")

    def _put_down(self) -> None:
        try:
            if self._file is None:
                self._file = self._opened()
            self._file.write(self._held)
        except OSError as error:
            raise _NotPutDownError(error) from None
        self._held.clear()

    def __len__(self) -> int:
        return self._count


Spilling = Callable[[npt.DTypeLike], Spill]
"""Gives a place for numbers of a kind."""


@contextmanager
def spilling(folder: Path) -> Iterator[Spilling]:
    """Give what makes such places, and close their files at the end.

    Args:
        folder: Where the files lie.

    Raises:
        OSError: the system refuses one of them, while it is written.
    """
    with ExitStack() as files:
        try:
            yield lambda kind: Spill(np.dtype(kind), lambda: files.enter_context(TemporaryFile(dir=folder)))
        except _NotPutDownError as refused:
            raise refused.error from None
