"""Reads a corpus whole and decides on everything, as a build does, and writes nothing that stays."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from pressmark.article.contract import prove_formats
from pressmark.article.record import Record
from pressmark.curation import PUBLISHED, Curation, curate
from pressmark.engine.local import LocalEngine
from pressmark.entries import At
from pressmark.plan import Engine
from pressmark.press.columns import as_record, rows_of
from pressmark.reading import read_inputs
from pressmark.recipe import Recipe, read_recipe
from pressmark.staging import staged_at
from pressmark.suppression import read_registry


@dataclass(frozen=True, slots=True)
class Survey:
    """A corpus that was read and decided on."""

    recipe: Recipe
    as_of: date
    curation: Curation

    def articles(self) -> Iterator[tuple[At, Record]]:
        """Yield every article that was read, its rights resolved, with its number of task and row."""
        for task in range(self.curation.roll.tasks):
            with pa.memory_map(str(staged_at(self.curation.roll.staging, task))) as source:
                reader = pa.ipc.open_file(source)
                row = 0
                for number in range(reader.num_record_batches):
                    for record in rows_of(reader.get_batch(number)):
                        yield (task, row), dict(as_record(record))
                        row += 1

    def inputs(self) -> Iterator[dict[str, Any]]:
        """Yield what was made of each input, by `file` and `line`: the `id` of an article, or `code` and `detail`."""
        for task in range(self.curation.roll.tasks):
            with staged_at(self.curation.roll.staging, task).with_suffix(".jsonl").open("rb") as account:
                yield from map(orjson.loads, account)

    def became(self, line: str) -> dict[str, str]:
        """Return what becomes of each article that is kept: `published`, or the code of the reason why not."""
        roll, outcomes = self.curation.roll, self.curation.outcomes
        kept = np.flatnonzero(roll.kept)
        found = [outcomes.different[which] for which in outcomes.by_line[line][kept].tolist()]
        became = (PUBLISHED if each.text else each.because for each in found)
        return dict(zip(roll.ids.take(pa.array(kept)).to_pylist(), became, strict=True))


def as_read(article: Record) -> Record:
    """Return an article with the licence that its own record states, by which decisions choose, in place of another."""
    claims = [seen["quote"] for seen in article["rights"].get("evidence", ()) if _is_claim(seen)]
    rest = {key: value for key, value in article.items() if key != "license"}
    return {**rest, **({"license": claims[0]} if claims else {})}


def _is_claim(seen: Record) -> bool:
    return bool(seen["kind"] == "claim" and seen["where"] == "/license")


@contextmanager
def surveyed(
    corpus: Recipe | Path | str, *, as_of: date | None = None, workers: int = 1, engine: Engine | None = None
) -> Iterator[Survey]:
    """Read every input of a corpus and decide on it, for as long as the survey is looked at.

    Texts lie in a private temporary folder meanwhile.

    Args:
        corpus: The recipe, or the folder that it is in.
        as_of: The day that counts as today.
        workers: Processes.
        engine: Where tasks run; one of its own by default.

    Raises:
        RecipeError: the recipe has faults.
    """
    prove_formats()
    recipe = corpus if isinstance(corpus, Recipe) else read_recipe(corpus)
    today = as_of or datetime.now(UTC).date()
    suppression = read_registry(recipe.folder).suppression
    with tempfile.TemporaryDirectory(prefix="pressmark-") as folder, ExitStack() as own:
        runs = engine or own.enter_context(LocalEngine(workers))
        staging = Path(folder)
        staged = read_inputs(recipe, staging, runs)
        lines = list(recipe.lines.values())
        yield Survey(recipe, today, curate(recipe, lines, staged, today, runs, None, suppression))
