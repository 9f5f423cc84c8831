"""Sections of the page that show articles: samples, and near copies side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from pressmark.figures.draw import shown
from pressmark.figures.shown import Figure
from pressmark.markup import Markup, joined, tag
from pressmark.page.contents import Contents
from pressmark.page.sections import figure, section
from pressmark.page.texts import Member, Shown


def articles(contents: Contents) -> Markup:
    """Return a few articles with their text."""
    if not contents.samples:
        return section("articles", "Articles", tag("p", "No article’s text may be shown here."))
    told = (
        "Of each source with the most articles three by chance, always the same: those whose ids have the smallest "
        "digests. A long text is cut."
    )
    return section(
        "articles", "Articles", tag("p", told), tag("div", *map(_article, contents.samples), class_="articles")
    )


def _article(each: Shown) -> Markup:
    row = each.row
    more = [tag("p", f"… {shown(each.more)} characters more", class_="quiet")] if each.more else []
    return tag(
        "article",
        tag("h3", row["title"] or row["id"], lang=row["language"] if row["title"] else None),
        tag("p", *_credits(row), class_="quiet"),
        *([_closed()] if each.withheld else []),
        tag(
            "div",
            *_paragraphs(each.text or ""),
            *more,
            lang=row["language"],
            class_="text",
            tabindex="0",
            role="group",
            aria_label="Text",
        ),
        _facts(each),
    )


def _credits(row: Mapping[str, Any]) -> list[str]:
    people = [" ".join(filter(None, [one["label"] or one["role"], one["name"]])) for one in row["contributors"] or []]
    day = row["published_on"].isoformat() if row["published_on"] else "undated"
    return [" · ".join([row["source"], day, *people])]


def _closed() -> Markup:
    return tag("p", "Withheld: this text is in no release. It is here because this page is private.", class_="banner")


def _paragraphs(text: str) -> list[Markup]:
    return [tag("p", part) for part in text.split("\n\n")]


def _facts(each: Shown) -> Markup:
    row = each.row
    facts = {
        "article": row["id"],
        "address": row["url"],
        "rights": " · ".join(filter(None, [row["rights_status"], row["license"]])),
        "credit": row["attribution"],
        "split": each.split,
        "characters": shown(row["characters"]),
    }
    pairs = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts.items() if value]
    return tag("dl", *pairs)


def near_copies(contents: Contents, figures: Mapping[str, Figure]) -> Markup:
    """Return groups of near copies, their articles side by side."""
    title = "Near copies"
    if not contents.groups:
        return section("groups", title, tag("p", "No two articles are near copies of each other."))
    total = sum(contents.rows.group_sizes.values()) if contents.rows else 0
    told = (
        f"{shown(len(contents.groups))} of {shown(total)} groups: the largest, and others by chance. Each article is "
        "beside the first of its group, with what it has otherwise: "
    )
    key = joined(told, tag("ins", "added"), " and ", tag("del", "left out"), ".")
    drawn = [figure(figures["groups"])] if "groups" in figures else []
    return section("groups", title, *drawn, tag("p", key), *(_group(each, contents) for each in contents.groups))


def _group(members: Sequence[Member], contents: Contents) -> Markup:
    name = members[0].shown.row["group_id"]
    title = members[0].shown.row["title"] or members[0].shown.row["id"]
    way = tag("button", "Show all of it in the list", type="button", class_="way", data_column="group", data_value=name)
    inside = tag("div", *(_member(each) for each in members), class_="beside", tabindex="0", role="group",
                 aria_label=f"Group {name}, side by side")  # fmt: skip
    alike = [each.alike for each in members[1:] if each.alike is not None]
    about = f" · {float(min(alike)):.0%} alike" if alike else ""
    summary = tag("summary", joined(title, tag("span", f" · {len(members)} shown{about}", class_="quiet")))
    return tag("details", summary, inside, *([] if contents.ledger else [way]), class_="group")


def _member(each: Member) -> Markup:
    row = each.shown.row
    alike = "" if each.alike is None else f" · {float(each.alike):.1%} alike"
    day = row["published_on"].isoformat() if row["published_on"] else "undated"
    if each.parts:
        marked = [
            {"same": joined(text), "added": tag("ins", text), "removed": tag("del", text)}[kind]
            for kind, text in each.parts
        ]
        body = tag("div", *marked, lang=row["language"], class_="text whole")
    else:
        body = tag("p", "Its text is not released.", class_="quiet")
    more = [tag("p", f"… {shown(each.shown.more)} characters more", class_="quiet")] if each.shown.more else []
    return tag(
        "div",
        tag("h4", row["id"]),
        tag("p", f"{row['source']} · {day} · {each.shown.split}{alike}", class_="quiet"),
        *([_closed()] if each.shown.withheld and each.parts else []),
        body,
        *more,
    )
