"""Brings a release home from a bucket, as a folder like any other."""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from pressmark.errors import OutputError, RemoteError, UsageError
from pressmark.press.manifest import MANIFEST
from pressmark.s3_address import EXPECTED, S3Address, s3_address
from pressmark.stores.opened import opened

if TYPE_CHECKING:
    from pressmark.stores.bucket import Bucket, Stored

AT_ONCE = 8
"""Objects that are read or written at the same time."""

_LONGEST_PATH, _LONGEST_PART = 400, 200
_ODD = re.compile(r"[\x00-\x1f\x7f\\]")


@contextmanager
def release_at_home(place: Path | str, below: Path | None = None, *, checked: bool = True) -> Iterator[Path]:
    """Give the folder of a release in a bucket, copied into a private folder for as long as it is looked at.

    Args:
        place: `s3://BUCKET/PREFIX/CORPUS/LINE/VERSION`.
        below: Where that folder is made; by default where temporary files go.
        checked: Hold every file against the manifest.

    Raises:
        UsageError: it is no address.
        RemoteError: there is no release, or it cannot be read.
        OutputError: a file is not what the manifest says.
    """
    address = s3_address(place)
    if address is None or not address.key:
        raise UsageError(f"{place} is no release in a bucket", advice=f"expected {EXPECTED}, of a release")
    bucket = opened(address.bucket)
    folder = Path(mkdtemp(prefix=".fetched-", dir=below))
    try:
        bring_release(bucket, address, folder, checked=checked)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bring_release(
    bucket: "Bucket", address: S3Address, folder: Path, *, checked: bool, known: Mapping[str, Path] | None = None
) -> None:
    """Bring a release home.

    Args:
        bucket: Where it is.
        address: Of the release.
        folder: An empty folder.
        checked: Hold every file against the manifest.
        known: Files that are here, by their SHA-256: they are linked, not brought.

    Raises:
        RemoteError: there is no release, or it cannot be read.
        OutputError: a file is not what the manifest says.
    """
    prefix = f"{address.key}/"
    found = {each.key.removeprefix(prefix): each for each in bucket.listed(prefix).objects}
    if MANIFEST not in found:
        raise RemoteError(
            f"there is no release at {address}: found no {MANIFEST} there",
            advice="look at the address; where a build is uploading, or was cut off, the manifest comes last",
        )
    _refuse_odd(address, list(found))
    bucket.bring(found[MANIFEST], folder / MANIFEST)
    stated = digests_in(folder / MANIFEST, str(address)) if checked else {}
    here = known or {}

    def bring(item: tuple[str, "Stored"]) -> None:
        path, stored = item
        place, expected = folder / path, stated.get(path, "")
        place.parent.mkdir(parents=True, exist_ok=True)
        if expected in here and _linked(here[expected], place):
            return
        digest = bucket.bring(stored, place)
        if path in stated and digest != expected:
            raise OutputError(
                f"{address}/{path} is not what the manifest of its release says",
                advice="it was damaged or changed there: bring the release back whole; `pressmark verify` says more",
            )

    missing = sorted(stated.keys() - found)
    if missing:
        raise OutputError(
            f"{address} lacks {', '.join(missing[:5])}", advice="the release is damaged: bring it back whole"
        )
    each_at_once(bring, [item for item in sorted(found.items()) if item[0] != MANIFEST])


def each_at_once(function: Any, items: Sequence[Any]) -> list[Any]:
    """Return what a function makes of items, some at the same time; what it raises first is raised."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        waiting = [threads.submit(function, item) for item in items]
        try:
            return [each.result() for each in waiting]
        finally:
            for each in waiting:
                each.cancel()


def each_told(what: str, act: Any, items: Iterable[Any], progress: Any) -> None:
    """Do something with each of some things, some at the same time, and tell from this thread how far it is."""
    those = list(items)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for done, _ in enumerate(threads.map(act, those), 1):
            if progress:
                progress(what, done, len(those))


def digests_in(manifest: Path, shown: str) -> dict[str, str]:
    """Return the digests of a release's files by path, as its manifest says.

    Raises:
        OutputError: it is no manifest.
    """
    try:
        entries = json.loads(manifest.read_bytes())["files"]
        return {str(entry["path"]): str(entry["sha256"]) for entry in entries}
    except (ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"{shown}/{MANIFEST} cannot be read: {type(error).__name__}", advice="bring the release back whole"
        ) from error


def _refuse_odd(address: S3Address, paths: list[str]) -> None:
    """Refuse keys that would lead elsewhere here, or could not be written."""
    folders = {path[:end] for path in paths for end, letter in enumerate(path) if letter == "/"}
    for path in paths:
        parts = path.split("/")
        if (
            {"", ".", ".."} & set(parts)
            or path in folders
            or _ODD.search(path)
            or len(path.encode()) > _LONGEST_PATH
            or max(len(part.encode()) for part in parts) > _LONGEST_PART
        ):
            raise RemoteError(
                f"{address} has an object {path[:_LONGEST_PART]!r}, which no release has", advice="remove it there"
            )


def _linked(one: Path, other: Path) -> bool:
    try:
        other.hardlink_to(one)
    except OSError:  # a file system without links
        return False
    return True
