"""HTML pages: the text by selectors of the source or by trafilatura, the rest by what the page says about itself."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from pressmark.findings import RefusedInputError
from pressmark.intake import clean, html_rights, languages
from pressmark.intake.credits import Credits, from_field, take
from pressmark.intake.draft import Draft
from pressmark.intake.html_meta import Meta, read_meta, says_when_changed, title_of
from pressmark.intake.html_parse import characters, drop, is_deep, joined, lines_between, lines_of, parsed
from pressmark.intake.jsonld import read_node
from pressmark.intake.jsonld_page import linked
from pressmark.intake.published import publish
from pressmark.intake.selectors import elements_by, first_by, found_by, idle, words_by
from pressmark.sources import HtmlRules

_NO_RULES = HtmlRules()
_MUCH_LONGER = 3
_SHORT_ITEM, _FEWEST_ITEMS, _LISTED = 120, 8, 0.8
_LONGEST_CAPTION, _LAID_OUT = 1000, 400
_COVERED = 0.6


def read_html(
    data: bytes,
    *,
    encoding: str = "auto",
    headers: Mapping[str, str] | None = None,
    rules: HtmlRules | None = None,
    place: ZoneInfo | None = None,
) -> Draft:
    """Read one page.

    Args:
        data: The page.
        encoding: As the recipe declares it; `auto` asks the page.
        headers: Of the answer that it came with, names in lower case.
        rules: Selectors of the source.
        place: Time zone of times that name none.

    Raises:
        RefusedInputError: `wrong-encoding`, `unknown-encoding`, `empty-input`, `html-limit`, `not-an-article` or
            `empty-text`.
    """
    chosen, answered = rules or _NO_RULES, headers or {}
    tree = parsed(characters(data, encoding, answered))
    meta = read_meta(tree)
    scripts = [each for each in tree.iter("script") if "ld+json" in (each.get("type") or "").lower()]
    said = linked([each.text or "" for each in scripts], meta.addresses, meta.titles)
    stated = read_node(said.article, place) if said.article else Draft()
    foot = list(html_rights.foot_of(tree))
    draft = Draft(
        evidence=[
            *(*stated.evidence, *said.evidence, *html_rights.statements(tree)),
            *(*html_rights.licenses(tree), *html_rights.worded(foot)),
        ]
    )
    draft.steps["unread-metadata"] += said.unread
    draft.languages = [*languages.of_page(tree), *stated.languages]
    notices, signals = html_rights.notices(tree), html_rights.reservations(tree, answered)
    draft.fields["captions"] = _captions(tree)
    title = first_by(tree, chosen.title) or title_of(meta, stated.fields.get("title"))
    paragraphs = _paragraphs(tree, chosen, str(stated.fields.get("text", "")), title, draft)
    draft.evidence += html_rights.as_evidence(notices, paragraphs)
    captions = [caption["text"] for caption in draft.fields["captions"]]
    draft.evidence += html_rights.owners(foot, [" ".join(paragraphs), title or "", *captions])
    decks = list(words_by(tree, chosen.subtitles))
    paragraphs, credits_ = take([paragraph for paragraph in paragraphs if paragraph not in decks])
    if not paragraphs:
        raise RefusedInputError("empty-text", "found a page without a paragraph")
    text = clean.paragraphs("\n\n".join(paragraphs), draft.steps, by_line=False)
    subtitles = decks or stated.fields.get("subtitles")
    fields = {"title": title, "subtitles": subtitles, "url": _address(meta, stated)}
    section = [first_by(tree, chosen.section)] if chosen.section else stated.fields.get("section") or meta.sections[:1]
    draft.fields |= clean.fields({**fields, "section": [each for each in section if each]}, draft.steps)
    draft.fields["text"] = text
    draft.notes += idle(tree, chosen)
    if signals:
        draft.fields["rights"] = {"reservations": signals}
    _dates(tree, chosen, meta, stated, place, draft)
    _people(tree, chosen, meta, stated, credits_, draft)
    return draft


def _paragraphs(tree: Any, rules: HtmlRules, body: str, title: str | None, draft: Draft) -> list[str]:
    """Return the paragraphs of the text: by the source's selectors, by comments of a content system, or extracted."""
    whole = copy.deepcopy(tree)
    for selector in rules.remove:
        found = elements_by(whole, selector)
        drop(whole, found)
        draft.steps["elements-removed"] += len(found)
    parts = [each for selector in rules.text for each in found_by(whole, selector)]
    marked = lines_of(parts) or lines_between(whole, "enpcontent", "/enpcontent")
    found = marked or _extracted(whole)
    if not marked and _is_list(whole, found):
        raise RefusedInputError("not-an-article", "found a list of entries")
    stated = [part for part in body.split("\n\n") if part]
    # The extractor can have it from there too, as one line.
    same = " ".join(" ".join(stated).split()) == " ".join(found) and len(stated) > len(found)
    if same or sum(map(len, stated)) > _MUCH_LONGER * sum(map(len, found)):
        draft.steps["text-from-metadata"] += 1
        found = stated
    if found and title and " ".join(found[0].split()) == title:
        found = found[1:]
    outside = {
        joined(each) for each in tree.iter("p") if not any(above.tag == "figure" for above in each.iterancestors())
    }
    captions = {caption["text"] for caption in draft.fields["captions"]} - outside
    return [paragraph for paragraph in found if paragraph not in captions]


