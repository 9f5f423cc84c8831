"""The first stage of a build: inputs become articles in staging, and an account of what became of each.

Both are files of the workshop, one of each for a task: articles as Arrow, the account as JSON Lines.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from pressmark.cache import Cache, key_of, way_of
from pressmark.curate.resolve import Resolver, holding
from pressmark.findings import Finding
from pressmark.how_far import Meter, how_far, watched
from pressmark.intake.files import marks_of
from pressmark.intake.read import Reading, read
from pressmark.intake.shared import Shared
from pressmark.intake.task import ReadTask
from pressmark.plan import Engine
from pressmark.reading_plan import plan_reading
from pressmark.recipe import Recipe
from pressmark.staging import ARTICLES, LENGTHS, PRINTS, RIGHTS, SKETCHES, WHOSE, WRITTEN, Stager, staged_at

_PASSING = frozenset({"parser-failed", "unreadable-file", "missing-file"})
"""Codes of what time, memory and the system refused."""

_ACCOUNT = ".jsonl"
_SUFFIXES = (ARTICLES, WRITTEN, RIGHTS, WHOSE, SKETCHES, LENGTHS, PRINTS, _ACCOUNT)
"""Files of a reading task; the account is of all inputs."""


@dataclass(frozen=True, slots=True)
class ReadJob:
    """Read some inputs into staging."""

    task: ReadTask
    staging: Path
    cache: Cache | None = None
    """Where to look first whether it was done before."""

    way: str = ""
    """A digest of how its inputs are read."""


@dataclass(frozen=True, slots=True)
class Read:
    """What there is to say of a reading task beside its articles and the account of them."""

    held: frozenset[str]
    """Where the decisions are recorded that hold one of the articles."""

    remarks: tuple[Finding, ...]
    """About files, not about inputs."""

    key: str | None = None
    """What it is kept as, if it is."""

    again: bool = False
    """Whether it was kept before."""

    passing: bool = False
    """Whether something was refused that another reading may not refuse."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Everything that was read."""

    folder: Path
    """Where the articles lie, and the account of the inputs."""

    read: Sequence[Read]
    """What each reading task had to say."""

    findings: list[Finding]
    """Inputs that no task could read."""


def read_inputs(
    recipe: Recipe,
    staging: Path,
    engine: Engine,
    cache: Cache | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Staged:
    """Read every input into staging.

    Args:
        recipe: What the corpus is made of.
        staging: Where articles and accounts go.
        engine: Where tasks run.
        cache: What was read before.
        told: Given bytes done and bytes in all.

    Raises:
        RecipeError: an input's glob matches nothing, or its files are on the Hub and not here.
    """
    tasks, findings = plan_reading(recipe)
    # Once for each, for a source may name hundreds of thousands of articles.
    ways = {(id(task.input), id(task.source)): (task.input, task.source) for task in tasks if cache}
    told_by = {who: way_of(*what) for who, what in ways.items()}
    jobs = [ReadJob(task, staging, cache, told_by.get((id(task.input), id(task.source)), "")) for task in tasks]
    found: list[Read] = []
    with watched(staging, [task.size for task in tasks], told or _unheard) as ended:
        for each in engine.run(read_stage, jobs):
            found.append(each)
            ended()
    return Staged(staging, found, findings)


def _unheard(_: int, __: int) -> None:
    """Take what nobody asked to be told."""


def read_stage(job: ReadJob) -> Read:
    """Read a task's inputs, resolve the rights of its articles, and stage both; or take what was kept of that."""
    before = marks_of(job.task.folder, job.task.files)
    key = key_of(job.task, job.way) if job.cache else None
    if job.cache is None or key is None:
        return _read(job)
    path = staged_at(job.staging, job.task.number)
    places = {suffix[1:]: path.with_suffix(suffix) for suffix in _SUFFIXES}
    kept = job.cache.take(key, places)
    if kept is not None:
        return Read(frozenset(kept["held"]), tuple(Finding(**each) for each in kept["remarks"]), key, again=True)
    found = _read(job)
    # What the system refused may go well the next time, and a file that changed meanwhile is not what the key says:
    # it may have been another one while it was read, and be what it was again.
    if found.passing or key_of(job.task, job.way) != key or marks_of(job.task.folder, job.task.files) != before:
        return found
    note = {"held": sorted(found.held), "remarks": [asdict(each) for each in found.remarks]}
    job.cache.keep(key, places, note)
    return replace(found, key=key)


def _read(job: ReadJob) -> Read:
    path = staged_at(job.staging, job.task.number)
    rights = job.task.source.rights
    resolver, idle = Resolver(rights), list(rights.decisions)
    row, remarks, passing, shared = 0, [], False, Shared(job.task)
    with Stager(path) as stager, path.with_suffix(_ACCOUNT).open("wb") as outcomes:
        for reading in read(job.task, Meter(how_far(job.staging, job.task.number))):
            if reading.article is None and reading.rejection is None:
                remarks += [Finding(code, reading.file, place, detail) for code, place, detail in reading.notes]
                continue
            outcomes.write(orjson.dumps(_outcome(reading, row), option=orjson.OPT_APPEND_NEWLINE))
            if reading.article is None:
                passing = passing or (reading.rejection is not None and reading.rejection.code in _PASSING)
                continue
            row += 1
            shared.take(reading.article, reading.file)
            found = holding(reading.article, rights)
            idle = [decision for decision in idle if decision not in found]
            stager.take(resolver.resolve(reading.article, found))
    held = frozenset(decision.recorded_in for decision in rights.decisions if decision not in idle)
    return Read(held, (*remarks, *(Finding(*each) for each in shared.told())), passing=passing)


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
