"""schema.org articles in JSON-LD: as records, and in HTML pages."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from pressmark.intake import clean
from pressmark.intake.credits import Credits, from_field
from pressmark.intake.draft import Draft
from pressmark.intake.published import publish

ARTICLES = (
    *("NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BackgroundNewsArticle"),
    *("ReviewNewsArticle", "AskPublicNewsArticle", "Article", "LiveBlogPosting", "BlogPosting", "SatiricalArticle"),
)
"""Types that are articles, the first that is found first."""

_DEEPEST, _MOST = 8, 2000
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_CLAIMS = ("license", "copyrightNotice", "copyrightHolder", "creditText", "usageInfo", "isAccessibleForFree")
_QUOTED = 1000


def article_node(documents: Iterable[str]) -> dict[str, Any] | None:
    """Return the node of the article among the JSON-LD documents of a page, or None.

    Documents that are no JSON are passed over. Lists, objects, `@graph` and nested shapes are looked through.
    """
    return article_in([_value(document) for document in documents])


def article_in(value: Any) -> dict[str, Any] | None:
    """Return the node of the article in a JSON value, or None."""
    nodes = list(islice(_nodes(value, _DEEPEST + 1), _MOST))
    for wanted in ARTICLES:
        for node in nodes:
            if wanted in _types(node):
                return node
    return None


def _value(document: str) -> Any:
    try:
        # Some pages have raw line ends within strings.
        return json.loads(_WRAPPING.sub("", document.strip()), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any, deep: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _nodes(each, deep - 1) if deep else ()
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            yield from _nodes(value.get(key), deep - 1) if deep else ()


def _types(node: dict[str, Any]) -> list[str]:
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return [str(name).rpartition("/")[2] for name in names]


def read_node(node: dict[str, Any], place: ZoneInfo | None) -> Draft:
    """Return what a node says: title, times, contributors, rights as evidence; text where it has one."""
    draft = Draft()
    text = node.get("articleBody")
    fields = {
        "title": _words(node.get("headline")) or _words(node.get("name")),
        "subtitles": _list(node.get("alternativeHeadline")),
        "section": _list(node.get("articleSection")),
        "url": _address(node),
    }
    draft.fields = clean.fields({key: value for key, value in fields.items() if value}, draft.steps)
    if isinstance(text, str) and text.strip():
        draft.fields["text"] = clean.paragraphs(text, draft.steps, by_line="\n\n" not in text.replace("\r", ""))
    own = node.get("identifier")
    draft.own_id = own if isinstance(own, str) and own.strip() else None
    publish(draft, _words(node.get("datePublished")) or _words(node.get("dateCreated")), place)
    publish(draft, _words(node.get("dateModified")), place, field="modified_at")
    _people(draft, node)
    _evidence(draft, node)
    return draft


def _people(draft: Draft, node: dict[str, Any]) -> None:
    credits_ = Credits()
    for key, role in (("author", "aut"), ("creator", "aut"), ("translator", "trl"), ("editor", "edt")):
        for name, is_person in _named(node.get(key)):
            found = from_field(name)
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


def _evidence(draft: Draft, node: dict[str, Any]) -> None:
    for key in _CLAIMS:
        value = node.get(key)
        for each in value if isinstance(value, list) else [value]:
            words = (
                _words(each.get("url") or each.get("name") or each.get("@id"))
                if isinstance(each, dict)
                else _said(each)
            )
            if words:
                quote = {"quote": words[:_QUOTED]}
                draft.evidence.append({"kind": "claim", "scope": "text", "where": f"JSON-LD {key}", **quote})


def _said(value: Any) -> str | None:
    return str(value).lower() if isinstance(value, bool) else _words(value)


def _words(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(value.split()) if isinstance(value, str) and value.strip() else None


def _list(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [words for each in values if (words := _words(each))]


def _address(node: dict[str, Any]) -> str | None:
    page = node.get("mainEntityOfPage")
    page = page.get("@id") or page.get("url") if isinstance(page, dict) else page
    for value in (node.get("url"), page, node.get("@id")):
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return value.strip()
    return None
