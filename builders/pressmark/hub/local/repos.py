"""Repositories of the embedded Hub: made, described, opened and closed, and their refs."""

import re
from http import HTTPStatus
from typing import Any

import yaml

from pressmark.hub.local.access import commit_at, ref_of, repository
from pressmark.hub.local.store import OWNER, Commit, Store, is_name
from pressmark.hub.local.wire import Refused, Request, Response, as_json, not_found

_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_.-]+)*")


def who(_: Store, request: Request) -> Response:
    """Answer whose token was sent."""
    if request.user is None:
        raise Refused(HTTPStatus.UNAUTHORIZED, "Invalid username or password.")
    return as_json({"type": "user", "name": request.user, "fullname": request.user, "orgs": [], "auth": {}})


def create(store: Store, request: Request) -> Response:
    """Make a repository; one that is there is a conflict that says where."""
    if request.user != OWNER:
        raise Refused(HTTPStatus.FORBIDDEN if request.user else HTTPStatus.UNAUTHORIZED, "You may not create that")
    asked = request.json()
    full = f"{asked.get('organization') or OWNER}/{asked.get('name')}"
    if asked.get("type") != "dataset" or not is_name(full):
        raise Refused(HTTPStatus.BAD_REQUEST, "this Hub keeps datasets, under plain names")
    told = {"url": f"{request.endpoint}/datasets/{full}", "name": full}
    private = asked.get("visibility") == "private" or bool(asked.get("private"))
    if not store.create(full, request.user, private=private):
        told["error"] = "You already created this dataset repo"
        return as_json(told, HTTPStatus.CONFLICT, {"X-Error-Message": told["error"]})
    return as_json(told)


def delete(store: Store, request: Request) -> Response:
    """Remove a repository."""
    asked = request.json()
    full = f"{asked.get('organization') or OWNER}/{asked.get('name')}"
    repository(store, request, full, write=True)
    store.delete(full)
    return Response()


def settings(store: Store, request: Request, name: str) -> Response:
    """Set gating and visibility."""
    repository(store, request, name, write=True)
    asked = request.json()
    if asked.get("gated", False) not in ("auto", "manual", False):
        raise Refused(HTTPStatus.BAD_REQUEST, "gated is auto, manual or false")
    if asked.get("visibility", "private") not in ("private", "public"):
        raise Refused(HTTPStatus.BAD_REQUEST, "visibility is private or public")
    with store.changing(name) as repo:
        repo.gated = asked.get("gated", repo.gated)
        repo.private = asked["visibility"] == "private" if "visibility" in asked else repo.private
    return as_json({"gated": repo.gated, "private": repo.private})


def info(store: Store, request: Request, name: str, revision: str = "main") -> Response:
    """Describe a repository at a revision."""
    repo = repository(store, request, name)
    commit = commit_at(store, name, repo, revision)
    sizes = "blobs" in request.query
    siblings: list[dict[str, Any]] = []
    for path, entry in sorted(commit.tree.items()):
        told: dict[str, Any] = {"rfilename": path}
        if sizes:
            told |= {"size": entry.size, "blobId": entry.oid}
            told |= {"lfs": {"sha256": entry.sha256, "size": entry.size, "pointerSize": 0}} if entry.lfs else {}
        siblings.append(told)
    return as_json(
        {
            "_id": commit.oid[:24],
            "id": name,
            "author": name.partition("/")[0],
            "sha": commit.oid,
            "lastModified": commit.date,
            "createdAt": repo.created,
            "private": repo.private,
            "gated": repo.gated,
            "disabled": False,
            "tags": [],
            "cardData": _card(store, commit),
            "siblings": siblings,
        }
    )


def _card(store: Store, commit: Commit) -> dict[str, Any] | None:
    entry = commit.tree.get("README.md")
    if entry is None or entry.lfs:
        return None
    try:
        return _front_matter(store.blob(entry.sha256).read_text(encoding="utf-8"))
    except (ValueError, TypeError, yaml.YAMLError):
        return None


def _front_matter(content: str) -> dict[str, Any] | None:
    parts = content.split("---\n", 2)
    if len(parts) < 3 or parts[0]:
        return None
    return dict(yaml.safe_load(parts[1]))


