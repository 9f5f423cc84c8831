"""Words and tables about rights: the table of a corpus, one article's way to its outcome, what a decision changes."""

import shlex
from typing import Any

from rich.markup import escape

from pressmark.accounts import cells
from pressmark.curation import PUBLISHED
from pressmark.decide import Proposal
from pressmark.findings import CATALOGUE
from pressmark.hydration import Hydration
from pressmark.reasons import Why
from pressmark.release.unified import visible
from pressmark.report import findings, new_table, out, plain_cell
from pressmark.survey import Survey

_SHOWN = 40
_QUOTE_CHARACTERS = 60
_OTHERS = 10
_PLACES = 10


def _outcome(code: str) -> str:
    if code == PUBLISHED:
        return PUBLISHED
    return code if code == "embargoed" else f"withheld: {code}"


def _articles(count: int) -> str:
    return f"{count} article{'' if count == 1 else 's'}"


def rights_table(survey: Survey) -> None:
    """Print how many articles are in which cell of the decision table, why, and what would open them."""
    console = out()
    for name, line in survey.recipe.lines.items():
        found = cells(survey.curation, name)
        title = f"{name}: {_articles(found.total())} for a destination that is {line.destination}"
        shown = new_table("rights status", "outcome", "articles", "what would open them", title=title)
        for (status, code), count in sorted(found.items()):
            advice = "" if code == PUBLISHED else CATALOGUE[code].advice
            shown.add_row(status, _outcome(code), str(count), escape(advice))
        console.print(shown)
    findings(survey.curation.remarks)
    console.print("A text that holds half of a withheld one is found by the build: copy_of in its ledger.")
    folder, identity = str(survey.recipe.folder), next((article["id"] for _, article in survey.articles()), "ID")
    command = f"pressmark why {shlex.quote(folder)} {shlex.quote(identity)}"
    console.print(f"as of {survey.as_of}; one article: {visible(command)}", markup=False, soft_wrap=True)


def rights_data(survey: Survey) -> dict[str, Any]:
    """Return the table of a corpus, for JSON."""
    return {
        "corpus": survey.recipe.name,
        "as_of": survey.as_of.isoformat(),
        "lines": {
            name: {
                "destination": line.destination,
                "profile": line.profile,
                "cells": [
                    {"rights_status": status, "outcome": code, "articles": count}
                    for (status, code), count in sorted(cells(survey.curation, name).items())
                ],
            }
            for name, line in survey.recipe.lines.items()
        },
        "findings": [finding.as_dict() for finding in survey.curation.remarks],
    }


def explained_why(found: Why) -> None:
    """Print the way of one article from evidence to outcome."""
    console, article = out(), found.article
    rights = article["rights"]
    when = article.get("published_on", "no date")
    console.print(f"[bold]{escape(article['id'])}[/]  {escape(article.get('url', ''))}  {when}")
    if found.file_code:
        console.print(f"set aside: {found.file_code}; stands for it: {escape(found.survivor)}")
    seen = new_table("what was seen", "speaks of", "where", "words", title="1. Evidence")
    for entry in rights.get("evidence", ()):
        words = entry.get("quote", "")
        seen.add_row(entry["kind"], entry["scope"], plain_cell(entry["where"]), plain_cell(words))
    console.print(seen)
    for name, value in _known(found).items():
        console.print(f"  {name}: {escape(value)}")
    decisions = new_table("recorded in", "says", "speaks of", "counts", title="2. Decisions whose scope holds it")
    for decision, decides in found.decisions:
        says = " ".join(filter(None, [decision.status or "takes away only", decision.license, decision.basis]))
        decisions.add_row(
            plain_cell(decision.recorded_in),
            plain_cell(says),
            decision.scope.about,
            "yes" if decides or decision.status is None else "no: another is closer",
        )
    console.print(decisions)
    conflicts = f", because of {', '.join(rights['conflicts'])}" if rights.get("conflicts") else ""
    console.print(f"[bold]3. Its rights are:[/] {article['rights_status']}{conflicts}")
    verdicts = new_table(
        "release line", "destination", "outcome", "against text", "headline", "names", title="4. Outcome"
    )
    for verdict in found.verdicts:
        against = [", ".join(verdict.reasons[kind]) or "shown" for kind in ("text", "headline", "name")]
        verdicts.add_row(verdict.line, f"{verdict.destination}, {verdict.profile}", _outcome(verdict.became), *against)
    console.print(verdicts)
    if found.copies:
        copies = new_table("copy", "rights status", "alone", title="Copies: the strictest right decides for all")
        for copy in found.copies:
            alone = ", ".join(f"{line} {_outcome(code)}" for line, code in copy.alone.items())
            copies.add_row(plain_cell(copy.identity), copy.status, alone)
        console.print(copies)
    codes = dict.fromkeys(verdict.became for verdict in found.verdicts if verdict.became != PUBLISHED)
    for code in codes:
        console.print(f"{code}: {escape(CATALOGUE[code].meaning)} {escape(CATALOGUE[code].advice)}")


