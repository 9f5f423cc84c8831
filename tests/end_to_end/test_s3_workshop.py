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

import click
import pytest
from click.testing import CliRunner

from pressmark import BuildResult, build
from pressmark.cli import main
from pressmark.cli_options import errors_in_words
from pressmark.errors import OutputError, PressmarkError, RemoteError, SystemRefusedError, UsageError
from pressmark.press.manifest import digest_of
from pressmark.purging import purge
from pressmark.stored_pieces import belongs
from pressmark.stored_workshop import BEGUN
from pressmark.stores.bucket import Bucket
from pressmark.withdraw import plan_withdrawal, record_withdrawal
from s3_cases import NAME, Store, serving
from support import AS_OF, Corpus

WORK, OUT = f"s3://{NAME}/private/work", f"s3://{NAME}/releases"
AT = "private/work/small/"
CLOSED = {"rights": {"notice": "All rights reserved."}}
"""Of a record whose text is withheld."""

Note = Callable[[str, int, int], None]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with serving(tmp_path_factory.mktemp("s3")) as store:
        yield store


@pytest.fixture
def store(started: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with started.used(monkeypatch):
        yield started


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
    corpus.records({}, {"id": "r2", "text": "Another text, of another day.", **CLOSED})
    return lambda name: Machine(corpus, tmp_path / name)


def later(corpus: Corpus) -> None:
    corpus.records({"id": "n1", "text": "A text that came later."}, path="records/b.jsonl")


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def refuse_halves(store: Store, tmp_path: Path) -> int:
    """Look whether all that lies in the bucket is whole; return how many entries of caches there are."""
    pieces: dict[str, dict[str, bytes]] = {}
    for key in store.listed(AT):
        place, _, name = key.removeprefix(AT).rpartition("/")
        if place != "purged":
            pieces.setdefault(place, {})[name] = store.read(key)
    for place, found in pieces.items():
        digests = {}
        for name, data in found.items():
            (tmp_path / "object").write_bytes(data)
            digests[name] = digest_of(tmp_path / "object")
        assert digests.pop("entry.json") == place.rpartition("/")[2].rpartition("-")[2]
        assert belongs(found["entry.json"], digests)
    return len([place for place in pieces if not place.startswith("records/")])


def records(store: Store) -> set[str]:
    """Return the places of records in the bucket."""
    keys = [key.removeprefix(f"{AT}records/") for key in store.listed(f"{AT}records/")]
    return {key.rsplit("/", 2)[0] for key in keys}


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
    assert [each for each in told if each[0] == "upload workshop"] == [
        ("upload workshop", number, entries) for number in range(1, entries + 1)
    ]
    assert (first.again, first.parts) == (0, expected.parts)
    assert entries > first.parts
    again = two.build()
    assert again.again == again.parts == expected.parts > 0
    assert files(one.disk / "dist") == files(two.disk / "dist") == files(tmp_path / "local" / "dist")
    assert files(one.shop) == files(two.shop) | newest(one.shop)
    assert files(two.shop) == files(tmp_path / "folder" / "small")
    assert again.ledger.is_relative_to(two.shop)
    for place in (two.disk / ".s3", two.shop, *(path for path in two.shop.glob("*/*") if path.is_dir())):
        assert place.stat().st_mode & 0o777 == 0o700, place
    for place in (path for path in two.shop.glob("*/*/*") if path.is_file()):
        assert place.stat().st_mode & 0o777 == 0o600, place
    # Nothing changed, so nothing is written, and nothing that is here is brought again.
    store.fails()
    two.build()
    assert not [
        each for each in store.fails() if not each.startswith(("GET /news?", "GET /news", "HEAD")) or AT in each
    ]


def newest(shop: Path) -> dict[str, bytes]:
    """Return what says which entries the newest build used, which differs by how much was there."""
    return {name: data for name, data in files(shop).items() if name.endswith("newest.json")}


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
    one.build("1.1.0", **in_buckets)
    for version in ("1.0.0", "1.1.0"):
        assert files(one.shop / version) == files(two.shop / version) == files(tmp_path / "folder" / "small" / version)
    assert records(store) == {f"{v}/{each}" for v in ("1.0.0", "1.1.0") for each in ("ledger.jsonl", "closed/open")}
    refuse_halves(store, tmp_path)


def test_nothing_here_is_removed_because_the_bucket_has_it_not(machine: Machines, store: Store) -> None:
    one = machine("one")
    one.build()
    before = files(one.shop)
    store.empty()
    again = one.build()
    assert again.again == again.parts > 0
    assert files(one.shop) == before
    # The records were written again by that build, and what was read before is not uploaded again.
    assert records(store) == {"1.0.0/ledger.jsonl", "1.0.0/closed/open", "1.0.0/closed/vault"}
    assert not store.listed(f"{AT}cache/")


KILLED = """
import os, signal, sys
from pressmark import build

def told(stage, done, of):
    if stage == sys.argv[4]:
        os.kill(os.getpid(), signal.SIGKILL)

build(sys.argv[1], "1.0.0", out=sys.argv[2], work=sys.argv[5], copies=sys.argv[3], progress=told)
"""


@pytest.mark.parametrize("stage", ["write open", "upload workshop"])
def test_what_a_killed_build_read_is_lost_for_others_and_not_for_its_own_machine(
    stage: str, machine: Machines, store: Store, tmp_path: Path
) -> None:
    expected = machine("local").build(work=tmp_path / "folder")
    places = [machine("one").corpus.folder, tmp_path / "one" / "dist", tmp_path / "one", stage, WORK]
    killed = subprocess.run([sys.executable, "-c", KILLED, *map(str, places)], check=False, env={**os.environ})
    assert killed.returncode == -signal.SIGKILL
    assert bool(store.listed(AT)) is (stage == "upload workshop")
    gone_on = machine("two").build(out=tmp_path / "out")
    assert stage == "upload workshop" or not gone_on.again
    assert files(tmp_path / "out" / "small") == files(tmp_path / "local" / "dist" / "small")
    # Its own machine takes up what lies there, and uploads it as well.
    store.empty()
    shutil.rmtree(tmp_path / "one" / "dist")
    assert machine("one").build().again == expected.parts
    assert files(tmp_path / "one" / "dist") == files(tmp_path / "local" / "dist")
    assert machine("three").build().again == expected.parts
    refuse_halves(store, tmp_path)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143), PressmarkError("no")])
