"""The command `cache`: what builds keep of what they did."""

from pathlib import Path

import click

from pressmark import report
from pressmark.cache import Cache
from pressmark.cli_options import FINE, corpus_argument, errors_in_words, json_option
from pressmark.recipe import read_recipe
from pressmark.workshop import workshop


@click.command(name="cache")
@corpus_argument
@click.option("--work", type=click.Path(path_type=Path), default="work", show_default=True, help="The workshop.")
@click.option("--trim", is_flag=True, help="Remove what the newest finished build did not use.")
@click.option("--clear", is_flag=True, help="Remove all of it; the next build does everything again.")
@json_option
@errors_in_words
def cache_command(*, corpus: Path, work: Path, trim: bool, clear: bool, as_json: bool) -> int:
    """Say how much the workshop keeps of what builds have done, or remove it.

    A build takes from there what it would read in the same way, so that one that was killed goes on where it was, and a
    new version reads only what is new. Of files of rows it notes what they are made of, so that those that do not
    change are taken from the release before. It holds full texts. Each build that ends removes what it did not use.

    \b
    Example:
      pressmark cache corpus/three-papers --trim
    """
    with workshop(work / read_recipe(corpus).name) as shop:
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
