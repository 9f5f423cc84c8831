"""The page as a whole: head, contents, sections, and what keeps it from asking anything of anybody."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import files

from pressmark.figures.draw import shown
from pressmark.figures.shown import Figure
from pressmark.markup import Markup, tag
from pressmark.page.articles import articles, near_copies
from pressmark.page.contents import LOCAL, Contents, place_of
from pressmark.page.sections import changes, figure, left_out, outcomes, rights, section, table

_BANNERS = {
    "workshop": "Private. Made from a workshop: this page names every input and shows texts that are withheld.",
    LOCAL: "Private. Made from a release for this machine alone: this page shows texts that may not leave it.",
}
_AS_CLOSED = "As closed as the release: it is “{}”, and this page shows texts of it. Pass it on to nobody else."

_SHOWN = ("time", "length", "language", "splits")


def page(contents: Contents) -> bytes:
    """Return the page: one file that needs nothing else."""
    style, script = (_file(name) for name in ("report.css", "report.js"))
    allowed = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    line = "" if contents.ledger else f" {contents.releases[0].line}"
    title = f"{contents.corpus}{line} {contents.version}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=allowed),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{title}: report"),
        tag("style", Markup(style)),
    )
    figures = contents.drawn()
    sections = [
        _summary(contents),
        outcomes(contents, figures),
        _listing(contents),
        *([_figures(contents, figures)] if contents.rows else []),
        *([rights(contents, figures)] if contents.releases else []),
        *([near_copies(contents, figures), articles(contents), changes(contents)] if contents.rows else []),
        left_out(contents),
    ]
    body = tag(
        "body",
        tag("a", "To the contents of the page", href="#main", class_="skip"),
        _top(contents, title),
        tag("main", *sections, id="main", tabindex="-1"),
        tag("div", id="tip", role="status", hidden=True),
        _data(contents),
        tag("script", Markup(script)),
    )
    return ("<!doctype html>\n" + tag("html", head, "\n", body, lang="en") + "\n").encode("utf-8", "replace")


def _file(name: str) -> str:
    return (files("pressmark") / "page" / name).read_text(encoding="utf-8")


def _digest(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _data(contents: Contents) -> Markup:
    """Return the list as data: no browser runs it, and base64 has no `<` that could end it."""
    packed = json.dumps(contents.listing.packed(contents.codes()))
    return tag("script", Markup(packed.replace("<", "\\u003c")), type="application/json", id="rows")


def _top(contents: Contents, title: str) -> Markup:
    banner = _BANNERS.get(contents.closed_to) or (_AS_CLOSED.format(contents.closed_to) if contents.closed_to else "")
    links = [
        ("outcomes", "Outcomes"),
        ("list", "List"),
        *([("figures", "Figures")] if contents.rows else []),
        *([("rights", "Rights")] if contents.releases else []),
        *([("groups", "Near copies"), ("articles", "Articles"), ("changes", "Changes")] if contents.rows else []),
        ("left-out", "Not here"),
    ]
    contents_of_page = tag("ul", *(tag("li", tag("a", name, href=f"#{place}")) for place, name in links))
    return tag(
        "header",
        tag("div", tag("h1", title), tag("button", "Dark", type="button", id="theme", hidden=True), class_="row"),
        *([tag("p", banner, class_="banner", id="private")] if banner else []),
        tag("nav", contents_of_page, aria_label="Contents"),
    )


def _summary(contents: Contents) -> Markup:
    several = len(contents.outcomes) > 1
    parts: list[Markup] = []
    for line, counts in contents.outcomes.items():
        parts += [tag("h3", f"Release line {line}")] if several else []
        parts.append(_tiles(counts))
    parts.append(table(("what", "value"), _facts(contents), "What this page is about"))
    return section("summary", "In short", *parts)


def _tiles(counts: Counter[str]) -> Markup:
    sums = {"inputs": counts.total()}
    for outcome in sorted(counts, key=place_of):
        kind = outcome.partition(": ")[0]
        sums[kind] = sums.get(kind, 0) + counts[outcome]
    tiles = [tag("div", tag("dt", name), tag("dd", shown(count))) for name, count in sums.items()]
    return tag("dl", *tiles, class_="tiles")


def _facts(contents: Contents) -> Iterator[tuple[str, str]]:
    if contents.ledger:
        yield "made from", f"the workshop’s ledger, {contents.ledger}"
    for release in contents.releases:
        told = release.manifest
        yield (
            f"release line {told['line']}",
            f"version {told['version']}, for: {told['destination']}, profile {told['profile']}, as of {told['as_of']}",
        )
    if contents.rows:
        yield (
            "articles",
            f"{shown(sum(contents.rows.hundreds.values()))} (sources: {len({s for s, _ in contents.rows.by_source})})",
        )
        names = sorted({language for language, _ in contents.rows.languages})
        yield "languages", ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
        own = contents.releases[0].manifest["written_by"]
        yield "written by", ", ".join(f"{name} {version}" for name, version in own.items())


def _listing(contents: Contents) -> Markup:
    what, title = ("inputs", "Every input") if contents.ledger else ("articles", "Every article")
    told = (
        "What became of each input, and each finding about it. Open a row for all of it."
        if contents.ledger
        else "Each article of the release, and why its text is withheld where it is. Open a row for all of it."
    )
    place = contents.ledger or "the Parquet files of the release"
    return section(
        "list",
        title,
        tag("p", told),
        tag("p", f"Without its script the page cannot show the list, which is in {place}.", id="no-list"),
        tag("form", role="search", id="filters", hidden=True, aria_label=f"Find {what}"),
        tag("p", role="status", id="found"),
        tag(
            "div",
            class_="wide",
            tabindex="0",
            role="group",
            id="rows-place",
            aria_label="Rows of the list",
            hidden=True,
        ),
        tag("nav", id="leaves", aria_label="Leaves of the list", hidden=True),
    )


def _figures(contents: Contents, figures: Mapping[str, Figure]) -> Markup:
    drawn = [figure(each) for name, each in figures.items() if name in _SHOWN]
    line = contents.releases[0].line
    where = f"Of the release line {line}." if len(contents.outcomes) > 1 else ""
    return section("figures", "Figures", *([tag("p", where)] if where else []), *drawn)
