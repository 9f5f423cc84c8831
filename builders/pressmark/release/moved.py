"""Did an article change its split? Held against the release before, where that lies beside this one, and others."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.errors import UsageError
from pressmark.findings import Finding
from pressmark.release.version import numbers

_MANIFEST, _VERSIONS = "manifest.json", "versions.json"
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, pa.ArrowException)


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
    try:
        before = _splits(beside, json.loads(data))
    except _UNREADABLE as error:
        detail = f"the release {beside.name} beside this one cannot be read: {type(error).__name__}"
        yield Finding("history-differs", _VERSIONS, f"version {beside.name}", detail)
        return
    yield from _moved(_splits(folder, manifest), before, beside.name)


def verify_unmoved_since(folder: Path, manifest: Mapping[str, Any], previous: Sequence[Path | str]) -> list[Finding]:
    """Return articles that are in another split than in some earlier releases, of whichever line.

    Args:
        folder: The release, its files as the manifest says.
        manifest: Its manifest, or one with the files alone that are there.
        previous: Folders of earlier releases of the same corpus.

    Raises:
        UsageError: one of them is no such release, or cannot be read.
    """
    findings: list[Finding] = []
    here = _splits(folder, manifest) if previous else {}
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
            before = _splits(earlier, stated)
        except _UNREADABLE as error:
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


def _moved(
    here: Mapping[str, tuple[str, str]], before: Mapping[str, tuple[str, str]], version: str
) -> Iterator[Finding]:
    for identity, (split, path) in sorted(here.items()):
        old, _ = before.get(identity, (split, ""))
        if old != split:
            yield Finding("article-moved", path, f"id {identity}", f"was in {old} in {version}, is in {split}")


def _splits(folder: Path, manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    found = {}
    for entry in manifest["files"]:
        if "config" in entry:
            ids = pq.read_table(folder / entry["path"], columns=["id"], partitioning=None)["id"].to_pylist()
            found.update(dict.fromkeys(ids, (entry["split"], entry["path"])))
    return found
