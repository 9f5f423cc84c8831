"""Files of rows that a release has are not pressed or read again, and whether they were does not change a byte."""

import json
import random
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from conftest import Run
from pressmark import BuildResult, OutputError, pressing, verify
from pressmark.cache import Cache, code_digest
from pressmark.recipe import read_recipe
from pressmark.release import shard
from pressmark.release.remembered import Memory, told_of
from pressmark.release.shard import Task, read_shard
from pressmark.shelf import Shelf
from support import Corpus
from version_cases import CLOSED, record, records_alone

EXPIRING = """
[[decisions]]
status = "permission"
basis = "The author wrote."
decided_by = "rights desk"
decided_on = 2025-06-01
expires = 2027-06-30
visibility = "public"
evidence = [{ kind = "manual", scope = "text", where = "register" }]
scope = { ids = ["r1", "r4"] }
"""


@pytest.fixture
def corpus(corpus: Corpus) -> Corpus:
    records_alone(corpus)
    corpus.records(*map(record, range(30)))
    return corpus


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def files_of(result: BuildResult, line: str = "open") -> dict[str, Path]:
    folder = result.lines[line].folder
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*.parquet"))}


def counted(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """Return the paths of what is pressed from now on, and of what is read by the check of the release."""
    pressed, read = [], []
    press, look = pressing._pressed, shard._read_shard

    def pressed_one(job: pressing.PressJob, noted: Any) -> pressing.Pressed:
        pressed.append(job.path)
        return press(job, noted)

    def read_one(task: Task) -> Any:
        read.append(task.entry["path"])
        return look(task)

    monkeypatch.setattr(pressing, "_pressed", pressed_one)
    monkeypatch.setattr(shard, "_read_shard", read_one)
    return pressed, read


def test_a_next_release_presses_and_reads_what_is_new(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    first = corpus.build("1.0.0", line="open")
    corpus.records(*map(record, range(30)), record(30, published_on="2022-03-03"))
    pressed, read = counted(monkeypatch)
    second = corpus.build("1.1.0", line="open")
    assert len(pressed) == 1
    assert "2022" in pressed[0]
    assert read == pressed
    same = files_of(second).keys() - pressed
    assert len(same) > 2
    assert all(files_of(second)[path].samefile(files_of(first)[path]) for path in same)
    assert verify(second.lines["open"].folder) == []


def test_the_same_release_again_presses_and_reads_nothing(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.build("1.0.0")
    before = bytes_of(corpus.out)
    pressed, read = counted(monkeypatch)
    again = corpus.build("1.0.0")
    assert (pressed, read) == ([], [])
    assert all(each.unchanged for each in again.lines.values())
    assert bytes_of(corpus.out) == before


def test_without_a_cache_everything_is_pressed_and_read(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.build("1.0.0")
    pressed, read = counted(monkeypatch)
    result = corpus.build("1.0.0", cache=False)
    assert set(pressed) == set(read) == {*files_of(result), *files_of(result, "vault")}
    assert not (corpus.work / "small" / "shards").exists()


EDITS: dict[str, Callable[[list[dict[str, Any]], Corpus], object]] = {
    "an article comes": lambda records, _: records.append(record(60)),
    "an article goes": lambda records, _: records.pop(3),
    "an article comes back": lambda records, _: records.insert(0, record(3)),
    "a text changes": lambda records, _: records[5].update(text="Another text altogether."),
    "a title changes": lambda records, _: records[6].update(title="Another title"),
    "a day changes to another year": lambda records, _: records[7].update(published_on="2021-02-03"),
    "the order of the inputs": lambda records, _: records.reverse(),
    "a text is closed": lambda _, corpus: corpus.write("rights/desk.toml", CLOSED % '["r1", "r8"]'),
    "a text is open again": lambda _, corpus: corpus.write("rights/desk.toml", CLOSED % '["r8"]'),
    "a copy of a text comes": lambda records, _: records.append({**record(61), "text": records[9]["text"]}),
    "nothing": lambda *_: None,
}


@pytest.mark.parametrize("seed", range(3))
def test_bytes_do_not_depend_on_what_is_noted(seed: int, corpus: Corpus, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed repeats the series
    records = [record(number) for number in range(30)]
    names = [name for name in EDITS if name != "nothing"]
    chance.shuffle(names)
    other = replace(corpus, out=tmp_path / "other", work=tmp_path / "other-work")
    for release in range(6):
        for name in names[2 * release - 2 : 2 * release] if release else ["nothing"]:
            EDITS[name](records, corpus)
        corpus.records(*records)
        options = {"drop_vanished": True, "as_of": date(2026, 1, 20 + release)}
        found = corpus.build(f"{1 + release}.0.0", **options)
        other.build(f"{1 + release}.0.0", cache=False, **options)
        assert bytes_of(corpus.out) == bytes_of(other.out), (seed, release)
        assert verify(found.lines["open"].folder) == []


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "empty"])
def test_damaged_notes_count_for_nothing(damage: str, corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.build("1.0.0")
    expected = bytes_of(corpus.out)
    notes = [path for path in (corpus.work / "small" / "shards").rglob("*") if path.is_file()]
    assert {"rows", "hashes", "entry.json"} <= {path.name for path in notes}
    for path in notes:
        data = path.read_bytes()
        at = min(9, len(data) - 1)  # of texts of which no two meet no pair is noted
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] if data else b"\1"
        kept = {"flipped": flipped, "cut": data[:-1], "empty": b""}
        path.unlink()
        if damage != "gone" and path.name != "newest.json":
            path.write_bytes(kept[damage])
    pressed, read = counted(monkeypatch)
    result = corpus.build("1.0.0")
    assert set(pressed) == set(read) == {*files_of(result), *files_of(result, "vault")}
    assert bytes_of(corpus.out) == expected


def test_a_file_that_was_changed_in_its_release_is_not_taken(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    result = corpus.build("1.0.0", line="open")
    path, place = next(iter(files_of(result).items()))
    data = place.read_bytes()
    place.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    pressed, _ = counted(monkeypatch)
    corpus.build("1.0.0", line="open")
    assert pressed == [path]


def test_numbers_of_releases_have_to_be_the_same(corpus: Corpus) -> None:
    corpus.build("1.0.0", line="open")
    corpus.records(*map(record, range(30)), record(30))
    corpus.build("1.1.0", line="open")
    shutil.rmtree(corpus.out / "small" / "open" / "1.0.0")
    # Of the same articles, and the first release now: what is noted and lies there says that one came with the second.
    with pytest.raises(OutputError, match="differs"):
        corpus.build("1.1.0", line="open")


def test_lines_that_began_at_other_times_take_each_their_own(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.build("1.0.0", line="open")
    for number in range(2):
        corpus.records(*map(record, range(31 + number)))
        corpus.build(f"1.{1 + number}.0")
    pressed, _ = counted(monkeypatch)
    corpus.records(*map(record, range(33)))
    corpus.build("1.3.0")
    assert len(pressed) == 2, "the year of the new article, in each line"


def test_a_refused_build_leaves_the_notes(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.build("1.0.0")
    corpus.records(*map(record, range(31)))
    with pytest.raises(OutputError, match="differs"):
        corpus.build("1.0.0")
    corpus.records(*map(record, range(30)))
    pressed, _ = counted(monkeypatch)
    corpus.build("1.0.0")
    assert pressed == []


@pytest.mark.parametrize("what", ["pressmark.shelf.pa.OSFile", "pressmark.cache.Cache.keep"])
def test_a_full_disk_notes_nothing_and_the_build_goes_on(
    what: str, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_file, keep = pa.OSFile, Cache.keep

    def full(*arguments: Any) -> Any:
        if what.endswith("OSFile") and not Path(arguments[0]).name.startswith("known-"):
            return open_file(*arguments)
        if what.endswith("keep") and "noted" not in arguments[2]:
            return keep(*arguments)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(what, full)
        corpus.build("1.0.0")
        noted = bytes_of(corpus.out)
    other = replace(corpus, out=tmp_path / "other", work=tmp_path / "other-work")
    other.build("1.0.0", cache=False)
    assert noted == bytes_of(other.out)
    assert not list((corpus.work / "small").glob("staging*"))


def test_a_task_that_runs_twice_writes_into_no_older_release(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    first = corpus.build("1.0.0", line="open")
    before = {path: (place.stat().st_ino, place.stat().st_mtime_ns) for path, place in files_of(first).items()}
    again, gone = pressing._again, iter([False, True])

    def twice(*arguments: Any) -> pressing.Pressed | None:
        # Once more, and then as if what is noted had gone meanwhile.
        found = again(*arguments)
        assert found == again(*arguments)
        return None if next(gone, False) else found

    corpus.records(*map(record, range(30)), record(30, published_on="2022-03-03"))
    monkeypatch.setattr(pressing, "_again", twice)
    second = corpus.build("1.1.0", line="open")
    after = {path: (place.stat().st_ino, place.stat().st_mtime_ns) for path, place in files_of(first).items()}
    assert after == before
    assert verify(second.lines["open"].folder) == []


def test_an_older_file_that_cannot_be_read_is_pressed_again(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.build("1.0.0", line="open")

    def unreadable(_: Path) -> str:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("pressmark.shelf.digest_of", unreadable)
    pressed, _ = counted(monkeypatch)
    result = corpus.build("1.0.0", line="open")
    assert set(pressed) == set(files_of(result))


def test_other_code_takes_nothing(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.build("1.0.0", line="open")
    monkeypatch.setattr(sys.modules["pressmark.building"], "code_digest", lambda: "another")
    pressed, read = counted(monkeypatch)
    result = corpus.build("1.0.0", line="open")
    assert set(pressed) == set(read) == set(files_of(result))


def test_what_no_release_uses_any_more_is_removed(corpus: Corpus) -> None:
    corpus.build("1.0.0", line="open")
    shelf = Cache(corpus.work / "small" / "shards")
    first = {path.name for path in shelf.folder.iterdir() if path.is_dir()}
    corpus.records(*({**record(number), "text": f"All other, {number}."} for number in range(30)))
    corpus.build("1.1.0", line="open")
    second = {path.name for path in shelf.folder.iterdir() if path.is_dir()}
    pairs = Shelf(shelf, corpus.work, code_digest()).judged_key(read_recipe(corpus.folder).duplicates.threshold)
    assert first & second == {pairs}
    assert len(second) > 1
    assert shelf.held().idle == 0


def tasks_of(result: BuildResult, memory: Memory | None, scratch: Path, **changes: Any) -> list[Task]:
    folder = result.lines["open"].folder
    manifest = json.loads((folder / "manifest.json").read_bytes())
    shards = [entry for entry in manifest.pop("files") if "config" in entry]
    stated = {**manifest, **changes}
    scratch.mkdir(exist_ok=True)
    return [Task(number, entry, folder, stated, scratch, "g", memory) for number, entry in enumerate(shards)]


def test_what_is_recalled_is_what_was_read(corpus: Corpus, tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 - words, no secrets
    texts = [" ".join(chance.choices(["river", "bridge", "ferry", "market", "lantern"], k=40)) for _ in range(30)]
    corpus.records(*({**record(number), "text": text} for number, text in enumerate(texts)))
    corpus.write("rights/desk.toml", CLOSED % '["r1", "r8"]')
    result = corpus.build("1.0.0")
    memory = Memory(Cache(tmp_path / "kept"), "code")
    first = list(map(read_shard, tasks_of(result, memory, tmp_path / "one")))
    second = list(map(read_shard, tasks_of(result, memory, tmp_path / "two")))
    assert any(each.sample for each in first)
    assert any(task.entry["config"] == "withheld" for task in tasks_of(result, None, tmp_path))
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two") != {}
    for task, one, other in zip(tasks_of(result, memory, tmp_path), first, second, strict=True):
        part = (task.entry["config"], task.entry["split"])
        assert told_of(one.tally, part) == told_of(other.tally, part)
        assert (one.names, one.sample, one.findings, one.key) == (other.names, other.sample, [], other.key)


def test_rights_are_asked_again_as_of_another_day(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.write("rights/desk.toml", EXPIRING)
    result = corpus.build("1.0.0", line="open")
    memory = Memory(Cache(tmp_path / "kept"), "code")
    assert not [each for task in tasks_of(result, memory, tmp_path / "a") for each in read_shard(task).findings]
    _, read = counted(monkeypatch)
    found = [
        [
            each.code
            for task in tasks_of(result, memory, tmp_path / "a", as_of=day)
            for each in read_shard(task).findings
        ]
        for day in ("2027-06-30", "2027-07-01")
    ]
    assert found == [[], ["rights-differ", "rights-differ"]]
    assert 1 <= len(read) <= 2


def test_a_reading_does_not_count_for_an_earlier_release(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.build("1.0.0", line="open")
    corpus.records(*map(record, range(30)), record(30))
    result = corpus.build("1.1.0", line="open")
    memory = Memory(Cache(tmp_path / "kept"), "code")
    tasks = tasks_of(result, memory, tmp_path / "a")
    assert not [each for task in tasks for each in read_shard(task).findings]
    _, read = counted(monkeypatch)
    earlier = tasks_of(result, memory, tmp_path / "a", release=1)
    assert "row-invalid" in [each.code for task in earlier for each in read_shard(task).findings]
    assert len(read) == len(tasks)


def test_what_has_a_finding_is_not_kept(corpus: Corpus, tmp_path: Path) -> None:
    result = corpus.build("1.0.0", line="open")
    memory = Memory(Cache(tmp_path / "kept"), "code")
    for _ in range(2):
        tasks = tasks_of(result, memory, tmp_path / "a", corpus="another")
        assert {each.code for task in tasks for each in read_shard(task).findings} == {"metadata-differs"}
    assert memory.store.held().entries == 0  # type: ignore[attr-defined]


def test_the_command_tells_of_them(corpus: Corpus, pressmark: Run) -> None:
    corpus.build("1.0.0")
    told = pressmark("cache", corpus.folder, "--work", corpus.work)
    assert "notes of files of rows" in told.stdout
    assert (
        json.loads(pressmark("cache", corpus.folder, "--work", corpus.work, "--clear", "--json").stdout)["notes"] == 0
    )
    assert not list((corpus.work / "small" / "shards").glob("*"))
