"""The command `hydrate`."""

from pathlib import Path

import click

from pressmark import report, report_rights
from pressmark.cli_options import FINDINGS, FINE, errors_in_words, json_option
from pressmark.hydration import hydrate
from pressmark.wanted import FILLED


@click.command(name="hydrate")
@click.argument("release", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="A text page, a file of records, or a folder of them. May be given several times.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("hydrated"), show_default=True, help="A new folder."
)
@json_option
@errors_in_words
def hydrate_command(release: Path, files: tuple[Path, ...], out: Path, as_json: bool) -> int:  # noqa: FBT001 - click passes flags so
    """Fill withheld texts of a release from your own lawful copies, checked by digest. Nothing leaves this machine.

    Exits 1 where nothing could be filled.

    \b
    Example:
      pressmark hydrate dist/three-papers/open/1.0.0 --from corpus/three-papers/articles
    """
    result = hydrate(release, files, out)
    if as_json:
        report.as_json({**result.coverage, "parquet": str(result.parquet), "report": str(result.report)})
    else:
        report_rights.hydrated(result)
    return FINE if any(result.counts[outcome] for outcome in FILLED) else FINDINGS
