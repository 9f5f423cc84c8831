"""What the embedded Hub promises: of several writers one wins, closed doors stay closed, and bytes are whole."""

import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from hub_cases import patient_client
from pressmark.errors import UsageError
from pressmark.hub.local.faults import KINDS, Fault
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving
from pressmark.hub.local.store import Store

REPO = "org/small"
ROWS = bytes(range(256)) * 40


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LocalHub]:
    with serving(tmp_path / "hub", keep_log=True) as found, patient_client(xet=False):
        yield found


def api(hub: LocalHub, account: str | None = "owner") -> HfApi:
    return HfApi(endpoint=hub.endpoint, token=hub.token(account) if account else False)


def committed(hub: LocalHub, files: dict[str, bytes], parent: str | None = None) -> str:
    operations = [CommitOperationAdd(path, data) for path, data in files.items()]
    made = api(hub).create_commit(REPO, operations, commit_message="files", repo_type="dataset", parent_commit=parent)
    return made.oid


def filled(hub: LocalHub, **options: Any) -> str:
    api(hub).create_repo(REPO, repo_type="dataset", **options)
    return committed(hub, {"README.md": b"# Small\n", "data/a.parquet": ROWS})


def asked(address: str, method: str = "GET", body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(address)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection(parts.netloc, timeout=20)) as connection:
        chunked = "Transfer-Encoding" in named
        connection.request(method, f"{parts.path}?{parts.query}", body=body, headers=named, encode_chunked=chunked)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def status_of(call: Any) -> int:
    with pytest.raises(HfHubHTTPError) as refused:
        call()
    return int(refused.value.response.status_code)


def test_of_four_writers_with_one_parent_one_wins(hub: LocalHub) -> None:
    parent = filled(hub)
    results: list[Any] = []

    def write(number: int) -> None:
        try:
            results.append(committed(hub, {f"{number}.txt": b"mine"}, parent))
        except HfHubHTTPError as error:
            results.append(error.response.status_code)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results), key=len)[:3] == ["412", "412", "412"]
    assert len(api(hub).list_repo_commits(REPO, repo_type="dataset")) == 3


def test_a_tag_stays_where_it_is(hub: LocalHub) -> None:
    first = filled(hub)
    owner = api(hub)
    owner.create_tag(REPO, tag="v1.0.0", repo_type="dataset")
    second = committed(hub, {"more.txt": b"more"})
    assert status_of(lambda: owner.create_tag(REPO, tag="v1.0.0", revision=second, repo_type="dataset")) == 409
    assert owner.dataset_info(REPO, revision="v1.0.0").sha == first
    operation = [CommitOperationAdd("x.txt", b"x")]
    assert (
        status_of(
            lambda: owner.create_commit(REPO, operation, commit_message="x", repo_type="dataset", revision="v1.0.0")
        )
        == 400
    )


def test_what_is_not_there_has_its_own_error(hub: LocalHub) -> None:
    filled(hub)
    owner = api(hub)
    with pytest.raises(RepositoryNotFoundError):
        owner.dataset_info("org/other")
    with pytest.raises(RevisionNotFoundError):
        owner.dataset_info(REPO, revision="v9.0.0")
    with pytest.raises(EntryNotFoundError):
        owner.hf_hub_download(REPO, "none.txt", repo_type="dataset")
    assert asked(f"{hub.endpoint}/api/anything/else")[0] == 404


@pytest.mark.parametrize("account", ["reader", None])
def test_private_is_for_the_owner_alone(hub: LocalHub, account: str | None) -> None:
    commit = filled(hub, private=True)
    other = api(hub, account)
    for call in (
        lambda: other.dataset_info(REPO),
        lambda: other.list_repo_refs(REPO, repo_type="dataset"),
        lambda: list(other.list_repo_tree(REPO, repo_type="dataset")),
        lambda: other.list_repo_commits(REPO, repo_type="dataset"),
        lambda: other.hf_hub_download(REPO, "README.md", repo_type="dataset", revision=commit),
    ):
        with pytest.raises(RepositoryNotFoundError):
            call()
    token = {"Authorization": f"Bearer {hub.token(account)}"} if account else {}
    for way in ("resolve", "raw"):
        assert asked(f"{hub.endpoint}/datasets/{REPO}/{way}/{commit}/README.md", **token)[0] in (401, 404)
    assert asked(f"{hub.endpoint}/api/datasets/{REPO}/xet-read-token/main", **token)[0] in (401, 404)


