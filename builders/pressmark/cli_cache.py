"""The command `cache`: what builds keep of what they did."""

from pathlib import Path

import click

from pressmark import report
from pressmark.cache import Cache
from pressmark.cli_options import FINE, copies_option, corpus_argument, errors_in_words, json_option, work_option
from pressmark.errors import UsageError
from pressmark.recipe import read_recipe
from pressmark.stored_pieces import Pieces
from pressmark.stored_removal import clear as clear_stored
from pressmark.stored_removal import entries_in
from pressmark.stored_removal import trim as trim_stored
from pressmark.stored_workshop import Kept, kept_in
from pressmark.workshop import workshop


@click.command(name="cache")
@corpus_argument
@work_option
@copies_option
@click.option("--trim", is_flag=True, help="Remove what the newest finished build did not use.")
@click.option("--clear", is_flag=True, help="Remove all of it; the next build does everything again.")
@json_option
@errors_in_words
def cache_command(*, corpus: Path, work: Path | str, copies: Path, trim: bool, clear: bool, as_json: bool) -> int:
    """Say how much the workshop keeps of what builds have done, or remove it.

    A build takes from there what it would read in the same way, so that one that was killed goes on where it was, and a
    new version reads only what is new. Of files of rows it notes what they are made of, so that those that do not
    change are taken from the release before. It holds full texts. Each build that ends removes what it did not use. A
    workshop in a bucket grows until it is trimmed: say so where the newest build ended.

    \b
    Example:
      pressmark cache corpus/three-papers --trim
    """
    kept = kept_in(work, copies, read_recipe(corpus).name)
    with workshop(kept.folder) as shop:
        caches = (Cache(shop.cache), Cache(shop.shelf))
        pieces = kept.pieces() if kept.address else None
        if pieces:
            _remove(pieces, kept, caches, trim=trim, clear=clear)
        for each in caches:
            if clear:
                each.clear()
            elif trim:
                each.trim()
        parts, notes = (each.held() for each in caches)
        there = entries_in(pieces) if pieces else None
    size, idle = parts.bytes + notes.bytes, parts.idle + notes.idle
    if as_json:
        told = {"parts": parts.entries, "notes": notes.entries, "bytes": size, "idle": idle}
        stored = {"bucket": {"entries": there[0], "bytes": there[1]}} if there else {}
        report.as_json({"folder": str(shop.folder), **told, **stored})
        return FINE
    console = report.out()
    words = ("parts of the inputs", "notes of files of rows")
    for cache, held, what in zip(caches, (parts, notes), words, strict=True):
        console.print(f"{cache.folder}: {held.entries} {what}, {held.bytes / 1e6:.1f} MB", markup=False)
    if there:
        console.print(f"{kept.address}: {there[0]} of both, {there[1] / 1e6:.1f} MB", markup=False)
    if idle:
        console.print(f"{idle} of them no finished build uses; --trim removes them")
    return FINE


def _remove(pieces: Pieces, kept: Kept, caches: tuple[Cache, Cache], *, trim: bool, clear: bool) -> None:
    """Remove from the bucket what is to be removed here.

    Raises:
        UsageError: no build has ended here, so that nothing tells what is used.
    """
    if clear:
        clear_stored(pieces)
    elif trim:
        used = {f"{cache.folder.name}/{key}" for cache in caches for key in cache.newest()}
        if not used:
            raise UsageError(
                f"no build has ended in {kept.folder}, so nothing here tells what is used; nothing was removed",
                advice="trim where the newest build ended, or --clear",
            )
        trim_stored(pieces, used)
