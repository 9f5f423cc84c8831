"""The languages that inputs say they are in, held against the declared one. Nothing is detected or changed."""

import re
from collections.abc import Iterable
from typing import Any

_TAG = re.compile(r"(?P<primary>[A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]{1,32})?")
_UNTOLD = ("und", "mul", "zxx", "mis")

Stated = list[tuple[str, str]]
"""Where an input says that it is in a language, and which."""


def of_page(tree: Any) -> Stated:
    """Return what an HTML page says of its language, beside JSON-LD."""
    said = [("html lang", tree.getroottree().getroot().get("lang") or "")]
    return said + [("og:locale", meta.get("content") or "") for meta in tree.iterfind(".//meta[@property='og:locale']")]


def of_value(where: str, value: Any) -> Stated:
    """Return what a value of a record says, or of a node, which may have `inLanguage` as a node of its own."""
    said = value.get("alternateName") if isinstance(value, dict) else value
    # A list speaks of several, of which none is said to be the article's.
    return [(where, said)] if isinstance(said, str) else []


def differing(stated: Iterable[tuple[str, str]], declared: str) -> list[tuple[str, str, str]]:
    """Return a note for each place that states another language than the declared one.

    Args:
        stated: What the input says.
        declared: The language of the source.
    """
    own = declared.partition("-")[0].lower()
    found = {}
    for where, said in stated:
        tag = _TAG.fullmatch(said.strip())
        primary = tag["primary"].lower() if tag else ""
        if primary and primary not in (own, *_UNTOLD):
            found[where] = ("language-differs", "/language", f"found {primary} in {where}, expected {own}")
    return list(found.values())
