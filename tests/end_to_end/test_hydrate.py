"""Withheld texts are filled in from a reader's own copies, on the reader's own machine."""

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from itertools import permutations
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Run
from pressmark import BuildResult
from pressmark.errors import OutputError, PressmarkError, UsageError
from pressmark.hydration import hydrate
from support import PAGE, ROOT, Corpus

ARTICLES = ROOT / "corpus" / "three-papers" / "articles"


@pytest.fixture(autouse=True)
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        pytest.fail("a connection was opened")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refused)


@pytest.fixture
def release(corpus: Corpus) -> Path:
    """Return a release with two withheld articles: a page, and a record that no decision opens."""
    corpus.write(
        "sources/journal.toml", (corpus.folder / "sources/journal.toml").read_text() + "scope = { ids = ['x'] }\n"
    )
    corpus.records({"text": "A tale of the quay.\n\nIt rained; nobody came."})
    corpus.build()
    return corpus.out / "small/open/1.0.0"


def everything(folder: Path) -> dict[Path, tuple[int, int, bytes]]:
    """Return mode, time and bytes of every file and folder below a folder."""
    found = {path: path.lstat() for path in folder.rglob("*")}
    return {
        path: (status.st_mode, status.st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path, status in found.items()
    }


def rows(path: Path) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in pq.read_table(path).to_pylist()}


def test_every_withheld_text_of_the_example_is_filled_from_the_corpus_itself(
    example: BuildResult, pressmark: Run, tmp_path: Path
) -> None:
    release = example.lines["open"].folder
    before = everything(release)
    result = pressmark("hydrate", release, "--from", ARTICLES, "--out", tmp_path / "mine")
    assert result.returncode == 0, result.stderr
    assert f"match     {example.lines['open'].counts['withheld']}" in result.stdout
    assert everything(release) == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
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


def copies_of(folder: Path, **texts: str | bytes) -> Path:
    """Write pages below a folder, each under its name."""
    for name, text in texts.items():
        place = folder / f"{name.replace('__', '/')}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


TEXTS = {
    "match": PAGE,
    "near": PAGE.replace("happened,", "happened"),
    "near too": PAGE.replace("happened,", "happened;"),
    "changed": PAGE.replace("tells", "says"),
    "no page": "x",
}


@pytest.mark.parametrize("best", ["match", "near", "changed"])
def test_the_best_of_several_copies_counts_whatever_their_order(release: Path, tmp_path: Path, best: str) -> None:
    texts = dict(list(TEXTS.items())[list(TEXTS).index(best) :])
    found = []
    for number, order in enumerate(permutations(texts)):
        # The same name in each folder; what is in which folder changes, and so does the order of folders.
        given_ = [copies_of(tmp_path / f"{number}-{place}", **{"1": TEXTS[name]}) for place, name in enumerate(order)]
        result = hydrate(release, given_ if number % 2 else given_[::-1], tmp_path / f"mine{number}")
        found.append((result.counts, result.parquet.read_bytes()))
    assert all(each == found[0] for each in found)
    assert found[0][0] == {"match": 0, "near": 0, "changed": 0, "missing": 1} | {best: 1}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(names=st.permutations(["a", "b", "c/d", "z", "1"]))
