"""Sections of the page that are tables and figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pressmark.figures.draw import shown
from pressmark.figures.shown import Figure
from pressmark.findings import CATALOGUE, Code
from pressmark.markup import Markup, joined, tag
from pressmark.page.beside import licenses
from pressmark.page.changes import Since
from pressmark.page.contents import Contents, place_of
from pressmark.release.changes import KINDS, Change

_TABLE_ROWS = 150


def section(name: str, title: str, *inner: str) -> Markup:
    """Return a part of the page with a heading that its contents lead to."""
    return tag("section", tag("h2", title, id=f"{name}-title"), *inner, id=name, aria_labelledby=f"{name}-title")


def table(head: Sequence[str], rows: Iterable[Sequence[str | int]], told: str) -> Markup:
    """Return a table that scrolls where it is too wide; numbers stand right, the first cell names its row."""
    listed = list(rows)
    cells = [tag("tr", *(_cell(cell, first=not at) for at, cell in enumerate(row))) for row in listed]
    numbers = [at > 0 and bool(listed) and isinstance(listed[-1][at], int) for at in range(len(head))]
    names = [
        tag("th", name, scope="col", class_="number" if is_ else None) for name, is_ in zip(head, numbers, strict=True)
    ]
    top = tag("thead", tag("tr", *names))
    whole = tag("table", tag("caption", told, class_="unseen"), top, tag("tbody", *cells))
    return tag("div", whole, class_="wide", tabindex="0", role="group", aria_label=told)


def _cell(cell: str | int, *, first: bool) -> Markup:
    text = shown(cell) if isinstance(cell, int) else cell
    if first:
        return tag("th", text, scope="row")
    return tag("td", text, class_="number" if isinstance(cell, int) else None)


def figure(drawn: Figure) -> Markup:
    """Return a picture, and the same numbers as a table."""
    rows = list(drawn.rows)
    more = [tag("p", f"The first {_TABLE_ROWS} of {len(rows)} rows.")] if len(rows) > _TABLE_ROWS else []
    told = table(drawn.head, rows[:_TABLE_ROWS], f"{drawn.title}, as a table")
    picture = tag(
        "div", drawn.svg, class_="picture", tabindex="0", role="group",
        aria_label=f"{drawn.title}. Arrow keys go from value to value.",
    )  # fmt: skip
    return tag(
        "figure",
        tag("figcaption", tag("h3", drawn.title), tag("p", drawn.told)),
        picture,
        tag("details", tag("summary", "The numbers as a table"), *more, told),
    )


def outcomes(contents: Contents, figures: Mapping[str, Figure]) -> Markup:
    """Return what became of all inputs, each outcome with the way to its inputs."""
    lines = list(contents.outcomes)
    every = sorted({outcome for counts in contents.outcomes.values() for outcome in counts}, key=_order)
    rows = []
    for outcome in every:
        code = CATALOGUE.get(outcome.rpartition(": ")[2])
        counted = [_way(contents, line, outcome, contents.outcomes[line][outcome]) for line in lines]
        rows.append([outcome, *counted, _explained(code)])
    rows.append(["inputs", *(contents.outcomes[line].total() for line in lines), ""])
    head = ["outcome", *(lines if len(lines) > 1 else ["inputs"]), "what it means"]
    drawn = [figure(each) for name, each in figures.items() if name.startswith("outcomes")]
    parts = [*drawn, table(head, rows, "What became of all inputs, by outcome"), *_notes(contents)]
    if not contents.ledger:
        parts.append(
            tag("p", "A number that leads nowhere counts inputs that no release names: only the workshop of who built "
                "it lists them, and “pressmark report” of the workshop shows them.")
        )  # fmt: skip
    return section("outcomes", "Outcomes", *parts)


def _explained(code: Code | None) -> Markup | str:
    return joined(tag("p", code.meaning), tag("p", f"What to do: {code.advice}", class_="quiet")) if code else ""


def _order(outcome: str) -> tuple[int, str]:
    return place_of(outcome), outcome


def _way(contents: Contents, line: str, outcome: str, count: int) -> Markup | int:
    """Return a count that shows its rows of the list below, where that has them."""
    listed = contents.ledger or outcome == "published" or outcome.startswith("withheld: ")
    if not count or not listed:
        return count
    return _button(f"became-{line}" if contents.ledger else "became", outcome, count)


def _button(column: str, value: str, count: int) -> Markup:
    told = tag("span", f" {value}, show in the list", class_="unseen")
    return tag("button", shown(count), told, type="button", class_="way", data_column=column, data_value=value)


def _notes(contents: Contents) -> list[Markup]:
    if not contents.notes:
        return []
    rows = []
    for name, count in sorted(contents.notes.items()):
        rows.append([name, _button("notes", name, count), _explained(CATALOGUE.get(name))])
    head = ("note", "inputs", "what it means")
    return [tag("h3", "Inputs that have something to say"), table(head, rows, "Notes about inputs, by code")]


def rights(contents: Contents, figures: Mapping[str, Figure]) -> Markup:
    """Return what follows from rights, and the licences."""
    parts = [figure(each) for name, each in figures.items() if name.startswith("rights")]
    for release in contents.releases:
        rows = [
            (status, license_, texts, _few(sources), _few(holders))
            for status, license_, texts, sources, holders in licenses(release.folder)
        ]
        where = f" in the release line {release.line}" if len(contents.releases) > 1 else ""
        head = ("rights status", "licence", "texts", "sources", "holders of rights")
        parts.append(tag("h3", f"Texts that are here{where}"))
        parts.append(table(head, rows, f"Texts by rights status and licence{where}") if rows else tag("p", "None."))
    return section("rights", "Rights", *parts)


def _few(names: Sequence[str]) -> str:
    return ", ".join([*names[:12], *([f"and {len(names) - 12} more"] if len(names) > 12 else [])])


def changes(contents: Contents) -> Markup:
    """Return what changed since the release before, and all versions."""
    parts = [_since(line, found, several=len(contents.releases) > 1) for line, found in contents.changes.items()]
    if not parts:
        parts = [tag("p", "No earlier release lies beside this one to be compared with it.")]
    if contents.versions:
        head = ("version", "as of", "status", "with text", "withheld", "what changed")
        parts += [tag("h3", "All versions"), table(head, reversed(contents.versions), "All versions, the newest first")]
    return section("changes", "What changed", *parts)


def _since(line: str, found: Since, *, several: bool) -> Markup:
    where = f" of the release line {line}" if several else ""
    title = tag("h3", f"From {found.old} to {found.new}{where}")
    asks = tag("p", "This asks for: ", tag("strong", found.total.bump.name), ".")
    columns = [tag("p", f"Column {config}.{name}: {what}.") for config, name, what in found.total.columns]
    if not found.total.kinds:
        return joined(title, tag("p", "No record changed."), *columns)
    rows = [(kind, found.total.kinds[kind], bump.name) for kind, bump in KINDS.items() if found.total.kinds[kind]]
    counted = table(("what happened", "records", "asks for"), rows, f"How much changed{where}")
    listed = [_listed(kind, found, where) for kind in KINDS if found.total.kinds[kind]]
    return joined(title, asks, counted, *columns, *listed)


def _listed(kind: str, found: Since, where: str) -> Markup:
    its, total = found.listed[kind], found.total.kinds[kind]
    rows = [(change.id, _where(change), ", ".join(change.fields) or change.because) for change in its]
    inner = [table(("article", "where", "columns, or why"), rows, f"{kind}{where}")] if rows else []
    if found.unnamed[kind]:
        inner.append(tag("p", f"{shown(found.unnamed[kind])} that the newer release does not name."))
    left = total - len(its) - found.unnamed[kind]
    if left:
        inner.append(tag("p", f"{shown(left)} more: “pressmark diff” lists all."))
    return tag("details", tag("summary", f"{kind}: {shown(total)}"), *inner)


def _where(change: Change) -> str:
    old, new = ("/".join(place) if place else "nowhere" for place in (change.before, change.after))
    return old if old == new else f"{old} to {new}"


def left_out(contents: Contents) -> Markup:
    """Return what is not on the page, and where it is."""
    place = f"the ledger, {contents.ledger}" if contents.ledger else "the release’s Parquet files"
    told: Counter[str] = contents.listing.left_out
    items = [
        tag("li", f"{shown(count)} rows of the list ({name}), which are in {place}.")
        for name, count in sorted(told.items())
    ]
    if contents.releases:
        having = "the releases have" if contents.ledger else f"{place} have"
        items += [
            tag("li", f"Texts, but for the samples and groups above: {having} them."),
            tag("li", "Groups of near copies beyond those above: “pressmark duplicates RELEASE ID” shows each."),
        ]
    if contents.ledger and not contents.releases:
        items.append(tag("li", "Articles, figures and rights: no release of this version was found. Say where with "
                         "--releases."))  # fmt: skip
    if not told:
        items.insert(0, tag("li", f"Of the list nothing is left out: it has all {shown(len(contents.listing))} rows."))
    return section("left-out", "What is not on this page", tag("ul", *items))
