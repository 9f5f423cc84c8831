"""The languages that an HTML page says it is in, held against the declared one. Nothing is detected or changed."""

import re
from collections.abc import Iterator
from typing import Any

_TAG = re.compile(r"(?P<primary>[A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]{1,32})?")
_UNTOLD = ("und", "mul", "zxx", "mis")


def differing(tree: Any, article: dict[str, Any] | None, declared: str) -> list[tuple[str, str, str]]:
    """Return a note for each place of a page that states another language than the declared one.

    Args:
        tree: The page.
        article: The JSON-LD node of its article.
        declared: The language of the source.
    """
    own = declared.partition("-")[0].lower()
    found = {}
    for where, said in _stated(tree, article):
        tag = _TAG.fullmatch(said.strip())
        primary = tag["primary"].lower() if tag else ""
        if primary and primary not in (own, *_UNTOLD):
            found[where] = ("language-differs", "/language", f"found {primary} in {where}, expected {own}")
    return list(found.values())


def _stated(tree: Any, article: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    root = tree.getroottree().getroot()
    yield "html lang", root.get("lang") or ""
    said = (article or {}).get("inLanguage")
    said = said.get("alternateName") if isinstance(said, dict) else said
    # A list speaks of several, of which none is said to be the article's.
    yield "JSON-LD inLanguage", said if isinstance(said, str) else ""
    for meta in tree.iterfind(".//meta[@property='og:locale']"):
        yield "og:locale", meta.get("content") or ""
