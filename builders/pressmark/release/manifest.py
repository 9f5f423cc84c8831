"""The manifest of a release, read as it has to be before anything is held against it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
from referencing import Registry

from pressmark.article.contract import schema_bytes
from pressmark.errors import UsageError, refuse_used_up
from pressmark.findings import Finding
from pressmark.release.copies import MANIFEST, SUMS, plain_bytes
from pressmark.release.version import VERSION, numbers

_NAMED = 8
_RECIPE, _LEDGER = "corpus.toml", "ledger.jsonl"
"""What a corpus has, and what a build leaves in its folder of the workshop."""


def read_manifest(folder: Path) -> tuple[dict[str, Any] | None, list[Finding]]:
    """Return the manifest of a release, or what is wrong with it."""
    try:
        manifest = json.loads(plain_bytes(folder, MANIFEST), object_pairs_hook=_each_key_once)
    except (OSError, ValueError, RecursionError) as error:
        refuse_used_up(error)
        why = error.strerror or error if isinstance(error, OSError) else type(error).__name__
        return None, [Finding("not-a-release", MANIFEST, "", f"cannot be read: {why}")]
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


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a release.

    Raises:
        UsageError: there is none that can be read.
    """
    refuse_shelf(folder)
    manifest, faults = read_manifest(folder)
    if manifest is None:
        told = "; ".join(str(fault) for fault in faults[:3])
        raise UsageError(f"{folder} is no release: {told}", advice="`pressmark verify` says what is wrong with it")
    return manifest


def refuse_shelf(folder: Path) -> None:
    """Refuse a folder above releases, such as `dist/CORPUS`, a corpus or a workshop: no release that lacks everything.

    Raises:
        UsageError: it is one; the error names the releases in it, or where there should be some.
    """
    if (folder / MANIFEST).exists():
        return
    below = [path.parent for depth in (1, 2, 3) for path in folder.glob(f"{'*/' * depth}{MANIFEST}")]
    found = [path for path in below if VERSION.fullmatch(path.name)]
    found.sort(key=lambda path: (path.parent, *(-number for number in numbers(path.name))))
    if found:
        more = f", and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise UsageError(
            f"{folder} is no release, but holds {len(found)}",
            advice=f"name one of them: {', '.join(map(str, found[:_NAMED]))}{more}",
        )
    if (folder / _RECIPE).is_file():
        raise _no_release(folder, "a corpus", "dist/CORPUS")
    if (folder / _LEDGER).is_file():
        raise _no_release(folder, "a build in a workshop", f"dist/{folder.resolve().parent.name}")
    if any(folder.glob(f"*/{_LEDGER}")):
        raise _no_release(folder, "the workshop of a corpus", f"dist/{folder.resolve().name}")


def _no_release(folder: Path, what: str, releases: str) -> UsageError:
    return UsageError(
        f"{folder} is no release, but {what}",
        advice=f"`pressmark build` writes releases to {releases} where --out names no other folder: "
        f"give one of them, {releases}/LINE/VERSION",
    )


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("found a key twice")
    return dict(pairs)