def test_the_names_of_copies_do_not_matter(
    release: Path, tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    base = tmp_path_factory.mktemp("named")
    for name, text in zip(names, TEXTS.values(), strict=True):
        copies_of(base / "copies", **{name: text})
    result = hydrate(release, [base / "copies"], base / "mine")
    assert result.counts == {"match": 1, "near": 0, "changed": 0, "missing": 1}
    assert [row["text_sha256"] for row in rows(result.parquet).values()] == [
        row["text_sha256"] for row in withheld(release) if row["source"] == "paper"
    ]


def withheld(release: Path) -> list[dict[str, Any]]:
    return [
        row for path in sorted((release / "withheld").rglob("*.parquet")) for row in pq.read_table(path).to_pylist()
    ]


@pytest.mark.parametrize("given_", ["pages", "pages/..", "pages/1.txt", "../corpus/pages/1.txt"])
def test_a_changed_page_is_told_by_its_path_wherever_a_reader_begins(
    release: Path, corpus: Corpus, tmp_path: Path, given_: str
) -> None:
    corpus.write("pages/1.txt", PAGE.replace("tells", "says"))
    shutil.rmtree(corpus.folder / "records")
    result = hydrate(release, [corpus.folder / given_], tmp_path / "mine")
    assert result.coverage["changed"] == ["paper:1"]
    assert (result.coverage["unused"], result.coverage["unused_copies"]) == ([], 0)


def test_a_copy_of_a_published_text_is_no_change_of_a_withheld_one(corpus: Corpus, tmp_path: Path) -> None:
    """Two sources number their records alike; a reader's copy of one says nothing about the other."""
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    other = '[[input]]\nfiles = "other/*.jsonl"\nformat = "jsonl"\nsource = "other"\n\n[splits]'
    corpus.write("corpus.toml", recipe.replace("[splits]", other))
    corpus.write("sources/other.toml", 'title = "Other"\npublisher = "Other House"\nlanguage = "en"\n')
    shown = corpus.records({"text": "What the journal has given to all of us, and gladly."})
    corpus.records({"text": "What the other one keeps for those who ask for it."}, path="other/a.jsonl")
    corpus.build()
    result = hydrate(corpus.out / "small/open/1.0.0", [shown], tmp_path / "mine")
    assert result.counts == {"match": 0, "near": 0, "changed": 0, "missing": 2}
    assert result.coverage["unused"] == [str(shown)]


def test_one_copy_fills_all_rows_of_the_same_text(corpus: Corpus, tmp_path: Path) -> None:
    """Rows of one text can have different ids where their letters alone are the same."""
    corpus.records(
        {"text": "A tale of the quay. It rained."},
        {"text": "A tale of the quay; it rained!"},
        {"text": "Another tale."},
    )
    journal = (corpus.folder / "sources/journal.toml").read_text(encoding="utf-8")
    corpus.write("sources/journal.toml", journal.partition("[[rights")[0])
    corpus.build()
    copy = tmp_path / "copy.jsonl"
    copy.write_text(
        '{"id": "mine", "title": "My headline", "text": "A tale of the quay. It rained."}', encoding="utf-8"
    )
    result = hydrate(corpus.out / "small/open/1.0.0", [copy], tmp_path / "mine")
    assert result.counts == {"match": 1, "near": 1, "changed": 0, "missing": 2}
    filled = rows(result.parquet)
    assert {identity: row["hydrated"] for identity, row in filled.items()} == {
        "journal:r1": "match",
        "journal:r2": "near",
    }
    assert {row["text"] for row in filled.values()} == {"A tale of the quay. It rained."}
    assert {row["title"] for row in filled.values()} == {"My headline"}


TITLES = ("One", "Two", "Three")


@pytest.mark.parametrize("titles", list(permutations(TITLES)))
def test_the_headline_comes_from_the_copy_of_the_same_article(
    corpus: Corpus, tmp_path: Path, titles: tuple[str, str, str]
) -> None:
    """Whatever the headlines are, and in whatever order the copies come."""
    text = "The same words stand in three places, under three headlines."
    journal = (corpus.folder / "sources/journal.toml").read_text(encoding="utf-8")
    corpus.write("sources/journal.toml", journal.partition("[[rights")[0])
    corpus.records({"text": text})
    corpus.build()
    for number, order in enumerate(permutations(zip(("r1", "a", "z"), titles, strict=True))):
        lines = [json.dumps({"id": name, "title": title, "text": text}) for name, title in order]
        copy = tmp_path / f"{number}.jsonl"
        copy.write_text("\n".join(lines), encoding="utf-8")
        filled = rows(hydrate(corpus.out / "small/open/1.0.0", [copy], tmp_path / f"mine{number}").parquet)
        assert filled["journal:r1"]["title"] == titles[0]


def test_the_row_keeps_its_own_metadata(release: Path, tmp_path: Path) -> None:
    copy = copies_of(tmp_path / "copies", other=PAGE.replace("2024-05-21", "1999-01-01").replace("Town", "Village"))
    (filled,) = rows(hydrate(release, [copy], tmp_path / "mine").parquet).values()
    (row,) = (row for row in withheld(release) if row["source"] == "paper")
    from_copy = {"text", "title", "subtitles", "captions", "contributors", "hydrated"}
    assert {key: filled[key] for key in filled.keys() - from_copy} == {
        key: row.get(key) for key in filled.keys() - from_copy
    }
    assert filled["subtitles"] == ["A deck below it"]


def test_what_is_no_copy_is_counted_and_stops_nothing(release: Path, corpus: Corpus, tmp_path: Path) -> None:
    copies = copies_of(
        tmp_path / "copies",
        empty=b"",
        blank="\n \n",
        noise=bytes(range(256)),
        other=PAGE.replace("tells", "says"),
        deep__own=PAGE,
        **{"not a page": "Some words."},
    )
    (copies / "picture.png").write_bytes(b"\x89PNG")
    (copies / ".hidden.txt").write_text(PAGE, encoding="utf-8")
    (copies / "folder.txt").mkdir()
    records = [b"{", b"", b"[]", b'{"id": "x"}', b"\xff\xfe\x00", json.dumps({"id": "7", "text": "Not it."}).encode()]
    (copies / "records.JSONL").write_bytes(b"\n".join(records))
    os.mkfifo(copies / "pipe.txt")
    (copies / "broken.txt").symlink_to(tmp_path / "nowhere.txt")
    (copies / "out.txt").symlink_to(corpus.folder / "pages" / "1.txt")
    (copies / "in.txt").symlink_to(copies / "deep" / "own.txt")
    (copies / "circle").symlink_to(copies, target_is_directory=True)
    result = hydrate(release, [copies], tmp_path / "mine")
    assert result.counts == {"match": 1, "near": 0, "changed": 0, "missing": 1}
    assert result.coverage["unused"] == [str(copies / "other.txt"), str(copies / "records.JSONL")]
    assert result.coverage["unused_copies"] == 2
    assert result.coverage["refused"] == {
        "bad-json": 2,
        "empty-input": 2,
        "invalid-record": 1,
        "layout-mismatch": 1,
        "not-a-file": 3,
        "outside-corpus": 1,
        "unknown-encoding": 2,
    }


def test_files_are_taken_as_they_are_named(release: Path, tmp_path: Path) -> None:
    """What looks like a pattern is a name; a link that somebody names is followed; what lies beside is not."""
    copies = copies_of(tmp_path / "copies", **{"[a]?*": PAGE, "ab": PAGE.replace("tells", "says")})
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "link.txt"
    link.symlink_to(copies / "[a]?*.txt")
    for number, name in enumerate([copies / "[a]?*.txt", link]):
        result = hydrate(release, [name, name], tmp_path / f"mine{number}")
        assert (result.counts["match"], result.coverage["unused"]) == (1, [])
    with pytest.raises(UsageError, match="is no file of texts"):
        hydrate(
            release, [copies_of(tmp_path / "more", a=PAGE).joinpath("a.txt").rename(tmp_path / "a.md")], tmp_path / "x"
        )


def test_a_name_that_is_no_text_is_reported_nevertheless(release: Path, tmp_path: Path) -> None:
    copies = copies_of(tmp_path / "copies", a=PAGE.replace("tells", "says"))
    (copies / "a.txt").rename(copies / os.fsdecode(b"\xff.txt"))
    result = hydrate(release, [copies, copies / os.fsdecode(b"\xff.txt")], tmp_path / "mine")
    assert json.loads(result.report.read_bytes())["unused"] == [f"{copies}/\ufffd.txt"] * 2


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16"])
def test_a_copy_may_be_encoded_otherwise_than_the_input_was(corpus: Corpus, tmp_path: Path, encoding: str) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('source = "journal"', 'source = "journal"\nencoding = "gb18030"'))
    journal = (corpus.folder / "sources/journal.toml").read_text(encoding="utf-8")
    corpus.write("sources/journal.toml", journal.partition("[[rights")[0])
    record = json.dumps({"id": "r1", "text": "渡轮又开了,船身是蓝色的。"}, ensure_ascii=False)
    corpus.write("records/a.jsonl", record.encode("gb18030"))
    corpus.build()
    (tmp_path / "copy.jsonl").write_bytes(record.encode(encoding))
    result = hydrate(corpus.out / "small/open/1.0.0", [tmp_path / "copy.jsonl"], tmp_path / "mine")
    assert (result.counts["match"], result.coverage["unused"]) == (1, [])


