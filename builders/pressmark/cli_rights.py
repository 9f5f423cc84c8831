"""Commands about rights: `decide` and `why`."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from pressmark import report, report_rights
from pressmark.cli_options import FINDINGS, FINE, Day, as_of_option, corpus_argument, errors_in_words, json_option
from pressmark.decide import propose, record
from pressmark.engine.local import processors
from pressmark.errors import DecisionError
from pressmark.findings import Finding
from pressmark.ids_given import read_ids
from pressmark.reasons import why

_KINDS = {"permission": "contract", "open_license": "license_page", "restricted_license": "license_page"}
_STATUSES = (
    "public_domain",
    "open_license",
    "restricted_license",
    "permission",
    "all_rights_reserved",
    "not_protected_claimed",
    "orphan",
    "unknown",
)
_OPTIONS = {
    "decision": "--status, --privacy or --embargoed-until",
    "scope": "--source, --ids, --section, --from, --until or --pattern",
    "scope.sources": "--source",
    "scope.sections": "--section",
    "scope.from": "--from and --until",
    "license": "--license",
    "covers": "--scope",
    "outputs": "--outputs",
    "purposes": "--purpose",
    "territories": "--territory",
    "decided_by": "--by",
    "decided_as": "--as",
    "decided_on": "--on",
}
"""What gives a key of a decision, where its name is not that of the key, or of the scope's."""

_WHICH = "expected one of them: which articles the decision speaks of"


@click.command(name="why")
@corpus_argument
@click.argument("identity", metavar="ID")
@as_of_option
@json_option
@errors_in_words
def why_command(corpus: Path, identity: str, as_of: date | None, as_json: bool) -> int:  # noqa: FBT001 - click passes flags so
    """Say why an article appears or does not: from evidence to outcome.

    ID is its id, its address, or the file that it was read from (FILE:LINE for a record).

    \b
    Example:
      pressmark why corpus/three-papers yupo-sinmun-ko:2023/001.txt
    """
    found = why(corpus, identity, as_of=as_of, workers=processors())
    if as_json:
        report.as_json([report_rights.why_data(each) for each in found])
    else:
        for each in found:
            report_rights.explained_why(each)
    return FINE


