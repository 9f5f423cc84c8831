"""The client of the embedded Hub as its tests use it, and requests without one."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from huggingface_hub import CommitOperationAdd, HfApi, constants
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import _http

from pressmark.hub.local.handler import LocalHub


@contextmanager
def patient_client(*, xet: bool) -> Iterator[None]:
    """Let the Hub's client in this process wait for hundredths of what it would, and send in one of its two ways."""
    disabled = constants.HF_HUB_DISABLE_XET
    clock = SimpleNamespace(**{**vars(time), "sleep": lambda seconds: time.sleep(seconds / 100)})
    setattr(_http, "time", clock)  # noqa: B010 - a module is no place to assign to, as the types have it
    constants.HF_HUB_DISABLE_XET = not xet
    try:
        yield
    finally:
        setattr(_http, "time", time)  # noqa: B010 - as above
        constants.HF_HUB_DISABLE_XET = disabled


SMALL, ROWS = "org/small", bytes(range(256)) * 40
"""A repository that tests fill, and a file of it that is stored apart."""


def api(hub: LocalHub, account: str | None = "owner") -> HfApi:
    """Return the client, as an account of a Hub or as nobody."""
    return HfApi(endpoint=hub.endpoint, token=hub.token(account) if account else False)


def committed(hub: LocalHub, *operations: Any, **options: Any) -> str:
    """Commit as the owner; return the commit."""
    chosen = {"commit_message": "told", "repo_type": "dataset", **options}
    return str(api(hub).create_commit(SMALL, list(operations), **chosen).oid)


def added(hub: LocalHub, files: dict[str, bytes], **options: Any) -> str:
    """Commit files as the owner; return the commit."""
    return committed(hub, *(CommitOperationAdd(path, data) for path, data in files.items()), **options)


def filled(hub: LocalHub, **options: Any) -> str:
    """Make the repository, with two files; return the commit."""
    api(hub).create_repo(SMALL, repo_type="dataset", **options)
    return added(hub, {"README.md": b"# Small\n", "data/a.parquet": ROWS})


def asked(address: str, method: str = "GET", body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send one request as it is said, with no client between; return status, headers and body."""
    parts = urlsplit(address)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection(parts.netloc, timeout=20)) as connection:
        chunked = "Transfer-Encoding" in named
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body=body, headers=named, encode_chunked=chunked)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def as_owner(hub: LocalHub, path: str, body: Any = None, method: str = "POST") -> tuple[int, dict[str, str], bytes]:
    """Send one request as the owner, with no client between."""
    sent = body if body is None or isinstance(body, str | bytes) else json.dumps(body)
    return asked(hub.endpoint + path, method, sent, Authorization=f"Bearer {hub.token()}")


def status_of(call: Callable[[], Any]) -> int:
    """Return the status with which the client's call is refused."""
    with pytest.raises(HfHubHTTPError) as refused:
        call()
    return int(refused.value.response.status_code)