@pytest.mark.parametrize("account", ["reader", None])
def test_gated_shows_what_there_is_and_gives_it_to_whom_it_was_granted(
    hub: LocalHub, account: str | None, tmp_path: Path
) -> None:
    filled(hub)
    api(hub).update_repo_settings(REPO, repo_type="dataset", gated="manual")
    other = api(hub, account)
    assert other.dataset_info(REPO).gated == "manual"
    with pytest.raises(GatedRepoError):
        other.hf_hub_download(REPO, "data/a.parquet", repo_type="dataset", cache_dir=tmp_path)
    with hub.store.changing(REPO) as repo:
        repo.granted.append("reader")
    if account:
        got = other.hf_hub_download(REPO, "data/a.parquet", repo_type="dataset", cache_dir=tmp_path)
        assert Path(got).read_bytes() == ROWS


@pytest.mark.parametrize("account", ["reader", None])
def test_only_the_owner_changes_anything(hub: LocalHub, account: str | None) -> None:
    filled(hub)
    other = api(hub, account)
    operation = [CommitOperationAdd("x.txt", b"x")]
    calls = (
        lambda: other.create_repo("org/new", repo_type="dataset"),
        lambda: other.delete_repo(REPO, repo_type="dataset"),
        lambda: other.update_repo_settings(REPO, repo_type="dataset", private=True),
        lambda: other.create_tag(REPO, tag="v1", repo_type="dataset"),
        lambda: other.create_branch(REPO, branch="b", repo_type="dataset"),
        lambda: other.super_squash_history(REPO, repo_type="dataset"),
        lambda: other.create_commit(REPO, operation, commit_message="x", repo_type="dataset"),
        lambda: list(other.list_lfs_files(REPO, repo_type="dataset")),
    )
    assert {status_of(call) for call in calls} == {403 if account else 401}


def test_a_token_that_is_none_is_refused_everywhere(hub: LocalHub) -> None:
    filled(hub)
    for path in (f"/api/datasets/{REPO}", "/api/whoami-v2", f"/datasets/{REPO}/resolve/main/README.md"):
        assert asked(hub.endpoint + path, Authorization="Bearer invented")[0] == 401


