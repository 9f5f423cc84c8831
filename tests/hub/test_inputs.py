"""A dataset of the Hub is an input like any other: brought home once, at one commit, and read from there."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import CommitOperationAdd

from hub_cases import REPO, WAITS, Line, published
from hub_client import api, patient_client
from pressmark import RecipeError, RemoteError, check, fetch_inputs, hydrate, read_recipe, verify
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving
from pressmark.hub.remote import Remote
from pressmark.hub_address import hub_address
from pressmark.reading_plan import plan_reading
from support import Corpus

OTHER = "org/old-news"
FIELDS = {"id": "nr", "text": "body", "title": "head", "published_on": "day"}


def parquet(first: int, count: int) -> bytes:
    numbers = range(first, first + count)
    columns = {
        "nr": [f"a/{number}" if number == 3 else f"a{number}" for number in numbers],
        "head": [f"Head {number}" for number in numbers],
        "body": [f"The ferry of pier {number} sailed on time." for number in numbers],
        "day": ["2020-02-02" for _ in numbers],
        "unused": [b"\xff" for _ in numbers],
    }
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


FILES = {
    "data/train-00000-of-00002.parquet": parquet(0, 10),
    "data/train-00001-of-00002.parquet": parquet(10, 10),
    "data/test-00000-of-00001.parquet": parquet(20, 5),
    "data/.hidden.parquet": parquet(90, 1),
    "README.md": b"# Old news\n",
}


@pytest.fixture(scope="module")
def hub(line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with serving(tmp_path_factory.mktemp("hub")) as found, patient_client(xet=False):
        client = api(found)
        client.create_repo(OTHER, repo_type="dataset", private=True)
        adding = [CommitOperationAdd(path, data) for path, data in FILES.items()]
        client.create_commit(OTHER, adding, commit_message="all", repo_type="dataset")
        client.create_tag(OTHER, tag="v1", repo_type="dataset")
        published(found, line.ready())
        yield found


@pytest.fixture
def connect(hub: LocalHub) -> Callable[[str], Remote]:
    return lambda repo: Remote(repo, endpoint=hub.endpoint, token=hub.token(), waits=WAITS)


def not_at_all(repo: str) -> Remote:
    raise AssertionError(f"{repo} was asked")


def table(name: str, values: dict[str, str]) -> list[str]:
    return [f"{name} = {{ {', '.join(f'{json.dumps(key)} = {json.dumps(each)}' for key, each in values.items())} }}"]


def migrating(corpus: Corpus, *files: str, fields: dict[str, str], **more: str) -> None:
    """Give a corpus inputs of the Hub, whose names say which split they are."""
    lines = (corpus.folder / "corpus.toml").read_text(encoding="utf-8").partition("[[input]]")[0].splitlines()
    for each in files:
        split = "test" if "test" in each else "train"
        lines += ["[[input]]", f'files = "{each}"', 'format = "parquet"', 'source = "journal"']
        lines += [f"{key} = {value}" for key, value in more.items()]
        lines += table("fields", fields) + table("constants", {"split": split})
    lines += ["[splits]", 'from = "field"', "train = 1.0", "test = 0.0"]
    corpus.write("corpus.toml", "\n".join(lines))


def rows(corpus: Corpus) -> dict[str, tuple[str, dict[str, Any]]]:
    folder = corpus.results[-1].lines["open"].folder
    return {
        row["id"]: (path.parent.name, row)
        for path in sorted(folder.glob("*/*/*.parquet"))
        for row in pq.read_table(path).to_pylist()
    }


def old_news(corpus: Corpus, revision: str = "v1", **more: str) -> None:
    whole = (f"hf://datasets/{OTHER}@{revision}/data/{split}-*.parquet" for split in ("train", "test"))
    migrating(corpus, *whole, fields=FIELDS, **more)


def test_a_published_corpus_is_migrated_with_its_ids_and_splits(
    corpus: Corpus, hub: LocalHub, connect: Callable[[str], Remote]
) -> None:
    old_news(corpus)
    told: list[tuple[str, int, int]] = []
    fetched = fetch_inputs(corpus.folder, connect=connect, progress=lambda *each: told.append(each))
    commit = api(hub).dataset_info(OTHER, revision="v1").sha
    assert fetched == [f"hf://datasets/{OTHER}@{commit}/{path}" for path in (*sorted(FILES)[3:5], sorted(FILES)[2])]
    assert told[-1] == ("fetch", 1, 1)
    assert fetch_inputs(corpus.folder, connect=not_at_all) == []
    built = corpus.build()
    found = rows(corpus)
    assert len(found) == 25
    assert {f"journal:a{number}" for number in range(25) if number != 3} < found.keys()
    assert {found[f"journal:a{number}"][0] for number in range(4, 20)} == {"train"}
    assert {found[f"journal:a{number}"][0] for number in range(20, 25)} == {"test"}
    first = found["journal:a0"][1]
    assert first["provenance"]["captured_from"] == f"hf://datasets/{OTHER}@{commit}/data/train-00000-of-00002.parquet"
    assert (first["title"], first["url"]) == ("Head 0", None)
    assert verify(built.lines["open"].folder) == []
    files = {row["file"] for row in corpus.ledger()}
    assert all(file.startswith(f"hf://datasets/{OTHER}@{commit}/data/t") for file in files)
    # The private folder is no part of a release, and git is told to pass it over.
    assert (corpus.folder / "private" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert not [path for path in corpus.out.rglob("*") if "hub" in path.parts]


def test_a_release_of_ours_is_migrated_with_its_own_ids(
    corpus: Corpus, line: Line, connect: Callable[[str], Remote]
) -> None:
    before = {
        row["id"]: (path.parent.name, row)
        for path in line.first.glob("data/*/*.parquet")
        for row in pq.read_table(path).to_pylist()
    }
    fields = {name: name for name in ("id", "url", "title", "text", "published_on", "contributors", "section")}
    splits = {split for split, _ in before.values()}
    migrating(corpus, *(f"hf://datasets/{REPO}@v1.0.0/data/{split}/*.parquet" for split in splits), fields=fields)
    fetch_inputs(corpus.folder, connect=connect)
    corpus.build()
    kept = ("id", "url", "title", "text", "published_on", "text_sha256", "group_id")
    found = {key: (split, [row[name] for name in kept]) for key, (split, row) in rows(corpus).items()}
    assert found == {key: (split, [row[name] for name in kept]) for key, (split, row) in before.items()}


def test_what_is_at_home_is_read_without_a_connection_and_a_branch_stays_where_it_was(
    corpus: Corpus, hub: LocalHub, connect: Callable[[str], Remote]
) -> None:
    old_news(corpus, "main")
    fetch_inputs(corpus.folder, connect=connect)
    head = api(hub).dataset_info(OTHER).sha
    api(hub).create_commit(
        OTHER, [CommitOperationAdd("data/train-9.parquet", parquet(50, 1))], commit_message="more", repo_type="dataset"
    )
    assert fetch_inputs(corpus.folder, connect=not_at_all) == []
    tasks, _ = plan_reading(read_recipe(corpus.folder))
    shown = [file.shown for task in tasks for file in task.files]
    assert all(f"@{head}/" in each for each in shown)
    assert len(shown) == 3
    # A file that is gone is fetched again, of the same commit.
    (tasks[0].folder / tasks[0].files[0].path).unlink()
    assert fetch_inputs(corpus.folder, connect=connect) == [tasks[0].files[0].shown]
    old_news(corpus, str(head))
    assert fetch_inputs(corpus.folder, connect=not_at_all) == []


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data[:200] + b"x" + data[201:], lambda _: b""])
def test_a_file_that_was_changed_at_home_stops_a_build(
    corpus: Corpus, connect: Callable[[str], Remote], change: Callable[[bytes], bytes]
) -> None:
    old_news(corpus)
    fetch_inputs(corpus.folder, connect=connect)
    (first, *_) = plan_reading(read_recipe(corpus.folder))[0]
    place = first.folder / first.files[0].path
    place.chmod(0o600)
    place.write_bytes(change(place.read_bytes()))
    for command in (corpus.build, lambda: check(corpus.folder)):
        with pytest.raises(RecipeError) as refused:
            command()
        (fault,) = refused.value.faults
        assert (fault.code, corpus.folder / fault.file) == ("fetched-differs", place)
        assert f"found {place.stat().st_size} bytes" in fault.detail
        assert fault.detail.endswith(first.files[0].shown)
    assert not list(corpus.out.rglob("manifest.json"))
    # As its advice says.
    place.unlink()
    assert fetch_inputs(corpus.folder, connect=connect) == [first.files[0].shown]
    assert corpus.build().lines["open"].counts["rejected"] == 0


def test_a_commit_gives_the_same_bytes_by_whatever_name_it_was_asked_for(
    corpus: Corpus, hub: LocalHub, connect: Callable[[str], Remote]
) -> None:
    manifests = []
    for revision in ("v1", str(api(hub).dataset_info(OTHER, revision="v1").sha)):
        old_news(corpus, revision)
        fetch_inputs(corpus.folder, connect=connect)
        manifests.append(corpus.build(out=corpus.out / revision).lines["open"].manifest["files"])
    assert manifests[0] == manifests[1]


def test_some_files_are_left_out(corpus: Corpus, connect: Callable[[str], Remote]) -> None:
    old_news(corpus, **{"except": '["data/*-00001-*"]'})
    assert len(fetch_inputs(corpus.folder, connect=connect)) == 2
    corpus.build()
    assert len(rows(corpus)) == 15


def test_check_and_build_say_what_is_not_at_home(corpus: Corpus) -> None:
    old_news(corpus)
    found = check(corpus.folder)
    assert [finding.code for finding in found.findings] == ["not-fetched", "not-fetched"]
    with pytest.raises(RecipeError) as refused:
        corpus.build()
    assert {fault.code for fault in refused.value.faults} == {"not-fetched"}
    assert "private" not in {path.name for path in corpus.folder.iterdir()}


def test_a_reader_fills_withheld_rows_from_the_same_files(
    corpus: Corpus, connect: Callable[[str], Remote], tmp_path: Path
) -> None:
    old_news(corpus)
    source = (corpus.folder / "sources/journal.toml").read_text(encoding="utf-8")
    corpus.write("sources/journal.toml", source.partition("[[rights")[0] + '[rights]\nstatus = "unknown"\n')
    fetch_inputs(corpus.folder, connect=connect)
    release = corpus.build().lines["open"].folder
    found = hydrate(release, [corpus.folder / "private" / "hub"], tmp_path / "mine")
    assert found.counts["match"] == 25


@pytest.mark.parametrize(
    "files",
    [
        "hf://datasets/org/name/data/*.parquet",  # no revision
        "hf://datasets/name@v1/data/*.parquet",
        "hf://org/name@v1/data/*.parquet",
        "hf://datasets/org/name@v1",
        "hf://datasets/../name@v1/a.parquet",
        "hf://datasets/org/na..me@v1/a.parquet",
        "hf://datasets/org/na--me@v1/a.parquet",
        "hf://datasets/.org/name@v1/a.parquet",
        "hf://datasets/org/name@-v1/a.parquet",
        "hf://datasets/org/name@..%2Fother/a.parquet",
        "hf://datasets/org/name@v1%2F..%2Fx/a.parquet",
        "hf://datasets/org/name@%00/a.parquet",
        "hf://datasets/org/name@v1//a.parquet",
        "hf://datasets/org/name@v1/./a.parquet",
        "hf://datasets/user:token@org/name@v1/a.parquet",
        "hf://datasets/org/name@v1/a/../../b.parquet",
        "hf:datasets/org/name@v1/a.parquet",
    ],
)
def test_an_address_that_is_none_is_refused(corpus: Corpus, files: str) -> None:
    assert hub_address(files) is None
    migrating(corpus, files, fields=FIELDS)
    with pytest.raises(RecipeError) as refused:
        read_recipe(corpus.folder)
    assert {fault.code for fault in refused.value.faults} == {"bad-value"}


@pytest.mark.parametrize(
    ("files", "revision"),
    [
        ("hf://datasets/org/name@v1.0.0/a..b/**/*.parquet", "v1.0.0"),
        ("hf://datasets/O-r.g/n_a.m-e@refs%2Fconvert%2Fparquet/default/*.parquet", "refs/convert/parquet"),
    ],
)
def test_an_address_that_is_one_is_read(files: str, revision: str) -> None:
    found = hub_address(files)
    assert found is not None
    assert found.revision == revision


def test_a_list_of_captures_does_not_go_with_files_of_the_hub(corpus: Corpus) -> None:
    old_news(corpus, captures='"captures.jsonl"')
    with pytest.raises(RecipeError) as refused:
        read_recipe(corpus.folder)
    assert {fault.code for fault in refused.value.faults} == {"bad-value"}


ODD = ["data/a\\b.parquet", "data/a\n.parquet", f"data/{'a' * 240}.parquet", f"{'a/' * 250}b"]


@pytest.mark.parametrize("path", ODD)
def test_a_path_that_no_repository_should_have_is_refused(
    corpus: Corpus, connect: Callable[[str], Remote], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    migrating(corpus, f"hf://datasets/{OTHER}@v1/**", fields=FIELDS)
    monkeypatch.setattr(Remote, "tree", lambda *_: {path: "git:0"})
    with pytest.raises(RemoteError, match="lists a file"):
        fetch_inputs(corpus.folder, connect=connect)


def test_a_file_that_arrives_damaged_does_not_come_home(
    corpus: Corpus, connect: Callable[[str], Remote], monkeypatch: pytest.MonkeyPatch
) -> None:
    old_news(corpus)
    whole = Remote.tree
    monkeypatch.setattr(Remote, "tree", lambda *asked: dict.fromkeys(whole(*asked), "git:0"))
    with pytest.raises(RemoteError, match="damaged"):
        fetch_inputs(corpus.folder, connect=connect)
    assert [path for path in (corpus.folder / "private").rglob("*.parquet") if path.is_file()] == []


@pytest.mark.parametrize(("files", "words"), [(f"{OTHER}@v9/data/*", "no revision v9"), ("org/none@v1/*", "org/none")])
def test_what_the_hub_does_not_have_is_said(
    corpus: Corpus, connect: Callable[[str], Remote], files: str, words: str
) -> None:
    migrating(corpus, f"hf://datasets/{files}", fields=FIELDS)
    with pytest.raises(RemoteError, match=words):
        fetch_inputs(corpus.folder, connect=connect)


def test_the_command_fetches_as_whoever_is_logged_in(
    corpus: Corpus, hub: LocalHub, tmp_path: Path, pressmark: Callable[..., Any]
) -> None:
    old_news(corpus)
    environment = {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path / "home"), "HF_HUB_DISABLE_TELEMETRY": "1"}
    refused = pressmark("fetch", corpus.folder, env=environment)
    assert (refused.returncode, OTHER in refused.stderr, "Traceback" in refused.stderr) == (4, True, False)
    environment["HF_TOKEN"] = hub.token()
    arguments = ["build", corpus.folder, "--version", "1.0.0", "--as-of", "2026-01-31", "--json"]
    built = pressmark(*arguments, env=environment)
    assert built.returncode == 0, built.stderr
    assert json.loads(built.stdout)["releases"]["open"]["counts"]["published"] == 25
    again = pressmark("fetch", corpus.folder, env={**environment, "HF_ENDPOINT": "http://127.0.0.1:9"})
    assert (again.returncode, again.stdout) == (0, "everything is here\n")
    looked = pressmark("check", corpus.folder, env={**environment, "HF_ENDPOINT": "http://127.0.0.1:9"})
    assert looked.returncode == 0, looked.stdout
    token = hub.token().encode()
    assert not [path for path in corpus.folder.rglob("*") if path.is_file() and token in path.read_bytes()]
