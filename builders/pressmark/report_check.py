"""Words and tables about a look at a corpus, and about what is read of one input."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pressmark.article.record import Record
from pressmark.checking import CheckResult
from pressmark.history import versions_in
from pressmark.intake.layout import Told
from pressmark.intake.read import Reading, input_name
from pressmark.release.unified import visible
from pressmark.report import findings, new_table, out, too_many_refused


def checked(result: CheckResult, releases: Path) -> None:
    """Print what a look at a corpus found.

    Args:
        result: What it found.
        releases: Where a build puts releases.
    """
    findings(result.findings)
    console = out()
    title = f"{result.sampled} inputs of {result.recipe.name} looked at, {result.articles} of them articles"
    table = new_table("release line", "outcome", "articles", title=title)
    for name, outcomes in result.outcomes.items():
        for outcome, count in sorted(outcomes.items()):
            table.add_row(name, outcome if outcome == "published" else f"withheld: {outcome}", str(count))
    console.print(table)
    refused = result.sampled - result.articles
    if refused > result.recipe.rejected * result.sampled:
        too_many_refused(result.recipe, refused, result.sampled)
    for words in _next_steps(result, releases):
        console.print(f"next: {visible(words)}", markup=False, soft_wrap=True)


def _next_steps(result: CheckResult, releases: Path) -> Iterator[str]:
    """Yield what to do next: about what was found, about texts that stay closed, and the build."""
    folder = shlex.quote(str(result.recipe.folder))
    for code, count in Counter(finding.code for finding in result.findings).most_common(1):
        yield f"pressmark explain {code}    what {'this means' if count == 1 else f'{count} of these mean'}"
    if not result.sampled:
        return
    if result.first:
        yield f"pressmark check {folder} --show {shlex.quote(result.first)}    what was read of it: compare"
    closed = [
        name
        for name, line in result.recipe.lines.items()
        if line.destination != "local" and not result.outcomes[name]["published"]
    ]
    if closed:
        yield f"pressmark check {folder} --rights    what would open texts: none yet in {', '.join(closed)}"
    is_next = any(versions_in(releases / result.recipe.name / name) for name in result.recipe.lines)
    yield f"pressmark build {folder} --version {'auto' if is_next else '1.0.0'}"


def check_data(result: CheckResult) -> dict[str, Any]:
    """Return what a look at a corpus found, for JSON."""
    return {
        "corpus": result.recipe.name,
        "sampled": result.sampled,
        "articles": result.articles,
        "outcomes": {name: dict(sorted(found.items())) for name, found in result.outcomes.items()},
        "findings": [finding.as_dict() for finding in result.findings],
    }


def shown(found: Sequence[Reading]) -> None:
    """Print what is read of an input, its whole text too."""
    console = out()
    for reading in found:
        for line in _lines(reading):
            console.print(visible(line), markup=False, emoji=False, soft_wrap=True)


def told_lines(lines: Sequence[Told]) -> None:
    """Print the lines of a page with the roles that its layout gives them."""
    if not lines:
        return
    console = out()
    console.print("  How the layout tells its lines; a pattern has to match the whole of one:")
    for line in lines:
        words = f"  {line.number:>5}  {line.role or '-':<10} {line.text}"
        console.print(visible(words), markup=False, emoji=False, soft_wrap=True)


def shown_data(found: Sequence[Reading]) -> list[dict[str, Any]]:
    """Return what is read of an input, for JSON."""
    return [
        {
            "file": reading.file,
            "line": reading.line,
            "article": reading.article,
            "refused": _refused(reading),
            "notes": [dict(zip(("code", "place", "detail"), note, strict=True)) for note in reading.notes],
        }
        for reading in found
    ]


def _refused(reading: Reading) -> dict[str, str] | None:
    no = reading.rejection
    return {"code": no.code, "place": no.place, "detail": no.detail} if no else None


def _lines(reading: Reading) -> Iterator[str]:
    yield input_name(reading.file, reading.line)
    if refused := _refused(reading):
        yield f"  refused: {': '.join(filter(None, refused.values()))}"
    if reading.article:
        for name, value in _facts(reading.article):
            yield f"  {name:<12} {value}"
    for note in reading.notes:
        yield f"  {'note':<12} {': '.join(filter(None, note))}"
    if reading.article:
        for paragraph in reading.article["text"].split("\n\n"):
            yield ""
            yield from (f"  {line}" for line in paragraph.split("\n"))
    yield ""


def _facts(article: Record) -> Iterator[tuple[str, str]]:
    """Yield what was read beside the text, by the names of the contract, in words."""
    raw = article["provenance"].get("published_raw")
    when = article.get("published_at") or article.get("published_on") or "no date"
    yield "id", article["id"]
    yield "title", article.get("title", "no title")
    yield from (("subtitle", words) for words in article.get("subtitles", ()))
    yield "published", f"{when}, to the {article['published_precision']}, from {raw!r}" if raw else when
    for name in ("url", "language", "derivation", "license"):
        if name in article:
            yield name, article[name]
    if "section" in article:
        yield "section", " > ".join(article["section"])
    for each in article.get("contributors", ()):
        yield "contributor", f"{each.get('role', '')} {each['name']}".strip()
    for each in article.get("captions", ()):
        yield "caption", f"{each.get('image', '')} {each['text']}".strip()
    if source := article["provenance"].get("syndicated_from"):
        yield "taken from", source
    for seen in article["rights"].get("evidence", ()):
        yield seen["kind"], f"in {seen['where']}: {seen.get('quote', '(not quoted)')}"
    for each in article["rights"].get("reservations", ()):
        yield "reserves", f"{each['signal']} {each['value']}"
    steps = (f"{each['step']} {each['count']}" for each in article["provenance"].get("steps", ()))
    yield "steps", ", ".join(steps) or "none"
    yield "text", f"{article['characters']} characters"
