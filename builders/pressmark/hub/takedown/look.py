"""Looks for what was taken down where it was: at every old commit and path, with an account and without."""

import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from pressmark.findings import Finding
from pressmark.hub.remote import Remote
from pressmark.hub.takedown.inventory import Inventory

REMAINS, UNVERIFIED = "withdrawn-remains", "takedown-unverified"
_NOT_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_NOT_FOR_ALL = (*_NOT_THERE, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_SECONDS = 60


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: an address to go to means that the file is there."""


def look_everywhere(
    remote: Remote, inventory: Inventory, places: Sequence[tuple[str, str]], listed: Sequence[str], token: str | None
) -> Iterator[Finding]:
    """Yield what is still there of articles that were withdrawn, and what could not be looked at.

    Args:
        remote: The repository.
        inventory: What its refs hold now.
        places: Commits and paths at which any stood.
        listed: SHA-256 of content that stood apart and that the Hub still lists.
        token: Whose account is used.
    """
    for ref, commit in inventory.refs.items():
        if held := {path for each in inventory.ancestors[ref] for path in inventory.holding.get(each, ())}:
            yield Finding(REMAINS, remote.repo, ref, f"{len(held)} files, at {commit[:12]} or before it")
    for path in inventory.unread:
        yield Finding(UNVERIFIED, remote.repo, path, "its rows cannot be read as articles")
    for sha256 in listed:
        yield Finding(REMAINS, remote.repo, sha256[:12], "content is still listed as stored")
    for commit, path in places:
        for who, by in (("with an account", token), ("without an account", None)):
            if by or who.startswith("without"):
                yield from _looked(remote, commit, path, by, who)


def _looked(remote: Remote, commit: str, path: str, token: str | None, who: str) -> Iterator[Finding]:
    for way in ("resolve", "raw"):
        address = f"{remote.api.endpoint}/datasets/{remote.repo}/{way}/{commit}/{quote(path)}"
        status = _status(address, token)
        place = f"{way}/{commit[:12]}/{path}"
        if status and status < HTTPStatus.BAD_REQUEST:
            yield Finding(REMAINS, remote.repo, place, f"is still served {who}")
        elif status not in (_NOT_THERE if token else _NOT_FOR_ALL):
            yield Finding(UNVERIFIED, remote.repo, place, f"asked {who}, the Hub answers {status or 'nothing'}")


def _status(address: str, token: str | None) -> int:
    """Return the status of an answer; 0 where there is none."""
    request = urllib.request.Request(address, method="HEAD")  # noqa: S310 - the endpoint is http or https
    if token:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
