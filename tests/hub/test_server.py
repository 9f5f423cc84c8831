"""The embedded Hub as a server: connections, bodies, processes, and who on this machine gets at what."""

import hashlib
import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hub_client import ROWS, SMALL, added, api, as_owner, asked, filled, patient_client, status_of
from pressmark.errors import UsageError
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving
from pressmark.hub.local.store import Store

DATA = b"other bytes" * 20_000


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LocalHub]:
    with serving(tmp_path / "hub", keep_log=True) as found, patient_client(xet=False):
        yield found


@contextmanager
def connected(hub: LocalHub) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=20)) as connection:
        yield connection


def address_for(hub: LocalHub, data: bytes) -> str:
    """Return where content is to be sent."""
    oid = hashlib.sha256(data).hexdigest()
    objects = {"operation": "upload", "objects": [{"oid": oid, "size": len(data)}]}
    told = json.loads(as_owner(hub, f"/datasets/{SMALL}.git/info/lfs/objects/batch", objects)[2])
    return str(told["objects"][0]["actions"]["upload"]["href"])


def unfinished(hub: LocalHub) -> list[Path]:
    """Return what is left of uploads that broke off, once the server has noticed."""
    deadline = time.monotonic() + 10
    while (found := list((hub.store.folder / "uploads").iterdir())) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def test_content_that_is_not_what_it_says_is_not_kept(hub: LocalHub) -> None:
    filled(hub)
    address = address_for(hub, DATA)
    oid = hashlib.sha256(DATA).hexdigest()
    assert asked(address, "PUT", DATA[:-1])[0] == 400
    assert asked(address, "PUT", DATA[:-1] + b"!")[0] == 400
    assert asked(address.partition("?")[0], "PUT", DATA)[0] == 403
    assert (hub.store.holds(oid), unfinished(hub)) == (False, [])
    verify = f"/datasets/{SMALL}.git/info/lfs/verify"
    assert as_owner(hub, verify, {"oid": oid, "size": len(DATA)})[0] == 404
    chunked = asked(address, "PUT", iter([DATA[:50], DATA[50:]]), Transfer_Encoding="chunked")
    assert (chunked[0], hub.store.holds(oid)) == (200, True)
    assert as_owner(hub, verify, {"oid": oid, "size": len(DATA)})[0] == 200
    assert as_owner(hub, verify, {"oid": oid, "size": 1})[0] == 404


