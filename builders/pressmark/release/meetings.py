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

Spot = tuple[int, int]
"""Number of the file of the release, and of the row or value in it."""

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


def totals_file(scratch: Path, number: int) -> Path:
    """Return the file of how many pieces each article of a file of closed texts has."""
    return scratch / f"totals-{number:06d}.npy"


def join(targets: list[Job], files: list[Path], scratch: Path, parts: int) -> Scan:
    """Compare what met: pieces of one article's own content are counted, in all else a run is a leak."""
    shared: dict[Place, dict[Spot, set[int]]] = defaultdict(lambda: defaultdict(set))
    touching: dict[Place, dict[Spot, set[tuple[int, int]]]] = defaultdict(lambda: defaultdict(set))
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
                    shared[file, row][target, number].add(there)
                else:
                    touching[file, row][target, number].add((at, there))
    texts = _ClosedTexts(files)
    copies = sorted(_copies(targets, _halves(shared, scratch), texts), key=lambda copy: (copy.published, copy.withheld))
    return Scan(list(_leaks(targets, touching, texts)), copies)


@dataclass(frozen=True, slots=True)
class _Closed:
    """What the build kept of an article that it did not show."""

    identity: str
    closed: str
    allowed: str

    def allows(self, run: str) -> bool:
        """Tell whether a run stands in a value of the article that may appear, and that is not its text itself."""
        return any(run in value and not self._is_half(value) for value in self.allowed.split(BREAK))

    def _is_half(self, value: str) -> bool:
        points = codes(self.closed)
        spots = [
            (at, family.length)
            for family in FAMILIES
            for at in pieces(points, family, every=1)[1].tolist()
            if at % family.step == 0
        ]
        return 2 * sum(self.closed[at : at + length] in value for at, length in spots) >= len(spots)


class _ClosedTexts:
    """Reads what the build kept, one file at a time."""

    def __init__(self, files: list[Path]) -> None:
        self._files = files
        self._number = -1
        self._rows: Any = None

    def at(self, place: Place) -> _Closed:
        """Return the article at a file and row. Ask in the order of files."""
        number, row = place
        if number != self._number:
            self._rows, self._number = pq.read_table(self._files[number]), number
        found = {name: self._rows[name][row].as_py() for name in ("id", "closed", "allowed")}
        return _Closed(found["id"], dense_joined(found["closed"]), dense_joined(found["allowed"]))


def _halves(shared: dict[Place, dict[Spot, set[int]]], scratch: Path) -> Iterator[tuple[Place, Spot]]:
    """Yield closed articles, in the order of files, and what holds half or more of their pieces."""
    number, totals = -1, np.empty(0, np.int64)
    for place in sorted(shared):
        if place[0] != number:
            number, totals = place[0], np.load(totals_file(scratch, place[0]))
        yield from ((place, spot) for spot, found in shared[place].items() if 2 * len(found) >= totals[place[1]])


def _copies(targets: list[Job], halves: Iterator[tuple[Place, Spot]], texts: _ClosedTexts) -> Iterator[Copy]:
    """Yield published articles that hold half or more of a closed one, unless a decision names them."""
    held: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for place, (target, row) in halves:
        held[target][row].append(texts.at(place).identity)
    for target, rows in held.items():
        for own in targets[target].values():
            if isinstance(own, Own) and not own.settled:
                yield from (Copy(identity, own.identity) for identity in rows.get(own.row, ()))


def _leaks(
    targets: list[Job], touching: dict[Place, dict[Spot, set[tuple[int, int]]]], texts: _ClosedTexts
) -> Iterator[Finding]:
    """Yield runs of closed texts in values that are no article's own content."""
    values = _wanted(targets, {spot for spots in touching.values() for spot in spots})
    for place in sorted(touching):
        closed = texts.at(place)
        told: set[int] = set()
        for (target, number), spots in sorted(touching[place].items()):
            value = values[target, number]
            if value.place == FOOTER and target in told:
                continue  # the statistics of a column that has been told of
            runs = {common_run(value.value, at, closed.closed, there) for at, there in spots}
            for run in sorted(filter(counts, runs), key=len, reverse=True):
                if closed.allows(run) or (value.place == FOOTER and _shown_here(targets[target], run)):
                    continue
                detail = f"holds {len(run)} characters of the withheld article {closed.identity}"
                yield Finding("leak", targets[target].shown, value.place, detail)
                told.add(target)
                break


def _wanted(targets: list[Job], spots: set[Spot]) -> dict[Spot, Other]:
    found = {}
    for target in sorted({target for target, _ in spots}):
        for value in targets[target].values():
            if isinstance(value, Other) and (target, value.number) in spots:
                found[target, value.number] = value
    return found


def _shown_here(job: Job, run: str) -> bool:
    """Tell whether an article of the same file shows a run: statistics repeat what stands in the rows."""
    return any(run in each.value for each in job.values() if isinstance(each, Own))
