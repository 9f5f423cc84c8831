"""The command `init`: a corpus folder to begin with."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from pressmark import report
from pressmark.beginning.corpus import Begun, Wish, begin, language_fault
from pressmark.beginning.fields import FIELDS
from pressmark.beginning.places import apart
from pressmark.beginning.trial import Trial
from pressmark.cli_options import FINDINGS, FINE, STOPPED, errors_in_words, json_option
from pressmark.hub.inputs import fetch_inputs
from pressmark.progress import Progress
from pressmark.release.unified import visible

_ASKED = {
    "title": "Title of the corpus [the folder's name]",
    "publisher": "Who publishes the paper [the title]",
    "language": "Language of its articles, e.g. en-GB or ko-CN [by their script]",
    "contact": "Mail or web address that withdrawals go to [a placeholder]",
}


@click.command(name="init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "files",
    multiple=True,
    help="Articles to begin with: files, folders, or hf://datasets/ORG/NAME@REVISION/FILES.  [default: two examples]",
)
@click.option("--name", default="", help="Name of the corpus.  [default: that of the folder]")
@click.option("--title", default="", help="Title of the corpus.")
@click.option("--source", default="", help="Name of the source file.  [default: NAME-paper]")
@click.option("--publisher", default="", help="Who publishes the paper.")
@click.option("--language", default="", help="BCP 47 tag of its articles.  [default: told from their script]")
@click.option("--timezone", default="", help="IANA zone of times that name none, such as Asia/Seoul.")
@click.option("--contact", default="", help="Where withdrawals are asked for.")
@click.option("--repo", default="", help="Repository of the public line on the Hub, ORG/NAME.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@json_option
@errors_in_words
def init_command(*, folder: Path, files: tuple[str, ...], yes: bool, as_json: bool, **said: Any) -> int:
    """Write a corpus folder that builds at once: recipe, source file, and schemas for editors that complete TOML.

    Looks at a sample of the articles and proposes how they are read: format, field names, or the lines of pages. Says
    what it could not tell. On a terminal it asks for what was not given.

    \b
    Example:
      pressmark init corpus/my-paper --from export.jsonl --language en-GB
    """
    if sys.stdin.isatty() and not (yes or as_json):
        # What cannot be begun is refused before anybody is asked anything.
        apart(folder, files)
        said |= _answers({name: question for name, question in _ASKED.items() if not said[name]})
    with Progress() as progress:
        begun = begin(folder, Wish(**said), files, lambda recipe: fetch_inputs(recipe, progress=progress.told))
    if as_json:
        report.as_json(_data(begun))
    else:
        _print(begun)
    return FINE if all(trial.articles for trial in begun.trials) else FINDINGS


def _answers(questions: Mapping[str, str]) -> dict[str, str]:
    """Ask; an answer that no recipe may have is asked for again."""
    if questions:
        click.echo("Enter leaves a question open. Nothing is written before the last answer.\n", err=True)
    try:
        checks = {"language": _language}
        return {
            name: click.prompt(question, default="", show_default=False, value_proc=checks.get(name), err=True)
            for name, question in questions.items()
        }
    except click.Abort:
        click.echo("\nnothing was written", err=True)
        sys.exit(STOPPED)


def _language(answer: str) -> str:
    if answer and (fault := language_fault(answer)):
        raise click.UsageError(fault)
    return answer


def _print(begun: Begun) -> None:
    lines = [f"copied: {begun.copied} file{'s' * (begun.copied > 1)} below {begun.folder}"] if begun.copied else []
    lines += [f"written: {begun.folder / path}" for path in begun.written]
    for trial in begun.trials:
        read = f"{len(trial.articles)} of {trial.looked_at} looked at are articles"
        lines.append(f"{trial.input.files}: {_way(trial)}; {read}")
    if begun.untold:
        lines += ["", "could not be told:", *(f"- {words}" for words in begun.untold)]
    console = report.out()
    for line in [*lines, "", f"next: pressmark check {begun.folder}"]:
        # Names of files and fields are somebody else's words.
        console.print(visible(line), markup=False, emoji=False, soft_wrap=True)


def _way(trial: Trial) -> str:
    """Return in words how an input is read."""
    entry = trial.input
    if entry.format == "page" and trial.layout:
        return f"pages of text with {', '.join(dict.fromkeys(anchor.role for anchor in trial.layout.anchors))}"
    if entry.fields:
        pairs = ", ".join(f"{name} from {place}" for name, place in sorted(entry.fields, key=_order))
        return f"{entry.format}, {pairs}"
    return entry.format if entry.shape == "pressmark" else f"{entry.format}, records of {entry.shape}"


def _order(pair: tuple[str, str]) -> int:
    return FIELDS.index(pair[0])


def _data(begun: Begun) -> dict[str, Any]:
    inputs = [
        {
            "files": trial.input.files,
            "format": trial.input.format,
            "shape": trial.input.shape,
            "fields": dict(trial.input.fields),
            "articles": len(trial.articles),
            "looked_at": trial.looked_at,
            "refused": dict(trial.refused),
        }
        for trial in begun.trials
    ]
    told = {"folder": str(begun.folder), "written": begun.written, "copied": begun.copied}
    return {**told, "inputs": inputs, "untold": begun.untold}
