"""The command `report`: one page to look at."""

from contextlib import ExitStack
from pathlib import Path

import click

from pressmark import report
from pressmark.cli_options import DIST, FINE, Place, errors_in_words, json_option
from pressmark.errors import UsageError
from pressmark.hub.fetch import at_hand
from pressmark.page.report import write_report

_MEGABYTE = 10**6


@click.command(name="report")
@click.argument("place", metavar="RELEASE|WORKSHOP", type=Place())
@click.option(
    "--page",
    type=click.Path(path_type=Path),
    help="Where the page goes.  [default: CORPUS-LINE-VERSION.html, or report.html beside the ledger]",
)
@click.option("--version", help="Of a workshop, which build.  [default: the newest]")
@click.option(
    "--releases",
    type=click.Path(path_type=Path),
    default=DIST,
    show_default=True,
    help="Of a workshop, where its releases lie.",
)
@click.option(
    "--previous",
    type=Place(),
    help="Of a release, what it is compared with.  [default: the one before, beside it]",
)
@json_option
@errors_in_words
def report_command(
    *,
    place: Path | str,
    page: Path | None,
    version: str | None,
    releases: Path,
    previous: Path | str | None,
    as_json: bool,
) -> int:
    """Write one HTML page: what is in a release, or what became of every input of a build and why.

    RELEASE is a folder, org/name@v1.0.0, or s3://BUCKET/PREFIX/CORPUS/LINE/1.0.0; its page has nothing that the release
    has not, and is as closed as the release is. WORKSHOP is work/CORPUS, or a folder with its ledger; its page is
    private (mode 0600) and shows all. The page needs no connection and asks nothing of anybody.

    \b
    Example:
      pressmark report dist/three-papers/open/1.0.0
      pressmark report work/three-papers
    """
    with ExitStack() as fetched:
        folder = fetched.enter_context(at_hand(place))
        is_release = (folder / "manifest.json").is_file()
        if (previous and not is_release) or (version and is_release):
            raise UsageError(
                "--previous is for releases, --version for workshops",
                advice=f"look at what {place} is and leave one out",
            )
        old = fetched.enter_context(at_hand(previous)) if previous else None
        written = write_report(folder, page, version=version, releases=releases, previous=old)
    if as_json:
        report.as_json(
            {
                "page": str(written.path),
                "bytes": written.bytes,
                "private": bool(written.closed_to),
                "listed": written.listed,
                "left_out": written.left_out,
            }
        )
        return FINE
    console = report.out()
    size = f"{written.bytes / 1e6:.1f} MB" if written.bytes >= _MEGABYTE else f"{written.bytes / 1e3:.0f} kB"
    console.print(f"{written.path}: {size}, {written.listed} rows", markup=False)
    if written.left_out:
        console.print(f"{written.left_out} rows were too many; the page says which, and where they are")
    if written.closed_to:
        private = written.closed_to in ("workshop", "local")
        console.print(
            "private: do not pass it on" if private else "as closed as the release: pass it on to nobody else"
        )
    return FINE