def test_the_report_adds_up(example: BuildResult, tmp_path: Path) -> None:
    release = example.lines["open"].folder
    result = hydrate(release, [ARTICLES / "yupo"], tmp_path / "mine")
    coverage = json.loads(result.report.read_bytes())
    assert coverage == result.coverage
    assert sum(coverage["rows"].values()) == example.lines["open"].counts["withheld"]
    for outcome, count in coverage["rows"].items():
        assert count == sum(each[outcome] for each in coverage["by_source"].values())
    assert (len(coverage["changed"]), len(coverage["missing"])) == (
        coverage["rows"]["changed"],
        coverage["rows"]["missing"],
    )
    manifest = (release / "manifest.json").read_bytes()
    stated = {line.split("  ")[1]: line.split("  ")[0] for line in (release / "SHA256SUMS").read_text().splitlines()}
    assert coverage["manifest_sha256"] == stated["manifest.json"]
    assert [coverage[key] for key in ("corpus", "line", "version")] == [
        json.loads(manifest)[key] for key in ("corpus", "line", "version")
    ]


REFUSED = {
    "quillmouth": {"bad-date": 1, "bad-json": 1, "invalid-record": 1, "unknown-field": 1},
    "yupo/odd": {"empty-input": 1, "not-an-article": 1, "unknown-encoding": 1},
}