def test_what_a_stopped_build_read_another_machine_need_not_read(
    error: BaseException, machine: Machines, store: Store, tmp_path: Path
) -> None:
    def stop() -> None:
        raise error

    with pytest.raises(type(error)):
        machine("one").build(progress=at("compare", stop))
    assert refuse_halves(store, tmp_path) > 0
    assert not records(store)
    gone_on = machine("two").build()
    assert gone_on.again == gone_on.parts > 0


@pytest.mark.parametrize("where", ["cache/", "entry.json", "records/"])
def test_an_upload_that_fails_says_what_is_in_place_and_the_next_completes_it(
    where: str, machine: Machines, store: Store, tmp_path: Path
) -> None:
    one = machine("one")
    store.fails({"status": 503, "code": "SlowDown", "path": where, "skip": 2 * (where == "cache/")})
    with pytest.raises(RemoteError, match="SlowDown") as raised:
        one.build()
    assert f"{one.disk / 'dist/small/open/1.0.0'}" in raised.value.advice
    assert "in place and whole; run the same again" in raised.value.advice
    store.fails()
    one.build()
    assert refuse_halves(store, tmp_path) > 0
    other = machine("two").build()
    assert other.again == other.parts
    assert files(one.shop / "1.0.0") == files(machine("two").shop / "1.0.0")


