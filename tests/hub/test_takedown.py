"""A withdrawal carried through the Hub: nothing of it is left on any ref, and what cannot be shown is not claimed."""

import io
import json
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from conftest import Run
from hub_cases import REPO, WAITS
from hub_client import patient_client
from pressmark.errors import ForeignHeadError, PressmarkError, RemoteError, UsageError
from pressmark.hub.local.faults import KINDS, Fault
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving
from pressmark.hub.publish import publish
from pressmark.hub.remote import Remote
from pressmark.hub.takedown import procedure
from pressmark.hub.takedown.procedure import Outcome, look, plan, take_down
from pressmark.hub.takedown.steps import look_again
from pressmark.press.manifest import digest_of
from pressmark.recipe import read_recipe
from pressmark.withdraw import plan_withdrawal, restore
from support import AS_OF, RECIPE, Corpus
from version_cases import record, records_alone

CANARY = "A cormorant in a yellow coat recited the tide tables of Quillmouth backwards."


def with_repository(corpus: Corpus) -> None:
    records_alone(corpus)
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('destination = "public"', f'destination = "public"\nrepo = "{REPO}"', 1))
    assert RECIPE


def releases(corpus: Corpus) -> list[Path]:
    """Build three versions: the second brings the canary, the third has it too."""
    with_repository(corpus)
    corpus.records(*map(record, range(4)))
    first = corpus.build("1.0.0").lines["open"].folder
    corpus.records(*map(record, range(4)), record(9, text=CANARY))
    second = corpus.build("1.1.0").lines["open"].folder
    corpus.records(*map(record, range(6)), record(9, text=CANARY))
    return [first, second, corpus.build("1.2.0").lines["open"].folder]


def connect(hub: LocalHub) -> Callable[[str], Remote]:
    return lambda repo: Remote(repo, endpoint=hub.endpoint, token=hub.token(), waits=WAITS)


def put_out(hub: LocalHub, corpus: Corpus, folders: list[Path]) -> None:
    for folder in folders:
        publish(folder, REPO, work=corpus.work, today=AS_OF, endpoint=hub.endpoint, token=hub.token(), waits=WAITS)


def taken_down(
    hub: LocalHub, corpus: Corpus, wanted: list[str], reason: str = "rights_claim", replace: str | None = None
) -> Outcome:
    withdrawal = (
        plan_withdrawal(corpus.folder, wanted, reason=reason, ref="case 1", on=AS_OF, out=corpus.out)
        if wanted
        else None
    )
    return take_down(
        corpus.folder,
        withdrawal,
        out=corpus.out,
        work=corpus.work,
        connect=connect(hub),
        token=hub.token(),
        as_of=AS_OF,
        replace=replace,
    )


def canaries(hub: LocalHub, words: str = CANARY) -> Iterator[str]:
    """Yield where words stand in what the Hub's folder still holds: every commit, whether a ref leads there or not."""
    commits = (hub.store.folder / "repos" / REPO / "commits").glob("*.json")
    for path in commits:
        commit = hub.store.read(REPO, path.stem)
        assert commit is not None
        for name, entry in commit.tree.items():
            place = hub.store.blob(entry.sha256)
            data = place.read_bytes() if place.is_file() else b""
            if name.endswith(".parquet") and data:
                data = json.dumps(pq.read_table(io.BytesIO(data)).to_pylist(), default=str, ensure_ascii=False).encode()
            if words.encode() in data:
                yield f"{path.stem[:8]} {name}"


@pytest.fixture(params=["lfs", "xet"])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalHub]:
    with serving(tmp_path / "hub", keep_log=True) as found, patient_client(xet=request.param == "xet"):
        yield found


def tags(hub: LocalHub) -> list[str]:
    repo = hub.store.repo(REPO)
    assert repo is not None
    return sorted(ref.removeprefix("refs/tags/") for ref in repo.refs if ref.startswith("refs/tags/"))


