"""The steps of a takedown on the Hub: closed first, replaced, removed from every ref, and looked for afterwards.

What is done is found out from what is there, so that a takedown that was interrupted goes on when it is run again.
Where something stood is written down first, in `private/takedown.json` of the corpus, without a word of it: later
looks go there again. Nothing is ever said to be erased; what is said is where it was looked for, and not found.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pressmark.errors import RemoteError, UsageError
from pressmark.findings import Finding
from pressmark.history import versions_in
from pressmark.hub.commit import OPERATIONS_PER_COMMIT, committed
from pressmark.hub.continuity import newest_before, refuse_foreign
from pressmark.hub.ready import Ready
from pressmark.hub.remote import Remote
from pressmark.hub.tag import at_its_tag, tagged
from pressmark.hub.takedown.cases import Case, forget_commits, read_cases, write_closed
from pressmark.hub.takedown.files import rows_hold
from pressmark.hub.takedown.inventory import Inventory, by_suppression, take_inventory
from pressmark.hub.takedown.look import UNVERIFIED, look_everywhere
from pressmark.hub.takedown.removal import (
    all_refs,
    branch_off,
    delete_ref,
    purge_content,
    squash,
    stored_apart,
    tag_again,
)
from pressmark.recipe import Recipe
from pressmark.suppression import read_registry

_KEPT = "pressmark-kept-"
"""How the branch is named that carries a clean version over while its tag is made again."""

Told = Callable[[str], None]


def repositories(recipe: Recipe) -> dict[str, str]:
    """Return the name of the repository of each line that has one.

    Raises:
        UsageError: no line does.
    """
    found = {line.name: line.repo for line in recipe.lines.values() if line.repo}
    if not found:
        raise UsageError(f"{recipe.folder} names no repository", advice='write repo = "org/name" below [releases.NAME]')
    return found


def remotes(recipe: Recipe, connect: Callable[[str], Remote]) -> dict[str, Remote]:
    """Return the repository of each line that has one.

    Raises:
        UsageError: no line does.
    """
    return {line: connect(repo) for line, repo in repositories(recipe).items()}


def files_at_home(place: Path) -> dict[str, Path]:
    """Return the files of rows of all releases below `OUT/CORPUS`, by their SHA-256."""
    found = {}
    for manifest in sorted(place.glob("*/*/manifest.json")):
        for entry in json.loads(manifest.read_bytes())["files"]:
            if "config" in entry:
                found[entry["sha256"]] = manifest.parent / entry["path"]
    return found


def take_stock(recipe: Recipe, remote: Remote, out: Path) -> Inventory:
    """Return what a repository holds of everything that was withdrawn from a corpus."""
    suppression = read_registry(recipe.folder).suppression
    earlier = read_cases(recipe).get(remote.repo, Case()).commits
    return take_inventory(remote, files_at_home(out / recipe.name), *by_suppression(suppression), earlier)


def contain(recipe: Recipe, remote: Remote) -> None:
    """Close a repository to everybody, and write down that this did it."""
    standing = remote.standing()
    if standing is None or standing.private:
        return
    write_closed(recipe, remote, closed=True)
    remote.set(private=True)


def carry_out(recipe: Recipe, remote: Remote, ready: Ready, out: Path, told: Told, replace: str | None = None) -> None:
    """Bring a repository to hold a release and nothing that was withdrawn, in any ref that can be changed.

    Args:
        recipe: The corpus.
        remote: A repository of one of its lines.
        ready: The newest release of that line, which has nothing of it.
        out: Where releases lie.
        told: Called with what is done, in words.
        replace: The commit at the head that may be replaced although somebody changed it by hand.
    """
    standing = remote.standing()
    if standing is None:
        return
    tags = remote.tags()
    if ready.tag in tags:
        # What somebody wrote on top of the newest version stays, if it has nothing of it.
        at_its_tag(ready, remote)
    elif not ready.is_at(remote.tree(standing.head)):
        before = newest_before(ready, remote, tags, skip_earlier=True)
        refuse_foreign(ready, remote, standing.head, before, replace)
        committed(ready, remote, standing.head, None, OPERATIONS_PER_COMMIT)
        told(f"{remote.repo}: {ready.tag} is at the head")
    inventory = take_stock(recipe, remote, out)
    for ref in (*inventory.own("refs/tags/"), *inventory.own("refs/heads/")):
        if ref != "refs/heads/main":
            delete_ref(remote, ref)
            told(f"{remote.repo}: {ref} deleted")
    for ref in inventory.behind("refs/tags/"):
        _carry_over(remote, ref, told)
    for ref in inventory.behind("refs/heads/"):
        squash(remote, ref.removeprefix("refs/heads/"))
        told(f"{remote.repo}: the history of {ref} removed")
    _finish_carrying(remote, told)
    if ready.tag not in remote.tags():
        head = remote.standing() or standing
        tagged(ready, remote, head.head)
        told(f"{remote.repo}: {ready.tag} tagged")
    # What a ref holds by now, after a withdrawal was lifted say, is not what was taken down.
    held = _held(remote)
    meant, _ = _adrift(recipe, remote, out, held)
    for sha256 in purge_content(remote, (set(read_cases(recipe)[remote.repo].contents) - held) | meant):
        told(f"{remote.repo}: content {sha256[:12]} deleted for good")


def _adrift(recipe: Recipe, remote: Remote, out: Path, held: set[str]) -> tuple[set[str], set[str]]:
    """Return stored content that no branch or tag holds: what has withdrawn articles, and what cannot be told of."""
    at_home = files_at_home(out / recipe.name)
    is_meant, _ = by_suppression(read_registry(recipe.folder).suppression)
    told = {
        sha256: rows_hold(at_home[sha256], is_meant) if sha256 in at_home else None
        for sha256 in stored_apart(remote).keys() - held
    }
    return {each for each, found in told.items() if found}, {each for each, found in told.items() if found is None}


def _held(remote: Remote) -> set[str]:
    """Return the SHA-256 of what branches and tags hold: of anything that was taken down, none does by now."""
    refs = all_refs(remote).items()
    trees = (remote.tree(commit) for ref, commit in refs if ref.startswith(("refs/heads/", "refs/tags/")))
    return {digest.removeprefix("sha256:") for tree in trees for digest in tree.values()}


def _carry_over(remote: Remote, ref: str, told: Told) -> None:
    """Give a clean version whose history is not clean a commit without history, with the very same files."""
    tag = ref.removeprefix("refs/tags/")
    commit = remote.commit_of(tag) or ""
    files = remote.tree(commit)
    branch_off(remote, _KEPT + tag, commit)
    if remote.tree(squash(remote, _KEPT + tag)) != files:
        raise RemoteError(f"{remote.repo}: {tag} came out otherwise without its history", advice="run this again")
    delete_ref(remote, ref)
    told(f"{remote.repo}: the history of {ref} removed")


def _finish_carrying(remote: Remote, told: Told) -> None:
    """Tag what was carried over, also by an earlier run, and let go of its branch."""
    refs = all_refs(remote)
    for ref, commit in refs.items():
        if ref.startswith(f"refs/heads/{_KEPT}"):
            tag = ref.removeprefix(f"refs/heads/{_KEPT}")
            if f"refs/tags/{tag}" not in refs:
                tag_again(remote, tag, commit)
                told(f"{remote.repo}: {tag} tagged again, with the same files")
            delete_ref(remote, ref)


def look_again(recipe: Recipe, remote: Remote, out: Path, token: str | None) -> list[Finding]:
    """Look for everything that was withdrawn, everywhere on the Hub where it is or was.

    Args:
        recipe: The corpus.
        remote: A repository of one of its lines.
        out: Where releases lie.
        token: Whose account is used.
    """
    if remote.standing() is None:
        return [Finding(UNVERIFIED, remote.repo, "", "there is no such repository, or not for this account")]
    case = read_cases(recipe).get(remote.repo, Case())
    inventory = take_stock(recipe, remote, out)
    held = _held(remote)
    meant, unknown = _adrift(recipe, remote, out, held)
    listed = sorted(((set(case.contents) & stored_apart(remote).keys()) - (held - inventory.apart)) | meant)
    places = [(commit, path) for commit, path in case.places]
    doubts = [
        Finding(UNVERIFIED, remote.repo, sha256[:12], "stored content that no version holds, and that is not here")
        for sha256 in sorted(unknown - set(listed))
    ]
    found = [*look_everywhere(remote, inventory, places, listed, token), *doubts]
    if not found:
        forget_commits(recipe, inventory)
    return found


def may_open(recipe: Recipe, remote: Remote) -> bool:
    """Tell whether a repository stands as a takedown closed it, and whether its line is one for others to read."""
    case, standing = read_cases(recipe).get(remote.repo), remote.standing()
    if case is None or standing is None or not case.closed:
        return False
    if not standing.private:
        # Its owner was faster; what the owner closes later is not ours to open.
        write_closed(recipe, remote, closed=False)
        return False
    return is_for_others(_destination(recipe, remote))


def is_for_others(destination: str) -> bool:
    """Tell whether a repository for this destination can be an open one."""
    return destination in ("public", "gated")


def open_again(recipe: Recipe, remote: Remote) -> None:
    """Open a repository that a takedown closed. Gating stays as it is, but where the line asks for it."""
    if _destination(recipe, remote) == "gated":
        # In one request, so that there is no moment at which it is public and not gated.
        remote.set(gated="manual", private=False)
    else:
        remote.set(private=False)
    write_closed(recipe, remote, closed=False)


def _destination(recipe: Recipe, remote: Remote) -> str:
    return next(line.destination for line in recipe.lines.values() if line.repo == remote.repo)


def newest(out: Path, recipe: Recipe, line: str) -> Path | None:
    """Return the newest release of a line."""
    found: Sequence[Any] = versions_in(out / recipe.name / line)
    return out / recipe.name / line / found[-1] if found else None
