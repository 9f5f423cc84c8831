"""What the embedded Hub promises: of several writers one wins, closed doors stay closed, bytes are whole."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfFileSystem
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from hub_client import ROWS, SMALL, added, api, as_owner, asked, committed, filled, patient_client, status_of
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving

RESOLVE = f"/datasets/{SMALL}/resolve/main"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LocalHub]:
    with serving(tmp_path / "hub", keep_log=True) as found, patient_client(xet=False):
        yield found


@pytest.fixture(params=["lfs", "xet"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalHub]:
    """Return a Hub, to which the client sends content in one way or the other."""
    with serving(tmp_path / "hub", keep_log=True) as found, patient_client(xet=request.param == "xet"):
        yield found


def test_what_is_sent_comes_back(either: LocalHub, tmp_path: Path) -> None:
    names = {
        "유포/기사 1.txt": b"1",
        "a b%2Fc.txt": b"2",
        "100%.txt": b"3",
        "empty.parquet": b"",
        "data/ü?x=1#.parquet": ROWS,
    }
    filled(either)
    added(either, names)
    api(either).create_branch(SMALL, branch="with/slash", repo_type="dataset")
    for path, data in names.items():
        options: dict[str, Any] = {"revision": "with/slash", "cache_dir": tmp_path / "cache"}
        got = api(either).hf_hub_download(SMALL, path, repo_type="dataset", **options)
        assert Path(got).read_bytes() == data
    listed = {each.path for each in api(either).list_repo_tree(SMALL, repo_type="dataset", recursive=True)}
    assert names.keys() <= listed


def test_of_four_writers_with_one_parent_one_wins(either: LocalHub) -> None:
    parent = filled(either)
    results: list[Any] = []

    def write(number: int) -> None:
        try:
            results.append(added(either, {f"{number}.parquet": ROWS + bytes([number])}, parent_commit=parent))
        except HfHubHTTPError as error:
            results.append(error.response.status_code)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results), key=len)[:3] == ["412", "412", "412"]
    assert len(api(either).list_repo_commits(SMALL, repo_type="dataset")) == 3


def test_a_tag_stays_where_it_is(hub: LocalHub) -> None:
    first = filled(hub)
    owner = api(hub)
    owner.create_tag(SMALL, tag="v1.0.0", repo_type="dataset")
    second = added(hub, {"more.txt": b"more"})
    assert status_of(lambda: owner.create_tag(SMALL, tag="v1.0.0", revision=second, repo_type="dataset")) == 409
    assert owner.dataset_info(SMALL, revision="v1.0.0").sha == first
    assert status_of(lambda: added(hub, {"x.txt": b"x"}, revision="v1.0.0")) == 400
    owner.delete_tag(SMALL, tag="v1.0.0", repo_type="dataset")
    assert status_of(lambda: owner.delete_tag(SMALL, tag="v1.0.0", repo_type="dataset")) == 404
    owner.create_tag(SMALL, tag="v1.0.0", revision=second, repo_type="dataset")
    assert owner.dataset_info(SMALL, revision="v1.0.0").sha == second


def test_a_branch_goes_its_own_way(hub: LocalHub) -> None:
    first = filled(hub)
    owner = api(hub)
    owner.create_branch(SMALL, branch="side/way", repo_type="dataset")
    side = added(hub, {"side.txt": b"side"}, revision="side/way")
    refs = owner.list_repo_refs(SMALL, repo_type="dataset")
    assert {each.name: each.target_commit for each in refs.branches} == {"main": first, "side/way": side}
    assert owner.dataset_info(SMALL, revision="HEAD").sha == first
    assert status_of(lambda: owner.create_branch(SMALL, branch="side/way", repo_type="dataset")) == 409
    assert status_of(lambda: owner.delete_branch(SMALL, branch="main", repo_type="dataset")) == 403
    owner.delete_branch(SMALL, branch="side/way", repo_type="dataset")
    assert status_of(lambda: owner.delete_branch(SMALL, branch="side/way", repo_type="dataset")) == 404


def test_a_pull_request_is_a_ref_and_changes_no_branch(hub: LocalHub) -> None:
    first = filled(hub)
    made = api(hub).create_commit(
        SMALL,
        [CommitOperationAdd("x.txt", b"x")],
        commit_message="proposed",
        repo_type="dataset",
        create_pr=True,
    )
    assert (made.pr_num, made.pr_revision) == (1, "refs/pr/1")
    assert api(hub).dataset_info(SMALL).sha == first
    added(hub, {"y.txt": b"y"}, revision="refs/pr/1")
    refs = api(hub).list_repo_refs(SMALL, repo_type="dataset", include_pull_requests=True)
    assert [each.ref for each in refs.pull_requests or ()] == ["refs/pr/1"]
    assert api(hub).file_exists(SMALL, "y.txt", repo_type="dataset", revision="refs/pr/1")


def test_what_is_not_there_has_its_own_error(hub: LocalHub) -> None:
    filled(hub)
    owner = api(hub)
    with pytest.raises(RepositoryNotFoundError):
        owner.dataset_info("org/other")
    for revision in ("v9.0.0", "0" * 40, "none/such"):
        with pytest.raises(RevisionNotFoundError):
            owner.dataset_info(SMALL, revision=revision)
    # A name that no header can hold as it is.
    for path in ("none.txt", "없는 기사.txt", "line\nbreak"):
        with pytest.raises(EntryNotFoundError):
            owner.hf_hub_download(SMALL, path, repo_type="dataset")
    with pytest.raises(EntryNotFoundError):
        list(owner.list_repo_tree(SMALL, "없는", repo_type="dataset"))
    with pytest.raises(EntryNotFoundError, match="A file with this name doesn't exist"):
        committed(hub, CommitOperationDelete("none.txt"))
    assert asked(f"{hub.endpoint}/api/anything/else")[0] == 404


@pytest.mark.parametrize("account", ["reader", None])
def test_private_is_for_the_owner_alone(hub: LocalHub, account: str | None) -> None:
    commit = filled(hub, private=True)
    other = api(hub, account)
    for call in (
        lambda: other.dataset_info(SMALL),
        lambda: other.auth_check(SMALL, repo_type="dataset"),
        lambda: other.list_repo_refs(SMALL, repo_type="dataset"),
        lambda: list(other.list_repo_tree(SMALL, repo_type="dataset")),
        lambda: other.list_repo_commits(SMALL, repo_type="dataset"),
        lambda: other.hf_hub_download(SMALL, "README.md", repo_type="dataset", revision=commit),
    ):
        with pytest.raises(RepositoryNotFoundError):
            call()
    token = {"Authorization": f"Bearer {hub.token(account)}"} if account else {}
    for way in ("resolve", "raw"):
        assert asked(f"{hub.endpoint}/datasets/{SMALL}/{way}/{commit}/README.md", **token)[0] in (401, 404)
    assert asked(f"{hub.endpoint}/api/datasets/{SMALL}/xet-read-token/main", **token)[0] in (401, 404)


@pytest.mark.parametrize("account", ["reader", None])
def test_gated_shows_what_there_is_and_gives_it_to_whom_it_was_granted(
    hub: LocalHub, account: str | None, tmp_path: Path
) -> None:
    filled(hub)
    api(hub).update_repo_settings(SMALL, repo_type="dataset", gated="manual")
    other = api(hub, account)
    assert other.dataset_info(SMALL).gated == "manual"
    with pytest.raises(GatedRepoError):
        other.auth_check(SMALL, repo_type="dataset")
    with pytest.raises(GatedRepoError):
        other.hf_hub_download(SMALL, "data/a.parquet", repo_type="dataset", cache_dir=tmp_path)
    assert status_of(lambda: api(hub).grant_access(SMALL, "stranger", repo_type="dataset")) == 404
    api(hub).grant_access(SMALL, "reader", repo_type="dataset")
    if account:
        got = other.hf_hub_download(SMALL, "data/a.parquet", repo_type="dataset", cache_dir=tmp_path)
        assert Path(got).read_bytes() == ROWS
    else:
        with pytest.raises(GatedRepoError):
            other.auth_check(SMALL, repo_type="dataset")


@pytest.mark.parametrize("account", ["reader", None])
def test_only_the_owner_changes_anything(hub: LocalHub, account: str | None) -> None:
    filled(hub)
    other = api(hub, account)
    operation = [CommitOperationAdd("x.txt", b"x")]
    calls = (
        lambda: other.create_repo("org/new", repo_type="dataset"),
        lambda: other.delete_repo(SMALL, repo_type="dataset"),
        lambda: other.update_repo_settings(SMALL, repo_type="dataset", private=True),
        lambda: other.grant_access(SMALL, "reader", repo_type="dataset"),
        lambda: other.auth_check(SMALL, repo_type="dataset", write=True),
        lambda: other.create_tag(SMALL, tag="v1", repo_type="dataset"),
        lambda: other.create_branch(SMALL, branch="b", repo_type="dataset"),
        lambda: other.super_squash_history(SMALL, repo_type="dataset"),
        lambda: other.create_commit(SMALL, operation, commit_message="x", repo_type="dataset"),
        lambda: list(other.list_lfs_files(SMALL, repo_type="dataset")),
    )
    assert {status_of(call) for call in calls} == {403 if account else 401}


def test_a_token_that_is_none_is_refused_everywhere(hub: LocalHub) -> None:
    filled(hub)
    for path in (f"/api/datasets/{SMALL}", "/api/whoami-v2", f"{RESOLVE}/README.md"):
        assert asked(hub.endpoint + path, Authorization="Bearer invented")[0] == 401


def test_no_token_reaches_the_origin_of_content(either: LocalHub, tmp_path: Path) -> None:
    filled(either, private=True)
    got = api(either).snapshot_download(SMALL, repo_type="dataset", local_dir=tmp_path / "got")
    assert (Path(got) / "data" / "a.parquet").read_bytes() == ROWS
    files = HfFileSystem(endpoint=either.endpoint, token=either.token(), skip_instance_cache=True)
    assert files.cat_file(f"datasets/{SMALL}/data/a.parquet", start=5, end=9) == ROWS[5:9]
    at_content = [each for each in either.log if each.at_cdn]
    assert {each.with_token for each in at_content} == {False}
    assert "content" in {each.path.split("/")[1] for each in at_content}


def test_content_is_given_to_whom_the_hub_sent_and_for_a_while(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(hub)
    status, headers, _ = asked(f"{hub.endpoint}{RESOLVE}/data/a.parquet")
    address = headers["location"]
    assert (status, address.startswith(hub.cdn)) == (302, True)
    assert asked(address)[2] == ROWS
    assert asked(address.partition("?")[0])[0] == 403
    assert asked(f"{address[:-1]}{'0' if address[-1] != '0' else '1'}")[0] == 403
    digest = hashlib.sha256(ROWS).hexdigest()
    other = hashlib.sha256(b"# Small\n").hexdigest()
    assert asked(address.replace(digest, other))[0] == 403
    later = time.time() + 7200
    monkeypatch.setattr("pressmark.hub.local.resolve.time.time", lambda: later)
    assert asked(address)[0] == 403


@pytest.mark.parametrize(
    ("asked_for", "status", "found"),
    [
        ("bytes=0-3", 206, ROWS[:4]),
        ("bytes=10-", 206, ROWS[10:]),
        ("bytes=-5", 206, ROWS[-5:]),
        ("bytes=-999999", 206, ROWS),
        ("bytes=5-999999", 206, ROWS[5:]),
        ("bytes=999999-", 416, b""),
        ("bytes=-0", 416, b""),
        ("bytes=-", 200, ROWS),
        ("bytes=0-1,5-6", 200, ROWS),
        ("lines=1-2", 200, ROWS),
    ],
)
def test_a_range_is_those_bytes(hub: LocalHub, asked_for: str, status: int, found: bytes) -> None:
    filled(hub)
    address = asked(f"{hub.endpoint}{RESOLVE}/data/a.parquet")[1]["location"]
    got = asked(address, Range=asked_for)
    assert (got[0], got[2]) == (status, found)
    if status != 200:
        assert got[1]["content-range"].endswith(f"/{len(ROWS)}")
    assert asked(address, "HEAD", Range=asked_for)[1]["content-length"] == str(len(found))


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "/x", "a//b", ".git/config", "a/.GIT/x", "a\nb", "", "README.md/x"]
)
def test_a_path_that_no_repository_has_is_refused(hub: LocalHub, path: str) -> None:
    head = filled(hub)
    header = {"key": "header", "value": {"summary": "x", "description": ""}}
    lines = [header, {"key": "file", "value": {"path": path, "content": "eA==", "encoding": "base64"}}]
    body = "\n".join(map(json.dumps, lines))
    assert as_owner(hub, f"/api/datasets/{SMALL}/commit/main", body)[0] == 400
    assert api(hub).dataset_info(SMALL).sha == head


def test_a_name_leads_out_of_no_folder(hub: LocalHub) -> None:
    filled(hub)
    (hub.store.folder / "repo.json").write_text('{"private": false}', encoding="utf-8")
    for name in ("..", "a/b/c", "", ".hidden", "x" * 200, None):
        asked_for = {"name": name, "organization": "org", "type": "dataset"}
        assert as_owner(hub, "/api/repos/create", asked_for)[0] == (200 if name is None else 400)
    assert as_owner(hub, "/api/repos/delete", {"name": "..", "organization": ".."}, "DELETE")[0] == 404
    for name in ("..%2F../x", "org%2F../..", "%2e%2e/%2e%2e"):
        assert as_owner(hub, f"/api/datasets/{name}", method="GET")[0] == 404
    for revision in ("..%2F..%2Frepo", "x" * 5000, "%00"):
        assert as_owner(hub, f"/api/datasets/{SMALL}/revision/{revision}", method="GET")[0] == 404
    assert hub.store.folder.is_dir()


def test_squashing_forgets_and_a_tag_keeps_its_own(hub: LocalHub) -> None:
    first = filled(hub)
    api(hub).create_tag(SMALL, tag="v1.0.0", repo_type="dataset")
    second = added(hub, {"more.txt": b"more"})
    added(hub, {"most.txt": b"most"})
    api(hub).super_squash_history(SMALL, repo_type="dataset")
    assert len(api(hub).list_repo_commits(SMALL, repo_type="dataset")) == 1
    assert api(hub).file_exists(SMALL, "more.txt", repo_type="dataset")
    assert api(hub).dataset_info(SMALL, revision=first).sha == first
    with pytest.raises(RevisionNotFoundError):
        api(hub).dataset_info(SMALL, revision=second)


def deleted(hub: LocalHub, *contents: bytes, **options: Any) -> None:
    listed = {each.file_oid: each for each in api(hub).list_lfs_files(SMALL, repo_type="dataset")}
    chosen = [listed[hashlib.sha256(content).hexdigest()] for content in contents]
    api(hub).permanently_delete_lfs_files(SMALL, chosen, repo_type="dataset", **options)


def test_deleting_content_for_good_takes_its_pointers_along(either: LocalHub) -> None:
    commit = filled(either)
    added(either, {"data/b.parquet": ROWS + b"b"})
    api(either).create_tag(SMALL, tag="v1.0.0", repo_type="dataset")
    deleted(either, ROWS)
    assert [each.filename for each in api(either).list_lfs_files(SMALL, repo_type="dataset")] == ["data/b.parquet"]
    assert not either.store.holds(hashlib.sha256(ROWS).hexdigest())
    for revision in ("main", "v1.0.0"):
        assert not api(either).file_exists(SMALL, "data/a.parquet", repo_type="dataset", revision=revision)
        assert api(either).file_exists(SMALL, "data/b.parquet", repo_type="dataset", revision=revision)
    assert asked(f"{either.endpoint}/datasets/{SMALL}/resolve/{commit}/data/a.parquet")[0] == 404
    again = added(either, {"data/a.parquet": ROWS})
    assert asked(f"{either.endpoint}/datasets/{SMALL}/resolve/{again}/data/a.parquet")[0] == 302


def test_deleting_content_can_leave_pointers_to_nothing(hub: LocalHub) -> None:
    commit = filled(hub)
    deleted(hub, ROWS, rewrite_history=False)
    assert api(hub).dataset_info(SMALL).sha == commit
    assert "data/a.parquet" in api(hub).list_repo_files(SMALL, repo_type="dataset")
    assert not api(hub).file_exists(SMALL, "data/a.parquet", repo_type="dataset")


def test_deleting_content_takes_none_that_is_needed_elsewhere(hub: LocalHub) -> None:
    filled(hub)
    data = b"the same content in git, and apart"
    added(hub, {"in-git.txt": data, "apart.parquet": data})
    owner = api(hub)
    owner.create_repo("org/other", repo_type="dataset")
    operation = [CommitOperationAdd("rows.parquet", ROWS)]
    owner.create_commit("org/other", operation, commit_message="rows", repo_type="dataset")
    deleted(hub, data, ROWS)
    assert asked(f"{hub.endpoint}{RESOLVE}/in-git.txt")[2] == data
    assert asked(f"{hub.endpoint}{RESOLVE}/apart.parquet")[0] == 404
    assert asked(f"{hub.endpoint}/datasets/org/other/resolve/main/rows.parquet")[0] == 302


def test_a_part_of_a_file_that_is_a_file_too_leaves_that_one_alone(hub: LocalHub) -> None:
    filled(hub)
    half = b"half of it, and a file of its own" * 10
    added(hub, {"half.parquet": half})
    hub.store.part_bytes = len(half)
    added(hub, {"whole.parquet": half + half})
    for path, data in (("half.parquet", half), ("whole.parquet", half * 2)):
        address = asked(f"{hub.endpoint}{RESOLVE}/{path}")[1]["location"]
        assert asked(address)[2] == data
    assert list((hub.store.folder / "uploads").iterdir()) == []


def test_a_commit_is_whole_or_not_at_all(hub: LocalHub) -> None:
    head = filled(hub)
    good = CommitOperationAdd("good.txt", b"good")
    assert status_of(lambda: committed(hub, good, CommitOperationDelete("not-there.txt"))) == 404
    assert api(hub).dataset_info(SMALL).sha == head
    lines = ['{"key": "header", "value": {"summary": "x"}}', '{"key": "lfsFile", "value": {"path": "x", "size": 1}}']
    for body in ("", "no JSON", "\n".join(lines), lines[0].replace("header", "footer")):
        assert as_owner(hub, f"/api/datasets/{SMALL}/commit/main", body)[0] == 400
    digest = hashlib.sha256(ROWS).hexdigest()
    wrong = f'{{"key": "lfsFile", "value": {{"path": "x", "algo": "sha256", "oid": "{digest}", "size": 1}}}}'
    assert as_owner(hub, f"/api/datasets/{SMALL}/commit/main", f"{lines[0]}\n{wrong}")[0] == 400
    assert api(hub).dataset_info(SMALL).sha == head


def test_a_file_stands_apart_by_its_name_its_size_or_its_bytes(hub: LocalHub) -> None:
    filled(hub)
    added(hub, {"a.txt": b"words", "b.txt": b"by\0tes", "c.parquet": b"rows", "d.txt": b"x" * 10_000_001})
    found = api(hub).get_paths_info(SMALL, ["a.txt", "b.txt", "c.parquet", "d.txt"], repo_type="dataset")
    assert [each.path for each in found if getattr(each, "lfs", None)] == ["b.txt", "c.parquet", "d.txt"]


def test_a_repository_that_is_deleted_can_be_made_again(hub: LocalHub) -> None:
    filled(hub)
    owner = api(hub)
    owner.delete_repo(SMALL, repo_type="dataset")
    with pytest.raises(RepositoryNotFoundError):
        owner.delete_repo(SMALL, repo_type="dataset")
    owner.create_repo(SMALL, repo_type="dataset")
    assert owner.list_repo_files(SMALL, repo_type="dataset") == [".gitattributes"]
