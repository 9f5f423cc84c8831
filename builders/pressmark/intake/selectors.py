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
    return _with_words(_found(tree, selector)[0])


def elements_by(tree: Any, selector: str) -> list[Any]:
    """Return the elements that an expression finds, and comments."""
    return _elements(_found(tree, selector)[0])


def words_by(tree: Any, selectors: Sequence[str]) -> Iterator[str]:
    """Yield the words of each thing that some expressions find."""
    for selector in selectors:
        yield from _words(found_by(tree, selector))


def first_by(tree: Any, selectors: Sequence[str]) -> str:
    """Return the words of the first thing that some expressions find."""
    return next(words_by(tree, selectors), "")


def idle(tree: Any, rules: HtmlRules) -> list[tuple[str, str, str]]:
    """Return a note for each thing that every article has and that the expressions for it did not find.

    And one for each expression that cannot be worked out, or that is to remove something and finds no element.
    """
    told = []
    for each in fields(rules):
        faults, is_there = [], False
        for selector in getattr(rules, each.name):
            found, fault = _found(tree, selector)
            if each.name == "remove" and found and not _elements(found):
                fault = "gives words, where elements are to be removed"
            faults += [f"{selector[:_SHOWN]} {fault}"] if fault else []
            is_there = is_there or any(_words(_with_words(found)))
        if each.name in _EVERY_ARTICLE_HAS and getattr(rules, each.name) and not is_there and not faults:
            faults.append(f"found nothing by {getattr(rules, each.name)[0][:_SHOWN]}")
        told += [("selector-found-nothing", f"/{_PLACES.get(each.name, each.name)}", fault) for fault in faults]
    return told


def _found(tree: Any, selector: str) -> tuple[list[Any], str]:
    """Return what an expression finds, and why it cannot be worked out."""
    try:
        found = tree.xpath(selector)
    except etree.XPathError as error:  # some faults show where a page has what the expression asks about
        return [], f"cannot be worked out: {error}"
    # Namespaces are pairs of names.
    return [each for each in found if not isinstance(each, tuple)] if isinstance(found, list) else [str(found)], ""


def _with_words(found: Sequence[Any]) -> list[Any]:
    """Return what may have words of a page: no comments."""
    return [each for each in found if isinstance(each, str) or isinstance(each.tag, str)]


def _elements(found: Sequence[Any]) -> list[Any]:
    return [each for each in found if not isinstance(each, str)]


def _words(found: Sequence[Any]) -> Iterator[str]:
    for each in found:
        words = " ".join(each.split()) if isinstance(each, str) else joined(each)
        if words:
            yield words
