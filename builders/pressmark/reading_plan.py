"""How the inputs of a recipe are divided into tasks of reading."""

import difflib
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any
from zlib import crc32

from pressmark import tomlfile
from pressmark.corpus_folder import RECIPE
from pressmark.errors import RecipeError
from pressmark.fetched import changed_files, pinned_input
from pressmark.findings import Finding
from pressmark.intake.captures import CaptureList, read_captures
from pressmark.intake.files import InputFile, find
from pressmark.intake.lines import stretches
from pressmark.intake.task import ReadTask
from pressmark.recipe import PAGES, Input, Recipe
from pressmark.stored_inputs import changed_objects, objects_at_home

PAGES_A_TASK = 500
FILES_A_TASK = 8
STRETCH_BYTES = 8 * 10**6


def plan_reading(recipe: Recipe, *, only_here: bool = False) -> tuple[list[ReadTask], list[Finding]]:
    """Return the tasks that read a recipe's inputs, and findings about what cannot even be a task.

    Args:
        recipe: What the corpus is made of.
        only_here: Pass over inputs of the Hub that are not at home, with a finding for each.

    Raises:
        RecipeError: an input's glob matches nothing, or its files are on the Hub and not here, or changed here.
    """
    faults: list[Finding] = []
    tasks: list[ReadTask] = []
    findings: list[Finding] = []
    taken: set[str] = {entry.captures for entry in recipe.inputs if entry.captures}
    for position, entry in enumerate(recipe.inputs):
        found = _files(recipe.folder, entry)
        if found is None:
            absent = _at_files(recipe, position, "not-fetched", f"found {entry.files} not here")
            (findings if only_here else faults).append(absent)
            continue
        faults += changed_files(recipe.folder, entry) if entry.hub else []
        faults += changed_objects(recipe.folder, entry) if entry.s3 else []
        entry, folder, matching, captures, unusable = found  # noqa: PLW2901 - of the Hub, at its commit
        findings += unusable
        if not matching:
            named = recipe.inputs[position]
            meant = "" if named.hub or named.s3 else _meant(recipe.folder, named.files)
            faults.append(_at_files(recipe, position, "no-inputs", f"found no {entry.files}{meant}"))
        missing = sorted(set(captures) - {file.shown for file in matching})
        findings += [Finding("missing-file", file, "", f"named in {entry.captures}") for file in missing]
        # A file that several inputs match belongs to the first of them.
        files = [file for file in matching if file.shown not in taken]
        taken |= {file.shown for file in files}
        for part in _parts(folder, entry, files):
            stated = {file.shown: captures[file.shown] for file in part["files"] if file.shown in captures}
            base: dict[str, Any] = {"folder": folder, "input": entry, "source": recipe.sources[entry.source]}
            base |= {"input_bytes": recipe.input_bytes, "with_splits": recipe.splits_from_field}
            tasks.append(ReadTask(len(tasks), **base, captures=stated, **part))
    if faults:
        raise RecipeError(faults)
    return tasks, findings


def _at_files(recipe: Recipe, position: int, code: str, detail: str) -> Finding:
    """Return a finding about the files that an input names, with the line where it does."""
    return tomlfile.read(recipe.folder / RECIPE, RECIPE, "corpus").finding(code, ("input", position, "files"), detail)


def _meant(folder: Path, glob: str) -> str:
    """Return in words what a glob may mean that matches nothing: with the name that is there and is near to its own."""
    parts, place = glob.split("/"), folder
    for position, part in enumerate(parts):
        if "*" in part or "?" in part or not place.is_dir():
            return ""
        if not (place / part).exists():
            there = sorted(path.name for path in place.iterdir() if not path.name.startswith("."))
            close = difflib.get_close_matches(part, there, n=1)
            return f"; did you mean {'/'.join([*parts[:position], *close, *parts[position + 1 :]])}?" if close else ""
        place /= part
    return ""


_Found = tuple[Input, Path, list[InputFile], CaptureList, list[Finding]]


def _files(folder: Path, entry: Input) -> _Found | None:
    """Return an input, the folder that its files count from, the files, and what a list of captures says of them.

    None where they are not at home.
    """
    if entry.s3:
        stored = objects_at_home(folder, entry)
        return (entry, *stored) if stored else None
    if entry.hub:
        home = pinned_input(folder, entry)
        return (replace(entry, files=home[0]), *home[1:], {}, []) if home else None
    captures = read_captures(folder, entry.captures) if entry.captures else ({}, [])
    return entry, folder, find(folder, [entry.files], entry.leave_out), *captures


def _parts(folder: Path, entry: Input, files: list[InputFile]) -> list[dict[str, Any]]:
    if entry.format in PAGES:
        return [{"files": tuple(some)} for some in _bundles(files, PAGES_A_TASK)]
    if entry.format in ("warc", "parquet"):
        # Each task starts a process for what it parses, so small files are read together.
        return [{"files": tuple(some)} for some in _bundles(files, FILES_A_TASK, STRETCH_BYTES)]
    if entry.format != "jsonl":
        return [{"files": (file,)} for file in files]
    return [
        {"files": (file,), "start": start, "end": end, "first_line": line}
        for file in files
        for start, end, line in stretches(folder, file, entry.encoding, STRETCH_BYTES)
    ]


def _bundles(files: list[InputFile], about: int, most_bytes: float = inf) -> list[list[InputFile]]:
    """Return files in their order, some together; a new file is in one bundle, and leaves nearly all of the rest.

    Args:
        files: The files.
        about: How many are together on average, and four times as many at most.
        most_bytes: Bytes that files may have together; one alone may have more.
    """
    bundles: list[list[InputFile]] = []
    size = 0
    for file in files:
        begins = crc32(file.shown.encode()) % about == 0
        size += file.size
        if not bundles or begins or len(bundles[-1]) == 4 * about or size > most_bytes:
            bundles.append([])
            size = file.size
        bundles[-1].append(file)
    return bundles