@pytest.mark.parametrize("given_", ["lanhe", "lanhe/2022.jsonl", "quillmouth", "yupo/odd", "yupo/2023"])
def test_any_part_of_the_corpus_fills_what_it_holds(example: BuildResult, tmp_path: Path, given_: str) -> None:
    """Encodings, line ends and records of any source: what the build read is read again, and no text is changed."""
    result = hydrate(example.lines["open"].folder, [ARTICLES / given_], tmp_path / "mine")
    assert (result.counts["near"], result.counts["changed"]) == (0, 0)
    for row in rows(result.parquet).values():
        assert row["characters"] == len(row["text"])
    # What one publication, or one encoding, cannot read, another can.
    assert result.coverage["refused"] == REFUSED.get(given_, {})


READERS = {
    "pandas": "import pandas; found = pandas.read_parquet(path)['hydrated'].tolist()",
    "pyarrow": "import pyarrow.parquet as pq; found = pq.read_table(path)['hydrated'].to_pylist()",
    "polars": "import polars; found = polars.read_parquet(path)['hydrated'].to_list()",
    "datasets": "from datasets import load_dataset\n"
    "found = list(load_dataset('parquet', data_files=path, split='train')['hydrated'])",
}


@pytest.mark.parametrize("reader", READERS)
def test_readers_load_what_was_filled(example: BuildResult, tmp_path: Path, reader: str) -> None:
    result = hydrate(example.lines["open"].folder, [ARTICLES], tmp_path / "mine")
    program = f"import json, sys\npath = sys.argv[1]\n{READERS[reader]}\nprint(json.dumps(found))"
    environment = {**os.environ, "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program, result.parquet],
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["match"] * example.lines["open"].counts["withheld"]


def test_a_folder_with_something_in_it_is_not_written_into(release: Path, corpus: Corpus, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    hydrate(release, [corpus.folder / "pages"], target)
    before = everything(target)
    with pytest.raises(OutputError, match="is there already"):
        hydrate(release, [corpus.folder / "pages"], target)
    assert everything(target) == before
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("file", "link"):
        with pytest.raises(OutputError, match="is there already"):
            hydrate(release, [corpus.folder / "pages"], tmp_path / name)


@pytest.mark.parametrize("place", [".", "mine", "data/../mine", "withheld/mine"])
def test_nothing_is_written_into_a_release(release: Path, corpus: Corpus, place: str) -> None:
    before = everything(release)
    with pytest.raises(OutputError, match="lies in the release"):
        hydrate(release, [corpus.folder / "pages"], release / place)
    assert everything(release) == before


def test_an_interrupted_run_leaves_nothing(
    release: Path, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any) -> None:
        raise KeyboardInterrupt

    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(sys.modules["pressmark.hydration"], "_by_outcome", stopped)
    with pytest.raises(KeyboardInterrupt):
        hydrate(release, [corpus.folder / "pages"], tmp_path / "mine")
    assert sorted(tmp_path.iterdir()) == before


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
    assert not (tmp_path / "mine").exists()
    assert not any(".unfinished" in path.name for path in tmp_path.iterdir())


def test_where_nothing_could_be_filled_the_command_says_so(release: Path, pressmark: Run, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    result = pressmark("hydrate", release, "--from", tmp_path / "copies", "--json")
    assert result.returncode == 1
    found = json.loads(result.stdout)
    assert found["rows"] == {"match": 0, "near": 0, "changed": 0, "missing": 2}
    assert pq.read_table(tmp_path / found["parquet"]).num_rows == 0
    assert json.loads((tmp_path / found["report"]).read_bytes())["missing"] == ["journal:r1", "paper:1"]


def test_releases_with_other_columns_are_refused_in_words(
    release: Path, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["pressmark.hydration"], "schema_bytes", lambda _: b"{}")
    with pytest.raises(UsageError, match="other columns than this version knows"):
        hydrate(release, [corpus.folder / "pages"], tmp_path / "mine")
