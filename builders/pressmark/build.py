"""The main path: from a recipe to its releases."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from pressmark.article.contract import prove_formats
from pressmark.curation import Curation, curate, rejected_share, write_ledger
from pressmark.engine.local import LocalEngine
from pressmark.errors import OutputError, PressmarkError, UsageError
from pressmark.findings import Finding
from pressmark.lines import Order, Progress, press_line
from pressmark.press.folder import refuse_other, release_folder
from pressmark.reading import ReadJob, plan_reading, read_stage
from pressmark.recipe import Line, Recipe, read_recipe
from pressmark.workshop import Workshop, locked, workshop

_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class LineResult:
    """One release."""

    folder: Path
    manifest: dict[str, Any]
    unchanged: bool
    """Whether the same release was there already."""

    @property
    def counts(self) -> dict[str, Any]:
        """What became of the inputs, by class, and by code under `by_code`."""
        return dict(self.manifest["counts"])


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build made."""

    lines: dict[str, LineResult]
    ledger: Path
    """What became of each input, one JSON object a line. Private: it is no part of a release."""

    rejected: Fraction
    """Share of the inputs that are no valid articles."""

    within_limits: bool
    """Whether that share is within the recipe's limit."""

    findings: list[Finding]
    """Recorded decisions, and ids in them, that hold no article."""


def build(
    corpus: Recipe | Path | str,
    version: str,
    *,
    out: Path | str = "dist",
    work: Path | str = "work",
    line: str | None = None,
    as_of: date | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> BuildResult:
    """Turn a recipe into a release folder for each of its lines, `OUT/CORPUS/LINE/VERSION`.

    Args:
        corpus: The recipe, or the folder that it is in.
        version: Semantic version, such as `1.0.0`.
        out: Where releases go.
        work: Where the private workshop goes.
        line: One release line; all of them by default.
        as_of: The day that counts as today for permissions and decisions; the only look at a clock is its default.
        workers: Processes. The bytes do not depend on it. More than one are spawned, so a script that asks for them
            has to keep its own work under `if __name__ == "__main__"`.
        progress: Told how far the build is.

    Raises:
        RecipeError: the recipe has faults.
        GateRefusedError: a text that has to stay closed would stand in a release; nothing is released.
        PressmarkError: no input is an article; the ledger is written nevertheless.
        UsageError: the version or line cannot be used, or another release is there already.
    """
    prove_formats()
    recipe = corpus if isinstance(corpus, Recipe) else read_recipe(corpus)
    lines = _chosen(recipe, version, line)
    place = Path(out) / recipe.name
    _refuse_mixing(place, Path(work) / recipe.name)
    with locked(place / ".lock"), workshop(Path(work) / recipe.name) as shop, LocalEngine(workers) as engine:
        order = Order(recipe, version, as_of or datetime.now(UTC).date(), engine, progress)
        _refuse_history(place, lines, version)
        curation = _read_and_curate(order, lines, shop)
        if not curation.splits:
            write_ledger(curation, shop.ledger(version))
            raise PressmarkError("no input is an article", advice=f"{shop.ledger(version)} says why, for each of them")
        with ExitStack() as folders:  # every line is put in its place, or none
            made = {each.name: folders.enter_context(_folder(place, each, version)) for each in lines}
            manifests = {each.name: press_line(order, each, curation, shop, made[each.name]) for each in lines}
            unchanged = {name: refuse_other(folder, place / name / version) for name, folder in made.items()}
            write_ledger(curation, shop.ledger(version))
        for name in manifests:
            shop.keep_closed(version, name)
    share = rejected_share(next(iter(manifests.values()))["counts"])
    return BuildResult(
        {name: LineResult(place / name / version, manifests[name], unchanged[name]) for name in manifests},
        shop.ledger(version),
        share,
        share <= recipe.rejected,
        curation.idle,
    )


def _chosen(recipe: Recipe, version: str, line: str | None) -> list[Line]:
    if not _VERSION.fullmatch(version):
        raise UsageError(f"found the version {version!r}", advice="give three numbers, such as --version 1.0.0")
    if line is not None and line not in recipe.lines:
        raise UsageError(f"the recipe has no release line {line!r}", advice=f"it has: {', '.join(recipe.lines)}")
    return [each for each in recipe.lines.values() if line in (None, each.name)]


def _refuse_mixing(releases: Path, private: Path) -> None:
    """Refuse to keep private texts among releases."""
    one, other = releases.resolve(), private.resolve()
    if one.is_relative_to(other) or other.is_relative_to(one):
        raise UsageError(
            f"releases would be in {releases}, the private workshop in {private}",
            advice="give --out and --work folders of their own: releases are passed on, the workshop never",
        )


def _folder(place: Path, line: Line, version: str) -> AbstractContextManager[Path]:
    return release_folder(place / line.name, version, private=line.destination == "local")


def _read_and_curate(order: Order, lines: Sequence[Line], shop: Workshop) -> Curation:
    tasks, findings = plan_reading(order.recipe)
    jobs = [ReadJob(task, shop.staging) for task in tasks]
    held: list[frozenset[str]] = []
    for found in order.engine.run(read_stage, jobs):
        held.append(found)
        order.told("read", len(held), len(jobs))
    return curate(order.recipe, lines, shop.staging, held, findings, order.as_of)


def _refuse_history(place: Path, lines: Sequence[Line], version: str) -> None:
    """Refuse a second version beside a first: what an article was in an earlier release is not compared yet."""
    for line in lines:
        others = [path.name for path in (place / line.name).glob("*") if _VERSION.fullmatch(path.name)]
        if set(others) - {version}:
            raise OutputError(
                f"{place / line.name} holds version {', '.join(sorted(others))}",
                advice="this version of pressmark cannot continue a release line yet; give another --out",
            )
