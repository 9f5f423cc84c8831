"""What the Hub's client sends, call by call, written down: an upgrade that changes it fails here, and says where.

Each line is a request: method, path, keys of the query, keys of the body, and whether it came without a token.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, HfFileSystem, snapshot_download

from hub_client import patient_client
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.log import Logged
from pressmark.hub.local.server import serving

REPO = "org/wire"
ROWS = b"PAR1" + bytes(range(256)) * 8 + b"PAR1"
CARD = b"---\nlicense: cc0-1.0\n---\n\n# Wire\n"


class Wire:
    """A Hub, its client, and what the client sent."""

    def __init__(self, hub: LocalHub, place: Path, *, xet: bool) -> None:
        self.hub, self.place, self.xet = hub, place, xet
        self.api = HfApi(endpoint=hub.endpoint, token=hub.token())

    def expect(self, *expected: str) -> None:
        # A client that looks once a day for other programs around it is no part of the wire.
        sent = [told(each) for each in self.hub.log if each.path != "/api/agent-harnesses"]
        missing, new = [each for each in expected if each not in sent], [each for each in sent if each not in expected]
        assert not missing + new, f"written down and not sent: {missing}; sent and not written down: {new}"
        assert sent == list(expected), "sent in another order, or more often"
        assert not [each for each in self.hub.log if each.at_cdn and each.with_token], "a token went to the content"

    def repo(self) -> str:
        self.api.create_repo(REPO, repo_type="dataset", exist_ok=True)
        return str(self.api.dataset_info(REPO).sha)

    def commit(self, *operations: Any, **options: Any) -> str:
        chosen = {"commit_message": "told", "repo_type": "dataset", **options}
        return str(self.api.create_commit(REPO, list(operations), **chosen).oid)

    def filled(self) -> str:
        self.repo()
        return self.commit(CommitOperationAdd("README.md", CARD), CommitOperationAdd("data/a.parquet", ROWS))

    def tagged(self) -> None:
        self.api.create_tag(REPO, tag="v1.0.0", revision=self.filled(), repo_type="dataset")

    def branched(self) -> None:
        self.api.create_branch(REPO, branch="with/slash", revision=self.filled(), repo_type="dataset")

    def paged(self) -> None:
        self.filled()
        self.commit(CommitOperationAdd("b.txt", b"b"))
        self.hub.store.page = 2

    def files(self) -> HfFileSystem:
        return HfFileSystem(endpoint=self.hub.endpoint, token=self.hub.token(), skip_instance_cache=True)


def told(entry: Logged) -> str:
    path = re.sub(r"[0-9a-f]{64}", "DIGEST", re.sub(r"\b[0-9a-f]{40}\b", "COMMIT", entry.path))
    path = re.sub(r"/content/DIGEST/[0-9]+", "/content/DIGEST/UNTIL", path.replace(REPO, "REPO"))
    query = f"?{','.join(entry.query)}" if entry.query else ""
    keys = f"({','.join(entry.keys)})" if entry.keys else ""
    return " ".join(filter(None, [entry.method, path, query, keys, "" if entry.with_token else "no token"]))


@pytest.fixture(params=["lfs", "xet"])
def wire(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Wire]:
    with serving(tmp_path / "hub", keep_log=True) as hub, patient_client(xet=request.param == "xet"):
        yield Wire(hub, tmp_path, xet=request.param == "xet")


API = "/api/datasets/REPO"
AT = "/datasets/REPO/resolve"
PREUPLOAD = f"POST {API}/preupload/main (files,files.path,files.sample,files.size)"
HEADER = "header.description,header.summary"
HEADER_WITH_PARENT = "header.description,header.parentCommit,header.summary"
BATCH = (
    "POST /datasets/REPO.git/info/lfs/objects/batch "
    "(hash_algo,objects,objects.oid,objects.size,operation,ref,ref.name,transfers)"
)
VERIFY = "POST /datasets/REPO.git/info/lfs/verify (oid,size)"
LFS = (BATCH, "PUT /upload/DIGEST ?signature no token", VERIFY)
XET = (f"GET {API}/xet-write-token/main",)
CONTENT = "GET /content/DIGEST/UNTIL ?signature no token"

Call = Callable[[Wire], Any]
CALLS: dict[str, tuple[Call, Call, list[str]]] = {
    "whoami": (lambda _: None, lambda wire: wire.api.whoami(), ["GET /api/whoami-v2"]),
    "create_repo": (
        lambda _: None,
        lambda wire: wire.api.create_repo(REPO, repo_type="dataset", private=True),
        ["POST /api/repos/create (name,organization,type,visibility)"],
    ),
    "create_repo of one that is there": (
        Wire.repo,
        lambda wire: wire.api.create_repo(REPO, repo_type="dataset", exist_ok=True),
        ["POST /api/repos/create (name,organization,type)"],
    ),
    "delete_repo": (
        Wire.repo,
        lambda wire: wire.api.delete_repo(REPO, repo_type="dataset"),
        ["DELETE /api/repos/delete (name,organization,type)"],
    ),
    "dataset_info": (Wire.repo, lambda wire: wire.api.dataset_info(REPO), [f"GET {API}"]),
    "dataset_info without a token": (
        Wire.repo,
        lambda wire: HfApi(endpoint=wire.hub.endpoint, token=False).dataset_info(REPO),
        [f"GET {API} no token"],
    ),
    "dataset_info with sizes": (
        Wire.repo,
        lambda wire: wire.api.dataset_info(REPO, files_metadata=True),
        [f"GET {API} ?blobs"],
    ),
    "dataset_info at a branch": (
        Wire.branched,
        lambda wire: wire.api.dataset_info(REPO, revision="with/slash"),
        [f"GET {API}/revision/with%2Fslash"],
    ),
    "update_repo_settings": (
        Wire.repo,
        lambda wire: wire.api.update_repo_settings(REPO, repo_type="dataset", gated="manual", private=False),
        [f"PUT {API}/settings (gated,visibility)"],
    ),
    "grant_access": (
        Wire.repo,
        lambda wire: wire.api.grant_access(REPO, "reader", repo_type="dataset"),
        [f"POST {API}/user-access-request/grant (user)"],
    ),
    "auth_check": (
        Wire.repo,
        lambda wire: wire.api.auth_check(REPO, repo_type="dataset"),
        [f"GET {API}/auth-check"],
    ),
    "auth_check for writing": (
        Wire.repo,
        lambda wire: wire.api.auth_check(REPO, repo_type="dataset", write=True),
        [f"GET {API}/auth-check/write"],
    ),
    "create_commit of a card": (
        Wire.repo,
        lambda wire: wire.commit(CommitOperationAdd("README.md", CARD), parent_commit=wire.repo()),
        [
            "POST /api/repos/create (name,organization,type)",
            f"GET {API}",
            "POST /api/validate-yaml (content,repoType)",
            PREUPLOAD,
            f"POST {API}/commit/main ({HEADER_WITH_PARENT},file.content,file.encoding,file.path)",
        ],
    ),
    "create_commit that deletes": (
        Wire.filled,
        lambda wire: wire.commit(CommitOperationDelete("README.md"), CommitOperationDelete("data/")),
        [f"POST {API}/commit/main ({HEADER},deletedFile.path,deletedFolder.path)"],
    ),
    "create_commit as a pull request": (
        Wire.repo,
        lambda wire: wire.commit(CommitOperationAdd("a.txt", b"a"), create_pr=True),
        [
            f"POST {API}/preupload/main ?create_pr (files,files.path,files.sample,files.size)",
            f"POST {API}/commit/main ?create_pr ({HEADER},file.content,file.encoding,file.path)",
        ],
    ),
    "create_commit of what is there already": (
        Wire.filled,
        lambda wire: wire.commit(CommitOperationAdd("README.md", CARD)),
        ["POST /api/validate-yaml (content,repoType)", PREUPLOAD, f"GET {API}/revision/main"],
    ),
    "create_tag": (
        Wire.filled,
        lambda wire: wire.api.create_tag(REPO, tag="v1.0.0", revision="main", tag_message="told", repo_type="dataset"),
        [f"POST {API}/tag/main (message,tag)"],
    ),
    "delete_tag": (
        Wire.tagged,
        lambda wire: wire.api.delete_tag(REPO, tag="v1.0.0", repo_type="dataset"),
        [f"DELETE {API}/tag/v1.0.0"],
    ),
    "create_branch": (
        Wire.filled,
        lambda wire: wire.api.create_branch(REPO, branch="with/slash", revision="main", repo_type="dataset"),
        [f"POST {API}/branch/with%2Fslash (startingPoint)"],
    ),
    "delete_branch": (
        Wire.branched,
        lambda wire: wire.api.delete_branch(REPO, branch="with/slash", repo_type="dataset"),
        [f"DELETE {API}/branch/with%2Fslash"],
    ),
    "list_repo_refs": (
        Wire.repo,
        lambda wire: wire.api.list_repo_refs(REPO, repo_type="dataset", include_pull_requests=True),
        [f"GET {API}/refs ?include_prs"],
    ),
    "list_repo_commits, in pages": (
        Wire.paged,
        lambda wire: wire.api.list_repo_commits(REPO, repo_type="dataset", revision="main"),
        [f"GET {API}/commits/main", f"GET {API}/commits/main ?p"],
    ),
    "list_repo_tree, in pages": (
        Wire.paged,
        lambda wire: list(wire.api.list_repo_tree(REPO, repo_type="dataset", revision="main", recursive=True)),
        [f"GET {API}/tree/main ?expand,recursive", *[f"GET {API}/tree/main ?cursor,expand,recursive"] * 2],
    ),
    "list_repo_tree of a folder": (
        Wire.filled,
        lambda wire: list(wire.api.list_repo_tree(REPO, "data", repo_type="dataset", expand=True)),
        [f"GET {API}/tree/main/data ?expand,recursive"],
    ),
    "get_paths_info": (
        Wire.filled,
        lambda wire: wire.api.get_paths_info(REPO, ["README.md", "data"], repo_type="dataset", expand=True),
        [f"POST {API}/paths-info/main (expand,paths)"],
    ),
    "super_squash_history": (
        Wire.filled,
        lambda wire: wire.api.super_squash_history(REPO, repo_type="dataset"),
        [f"POST {API}/super-squash/main (message)"],
    ),
    "list_lfs_files": (
        Wire.filled,
        lambda wire: list(wire.api.list_lfs_files(REPO, repo_type="dataset")),
        [f"GET {API}/lfs-files"],
    ),
    "permanently_delete_lfs_files": (
        Wire.filled,
        lambda wire: wire.api.permanently_delete_lfs_files(
            REPO, list(wire.api.list_lfs_files(REPO, repo_type="dataset")), repo_type="dataset"
        ),
        [
            f"GET {API}/lfs-files",
            f"POST {API}/lfs-files/batch (deletions,deletions.rewriteHistory,deletions.sha)",
        ],
    ),
    "hf_hub_download of a file in git": (
        Wire.tagged,
        lambda wire: wire.api.hf_hub_download(
            REPO, "README.md", repo_type="dataset", revision="v1.0.0", local_dir=wire.place / "got"
        ),
        [f"HEAD {AT}/v1.0.0/README.md", f"GET {AT}/v1.0.0/README.md"],
    ),
    "HfFileSystem.ls": (
        Wire.tagged,
        lambda wire: wire.files().ls(f"datasets/{REPO}@v1.0.0/data", detail=False),
        [f"GET {API}/revision/v1.0.0", f"GET {API}/tree/v1.0.0/data ?expand,recursive"],
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_sends_what_is_written_down(wire: Wire, name: str) -> None:
    prepare, call, expected = CALLS[name]
    prepare(wire)
    wire.hub.log.clear()
    call(wire)
    wire.expect(*expected)


def test_content_is_sent_in_one_of_two_ways(wire: Wire) -> None:
    wire.repo()
    wire.hub.log.clear()
    additions = [CommitOperationAdd("data/a.parquet", ROWS)]
    wire.api.preupload_lfs_files(REPO, additions, repo_type="dataset", free_memory=False)
    wire.expect(PREUPLOAD, *(XET if wire.xet else LFS))
    wire.hub.log.clear()
    wire.commit(*additions)
    lines = f"{HEADER},lfsFile.algo,lfsFile.oid,lfsFile.path,lfsFile.size"
    wire.expect(f"POST {API}/commit/main ({lines})")


@pytest.mark.parametrize("wire", ["lfs"], indirect=True)
def test_large_content_is_sent_in_parts(wire: Wire) -> None:
    wire.repo()
    wire.hub.store.part_bytes = 1000
    wire.hub.log.clear()
    wire.api.preupload_lfs_files(REPO, [CommitOperationAdd("data/a.parquet", ROWS)], repo_type="dataset")
    parts = [f"PUT /upload/DIGEST/{number} ?signature no token" for number in (1, 2, 3)]
    complete = "POST /complete/DIGEST ?signature (oid,parts,parts.etag,parts.partNumber) no token"
    wire.expect(PREUPLOAD, BATCH, *parts, complete, VERIFY)


def test_a_file_stored_apart_comes_from_another_origin_or_by_xet(wire: Wire) -> None:
    wire.tagged()
    wire.hub.log.clear()
    place = wire.api.hf_hub_download(
        REPO, "data/a.parquet", repo_type="dataset", revision="v1.0.0", local_dir=wire.place / "got"
    )
    assert Path(place).read_bytes() == ROWS
    token = f"GET {API}/xet-read-token/COMMIT"
    wire.expect(f"HEAD {AT}/v1.0.0/data/a.parquet", token if wire.xet else CONTENT)


def test_a_snapshot_of_a_tag_asks_for_its_commit(wire: Wire) -> None:
    wire.tagged()
    wire.hub.log.clear()
    options: dict[str, Any] = {"endpoint": wire.hub.endpoint, "token": wire.hub.token(), "max_workers": 1}
    snapshot_download(REPO, repo_type="dataset", revision="v1.0.0", local_dir=wire.place / "whole", **options)
    assert (wire.place / "whole" / "data" / "a.parquet").read_bytes() == ROWS
    asked = {told(each) for each in wire.hub.log if "/resolve/" not in each.path}
    assert asked == {
        f"GET {API}/revision/v1.0.0",
        f"GET {API}/tree/COMMIT ?expand,recursive",
        f"GET {API}/xet-read-token/COMMIT" if wire.xet else CONTENT,
    }


def test_a_part_of_a_file_is_asked_for_as_a_range(wire: Wire) -> None:
    wire.tagged()
    with wire.files().open(f"datasets/{REPO}@v1.0.0/data/a.parquet", "rb") as stream:
        stream.seek(1000)
        wire.hub.log.clear()
        assert stream.read(8) == ROWS[1000:1008]
    wire.expect(f"GET {AT}/v1.0.0/data/a.parquet", CONTENT)
