"""Where on a Hub articles stand that were withdrawn: in every ref, every commit that leads to one, and those that did.

Rows are looked at, not names: a file is fetched, unless a release on this machine has the same one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pressmark.curate.withdrawals import Suppression
from pressmark.hub.remote import Remote
from pressmark.hub.takedown.files import IsMeant, IsNamed, holds
from pressmark.hub.takedown.removal import all_refs, history
from pressmark.told import Told, loose

_MAIN = "refs/heads/main"
_BY_HAND = {
    "refs/pr/": "close the pull request and say 'Delete ref' on its page",
    "refs/convert/": "wait until the Hub has converted the new head, or ask its support to remove the ref",
}

_SERVED = "no ref leads to it and the Hub serves it all the same; wait for a day, then ask its support to remove it"


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a repository holds of articles that were withdrawn."""

    repo: str
    refs: Mapping[str, str]
    """Commit of every ref."""

    ancestors: Mapping[str, list[str]]
    """Commits that each ref leads to, newest first."""

    holding: Mapping[str, dict[str, str]]
    """By commit, the files that hold any, with their digests; commits without any are not here."""

    doubtful: Mapping[str, dict[str, str]] = field(default_factory=dict)
    """By commit, the files of which it could not be told."""

    unreached: tuple[str, ...] = ()
    """Commits that no ref leads to since an earlier takedown, and that the Hub serves all the same."""

    @property
    def commits(self) -> set[str]:
        """All commits that were looked through."""
        return {*self.unreached, *(commit for commits in self.ancestors.values() for commit in commits)}

    @property
    def unread(self) -> list[str]:
        """Paths of files of which it could not be told."""
        return sorted({path for files in self.doubtful.values() for path in files})

    def own(self, kind: str) -> list[str]:
        """Return the refs of a kind, such as `refs/tags/`, whose own files hold any."""
        return [ref for ref, commit in self.refs.items() if ref.startswith(kind) and commit in self.holding]

    def behind(self, kind: str) -> list[str]:
        """Return the refs of a kind whose own files are clean, and whose history is not."""
        return [
            ref
            for ref, commit in self.refs.items()
            if ref.startswith(kind) and commit not in self.holding and set(self.ancestors[ref]) & self.holding.keys()
        ]

    def by_hand(self) -> list[str]:
        """Return the steps that only a person can do."""
        suspect = self.holding.keys() | self.doubtful.keys()
        refs = [
            f"{self.repo}: {ref}: {words}"
            for kind, words in _BY_HAND.items()
            for ref in self.refs
            if ref.startswith(kind) and suspect & set(self.ancestors[ref])
        ]
        loose = [f"{self.repo}: commit {commit[:12]}: {_SERVED}" for commit in self.unreached if commit in suspect]
        return [*refs, *loose]

    def steps(self) -> list[str]:
        """Return in words what a takedown does here."""
        if not self.holding:
            return ["nothing of it is here"]
        other = [ref for ref in self.own("refs/heads/") if ref != _MAIN]
        history = [*self.behind("refs/heads/"), *(each for each in self.own("refs/heads/") if each == _MAIN)]
        return [
            "the repository is closed while the next version is built and published",
            *(f"{ref} is deleted" for ref in (*self.own("refs/tags/"), *other)),
            *(f"the history of {ref} is removed" for ref in history),
            *(f"the history of {ref} is removed; its files stay as they are" for ref in self.behind("refs/tags/")),
            f"{len(self.apart)} files that are stored apart are deleted for good",
            *(f"by hand: {step}" for step in self.by_hand()),
        ]

    @property
    def places(self) -> list[tuple[str, str]]:
        """Commit and path of every file that holds any."""
        return sorted((commit, path) for commit, files in self.holding.items() for path in files)

    @property
    def apart(self) -> set[str]:
        """SHA-256 of the files that hold any and are stored apart from git."""
        every = {digest for files in self.holding.values() for digest in files.values()}
        return {digest.removeprefix("sha256:") for digest in every if digest.startswith("sha256:")}


def by_suppression(suppression: Suppression) -> tuple[IsMeant, IsNamed]:
    """Return what tells a withdrawn article, and a name of one of which nothing may be kept."""

    def is_meant(told: Told) -> bool:
        by_digest = any(digest in suppression.buried for digest in told.digests(suppression.key))
        return by_digest or suppression.by_source(told.source) is not None

    def is_named(word: str) -> bool:
        if not suppression.secret:
            return False
        found = suppression.by_id(word)
        if found is None and loose(word):
            told = Told("", word, "", "", "")
            found = next(
                (suppression.buried[d] for d in told.digests(suppression.key) if d in suppression.buried), None
            )
        return found in suppression.secret

    return is_meant, is_named


def take_inventory(
    remote: Remote,
    at_home: Mapping[str, Path],
    is_meant: IsMeant,
    is_named: IsNamed,
    earlier: Iterable[str] = (),
) -> Inventory:
    """Look through everything that a repository holds.

    Args:
        remote: The repository.
        at_home: Files of releases on this machine, by SHA-256, so that they need not be fetched.
        is_meant: Tells the article of a row.
        is_named: Tells a word that names one of which nothing may be kept.
        earlier: Commits to look through too, where the Hub serves them although no ref leads to them any more.
    """
    refs = all_refs(remote)
    ancestors = {ref: history(remote, commit) for ref, commit in refs.items()}
    known: dict[tuple[str, str], bool | None] = {}
    holding: dict[str, dict[str, str]] = {}
    doubtful: dict[str, dict[str, str]] = {}
    reached = dict.fromkeys(commit for commits in ancestors.values() for commit in commits)
    unreached = tuple(each for each in earlier if each not in reached and remote.commit_of(each) is not None)
    for commit in (*reached, *unreached):
        tree = remote.tree(commit)
        for path, digest in tree.items():
            # The same content under another name can be read in another way.
            kind = (digest, Path(path).suffix)
            if kind not in known:
                known[kind] = holds(remote, commit, path, tree, at_home, is_meant, is_named)
            if known[kind]:
                holding.setdefault(commit, {})[path] = digest
            elif known[kind] is None:
                doubtful.setdefault(commit, {})[path] = digest
    return Inventory(remote.repo, refs, ancestors, holding, doubtful, unreached)
