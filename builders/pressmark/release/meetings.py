"""Brings together the pieces that may have met, and compares character by character: the last step of the leak scan."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from pressmark.findings import Finding
from pressmark.release.pieces import BREAK, FAMILIES, codes, common_run, counts, dense, pieces
from pressmark.release.values import FOOTER, Other, Own, parquet_values, text_values

Place = tuple[int, int]
"""Number of the file of closed texts, and row."""

ENTRY = np.dtype([("hash", "<u8"), ("file", "<u4"), ("row", "<u4"), ("at", "<u4")])
"""A piece of a closed text."""

MET = np.dtype([("hash", "<u8"), ("file", "<u4"), ("number", "<u4"), ("at", "<u4"), ("own", "?")])
"""A piece of a release that may be one of a closed text."""

_LOOKED_AT = 50
"""Withheld articles that are looked at for one piece: a phrase that thousands share would make thousands of pairs."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file, of closed texts or of the release."""

    number: int
    path: Path
    shown: str
    """Its path below the release folder."""

    scratch: Path
    parts: int
    """How many parts the index has."""

    own: frozenset[str]
    """Columns that the rights of an article open."""

    def values(self) -> Iterator[Own | Other]:
        """Yield the values of a file of the release, always in the same order."""
        if self.path.suffix == ".parquet":
            return parquet_values(self.path, self.own)
        return text_values(self.path, self.shown)


@dataclass(frozen=True, slots=True)
class Copy:
    """A published text that holds half or more of a withheld one."""

    withheld: str
    published: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What a leak scan found."""

    leaks: list[Finding]
    copies: list[Copy]


def dense_joined(value: str) -> str:
    """Return joined values dense, still joined."""
    return BREAK.join(map(dense, value.split(BREAK)))


def entries(scratch: Path, kind: str, part: int, dtype: np.dtype[Any]) -> Any:
    """Return what the tasks of a step wrote for one part of the index."""
    found = [np.fromfile(path, dtype) for path in sorted(scratch.glob(f"{kind}-{part:04d}-*.bin"))]
    return np.concatenate(found) if found else np.empty(0, dtype)


def join(targets: list[Job], files: list[Path], scratch: Path, parts: int) -> Scan:
    """Compare what met: pieces of one article's own content are counted, in all else a run is a leak."""
    shared: dict[int, dict[tuple[int, Place], set[int]]] = defaultdict(lambda: defaultdict(set))
    touching: dict[int, dict[tuple[int, Place], set[tuple[int, int]]]] = defaultdict(lambda: defaultdict(set))
    for part in range(parts):
        index = entries(scratch, "index", part, ENTRY)
        index = index[np.argsort(index["hash"], kind="stable")]
        met = entries(scratch, "met", part, MET)
        first = np.searchsorted(index["hash"], met["hash"], side="left")
        last = np.minimum(np.searchsorted(index["hash"], met["hash"], side="right"), first + _LOOKED_AT)
        for position in np.flatnonzero(last > first).tolist():
            _, target, number, at, own = met[position].tolist()
            for _, file, row, there in index[first[position] : last[position]].tolist():
                if own:
                    shared[target][number, (file, row)].add(there)
                else:
                    touching[target][number, (file, row)].add((at, there))
    texts = _ClosedTexts(files)
    copies = {copy for target, pairs in shared.items() for copy in _copies(targets[target], pairs, texts)}
    leaks = [leak for target, pairs in sorted(touching.items()) for leak in _leaks(targets[target], pairs, texts)]
    return Scan(leaks, sorted(copies, key=lambda copy: (copy.published, copy.withheld)))


@dataclass(frozen=True, slots=True)
class _Closed:
    """What the build kept of an article that it did not show."""

    identity: str
    closed: str
    allowed: str

    @property
    def total(self) -> int:
        """How many pieces the closed values have."""
        return sum(len(pieces(codes(self.closed), family, every=family.step)[0]) for family in FAMILIES)

    def allows(self, run: str) -> bool:
        """Tell whether a run stands in a value of the article that may appear, and that is not its text itself."""
        return any(run in value and self._half(value) for value in self.allowed.split(BREAK))

    def _half(self, value: str) -> bool:
        points = codes(self.closed)
        found = sum(
            self.closed[at : at + family.length] in value
            for family in FAMILIES
            for at in pieces(points, family, every=family.step)[1].tolist()
        )
        return 2 * found < self.total


class _ClosedTexts:
    """Reads what the build kept, one file at a time."""

    def __init__(self, files: list[Path]) -> None:
        self._files = files
        self._number = -1
        self._rows: list[_Closed] = []

    def at(self, place: Place) -> _Closed:
        """Return the article at a file and row. Ask in the order of files."""
        number, row = place
        if number != self._number:
            rows = pq.read_table(self._files[number]).to_pylist()
            self._rows = [_Closed(row["id"], dense_joined(row["closed"]), dense_joined(row["allowed"])) for row in rows]
            self._number = number
        return self._rows[row]


def _copies(job: Job, pairs: dict[tuple[int, Place], set[int]], texts: _ClosedTexts) -> Iterator[Copy]:
    """Yield published articles that hold half or more of a closed one, unless a decision names them."""
    halves = defaultdict(list)
    for (row, place), found in sorted(pairs.items(), key=lambda pair: pair[0][1]):
        closed = texts.at(place)
        if 2 * len(found) >= closed.total:
            halves[row].append(closed.identity)
    for own in job.values() if halves else ():
        if isinstance(own, Own) and not own.settled:
            yield from (Copy(identity, own.identity) for identity in halves.get(own.row, ()))


def _leaks(job: Job, pairs: dict[tuple[int, Place], set[tuple[int, int]]], texts: _ClosedTexts) -> Iterator[Finding]:
    """Yield runs of closed texts in values that are no article's own content."""
    wanted = {number for number, _ in pairs}
    values = {each.number: each for each in job.values() if isinstance(each, Other) and each.number in wanted}
    told: set[str] = set()
    for (number, place), spots in sorted(pairs.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        value, closed = values[number], texts.at(place)
        if value.place == FOOTER and closed.identity in told:
            continue  # the statistics of a column that has been told of
        runs = {common_run(value.value, at, closed.closed, there) for at, there in spots}
        for run in sorted(filter(counts, runs), key=len, reverse=True):
            if closed.allows(run) or (value.place == FOOTER and _shown_here(job, run)):
                continue
            detail = f"holds {len(run)} characters of the withheld article {closed.identity}"
            yield Finding("leak", job.shown, value.place, detail)
            told.add(closed.identity)
            break


def _shown_here(job: Job, run: str) -> bool:
    """Tell whether an article of the same file shows a run: statistics repeat what stands in the rows."""
    return any(run in each.value for each in job.values() if isinstance(each, Own))
