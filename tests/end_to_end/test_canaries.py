"""No canary of a restricted word stands anywhere in a release, and every one that may appear does."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from canary_corpus import LINES, made, may_appear, write
from pressmark import build, verify
from pressmark.search import verify_rights
from raw_parquet import canaries
from support import AS_OF, Corpus

KINDS = ("text", "headline", "name")


def checked(corpus: Corpus, seed: int, count: int) -> None:
    cases = made(seed, count)
    write(corpus, cases)
    result = build(corpus.folder, "1.0.0", out=corpus.out, work=corpus.work, as_of=AS_OF, workers=2)
    opened = 0
    for line, release in result.lines.items():
        allowed = {case.canary(kind): case for case in cases for kind in may_appear(case, line)}
        found = canaries(release.folder)
        leaked = {canary: files for canary, files in found.items() if canary not in allowed}
        hidden = {canary: case for canary, case in allowed.items() if canary not in found}
        assert not leaked, f"seed {seed}, {line}: {_first(leaked)}"
        assert not hidden, f"seed {seed}, {line}: {_first(hidden)}"
        assert verify(release.folder) == []
        assert verify_rights(release.folder, corpus.work / "canaries") == []
        opened += len(allowed) * (line != "vault")
    assert 0 < opened < len(cases) * len(KINDS) * (len(LINES) - 1)


def _first(found: Mapping[bytes, object]) -> str:
    return f"{len(found)}, such as {next(iter(found.items()))}"


def test_no_canary_of_four_hundred_articles_leaks(corpus: Corpus) -> None:
    checked(corpus, seed=3, count=400)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10, 12))
def test_no_canary_of_ten_thousand_articles_leaks(corpus: Corpus, seed: int) -> None:
    checked(corpus, seed, count=10_000)


def test_the_checker_would_see_a_leak(corpus: Corpus, tmp_path: Path) -> None:
    cases = made(5, 40)
    write(corpus, cases)
    result = build(corpus.folder, "1.0.0", out=corpus.out, work=corpus.work, as_of=AS_OF)
    closed = [case for case in cases if "text" not in may_appear(case, "open")]
    found = canaries(result.lines["vault"].folder)
    assert closed
    assert all(case.canary("text") in found for case in closed)
