"""Where the texts of a build are found that near copies are looked for in: by number, in the order of their digests.

All of it lies in files, each array in one of its own: what is read of them is what a task needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numpy.lib.format import open_memmap

from pressmark.curate.links import Numbers
from pressmark.curate.sketches import BANDS, Keys
from pressmark.staging import LENGTHS, SKETCHES, staged_at

_DIGEST_BYTES = 32
_ROWS_AT_ONCE = 1 << 14


@dataclass(frozen=True)
class Index:
    """The different texts in staging, those with the same letters counted once."""

    staging: Path
    folder: Path
    tasks: int

    def numbers(self, task: int) -> Numbers:
        """Return, by row of a task in staging, the number of its text."""
        found: Numbers = np.load(self._numbers(task))
        return found

    def digests(self, numbers: Numbers) -> list[str]:
        """Return the digests of some texts' letters."""
        found = np.load(self.folder / "digests.npy", mmap_mode="r")[numbers]
        return [bytes(digest).hex() for digest in found]

    def places(self) -> npt.NDArray[np.int32]:
        """Return, by number of a text, task and row where staging has it."""
        found: npt.NDArray[np.int32] = np.load(self.folder / "places.npy", mmap_mode="r")
        return found

    def letters(self) -> npt.NDArray[np.int32]:
        """Return, by number of a text, how many letters it has."""
        found: npt.NDArray[np.int32] = np.load(self.folder / "letters.npy", mmap_mode="r")
        return found

    def band(self, band: int) -> Keys:
        """Return, by number of a text, its key in a band."""
        keys: Keys = np.load(self._band(band), mmap_mode="r")
        return keys

    def make(self) -> None:
        """Number what is staged."""
        digests = [*self._digests()]
        sizes = [len(each) for each in digests]
        words = np.concatenate([np.empty((0, 4), np.uint64), *digests])
        del digests  # so that each is held once
        rows = np.concatenate([np.empty((0, 2), np.int32), *map(_places, range(self.tasks), sizes)])
        order = np.lexsort(words.T[::-1])
        words = words[order]
        is_first = np.insert((words[1:] != words[:-1]).any(axis=1), 0, True)[: len(words)]
        np.save(self.folder / "digests.npy", words[is_first].astype(">u8").view(np.uint8))
        np.save(self.folder / "places.npy", rows[order[is_first]])
        numbers = np.empty(len(words), np.int32)
        numbers[order] = np.cumsum(is_first, dtype=np.int32) - 1
        begin = 0
        for task, size in enumerate(sizes):
            np.save(self._numbers(task), numbers[begin : begin + size].astype(np.int64))
            begin += size
        self._spread(int(is_first.sum()))

    def _numbers(self, task: int) -> Path:
        return self.folder / f"numbers-{task:06d}.npy"

    def _band(self, band: int) -> Path:
        return self.folder / f"band-{band:02d}.npy"

    def _digests(self) -> Iterator[Keys]:
        """Yield, for each task, the digests of its letters as four words each."""
        for task in range(self.tasks):
            with pa.memory_map(str(staged_at(self.staging, task))) as source:
                found = pa.ipc.open_file(source).read_all()["letters_sha256"].to_pylist()
            yield np.frombuffer(bytes.fromhex("".join(found)), ">u8").reshape(-1, _DIGEST_BYTES // 8).astype(np.uint64)

    def _spread(self, count: int) -> None:
        """Write sketches by band and number, so that a band is one stretch of a file."""
        keys = [open_memmap(self._band(band), "w+", np.uint64, (count,)) for band in range(BANDS)]
        sizes = open_memmap(self.folder / "letters.npy", "w+", np.int32, (count,))
        for task in range(self.tasks):
            numbers = self.numbers(task)
            sizes[numbers] = np.fromfile(staged_at(self.staging, task).with_suffix(LENGTHS), np.int32)
            with staged_at(self.staging, task).with_suffix(SKETCHES).open("rb") as stream:
                for start in range(0, numbers.size, _ROWS_AT_ONCE):
                    some = numbers[start : start + _ROWS_AT_ONCE]
                    sketched = np.fromfile(stream, np.uint64, some.size * BANDS).reshape(-1, BANDS)
                    for band in range(BANDS):
                        keys[band][some] = sketched[:, band]


def _places(task: int, rows: int) -> npt.NDArray[np.int32]:
    return np.column_stack((np.full(rows, task, np.int32), np.arange(rows, dtype=np.int32)))
