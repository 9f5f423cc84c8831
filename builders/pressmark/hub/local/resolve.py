"""Files of the embedded Hub, served: small ones by itself, others from another origin, whole or in ranges."""

import re
import time
from http import HTTPStatus
from urllib.parse import quote

from pressmark.hub.local.access import commit_at, repository, signature, signed
from pressmark.hub.local.store import Store
from pressmark.hub.local.trees import pointer
from pressmark.hub.local.wire import Refused, Request, Response, not_found

_RANGE = re.compile(r"bytes=(?P<first>[0-9]*)-(?P<last>[0-9]*)")
_VALID_SECONDS = 3600


def resolve(store: Store, request: Request, name: str, revision: str, path: str) -> Response:
    """Answer with a file, or with the address of another origin that has it."""
    repo = repository(store, request, name, content=True)
    commit = commit_at(store, name, repo, revision)
    entry = commit.tree.get(path)
    # A file whose content was deleted for good is as good as gone.
    if entry is None or not store.holds(entry.sha256):
        raise not_found(f"Entry {path}", "EntryNotFound", X_Repo_Commit=commit.oid)
    headers = {"X-Repo-Commit": commit.oid, "Accept-Ranges": "bytes", "Content-Disposition": "inline"}
    if not entry.lfs:
        return _served(store, request, entry.sha256, {**headers, "ETag": f'"{entry.oid}"'})
    headers |= {"ETag": f'"{entry.sha256}"', "X-Linked-ETag": f'"{entry.sha256}"', "X-Linked-Size": str(entry.size)}
    if entry.xet:
        token = f"{request.endpoint}/api/datasets/{name}/xet-read-token/{commit.oid}"
        headers |= {"X-Xet-Hash": entry.xet, "Link": f'<{token}>; rel="xet-auth"'}
    until = int(time.time()) + _VALID_SECONDS
    subject = f"content/{entry.sha256}/{until}"
    address = f"{request.cdn}/{subject}?signature={signature(store.secret, subject)}"
    return Response(HTTPStatus.FOUND, headers={**headers, "Location": address})


def raw(store: Store, request: Request, name: str, revision: str, path: str) -> Response:
    """Answer with what stands in git: for a file that is stored apart, its pointer."""
    repo = repository(store, request, name, content=True)
    commit = commit_at(store, name, repo, revision)
    entry = commit.tree.get(path)
    if entry is None or not (entry.lfs or store.holds(entry.sha256)):
        raise not_found(f"Entry {quote(path)}", "EntryNotFound", X_Repo_Commit=commit.oid)
    if entry.lfs:
        return Response(body=pointer(entry.sha256, entry.size), headers={"X-Repo-Commit": commit.oid})
    return _served(store, request, entry.sha256, {"X-Repo-Commit": commit.oid})


def content(store: Store, request: Request, sha256: str, until: str) -> Response:
    """Serve content to whoever has an address that this server gave out and that is still valid."""
    signed(store, request)
    if int(until) < time.time():
        raise Refused(HTTPStatus.FORBIDDEN, "this address has expired")
    if not store.holds(sha256):
        raise not_found("Content", "EntryNotFound")
    return _served(store, request, sha256, {"ETag": f'"{sha256}"', "Accept-Ranges": "bytes"})


def _served(store: Store, request: Request, sha256: str, headers: dict[str, str]) -> Response:
    place = store.blob(sha256)
    size = place.stat().st_size
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if not asked or not (asked["first"] or asked["last"]):
        return Response(file=place, length=size, headers=headers)
    first = int(asked["first"]) if asked["first"] else max(0, size - int(asked["last"]))
    last = min(int(asked["last"]), size - 1) if asked["first"] and asked["last"] else size - 1
    if first > last:
        status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        return Response(status, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers = {**headers, "Content-Range": f"bytes {first}-{last}/{size}"}
    return Response(HTTPStatus.PARTIAL_CONTENT, headers=headers, file=place, start=first, length=last - first + 1)
