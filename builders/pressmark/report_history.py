"""Words and tables about versions: what changed from one release to another."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.markup import escape

from pressmark.rebuilding import Rebuilt
from pressmark.release.changes import KINDS, Change, Changes
from pressmark.release.diff import Schemas
from pressmark.release.words import edits
from pressmark.report import new_table, out, plain_cell
from pressmark.withdraw import Withdrawal

_SHOWN = 20


def changed(old: Path | str, new: Path | str, columns: Schemas, changes: Iterable[Change], *, whole: bool) -> None:
    """Print how much changed, then the records, each kind by itself.

    Args:
        old: The earlier release.
        new: The later one.
        columns: What happened to columns.
        changes: What happened to records.
        whole: List every record; otherwise the first of each kind.
    """
    total = Changes(columns=list(columns))
    listed: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        total.take(change)
        for kind in change.kinds:
            if whole or len(listed[kind]) < _SHOWN:
                listed[kind].append(change)
    console = out()
    console.print(f"From {escape(str(old))} to {escape(str(new))}")
    summary = new_table("what happened", "records", "asks for")
    for kind, bump in KINDS.items():
        if total.kinds[kind]:
            summary.add_row(kind, str(total.kinds[kind]), bump.name)
    console.print(summary if total.kinds else "no record changed")
    if total.fields:
        fields = ", ".join(f"{name} {count}" for name, count in total.fields.most_common())
        console.print(f"columns that differ: {fields}")
    for config, name, what in total.columns:
        console.print(f"column {config}.{plain_cell(name)}: {what}")
    for kind in KINDS:
        _list(kind, listed[kind], total.kinds[kind])
    console.print(f"this asks for: {total.bump.name}")


def _list(kind: str, listed: list[Change], count: int) -> None:
    if not listed:
        return
    console = out()
    table = new_table("article", "where", "columns", title=kind)
    for change in listed:
        table.add_row(plain_cell(change.id), _where(change), ", ".join(change.fields) or plain_cell(change.because))
    console.print(table)
    if count > len(listed):
        console.print(f"... and {count - len(listed)} more; --all lists them")
    for change in listed:
        if kind == "changed" and change.texts:
            console.print(f"[bold]{plain_cell(change.id)}[/]")
            for edit in edits(*change.texts):
                console.print(f"  {plain_cell(' '.join(str(edit).split()))}")


def _where(change: Change) -> str:
    before, after = ("/".join(place) if place else "" for place in (change.before, change.after))
    return before if before == after else f"{before or 'nowhere'} to {after or 'nowhere'}"


def changes_as_json(old: Path | str, new: Path | str, columns: Schemas, changes: Iterable[Change]) -> None:
    """Print what changed as one JSON object, written as it is found."""
    total = Changes(columns=list(columns))
    head = {"old": str(old), "new": str(new), "columns": [list(column) for column in columns]}
    sys.stdout.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "records": [')
    for number, change in enumerate(changes):
        total.take(change)
        sys.stdout.write((",\n" if number else "\n") + json.dumps(_told(change), ensure_ascii=False))
    foot = {"kinds": dict(total.kinds), "fields": dict(total.fields), "asks_for": total.bump.name}
    sys.stdout.write("\n], " + json.dumps(foot, ensure_ascii=False)[1:] + "\n")


def _told(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {"id": change.id, "kinds": change.kinds, "before": change.before, "after": change.after}
    told |= {"fields": change.fields} if change.fields else {}
    told |= {"because": change.because} if change.because else {}
    if change.texts:
        told["edits"] = list(_edits(*change.texts))
    return told


def _edits(old: str, new: str) -> Iterator[dict[str, str]]:
    for edit in edits(old, new):
        yield {"before": edit.before, "removed": edit.removed, "added": edit.added, "after": edit.after}


def rebuilt(found: Rebuilt) -> None:
    """Print what came of building a release again."""
    console = out()
    if not found.differing:
        console.print(f"built again: all {found.same} files are the same bytes")
        return
    wrote, writes = (
        ", ".join(f"{name} {version}" for name, version in each.items()) for each in (found.wrote, found.writes)
    )
    content = "the same" if found.same_content else "another"
    console.print(
        f"built again: {found.same} files are the same bytes, {len(found.differing)} differ, content is {content}"
    )
    if found.wrote != found.writes:
        console.print(f"written by {wrote}; built again by {writes}")


def withdrawal(planned: Withdrawal) -> None:
    """Print what a withdrawal means, and which versions and files hold it."""
    console = out()
    articles = new_table("article", "address", "leaves because")
    shown = [(told, "meant") for told in planned.articles] + [(told, "a copy") for told in planned.copies]
    for told, why in shown[:_SHOWN]:
        articles.add_row(plain_cell(told.id), plain_cell(told.url), why)
    for address in planned.unseen[:_SHOWN]:
        articles.add_row("", plain_cell(address), "barred unseen")
    console.print(articles)
    if len(shown) > _SHOWN:
        console.print(f"... and {len(shown) - _SHOWN} more; --json lists all")
    holding = new_table("release", "file", "rows", title="Releases that hold it")
    for held in planned.held:
        holding.add_row(escape(str(held.release)), plain_cell(held.path), str(len(held.ids)))
    console.print(holding if planned.held else "no release here holds it")


def withdrawal_data(planned: Withdrawal, tombstones: list[str]) -> dict[str, Any]:
    """Return what a withdrawal means, for JSON."""
    return {
        "reason": planned.reason,
        "source": planned.source,
        "articles": [told.id for told in planned.articles],
        "copies": [told.id for told in planned.copies],
        "unseen": planned.unseen,
        "held": [{"release": str(each.release), "file": each.path, "ids": each.ids} for each in planned.held],
        "tombstones": tombstones,
    }
