"""What must not stand twice in a release, whichever files it stands in: ids, texts, groups in two splits.

Of all files together only words of 64 bits are looked at. Where two are the same, rows are looked at one by one.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pressmark.findings import Finding
from pressmark.release.arrays import numbers
from pressmark.release.noted import Noted, joined
from pressmark.release.noting import KEYS, Words

Numbers = npt.NDArray[np.int64]
Row = dict[str, Any]
"""Id, digest of the text and group of a row, and the number of its file."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a release, in the order in which their first rows stand in it."""

    files: Sequence[Noted]
    first: Numbers
    """The number of the first row of each, counted through all files."""

    days: npt.NDArray[np.int32]
    """The first day that one of its rows has, or `NO_DAY`."""

    sizes: Counter[int]
    """How many groups of several rows have how many."""

    def each(self) -> Iterator[tuple[str, int, Noted]]:
        """Yield each group, its first day, and the file of its first row."""
        begin = 0
        for file in self.files:
            start, end = np.searchsorted(self.first, (begin, begin + len(file)))
            names = file.rows.column("group_id").take(numbers(self.first[start:end] - begin)).to_pylist()
            yield from ((name, day, file) for name, day in zip(names, self.days[start:end].tolist(), strict=True))
            begin += len(file)


def verify_again(files: Sequence[Noted], *, drops_copies: bool) -> Iterator[Finding]:
    """Yield what stands twice, and groups that are in several splits.

    Args:
        files: What is noted of each file, in the order of the manifest.
        drops_copies: Whether a text may stand only once.
    """
    twice = list(_ids_twice(files))
    yield from twice
    if drops_copies:
        # What has another's id has its text most likely too, and that is told once.
        yield from _texts_twice(files, {finding.place for finding in twice})
    first: dict[str, str] = {}
    for row in _rows(files, "group_id", _apart(files)):
        split = first.setdefault(row["group_id"], files[row["file"]].split)
        if split != files[row["file"]].split:
            detail = f"its group is in {split} too"
            yield Finding("group-straddles", files[row["file"]].path, f"id {row['id']}", detail)


def groups_of(files: Sequence[Noted]) -> Groups:
    """Return the groups of all rows."""
    order, starts = _together(joined(files, "group_id_word"))
    days = np.minimum.reduceat(joined(files, "day")[order], starts) if len(starts) else np.empty(0, np.int32)
    sizes = np.diff(np.append(starts, len(order)))
    first = order[starts]  # the order of equal words is that of the rows
    by_first = np.argsort(first)
    return Groups(files, first[by_first], days[by_first], Counter(sizes[sizes > 1].tolist()))


def _together(words: Words) -> tuple[Numbers, Numbers]:
    """Return the order of words, and where in it each different one begins."""
    order = np.argsort(words, kind="stable")
    ascending = words[order]
    return order, np.flatnonzero(np.append(True, ascending[1:] != ascending[:-1])[: len(words)])


def _apart(files: Sequence[Noted]) -> Words:
    """Return the words of groups in several splits."""
    names = sorted({file.split for file in files})
    splits = np.repeat(np.array([names.index(file.split) for file in files], np.uint8), list(map(len, files)))
    words: Words = joined(files, "group_id_word")
    order, starts = _together(words)
    if not len(starts):
        return words
    low, high = (each.reduceat(splits[order], starts) for each in (np.minimum, np.maximum))
    apart: Words = words[order[starts[low != high]]]
    return apart


def _rows(files: Sequence[Noted], name: str, words: Words) -> list[Row]:
    """Return the rows that have one of some words, in their order, each with the number of its file."""
    found = []
    for number, file in enumerate(files) if len(words) else ():
        those = np.flatnonzero(np.isin(file.numbers(f"{name}_word"), words))
        found += [{**row, "file": number} for row in file.rows.select(KEYS).take(numbers(those)).to_pylist()]
    return found


def _alike(files: Sequence[Noted], name: str) -> list[Row]:
    """Return the rows that have a value in common with another, in their order."""
    ascending = np.sort(joined(files, f"{name}_word"))
    rows = _rows(files, name, np.unique(ascending[1:][ascending[1:] == ascending[:-1]]))
    counted = Counter(row[name] for row in rows)
    return [row for row in rows if counted[row[name]] > 1]


def _ids_twice(files: Sequence[Noted]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for row in _alike(files, "id"):
        path = files[row["file"]].path
        if row["id"] in seen:
            yield Finding("id-twice", path, f"id {row['id']}", f"also in {seen[row['id']]}")
        seen[row["id"]] = path


def _texts_twice(files: Sequence[Noted], told: Collection[str]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for row in _alike(files, "text_sha256"):
        other = seen.setdefault(row["text_sha256"], row["id"])
        if other != row["id"] and f"id {row['id']}" not in told:
            yield Finding("text-twice", files[row["file"]].path, f"id {row['id']}", f"id {other} has the same text")
