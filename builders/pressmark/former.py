"""What older releases of a line had, as far as they lie beside the newest one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressmark.curate.withdrawals import Suppression
from pressmark.errors import OutputError, refuse_unreadable
from pressmark.standings import Standings, recalled


@dataclass(frozen=True, slots=True)
class Former:
    """The files of older releases that the newest one has not, the newest last."""

    files: Mapping[str, tuple[str, pa.Table]]
    """By their digest: split, and what is known of the articles."""

    releases: Mapping[int, frozenset[str]]
    """By number of a release, the digests of its files."""

    def holding(self, ids: Collection[str]) -> set[int]:
        """Return the numbers of the older releases that had any of some articles, which the newest one has not."""
        wanted = pa.array(list(ids), pa.string())
        held = {digest for digest, (_, rows) in self.files.items() if pc.any(pc.is_in(rows["id"], wanted)).as_py()}
        return {number for number, digests in self.releases.items() if held & digests}

    def withdrawn(self, newest: Standings, suppression: Suppression) -> dict[str, str]:
        """Return the articles that are withdrawn and that the newest release had no more, each with its tombstone."""
        found = {}
        for _, rows in self.files.values() if suppression.buried else ():
            gone = newest.known.find(rows["id"].combine_chunks(), rows["key"].to_numpy()) < 0
            for identity in rows["id"].filter(pa.array(gone)).to_pylist():
                if tombstone := suppression.by_id(identity):
                    found[identity] = tombstone
        return found


def former(newest: Mapping[str, Any], older: Iterable[tuple[Path, Mapping[str, Any]]]) -> Former:
    """Read the files of older releases that the newest one has not, each once.

    Args:
        newest: Its manifest.
        older: Folder and manifest of each of the others, in their order.

    Raises:
        OutputError: one of them cannot be read.
    """
    known = {entry["sha256"] for entry in newest["files"]}
    files: dict[str, tuple[str, pa.Table]] = {}
    releases = {}
    for folder, manifest in older:
        shards: Sequence[Mapping[str, Any]] = [entry for entry in manifest["files"] if "config" in entry]
        releases[int(manifest["release"])] = frozenset(entry["sha256"] for entry in shards)
        for entry in shards:
            if entry["sha256"] not in known:
                known.add(entry["sha256"])
                files[entry["sha256"]] = entry["split"], _origins_in(folder / entry["path"])
    return Former(files, releases)


def _origins_in(path: Path) -> pa.Table:
    try:
        rows = pq.read_table(path, columns=["id", "group_id", "added_in"], partitioning=None)
    except (OSError, pa.ArrowException) as error:
        refuse_unreadable(error)
        raise OutputError(
            f"{path} cannot be read: {type(error).__name__}",
            advice="older releases say where articles belong that come back: bring it back, or take its folder away",
        ) from error
    return recalled(rows)