def test_an_upload_whose_client_is_killed_leaves_nothing(hub: LocalHub) -> None:
    filled(hub)
    parts = urlsplit(address_for(hub, DATA))
    program = f"""
import socket, time
with socket.create_connection(("{parts.hostname}", {parts.port})) as connection:
    connection.sendall(b"PUT {parts.path}?{parts.query} HTTP/1.1\\r\\n")
    connection.sendall(b"Content-Length: {len(DATA)}\\r\\n\\r\\n" + b"x" * 100_000)
    print("half", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.send_signal(signal.SIGKILL)
    assert unfinished(hub) == []
    assert not hub.store.holds(hashlib.sha256(DATA).hexdigest())


def test_several_requests_go_through_one_connection(hub: LocalHub) -> None:
    filled(hub)
    token = {"Authorization": f"Bearer {hub.token()}"}
    with connected(hub) as connection:
        for method, path, body, headers, status in (
            ("GET", "/api/whoami-v2", None, token, 200),
            ("HEAD", f"/datasets/{SMALL}/resolve/main/README.md", None, {}, 200),
            # Bodies that nobody reads: of a request that nobody answers, and of one that is refused before.
            ("POST", "/no/such/place", b"unread" * 100_000, {}, 404),
            ("POST", f"/api/datasets/{SMALL}/commit/main", b"unread" * 100_000, {}, 401),
            ("POST", "/api/validate-yaml", b'{"content": ""}', {}, 200),
            ("GET", f"/api/datasets/{SMALL}", None, token, 200),
        ):
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            assert (path, answer.status, bool(answer.read())) == (path, status, method != "HEAD")
            assert connection.sock is not None, "the server ended the connection"


@pytest.mark.parametrize(
    "head",
    [
        "POST /api/validate-yaml HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        "POST /api/validate-yaml HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /api/validate-yaml HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /api/validate-yaml HTTP/1.1\r\nContent-Length: 10\r\n\r\n{}",
    ],
)
def test_a_body_without_an_end_ends_the_connection_and_nothing_else(
    hub: LocalHub, head: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = urlsplit(hub.endpoint)
    with socket.create_connection((str(parts.hostname), parts.port or 0), timeout=20) as connection:
        connection.sendall(head.encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    assert asked(f"{hub.endpoint}/api/datasets/none/such")[0] == 401
    assert "Traceback" not in capsys.readouterr().err


def test_a_request_that_makes_no_sense_is_answered(hub: LocalHub) -> None:
    filled(hub)
    for path, body in (
        ("/api/repos/create", "no JSON"),
        ("/api/repos/create", "[]"),
        (f"/api/datasets/{SMALL}/settings", '{"gated": "sometimes"}'),
        (f"/api/datasets/{SMALL}/tag/main", '{"tag": "../x"}'),
        (f"/api/datasets/{SMALL}/super-squash/none", "{}"),
        ("/api/validate-yaml", '{"content": "---\\n[\\n---\\n"}'),
    ):
        assert (path, as_owner(hub, path, body, "PUT" if "settings" in path else "POST")[0]) == (path, 400)
    for query in ("limit=x", "cursor=-1", "cursor=%C2%B2"):
        assert asked(f"{hub.endpoint}/api/datasets/{SMALL}/tree/main?{query}")[0] == 400
    assert json.loads(asked(f"{hub.endpoint}/api/datasets/{SMALL}/tree/main?limit=0")[2])


def test_what_anybody_may_send_is_not_held_in_memory_without_end(hub: LocalHub) -> None:
    large = b'{"content": "' + b"x" * (17 << 20) + b'"}'
    assert asked(f"{hub.endpoint}/api/validate-yaml", "POST", large)[0] == 413


def test_a_fault_of_its_own_is_told_and_answered(
    hub: LocalHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(hub)
    monkeypatch.setattr(Store, "repo", lambda *_: 1 / 0)
    assert asked(f"{hub.endpoint}/api/datasets/{SMALL}")[0] == 500
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_page_of_the_web_reads_nothing_under_its_own_name(hub: LocalHub) -> None:
    filled(hub)
    port = urlsplit(hub.endpoint).port
    content = asked(f"{hub.endpoint}/datasets/{SMALL}/resolve/main/data/a.parquet")[1]["location"]
    for name, status in (("evil.example", 421), ("localhost.evil.example", 421), ("[::1", 421), ("localhost", 200)):
        assert asked(f"{hub.endpoint}/api/datasets/{SMALL}", Host=f"{name}:{port}")[0] == status
        assert asked(content, Host=f"{name}:{port}")[0] == status
    assert "access-control-allow-origin" not in asked(f"{hub.endpoint}/api/datasets/{SMALL}", Origin="http://evil")[1]


def test_addresses_are_as_the_client_writes_them(hub: LocalHub) -> None:
    filled(hub)
    port = urlsplit(hub.endpoint).port
    address = asked(f"http://localhost:{port}/datasets/{SMALL}/resolve/main/data/a.parquet")[1]["location"]
    assert address.startswith(f"http://localhost:{urlsplit(hub.cdn).port}/content/")
    assert asked(address)[2] == ROWS


def test_it_listens_to_this_machine_alone(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "hub.example", ""):  # noqa: S104 - that is what is refused
        with pytest.raises(UsageError, match="from other machines"), serving(tmp_path / "a", host=host):
            pass
    with serving(tmp_path / "a", host="0.0.0.0", anywhere=True) as one:  # noqa: S104 - that is what was asked for
        port = urlsplit(one.endpoint).port or 0
        assert HfApi(endpoint=f"http://127.0.0.1:{port}", token=one.token()).whoami()["name"] == "owner"
        with pytest.raises(UsageError, match="cannot listen"), serving(tmp_path / "b", port=port):
            pass


def test_what_it_keeps_is_for_the_owner_of_the_folder_alone(hub: LocalHub) -> None:
    filled(hub)
    assert stat.S_IMODE(hub.store.folder.stat().st_mode) == 0o700
    for name in ("tokens.json", "secret.json"):
        assert stat.S_IMODE((hub.store.folder / name).stat().st_mode) == 0o600
    assert Store(hub.store.folder).tokens == hub.store.tokens


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    mode = stat.S_IMODE(tmp_path.stat().st_mode)
    with pytest.raises(UsageError, match="is no folder of a Hub"), serving(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert stat.S_IMODE(tmp_path.stat().st_mode) == mode


def test_nothing_is_answered_after_the_end(tmp_path: Path) -> None:
    with serving(tmp_path / "hub") as hub:
        connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=20)
        connection.request("GET", "/api/whoami-v2")
        assert connection.getresponse().read()
        sock = connection.sock
    with closing(connection), suppress(ConnectionError):
        sock.sendall(b"GET /api/whoami-v2 HTTP/1.1\r\n\r\n")
        assert sock.recv(100) == b""


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Serve a folder from a process of its own; give its address and its owner's token."""
    program = (
        "import sys, threading\n"
        "from pressmark.hub.local.server import serving\n"
        "with serving(sys.argv[1]) as hub:\n"
        "    print(hub.endpoint, hub.token(), flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        endpoint, token = process.stdout.readline().split()
        yield endpoint, token
        process.communicate(timeout=20)


def test_two_processes_may_serve_one_folder(hub: LocalHub) -> None:
    parent = filled(hub)
    with served(hub.store.folder) as (endpoint, token):
        assert token == hub.token()
        other = HfApi(endpoint=endpoint, token=token)

        def by_the_other(name: str, parent: str) -> str:
            operations = [CommitOperationAdd(name, b"x")]
            made = other.create_commit(SMALL, operations, commit_message="x", repo_type="dataset", parent_commit=parent)
            return made.oid

        made = by_the_other("by-the-other.txt", parent)
        assert api(hub).dataset_info(SMALL).sha == made
        assert status_of(lambda: added(hub, {"late.txt": b"x"}, parent_commit=parent)) == 412
        again = added(hub, {"by-this.txt": b"x"}, parent_commit=made)
        assert other.dataset_info(SMALL).sha == again
        assert status_of(lambda: by_the_other("late.txt", made)) == 412
        address = asked(f"{hub.endpoint}/datasets/{SMALL}/resolve/main/data/a.parquet")[1]["location"]
        there = asked(f"{endpoint}/datasets/{SMALL}/resolve/main/data/a.parquet")[1]["location"]
        for way in (there, address.replace(hub.cdn, there.partition("/content/")[0])):
            assert asked(way)[2] == ROWS


SENDER = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from huggingface_hub import CommitOperationAdd, HfApi
api = HfApi()

def send(number):
    operation = CommitOperationAdd(f"{number}.parquet", os.urandom(200_000))
    api.create_commit(sys.argv[1], [operation], commit_message="sent", repo_type="dataset")

with ThreadPoolExecutor(4) as pool:
    list(pool.map(send, range(8)))
"""


@pytest.mark.parametrize("disabled", ["0", "1"])
def test_a_client_of_its_own_sends_while_it_commits(hub: LocalHub, tmp_path: Path, disabled: str) -> None:
    filled(hub)
    own = {"HF_ENDPOINT": hub.endpoint, "HF_TOKEN": hub.token(), "HF_HOME": str(tmp_path / "home")}
    environment = {**os.environ, **own, "HF_HUB_DISABLE_XET": disabled}
    done = subprocess.run([sys.executable, "-c", SENDER, SMALL], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(api(hub).list_repo_files(SMALL, repo_type="dataset")) == 11
    assert [each.path for each in hub.log if each.status >= 500] == []
