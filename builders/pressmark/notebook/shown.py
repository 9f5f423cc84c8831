"""How objects show themselves in a notebook: tables that take the colours of what they stand in.

There is no script and no style sheet, for notebooks drop both where they do not trust a file. Nothing has a colour of
its own, so that it reads in light and dark.
"""

from collections.abc import Iterable, Mapping, Sequence

from pressmark.findings import Finding
from pressmark.markup import Markup, tag

_CELL = "padding: 0.1em 1em 0.1em 0; vertical-align: top; text-align: "
_LEFT, _RIGHT = f"{_CELL}left", f"{_CELL}right"
_CAPTION = "color: inherit; text-align: left; font-weight: bold; padding: 0.7em 0 0.2em"
_BAR = "display: inline-block; height: 0.7em; background: currentColor; opacity: 0.5; width: {:.1f}em"
_WIDEST = 10

Cell = str | int


def facts(title: str, rows: Iterable[tuple[str, str]]) -> Markup:
    """Return a table of names and what they are."""
    return _table(title, [tag("tr", _head(name, scope="row"), _cell(value)) for name, value in rows])


def counts(title: str, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Markup:
    """Return a table with a heading for each column; numbers stand to the right."""
    head = tag("tr", *(_head(name, scope="col") for name in names))
    return _table(title, [head, *(tag("tr", *(_cell(value) for value in row)) for row in rows)])


def outcomes(title: str, found: Mapping[str, int]) -> Markup:
    """Return a table of counts, each with a bar as long as its share."""
    most = max(found.values(), default=0) or 1
    rows = [
        tag("tr", _head(name, scope="row"), _cell(count), tag("td", _bar(count / most), style=_LEFT))
        for name, count in found.items()
    ]
    return _table(title, rows)


def faults(title: str, found: Iterable[Finding]) -> Markup:
    """Return a table of findings."""
    return counts(title, ("code", "file", "place", "found"), [(e.code, e.file, e.place, e.detail) for e in found])


def together(*parts: Markup) -> str:
    """Return tables one below the other."""
    return tag("div", *parts)


def number(count: int) -> str:
    """Return a count with its thousands apart."""
    return f"{count:,}"


def size(count: int) -> str:
    """Return bytes in a unit that keeps the number short."""
    for unit, least in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count} bytes"


def _table(title: str, rows: Iterable[Markup]) -> Markup:
    return tag("table", tag("caption", title, style=_CAPTION), tag("tbody", *rows), style="color: inherit")


def _head(name: str, scope: str) -> Markup:
    return tag("th", name, scope=scope, style=_LEFT)


def _cell(value: Cell) -> Markup:
    if isinstance(value, int):
        return tag("td", number(value), style=_RIGHT)
    return tag("td", value, style=_LEFT)


def _bar(share: float) -> Markup:
    return tag("span", style=_BAR.format(_WIDEST * share), aria_hidden="true")
