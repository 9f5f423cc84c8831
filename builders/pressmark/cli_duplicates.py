"""The command `duplicates`: a group of near copies, side by side."""

import json
from pathlib import Path

import click

from pressmark import report_duplicates
from pressmark.cli_options import FINE, errors_in_words, json_option
from pressmark.hub.fetch import at_hand
from pressmark.release.alike import group_of


@click.command(name="duplicates")
@click.argument("release", type=click.Path(path_type=Path))
@click.argument("identity", metavar="ID")
@click.option("--words", is_flag=True, help="Show where each text differs from that of ID.")
@json_option
@errors_in_words
def duplicates_command(*, release: Path, identity: str, words: bool, as_json: bool) -> int:
    """Show the group of an article: its near copies in the release, and how alike they are.

    RELEASE is a folder, or a release on the Hub as org/name@v1.0.0. How alike two texts are is the share of their runs
    of five letters that both have. A group keeps its articles for ever, also where one was corrected since and is like
    the others no more.

    \b
    Example:
      pressmark duplicates dist/three-papers/open/1.0.0 yupo-sinmun-ko:u-0fa1836d682c0d14c761 --words
    """
    with at_hand(release) as folder:
        found = group_of(folder, identity)
    if as_json:
        click.echo(json.dumps(report_duplicates.as_json(found, words=words), ensure_ascii=False, indent=2))
    else:
        report_duplicates.group(found, words=words)
    return FINE
