"""Things that go wrong on purpose: each as its name says, and as the Hub's own client takes it."""

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from huggingface_hub import CommitOperationAdd
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import httpx  # type: ignore[attr-defined]

from hub_client import ROWS, SMALL, added, api, asked, filled, patient_client, status_of
from pressmark.hub.local.faults import AFTER, CORRUPT, DROPPED, KINDS, LOST, RESET, STALE, Fault
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving

API = f"/api/datasets/{SMALL}"
ANSWERS = tuple(kind for kind in KINDS if kind.isdigit())


@pytest.fixture(params=["lfs", "xet"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalHub]:
    with serving(tmp_path / "hub", keep_log=True) as found, patient_client(xet=request.param == "xet"):
        yield found


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LocalHub]:
    with serving(tmp_path / "hub", keep_log=True) as found, patient_client(xet=False):
        yield found


def head(hub: LocalHub) -> str:
    """Return the head of the main branch as it is in the folder, whatever the server says."""
    repo = hub.store.repo(SMALL)
    assert repo is not None
    return repo.refs["refs/heads/main"]


def tagged(hub: LocalHub) -> bool:
    repo = hub.store.repo(SMALL)
    return repo is not None and "refs/tags/v1" in repo.refs


def tag(hub: LocalHub) -> tuple[int, dict[str, str], bytes]:
    return asked(f"{hub.endpoint}{API}/tag/main", "POST", '{"tag": "v1"}', Authorization=f"Bearer {hub.token()}")


def content(hub: LocalHub) -> str:
    return asked(f"{hub.endpoint}/datasets/{SMALL}/resolve/main/data/a.parquet")[1]["location"]


@pytest.mark.parametrize("kind", [DROPPED, LOST])
def test_a_connection_is_reset_before_or_after_what_was_asked(hub: LocalHub, kind: str) -> None:
    filled(hub)
    hub.faults.plan(Fault(kind, "POST", f"{API}/tag/.*"))
    with pytest.raises(ConnectionResetError):
        tag(hub)
    assert tagged(hub) is (kind == LOST)
    assert tag(hub)[0] == (409 if kind == LOST else 200)
    assert [(each.status, each.fault) for each in hub.log if each.fault] == [(0, kind)]


def test_an_answer_ends_in_the_middle(hub: LocalHub) -> None:
    filled(hub)
    address = content(hub)
    hub.faults.plan(Fault(RESET, path="/content/.*"))
    parts = urlsplit(address)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=20)) as connection:
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["content-length"]) == (200, str(len(ROWS)))
        # No end in order comes after what was sent: the other side resets the connection.
        with pytest.raises(ConnectionResetError):
            answer.read()
    assert asked(address)[2] == ROWS


def test_one_byte_is_another(hub: LocalHub) -> None:
    filled(hub)
    address = content(hub)
    hub.faults.plan(Fault(CORRUPT, path="/content/.*"))
    bad = asked(address)[2]
    assert sum(one != other for one, other in zip(ROWS, bad, strict=True)) == 1


def test_a_head_is_not_the_newest(hub: LocalHub) -> None:
    first = filled(hub)
    second = added(hub, {"more.txt": b"more"})
    hub.faults.plan(Fault(STALE, times=3))
    assert api(hub).dataset_info(SMALL).sha == first
    assert "more.txt" not in api(hub).list_repo_files(SMALL, repo_type="dataset")
    # What writes is not misled.
    third = added(hub, {"third.txt": b"third"}, parent_commit=second)
    assert (head(hub), api(hub).dataset_info(SMALL).sha) == (third, third)


def test_what_was_done_is_called_a_failure(hub: LocalHub) -> None:
    filled(hub)
    hub.faults.plan(Fault(AFTER, "POST"))
    assert (tag(hub)[0], tagged(hub)) == (500, True)


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_stands_for_what_was_asked(hub: LocalHub, kind: str) -> None:
    filled(hub)
    hub.faults.plan(Fault(kind, "POST"))
    status, headers, body = tag(hub)
    assert (status, tagged(hub)) == (int(kind), False)
    assert headers["content-type"] == ("text/html" if kind == "502" else "application/json")
    assert body.startswith(b"<html>" if kind == "502" else b'{"error"')
    assert headers.get("retry-after") == ("1" if kind == "429" else None)
    assert (tag(hub)[0], tagged(hub)) == (200, True)


def test_a_fault_waits_for_its_turn_and_comes_as_often_as_it_says(hub: LocalHub) -> None:
    filled(hub)
    hub.faults.plan(Fault("503", "GET", API, skip=1, times=2), Fault("500", "POST"))
    statuses = [asked(f"{hub.endpoint}{API}")[0] for _ in range(5)]
    assert statuses == [200, 503, 503, 200, 200]
    assert [fault.kind for fault in hub.faults.fired] == ["503", "503"]
    hub.faults.plan()
    assert (tag(hub)[0], hub.faults.fired) == (200, [])


