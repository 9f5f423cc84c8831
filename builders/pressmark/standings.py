"""What articles were in earlier releases, by columns: found by id, and less than a hundred bytes for each.

Ids are looked for by a key of 64 bits and then compared, so that no two are ever taken for one.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.curate.splits import Origin

RECALLED = pa.schema(
    [
        ("id", pa.large_string()),
        ("key", pa.uint64()),
        ("group", pa.uint64()),
        ("added_in", pa.int32()),
        ("changed_in", pa.int32()),
        ("lasting", pa.binary(32)),
    ]
)
"""What is kept of a file of an earlier release; `lasting` is the digest of a row but for the numbers of releases."""

_WORD_DIGITS, _WORD_BYTES = 16, 8
_NEVER = np.iinfo(np.int32).max

Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


def keys_of(ids: Sequence[str]) -> Words:
    """Return a key for each of some ids."""
    told = b"".join(hashlib.sha256(identity.encode()).digest()[:_WORD_BYTES] for identity in ids)
    return np.frombuffer(told, ">u8").astype(np.uint64)


def first_words(digests: Sequence[str]) -> Words:
    """Return the first 64 bits of digests in hexadecimal digits: what a group is named after, as a number."""
    told = bytes.fromhex("".join(digest[:_WORD_DIGITS] for digest in digests))
    return np.frombuffer(told, ">u8").astype(np.uint64)


def group_name(word: int) -> str:
    """Return the name of a group that is held as a number."""
    return f"{word:016x}"


def recalled(rows: pa.Table | pa.RecordBatch, lasting: Sequence[bytes] | None = None) -> pa.Table:
    """Return what is kept of some rows of a release.

    Args:
        rows: At least their id, group and number of the release that added them.
        lasting: The digests of the rows, where they are asked for.
    """
    ids = rows["id"].to_pylist()
    columns = {
        "id": ids,
        "key": keys_of(ids),
        "group": first_words(rows["group_id"].to_pylist()),
        "added_in": rows["added_in"],
        "changed_in": rows["changed_in"] if lasting is not None else pa.nulls(len(ids)),
        "lasting": lasting if lasting is not None else pa.nulls(len(ids)),
    }
    return pa.table(columns, schema=RECALLED)


@dataclass(frozen=True, slots=True)
class Known:
    """Ids, each once, in the order of their keys."""

    ids: pa.Array
    keys: Words

    def find(self, ids: pa.Array, keys: Words) -> Places:
        """Return where each of some ids is among these; -1 where it is not."""
        found = np.full(keys.size, -1, np.int64)
        places = np.searchsorted(self.keys, keys)
        left = np.arange(keys.size)
        while left.size:
            left = left[places[left] < self.keys.size]
            left = left[self.keys[places[left]] == keys[left]]
            same = pc.equal(self.ids.take(pa.array(places[left])), ids.take(pa.array(left)))
            same = same.to_numpy(zero_copy_only=False).astype(bool)
            found[left[same]] = places[left[same]]
            left = left[~same]
            places[left] += 1  # to another id with the same key
        return found


@dataclass(frozen=True, slots=True)
class Standings:
    """The articles of one release, in the order of the keys of their ids."""

    known: Known
    config: npt.NDArray[np.int16]
    split: npt.NDArray[np.int16]
    """Numbers in the lists below."""

    group: Words
    added_in: npt.NDArray[np.int32]
    changed_in: npt.NDArray[np.int32]
    lasting: pa.Array
    configs: Sequence[str]
    splits: Sequence[str]

    @classmethod
    def of(cls, files: Sequence[tuple[str, str, pa.Table]]) -> Self:
        """Return the articles of some files, each with its configuration and its split."""
        configs = list(dict.fromkeys(config for config, _, _ in files))
        splits = list(dict.fromkeys(split for _, split, _ in files))
        sizes = [table.num_rows for _, _, table in files]
        config = np.repeat(np.array([configs.index(name) for name, _, _ in files], np.int16), sizes)
        split = np.repeat(np.array([splits.index(name) for _, name, _ in files], np.int16), sizes)
        rows = pa.concat_tables([RECALLED.empty_table(), *(table for _, _, table in files)])
        order = np.argsort(rows["key"].to_numpy(), kind="stable")
        rows = {name: whole(rows[name]).take(pa.array(order)) for name in RECALLED.names}
        return cls(
            Known(rows["id"], rows["key"].to_numpy()),
            config[order],
            split[order],
            rows["group"].to_numpy(),
            rows["added_in"].to_numpy(),
            rows["changed_in"].to_numpy(),
            rows["lasting"],
            configs,
            splits,
        )

    def added(self, ids: Sequence[str]) -> list[int]:
        """Return the numbers of the releases that added some articles of this one."""
        return list(self.added_in[self.known.find(pa.array(ids, pa.large_string()), keys_of(ids))].tolist())


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where articles belong for ever, because a release had them: in the order of the keys of their ids."""

    known: Known
    split: npt.NDArray[np.int16]
    """Numbers in the list below."""

    group: Words
    released: npt.NDArray[np.int32]
    """Number of the earliest release of any line that has it."""

    current: npt.NDArray[np.bool_]
    """Whether the newest release of a line has it, and not only an older one."""

    splits: Sequence[str]
    by_group: npt.NDArray[np.int32]
    """Where articles are, those of a group side by side."""

    @classmethod
    def of(cls, gone: Sequence[tuple[str, pa.Table]], lines: Sequence[Standings]) -> Self:
        """Return where articles belong; what comes later counts, lines after what is gone from them.

        Args:
            gone: Files of older releases, each with its split.
            lines: The newest release of each line.
        """
        splits = list(dict.fromkeys([*(split for split, _ in gone), *(name for line in lines for name in line.splits)]))
        parts = [_part(table, np.full(table.num_rows, splits.index(split))) for split, table in gone]
        before = sum(map(len, (part["id"] for part in parts)))
        parts += [_of_line(line, splits) for line in lines]
        rows = pa.concat_tables([_PART.empty_table(), *parts])
        each = whole(rows["id"]).dictionary_encode()
        which, ids = each.indices.to_numpy(), each.dictionary
        last = np.empty(len(ids), np.int64)
        last[which] = np.arange(which.size)
        released = rows["added_in"].to_numpy()
        first = np.full(len(ids), _NEVER, np.int32)
        np.minimum.at(first, which[before:], released[before:])
        keys = rows["key"].to_numpy()[last]
        order = np.argsort(keys, kind="stable")
        last, first = last[order], first[order]
        return cls(
            Known(ids.take(pa.array(order)), keys[order]),
            rows["split"].to_numpy()[last],
            rows["group"].to_numpy()[last],
            np.where(first < _NEVER, first, released[last]),
            first < _NEVER,
            splits,
            np.argsort(rows["group"].to_numpy()[last], kind="stable").astype(np.int32),
        )

    def about(self, groups: Words) -> dict[str, Origin]:
        """Return where the articles of some groups belong, by id."""
        wanted = np.unique(groups)
        begins, ends = (np.searchsorted(self.group, wanted, side, sorter=self.by_group) for side in ("left", "right"))
        spans = [self.by_group[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
        those = np.sort(np.concatenate([np.empty(0, np.int64), *spans]))
        return dict(zip(self.known.ids.take(pa.array(those)).to_pylist(), self._origins(those), strict=True))

    def _origins(self, places: Places) -> list[Origin]:
        columns = (self.split[places].tolist(), self.group[places].tolist(), self.released[places].tolist())
        return [
            Origin(self.splits[split], group_name(group), released)
            for split, group, released in zip(*columns, strict=True)
        ]

    def founders(self) -> Iterator[tuple[str, str]]:
        """Yield every group with the id of its founder: who was released first, of several the smallest id."""
        table = pa.table({"group": self.group, "released": self.released, "id": self.known.ids})
        keys = [(name, "ascending") for name in table.column_names]
        order = pc.sort_indices(table, sort_keys=keys).to_numpy()
        groups = self.group[order]
        is_first = np.insert(groups[1:] != groups[:-1], 0, values=True)[: groups.size]
        for place in order[is_first].tolist():
            yield group_name(int(self.group[place])), str(self.known.ids[place].as_py())


_PART = pa.schema(
    {"id": pa.large_string(), "key": pa.uint64(), "split": pa.int16(), "group": pa.uint64(), "added_in": pa.int32()}
)


def _part(table: pa.Table, split: Places) -> pa.Table:
    columns = {name: table[name] for name in ("id", "key", "group", "added_in")}
    return pa.table({**columns, "split": pa.array(split, pa.int16())}).select(_PART.names)


def _of_line(line: Standings, splits: Sequence[str]) -> pa.Table:
    numbers = np.array([splits.index(name) for name in line.splits], np.int16)
    columns = {"id": line.known.ids, "key": line.known.keys, "group": line.group, "added_in": line.added_in}
    return pa.table({**columns, "split": numbers[line.split]}).select(_PART.names)


def whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece."""
    found = column.combine_chunks()
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
