"""Versions of a corpus: what continues, what changed, which number that asks for, and what is refused."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pressmark import BuildResult, OutputError, UsageError, differences, verify
from support import JOURNAL, Corpus
from version_cases import CLOSED, record, records_alone

Rows = dict[str, dict[str, Any]]


def rows_of(folder: Path) -> Rows:
    """Return every row of a release by id, with its configuration and split."""
    found: Rows = {}
    for path in sorted(folder.rglob("*.parquet")):
        config, split = path.relative_to(folder).parts[:2]
        for row in pq.read_table(path, partitioning=None).to_pylist():
            found[row["id"].partition(":")[2]] = {**row, "config": config, "split": split}
    return found


def folder_of(result: BuildResult, line: str = "open") -> Path:
    return result.lines[line].folder


@pytest.fixture
def corpus(corpus: Corpus) -> Corpus:
    records_alone(corpus)
    corpus.records(*map(record, range(30)))
    return corpus


def test_a_second_version_continues_the_first(corpus: Corpus) -> None:
    first = rows_of(folder_of(corpus.build("1.0.0")))
    changed = [record(number) for number in range(30)]
    changed[3]["title"] = "Another title"
    changed[4]["text"] = "Another text altogether."
    corpus.records(*changed, record(30), record(31))
    result = corpus.build("1.1.0")
    second = rows_of(folder_of(result))
    assert result.lines["open"].changes == {"added": 2, "changed": 2}
    for name, row in first.items():
        assert [second[name][key] for key in ("split", "group_id", "added_in")] == [row["split"], row["group_id"], 1]
        assert second[name]["changed_in"] == (2 if name in ("r3", "r4") else 1)
    assert {(second[name]["added_in"], second[name]["changed_in"]) for name in ("r30", "r31")} == {(2, 2)}
    assert verify(folder_of(result)) == []
    assert json.loads((folder_of(result) / "manifest.json").read_bytes())["release"] == 2


def test_files_that_did_not_change_are_one_with_those_before(corpus: Corpus) -> None:
    first = folder_of(corpus.build("1.0.0"))
    corpus.records(*map(record, range(30)), record(30, published_on="2023-01-01"))
    second = folder_of(corpus.build("1.1.0"))
    shared = {
        path.relative_to(second).as_posix()
        for path in second.rglob("*.parquet")
        if (first / path.relative_to(second)).exists() and path.samefile(first / path.relative_to(second))
    }
    all_of_first = {path.relative_to(first).as_posix() for path in first.rglob("*.parquet")}
    assert shared == all_of_first
    assert len(list(second.rglob("2023.parquet"))) == 1


def test_history_is_told_in_each_release(corpus: Corpus) -> None:
    first = folder_of(corpus.build("1.0.0"))
    corpus.write("changelog/1.1.0.md", "We found one more.\n\n## Thanks\nTo all who looked.\n")
    corpus.records(*map(record, range(31)))
    second = folder_of(corpus.build("1.1.0"))
    corpus.records(*map(record, range(31)), record(31))
    third = folder_of(corpus.build("1.2.0"))
    stated = json.loads((third / "versions.json").read_bytes())
    told = [(each["version"], each["release"], each["status"], each["changes"]) for each in stated["versions"]]
    assert told == [
        ("1.0.0", 1, "superseded", {"added": 30}),
        ("1.1.0", 2, "superseded", {"added": 1}),
        ("1.2.0", 3, "usable", {"added": 1}),
    ]
    sums = [(folder / "SHA256SUMS").read_text(encoding="utf-8") for folder in (first, second)]
    digests = [line.split()[0] for text in sums for line in text.splitlines() if line.endswith("manifest.json")]
    assert [each.get("manifest_sha256") for each in stated["versions"]] == [*digests, None]
    assert [each["reason"] for each in stated["versions"]] == ["added: 30", "We found one more.", "added: 1"]
    changelog = (third / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = [line for line in changelog.splitlines() if line.startswith("## ")]
    assert headings == ["## 1.2.0 (2026-01-31)", "## 1.1.0 (2026-01-31)", "## 1.0.0 (2026-01-31)"]
    assert "We found one more.\n\n### Thanks\nTo all who looked.\n\n- added: 1\n" in changelog


def test_words_of_a_publisher_that_cannot_be_taken_are_said_and_long_ones_shortened(corpus: Corpus) -> None:
    corpus.write("changelog/1.0.0.md", b"caf\xe9")
    with pytest.raises(UsageError, match=r"1\.0\.0\.md, byte 3: found bytes that are not UTF-8"):
        corpus.build("1.0.0")
    corpus.write("changelog/1.0.0.md", "Long words. " * 400)
    folder = folder_of(corpus.build("1.0.0"))
    stated = json.loads((folder / "versions.json").read_bytes())
    assert len(stated["versions"][0]["reason"]) == 500
    assert verify(folder) == []


def test_building_a_version_again_is_the_same_or_an_error(corpus: Corpus) -> None:
    corpus.build("1.0.0")
    old = (corpus.folder / "records" / "a.jsonl").read_bytes()
    corpus.records(*map(record, range(31)))
    corpus.build("1.1.0")
    assert all(line.unchanged for line in corpus.build("1.1.0").lines.values())
    corpus.write("records/a.jsonl", old)
    assert all(line.unchanged for line in corpus.build("1.0.0").lines.values())
    with pytest.raises(OutputError, match="is there already and differs"):
        corpus.build("1.1.0", drop_vanished=True)
    with pytest.raises(UsageError, match=r"holds version 1\.1\.0, which is newer than 1\.0\.1"):
        corpus.build("1.0.1")


def without_last(corpus: Corpus) -> None:
    corpus.records(*map(record, range(29)))


def with_one_more(corpus: Corpus) -> None:
    corpus.records(*map(record, range(31)))


def with_another_title(corpus: Corpus) -> None:
    corpus.records(*map(record, range(29)), record(29, title="Another"))


def with_other_rights(corpus: Corpus) -> None:
    corpus.write("sources/journal.toml", JOURNAL.replace("gave its texts", "gave all its texts"))


def with_one_withheld(corpus: Corpus) -> None:
    corpus.write("rights/desk.toml", CLOSED % '["r3"]')


def with_one_released(corpus: Corpus) -> None:
    (corpus.folder / "rights" / "old.toml").unlink()


def with_two_that_became_one(corpus: Corpus) -> None:
    corpus.records(*map(record, range(29)), record(29, text=record(0)["text"]))


CHANGES: dict[str, tuple[Callable[[Corpus], None], dict[str, int], list[str]]] = {
    "removed": (without_last, {"removed": 1}, ["2.0.0"]),
    "added": (with_one_more, {"added": 1}, ["1.1.0", "2.0.0"]),
    "changed": (with_another_title, {"changed": 1}, ["1.0.1", "1.1.0", "2.0.0"]),
    "rights": (with_other_rights, {"rights changed": 29}, ["1.0.1", "1.1.0", "2.0.0"]),
    "withheld": (with_one_withheld, {"withheld": 1, "rights changed": 1}, ["2.0.0"]),
    "released": (with_one_released, {"released": 1, "rights changed": 1}, ["1.1.0", "2.0.0"]),
    "became a copy": (with_two_that_became_one, {"removed": 1}, ["2.0.0"]),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("version", ["1.0.1", "1.1.0", "2.0.0", "auto"])
def test_a_version_that_says_too_little_is_refused(corpus: Corpus, name: str, version: str) -> None:
    change, counted, enough = CHANGES[name]
    corpus.write("rights/old.toml", CLOSED % '["r7"]')
    corpus.build("1.0.0")
    change(corpus)
    if version in (*enough, "auto"):
        result = corpus.build(version, drop_vanished=True)
        assert result.lines["open"].changes == counted
        assert folder_of(result).name == (enough[0] if version == "auto" else version)
        assert verify(folder_of(result)) == []
    else:
        with pytest.raises(UsageError, match="is less than what changed in open, which asks for"):
            corpus.build(version, drop_vanished=True)
        assert sorted(path.name for path in (corpus.out / "small" / "open").iterdir()) == ["1.0.0"]


def test_auto_begins_with_the_first_version_and_makes_none_where_nothing_changed(corpus: Corpus) -> None:
    assert folder_of(corpus.build("auto")).name == "1.0.0"
    again = corpus.build("auto")
    assert {line.folder.name for line in again.lines.values()} == {"1.0.0"}
    assert all(line.unchanged for line in again.lines.values())
    assert sorted(path.name for path in (corpus.out / "small" / "open").iterdir()) == ["1.0.0"]


def test_the_lines_of_a_corpus_have_one_version_also_where_one_changed_less(corpus: Corpus) -> None:
    corpus.build("1.0.0")
    with_one_withheld(corpus)
    result = corpus.build("auto")
    assert result.lines["open"].changes == {"withheld": 1, "rights changed": 1}
    assert result.lines["vault"].changes == {"rights changed": 1}
    assert {line.folder.name for line in result.lines.values()} == {"2.0.0"}


def test_records_that_vanish_are_refused_and_told_where_that_is_meant(corpus: Corpus) -> None:
    corpus.build("1.0.0")
    without_last(corpus)
    with pytest.raises(UsageError, match=r"1 records that open had are gone: journal:r29 \(vanished\)"):
        corpus.build("2.0.0")
    result = corpus.build("2.0.0", drop_vanished=True)
    departures = (folder_of(result) / "departures.jsonl").read_text(encoding="utf-8")
    assert json.loads(departures) == {"id": "journal:r29", "because": "vanished"}
    without_last(corpus)
    corpus.records(*map(record, range(29)), record(40))
    assert not (folder_of(corpus.build("2.1.0")) / "departures.jsonl").exists()


def test_among_copies_the_one_that_was_released_first_survives(corpus: Corpus) -> None:
    corpus.build("1.0.0")
    # Earlier in date and in id than the one that was released, and the same text.
    corpus.records(*map(record, range(30)), {**record(5), "id": "a", "published_on": "1999-01-01"})
    result = corpus.build("auto")
    assert all(line.unchanged for line in result.lines.values())
    row = next(row for row in corpus.ledger() if row["id"] == "journal:a")
    assert (row["became"]["open"]["code"], row["survivor"]) == ("exact-copy", "journal:r5")


def test_an_edit_that_makes_two_released_articles_one_lets_the_later_go(corpus: Corpus) -> None:
    corpus.build("1.0.0")
    corpus.records(*map(record, range(30)), record(30))
    corpus.build("1.1.0")
    # Now the older one has the text of the newer one.
    corpus.records(record(0, text=record(30)["text"]), *map(record, range(1, 31)))
    result = corpus.build("2.0.0")
    departures = json.loads((folder_of(result) / "departures.jsonl").read_text(encoding="utf-8"))
    assert departures == {"id": "journal:r30", "because": "exact-copy", "survivor": "journal:r0"}
    assert rows_of(folder_of(result))["r0"]["changed_in"] == 3


def test_splits_stay_when_the_recipe_has_other_shares(corpus: Corpus) -> None:
    first = rows_of(folder_of(corpus.build("1.0.0")))
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace("train = 0.8\ntest = 0.2", "train = 0.1\ntest = 0.9"))
    corpus.records(*map(record, range(60)))
    second = rows_of(folder_of(corpus.build("1.1.0")))
    assert {name: second[name]["split"] for name in first} == {name: row["split"] for name, row in first.items()}
    added = [second[name]["split"] for name in second.keys() - first.keys()]
    assert added.count("test") > len(added) / 2
    # An article whose text is the old wording of one that was corrected belongs to its group, and so to its split.
    corpus.records(record(0, text="Corrected."), *map(record, range(1, 60)), {**record(0), "id": "again"})
    third = rows_of(folder_of(corpus.build("1.2.0")))
    assert [third["again"][key] for key in ("split", "group_id")] == [first["r0"][key] for key in ("split", "group_id")]


def test_a_split_that_has_articles_cannot_leave_the_recipe(corpus: Corpus) -> None:
    corpus.build("1.0.0")
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace("train = 0.8\ntest = 0.2", "train = 1.0"))
    with pytest.raises(UsageError, match="has no split test any more"):
        corpus.build("2.0.0")


def test_a_line_continues_a_release_that_lies_elsewhere_to_the_same_bytes(corpus: Corpus, tmp_path: Path) -> None:
    first = corpus.build("1.0.0")
    elsewhere = [shutil.copytree(line.folder, tmp_path / "old" / name) for name, line in first.lines.items()]
    with_one_more(corpus)
    second = corpus.build("1.1.0")
    other = corpus.build("1.1.0", out=tmp_path / "other", work=tmp_path / "otherwork", previous=elsewhere)
    sums = [(folder_of(result) / "SHA256SUMS").read_bytes() for result in (second, other)]
    assert sums[0] == sums[1]
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace("releases.vault", "releases.x"))
    with pytest.raises(UsageError, match="is a release of small, line vault"):
        corpus.build("1.1.0", out=tmp_path / "third", work=tmp_path / "w3", previous=elsewhere)


def test_lines_that_are_built_one_after_the_other_have_the_same_splits(corpus: Corpus) -> None:
    vault = rows_of(folder_of(corpus.build("1.0.0", line="vault"), "vault"))
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace("train = 0.8\ntest = 0.2", "train = 0.1\ntest = 0.9"))
    opened = rows_of(folder_of(corpus.build("1.0.0", line="open")))
    assert {name: row["split"] for name, row in opened.items()} == {name: row["split"] for name, row in vault.items()}
    assert all(line.unchanged for line in corpus.build("1.0.0", line="open").lines.values())


def test_what_is_given_to_continue_has_to_be_earlier(corpus: Corpus, tmp_path: Path) -> None:
    folder = folder_of(corpus.build("1.1.0"))
    with pytest.raises(UsageError, match=r"is no earlier version than 1\.1\.0"):
        corpus.build("1.1.0", out=tmp_path / "other", previous=[folder])


def test_a_damaged_release_is_not_continued(corpus: Corpus) -> None:
    folder = folder_of(corpus.build("1.0.0"))
    with_one_more(corpus)
    shard = next(folder.rglob("*.parquet"))
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-1] + b"\0")
    with pytest.raises(OutputError, match="is not what its release's manifest says"):
        corpus.build("1.1.0")
    shard.write_bytes(whole)
    changed = "is not what its release's manifest says"
    for name, message in (("versions.json", changed), ("CHANGELOG.md", changed), ("manifest.json", "has no manifest")):
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(b"{")
        with pytest.raises(OutputError, match=message):
            corpus.build("1.1.0")
        (folder / name).write_bytes(kept)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["1.0.0"]


def test_a_release_that_cannot_be_read_is_not_compared(corpus: Corpus, tmp_path: Path) -> None:
    old = folder_of(corpus.build("1.0.0"))
    for name, data in (("damaged", b"PAR1"), ("gone", None)):
        new = Path(shutil.copytree(old, tmp_path / name))
        manifest = json.loads((new / "manifest.json").read_bytes())
        for entry in manifest["files"]:
            entry["sha256"] = "0" * 64
        (new / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        shard = next(new.rglob("*.parquet"))
        shard.unlink()
        if data:
            shard.write_bytes(data)
        with pytest.raises(UsageError, match="cannot be read"), differences(old, new) as (_, changes):
            list(changes)


def test_the_command_line_says_what_changed_and_what_a_version_lacks(
    corpus: Corpus, pressmark: Callable[..., Any]
) -> None:
    places = ("--out", str(corpus.out), "--work", str(corpus.work), "--as-of", "2026-01-31")
    assert pressmark("build", str(corpus.folder), "--version", "auto", *places).returncode == 0
    without_last(corpus)
    refused = pressmark("build", str(corpus.folder), "--version", "1.1.0", *places)
    assert refused.returncode == 2
    assert "--drop-vanished" in refused.stderr
    refused = pressmark("build", str(corpus.folder), "--version", "1.1.0", "--drop-vanished", *places)
    assert refused.returncode == 2
    assert "asks for MAJOR: journal:r29" in refused.stderr
    assert "--version 2.0.0" in refused.stderr
    made = pressmark("build", str(corpus.folder), "--version", "auto", "--drop-vanished", *places)
    assert made.returncode == 0
    assert "2.0.0 (removed: 1)" in made.stdout


def test_a_page_shows_what_changed_and_nothing_in_it_is_active(
    corpus: Corpus, tmp_path: Path, pressmark: Callable[..., Any]
) -> None:
    old = folder_of(corpus.build("1.0.0"))
    hostile = 'Text of <script>alert(1)</script> 0 & "more".'
    corpus.records(record(0, text=hostile), *map(record, range(1, 31)))
    new = folder_of(corpus.build("1.1.0"))
    page = tmp_path / "changes.html"
    told = pressmark("diff", old, new, "--words", "--page", page)
    assert (told.returncode, "asks for: MINOR" in told.stdout) == (0, True)
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;" in text
    assert "<ins>" in text
    assert "http" not in text
    rows = re.findall("<tr><td>(.*?)</td><td>(.*?)</td>", text)
    assert rows[-2:] == [("journal:r0", "changed"), ("journal:r30", "added")]
    again = tmp_path / "again.html"
    pressmark("diff", old, new, "--words", "--page", again)
    assert again.read_bytes() == page.read_bytes()
