"""Removes what is withdrawn from this machine: from the workshop, and from old releases."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq

from pressmark.curate.withdrawals import Suppression, keyed
from pressmark.errors import OutputError
from pressmark.history import versions_in
from pressmark.recipe import read_recipe
from pressmark.suppression import read_registry
from pressmark.withdraw import Told, released_rows


def purge(corpus: Path | str, *, out: Path | str = "dist", work: Path | str = "work") -> list[Path]:
    """Remove everything that is withdrawn from the workshop and from old local releases; return what was removed.

    A release that holds any of it goes whole: a version is one release for ever.

    Raises:
        OutputError: the newest version of a line holds some of it; nothing was removed.
    """
    recipe = read_recipe(corpus)
    suppression = read_registry(recipe.folder).suppression
    place, shop = Path(out) / recipe.name, Path(work) / recipe.name
    holding = sorted({release for release, _, told in released_rows(place) if _is_buried(told, suppression)})
    newest = [release for release in holding if release.name == versions_in(release.parent)[-1]]
    if newest:
        raise OutputError(
            f"{newest[0]} is the newest version of its line and holds what is withdrawn; nothing was removed",
            advice="build the next version first, which continues it",
        )
    private = [path for path in sorted(shop.glob("*")) if path.is_dir() and _keeps(path, suppression)]
    for path in (*holding, *private):
        shutil.rmtree(path)
    return [*holding, *private]


def _is_buried(told: Told, suppression: Suppression) -> bool:
    if not suppression.buried:
        return False
    by_digest = any(digest in suppression.buried for digest in told.digests(suppression.key))
    return by_digest or suppression.by_source(told.source) is not None


def _keeps(folder: Path, suppression: Suppression) -> bool:
    """Tell whether a version's folder of the workshop keeps a text that is withdrawn."""
    if not suppression.buried or folder.is_symlink():
        return False
    return any(_holds(path, suppression) for path in folder.rglob("*.parquet"))


def _holds(path: Path, suppression: Suppression) -> bool:
    table = pq.read_table(path, columns=["id", "text_sha256"], partitioning=None)
    pairs = zip(table["id"].to_pylist(), table["text_sha256"].to_pylist(), strict=True)
    return any(
        suppression.by_id(identity) or keyed(suppression.key, "text", text) in suppression.buried
        for identity, text in pairs
    )
