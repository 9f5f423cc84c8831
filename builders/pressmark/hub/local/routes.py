"""Which request of a client is answered by what. Revisions come quoted, and may hold slashes."""

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

from pressmark.hub.local import commits, lfs, repos, resolve, tree_api, xet
from pressmark.hub.local.store import Store
from pressmark.hub.local.wire import Refused, Request, Response

Answer = Callable[..., Response]

_API = r"/api/datasets/([^/]+/[^/]+)"
_FILES = r"/datasets/([^/]+/[^/]+)"

Routes = tuple[tuple[str, str, Answer], ...]

HUB: Routes = (
    ("GET", "/api/whoami-v2", repos.who),
    ("POST", "/api/repos/create", repos.create),
    ("DELETE", "/api/repos/delete", repos.delete),
    ("POST", "/api/validate-yaml", repos.validate_yaml),
    ("PUT", f"{_API}/settings", repos.settings),
    ("GET", f"{_API}/auth-check", repos.auth_check),
    ("GET", f"{_API}/auth-check/write", repos.write_check),
    ("POST", f"{_API}/user-access-request/grant", repos.grant),
    ("GET", f"{_API}/refs", repos.refs),
    ("POST", f"{_API}/tag/([^/]+)", repos.create_tag),
    ("DELETE", f"{_API}/tag/([^/]+)", repos.delete_tag),
    ("POST", f"{_API}/branch/([^/]+)", repos.create_branch),
    ("DELETE", f"{_API}/branch/([^/]+)", repos.delete_branch),
    ("POST", f"{_API}/super-squash/([^/]+)", repos.super_squash),
    ("POST", f"{_API}/preupload/([^/]+)", commits.preupload),
    ("POST", f"{_API}/commit/([^/]+)", commits.commit),
    ("GET", f"{_API}/commits/([^/]+)", tree_api.commits),
    ("GET", f"{_API}/tree/([^/]+)", tree_api.tree),
    ("GET", f"{_API}/tree/([^/]+)/(.*)", tree_api.tree),
    ("POST", f"{_API}/paths-info/([^/]+)", tree_api.paths_info),
    ("GET", f"{_API}/lfs-files", lfs.files),
    ("POST", f"{_API}/lfs-files/batch", lfs.delete),
    ("GET", f"{_API}/xet-write-token/([^/]+)", xet.write_token),
    ("GET", f"{_API}/xet-read-token/([^/]+)", xet.read_token),
    ("GET", f"{_API}/revision/([^/]+)", repos.info),
    ("GET", _API, repos.info),
    ("POST", f"{_FILES}[.]git/info/lfs/objects/batch", lfs.batch),
    ("POST", f"{_FILES}[.]git/info/lfs/verify", lfs.verify),
    ("GET", f"{_FILES}/resolve/([^/]+)/(.+)", resolve.resolve),
    ("GET", f"{_FILES}/raw/([^/]+)/(.+)", resolve.raw),
)
"""Method, path and answer of what the Hub itself is asked; HEAD is GET without its body."""

CDN: Routes = (
    ("GET", "/content/([0-9a-f]{64})/([0-9]+)", resolve.content),
    ("PUT", "/upload/([0-9a-f]{64})", lfs.put),
    ("PUT", "/upload/([0-9a-f]{64})/([0-9]+)", lfs.put_part),
    ("POST", "/complete/([0-9a-f]{64})", lfs.complete),
)
"""The same of the other origin, which has the content and knows no accounts."""


def answer(routes: Routes, store: Store, request: Request) -> Response:
    """Answer a request."""
    method = "GET" if request.method == "HEAD" else request.method
    for asked, path, found in routes:
        if asked == method and (parts := re.fullmatch(path, request.path)):
            try:
                return found(store, request, *map(unquote, parts.groups()))
            except Refused as refused:
                return refused.response()
    return Refused(HTTPStatus.NOT_FOUND, "this Hub has no such endpoint").response()
