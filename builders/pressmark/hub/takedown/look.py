"""Looks for what was taken down where it was: at every old commit and path, with an account and without.

Where the Hub says that it does not know a commit, or shows nobody the repository, that answers for all paths of it:
else a long history would be asked for file by file, and the Hub counts requests.
"""

import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from itertools import groupby
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from pressmark.findings import Finding
from pressmark.hub.remote import Remote
from pressmark.hub.retry import TEMPORARY, pause
from pressmark.hub.takedown.inventory import Inventory

REMAINS, UNVERIFIED = "withdrawn-remains", "takedown-unverified"
_NOT_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_NOT_FOR_ALL = (*_NOT_THERE, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_SECONDS = 60

_OF_A_COMMIT, _OF_ALL = "RevisionNotFound", ("RepoNotFound", "GatedRepo")
"""What the Hub says in `X-Error-Code` where an answer is about more than a path. Where it does not, all are asked."""

Place = tuple[str, str]
"""Commit and path."""


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
    for commit in inventory.unreached:
        if left := inventory.holding.get(commit):
            yield Finding(REMAINS, remote.repo, commit[:12], f"{len(left)} files, though no ref leads there")
    if token:
        yield from _looked(remote, places, token)
    yield from _looked(remote, places, None)


def _looked(remote: Remote, places: Sequence[Place], token: str | None) -> Iterator[Finding]:
    """Ask for every path at every commit, or for one of each where its answer speaks for the others."""
    who, waits = "with an account" if token else "without an account", remote.waits
    for way in ("resolve", "raw"):
        for commit, paths in groupby(sorted(places), itemgetter(0)):
            said = ""
            for _, path in paths:
                address = f"{remote.api.endpoint}/datasets/{remote.repo}/{way}/{commit}/{quote(path)}"
                status, said = _answer(address, token, waits)
                if not status or status in TEMPORARY:
                    waits = ()  # once is enough: with a Hub that does not answer, a long history would take hours
                place = f"{way}/{commit[:12]}/{path}"
                if status and status < HTTPStatus.BAD_REQUEST:
                    yield Finding(REMAINS, remote.repo, place, f"is still served {who}")
                elif status not in (_NOT_THERE if token else _NOT_FOR_ALL) or (token and said in _OF_ALL):
                    yield Finding(UNVERIFIED, remote.repo, place, f"asked {who}, the Hub answers {status or 'nothing'}")
                if said == _OF_A_COMMIT or said in _OF_ALL:
                    break
            if said in _OF_ALL:
                break


def _answer(address: str, token: str | None, waits: Sequence[float]) -> tuple[int, str]:
    """Return the status of an answer, 0 where there is none, and what the Hub says about it; patiently."""
    for wait in (*waits, None):
        status, said, after = _asked(address, token)
        if wait is None or (status and status not in TEMPORARY):
            break
        pause(max(wait, after))
    return status, said


def _asked(address: str, token: str | None) -> tuple[int, str, float]:
    """Return status, `X-Error-Code`, and the seconds that the Hub asks to wait."""
    request = urllib.request.Request(address, method="HEAD")  # noqa: S310 - the endpoint is http or https
    if token:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=_SECONDS) as answer:
            return int(answer.status), "", 0.0
    except urllib.error.HTTPError as error:
        asked = error.headers.get("Retry-After", "")
        return error.code, error.headers.get("X-Error-Code", ""), float(asked) if asked.isdigit() else 0.0
    except OSError:
        return 0, "", 0.0
