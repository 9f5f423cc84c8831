"""Inputs and releases in buckets: the same bytes, whole or not at all, and every trouble in words."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hub_cases import Line
from pressmark import BuildResult
from pressmark.cli import main
from pressmark.errors import OutputError, RemoteError
from pressmark.s3_address import S3Address
from pressmark.stores.opened import opened
from pressmark.stores.releases import Target
from pressmark.stores.upload import Upload
from s3_cases import NAME, Store, serving
from support import AS_OF, ROOT, Corpus

EXAMPLE = ROOT / "corpus" / "three-papers"
OUT = f"s3://{NAME}/releases"
AT = "releases/small/open/1.0.0/"
MANIFEST = f"{AT}manifest.json"
LINE = ("--line", "open", "--as-of", AS_OF.isoformat())

RELEASE = f"{OUT}/small/open/1.0.0"

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with serving(tmp_path_factory.mktemp("s3")) as store:
        yield store


@pytest.fixture
def store(started: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with started.used(monkeypatch):
        yield started


@pytest.fixture
def run(store: Store) -> Run:
    """Return the command line, which never says a secret."""

    def called(*arguments: str | Path, code: int = 0) -> Result:
        done = CliRunner().invoke(main, [str(each) for each in arguments])
        assert done.exit_code == code, (done.output, done.exception)
        assert "HUSHHUSH" not in done.output
        return done

    return called


@pytest.fixture
def build(run: Run, corpus: Corpus) -> Run:
    """Return a build of the small corpus into the bucket."""
    corpus.records({}, {"id": "r2", "text": "Another text, of another day.", "published_on": "2021-03-04"})

    def built(version: str = "1.0.0", *options: str | Path, out: str = OUT, code: int = 0) -> Result:
        paths = ("--out", out, "--work", corpus.work, "--workers", "1")
        return run("build", corpus.folder, "--version", version, *paths, *LINE, *options, code=code)

    return built


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def objects(store: Store, prefix: str) -> dict[str, bytes]:
    return {key.removeprefix(prefix): store.read(key) for key in store.listed(prefix)}


def uploaded(line: Line, version: str = "1.0.0") -> None:
    """Upload a release that lies in a folder already."""
    place = line.first.parents[1]
    Target(place, S3Address(NAME, "releases/small")).publish(version, ["open"])


def told(done: Result) -> str:
    return " ".join(done.output.split())


def test_the_example_corpus_is_the_same_on_disk_and_in_a_bucket_in_and_out(
    store: Store, tmp_path: Path, example: BuildResult, pressmark: Callable[..., Any]
) -> None:
    for path in (each for each in (EXAMPLE / "articles").rglob("*") if each.is_file()):
        store.write(f"in/{path.relative_to(EXAMPLE).as_posix()}", path.read_bytes())
    corpus = tmp_path / "three-papers"
    shutil.copytree(EXAMPLE, corpus, ignore=shutil.ignore_patterns("articles"))
    recipe = (corpus / "corpus.toml").read_text(encoding="utf-8")
    assert recipe.count('"articles/') == 6
    (corpus / "corpus.toml").write_text(recipe.replace('"articles/', f'"s3://{NAME}/in/articles/'), encoding="utf-8")
    done = pressmark("build", corpus, "--version", "1.0.0", "--out", OUT, "--work", tmp_path / "work", *LINE, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)["releases"]["open"]
    assert said["address"] == f"{OUT}/three-papers/open/1.0.0"
    expected = files(example.lines["open"].folder)
    assert objects(store, "releases/three-papers/open/1.0.0/") == expected
    assert {key.split("/")[0] for key in store.listed()} == {"in", "releases"}
    assert "releases/three-papers/open/1.0.0/manifest.json" in store.listed()
    rows = map(json.loads, Path(json.loads(done.stdout)["ledger"]).read_text(encoding="utf-8").splitlines())
    assert {row["file"].rpartition("/articles/")[0] for row in rows} == {f"s3://{NAME}/in"}
    # What was brought home is for the owner's eyes alone, and nothing for git.
    assert (corpus / "private").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "work" / ".s3").stat().st_mode & 0o777 == 0o700


def test_a_version_continues_what_is_in_the_bucket_as_it_would_in_a_folder(
    build: Run, run: Run, store: Store, corpus: Corpus, tmp_path: Path
) -> None:
    build()
    local = ("--out", tmp_path / "dist", "--work", tmp_path / "other", *LINE)
    run("build", corpus.folder, "--version", "1.0.0", *local)
    corpus.records(
        {"id": "n1", "text": "A text that came later.", "published_on": "2022-01-01"}, path="records/b.jsonl"
    )
    run("build", corpus.folder, "--version", "1.1.0", *local)
    expected = files(tmp_path / "dist" / "small" / "open")
    shutil.rmtree(corpus.work)
    store.fails()
    build("auto")
    read = [each for each in store.fails() if each.startswith("GET") and AT in each]
    assert sorted(objects(store, "releases/small/open/")) == sorted(expected)
    assert objects(store, "releases/small/open/") == expected
    assert len(read) == len(set(read)), "each object is read once"
    # From now on the copy is there, and only its manifests are looked at.
    store.fails()
    build("auto")
    assert not [each for each in store.fails() if each.startswith("GET") and "/open/1." in each]
    old, new = (f"{OUT}/small/open/{version}" for version in ("1.0.0", "1.1.0"))
    assert json.loads(run("diff", old, new, "--json").stdout)["asks_for"] == "MINOR"
    assert old in run("diff", old, new).output
    assert run("verify", new, "--previous", old).output
    assert json.loads(run("verify", new, "--json").stdout)["release"] == new
    run("report", new, "--previous", old, "--page", tmp_path / "page.html")
    assert (tmp_path / "page.html").stat().st_size > 10_000
    # And in a folder elsewhere.
    elsewhere = ("--out", tmp_path / "third", "--work", tmp_path / "fourth", *LINE)
    run("build", corpus.folder, "--version", "1.1.0", *elsewhere, "--previous", old)
    assert (tmp_path / "third/small/open/1.1.0/SHA256SUMS").read_bytes() == expected["1.1.0/SHA256SUMS"]
    assert not list((tmp_path / "fourth").glob(".fetched-*"))


def test_a_version_is_one_release_for_ever(build: Run, store: Store, corpus: Corpus, tmp_path: Path) -> None:
    build()
    before = objects(store, "")
    store.fails()
    assert "was there already" in build().output
    assert not [each for each in store.fails() if each.startswith(("PUT", "DELETE"))]
    corpus.records({"id": "n1", "text": "A text that came later."}, path="records/b.jsonl")
    assert "a version is one release for ever" in told(build(code=2))
    assert objects(store, "") == before


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 500, "code": "InternalError"}, "the store says InternalError (status 500)"),
        ({"status": 503, "code": "SlowDown"}, "the store says SlowDown (status 503)"),
        ({"status": 403, "code": "AccessDenied"}, "the store says AccessDenied (status 403)"),
        ({"status": 301, "code": "PermanentRedirect"}, "the store says PermanentRedirect (status 301)"),
        ({"status": "cut"}, "writing s3://"),
    ],
)
@pytest.mark.parametrize("where", ["README.md", "SHA256SUMS", "manifest.json"])
def test_an_upload_that_fails_shows_nothing_and_the_next_completes_it(
    fault: dict[str, Any], said: str, where: str, run: Run, store: Store, line: Line
) -> None:
    store.fails({**fault, "path": where})
    with pytest.raises(RemoteError, match=re.escape(said)) as raised:
        uploaded(line)
    assert "HUSHHUSH" not in str(raised.value) + raised.value.advice
    assert MANIFEST not in store.listed()
    assert "found no manifest.json" in told(run("diff", RELEASE, RELEASE, code=4))
    store.fails()
    there = set(store.listed())
    store.fails()
    uploaded(line)
    put = {each.removeprefix(f"PUT /{NAME}/") for each in store.fails() if each.startswith("PUT")}
    assert objects(store, AT) == files(line.first)
    assert put == set(store.listed()) - there, "what was there is not sent again"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 503, "code": "SlowDown"}, "it is busy or broken; run it again, and what is there"),
        ({"status": 403, "code": "ExpiredToken"}, "look at whose credentials are set, and that they may list"),
        ({"status": 301, "code": "PermanentRedirect"}, "is in another region: set AWS_REGION"),
    ],
)
def test_a_build_whose_upload_fails_releases_nothing_here_either(
    fault: dict[str, Any], said: str, build: Run, store: Store, corpus: Corpus
) -> None:
    store.fails({**fault, "path": "README.md"})
    assert said in told(build(code=4))
    assert MANIFEST not in store.listed()
    assert not (corpus.work / "small" / "1.0.0").exists()
    store.fails()
    build()
    assert MANIFEST in store.listed()


def two_uploads(line: Line, monkeypatch: pytest.MonkeyPatch) -> tuple[Upload, Upload]:
    """Return uploads of other bytes into one version, of which neither sees the other before it writes."""
    address, bucket = S3Address(NAME, AT.rstrip("/")), opened(NAME)
    one, other = Upload(bucket, address, line.first), Upload(bucket, address, line.second)
    listed, asked = bucket.listed, count()
    monkeypatch.setattr(bucket, "listed", lambda key: listed("nothing" if next(asked) < 2 else key))
    return one, other


def test_two_uploads_of_other_bytes_make_no_release(store: Store, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = two_uploads(line, monkeypatch)
    one.files()
    with pytest.raises(OutputError, match="with other bytes"):
        other.files()
    with pytest.raises(RemoteError, match=r"others wrote there.*; nothing was released"):
        one.seal()
    assert MANIFEST not in store.listed()


def test_a_store_that_does_not_know_the_condition_has_one_of_two_releases(
    store: Store, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.fails({"deaf": True, "times": 0})
    one, other = two_uploads(line, monkeypatch)
    one.files()
    other.files()
    with pytest.raises(RemoteError, match=r"others wrote there.*; nothing was released"):
        one.seal()
    other.seal()
    assert objects(store, AT) == files(line.second)


def test_two_uploads_of_the_same_bytes_make_one_release(store: Store, line: Line) -> None:
    address, bucket = S3Address(NAME, AT.rstrip("/")), opened(NAME)
    one, other = (Upload(bucket, address, line.first) for _ in range(2))
    for upload in (one, other):
        upload.files()
    one.seal()
    other.seal()
    assert objects(store, AT) == files(line.first)


def test_what_is_taken_away_meanwhile_is_told(store: Store, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = Upload(opened(NAME), S3Address(NAME, AT.rstrip("/")), line.first)
    upload.files()
    put = upload.bucket.put

    def taking(key: str, path: Path, sha256: str) -> str | None:
        store.client.delete_object(Bucket=NAME, Key=f"{AT}README.md")
        return put(key, path, sha256)

    monkeypatch.setattr(upload.bucket, "put", taking)
    with pytest.raises(RemoteError, match=r"others wrote there: .*README[.]md; it is damaged"):
        upload.seal()


def test_a_store_that_refuses_the_condition_is_written_to_without(store: Store, line: Line) -> None:
    store.fails({"status": 501, "code": "NotImplemented", "path": "README.md", "times": 1})
    uploaded(line)
    assert objects(store, AT) == files(line.first)


def test_trouble_that_passes_is_not_noticed(build: Run, store: Store) -> None:
    store.fails({"status": 503, "code": "SlowDown", "path": "README.md", "times": 1})
    build()
    assert MANIFEST in store.listed()


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "both"])
def test_no_credentials_are_told_in_words(name: str, build: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        if name in (each, "both"):
            monkeypatch.delenv(each)
    assert "there are no credentials for a store that speaks S3" in told(build(code=2))
    assert store.listed() == []


def test_a_bucket_that_is_not_there_is_told_in_words(build: Run, store: Store) -> None:
    assert "there is no bucket elsewhere" in told(build(out="s3://elsewhere/x", code=4))


@pytest.mark.parametrize("endpoint", ["http://user:HUSHHUSH@127.0.0.1:1", "nonsense"])
def test_a_store_that_is_not_there_is_told_in_words(
    endpoint: str, build: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    assert "AWS_" in told(build(code=4))


def test_a_line_for_this_machine_is_not_uploaded(run: Run, store: Store, corpus: Corpus) -> None:
    paths = ("--out", OUT, "--work", corpus.work)
    assert "vault is for this machine alone" in told(run("build", corpus.folder, "--version", "1.0.0", *paths, code=2))
    said = told(run("build", corpus.folder, "--version", "1.0.0", "--out", "s3://Bad_Name/x", *LINE, code=2))
    assert "expected a folder, or s3://BUCKET/KEY" in said
    assert store.listed() == []


def test_without_its_client_the_extra_is_named(build: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name}", name="boto3")

    monkeypatch.setattr("pressmark.stores.opened.import_module", missing)
    assert "pip install 'pressmark[s3]'" in told(build(code=2))


def test_what_lies_in_the_way_stops_an_upload_until_nobody_wrote_there_for_a_while(
    build: Run, run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(f"{AT}README.md", b"another card")
    store.write(f"{AT}data/train/older.parquet", b"rows")
    said = told(build(code=2))
    assert "another build is uploading to s3://news/releases/small/open/1.0.0" in said
    assert "with other bytes: README.md, data/train/older.parquet" in said
    assert store.read(f"{AT}README.md") == b"another card"
    assert MANIFEST not in store.listed()
    monkeypatch.setattr("pressmark.stores.upload.QUIET", timedelta(0))
    build()
    run("verify", RELEASE)


def test_what_was_added_to_a_release_is_told_and_stays(build: Run, store: Store) -> None:
    build()
    store.write(f"{AT}notes.txt", b"mine")
    assert "other bytes lie in it: notes.txt" in told(build(code=2))
    assert store.read(f"{AT}notes.txt") == b"mine"


@pytest.mark.parametrize("path", ["README.md", "data/train/"])
def test_a_damaged_release_is_found_and_not_continued(
    path: str, build: Run, run: Run, store: Store, corpus: Corpus
) -> None:
    build()
    key = next(each for each in store.listed(f"{AT}{path}"))
    store.write(key, store.read(key)[:-1] + b"?")
    done = run("verify", RELEASE, "--json", code=1)
    assert key.removeprefix(AT) in done.output
    shutil.rmtree(corpus.work)
    said = told(build("1.1.0", code=2))
    assert f"{key.removeprefix(AT)} is not what the manifest of its release says" in said
    assert "is not what the manifest" in told(run("diff", *[RELEASE] * 2, code=2))
    store.client.delete_object(Bucket=NAME, Key=key)
    assert f"lacks {key.removeprefix(AT)}" in told(build("1.1.0", code=2))


@pytest.mark.parametrize("key", ["../out", "a//b", "README.md/x", "x" * 300, "a\\b", "tab\tin"])
def test_keys_that_are_no_names_of_files_are_refused(key: str, run: Run, store: Store, line: Line) -> None:
    uploaded(line)
    store.write(f"{AT}{key}", b"")
    assert "which no release has" in told(run("verify", RELEASE, code=4))


def on_s3(corpus: Corpus, files: str, **more: str) -> None:
    head = (corpus.folder / "corpus.toml").read_text(encoding="utf-8").partition("[[input]]")[0]
    lines = [f"{key} = {value}" for key, value in {"format": '"jsonl"', "source": '"journal"', **more}.items()]
    corpus.write(
        "corpus.toml", "\n".join([head, "[[input]]", f'files = "{files}"', *lines, '[limits]\nrejected="100 %"'])
    )


def record(name: str, text: str) -> bytes:
    return json.dumps({"id": name, "text": text, "published_on": "2020-02-02"}).encode() + b"\n"


def test_inputs_are_what_the_bucket_has_when_they_are_fetched(run: Run, store: Store, corpus: Corpus) -> None:
    for name in ("a", "b", "a/c", "odd//name", "../up", "tab\tin", "except", ".hidden", "deep/.x/d", "marker/"):
        store.write(f"in/{name}", record(f"r{len(name)}-{name[0]}".replace(".", "o"), f"The text of {name!r}."))
    on_s3(corpus, f"s3://{NAME}/in/**", **{"except": f'["s3://{NAME}/in/exc*"]'})
    assert "not-fetched" in told(run("check", corpus.folder, code=1))
    first = json.loads(run("fetch", corpus.folder, "--json").stdout)["fetched"]
    expected = ["a", "a/c", "b", "marker/", "odd//name", "tab\tin"]
    assert first == [f"s3://{NAME}/in/{name}" for name in expected]
    assert run("fetch", corpus.folder).output == "everything is here\n"
    built = corpus.build(line="open")
    assert built.lines["open"].manifest["counts"]["published"] == len(expected)
    home = corpus.folder / "private" / "s3" / NAME
    assert len(list((home / "objects").iterdir())) == len(expected)
    store.write("in/b", record("r-b", "The text of b is another one."))
    store.client.delete_object(Bucket=NAME, Key="in/a/c")
    # Nothing is asked until somebody fetches.
    assert corpus.build(line="open").lines["open"].unchanged
    assert json.loads(run("fetch", corpus.folder, "--json").stdout)["fetched"] == [f"s3://{NAME}/in/b"]
    assert len(list((home / "objects").iterdir())) == len(expected) - 1
    # What was changed here is noticed.
    changed = next((home / "objects").iterdir())
    changed.chmod(0o600)
    changed.write_bytes(b"{}")
    assert "fetched-differs" in told(run("check", corpus.folder, code=2))


def test_a_list_of_captures_lies_in_the_bucket_too(run: Run, store: Store, corpus: Corpus, page: str) -> None:
    store.write("in/2024/p.txt", page.encode())
    store.write(
        "in/captures.jsonl", b'{"file": "2024/p.txt", "url": "https://paper.example/p"}\n{"file": "gone.txt"}\n'
    )
    more = {"format": '"page"', "source": '"paper"', "captures": f'"s3://{NAME}/in/captures.jsonl"'}
    on_s3(corpus, f"s3://{NAME}/in/**/*.txt", **more)
    run("fetch", corpus.folder)
    built = corpus.build(line="open")
    ledger = [json.loads(row) for row in built.ledger.read_text(encoding="utf-8").splitlines()]
    assert {row["file"]: row.get("code", "") for row in ledger} == {
        f"s3://{NAME}/in/2024/p.txt": "",
        f"s3://{NAME}/in/gone.txt": "missing-file",
    }
    assert next(row["id"] for row in ledger if "id" in row).startswith("paper:u-")


@pytest.mark.parametrize(
    ("files", "captures", "key"),
    [
        ("s3://news/../x", None, "input[0].files"),
        ("s3://news", None, "input[0].files"),
        ("s3://X/y", None, "input[0].files"),
        ("s3://news/*.jsonl", "captures.jsonl", "input[0].captures"),
        ("s3://news/*.jsonl", "s3://other/captures.jsonl", "input[0].captures"),
        ("records/*.jsonl", "s3://news/captures.jsonl", "input[0].captures"),
    ],
)
def test_addresses_in_recipes_are_looked_at(
    files: str, captures: str | None, key: str, run: Run, corpus: Corpus
) -> None:
    on_s3(corpus, files, **({"captures": f'"{captures}"'} if captures else {}))
    said = told(run("check", corpus.folder, "--json", code=2))
    assert "bad-value" in said
    assert key in said


def test_an_input_whose_connection_is_cut_is_read_again(run: Run, store: Store, corpus: Corpus) -> None:
    store.write("in/a.jsonl", record("a", "A text."))
    on_s3(corpus, f"s3://{NAME}/in/*.jsonl")
    store.fails({"method": "GET", "path": "in/a.jsonl", "status": "cut"})
    assert "or the connection was cut" in told(run("fetch", corpus.folder, code=4))
    assert [path.name for path in (corpus.folder / "private/s3").rglob("*") if path.is_file()] == []
    store.fails({"method": "GET", "path": "in/a.jsonl", "status": "cut", "times": 2})
    run("fetch", corpus.folder)
    corpus.build(line="open")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 412, "code": "PreconditionFailed"}, "it was changed or removed meanwhile"),
        ({"status": 404, "code": "NoSuchKey"}, "it was changed or removed meanwhile"),
        ({"status": 403, "code": "AccessDenied"}, "AccessDenied"),
        ({"status": 500, "code": "InternalError"}, "busy or broken"),
    ],
)
def test_an_input_that_is_not_given_is_told_in_words(
    fault: dict[str, Any], said: str, run: Run, store: Store, corpus: Corpus
) -> None:
    store.write("in/a.jsonl", record("a", "A text."))
    on_s3(corpus, f"s3://{NAME}/in/*.jsonl")
    store.fails({"method": "GET", "path": "in/a.jsonl", **fault})
    assert said in told(run("fetch", corpus.folder, code=4))
