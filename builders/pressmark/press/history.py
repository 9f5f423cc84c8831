"""What a release says about the versions before it: `versions.json` and `CHANGELOG.md`."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from pressmark.errors import OutputError, refuse_unreadable
from pressmark.workshop import write_durably

VERSIONS, CHANGELOG, DEPARTURES = "versions.json", "CHANGELOG.md", "departures.jsonl"
TOMBSTONES = "rights/tombstones.jsonl"
_MANIFEST = "manifest.json"
_REASON_CHARACTERS = 500
USABLE, SUPERSEDED, WITHDRAWN = "usable", "superseded", "withdrawn"


def write_history(
    folder: Path,
    manifest: Mapping[str, Any],
    previous: Path | None,
    changes: Mapping[str, int],
    fields: Mapping[str, int],
    words: str = "",
    held_withdrawn: Collection[int] = (),
) -> None:
    """Write `versions.json` and `CHANGELOG.md` into a release folder.

    Args:
        folder: The folder that the release is written in.
        manifest: The manifest but for its files.
        previous: The release before, where there is one.
        changes: How many records something happened to, by what happened.
        fields: How many records differ in a column, by column.
        words: What the publisher says about this version, as Markdown.
        held_withdrawn: Numbers of the releases that had an article which is withdrawn.

    Raises:
        OutputError: the release before has no such files that can be read.
    """
    entry = {
        "version": manifest["version"],
        "release": manifest["release"],
        "as_of": manifest["as_of"],
        "status": USABLE,
        "articles": manifest["counts"]["published"],
        "withheld": manifest["counts"]["withheld"],
        "changes": dict(changes),
        "reason": _reason(words, changes),
    }
    earlier = _earlier(previous, held_withdrawn) if previous else []
    stated = {"corpus": manifest["corpus"], "line": manifest["line"], "versions": [*earlier, entry]}
    write_durably(folder / VERSIONS, (json.dumps(stated, ensure_ascii=False, indent=2) + "\n").encode())
    told = "\n".join(
        [
            f"# Changes of {manifest['corpus']}",
            "",
            f"## {manifest['version']} ({manifest['as_of']})",
            "",
            *_words(words),
            *_lines(changes, fields),
            "",
            *_sections(previous),
        ]
    )
    write_durably(folder / CHANGELOG, told.encode())


def write_departures(folder: Path, departures: Sequence[Mapping[str, str]]) -> None:
    """Write which records of the release before are gone, and why; nothing where none is."""
    if departures:
        lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in departures)
        write_durably(folder / DEPARTURES, lines.encode())


def write_tombstones(
    folder: Path, previous: Path, tombstones: Sequence[Mapping[str, str]], new: Collection[str | None]
) -> None:
    """Write the tombstones of what a release line had: those of the release before, and new ones.

    What was never in this line is not mentioned.

    Args:
        folder: The folder that the release is written in.
        previous: The release before.
        tombstones: All of the corpus, as they are now.
        new: Names of those that this release adds.
    """
    before = previous / TOMBSTONES
    known = [json.loads(line)["tombstone"] for line in before.read_bytes().splitlines()] if before.is_file() else []
    told = [entry for entry in tombstones if entry["tombstone"] in {*known, *new}]
    if told:
        lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in told)
        write_durably(folder / TOMBSTONES, lines.encode())


def _earlier(previous: Path, held_withdrawn: Collection[int]) -> list[dict[str, Any]]:
    """Return the versions before: the last of them now has its manifest's digest, and is usable no more."""
    try:
        data = (previous / _MANIFEST).read_bytes()
        versions = json.loads((previous / VERSIONS).read_bytes())["versions"]
        *rest, last = [dict(entry) for entry in versions]
        entries = [*rest, {**last, "status": SUPERSEDED, "manifest_sha256": hashlib.sha256(data).hexdigest()}]
        entries = [{**entry, "status": WITHDRAWN} if entry["release"] in held_withdrawn else entry for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        refuse_unreadable(error)
        raise OutputError(
            f"{previous / VERSIONS} cannot be read: {type(error).__name__}",
            advice="it is an input of this build: bring the release back whole",
        ) from error
    return entries


def _reason(words: str, changes: Mapping[str, int]) -> str:
    first = next((line.strip() for line in words.splitlines() if line.strip()), "")
    return (
        first[:_REASON_CHARACTERS]
        or ", ".join(f"{kind}: {count}" for kind, count in changes.items())
        or "no record changed"
    )


def _words(words: str) -> list[str]:
    # A section of ours begins with two marks; a publisher's own headings are below it.
    lines = [f"#{line}" if line.startswith(("# ", "## ")) else line for line in words.strip().splitlines()]
    lines = [f"#{line}" if line.startswith("## ") else line for line in lines]
    return [*lines, ""] if lines else []


def _lines(changes: Mapping[str, int], fields: Mapping[str, int]) -> list[str]:
    named = ", ".join(f"{name} {count}" for name, count in sorted(fields.items()))
    lines = [f"- {kind}: {count}" for kind, count in changes.items()]
    return [*(lines or ["- no record changed"]), *([f"- columns that differ: {named}"] if named else [])]


def _sections(previous: Path | None) -> list[str]:
    """Return the sections of the versions before, as they were written."""
    if not previous:
        return []
    lines = (previous / CHANGELOG).read_text(encoding="utf-8").rstrip("\n").split("\n")
    start = next((number for number, line in enumerate(lines) if line.startswith("## ")), len(lines))
    return [*lines[start:], ""]