def validate_yaml(_: Store, request: Request) -> Response:
    """Say whether a card's front matter can be read."""
    try:
        _front_matter(str(request.json().get("content", "")))
    except (ValueError, TypeError, yaml.YAMLError) as error:
        message = f"Invalid metadata in README.md: {type(error).__name__}"
        return as_json({"errors": [{"message": message}], "warnings": []}, HTTPStatus.BAD_REQUEST)
    return as_json({"errors": [], "warnings": []})


def auth_check(store: Store, request: Request, name: str) -> Response:
    """Say whether whoever asks may read a repository's files."""
    repository(store, request, name, content=True)
    return Response()


def write_check(store: Store, request: Request, name: str) -> Response:
    """Say whether whoever asks may change a repository."""
    repository(store, request, name, write=True)
    return Response()


def grant(store: Store, request: Request, name: str) -> Response:
    """Let an account read a repository although it is gated."""
    repository(store, request, name, write=True)
    account = request.json().get("user")
    if account not in store.tokens.values():
        raise Refused(HTTPStatus.NOT_FOUND, "User not found")
    with store.changing(name) as repo:
        repo.granted = sorted({*repo.granted, str(account)})
    return as_json({})


def refs(store: Store, request: Request, name: str) -> Response:
    """List branches, tags, conversions and, where asked for, pull requests."""
    repo = repository(store, request, name)
    kinds = {"branches": "refs/heads/", "tags": "refs/tags/", "converts": "refs/convert/"}
    if "include_prs" in request.query:
        kinds["pullRequests"] = "refs/pr/"
    return as_json(
        {
            kind: [
                {"name": _short(ref), "ref": ref, "targetCommit": oid}
                for ref, oid in sorted(repo.refs.items())
                if ref.startswith(start)
            ]
            for kind, start in kinds.items()
        }
    )


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/")


def create_tag(store: Store, request: Request, name: str, revision: str) -> Response:
    """Name a commit for ever."""
    return _new_ref(store, request, name, f"refs/tags/{request.json().get('tag', '')}", revision)


def create_branch(store: Store, request: Request, name: str, branch: str) -> Response:
    """Begin a branch."""
    return _new_ref(store, request, name, f"refs/heads/{branch}", request.json().get("startingPoint") or "main")


def _new_ref(store: Store, request: Request, name: str, ref: str, revision: str) -> Response:
    repository(store, request, name, write=True)
    if not _REF.fullmatch(ref) or ".." in ref:
        raise Refused(HTTPStatus.BAD_REQUEST, "no name for a ref")
    with store.changing(name) as repo:
        if ref in repo.refs:
            raise Refused(HTTPStatus.CONFLICT, f"Reference {_short(ref)} already exists")
        repo.refs[ref] = commit_at(store, name, repo, revision).oid
    return as_json({})


def delete_tag(store: Store, request: Request, name: str, tag: str) -> Response:
    """Remove a tag; its commit stays."""
    return _delete_ref(store, request, name, f"refs/tags/{tag}")


def delete_branch(store: Store, request: Request, name: str, branch: str) -> Response:
    """Remove a branch but the main one; its commits stay."""
    if branch == "main":
        raise Refused(HTTPStatus.FORBIDDEN, "the main branch cannot be deleted")
    return _delete_ref(store, request, name, f"refs/heads/{branch}")


def _delete_ref(store: Store, request: Request, name: str, ref: str) -> Response:
    repository(store, request, name, write=True)
    with store.changing(name) as repo:
        if ref not in repo.refs:
            raise not_found(f"Reference {_short(ref)}", "RevisionNotFound")
        del repo.refs[ref]
    return Response()


def super_squash(store: Store, request: Request, name: str, branch: str) -> Response:
    """Make one commit of a branch; what only its history led to is gone."""
    repository(store, request, name, write=True)
    message = str(request.json().get("message") or "Super-squash branch")
    with store.changing(name) as repo:
        ref = ref_of(repo, branch)
        if ref is None or not ref.startswith("refs/heads/"):
            raise Refused(HTTPStatus.BAD_REQUEST, "only branches can be squashed")
        tree = commit_at(store, name, repo, ref).tree
        repo.refs[ref] = store.commit(name, None, message, "", request.user or OWNER, tree).oid
        store.forget_unreachable(name, repo)
    return as_json({})
