"""Publishing a release: what is refused before anything is sent, what comes about, and what a second run does."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from conftest import Run
from hub_cases import REPO, WAITS, Line, published, remote, sent_twice, states_that_must_not_be
from hub_client import patient_client
from pressmark import verify
from pressmark.errors import ForeignHeadError, GateRefusedError, NotReadyError, RemoteError, UsageError
from pressmark.hub import commit
from pressmark.hub.fetch import at_hand
from pressmark.hub.local.faults import Fault
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving
from pressmark.hub.publish import publish, publish_ready
from pressmark.hub.quick import verify_quickly
from pressmark.hub.ready import make_ready
from pressmark.hub.remote import Remote
from pressmark.press.manifest import digest_of
from support import AS_OF, Corpus


@pytest.fixture(params=["lfs", "xet"])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalHub]:
    with serving(tmp_path / "hub", keep_log=True) as found, patient_client(xet=request.param == "xet"):
        yield found


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[LocalHub]:
    with serving(tmp_path / "hub", keep_log=True) as found, patient_client(xet=False):
        yield found


def api(hub: LocalHub) -> HfApi:
    return HfApi(endpoint=hub.endpoint, token=hub.token())


def put_out(hub: LocalHub, folder: Path, work: Path | None, **options: Any) -> Any:
    chosen = {"today": AS_OF, "endpoint": hub.endpoint, "token": hub.token(), "waits": WAITS, **options}
    return publish(folder, REPO, work=work, **chosen)


def destined(corpus: Corpus, destination: str) -> Path:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('destination = "public"', f'destination = "{destination}"', 1))
    return corpus.build("1.0.0").lines["open"].folder


def test_versions_become_one_commit_and_one_tag_each(hub: LocalHub, line: Line) -> None:
    first, second = line.ready(), line.ready(2)
    made = [published(hub, first), published(hub, second)]
    assert [each.already for each in made] == [False, False]
    assert states_that_must_not_be(hub, first, second) == []
    refs = api(hub).list_repo_refs(REPO, repo_type="dataset")
    assert {tag.name: tag.target_commit for tag in refs.tags} == {"v1.0.0": made[0].commit, "v2.0.0": made[1].commit}
    titles = [each.title for each in api(hub).list_repo_commits(REPO, repo_type="dataset")]
    assert titles == ["v2.0.0", "v1.0.0", "initial commit"]
    assert not api(hub).file_exists(REPO, "departures.jsonl", repo_type="dataset", revision="v1.0.0")


def test_a_second_run_sends_nothing(hub: LocalHub, line: Line) -> None:
    published(hub, line.ready())
    before = len(hub.log)
    again = published(hub, line.ready())
    assert (again.already, again.sent) == (True, 0)
    assert {entry.method for entry in hub.log[before:]} == {"GET"}
    assert sent_twice(hub) == []


def test_only_what_differs_from_the_version_before_is_sent(plain: LocalHub, line: Line) -> None:
    published(plain, line.ready())
    before = len(plain.log)
    published(plain, line.ready(2))
    sent = [entry for entry in plain.log[before:] if entry.method == "PUT" and entry.at_cdn]
    first, second = (json.loads((folder / "manifest.json").read_bytes()) for folder in (line.first, line.second))
    known = {entry["sha256"] for entry in first["files"]}
    new = {e["sha256"] for e in second["files"] if e["path"].endswith(".parquet") and e["sha256"] not in known}
    assert len(sent) == len(new)


@pytest.mark.parametrize("hub", ["xet"], indirect=True)
def test_what_the_clients_store_has_is_not_stored_again(hub: LocalHub, line: Line) -> None:
    def stored() -> dict[str, tuple[int, int]]:
        places = (hub.store.folder / "xet").rglob("xorbs/default.*")
        return {place.name: (place.stat().st_size, place.stat().st_mtime_ns) for place in places}

    hub.faults.plan(Fault("503", method="POST", path=".*/commit/main", times=99))
    with pytest.raises(RemoteError):
        published(hub, line.ready())
    before = stored()
    hub.faults.plan()
    published(hub, line.ready())
    assert before
    assert stored() == before


def test_files_are_sent_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "_FILES_AT_ONCE", 3)
    monkeypatch.setattr(commit, "_BYTES_AT_ONCE", 10)
    sizes = [1, 1, 1, 1, 9, 9, 50, 1]
    assert list(commit._together(list("abcdefgh"), sizes)) == [["a", "b", "c"], ["d", "e"], ["f"], ["g"], ["h"]]


def test_above_the_limit_a_release_takes_several_commits_and_the_tag_comes_last(plain: LocalHub, line: Line) -> None:
    ready = line.ready()
    made = publish_ready(ready, remote(plain), operations=5)
    commits = [plain.store.read(REPO, each.oid) for each in plain.store.history(REPO, made.commit)]
    parts = [commit.title for commit in commits if commit]
    assert len(parts) > 3
    assert all(title.startswith("v1.0.0, part") for title in parts[:-1])
    for each in commits[1:]:
        assert each is not None
        assert not {"README.md", "manifest.json"} & each.tree.keys()
    assert made.commit == api(plain).dataset_info(REPO, revision="v1.0.0").sha
    # Interrupted between two of them, the next run goes on.
    shutil.rmtree(plain.store.folder / "repos" / "org")
    plain.faults.plan(Fault("412", method="POST", path="/api/.*/commit/main", skip=2, times=9))
    with pytest.raises(Exception, match=r"committing|head does not move"):
        publish_ready(ready, remote(plain), operations=5)
    plain.faults.plan()
    publish_ready(ready, remote(plain), operations=5)
    assert plain.store.repo(REPO) is not None
    assert remote(plain).tags().keys() == {"v1.0.0"}


def test_a_version_that_is_there_with_other_files_is_refused(plain: LocalHub, line: Line, corpus: Corpus) -> None:
    published(plain, line.ready())
    corpus.records({"id": "other", "text": "Another text."})
    other = corpus.build("1.0.0").lines["open"].folder
    with pytest.raises(UsageError, match=r"another release at v1\.0\.0"):
        put_out(plain, other, corpus.work)


def test_versions_are_published_in_their_order(plain: LocalHub, line: Line) -> None:
    with pytest.raises(UsageError, match=r"lacks earlier versions: 1\.0\.0"):
        published(plain, line.ready(2))
    publish_ready(line.ready(2), remote(plain), skip_earlier=True)
    with pytest.raises(UsageError, match=r"has 2\.0\.0 already"):
        published(plain, line.ready())


def test_another_line_never_goes_on_top(plain: LocalHub, line: Line, corpus: Corpus) -> None:
    published(plain, line.ready())
    corpus.records({"id": "other", "text": "Another text."})
    corpus.build("1.0.0")
    corpus.records({"id": "other", "text": "Another text."}, {"id": "more", "text": "One more."})
    other = corpus.build("1.1.0").lines["open"].folder
    with pytest.raises(UsageError, match=r"another 1\.0\.0 than the one"):
        put_out(plain, other, corpus.work)


def edited_card(hub: LocalHub, line: Line) -> str:
    card = (line.first / "README.md").read_text(encoding="utf-8") + "\n## Seen by hand\n\nA kind word.\n"
    made = api(hub).create_commit(
        REPO, [CommitOperationAdd("README.md", card.encode())], commit_message="edit", repo_type="dataset"
    )
    return made.oid


def test_a_card_edited_on_the_hub_stops_the_next_version_and_is_shown(plain: LocalHub, line: Line) -> None:
    published(plain, line.ready())
    head = edited_card(plain, line)
    with pytest.raises(ForeignHeadError, match=r"README\.md") as refused:
        published(plain, line.ready(2))
    assert "+A kind word." in refused.value.edited
    assert head in refused.value.advice
    publish_ready(line.ready(2), remote(plain), replace=head)
    assert remote(plain).tags().keys() == {"v1.0.0", "v2.0.0"}


def test_a_repository_with_something_else_in_it_is_not_overwritten(plain: LocalHub, line: Line) -> None:
    api(plain).create_repo(REPO, repo_type="dataset")
    api(plain).create_commit(
        REPO, [CommitOperationAdd("notes.txt", b"mine")], commit_message="notes", repo_type="dataset"
    )
    with pytest.raises(ForeignHeadError, match=r"notes\.txt"):
        published(plain, line.ready())
    assert remote(plain).tags() == {}


@pytest.mark.parametrize(
    ("destination", "stands", "comes"),
    [
        ("public", "public", "published"),
        ("public", "private", "noted"),
        ("public", "auto", "published"),
        ("public", "manual", "noted"),
        ("gated", "public", "refused"),
        ("gated", "auto", "refused"),
        ("gated", "manual", "published"),
        ("gated", "private", "noted"),
        ("private", "public", "refused"),
        ("private", "manual", "refused"),
        ("private", "private", "published"),
    ],
)
def test_a_repository_more_open_than_the_line_is_refused(
    plain: LocalHub, corpus: Corpus, destination: str, stands: str, comes: str
) -> None:
    folder = destined(corpus, destination)
    api(plain).create_repo(REPO, repo_type="dataset", private=stands == "private")
    if stands in ("auto", "manual"):
        api(plain).update_repo_settings(REPO, repo_type="dataset", gated=stands)  # type: ignore[arg-type]
    before, was = len(plain.log), remote(plain).standing()
    if comes == "refused":
        with pytest.raises(UsageError, match="at most"):
            put_out(plain, folder, corpus.work)
        assert {entry.method for entry in plain.log[before:]} == {"GET"}
        return
    made = put_out(plain, folder, corpus.work)
    assert bool(made.notes) is (comes == "noted")
    # What somebody closed is not opened.
    standing = remote(plain).standing()
    assert was is not None
    assert standing is not None
    assert (standing.private, standing.gated) == (was.private, was.gated)


@pytest.mark.parametrize("destination", ["public", "gated", "private"])
def test_a_new_repository_is_as_open_as_the_line_and_never_more(
    plain: LocalHub, corpus: Corpus, destination: str
) -> None:
    folder = destined(corpus, destination)
    put_out(plain, folder, corpus.work)
    standing = remote(plain).standing()
    assert standing is not None
    expected = {"public": (False, False), "gated": (False, "manual"), "private": (True, False)}
    assert (standing.private, standing.gated) == expected[destination]
    asked = [entry.path for entry in plain.log if entry.method in ("POST", "PUT") and not entry.at_cdn]
    if destination == "gated":
        assert asked.index(f"/api/datasets/{REPO}/settings") < asked.index(f"/api/datasets/{REPO}/preupload/main")


def test_a_repository_that_is_opened_meanwhile_is_closed(
    plain: LocalHub, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = destined(corpus, "private")
    tag = Remote.tag

    def opened(self: Remote, *arguments: str) -> None:
        tag(self, *arguments)
        api(plain).update_repo_settings(REPO, repo_type="dataset", private=False)

    monkeypatch.setattr(Remote, "tag", opened)
    with pytest.raises(UsageError, match="the repository is public"):
        put_out(plain, folder, corpus.work)
    standing = remote(plain).standing()
    assert standing is not None
    assert standing.private


def test_a_repository_that_is_opened_while_content_is_sent_gets_no_commit(
    plain: LocalHub, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = destined(corpus, "private")
    send = Remote.send

    def opened(self: Remote, additions: Sequence[Any]) -> None:
        send(self, additions)
        api(plain).update_repo_settings(REPO, repo_type="dataset", private=False)

    monkeypatch.setattr(Remote, "send", opened)
    with pytest.raises(UsageError, match="the repository is public"):
        put_out(plain, folder, corpus.work)
    assert len(api(plain).list_repo_commits(REPO, repo_type="dataset")) == 1


def test_what_is_for_this_machine_alone_is_never_published(plain: LocalHub, corpus: Corpus) -> None:
    vault = corpus.build("1.0.0").lines["vault"].folder
    with pytest.raises(UsageError, match="for this machine alone"):
        put_out(plain, vault, corpus.work)
    assert plain.log == []


def test_nothing_is_published_unsearched(plain: LocalHub, corpus: Corpus) -> None:
    folder = corpus.build("1.0.0").lines["open"].folder
    with pytest.raises(UsageError, match="withholds texts"):
        put_out(plain, folder, None)
    with pytest.raises(UsageError, match="keeps no withheld texts"):
        put_out(plain, folder, corpus.work / "elsewhere")
    assert plain.log == []


def test_a_release_that_was_touched_is_not_published(plain: LocalHub, corpus: Corpus) -> None:
    folder = corpus.build("1.0.0").lines["open"].folder
    with (folder / "README.md").open("a", encoding="utf-8") as stream:
        stream.write("One more line.\n")
    with pytest.raises(NotReadyError) as refused:
        put_out(plain, folder, corpus.work)
    assert {fault.code for fault in refused.value.faults} >= {"file-differs"}
    assert plain.log == []


def test_a_permission_that_ended_since_the_build_closes_the_gate(plain: LocalHub, corpus: Corpus) -> None:
    journal = (corpus.folder / "sources" / "journal.toml").read_text(encoding="utf-8")
    permission = 'status = "permission"\nvisibility = "public"\nexpires = 2026-06-30\nattribution = "The Journal"'
    corpus.write("sources/journal.toml", journal.replace('status = "public_domain"', permission))
    folder = corpus.build("1.0.0").lines["open"].folder
    assert put_out(plain, folder, corpus.work, today=date(2026, 6, 30)).tag == "v1.0.0"
    plain.store.delete(REPO)
    before = len(plain.log)
    with pytest.raises(GateRefusedError, match="permissions have ended") as refused:
        put_out(plain, folder, corpus.work, today=date(2026, 7, 1))
    assert {fault.code for fault in refused.value.faults} == {"expired-since"}
    assert len(plain.log) == before


def test_the_command_publishes_a_line_and_reads_it_back(
    plain: LocalHub, line: Line, pressmark: Run, tmp_path: Path
) -> None:
    environment = {"HF_ENDPOINT": plain.endpoint, "HF_TOKEN": plain.token(), "HF_HOME": str(tmp_path / "home")}
    place = line.first.parent
    done = pressmark("publish", line.first, REPO, "--work", line.work, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("✓") == 6
    assert "✗" not in done.stdout
    assert plain.token() not in done.stdout + done.stderr
    again = pressmark("publish", place, REPO, "--work", line.work, "--quick", "--json", env=environment)
    assert [each["already"] for each in json.loads(again.stdout)["published"]] == [True, False]
    wrong = pressmark("publish", place, "one-word", env=environment)
    assert (wrong.returncode, "give it as org/name" in wrong.stderr) == (2, True)
    nobody = pressmark("publish", line.first, "org/other", "--work", line.work, env={**environment, "HF_TOKEN": "x"})
    assert nobody.returncode == 4
    assert "log in" in nobody.stderr


def test_the_command_shows_how_a_card_was_edited(plain: LocalHub, line: Line, pressmark: Run, tmp_path: Path) -> None:
    published(plain, line.ready())
    edited_card(plain, line)
    environment = {"HF_ENDPOINT": plain.endpoint, "HF_TOKEN": plain.token(), "HF_HOME": str(tmp_path / "home")}
    done = pressmark("publish", line.second, REPO, "--work", line.work, env=environment)
    assert done.returncode == 2
    assert "+A kind word." in done.stderr
    assert "--replace" in done.stderr


def test_an_edited_card_is_brought_home_built_and_published(
    plain: LocalHub, corpus: Corpus, pressmark: Run, tmp_path: Path
) -> None:
    corpus.write("card/thanks.md", "## Thanks\n\nTo the harbour master.\n")
    folder = corpus.build("1.0.0").lines["open"].folder
    put_out(plain, folder, corpus.work)
    card = (folder / "README.md").read_text(encoding="utf-8")
    words = card.replace("To the harbour master.", "To both harbour masters.") + "\n## Gaps\n\nSundays.\n"
    operation = CommitOperationAdd("README.md", words.encode())
    head = api(plain).create_commit(REPO, [operation], commit_message="edit", repo_type="dataset").oid
    environment = {"HF_ENDPOINT": plain.endpoint, "HF_TOKEN": plain.token(), "HF_HOME": str(tmp_path / "home")}
    dry = pressmark("card", "pull", corpus.folder, REPO, "--dry-run", "--json", env=environment)
    assert (dry.returncode, json.loads(dry.stdout)["written"]) == (0, [])
    pulled = pressmark("card", "pull", corpus.folder, REPO, env=environment)
    assert pulled.returncode == 0, pulled.stderr
    assert "card/thanks.md: changed on the Hub" in pulled.stdout
    assert "card/gaps.md: new on the Hub" in pulled.stdout
    assert "both" in (corpus.folder / "card" / "thanks.md").read_text(encoding="utf-8")
    later = corpus.build("1.0.1").lines["open"].folder
    assert "both harbour masters" in (later / "README.md").read_text(encoding="utf-8")
    with pytest.raises(ForeignHeadError):
        put_out(plain, later, corpus.work)
    put_out(plain, later, corpus.work, replace=head)
    again = pressmark("card", "pull", corpus.folder, REPO, env=environment)
    assert "nothing was edited" in again.stdout
    none = pressmark("card", "pull", corpus.folder, "org/none", env=environment)
    assert (none.returncode, "no version to compare with" in none.stderr) == (4, True)


def test_a_published_release_verifies_from_outside_whole_and_quickly(
    plain: LocalHub, line: Line, pressmark: Run, tmp_path: Path
) -> None:
    published(plain, line.ready())
    environment = {"HF_ENDPOINT": plain.endpoint, "HF_TOKEN": plain.token(), "HF_HOME": str(tmp_path / "home")}
    whole = pressmark("verify", f"{REPO}@v1.0.0", "--load", env=environment)
    assert whole.returncode == 0, whole.stderr
    assert "adds up" in whole.stdout
    quick = pressmark("verify", f"{REPO}@v1.0.0", "--quick", env=environment)
    assert quick.returncode == 0, quick.stderr
    assert "not checked: the rows" in quick.stdout
    missing = pressmark("verify", f"{REPO}@v9.0.0", env=environment)
    assert (missing.returncode, "no such revision" in missing.stderr) == (4, True)
    both = pressmark("verify", f"{REPO}@v1.0.0", "--quick", "--partial", env=environment)
    assert (both.returncode, "on the Hub there is the whole" in both.stderr) == (2, True)
    folder = pressmark("verify", line.first, "--quick", env=environment)
    assert folder.returncode == 0, folder.stderr
    assert "of them: files were held against the manifest" in folder.stdout
    plainly = pressmark("verify", line.first, "--quick", "--json", env=environment)
    assert len(json.loads(plainly.stdout)["unchecked"]) == 3
    more = pressmark("verify", line.first, "--quick", "--load", env=environment)
    assert (more.returncode, "--quick reads none" in more.stderr) == (2, True)


def test_a_file_that_arrives_damaged_is_found_which_the_client_takes(
    plain: LocalHub, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(plain, line.ready())
    monkeypatch.setenv("HF_TOKEN", plain.token())
    monkeypatch.setattr("pressmark.hub.fetch.Remote", lambda repo: Remote(repo, endpoint=plain.endpoint, waits=WAITS))
    plain.faults.plan(Fault("corrupt-body", path="/content/.*", times=1))
    with at_hand(f"{REPO}@v1.0.0") as folder:
        assert "file-differs" in {finding.code for finding in verify(folder)}
    with at_hand(f"{REPO}@v1.0.0") as folder:
        assert [finding for finding in verify(folder) if not finding.file.startswith(".cache")] == []


def swapped(tree: dict[str, Any]) -> None:
    one, other = (path for path in sorted(tree) if path.endswith(".parquet"))
    tree[one], tree[other] = tree[other], tree[one]


QUICK: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a file is gone": (lambda tree: tree.pop("LICENSE.md"), "file-missing"),
    "a file is more": (lambda tree: tree.update({"more.txt": tree["LICENSE.md"]}), "file-extra"),
    "a small file is another": (lambda tree: tree.update({"CHANGELOG.md": tree["LICENSE.md"]}), "file-differs"),
    "rows are another's": (
        lambda tree: tree.update({next(p for p in tree if p.endswith(".parquet")): tree["LICENSE.md"]}),
        "file-differs",
    ),
    "the sums are another's": (lambda tree: tree.update({"SHA256SUMS": tree["LICENSE.md"]}), "sums-differ"),
    "the manifest is gone": (lambda tree: tree.pop("manifest.json"), "not-a-release"),
    "the manifest is none": (lambda tree: tree.update({"manifest.json": tree["LICENSE.md"]}), "not-a-release"),
}


@pytest.mark.parametrize("name", QUICK)
def test_the_quick_look_finds(plain: LocalHub, line: Line, name: str) -> None:
    published(plain, line.ready())
    assert verify_quickly(REPO, "v1.0.0", endpoint=plain.endpoint, token=plain.token()) == []
    change, code = QUICK[name]
    with plain.store.changing(REPO) as repo:
        commit = plain.store.read(REPO, repo.refs["refs/tags/v1.0.0"])
        assert commit is not None
        tree = dict(commit.tree)
        change(tree)
        repo.refs["refs/tags/v1.0.0"] = plain.store.commit(REPO, None, "forged", "", "owner", tree).oid
    found = verify_quickly(REPO, "v1.0.0", endpoint=plain.endpoint, token=plain.token())
    assert code in {finding.code for finding in found}


def test_a_build_continues_a_release_of_the_hub(
    plain: LocalHub, line: Line, corpus: Corpus, pressmark: Run, tmp_path: Path
) -> None:
    published(plain, line.ready())
    environment = {"HF_ENDPOINT": plain.endpoint, "HF_TOKEN": plain.token(), "HF_HOME": str(tmp_path / "home")}
    corpus.records(*({"id": f"r{n}", "text": f"Text of number {n}."} for n in range(9)))
    done = pressmark(
        *("build", corpus.folder, "--version", "auto", "--line", "open", "--previous", f"{REPO}@v1.0.0", "--json"),
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    folder = tmp_path / json.loads(done.stdout)["releases"]["open"]["folder"]
    versions = json.loads((folder / "versions.json").read_bytes())["versions"]
    assert versions[0]["manifest_sha256"] == digest_of(line.first / "manifest.json")


def test_readiness_is_looked_at_as_of_the_later_day(line: Line) -> None:
    assert make_ready(line.first, REPO, line.work, date(2020, 1, 1)).tag == "v1.0.0"


def test_what_has_grown_large_is_stored_apart_and_still_fits_the_manifest(
    plain: LocalHub, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressmark.press.manifest._LARGE", 100)
    folder = corpus.build("1.0.0").lines["open"].folder
    attributes = (folder / ".gitattributes").read_text(encoding="utf-8")
    assert attributes.startswith("*.parquet filter=lfs")
    assert "\nversions.json filter=lfs" in attributes
    made = put_out(plain, folder, corpus.work)
    commit = plain.store.read(REPO, made.commit)
    assert commit is not None
    # The Hub goes by the patterns that were there before the first commit; from the second on, by the release's.
    assert verify_quickly(REPO, "v1.0.0", endpoint=plain.endpoint, token=plain.token()) == []
    corpus.records({"id": "r1"}, {"id": "r2", "text": "Another text."})
    put_out(plain, corpus.build("auto").lines["open"].folder, corpus.work)
    head = plain.store.read(REPO, (remote(plain).standing() or made).head)
    assert head is not None
    assert head.tree["versions.json"].lfs
    assert verify_quickly(REPO, "v1.1.0", endpoint=plain.endpoint, token=plain.token()) == []
