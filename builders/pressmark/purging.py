"""Removes what is withdrawn from this machine: from the workshop, and from old releases."""

import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import orjson
import pyarrow.parquet as pq

from pressmark.curate.withdrawals import Suppression, keyed
from pressmark.errors import OutputError, UsageError
from pressmark.history import versions_in
from pressmark.press.history import TOMBSTONES
from pressmark.recipe import Recipe, read_recipe
from pressmark.release.version import numbers
from pressmark.s3_address import is_on_s3
from pressmark.stored_removal import purge_stored, versions_recorded
from pressmark.stored_workshop import kept_in
from pressmark.suppression import read_registry
from pressmark.told import Told, released_rows
from pressmark.workshop import CACHE, REPORT, SHELF, STAGING, files_below, locked

_BROUGHT = (
    "releases in a bucket are not looked at: copy all versions into a folder, OUT/CORPUS/LINE/VERSION, give that as "
    "--out, and remove in the bucket by hand what is removed there, each manifest first"
)


def purge(
    corpus: Path | str, *, out: Path | str = "dist", work: Path | str = "work", copies: Path | str = "work"
) -> list[Path | str]:
    """Remove everything that is withdrawn from the workshop and from old local releases; return what was removed.

    A release that holds any of it goes whole: a version is one release for ever. From a workshop in a bucket it is
    removed here and there, and a build that began before uploads nothing any more.

    Raises:
        OutputError: the newest version of a line holds some of it, or does not tell of it yet; nothing was removed.
        UsageError: releases are in a bucket, which are not looked at; nothing was removed.
        RemoteError: the store does not give or remove something; nothing here was removed.
    """
    if is_on_s3(out):
        raise UsageError(f"found {out} for releases; nothing was removed", advice=_BROUGHT)
    recipe = read_recipe(corpus)
    kept = kept_in(work, copies, recipe.name)
    place, shop = Path(out) / recipe.name, kept.folder
    with locked(place / ".lock"), locked(shop / ".lock"):
        suppression = read_registry(recipe.folder).suppression
        if not suppression.buried:
            return []
        names_in: dict[Path, set[str | None]] = {}
        for release, _, told in released_rows(place):
            if _is_buried(told, suppression):
                names_in.setdefault(release, set()).add(suppression.by_id(told.id))
        holding = sorted(names_in)
        _refuse(holding, recipe)
        _refuse_untold(names_in, recipe)
        pieces = kept.pieces() if kept.address else None
        if pieces:
            _refuse_unseen(versions_recorded(pieces), place, recipe)
        old = [path for path in sorted(shop.glob("*")) if path.is_dir() and not path.is_symlink()]
        current = {versions[-1] for name in recipe.lines if (versions := versions_in(place / name))}
        # What a killed build left: it is removed by the next one anyway.
        removed = [*holding, *(path for path in place.glob("*/.building") if not path.is_symlink())]

        def holds(path: Path) -> bool:
            names = path.name not in current and _names(path / "ledger.jsonl", suppression)
            return names or _keeps(path, suppression)

        removed += [path for path in old if path.name in (CACHE, SHELF) or path.name.startswith(STAGING) or holds(path)]
        # There first: where that is refused, the next time finds here what to remove.
        there = purge_stored(pieces, {path.name for path in removed if path.parent == shop}, holds) if pieces else []
        for path in removed:
            shutil.rmtree(path)
        # Pages show some texts, and are soon written again.
        pages = sorted(shop.glob(f"*/{REPORT}"))
        for path in pages:
            path.unlink()
        return [*removed, *pages, *there]


def _refuse_unseen(versions: Collection[str], place: Path, recipe: Recipe) -> None:
    """Refuse to purge a workshop whose releases are elsewhere: which versions are old cannot be told then."""
    seen = {version for name in recipe.lines for version in versions_in(place / name)}
    newest = max(versions, key=numbers, default=None)
    if newest and newest not in seen:
        raise UsageError(
            f"the workshop has records of {newest}, and {place} has no release of it; nothing was removed",
            advice=_BROUGHT,
        )


def _refuse(holding: Sequence[Path], recipe: Recipe) -> None:
    for release in holding:
        if release.is_symlink():
            raise OutputError(
                f"{release} is a link, and holds what is withdrawn; nothing was removed",
                advice="remove what it leads to by hand, and the link",
            )
        if release.parent.name in recipe.lines and release.name == versions_in(release.parent)[-1]:
            raise OutputError(
                f"{release} is the newest version of its line and holds what is withdrawn; nothing was removed",
                advice="build the next version first, which continues it",
            )


def _refuse_untold(names_in: Mapping[Path, Collection[str | None]], recipe: Recipe) -> None:
    """Refuse to remove a release as long as the next build needs it, to tell in its line of what is withdrawn.

    Args:
        names_in: By release, the tombstones of what is withdrawn in it; None for what no id tells.
        recipe: Whose lines have a next version.
    """
    for release, names in sorted(names_in.items()):
        if release.parent.name not in recipe.lines:
            continue
        newest = release.parent / versions_in(release.parent)[-1]
        if {*names} - {None, *_told_in(newest / TOMBSTONES)}:
            raise OutputError(
                f"{release} holds what is withdrawn, and {newest} does not tell of it yet; nothing was removed",
                advice="build the next version first (--version auto): it finds in this one what it has to tell",
            )


def _told_in(path: Path) -> set[str]:
    """Return the names of the tombstones that a release has."""
    try:
        return {orjson.loads(line)["tombstone"] for line in path.read_bytes().splitlines()} if path.is_file() else set()
    except (ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"{path} cannot be read: {type(error).__name__}; nothing was removed",
            advice="bring the release back whole; `pressmark verify` says what differs",
        ) from error


def _names(ledger: Path, suppression: Suppression) -> bool:
    """Tell whether an old ledger has the id of something of which nothing may be kept."""
    if not suppression.secret or not ledger.is_file():
        return False
    with ledger.open("rb") as stream:
        ids = (entry["id"] for entry in map(orjson.loads, stream) if "id" in entry)
        return any(suppression.by_id(identity) in suppression.secret for identity in ids)


def _is_buried(told: Told, suppression: Suppression) -> bool:
    by_digest = any(digest in suppression.buried for digest in told.digests(suppression.key))
    return by_digest or suppression.by_source(told.source) is not None


def _keeps(folder: Path, suppression: Suppression) -> bool:
    """Tell whether a version's folder of the workshop keeps a text that is withdrawn."""
    return any(_holds(path, suppression) for path in files_below(folder) if path.suffix == ".parquet")


def _holds(path: Path, suppression: Suppression) -> bool:
    table = pq.read_table(path, columns=["id", "text_sha256"], partitioning=None)
    pairs = zip(table["id"].to_pylist(), table["text_sha256"].to_pylist(), strict=True)
    return any(
        suppression.by_id(identity) or keyed(suppression.key, "text", text) in suppression.buried
        for identity, text in pairs
    )
