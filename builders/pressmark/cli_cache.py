"""The command `cache`: what builds keep of what they read."""

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
@click.option("--clear", is_flag=True, help="Remove all of it; the next build reads every input again.")
@json_option
@errors_in_words
def cache_command(*, corpus: Path, work: Path, trim: bool, clear: bool, as_json: bool) -> int:
    """Say how much the workshop keeps of what builds have read, or remove it.

    A build takes from there what it would read in the same way, so that one that was killed goes on where it was, and a
    new version reads only what is new. It holds full texts. Each build that ends removes what it did not use.

    \b
    Example:
      pressmark cache corpus/three-papers --trim
    """
    with workshop(work / read_recipe(corpus).name) as shop:
        cache = Cache(shop.cache)
        if clear:
            cache.clear()
        elif trim:
            cache.trim()
        held = cache.held()
    if as_json:
        report.as_json({"folder": str(cache.folder), "parts": held.entries, "bytes": held.bytes, "idle": held.idle})
        return FINE
    console = report.out()
    console.print(f"{cache.folder}: {held.entries} parts of the inputs, {held.bytes / 1e6:.1f} MB", markup=False)
    if held.idle:
        console.print(f"{held.idle} of them no finished build uses; --trim removes them")
    return FINE
