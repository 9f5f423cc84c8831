"""The command line: each command is one library call, its result on stdout, everything else on stderr."""

import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from pressmark import report
from pressmark.build import build
from pressmark.check import check
from pressmark.engine.local import processors
from pressmark.errors import PressmarkError, RecipeError, SystemRefusedError
from pressmark.findings import CATALOGUE, explain
from pressmark.hub.consume import load_back
from pressmark.progress import Progress
from pressmark.release.verify import verify
from pressmark.version import __version__

Arguments = ParamSpec("Arguments")

FINE, FINDINGS = 0, 1
"""Exit codes; the errors know theirs: 2 usage, 3 refused by the rights gate, 4 remote trouble."""

_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_as_of = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that counts as today for permissions and decisions.  [default: today in UTC]",
)
_corpus = click.argument("corpus", type=click.Path(path_type=Path))


def _errors_in_words(command: Callable[Arguments, int]) -> Callable[Arguments, None]:
    @wraps(command)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            try:
                code = command(*args, **kwargs)
            except OSError as error:
                raise SystemRefusedError(error) from error
        except PressmarkError as error:
            if kwargs.get("as_json"):
                faults = [fault.as_dict() for fault in error.faults] if isinstance(error, RecipeError) else []
                report.as_json({"error": str(error), "advice": error.advice, "findings": faults})
            report.error(error)
            code = error.exit_code
        sys.exit(code)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pressmark")
def main() -> None:
    """Package a corpus of news articles for publication: validated, with its rights, in versioned Parquet.

    \b
    Example:
      pressmark check corpus/three-papers
      pressmark build corpus/three-papers --version 1.0.0
      pressmark verify dist/three-papers/open/1.0.0
    """


@main.command(name="check")
@_corpus
@_as_of
@_json
@_errors_in_words
def check_command(corpus: Path, as_of: Any, as_json: bool) -> int:  # noqa: FBT001 - click passes flags so
    """Look at a corpus: recipe, sources, and a sample of its inputs. Writes nothing.

    \b
    Example:
      pressmark check corpus/three-papers
    """
    result = check(corpus, as_of=_day(as_of))
    if as_json:
        report.as_json(report.check_data(result))
    else:
        report.checked(result)
    return FINDINGS if result.findings else FINE


@main.command(name="build")
@_corpus
@click.option("--version", required=True, help="Version of the release, such as 1.0.0.")
@click.option("--line", help="Build one release line.  [default: all of them]")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("dist"),
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
@_as_of
@_json
@_errors_in_words
def build_command(
    *,
    corpus: Path,
    version: str,
    line: str | None,
    out: Path,
    work: Path,
    workers: int | None,
    as_of: Any,
    as_json: bool,
) -> int:
    """Build the release folders of a corpus, OUT/CORPUS/LINE/VERSION.

    Exits 0 where the release is written and no more inputs were refused than the recipe allows, 1 where more were.

    \b
    Example:
      pressmark build corpus/three-papers --version 1.0.0 --as-of 2026-01-31
    """
    with Progress() as progress:
        result = build(
            corpus,
            version,
            out=out,
            work=work,
            line=line,
            as_of=_day(as_of),
            workers=workers or processors(),
            progress=progress.told,
        )
    if as_json:
        report.as_json(report.build_data(result))
    else:
        report.built(result)
    return FINE if result.within_limits else FINDINGS


@main.command(name="verify")
@click.argument("release", type=click.Path(path_type=Path))
@click.option("--load", is_flag=True, help="Also load it with datasets.load_dataset, in a fresh process.")
@_json
@_errors_in_words
def verify_command(release: Path, load: bool, as_json: bool) -> int:  # noqa: FBT001 - click passes flags so
    """Check that a release adds up: files, digests, counts, columns, content.

    \b
    Example:
      pressmark verify dist/three-papers/open/1.0.0 --load
    """
    findings = verify(release)
    loaded = None
    if load and not findings:
        loaded, findings = load_back(release)
    if as_json:
        report.as_json(report.verify_data(release, findings, loaded))
    else:
        report.verified(release, findings, loaded)
    return FINDINGS if findings else FINE


@main.command(name="explain")
@click.argument("code", required=False)
@_json
@_errors_in_words
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


def _day(value: Any) -> date | None:
    return value.date() if value is not None else None