def test_after_a_fault_the_connection_goes_on(hub: LocalHub) -> None:
    filled(hub)
    hub.faults.plan(Fault("503", "POST"))
    with closing(http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=20)) as connection:
        for path, status in ((f"{API}/commit/main", 503), ("/api/validate-yaml", 200)):
            connection.request("POST", path, body=b"{}" if status == 200 else b"unread" * 100_000)
            answer = connection.getresponse()
            assert (answer.status, bool(answer.read())) == (status, True)
            assert connection.sock is not None


# What the client tries again by itself.
TRIED_AGAIN = (DROPPED, LOST, RESET, "408", "429", "500", "502", "503", "504")


@pytest.mark.parametrize("kind", TRIED_AGAIN)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{API}/preupload/main"),
        ("POST", ".*/objects/batch"),
        ("PUT", "/upload/.*"),
        ("POST", ".*/verify"),
        ("GET", f"{API}/tree/main"),
    ],
)
def test_the_client_tries_again(hub: LocalHub, kind: str, method: str, path: str) -> None:
    filled(hub)
    hub.faults.plan(Fault(kind, method, path))
    added(hub, {"data/b.parquet": ROWS + b"b"})
    found = [each.path for each in api(hub).list_repo_tree(SMALL, repo_type="dataset", recursive=True)]
    assert "data/b.parquet" in found
    assert [fault.kind for fault in hub.faults.fired] == [kind]


@pytest.mark.parametrize("kind", ["503", "429", DROPPED, LOST])
def test_the_client_asks_again_where_to_send(hub: LocalHub, kind: str) -> None:
    with patient_client(xet=True):
        filled(hub)
        hub.faults.plan(Fault(kind, "GET", f"{API}/xet-write-token/main"))
        added(hub, {"data/b.parquet": ROWS + b"b"})
    assert [fault.kind for fault in hub.faults.fired] == [kind]


@pytest.mark.parametrize("kind", ["409", "412", "429", "500", "503", AFTER])
def test_the_client_gives_up_a_commit_at_once(either: LocalHub, kind: str) -> None:
    before = filled(either)
    either.faults.plan(Fault(kind, "POST", f"{API}/commit/main"))
    assert status_of(lambda: added(either, {"data/b.parquet": ROWS + b"b"})) == (500 if kind == AFTER else int(kind))
    assert (head(either) == before) is (kind != AFTER)


def test_the_client_does_not_know_whether_a_commit_happened(either: LocalHub) -> None:
    before = filled(either)
    either.faults.plan(Fault(LOST, "POST", f"{API}/commit/main"))
    with pytest.raises(httpx.TransportError):
        added(either, {"data/b.parquet": ROWS + b"b"})
    after = head(either)
    assert after != before
    # What is there already is sent no more.
    assert added(either, {"data/b.parquet": ROWS + b"b"}) == after


def test_a_page_in_the_place_of_json_is_not_understood(hub: LocalHub) -> None:
    filled(hub)
    hub.faults.plan(Fault("502", "POST", "/api/validate-yaml"))
    with pytest.raises(json.JSONDecodeError):
        added(hub, {"README.md": b"# Other\n"})


def test_the_client_takes_a_changed_byte(hub: LocalHub, tmp_path: Path) -> None:
    filled(hub)
    hub.faults.plan(Fault(CORRUPT, path="/content/.*"))
    got = api(hub).hf_hub_download(SMALL, "data/a.parquet", repo_type="dataset", cache_dir=tmp_path)
    assert (len(Path(got).read_bytes()), Path(got).read_bytes() == ROWS) == (len(ROWS), False)


def test_a_read_that_is_not_tried_again_fails(hub: LocalHub) -> None:
    filled(hub)
    for call in (
        lambda: api(hub).dataset_info(SMALL),
        lambda: api(hub).list_repo_refs(SMALL, repo_type="dataset"),
        lambda: api(hub).get_paths_info(SMALL, ["README.md"], repo_type="dataset"),
        lambda: api(hub).create_tag(SMALL, tag="v1", repo_type="dataset"),
        lambda: api(hub).update_repo_settings(SMALL, repo_type="dataset", private=True),
    ):
        hub.faults.plan(Fault("503", path=f"{API}.*"))
        with pytest.raises(HfHubHTTPError, match="503"):
            call()


def test_content_that_did_arrive_is_not_sent_again(hub: LocalHub) -> None:
    filled(hub)
    additions = [CommitOperationAdd("data/b.parquet", ROWS + b"b")]
    api(hub).preupload_lfs_files(SMALL, additions, repo_type="dataset", free_memory=False)
    hub.faults.plan(Fault("500", "POST", f"{API}/commit/main"))
    sent: dict[str, Any] = {"commit_message": "b", "repo_type": "dataset"}
    assert status_of(lambda: api(hub).create_commit(SMALL, additions, **sent)) == 500
    again = [CommitOperationAdd("data/b.parquet", ROWS + b"b")]
    api(hub).create_commit(SMALL, again, **sent)
    puts = [each.path for each in hub.log if each.method == "PUT"]
    assert len(puts) == len(set(puts))
