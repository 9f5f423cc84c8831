"""Manifest and sums: every file of a release with its digest, and the counts, which close."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from pressmark.article.contract import contract, schema_bytes
from pressmark.errors import BrokenInstallationError
from pressmark.press.folder import SUMS
from pressmark.press.shown import Shown
from pressmark.recipe import Line, Recipe
from pressmark.version import __version__
from pressmark.workshop import files_below, write_durably

MANIFEST = "manifest.json"
CLASSES = ("published", "withheld", "embargoed", "duplicate", "superseded", "withdrawn", "rejected")
"""What can become of an input; every input has one."""

_BLOCK = 1 << 20
_LARGE = 5 * 10**6
"""Bytes: half of what the Hub takes into git, so that a file does not change its place with every version."""


@dataclass(slots=True)
class Shard:
    """A Parquet file of a release."""

    path: str
    """Below the release folder."""

    config: str
    split: str
    rows: int
    arrow_bytes: int
    shown: Shown
    """What its rows show."""

    sha256: str
    """Digest of the file."""


def describe(
    recipe: Recipe,
    line: Line,
    version: str,
    release: int,
    as_of: date,
    counts: Mapping[str, Any],
    configs: Mapping[str, Any],
    *,
    continued: bool,
) -> dict[str, Any]:
    """Return the manifest of a release but for its files."""
    shares = {name: str(share) for name, share in recipe.splits}
    stated: dict[str, Any] = {"from": "field"} if recipe.splits_from_field else {}
    stated |= {"since": recipe.since} if recipe.since else {}
    copies = recipe.duplicates
    return {
        "format": 1,
        "corpus": recipe.name,
        "line": line.name,
        "version": version,
        "release": release,
        "as_of": as_of.isoformat(),
        "destination": line.destination,
        "profile": line.profile,
        "accepts": list(line.accepts),
        "written_by": {"pressmark": __version__, "pyarrow": pa.__version__},
        "schema_sha256": hashlib.sha256(schema_bytes("article.schema.json")).hexdigest(),
        "policy_sha256": hashlib.sha256(schema_bytes("rights-policy.json")).hexdigest(),
        "splits": {"salt": recipe.name, "shares": shares, "continued": continued, **stated},
        "duplicates": {"exact": copies.exact, "near": copies.near, "threshold": str(copies.threshold)},
        "counts": dict(counts),
        "configs": dict(configs),
    }


def write_attributes(folder: Path) -> None:
    """Write .gitattributes: rows, and what has grown too large for git itself, are stored apart on the Hub."""
    large = {
        path.name
        for path in files_below(folder)
        if path.is_file() and path.suffix != ".parquet" and path.stat().st_size > _LARGE
    }
    lines = (f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in ("*.parquet", *sorted(large)))
    write_durably(folder / ".gitattributes", "".join(lines).encode())


def entries_of(folder: Path, shards: Sequence[Shard]) -> list[dict[str, Any]]:
    """Return what the manifest says of files of rows."""
    found = []
    for shard in shards:
        entry = {"path": shard.path, "bytes": (folder / shard.path).stat().st_size, "sha256": shard.sha256}
        found.append({**entry, "config": shard.config, "split": shard.split, "rows": shard.rows})
    return found


def seal(folder: Path, manifest: dict[str, Any], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Write manifest and sums for all that lies in a folder; nothing may be added to it afterwards.

    Args:
        folder: The release folder.
        manifest: The manifest but for its files.
        rows: What it says of the files of rows, by `entries_of`.

    Raises:
        BrokenInstallationError: the manifest does not keep its own schema, or the counts do not close.
    """
    by_path = {entry["path"]: entry for entry in rows}
    paths = sorted(path.relative_to(folder).as_posix() for path in files_below(folder) if path.is_file())
    files = [by_path.get(path) or _entry(folder, path) for path in paths]
    sealed = {**manifest, "files": files}
    faults = contract("manifest").faults(sealed)
    counts = sealed["counts"]
    if faults or sum(counts[name] for name in CLASSES) != counts["inputs"]:
        raise BrokenInstallationError(
            f"the manifest would not be true: {faults or counts}", advice="report this; nothing was released"
        )
    text = json.dumps(sealed, ensure_ascii=False, indent=2) + "\n"
    write_durably(folder / MANIFEST, text.encode())
    sums = {entry["path"]: entry["sha256"] for entry in files} | {MANIFEST: digest_of(folder / MANIFEST)}
    write_durably(folder / SUMS, "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode())
    return sealed


def _entry(folder: Path, path: str) -> dict[str, Any]:
    return {"path": path, "bytes": (folder / path).stat().st_size, "sha256": digest_of(folder / path)}


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
