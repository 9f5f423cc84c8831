"""Commands that take articles back: `withdraw` and `restore`."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from pressmark import report, report_history
from pressmark.cli_options import (
    DIST,
    FINDINGS,
    FINE,
    Day,
    Folder,
    copies_option,
    corpus_argument,
    errors_in_words,
    json_option,
    work_option,
)
from pressmark.curate.withdrawals import REASONS
from pressmark.engine.local import processors
from pressmark.errors import UsageError
from pressmark.ids_given import read_ids
from pressmark.purging import purge
from pressmark.withdraw import Withdrawal, plan_withdrawal, record_withdrawal, restore

_FOLDER = click.Path(path_type=Path)


@click.command(name="withdraw")
@corpus_argument
@click.argument("wanted", metavar="[ID|ADDRESS]...", nargs=-1)
@click.option("--source", help="Take a whole source back, and whatever will come of it.")
@click.option("--from", "listed", type=_FOLDER, help="CSV file of ids or addresses.")
@click.option("--reason", type=click.Choice(REASONS), help="Why; it stands on the tombstone.")
@click.option("--ref", help="What it rests on, such as the number of a case. Stays private.")
@click.option("--by", default="", help="Role of whoever asked. Stays private.")
@click.option("--on", type=Day(), help="The day, such as 2026-01-31.  [default: today in UTC]")
@click.option("--out", type=Folder(), default=DIST, show_default=True, help="Where releases lie.")
@work_option
@copies_option
@click.option("--unseen", is_flag=True, help="Bar addresses too that were never captured.")
@click.option("--purge", "purging", is_flag=True, help="Remove what is withdrawn from the workshop and old releases.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--dry-run", is_flag=True, help="Show what is meant and what holds it, and write nothing.")
@json_option
@errors_in_words
def withdraw_command(corpus: Path, wanted: tuple[str, ...], **options: Any) -> int:
    """Take articles back for good, by id or address: no later build has them, nor copies under other names.

    The tombstone says so in public; where the reason is privacy or a court order it has no id, address or digest.
    Published versions keep what they hold until they are removed: the command lists them. Build the next version
    afterwards, then say --purge, alone, to remove texts from the workshop and old releases on this machine.

    \b
    Example:
      pressmark withdraw corpus/three-papers yupo-sinmun-ko:2023/001.txt --reason rights_claim --ref "case 17"
    """
    names = [*wanted, *(read_ids(options["listed"]) if options["listed"] else ())]
    if options["purging"]:
        if names or options["source"]:
            raise UsageError("--purge is a step of its own", advice="withdraw, build the next version, then purge")
        return _purge(corpus, options)
    if not options["reason"] or not options["ref"]:
        raise UsageError("a withdrawal needs a reason and what it rests on", advice="give --reason and --ref")
    planned = plan_withdrawal(
        corpus,
        names,
        source=options["source"],
        reason=options["reason"],
        ref=options["ref"],
        by=options["by"],
        on=options["on"] or datetime.now(UTC).date(),
        out=options["out"],
        unseen=options["unseen"],
        workers=processors(),
    )
    if not options["as_json"]:
        report_history.withdrawal(planned)
    written = not options["dry_run"] and (options["yes"] or (not options["as_json"] and _confirmed("Withdraw?")))
    tombstones = record_withdrawal(planned) if written else []
    _tell(planned, tombstones, as_json=options["as_json"])
    return FINE if written or options["dry_run"] else FINDINGS


def _purge(corpus: Path, options: dict[str, Any]) -> int:
    if not options["yes"] and not _confirmed("Remove old releases and workshops that hold what is withdrawn?"):
        click.echo("nothing was removed")
        return FINDINGS
    removed = [str(path) for path in purge(corpus, **{name: options[name] for name in ("out", "work", "copies")})]
    if options["as_json"]:
        report.as_json({"removed": removed})
    else:
        click.echo("\n".join(f"removed: {path}" for path in removed) or "nothing here holds what is withdrawn")
    return FINE


def _confirmed(question: str) -> bool:
    try:
        return click.confirm(question)
    except click.Abort:  # no terminal to ask at, or interrupted
        return False


def _tell(planned: Withdrawal, tombstones: list[str], *, as_json: bool) -> None:
    if as_json:
        report.as_json(report_history.withdrawal_data(planned, tombstones))
        return
    for name in tombstones:
        click.echo(f"tombstone: {name}")
    if tombstones:
        click.echo("next: build the next version, which is MAJOR; then `pressmark withdraw CORPUS --purge`.")
        click.echo("Captures and records of it in the corpus folder are yours to keep or to delete.")
    else:
        click.echo("nothing was written")


@click.command(name="restore")
@corpus_argument
@click.argument("tombstone")
@click.option("--ref", required=True, help="What that rests on. Stays private.")
@click.option("--on", type=Day(), help="The day, such as 2026-01-31.  [default: today in UTC]")
@errors_in_words
def restore_command(corpus: Path, tombstone: str, ref: str, on: date | None) -> int:
    """Lift a withdrawal, by the name of its tombstone. The next version has the article again; the tombstone stays.

    \b
    Example:
      pressmark restore corpus/three-papers t-0123456789abcdef0123 --ref "settled, case 17"
    """
    restore(corpus, tombstone, ref=ref, on=on or datetime.now(UTC).date())
    click.echo(f"restored: {tombstone}; the next version has it again")
    return FINE