def test_nothing_is_left_on_any_ref_and_clean_versions_stay(hub: LocalHub, corpus: Corpus) -> None:
    put_out(hub, corpus, releases(corpus))
    assert list(canaries(hub))
    before = hub.store.repo(REPO)
    assert before is not None
    outcome = taken_down(hub, corpus, ["journal:r9"])
    assert (outcome.findings, outcome.steps, outcome.opened) == ([], [], [REPO])
    assert list(canaries(hub)) == []
    assert tags(hub) == ["v1.0.0", "v2.0.0"]
    after = hub.store.repo(REPO)
    assert after is not None
    assert (after.private, after.gated) == (False, False)
    # The version from before the article keeps its very commit; the next one has no history.
    assert after.refs["refs/tags/v1.0.0"] == before.refs["refs/tags/v1.0.0"]
    assert after.refs["refs/tags/v2.0.0"] == after.refs["refs/heads/main"]
    assert len(list(hub.store.history(REPO, after.refs["refs/heads/main"]))) == 1
    again = look(corpus.folder, out=corpus.out, connect=connect(hub), token=hub.token())
    assert (again.findings, again.opened, again.closed) == ([], [], [])


@pytest.mark.parametrize("hub", ["lfs"], indirect=True)
def test_a_plan_changes_nothing(hub: LocalHub, corpus: Corpus) -> None:
    put_out(hub, corpus, releases(corpus))
    recipe = read_recipe(corpus.folder)
    before = sorted((path, path.stat().st_mtime_ns) for path in (hub.store.folder / "repos").rglob("*.json"))
    withdrawal = plan_withdrawal(
        corpus.folder, ["journal:r9"], reason="privacy", ref="case 1", on=AS_OF, out=corpus.out
    )
    [inventory] = plan(recipe, withdrawal, corpus.out, connect(hub))
    assert inventory.own("refs/tags/") == ["refs/tags/v1.1.0", "refs/tags/v1.2.0"]
    assert len(inventory.apart) >= 1
    assert not (corpus.folder / "private").exists()
    assert sorted((path, path.stat().st_mtime_ns) for path in (hub.store.folder / "repos").rglob("*.json")) == before


def test_a_clean_version_behind_which_it_stood_is_carried_over(hub: LocalHub, corpus: Corpus) -> None:
    folders = releases(corpus)
    corpus.records(*map(record, range(6)))
    folders.append(corpus.build("2.0.0", drop_vanished=True).lines["open"].folder)
    put_out(hub, corpus, folders)
    old = hub.store.repo(REPO)
    outcome = taken_down(hub, corpus, ["journal:r9"], "privacy")
    assert outcome.findings == []
    assert list(canaries(hub)) == []
    assert "v1.0.0" in tags(hub)
    assert not {"v1.1.0", "v1.2.0"} & set(tags(hub))
    after = hub.store.repo(REPO)
    assert old is not None
    assert after is not None
    assert not [ref for ref in after.refs if ref.startswith("refs/heads/pressmark-kept-")]
    for ref, oid in after.refs.items():
        assert all(commit.oid == oid for commit in hub.store.history(REPO, oid)) or ref == "refs/tags/v1.0.0"


@pytest.mark.parametrize("hub", ["lfs"], indirect=True)
def test_what_only_a_person_can_remove_is_listed_and_keeps_the_repository_closed(hub: LocalHub, corpus: Corpus) -> None:
    put_out(hub, corpus, releases(corpus))
    with hub.store.changing(REPO) as repo:
        repo.refs["refs/pr/1"] = repo.refs["refs/heads/main"]
        repo.refs["refs/convert/parquet"] = repo.refs["refs/heads/main"]
    outcome = taken_down(hub, corpus, ["journal:r9"])
    assert len(outcome.steps) == 2
    assert {finding.code for finding in outcome.findings} == {"withdrawn-remains"}
    assert (outcome.opened, outcome.closed) == ([], [REPO])
    found = hub.store.repo(REPO)
    assert found is not None
    assert found.private
    with hub.store.changing(REPO) as repo:
        del repo.refs["refs/pr/1"], repo.refs["refs/convert/parquet"]
        hub.store.forget_unreachable(REPO, repo)
    # Who closed it last cannot be seen: its owner may have opened it and closed it again since.
    later = look(corpus.folder, out=corpus.out, connect=connect(hub), token=hub.token())
    assert (later.findings, later.opened, later.clean) == ([], [], [REPO])
    assert connect(hub)(REPO).standing().private  # type: ignore[union-attr]
    later = look(corpus.folder, out=corpus.out, connect=connect(hub), token=hub.token(), confirmed=[REPO])
    assert (later.findings, later.opened, later.clean) == ([], [REPO], [])
    assert list(canaries(hub)) == []


