"""Why an article appears or does not: from evidence to outcome."""

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from pressmark.article.identity import article_id, canonical_address
from pressmark.article.record import Record
from pressmark.article.rights import Decision
from pressmark.curate.gate import objections
from pressmark.curate.resolve import closest, holding
from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curation import PUBLISHED
from pressmark.entries import At
from pressmark.errors import UsageError
from pressmark.findings import CATALOGUE
from pressmark.intake.read import below_root, input_name
from pressmark.reading import rejected
from pressmark.recipe import PAGES, Recipe
from pressmark.survey import Survey, as_read, surveyed

_CLASSES = ("text", "headline", "name")
_COMPARED = 20_000
"""Ids that are looked through for one that may have been meant."""

_NEAREST, _ALIKE = 3, 0.8
"""How many of them are compared with their source, and how alike they are at least without it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an article in one release line."""

    line: str
    destination: str
    profile: str
    became: str
    """`published`, or the code of the first reason why not."""

    reasons: dict[str, list[str]]
    """By class of fields (text, headline, name): every code that speaks against showing them."""


@dataclass(frozen=True, slots=True)
class CopyOf:
    """Another article whose rights count too: one with the same letters, or a near copy."""

    identity: str
    """Its id; the tombstone of one that is withdrawn and gone from the inputs."""

    status: str
    alone: dict[str, str]
    """By release line: what would become of it by its own rights."""


@dataclass(frozen=True, slots=True)
class Why:
    """One article's way from evidence to outcome."""

    article: Record
    """With its rights resolved."""

    file_code: str
    """Why it is set aside, if it is."""

    survivor: str
    decisions: list[tuple[Decision, bool]]
    """Decisions whose scope holds it, and whether each is among those that decide."""

    verdicts: list[Verdict]
    copies: list[CopyOf]


def why(corpus: Recipe | Path | str, identity: str, *, as_of: date | None = None, workers: int = 1) -> list[Why]:
    """Return the way of an article from evidence to outcome; of each capture, where there are several.

    Args:
        corpus: The folder that holds `corpus.toml`.
        identity: Id of the article, its address, or the file that it was read from (`FILE:LINE` for a record).
        as_of: The day that counts as today.
        workers: Processes.

    Raises:
        UsageError: there is no such article, or the input was refused.
    """
    with surveyed(corpus, as_of=as_of, workers=workers) as survey:
        address, named = _address(identity), {identity, *_read_from(survey, identity)}
        found = [
            (at, article)
            for at, article in survey.articles()
            if article["id"] in named or address == article.get("url")
        ]
        if not found:
            raise _unknown(survey, identity)
        return [_why(survey, at, article) for at, article in found]


def _read_from(survey: Survey, identity: str) -> Iterator[str]:
    """Yield the ids of the articles that were read from an input, where a file is named, or `FILE:LINE`.

    Raises:
        UsageError: the input was refused.
    """
    below = os.path.relpath(identity or ".", survey.recipe.folder)
    for made in _inputs(survey):
        if made["line"] is not None and made["file"] in (identity, below):
            raise UsageError(f"{identity} holds records", advice=f"name one: {identity}:{made['line']}, say")
        if input_name(made["file"], made["line"]) in (identity, below):
            if "code" in made:
                raise _refused(identity, made)
            yield made["id"]


def _inputs(survey: Survey) -> Iterator[dict[str, Any]]:
    """Yield what was made of each input, also of those that no task could read."""
    return chain(map(rejected, survey.curation.findings), survey.inputs())


def _refused(name: str, made: dict[str, Any]) -> UsageError:
    told = CATALOGUE[made["code"]]
    why_not = ", ".join(filter(None, [told.name, made["place"], made["detail"]]))
    return UsageError(f"{name} was refused: {why_not}", advice=told.advice)


