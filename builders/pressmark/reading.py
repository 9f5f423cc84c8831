"""The first stage of a build: inputs become articles in staging, and an account of what became of each.

Both are files of the workshop, one of each for a task: articles as Arrow, the account as JSON Lines.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from pressmark.article.record import Record, without_nothing
from pressmark.cache import Cache, key_of, way_of
from pressmark.curate.resolve import Resolver, holding
from pressmark.findings import Finding
from pressmark.how_far import Meter, how_far, watched
from pressmark.intake.read import Reading, read
from pressmark.intake.task import ReadTask
from pressmark.plan import Engine
from pressmark.press.columns import arrow_schema, table
from pressmark.reading_plan import plan_reading
from pressmark.recipe import Recipe

GATE_FIELDS = ("rights_status", "license", "attribution", "rights")
"""What the gate asks for."""

_BATCH = 256
_PASSING = frozenset({"parser-failed", "unreadable-file", "missing-file"})
"""Codes of what time, memory and the system refused."""

_SUFFIXES = (".arrow", ".jsonl", ".rights", ".npy")
"""Files of a reading task: articles, the account of all inputs, different rights, and which article has which."""


@dataclass(frozen=True, slots=True)
class ReadJob:
    """Read some inputs into staging."""

    task: ReadTask
    staging: Path
    cache: Cache | None = None
    """Where to look first whether it was done before."""

    way: str = ""
    """A digest of how its inputs are read."""


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
    key = key_of(job.task, job.way) if job.cache else None
    if job.cache is None or key is None:
        return _read(job)
    path = staged_at(job.staging, job.task.number)
    places = {suffix[1:]: path.with_suffix(suffix) for suffix in _SUFFIXES}
    kept = job.cache.take(key, places)
    if kept is not None:
        return Read(frozenset(kept["held"]), tuple(Finding(**each) for each in kept["remarks"]), key, again=True)
    found = _read(job)
    # What the system refused may go well the next time, and a file that changed meanwhile is not what the key says.
    if found.passing or key_of(job.task, job.way) != key:
        return found
    note = {"held": sorted(found.held), "remarks": [asdict(each) for each in found.remarks]}
    job.cache.keep(key, places, note)
    return replace(found, key=key)


def _read(job: ReadJob) -> Read:
    path = staged_at(job.staging, job.task.number)
    schema = arrow_schema("articles")
    rights = job.task.source.rights
    resolver, idle = Resolver(rights), list(rights.decisions)
    seen: dict[bytes, int] = {}
    whose: list[int] = []
    row, batch, remarks, passing = 0, [], [], False
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
                passing = passing or (reading.rejection is not None and reading.rejection.code in _PASSING)
                continue
            row += 1
            found = holding(reading.article, rights)
            idle = [decision for decision in idle if decision not in found]
            batch.append(resolver.resolve(reading.article, found))
            told = orjson.dumps({name: batch[-1].get(name) for name in GATE_FIELDS}, option=orjson.OPT_SORT_KEYS)
            whose.append(seen.setdefault(told, len(seen)))
            if len(batch) == _BATCH:
                writer.write_table(table(batch, "articles"))
                batch = []
        if batch:
            writer.write_table(table(batch, "articles"))
    path.with_suffix(".rights").write_bytes(b"\n".join(seen))
    np.save(path.with_suffix(".npy"), np.array(whose, np.int32))
    held = frozenset(decision.recorded_in for decision in rights.decisions if decision not in idle)
    return Read(held, tuple(remarks), passing=passing)


def _outcome(reading: Reading, row: int) -> dict[str, Any]:
    outcome: dict[str, Any] = {"file": reading.file, "line": reading.line}
    if reading.article is not None:
        split = {"stated_split": reading.split} if reading.split else {}
        return {**outcome, "id": reading.article["id"], "row": row, **split, "notes": reading.notes}
    assert reading.rejection is not None
    rejection = reading.rejection
    return {**outcome, "code": rejection.code, "place": rejection.place, "detail": rejection.detail}


def rows_at(
    staging: Path, number: int, rows: Sequence[int] | npt.NDArray[np.int32], columns: list[str] | None = None
) -> pa.Table:
    """Return some rows of a reading task, in the order in which they are asked for.

    No more than one batch is looked at together: the texts of a task may be more than fit into memory.

    Args:
        staging: Where the articles lie.
        number: Of the task.
        rows: Numbers of rows.
        columns: Names of columns; all by default.
    """
    asked = np.asarray(rows, np.int64)
    order = np.argsort(asked, kind="stable")
    ascending, parts, begin = asked[order], [], 0
    with pa.memory_map(str(staged_at(staging, number))) as source:
        reader = pa.ipc.open_file(source)
        for each in range(reader.num_record_batches):
            batch = reader.get_batch(each)
            first, last = np.searchsorted(ascending, (begin, begin + batch.num_rows))
            if first < last:
                some = batch.select(columns) if columns else batch
                parts.append(some.take(pa.array(ascending[first:last] - begin)))
            begin += batch.num_rows
        schema = reader.schema if columns is None else pa.schema([reader.schema.field(name) for name in columns])
        return pa.Table.from_batches(parts, schema).take(pa.array(np.argsort(order)))


def rights_in(staging: Path, number: int) -> tuple[list[Record], npt.NDArray[np.int32]]:
    """Return what the gate asks for of the articles of a reading task, each answer once, and by row which it is."""
    path = staged_at(staging, number)
    told = path.with_suffix(".rights").read_bytes()
    different = [without_nothing(orjson.loads(line)) for line in told.split(b"\n")] if told else []
    return different, np.load(path.with_suffix(".npy"))


def rejected(finding: Finding) -> dict[str, Any]:
    """Return a finding of planning as the outcome of an input."""
    return {**asdict(finding), "line": None}
