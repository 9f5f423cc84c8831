"""The commands `check` and `build`."""

from contextlib import ExitStack
from datetime import date
from pathlib import Path

import click

from pressmark import report, report_build, report_check, report_rights
from pressmark.building import build
from pressmark.checking import check, read_one
from pressmark.cli_options import (
    DIST,
    FINDINGS,
    FINE,
    Place,
    as_of_option,
    copies_option,
    corpus_argument,
    errors_in_words,
    json_option,
    memory_option,
    work_option,
)
from pressmark.engine.choice import LOCAL
from pressmark.engine.local import processors, workers_within
from pressmark.engine.without_pandas import without_pandas
from pressmark.hub.fetch import at_hand
from pressmark.hub.inputs import fetch_inputs
from pressmark.page_lines import page_lines
from pressmark.progress import Progress
from pressmark.recipe import read_recipe
from pressmark.s3_address import is_on_s3
from pressmark.survey import surveyed


@click.command(name="check")
@corpus_argument
@click.option("--rights", is_flag=True, help="Read all inputs; say what may appear, why, and what would open it.")
@click.option("--show", metavar="FILE", help="Print what is read of one input, with its text: FILE, or FILE:LINE.")
@as_of_option
@json_option
@errors_in_words
def check_command(*, corpus: Path, rights: bool, show: str | None, as_of: date | None, as_json: bool) -> int:
    """Look at a corpus: recipe, sources, and a sample of its inputs. Writes nothing.

    \b
    Example:
      pressmark check corpus/three-papers --rights
    """
    if show is not None:
        found = read_one(corpus, show)
        if as_json:
            report.as_json(report_check.shown_data(found))
        else:
            report_check.shown(found)
            if refused := next((each.file for each in found if each.rejection), None):
                report_check.told_lines(page_lines(corpus, refused))
        return FINE if all(each.article for each in found) else FINDINGS
    if rights:
        with surveyed(corpus, as_of=as_of, workers=processors()) as survey:
            if as_json:
                report.as_json(report_rights.rights_data(survey))
            else:
                report_rights.rights_table(survey)
        return FINE
    result = check(corpus, as_of=as_of)
    if as_json:
        report.as_json(report_check.check_data(result))
    else:
        report_check.checked(result, DIST)
    return FINDINGS if result.findings else FINE


@click.command(name="build")
@corpus_argument
@click.option("--version", required=True, help="Version such as 1.0.0, or auto: the next that the changes ask for.")
@click.option("--line", help="Build one release line.  [default: all of them]")
@click.option(
    "--out",
    type=Place(),
    default=DIST,
    show_default=True,
    help="Where releases go: a folder, or s3://BUCKET/PREFIX.",
)
@work_option
@copies_option
@click.option("--workers", type=click.IntRange(1, 256), help="Processes.  [default: as many as processors]")
@click.option(
    "--engine",
    default=LOCAL,
    show_default=True,
    metavar="local|ray|ray://HOST:PORT",
    help="Where tasks run: here; on a Ray cluster that is started here with so many workers, or is at RAY_ADDRESS; on "
    "the one at HOST:PORT. A cluster that is joined has its own workers.",
)
@memory_option
@click.option(
    "--previous",
    type=Place(),
    multiple=True,
    help="A release that a line continues: a folder elsewhere, org/name@v1.0.0, or "
    "s3://BUCKET/PREFIX/CORPUS/LINE/1.0.0. The newest counts.",
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
    out: Path | str,
    work: Path | str,
    copies: Path,
    workers: int | None,
    engine: str,
    memory: int | None,
    previous: tuple[Path | str, ...],
    drop_vanished: bool,
    no_cache: bool,
    as_of: date | None,
    as_json: bool,
) -> int:
    """Build the release folders of a corpus, OUT/CORPUS/LINE/VERSION, here or in a bucket.

    Each line continues its newest earlier version: ids, splits and groups stay, and the version has to say how much
    changed. Exits 0 where the release is written and no more inputs were refused than the recipe allows, 1 where
    more were.

    \b
    Example:
      pressmark build corpus/three-papers --version 1.0.0 --as-of 2026-01-31
    """
    without_pandas()
    recipe, most, below = read_recipe(corpus), workers or processors(), copies if is_on_s3(work) else Path(work)
    with ExitStack() as fetched, Progress() as progress:
        fetch_inputs(recipe, progress=progress.told)
        result = build(
            recipe,
            version,
            out=out,
            work=work,
            copies=copies,
            line=line,
            previous=[fetched.enter_context(at_hand(each, below)) for each in previous],
            drop_vanished=drop_vanished,
            as_of=as_of,
            workers=workers_within(memory, most) if memory else most,
            engine=engine,
            cache=not no_cache,
            progress=progress.told,
        )
    if as_json:
        report.as_json(report_build.build_data(result))
    else:
        report_build.built(result)
    return FINE if result.within_limits else FINDINGS