def test_content_is_given_to_whom_the_hub_sent_and_for_a_while(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(hub)
    status, headers, _ = asked(f"{hub.endpoint}/datasets/{REPO}/resolve/main/data/a.parquet")
    address = headers["location"]
    assert (status, address.startswith(hub.cdn)) == (302, True)
    assert asked(address)[2] == ROWS
    assert asked(address.partition("?")[0])[0] == 403
    assert asked(f"{address[:-1]}{'0' if address[-1] != '0' else '1'}")[0] == 403
    later = time.time() + 7200
    monkeypatch.setattr("pressmark.hub.local.resolve.time.time", lambda: later)
    assert asked(address)[0] == 404


@pytest.mark.parametrize(
    ("asked_for", "status", "found"),
    [
        ("bytes=0-3", 206, ROWS[:4]),
        ("bytes=10-", 206, ROWS[10:]),
        ("bytes=-5", 206, ROWS[-5:]),
        ("bytes=5-999999", 206, ROWS[5:]),
        ("bytes=999999-", 416, b""),
        ("bytes=-", 200, ROWS),
        ("lines=1-2", 200, ROWS),
    ],
)
def test_a_range_is_those_bytes(hub: LocalHub, asked_for: str, status: int, found: bytes) -> None:
    filled(hub)
    address = asked(f"{hub.endpoint}/datasets/{REPO}/resolve/main/data/a.parquet")[1]["location"]
    got = asked(address, Range=asked_for)
    assert (got[0], got[2]) == (status, found)
    if status == 206:
        assert got[1]["content-range"].endswith(f"/{len(ROWS)}")


def test_content_that_is_not_what_it_says_is_not_kept(hub: LocalHub) -> None:
    filled(hub)
    data = b"other bytes" * 10
    oid = hashlib.sha256(data).hexdigest()
    objects = json.dumps({"operation": "upload", "objects": [{"oid": oid, "size": len(data)}]})
    batch = f"{hub.endpoint}/datasets/{REPO}.git/info/lfs/objects/batch"
    answer = asked(batch, "POST", objects, Authorization=f"Bearer {hub.token()}")
    address = json.loads(answer[2])["objects"][0]["actions"]["upload"]["href"]
    assert asked(address, "PUT", data[:-1])[0] == 400
    assert asked(address, "PUT", data[:-1] + b"!")[0] == 400
    assert not hub.store.holds(oid)
    chunked = asked(address, "PUT", iter([data[:50], data[50:]]), Transfer_Encoding="chunked")
    assert (chunked[0], hub.store.holds(oid)) == (200, True)


def test_an_upload_that_is_killed_leaves_nothing_behind_its_name(hub: LocalHub) -> None:
    filled(hub)
    data = b"x" * 200_000
    oid = hashlib.sha256(data).hexdigest()
    objects = json.dumps({"operation": "upload", "objects": [{"oid": oid, "size": len(data)}]})
    batch = f"{hub.endpoint}/datasets/{REPO}.git/info/lfs/objects/batch"
    answer = asked(batch, "POST", objects, Authorization=f"Bearer {hub.token()}")
    parts = urlsplit(json.loads(answer[2])["objects"][0]["actions"]["upload"]["href"])
    connection = http.client.HTTPConnection(parts.netloc)
    connection.putrequest("PUT", f"{parts.path}?{parts.query}")
    connection.putheader("Content-Length", str(len(data)))
    connection.endheaders(data[:1000])
    connection.close()
    deadline = time.monotonic() + 10
    while list((hub.store.folder / "uploads").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list((hub.store.folder / "uploads").iterdir()) == []
    assert not hub.store.holds(oid)


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/x", "a//b", ".git/config", "a\nb", ""])
def test_a_path_that_no_repository_has_is_refused(hub: LocalHub, path: str) -> None:
    filled(hub)
    header = {"key": "header", "value": {"summary": "x", "description": ""}}
    lines = [header, {"key": "file", "value": {"path": path, "content": "eA==", "encoding": "base64"}}]
    body = "\n".join(map(json.dumps, lines))
    token = f"Bearer {hub.token()}"
    found = asked(f"{hub.endpoint}/api/datasets/{REPO}/commit/main", "POST", body, Authorization=token)
    assert found[0] == 400
    for name in ("..", "a/b/c", ""):
        asked_for = json.dumps({"name": name, "organization": "org", "type": "dataset"})
        assert asked(f"{hub.endpoint}/api/repos/create", "POST", asked_for, Authorization=token)[0] == 400


def test_odd_names_are_names(hub: LocalHub) -> None:
    filled(hub)
    names = {"유포/기사 1.txt": b"1", "a b%2Fc.txt": b"2", "100%.txt": b"3", "data/ü?x=1#y.parquet": ROWS}
    committed(hub, names)
    api(hub).create_branch(REPO, branch="with/slash", repo_type="dataset")
    for path, data in names.items():
        got = api(hub).hf_hub_download(REPO, path, repo_type="dataset", revision="with/slash")
        assert Path(got).read_bytes() == data
    listed = {each.path for each in api(hub).list_repo_tree(REPO, repo_type="dataset", recursive=True)}
    assert names.keys() <= listed


def test_squashing_forgets_and_a_tag_keeps_its_own(hub: LocalHub) -> None:
    first = filled(hub)
    api(hub).create_tag(REPO, tag="v1.0.0", repo_type="dataset")
    second = committed(hub, {"more.txt": b"more"})
    committed(hub, {"most.txt": b"most"})
    api(hub).super_squash_history(REPO, repo_type="dataset")
    assert len(api(hub).list_repo_commits(REPO, repo_type="dataset")) == 1
    assert api(hub).dataset_info(REPO, revision=first).sha == first
    with pytest.raises(RevisionNotFoundError):
        api(hub).dataset_info(REPO, revision=second)


def test_deleting_content_for_good_takes_its_pointers_along(hub: LocalHub) -> None:
    commit = filled(hub)
    committed(hub, {"data/b.parquet": ROWS + b"b"})
    api(hub).create_tag(REPO, tag="v1.0.0", repo_type="dataset")
    listed = {each.file_oid: each for each in api(hub).list_lfs_files(REPO, repo_type="dataset")}
    gone = hashlib.sha256(ROWS).hexdigest()
    api(hub).permanently_delete_lfs_files(REPO, [listed[gone]], repo_type="dataset")
    assert [each.filename for each in api(hub).list_lfs_files(REPO, repo_type="dataset")] == ["data/b.parquet"]
    assert not hub.store.holds(gone)
    for revision in ("main", "v1.0.0"):
        assert not api(hub).file_exists(REPO, "data/a.parquet", repo_type="dataset", revision=revision)
        assert api(hub).file_exists(REPO, "data/b.parquet", repo_type="dataset", revision=revision)
    assert asked(f"{hub.endpoint}/datasets/{REPO}/resolve/{commit}/data/a.parquet")[0] == 404


def test_a_commit_is_whole_or_not_at_all(hub: LocalHub) -> None:
    head = filled(hub)
    operations: list[Any] = [CommitOperationAdd("good.txt", b"good"), CommitOperationDelete("not-there.txt")]
    assert (
        status_of(lambda: api(hub).create_commit(REPO, operations, commit_message="half", repo_type="dataset")) == 400
    )
    assert api(hub).dataset_info(REPO).sha == head


def test_two_servers_may_share_a_folder(hub: LocalHub) -> None:
    parent = filled(hub)
    with serving(hub.store.folder) as other:
        assert other.token() == hub.token()
        made = committed(other, {"by-the-other.txt": b"x"}, parent)
        assert api(hub).dataset_info(REPO).sha == made
        assert status_of(lambda: committed(hub, {"late.txt": b"x"}, parent)) == 412
        address = asked(f"{hub.endpoint}/datasets/{REPO}/resolve/main/data/a.parquet")[1]["location"]
        assert asked(address.replace(hub.cdn, other.cdn))[2] == ROWS


def test_several_requests_go_through_one_connection(hub: LocalHub) -> None:
    filled(hub)
    asked_for = (("/api/whoami-v2", None), ("/no/such/place", b"unread" * 1000), (f"/api/datasets/{REPO}", None))
    with closing(http.client.HTTPConnection(urlsplit(hub.endpoint).netloc)) as connection:
        for path, body in asked_for:
            connection.request("POST" if body else "GET", path, body=body)
            assert connection.getresponse().read()


def test_it_listens_to_this_machine_alone(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "hub.example"):  # noqa: S104 - that is what is refused
        with pytest.raises(UsageError, match="from other machines"), serving(tmp_path, host=host):
            pass
    with serving(tmp_path / "a") as one:
        again = serving(tmp_path / "b", port=urlsplit(one.endpoint).port or 0)
        with pytest.raises(UsageError, match="cannot listen"), again:
            pass


def test_tokens_are_for_the_owner_of_the_folder_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "hub")
    assert (tmp_path / "hub").stat().st_mode & 0o077 == 0
    assert (tmp_path / "hub" / "tokens.json").stat().st_mode & 0o077 == 0
    assert Store(tmp_path / "hub").tokens == store.tokens


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_what_its_name_says(hub: LocalHub, kind: str) -> None:
    first = filled(hub)
    second = committed(hub, {"more.txt": b"more"})
    token = {"Authorization": f"Bearer {hub.token()}"}
    address = f"{hub.endpoint}/api/datasets/{REPO}"
    tag = f"{address}/tag/main"
    hub.faults.plan(Fault(kind, method="GET|POST", path="/api/datasets/.*"))
    if kind in ("drop-before", "lost-answer", "500-after"):
        if kind == "500-after":
            assert asked(tag, "POST", '{"tag": "v1"}', **token)[0] == 500
        else:
            with pytest.raises(ConnectionResetError):
                asked(tag, "POST", '{"tag": "v1"}', **token)
        found = hub.store.repo(REPO)
        assert found is not None
        assert ("refs/tags/v1" in found.refs) is (kind != "drop-before")
    elif kind == "reset-mid-body":
        with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
            asked(address, **token)
    elif kind == "stale-head":
        assert json.loads(asked(address, **token)[2])["sha"] == first
    elif kind == "corrupt-body":
        bad, good = asked(address, **token)[2], asked(address, **token)[2]
        assert len(good) == len(bad)
        assert sum(one != other for one, other in zip(good, bad, strict=True)) == 1
    else:
        answer = asked(address, **token)
        assert answer[0] == int(kind)
        assert (kind == "502") is answer[2].startswith(b"<html>")
        assert (kind == "429") is ("retry-after" in answer[1])
    assert [fault.kind for fault in hub.faults.fired] == [kind]
    assert json.loads(asked(address, **token)[2])["sha"] == second


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pressmark", "hub", "serve", str(tmp_path / "hub"), "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or lines[-1] != "}\n":
            lines.append(process.stdout.readline())
        told = json.loads("".join(lines))
        owner = HfApi(endpoint=told["endpoint"], token=told["tokens"]["owner"])
        assert owner.whoami()["name"] == "owner"
        assert HfApi(endpoint=told["endpoint"], token=told["tokens"]["reader"]).whoami()["name"] == "reader"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "200 GET /api/whoami-v2" in said
    assert told["tokens"]["owner"] not in said
