"""One release line: pressed, compared, sealed, verified, and searched for texts that have to stay closed."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from pressmark.accounts import cells, counts, group_sizes, terms
from pressmark.curation import Curation
from pressmark.errors import BrokenInstallationError, GateRefusedError, PressmarkError
from pressmark.history import History
from pressmark.jobs import PressJobs, closing_jobs
from pressmark.numbering import version_for
from pressmark.past import gone_from, tell_gone, tell_history
from pressmark.plan import Engine
from pressmark.press.card import write_card
from pressmark.press.citation import write_citation
from pressmark.press.credits import credit_jobs, credit_stage, credited
from pressmark.press.croissant import write_croissant
from pressmark.press.figures import drawn, write_figures
from pressmark.press.manifest import describe, entries_of, seal, write_attributes
from pressmark.press.publications import write_publications
from pressmark.press.rights import write_rights
from pressmark.pressing import PressJob, press_stage
from pressmark.recipe import Line, Recipe
from pressmark.release.changes import ADDED, Changes
from pressmark.release.diff import Side, column_changes, compare, counted, side
from pressmark.release.meetings import Scan
from pressmark.release.verify import verify
from pressmark.search import search
from pressmark.shelf import Shelf
from pressmark.stages import close_stage
from pressmark.suppression import Registry
from pressmark.workshop import PRIVATE, Workshop
from pressmark.written import Written, content_of

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how many of its tasks are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a build was asked for."""

    recipe: Recipe
    as_of: date
    engine: Engine
    history: History
    registry: Registry
    shelf: Shelf | None
    """What earlier builds noted of files of rows and of pairs of texts."""

    progress: Progress | None

    def told(self, stage: str, done: int, of: int) -> None:
        """Tell how far a stage is."""
        if self.progress:
            self.progress(stage, done, of)


@dataclass(frozen=True, slots=True)
class PressedLine:
    """A release that is written, and not in its place yet."""

    folder: Path
    pressed: list[Written]
    changes: Changes
    """From the release before, or from nothing."""

    manifest: dict[str, Any]
    kept: list[str]
    """What all that is noted of its files is kept as."""


def press_line(
    order: Order, line: Line, curation: Curation, shop: Workshop, folder: Path, version: str | None
) -> PressedLine:
    """Write a release, as a version or as the next that its own changes ask for.

    Where a text that would be published holds half or more of a withheld one, it is withheld too and the release is
    written again: the strictest right decides for copies, also for those that are none letter by letter.

    Raises:
        GateRefusedError: a run of a withheld text stands anywhere else in the release.
        UsageError: the version says less than what changed.
        PressmarkError: every article is under embargo.
        BrokenInstallationError: the release does not verify.
    """
    while True:
        pressed = _shards(order, line, curation, folder, version)
        tell_gone(order.history, order.registry, curation, line.name, folder)
        changes = _changes(order, line, shop, folder, pressed)
        chosen = version_for(order.history, line.name, changes, version)
        manifest, kept = _described(order, line, curation, shop, folder, pressed, changes, chosen)
        found = _searched(order, line, curation, shop, folder)
        if not found.copies:
            return PressedLine(folder, pressed, changes, manifest, kept)
        curation.close(line.name, {copy.published: copy.withheld for copy in found.copies})
        shutil.rmtree(folder)
        folder.mkdir()


def describe_again(
    order: Order, line: Line, curation: Curation, shop: Workshop, made: PressedLine, version: str
) -> PressedLine:
    """Give a release that is written another version; no file of rows says which it is.

    Raises:
        GateRefusedError: a run of a withheld text stands in it.
        BrokenInstallationError: the release does not verify.
    """
    for path in made.folder.rglob("*"):
        if path.is_file() and path.suffix != ".parquet":
            path.unlink()
    manifest, kept = _described(order, line, curation, shop, made.folder, made.pressed, made.changes, version)
    _searched(order, line, curation, shop, made.folder)
    return replace(made, manifest=manifest, kept=kept)


def _searched(order: Order, line: Line, curation: Curation, shop: Workshop, folder: Path) -> Scan:
    found = search(order.engine, folder, _kept_closed(order, line, curation, shop), shop.scratch)
    if found.leaks:
        raise GateRefusedError(found.leaks)
    return found


def _kept_closed(order: Order, line: Line, curation: Curation, shop: Workshop) -> Path:
    """Write what the line does not show into the workshop's staging, and return the folder."""
    folder = shop.closing(line.name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=PRIVATE)
    jobs = closing_jobs(curation, line.name, folder)
    for done, _ in enumerate(order.engine.run(close_stage, jobs), 1):
        order.told(f"keep closed {line.name}", done, len(jobs))
    return folder


