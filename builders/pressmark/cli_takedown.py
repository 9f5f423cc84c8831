"""The commands of a takedown: `takedown plan`, `takedown apply` and `takedown verify`."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from pressmark import report, report_history, report_hub
from pressmark.cli_options import (
    DIST,
    FINDINGS,
    FINE,
    Folder,
    as_of_option,
    corpus_argument,
    errors_in_words,
    json_option,
)
from pressmark.curate.withdrawals import REASONS
from pressmark.engine.local import processors
from pressmark.errors import ForeignHeadError, PressmarkError, UsageError
from pressmark.hub.remote import Remote, account
from pressmark.hub.takedown.procedure import closed_by_takedowns, look, plan, refuse_idle, take_down
from pressmark.hub.takedown.steps import repositories
from pressmark.ids_given import read_ids
from pressmark.recipe import Recipe, read_recipe
from pressmark.withdraw import Withdrawal, plan_withdrawal

_FOLDER = click.Path(path_type=Path)
_out_option = click.option("--out", type=Folder(), default=DIST, show_default=True, help="Where releases lie.")


def _what(command: Any) -> Any:
    """Add the options that say what is meant."""
    for option in (
        click.option("--by", default="", help="Role of whoever asked. Stays private."),
        click.option("--ref", help="What it rests on, such as the number of a case. Stays private."),
        click.option("--reason", type=click.Choice(REASONS), help="Why; it stands on the tombstone."),
        click.option("--from", "listed", type=_FOLDER, help="CSV file of ids or addresses."),
        click.argument("wanted", metavar="[ID|ADDRESS]...", nargs=-1),
    ):
        command = option(command)
    return command


@click.group(name="takedown")
def takedown_group() -> None:
    """Carry withdrawals through the Hub: plan, apply, verify.

    \b
    Example:
      pressmark takedown plan corpus/mine my-paper:17 --reason rights_claim --ref "case 17"
    """


@takedown_group.command(name="plan")
@corpus_argument
@_what
@_out_option
@json_option
@errors_in_words
def plan_command(corpus: Path, wanted: tuple[str, ...], **options: Any) -> int:
    """Show what a takedown would mean, here and on the Hub. Changes nothing.

    Without an id or address, what was withdrawn already is looked for.

    \b
    Example:
      pressmark takedown plan corpus/mine my-paper:17 --reason rights_claim --ref "case 17"
    """
    recipe = read_recipe(corpus)
    withdrawal = _withdrawal(recipe, wanted, options)
    inventories = plan(recipe, withdrawal, options["out"], Remote)
    if options["as_json"]:
        report.as_json([report_hub.inventory_data(each) for each in inventories])
        return FINE
    if withdrawal:
        report_history.withdrawal(withdrawal)
    report_hub.inventories(inventories)
    for repo in sorted({*repositories(recipe).values()} - {each.repo for each in inventories}):
        click.echo(f"{repo}: cannot be seen with this account")
    return FINE


@takedown_group.command(name="apply")
@corpus_argument
@_what
@_out_option
@click.option("--work", type=Folder(), default=Path("work"), show_default=True, help="Where the private workshop lies.")
@click.option(
    "--confirm", multiple=True, metavar="ORG/NAME", help="Each repository that may be changed; asked for otherwise."
)
@click.option("--replace", metavar="COMMIT", help="Replace what somebody changed by hand at this commit.")
@as_of_option
@json_option
@errors_in_words
def apply_command(corpus: Path, wanted: tuple[str, ...], **options: Any) -> int:
    """Withdraw, close the repositories, build and publish the next version, remove what held it, look, open again.

    History that is removed does not come back: tags of versions that hold the article are deleted, the main branch
    becomes one commit, content is purged. Run again, it goes on where it stopped. Exits 1 where anything is still
    there, or could not be looked at; the repository then stays closed.

    \b
    Example:
      pressmark takedown apply corpus/mine my-paper:17 --reason rights_claim --ref "case 17"
    """
    recipe = read_recipe(corpus)
    withdrawal = _withdrawal(recipe, wanted, options)
    refuse_idle(recipe, withdrawal)
    repos = sorted(set(repositories(recipe).values()))
    if withdrawal and not options["as_json"]:
        report_history.withdrawal(withdrawal)
    asked = "History of {} will be removed for good, and it is opened again if nothing is found then. Type its name"
    if not _confirmed(repos, options["confirm"], asked, repos if not options["as_json"] else ()) >= set(repos):
        click.echo("nothing was done", err=True)
        return FINDINGS
    try:
        outcome = take_down(
            corpus,
            withdrawal,
            out=options["out"],
            work=options["work"],
            connect=Remote,
            token=account(),
            as_of=options["as_of"],
            workers=processors(),
            replace=options["replace"],
            told=lambda words: click.echo(words, err=True),
        )
    except PressmarkError as error:
        if isinstance(error, ForeignHeadError):
            report_hub.edited(error)
        click.echo(
            "not finished: what is closed by now stays closed; afterwards run the command again, without ids where the "
            "withdrawal is written down",
            err=True,
        )
        raise
    return _tell(outcome, as_json=options["as_json"])


@takedown_group.command(name="verify")
@corpus_argument
@_out_option
@click.option("--confirm", multiple=True, metavar="ORG/NAME", help="A repository to open again if nothing is found.")
@json_option
@errors_in_words
def verify_command(corpus: Path, out: Path, confirm: tuple[str, ...], *, as_json: bool) -> int:
    """Look for everything that was withdrawn: in every ref, and wherever it once stood, with an account and without.

    A repository that a takedown closed is opened again if nothing is found and its name is typed, or given: somebody
    else may have closed it since.

    \b
    Example:
      pressmark takedown verify corpus/mine --confirm my-org/mine
    """
    recipe = read_recipe(corpus)
    refuse_idle(recipe)
    repos = sorted(set(repositories(recipe).values()))
    closed = [] if as_json else closed_by_takedowns(recipe)
    asked = "{} was closed by a takedown. Type its name to open it if nothing is found, or nothing to look alone"
    confirmed = _confirmed(repos, confirm, asked, closed)
    return _tell(look(corpus, out=out, connect=Remote, token=account(), confirmed=confirmed), as_json=as_json)


def _withdrawal(recipe: Recipe, wanted: tuple[str, ...], options: dict[str, Any]) -> Withdrawal | None:
    names = [*wanted, *(read_ids(options["listed"]) if options["listed"] else ())]
    if not names:
        return None
    if not options["reason"] or not options["ref"]:
        raise UsageError("a withdrawal needs a reason and what it rests on", advice="give --reason and --ref")
    return plan_withdrawal(
        recipe.folder,
        names,
        reason=options["reason"],
        ref=options["ref"],
        by=options["by"],
        on=datetime.now(UTC).date(),
        out=options["out"],
        workers=processors(),
    )


def _confirmed(repos: list[str], given: tuple[str, ...], asked: str, about: Iterable[str]) -> set[str]:
    """Return the repositories that were named: by an option, or by whoever is at the keyboard."""
    if unknown := sorted(set(given) - set(repos)):
        raise UsageError(f"the recipe names no repository {unknown[0]}", advice=f"it names: {', '.join(repos)}")
    confirmed = set(given)
    for repo in about:
        if repo in given:
            continue
        try:
            typed = click.prompt(asked.format(repo), default="", show_default=False, err=True)
        except click.Abort:  # no terminal to ask at, or interrupted
            break
        if typed == repo:
            confirmed.add(repo)
    return confirmed


def _tell(outcome: Any, *, as_json: bool) -> int:
    if as_json:
        report.as_json(report_hub.outcome_data(outcome))
    else:
        report_hub.outcome(outcome)
    return FINDINGS if outcome.findings or outcome.steps else FINE
