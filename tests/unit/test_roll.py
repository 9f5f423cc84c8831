"""What is worked out by columns is what the rules say of one article after the other."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pressmark.apart
from near_cases import Press, name_survivors, named
from pressmark.accounts import cells, counts, inputs, terms
from pressmark.apart import AT_ONCE
from pressmark.curate.copies import strictest
from pressmark.curate.duplicates import Entry, set_aside
from pressmark.curate.gate import Outcome, outcome
from pressmark.curate.groups import Placing, families, placed
from pressmark.curate.splits import UNDATED, SplitRule
from pressmark.curation import Curation, curate
from pressmark.engine.local import LocalEngine
from pressmark.entries import At, entries_of
from pressmark.history import History, read_history
from pressmark.jobs import PressJobs, _bits, _divided
from pressmark.likeness import Likeness
from pressmark.press.manifest import CLASSES
from pressmark.pressing import PressJob
from pressmark.reading import Staged, read_inputs
from pressmark.recipe import Recipe, read_recipe
from pressmark.roll import CODES, Roll
from pressmark.standings import first_words, group_name, keys_of
from shards_by_hand import divided
from strategies import checked
from support import AS_OF, Corpus

shares = st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(any)
days = st.none() | st.dates().map(str)
SINCE = {"late": "2024-01-01", "later": "2024-06-01"}


@checked(200)
@given(
    shares,
    st.lists(st.tuples(st.text("0123456789abcdef", min_size=16, max_size=16), days)),
    st.sampled_from([{}, SINCE]),
)
def test_splits_of_many_groups_are_those_of_each(
    parts: list[int], asked: list[tuple[str, str | None]], since: dict[str, str]
) -> None:
    named = [(f"s{number}", Fraction(part, sum(parts))) for number, part in enumerate(parts)]
    rule = SplitRule("salt", [*named, ("later", Fraction(0)), ("late", Fraction(0))], since)
    numbers = [
        UNDATED if day is None else (np.datetime64(day) - np.datetime64("1970-01-01")).astype(int) for _, day in asked
    ]
    found = rule.split_numbers(first_words([group for group, _ in asked]), np.array(numbers, np.int32))
    names = [name for name, _ in rule.shares]
    assert [names[number] for number in found.tolist()] == [rule.split(group, day) for group, day in asked]


def test_a_point_on_an_edge_is_in_the_later_split(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = SplitRule("salt", [("a", Fraction(1, 3)), ("b", Fraction(1, 3)), ("c", Fraction(1, 3))])
    points = {f"{number:016x}": point for number, point in enumerate((0, 2**64 // 3, 2**64 // 3 + 1, 2**64 - 1))}
    monkeypatch.setattr("pressmark.curate.splits._point", lambda group, _: points[group])
    found = rule.split_numbers(np.arange(4, dtype=np.uint64), np.full(4, UNDATED, np.int32))
    assert [rule.split(group, None) for group in points] == ["abc"[number] for number in found.tolist()] == [*"aabc"]


OTHER = """
title = "The Other"
publisher = "Other House"
language = "en"
timezone = "Europe/London"
derivation = "original"

[rights]
status = "all_rights_reserved"

[[rights.decisions]]
embargoed_until = 2030-01-01
decided_by = "editor"
decided_on = 2025-01-01
basis = "Agreed with the house."
scope = { ids = ["o1", "o4", "nobody"] }
evidence = [{ kind = "manual", scope = "text", where = "register" }]
"""
INPUT = """
[[input]]
files = "others/**/*.jsonl"
format = "jsonl"
source = "other"

