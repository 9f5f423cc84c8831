"""Withheld texts are filled in from a reader's own copies, on the reader's own machine."""

import json
import os
import shutil
import socket
import stat
from itertools import permutations
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from conftest import Run
from pressmark import BuildResult
from pressmark.errors import OutputError, PressmarkError, UsageError
from pressmark.hydrate import hydrate
from pressmark.press.publications import public_part
from pressmark.recipe import read_recipe
from pressmark.sources import source_from
from support import PAGE, ROOT, Corpus

ARTICLES = ROOT / "corpus" / "three-papers" / "articles"


@pytest.fixture(autouse=True)
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        pytest.fail("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)


@pytest.fixture
def release(corpus: Corpus) -> Path:
    """Return a release with two withheld articles: a page, and a record that no decision opens."""
    corpus.write(
        "sources/journal.toml", (corpus.folder / "sources/journal.toml").read_text() + "scope = { ids = ['x'] }\n"
    )
    corpus.records({"text": "A tale of the quay.\n\nIt rained; nobody came."})
    corpus.build()
    return corpus.out / "small/open/1.0.0"


def rows(path: Path) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in pq.read_table(path).to_pylist()}


def test_every_withheld_text_of_the_example_is_filled_from_the_corpus_itself(
    example: BuildResult, pressmark: Run, tmp_path: Path
) -> None:
    release = example.lines["open"].folder
    before = {path: path.stat().st_mtime_ns for path in release.rglob("*")}
    result = pressmark("hydrate", release, "--from", ARTICLES, "--out", tmp_path / "mine")
    assert result.returncode == 0, result.stderr
    assert "match     31" in result.stdout
    assert {path: path.stat().st_mtime_ns for path in release.rglob("*")} == before
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == ["coverage.json", "hydrated.parquet"]

    filled = rows(tmp_path / "mine/hydrated.parquet")
    vault = {
        identity: row
        for path in (example.lines["vault"].folder / "data").rglob("*.parquet")
        for identity, row in rows(path).items()
    }
    assert len(filled) == example.lines["open"].counts["withheld"]
    for identity, row in filled.items():
        for name in ("text", "title", "subtitles", "captions", "contributors", "text_sha256", "published_at"):
            assert row[name] == vault[identity][name], (identity, name)
        assert row["hydrated"] == "match"
        assert "withheld_because" not in row


def test_what_is_written_is_for_the_owner_alone(release: Path, corpus: Corpus, tmp_path: Path) -> None:
    result = hydrate(release, [corpus.folder / "pages"], tmp_path / "mine")
    paths = [tmp_path / "mine", result.parquet, result.report]
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o700, 0o600, 0o600]


SAME = {
    "as it was": PAGE,
    "line ends of another system": PAGE.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + PAGE,
    "indented": "\n".join(f"\u3000\u3000{line}  " if line else "" for line in PAGE.split("\n")),
    "more blank lines": PAGE.replace("\n\n", "\n\n\n\n"),
}


