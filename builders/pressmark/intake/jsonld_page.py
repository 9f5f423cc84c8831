"""The JSON-LD of a page: its documents as pages have them, and which of their nodes is the article of the page."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pressmark.intake.jsonld import ARTICLES, address_of, claims, nodes, types

_NOISE = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*+")|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?|(?://|/\*)?\s*\]\]>(?:\s*\*/)?|<!--|-->'
    r"|/\*.*?\*/|//[^\n]*|,(?=\s*+[}\]])",
    re.DOTALL,
)
"""Strings, and what pages put between them that is no JSON: comments of HTML, XML and JavaScript, commas at an end."""

_OF_THE_PAGE = {"WebPage": "page", "ItemPage": "page", "WebSite": "site"}
_REFERENCES = ("author", "creator", "translator", "editor", "copyrightHolder")


@dataclass(slots=True)
class Linked:
    """What the JSON-LD of a page says."""

    article: dict[str, Any] | None = None
    """The node of its article."""

    evidence: list[dict[str, str]] = field(default_factory=list)
    """What other nodes say about rights in the page or the site."""

    unread: int = 0
    """Documents that are no JSON, even with patience."""


def linked(documents: Iterable[str], addresses: Sequence[str], titles: Sequence[str]) -> Linked:
    """Read the JSON-LD documents of a page.

    Of several articles that of the page's address is meant; else, of those that lead to no other page and stand in no
    list, the first by type. One with another address is taken where it has the title of the page.

    Args:
        documents: As they stand in the page.
        addresses: That the page says are its own.
        titles: That the page says it has.
    """
    found = Linked()
    values = []
    for document in documents:
        if document.strip():
            try:
                values.append(_value(document))
            except (ValueError, RecursionError):
                found.unread += 1
    every = list(nodes(values))
    pages = {_place(address) for address in addresses}
    ranked = [
        (rank, position)
        for position, (node, is_listed) in enumerate(every)
        if (rank := _rank(node, pages, titles, is_listed=is_listed)) is not None
    ]
    if ranked:
        known = {node["@id"]: node for node, _ in every if isinstance(node.get("@id"), str) and len(node) > 1}
        found.article = _resolved(every[min(ranked)[1]][0], known)
    for node, _ in every:
        scope = next((_OF_THE_PAGE[kind] for kind in types(node) if kind in _OF_THE_PAGE), None)
        found.evidence += claims(node, scope) if scope else []
    return found


def _value(document: str) -> Any:
    try:
        # Some pages have raw line ends within strings.
        value = json.loads(document, strict=False)
    except ValueError:
        value = json.loads(_NOISE.sub(lambda noise: noise["string"] or "", document), strict=False)
    if "\\ud" in document.lower():
        # A half of a pair is no character.
        told = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        value = json.loads(told)
    return value


def _rank(
    node: dict[str, Any], pages: set[tuple[str, str]], titles: Sequence[str], *, is_listed: bool
) -> tuple[int, int] | None:
    """Return how surely a node is the page's article, the least first; None where it is none, or of another page."""
    kind = next((place for place, name in enumerate(ARTICLES) if name in types(node)), None)
    if kind is None:
        return None
    address = address_of(node)
    if address and _place(address) in pages:
        return 0, kind
    if not is_listed and not (address and pages):
        return 1, kind
    return (2, kind) if _has_title(node, titles) else None


def _has_title(node: dict[str, Any], titles: Sequence[str]) -> bool:
    words = node.get("headline") or node.get("name")
    headline = " ".join(words.split()).casefold() if isinstance(words, str) else ""
    return bool(headline) and any(headline in title.casefold() or title.casefold() in headline for title in titles)


def _place(address: str) -> tuple[str, str]:
    """Return host and path of an address, by which a page is known whatever stands around them."""
    try:
        parts = urlsplit(address.strip())
        return (parts.hostname or "").removeprefix("www."), f"{parts.path.rstrip('/')}?{parts.query}"
    except ValueError:
        return "", address


def _resolved(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a node with the nodes that its people are references to."""
    return {**node, **{key: _referred(node[key], known) for key in _REFERENCES if key in node}}


def _referred(value: Any, known: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_referred(each, known) for each in value]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return known.get(value["@id"], value)
    return value
