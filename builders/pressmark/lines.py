"""One release line: pressed, sealed, verified, and searched for texts that have to stay closed."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pressmark.curate.copies import COPY_IS_CLOSED
from pressmark.curation import Curation, cells, closing_jobs, counts, press_jobs, terms
from pressmark.errors import BrokenInstallationError, GateRefusedError, PressmarkError
from pressmark.plan import Engine
from pressmark.press.card import write_card
from pressmark.press.content import content_digest
from pressmark.press.manifest import describe, seal
from pressmark.press.publications import write_publications
from pressmark.press.rights import write_rights
from pressmark.recipe import Line, Recipe
from pressmark.release.meetings import Copy
from pressmark.release.verify import verify
from pressmark.search import search
from pressmark.stages import Pressed, close_stage, press_stage
from pressmark.workshop import PRIVATE, Workshop

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how many of its tasks are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a build was asked for."""

    recipe: Recipe
    version: str
    as_of: date
    engine: Engine
    progress: Progress | None

    def told(self, stage: str, done: int, of: int) -> None:
        """Tell how far a stage is."""
        if self.progress:
            self.progress(stage, done, of)


def press_line(order: Order, line: Line, curation: Curation, shop: Workshop, folder: Path) -> dict[str, Any]:
    """Write a release and return its manifest.

    Where a text that would be published holds half or more of a withheld one, it is withheld too and the release is
    written again: the strictest right decides for copies, also for those that are none letter by letter.

    Raises:
        GateRefusedError: a run of a withheld text stands anywhere else in the release.
        PressmarkError: every article is under embargo.
        BrokenInstallationError: the release does not verify.
    """
    while True:
        manifest = _written(order, line, curation, folder)
        found = search(order.engine, folder, _kept_closed(order, line, curation, shop), shop.scratch)
        if found.leaks:
            raise GateRefusedError(found.leaks)
        if not found.copies:
            return manifest
        _close(curation, line.name, found.copies)
        shutil.rmtree(folder)
        folder.mkdir()


def _close(curation: Curation, line: str, copies: Sequence[Copy]) -> None:
    published = {copy.published: copy.withheld for copy in copies}
    outcomes = curation.outcomes[line]
    for at, entry in curation.entries.items():
        if entry.id in published and at in outcomes:
            outcomes[at] = COPY_IS_CLOSED
            curation.copies.setdefault(line, {})[at] = published[entry.id]


def _kept_closed(order: Order, line: Line, curation: Curation, shop: Workshop) -> Path:
    """Write what the line does not show into the workshop's staging, and return the folder."""
    folder = shop.closing(line.name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=PRIVATE)
    jobs = closing_jobs(curation, line.name, folder)
    for done, _ in enumerate(order.engine.run(close_stage, jobs), 1):
        order.told(f"keep closed {line.name}", done, len(jobs))
    return folder


def _written(order: Order, line: Line, curation: Curation, folder: Path) -> dict[str, Any]:
    recipe = order.recipe
    jobs = press_jobs(curation, recipe, line.name, folder)
    if not jobs:
        raise PressmarkError(
            f"on the release line {line.name} nothing may be mentioned as of {order.as_of}",
            advice="every article is under embargo; build with a later --as-of, or another --line",
        )
    pressed: list[Pressed] = []
    for written in order.engine.run(press_stage, jobs):
        pressed.append(written)
        order.told(f"write {line.name}", len(pressed), len(jobs))
    curation.emptied[line.name] = [found for each in pressed for found in each.emptied]
    counted = counts(curation, line.name)
    manifest = describe(recipe, line, order.version, order.as_of, counted, _configs(recipe, pressed))
    shards = [each.shard for each in pressed]
    write_card(folder, recipe, line, manifest, shards, terms(curation, line.name))
    write_rights(folder, manifest, shards, cells(curation, line.name))
    rows = (curation.entries[at] for at, found in curation.outcomes[line.name].items() if not found.absent)
    write_publications(folder, recipe, (entry.source for entry in rows))
    sealed = seal(folder, manifest, shards)
    findings = verify(folder)
    if findings:
        first = "; ".join(str(finding) for finding in findings[:3])
        raise BrokenInstallationError(
            f"the release does not verify: {first}", advice="report this; nothing was released"
        )
    return sealed


def _configs(recipe: Recipe, pressed: list[Pressed]) -> dict[str, Any]:
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
                    "content_sha256": content_digest(row for each in found for row in each.digests),
                }
        if splits:
            configs[config] = {"default": not configs, "splits": splits}
    return configs
