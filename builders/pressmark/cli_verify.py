"""The command `verify`: of folders, and of releases on the Hub."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from pressmark import report, report_history, report_hub, report_verify
from pressmark.cli_options import FINDINGS, FINE, Folder, Place, errors_in_words, json_option
from pressmark.engine.local import LocalEngine, processors
from pressmark.engine.without_pandas import without_pandas
from pressmark.errors import UsageError
from pressmark.findings import Finding
from pressmark.hub.consume import Loaded, load_back
from pressmark.hub.fetch import at_hand, on_the_hub
from pressmark.hub.quick import verify_quickly
from pressmark.hub.readback import read_at
from pressmark.press.columns import features
from pressmark.rebuilding import rebuild
from pressmark.release.verify import absent_files, verify, verify_bytes
from pressmark.search import verify_rights

_FOLDER = click.Path(path_type=Path)

_SEARCHED = "that no withheld text stands in it; --rights WORKSHOP searches"
_REBUILT = "that its corpus gives it again; --rebuild CORPUS builds it"


@click.command(name="verify")
@click.argument("release", type=Place())
@click.option(
    "--quick",
    is_flag=True,
    help="Read no rows: digest the files and hold them against the manifest; on the Hub, compare its own digests.",
)
@click.option("--partial", is_flag=True, help="A copy that lacks files: check what is there, say what is not.")
@click.option("--load", is_flag=True, help="Also load it with datasets.load_dataset, in a fresh process.")
@click.option(
    "--rights",
    "workshop",
    type=Folder(),
    help="Also search it for every text that its build withheld, with the workshop of the corpus, work/CORPUS.",
)
@click.option("--rebuild", "corpus", type=_FOLDER, help="Also build it again from its corpus, and compare.")
@click.option(
    "--previous",
    type=Place(),
    multiple=True,
    help="An earlier release: also look whether an article moved since; with --rebuild, what it continues.",
)
@json_option
@errors_in_words
def verify_command(
    *,
    release: Path | str,
    quick: bool,
    partial: bool,
    load: bool,
    workshop: Path | None,
    corpus: Path | None,
    previous: tuple[Path | str, ...],
    as_json: bool,
) -> int:
    """Check that a release adds up: files, digests, counts, columns, content, and rights row by row.

    RELEASE is a folder, a release on the Hub as org/name@v1.0.0, or one in a bucket as
    s3://BUCKET/PREFIX/CORPUS/LINE/1.0.0: every file is fetched and digested again, for what arrives damaged is not
    noticed by the clients. Copies are checked as clients leave them: in the cache of the Hub's client, in a folder, or
    cloned.

    \b
    Example:
      pressmark verify dist/three-papers/open/1.0.0 --load --rights work/three-papers
      pressmark verify dist/three-papers/open/2.0.0 --previous dist/three-papers/open/1.0.0
    """
    without_pandas()
    named = on_the_hub(release)
    if quick and (load or workshop or corpus or previous):
        raise UsageError(
            "--load, --rights, --rebuild and --previous read rows, and --quick reads none", advice="leave --quick out"
        )
    if quick and named:
        if partial:
            raise UsageError("--partial is for a copy, and on the Hub there is the whole", advice="leave it out")
        return _tell(release, verify_quickly(*named), None, _quick_leaves(hub=True), as_json=as_json)
    if partial and (load or workshop or corpus):
        raise UsageError(
            "--load, --rights and --rebuild need the whole release, and --partial looks at a part of it",
            advice="give --partial alone",
        )
    with ExitStack() as fetched:
        folder = fetched.enter_context(at_hand(release, checked=False))
        earlier = [fetched.enter_context(at_hand(each)) for each in previous]
        if quick:
            findings, absent = verify_bytes(folder, partial=partial), absent_files(folder) if partial else []
            return _tell(release, findings, None, _quick_leaves(hub=False), absent, as_json=as_json)
        with tempfile.TemporaryDirectory(prefix="pressmark-") as place, LocalEngine(processors()) as engine:
            scratch = Path(place)
            findings = verify(folder, partial=partial, previous=earlier, run=engine.run, scratch=scratch)
        absent = absent_files(folder) if partial else []
        if workshop and not findings:
            findings = verify_rights(folder, workshop, workers=processors())
        if corpus and not findings:
            rebuilt = rebuild(corpus, folder, previous=earlier, workers=processors())
            findings = list(rebuilt.findings)
            if not as_json:
                report_history.rebuilt(rebuilt)
        loaded = None
        if load and not findings:
            loaded, findings = _loaded(folder, named)
    return _tell(release, findings, loaded, _unchecked(workshop, corpus), absent, as_json=as_json)


def _loaded(folder: Path, named: tuple[str, str] | None) -> tuple[list[Loaded], list[Finding]]:
    """Load a release, from where it is: a folder, or the Hub at its tag."""
    if named is None:
        return load_back(folder)
    ticks = read_at(*named, folder)
    loaded = [Loaded(tick.config, tick.split, tick.rows, len(features(tick.config))) for tick in ticks if tick.config]
    return loaded, report_hub.differing(ticks)


def _tell(
    release: Path | str,
    findings: list[Finding],
    loaded: list[Loaded] | None,
    unchecked: Sequence[str],
    absent: list[str] | None = None,
    *,
    as_json: bool,
) -> int:
    if as_json:
        report.as_json(report_verify.verify_data(release, findings, loaded, absent or [], unchecked))
    else:
        report_verify.verified(release, findings, loaded, [*report_verify.not_here(absent or []), *unchecked])
    return FINDINGS if findings else FINE


def _unchecked(workshop: Path | None, corpus: Path | None) -> list[str]:
    """Return what a release cannot show by itself."""
    needs = {_SEARCHED: workshop, _REBUILT: corpus}
    return [what for what, given in needs.items() if not given]


def _quick_leaves(*, hub: bool) -> list[str]:
    """Return what a quick look does not show."""
    held = "the Hub's own digests were compared with the manifest" if hub else "files were held against the manifest"
    return [f"the rows, and what card and history say of them: {held}; leave --quick out", _SEARCHED, _REBUILT]
