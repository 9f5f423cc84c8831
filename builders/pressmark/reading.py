"""The first stage of a build: inputs become articles in staging, and an account of what became of each.

Both are files of the workshop, one of each for a task: articles as Arrow, the account as JSON Lines.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from pressmark.curate.resolve import Resolver, holding
from pressmark.errors import RecipeError
from pressmark.fetched import changed_files, pinned_input
from pressmark.findings import Finding
from pressmark.how_far import Meter, how_far
from pressmark.intake.captures import read_captures
from pressmark.intake.files import InputFile, find
from pressmark.intake.lines import stretches
from pressmark.intake.read import Reading, read
from pressmark.intake.task import ReadTask
from pressmark.press.columns import arrow_schema, table
from pressmark.recipe import PAGES, Input, Recipe

PAGES_A_TASK = 500
STRETCH_BYTES = 8 * 10**6
_BATCH = 256


@dataclass(frozen=True, slots=True)
class ReadJob:
    """Read some inputs into staging."""

    task: ReadTask
    staging: Path


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
        captures, unusable = read_captures(recipe.folder, entry.captures) if entry.captures else ({}, [])
        findings += unusable
        found = _files(recipe.folder, entry)
        if found is None:
            where = ("corpus.toml", f"input[{position}].files")
            (findings if only_here else faults).append(Finding("not-fetched", *where, f"found {entry.files} not here"))
            continue
        faults += changed_files(recipe.folder, entry) if entry.hub else []
        entry, folder, matching = found  # noqa: PLW2901 - of the Hub, at its commit
        if not matching:
            faults.append(Finding("no-inputs", "corpus.toml", f"input[{position}].files", f"found no {entry.files}"))
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


def _files(folder: Path, entry: Input) -> tuple[Input, Path, list[InputFile]] | None:
    """Return an input, the folder that its files count from, and the files; None where they are not at home."""
    if entry.hub is None:
        return entry, folder, find(folder, [entry.files], entry.leave_out)
    home = pinned_input(folder, entry)
    return (replace(entry, files=home[0]), *home[1:]) if home else None


def _parts(folder: Path, entry: Input, files: list[InputFile]) -> list[dict[str, Any]]:
    if entry.format in PAGES:
        starts = range(0, len(files), PAGES_A_TASK)
        return [{"files": tuple(files[start : start + PAGES_A_TASK])} for start in starts]
    if entry.format in ("warc", "parquet"):
        # Each task starts a process for what it parses, so small files are read together.
        return [{"files": tuple(some)} for some in _gathered(files)]
    if entry.format != "jsonl":
        return [{"files": (file,)} for file in files]
    return [
        {"files": (file,), "start": start, "end": end, "first_line": line}
        for file in files
        for start, end, line in stretches(folder, file, entry.encoding, STRETCH_BYTES)
    ]


def _gathered(files: list[InputFile]) -> list[list[InputFile]]:
    """Return files in their order, together as long as they are small."""
    gathered: list[list[InputFile]] = []
    size = STRETCH_BYTES
    for file in files:
        if size + file.size > STRETCH_BYTES or not gathered:
            gathered.append([])
            size = 0
        gathered[-1].append(file)
        size += file.size
    return gathered


def staged_at(staging: Path, number: int) -> Path:
    """Return the file of articles of a reading task."""
    return staging / f"read-{number:06d}.arrow"


@dataclass(frozen=True, slots=True)
class Read:
    """What there is to say of a reading task beside its articles and the account of them."""

    held: frozenset[str]
    """Where the decisions are recorded that hold one of the articles."""

    remarks: tuple[Finding, ...]
    """About files, not about inputs."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Everything that was read."""

    folder: Path
    """Where the articles lie, and the account of the inputs."""

    read: Sequence[Read]
    """What each reading task had to say."""

    findings: list[Finding]
    """Inputs that no task could read."""


def read_stage(job: ReadJob) -> Read:
    """Read a task's inputs, resolve the rights of its articles, and stage both."""
    path = staged_at(job.staging, job.task.number)
    schema = arrow_schema("articles")
    rights = job.task.source.rights
    resolver, idle = Resolver(rights), list(rights.decisions)
    row, batch, remarks = 0, [], []
    with (
        pa.OSFile(str(path), "wb") as sink,
        pa.ipc.new_file(sink, schema) as writer,
        path.with_suffix(".jsonl").open("wb") as outcomes,
    ):
        for reading in read(job.task, Meter(how_far(job.staging, job.task.number))):
            if reading.article is None and reading.rejection is None:
                remarks += [Finding(code, reading.file, place, detail) for code, place, detail in reading.notes]
                continue
            outcomes.write(orjson.dumps(_outcome(reading, row), option=orjson.OPT_APPEND_NEWLINE))
            if reading.article is None:
                continue
            row += 1
            found = holding(reading.article, rights)
            idle = [decision for decision in idle if decision not in found]
            batch.append(resolver.resolve(reading.article, found))
            if len(batch) == _BATCH:
                writer.write_table(table(batch, "articles"))
                batch = []
        if batch:
            writer.write_table(table(batch, "articles"))
    held = frozenset(decision.recorded_in for decision in rights.decisions if decision not in idle)
    return Read(held, tuple(remarks))


def _outcome(reading: Reading, row: int) -> dict[str, Any]:
    outcome: dict[str, Any] = {"file": reading.file, "line": reading.line}
    if reading.article is not None:
        split = {"stated_split": reading.split} if reading.split else {}
        return {**outcome, "id": reading.article["id"], "row": row, **split, "notes": reading.notes}
    assert reading.rejection is not None
    rejection = reading.rejection
    return {**outcome, "code": rejection.code, "place": rejection.place, "detail": rejection.detail}


def rejected(finding: Finding) -> dict[str, Any]:
    """Return a finding of planning as the outcome of an input."""
    return {**asdict(finding), "line": None}
