"""The command `cache`: what builds keep of what they did."""

from pathlib import Path

import click

from pressmark import report
from pressmark.cache import Cache
from pressmark.cli_options import FINE, copies_option, corpus_argument, errors_in_words, json_option, work_option
from pressmark.recipe import read_recipe
from pressmark.stored_workshop import kept_in


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
    change are taken from the release before. It holds full texts. Each build that ends removes what it did not use. Of
    a workshop in a bucket the copy here is made the same first, and what is removed is removed in both.

    \b
    Example:
      pressmark cache corpus/three-papers --trim
    """
    with kept_in(work, copies, read_recipe(corpus).name).open() as (shop, _):
        caches = (Cache(shop.cache), Cache(shop.shelf))
        for each in caches:
            if clear:
                each.clear()
            elif trim:
                each.trim()
        parts, notes = (each.held() for each in caches)
    size, idle = parts.bytes + notes.bytes, parts.idle + notes.idle
    if as_json:
        told = {"parts": parts.entries, "notes": notes.entries, "bytes": size, "idle": idle}
        report.as_json({"folder": str(shop.folder), **told})
        return FINE
    console = report.out()
    words = ("parts of the inputs", "notes of files of rows")
    for cache, held, what in zip(caches, (parts, notes), words, strict=True):
        console.print(f"{cache.folder}: {held.entries} {what}, {held.bytes / 1e6:.1f} MB", markup=False)
    if idle:
        console.print(f"{idle} of them no finished build uses; --trim removes them")
    return FINE
