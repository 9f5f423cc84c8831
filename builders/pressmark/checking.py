"""Looks at a corpus before it is built: recipe, sources, and a sample of its inputs. Writes nothing."""

import difflib
import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from pressmark.article.contract import prove_formats
from pressmark.curate.gate import outcome
from pressmark.curate.resolve import resolve
from pressmark.errors import UsageError
from pressmark.findings import Finding
from pressmark.intake.read import Reading, finding, input_name, read
from pressmark.intake.shared import Shared
from pressmark.intake.task import ReadTask
from pressmark.reading_plan import plan_reading
from pressmark.recipe import Recipe, read_recipe
from pressmark.split_remarks import misspelt

SAMPLE = 20
_COMPARED = 20_000
RECORDS = 3
"""Records of a file that are shown where none of them is named."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a look at a corpus found."""

    recipe: Recipe
    sampled: int
    """How many inputs were read."""

    articles: int
    """How many of them are articles."""

    first: str
    """An article to look at, as `read_one` takes it: the first that something is said about, else the first; empty
    where none is."""

    findings: list[Finding]
    """Rejections and notes among them, and inputs that cannot be read at all."""

    outcomes: dict[str, Counter[str]]
    """By release line: how many of the sampled articles would be published, or the code of the reason why not."""


def check(corpus: Path | str, *, sample: int = SAMPLE, as_of: date | None = None) -> CheckResult:
    """Read a recipe and the first inputs of each task, as a build would, and write nothing.

    No connection is opened: of files on the Hub those are read that `fetch_inputs` or a build has brought home.

    Args:
        corpus: The folder that holds `corpus.toml`.
        sample: How many inputs to read of each file or group of pages.
        as_of: The day that counts as today.

    Raises:
        RecipeError: the recipe has faults; the error carries all of them.
    """
    prove_formats()
    recipe, today = read_recipe(corpus), as_of or datetime.now(UTC).date()
    tasks, findings = plan_reading(recipe, only_here=True)
    findings += [*misspelt(recipe), *_differing_evidence(recipe)]
    sampled, articles, first, noted = 0, 0, "", ""
    outcomes: dict[str, Counter[str]] = {name: Counter() for name in recipe.lines}
    for task in tasks:
        shared = Shared(task)
        for _, reading in zip(range(sample), read(task), strict=False):
            if reading.article is None and reading.rejection is None:
                findings += [Finding(code, reading.file, *rest) for code, *rest in reading.notes]
                continue
            sampled += 1
            if reading.rejection:
                refusal = reading.rejection
                findings.append(finding(refusal.code, reading.file, reading.line, refusal.place, refusal.detail))
                continue
            assert reading.article is not None
            shared.take(reading.article, reading.file)
            articles, name = articles + 1, input_name(reading.file, reading.line)
            first, noted = first or name, noted or (name if reading.notes else "")
            findings += [finding(code, reading.file, reading.line, *rest) for code, *rest in reading.notes]
            article = resolve(reading.article, task.source.rights)
            for line in recipe.lines.values():
                found = outcome(article, line.destination, line.profile, today, line.accepts)
                outcomes[line.name]["published" if found.text else found.because] += 1
        findings += [Finding(*each) for each in shared.told()]
    return CheckResult(recipe, sampled, articles, noted or first, findings, outcomes)


def read_one(corpus: Path | str, name: str) -> list[Reading]:
    """Return what is read of one input, or of the first records of a file, as a build reads it. Writes nothing.

    Args:
        corpus: The folder that holds `corpus.toml`.
        name: The file, as findings name it or from where one is; `FILE:LINE` is one record.

    Raises:
        RecipeError: the recipe has faults.
        UsageError: no input is of that name.
    """
    if not name:
        raise UsageError("found no name of an input", advice="give a file of the inputs, or FILE:LINE for a record")
    prove_formats()
    recipe = read_recipe(corpus)
    tasks, _ = plan_reading(recipe, only_here=True)
    files = {file.shown for task in tasks for file in task.files}
    names = (name, os.path.relpath(name, recipe.folder))
    whole, _, line = name.rpartition(":")
    wanted = next((each for each in names if each in files), None)
    number = None
    if wanted is None and line.isdecimal():
        number = int(line)
        wanted = next((each for each in (whole, os.path.relpath(whole, recipe.folder)) if each in files), None)
    found = list(islice(_readings(tasks, wanted, number), RECORDS if number is None else 1)) if wanted else []
    if not found:
        close = difflib.get_close_matches(name, sorted(files)[:_COMPARED], n=1) if wanted is None else []
        meant = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"no input is {name!r}", advice=f"{meant}give a file of the inputs, or FILE:LINE for a record")
    return found


def _readings(tasks: Sequence[ReadTask], file: str, number: int | None) -> Iterator[Reading]:
    for task in tasks:
        mine = tuple(each for each in task.files if each.shown == file)
        # A stretch of a file ends where it ends; of others only the one file is read.
        for reading in read(task if task.end is not None else replace(task, files=mine)) if mine else ():
            if number in (None, reading.line) and (reading.article or reading.rejection):
                yield reading


def _differing_evidence(recipe: Recipe) -> Iterator[Finding]:
    """Yield a finding for each document in the corpus folder that is not the one that a decision names."""
    decisions = {each.recorded_in: each for source in recipe.sources.values() for each in source.rights.decisions}
    for recorded_in, decision in sorted(decisions.items()):
        file, _, place = recorded_in.partition(", ")
        for entry in decision.evidence:
            document = recipe.folder / entry["where"]
            inside = document.resolve().is_relative_to(recipe.folder.resolve())
            if "sha256" in entry and inside and document.is_file():
                found = hashlib.sha256(document.read_bytes()).hexdigest()
                if found != entry["sha256"]:
                    yield Finding("evidence-differs", file, place, f"{entry['where']} has the SHA-256 {found}")