def _shards(order: Order, line: Line, curation: Curation, folder: Path, version: str | None) -> list[Written]:
    previous = order.history.lines.get(line.name)
    earlier = previous.rows if previous else None
    beside = [folder.parent / version] if version else []
    make = partial(
        PressJob,
        curation.roll.staging,
        folder,
        order.recipe.name,
        release=order.history.release(line.name),
        line=line.name,
        shelf=order.shelf,
        releases=(*([previous.folder] if previous else []), *beside),
    )
    jobs = PressJobs(curation, order.recipe, line.name, earlier, make)
    if not jobs:
        raise PressmarkError(
            f"on the release line {line.name} nothing may be mentioned as of {order.as_of}",
            advice="every article is under embargo; build with a later --as-of, or another --line",
        )
    pressed: list[Written] = []
    curation.emptied[line.name] = []
    for written in order.engine.run(press_stage, jobs):
        pressed.append(written)
        curation.emptied[line.name] += written.emptied
        order.told(f"write {line.name}", len(pressed), len(jobs))
    return pressed


def _changes(order: Order, line: Line, shop: Workshop, folder: Path, pressed: list[Written]) -> Changes:
    """Return what changed from the release before; where there is none, everything was added."""
    shards = {each.shard.path: each.shard for each in pressed}
    previous = order.history.lines.get(line.name)
    if not previous:
        return Changes(Counter({ADDED: sum(shard.rows for shard in shards.values())}))
    new = {path: (shard.config, shard.split, shard.sha256) for path, shard in shards.items()}
    sides = (side(previous.folder), Side(folder, new))
    # As below: where a task fails, others may still write here.
    with tempfile.TemporaryDirectory(dir=shop.staging, ignore_cleanup_errors=True) as scratch:
        return counted(compare(*sides, Path(scratch), run=order.engine.run), column_changes(*sides))


def _described(
    order: Order,
    line: Line,
    curation: Curation,
    shop: Workshop,
    folder: Path,
    pressed: list[Written],
    changes: Changes,
    version: str,
) -> tuple[dict[str, Any], list[str]]:
    """Write everything but the rows, and return the manifest, and what is kept of its files."""
    recipe, release = order.recipe, order.history.release(line.name)
    counted_inputs = counts(curation, line.name)
    configs, continued = _configs(recipe, pressed), bool(order.history.lines)
    manifest = describe(recipe, line, version, release, order.as_of, counted_inputs, configs, continued=continued)
    shards, allowed = [each.shard for each in pressed], terms(curation, line.name)
    rows, sources = entries_of(folder, shards), curation.sources(line.name)
    groups = group_sizes(curation, line.name)
    figures = drawn(manifest, shards, cells(curation, line.name), groups)
    write_figures(folder, figures)
    write_citation(folder, recipe, line, manifest, allowed)
    write_croissant(folder, recipe, line, manifest, rows, shards, allowed, sources)
    # Where a task fails, others may still write here; what they leave goes with the workshop's staging.
    with tempfile.TemporaryDirectory(dir=shop.staging, ignore_cleanup_errors=True) as scratch:
        jobs = credit_jobs(folder, shards, Path(scratch))
        credits_ = credited(list(order.engine.run(credit_stage, jobs)), Path(scratch))
        write_rights(folder, manifest, shards, cells(curation, line.name), credits_)
    write_publications(folder, recipe, sources)
    tell_gone(order.history, order.registry, curation, line.name, folder)
    gone = gone_from(order.history, order.registry, curation, line.name)
    tell_history(recipe, order.history, order.registry, gone, folder, manifest, changes)
    write_card(folder, recipe, line, manifest, shards, allowed, figures, groups)
    write_attributes(folder)
    sealed = seal(folder, manifest, rows)
    memory = order.shelf.memory() if order.shelf else None
    findings = verify(folder, run=order.engine.run, memory=memory, scratch=shop.staging)
    if findings:
        first = "; ".join(str(finding) for finding in findings[:3])
        raise BrokenInstallationError(
            f"the release does not verify: {first}", advice="report this; nothing was released"
        )
    if order.shelf is None or memory is None:
        return sealed, []
    known = [order.shelf.key(entry["sha256"]) for entry in sealed["files"] if "config" in entry]
    judged = order.shelf.judged_key(recipe.duplicates.threshold)
    return sealed, [judged, *known, *memory.used, *(each.made_of for each in pressed if each.made_of)]


def _configs(recipe: Recipe, pressed: list[Written]) -> dict[str, Any]:
    """Return configurations and splits as the manifest has them: splits in the order of the recipe, none empty."""
    configs: dict[str, Any] = {}
    for config in ("articles", "withheld"):
        splits = {}
        for split, _ in recipe.splits:
            found = [each for each in pressed if (each.shard.config, each.shard.split) == (config, split)]
            if found:
                splits[split] = {
                    "rows": sum(each.shard.rows for each in found),
                    "arrow_bytes": sum(each.shard.arrow_bytes for each in found),
                    "content_sha256": content_of(found),
                }
        if splits:
            configs[config] = {"default": not configs, "splits": splits}
    return configs
