"""The rows of a release: each file by itself, and what they add up to."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any

from pressmark.findings import Finding
from pressmark.release.again import Groups, groups_of, verify_again
from pressmark.release.naming import misnamed
from pressmark.release.noted import Noted, in_order, mapped
from pressmark.release.remembered import Memory
from pressmark.release.shard import Task, noted_of, read_shard
from pressmark.release.smallest import AGAINST, likely
from pressmark.release.tally import Part, Tally

Run = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]
"""Runs a function over tasks and yields the results in their order, as an engine does."""

_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of a release say together."""

    tally: Tally
    findings: list[Finding]
    shards: list[Mapping[str, Any]]
    """What the manifest says of the files of rows, by their number."""

    groups: Groups

    sample: list[tuple[str, int, int]]
    """Digest, file and row of the texts with the smallest digests, in their order."""


def verify_rows(
    folder: Path,
    manifest: dict[str, Any],
    broken: Collection[Part],
    scratch: Path,
    run: Run,
    memory: Memory | None = None,
    *,
    near: bool,
) -> Rows:
    """Return what the rows of a release add up to, and what is wrong with them.

    Args:
        folder: The release.
        manifest: Its manifest, or one with the sound files alone.
        broken: Splits of which a file is not there or not sound, so that their sums cannot be told.
        scratch: An empty folder for what is noted of rows.
        run: Reads the files; findings do not depend on how.
        memory: What earlier readings of the same files came to; findings do not depend on it.
        near: Whether near copies are going to be looked for.
    """
    files = [entry for entry in manifest["files"] if entry["path"].endswith(".parquet")]
    found = [
        Finding("rows-differ", entry["path"], "", "found rows of no configuration")
        for entry in files
        if "config" not in entry
    ]
    shards = [entry for entry in files if "config" in entry]
    without_files = {key: value for key, value in manifest.items() if key != "files"}
    bound = likely(sum(entry["rows"] for entry in shards if entry["config"] == "articles"))
    tasks = [
        Task(number, entry, folder, without_files, scratch, bound if near else None, memory)
        for number, entry in enumerate(shards)
    ]
    tally, names = Tally(), {}
    sample: list[tuple[str, int, int]] = []
    for task, reading in zip(tasks, run(read_shard, tasks), strict=True):
        found += reading.findings
        tally.merge(reading.tally)
        if memory and reading.key:
            memory.used.append(reading.key)
        if reading.names is not None:
            names[task.entry["path"]] = reading.names
        more = ((digest, task.number, row) for digest, row in reading.sample)
        sample = list(islice(merge(sample, more), AGAINST))
    noted = [(each.entry["path"], each.entry["config"], each.entry["split"], noted_of(each)) for each in tasks]
    tally.files = mapped(noted, scratch / "noted.arrows")
    groups = groups_of(tally.files)
    tally.group_sizes = groups.sizes
    found += verify_again(tally.files, drops_copies=manifest["duplicates"]["exact"] == "drop")
    found += [
        Finding("shard-misnamed", path, "", "its name is not the one that its rows have beside the others")
        for path in misnamed(names)
    ]
    return Rows(tally, [*found, *_parts(manifest, tally, broken)], shards, groups, sample)


def _parts(manifest: Mapping[str, Any], tally: Tally, broken: Collection[Part]) -> Iterator[Finding]:
    """Hold configurations and splits against their rows."""
    left: dict[Part, list[Noted]] = {}
    for file in tally.files:
        left.setdefault((file.config, file.split), []).append(file)
    for config, found in manifest["configs"].items():
        for split, stated in found["splits"].items():
            place, rows = f"{config}/{split}", left.pop((config, split), [])
            if (config, split) in broken:
                continue
            if (count := sum(map(len, rows))) != stated["rows"]:
                detail = f"found {count} rows, expected {stated['rows']}"
                yield Finding("rows-differ", _MANIFEST, place, detail)
            digest = hashlib.sha256()
            for _, digests in in_order(rows, "digest"):
                digest.update(digests)
            if digest.hexdigest() != stated["content_sha256"]:
                yield Finding("content-differs", _MANIFEST, place, "found another content digest")
            low, high = tally.sizes.get((config, split), (0, 0))
            if not low <= stated["arrow_bytes"] <= high:
                detail = f"its columns take {low} to {high} bytes in memory, not {stated['arrow_bytes']}"
                yield Finding("size-differs", _MANIFEST, place, detail)
    for config, split in left:
        yield Finding("rows-differ", _MANIFEST, f"{config}/{split}", "found files of a split that is not listed")
