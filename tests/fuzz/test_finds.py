"""What the fuzzer found once, and the fixtures it begins with, are read as they should be."""

import time
from pathlib import Path

import pytest

from fuzz_targets import TARGETS, seeds

FINDS = sorted((Path(__file__).parent / "finds").glob("*/*"))


@pytest.mark.parametrize("path", FINDS, ids=[f"{path.parent.name}-{path.name[:24]}" for path in FINDS])
def test_what_was_found_is_mended(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_fixtures_are_read_and_so_is_nothing(name: str) -> None:
    TARGETS[name](b"")
    for seed in list(seeds(name))[:12]:
        TARGETS[name](seed)


def test_a_target_lets_nothing_else_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("a reader that forgot something")

    monkeypatch.setattr("fuzz_targets.decode", broken)
    with pytest.raises(KeyError):
        TARGETS["decoder"](b"\x00abc")


def test_a_page_of_two_thousand_levels_takes_no_seconds() -> None:
    path = Path(__file__).parent / "finds" / "html" / "two-thousand-levels"
    TARGETS["html"](path.read_bytes())
    start = time.process_time()
    TARGETS["html"](path.read_bytes())
    assert time.process_time() - start < 1.5
