"""Commands of what is on a Hub, and of the embedded one: `fetch` and `hub serve`."""

import sys
import threading
from pathlib import Path

import click

from pressmark import report
from pressmark.cli_options import FINE, corpus_argument, errors_in_words, json_option
from pressmark.hub.inputs import fetch_inputs
from pressmark.hub.local.log import Logged
from pressmark.hub.local.server import LOOPBACK, serving
from pressmark.progress import Progress


@click.command(name="fetch")
@corpus_argument
@json_option
@errors_in_words
def fetch_command(corpus: Path, *, as_json: bool) -> int:
    """Bring home what a corpus has as inputs elsewhere, on the Hub or in buckets (s3://), into its private folder.

    `build` does so itself; `check`, `why` and `decide` look only at what is here. Account and address are those of the
    Hub's own client: `hf auth login` or HF_TOKEN, and HF_ENDPOINT; of buckets, those of the AWS command line.

    \b
    Example:
      pressmark fetch corpus/three-papers
    """
    with Progress() as progress:
        fetched = fetch_inputs(corpus, progress=progress.told)
    if as_json:
        report.as_json({"fetched": fetched})
    else:
        for address in fetched:
            click.echo(address)
        click.echo(f"{len(fetched)} files were fetched" if fetched else "everything is here")
    return FINE


@click.group(name="hub")
def hub_group() -> None:
    """A Hub on this machine, to rehearse with: docs/embedded-hub.md.

    \b
    Example:
      pressmark hub serve /tmp/hub
    """


@hub_group.command(name="serve")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen at.  [default: a free one]")
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen at.")
@click.option("--anywhere", is_flag=True, help="Let --host be an address that other machines can reach.")
@json_option
@errors_in_words
def serve_command(folder: Path, port: int, host: str, *, anywhere: bool, as_json: bool) -> int:
    """Serve a folder as a Hub, until Ctrl-C: the Hub's own clients publish to it and read from it.

    Prints the variables that clients need, as lines for a shell; the folder keeps what was published.

    \b
    Example:
      pressmark hub serve /tmp/hub
    """
    with serving(folder, host=host, port=port, anywhere=anywhere, told=_told) as hub:
        if as_json:
            tokens = {name: hub.token(name) for name in ("owner", "reader")}
            report.as_json({"endpoint": hub.endpoint, "content": hub.cdn, "tokens": tokens})
        else:
            click.echo(f"export HF_ENDPOINT={hub.endpoint}")
            click.echo(f"export HF_TOKEN={hub.token()}  # who owns everything; a reader's is {hub.token('reader')}")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
    return FINE


def _told(entry: Logged) -> None:
    # Paths are what a client sent: nothing of them may act on a terminal.
    path = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in entry.path)
    click.echo(f"{entry.status or 'dropped'} {entry.method} {path} {entry.received}", err=True)
