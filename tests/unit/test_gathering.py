"""Entries that are brought together are those of staging, whatever is asked for and however they are cut."""

from pathlib import Path

import numpy as np
import pytest

from pressmark import gathering
from pressmark.engine.local import LocalEngine
from pressmark.entries import entries_of
from pressmark.gathering import gathered
from pressmark.staging import Stager, staged_at

SIZES = (70, 0, 3, 120, 1)


def article(number: int) -> dict[str, object]:
    text = f"Text {number}. " + "word " * number
    return {
        "id": f"paper:{number}",
        "url": f"https://paper.example/{number}",
        "source": "paper",
        "language": "en",
        "text": text,
        "text_sha256": f"{number:064x}",
        "letters_sha256": f"{number + 1000:064x}",
        "published_on": f"2026-01-{1 + number % 28:02}",
        "rights_status": "unknown",
        "characters": len(text),
        "rights": {"holders": [f"House {number % 3}"]},
        "derivation": "original",
        "publisher": "House",
        "provenance": {"capture_sha256": f"{number:064x}", "capture_media_type": "text/plain", "extractor": "x/1"},
        **({"title": f"Title {number}"} if number % 2 else {}),
    }


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    number = 0
    for task, size in enumerate(SIZES):
        with Stager(staged_at(tmp_path, task)) as stager:
            for _ in range(size):
                stager.take(article(number))
                number += 1
    return tmp_path


@pytest.mark.parametrize("rows", [1, 50, 4096])
def test_entries_are_those_of_staging_however_they_are_cut(
    staging: Path, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "_ROWS", rows)
    starts = np.array([0, *np.cumsum(SIZES)])
    every = [entry for task, size in enumerate(SIZES) for entry in entries_of(staging, task, range(size))]
    wanted = np.array([0, 5, 69, 70, 72, 73, 100, 192, 193])
    with LocalEngine(1) as engine, gathered(engine, staging, starts, wanted) as told:
        for some in (wanted, wanted[::2], wanted[-1:], wanted[:0]):
            found = list(told.entries(some))
            assert found == [every[number] for number in some.tolist()]
            assert [int(starts[entry.at[0]]) + entry.at[1] for entry in found] == some.tolist()
            assert [entry.rights["rights"]["holders"] for entry in found] == [[f"House {n % 3}"] for n in some.tolist()]
    assert not list(staging.glob("gathered-*"))


def test_nothing_is_gathered_of_nothing(staging: Path) -> None:
    starts = np.array([0, *np.cumsum(SIZES)])
    with LocalEngine(1) as engine, gathered(engine, staging, starts, np.empty(0, np.int64)) as told:
        assert list(told.entries(np.empty(0, np.int64))) == []
