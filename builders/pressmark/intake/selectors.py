"""What the expressions of a source find on one of its pages: XPath, which may give elements, strings, or a value."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from lxml import etree

from pressmark.intake.html_parse import joined
from pressmark.sources import HtmlRules

_SHOWN = 60
_EVERY_ARTICLE_HAS = ("text", "title", "published")
_PLACES = {"published": "published_on"}
"""Fields of an article that are not called as the expressions for them are."""


def found_by(tree: Any, selector: str) -> list[Any]:
    """Return the elements and strings that an expression finds; a number or a truth that it makes, as a string.

    Nothing where it cannot be worked out on this page: `idle` says so.
    """
    found, _ = _found(tree, selector)
    return found


def elements_by(tree: Any, selector: str) -> list[Any]:
    """Return the elements that an expression finds, and comments."""
    return [each for each in found_by(tree, selector) if not isinstance(each, str)]


def words_by(tree: Any, selectors: Sequence[str]) -> Iterator[str]:
    """Yield the words of each thing that some expressions find."""
    for selector in selectors:
        for element in found_by(tree, selector):
            words = " ".join(element.split()) if isinstance(element, str) else joined(element)
            if words:
                yield words


def first_by(tree: Any, selectors: Sequence[str]) -> str:
    """Return the words of the first thing that some expressions find."""
    return next(words_by(tree, selectors), "")


def idle(tree: Any, rules: HtmlRules) -> list[tuple[str, str, str]]:
    """Return a note for each thing that every article has and that the expressions for it did not find.

    And one for each expression that cannot be worked out, or that is to remove something and finds no element.
    """
    every = {each.name: getattr(rules, each.name) for each in fields(rules)}
    faults = [
        (name, f"{selector[:_SHOWN]} {fault}")
        for name, selectors in every.items()
        for selector in selectors
        if (fault := _found(tree, selector)[1] or (name == "remove" and _no_elements(tree, selector)))
    ]
    lacking = [
        (name, f"found nothing by {every[name][0][:_SHOWN]}")
        for name in _EVERY_ARTICLE_HAS
        if every[name] and not first_by(tree, every[name])
    ]
    return [("selector-found-nothing", f"/{_PLACES.get(name, name)}", told) for name, told in faults + lacking]


def _found(tree: Any, selector: str) -> tuple[list[Any], str]:
    """Return what an expression finds, and why it cannot be worked out."""
    try:
        found = tree.xpath(selector)
    except etree.XPathError as error:  # some faults show where a page has what the expression asks about
        return [], f"cannot be worked out: {error}"
    return found if isinstance(found, list) else [str(found)], ""


def _no_elements(tree: Any, selector: str) -> str:
    found = found_by(tree, selector)
    return "gives words, where elements are to be removed" if found and not elements_by(tree, selector) else ""