@pytest.mark.parametrize("name", SAME)
def test_a_copy_with_the_same_text_matches_under_any_name(release: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copies" / "deep" / "another name.txt"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(SAME[name].encode())
    result = hydrate(release, [tmp_path / "copies"], tmp_path / "mine")
    assert result.counts == {"match": 1, "near": 0, "changed": 0, "missing": 1}
    assert result.coverage["missing"] == ["journal:r1"]
    (row,) = rows(result.parquet).values()
    assert (row["id"], row["title"]) == ("paper:1", "A headline that says something")


def test_other_punctuation_is_near_and_another_word_is_changed(release: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "1.txt").write_text(PAGE.replace("happened, where, and", "happened - where and"), encoding="utf-8")
    record = {"id": "r1", "text": "A tale of the quay.\n\nIt rained; everybody came."}
    (copies / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    result = hydrate(release, [copies], tmp_path / "mine")
    assert result.counts == {"match": 0, "near": 1, "changed": 1, "missing": 0}
    assert result.coverage["changed"] == ["journal:r1"]
    (row,) = rows(result.parquet).values()
    assert (row["hydrated"], "happened - where and" in row["text"]) == ("near", True)


def test_the_best_of_several_copies_counts_whatever_their_order(release: Path, tmp_path: Path) -> None:
    texts = {"a": PAGE.replace("happened,", "happened"), "b": PAGE, "c": PAGE.replace("tells", "says")}
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text(text, encoding="utf-8")
    found = []
    for number, order in enumerate(permutations(texts)):
        result = hydrate(release, [tmp_path / name for name in order], tmp_path / f"mine{number}")
        found.append((result.counts, pq.read_table(result.parquet).to_pylist()))
    assert all(each == found[0] for each in found)
    assert found[0][0]["match"] == 1


def test_what_is_no_copy_is_counted_and_stops_nothing(release: Path, corpus: Corpus, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    shutil.copytree(corpus.folder / "pages", copies)
    (copies / "empty.txt").write_bytes(b"")
    (copies / "noise.txt").write_bytes(bytes(range(256)))
    (copies / "picture.png").write_bytes(b"\x89PNG")
    (copies / "other.txt").write_text(PAGE.replace("tells", "says"), encoding="utf-8")
    os.mkfifo(copies / "pipe.txt")
    (copies / "link.txt").symlink_to(tmp_path / "nowhere.txt")
    result = hydrate(release, [copies], tmp_path / "mine")
    assert result.counts["match"] == 1
    assert result.coverage["unused"] == ["other.txt"]
    assert result.coverage["refused"] == {"empty-input": 1, "not-a-file": 2, "unknown-encoding": 1}


def test_a_folder_that_is_there_is_not_written_into(release: Path, corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(OutputError, match="is there already"):
        hydrate(release, [corpus.folder / "pages"], tmp_path / "mine")


def test_a_release_that_does_not_add_up_is_not_filled_in(release: Path, corpus: Corpus, tmp_path: Path) -> None:
    (release / "README.md").write_text("other", encoding="utf-8")
    with pytest.raises(UsageError, match="does not add up"):
        hydrate(release, [corpus.folder / "pages"], tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_files_that_are_not_there_and_releases_without_withheld_texts_say_so(
    release: Path, corpus: Corpus, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="is not there"):
        hydrate(release, [tmp_path / "nowhere"], tmp_path / "mine")
    with pytest.raises(PressmarkError, match="withholds no text"):
        hydrate(corpus.out / "small/vault/1.0.0", [corpus.folder / "pages"], tmp_path / "mine")
    assert not any(path.name.endswith(".unfinished") for path in tmp_path.iterdir())


def test_where_nothing_could_be_filled_the_command_says_so(release: Path, pressmark: Run, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    result = pressmark("hydrate", release, "--from", tmp_path / "copies", "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout)["rows"] == {"match": 0, "near": 0, "changed": 0, "missing": 2}


def test_a_release_says_how_to_read_copies_and_nothing_of_rights(example: BuildResult) -> None:
    recipe = read_recipe(ROOT / "corpus" / "three-papers")
    folder = example.lines["open"].folder / "sources"
    assert sorted(path.stem for path in folder.iterdir()) == sorted(recipe.sources)
    for name, source in recipe.sources.items():
        text = (folder / f"{name}.json").read_text(encoding="utf-8")
        assert not any(word in text for word in ("rights", "decided", "letter", "private", "evidence"))
        again = source_from(name, json.loads(text)["source"])
        assert public_part(again) == public_part(source)
        assert again.layout == source.layout


@pytest.mark.parametrize("broken", ['{"source": {}}', "[]", "{", '{"source": {"title": 3}, "inputs": []}'])
def test_a_source_file_of_a_release_that_cannot_be_used_is_named(broken: str, tmp_path: Path) -> None:
    from pressmark.hydrate import _sources  # noqa: PLC0415 - a release with such a file does not verify

    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "paper.json").write_text(broken, encoding="utf-8")
    with pytest.raises(UsageError, match=r"paper\.json does not say how to read copies"):
        _sources(tmp_path, {"paper"})
