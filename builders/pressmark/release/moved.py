"""Did an article change its split? Held against the release before, where that lies beside this one."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.findings import Finding

_MANIFEST, _VERSIONS = "manifest.json", "versions.json"


def verify_moved(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield articles that are in another split than in the release before, if that lies beside this one.

    Args:
        folder: The release, its files as the manifest says and its `versions.json` sound.
        manifest: Its manifest, or one with the files alone that are there.
    """
    earlier = json.loads((folder / _VERSIONS).read_bytes())["versions"][:-1]
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
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        detail = f"the release {beside.name} beside this one cannot be read: {type(error).__name__}"
        yield Finding("history-differs", _VERSIONS, f"version {beside.name}", detail)
        return
    for identity, (split, path) in sorted(_splits(folder, manifest).items()):
        old, _ = before.get(identity, (split, ""))
        if old != split:
            yield Finding("article-moved", path, f"id {identity}", f"was in {old} in {beside.name}, is in {split}")


def _splits(folder: Path, manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    found = {}
    for entry in manifest["files"]:
        if "config" in entry:
            ids = pq.read_table(folder / entry["path"], columns=["id"], partitioning=None)["id"].to_pylist()
            found.update(dict.fromkeys(ids, (entry["split"], entry["path"])))
    return found
