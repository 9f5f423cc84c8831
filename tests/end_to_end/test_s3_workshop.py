"""A workshop in a bucket: another machine goes on where one ended, and of two builds at once nothing is lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pressmark import BuildResult, build
from pressmark.cache import belongs
from pressmark.cli import main
from pressmark.errors import OutputError, PressmarkError, RemoteError, UsageError
from pressmark.press.manifest import digest_of
from pressmark.purging import purge
from pressmark.stores.bucket import Bucket
from pressmark.withdraw import plan_withdrawal, record_withdrawal
from s3_cases import NAME, Store, serving
from support import AS_OF, Corpus

WORK, OUT = f"s3://{NAME}/private/work", f"s3://{NAME}/releases"
AT = "private/work/small/"
CONFLICT = "another build wrote to the workshop"

Note = Callable[[str, int, int], None]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with serving(tmp_path_factory.mktemp("s3")) as store:
        yield store


@pytest.fixture
def store(started: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    for name, value in started.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr("time.sleep", lambda _: None)  # between attempts
    yield started
    started.empty()


@dataclass
class Machine:
    """One whose disk has nothing but the corpus folder, until it builds."""

    corpus: Corpus
    disk: Path

    def build(self, version: str = "1.0.0", **options: Any) -> BuildResult:
        chosen = {"out": self.disk / "dist", "work": WORK, "copies": self.disk, "as_of": AS_OF, **options}
        return build(self.corpus.folder, version, **chosen)

    @property
    def shop(self) -> Path:
        return self.disk / ".s3" / NAME / AT


Machines = Callable[[str], Machine]


@pytest.fixture
def machine(store: Store, corpus: Corpus, tmp_path: Path) -> Machines:
    """Return what gives machines by their names. The corpus has a text that is withheld."""
    corpus.records({}, {"id": "r2", "text": "Another text, of another day.", "published_on": "2021-03-04"})
    return lambda name: Machine(corpus, tmp_path / name)


def later(corpus: Corpus) -> None:
    corpus.records({"id": "n1", "text": "A text that came later."}, path="records/b.jsonl")


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def refuse_halves(store: Store, tmp_path: Path) -> int:
    """Look whether all entries in the bucket are whole, and all records there; return how many entries there are."""
    entries: dict[str, dict[str, bytes]] = {}
    for key in store.listed(AT):
        place, _, name = key.removeprefix(AT).rpartition("/")
        if place.startswith(("cache", "shards")):
            entries.setdefault(place, {})[name] = store.read(key)
    for found in entries.values():
        digests = {}
        for name, data in found.items():
            (tmp_path / "object").write_bytes(data)
            digests[name] = digest_of(tmp_path / "object")
        del digests["entry.json"]
        assert belongs(found["entry.json"], digests)
    for key in store.listed(f"{AT}state/"):
        for sha256 in json.loads(store.read(key))["records"].values():
            assert f"{AT}records/{sha256}" in store.listed(AT)
    return len(entries)


def at(stage: str, act: Callable[[], object]) -> Note:
    """Return what does something once, when a build comes to a stage."""
    done: list[object] = []

    def told(name: str, *_: int) -> None:
        if name == stage and not done:
            done.append(1)
            act()

    return told


def test_an_empty_machine_reads_nothing_again_and_gives_the_same_bytes(
    machine: Machines, store: Store, tmp_path: Path
) -> None:
    expected = machine("local").build(work=tmp_path / "folder")
    one, two, told = machine("one"), machine("two"), list[tuple[str, int, int]]()
    first = one.build(progress=lambda *each: told.append(each))
    entries = refuse_halves(store, tmp_path)
    assert sorted(each for each in told if each[0] == "upload workshop") == [
        ("upload workshop", number, entries) for number in range(1, entries + 1)
    ]
    assert (first.again, first.parts) == (0, expected.parts)
    assert entries > first.parts
    assert one.shop.stat().st_mode & 0o777 == one.disk.joinpath(".s3").stat().st_mode & 0o777 == 0o700
    again = two.build()
    assert again.again == again.parts == expected.parts > 0
    assert files(one.disk / "dist") == files(two.disk / "dist") == files(tmp_path / "local" / "dist")
    assert files(one.shop) == files(two.shop) == files(tmp_path / "folder" / "small")
    assert again.ledger.is_relative_to(two.shop)
    # Nothing changed, so nothing is written, and nothing that is here is brought again.
    store.fails()
    two.build()
    asked = store.fails()
    assert not [each for each in asked if each.startswith(("PUT", "DELETE"))]
    read = [each.partition("/small/")[2] for each in asked if each.startswith("GET") and "/small/" in each]
    assert [each.split("/")[0] for each in read] == ["state", "state"]


def test_the_next_version_is_built_on_whichever_machine(machine: Machines, store: Store, tmp_path: Path) -> None:
    local, one, two = (machine(name) for name in ("local", "one", "two"))
    on_disk: dict[str, Any] = {"work": tmp_path / "folder", "line": "open"}
    in_buckets = {"out": OUT, "line": "open"}
    local.build(**on_disk)
    one.build(**in_buckets)
    later(one.corpus)
    local.build("1.1.0", **on_disk)
    second = two.build("1.1.0", **in_buckets)
    assert (second.again, second.parts) == (second.parts - 1, second.parts)
    released = {key.removeprefix("releases/"): store.read(key) for key in store.listed("releases/")}
    assert {key: data for key, data in released.items() if "/." not in key} == files(tmp_path / "local" / "dist")
    # The first machine has the records of the second one, and not what that had no use for any more.
    one.build("1.1.0", **in_buckets)
    assert files(one.shop) == files(two.shop) == files(tmp_path / "folder" / "small")
    refuse_halves(store, tmp_path)
    assert len(store.listed(f"{AT}state/")) == 1


KILLED = """
import os, signal, sys
import pressmark.stored_workshop
from pressmark import build
pressmark.stored_workshop.SECONDS = 0.0