def _unknown(survey: Survey, identity: str) -> UsageError:
    """Return what is wrong with an id that no article has: its input may have been refused."""
    refused = [made for made in _inputs(survey) if "code" in made]
    for made in refused:
        if made["line"] is None and identity in _ids_by_path(survey.recipe, made["file"]):
            return _refused(f"{identity} is no article: {made['file']}", made)
    advice = _nearest(survey, identity)
    if refused:
        # A record says its id itself, and of one that is refused nothing is kept.
        one = input_name(refused[0]["file"], refused[0]["line"])
        advice += f". What was refused ({len(refused)}) has no id: name its file and line, such as {one}"
    return UsageError(f"no article has the id or the address {identity!r}", advice=advice)


def _ids_by_path(recipe: Recipe, file: str) -> set[str | None]:
    """Return the ids that a file gives an article by its path, by the inputs that may mean it."""
    pages = [entry for entry in recipe.inputs if entry.format in PAGES]
    return {article_id(entry.source, path=below_root(entry.files, file)) for entry in pages}


def _nearest(survey: Survey, identity: str) -> str:
    """Return what to do about an id that there is not, with the one that is most like it, where one is."""
    # All ids of a source have its name in front, so they are alike, however far they are; what follows it is compared.
    ids: dict[str, list[str]] = {}
    for made in islice(survey.inputs(), _COMPARED):
        if "id" in made:
            ids.setdefault(_own(made["id"]), []).append(made["id"])
    alike = difflib.get_close_matches(_own(identity), ids, n=_NEAREST, cutoff=_ALIKE)
    close = difflib.get_close_matches(identity, [each for own in alike for each in ids[own]], n=1, cutoff=0)
    meant = f"did you mean {close[0]}? " if close else ""
    return f"{meant}an id has its source in front, as the ledger and the releases show it; a file of the inputs will do"


def _own(identity: str) -> str:
    """Return an id without the source in front."""
    return identity.partition(":")[2] or identity


def _address(identity: str) -> str:
    try:
        return canonical_address(identity)
    except ValueError:
        return ""


def _why(survey: Survey, at: At, article: Record) -> Why:
    roll = survey.curation.roll
    entry = roll.entry(roll.number(at))
    found = holding(as_read(article), survey.recipe.sources[entry.source].rights)
    deciding = closest(found)
    return Why(
        article,
        entry.code,
        entry.survivor,
        [(decision, any(decision is each for each in deciding)) for decision in found],
        [] if entry.code else _verdicts(survey, at, article),
        _copies(survey, at),
    )


def _verdicts(survey: Survey, at: At, article: Record) -> list[Verdict]:
    verdicts = []
    for line in survey.recipe.lines.values():
        found = survey.curation.outcomes.of(line.name, survey.curation.roll.number(at))
        asked = (line.destination, line.profile, survey.as_of, line.accepts)
        reasons = {kind: objections(article, kind, *asked) for kind in _CLASSES}
        became = PUBLISHED if found.text else found.because
        if became not in (PUBLISHED, *reasons["text"]):
            reasons = {kind: [*codes, became] for kind, codes in reasons.items()}
        verdicts.append(Verdict(line.name, line.destination, line.profile, became, reasons))
    return verdicts


def _copies(survey: Survey, at: At) -> list[CopyOf]:
    roll, kin = survey.curation.roll, survey.curation.together.kin
    own = roll.number(at)
    copies = []
    for number in np.flatnonzero(kin == kin[own]).tolist():
        if number != own:
            terms = roll.different_terms[roll.terms[number]]
            became = {
                name: PUBLISHED if found.text else found.because
                for name, found in zip(survey.recipe.lines, terms.alone, strict=True)
            }
            copies.append(CopyOf(roll.identity(number), terms.status, became))
    return [*copies, *_withdrawn(survey, own)]


def _withdrawn(survey: Survey, own: int) -> list[CopyOf]:
    """Return the withdrawn texts that are gone from the inputs and close a family, by their tombstones."""
    kin = survey.curation.together.kin
    stones = {
        stone for found in survey.curation.copies.values() for number, stone in found.items() if kin[number] == kin[own]
    }
    return [CopyOf(stone, WITHDRAWN, dict.fromkeys(survey.recipe.lines, WITHDRAWN)) for stone in sorted(stones)]
