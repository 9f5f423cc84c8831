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
_DASH = re.compile("[-–—]")
_SHORTEST_TITLE, _KIND = 6, 8

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
_CHANGES = ("article:modified_time", "og:updated_time", "lastmod", "dcterms.modified", "last-modified", "datemodified")
"""Meta tags that say when a page was changed, and never when it was published."""

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
    found.dates += _time_of_the_article(tree)
    found.changes += [value for name in _CHANGES for value in stated.get(name, ())]
    found.authors += [value for name in _AUTHORS for value in stated.get(name, ()) if "://" not in value]
    found.addresses += [str(each).strip() for each in tree.xpath("//link[@rel='canonical']/@href")]
    found.addresses += stated.get("og:url", [])
    found.sections += stated.get("article:section", [])
    return found


def _time_of_the_article(tree: Any) -> list[str]:
    """Return the one time that the page's own article is marked with, if there is one and no other."""
    articles = [
        each for each in tree.iter("article") if not any(above.tag == "article" for above in each.iterancestors())
    ]
    with_heading = [each for each in articles if each.find(".//h1") is not None]
    chosen = with_heading or articles
    if len(chosen) != 1:
        return []
    times = {value for each in chosen[0].iter("time") if (value := (each.get("datetime") or "").strip())}
    return list(times) if len(times) == 1 else []


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
    others = [other for other in found.titles if other != title]
    for kept, cut, mark in _cuts(words):
        # What another candidate says without its end, or its start, is the title.
        is_title = len(kept) >= _SHORTEST_TITLE and kept in others
        # Before a dash stands what the title is about, as often as the site.
        is_told = words.startswith(kept) or not _DASH.search(mark)
        if kept and (is_title or (is_told and _names_site(cut, found))):
            return kept
    return words


def _names_site(cut: str, found: Meta) -> bool:
    """Tell whether what is cut off ends with the name of the site, alone or with what kind of site it is."""
    last = _SITE.split(cut.strip())[-1].casefold().removeprefix("the ").strip()
    for site in found.sites:
        name = site.casefold().removeprefix("the ").strip()
        if name and (last == name or (last.startswith((f"{name} ", f"{name}.")) and len(last) <= len(name) + _KIND)):
            return True
    return False


def _cuts(words: str) -> Iterator[tuple[str, str, str]]:
    """Yield what is left and what is cut off of a title behind each mark, the last first, and before the first one."""
    marks = list(_SITE.finditer(words))
    for mark in reversed(marks):
        yield words[: mark.start()].strip(), words[mark.end() :].strip(), mark[0]
    for mark in marks[:1]:
        yield words[mark.end() :].strip(), words[: mark.start()].strip(), mark[0]


def says_when_changed(element: Any) -> bool:
    """Tell whether an element may say when a page was changed, or when another one was published."""
    name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
    return name in _CHANGES or "ld+json" in (element.get("type") or "").lower()
