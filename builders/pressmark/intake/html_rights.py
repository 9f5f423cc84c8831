"""What a page says about rights: read before anything is cut away. It opens nothing; what reserves, closes.

Sources: TDMRep (W3C community group report), AIPREF (IETF draft attach), RSL 1.0, the robots meta tag and
`X-Robots-Tag`, links to Creative Commons and their names.
"""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pressmark.article.owners import owner_in
from pressmark.article.reservations import reserves
from pressmark.intake.html_parse import blocks_of, drop, joined
from pressmark.intake.robots import COLLECTORS

_LONGEST_NOTICE, _MOST = 2000, 50
_CREATIVE_COMMONS = "creativecommons.org/"
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s*")
_HEADERS = {"content-usage": "aipref", "tdm-reservation": "tdmrep", "tdm-policy": "tdmrep", "x-robots-tag": "meta"}
_METAS = {**_HEADERS, **dict.fromkeys(("robots", "googlebot", "googlebot-news", *COLLECTORS), "meta")}
_LONGEST_VALUE = 1000
_RSL = "application/rsl+xml"
_LINK = re.compile(r"<(?P<address>[^<>]{1,1000})>(?P<parameters>[^<]*)")
_SAID = ("copyright", "rights", "dc.rights", "dcterms.rights", "dcterms.license", "dcterms.rightsholder")
_PROPERTIES = ("license", "copyrightHolder", "copyrightNotice", "usageInfo", "isAccessibleForFree")


def reservations(tree: Any, headers: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the signals of a page that machines read, and of the answer that it came with."""
    found = [(signal, headers.get(name, ""), f"header {name}") for name, signal in _HEADERS.items()]
    found += [
        ("rsl", each["address"], "header link") for each in _LINK.finditer(headers.get("link", "")) if _RSL in each[0]
    ]
    for meta in tree.iterfind(".//meta"):
        names = (meta.get("name"), meta.get("property"), meta.get("http-equiv"))
        for name in dict.fromkeys((each or "").strip().lower() for each in names):
            if name in _METAS:
                found.append((_METAS[name], meta.get("content") or "", f"meta {name}"))
    for link in tree.iterfind(".//link"):
        if _is_rsl(link):
            found.append(("rsl", link.get("href") or "", "link"))
    for script in tree.iterfind(".//script"):
        if _is_rsl(script):
            found.append(("rsl", script.text or script.get("src") or "", "script"))
    entries = [
        {"signal": signal, "value": plain, "where": where} for signal, value, where in found if (plain := _line(value))
    ]
    return [entry for position, entry in enumerate(entries) if entry not in entries[:position]][:_MOST]


def _is_rsl(element: Any) -> bool:
    return (element.get("type") or "").partition(";")[0].strip().lower() == _RSL


def statements(tree: Any) -> list[dict[str, str]]:
    """Return what meta tags and microdata of a page say about rights in it, as evidence."""
    found = []
    for meta in tree.iterfind(".//meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        if name in _SAID:
            found.append((f"meta {name}", meta.get("content") or ""))
    for element in tree.iterfind(".//*[@itemprop]"):
        for name in (element.get("itemprop") or "").split():
            if name in _PROPERTIES:
                value = element.get("content") or element.get("href") or joined(element)
                found.append((f"microdata {name}", value))
    entries = [
        {"kind": "notice" if reserves(words) else "claim", "scope": "page", "where": where, "quote": words}
        for where, value in found
        if (words := _line(value))
    ]
    return [entry for position, entry in enumerate(entries) if entry not in entries[:position]][:_MOST]


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
            if _is_rsl(link):
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
        words = set(_WORDS.findall(_names(above)))
        if above.tag in ("figure", "figcaption") or words & _PICTURES:
            return "image"
        if above.tag in ("footer", "nav", "aside", "header") or words & _FOOT:
            return "site"
        if words & _OTHER_PAGES:
            return "unknown"
        if above.tag == "article":
            return "text" if _is_main(above) else "unknown"
    return "unknown"


_WORDS = re.compile("[a-z]+")
_FOOT = {"footer", "copyright"}
_NO_FOOT = {"article", "main", "aside", "figure", "nav", "header", "head", "script", "style"}
_COMMONS = re.compile(
    r"\bCC(?:0|[ -]BY(?:-(?:NC|SA|ND))*)\b(?: [1-4]\.0\b)?|\bcreativecommons\.org/[a-z]+/[a-z0-9.+/-]{1,40}"
)
_PICTURES = {"caption", "image", "img", "photo", "picture", "gallery", "thumbnail", "slideshow"}
_OTHER_PAGES = {"related", "teaser", "card", "sidebar", "recommended"}


def _is_main(article: Any) -> bool:
    """Tell whether an `article` is the page's own: the only one, or that with the heading."""
    if any(above.tag == "article" for above in article.iterancestors()):
        return False
    others = [each for each in article.getroottree().iter("article") if each is not article]
    return article.find(".//h1") is not None or all(article in each.iterancestors() for each in others)


def notices(tree: Any) -> list[str]:
    """Return the words on a page that reserve rights, each once."""
    found = dict.fromkeys(_shortened(words) for words in blocks_of(tree) if reserves(words))
    return list(_widest(list(found)))[:_MOST]


def owners(foot: Sequence[str], shown: Sequence[str]) -> list[dict[str, str]]:
    """Return the lines in the foot of a page that say whose it is, and nothing else, as evidence.

    Args:
        foot: Its lines, see `foot_of`.
        shown: Text, title and captions: what stands in them is quoted nowhere else.
    """
    lines = dict.fromkeys(words for words in foot if owner_in(words, whole=True) and not reserves(words))
    found = [words for words in lines if not any(each and (words in each or each in words) for each in shown)]
    return [{"kind": "notice", "scope": "page", "where": "foot", "quote": words} for words in found[:_MOST]]


def worded(foot: Sequence[str]) -> list[dict[str, str]]:
    """Return the licences of Creative Commons that the foot of a page names in words, as claims."""
    found = dict.fromkeys(name[0] for words in foot for name in _COMMONS.finditer(words))
    entries = [{"kind": "claim", "scope": "site", "where": "the foot of the page", "quote": name} for name in found]
    return entries[:_MOST]


def foot_of(tree: Any) -> Iterator[str]:
    """Yield the lines of what is named footer or copyright and stands outside of articles, without their links.

    Other words than the site's stand there too, teasers for instance, so nothing but owners and licences is taken.
    """
    ahead = [tree]
    while ahead:
        element = ahead.pop()
        if not isinstance(element.tag, str) or element.tag in _NO_FOOT:
            continue
        if element.tag == "footer" or "copyright" in _WORDS.findall(_names(element)):
            plain = copy.deepcopy(element)
            drop(plain, plain.xpath(".//a | .//figure"))
            yield from blocks_of(plain)
        else:
            ahead += reversed(element)


def _names(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:_LONGEST_VALUE].lower()


def _shortened(words: str) -> str:
    """Return a notice; of a very long one the sentences that reserve."""
    if len(words) <= _LONGEST_NOTICE:
        return words
    sentences = [sentence for sentence in _SENTENCES.split(words) if reserves(sentence)]
    return (" ".join(sentences) or words)[:_LONGEST_NOTICE]


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
