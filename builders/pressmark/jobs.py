"""The tasks of a release line: which rows go into which file, and what is kept closed."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curation import Curation
from pressmark.history import Standing
from pressmark.press.shards import divided, shard_name
from pressmark.recipe import Recipe
from pressmark.stages import ClosingJob, PressJob, Row
from pressmark.workshop import UNKEPT


def press_jobs(
    curation: Curation, recipe: Recipe, line: str, folder: Path, earlier: Mapping[str, Standing], release: int
) -> list[PressJob]:
    """Return the tasks that write the shards of a release, in the order of their paths.

    Args:
        curation: What was decided.
        recipe: How shards are made.
        line: Name of the release line.
        folder: The release folder.
        earlier: What articles were in the release before, by id.
        release: Number of the release within its line.
    """
    members: dict[tuple[str, str], list[tuple[str, str, int, Row]]] = defaultdict(list)
    for at, found in curation.outcomes[line].items():
        if found.absent:
            continue
        entry = curation.entries[at]
        config = "articles" if found.text else "withheld"
        group, split = curation.places[at]
        before = earlier.get(entry.id)
        same = (before.added_in, before.changed_in, before.lasting) if before and before.config == config else None
        name = shard_name(recipe.shards_by, entry.source, entry.published_on)
        members[config, split].append((name, entry.id, entry.bytes, Row(*at, found, group, same)))
    jobs = [
        PressJob(curation.staging, folder, recipe.name, config, split, name, release, tuple(rows))
        for (config, split), grouped in members.items()
        for name, rows in divided(grouped, recipe.shard_bytes).items()
    ]
    return sorted(jobs, key=lambda job: job.path)


def closing_jobs(curation: Curation, line: str, folder: Path) -> list[ClosingJob]:
    """Return the tasks that keep what a release line does not show, one for each reading task."""
    rows: dict[int, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    for (task, row), found in sorted(curation.outcomes[line].items()):
        if not found.text:
            rows[task].append((row, () if found.absent else ("metadata", "digest", *found.also)))
    withdrawn: dict[int, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    for task, row in curation.closed[line]:
        (withdrawn if curation.entries[task, row].code == WITHDRAWN else rows)[task].append((row, ()))
    return [
        ClosingJob(curation.staging, task, folder / f"{name}{task:06d}.parquet", tuple(found))
        for name, those in (("", rows), (UNKEPT, withdrawn))
        for task, found in sorted(those.items())
    ]
