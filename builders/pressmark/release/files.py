"""The files of a release as bytes: all there, none too many, each with its size and digest."""

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pressmark.errors import refuse_used_up
from pressmark.findings import Finding
from pressmark.release.copies import MANIFEST, SUMS, plain_bytes, plain_path, tree

_THREADS = 4
"""At most: hashing goes on outside the interpreter's lock, and a thread holds one block."""

_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
"""What a clone without Git LFS has in the place of a file."""

Entry = Mapping[str, Any]


def verify_sums(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding where SHA256SUMS is not what the manifest asks for."""
    try:
        own = hashlib.sha256(plain_bytes(folder, MANIFEST)).hexdigest()
        found = plain_bytes(folder, SUMS)
    except OSError as error:
        refuse_used_up(error)
        yield Finding("sums-differ", SUMS, "", f"cannot be read: {error.strerror or error}")
        return
    sums = {entry["path"]: entry["sha256"] for entry in manifest["files"]} | {MANIFEST: own}
    expected = [f"{sums[path]}  {path}" for path in sorted(sums)]
    if found != "".join(f"{line}\n" for line in expected).encode():
        lines = found.decode(errors="replace").split("\n")
        differing = sorted({line.partition("  ")[2] for line in set(lines) ^ set(expected)} - {""})
        yield Finding(
            "sums-differ", SUMS, "", f"differs from the manifest in {', '.join(differing[:3]) or 'its lines'}"
        )


def verify_files(
    folder: Path, manifest: Mapping[str, Any], lacking: Collection[str]
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Return the entries of files that are as the manifest says, and findings about the others.

    Args:
        folder: The release.
        manifest: Its manifest.
        lacking: Files that a copy may lack.
    """
    listed = {entry["path"]: entry for entry in manifest["files"]}
    present, folders = tree(folder)
    findings = [Finding("file-extra", path) for path in sorted(present - set(listed) - {MANIFEST, SUMS})]
    needed = {parent.as_posix() for path in (*present, *listed) for parent in Path(path).parents}
    findings += [Finding("folder-extra", path) for path in sorted(folders - needed - set(listed))]
    findings += [Finding("file-missing", path) for path in listed if path not in present and path not in lacking]
    there = [entry for path, entry in listed.items() if path in present]
    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as threads:
        faults = list(threads.map(lambda entry: _fault(folder, entry), there))
    findings += [
        Finding("file-differs", entry["path"], "", fault) for entry, fault in zip(there, faults, strict=True) if fault
    ]
    return [entry for entry, fault in zip(there, faults, strict=True) if not fault], findings


def _fault(folder: Path, entry: Entry) -> str:
    try:
        place = plain_path(folder, entry["path"])
        size = place.stat().st_size
        with place.open("rb") as stream:
            if size != entry["bytes"]:
                pointer = stream.read(len(_POINTER)) == _POINTER
                hint = ", a pointer of Git LFS: `git lfs pull` fetches the file" if pointer else ""
                return f"found {size} bytes, expected {entry['bytes']}{hint}"
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        refuse_used_up(error)
        return f"cannot be read: {error.strerror or error}"
    return "" if found == entry["sha256"] else "found another SHA-256"
