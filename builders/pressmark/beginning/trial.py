"""Inputs are read as one reader after another would, to see which of them makes most of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from pressmark.article.record import Record
from pressmark.beginning.fields import proposed as proposed_fields
from pressmark.beginning.layout import proposed as proposed_layout
from pressmark.beginning.sample import RECORDS, SAMPLE, Kind, kind_of, pages_of, records_of
from pressmark.intake.foreign import NIKL, READERS
from pressmark.intake.read import input_name, read
from pressmark.intake.task import ReadTask
from pressmark.reading_plan import plan_reading
from pressmark.recipe import Input, Recipe
from pressmark.sources import Layout, Source

_TASKS = 3
_WANTED = ("title", "published_on", "url", "contributors")
"""Fields that an article should have, beside its text."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of reading some inputs in one way."""

    input: Input
    layout: Layout | None
    articles: list[Record]
    refused: Counter[str]
    """How many were refused, by code."""

    reasons: dict[str, str] = field(default_factory=dict)
    """The first reason of each code, with its input and place."""

    refused_files: set[str] = field(default_factory=set)
    """Files with something refused."""

    records: list[Mapping[str, Any]] = field(default_factory=list)
    """Some records as their files have them, where there are no articles."""

    notes: Counter[str] = field(default_factory=Counter)
    """How many have something to say, by code."""

    @property
    def looked_at(self) -> int:
        """How many inputs were read."""
        return len(self.articles) + self.refused.total()

    @property
    def worth(self) -> tuple[int, int]:
        """How many articles there are, and how many of the fields that they should have."""
        return len(self.articles), sum(name in article for article in self.articles for name in _WANTED)


def tried(recipe: Recipe, entry: Input) -> Trial:
    """Return the way of reading an input that makes most of its first files.

    Args:
        recipe: The corpus as far as it is known.
        entry: An input of it.
    """
    source = recipe.sources[entry.source]
    if entry.format == "page":
        return _with_layout(recipe, entry, source)
    if entry.hub and entry.format in ("csv", "tsv"):
        entry = _seen(recipe, entry)
    records = records_of(_tasks(recipe, entry)) if entry.format in RECORDS else []
    trials = [_read(recipe, each, source) for each in _ways(entry, records)]
    # The first of equals: the contract's own field names before those of others, and these before a mapping.
    best = max(trials, key=lambda trial: trial.worth)
    if not best.articles:
        # What a mapping that was guessed lacks says more than that names are not those of the contract.
        return replace(next((trial for trial in trials if trial.input.fields), trials[0]), records=records)
    by_line = sum("\n" in article["text"] and "\n\n" not in article["text"] for article in best.articles)
    if entry.format in RECORDS and by_line > len(best.articles) / 2:
        return _read(recipe, replace(best.input, paragraphs="line"), source)
    return best


def _seen(recipe: Recipe, entry: Input) -> Input:
    """Return how a table of the Hub is read, which can be looked at now that it is at home."""
    task = next(iter(_tasks(recipe, entry)), None)
    kind = kind_of(task.folder / task.files[0].path) if task else None
    return replace(entry, format=kind.format, delimiter=kind.delimiter) if isinstance(kind, Kind) else entry


def _ways(entry: Input, records: Sequence[Mapping[str, Any]]) -> list[Input]:
    if entry.format not in RECORDS:
        return [entry]
    shapes = [name for name in READERS if name != NIKL or entry.format == "json"]
    ways = [entry, *(replace(entry, shape=name) for name in shapes)]
    fields = proposed_fields(records)
    if "text" in fields:
        ways.append(replace(entry, fields=tuple(sorted(fields.items()))))
    return ways


def _with_layout(recipe: Recipe, entry: Input, source: Source) -> Trial:
    anchors = proposed_layout(pages_of(_tasks(recipe, entry)))
    return _read(recipe, entry, replace(source, layout=Layout(tuple(anchors))))


def _tasks(recipe: Recipe, entry: Input) -> Sequence[ReadTask]:
    return plan_reading(replace(recipe, inputs=(entry,)), only_here=True)[0][:_TASKS]


def _read(recipe: Recipe, entry: Input, source: Source) -> Trial:
    chosen = replace(recipe, sources={source.name: source})
    trial = Trial(entry, source.layout, [], Counter())
    for task in _tasks(chosen, entry):
        for reading in islice(read(task), SAMPLE):
            if reading.article is not None:
                trial.articles.append(reading.article)
            elif reading.rejection is not None:
                code, place, detail = reading.rejection.code, reading.rejection.place, reading.rejection.detail
                trial.refused[code] += 1
                name = input_name(reading.file, reading.line)
                trial.reasons.setdefault(code, ": ".join(filter(None, (name, place, detail))))
                trial.refused_files.add(reading.file)
            trial.notes.update(code for code, _, _ in reading.notes)
    return trial
