"""Publishes a release: one commit, one tag, and a look at what came of each.

The order is what keeps readers safe. The repository is as closed as it has to be before data goes there; content is
sent before the commit that shows it; the tag comes last, on a commit whose files were compared with the manifest.
Whatever breaks in between, running the command again finds out how far it came, and goes on from there.
"""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pressmark.errors import UsageError
from pressmark.hub.commit import OPERATIONS_PER_COMMIT, Progress, committed
from pressmark.hub.continuity import newest_before, refuse_foreign
from pressmark.hub.openness import openness, refuse_openness
from pressmark.hub.ready import WIDTHS, Ready, make_ready
from pressmark.hub.remote import Remote, Standing
from pressmark.hub.retry import WAITS
from pressmark.hub.tag import at_its_tag, tagged
from pressmark.release.croissant import CROISSANT
from pressmark.release.stated import repo_in


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a publication."""

    repo: str
    tag: str
    commit: str
    manifest_sha256: str
    sent: int
    """Files that were new to the repository."""

    public: bool
    """Whether anybody may read the repository."""

    already: bool
    """Whether the tag was there before, on a commit that holds this release."""

    notes: tuple[str, ...] = ()
    """What a publisher should know besides."""


def publish(  # noqa: PLR0913 - each is an option of the command
    release: Path | str,
    repo: str,
    *,
    work: Path | str | None = None,
    today: date | None = None,
    endpoint: str | None = None,
    token: str | None = None,
    replace: str | None = None,
    skip_earlier: bool = False,
    workers: int = 1,
    waits: Sequence[float] = WAITS,
    progress: Progress | None = None,
) -> Published:
    """Publish a release as one commit and one tag of a repository on the Hub. Safe to run again at any time.

    Args:
        release: The release folder.
        repo: `org/name`.
        work: Where workshops lie, for the search for withheld texts.
        today: The day that counts for permissions that end.  Today in UTC by default.
        endpoint: Address of the Hub; the client's own by default.
        token: The client's own by default.
        replace: The commit at the head of the repository that may be replaced although it is no earlier release.
        skip_earlier: Whether to publish although earlier versions are not there.
        workers: Processes of the search.
        waits: Seconds before each further attempt of a call.
        progress: Told how far it is.

    Raises:
        NotReadyError: the release does not add up, or breaks a rule of the Hub.
        GateRefusedError: it shows what may not be shown.
        UsageError: the repository is more open than the release may be, or holds something else.
        RemoteError: the Hub does not answer as it should; run it again.
    """
    day = today or datetime.now(UTC).date()
    ready = make_ready(Path(release), repo, Path(work) if work else None, day, workers)
    remote = Remote(repo, endpoint=endpoint, token=token, waits=waits)
    found = publish_ready(ready, remote, replace=replace, skip_earlier=skip_earlier, progress=progress)
    return dataclasses.replace(found, notes=(*found.notes, *_elsewhere(ready, repo)))


def publish_ready(
    ready: Ready,
    remote: Remote,
    *,
    replace: str | None = None,
    skip_earlier: bool = False,
    progress: Progress | None = None,
    operations: int = OPERATIONS_PER_COMMIT,
) -> Published:
    """Publish a release that was checked."""
    standing = _opened(ready, remote)
    tags = remote.tags()
    if ready.tag in tags:
        return _result(ready, remote, at_its_tag(ready, remote), standing, None)
    before = newest_before(ready, remote, tags, skip_earlier=skip_earlier)
    if not ready.is_at(remote.tree(standing.head)):
        refuse_foreign(ready, remote, standing.head, before, replace)
    commit, sent = committed(ready, remote, standing.head, progress, operations)
    tagged(ready, remote, commit)
    return _result(ready, remote, commit, _still_closed(ready, remote, standing), sent)


def _result(ready: Ready, remote: Remote, commit: str, standing: Standing, sent: int | None) -> Published:
    public = openness(standing) == "public"
    notes = _notes(ready, standing)
    return Published(remote.repo, ready.tag, commit, ready.digest, sent or 0, public, sent is None, notes)


def _still_closed(ready: Ready, remote: Remote, before: Standing) -> Standing:
    """Return how the repository stands afterwards; where somebody opened it meanwhile, close it."""
    standing = remote.standing() or before
    try:
        refuse_openness(ready, standing)
    except UsageError:
        remote.set(private=True)
        raise
    return standing


def _opened(ready: Ready, remote: Remote) -> Standing:
    """Return a repository that is there and no more open than the release may be."""
    standing = remote.standing()
    if standing is None:
        destination = ready.manifest["destination"]
        remote.create(private=destination != "public")
        if destination == "gated":
            # In one request, so that there is no moment at which it is public and not gated.
            remote.set(gated="manual", private=False)
        standing = remote.standing()
        if standing is None:
            raise UsageError(f"{remote.repo} was made and cannot be seen", advice="look at your rights there")
    refuse_openness(ready, standing)
    return standing


def _elsewhere(ready: Ready, repo: str) -> tuple[str, ...]:
    """Tell where the release says of itself that it is in another repository."""
    place = ready.files.get(CROISSANT)
    named = repo_in(str(json.loads(place.read_bytes())["url"])) if place else ""
    if named in ("", repo):
        return ()
    return (f"{CROISSANT} and CITATION.cff say that the release is in {named}: that is the recipe's repo",)


def _notes(ready: Ready, standing: Standing) -> tuple[str, ...]:
    found, allowed = openness(standing), ready.manifest["destination"]
    if WIDTHS[found] < WIDTHS[allowed]:
        return (f"the repository is {found}, the release may be {allowed}: not all may read it who could",)
    return ()
