"""Commits on the embedded Hub: how files are to be sent, and one request that changes a branch, or nothing."""

import fnmatch
import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pressmark.hub.local import xet
from pressmark.hub.local.access import commit_at, ref_of, repository
from pressmark.hub.local.store import MAIN, OWNER, Store, now
from pressmark.hub.local.trees import LARGEST_REGULAR, Entry, Tree, decoded, files_as_folders, plain, without
from pressmark.hub.local.wire import Refused, Request, Response, as_json

_LARGEST_COMMIT = 1 << 30
"""Bytes of a commit's own files. Source: the client's documentation of `create_commit`."""

CHANGED_MEANWHILE = "A commit has happened since. Please refresh and try again."


def preupload(store: Store, request: Request, name: str, revision: str) -> Response:
    """Say for each file whether it stands in git or apart, and what is there of it already."""
    commit = commit_at(store, name, repository(store, request, name, write=True), revision)
    patterns = _patterns(store, commit.tree)
    told = []
    for file in request.json().get("files", ()):
        path = plain(file.get("path"))
        there = commit.tree.get(path)
        # Without its sample a file is taken at its name alone.
        binary = b"\0" in decoded({"content": file.get("sample", "")})
        named = any(fnmatch.fnmatch(Path(path).name, each) for each in patterns)
        apart = binary or named or int(file.get("size", 0)) > LARGEST_REGULAR
        oid = {"oid": there.sha256 if there.lfs else there.oid} if there else {}
        mode = "lfs" if apart else "regular"
        told.append({"path": path, "uploadMode": mode, "shouldIgnore": False, **oid})
    return as_json({"files": told, "commitOid": commit.oid})


def _patterns(store: Store, tree: Tree) -> list[str]:
    entry = tree.get(".gitattributes")
    lines = store.blob(entry.sha256).read_text(encoding="utf-8", errors="replace").splitlines() if entry else []
    return [line.split()[0] for line in lines if "filter=lfs" in line.split()[1:]]


def commit(store: Store, request: Request, name: str, revision: str) -> Response:
    """Change a branch, whole or not at all; a commit with an outdated parent is refused."""
    repository(store, request, name, write=True)
    lines = list(_lines(request.content(_LARGEST_COMMIT)))
    header = next((line["value"] for line in lines if line.get("key") == "header"), None)
    if header is None:
        raise Refused(HTTPStatus.BAD_REQUEST, "a commit without a header")
    with store.changing(name) as repo:
        ref = ref_of(repo, revision)
        if ref is None or ref.startswith("refs/tags/"):
            raise Refused(HTTPStatus.BAD_REQUEST, "commits go to branches")
        head = repo.refs[ref]
        if header.get("parentCommit") not in (None, head):
            raise Refused(HTTPStatus.PRECONDITION_FAILED, CHANGED_MEANWHILE)
        tree = _changed(store, commit_at(store, name, repo, ref).tree, lines)
        title, message = str(header.get("summary", "")), str(header.get("description", ""))
        made = store.commit(name, head, title, message, request.user or OWNER, tree)
        if request.query.get("create_pr"):
            ref = f"refs/pr/{1 + sum(each.startswith('refs/pr/') for each in repo.refs)}"
        elif ref == MAIN:
            repo.earlier_heads.append(head)
        repo.refs[ref] = made.oid
        for path, entry in tree.items():
            if entry.lfs:
                repo.lfs.setdefault(entry.sha256, {"filename": path, "size": entry.size, "pushed": now()})
    told = {"success": True, "commitOid": made.oid}
    told["commitUrl"] = f"{request.endpoint}/datasets/{name}/commit/{made.oid}"
    if ref.startswith("refs/pr/"):
        told["pullRequestUrl"] = f"{request.endpoint}/datasets/{name}/discussions/{ref.rpartition('/')[2]}"
    return as_json(told)


def _lines(body: bytes) -> Iterator[dict[str, Any]]:
    try:
        for line in body.splitlines():
            if line:
                yield json.loads(line)
    except ValueError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "a line of the commit is no JSON") from error


def _changed(store: Store, tree: Tree, lines: list[dict[str, Any]]) -> Tree:
    sent = xet.sent(store) if any(line.get("key") == "lfsFile" for line in lines) else {}
    for line in lines:
        key, value = line.get("key"), line.get("value", {})
        if key == "header":
            continue
        path = plain(value.get("path"))
        if key == "file":
            content = decoded(value)
            if len(content) > LARGEST_REGULAR:
                raise Refused(HTTPStatus.BAD_REQUEST, f"{path} is too large to stand in git")
            sha256, size = store.put(iter([content]))
            tree = {**tree, path: Entry.of(sha256, size, content)}
        elif key == "lfsFile":
            tree = {**tree, path: _apart(store, path, value, sent)}
        elif key in ("deletedFile", "deletedFolder"):
            tree = without(tree, path, folder=key == "deletedFolder")
        else:
            raise Refused(HTTPStatus.BAD_REQUEST, f"a line of the commit is a {key}")
    both = files_as_folders(tree)
    if both:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{both[0]} would be a file and a folder")
    return tree


def _apart(store: Store, path: str, value: Mapping[str, Any], sent: Mapping[str, str]) -> Entry:
    sha256 = str(value.get("oid"))
    if not store.holds(sha256) and sha256 in sent:
        xet.fetch(store, sha256, int(value.get("size", 0)), sent[sha256])
    if not store.holds(sha256):
        raise Refused(HTTPStatus.BAD_REQUEST, f"{path}: its content {sha256} was not sent")
    size = store.blob(sha256).stat().st_size
    if value.get("size") != size:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{path}: its content has another size")
    return Entry.apart(sha256, size, sent.get(sha256))
