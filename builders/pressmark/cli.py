"""The command line: each command is one library call, its result on stdout, everything else on stderr."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from pressmark import report, report_check, report_rights
from pressmark.building import build
from pressmark.checking import check, read_one
from pressmark.cli_cache import cache_command
from pressmark.cli_card import card_group
from pressmark.cli_duplicates import duplicates_command
from pressmark.cli_history import diff_command
from pressmark.cli_hub import fetch_command, hub_group
from pressmark.cli_hydrate import hydrate_command
from pressmark.cli_init import init_command
from pressmark.cli_options import (
    DIST,
    FINDINGS,
    FINE,
    as_of_option,
    corpus_argument,
    day,
    end_in_order_when_told,
    errors_in_words,
    json_option,
    memory_option,
)
from pressmark.cli_order import InOrder
from pressmark.cli_publish import publish_command, rehearse_command
from pressmark.cli_report import report_command
from pressmark.cli_rights import decide_command, why_command
from pressmark.cli_takedown import takedown_group
from pressmark.cli_verify import verify_command
from pressmark.cli_withdraw import restore_command, withdraw_command
from pressmark.engine.local import processors, workers_within
from pressmark.findings import CATALOGUE, explain
from pressmark.hub.fetch import at_hand
from pressmark.hub.inputs import fetch_inputs
from pressmark.progress import Progress
from pressmark.recipe import read_recipe
from pressmark.survey import surveyed
from pressmark.version import __version__


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pressmark")
def main() -> None:
    """Package a corpus of news articles for publication: validated, with its rights, in versioned Parquet.

    \b
    Example:
      pressmark init corpus/my-paper --from export.csv
      pressmark check corpus/my-paper
      pressmark build corpus/my-paper --version 1.0.0
      pressmark rehearse dist/my-paper/open/1.0.0
    """
    end_in_order_when_told()


@main.command(name="check")
@corpus_argument
@click.option("--rights", is_flag=True, help="Read all inputs; say what may appear, why, and what would open it.")
@click.option("--show", metavar="FILE", help="Print what is read of one input, with its text: FILE, or FILE:LINE.")
@as_of_option
@json_option
@errors_in_words
def check_command(*, corpus: Path, rights: bool, show: str | None, as_of: Any, as_json: bool) -> int:
    """Look at a corpus: recipe, sources, and a sample of its inputs. Writes nothing.

    \b
    Example:
      pressmark check corpus/three-papers --rights
    """
    if show:
        found = read_one(corpus, show)
        if as_json:
            report.as_json(report_check.shown_data(found))
        else:
            report_check.shown(found)
        return FINE if all(each.article for each in found) else FINDINGS
    if rights:
        with surveyed(corpus, as_of=day(as_of), workers=processors()) as survey:
            if as_json:
                report.as_json(report_rights.rights_data(survey))
            else:
                report_rights.rights_table(survey)
        return FINE
    result = check(corpus, as_of=day(as_of))
    if as_json:
        report.as_json(report_check.check_data(result))
    else:
        report_check.checked(result, DIST)
    return FINDINGS if result.findings else FINE


@main.command(name="build")
@corpus_argument
@click.option("--version", required=True, help="Version such as 1.0.0, or auto: the next that the changes ask for.")
@click.option("--line", help="Build one release line.  [default: all of them]")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=DIST,
    show_default=True,
    help="Where releases go.",
)
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("work"),
    show_default=True,
    help="Where the private ledger goes.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes.  [default: as many as processors]")
@memory_option
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A release that a line continues: a folder elsewhere, or org/name@v1.0.0. The newest counts.",
)
@click.option("--drop-vanished", is_flag=True, help="Release without records whose input is gone; a MAJOR version.")
@click.option("--no-cache", is_flag=True, help="Read every input again, keep nothing of it, and remove what was kept.")
@as_of_option
@json_option
@errors_in_words
def build_command(  # noqa: PLR0913 - click passes each option by its name
    *,
    corpus: Path,
    version: str,
    line: str | None,
    out: Path,
    work: Path,
    workers: int | None,
    memory: int | None,
    previous: tuple[Path, ...],
    drop_vanished: bool,
    no_cache: bool,
    as_of: Any,
    as_json: bool,
) -> int:
    """Build the release folders of a corpus, OUT/CORPUS/LINE/VERSION.

    Each line continues its newest earlier version: ids, splits and groups stay, and the version has to say how much
    changed. Exits 0 where the release is written and no more inputs were refused than the recipe allows, 1 where
    more were.

    \b
    Example:
      pressmark build corpus/three-papers --version 1.0.0 --as-of 2026-01-31
    """
    recipe, most = read_recipe(corpus), workers or processors()
    with ExitStack() as fetched, Progress() as progress:
        fetch_inputs(recipe, progress=progress.told)
        result = build(
            recipe,
            version,
            out=out,
            work=work,
            line=line,
            previous=[fetched.enter_context(at_hand(each)) for each in previous],
            drop_vanished=drop_vanished,
            as_of=day(as_of),
            workers=workers_within(memory, most) if memory else most,
            cache=not no_cache,
            progress=progress.told,
        )
    if as_json:
        report.as_json(report.build_data(result))
    else:
        report.built(result)
    return FINE if result.within_limits else FINDINGS


def _begun_codes(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    return [code for code in CATALOGUE if code.startswith(begun)]


@main.command(name="explain")
@click.argument("code", required=False, shell_complete=_begun_codes)
@json_option
@errors_in_words
def explain_command(code: str | None, as_json: bool) -> int:  # noqa: FBT001 - click passes flags so
    """Say what the code of a finding means and what to do; without a code, list all of them.

    \b
    Example:
      pressmark explain wrong-encoding
    """
    if code is not None and code not in CATALOGUE:
        close = report.nearest_code(code)
        raise click.UsageError(f"there is no code {code!r}{close}")
    codes = [explain(code)] if code else list(CATALOGUE.values())
    if as_json:
        report.as_json([report.code_data(each) for each in codes])
    elif code:
        report.explained(codes[0])
    else:
        report.listed(codes)
    return FINE


for _command in (
    *(init_command, why_command, decide_command, hydrate_command, diff_command, duplicates_command, cache_command),
    report_command,
    *(withdraw_command, restore_command, fetch_command, card_group, hub_group),
    *(verify_command, publish_command, rehearse_command, takedown_group),
):
    main.add_command(_command)
