"""What a takedown asks of a repository beyond publishing: every ref listed, deleted, squashed, and content purged."""

from collections.abc import Callable, Iterable
from typing import Any

from pressmark.hub.remote import Remote
from pressmark.hub.retry import Trouble, once, patiently, pause

_MAIN = "main"


def all_refs(remote: Remote) -> dict[str, str]:
    """Return the commit of every ref by its full name: branches, tags, pull requests, conversions."""
    found = patiently(
        lambda: remote.api.list_repo_refs(**remote.where, include_pull_requests=True),
        f"listing the refs of {remote.repo}",
        remote.waits,
    )
    every = [*found.branches, *found.tags, *found.converts, *(found.pull_requests or ())]
    return {ref.ref: ref.target_commit for ref in every}


def history(remote: Remote, commit: str) -> list[str]:
    """Return a commit and those before it, newest first."""
    found = patiently(
        lambda: list(remote.api.list_repo_commits(**remote.where, revision=commit)),
        f"listing the commits of {remote.repo}",
        remote.waits,
    )
    return [each.commit_id for each in found]


def stored_apart(remote: Remote) -> dict[str, Any]:
    """Return what the Hub lists as stored apart from git, by SHA-256, as its client has it."""
    found = patiently(
        lambda: list(remote.api.list_lfs_files(**remote.where)),
        f"listing what {remote.repo} stores",
        remote.waits,
    )
    return {each.file_oid: each for each in found}


def purge_content(remote: Remote, digests: Iterable[str]) -> list[str]:
    """Delete content for good, by SHA-256; return what of it the Hub listed."""
    wanted = set(digests)
    listed = {sha256: each for sha256, each in stored_apart(remote).items() if sha256 in wanted}
    if listed:
        until_done(
            remote,
            lambda: remote.api.permanently_delete_lfs_files(remote.repo, listed.values(), repo_type="dataset"),
            lambda: not wanted & stored_apart(remote).keys(),
            f"deleting content of {remote.repo} for good",
        )
    return sorted(listed)


def delete_ref(remote: Remote, ref: str) -> None:
    """Delete a tag, or a branch but the main one."""
    kind, name = ref.removeprefix("refs/").split("/", 1)
    delete = remote.api.delete_tag if kind == "tags" else remote.api.delete_branch
    named = {"tag": name} if kind == "tags" else {"branch": name}
    until_done(
        remote,
        lambda: delete(remote.repo, repo_type="dataset", **named),
        lambda: ref not in all_refs(remote),
        f"deleting {ref} of {remote.repo}",
    )


def branch_off(remote: Remote, branch: str, commit: str) -> None:
    """Begin a branch at a commit; fine where it is there."""
    ref = f"refs/heads/{branch}"
    until_done(
        remote,
        lambda: remote.api.create_branch(remote.repo, repo_type="dataset", branch=branch, revision=commit),
        lambda: ref in all_refs(remote),
        f"branching off {remote.repo}",
    )


def squash(remote: Remote, branch: str = _MAIN, message: str = "history removed") -> str:
    """Make one commit of a branch, and return it."""
    patiently(
        lambda: remote.api.super_squash_history(
            remote.repo, branch=branch, commit_message=message, repo_type="dataset"
        ),
        f"removing the history of {remote.repo}",
        remote.waits,
    )
    return all_refs(remote)[f"refs/heads/{branch}"]


def tag_again(remote: Remote, tag: str, commit: str) -> None:
    """Give back a tag to the very files that it named before."""
    until_done(
        remote,
        lambda: remote.tag(tag, commit, f"{tag}, without the history before it"),
        lambda: tag in remote.tags(),
        f"tagging {remote.repo}",
    )


def until_done(remote: Remote, act: Callable[[], object], done: Callable[[], bool], what: str) -> None:
    """Do something whose answer may be lost, and look whether it is done; do it again where it is not.

    Raises:
        Trouble: it is not done after all attempts, or for good.
    """
    trouble: Trouble | None = None
    for wait in (0.0, *remote.waits):
        pause(wait, trouble)
        trouble = None
        try:
            once(act, what)
        except Trouble as found:
            trouble = found
        if done():
            return
        if trouble and not trouble.temporary:
            raise trouble
    raise trouble or Trouble(what, "it does not come about", temporary=True)
