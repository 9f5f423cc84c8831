"""schema.org articles in JSON-LD: as records, and in HTML pages."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from pressmark.article.reservations import reserves
from pressmark.intake import clean
from pressmark.intake.credits import Credits, from_field
from pressmark.intake.draft import Draft
from pressmark.intake.languages import of_value
from pressmark.intake.published import publish

ARTICLES = (
    *("NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BackgroundNewsArticle"),
    *(
        "ReviewNewsArticle",
        "AskPublicNewsArticle",
        "Article",
        "LiveBlogPosting",
        "BlogPosting",
        "SatiricalArticle",
        "Report",
    ),
)
"""Types that are articles, the first that is found first."""

_DEEPEST, _MOST = 9, 2000
_CLAIMS = ("license", "copyrightNotice", "copyrightHolder", "creditText", "usageInfo", "isAccessibleForFree")
_QUOTED = 1000


def article_in(value: Any) -> dict[str, Any] | None:
    """Return the first node of a JSON value that is an article, by type; None where there is none."""
    every = [node for node, _ in nodes(value)]
    return next((node for wanted in ARTICLES for node in every if wanted in types(node)), None)


def nodes(value: Any) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield the nodes of a JSON value, and whether each stands in a list of pages.

    Lists, objects, `@graph` and nested shapes are looked through, so far as pages have them.
    """
    return islice(_nodes(value, _DEEPEST, is_listed=False), _MOST)


def _nodes(value: Any, deep: int, *, is_listed: bool) -> Iterator[tuple[dict[str, Any], bool]]:
    if not deep:
        return
    if isinstance(value, list):
        for each in value:
            yield from _nodes(each, deep - 1, is_listed=is_listed)
    elif isinstance(value, dict):
        yield value, is_listed
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            yield from _nodes(value.get(key), deep - 1, is_listed=is_listed or key in ("itemListElement", "item"))


def types(node: dict[str, Any]) -> list[str]:
    """Return the names of a node's types, without the vocabulary that they are of."""
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return [re.split("[/#:]", str(name))[-1] for name in names]


def read_node(node: dict[str, Any], place: ZoneInfo | None) -> Draft:
    """Return what a node says: title, times, contributors, rights as evidence; text where it has one."""
    draft = Draft()
    text = node.get("articleBody")
    fields = {
        "title": _words(node.get("headline")) or _words(node.get("name")),
        "subtitles": _list(node.get("alternativeHeadline")),
        "section": _list(node.get("articleSection")),
        "url": address_of(node),
    }
    draft.fields = clean.fields({key: value for key, value in fields.items() if value}, draft.steps)
    if isinstance(text, str) and text.strip():
        draft.fields["text"] = clean.paragraphs(text, draft.steps, by_line="\n\n" not in text.replace("\r", ""))
    own = node.get("identifier")
    draft.languages = of_value("JSON-LD inLanguage", node.get("inLanguage"))
    draft.own_id = own if isinstance(own, str) and own.strip() else None
    publish(draft, _when(node.get("datePublished")) or _when(node.get("dateCreated")), place)
    publish(draft, _when(node.get("dateModified")), place, field="modified_at")
    _people(draft, node)
    draft.evidence += claims(node, "text")
    return draft


def _when(value: Any) -> str | None:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _words(value)


def _people(draft: Draft, node: dict[str, Any]) -> None:
    credits_ = Credits()
    for key, role in (("author", "aut"), ("creator", "aut"), ("translator", "trl"), ("editor", "edt")):
        for name, is_person in _named(node.get(key)):
            found = from_field(name, is_person=is_person)
            if is_person and not found.contributors and not found.syndicated_from:
                continue
            for each in found.contributors:
                credits_.add(role if each["role"] == "aut" else each["role"], each["name"], each.get("label", ""))
            credits_.syndicated_from = credits_.syndicated_from or found.syndicated_from
    if credits_.contributors:
        draft.fields["contributors"] = credits_.contributors
    if node.get("translationOfWork") or any(each["role"] == "trl" for each in credits_.contributors):
        draft.fields["derivation"] = "translation"


def _named(value: Any) -> Iterator[tuple[str, bool]]:
    """Yield names of people and organisations; of an organisation nothing is said: it is the paper, or a source."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield each, False
        elif isinstance(each, dict) and "Organization" not in str(each.get("@type")):
            yield from ((name, True) for name in _list(each.get("name")))


def claims(node: dict[str, Any], scope: str) -> list[dict[str, str]]:
    """Return what a node says about rights, as evidence.

    Args:
        node: The node.
        scope: What it speaks of: `text`, `page` or `site`.
    """
    found = []
    parts = node.get("hasPart")
    said = [(key, node.get(key)) for key in _CLAIMS]
    said += [
        ("hasPart isAccessibleForFree", part.get("isAccessibleForFree"))
        for part in (parts if isinstance(parts, list) else [parts])
        if isinstance(part, dict)
    ]
    for key, value in said:
        for each in value if isinstance(value, list) else [value]:
            words = _named_by(each) if isinstance(each, dict) else _said(each)
            if words:
                kind = "notice" if reserves(words) else "claim"
                entry = {"kind": kind, "scope": scope, "where": f"JSON-LD {key}", "quote": words[:_QUOTED]}
                found += [entry] if entry not in found else []
    return found


def _named_by(value: dict[str, Any]) -> str | None:
    return next((words for key in ("url", "name", "@id", "text") if (words := _words(value.get(key)))), None)


def _said(value: Any) -> str | None:
    return str(value).lower() if isinstance(value, bool) else _words(value)


def _words(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    # Many pages write what stands in JSON as they write HTML.
    return " ".join(unescape(value).split()) or None if isinstance(value, str) else None


def _list(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [words for each in values if (words := _words(each))]


def address_of(node: dict[str, Any]) -> str | None:
    """Return the address of the page that a node is about, or None."""
    page = node.get("mainEntityOfPage")
    page = page.get("@id") or page.get("url") if isinstance(page, dict) else page
    for value in (node.get("url"), page, node.get("@id")):
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return value.strip()
    return None
