"""Tags: made last, on a commit that was compared with the manifest, and never moved."""

from pressmark.errors import UsageError
from pressmark.hub.ready import Ready
from pressmark.hub.remote import Remote
from pressmark.hub.retry import Trouble, pause

_THERE = 409
"""What the Hub answers where a tag is there already."""

_SHOWN = 5


def at_its_tag(ready: Ready, remote: Remote) -> str:
    """Return the commit that the tag of a version leads to.

    Raises:
        UsageError: it holds something else.
    """
    commit = remote.commit_of(ready.tag)
    differing = ["the tag itself"]
    # An answer can be damaged on its way, so nothing is concluded from a single one.
    for _ in (0, 1):
        tree = remote.tree(commit) if commit else {}
        if commit and ready.is_at(tree):
            return commit
        differing = sorted({*ready.differing(tree), *(tree.keys() - ready.tree.keys())})
        pause(remote.waits[0] if remote.waits else 0.0)
    raise UsageError(
        f"{remote.repo} has another release at {ready.tag}: {', '.join(differing[:_SHOWN])}",
        advice="a version is one release for ever: build and publish the next one",
    )


def tagged(ready: Ready, remote: Remote, commit: str) -> None:
    """Tag a commit that holds the release, and see that the tag leads there.

    Raises:
        UsageError: the commit or the tag is another.
        RemoteError: it cannot be found out whether the tag was made.
    """
    trouble: Trouble | None = None
    if not ready.is_at(remote.tree(commit)) and not ready.is_at(remote.tree(commit)):
        raise UsageError(
            f"{remote.repo} does not hold the release at {commit[:12]}; it was not tagged",
            advice="run the command again, which says what it finds",
        )
    for wait in (0.0, *remote.waits):
        pause(wait, trouble)
        trouble = None
        try:
            remote.tag(ready.tag, commit, f"{ready.tag}, manifest {ready.digest}")
        except Trouble as found:
            trouble = found
        if ready.tag in remote.tags():
            if at_its_tag(ready, remote) != commit:
                raise UsageError(
                    f"{ready.tag} was made by somebody else meanwhile, on another commit with the same files",
                    advice="nothing is wrong with it; run the command again to see it published",
                )
            return
        if trouble and not trouble.temporary and trouble.status != _THERE:
            raise trouble
    raise trouble or Trouble(f"tagging {remote.repo}", "the tag does not appear", temporary=True)
