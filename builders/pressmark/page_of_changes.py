"""One page that shows what changed from one release to another. It needs nothing but itself to be looked at."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import TextIO

from pressmark.release.changes import KINDS, Change, Changes
from pressmark.release.diff import Schemas
from pressmark.release.words import edits

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What changed</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid; }
td { overflow-wrap: anywhere; }
del, ins { padding: 0 0.1rem; }
</style>
</head>
<body>
<main>
<h1>What changed</h1>
"""
_FOOT = "</tbody>\n</table>\n</main>\n</body>\n</html>\n"


def write_page(path: Path, old: str, new: str, columns: Schemas, changes: Iterable[Change]) -> Changes:
    """Write the page, and return how much changed.

    Args:
        path: Where it goes.
        old: The earlier release, as the reader knows it.
        new: The later one.
        columns: What happened to columns.
        changes: What happened to records.
    """
    total = Changes(columns=list(columns))
    with tempfile.TemporaryFile("w+", encoding="utf-8") as rows:
        for change in changes:
            total.take(change)
            rows.write(_row(change))
        rows.seek(0)
        with path.open("w", encoding="utf-8", newline="\n") as page:
            page.write(_HEAD)
            page.writelines(_summary(old, new, total))
            _copy(rows, page)
            page.write(_FOOT)
    return total


def _copy(rows: TextIO, page: TextIO) -> None:
    page.write(
        '<h2 id="records">Records</h2>\n<table aria-labelledby="records">\n<thead><tr><th scope="col">article</th>'
        '<th scope="col">what happened</th><th scope="col">where</th><th scope="col">what differs</th></tr></thead>\n'
        "<tbody>\n"
    )
    shutil.copyfileobj(rows, page)


def _summary(old: str, new: str, total: Changes) -> Iterator[str]:
    yield f"<p>From {escape(old)} to {escape(new)}. This asks for: <strong>{total.bump.name}</strong>.</p>\n"
    yield '<table aria-label="How much changed">\n<thead><tr><th scope="col">what happened</th>'
    yield '<th scope="col">records</th><th scope="col">asks for</th></tr></thead>\n<tbody>\n'
    for kind, bump in KINDS.items():
        if total.kinds[kind]:
            yield f"<tr><td>{kind}</td><td>{total.kinds[kind]}</td><td>{bump.name}</td></tr>\n"
    yield "</tbody>\n</table>\n"
    for config, name, what in total.columns:
        yield f"<p>Column {escape(config)}.{escape(name)}: {escape(what)}.</p>\n"


def _row(change: Change) -> str:
    before, after = ("/".join(place) if place else "nowhere" for place in (change.before, change.after))
    where = before if before == after else f"{before} to {after}"
    told = ", ".join(change.fields) or change.because
    differs = escape(told) + "".join(_edits(change))
    cells = (escape(change.id), escape(", ".join(change.kinds)), escape(where), differs)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _edits(change: Change) -> Iterator[str]:
    for edit in edits(*change.texts) if change.texts else ():
        removed = f"<del>{escape(edit.removed)}</del>" if edit.removed else ""
        added = f"<ins>{escape(edit.added)}</ins>" if edit.added else ""
        yield f"<p>{escape(edit.before)}{removed}{added}{escape(edit.after)}</p>"
