"""Does a release folder add up? Asked from outside.

This module shares no code with what writes releases: it reads the files as any reader would, and works out digests,
counts and columns again in its own way. It needs no workshop, no recipe and no network.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from referencing import Registry

from pressmark.article.contract import schema_bytes
from pressmark.errors import UsageError
from pressmark.findings import Finding
from pressmark.release.rows import verify_rows

_MANIFEST, _SUMS, _CARD = "manifest.json", "SHA256SUMS", "README.md"
_CLASSES = ("published", "withheld", "embargoed", "duplicate", "superseded", "withdrawn", "rejected")
_BLOCK = 1 << 20


def verify(release: Path | str) -> list[Finding]:
    """Return everything that is wrong with a release folder; nothing is where the list is empty.

    Args:
        release: The folder `dist/CORPUS/LINE/VERSION`, or a copy of it.

    Raises:
        UsageError: there is no such folder.
    """
    folder = Path(release)
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder", advice="give a release folder, dist/CORPUS/LINE/VERSION")
    manifest, findings = _manifest(folder)
    if manifest is None:
        return findings
    sound, file_findings = _files(folder, manifest)
    findings += [*_sums(folder, manifest), *file_findings, *_counts(manifest)]
    if not findings:
        findings += [*verify_rows(folder, manifest), *_card(folder, manifest)]
    elif sound:
        findings += [*verify_rows(folder, {**manifest, "files": sound}, whole=False)]
    return findings


def _manifest(folder: Path) -> tuple[dict[str, Any] | None, list[Finding]]:
    try:
        manifest = json.loads((folder / _MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        return None, [Finding("not-a-release", _MANIFEST, "", str(error))]
    schema = json.loads(schema_bytes("manifest.schema.json"))
    checker = jsonschema.FormatChecker(["date"])
    validator = jsonschema.Draft202012Validator(schema, registry=Registry(), format_checker=checker)
    faults = [
        Finding("manifest-invalid", _MANIFEST, error.json_path, error.message)
        for error in validator.iter_errors(manifest)
    ]
    if not faults:
        paths = [entry["path"] for entry in manifest["files"]]
        if paths != sorted(set(paths)) or {_MANIFEST, _SUMS} & set(paths) or any(".." in path for path in paths):
            faults = [Finding("manifest-invalid", _MANIFEST, "$.files", "found paths that are no plain sorted list")]
    return (None, faults) if faults else (manifest, [])


def _sums(folder: Path, manifest: dict[str, Any]) -> Iterator[Finding]:
    expected = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    expected[_MANIFEST] = _digest(folder / _MANIFEST)
    try:
        lines = (folder / _SUMS).read_bytes().decode("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        yield Finding("sums-differ", _SUMS, "", str(error))
        return
    if sorted(lines) != sorted(f"{digest}  {path}" for path, digest in expected.items()):
        found = {line.partition("  ")[2] for line in lines}
        differing = sorted(set(expected) ^ found) or ["a digest"]
        yield Finding("sums-differ", _SUMS, "", f"differs from the manifest in {', '.join(differing[:3])}")


def _files(folder: Path, manifest: dict[str, Any]) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Return the entries of files that are as the manifest says, and findings about the others."""
    listed = {entry["path"]: entry for entry in manifest["files"]}
    present = set()
    for base, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(base) / name).is_symlink()]
        present |= {(Path(base) / name).relative_to(folder).as_posix() for name in (*names, *links)}
    findings = [Finding("file-extra", path) for path in sorted(present - set(listed) - {_MANIFEST, _SUMS})]
    sound = []
    for path, entry in listed.items():
        place = folder / path
        if path not in present:
            findings.append(Finding("file-missing", path))
        elif place.is_symlink() or not place.is_file():
            findings.append(Finding("file-differs", path, "", "found no regular file"))
        elif place.stat().st_size != entry["bytes"]:
            detail = f"found {place.stat().st_size} bytes, expected {entry['bytes']}"
            findings.append(Finding("file-differs", path, "", detail))
        elif _digest(place) != entry["sha256"]:
            findings.append(Finding("file-differs", path, "", "found another SHA-256"))
        else:
            sound.append(entry)
    return sound, findings


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _counts(manifest: dict[str, Any]) -> Iterator[Finding]:
    counts = manifest["counts"]
    total = sum(counts[name] for name in _CLASSES)
    if total != counts["inputs"]:
        detail = f"the classes add up to {total}, there were {counts['inputs']} inputs"
        yield Finding("counts-open", _MANIFEST, "$.counts", detail)
    for config, name in (("articles", "published"), ("withheld", "withheld")):
        splits = manifest["configs"].get(config, {}).get("splits", {})
        rows = sum(split["rows"] for split in splits.values())
        if rows != counts[name]:
            detail = f"{config} has {rows} rows, {counts[name]} inputs are {name}"
            yield Finding("rows-differ", _MANIFEST, "$.counts", detail)


def _card(folder: Path, manifest: dict[str, Any]) -> Iterator[Finding]:
    try:
        _, front, _ = (folder / _CARD).read_text(encoding="utf-8").split("---\n", 2)
        card = yaml.safe_load(front)
        stated = {
            (config["config_name"], part["split"]): sorted(part["path"])
            for config in card["configs"]
            for part in config["data_files"]
        }
        rows = {
            (each["config_name"], split["name"]): split["num_examples"]
            for each in card["dataset_info"]
            for split in each["splits"]
        }
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        yield Finding("card-differs", _CARD, "", f"the front matter cannot be read: {type(error).__name__}")
        return
    shards: dict[tuple[str, str], list[str]] = {}
    for entry in manifest["files"]:
        if "config" in entry:
            shards.setdefault((entry["config"], entry["split"]), []).append(entry["path"])
    if stated != shards:
        yield Finding("card-differs", _CARD, "configs", "names other files than the manifest")
    expected = {
        (config, split): entry["rows"]
        for config, found in manifest["configs"].items()
        for split, entry in found["splits"].items()
    }
    if rows != expected:
        yield Finding("card-differs", _CARD, "dataset_info", "states other numbers of rows than the manifest")
