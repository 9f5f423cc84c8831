"""Commands that reach the Hub: `publish` and `rehearse`."""

from pathlib import Path
from typing import Any

import click

from pressmark import report, report_hub
from pressmark.cli_options import FINDINGS, FINE, Folder, errors_in_words, json_option
from pressmark.engine.local import processors
from pressmark.errors import ForeignHeadError, UsageError
from pressmark.history import versions_in
from pressmark.hub.publish import Published, publish
from pressmark.hub.readback import read_published
from pressmark.hub.rehearse import rehearse, speak_to_this_machine
from pressmark.progress import Progress

_FOLDER = click.Path(path_type=Path)


@click.command(name="publish")
@click.argument("release", type=_FOLDER)
@click.argument("repo", metavar="ORG/NAME")
@click.option("--work", type=Folder(), default=Path("work"), show_default=True, help="Where the private workshop lies.")
@click.option("--quick", is_flag=True, help="Do not read it back with readers' clients; digests are compared anyhow.")
@click.option("--skip-earlier", is_flag=True, help="Publish although earlier versions are not there.")
@click.option("--replace", metavar="COMMIT", help="Replace what somebody changed by hand at this commit.")
@json_option
@errors_in_words
def publish_command(
    *, release: Path, repo: str, work: Path, quick: bool, skip_earlier: bool, replace: str | None, as_json: bool
) -> int:
    """Publish a release on the Hub: one commit, one tag, read back. Running it again is always safe.

    RELEASE is a release folder, or the folder of a line, dist/CORPUS/LINE, of which all versions are published that are
    not there, oldest first. Account and address are those of the Hub's own client: `hf auth login` or HF_TOKEN, and
    HF_ENDPOINT.

    \b
    Example:
      pressmark publish dist/three-papers/open/1.0.0 my-org/three-papers
    """
    if repo.count("/") != 1 or not all(repo.split("/")):
        raise UsageError(f"found the repository {repo!r}", advice="give it as org/name")
    releases = _releases(release)
    done: list[Published] = []
    ticks = []
    with Progress() as progress:
        for each in releases:
            try:
                found = publish(
                    each,
                    repo,
                    work=work,
                    replace=replace,
                    # Of several versions, the later ones find the earlier ones there.
                    skip_earlier=skip_earlier,
                    workers=processors(),
                    progress=progress.told,
                )
            except ForeignHeadError as error:
                report_hub.edited(error)
                raise
            done.append(found)
            if not quick:
                ticks += read_published(each, found)
    if as_json:
        report.as_json(report_hub.published_data(done, ticks))
    else:
        report_hub.published(done, ticks)
    return FINDINGS if any(tick.fault and not tick.missing for tick in ticks) else FINE


def _releases(place: Path) -> list[Path]:
    if (place / "manifest.json").is_file() or not place.is_dir():
        return [place]
    found = [place / version for version in versions_in(place)]
    if not found:
        raise UsageError(f"{place} holds no release", advice="give dist/CORPUS/LINE/VERSION, or dist/CORPUS/LINE")
    return found


@click.command(name="rehearse")
@click.argument("releases", metavar="RELEASE...", type=_FOLDER, nargs=-1, required=True)
@click.option("--faults", is_flag=True, help="Make things go wrong on the way, one of each kind for every version.")
@json_option
@errors_in_words
def rehearse_command(releases: tuple[Path, ...], **options: Any) -> int:
    """Publish to a Hub on this machine, and read every configuration and split back with the real clients.

    Nothing leaves the machine. The embedded Hub lives as long as the command; each reader runs in a fresh process with
    an empty cache: load_dataset at the tag, plain and streaming, pandas, Polars, DuckDB, and a plain download.

    \b
    Example:
      pressmark rehearse dist/three-papers/open/1.0.0 dist/three-papers/open/1.1.0
    """
    speak_to_this_machine()
    wanted = [each for place in releases for each in _releases(place)]
    with Progress() as progress:
        result = rehearse(wanted, faults=options["faults"], progress=progress.told)
    if options["as_json"]:
        report.as_json(report_hub.rehearsal_data(result))
    else:
        report_hub.rehearsed(result)
    return FINE if result.fine else FINDINGS
