"""The withheld rows that a reader wants to fill, and the best copy of each; their texts stay on disk."""

import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

import orjson

from pressmark.article.record import Record

MATCH, NEAR, CHANGED, MISSING = "match", "near", "changed", "missing"
"""The same text; the same letters; another text of the same id; no copy."""

OUTCOMES = (MATCH, NEAR, CHANGED, MISSING)
FILLED = (MATCH, NEAR)
FROM_COPY = ("text", "title", "subtitles", "captions", "contributors")
"""Fields that a copy fills. All others are the withheld row's own."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """The best copy of a row so far."""

    rank: tuple[int, int, bytes]
    """How close its text is, how close its origin, and a digest that settles the rest: the least is the best."""

    start: int = 0
    length: int = 0
    """Where the spool holds it."""


_CHANGED = _Copy((OUTCOMES.index(CHANGED), 0, b""))
_MISSING = _Copy((OUTCOMES.index(MISSING), 0, b""))


@dataclass(slots=True)
class Wanted:
    """The withheld rows of a release, by what a copy can be told by."""

    spool: BinaryIO
    """Holds what is filled in: copies can be more than fits into memory."""

    sources: dict[str, str] = field(default_factory=dict)
    """Source of each id."""

    published: set[str] = field(default_factory=set)
    """Digests of texts that the release shows. Their copies say nothing about a withheld row of the same id."""

    _texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _letters: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _best: dict[str, _Copy] = field(default_factory=dict)

    def add(self, row: Record) -> None:
        """Add a withheld row, of which id, source and digests are looked at."""
        self.sources[row["id"]] = sys.intern(row["source"])
        self._texts[row["text_sha256"]].append(row["id"])
        self._letters[row["letters_sha256"]].append(row["id"])

    def offer(self, article: Record, names: Iterable[str]) -> bool:
        """Take note of a copy, and tell whether it says anything about a withheld row.

        Args:
            article: What was read.
            names: Ids that it may have had in the build, the likeliest first.
        """
        same = set(self._texts.get(article["text_sha256"], ()))
        told = same.union(self._letters.get(article["letters_sha256"], ()))
        if not told:
            return self._changed(article, names)
        filling = orjson.dumps({name: article[name] for name in FROM_COPY if name in article})
        digest, start = hashlib.sha256(filling).digest(), self.spool.seek(0, os.SEEK_END)
        better = False
        for identity in told:
            copy = _Copy((identity not in same, self._distance(identity, article), digest), start, len(filling))
            if copy.rank < self._copy(identity).rank:
                self._best[identity], better = copy, True
        if better:
            self.spool.write(filling)
        return True

    def _changed(self, article: Record, names: Iterable[str]) -> bool:
        identity = next((name for name in names if name in self.sources), None)
        if identity is None or article["text_sha256"] in self.published:
            return False
        self._best.setdefault(identity, _CHANGED)
        return True

    def _distance(self, identity: str, article: Record) -> int:
        """Return how far a copy's origin is from a row's: the same text can stand under other headlines."""
        if identity == article["id"]:
            return 0
        return 1 if self.sources[identity] == article["source"] else 2

    def _copy(self, identity: str) -> _Copy:
        return self._best.get(identity, _MISSING)

    def outcome(self, identity: str) -> str:
        """Return what became of a row."""
        return OUTCOMES[self._copy(identity).rank[0]]

    def filling(self, identity: str) -> Record:
        """Return what fills a row that has a copy."""
        copy = self._best[identity]
        self.spool.seek(copy.start)
        return dict(orjson.loads(self.spool.read(copy.length)))
