"""No canary of a word that may not appear stands anywhere in a release, and every one that may appear does."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from canary_corpus import CLOSING, CREDITS, EVIDENCE, LINES, OPENING, PLACES, STORED, World, canary, made, written
from canary_rules import EVERYTHING, METADATA, deciding, in_doubt, may_appear, satisfied
from pressmark import build, verify
from pressmark.search import verify_rights
from raw_parquet import canaries
from support import AS_OF, Corpus

SEED = 12


Shown = list[dict[str, frozenset[str]]]
"""What may appear of each article, by release line."""


def rules(world: World, today: date) -> Shown:
    return [may_appear(world, number, today.isoformat()) for number in range(len(world.articles))]


def expected(world: World, shown: Shown, line: str) -> dict[bytes, str]:
    """Return the canaries that may appear in a line, each with its field and article."""
    allowed = {}
    for number, (source, record) in enumerate(world.articles):
        for place, (kind, _) in PLACES.items():
            inside = {"image": "captions", "label": "contributors"}.get(place, place)
            if kind in shown[number][line] and inside in record:
                allowed[canary(number, place)] = f"{place} of {source}:{record['id']}"
    return allowed


def credited(world: World, shown: Shown, line: str, left_out: set[int]) -> set[bytes]:
    """Return the canaries of decisions that may appear in a line: they credit articles that credit nobody else."""
    crediting = [
        number
        for number, (_, record) in enumerate(world.articles)
        if ("name" in shown[number][line] and "attribution" not in record) or number in left_out
    ]
    found = {each.get("attribution", "")[-11:] for number in crediting for each in deciding(world, number)}
    return {mark.encode() for mark in found if mark}


def checked(
    corpus: Corpus, seed: int, count: int, today: date = AS_OF, line: str | None = None
) -> dict[str, set[frozenset[str]]]:
    """Build a corpus and hold each release against the rules; return what may appear of its articles, by line."""
    world = made(seed, count)
    written(world, corpus)
    options: dict[str, Any] = {"line": line, "as_of": today, "workers": 1 if count < 1000 else 2}
    result = build(corpus.folder, "1.0.0", out=corpus.out, work=corpus.work, **options)
    shown = rules(world, today)
    doubtful = {number for number in range(count) if in_doubt(deciding(world, number))}
    for name, release in result.lines.items():
        case = f"seed {seed}, {count} articles, line {name} on {today}"
        left_out = doubtful if LINES[name]["destination"] == "private" else set()
        allowed, found = expected(world, shown, name), canaries(release.folder)
        may = {*allowed, *credited(world, shown, name, left_out)}
        leaked = {mark: files for mark, files in found.items() if mark not in may and _owner(mark) not in left_out}
        hidden = {mark: field for mark, field in allowed.items() if mark not in found}
        assert not leaked, f"{case}: leaked {_first(leaked)}"
        assert not hidden, f"{case}: not there {_first(hidden)}"
        counts, texts = release.counts, sum("text" in each[name] for each in shown)
        assert counts["inputs"] == count == counts["published"] + counts["withheld"] + counts["embargoed"], case
        assert counts["embargoed"] == sum(not each[name] for each in shown), case
        assert texts <= counts["published"] <= texts + len(left_out), case
    folder = next(iter(result.lines.values())).folder
    assert verify(folder) == []
    assert verify_rights(folder, corpus.work / "canaries") == []
    return {name: {each[name] for each in shown} for name in LINES}


def _owner(mark: bytes) -> int:
    return int(mark[4:]) // 10


def _first(found: Mapping[bytes, object]) -> str:
    return f"{len(found)}, such as {'; '.join(f'{_named(mark)}: {found[mark]}' for mark in list(found)[:5])}"


def _named(mark: bytes) -> str:
    number, place = divmod(int(mark[4:]), 10)
    return f"credit {mark.decode()}" if 10 * number >= CREDITS else f"{list(PLACES)[place]} of article {number}"


def test_no_canary_of_four_hundred_articles_leaks(corpus: Corpus) -> None:
    seen = checked(corpus, SEED, 400)
    assert seen["bare"] == {frozenset(), METADATA}
    assert seen["vault"] == {EVERYTHING}
    assert seen["index"] == {METADATA}
    for line in ("open", "half", "tolerant", "asked", "own"):
        assert {frozenset(), METADATA, EVERYTHING} <= seen[line]
    in_part = {METADATA | set(kinds) for kinds in ({"headline"}, {"name"}, {"headline", "name"})}
    assert in_part <= seen["open"] | seen["asked"] | seen["own"]


@pytest.mark.parametrize(("days", "line"), [(-200, "own"), (-1, "tolerant"), (1, "open"), (2000, "asked")])
def test_no_canary_leaks_on_another_day(corpus: Corpus, days: int, line: str) -> None:
    seen = checked(corpus, SEED + days, 200, AS_OF + timedelta(days), line)
    assert METADATA in seen[line]
    assert EVERYTHING in seen[line]


@pytest.mark.soak
@pytest.mark.parametrize("seed", [10, 11])
def test_no_canary_of_ten_thousand_articles_leaks(corpus: Corpus, seed: int) -> None:
    checked(corpus, seed, 10_000)


def test_decisions_that_differ_are_in_conflict_though_each_allows_storage(corpus: Corpus) -> None:
    world = made(SEED, 1)
    stored = {"storage_basis": "EU-DSM-3", "visibility": "private", "decided_on": "2025-01-01", "home": None}
    statuses = ("all_rights_reserved", "orphan")
    source, record = "alder", {"id": "a0", "text": canary(0, "text").decode(), "section": ["s"], "rights": {}}
    differing = [
        {**stored, "status": status, "scope": {"sections": ["s"]}, "evidence": EVIDENCE} for status in statuses
    ]
    written(World(world.sources, differing, [(source, record)]), corpus)
    result = build(corpus.folder, "1.0.0", out=corpus.out, work=corpus.work, as_of=AS_OF, line="own")
    assert canaries(result.lines["own"].folder) == {}


def test_the_articles_are_spread_over_everything_that_the_table_opens() -> None:
    opened: dict[str, set[str]] = {line: set() for line in LINES}
    for world in (made(seed, 500) for seed in range(8)):
        for number, shown in enumerate(rules(world, AS_OF)):
            counting = deciding(world, number)
            for line in LINES:
                if counting and "text" in shown[line]:
                    opened[line].add(counting[0]["status"])
    assert {*OPENING} == opened["tolerant"] == opened["asked"] == opened["half"] == opened["open"]
    assert {*OPENING, *STORED} == opened["own"]
    assert {*OPENING, *CLOSING} == opened["vault"]
    assert opened["bare"] == opened["index"] == set()


def test_the_rules_know_what_an_expression_leaves_to_choose() -> None:
    assert satisfied("A OR B", {"A"})
    assert not satisfied("A AND B", {"A"})
    assert satisfied("A AND (B OR C)", {"A", "C"})
    assert not satisfied("A AND (B OR C)", {"B", "C"})
    assert not satisfied("A OR B", set())


def test_the_checker_would_see_a_leak(corpus: Corpus) -> None:
    world = made(5, 40)
    written(world, corpus)
    result = build(corpus.folder, "1.0.0", out=corpus.out, work=corpus.work, as_of=AS_OF, line="vault")
    found = canaries(result.lines["vault"].folder)
    shown = rules(world, AS_OF)
    everything = expected(world, shown, "vault")
    assert len(expected(world, shown, "open")) < len(everything)
    assert set(everything) == {mark for mark in found if _owner(mark) < len(world.articles)}
