"""Looks at a corpus before it is built: recipe, sources, and a sample of its inputs. Writes nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pressmark.article.contract import prove_formats
from pressmark.curate.gate import outcome
from pressmark.curate.resolve import resolve
from pressmark.findings import Finding
from pressmark.intake.read import finding, read
from pressmark.reading_plan import plan_reading
from pressmark.recipe import Recipe, read_recipe

SAMPLE = 20


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a look at a corpus found."""

    recipe: Recipe
    sampled: int
    """How many inputs were read."""

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
    findings += _differing_evidence(recipe)
    sampled = 0
    outcomes: dict[str, Counter[str]] = {name: Counter() for name in recipe.lines}
    for task in tasks:
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
            findings += [finding(code, reading.file, reading.line, *rest) for code, *rest in reading.notes]
            article = resolve(reading.article, task.source.rights)
            for line in recipe.lines.values():
                found = outcome(article, line.destination, line.profile, today, line.accepts)
                outcomes[line.name]["published" if found.text else found.because] += 1
    return CheckResult(recipe, sampled, findings, outcomes)


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