@pytest.mark.parametrize(
    ("error", "code"),
    [(UsageError("no"), 2), (KeyboardInterrupt(), 130), (SystemExit(143), 143), (OSError(28, "full"), 2)],
)
def test_what_fails_beside_an_error_is_told_with_it(
    error: BaseException, code: int, machine: Machines, store: Store
) -> None:
    def stop() -> None:
        store.fails({"status": 503, "code": "SlowDown", "path": AT})
        raise error

    @errors_in_words
    def command() -> int:
        machine("one").build(progress=at("compare", stop))
        return 0

    done = CliRunner().invoke(click.command()(command))
    assert done.exit_code == code
    assert f"was not uploaded to s3://{NAME}/{AT[:-1]}: writing s3://" in done.output


def test_other_texts_that_a_version_does_not_show_are_told_and_stay(
    machine: Machines, store: Store, tmp_path: Path
) -> None:
    one, two = machine("one"), machine("two")
    two.build()
    there = {key: store.read(key) for key in store.listed(f"{AT}records/")}
    one.corpus.records({"id": "n2", "text": "A text of another machine.", **CLOSED}, path="records/c.jsonl")
    shutil.rmtree(two.disk)
    with pytest.raises(OutputError, match=r"1\.0\.0/closed/open is there already and differs") as raised:
        two.build()
    assert f"{two.disk / 'dist/small/open/1.0.0'}" in raised.value.advice
    assert there.items() <= {key: store.read(key) for key in store.listed(f"{AT}records/")}.items()
    assert records(store) == {"1.0.0/ledger.jsonl", "1.0.0/closed/open", "1.0.0/closed/vault"}
    refuse_halves(store, tmp_path)
    # It is no matter of the next version.
    later(one.corpus)
    two.build("1.1.0")
    assert "1.1.0/ledger.jsonl" in records(store)


@pytest.mark.parametrize("then", ["auto", "1.1.0"])
def test_what_a_version_does_not_show_is_uploaded_by_whatever_build_comes_next(
    then: str, machine: Machines, store: Store
) -> None:
    one = machine("one")
    store.fails({"status": 503, "code": "SlowDown", "path": "records/"})
    with pytest.raises(RemoteError, match="SlowDown"):
        one.build("auto")
    assert records(store) == set()
    store.fails()
    if then != "auto":
        later(one.corpus)
    one.build(then)
    assert {"1.0.0/ledger.jsonl", "1.0.0/closed/open", "1.0.0/closed/vault"} <= records(store)


def test_a_build_that_changes_nothing_keeps_its_ledger_too(machine: Machines, store: Store) -> None:
    one = machine("one")
    one.build("auto")
    one.corpus.records({"id": "n1", "text": ""}, path="records/b.jsonl")
    for _ in range(2):
        assert all(line.unchanged for line in one.build("auto").lines.values())
    two = machine("two")
    shutil.copytree(one.disk / "dist", two.disk / "dist")
    two.build("auto")
    assert (two.shop / "1.0.0/ledger.jsonl").read_bytes() == (one.shop / "1.0.0/ledger.jsonl").read_bytes()


@pytest.mark.parametrize("order", [("open", "vault", "vault"), ("vault", "open", "vault")])
def test_lines_may_be_built_one_after_the_other(order: tuple[str, ...], machine: Machines, store: Store) -> None:
    one = machine("one")
    for number, line in enumerate(order):
        one.build(line=line, out=one.disk / f"dist-{number}")
    assert records(store) == {"1.0.0/ledger.jsonl", "1.0.0/closed/open", "1.0.0/closed/vault"}
    two = machine("two")
    two.build("1.1.0")
    assert files(two.shop / "1.0.0") == files(one.shop / "1.0.0")


def test_what_a_killed_build_left_of_an_entry_is_in_nobodys_way(machine: Machines, store: Store) -> None:
    one = machine("one")
    one.build()
    left = next(each.parent for each in (one.shop / "cache").glob("*/entry.json"))
    (left / "entry.json").unlink()
    later(one.corpus)
    assert one.build("1.1.0").again > 0
    assert (left / "entry.json").is_file()