[splits]
from = "field"
"""


def drawn(press: Press, texts: list[str], count: int, letter: str) -> list[dict[str, Any]]:
    """Return records among which some share an id, a text, or nearly a text, and some say their split."""
    rng = press.random
    made: list[dict[str, Any]] = []
    for _ in range(count):
        kind = rng.random()
        text = press.article("latin", 2) if kind < 0.5 else rng.choice(texts)
        texts.append(press.edited(text) if 0.5 <= kind < 0.75 else text)
        moment = (
            {"provenance": {"retrieved_at": f"2024-0{rng.randint(1, 3)}-01T00:00:00Z"}} if rng.random() < 0.7 else {}
        )
        split = {"split": rng.choice(["train", "test", "none"])} if rng.random() < 0.3 else {}
        day = {"published_on": rng.choice(["2023-05-01", "2024-05-01"])}
        made.append({"id": f"{letter}{rng.randrange(2 * count)}", "text": texts[-1], **day, **moment, **split})
    return made


@contextmanager
def curated(corpus: Corpus, near: str) -> Iterator[tuple[Recipe, Staged, History, Curation, LocalEngine]]:
    """Curate a corpus as its next version."""
    recipe = read_recipe(corpus.folder)
    recipe = replace(recipe, duplicates=replace(recipe.duplicates, near=near))
    staging = corpus.work / "here"
    staging.mkdir(parents=True)
    with LocalEngine() as engine:
        history = read_history(recipe, list(recipe.lines), corpus.out / "small", None, [], engine)
        staged = read_inputs(recipe, staging, engine)
        curation = curate(recipe, list(recipe.lines.values()), staged, AS_OF, engine, history)
        yield recipe, staged, history, curation, engine


@dataclass
class OneByOne:
    """The rules, applied to an entry of every article."""

    entries: list[Entry]
    places: Mapping[At, tuple[str, str]]
    outcomes: dict[str, dict[At, Outcome]]


def one_by_one(recipe: Recipe, staged: Staged, history: History, roll: Roll, engine: LocalEngine) -> OneByOne:
    belonging = history.belonging()
    origins = belonging.about(belonging.group)
    current = set(belonging.known.ids.filter(belonging.current).to_pylist())
    names = [name for name, _ in recipe.splits]
    entries: list[Entry] = []
    for task in range(roll.tasks):
        entries += entries_of(staged.folder, task, range(int(roll.starts[task + 1] - roll.starts[task])))
    for number, entry in enumerate(entries):
        entry.split = roll.stated_names[roll.stated[number]] if roll.stated[number] >= 0 else None
        entry.code = "unknown-split" if entry.split not in (None, *names) else ""
        entry.released = origins[entry.id].released if entry.id in current else None
    set_aside(entries, lambda entry: {"title": entry.text_sha256})
    likeness = Likeness(engine, staged.folder, roll.tasks, staged.folder / "again", recipe.duplicates.threshold)
    likeness.number()
    kept = [entry for entry in entries if not entry.code]
    alone = {
        line.name: {
            each.at: outcome(each.rights, line.destination, line.profile, AS_OF, line.accepts) for each in entries
        }
        for line in recipe.lines.values()
    }
    hidden = {at for found in alone.values() for at, its in found.items() if its.absent}
    rule = SplitRule(recipe.name, recipe.splits, recipe.since)
    placing = Placing(rule, origins, recipe.duplicates.near == "keep", {}, hidden)
    letters = [entry.letters_sha256 for entry in entries]
    labels = likeness.families("kept", likeness.texts[[roll.number(each.at) for each in kept]])
    found = families(kept, named(letters, labels.tolist()))
    places = placed(found, likeness.beside("apart", found), placing)
    name_survivors(entries)
    kin = named(letters, likeness.families("all", likeness.texts).tolist())
    staying = [entry for entry in entries if not entry.code]
    return OneByOne(entries, places, {name: strictest(staying, entries, its, kin) for name, its in alone.items()})


def two_versions(corpus: Corpus, seed: int) -> None:
    """Build a first version, and leave other records for a second one."""
    press, texts = Press(seed), ["A first text that others may have."]
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace("[splits]", INPUT))
    corpus.write("sources/other.toml", OTHER)
    for _ in range(2):
        for path, letter in (("records/a.jsonl", "j"), ("others/a.jsonl", "o")):
            corpus.records(*drawn(press, texts, 40, letter), path=path)
        if not corpus.results:
            corpus.build()


@pytest.mark.parametrize(("seed", "near", "at_once"), [(1, "keep", 9), (2, "drop", 5), (2, "drop", AT_ONCE)])
def test_columns_say_what_the_rules_say_one_by_one(
    corpus: Corpus, seed: int, near: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pressmark.apart, "AT_ONCE", at_once)
    two_versions(corpus, seed)
    with curated(corpus, near) as (recipe, staged, history, curation, engine):
        roll, ours = curation.roll, one_by_one(recipe, staged, history, curation.roll, engine)
        assert len(Counter(entry.code for entry in ours.entries)) > 3
        assert roll.origins.max() > 0
        assert 0 < roll.compared.sum() < len(roll)
        same_places(ours, curation)
        for name, found in ours.outcomes.items():
            same_sums(ours, found, name, recipe, curation)


def same_places(ours: OneByOne, curation: Curation) -> None:
    roll = curation.roll
    told = [row for row in inputs(curation) if "id" in row]
    for number, (entry, row) in enumerate(zip(ours.entries, told, strict=True)):
        assert (roll.identity(number), roll.at(number), roll.day(number)) == (entry.id, entry.at, entry.published_on)
        assert CODES[roll.codes[number]] == entry.code
        assert row.get("edit") == entry.edit
        if entry.code:
            assert (row["survivor"], row.get("also", "")) == (entry.survivor, entry.also)
        else:
            place = group_name(int(curation.together.groups[number])), row["split"]
            assert place == ours.places[entry.at]
            for name, found in ours.outcomes.items():
                assert curation.outcomes.of(name, number) == found[entry.at]
                assert row["became"][name].get("code", "") == found[entry.at].because


def same_sums(ours: OneByOne, found: Mapping[At, Outcome], line: str, recipe: Recipe, curation: Curation) -> None:
    rights = {entry.at: entry.rights for entry in ours.entries}
    became = [row["became"][line] for row in inputs(curation)]
    counted = counts(curation, line)
    assert counted["by_code"] == dict(sorted(Counter(each["code"] for each in became if "code" in each).items()))
    assert {name: count for name, count in counted.items() if name in CLASSES and count} == Counter(
        each["class"] for each in became
    )
    shown = [rights[at] for at, its in found.items() if its.text]
    assert terms(curation, line) == Counter((each["rights_status"], each.get("license", "")) for each in shown)
    assert cells(curation, line) == Counter(
        (rights[at]["rights_status"], "published" if its.text else its.because) for at, its in found.items()
    )
    make = partial(PressJob, Path("staging"), Path("folder"), recipe.name, release=1)
    jobs = PressJobs(curation, recipe, line, None, make)
    assert [job.path for job in jobs] == sorted(job.path for job in jobs[:])
    places = [
        (job.config, job.split, (int(task), int(row)))
        for job in jobs
        for task, row in zip(job.rows.tasks, job.rows.rows, strict=True)
    ]
    assert sorted(places) == sorted(
        ("articles" if its.text else "withheld", ours.places[at][1], at) for at, its in found.items() if not its.absent
    )


def roll_of(ids: list[str], sizes: list[int]) -> Any:
    return SimpleNamespace(keys=keys_of(ids), bytes=np.array(sizes, np.int32), identity=ids.__getitem__)


@checked(100)
@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 9), min_size=1), st.integers(1, 40))
def test_shards_are_divided_as_one_member_after_the_other_would_be(sizes: dict[str, int], target: int) -> None:
    ids, lengths = list(sizes), list(sizes.values())
    members = [("2024", identity, size, number) for number, (identity, size) in enumerate(sizes.items())]
    found = _divided(roll_of(ids, lengths), "2024", np.arange(len(ids)), target)
    assert {name: some.tolist() for name, some in found} == divided(members, target)


def test_each_bit_of_the_digest_of_an_id_divides() -> None:
    digest = int.from_bytes(hashlib.sha256(b"journal:1").digest())
    found = [int(_bits(roll_of(["journal:1"], [1]), np.array([0]), place)[0]) for place in range(256)]
    assert found == [int(bit) for bit in f"{digest:0256b}"]
