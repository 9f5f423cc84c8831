"""Files of the embedded Hub that stand apart from git: sent whole or in parts, listed, deleted for good."""

from collections.abc import Iterator
from http import HTTPStatus
from math import ceil
from pathlib import Path
from typing import Any

from pressmark.hub.local.access import repository, signature, signed
from pressmark.hub.local.blobs import blocks
from pressmark.hub.local.store import OWNER, Commit, Repo, Store
from pressmark.hub.local.trees import Entry, without_content
from pressmark.hub.local.wire import Refused, Request, Response, as_json

_LFS = {"Content-Type": "application/vnd.git-lfs+json"}


def batch(store: Store, request: Request, name: str) -> Response:
    """Say for each object where to send it; of one that is here already nothing more is asked."""
    repository(store, request, name, write=True)
    told = []
    for asked in request.json().get("objects", ()):
        oid, size = str(asked["oid"]), int(asked["size"])
        entry: dict[str, Any] = {"oid": oid, "size": size}
        if not store.holds(oid):
            check = f"{request.endpoint}/datasets/{name}.git/info/lfs/verify"
            entry["actions"] = {"upload": _upload(store, request, oid, size), "verify": {"href": check}}
        told.append(entry)
    return as_json({"transfer": "basic", "objects": told}, headers=_LFS)


def _upload(store: Store, request: Request, oid: str, size: int) -> dict[str, Any]:
    if size <= store.part_bytes:
        return {"href": _address(store, request, f"upload/{oid}")}
    parts = range(1, ceil(size / store.part_bytes) + 1)
    header = {str(number): _address(store, request, f"upload/{oid}/{number}") for number in parts}
    return {
        "href": _address(store, request, f"complete/{oid}"),
        "header": {"chunk_size": str(store.part_bytes), **header},
    }


def _address(store: Store, request: Request, subject: str) -> str:
    return f"{request.cdn}/{subject}?signature={signature(store.secret, subject)}"


def put(store: Store, request: Request, oid: str) -> Response:
    """Take an object that is sent whole."""
    signed(store, request)
    store.put(request.body, expected=oid)
    return Response(headers={"ETag": f'"{oid}"'})


def put_part(store: Store, request: Request, oid: str, number: str) -> Response:
    """Take a part of an object."""
    signed(store, request)
    # It is no content of its own, although a file may be the same.
    place, sha256, _ = store.received(request.body)
    place.replace(_part(store, oid, int(number)))
    return Response(headers={"ETag": f'"{sha256}"'})


def complete(store: Store, request: Request, oid: str) -> Response:
    """Put the parts of an object together."""
    signed(store, request)
    numbers = [int(part["partNumber"]) for part in request.json().get("parts", ())]
    places = [_part(store, oid, number) for number in numbers]
    if not store.holds(oid):
        if not all(place.is_file() for place in places):
            raise Refused(HTTPStatus.BAD_REQUEST, "a part was not sent")
        store.put(_joined(places), expected=oid)
    for place in places:
        place.unlink(missing_ok=True)
    return as_json({"oid": oid}, headers=_LFS)


def _part(store: Store, oid: str, number: int) -> Path:
    return store.folder / "uploads" / f"{oid}.{number}"


def _joined(places: list[Path]) -> Iterator[bytes]:
    for place in places:
        with place.open("rb") as stream:
            yield from blocks(stream)


def verify(store: Store, request: Request, name: str) -> Response:
    """Say whether an object is here, with its size."""
    repository(store, request, name, write=True)
    asked = request.json()
    oid = str(asked.get("oid"))
    if not store.holds(oid) or store.blob(oid).stat().st_size != asked.get("size"):
        raise Refused(HTTPStatus.NOT_FOUND, "the object is not here, or has another size")
    return as_json({}, headers=_LFS)


def files(store: Store, request: Request, name: str) -> Response:
    """List every object that was ever committed and not deleted for good."""
    repo = repository(store, request, name, write=True)
    told = [
        {"fileOid": sha256, "filename": kept["filename"], "oid": sha256[:40], "pushedAt": kept["pushed"]}
        | {"size": kept["size"], "ref": "refs/heads/main"}
        for sha256, kept in sorted(repo.lfs.items())
    ]
    return as_json(told)


def delete(store: Store, request: Request, name: str) -> Response:
    """Delete objects for good, and where asked their pointers from every commit of every ref."""
    repository(store, request, name, write=True)
    asked = request.json().get("deletions", {})
    digests = {str(each) for each in asked.get("sha", ())}
    with store.changing(name) as repo:
        unknown = digests - set(repo.lfs)
        if unknown:
            raise Refused(HTTPStatus.BAD_REQUEST, f"{len(unknown)} of the objects are none of this repository")
        if asked.get("rewriteHistory"):
            _rewrite(store, name, repo, digests)
        for sha256 in digests:
            del repo.lfs[sha256]
    for sha256 in digests - store.needed():
        store.blob(sha256).unlink(missing_ok=True)
    return Response()


def _rewrite(store: Store, name: str, repo: Repo, digests: set[str]) -> None:
    made: dict[str, str] = {}
    # Pull requests and conversions keep what they have: nobody documents that they are rewritten.
    for ref, oid in [each for each in repo.refs.items() if each[0].startswith(("refs/heads/", "refs/tags/"))]:
        for commit in reversed(list(store.history(name, oid))):
            if commit.oid not in made:
                made[commit.oid] = _rewritten(store, name, commit, made, digests)
        repo.refs[ref] = made[oid]
    repo.earlier_heads = [made[oid] for oid in repo.earlier_heads if oid in made]
    store.forget_unreachable(name, repo)


def _rewritten(store: Store, name: str, commit: Commit, made: dict[str, str], digests: set[str]) -> str:
    tree: dict[str, Entry] = without_content(commit.tree, digests)
    parent = made.get(commit.parent or "")
    if tree == commit.tree and parent == commit.parent:
        return commit.oid
    return store.commit(name, parent, commit.title, commit.message, commit.author or OWNER, tree).oid