@click.command(name="decide")
@corpus_argument
@click.option("--ids", type=click.Path(path_type=Path), help="CSV file of the ids or addresses that it names.")
@click.option("--source", "sources", multiple=True, help="Speak of this source.")
@click.option("--section", "sections", multiple=True, help="Speak of this section.")
@click.option("--from", "first", type=Day(), help="Speak of articles published on this day or later.")
@click.option("--until", "last", type=Day(), help="Speak of articles published on this day or earlier.")
@click.option("--pattern", help="Speak of articles whose whole id or address matches this RE2 pattern.")
@click.option("--status", type=click.Choice(_STATUSES), help="What was decided.")
@click.option("--license", "license_", help="SPDX licence expression, where the status is a licence.")
@click.option("--scope", "--covers", "covers", help="Components that it covers: text,original,...  [default: text]")
@click.option("--outputs", help="What a permission allows to be shown: text, headline, name.  [default: text]")
@click.option("--visibility", type=click.Choice(["public", "gated", "private", "local"]), help="Widest audience.")
@click.option("--purpose", "purposes", multiple=True, help="A purpose that it is limited to.")
@click.option("--territory", "territories", multiple=True, help="A country (ISO 3166-1) that it is limited to.")
@click.option("--expires", type=Day(), help="Last day on which it opens anything.")
@click.option("--storage-basis", help="On what ground a closed text may be kept in a private repository.")
@click.option("--attribution", help="How the articles are to be credited.")
@click.option("--privacy", multiple=True, help="Whom the texts expose: minor, victim, court_anonymity, ...")
@click.option("--embargoed-until", type=Day(), help="First day on which the articles may be mentioned.")
@click.option("--basis", required=True, help="What it rests on, in a sentence.")
@click.option("--evidence", required=True, help="The document that it rests on, a file or an address.")
@click.option("--by", "decided_by", required=True, help="Role of whoever decides.")
@click.option(
    "--as", "decided_as", type=click.Choice(["person", "counsel", "rule"]), help="What kind of decision it is."
)
@click.option("--on", "decided_on", type=Day(), help="Its date, such as 2026-01-31.  [default: today in UTC]")
@click.option("--name", help="Name of the file, rights/NAME.toml.  [default: date and status]")
@click.option("--yes", is_flag=True, help="Write it without asking.")
@click.option("--dry-run", is_flag=True, help="Show what it would change, and write nothing.")
@as_of_option
@json_option
@errors_in_words
def decide_command(corpus: Path, ids: Path | None, **options: Any) -> int:
    """Record a person's decision about rights. Shows first which articles it changes, and asks.

    The document is kept in the private folder of the corpus, which git ignores; the decision names its SHA-256.

    \b
    Example:
      pressmark decide corpus/three-papers --ids letter.csv --status permission --visibility public \\
        --scope text,original --basis "Letter of the publisher" --evidence letter.pdf --by "rights desk"
    """
    decided_on = options["decided_on"] or datetime.now(UTC).date()
    entry = _entry(options, decided_on)
    name = options["name"] or f"{decided_on}-{options['status'] or 'restriction'}".replace("_", "-")
    try:
        proposal = propose(
            corpus,
            name,
            entry,
            ids=read_ids(ids) if ids else (),
            evidence=options["evidence"],
            evidence_kind=_KINDS.get(options["status"], "manual"),
            as_of=options["as_of"],
            workers=processors(),
        )
    except DecisionError as error:
        raise DecisionError([_of_an_option(fault) for fault in error.faults]) from error
    if not options["as_json"]:
        report_rights.proposed(proposal)
    written = not options["dry_run"] and (options["yes"] or (not options["as_json"] and _confirmed(proposal.path)))
    if written:
        record(proposal)
    if options["as_json"]:
        report.as_json(report_rights.proposal_data(proposal, written=written))
    else:
        click.echo(f"written: {proposal.path}" if written else "nothing was written")
    return FINE if written or options["dry_run"] else FINDINGS


def _of_an_option(fault: Finding) -> Finding:
    """Return a fault of a decision's key as one of the option that gives it."""
    key = fault.file.removeprefix("scope.").replace("_", "-")
    detail = fault.detail
    if fault.code == "missing-key":
        detail = _WHICH if fault.file == "scope" else "the decision needs it"
    return replace(fault, file=_OPTIONS.get(fault.file, f"--{key}"), detail=detail)


def _confirmed(path: Path) -> bool:
    try:
        return click.confirm(f"Write {path}?")
    except click.Abort:  # no terminal to ask at, or interrupted
        return False


def _entry(options: dict[str, Any], decided_on: date) -> dict[str, Any]:
    """Return the decision by its schema; what was not given is not there."""
    scope = {
        "sources": list(options["sources"]),
        "sections": list(options["sections"]),
        "from": options["first"],
        "until": options["last"],
        "pattern": options["pattern"],
    }
    entry = {
        "status": options["status"],
        "license": options["license_"],
        "basis": options["basis"],
        "decided_by": options["decided_by"],
        "decided_as": options["decided_as"],
        "decided_on": decided_on,
        "attribution": options["attribution"],
        "covers": _listed(options["covers"]),
        "outputs": _listed(options["outputs"]),
        "visibility": options["visibility"],
        "purposes": list(options["purposes"]),
        "territories": list(options["territories"]),
        "expires": options["expires"],
        "storage_basis": options["storage_basis"],
        "privacy": list(options["privacy"]),
        "embargoed_until": options["embargoed_until"],
        "scope": {key: _written(value) for key, value in scope.items() if value},
    }
    return {key: _written(value) for key, value in entry.items() if value}


def _listed(value: str | None) -> list[str]:
    return [part.strip() for part in value.split(",")] if value else []


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
