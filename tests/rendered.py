"""Markdown as two renderers show it: GitHub's own, and markdown-it with links of bare words. Both pass raw HTML."""

import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

Element = tuple[str, tuple[tuple[str, str | None], ...]]
"""A tag with its attributes; an end tag begins with a slash."""

_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MARKDOWN_IT = MarkdownIt("gfm-like", {"html": True})


def _github(text: str) -> str:
    return str(cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES))


RENDERERS: dict[str, Callable[[str], str]] = {"cmark-gfm": _github, "markdown-it": _MARKDOWN_IT.render}


class Shown(HTMLParser):
    """What HTML is made of: its elements in their order, the words between them, and the cells of its tables."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.words: list[str] = [""]
        """Between one element and the next."""

        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))
        self.words.append("")

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", ()))
        self.words.append("")

    def handle_data(self, data: str) -> None:
        self.words[-1] += data

    def handle_decl(self, decl: str) -> None:
        self.elements.append((f"!{decl}", ()))

    def handle_pi(self, data: str) -> None:
        self.elements.append((f"?{data}", ()))

    def within(self, tag: str) -> list[str]:
        """Return the words of all elements of a name, that have no others inside."""
        starts = [number for number, (name, _) in enumerate(self.elements) if name == tag]
        return [self.words[number + 1].strip("\n") for number in starts]


def tables(shown: Shown) -> list[list[int]]:
    """Return of each table how many cells its rows have."""
    found: list[list[int]] = []
    for name, _ in shown.elements:
        if name == "table":
            found.append([])
        elif name == "tr":
            found[-1].append(0)
        elif name in ("td", "th"):
            found[-1][-1] += 1
    return found


def seen(words: str) -> str:
    """Return words as a reader has to see them."""
    line = " ".join(words.split())
    unseen = {each for each in line if unicodedata.category(each) == "Cc" or each in _TURNING}
    return "".join(f"[U+{ord(each):04X}]" if each in unseen else each for each in line)