def test_a_copy_among_releases_is_refused(machine: Machines) -> None:
    one = machine("one")
    with pytest.raises(UsageError, match="the private workshop in"):
        one.build(copies=one.disk / "dist")


@pytest.mark.parametrize("faults", [[], [{"method": "none", "status": 0, "deaf": True}]])
def test_of_two_builds_that_end_together_nothing_is_lost_and_the_later_is_told(
    faults: list[dict[str, Any]], machine: Machines, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one, two = machine("one"), machine("two")
    store.fails(*faults)
    put, begun = Bucket.put, list[str]()

    def putting(self: Bucket, key: str, path: Path, sha256: str) -> str | None:
        if "/records/" in key and not begun:
            begun.append(key)
            one.corpus.records({"id": "n2", "text": "A text of another machine.", **CLOSED}, path="records/c.jsonl")
            two.build()
        return put(self, key, path, sha256)

    monkeypatch.setattr(Bucket, "put", putting)
    with pytest.raises(OutputError, match="is there already and differs"):
        one.build()
    for place in ("ledger.jsonl", "closed/open"):
        notes = [key for key in store.listed(f"{AT}records/1.0.0/{place}/") if key.endswith("entry.json")]
        assert len(notes) == 2
    refuse_halves(store, tmp_path)
    # Of texts that are not shown what was there first counts, of ledgers the last; of one turn and second it is either.
    three = machine("three")
    three.build("2.0.0")
    assert files(three.shop / "1.0.0/closed") == files(two.shop / "1.0.0/closed") != files(one.shop / "1.0.0/closed")
    ledgers = [(each.shop / "1.0.0/ledger.jsonl").read_bytes() for each in (one, two, three)]
    assert ledgers[2] in ledgers[:2]


def test_a_lost_answer_is_no_other_build(machine: Machines, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put = Bucket.put

    def lost(self: Bucket, key: str, path: Path, sha256: str) -> str | None:
        put(self, key, path, sha256)
        return put(self, key, path, sha256)  # as the client does where no answer comes

    monkeypatch.setattr(Bucket, "put", lost)
    machine("one").build()
    other = machine("two").build()
    assert other.again == other.parts > 0


def test_what_is_damaged_in_the_bucket_is_not_used(machine: Machines, store: Store) -> None:
    one = machine("one")
    one.build()
    key = next(each for each in store.listed(f"{AT}cache/") if each.endswith("/arrow"))
    whole = store.read(key)
    store.write(key, b"x" + whole[1:])
    found = machine("two").build()
    assert found.again == found.parts - 1
    assert store.read(key) != whole
    # So it stays until somebody clears it.
    run("cache", one.corpus.folder, "--work", WORK, "--copies", machine("two").disk, "--clear")
    shutil.rmtree(machine("two").disk)
    machine("two").build()
    assert store.read(key) == whole
    record = next(each for each in store.listed(f"{AT}records/") if each.endswith("/ledger.jsonl"))
    store.write(record, b"{}")
    with pytest.raises(RemoteError, match="is not what was uploaded there") as raised:
        machine("three").build()
    assert "remove it by hand" in raised.value.advice
    (one.shop / BEGUN).write_bytes(b"\xff{")
    one.build()


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(main, [str(each) for each in arguments])
    assert done.exit_code == code, (done.output, done.exception)
    assert "HUSHHUSH" not in done.output
    return " ".join(done.output.split())


def test_the_cache_is_trimmed_and_cleared_in_the_bucket_as_well(
    machine: Machines, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, paths = machine("one"), ("--work", WORK, "--copies", machine("one").disk)
    folder = one.corpus.folder
    one.build()
    before = store.listed(AT)
    half, idle = f"{AT}cache/{'0' * 64}/{'1' * 64}/arrow", f"{AT}shards/{'0' * 64}/{'1' * 64}/entry.json"
    store.write(half, b"half")
    store.write(idle, b"{}")
    store.fails()
    told = json.loads(run("cache", folder, *paths, "--json"))
    assert told["idle"] == 0
    assert told["bucket"]["entries"] == told["parts"] + told["notes"] + 2
    assert {each.split()[0] for each in store.fails()} == {"GET"}
    # What may be on its way stays, and elsewhere nothing tells what is used.
    run("cache", folder, *paths, "--trim")
    elsewhere = ("--work", WORK, "--copies", machine("two").disk)
    monkeypatch.setattr("pressmark.stored_names.QUIET", timedelta(seconds=-5))
    assert "nothing was removed" in run("cache", folder, *elsewhere, "--trim", code=2)
    assert store.listed(AT) == sorted([*before, half, idle])
    run("cache", folder, *paths, "--trim")
    assert store.listed(AT) == before
    one.build(cache=False)
    assert store.listed(AT) == before
    run("cache", folder, *elsewhere, "--clear")
    assert not store.listed(f"{AT}cache/") + store.listed(f"{AT}shards/")
    assert records(store)
    assert not one.build().again
    assert store.listed(f"{AT}cache/")


def withdrawn(one: Machine) -> None:
    """Withdraw a text that a first version had, and build the next one."""
    folder, out = one.corpus.folder, one.disk / "dist"
    record_withdrawal(plan_withdrawal(folder, ["journal:r3"], reason="privacy", ref="1", on=AS_OF, out=out))
    (folder / "records" / "c.jsonl").unlink()


SECRET = b"A text that somebody asks to have taken back."


def private(store: Store) -> list[str]:
    """Return which objects hold the text or its id."""
    return [key for key in store.listed(AT) if SECRET in (data := store.read(key)) or b"journal:r3" in data]


@pytest.fixture
def secret(machine: Machines) -> Machine:
    one = machine("one")
    one.corpus.records({"id": "r3", "text": SECRET.decode()}, path="records/c.jsonl")
    one.build()
    return one


def test_what_is_purged_here_is_gone_from_the_bucket_and_does_not_come_back(
    secret: Machine, machine: Machines, store: Store
) -> None:
    two, folder, out = machine("two"), secret.corpus.folder, secret.disk / "dist"
    two.build()
    assert {key.removeprefix(AT).split("/")[0] for key in private(store)} == {"cache", "shards", "records"}
    withdrawn(secret)
    secret.build("2.0.0")
    store.fails({"method": "DELETE", "status": 403, "code": "AccessDenied", "path": AT})
    with pytest.raises(RemoteError):
        purge(folder, out=out, work=WORK, copies=secret.disk)
    store.fails()
    paths = ("--out", out, "--work", WORK, "--copies", secret.disk)
    removed = json.loads(run("withdraw", folder, "--purge", "--yes", *paths, "--json"))["removed"]
    assert str(secret.shop / "1.0.0") in removed
    assert {each for each in removed if each.startswith("s3:")} == {
        f"s3://{NAME}/{AT}{each}" for each in ("cache", "shards", "records/1.0.0")
    }
    assert records(store) == {"2.0.0/ledger.jsonl", "2.0.0/closed/open", "2.0.0/closed/vault"}
    assert not private(store) + store.listed(f"{AT}cache/") + store.listed(f"{AT}shards/")
    # A copy on another machine has it still, and does not bring it back.
    shutil.rmtree(two.disk / "dist")
    shutil.copytree(out, two.disk / "dist")
    later(secret.corpus)
    two.build("3.0.0")
    assert (two.shop / "1.0.0").exists()
    assert not private(store)
    assert "3.0.0/ledger.jsonl" in records(store)


@pytest.mark.parametrize("moment", ["compare", "upload workshop"])
def test_a_build_that_runs_while_it_is_purged_uploads_nothing(
    moment: str, secret: Machine, machine: Machines, store: Store
) -> None:
    two, folder, out = machine("two"), secret.corpus.folder, secret.disk / "dist"

    def purged() -> None:
        withdrawn(secret)
        secret.build("2.0.0")
        purge(folder, out=out, work=WORK, copies=secret.disk)

    later(secret.corpus)
    with pytest.raises(OutputError, match="was purged of what is withdrawn while this build was at work") as raised:
        two.build("1.1.0", progress=at(moment, purged))
    assert str(two.disk / "dist/small/open/1.1.0") in raised.value.advice
    assert not private(store)
    assert {place.split("/")[0] for place in records(store)} == {"2.0.0"}
    shutil.rmtree(two.disk / "dist")
    shutil.copytree(out, two.disk / "dist")
    secret.corpus.records({"id": "n3", "text": "A text that came last."}, path="records/d.jsonl")
    two.build("3.0.0")
    assert not private(store)
    assert "3.0.0/ledger.jsonl" in records(store)


def test_what_an_earlier_build_could_not_upload_is_not_uploaded_after_a_purge(
    secret: Machine, machine: Machines, store: Store
) -> None:
    two, folder, out = machine("two"), secret.corpus.folder, secret.disk / "dist"
    run("cache", folder, "--work", WORK, "--copies", two.disk, "--clear")
    store.fails({"status": 503, "code": "SlowDown", "path": "cache/"})
    with pytest.raises(RemoteError):
        two.build()
    store.fails()
    withdrawn(secret)
    secret.build("2.0.0")
    purge(folder, out=out, work=WORK, copies=secret.disk)

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as raised:  # before it removes here what it had no use for
        two.build("1.1.0", progress=at("compare", stop))
    assert not getattr(raised.value, "__notes__", ())
    assert not private(store)


def test_a_purge_that_cannot_see_the_releases_is_refused(secret: Machine, store: Store, tmp_path: Path) -> None:
    withdrawn(secret)
    before, here = store.listed(), files(secret.shop)
    for out in (OUT, tmp_path / "elsewhere"):
        with pytest.raises(UsageError, match="nothing was removed"):
            purge(secret.corpus.folder, out=out, work=WORK, copies=secret.disk)
    assert (store.listed(), files(secret.shop)) == (before, here)


def test_commands_that_take_no_bucket_say_so_at_once(machine: Machines, store: Store, tmp_path: Path) -> None:
    folder, id_ = machine("one").corpus.folder, "journal:r1"
    store.fails()
    for arguments in (
        ("publish", tmp_path, "org/name", "--work", WORK),
        ("takedown", "apply", folder, id_, "--work", WORK),
        ("takedown", "plan", folder, id_, "--out", OUT),
        ("verify", tmp_path, "--rights", f"{WORK}/small"),
        ("withdraw", folder, "--purge", "--yes", "--out", OUT, "--work", WORK),
    ):
        assert "expected a folder" in run(*arguments, code=2)
    assert not store.fails()


def test_trouble_is_told_in_words_before_anything_is_built(
    machine: Machines, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = machine("one")
    arguments = ["build", one.corpus.folder, "--version", "1.0.0", "--out", one.disk / "dist", "--copies", one.disk]
    assert "expected a folder, or s3://BUCKET/KEY" in run(*arguments, "--work", "s3://Bad_Name/x", code=2)
    assert "there is no bucket elsewhere" in run(*arguments, "--work", "s3://elsewhere/x", code=4)
    for out, work in ((OUT, OUT), (OUT, f"{OUT}/private"), (f"{OUT}/x", OUT), (OUT, f"s3://{NAME}")):
        same = [*arguments, "--work", work]
        same[same.index("--out") + 1] = out
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


def test_what_the_system_refuses_at_the_end_says_what_is_in_place(
    machine: Machines, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = machine("one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pressmark.stored_pieces.NamedTemporaryFile", full)
    with pytest.raises(SystemRefusedError, match="No space left") as raised:
        one.build(line="open", out=OUT)
    assert f"{OUT}/small/open/1.0.0: in place and whole; run the same again" in raised.value.advice
    assert "nothing was released" not in raised.value.advice
