"""Curation of a build: what is staged is held against itself, and every input gets its class, split and reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from pressmark.curate.captures import mark_cut
from pressmark.curate.copies import COPY_IS_CLOSED, strictest
from pressmark.curate.duplicates import Entry, set_aside
from pressmark.curate.gate import Outcome, outcome
from pressmark.curate.groups import BRIDGE, NEAR_COPY, STRADDLE, Placing
from pressmark.curate.splits import SplitRule
from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curate.withdrawals import Suppression, renamed, withdraw
from pressmark.decisions import idle_decisions
from pressmark.entries import At, entries_of, said_at, text_at
from pressmark.findings import Finding
from pressmark.grouping import grouped
from pressmark.history import History
from pressmark.likeness import Likeness
from pressmark.near_withdrawn import near_withdrawn
from pressmark.plan import Engine
from pressmark.reading import Staged, rejected
from pressmark.recipe import Line, Recipe
from pressmark.staging import staged_at

_CLASS_OF_CODE = {
    **dict.fromkeys(("exact-copy", NEAR_COPY, BRIDGE, STRADDLE), "duplicate"),
    "later-capture": "superseded",
    "cut-capture": "superseded",
    "id-conflict": "rejected",
    WITHDRAWN: WITHDRAWN,
}
REJECTED = "rejected"
PUBLISHED = "published"


@dataclass(slots=True)
class Curation:
    """What was decided about everything that was read."""

    staging: Path
    tasks: int
    findings: list[Finding]
    """Inputs that no task could read."""

    entries: dict[At, Entry]
    places: dict[At, tuple[str, str]]
    """Group and split of each article that is not set aside."""

    outcomes: dict[str, dict[At, Outcome]]
    """By release line, for each article that is not set aside."""

    closed: dict[str, list[At]]
    """By release line, articles that are set aside and whose own rights close their text, or that are withdrawn."""

    remarks: list[Finding] = field(default_factory=list)
    """Recorded decisions, and ids in them, that hold no article; what of a file was passed over."""

    elsewhere: dict[At, str] = field(default_factory=dict)
    """Splits of articles, or of those that stand for them, that are others than their records say."""

    kin: Mapping[str, str] = field(default_factory=dict)
    """By digest of letters, whose rights count together; itself where it is not here."""

    copies: dict[str, dict[At, str]] = field(default_factory=dict)
    """By release line, for texts that hold half or more of a withheld one: the id of that one; of one that is withdrawn
    and gone from the inputs its tombstone."""

    emptied: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By release line: ids and fields that were emptied because they showed a withheld text."""

    def family(self, entry: Entry) -> str:
        """Return what copies of an article, near ones too, have in common."""
        return self.kin.get(entry.letters_sha256, entry.letters_sha256)

    def inputs(self) -> Iterator[dict[str, Any]]:
        """Yield what became of each input, in the order of reading, as rows of the ledger."""
        for finding in self.findings:
            yield self._row(rejected(finding), None)
        for number in range(self.tasks):
            with staged_at(self.staging, number).with_suffix(".jsonl").open("rb") as stream:
                for line in stream:
                    read = orjson.loads(line)
                    yield self._row(read, self.entries.get((number, read.pop("row", -1))))

    def _row(self, read: dict[str, Any], entry: Entry | None) -> dict[str, Any]:
        read.pop("stated_split", None)
        if entry and entry.edit:
            read["edit"] = entry.edit
        if entry is None or entry.code:
            code = entry.code if entry else read["code"]
            class_ = _CLASS_OF_CODE.get(code, REJECTED)
            became = {name: {"class": class_, "code": code} for name in self.outcomes}
            survivor = {"survivor": entry.survivor} if entry else {}
            survivor |= {"also": entry.also} if entry and entry.also else {}
            notes = [*read.pop("notes", ()), *(self._elsewhere(entry) if entry else ())]
            return {**read, **survivor, "became": became, **({"notes": notes} if notes else {})}
        became = {}
        for name, outcomes in self.outcomes.items():
            copy_of = self.copies.get(name, {}).get(entry.at)
            became[name] = {**_became(outcomes[entry.at]), **({"copy_of": copy_of} if copy_of else {})}
        notes = [*read.pop("notes", ()), *self._emptied(entry.id), *self._elsewhere(entry)]
        return {
            **read,
            "split": self.places[entry.at][1],
            "became": became,
            **({"notes": notes} if notes else {}),
        }

    def _elsewhere(self, entry: Entry) -> list[tuple[str, str, str]]:
        split = self.elsewhere.get(entry.at)
        return [("split-stays", "/split", f"found {entry.split}, is in {split}")] if split else []

    def _emptied(self, identity: str) -> Iterator[tuple[str, str, str]]:
        for line, found in self.emptied.items():
            for name, path in found:
                if name == identity:
                    yield "field-shows-text", path, f"emptied in the release line {line}"


