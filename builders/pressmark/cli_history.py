"""Commands about versions: `diff`."""

from pathlib import Path

import click

from pressmark import report_history
from pressmark.cli_options import FINE, Place, errors_in_words, json_option
from pressmark.hub.fetch import at_hand
from pressmark.page_of_changes import write_page
from pressmark.release.diff import differences


@click.command(name="diff")
@click.argument("old", type=Place())
@click.argument("new", type=Place())
@click.option("--words", is_flag=True, help="Show what was taken out of texts that changed, and what was put in.")
@click.option("--all", "whole", is_flag=True, help="List every record.  [default: the first 20 of each kind]")
@click.option("--page", type=click.Path(path_type=Path), help="Write one HTML page with all of it to this file.")
@json_option
@errors_in_words
def diff_command(
    *, old: Path | str, new: Path | str, words: bool, whole: bool, page: Path | None, as_json: bool
) -> int:
    """Say what changed from one release to another, and how much of a version that asks for.

    OLD and NEW are folders, releases on the Hub as org/name@v1.0.0, or in a bucket as
    s3://BUCKET/PREFIX/CORPUS/LINE/1.0.0. Nothing but the two releases is looked at.
    Records: added, removed, withdrawn, released (their text was withheld before), withheld, moved to another split,
    changed, and changed in their rights alone.

    \b
    Example:
      pressmark diff dist/three-papers/open/1.0.0 dist/three-papers/open/1.1.0 --words
    """
    with (
        at_hand(old) as old_folder,
        at_hand(new) as new_folder,
        differences(old_folder, new_folder, texts=words) as (columns, changes),
    ):
        if page:
            total = write_page(page, str(old), str(new), columns, changes)
            click.echo(f"{page}: {sum(total.kinds.values())} changes; this asks for: {total.bump.name}")
        elif as_json:
            report_history.changes_as_json(old, new, columns, changes)
        else:
            report_history.changed(old, new, columns, changes, whole=whole)
    return FINE
