"""Pairs of texts that were compared, and what came of it, for the next build.

A text is known by its letters and a pair by both of its texts, so that a next version compares the pairs of what is new
and recalls the rest. What is kept is of one threshold and one state of the code.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pressmark.cache import Cache
from pressmark.curate.links import Pairs, unpacked
from pressmark.likeness_index import KNOWN_BYTES, Index

_PAIR = np.dtype(f"S{2 * KNOWN_BYTES}")
_AT_ONCE = 1 << 15
_MOST = 1 << 20
"""Pairs that are kept, at most: of more the rest is compared each time."""

_PAIRS, _NEAR = "pairs", "near"

Keys = npt.NDArray[np.bytes_]


class Judged:
    """What earlier builds found, and what this one finds."""

    def __init__(self, cache: Cache, key: str, folder: Path) -> None:
        """Take what is kept.

        Args:
            cache: Where it is kept.
            key: What it is kept as: it differs wherever the threshold or the code does.
            folder: A private folder that is made for it.
        """
        self._cache, self._key = cache, key
        folder.mkdir(mode=0o700)
        self._found = {name: folder / f"found-{name}" for name in (_PAIRS, _NEAR)}
        known = {name: folder / f"known-{name}" for name in (_PAIRS, _NEAR)}
        is_kept = cache.take(key, known) is not None
        self._pairs: Keys = np.fromfile(known[_PAIRS], _PAIR) if is_kept else np.empty(0, _PAIR)
        self._near = np.fromfile(known[_NEAR], bool) if is_kept else np.empty(0, bool)
        self._count = 0

    def recalled(self, index: Index, asked: Path, left: Path) -> Pairs:
        """Return which pairs of a file are known to be near, and write those of which nothing is known.

        Args:
            index: The texts.
            asked: One number for each pair.
            left: The file that is written, in the same way.
        """
        near = [np.empty(0, np.uint64)]
        with left.open("wb") as sink:
            for words, keys in _keyed(index, asked):
                at = np.searchsorted(self._pairs, keys)
                at[at == self._pairs.size] = 0
                is_known = self._pairs[at] == keys if self._pairs.size else np.zeros(keys.size, bool)
                near.append(words[is_known][self._near[at[is_known]]])
                sink.write(words[~is_known].tobytes())
        return np.concatenate(near)

    def note(self, index: Index, asked: Path, near: Pairs) -> None:
        """Note all pairs of a file, of which some are near."""
        with self._found[_PAIRS].open("ab") as pairs, self._found[_NEAR].open("ab") as verdicts:
            for words, keys in _keyed(index, asked):
                some = min(words.size, _MOST - self._count)
                pairs.write(keys[:some].tobytes())
                verdicts.write(np.isin(words[:some], near).tobytes())
                self._count += some

    def keep(self) -> None:
        """Keep what this build asked for; where the system refuses, the next one compares again."""
        for path in self._found.values():
            path.touch()
        pairs, first = np.unique(np.fromfile(self._found[_PAIRS], _PAIR), return_index=True)
        near = np.fromfile(self._found[_NEAR], bool)[first]
        self._found[_PAIRS].write_bytes(pairs.tobytes())
        self._found[_NEAR].write_bytes(near.tobytes())
        self._cache.keep(self._key, self._found, {})


def _keyed(index: Index, asked: Path) -> Iterator[tuple[Pairs, Keys]]:
    """Yield the pairs of a file, some at a time, and what each is known by."""
    digests = index.digests()
    with asked.open("rb") as source:
        while (words := np.fromfile(source, np.uint64, _AT_ONCE)).size:
            both = np.ascontiguousarray(digests[unpacked(words)])
            yield words, both.reshape(words.size, -1).view(_PAIR).ravel()
