"""Words and tables about releases on a Hub."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from pressmark.card_home import Homecoming
from pressmark.errors import ForeignHeadError
from pressmark.findings import Finding
from pressmark.hub.publish import Published
from pressmark.hub.readback import Tick
from pressmark.hub.rehearse import Rehearsal
from pressmark.hub.takedown.inventory import Inventory
from pressmark.hub.takedown.procedure import Outcome
from pressmark.report import findings, new_table, out, plain_cell

_TICK, _CROSS, _GAP = "✓", "✗", "not installed"
_SHOWN = 200


def published(done: Sequence[Published], ticks: Sequence[Tick]) -> None:
    """Print what was published, and what readers made of it."""
    console = out()
    for each in done:
        what = "was there already" if each.already else f"{each.sent} files sent"
        console.print(f"{each.repo}@{each.tag}: commit {each.commit[:12]}, {what}", markup=False)
        for note in each.notes:
            console.print(f"note: {note}", markup=False)
    if ticks:
        _table(ticks, "Read back, each in a fresh process with an empty cache")


def published_data(done: Sequence[Published], ticks: Sequence[Tick]) -> dict[str, Any]:
    """Return what was published, for JSON."""
    return {"published": [asdict(each) for each in done], "read": [asdict(tick) for tick in ticks]}


def rehearsed(result: Rehearsal) -> None:
    """Print what came of a rehearsal."""
    console = out()
    for each in result.published:
        console.print(f"{each.repo}@{each.tag}: commit {each.commit[:12]} of the embedded Hub", markup=False)
    if result.faults:
        console.print(f"{result.faults} things went wrong on purpose; publishing was begun {result.runs} times")
    _table(result.ticks, "Read back from the embedded Hub, each in a fresh process with an empty cache")
    console.print("every reader reads what was built" if result.fine else "not every reader reads what was built")


def rehearsal_data(result: Rehearsal) -> dict[str, Any]:
    """Return what came of a rehearsal, for JSON."""
    told = {"fine": result.fine, "faults": result.faults, "runs": result.runs}
    return {**told, **published_data(result.published, result.ticks)}


def homecoming(found: Homecoming, written: Sequence[Path]) -> None:
    """Print what came home from an edited card, and what stays behind."""
    console = out()
    for line in (*found.lost, *found.sentences()):
        console.print(line, markup=False)
    for path in written:
        console.print(f"written: {path}", markup=False)
    if not (found.lost or found.sentences()):
        console.print("nothing was edited that is not here")
    elif written:
        console.print("next: build the next version, and publish it with --replace COMMIT, which publish names")


def edited(error: ForeignHeadError) -> None:
    """Print how a card was edited on the Hub."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for line in error.edited[:_SHOWN]:
        console.print(plain_cell(line), markup=True)


def inventories(found: Sequence[Inventory]) -> None:
    """Print where withdrawn articles stand on the Hub, and what a takedown would do there."""
    for each in found:
        table = new_table("ref", "commit", "files that hold any", "commits before it that do", title=each.repo)
        for ref, commit in each.refs.items():
            before = sum(older in each.holding for older in each.ancestors[ref] if older != commit)
            table.add_row(plain_cell(ref), commit[:12], str(len(each.holding.get(commit, ()))), str(before))
        out().print(table)
        for step in each.steps():
            out().print(f"- {step}", markup=False)
        for path in each.unread:
            out().print(f"cannot be told of {path}", markup=False)
    if not found:
        out().print("no repository is there")


def inventory_data(found: Inventory) -> dict[str, Any]:
    """Return where withdrawn articles stand in a repository, for JSON."""
    held = {commit: sorted(files) for commit, files in found.holding.items()}
    return {
        "repo": found.repo,
        "refs": dict(found.refs),
        "holding": held,
        "unread": found.unread,
        "steps": found.steps(),
    }


def outcome(found: Outcome) -> None:
    """Print what came of a takedown."""
    findings(found.findings)
    console = out()
    for step in found.steps:
        console.print(f"by hand: {step}", markup=False)
    for repo in found.opened:
        console.print(f"{repo}: open again", markup=False)
    for repo in found.closed:
        console.print(
            f"{repo}: stays closed until nothing is found any more; `pressmark takedown verify` looks", markup=False
        )
    for repo in found.clean:
        console.print(
            f"{repo}: stays closed; `pressmark takedown verify CORPUS --confirm {repo}` opens it", markup=False
        )
    if found.findings:
        console.print("unverified: see the findings")
    else:
        console.print("looked for in every ref, and wherever it stood, with an account and without: not found")
    console.print("Copies that others made before cannot be called back. On this machine: pressmark withdraw --purge.")


def outcome_data(found: Outcome) -> dict[str, Any]:
    """Return what came of a takedown, for JSON."""
    told = {"verified": not found.findings, "findings": [each.as_dict() for each in found.findings]}
    return {**told, "steps": found.steps, "opened": found.opened, "closed": found.closed, "clean": found.clean}


def _table(ticks: Sequence[Tick], title: str) -> None:
    """Print one line for each version and reader, and each configuration in a column, its splits in their order."""
    parts: dict[str, dict[str, None]] = {}
    for tick in ticks:
        if tick.config:
            parts.setdefault(tick.config, {})[tick.split] = None
    heads = (f"{config} ({', '.join(splits)})" for config, splits in parts.items())
    table = new_table("version", "reader", *heads, "files", title=title)
    for tag, reader in dict.fromkeys((tick.tag, tick.reader) for tick in ticks):
        made = {(tick.config, tick.split): tick for tick in ticks if (tick.tag, tick.reader) == (tag, reader)}
        cells = [_cell([made.get((config, split)) for split in splits]) for config, splits in parts.items()]
        table.add_row(tag, reader, *cells, _cell([made.get(("", ""))]))
    out().print(table)
    findings(differing(ticks))


def differing(ticks: Sequence[Tick]) -> list[Finding]:
    """Return a finding for each split that a reader read otherwise than it is."""
    return [
        Finding("load-differs", tick.tag, " ".join(filter(None, (tick.reader, tick.config, tick.split))), tick.fault)
        for tick in ticks
        if tick.fault and not tick.missing
    ]


def _cell(ticks: Sequence[Tick | None]) -> str:
    found = [tick for tick in ticks if tick]
    if not found:
        return ""
    if found[0].missing:
        return _GAP
    mark = _CROSS if any(tick.fault for tick in found) else _TICK
    return f"{mark} {', '.join(str(tick.rows) if tick else '-' for tick in ticks)}"