@pytest.mark.parametrize("hub", ["lfs"], indirect=True)
def test_a_hub_that_still_serves_old_commits_is_found_out(
    hub: LocalHub, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_out(hub, corpus, releases(corpus))
    monkeypatch.setattr(hub.store, "forget_unreachable", lambda *_: None)
    monkeypatch.setattr("pressmark.hub.takedown.steps.purge_content", lambda *_: [])
    outcome = taken_down(hub, corpus, ["journal:r9"])
    assert {finding.code for finding in outcome.findings} == {"withdrawn-remains"}
    assert any("still served" in finding.detail for finding in outcome.findings)
    assert any("still listed" in finding.detail for finding in outcome.findings)
    assert outcome.closed == [REPO]


@pytest.mark.parametrize("hub", ["lfs"], indirect=True)
def test_a_look_that_gets_no_answer_is_no_proof(hub: LocalHub, corpus: Corpus) -> None:
    put_out(hub, corpus, releases(corpus))
    assert taken_down(hub, corpus, ["journal:r9"]).findings == []
    hub.faults.plan(Fault("503", path="/datasets/.*/raw/.*", times=1 + len(WAITS)))
    later = look(corpus.folder, out=corpus.out, connect=connect(hub), token=hub.token())
    assert {finding.code for finding in later.findings} == {"takedown-unverified"}
    # The Hub knows none of these commits: that answers for every path, with an account and without.
    state = corpus.folder / "private" / "takedown.json"
    cases = json.loads(state.read_text(encoding="utf-8"))
    commits = {commit for commit, _ in cases[REPO]["places"]}
    cases[REPO]["places"] += [
        [commit, f"data/train/{year}.parquet"] for commit in commits for year in range(1900, 1950)
    ]
    state.write_text(json.dumps(cases), encoding="utf-8")
    hub.log.clear()
    assert look(corpus.folder, out=corpus.out, connect=connect(hub), token=hub.token()).findings == []
    looks = [each for each in hub.log if each.method == "HEAD" and commits & set(each.path.split("/"))]
    assert len(looks) == len(commits) * 2 * 2


def test_the_commands_plan_ask_apply_and_verify(corpus: Corpus, pressmark: Run, tmp_path: Path) -> None:
    folders = releases(corpus)
    with serving(tmp_path / "hub") as hub:
        with patient_client(xet=False):
            put_out(hub, corpus, folders)
        environment = {"HF_ENDPOINT": hub.endpoint, "HF_TOKEN": hub.token(), "HF_HOME": str(tmp_path / "home")}
        meant = (corpus.folder, "journal:r9", "--reason", "rights_claim", "--ref", "case 1", "--out", corpus.out)
        shown = pressmark("takedown", "plan", *meant, env=environment)
        assert shown.returncode == 0, shown.stderr
        for words in ("journal:r9", "refs/tags/v1.1.0 is deleted", "the history of refs/heads/main is removed"):
            assert words in shown.stdout
        whole = (*meant, "--work", corpus.work, "--as-of", AS_OF.isoformat())
        for typed in ("", "org/other\n"):
            refused = pressmark("takedown", "apply", *whole, env=environment, input=typed)
            assert (refused.returncode, "nothing was done" in refused.stderr) == (1, True)
        assert not (corpus.folder / "tombstones.jsonl").exists()
        wrong = pressmark("takedown", "apply", *whole, "--confirm", "org/other", env=environment)
        assert (wrong.returncode, "names no repository org/other" in wrong.stderr) == (2, True)
        done = pressmark("takedown", "apply", *whole, env=environment, input=f"{REPO}\n")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "not found" in done.stdout
        assert "erased" not in (done.stdout + done.stderr).lower()
        assert CANARY not in done.stdout + done.stderr
        assert list(canaries(hub)) == []
        later = pressmark("takedown", "verify", corpus.folder, "--out", corpus.out, "--json", env=environment)
        assert json.loads(later.stdout)["verified"] is True
        state = (corpus.folder / "private" / "takedown.json").read_text(encoding="utf-8")
        assert "r9" not in state
        assert CANARY not in state


def test_a_takedown_without_a_repository_is_refused(corpus: Corpus, pressmark: Run) -> None:
    corpus.build()
    done = pressmark("takedown", "verify", corpus.folder)
    assert (done.returncode, "names no repository" in done.stderr) == (2, True)


def test_a_repository_that_its_owner_closed_afterwards_stays_closed(hub: LocalHub, corpus: Corpus) -> None:
    put_out(hub, corpus, releases(corpus))
    assert taken_down(hub, corpus, ["journal:r9"]).opened == [REPO]
    connect(hub)(REPO).set(private=True, gated="manual")
    assert look(corpus.folder, out=corpus.out, connect=connect(hub), token=hub.token()).opened == []
    standing = connect(hub)(REPO).standing()
    assert standing is not None
    assert (standing.private, standing.gated) == (True, "manual")


def test_what_was_restored_is_not_purged_with_the_next_takedown(hub: LocalHub, corpus: Corpus) -> None:
    put_out(hub, corpus, releases(corpus))
    assert taken_down(hub, corpus, ["journal:r9"]).findings == []
    tombstone = json.loads((corpus.folder / "tombstones.jsonl").read_text(encoding="utf-8"))["tombstone"]
    restore(corpus.folder, tombstone, ref="settled", on=AS_OF)
    put_out(hub, corpus, [corpus.build("auto").lines["open"].folder])
    # As if a file had come out the same as one that was taken down.
    state = corpus.folder / "private" / "takedown.json"
    cases = json.loads(state.read_text(encoding="utf-8"))
    cases[REPO]["contents"] += list(connect(hub)(REPO).tree(connect(hub)(REPO).standing().head).values())[-1:]  # type: ignore[union-attr]
    cases[REPO]["contents"] = [each.removeprefix("sha256:") for each in cases[REPO]["contents"]]
    state.write_text(json.dumps(cases), encoding="utf-8")
    assert taken_down(hub, corpus, ["journal:r1"]).findings == []
    head = connect(hub)(REPO).standing()
    assert head is not None
    for path, digest in connect(hub)(REPO).tree(head.head).items():
        assert hub.store.holds(digest.removeprefix("sha256:")) or digest.startswith("git:"), path


def test_with_nothing_withdrawn_there_is_nothing_to_do(hub: LocalHub, corpus: Corpus) -> None:
    put_out(hub, corpus, releases(corpus))
    with pytest.raises(UsageError, match="nothing is withdrawn"):
        taken_down(hub, corpus, [])
    assert connect(hub)(REPO).standing().private is False  # type: ignore[union-attr]


def interrupted(hub: LocalHub, corpus: Corpus, seed: int) -> int:
    """Take down with something going wrong at a time, until it is through; return how often it was begun."""
    chance = random.Random(seed)  # noqa: S311 - a seed, no secret
    wanted, runs = ["journal:r9"], 0
    while True:
        runs += 1
        hub.faults.plan(
            Fault(chance.choice([kind for kind in KINDS if kind != "corrupt-body"]), skip=chance.randrange(80))
        )
        try:
            outcome = taken_down(hub, corpus, wanted)
        except PressmarkError:
            outcome = None
        if (corpus.folder / "tombstones.jsonl").is_file():
            wanted = []
        if outcome and not outcome.findings:
            return runs
        assert runs < 12


@pytest.mark.parametrize("seed", range(2))
def test_a_takedown_that_is_interrupted_goes_on(hub: LocalHub, corpus: Corpus, seed: int) -> None:
    put_out(hub, corpus, releases(corpus))
    interrupted(hub, corpus, seed)
    assert list(canaries(hub)) == []
    assert tags(hub) == ["v1.0.0", "v2.0.0"]


@pytest.mark.soak
@pytest.mark.parametrize("half", range(4))
def test_a_hundred_withdrawals_leave_no_canary(hub: LocalHub, corpus: Corpus, half: int) -> None:
    """Two ways of sending, four corpora each: articles come and go, and one after another is withdrawn."""
    with_repository(corpus)
    chance = random.Random(half)  # noqa: S311 - a seed, no secret
    texts = {number: f"Canary {half}-{number}: {chance.random()} of the harbour." for number in range(40)}
    present = set(range(30))
    corpus.records(*(record(number, text=texts[number]) for number in sorted(present)))
    put_out(hub, corpus, [corpus.build("1.0.0").lines["open"].folder])
    gone: set[int] = set()
    for _ in range(13):
        present |= {chance.choice(sorted(set(texts) - gone))}
        corpus.records(*(record(number, text=texts[number]) for number in sorted(present | gone)))
        built = corpus.build("auto").lines["open"]
        if not built.unchanged:
            put_out(hub, corpus, [built.folder])
        number = chance.choice(sorted(present - gone))
        outcome = taken_down(hub, corpus, [f"journal:r{number}"], chance.choice(["privacy", "rights_claim"]))
        assert (outcome.findings, outcome.opened) == ([], [REPO])
        gone.add(number)
        present.discard(number)
        for each in gone:
            assert list(canaries(hub, texts[each])) == []
    api: Any = HfApi(endpoint=hub.endpoint, token=hub.token())
    assert api.dataset_info(REPO).private is False


def test_a_repository_that_cannot_be_seen_is_no_proof(hub: LocalHub, corpus: Corpus) -> None:
    put_out(hub, corpus, releases(corpus))
    connect(hub)(REPO).set(private=True)
    withdrawal = plan_withdrawal(
        corpus.folder, ["journal:r9"], reason="rights_claim", ref="1", on=AS_OF, out=corpus.out
    )
    outcome = take_down(
        corpus.folder,
        withdrawal,
        out=corpus.out,
        work=corpus.work,
        connect=lambda repo: Remote(repo, endpoint=hub.endpoint, token=hub.token("reader"), waits=WAITS),
        token=hub.token("reader"),
        as_of=AS_OF,
    )
    assert [finding.code for finding in outcome.findings] == ["takedown-unverified"]
    assert outcome.opened == []


def test_what_is_found_once_it_is_open_closes_it_again(
    hub: LocalHub, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_out(hub, corpus, releases(corpus))

    def unreachable(*_: Any) -> list[Any]:
        raise RemoteError("the Hub answers 429", advice="later")

    look_once = look_again

    def second_fails(recipe: Any, remote: Remote, *rest: Any) -> list[Any]:
        standing = remote.standing()
        return look_once(recipe, remote, *rest) if standing and standing.private else unreachable()

    monkeypatch.setattr(procedure, "look_again", second_fails)
    outcome = taken_down(hub, corpus, ["journal:r9"])
    assert ([each.code for each in outcome.findings], outcome.opened) == (["takedown-unverified"], [])
    assert outcome.closed == [REPO]
    assert connect(hub)(REPO).standing().private is True  # type: ignore[union-attr]
    monkeypatch.undo()
    later = look(corpus.folder, out=corpus.out, connect=connect(hub), token=hub.token(), confirmed=[REPO])
    assert later.opened == [REPO]


def test_rows_in_a_file_of_another_kind_are_not_said_to_be_gone(hub: LocalHub, corpus: Corpus) -> None:
    put_out(hub, corpus, releases(corpus))
    owner = connect(hub)(REPO).api
    first = owner.list_repo_commits(REPO, repo_type="dataset")[-1].commit_id
    owner.create_branch(REPO, branch="copy", revision=first, repo_type="dataset")
    operation = CommitOperationAdd("rows.csv", f"id,text\nr9,{CANARY}\n".encode())
    owner.create_commit(REPO, [operation], commit_message="a copy", repo_type="dataset", revision="copy")
    outcome = taken_down(hub, corpus, ["journal:r9"])
    assert [(finding.code, finding.place) for finding in outcome.findings] == [("takedown-unverified", "rows.csv")]
    assert (outcome.opened, outcome.closed) == ([], [REPO])


def test_content_that_no_version_holds_any_more_is_purged_too(hub: LocalHub, corpus: Corpus) -> None:
    folders = releases(corpus)
    put_out(hub, corpus, folders)
    # As an earlier takedown leaves it: the tag is gone and the history, the content is still stored.
    owner = connect(hub)(REPO).api
    for tag in tags(hub)[:-1]:
        owner.delete_tag(REPO, tag=tag, repo_type="dataset")
    owner.super_squash_history(REPO, repo_type="dataset")
    held = set(connect(hub)(REPO).tree(connect(hub)(REPO).standing().head).values())  # type: ignore[union-attr]
    repo = hub.store.repo(REPO)
    assert repo is not None
    adrift = {sha256 for sha256 in repo.lfs if f"sha256:{sha256}" not in held}
    outcome = taken_down(hub, corpus, ["journal:r1"])
    assert outcome.findings == []
    at_home = {digest_of(path): path for folder in folders for path in folder.rglob("*.parquet")}
    for sha256 in adrift:
        ids = pq.read_table(at_home[sha256], columns=["id"])["id"].to_pylist()
        assert hub.store.holds(sha256) is ("journal:r1" not in ids)


def test_a_gated_line_is_opened_gated(hub: LocalHub, corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('destination = "public"', 'destination = "gated"', 1))
    put_out(hub, corpus, releases(corpus))
    connect(hub)(REPO).set(private=False, gated="manual")
    with hub.store.changing(REPO) as repo:
        repo.gated = "manual"
    outcome = taken_down(hub, corpus, ["journal:r9"])
    assert outcome.opened == [REPO]
    standing = connect(hub)(REPO).standing()
    assert standing is not None
    assert (standing.private, standing.gated) == (False, "manual")


@pytest.mark.parametrize("hub", ["lfs"], indirect=True)
def test_commits_that_an_earlier_takedown_left_are_looked_through_for_a_later_one(
    hub: LocalHub, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_out(hub, corpus, releases(corpus))
    middle = connect(hub)(REPO).commit_of("v1.1.0") or ""
    # As long as the Hub serves commits that no ref leads to.
    with monkeypatch.context() as patched:
        patched.setattr(hub.store, "forget_unreachable", lambda *_: None)
        assert taken_down(hub, corpus, ["journal:r9"]).closed == [REPO]
        case = corpus.folder / "private" / "takedown.json"
        assert middle in json.loads(case.read_text(encoding="utf-8"))[REPO]["commits"]
        # Article 1 stands in another file than article 9 did.
        outcome = taken_down(hub, corpus, ["journal:r1"])
        assert any(finding.place == middle[:12] for finding in outcome.findings)
        assert any(middle[:12] in step for step in outcome.steps)
        tree = connect(hub)(REPO).tree(middle)
        assert not any(
            hub.store.holds(digest.removeprefix("sha256:")) for digest in held_with(corpus, tree, "journal:r1")
        )
    with hub.store.changing(REPO) as repo:
        hub.store.forget_unreachable(REPO, repo)
    later = look(corpus.folder, out=corpus.out, connect=connect(hub), token=hub.token(), confirmed=[REPO])
    assert (later.findings, later.opened) == ([], [REPO])
    assert middle not in json.loads(case.read_text(encoding="utf-8"))[REPO]["commits"]


def held_with(corpus: Corpus, tree: Mapping[str, str], article: str) -> list[str]:
    """Return the digests of files of a tree that have an article, by the releases on this machine."""
    at_home = {digest_of(path): path for path in corpus.out.rglob("*.parquet")}
    found = [
        digest
        for digest in tree.values()
        if (path := at_home.get(digest.removeprefix("sha256:")))
        and (article in pq.read_table(path, columns=["id"])["id"].to_pylist())
    ]
    assert found
    return found


@pytest.mark.parametrize("hub", ["lfs"], indirect=True)
def test_a_head_that_was_edited_by_hand_is_replaced_only_where_it_is_named(hub: LocalHub, corpus: Corpus) -> None:
    put_out(hub, corpus, releases(corpus))
    owner = connect(hub)(REPO).api
    owner.create_commit(
        REPO, [CommitOperationAdd("NOTES.md", b"By hand.")], commit_message="a note", repo_type="dataset"
    )
    edited = connect(hub)(REPO).standing()
    assert edited is not None
    with pytest.raises(ForeignHeadError, match=r"NOTES\.md") as caught:
        taken_down(hub, corpus, ["journal:r9"])
    assert f"--replace {edited.head}" in caught.value.advice
    assert connect(hub)(REPO).standing().private  # type: ignore[union-attr]
    outcome = taken_down(hub, corpus, [], replace=edited.head)
    assert (outcome.findings, outcome.opened) == ([], [REPO])
    assert list(canaries(hub)) == []
    assert "NOTES.md" not in connect(hub)(REPO).tree(connect(hub)(REPO).commit_of("v2.0.0") or "")


@pytest.mark.parametrize("hub", ["lfs"], indirect=True)
def test_what_can_be_neither_looked_at_nor_closed_again_is_said(
    hub: LocalHub, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_out(hub, corpus, releases(corpus))

    def lost(*_: Any) -> None:
        raise RemoteError("the Hub answers 503", advice="later")

    def opened_and_lost(_: Any, remote: Remote) -> None:
        monkeypatch.setattr(procedure, "contain", lost)
        remote.set(private=False)
        lost()

    monkeypatch.setattr(procedure, "open_again", opened_and_lost)
    outcome = taken_down(hub, corpus, ["journal:r9"])
    assert [finding.code for finding in outcome.findings] == ["takedown-unverified"] * 2
    assert "could not be closed again" in outcome.findings[1].detail
    assert outcome.opened == []
