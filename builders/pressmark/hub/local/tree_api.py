"""What lies in a commit of the embedded Hub, listed: trees with paging, single paths, commits."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlencode

from pressmark.hub.local.access import commit_at, repository
from pressmark.hub.local.store import Commit, Store
from pressmark.hub.local.trees import Entry, folder_oid, listed
from pressmark.hub.local.wire import Request, Response, as_json, not_found


def tree(store: Store, request: Request, name: str, revision: str, folder: str = "") -> Response:
    """List a folder, or all below it, a page at a time."""
    commit = commit_at(store, name, repository(store, request, name), revision)
    recursive = request.query.get("recursive", "").lower() in ("1", "true")
    found = list(listed(commit.tree, folder, recursive=recursive))
    if folder and not found:
        raise not_found(f"Folder {folder}", "EntryNotFound", X_Repo_Commit=commit.oid)
    size, start = _page_size(store, request), request.number("cursor", 0)
    dates = _last_commits(store, name, commit) if _expanded(request.query) else None
    page = [_item(commit, path, entry, dates) for path, entry in found[start : start + size]]
    headers = {}
    if start + size < len(found):
        query = urlencode({**request.query, "cursor": start + size})
        headers["Link"] = f'<{request.endpoint}{request.path}?{query}>; rel="next"'
    return as_json(page, headers=headers)


def paths_info(store: Store, request: Request, name: str, revision: str) -> Response:
    """Describe some paths; what is not there is left out."""
    commit = commit_at(store, name, repository(store, request, name), revision)
    asked = parse_qs(request.content().decode())
    dates = _last_commits(store, name, commit) if _expanded({key: each[-1] for key, each in asked.items()}) else None
    found = []
    for path in dict.fromkeys(asked.get("paths", ())):
        if path in commit.tree:
            found.append(_item(commit, path, commit.tree[path], dates))
        elif any(each.startswith(f"{path}/") for each in commit.tree):
            found.append(_item(commit, path, None, dates))
    return as_json(found)


def commits(store: Store, request: Request, name: str, revision: str) -> Response:
    """List a commit and those before it."""
    commit = commit_at(store, name, repository(store, request, name), revision)
    told = [
        {
            "id": each.oid,
            "title": each.title,
            "message": each.message,
            "date": each.date,
            "authors": [{"user": each.author, "avatar": ""}],
        }
        for each in store.history(name, commit.oid)
    ]
    size, page = _page_size(store, request), request.number("p", 0)
    headers = {}
    if size * (page + 1) < len(told):
        query = urlencode({**request.query, "p": page + 1})
        headers["Link"] = f'<{request.endpoint}{request.path}?{query}>; rel="next"'
    return as_json(told[size * page : size * (page + 1)], headers=headers)


def _page_size(store: Store, request: Request) -> int:
    return max(1, min(store.page, request.number("limit", store.page)))


def _expanded(query: Mapping[str, str]) -> bool:
    return query.get("expand", "").lower() in ("1", "true")


def _item(commit: Commit, path: str, entry: Entry | None, dates: Mapping[str, Commit] | None) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "directory", "path": path, "size": 0, "oid": folder_oid(commit.tree, path)}
    if entry:
        told = {"type": "file", "path": path, "size": entry.size, "oid": entry.oid}
        if entry.lfs:
            told["lfs"] = {"oid": entry.sha256, "size": entry.size, "pointerSize": 0}
        if entry.xet:
            told["xetHash"] = entry.xet
    if dates is not None:
        below = (path,) if entry else tuple(each for each in dates if each.startswith(f"{path}/"))
        last = max((dates[each] for each in below), key=lambda each: each.date)
        told["lastCommit"] = {"id": last.oid, "title": last.title, "date": last.date}
    return told


def _last_commits(store: Store, name: str, commit: Commit) -> dict[str, Commit]:
    """Return for each file the commit that last changed it."""
    history = list(store.history(name, commit.oid))
    found = dict.fromkeys(commit.tree, history[-1])
    for path, entry in commit.tree.items():
        for newer, older in pairwise(history):
            if older.tree.get(path) != entry:
                found[path] = newer
                break
    return found
