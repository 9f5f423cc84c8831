"""What must not stand twice in a release, whichever files it stands in: ids, texts, groups in two splits.

The columns of all files are looked at together, as columns. Only where they hold something twice are rows looked at one
by one.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.findings import Finding
from pressmark.release.arrays import numbers, of, there
from pressmark.release.tally import Tally

KEYS = ("id", "text_sha256", "group_id", "published_on")
"""Columns that are kept of every row."""

_NO_DAY = np.int32(np.iinfo(np.int32).max)


def columns_of(files: list[tuple[str, str, pa.Table]]) -> pa.Table:
    """Return the keys of all rows, with the number of their file.

    Args:
        files: Path, split and `KEYS` of each file, in the order of the manifest.
    """
    numbered = [
        table.append_column("file", numbers(np.full(len(table), number, np.int32)))
        for number, (_, _, table) in enumerate(files)
    ]
    return pa.concat_tables(numbered)


def verify_again(files: list[tuple[str, str, pa.Table]], tally: Tally, *, drops_copies: bool) -> Iterator[Finding]:
    """Yield what stands twice, and note the groups in the tally.

    Args:
        files: Path, split and `KEYS` of each file, in the order of the manifest.
        tally: Gets the groups.
        drops_copies: Whether a text may stand only once.
    """
    tally.paths, tally.splits = [path for path, _, _ in files], [split for _, split, _ in files]
    if not files:
        return
    rows = columns_of(files)
    of_files = np.array([tally.splits.index(split) for split in tally.splits], np.int32)
    tally.groups, several, tally.group_sizes = _groups(rows, of_files)
    twice = list(_ids_twice(rows, tally))
    yield from twice
    if drops_copies:
        # What has another's id has its text most likely too, and that is told once.
        yield from _texts_twice(rows, tally, {finding.place for finding in twice})
    apart = tally.groups.take(several)
    first = dict(zip(apart["group"].to_pylist(), apart["file"].to_pylist(), strict=True))
    for row in rows.filter(pc.is_in(rows["group_id"], apart["group"].combine_chunks())).to_pylist():
        split = tally.splits[first[row["group_id"]]]
        if split != tally.splits[row["file"]]:
            detail = f"its group is in {split} too"
            yield Finding("group-straddles", tally.paths[row["file"]], f"id {row['id']}", detail)


def _groups(rows: pa.Table, splits: npt.NDArray[np.int32]) -> tuple[pa.Table, pa.Array, Counter[int]]:
    """Return each group with its first file and day, the numbers of those in several splits, and how large groups are.

    Args:
        rows: The keys of all rows, with the number of their file.
        splits: The number of the split of each file.
    """
    # With numpy: what groups rows in Arrow takes a second to import.
    encoded = rows["group_id"].combine_chunks().dictionary_encode(null_encoding="encode")
    of_rows, files = of(encoded.indices), of(rows["file"].combine_chunks())
    days = rows["published_on"].combine_chunks()
    known = np.where(there(days), of(days.cast(pa.int32())), _NO_DAY)
    order = np.argsort(of_rows, kind="stable")
    starts = np.searchsorted(of_rows[order], np.arange(len(encoded.dictionary)))
    file, day = (np.minimum.reduceat(each[order], starts) for each in (files, known))
    low, high = (each.reduceat(splits[files[order]], starts) for each in (np.minimum, np.maximum))
    is_known = np.packbits(day != _NO_DAY, bitorder="little")
    told = pa.Array.from_buffers(pa.date32(), len(day), [pa.py_buffer(is_known), pa.py_buffer(day)])
    names = ["group", "file", "day"]
    sizes = np.diff(np.append(starts, len(order)))
    several = numbers(np.flatnonzero(low != high))
    return pa.table([encoded.dictionary, numbers(file), told], names), several, Counter(sizes[sizes > 1].tolist())


def _twice(rows: pa.Table, name: str) -> list[dict[str, object]]:
    """Return the rows that have a value in common with another, in their order."""
    if pc.count_distinct(rows[name], mode="all").as_py() == len(rows):
        return []
    counted = rows.group_by(name, use_threads=False).aggregate([([], "count_all")])
    several = counted.filter(pc.greater(counted["count_all"], 1))[name].combine_chunks()
    found: list[dict[str, object]] = rows.filter(pc.is_in(rows[name], several)).to_pylist()
    return found


def _ids_twice(rows: pa.Table, tally: Tally) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for row in _twice(rows, "id"):
        path = tally.paths[int(str(row["file"]))]
        if row["id"] in seen:
            yield Finding("id-twice", path, f"id {row['id']}", f"also in {seen[row['id']]}")
        seen[row["id"]] = path


def _texts_twice(rows: pa.Table, tally: Tally, told: set[str]) -> Iterator[Finding]:
    seen: dict[object, object] = {}
    for row in _twice(rows, "text_sha256"):
        other = seen.setdefault(row["text_sha256"], row["id"])
        if other != row["id"] and f"id {row['id']}" not in told:
            path = tally.paths[int(str(row["file"]))]
            yield Finding("text-twice", path, f"id {row['id']}", f"id {other} has the same text")
