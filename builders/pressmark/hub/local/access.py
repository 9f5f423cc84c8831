"""Who may do what on the embedded Hub. One account owns everything; the others read what is open to them."""

import hashlib
import hmac
from http import HTTPStatus

from pressmark.hub.local.store import MAIN, OWNER, Commit, Repo, Store
from pressmark.hub.local.wire import Refused, Request, not_found


def signature(secret: bytes, subject: str) -> str:
    """Return what proves that an address was given out by this server."""
    return hmac.new(secret, subject.encode(), hashlib.sha256).hexdigest()


def repository(store: Store, request: Request, name: str, *, write: bool = False, content: bool = False) -> Repo:
    """Return a repository, if whoever asks may do that with it.

    Args:
        store: Where repositories are kept.
        request: Who asks.
        name: `org/name`.
        write: Whether something is to be changed.
        content: Whether files are to be read, which gating closes.

    Raises:
        Refused: there is none, or not for this account.
    """
    repo = store.repo(name)
    if repo is None or (repo.private and request.user != OWNER):
        # Whether a private repository is there is nobody's business.
        status = HTTPStatus.NOT_FOUND if request.user else HTTPStatus.UNAUTHORIZED
        raise Refused(status, "Repository not found", "RepoNotFound")
    if write and request.user != OWNER:
        status = HTTPStatus.FORBIDDEN if request.user else HTTPStatus.UNAUTHORIZED
        raise Refused(status, f"You have no right to write to {name}")
    if content and repo.gated and request.user not in (OWNER, *repo.granted):
        status = HTTPStatus.FORBIDDEN if request.user else HTTPStatus.UNAUTHORIZED
        raise Refused(status, f"Access to dataset {name} is restricted", "GatedRepo")
    if request.stale and not write and repo.earlier_heads:
        repo.refs[MAIN] = repo.earlier_heads[-1]
    return repo


def ref_of(repo: Repo, revision: str) -> str | None:
    """Return the full name of the ref that a revision names, or None where it names none."""
    if revision == "HEAD":
        return "refs/heads/main"
    candidates = (revision, f"refs/heads/{revision}", f"refs/tags/{revision}")
    return next((ref for ref in candidates if ref in repo.refs), None)


def commit_at(store: Store, name: str, repo: Repo, revision: str) -> Commit:
    """Return the commit that a revision names: a branch, a tag, another ref, or a commit.

    Raises:
        Refused: it names none.
    """
    ref = ref_of(repo, revision)
    commit = store.read(name, repo.refs[ref] if ref else revision)
    if commit is None:
        raise not_found(f"Revision {revision}", "RevisionNotFound")
    return commit


def signed(store: Store, request: Request) -> None:
    """Refuse an address that this server did not give out.

    Raises:
        Refused: it did not.
    """
    expected = signature(store.secret, request.path.removeprefix("/"))
    if not hmac.compare_digest(request.query.get("signature", ""), expected):
        raise Refused(HTTPStatus.FORBIDDEN, "this address was not given out here")
