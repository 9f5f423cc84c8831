"""Columns that grow with the corpus: written one part after the other, and then mapped from their files.

The system keeps of them in memory what there is room for.
"""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_ENDS, _LETTERS = "ends", "letters"
_AT_ONCE = 1 << 16


class Columns:
    """Columns of numbers, and one column of ids."""

    def __init__(self, folder: Path) -> None:
        """Begin in a folder that there is."""
        self._folder = folder
        self._files = ExitStack()
        self._open: dict[str, BinaryIO] = {}
        self._end = 0
        """Bytes of all ids so far."""

    def __enter__(self) -> Self:
        """Take parts."""
        self.add({_ENDS: np.zeros(1, np.int64)})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files: there are no more parts."""
        self._files.close()

    def add(self, numbers: dict[str, npt.NDArray[Any]]) -> None:
        """Take the next part of some columns."""
        for name, values in numbers.items():
            if name not in self._open:
                self._open[name] = self._files.enter_context((self._folder / name).open("wb"))
            self._open[name].write(np.ascontiguousarray(values).data)

    def add_ids(self, ids: pa.LargeStringArray) -> None:
        """Take the ids of the next part."""
        _, ends, letters = ids.buffers()
        cuts = np.frombuffer(ends, np.int64)[ids.offset : ids.offset + len(ids) + 1] if len(ids) else np.zeros(1)
        first, last = int(cuts[0]), int(cuts[-1])
        self.add({_ENDS: cuts[1:] - first + self._end})
        self.add({_LETTERS: np.frombuffer(letters, np.uint8)[first:last] if letters else np.empty(0, np.uint8)})
        self._end += last - first

    def mapped(self, name: str, kind: npt.DTypeLike) -> npt.NDArray[Any]:
        """Return a column; what is changed in it is changed in the file."""
        path = self._folder / name
        if not path.exists() or not path.stat().st_size:  # which no system maps
            return np.empty(0, kind)
        return np.memmap(path, kind, "r+").view(np.ndarray)

    def new(self, name: str, kind: npt.DTypeLike, value: int, count: int) -> npt.NDArray[Any]:
        """Return a column that has one value everywhere."""
        with (self._folder / name).open("wb") as stream:
            for start in range(0, count, _AT_ONCE):
                stream.write(np.full(min(_AT_ONCE, count - start), value, kind).data)
        return self.mapped(name, kind)

    def ids(self) -> pa.LargeStringArray:
        """Return the column of ids."""
        ends, letters = self.mapped(_ENDS, np.int64), self.mapped(_LETTERS, np.uint8)
        return pa.LargeStringArray.from_buffers(ends.size - 1, pa.py_buffer(ends), pa.py_buffer(letters))


def laid_down(path: Path, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an array as it lies in a new file, to be read alone."""
    np.save(path, values)
    found: npt.NDArray[Any] = np.load(path, mmap_mode="r")
    return found.view(np.ndarray)
