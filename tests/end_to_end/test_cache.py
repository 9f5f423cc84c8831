"""What was read is not read again, and whether it was does not change a byte."""

import json
import random
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from conftest import Run
from pressmark import cache as cached
from pressmark import reading
from pressmark.cache import Cache, code_digest
from pressmark.errors import PressmarkError
from pressmark.intake.task import ReadTask
from pressmark.purging import purge
from pressmark.reading_plan import plan_reading
from pressmark.recipe import read_recipe
from pressmark.workshop import workshop
from support import PAGE, Corpus

RECORDS = [{"id": f"r{number}", "text": f"The text of the record with the number {number}."} for number in range(40)]


def filled(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """Return a corpus of several parts: lines in stretches, and pages."""
    monkeypatch.setattr("pressmark.reading_plan.STRETCH_BYTES", 800)
    monkeypatch.setattr("pressmark.intake.lines._BLOCK", 700)
    corpus.records(*RECORDS)
    return corpus


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def again(corpus: Corpus, **options: Any) -> tuple[int, int, dict[str, bytes]]:
    """Build to an empty place, and return how many parts were kept, how many there are, and the bytes."""
    shutil.rmtree(corpus.out, ignore_errors=True)
    result = corpus.build(**options)
    return result.again, result.parts, bytes_of(corpus.out)


def entries(corpus: Corpus) -> list[Path]:
    return sorted(path for path in (corpus.work / "small" / "cache").iterdir() if path.is_dir())


def test_a_second_build_reads_nothing_and_gives_the_same_bytes(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(corpus, monkeypatch)
    first = again(corpus)
    ledger = corpus.results[-1].ledger.read_bytes()
    monkeypatch.setattr(reading, "_read", None)
    second = again(corpus)
    assert first[0] == 0
    assert second[:2] == (first[1], first[1])
    assert first[1] > 3
    assert second[2] == first[2]
    assert corpus.results[-1].ledger.read_bytes() == ledger


def test_without_a_cache_nothing_is_kept_or_taken(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(corpus, monkeypatch)
    whole = again(corpus)
    taken = again(corpus, cache=False)
    assert (taken[0], taken[2]) == (0, whole[2])
    assert not (corpus.work / "small" / "cache").exists()
    assert again(corpus, cache=False)[2] == whole[2]
    assert not (corpus.work / "small" / "cache").exists()


def test_what_is_added_at_the_end_is_all_that_is_read(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(corpus, monkeypatch)
    _, parts, _ = again(corpus)
    corpus.records(*RECORDS, {"id": "new"})
    taken, now, _ = again(corpus)
    assert now - taken in (1, 2)
    assert now >= parts


def recipe_of(corpus: Corpus) -> str:
    return (corpus.folder / "corpus.toml").read_text(encoding="utf-8")


CHANGES: dict[str, Callable[[Corpus], object]] = {
    "a letter of the first record": lambda corpus: corpus.records({"id": "r0", "text": "Another."}, *RECORDS[1:]),
    "the source": lambda corpus: corpus.write(
        "sources/journal.toml", (corpus.folder / "sources/journal.toml").read_text().replace("The Journal", "A Journal")
    ),
    "a decision": lambda corpus: corpus.write(
        "sources/journal.toml", (corpus.folder / "sources/journal.toml").read_text().replace("2025-01-01", "2025-01-02")
    ),
    "the entry in the recipe": lambda corpus: corpus.write(
        "corpus.toml",
        recipe_of(corpus).replace('source = "journal"', 'source = "journal"\nencoding = "utf-8"'),
    ),
    "what an input may have": lambda corpus: corpus.write("corpus.toml", recipe_of(corpus).replace("1 MB", "2 MB")),
    "a page's bytes": lambda corpus: corpus.write("pages/1.txt", PAGE.replace("first", "1st")),
    "a page's name": lambda corpus: (corpus.folder / "pages/1.txt").rename(corpus.folder / "pages/2.txt"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_read_again(change: str, corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(corpus, monkeypatch)
    again(corpus)
    CHANGES[change](corpus)
    taken, parts, found = again(corpus)
    assert taken < parts
    assert again(corpus, cache=False)[2] == found


def test_other_code_reads_again(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(corpus, monkeypatch)
    again(corpus)
    assert len(code_digest()) == 64
    monkeypatch.setattr(cached, "code_digest", lambda: "another")
    assert again(corpus)[0] == 0


@pytest.mark.parametrize("name", ["arrow", "jsonl", "rights", "npy", "entry.json"])
@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "empty"])
def test_what_is_damaged_is_read_again(name: str, damage: str, corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(corpus, monkeypatch)
    _, parts, expected = again(corpus)
    path = entries(corpus)[1] / name
    data = path.read_bytes()
    path.unlink()
    kept = {"flipped": data[:9] + bytes([data[9] ^ 1]) + data[10:], "cut": data[:-1], "empty": b""}
    if damage != "gone":
        path.write_bytes(kept[damage])
    assert again(corpus) == (parts - 1, parts, expected)
    assert again(corpus) == (parts, parts, expected)


def test_an_input_that_changes_while_it_is_read_is_not_kept(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reading._read

    def meddled(job: reading.ReadJob) -> reading.Read:
        found = read(job)
        if job.task.input.format == "jsonl":
            corpus.records({"text": "What the file says afterwards."})
        return found

    with monkeypatch.context() as patch:
        patch.setattr(reading, "_read", meddled)
        before = again(corpus)
    assert len(entries(corpus)) == before[1] - 1
    taken, parts, found = again(corpus)
    assert (taken, parts) == (1, 2)
    assert found != before[2]
    assert again(corpus, cache=False)[2] == found


def test_an_input_that_is_another_while_it_is_read_and_then_itself_again_is_not_kept(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reading._read
    first = again(corpus, cache=False)[2]

    def meddled(job: reading.ReadJob) -> reading.Read:
        path = corpus.folder / "records/a.jsonl"
        data = path.read_bytes()
        if job.task.input.format == "jsonl":
            corpus.records({"text": "What the file says meanwhile."})
        found = read(job)
        path.write_bytes(data)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(reading, "_read", meddled)
        assert again(corpus)[2] != first
    assert again(corpus)[2] == first


def test_it_is_private_and_a_build_that_ends_removes_what_it_did_not_use(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(corpus, monkeypatch)
    again(corpus)
    folder = corpus.work / "small" / "cache"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for entry in entries(corpus) for path in (entry, *entry.iterdir())}
    assert modes == {0o700, 0o600}
    before = set(entries(corpus))
    corpus.records({"id": "r0", "text": "All other."})
    again(corpus)
    assert len(set(entries(corpus)) & before) == 1
    assert Cache(folder).held().idle == 0


def test_a_build_that_fails_keeps_what_it_read(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(corpus, monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["pressmark.building"], "curate", None)
        with pytest.raises(TypeError):
            corpus.build()
    held = Cache(corpus.work / "small" / "cache").held()
    assert held.idle == held.entries > 3
    assert again(corpus)[0] == held.entries


def test_purging_withdrawn_texts_takes_the_cache(corpus: Corpus, pressmark: Run) -> None:
    corpus.records(*RECORDS)
    corpus.build()
    withdrawn = pressmark(
        *("withdraw", corpus.folder, "journal:r3", "--reason", "rights_claim", "--ref", "x", "--yes"),
        *("--out", corpus.out, "--work", corpus.work),
    )
    assert withdrawn.returncode == 0, withdrawn.stderr
    corpus.build("auto")
    removed = purge(corpus.folder, out=corpus.out, work=corpus.work)
    assert corpus.work / "small" / "cache" in removed
    assert b"number 3." not in b"".join(bytes_of(corpus.work).values())


def test_the_command_says_trims_and_clears(corpus: Corpus, pressmark: Run) -> None:
    built = pressmark("build", corpus.folder, "--version", "1.0.0", "--as-of", "2026-01-31")
    assert "taken from the cache" not in built.stdout
    again_ = pressmark("build", corpus.folder, "--version", "1.0.0", "--as-of", "2026-01-31")
    assert "taken from the cache: 2 of 2 parts" in again_.stdout
    idle = Path(corpus.work.parent / "work" / "small" / "cache" / ("0" * 64))
    idle.mkdir()
    (idle / "arrow").write_bytes(b"what a killed build left")
    told = pressmark("cache", corpus.folder)
    assert "3 parts of the inputs" in told.stdout
    assert "1 of them no finished build uses" in told.stdout
    assert json.loads(pressmark("cache", corpus.folder, "--trim", "--json").stdout)["parts"] == 2
    assert json.loads(pressmark("cache", corpus.folder, "--clear", "--json").stdout)["parts"] == 0
    fresh = pressmark("build", corpus.folder, "--version", "1.0.0", "--as-of", "2026-01-31", "--no-cache", "--json")
    assert json.loads(fresh.stdout)["read"] == {"parts": 2, "from_cache": 0}


def killed_builds(corpus: Corpus, seed: int, count: int) -> int:
    """Kill builds at random moments, and return the most parts that one of the next builds found kept."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    most = 0
    command = [sys.executable, "-m", "pressmark", "build", str(corpus.folder), "--version", "1.0.0", "--workers", "2"]
    command += ["--as-of", "2026-01-31", "--out", str(corpus.out), "--work", str(corpus.work)]
    for _ in range(count):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.5, 6))
        process.kill()
        process.wait()
        # Workers of a killed build end with it, a moment later.
        held = corpus.work / "small" / "cache"
        most = max(most, len([path for path in held.glob("*") if path.is_dir()]) if held.is_dir() else 0)
    return most


def many(corpus: Corpus, count: int) -> Corpus:
    words = ["river", "bridge", "ferry", "market", "lantern", "harbour", "meadow", "council", "winter", "morning"]
    chance = random.Random(3)  # noqa: S311 - words, no secrets
    texts = [" ".join(chance.choices(words, k=600)) for _ in range(count)]
    corpus.records(*({"id": f"r{number}", "text": text} for number, text in enumerate(texts)))
    return corpus


@pytest.mark.parametrize("kills", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_a_killed_build_goes_on_and_gives_the_same_bytes(kills: int, corpus: Corpus) -> None:
    many(corpus, 200 if kills == 1 else 6000)
    _, _, expected = again(corpus, cache=False)
    shutil.rmtree(corpus.out)
    most = killed_builds(corpus, 11, kills)
    taken, _, found = again(corpus)
    assert found == expected
    assert taken > 0 or most == 0


def test_what_the_system_refused_is_tried_again(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:

        def refused(*_: object) -> None:
            raise OSError(5, "Input/output error")

        patch.setattr("pressmark.intake.read.found_in", refused)
        with pytest.raises(PressmarkError, match="no input is an article"):
            again(corpus)
    taken, _, _ = again(corpus)
    assert taken == 0
    assert "unreadable-file" not in corpus.codes().values()


def test_a_file_that_was_empty_when_it_was_found_is_read_again(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = plan_reading

    def filled_late(recipe: Any) -> Any:
        corpus.write("pages/1.txt", "")
        found = planned(recipe)
        corpus.write("pages/1.txt", PAGE)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(reading, "plan_reading", filled_late)
        again(corpus)
    assert "empty-input" in corpus.codes().values()
    again(corpus)
    assert "empty-input" not in corpus.codes().values()


def test_a_worker_that_outlives_its_build_has_nowhere_to_write(corpus: Corpus) -> None:
    tasks, _ = plan_reading(read_recipe(corpus.folder))
    folders = []
    for _ in range(2):
        with workshop(corpus.work / "small") as shop:
            assert not (corpus.work / "small" / "staging-left").exists()
            folders.append(shop.staging)
            (corpus.work / "small" / "staging-left").mkdir()
    assert folders[0] != folders[1]
    kept = Cache(corpus.work / "small" / "cache")
    with pytest.raises(FileNotFoundError):
        reading.read_stage(reading.ReadJob(tasks[0], folders[0], kept, "way"))
    assert kept.held().entries == 0


def test_everything_of_a_task_counts() -> None:
    # A field that is new has to be told apart, or named among those that are not.
    names = {each.name for each in fields(ReadTask)}
    assert names == {
        *("number", "folder", "input", "source", "files", "input_bytes", "captures"),
        *("start", "end", "first_line", "with_splits"),
    }
    with pytest.raises(TypeError, match="found object"):
        cached._plain([object()])


def test_a_full_disk_leaves_no_entry_and_the_build_goes_on(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = again(corpus, cache=False)[2]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(cached, "_linked", full)
        assert again(corpus)[2] == expected
    assert entries(corpus) == []
