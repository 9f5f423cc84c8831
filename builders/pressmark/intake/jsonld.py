"""schema.org articles in JSON-LD: as records, and in HTML pages."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from pressmark.intake.draft import Draft


def article_node(documents: Iterable[str]) -> dict[str, Any] | None:
    """Return the node of the article among the JSON-LD documents of a page, or None.

    Documents that are no JSON are passed over. Lists, objects, `@graph` and nested shapes are looked through.
    """
    raise NotImplementedError


def read_node(node: dict[str, Any], place: ZoneInfo | None) -> Draft:
    """Return what a node says: title, times, contributors, language, rights as evidence; text where it has one."""
    raise NotImplementedError