def told(stage, done, of):
    if stage == sys.argv[4]:
        os.kill(os.getpid(), signal.SIGKILL)

build(sys.argv[1], "1.0.0", out=sys.argv[2], work=sys.argv[5], copies=sys.argv[3], progress=told)
"""


@pytest.mark.parametrize("stage", ["compare", "write open"])
def test_what_a_killed_build_read_another_machine_need_not_read(
    stage: str, machine: Machines, store: Store, tmp_path: Path
) -> None:
    expected = machine("local").build(work=tmp_path / "folder")
    places = [machine("one").corpus.folder, tmp_path / "one" / "dist", tmp_path / "one", stage, WORK]
    killed = subprocess.run([sys.executable, "-c", KILLED, *map(str, places)], check=False, env={**os.environ})
    assert killed.returncode == -signal.SIGKILL
    refuse_halves(store, tmp_path)
    gone_on = machine("two").build()
    assert gone_on.again == gone_on.parts == expected.parts
    assert files(tmp_path / "two" / "dist") == files(tmp_path / "local" / "dist")
    # What lies on the disk of the first is taken up as well.
    assert machine("one").build().again == expected.parts
    assert files(tmp_path / "one" / "dist") == files(tmp_path / "local" / "dist")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143), PressmarkError("no")])
def test_what_a_stopped_build_read_another_machine_need_not_read(
    error: BaseException, machine: Machines, store: Store, tmp_path: Path
) -> None:
    def stop() -> None:
        raise error

    with pytest.raises(type(error)):
        machine("one").build(progress=at("compare", stop))
    assert refuse_halves(store, tmp_path) > 0
    assert not store.listed(f"{AT}state/")
    gone_on = machine("two").build()
    assert gone_on.again == gone_on.parts > 0


@pytest.mark.parametrize("where", ["cache/", "entry.json", "records/", "state/"])
def test_an_upload_that_fails_leaves_nothing_half_and_the_next_completes_it(
    where: str, machine: Machines, store: Store, tmp_path: Path
) -> None:
    store.fails({"status": 503, "code": "SlowDown", "path": where, "skip": 2 * (where == "cache/")})
    with pytest.raises(RemoteError, match="SlowDown"):
        machine("one").build()
    store.fails()
    kept = {key for key in store.listed(AT) if key.endswith("entry.json")}
    other = machine("two").build()
    assert bool(other.again) is (where in ("records/", "state/"))
    assert refuse_halves(store, tmp_path) >= len(kept)
    third = machine("one").build()
    assert third.again == third.parts
    assert files(machine("one").shop) == files(machine("two").shop)


def test_what_fails_beside_an_error_is_told_with_it(machine: Machines, store: Store) -> None:
    def stop() -> None:
        store.fails({"status": 503, "code": "SlowDown", "path": AT})
        raise UsageError("no", advice="do something else")

    with pytest.raises(UsageError, match="no") as raised:
        machine("one").build(progress=at("compare", stop))
    assert "do something else; what was kept of it was not uploaded: writing s3://" in raised.value.advice


def test_of_two_builds_at_once_one_is_refused_and_nothing_is_lost(
    machine: Machines, store: Store, tmp_path: Path
) -> None:
    one, two = machine("one"), machine("two")
    one.build("0.9.0")

    def meanwhile() -> None:
        shutil.copytree(tmp_path / "one" / "dist", tmp_path / "two" / "dist")
        two.build("1.1.0")

    with pytest.raises(OutputError, match=CONFLICT) as raised:
        one.build("1.0.0", progress=at("compare", meanwhile))
    assert str(one.shop) in raised.value.advice
    assert (one.disk / "dist/small/open/1.0.0/manifest.json").is_file()
    state = json.loads(store.read(store.listed(f"{AT}state/")[0]))["records"]
    assert {path.split("/")[0] for path in state} - {"cache", "shards"} == {"0.9.0", "1.1.0"}
    refuse_halves(store, tmp_path)
    one.build("1.0.0")
    assert {"0.9.0", "1.0.0", "1.1.0"} <= {path.name for path in one.shop.iterdir()}
    two.build("1.1.0")
    assert files(one.shop) == files(two.shop)


@pytest.mark.parametrize("condition", ["known", "unknown"])
def test_two_builds_that_end_at_the_same_moment_are_told_apart(
    condition: str, machine: Machines, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = machine("one"), machine("two")
    put, begun = Bucket.put, list[str]()

    def putting(self: Bucket, key: str, path: Path, sha256: str) -> str | None:
        if "/state/" not in key or begun:
            return put(self, key, path, sha256)
        begun.append(key)
        if condition == "known":
            two.build("2.0.0")
            return put(self, key, path, sha256)
        mark = put(self, key, path, sha256)
        store.write(key, path.read_bytes() + b" ")  # as another build may where the store lets it
        return mark

    monkeypatch.setattr(Bucket, "put", putting)
    with pytest.raises(OutputError, match=CONFLICT):
        one.build()
    assert len(store.listed(f"{AT}state/")) == 1


def test_records_of_one_version_that_were_changed_in_two_places_are_refused(
    machine: Machines, store: Store, tmp_path: Path
) -> None:
    one, two = machine("one"), machine("two")
    one.build()
    store.fails({"status": 503, "code": "SlowDown", "path": "/state/"})
    later(one.corpus)
    with pytest.raises(RemoteError):
        one.build("1.1.0")
    store.fails()
    (one.corpus.folder / "records" / "b.jsonl").unlink()
    one.corpus.records({"id": "n2", "text": "A text of another machine."}, path="records/c.jsonl")
    two.build("1.1.0")
    mine = (one.shop / "1.1.0" / "ledger.jsonl").read_bytes()
    with pytest.raises(OutputError, match=r"kept of 1\.1\.0 in .* was changed in both") as raised:
        one.build("1.2.0")
    assert (one.shop / "1.1.0" / "ledger.jsonl").read_bytes() == mine
    assert f"move {one.shop / '1.1.0'} away" in raised.value.advice
    (one.shop / "1.1.0").rename(tmp_path / "aside")
    shutil.rmtree(one.disk / "dist")
    one.build("1.2.0")
    assert (one.shop / "1.1.0" / "ledger.jsonl").read_bytes() == (two.shop / "1.1.0" / "ledger.jsonl").read_bytes()


def test_what_is_damaged_in_the_bucket_is_read_again_or_told(machine: Machines, store: Store, tmp_path: Path) -> None:
    one = machine("one")
    one.build()
    key = next(each for each in store.listed(f"{AT}cache/") if each.endswith("/arrow"))
    store.write(key, b"x" + store.read(key)[1:])
    found = machine("two").build()
    assert found.again == found.parts - 1
    assert refuse_halves(store, tmp_path)
    state = json.loads(store.read(store.listed(f"{AT}state/")[0]))["records"]
    record = f"{AT}records/{state['1.0.0/ledger.jsonl']}"
    store.write(record, b"{}")
    with pytest.raises(RemoteError, match="is not there as it was uploaded") as raised:
        machine("three").build()
    assert f"remove s3://{NAME}/{record}" in raised.value.advice
    store.client.delete_object(Bucket=NAME, Key=record)
    one.build()
    machine("three").build()
    store.write(store.listed(f"{AT}state/")[0], b'{"format": 1, "records": {"../up": "0"}}')
    with pytest.raises(RemoteError, match="does not say what the workshop has"):
        machine("four").build()


def test_what_uploads_left_is_removed_once_nobody_wrote_there_for_a_while(
    machine: Machines, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = f"{AT}cache/{'0' * 64}/{'1' * 64}/arrow"
    store.write(left, b"half")
    machine("one").build()
    assert left in store.listed()
    monkeypatch.setattr("pressmark.stored_entries.QUIET", timedelta(seconds=-1))
    machine("one").build()
    assert left not in store.listed()


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(main, [str(each) for each in arguments])
    assert done.exit_code == code, (done.output, done.exception)
    assert "HUSHHUSH" not in done.output
    return " ".join(done.output.split())


def test_the_cache_is_trimmed_and_cleared_in_the_bucket_as_well(machine: Machines, store: Store) -> None:
    one, paths = machine("one"), ("--work", WORK, "--copies", machine("one").disk)
    one.build()
    assert json.loads(run("cache", one.corpus.folder, *paths, "--json"))["idle"] == 0
    # On an empty machine it is known as well which entries a build used.
    elsewhere = ("--work", WORK, "--copies", machine("two").disk)
    before = store.listed(f"{AT}cache/")
    run("cache", one.corpus.folder, *elsewhere, "--trim")
    assert store.listed(f"{AT}cache/") == before
    run("cache", one.corpus.folder, *elsewhere, "--clear")
    assert not store.listed(f"{AT}cache/") + store.listed(f"{AT}shards/")
    assert not one.build().again
    assert store.listed(f"{AT}cache/")
    one.build(cache=False)
    assert not store.listed(f"{AT}cache/")


def test_what_is_purged_here_is_gone_from_the_bucket_and_from_other_copies(
    machine: Machines, store: Store, tmp_path: Path
) -> None:
    one, two = machine("one"), machine("two")
    one.corpus.records({"id": "r3", "text": "A text that somebody asks to have taken back."}, path="records/c.jsonl")
    one.build()
    two.build()
    folder, out = one.corpus.folder, one.disk / "dist"
    record_withdrawal(plan_withdrawal(folder, ["journal:r3"], reason="privacy", ref="1", on=AS_OF, out=out))
    (folder / "records" / "c.jsonl").unlink()
    one.build("2.0.0")
    removed = purge(folder, out=out, work=WORK, copies=one.disk)
    assert one.shop / "1.0.0" in removed
    state = json.loads(store.read(store.listed(f"{AT}state/")[0]))["records"]
    assert {path.split("/")[0] for path in state} == {"2.0.0"}
    assert not store.listed(f"{AT}cache/")
    assert len(store.listed(f"{AT}records/")) == len(set(state.values()))
    (tmp_path / "two" / "dist").rename(tmp_path / "gone")
    shutil.copytree(out, two.disk / "dist")
    two.build("auto")
    assert not (two.shop / "1.0.0").exists()
    assert {path.split("/")[0] for path in files(two.shop)} == {"2.0.0", "cache", "shards"}


def test_trouble_is_told_in_words_before_anything_is_built(
    machine: Machines, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = machine("one")
    arguments = ["build", one.corpus.folder, "--version", "1.0.0", "--out", one.disk / "dist", "--copies", one.disk]
    assert "expected a folder, or s3://BUCKET/KEY" in run(*arguments, "--work", "s3://Bad_Name/x", code=2)
    assert "there is no bucket elsewhere" in run(*arguments, "--work", "s3://elsewhere/x", code=4)
    same = [*arguments, "--work", OUT]
    same[same.index("--out") + 1] = OUT
    assert "the workshop never" in run(*same, "--line", "open", code=2)
    store.fails({"method": "GET", "status": 403, "code": "AccessDenied"})
    assert "look at whose credentials are set" in run(*arguments, "--work", WORK, code=4)
    store.fails()
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "there are no credentials" in run(*arguments, "--work", WORK, code=2)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "HUSHHUSH")
    assert not list(one.disk.rglob("manifest.json"))
    assert store.listed() == []
    run(*arguments, "--work", WORK)
    assert store.listed(AT)
