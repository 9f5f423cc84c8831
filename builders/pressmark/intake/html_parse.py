"""HTML bytes to a tree: nothing is fetched, and what the parser drops is noticed."""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from pressmark.findings import RefusedInputError
from pressmark.intake.decode import decode

_HEAD = 4096
_DEEP = 400
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.ASCII | re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WHATWG = {
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601", "korean", "windows-949", "cp949", "uhc"), "cp949"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "chinese"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j"), "cp932"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cn-big5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "ascii", "us-ascii", "windows-1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("iso-8859-9", "windows-1254"), "cp1254"),
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
}
"""Encodings by the labels of the WHATWG Encoding Standard, as far as they are not what Python calls them."""

_OWN_NAMES = re.compile(r"(windows-125[0-8]|iso-8859-([2-8]|1[03-6])|koi8-[ru])")


def characters(data: bytes, declared: str, headers: Mapping[str, str]) -> str:
    """Return the characters of a page: by the recipe, else by its mark, its header, what it says itself, or the bytes.

    Args:
        data: The page.
        declared: As the recipe has it; `auto` asks the page.
        headers: Of the answer that it came with, names in lower case.

    Raises:
        RefusedInputError: `wrong-encoding` or `unknown-encoding`.
    """
    if declared != "auto":
        return _sound(decode(data, declared))
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _sound(_decoded(data[len(mark) :], name))
    head = data[:_HEAD].decode("ascii", "replace")
    for words in (headers.get("content-type", ""), head):
        found = _CHARSET.search(words)
        name = _codec(found[1].lower()) if found else ""
        if name:
            return _sound(_decoded(data, name))
    return _sound(decode(data))


def _codec(label: str) -> str:
    """Return Python's name of an encoding, or nothing where a page may not be in it."""
    return _WHATWG.get(label) or (label if _OWN_NAMES.fullmatch(label) else "")


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        try:
            # Pages that are UTF-8 and say something else are common; by chance nothing else is UTF-8.
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise RefusedInputError("wrong-encoding", f"expected {name}", f"byte {error.start}") from error


def _sound(text: str) -> str:
    """Return characters as the HTML standard reads them: NUL is no character, and lxml would end the page there."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def parsed(text: str) -> Any:
    """Return the tree of a page.

    Raises:
        RefusedInputError: `html-limit`: the parser dropped content; `empty-input`: there is nothing in it.
    """
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=False)
    try:
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise RefusedInputError("empty-input", "found a page with nothing in it") from error
    fatal = [entry for entry in parser.error_log if entry.level == etree.ErrorLevels.FATAL]
    if fatal:
        raise RefusedInputError("html-limit", f"the parser gave up: {fatal[0].type_name}", f"line {fatal[0].line}")
    return tree


_DROPPED = "pressmark-dropped"


def drop(tree: Any, elements: Sequence[Any]) -> None:
    """Take elements out of a tree, but not what follows them.

    As `drop_tree` does, which refuses characters behind an element that a parser lets through and XML does not know.

    Args:
        tree: What they are in.
        elements: Elements, or comments.
    """
    for element in elements:
        if isinstance(element.tag, str):
            element.tag = _DROPPED
        else:
            element.drop_tree()
    etree.strip_elements(tree, _DROPPED, with_tail=False)


def is_deep(tree: Any) -> bool:
    """Tell whether a page is nested deeper than any that people write.

    The extractor's second opinion takes time by the depth of every element, and is not asked there.
    """
    return bool(tree.xpath(f"boolean({'/*' * _DEEP})"))


def joined(element: Any) -> str:
    """Return the text of an element, with plain spaces."""
    return " ".join("".join(element.itertext()).split())


def lines_of(parts: Sequence[Any]) -> list[str]:
    """Return the lines of some elements: one for each block, and where a line is broken; what is in two, once.

    A string among them, as an expression may give it, is a line.
    """
    chosen = {part for part in parts if not isinstance(part, str)}
    lines: list[str] = []
    for part in {_place(each): each for each in parts}.values():
        if chosen.intersection(_around(part)):
            continue
        if isinstance(part, str):
            lines.append(part)
        else:
            _walk(part, lines)
    return _plain(lines)


def _place(part: Any) -> Any:
    """Return what tells an element, or a string that was found on a page, from all others; words may be the same."""
    if hasattr(part, "is_tail"):
        return part.getparent(), part.is_tail, part.attrname
    return id(part) if isinstance(part, str) else part


def _around(part: Any) -> Iterator[Any]:
    """Yield the elements that an element stands in, or a string that was found in one."""
    if hasattr(part, "iterancestors"):
        yield from part.iterancestors()
    elif getattr(part, "is_text", False):
        yield part.getparent()
        yield from part.getparent().iterancestors()
    elif getattr(part, "is_tail", False):
        yield from part.getparent().iterancestors()


def lines_between(tree: Any, start: str, end: str) -> list[str]:
    """Return the lines between two comments, each time; without an end, up to the end of what the start stands in."""
    lines: list[str] = []
    _walk(tree, lines, (start, end))
    return _plain(lines)


def blocks_of(tree: Any) -> list[str]:
    """Return the words of each block of a page, whatever it is: captions, forms and small print too."""
    lines: list[str] = []
    _walk(tree, lines, is_whole=True)
    return _plain(lines)


def _plain(lines: list[str]) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in lines) if line]


_BREAKING = {
    *("p", "div", "br", "li", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"),
    *("blockquote", "figure", "figcaption", "center", "hr", "pre", "dl", "dd", "dt", "td", "th", "form", "fieldset"),
    *("header", "footer", "main", "aside", "nav", "address", "body", "caption", "details", "summary"),
}
_NEVER_SHOWN = {"script", "style", "template"}
_SILENT = {*_NEVER_SHOWN, "noscript", "iframe", "button", "select", "textarea", "datalist"}


def _walk(part: Any, lines: list[str], marks: tuple[str, str] | None = None, *, is_whole: bool = False) -> None:
    # Not by recursion: pages nest as deeply as they like.
    lines.append("")
    silent, is_open, home = 0, marks is None, None
    has_end = marks is not None and any((each.text or "").strip() == marks[1] for each in part.iter(etree.Comment))
    for event, element in etree.iterwalk(part, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            mark = (element.text or "").strip()
            if marks and mark in marks:
                is_open, home = mark == marks[0], element.getparent()
                lines.append("")
        elif _is_silent(element, is_whole=is_whole):
            silent += 1 if event == "start" else -1
        if event in ("start", "end") and element.tag in _BREAKING and not (is_whole and element.tag == "br"):
            lines.append("")
        elif event == "start" and element.tag == "br":
            lines[-1] += " "
        if event == "end" and element is home and not has_end:
            is_open = False
        words = element.text if event == "start" else element.tail if element is not part else ""
        if words and is_open and not silent:
            lines[-1] += words


def _is_silent(element: Any, *, is_whole: bool) -> bool:
    """Tell whether the words of an element are none of a text; captions of figures are read by themselves."""
    if is_whole:
        return element.tag in _NEVER_SHOWN
    return element.tag in _SILENT or (
        element.tag == "figcaption" and any(above.tag == "figure" for above in element.iterancestors())
    )
