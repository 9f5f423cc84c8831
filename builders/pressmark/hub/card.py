"""The card at the head of a repository, beside the one that was published last."""

from collections.abc import Mapping

from pressmark.card_home import card_difference
from pressmark.errors import RemoteError, UsageError
from pressmark.hub.remote import Remote, Tree
from pressmark.release.version import VERSION, numbers

CARD = "README.md"


def two_cards(remote: Remote) -> tuple[str, str]:
    """Return the card of the newest version and the card at the head of a repository.

    Raises:
        RemoteError: there is no version, or the Hub does not answer.
        UsageError: a card is not UTF-8.
    """
    standing = remote.standing()
    tags = remote.tags() if standing else {}
    versions = sorted((tag[1:] for tag in tags if tag.startswith("v") and VERSION.fullmatch(tag[1:])), key=numbers)
    commit = remote.commit_of(f"v{versions[-1]}") if versions else None
    if standing is None or commit is None:
        raise RemoteError(f"{remote.repo} has no version to compare with", advice="publish a release there first")
    return read_card(remote, commit, remote.tree(commit)), read_card(remote, standing.head, remote.tree(standing.head))


def read_card(remote: Remote, commit: str, tree: Tree) -> str:
    """Return the card of a commit; nothing where it has none.

    Raises:
        UsageError: it is not UTF-8.
    """
    if CARD not in tree:
        return ""
    try:
        return remote.read(commit, CARD, tree[CARD]).decode()
    except UnicodeDecodeError as error:
        raise UsageError(
            f"the card of {remote.repo} is not UTF-8, from byte {error.start} on", advice="mend it on the Hub"
        ) from error


def edited(remote: Remote, before: tuple[str, Tree], head: tuple[str, Mapping[str, str]]) -> list[str]:
    """Return how the card at the head differs from the one that was published, as lines that are fit to be printed."""
    return card_difference(read_card(remote, *before), read_card(remote, *head))
