"""Does a release folder add up? Asked from outside.

This module shares no code with what writes releases: it reads the files as any reader would, and works out digests,
counts and columns again in its own way. It needs no workshop, no recipe and no network.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import yaml
from referencing import Registry

from pressmark.article.contract import schema_bytes
from pressmark.errors import UsageError
from pressmark.findings import Finding
from pressmark.release.rights import POLICY, claims_too_much
from pressmark.release.rows import CONTRACT, column_names, is_contract, verify_rows
from pressmark.version import __version__

_MANIFEST, _SUMS, _CARD = "manifest.json", "SHA256SUMS", "README.md"
_CLASSES = ("published", "withheld", "embargoed", "duplicate", "superseded", "withdrawn", "rejected")
_STATED = {CONTRACT: "schema_sha256", POLICY: "policy_sha256"}
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
    if not _has_its_own(CONTRACT, manifest, sound) or not is_contract(folder):
        return [*findings, Finding("schema-differs", CONTRACT, "", "is not the contract that the manifest speaks of")]
    if not _has_its_own(POLICY, manifest, sound):
        return [*findings, Finding("schema-differs", POLICY, "", "is not the table that the manifest speaks of")]
    if not findings:
        findings += [*verify_rows(folder, manifest), *_card(folder, manifest)]
    elif sound:
        findings += [*verify_rows(folder, {**manifest, "files": sound}, whole=False)]
    return findings


def _has_its_own(path: str, manifest: dict[str, Any], sound: list[dict[str, Any]]) -> bool:
    """Tell whether the release holds the contract, or the table of rights, that its manifest speaks of.

    It cannot bring a laxer one than the version of pressmark has that it says it was written by.
    """
    stated = manifest[_STATED[path]]
    expected = stated
    if manifest["written_by"]["pressmark"] == __version__:
        expected = hashlib.sha256(schema_bytes(path.removeprefix("schema/"))).hexdigest()
    found = [entry["sha256"] for entry in sound if entry["path"] == path]
    return [*found, stated] == [expected, expected]


def _manifest(folder: Path) -> tuple[dict[str, Any] | None, list[Finding]]:
    try:
        manifest = json.loads(_plain_bytes(folder / _MANIFEST), object_pairs_hook=_each_key_once)
    except (OSError, ValueError, RecursionError) as error:
        return None, [Finding("not-a-release", _MANIFEST, "", f"cannot be read: {type(error).__name__}")]
    schema = json.loads(schema_bytes("manifest.schema.json"))
    checker = jsonschema.FormatChecker(["date"])
    validator = jsonschema.Draft202012Validator(schema, registry=Registry(), format_checker=checker)
    faults = [
        Finding("manifest-invalid", _MANIFEST, error.json_path, f"does not keep the schema's {error.validator}")
        for error in validator.iter_errors(manifest)
    ]
    # In Python a pattern's end also stands before a last line end; the second validator knows none of that.
    if not faults and not jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(manifest):
        faults = [Finding("manifest-invalid", _MANIFEST, "$", "found a value with a line end behind it")]
    if not faults:
        paths = [entry["path"] for entry in manifest["files"]]
        if paths != sorted(set(paths)) or {_MANIFEST, _SUMS} & set(paths) or any(".." in path for path in paths):
            faults = [Finding("manifest-invalid", _MANIFEST, "$.files", "found paths that are no plain sorted list")]
    return (None, faults) if faults else (manifest, [])


def _plain_bytes(path: Path) -> bytes:
    """Read a file that has to be a regular one: a link leads elsewhere, a pipe never ends.

    Raises:
        OSError: it is none, or cannot be read.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError("found no regular file")
    return path.read_bytes()


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("found a key twice")
    return dict(pairs)


def _sums(folder: Path, manifest: dict[str, Any]) -> Iterator[Finding]:
    sums = {entry["path"]: entry["sha256"] for entry in manifest["files"]} | {_MANIFEST: _digest(folder / _MANIFEST)}
    expected = [f"{sums[path]}  {path}" for path in sorted(sums)]
    try:
        found = _plain_bytes(folder / _SUMS)
    except OSError as error:
        yield Finding("sums-differ", _SUMS, "", f"cannot be read: {error}")
        return
    if found != "".join(f"{line}\n" for line in expected).encode():
        lines = found.decode(errors="replace").split("\n")
        differing = sorted({line.partition("  ")[2] for line in set(lines) ^ set(expected)} - {""})
        yield Finding(
            "sums-differ", _SUMS, "", f"differs from the manifest in {', '.join(differing[:3]) or 'its lines'}"
        )


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
        _, front, _ = _plain_bytes(folder / _CARD).decode("utf-8").split("---\n", 2)
        card = yaml.safe_load(front)
        configs, information = card["configs"], card["dataset_info"]
        sizes = [{key: each[key] for key in each if key != "features"} for each in information]
        columns = {each["config_name"]: [column["name"] for column in each["features"]] for each in information}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, yaml.YAMLError) as error:
        yield Finding("card-differs", _CARD, "", f"the front matter cannot be read: {type(error).__name__}")
        return
    if configs != [_card_config(manifest, config) for config in manifest["configs"]]:
        yield Finding(
            "card-differs", _CARD, "configs", "names other files, splits or another default than the manifest"
        )
    if sizes != [_card_sizes(manifest, config) for config in manifest["configs"]]:
        yield Finding("card-differs", _CARD, "dataset_info", "states other numbers than the manifest")
    if claims_too_much(folder, card.get("license")):
        yield Finding("rights-differ", _CARD, "license", "claims a licence that not every text has")
    if columns != {config: column_names(folder, config) for config in manifest["configs"]}:
        yield Finding("card-differs", _CARD, "dataset_info", "names other columns than the contract")


def _card_config(manifest: dict[str, Any], config: str) -> dict[str, Any]:
    entry = manifest["configs"][config]
    files = [
        {
            "split": split,
            "path": [
                file["path"] for file in manifest["files"] if (file.get("config"), file.get("split")) == (config, split)
            ],
        }
        for split in entry["splits"]
    ]
    default = {"default": True} if entry["default"] else {}
    return {"config_name": config, **default, "data_files": files}


def _card_sizes(manifest: dict[str, Any], config: str) -> dict[str, Any]:
    splits = manifest["configs"][config]["splits"]
    return {
        "config_name": config,
        "splits": [
            {"name": name, "num_bytes": split["arrow_bytes"], "num_examples": split["rows"]}
            for name, split in splits.items()
        ],
        "download_size": sum(file["bytes"] for file in manifest["files"] if file.get("config") == config),
        "dataset_size": sum(split["arrow_bytes"] for split in splits.values()),
    }
