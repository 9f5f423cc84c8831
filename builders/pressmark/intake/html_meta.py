"""What an HTML page says about its article beside the text: title, dates, people, address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import Comment

from pressmark.intake.html_parse import joined

_ENP = re.compile(r"enpproperty\s*(?P<inside>.*?)/enpproperty", re.DOTALL)
_ENP_FIELD = re.compile(r"<(?P<name>[a-z]{2,20})>(?P<value>[^<]{1,1000})</(?P=name)>", re.IGNORECASE)
_SITE = re.compile(r"\s+[|\-–—_»·:]+\s+|\s*[|_｜]\s*")
_SHORTEST_TITLE = 6

_DATES = (
    *(
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "dc.date",
    ),
    *(
        "dc.date.issued",
        "dcterms.created",
        "dcterms.issued",
        "parsely-pub-date",
        "sailthru.date",
        "publish_time",
        "cxenseparse:recs:publishtime",
    ),
)
_CHANGES = ("article:modified_time", "og:updated_time", "lastmod", "dcterms.modified")
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl", "sailthru.author")


@dataclass(slots=True)
class Meta:
    """Candidates for each field, the best first."""

    titles: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)


def read_meta(tree: Any) -> Meta:
    """Return what properties, meta tags and headings of a page say."""
    found = Meta()
    _enp(tree, found)
    stated = _stated(tree)
    found.sites += [value for name in ("og:site_name", "application-name") for value in stated.get(name, ())]
    found.titles += [value for name in ("og:title", "twitter:title", "dc.title") for value in stated.get(name, ())]
    headings = [joined(each) for each in tree.iterfind(".//h1")]
    found.titles += [each for each in headings if each] if len(headings) == 1 else []
    found.titles += [joined(each) for each in tree.iterfind(".//head/title")]
    found.dates += [value for name in _DATES for value in stated.get(name, ())]
    found.dates += [
        value
        for each in tree.xpath("//time[@datetime and (@pubdate or @itemprop='datePublished')]/@datetime")
        if (value := each.strip())
    ]
    found.dates += [str(each).strip() for each in tree.xpath("//*[@itemprop='datePublished']/@content")]
    found.changes += [value for name in _CHANGES for value in stated.get(name, ())]
    found.authors += [value for name in _AUTHORS for value in stated.get(name, ()) if "://" not in value]
    found.addresses += [str(each).strip() for each in tree.xpath("//link[@rel='canonical']/@href")]
    found.addresses += stated.get("og:url", [])
    found.sections += stated.get("article:section", [])
    return found


def _enp(tree: Any, found: Meta) -> None:
    """Read the properties that Founder's content systems write into a comment."""
    for comment in tree.iter(Comment):
        inside = _ENP.search(comment.text or "")
        if inside is None:
            continue
        stated = {each["name"].lower(): each["value"].strip() for each in _ENP_FIELD.finditer(inside["inside"])}
        found.titles += _there(stated, "title")
        found.dates += _there(stated, "date")
        found.authors += _there(stated, "author")
        found.sources += _there(stated, "sourcename")
        found.sections += _there(stated, "nodename")


def _there(stated: Mapping[str, str], name: str) -> list[str]:
    return [stated[name]] if stated.get(name) else []


def _stated(tree: Any) -> dict[str, list[str]]:
    """Return the values of meta tags by their names in lower case."""
    stated: dict[str, list[str]] = {}
    for meta in tree.iterfind(".//meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        value = " ".join((meta.get("content") or "").split())
        if name and value:
            stated.setdefault(name, []).append(value)
    return stated


def title_of(found: Meta, headline: str | None) -> str | None:
    """Return the title: the headline of the metadata, else the best candidate without the name of the site."""
    for title in [headline, *found.titles]:
        if title and (plain := _without_site(title, found)):
            return plain
    return None


def _without_site(title: str, found: Meta) -> str:
    words = " ".join(title.split())
    sites = {site.casefold() for site in found.sites}
    others = [other for other in found.titles if other != title]
    for cut in _cuts(words):
        rest = words.replace(cut, "", 1)
        names_site = any(site and site in rest.casefold() for site in sites)
        # What another candidate says without its end, or its start, is the title.
        if len(cut) >= _SHORTEST_TITLE and (names_site or cut in others):
            return cut
    return words


def _cuts(words: str) -> Iterator[str]:
    """Yield a title without what stands behind its last, or before its first mark that parts it from the site."""
    marks = list(_SITE.finditer(words))
    for mark in reversed(marks):
        yield words[: mark.start()].strip()
    for mark in marks[:1]:
        yield words[mark.end() :].strip()