def _extracted(tree: Any) -> list[str]:
    from trafilatura import extract  # noqa: PLC0415 - it takes half a second to import

    for cell in tree.xpath("//table//td[.//br or .//p or .//h1]"):
        if len(joined(cell)) >= _LAID_OUT:
            # A table that is there for the layout is no table of the text.
            for part in cell.xpath("ancestor::table | ancestor::table//*[self::tbody or self::tr or self::td]"):
                part.tag = "div"
    kept: dict[str, Any] = {"include_comments": False, "include_tables": True, "favor_recall": False}
    text = extract(tree, output_format="txt", fast=is_deep(tree), **kept)
    found = [" ".join(line.split()) for line in (text or "").splitlines() if line.strip()]
    return _apart(found[0], tree) if len(found) == 1 else found


def _apart(line: str, tree: Any) -> list[str]:
    """Return the paragraphs of a short article, all of which the extractor put into one line."""
    for article in tree.iter("article"):
        lines = lines_of([article])
        if len(lines) > 1 and all(each in line for each in lines) and sum(map(len, lines)) > _COVERED * len(line):
            return lines
    return [line]


def _is_list(tree: Any, found: Sequence[str]) -> bool:
    """Tell whether a page lists other pages: what was extracted is links, mostly."""
    if len(found) < _FEWEST_ITEMS:
        return False
    links = {joined(link) for link in tree.iterfind(".//a[@href]")}
    listed = sum(len(line) <= _SHORT_ITEM and line in links for line in found)
    return listed / len(found) >= _LISTED


def _captions(tree: Any) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for figure in tree.iterfind(".//figure"):
        words = " ".join(joined(caption) for caption in figure.iterfind(".//figcaption"))
        image = figure.find(".//img")
        name = (image.get("src") or "").partition("?")[0].rpartition("/")[2] if image is not None else ""
        if words and len(words) <= _LONGEST_CAPTION:
            found.append({**({"image": name[:200]} if name else {}), "text": words})
    return [each for position, each in enumerate(found) if each not in found[:position]]


def _address(meta: Meta, stated: Draft) -> str | None:
    for address in (*meta.addresses, stated.fields.get("url")):
        if address and address.startswith(("http://", "https://")):
            return str(address)
    return None


def _dates(tree: Any, rules: HtmlRules, meta: Meta, stated: Draft, place: ZoneInfo | None, draft: Draft) -> None:
    """Write down when the article was published: what the source's selectors find, else what the page states."""
    publish(draft, first_by(tree, rules.published), place)
    if "published_on" not in draft.fields and "published_on" in stated.fields:
        for name in ("published_on", "published_at", "published_precision"):
            if name in stated.fields:
                draft.fields[name] = stated.fields[name]
        draft.fields["provenance"] = {**stated.fields["provenance"]}
    draft.notes += stated.notes
    for raw in meta.dates:
        if "published_on" in draft.fields:
            break
        publish(draft, raw, place)
    # What is stated and cannot be read is not replaced by a guess.
    if "published_on" not in draft.fields and not meta.dates and not stated.notes:
        guess = _guessed(tree)
        publish(draft, guess, None)
        told = ("date-guessed", f"found {guess}") if guess else ("date-missing", "found none on the page")
        draft.notes.append((told[0], "/published_on", told[1]))
    if "modified_at" in stated.fields:
        draft.fields["modified_at"] = stated.fields["modified_at"]
    elif meta.changes:
        publish(draft, meta.changes[0], place, field="modified_at")


def _guessed(tree: Any) -> str | None:
    """Return the day that htmldate finds on a page that states none."""
    from htmldate import find_date  # noqa: PLC0415 - it takes half a second to import

    whole = copy.deepcopy(tree)
    # What says when it was changed, or when other pages were published, says nothing of the day that is looked for.
    drop(whole, [element for element in whole.iter("meta", "script") if says_when_changed(element)])
    return find_date(whole, original_date=True, extensive_search=False, max_date="2999-12-31")


def _people(tree: Any, rules: HtmlRules, meta: Meta, stated: Draft, taken: Credits, draft: Draft) -> None:
    """Write down who made the text: selectors, then metadata, then what stood around the text."""
    credits_ = Credits()
    if selected := first_by(tree, rules.contributors):
        credits_.take_over(from_field(selected))
    elif stated.fields.get("contributors"):
        credits_.contributors = list(stated.fields["contributors"])
    else:
        for author in meta.authors:
            credits_.take_over(from_field(author))
    known = {each["name"] for each in credits_.contributors}
    for each in taken.contributors:
        if each["name"] not in known:
            credits_.add(each["role"], each["name"], each.get("label", ""))
    source = next(iter(meta.sources), None) or taken.syndicated_from or credits_.syndicated_from
    draft.fields["contributors"] = credits_.contributors
    if source:
        draft.fields.setdefault("provenance", {})["syndicated_from"] = " ".join(source.split())[:200]
    derivation = taken.derivation or stated.fields.get("derivation")
    if derivation:
        draft.fields["derivation"] = derivation
