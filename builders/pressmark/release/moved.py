"""Did an article change its split? Held against the release before, where that lies beside this one, and others."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.errors import UsageError, refuse_used_up
from pressmark.findings import Finding
from pressmark.release.version import numbers

_MANIFEST, _VERSIONS = "manifest.json", "versions.json"
_ROWS_AT_ONCE = 1 << 14
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, pa.ArrowException)

Words = npt.NDArray[np.uint64]


def verify_moved(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield articles that are in another split than in the release before, if that lies beside this one.

    Args:
        folder: The release, its files as the manifest says and its `versions.json` sound.
        manifest: Its manifest, or one with the files alone that are there.
    """
    earlier = _versions(folder)[:-1]
    if not earlier or folder.resolve().name != manifest["version"]:
        return
    beside = folder.resolve().parent / earlier[-1]["version"]
    if not (beside / _MANIFEST).is_file():
        return
    data = (beside / _MANIFEST).read_bytes()
    if hashlib.sha256(data).hexdigest() != earlier[-1]["manifest_sha256"]:
        return  # that it is another release is a finding of its own
    here = _Here.of(folder, manifest)
    try:
        before = here.elsewhere(_Files.of(beside, json.loads(data)))
    except _UNREADABLE as error:
        refuse_used_up(error)
        detail = f"the release {beside.name} beside this one cannot be read: {type(error).__name__}"
        yield Finding("history-differs", _VERSIONS, f"version {beside.name}", detail)
        return
    yield from _moved(here, before, beside.name)


def verify_unmoved_since(folder: Path, manifest: Mapping[str, Any], previous: Sequence[Path | str]) -> list[Finding]:
    """Return articles that are in another split than in some earlier releases, of whichever line.

    Args:
        folder: The release, its files as the manifest says.
        manifest: Its manifest, or one with the files alone that are there.
        previous: Folders of earlier releases of the same corpus.

    Raises:
        UsageError: one of them is no such release, or cannot be read.
    """
    if not previous:
        return []
    findings: list[Finding] = []
    here = _Here.of(folder, manifest)
    for earlier in map(Path, previous):
        stated = _earlier(earlier, manifest)
        version = stated["version"]
        data = (earlier / _MANIFEST).read_bytes()
        known = {each["version"]: each["manifest_sha256"] for each in _versions(folder)[:-1]}
        if stated["line"] == manifest["line"] and known.get(version, "") not in ("", hashlib.sha256(data).hexdigest()):
            detail = f"{earlier} is another release than the {version} that this one continues"
            findings.append(Finding("history-differs", _VERSIONS, f"version {version}", detail))
            continue
        try:
            before = here.elsewhere(_Files.of(earlier, stated))
        except _UNREADABLE as error:
            refuse_used_up(error)
            raise _no_release(earlier, type(error).__name__) from error
        findings += _moved(here, before, version)
    return findings


def _earlier(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest of an earlier release of the same corpus."""
    try:
        stated = dict(json.loads((folder / _MANIFEST).read_bytes()))
        both = (numbers(stated["version"]), numbers(manifest["version"]))
        # All lines have the same splits.
        is_earlier = both[0] < both[1] or (both[0] == both[1] and stated["line"] != manifest["line"])
        named = str(stated["corpus"])
    except _UNREADABLE as error:
        refuse_used_up(error)
        raise _no_release(folder, type(error).__name__) from error
    if named != manifest["corpus"] or not is_earlier:
        raise UsageError(
            f"{folder} is {stated['version']} of {named}, no earlier version than {manifest['version']} "
            f"of {manifest['corpus']}",
            advice="give folders of earlier releases as --previous",
        )
    return stated


def _no_release(folder: Path, why: str) -> UsageError:
    return UsageError(f"{folder} cannot be read: {why}", advice="give whole release folders as --previous")


def _versions(folder: Path) -> list[dict[str, Any]]:
    path = folder / _VERSIONS
    return list(json.loads(path.read_bytes())["versions"]) if path.is_file() else []


def _moved(here: "_Here", before: Mapping[str, str], version: str) -> Iterator[Finding]:
    """Yield those of some articles that are in another split here than they were."""
    for identity, (split, path) in sorted(here.files.places(before).items()) if before else ():
        old = before[identity]
        if old != split:
            yield Finding("article-moved", path, f"id {identity}", f"was in {old} in {version}, is in {split}")


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of rows of a release, each with its split."""

    folder: Path
    placed: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, folder: Path, manifest: Mapping[str, Any]) -> Self:
        return cls(folder, [(entry["split"], entry["path"]) for entry in manifest["files"] if "config" in entry])

    def ids(self) -> Iterator[tuple[list[str], str, str]]:
        """Yield the ids of some thousand rows together, with the split and the path of their file."""
        for split, path in self.placed:
            with pq.ParquetFile(self.folder / path) as file:
                if file.schema_arrow.names.count("id") != 1:
                    raise pa.ArrowInvalid(f"{path} has no one column id")
                # Threads would each keep memory of their own.
                for rows in file.iter_batches(_ROWS_AT_ONCE, columns=["id"], use_threads=False):
                    yield rows["id"].to_pylist(), split, path

    def places(self, some: Collection[str]) -> dict[str, tuple[str, str]]:
        """Return split and path of some ids, of those that are here; what comes later counts."""
        return {each: (split, path) for ids, split, path in self.ids() for each in ids if each in some}


@dataclass(frozen=True, slots=True)
class _Here:
    """In which split each article of a release is, in eight bytes: by what its id is told, and the number of the split.

    An id is told by bits of a hash, so that others may be taken for it: ids are compared before anything is said.
    """

    files: _Files
    splits: Sequence[str]
    words: Words
    """In their order."""

    @classmethod
    def of(cls, folder: Path, manifest: Mapping[str, Any]) -> Self:
        files = _Files.of(folder, manifest)
        splits = list(dict.fromkeys(split for split, _ in files.placed))
        words = np.empty(sum(pq.read_metadata(folder / path).num_rows for _, path in files.placed), np.uint64)
        here, begin = cls(files, splits, words), 0
        for ids, split, _ in files.ids():
            words[begin : begin + len(ids)] = here._told(ids, split)
            begin += len(ids)
        words.sort()
        return here

    def elsewhere(self, before: _Files) -> dict[str, str]:
        """Return the splits in an earlier release of articles that are in another one here, and by chance of others."""
        maybe: set[str] = set()
        for ids, split, _ in before.ids():
            own = self._told(ids, split)
            order = np.argsort(own)  # so that what is looked for together lies together
            own = own[order]
            first = np.searchsorted(self.words, own & ~self._last)
            last = np.searchsorted(self.words, own | self._last, "right") - 1
            there = np.flatnonzero(first <= last)
            # In the order of the splits: all are in this very one if the first and the last are.
            same = (self.words[first[there]] == own[there]) & (self.words[last[there]] == own[there])
            maybe.update(ids[row] for row in order[there[~same]].tolist())
        return {identity: split for identity, (split, _) in before.places(maybe).items()} if maybe else {}

    @property
    def _last(self) -> np.uint64:
        """The largest number that a split may have: one at least has no name, for those that are not here."""
        return np.uint64((1 << len(self.splits).bit_length()) - 1)

    def _told(self, ids: Sequence[str], split: str) -> Words:
        number = self.splits.index(split) if split in self.splits else len(self.splits)
        return _hashes(ids) & ~self._last | np.uint64(number)


def _hashes(ids: Sequence[str]) -> Words:
    # Python's own, another one in each process: what is found does not depend on it.
    return np.fromiter(map(hash, ids), np.int64, len(ids)).view(np.uint64)
