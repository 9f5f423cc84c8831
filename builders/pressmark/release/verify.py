"""Does a release folder add up? Asked from outside.

This module and those beside it share no code with what writes releases: they read the files as any reader would, and
work out digests, counts, columns and descriptions again in their own way. They need no workshop, no recipe and no
network.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
from referencing import Registry

from pressmark.article.contract import schema_bytes
from pressmark.errors import UsageError
from pressmark.findings import Finding
from pressmark.release.card import CARD, verify_card
from pressmark.release.columns import CONTRACT, is_contract
from pressmark.release.counts import verify_counts, verify_reasons
from pressmark.release.described import LICENSE, verify_described
from pressmark.release.files import MANIFEST, SUMS, plain_bytes, verify_files, verify_sums
from pressmark.release.lineage import verify_history
from pressmark.release.rights import POLICY
from pressmark.release.rows import verify_rows
from pressmark.version import __version__

EARLIER: Mapping[str, Mapping[str, str]] = {}
"""By versions of pressmark before this one: SHA-256 of the contract and of the table of rights that each wrote.

An entry is added here whenever a version is published, so that a release cannot bring rules of its own by claiming to
be written by somebody else.
"""

_STATED = {CONTRACT: "schema_sha256", POLICY: "policy_sha256"}
_ALWAYS = (
    *(".gitattributes", "CHANGELOG.md", LICENSE, CARD, CONTRACT, POLICY),
    *(f"rights/{name}" for name in ("attribution.jsonl", "domains.jsonl", "licenses.jsonl", "notices.jsonl")),
    *("rights/report.json", "versions.json"),
)
_KNOWN = re.compile(
    r"(data|withheld)/.*\.parquet|sources/[a-z0-9-]+\.json|figures/[^/]+\.png|rights/tombstones\.jsonl"
    r"|departures\.jsonl|croissant\.json|CITATION\.cff"
)


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
    sound, file_findings = verify_files(folder, manifest)
    findings += [*verify_sums(folder, manifest), *file_findings, *_kinds(manifest), *verify_counts(manifest)]
    if rules := _rule_findings(folder, manifest, sound):
        return [*findings, *rules]
    whole = len(sound) == len(manifest["files"])
    tally, row_findings = verify_rows(folder, {**manifest, "files": sound}, whole=whole)
    findings += row_findings
    if not findings:
        findings += verify_reasons(manifest, tally)
        findings += verify_described(folder, manifest, tally)
        findings += verify_card(folder, manifest, tally)
        findings += verify_history(folder, manifest)
    return findings


def _kinds(manifest: Mapping[str, Any]) -> list[Finding]:
    """Look for files that every release has and for such as none has."""
    paths = [entry["path"] for entry in manifest["files"]]
    missing = [Finding("file-missing", path, "", "no release is without it") for path in _ALWAYS if path not in paths]
    extra = [path for path in paths if path not in _ALWAYS and not _KNOWN.fullmatch(path)]
    return missing + [Finding("file-extra", path, "", "is listed, and no release has such a file") for path in extra]


def _rule_findings(folder: Path, manifest: Mapping[str, Any], sound: list[dict[str, Any]]) -> list[Finding]:
    """Look whether the release holds the contract and the table of rights that its version of pressmark wrote."""
    version = manifest["written_by"]["pressmark"]
    if version != __version__ and version not in EARLIER:
        return [Finding("version-unknown", MANIFEST, "$.written_by.pressmark", f"this is pressmark {__version__}")]
    for path, key in _STATED.items():
        own = hashlib.sha256(schema_bytes(path.removeprefix("schema/"))).hexdigest()
        expected = own if version == __version__ else EARLIER[version][path]
        found = [entry["sha256"] for entry in sound if entry["path"] == path]
        if [*found, manifest[key]] != [expected, expected] or (path == CONTRACT and not is_contract(folder)):
            return [Finding("schema-differs", path, "", "is not the one that the manifest's version of pressmark has")]
    return []


def _manifest(folder: Path) -> tuple[dict[str, Any] | None, list[Finding]]:
    try:
        manifest = json.loads(plain_bytes(folder / MANIFEST), object_pairs_hook=_each_key_once)
    except (OSError, ValueError, RecursionError) as error:
        return None, [Finding("not-a-release", MANIFEST, "", f"cannot be read: {type(error).__name__}")]
    schema = json.loads(schema_bytes("manifest.schema.json"))
    checker = jsonschema.FormatChecker(["date"])
    validator = jsonschema.Draft202012Validator(schema, registry=Registry(), format_checker=checker)
    faults = [
        Finding("manifest-invalid", MANIFEST, error.json_path, f"does not keep the schema's {error.validator}")
        for error in validator.iter_errors(manifest)
    ]
    # In Python a pattern's end also stands before a last line end; the second validator knows none of that.
    if not faults and not jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(manifest):
        faults = [Finding("manifest-invalid", MANIFEST, "$", "found a value with a line end behind it")]
    if not faults:
        paths = [entry["path"] for entry in manifest["files"]]
        if paths != sorted(set(paths)) or {MANIFEST, SUMS} & set(paths) or any(".." in path for path in paths):
            faults = [Finding("manifest-invalid", MANIFEST, "$.files", "found paths that are no plain sorted list")]
    return (None, faults) if faults else (manifest, [])


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("found a key twice")
    return dict(pairs)
