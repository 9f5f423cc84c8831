"""What the Hub's client sends, call by call, written down: an upgrade that changes it fails here, and says where.

Each line is a request: method, path, keys of the query, and what the body is, for JSON its keys.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, HfFileSystem, snapshot_download

from hub_cases import patient_client
from pressmark.hub.local import routes
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving

REPO = "org/wire"
ROWS = b"PAR1" + bytes(range(256)) * 8 + b"PAR1"
CARD = b"---\nlicense: cc0-1.0\n---\n\n# Wire\n"


class Wire:
    """A Hub, its client, and what the client sent."""

    def __init__(self, hub: LocalHub, place: Path) -> None:
        self.hub, self.place = hub, place
        self.api = HfApi(endpoint=hub.endpoint, token=hub.token())
        self.sent: list[str] = []
        self.tokens: set[tuple[bool, bool]] = set()
        """Whether content was asked for, and whether a token came along."""

    def repo(self) -> str:
        self.api.create_repo(REPO, repo_type="dataset", exist_ok=True)
        return str(self.api.dataset_info(REPO).sha)

    def filled(self) -> str:
        self.repo()
        operations = [CommitOperationAdd("README.md", CARD), CommitOperationAdd("data/a.parquet", ROWS)]
        return self.api.create_commit(REPO, operations, commit_message="filled", repo_type="dataset").oid

    def paged(self) -> str:
        self.hub.store.page = 2
        return self.filled()

    def tagged(self) -> str:
        commit = self.filled()
        self.api.create_tag(REPO, tag="v1.0.0", revision=commit, repo_type="dataset")
        return commit


def told(request: Any, content: bytes) -> str:
    path = re.sub(r"[0-9a-f]{64}", "DIGEST", re.sub(r"\b[0-9a-f]{40}\b", "COMMIT", request.path))
    path = re.sub(r"/content/DIGEST/[0-9]+", "/content/DIGEST/UNTIL", path.replace(REPO, "REPO"))
    query = ",".join(sorted(request.query))
    return " ".join(filter(None, [request.method, path, f"?{query}" if query else "", shape(request, content)]))


def shape(request: Any, content: bytes) -> str:
    if not content:
        return ""
    kind = request.headers.get("content-type", "")
    if "x-ndjson" in kind:
        lines = [json.loads(line) for line in content.splitlines()]
        return "; ".join(f"{line['key']}({','.join(sorted(line['value']))})" for line in lines)
    if "json" in kind:
        return f"{{{','.join(sorted(json.loads(content)))}}}"
    return f"form({','.join(sorted(parse_qs(content.decode())))})" if "form" in kind else "bytes"


@pytest.fixture(params=["lfs", "xet"])
def wire(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    with serving(tmp_path / "hub") as hub, patient_client(xet=request.param == "xet"):
        found = Wire(hub, tmp_path)
        answer = routes.answer

        def recorded(asked: Any, store: Any, got: Any) -> Any:
            content = got.content()
            # A client that looks once a day for other programs around it is no part of the wire.
            if got.path != "/api/agent-harnesses":
                found.sent.append(told(got, content))
                found.tokens.add((asked is routes.CDN, "authorization" in got.headers))
            return answer(asked, store, replace(got, body=iter([content])))

        monkeypatch.setattr(routes, "answer", recorded)
        yield found


INFO = "GET /api/datasets/REPO"
PREUPLOAD = "POST /api/datasets/REPO/preupload/main {files}"
LFS = (
    "POST /datasets/REPO.git/info/lfs/objects/batch {hash_algo,objects,operation,ref,transfers}",
    "PUT /upload/DIGEST ?signature bytes",
    "POST /datasets/REPO.git/info/lfs/verify {oid,size}",
)
XET = ("GET /api/datasets/REPO/xet-write-token/main",)

Call = Callable[[Wire], Any]
CALLS: dict[str, tuple[Call, Call, list[str]]] = {
    "whoami": (lambda _: None, lambda wire: wire.api.whoami(), ["GET /api/whoami-v2"]),
    "create_repo": (
        lambda _: None,
        lambda wire: wire.api.create_repo(REPO, repo_type="dataset", private=True),
        ["POST /api/repos/create {name,organization,type,visibility}"],
    ),
    "create_repo of one that is there": (
        Wire.repo,
        lambda wire: wire.api.create_repo(REPO, repo_type="dataset", exist_ok=True),
        ["POST /api/repos/create {name,organization,type}"],
    ),
    "delete_repo": (
        Wire.repo,
        lambda wire: wire.api.delete_repo(REPO, repo_type="dataset"),
        ["DELETE /api/repos/delete {name,organization,type}"],
    ),
    "dataset_info": (Wire.repo, lambda wire: wire.api.dataset_info(REPO), [INFO]),
    "dataset_info with sizes": (
        Wire.repo,
        lambda wire: wire.api.dataset_info(REPO, files_metadata=True),
        [f"{INFO} ?blobs"],
    ),
    "dataset_info at a tag": (
        Wire.tagged,
        lambda wire: wire.api.dataset_info(REPO, revision="v1.0.0"),
        [f"{INFO}/revision/v1.0.0"],
    ),
    "update_repo_settings": (
        Wire.repo,
        lambda wire: wire.api.update_repo_settings(REPO, repo_type="dataset", gated="manual", private=False),
        [f"PUT {INFO[4:]}/settings {{gated,visibility}}"],
    ),
    "auth_check": (Wire.repo, lambda wire: wire.api.auth_check(REPO, repo_type="dataset"), [f"{INFO}/auth-check"]),
    "create_commit of files in git": (
        Wire.repo,
        lambda wire: wire.api.create_commit(
            REPO,
            [CommitOperationAdd("README.md", CARD)],
            commit_message="card",
            repo_type="dataset",
            parent_commit=wire.api.dataset_info(REPO).sha,
        ),
        [
            INFO,
            "POST /api/validate-yaml {content,repoType}",
            PREUPLOAD,
            "POST /api/datasets/REPO/commit/main header(description,parentCommit,summary); file(content,encoding,path)",
        ],
    ),
    "create_commit that deletes": (
        Wire.filled,
        lambda wire: wire.api.create_commit(
            REPO,
            [CommitOperationDelete("README.md"), CommitOperationDelete("data/")],
            commit_message="gone",
            repo_type="dataset",
        ),
        ["POST /api/datasets/REPO/commit/main header(description,summary); deletedFile(path); deletedFolder(path)"],
    ),
    "create_commit as a pull request": (
        Wire.repo,
        lambda wire: wire.api.create_commit(
            REPO,
            [CommitOperationAdd("a.txt", b"a")],
            commit_message="proposed",
            repo_type="dataset",
            create_pr=True,
        ),
        [
            "POST /api/datasets/REPO/preupload/main ?create_pr {files}",
            "POST /api/datasets/REPO/commit/main ?create_pr header(description,summary); file(content,encoding,path)",
        ],
    ),
    "create_tag": (
        Wire.filled,
        lambda wire: wire.api.create_tag(REPO, tag="v1.0.0", revision="main", tag_message="told", repo_type="dataset"),
        ["POST /api/datasets/REPO/tag/main {message,tag}"],
    ),
    "delete_tag": (
        Wire.tagged,
        lambda wire: wire.api.delete_tag(REPO, tag="v1.0.0", repo_type="dataset"),
        ["DELETE /api/datasets/REPO/tag/v1.0.0"],
    ),
    "create_branch": (
        Wire.filled,
        lambda wire: wire.api.create_branch(REPO, branch="kept", revision="main", repo_type="dataset"),
        ["POST /api/datasets/REPO/branch/kept {startingPoint}"],
    ),
    "delete_branch": (
        lambda wire: (wire.filled(), wire.api.create_branch(REPO, branch="kept", repo_type="dataset")),
        lambda wire: wire.api.delete_branch(REPO, branch="kept", repo_type="dataset"),
        ["DELETE /api/datasets/REPO/branch/kept"],
    ),
    "list_repo_refs": (
        Wire.repo,
        lambda wire: wire.api.list_repo_refs(REPO, repo_type="dataset", include_pull_requests=True),
        [f"{INFO}/refs ?include_prs"],
    ),
    "list_repo_commits": (
        Wire.repo,
        lambda wire: list(wire.api.list_repo_commits(REPO, repo_type="dataset", revision="main")),
        [f"{INFO}/commits/main"],
    ),
    "list_repo_tree, in pages": (
        Wire.paged,
        lambda wire: list(wire.api.list_repo_tree(REPO, repo_type="dataset", revision="main", recursive=True)),
        [f"{INFO}/tree/main ?expand,recursive", f"{INFO}/tree/main ?cursor,expand,recursive"],
    ),
    "list_repo_tree of a folder": (
        Wire.filled,
        lambda wire: list(wire.api.list_repo_tree(REPO, "data", repo_type="dataset", expand=True)),
        [f"{INFO}/tree/main/data ?expand,recursive"],
    ),
    "get_paths_info": (
        Wire.filled,
        lambda wire: wire.api.get_paths_info(REPO, ["README.md", "data"], repo_type="dataset", expand=True),
        ["POST /api/datasets/REPO/paths-info/main form(expand,paths)"],
    ),
    "super_squash_history": (
        Wire.filled,
        lambda wire: wire.api.super_squash_history(REPO, repo_type="dataset"),
        ["POST /api/datasets/REPO/super-squash/main {message}"],
    ),
    "list_lfs_files": (
        Wire.filled,
        lambda wire: list(wire.api.list_lfs_files(REPO, repo_type="dataset")),
        [f"{INFO}/lfs-files"],
    ),
    "permanently_delete_lfs_files": (
        Wire.filled,
        lambda wire: wire.api.permanently_delete_lfs_files(
            REPO, list(wire.api.list_lfs_files(REPO, repo_type="dataset")), repo_type="dataset"
        ),
        [f"{INFO}/lfs-files", "POST /api/datasets/REPO/lfs-files/batch {deletions}"],
    ),
    "hf_hub_download of a file in git": (
        Wire.tagged,
        lambda wire: wire.api.hf_hub_download(
            REPO, "README.md", repo_type="dataset", revision="v1.0.0", local_dir=wire.place / "got"
        ),
        ["HEAD /datasets/REPO/resolve/v1.0.0/README.md", "GET /datasets/REPO/resolve/v1.0.0/README.md"],
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_sends_what_is_written_down(wire: Wire, name: str) -> None:
    prepare, call, expected = CALLS[name]
    prepare(wire)
    wire.sent.clear()
    call(wire)
    assert wire.sent == expected
    assert (True, True) not in wire.tokens, "a token went to where content is"


def test_content_is_sent_in_one_of_two_ways(wire: Wire, request: pytest.FixtureRequest) -> None:
    wire.repo()
    wire.sent.clear()
    additions = [CommitOperationAdd("data/a.parquet", ROWS)]
    wire.api.preupload_lfs_files(REPO, additions, repo_type="dataset", free_memory=False)
    lfs = "lfs" in request.node.name
    assert wire.sent == [PREUPLOAD, *(LFS if lfs else XET)]
    wire.sent.clear()
    wire.api.create_commit(REPO, additions, commit_message="rows", repo_type="dataset")
    assert wire.sent == ["POST /api/datasets/REPO/commit/main header(description,summary); lfsFile(algo,oid,path,size)"]


def test_large_content_is_sent_in_parts(wire: Wire, request: pytest.FixtureRequest) -> None:
    wire.repo()
    wire.hub.store.part_bytes = 1000
    wire.sent.clear()
    additions = [CommitOperationAdd("data/a.parquet", ROWS)]
    wire.api.create_commit(REPO, additions, commit_message="rows", repo_type="dataset")
    if "lfs" in request.node.name:
        parts = [f"PUT /upload/DIGEST/{number} ?signature bytes" for number in (1, 2, 3)]
        assert wire.sent[1:-1] == [LFS[0], *parts, "POST /complete/DIGEST ?signature {oid,parts}", LFS[2]]
    got = wire.api.hf_hub_download(REPO, "data/a.parquet", repo_type="dataset", local_dir=wire.place / "got")
    assert Path(got).read_bytes() == ROWS


def test_a_snapshot_of_a_tag_asks_for_its_commit(wire: Wire, request: pytest.FixtureRequest) -> None:
    wire.tagged()
    wire.sent.clear()
    snapshot_download(
        REPO,
        repo_type="dataset",
        revision="v1.0.0",
        local_dir=wire.place / "whole",
        endpoint=wire.hub.endpoint,
        token=wire.hub.token(),
        max_workers=1,
    )
    assert (wire.place / "whole" / "data" / "a.parquet").read_bytes() == ROWS
    asked = {line for line in wire.sent if "/resolve/" not in line}
    content = "GET /content/DIGEST/UNTIL ?signature"
    token = "GET /api/datasets/REPO/xet-read-token/COMMIT"  # noqa: S105 - a path
    assert asked == {
        "GET /api/datasets/REPO/revision/v1.0.0",
        "GET /api/datasets/REPO/tree/COMMIT ?expand,recursive",
        content if "lfs" in request.node.name else token,
    }
    assert (True, True) not in wire.tokens


def test_a_part_of_a_file_is_asked_for_as_a_range(wire: Wire) -> None:
    wire.tagged()
    files = HfFileSystem(endpoint=wire.hub.endpoint, token=wire.hub.token(), skip_instance_cache=True)
    with files.open(f"datasets/{REPO}@v1.0.0/data/a.parquet", "rb") as stream:
        stream.seek(1000)
        wire.sent.clear()
        assert stream.read(8) == ROWS[1000:1008]
    assert wire.sent == ["GET /datasets/REPO/resolve/v1.0.0/data/a.parquet", "GET /content/DIGEST/UNTIL ?signature"]
    assert (True, True) not in wire.tokens
