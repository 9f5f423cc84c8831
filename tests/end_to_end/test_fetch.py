"""Releases of the Hub are compared as folders are: fetched whole, with the Hub's own client, from a loopback server."""

import hashlib
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from support import Corpus
from version_cases import record, records_alone

_ASKED = re.compile(
    r"(/api)?/datasets/(?P<repo>[^/]+/[^/]+)/(?P<what>revision|tree|resolve)/(?P<revision>[^/]+)(/(?P<path>.+))?"
)
SHA = {"v1.0.0": "1" * 40, "v1.1.0": "2" * 40}


class _Hub(BaseHTTPRequestHandler):
    """What the client asks for to fetch a repository at a tag; no more of the Hub than that."""

    releases: dict[str, Path]

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        asked = _ASKED.fullmatch(unquote(self.path.partition("?")[0]))
        revision = next((tag for tag, sha in SHA.items() if asked and asked["revision"] in (tag, sha)), None)
        if not asked or asked["repo"] != "org/small":
            return self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"})
        if revision is None:
            return self._send(404, b"{}", {"X-Error-Code": "RevisionNotFound"})
        folder, sha = self.releases[revision], SHA[revision]
        if asked["what"] == "resolve":
            data = (folder / asked["path"]).read_bytes()
            return self._send(200, data, {"X-Repo-Commit": sha, "ETag": f'"{hashlib.sha256(data).hexdigest()}"'})
        files = {each.relative_to(folder).as_posix(): each for each in sorted(folder.rglob("*")) if each.is_file()}
        told: Any = {"id": "org/small", "sha": sha, "siblings": [{"rfilename": name} for name in files]}
        if asked["what"] == "tree":
            told = [
                {"type": "file", "path": name, "oid": "0" * 40, "size": each.stat().st_size}
                for name, each in files.items()
            ]
        return self._send(200, json.dumps(told).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)


@pytest.fixture
def endpoint(corpus: Corpus) -> Iterator[str]:
    """Return the address of a server that has two versions of a corpus."""
    records_alone(corpus)
    corpus.records(*map(record, range(5)))
    first = corpus.build("1.0.0").lines["open"].folder
    corpus.records(*map(record, range(6)))
    second = corpus.build("1.1.0").lines["open"].folder
    handler = type("Handler", (_Hub,), {"releases": {"v1.0.0": first, "v1.1.0": second}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def environment(endpoint: str, home: Path) -> dict[str, str]:
    return {"HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def test_versions_of_the_hub_are_compared(
    endpoint: str, corpus: Corpus, tmp_path: Path, pressmark: Callable[..., Any]
) -> None:
    home = tmp_path / "home"
    told = pressmark("diff", "org/small@v1.0.0", "org/small@v1.1.0", "--json", env=environment(endpoint, home))
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert ([each["id"] for each in found["records"]], found["asks_for"]) == (["journal:r5"], "MINOR")
    assert [path for path in home.rglob("*.parquet") if path.is_file()] == []
    folder = corpus.out / "small" / "open" / "1.1.0"
    same = pressmark("diff", "org/small@v1.1.0", folder, env=environment(endpoint, home))
    assert (same.returncode, "no record changed" in same.stdout) == (0, True)


@pytest.mark.parametrize("release", ["org/small@v9.9.9", "org/other@v1.0.0"])
def test_what_the_hub_does_not_have_is_said(
    endpoint: str, tmp_path: Path, pressmark: Callable[..., Any], release: str
) -> None:
    refused = pressmark("diff", release, release, env=environment(endpoint, tmp_path / "home"))
    assert refused.returncode == 4
    assert f"{release} cannot be fetched" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_is_neither_a_folder_nor_a_release_of_the_hub_is_said(pressmark: Callable[..., Any]) -> None:
    refused = pressmark("diff", "nowhere", "nowhere", env={"HF_HUB_OFFLINE": os.environ.get("HF_HUB_OFFLINE", "1")})
    assert refused.returncode == 2
    assert "is no folder" in refused.stderr