def _known(found: Why) -> dict[str, str]:
    """Return what restricts an article apart from its decision, in words."""
    rights = found.article["rights"]
    signals = ", ".join(f"{entry['signal']} {entry['value']!r}" for entry in rights.get("reservations", ()))
    needs, covers = rights.get("needs", ()), rights.get("covers", ())
    known = {
        "credited source": found.article["provenance"].get("syndicated_from", ""),
        "reserves rights itself": "yes" if rights.get("reserved") else "",
        "signals": signals,
        "needs rights in": ", ".join(needs),
        "covered": ", ".join(covers),
        "privacy": ", ".join(rights.get("privacy", ())),
        "under embargo until": rights.get("embargoed_until", ""),
        "limited to countries": ", ".join(rights.get("territories", ())),
        "limited to purposes": ", ".join(rights.get("purposes", ())),
        "widest audience": rights.get("visibility", ""),
        "expires": rights.get("expires", ""),
    }
    return {name: value for name, value in known.items() if value}


def why_data(found: Why) -> dict[str, Any]:
    """Return the way of one article, for JSON; without its text."""
    article = found.article
    return {
        "id": article["id"],
        "url": article.get("url"),
        "rights_status": article["rights_status"],
        "rights": article["rights"],
        "set_aside": found.file_code or None,
        "survivor": found.survivor or None,
        "decisions": [
            {
                "recorded_in": decision.recorded_in,
                "status": decision.status,
                "license": decision.license,
                "basis": decision.basis,
                "speaks_of": decision.scope.about,
                "decides": decides,
            }
            for decision, decides in found.decisions
        ],
        "outcomes": [
            {"line": each.line, "destination": each.destination, "outcome": each.became, "against": each.reasons}
            for each in found.verdicts
        ],
        "copies": [{"id": each.identity, "rights_status": each.status, "alone": each.alone} for each in found.copies],
    }


def hydrated(result: Hydration) -> None:
    """Print how many withheld texts were filled, and where they are."""
    console = out()
    shown = new_table("outcome", "withheld rows", title="Filled from your copies")
    for outcome, count in result.counts.items():
        shown.add_row(outcome, str(count))
    console.print(shown)
    unread = sum(result.coverage["refused"].values())
    unused = result.coverage["unused_copies"]
    if unused or unread:
        console.print(f"copies of no withheld row: {unused}; that could not be read: {unread}")
    console.print(f"texts (for you alone): {escape(str(result.parquet))}")
    console.print(f"report: {escape(str(result.report))}")


def proposed(proposal: Proposal) -> None:
    """Print what a decision would change, before it is written."""
    console = out()
    console.print("Releases will show what it rests on, who decided, and the name of the document, not the document.")
    console.print(f"The decision speaks of {_articles(proposal.speaks_of)}; it would change:")
    summary = new_table("release line", "before", "after", "articles")
    for (line, before, after), count in sorted(proposal.summary().items()):
        summary.add_row(line, _outcome(before), _outcome(after), str(count))
    console.print(summary if proposal.changes else "  nothing that a release line shows")
    _somebody_else(proposal)
    for code in sorted({change.after for change in proposal.changes} - {PUBLISHED}):
        console.print(f"{code}: {escape(CATALOGUE[code].meaning)} {escape(CATALOGUE[code].advice)}")
    rows = new_table("article", "read from", "release line", "before", "after")
    for change in proposal.changes[:_SHOWN]:
        names = (change.identity, proposal.files.get(change.identity, ""))
        rows.add_row(*map(plain_cell, names), change.line, _outcome(change.before), _outcome(change.after))
    if proposal.changes:
        console.print(rows)
    if len(proposal.changes) > _SHOWN:
        console.print(f"... and {len(proposal.changes) - _SHOWN} more; --json lists all")


def _somebody_else(proposal: Proposal) -> None:
    """Print by which words articles name others than the publisher, or nobody: a decision holds them too."""
    if not proposal.others:
        return
    title = "Notices and credits that do not name the publisher or the title: look at them"
    shown = new_table("words on the page", "articles", "in")
    for words, ids in list(proposal.others.items())[:_OTHERS]:
        cut = words if len(words) <= _QUOTE_CHARACTERS else f"{words[:_QUOTE_CHARACTERS]}..."
        places = [proposal.files.get(identity, identity) for identity in ids[:_PLACES]]
        more = f" and {len(ids) - _PLACES} more" if len(ids) > _PLACES else ""
        shown.add_row(plain_cell(cut), str(len(ids)), plain_cell(", ".join(places) + more))
    console = out()
    console.print(title, soft_wrap=True)
    console.print(shown)
    if len(proposal.others) > _OTHERS:
        console.print(f"... and {len(proposal.others) - _OTHERS} more; --json lists all, with the ids")
    if "ids" not in proposal.entry.get("scope", {}):
        console.print(
            "The texts of these articles would appear too. To leave some out, decide on them by a list of their ids or "
            "files, which comes before a source: --ids LIST --status all_rights_reserved",
            soft_wrap=True,
        )


def proposal_data(proposal: Proposal, *, written: bool) -> dict[str, Any]:
    """Return what a decision changes, for JSON."""
    return {
        "file": str(proposal.path),
        "written": written,
        "speaks_of": proposal.speaks_of,
        "decision": proposal.entry,
        "naming_others": proposal.others,
        "changes": [
            {"line": each.line, "id": each.identity, "before": each.before, "after": each.after}
            for each in proposal.changes
        ],
    }
