"""The files of a release as bytes: all there, none too many, each with its size and digest."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pressmark.findings import Finding

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"

_THREADS = 4
"""At most: hashing goes on outside the interpreter's lock, and a thread holds one block."""

Entry = Mapping[str, Any]


def plain_bytes(path: Path) -> bytes:
    """Read a file that has to be a regular one: a link leads elsewhere, a pipe never ends.

    Raises:
        OSError: it is none, or cannot be read.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError("found no regular file")
    return path.read_bytes()


def verify_sums(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding where SHA256SUMS is not what the manifest asks for."""
    try:
        own = hashlib.sha256(plain_bytes(folder / MANIFEST)).hexdigest()
        found = plain_bytes(folder / SUMS)
    except OSError as error:
        yield Finding("sums-differ", SUMS, "", f"cannot be read: {error}")
        return
    sums = {entry["path"]: entry["sha256"] for entry in manifest["files"]} | {MANIFEST: own}
    expected = [f"{sums[path]}  {path}" for path in sorted(sums)]
    if found != "".join(f"{line}\n" for line in expected).encode():
        lines = found.decode(errors="replace").split("\n")
        differing = sorted({line.partition("  ")[2] for line in set(lines) ^ set(expected)} - {""})
        yield Finding(
            "sums-differ", SUMS, "", f"differs from the manifest in {', '.join(differing[:3]) or 'its lines'}"
        )


def verify_files(folder: Path, manifest: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Return the entries of files that are as the manifest says, and findings about the others."""
    listed = {entry["path"]: entry for entry in manifest["files"]}
    present, folders = _tree(folder)
    findings = [Finding("file-extra", path) for path in sorted(present - set(listed) - {MANIFEST, SUMS})]
    needed = {parent.as_posix() for path in (*present, *listed) for parent in Path(path).parents}
    findings += [Finding("folder-extra", path) for path in sorted(folders - needed - set(listed))]
    findings += [Finding("file-missing", path) for path in listed if path not in present]
    there = [entry for path, entry in listed.items() if path in present]
    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as threads:
        faults = list(threads.map(lambda entry: _fault(folder / entry["path"], entry), there))
    findings += [
        Finding("file-differs", entry["path"], "", fault) for entry, fault in zip(there, faults, strict=True) if fault
    ]
    return [entry for entry, fault in zip(there, faults, strict=True) if not fault], findings


def _tree(folder: Path) -> tuple[set[str], set[str]]:
    """Return the paths of files, links among them, and of folders."""
    present, folders = set(), set()
    for base, names_of_folders, names in os.walk(folder):
        below = Path(base).relative_to(folder)
        links = {name for name in names_of_folders if (Path(base) / name).is_symlink()}
        present |= {(below / name).as_posix() for name in (*names, *links)}
        folders |= {(below / name).as_posix() for name in names_of_folders if name not in links}
    return present, folders


def _fault(path: Path, entry: Entry) -> str:
    try:
        state = path.lstat()
        if not stat.S_ISREG(state.st_mode):
            return "found no regular file"
        if state.st_size != entry["bytes"]:
            return f"found {state.st_size} bytes, expected {entry['bytes']}"
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if found == entry["sha256"] else "found another SHA-256"
