"""Where the texts of a build are found that near copies are looked for in: by number, in the order of their digests.

All of it lies in files, each array in one of its own: what is read of them is what a task needs. Texts are numbered in
parts, by how their digests begin, so that what is in memory at once does not grow with them.
"""

from binascii import unhexlify
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numpy.lib.format import open_memmap

from pressmark.curate.links import Ints, Numbers
from pressmark.curate.sketches import BANDS, Keys
from pressmark.staging import LENGTHS, SKETCHES, staged_at

DIGEST_BYTES = 32
_ROWS_AT_ONCE = 1 << 14
_PART_BITS = 16
"""Of how many texts a part is, at most about, as a power of two."""

Digests = npt.NDArray[np.uint8]
"""One in each row."""


@dataclass(frozen=True)
class Index:
    """The different texts in staging, those with the same letters counted once."""

    staging: Path
    folder: Path
    tasks: int

    def starts(self) -> Numbers:
        """Return where each task begins among all articles, and behind them how many there are."""
        found: Numbers = np.load(self.folder / "starts.npy")
        return found

    def texts(self) -> Ints:
        """Return, by row through all tasks, the number of its text."""
        found: Ints = np.load(self.folder / "texts.npy", mmap_mode="r")
        return found

    def places(self) -> Ints:
        """Return, by number of a text, task and row where staging has it first."""
        found: Ints = np.load(self.folder / "places.npy", mmap_mode="r")
        return found

    def letters(self) -> Ints:
        """Return, by number of a text, how many letters it has."""
        found: Ints = np.load(self.folder / "letters.npy", mmap_mode="r")
        return found

    def digests(self) -> Digests:
        """Return, by number of a text, the digest of its letters."""
        found: Digests = np.load(self.folder / "known.npy", mmap_mode="r")
        return found

    def band(self, band: int) -> Keys:
        """Return, by number of a text, its key in a band."""
        keys: Keys = np.load(self._band(band), mmap_mode="r")
        return keys

    def make(self) -> None:
        """Number what is staged."""
        starts = np.cumsum([0, *map(self._rows, range(self.tasks))])
        np.save(self.folder / "starts.npy", starts)
        self._spread(self._number(starts, self._partition(int(starts[-1]))))

    def _rows(self, task: int) -> int:
        return staged_at(self.staging, task).with_suffix(LENGTHS).stat().st_size // np.dtype(np.int32).itemsize

    def _band(self, band: int) -> Path:
        return self.folder / f"band-{band:02d}.npy"

    def _whose(self) -> Path:
        return self.folder / "whose.npy"

    def _ordered(self) -> Path:
        return self.folder / "digests.npy"

    def _partition(self, articles: int) -> Numbers:
        """Write the digests of all articles part by part, within one as they come, and return where parts end."""
        bits = max((articles - 1).bit_length() - _PART_BITS, 0)
        held = np.zeros(1 << bits, np.int64)
        path = self.folder / "as-they-come"
        with path.open("wb") as sink:
            for some in self._digests():
                sink.write(some.data)
                held += np.bincount(_part(some, bits), minlength=held.size)
        ends = np.cumsum(held)
        free = ends - held
        digests = open_memmap(self._ordered(), "w+", np.uint8, (articles, DIGEST_BYTES))
        whose = open_memmap(self._whose(), "w+", np.int32, (articles,))
        with path.open("rb") as source:
            for start in range(0, articles, _ROWS_AT_ONCE):
                some = np.fromfile(source, np.uint8, _ROWS_AT_ONCE * DIGEST_BYTES).reshape(-1, DIGEST_BYTES)
                parts = _part(some, bits)
                order = np.argsort(parts, kind="stable")
                held = np.bincount(parts, minlength=held.size)
                places = np.arange(len(some)) + np.repeat(free - (np.cumsum(held) - held), held)
                digests[places] = some[order]
                whose[places] = start + order
                free += held
        path.unlink()
        return ends

    def _digests(self) -> Iterator[Digests]:
        """Yield the digests of letters of all tasks."""
        for task in range(self.tasks):
            with pa.memory_map(str(staged_at(self.staging, task))) as source:
                reader = pa.ipc.open_file(source)
                for number in range(reader.num_record_batches):
                    yield _told(reader.get_batch(number)["letters_sha256"])

    def _number(self, starts: Numbers, ends: Numbers) -> int:
        """Number the texts of one part after the other, and return how many there are.

        Args:
            starts: Where each task begins among all articles.
            ends: Where each part ends among the digests.
        """
        digests = np.load(self._ordered(), mmap_mode="r")
        whose = np.load(self._whose(), mmap_mode="r")
        places = open_memmap(self.folder / "places.npy", "w+", np.int32, (whose.size, 2))
        texts = open_memmap(self.folder / "texts.npy", "w+", np.int32, (whose.size,))
        known = open_memmap(self.folder / "known.npy", "w+", np.uint8, (whose.size, DIGEST_BYTES))
        count = 0
        for begin, end in pairwise([0, *ends.tolist()]):
            words = digests[begin:end].view(">u8").astype(np.uint64)
            order = np.lexsort(words.T[::-1])
            words = words[order]
            is_first = np.insert((words[1:] != words[:-1]).any(axis=1), 0, True)[: len(words)]
            articles = whose[begin:end][order]
            texts[articles] = count + np.cumsum(is_first) - 1
            firsts = articles[is_first]
            tasks = np.searchsorted(starts, firsts, "right") - 1
            some = slice(count, count + firsts.size)
            places[some] = np.column_stack((tasks, firsts - starts[tasks]))
            known[some] = digests[begin:end][order[is_first]]
            count += firsts.size
        self._whose().unlink()
        self._ordered().unlink()
        return count

    def _spread(self, count: int) -> None:
        """Write sketches by band and number, so that a band is one stretch of a file."""
        keys = [open_memmap(self._band(band), "w+", np.uint64, (count,)) for band in range(BANDS)]
        sizes = open_memmap(self.folder / "letters.npy", "w+", np.int32, (count,))
        texts = self.texts()
        for task, (begin, end) in enumerate(pairwise(self.starts().tolist())):
            path = staged_at(self.staging, task)
            with path.with_suffix(SKETCHES).open("rb") as sketches, path.with_suffix(LENGTHS).open("rb") as lengths:
                for start in range(begin, end, _ROWS_AT_ONCE):
                    some = texts[start : min(start + _ROWS_AT_ONCE, end)]
                    sizes[some] = np.fromfile(lengths, np.int32, some.size)
                    sketched = np.fromfile(sketches, np.uint64, some.size * BANDS).reshape(-1, BANDS)
                    for band in range(BANDS):
                        keys[band][some] = sketched[:, band]


def _part(digests: Digests, bits: int) -> Numbers:
    """Return which part each of some digests is in: a number of their first bits."""
    begins: Numbers = np.ascontiguousarray(digests[:, :4]).view(">u4").ravel().astype(np.int64)
    return begins >> (32 - bits)


def _told(column: pa.StringArray) -> Digests:
    """Return digests in hexadecimal digits as bytes, without a string for each."""
    _, offsets, digits = column.buffers()
    at = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    told = unhexlify(memoryview(digits)[at[0] : at[-1]])
    return np.frombuffer(told, np.uint8).reshape(len(column), DIGEST_BYTES)
