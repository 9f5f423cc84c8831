"""HTML and SVG in which data cannot become markup: what is no `Markup` is escaped where it is put in."""

import unicodedata
from html import escape
from typing import Any

_EMPTY = frozenset({"meta", "input", "br"})
_KEPT = "\t\n"
_UNSHOWN = {
    number: "\N{REPLACEMENT CHARACTER}"
    for number in [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F]
    if chr(number) not in _KEPT
}
"""Control characters, and those that would turn round the words beside them."""


class Markup(str):
    """HTML or SVG. Its data was escaped when it was made."""

    __slots__ = ()


def tag(name: str, /, *inner: str, **attributes: Any) -> Markup:
    """Return an element.

    Args:
        name: Its name.
        inner: What is in it: markup as it is, any other string escaped.
        attributes: A trailing `_` is dropped, any other becomes `-`. True is written as an attribute without a value,
            False and None not at all.
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items() if value not in (None, False))
    if name in _EMPTY:
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{joined(*inner)}</{name}>")


def joined(*parts: str) -> Markup:
    """Return parts one after the other: markup as it is, any other string escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(plain(part), quote=False) for part in parts))


def plain(text: str) -> str:
    """Return a text without control characters and surrogates: it comes from inputs."""
    shown = text.translate(_UNSHOWN)
    if shown.isascii():
        return shown
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) == "Cs" else c for c in shown)


def _attribute(key: str, value: Any) -> str:
    name = key.removesuffix("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(plain(str(value)))}"'
