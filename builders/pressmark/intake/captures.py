"""Lists of captures: where, when and by what each file of an input was captured."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from pressmark.article.dates import utc, written
from pressmark.article.identity import canonical_address
from pressmark.findings import SHOWN_CHARACTERS, Finding, RefusedInputError
from pressmark.intake.files import InputFile, open_inside
from pressmark.intake.strict_json import read_object

_KEYS = {"file", "url", "retrieved_at", "retrieved_by"}

CaptureList = dict[str, dict[str, str]]
"""By file, as `InputFile.shown` has it: url, retrieved_at, retrieved_by."""


def read_captures(folder: Path, path: str, *, shown: str = "") -> tuple[CaptureList, list[Finding]]:
    """Read a list of captures.

    Args:
        folder: The corpus folder.
        path: The list, from there. The files that it names count from its own folder.
        shown: Its address, where it was brought from one; the files that it names count from there.

    Returns:
        What it says of each file, and a finding for each line that cannot be used.
    """
    entries: CaptureList = {}
    findings = []
    base = PurePosixPath(path).parent
    before, _, _ = shown.rpartition("/")
    opened, path = InputFile(path, path, 0), shown or path
    try:
        with open_inside(folder, opened) as stream:
            lines = stream.read().split(b"\n")
    except RefusedInputError as error:
        return {}, [Finding(error.code, path, error.place, error.detail)]
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = dict(_entry(read_object(line.strip())))
            named = entry.pop("file")
            file = unicodedata.normalize("NFC", f"{before}/{PurePosixPath(named)}" if before else str(base / named))
            if file in entries:
                findings.append(
                    Finding("bad-capture", path, f"line {number}", "names a file that an earlier line names")
                )
            entries.setdefault(file, entry)
        except (RefusedInputError, ValueError, KeyError) as error:
            detail = error.detail if isinstance(error, RefusedInputError) else f"{error}"
            findings.append(Finding("bad-capture", path, f"line {number}", detail))
    return entries, findings


def _entry(stated: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in stated.items():
        if key not in _KEYS or not isinstance(value, str):
            raise ValueError(f"found {key[:SHOWN_CHARACTERS]!r}, expected strings under {', '.join(sorted(_KEYS))}")
        if key == "url":
            yield key, canonical_address(value)
        elif key == "retrieved_at":
            yield key, written(utc(value))
        else:
            yield key, value
    if "file" not in stated:
        raise ValueError("expected the key file, found none")
