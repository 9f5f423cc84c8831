"""Brings together the pieces that may have met, and compares character by character: the last step of the leak scan."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from pressmark.findings import Finding
from pressmark.release.pieces import BREAK, common_run, counts, dense, is_half, windows
from pressmark.release.values import FOOTER, Other, Own, parquet_values, text_values

Place = tuple[int, int]
"""Number of the file of closed texts, and row."""

Spot = tuple[int, int]
"""Number of the file of the release, and of the row or value in it."""

ENTRY = np.dtype([("hash", "<u8"), ("file", "<u4"), ("row", "<u4"), ("at", "<u4"), ("rare", "?")])
"""A piece of a closed text."""

MET = np.dtype([("hash", "<u8"), ("file", "<u4"), ("number", "<u4"), ("at", "<u4"), ("own", "?")])
"""A piece of a release that may be one of a closed text."""

_PAIRS = 4 * 10**6
"""Meetings that are looked at together."""

_EXCUSES = 200
"""Runs for which it is asked whether an article shows them itself. More than these are leaks."""


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
    return dense(value)


def entries(scratch: Path, kind: str, part: int, dtype: np.dtype[Any]) -> Any:
    """Return what the tasks of a step wrote for one part of the index."""
    found = [np.fromfile(path, dtype) for path in sorted(scratch.glob(f"{kind}-{part:04d}-*.bin"))]
    return np.concatenate(found) if found else np.empty(0, dtype)


def join(targets: list[Job], files: list[Path], scratch: Path, parts: int) -> Scan:
    """Compare what met: an article's own content may hold less than half of a text, all else no run of it."""
    mine: set[tuple[Place, Spot]] = set()
    others: dict[Place, set[tuple[Spot, int, int]]] = defaultdict(set)
    for part in range(parts):
        index = entries(scratch, "index", part, ENTRY)
        index = index[np.argsort(index["hash"], kind="stable")]
        met = entries(scratch, "met", part, MET)
        for piece, found in _meetings(met[met["own"]], index[index["rare"]]):
            pairs = np.stack([found["file"], found["row"], piece["file"], piece["number"]], axis=1)
            mine |= {((f, r), (t, n)) for f, r, t, n in np.unique(pairs, axis=0).tolist()}
        # Wherever a value holds a piece several times, one of the places is enough: the rest of a run is found by
        # another of its pieces.
        rest = met[~met["own"]]
        _, once = np.unique(rest[["hash", "file", "number", "at"]], return_index=True)
        for piece, found in _meetings(rest[once], index):
            spots = zip(piece["file"].tolist(), piece["number"].tolist(), strict=True)
            places = zip(found["file"].tolist(), found["row"].tolist(), strict=True)
            for spot, place, at, there in zip(spots, places, piece["at"].tolist(), found["at"].tolist(), strict=True):
                others[place].add((spot, at, there))
    texts = _ClosedTexts(files)
    copies = sorted(_copies(targets, mine, texts), key=lambda copy: (copy.published, copy.withheld))
    return Scan(list(_leaks(targets, others, texts)), copies)


def _meetings(met: Any, index: Any) -> Iterator[tuple[Any, Any]]:
    """Yield pieces of the release and the pieces of closed texts that they are, side by side, some at a time."""
    first = np.searchsorted(index["hash"], met["hash"], side="left")
    each = np.searchsorted(index["hash"], met["hash"], side="right") - first
    ends = np.cumsum(each)
    start = 0
    while start < len(met):
        stop = max(start + 1, int(np.searchsorted(ends, (ends[start - 1] if start else 0) + _PAIRS, side="right")))
        some = each[start:stop]
        which = np.repeat(np.arange(start, stop), some)
        within = np.arange(len(which)) - np.repeat(np.cumsum(some) - some, some)
        yield met[which], index[first[which] + within]
        start = stop


@dataclass(frozen=True, slots=True)
class _Closed:
    """What the build kept of an article that it did not show."""

    identity: str
    closed: str
    allowed: str

    def allows(self, run: str) -> bool:
        """Tell whether a run stands in a value of the article that may appear, and that is not its text itself."""
        holding = [value for value in self.allowed.split(BREAK) if run in value]
        return bool(holding) and not any(is_half(windows(self.closed), value) for value in holding)


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


def _copies(targets: list[Job], pairs: set[tuple[Place, Spot]], texts: _ClosedTexts) -> Iterator[Copy]:
    """Yield published articles that hold half or more of a closed one, unless a decision names them."""
    wanted = {spot for _, spot in pairs}
    shown = {
        (target, each.row): each
        for target in sorted({target for target, _ in wanted})
        for each in targets[target].values()
        if isinstance(each, Own) and not each.settled and (target, each.row) in wanted
    }
    spots: dict[Place, list[Spot]] = defaultdict(list)
    for place, spot in pairs:
        if spot in shown:
            spots[place].append(spot)
    for place in sorted(spots):
        closed = texts.at(place)
        runs = windows(closed.closed)
        for spot in spots[place]:
            if is_half(runs, shown[spot].value):
                yield Copy(closed.identity, shown[spot].identity)


def _leaks(
    targets: list[Job], touching: dict[Place, set[tuple[Spot, int, int]]], texts: _ClosedTexts
) -> Iterator[Finding]:
    """Yield runs of closed texts in values that are no article's own content."""
    values = _wanted(targets, {spot for spots in touching.values() for spot, _, _ in spots})
    found: dict[tuple[int, str, str], str] = {}
    for place in sorted(touching):
        closed = texts.at(place)
        for spot, at, there in sorted(touching[place]):
            run = common_run(values[spot].value, at, closed.closed, there)
            key = (spot[0], closed.identity, values[spot].place)
            if counts(run) and len(run) > len(found.get(key, "")) and not closed.allows(run):
                found[key] = run
    excused = _shown(targets, sorted(set(found.values()))[:_EXCUSES]) if found else set()
    told = {key[:2] for key, run in found.items() if key[2] != FOOTER and run not in excused}
    for (target, identity, column), run in found.items():
        # The footer repeats what stands in the rows; what was told of there is not told twice.
        if run not in excused and not (column == FOOTER and (target, identity) in told):
            detail = f"holds {len(run)} characters of the withheld article {identity}"
            yield Finding("leak", targets[target].shown, column, detail)


def _wanted(targets: list[Job], spots: set[Spot]) -> dict[Spot, Other]:
    found = {}
    for target in sorted({target for target, _ in spots}):
        for value in targets[target].values():
            if isinstance(value, Other) and (target, value.number) in spots:
                found[target, value.number] = value
    return found


def _shown(targets: list[Job], runs: list[str]) -> set[str]:
    """Return the runs that an article of the release shows as its own content, where they are no leak.

    Statistics, credits and the card repeat what stands in the rows.
    """
    found: set[str] = set()
    for target in targets:
        for each in target.values() if target.path.suffix == ".parquet" else ():
            if isinstance(each, Own):
                found.update(run for run in runs if run in each.value)
    return found
