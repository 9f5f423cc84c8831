"""The command line: each command is one library call, its result on stdout, everything else on stderr."""

import click

from pressmark.cli_options import end_in_order_when_told, open_closed_streams
from pressmark.cli_order import InOrder
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
    open_closed_streams()
    end_in_order_when_told()
