"""The command about the card: `card pull`."""

from pathlib import Path

import click

from pressmark import report, report_hub
from pressmark.card_home import plan_homecoming, write_homecoming
from pressmark.cli_options import FINDINGS, FINE, corpus_argument, errors_in_words, json_option
from pressmark.hub.card import two_cards
from pressmark.hub.remote import Remote


@click.group(name="card")
def card_group() -> None:
    """Words of your own on the dataset card: docs/card.md.

    \b
    Example:
      pressmark card pull corpus/mine my-org/mine
    """


@card_group.command(name="pull")
@corpus_argument
@click.argument("repo", metavar="ORG/NAME")
@click.option("--dry-run", is_flag=True, help="Show what would come home, and write nothing.")
@json_option
@errors_in_words
def pull_command(corpus: Path, repo: str, *, dry_run: bool, as_json: bool) -> int:
    """Bring home what somebody wrote into the card on the Hub: into CORPUS/card, for the next build.

    Compared with the card of the newest version there. What does not come home is shown; exits 1 where a part was
    changed both there and here.

    \b
    Example:
      pressmark card pull corpus/mine my-org/mine
    """
    found = plan_homecoming(corpus, *two_cards(Remote(repo)))
    written = [] if dry_run else write_homecoming(found)
    if as_json:
        report.as_json({**found.as_dict(), "written": [str(path) for path in written]})
    else:
        report_hub.homecoming(found, written)
    return FINDINGS if found.conflicts else FINE
