"""Brings home what inputs name on the Hub: the files of one commit, each held against its digest."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from pressmark.errors import RemoteError
from pressmark.fetched import Home, pinned_input, wanted
from pressmark.hub.remote import Remote, Tree
from pressmark.hub_address import HubAddress
from pressmark.recipe import Input, Recipe, read_recipe
from pressmark.stored_inputs import bring_objects
from pressmark.suppression import private_folder
from pressmark.workshop import PRIVATE, write_durably

_STAGE = "fetch"
_LONGEST_PATH, _LONGEST_PART = 400, 200
_ODD = re.compile(r"[\x00-\x1f\x7f\\]")


def fetch_inputs(
    corpus: Recipe | Path | str,
    *,
    connect: Callable[[str], Remote] = Remote,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[str]:
    """Bring home the files of datasets of the Hub and the objects of buckets that a corpus has as inputs.

    Of the Hub, what is not here yet: whoever is logged in with the Hub's own client asks for it, and where all is here,
    no connection is opened. Of a bucket, what it has now: it is listed each time, and what is new or changed is read.

    Args:
        corpus: The recipe, or the folder that it is in.
        connect: Gives a repository by its name.
        progress: Told how many files of how many are here.

    Returns:
        The addresses of what was fetched; those of the Hub have their commit.

    Raises:
        RecipeError: the recipe has faults.
        UsageError: what reads buckets is not installed, or there are no credentials for them.
        RemoteError: the Hub does not have them, does not give them, or lists what no repository has; or a store of
            buckets does not give them.
    """
    recipe = corpus if isinstance(corpus, Recipe) else read_recipe(corpus)
    fetched: list[str] = []
    for entry in recipe.inputs:
        if entry.hub is not None and pinned_input(recipe.folder, entry) is None:
            fetched += _fetch(recipe.folder, entry, entry.hub, connect(entry.hub.repo), progress)
    if any(entry.s3 for entry in recipe.inputs):
        fetched += bring_objects(recipe.folder, recipe.inputs, progress)
    return fetched


def _fetch(
    folder: Path,
    entry: Input,
    address: HubAddress,
    remote: Remote,
    progress: Callable[[str, int, int], None] | None,
) -> list[str]:
    home = Home(folder, address)
    private_folder(folder)
    home.folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    commit = home.commit() if not address.is_pinned else None
    commit = commit or remote.commit_of(address.revision)
    if commit is None:
        raise RemoteError(
            f"{address.repo} has no revision {address.revision}", advice="look at its tags; correct the input's files"
        )
    tree = home.files_of(commit) or remote.tree(commit)
    paths = wanted(entry, address, tree)
    _refuse_odd(address.repo, paths)
    missing = [path for path in paths if not (home.files(commit) / path).is_file()]
    for position, path in enumerate(missing):
        if progress:
            progress(_STAGE, position, len(missing))
        _bring(home, remote, commit, path, tree[path])
    if progress and missing:
        progress(_STAGE, len(missing), len(missing))
    _write_down(home, commit, tree)
    return [address.at(commit, path) for path in missing]


def _refuse_odd(repo: str, paths: list[str]) -> None:
    """Refuse paths that would lead elsewhere here, or could not be written."""
    for path in paths:
        parts = path.split("/")
        if (
            {"", ".", ".."} & set(parts)
            or _ODD.search(path)
            or len(path.encode()) > _LONGEST_PATH
            or max(len(part.encode()) for part in parts) > _LONGEST_PART
        ):
            raise RemoteError(
                f"{repo} lists a file {path[:_LONGEST_PART]!r}", advice="leave it out with `except`, or rename it there"
            )


def _bring(home: Home, remote: Remote, commit: str, path: str, digest: str) -> None:
    place = home.files(commit) / path
    place.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    with remote.file(commit, path, digest, below=home.folder) as got:
        got.chmod(0o400)
        got.replace(place)


def _write_down(home: Home, commit: str, tree: Tree) -> None:
    """Say what the commit has, and last that the revision means it."""
    _write(home.listing(commit), tree)
    if not home.address.is_pinned:
        _write(home.revisions, {**home.commits(), home.address.revision: commit})


def _write(path: Path, data: Mapping[str, str]) -> None:
    write_durably(path, json.dumps(dict(data), indent=1, sort_keys=True).encode() + b"\n")
