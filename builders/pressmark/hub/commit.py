"""Brings the main branch of a repository to hold a release: one commit, or above the Hub's limits several."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pressmark.errors import UsageError
from pressmark.hub.openness import refuse_openness
from pressmark.hub.ready import Ready
from pressmark.hub.remote import Remote
from pressmark.hub.retry import Trouble, pause

OPERATIONS_PER_COMMIT = 1000
"""Files above which a release takes several commits: the Hub gives each a minute."""

_FILES_AT_ONCE, _BYTES_AT_ONCE = 50, 256 * 10**6
"""What is sent together at most, between two reports of progress; a larger file goes alone."""

_LAST = ("README.md", "SHA256SUMS", "manifest.json")
"""What goes with the last commit of several, so that a commit before it never looks like the release."""

_OUTDATED = 412
"""What the Hub answers to a commit whose parent is not the head."""

Progress = Callable[[str, int, int], None]
"""Told what is done, how many of its steps are done, and how many there are."""


def committed(ready: Ready, remote: Remote, base: str, progress: Progress | None, operations: int) -> tuple[str, int]:
    """Bring the main branch to hold the release; return its commit, and how many files were sent."""
    tree = remote.tree(base)
    if ready.is_at(tree):
        return base, 0
    new = [path for path in ready.files if tree.get(path) not in ready.tree[path]]
    gone = sorted(tree.keys() - ready.tree.keys())
    parts = list(_parts(new, gone, operations))
    done = 0
    for number, (added, removed) in enumerate(parts, 1):
        additions = remote.additions({path: ready.files[path] for path in added})
        for some in _together(additions, [ready.files[path].stat().st_size for path in added]):
            remote.send(some)
            done += len(some)
            if progress:
                progress("send", done, len(new))
        # Sending takes its time; what is sent shows with the commit.
        if standing := remote.standing():
            refuse_openness(ready, standing)
        title = ready.tag if len(parts) == 1 else f"{ready.tag}, part {number} of {len(parts)}"
        base = _one_commit(ready, remote, base, (additions, removed, added, title))
    return base, len(new)


def _together(additions: Sequence[Any], sizes: Sequence[int]) -> Iterator[list[Any]]:
    some: list[Any] = []
    held = 0
    for addition, size in zip(additions, sizes, strict=True):
        if some and (len(some) == _FILES_AT_ONCE or held + size > _BYTES_AT_ONCE):
            yield some
            some, held = [], 0
        some.append(addition)
        held += size
    if some:
        yield some


def _parts(new: Sequence[str], gone: Sequence[str], operations: int) -> Iterator[tuple[list[str], list[str]]]:
    """Yield what each commit adds and removes: one commit, or where that is too much for the Hub, several."""
    if len(new) + len(gone) <= operations:
        yield list(new), list(gone)
        return
    early = [path for path in new if path not in _LAST]
    for start in range(0, len(early), operations):
        yield early[start : start + operations], []
    # Removed last: until then main has what the release before needs.
    for start in range(operations, len(gone), operations):
        yield [], list(gone[start : start + operations])
    yield [path for path in new if path in _LAST], list(gone[:operations])


def _one_commit(
    ready: Ready, remote: Remote, base: str, wanted: tuple[Sequence[Any], Sequence[str], Sequence[str], str]
) -> str:
    """Commit on a parent, once, whatever answers are lost; return the new head.

    Raises:
        UsageError: somebody else has committed meanwhile.
        RemoteError: it cannot be found out whether it was carried out.
    """
    additions, gone, added, title = wanted
    trouble: Trouble | None = None
    for wait in (0.0, *remote.waits):
        pause(wait, trouble)
        trouble = None
        try:
            remote.commit(additions, gone, base, title, f"manifest {ready.digest}")
        except Trouble as found:
            trouble = found
        # What the call said is not trusted: where an answer was lost, the commit can be there all the same.
        head = _head_after(remote, base, trouble)
        if head != base:
            if _holds(ready, remote, head, added, gone):
                return head
            raise UsageError(
                f"{remote.repo} was changed by somebody else meanwhile: its head is {head[:12]}",
                advice="look at who publishes there; then run the command again, which says what it finds",
            )
        if trouble and not trouble.temporary and trouble.status != _OUTDATED:
            raise trouble
    raise trouble or Trouble(f"committing to {remote.repo}", "the head does not move", temporary=True)


def _head_after(remote: Remote, base: str, trouble: Trouble | None) -> str:
    """Return the head after a commit was tried; for a while, a Hub can answer with the one before."""
    head = base
    looks = remote.waits if trouble is None or trouble.status == _OUTDATED else remote.waits[:1]
    for wait in (0.0, *looks):
        pause(wait)
        standing = remote.standing()
        head = standing.head if standing else base
        if head != base:
            break
    return head


def _holds(ready: Ready, remote: Remote, commit: str, added: Sequence[str], gone: Sequence[str]) -> bool:
    """Tell whether a commit has what one of ours brings; looked at twice, for answers can be damaged."""
    for _ in (0, 1):
        tree = remote.tree(commit)
        if all(tree.get(path) in ready.tree[path] for path in added) and not tree.keys() & set(gone):
            return True
    return False
