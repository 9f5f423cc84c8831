"""Pairs of texts that were compared, and what came of it, for the next build.

A text is known by its letters and a pair by both of its texts, so that a next version compares the pairs of what is new
and recalls the rest. What is kept is of one threshold and one state of the code.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pressmark.cache import Cache
from pressmark.curate.links import Pairs, unpacked
from pressmark.likeness_index import DIGEST_BYTES, Index

_PAIR = np.dtype(f"S{2 * DIGEST_BYTES}")
_AT_ONCE = 1 << 15
_MOST = 1 << 20
"""Pairs that are noted, at most, one that is asked for twice counted twice: of more the rest is compared each time."""

_PAIRS, _NEAR = "pairs", "near"

Keys = npt.NDArray[np.bytes_]


class Judged:
    """What earlier builds found, and what this one finds. It lies in files, which are mapped."""

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
        self._pairs: Keys = _mapped(known[_PAIRS], _PAIR) if is_kept else np.empty(0, _PAIR)
        self._near: npt.NDArray[np.uint8] = _mapped(known[_NEAR], np.dtype(np.uint8)) if is_kept else np.empty(0, "u1")
        if self._pairs.size != self._near.size:
            self._pairs, self._near = np.empty(0, _PAIR), np.empty(0, np.uint8)
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
            if not self._pairs.size:
                with asked.open("rb") as source:
                    shutil.copyfileobj(source, sink)
                return near[0]
            for words, keys in _keyed(index, asked):
                at = np.searchsorted(self._pairs, keys)
                at[at == self._pairs.size] = 0
                is_known = self._pairs[at] == keys
                near.append(words[is_known & (self._near[at] == 1)])
                sink.write(words[~is_known].tobytes())
        return np.concatenate(near)

    def note(self, index: Index, asked: Path, near: Pairs) -> None:
        """Note all pairs of a file, in their order, of which some are near, in theirs; where the system refuses, none.

        Raises:
            OSError: the pairs cannot be read.
        """
        for words, keys in _keyed(index, asked):
            some = min(words.size, _MOST - self._count)
            if not some:
                return
            places = np.searchsorted(near, words[:some])
            places[places == near.size] = 0
            is_near = near[places] == words[:some] if near.size else np.zeros(some, bool)
            with suppress(OSError), self._found[_PAIRS].open("ab") as pairs, self._found[_NEAR].open("ab") as verdicts:
                pairs.write(keys[:some].tobytes())
                verdicts.write(is_near.astype(np.uint8).tobytes())
            self._count += some

    def keep(self) -> None:
        """Keep what this build asked for; where the system refuses, the next one compares again."""
        self._pairs, self._near = np.empty(0, _PAIR), np.empty(0, np.uint8)
        with suppress(OSError):
            for path in self._found.values():
                path.touch()
            pairs, near = _mapped(self._found[_PAIRS], _PAIR), _mapped(self._found[_NEAR], np.dtype(np.uint8))
            if pairs.size != near.size:
                return
            order = np.argsort(pairs, kind="stable")
            ordered = {name: path.with_suffix(".ordered") for name, path in self._found.items()}
            with ordered[_PAIRS].open("wb") as keys, ordered[_NEAR].open("wb") as verdicts:
                last = None
                for start in range(0, order.size, _AT_ONCE):
                    some = order[start : start + _AT_ONCE]
                    those = pairs[some]
                    is_new = np.append(last is None or those[0] != last, those[1:] != those[:-1])
                    keys.write(those[is_new].tobytes())
                    verdicts.write(near[some[is_new]].tobytes())
                    last = those[-1]
            self._cache.keep(self._key, ordered, {})


def _keyed(index: Index, asked: Path) -> Iterator[tuple[Pairs, Keys]]:
    """Yield the pairs of a file, some at a time, and what each is known by."""
    digests = index.digests()
    with asked.open("rb") as source:
        while (words := np.fromfile(source, np.uint64, _AT_ONCE)).size:
            both = np.ascontiguousarray(digests[unpacked(words)])
            yield words, both.reshape(words.size, -1).view(_PAIR).ravel()


def _mapped(path: Path, kind: "np.dtype[Any]") -> npt.NDArray[Any]:
    """Return what lies in a file, mapped; what is left over of an entry is no entry."""
    size = path.stat().st_size // kind.itemsize
    return np.memmap(path, kind, "r", shape=(size,)) if size else np.empty(0, kind)