def _became(outcome: Outcome) -> dict[str, str]:
    if outcome.text:
        return {"class": PUBLISHED}
    return {"class": "embargoed" if outcome.absent else "withheld", "code": outcome.because}


def curate(
    recipe: Recipe,
    lines: Sequence[Line],
    staged: Staged,
    as_of: date,
    engine: Engine,
    history: History | None = None,
    suppression: Suppression | None = None,
) -> Curation:
    """Decide what becomes of everything that was staged.

    Args:
        recipe: Gives splits and their salt, what becomes of copies, and the decisions.
        lines: The audiences that are built for.
        staged: What was read.
        as_of: The day that counts as today.
        engine: Looks for near copies.
        history: What earlier releases had.
        suppression: What was withdrawn.
    """
    history, suppression = history or History({}), suppression or Suppression()
    origins, belonging = history.origins(), history.belonging()
    with_splits, tasks = recipe.splits_from_field, len(staged.read)
    entries = [entry for number in range(tasks) for entry in entries_of(staged.folder, number, with_splits=with_splits)]
    names = {name for name, _ in recipe.splits}
    for entry in entries:
        entry.code = "unknown-split" if entry.split is not None and entry.split not in names else ""
        entry.released = origins[entry.id].released if entry.id in origins else None
    withdraw(entries, suppression)
    mark_cut(entries, lambda entry: text_at(staged.folder, entry.at))
    set_aside(entries, lambda entry: said_at(staged.folder, entry.at), keep_copies=recipe.duplicates.exact == "keep")
    alone = {line.name: _alone(entries, line, as_of) for line in lines}
    hidden = {at for found in alone.values() for at, its in found.items() if its.absent}
    rule = SplitRule(recipe.name, recipe.splits, recipe.since)
    renames = renamed(entries, belonging, suppression)
    placing = Placing(rule, belonging, recipe.duplicates.near == "keep", renames, hidden)
    likeness = Likeness(engine, staged.folder, tasks, staged.folder / "likeness", recipe.duplicates.threshold)
    together = grouped(entries, likeness, placing)
    places, kept = together.places, [entry for entry in entries if not entry.code]
    barred = near_withdrawn(engine, staged, recipe.duplicates.threshold, suppression)
    outcomes = {name: strictest(kept, entries, found, together.kin, barred) for name, found in alone.items()}
    copies = {
        name: {at: stone for at, stone in barred.items() if found.get(at) is COPY_IS_CLOSED}
        for name, found in outcomes.items()
    }
    aside = [entry for entry in entries if entry.code]
    closed = {
        name: [entry.at for entry in aside if entry.code == WITHDRAWN or not found[entry.at].text]
        for name, found in alone.items()
    }
    stated = {name: source.rights for name, source in recipe.sources.items()}
    held = frozenset[str]().union(*(each.held for each in staged.read))
    idle = idle_decisions(stated, held, {entry.id for entry in entries})
    by_place = {entry.at: entry for entry in entries}
    remarks = [*idle, *(remark for each in staged.read for remark in each.remarks)]
    elsewhere = _elsewhere(entries, places)
    return Curation(
        *(staged.folder, tasks, staged.findings, by_place, places, outcomes, closed, remarks, elsewhere),
        *(together.kin, copies),
    )


def _elsewhere(entries: Sequence[Entry], places: Mapping[At, tuple[str, str]]) -> dict[At, str]:
    """Return the splits of articles that are in others than their records say, or whose survivors are."""
    splits = {entry.id: places[entry.at][1] for entry in entries if entry.at in places}
    found = {entry.at: splits.get(entry.survivor or entry.id) for entry in entries if entry.split is not None}
    stated = {entry.at: entry.split for entry in entries}
    return {at: split for at, split in found.items() if split not in (None, stated[at])}


def _alone(entries: list[Entry], line: Line, as_of: date) -> dict[At, Outcome]:
    """Return what each article's own rights allow, also of those that are set aside."""
    known: dict[int, Outcome] = {}
    """By the rights that articles share: the gate is asked once for all of them."""
    for entry in entries:
        if id(entry.rights) not in known:
            known[id(entry.rights)] = outcome(entry.rights, line.destination, line.profile, as_of, line.accepts)
    return {entry.at: known[id(entry.rights)] for entry in entries}
