"""What a page says about rights: read before anything is cut away. It opens nothing; what reserves, closes.

Sources: TDMRep (W3C community group report), AIPREF (IETF draft attach), RSL 1.0, the robots meta tag and
`X-Robots-Tag`, links to Creative Commons.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pressmark.article.reservations import reserves
from pressmark.intake.html_parse import joined

_BLOCKS = "//p|//div|//footer|//li|//td|//small|//section|//address|//span|//center|//font"
_INNER = {"p", "div", "footer", "li", "td", "table", "section", "article", "ul", "ol", "address", "h1", "h2", "h3"}
_LONGEST_NOTICE, _MOST = 2000, 50
_CREATIVE_COMMONS = "creativecommons.org/"
_HEADERS = {"content-usage": "aipref", "tdm-reservation": "tdmrep", "x-robots-tag": "meta"}
_METAS = {"tdm-reservation": "tdmrep", "robots": "meta", "googlebot": "meta", "googlebot-news": "meta"}
_LONGEST_VALUE = 1000
_RSL = "application/rsl+xml"


def reservations(tree: Any, headers: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the signals of a page that machines read, and of the answer that it came with."""
    found = [
        {"signal": signal, "value": value, "where": f"header {name}"}
        for name, signal in _HEADERS.items()
        if (value := _line(headers.get(name, "")))
    ]
    metas = [((meta.get("name") or "").strip().lower(), meta.get("content")) for meta in tree.iterfind(".//meta")]
    found += [
        {"signal": _METAS[name], "value": value, "where": f"meta {name}"}
        for name, content in metas
        if name in _METAS and (value := _line(content or ""))
    ]
    links = [link for link in tree.iterfind(".//link") if (link.get("type") or "").strip().lower() == _RSL]
    found += [
        {"signal": "rsl", "value": value, "where": "link"} for link in links if (value := _line(link.get("href") or ""))
    ]
    return [entry for position, entry in enumerate(found) if entry not in found[:position]][:_MOST]


def _line(value: str) -> str:
    return " ".join(value.split())[:_LONGEST_VALUE]


def licenses(tree: Any) -> list[dict[str, str]]:
    """Return the licences that a page links to, as claims, with where the link stands: text, image or site."""
    found = []
    for link in tree.xpath("//a[@href]|//link[@rel and @href]"):
        href = (link.get("href") or "").strip()
        if _CREATIVE_COMMONS in href or "license" in (link.get("rel") or "").lower().split():
            if link.tag == "link" and "license" not in (link.get("rel") or "").lower().split():
                continue
            if (link.get("type") or "").strip().lower() == _RSL:
                continue
            scope = _scope(link)
            entry = {
                "kind": "claim",
                "scope": scope,
                "where": f"link in {_WHERE[scope]}",
                "quote": href[:_LONGEST_VALUE],
            }
            found += [entry] if entry["quote"] and entry not in found else []
    return found[:_MOST]


_WHERE = {"text": "the text", "image": "a figure", "site": "the foot of the page", "unknown": "the page"}


def _scope(element: Any) -> str:
    """Return what a link speaks of, by where it stands."""
    for above in element.iterancestors():
        words = f"{above.get('class') or ''} {above.get('id') or ''}".lower()
        if above.tag in ("figure", "figcaption") or "caption" in words:
            return "image"
        if above.tag in ("footer", "nav", "aside", "header") or "footer" in words or "copyright" in words:
            return "site"
        if above.tag == "article":
            return "text"
    return "unknown"


def notices(tree: Any) -> list[str]:
    """Return the words on a page that reserve rights, each once."""
    found: dict[str, None] = {}
    for element in tree.xpath(_BLOCKS):
        if any(child.tag in _INNER for child in element.iterdescendants()):
            continue
        words = joined(element)
        if 0 < len(words) <= _LONGEST_NOTICE and reserves(words):
            found[words] = None
    return list(_widest(list(found)))[:_MOST]


def _widest(found: Sequence[str]) -> Iterator[str]:
    """Leave out what another notice has in it."""
    for words in found:
        if not any(words != other and words in other for other in found):
            yield words


def as_evidence(found: Sequence[str], paragraphs: Sequence[str]) -> list[dict[str, str]]:
    """Return notices as evidence; what stands in the text is not quoted."""
    text = " ".join(" ".join(paragraphs).split())
    evidence: list[dict[str, str]] = []
    for words in found:
        if words in text:
            evidence.append({"kind": "notice", "scope": "text", "where": "text"})
        else:
            evidence.append({"kind": "notice", "scope": "page", "where": "foot", "quote": words})
    return [entry for position, entry in enumerate(evidence) if entry not in evidence[:position]]
