"""No canary of a word that may not appear stands anywhere in a release, and every one that may appear does."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from canary_corpus import LINES, OPENING, PLACES, World, canary, made, written
from canary_rules import EVERYTHING, METADATA, may_appear, satisfied
from pressmark import build, verify
from pressmark.search import verify_rights
from raw_parquet import canaries
from support import AS_OF, Corpus

SEED = 3


def expected(world: World, line: str, today: date) -> tuple[dict[bytes, str], set[frozenset[str]]]:
    """Return the canaries that may appear, each with its field and article, and all that may appear of articles."""
    allowed, kinds = {}, set()
    for number, (source, record) in enumerate(world.articles):
        shown = may_appear(world, number, line, today.isoformat())
        kinds.add(shown)
        for place, (kind, _) in PLACES.items():
            inside = {"image": "captions", "label": "contributors"}.get(place, place)
            if kind in shown and inside in record:
                allowed[canary(number, place)] = f"{place} of {source}:{record['id']}"
    return allowed, kinds


def checked(corpus: Corpus, seed: int, count: int, today: date = AS_OF) -> dict[str, set[frozenset[str]]]:
    """Build a corpus and hold each release against the rules; return what may appear of its articles, by line."""
    world = made(seed, count)
    written(world, corpus)
    result = build(corpus.folder, "1.0.0", out=corpus.out, work=corpus.work, as_of=today, workers=2)
    seen = {}
    for line, release in result.lines.items():
        allowed, seen[line] = expected(world, line, today)
        found = canaries(release.folder)
        leaked = {mark: f"{_owner(mark)} in {sorted(files)}" for mark, files in found.items() if mark not in allowed}
        hidden = {mark: field for mark, field in allowed.items() if mark not in found}
        assert not leaked, f"seed {seed}, {count} articles, {line} on {today}: leaked {_first(leaked)}"
        assert not hidden, f"seed {seed}, {count} articles, {line} on {today}: not there {_first(hidden)}"
        counts = release.counts
        assert counts["inputs"] == count == counts["published"] + counts["withheld"] + counts["embargoed"]
        assert verify(release.folder) == []
        assert verify_rights(release.folder, corpus.work / "canaries") == []
    return seen


def _owner(mark: bytes) -> str:
    number, place = divmod(int(mark[4:]), 10)
    return f"{list(PLACES)[place]} of article {number}"


def _first(found: Mapping[bytes, str]) -> str:
    return f"{len(found)}, such as {'; '.join(f'{mark.decode()}: {words}' for mark, words in list(found.items())[:5])}"


def test_no_canary_of_four_hundred_articles_leaks(corpus: Corpus) -> None:
    seen = checked(corpus, SEED, 400)
    assert seen["bare"] == {frozenset(), METADATA}
    assert seen["vault"] == {EVERYTHING}
    assert seen["index"] == {METADATA}
    for line in ("open", "half", "tolerant", "asked", "own"):
        assert {frozenset(), METADATA, METADATA | {"headline"}, EVERYTHING} <= seen[line]


@pytest.mark.parametrize("days", [-200, -1, 1, 200, 2000])
def test_no_canary_leaks_on_another_day(corpus: Corpus, days: int) -> None:
    checked(corpus, SEED + days, 60, date.fromordinal(AS_OF.toordinal() + days))


@pytest.mark.soak
@pytest.mark.parametrize("seed", [10, 11])
def test_no_canary_of_ten_thousand_articles_leaks(corpus: Corpus, seed: int) -> None:
    checked(corpus, seed, 10_000)


def test_the_articles_are_spread_over_everything_that_can_be_decided() -> None:
    world = made(SEED, 400)
    opened = {
        (line, status)
        for number, (_, record) in enumerate(world.articles)
        for line in LINES
        for status in {each["status"] for each in world.decisions if "status" in each and holds_it(each, record)}
        if "text" in may_appear(world, number, line, AS_OF.isoformat())
    }
    assert opened


def test_the_rules_know_what_an_expression_leaves_to_choose() -> None:
    assert satisfied("A OR B", {"A"})
    assert not satisfied("A AND B", {"A"})
    assert satisfied("A AND (B OR C)", {"A", "C"})
    assert not satisfied("A AND (B OR C)", {"B", "C"})
    assert not satisfied("A OR B", set())


def test_the_checker_would_see_a_leak(corpus: Corpus, tmp_path: Path) -> None:
    world = made(5, 40)
    written(world, corpus)
    result = build(corpus.folder, "1.0.0", out=corpus.out, work=corpus.work, as_of=AS_OF, line="vault")
    found = canaries(result.lines["vault"].folder)
    closed, _ = expected(world, "open", AS_OF)
    everything, _ = expected(world, "vault", AS_OF)
    assert len(closed) < len(everything)
    assert set(everything) == set(found)
