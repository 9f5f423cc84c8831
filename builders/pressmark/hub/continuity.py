"""Does a release belong on top of what a repository holds?

It does where each file at the head is one of the release itself, or of the version before, which has a tag. What is
there besides was put there by somebody, and is not thrown away unasked.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pressmark.errors import ForeignHeadError, UsageError
from pressmark.hub.card import CARD
from pressmark.hub.card import edited as edited_card
from pressmark.hub.ready import MANIFEST, Ready
from pressmark.hub.remote import Remote
from pressmark.release.version import VERSION, numbers

_FIRST = ".gitattributes"
_GONE = "withdrawn"
_SHOWN = 5


def newest_before(ready: Ready, remote: Remote, tags: Mapping[str, str], *, skip_earlier: bool) -> str | None:
    """Return the commit of the newest version there, which has to be one that the release continues.

    Raises:
        UsageError: a newer version is there, an earlier one is not, or the newest there is not the one continued.
    """
    there = sorted((tag[1:] for tag in tags if tag.startswith("v") and VERSION.fullmatch(tag[1:])), key=numbers)
    version = ready.manifest["version"]
    if there and numbers(there[-1]) > numbers(version):
        raise UsageError(
            f"{remote.repo} has {there[-1]} already, which is newer than {version}",
            advice="versions are published in their order; what came later cannot be moved",
        )
    history: list[dict[str, Any]] = json.loads((ready.folder / "versions.json").read_bytes())["versions"][:-1]
    missing = [each["version"] for each in history if each["version"] not in there and each["status"] != _GONE]
    if missing and not skip_earlier:
        raise UsageError(
            f"{remote.repo} lacks earlier versions: {', '.join(missing[:_SHOWN])}; they cannot be published afterwards",
            advice="publish the folder of the line, which holds all of them, or say --skip-earlier",
        )
    if not there:
        return None
    commit = remote.commit_of(f"v{there[-1]}") or ""
    expected = {each["version"]: each["manifest_sha256"] for each in history}
    manifest = remote.tree(commit).get(MANIFEST)
    found = hashlib.sha256(remote.read(commit, MANIFEST, manifest)).hexdigest() if manifest else ""
    if found != expected.get(there[-1]):
        raise UsageError(
            f"{remote.repo} has another {there[-1]} than the one that this release continues",
            advice="each release line has a repository of its own: look whether this is the right one",
        )
    return commit


def refuse_foreign(ready: Ready, remote: Remote, head: str, before: str | None, replace: str | None) -> None:
    """Refuse to replace what is neither of this release nor of the one before.

    Args:
        ready: The release.
        remote: The repository.
        head: Commit of its main branch.
        before: Commit of the newest version there.
        replace: The commit that may be replaced all the same.

    Raises:
        ForeignHeadError: the head holds something else; where that is an edited card, with what was edited.
    """
    if head in (replace, before):
        return
    tree, known = remote.tree(head), remote.tree(before) if before else {}
    foreign = sorted(
        path
        for path, digest in tree.items()
        if path != _FIRST and digest not in ready.tree.get(path, ()) and digest != known.get(path)
    )
    if foreign:
        edited = edited_card(remote, (before, known), (head, tree)) if before and CARD in foreign else []
        raise ForeignHeadError(remote.repo, head, foreign, edited)
