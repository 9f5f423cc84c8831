"""HTML pages: the text by selectors of the source or by trafilatura, the rest by what the page says about itself."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree
from lxml import html as lxml_html

from pressmark.findings import RefusedInputError
from pressmark.intake import clean, html_rights
from pressmark.intake.credits import Credits, from_field, take
from pressmark.intake.draft import Draft
from pressmark.intake.html_meta import Meta, read_meta, title_of
from pressmark.intake.html_parse import characters, joined, lines_of, parsed
from pressmark.intake.jsonld import article_node, read_node
from pressmark.intake.published import publish
from pressmark.sources import HtmlRules

_NO_RULES = HtmlRules()
_MUCH_LONGER = 3
_SHORT_ITEM, _FEWEST_ITEMS, _LISTED = 120, 8, 0.8
_LONGEST_CAPTION = 1000


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
    node = article_node([each.text or "" for each in tree.xpath("//script[contains(@type, 'ld+json')]")])
    stated = read_node(node, place) if node else Draft()
    meta = read_meta(tree)
    draft = Draft(evidence=[*stated.evidence, *html_rights.licenses(tree)])
    notices, signals = html_rights.notices(tree), html_rights.reservations(tree, answered)
    draft.fields["captions"] = _captions(tree)
    title = _selected(tree, chosen.title) or title_of(meta, stated.fields.get("title"))
    paragraphs = _paragraphs(tree, chosen, str(stated.fields.get("text", "")), title, draft)
    draft.evidence += html_rights.as_evidence(notices, paragraphs)
    paragraphs, credits_ = take(paragraphs)
    if not paragraphs:
        raise RefusedInputError("empty-text", "found a page without a paragraph")
    text = clean.paragraphs("\n\n".join(paragraphs), draft.steps, by_line=False)
    fields = {"title": title, "subtitles": stated.fields.get("subtitles"), "url": _address(meta, stated)}
    draft.fields |= clean.fields({**fields, "section": stated.fields.get("section") or meta.sections[:1]}, draft.steps)
    draft.fields["text"] = text
    if signals:
        draft.fields["rights"] = {"reservations": signals}
    _dates(tree, chosen, meta, stated, place, draft)
    _people(tree, chosen, meta, stated, credits_, draft)
    return draft


def _paragraphs(tree: Any, rules: HtmlRules, body: str, title: str | None, draft: Draft) -> list[str]:
    """Return the paragraphs of the text: by the source's selectors, by comments of a content system, or extracted."""
    whole = copy.deepcopy(tree)
    for selector in rules.remove:
        for element in whole.xpath(selector):
            element.drop_tree()
    parts = [element for selector in rules.text for element in whole.xpath(selector)] or _between_comments(whole)
    found = lines_of(parts) if parts else _extracted(whole)
    if not parts and _is_list(whole, found):
        raise RefusedInputError("not-an-article", "found a list of entries")
    stated = [part for part in body.split("\n\n") if part]
    # The extractor can have it from there too, as one line.
    same = " ".join(" ".join(stated).split()) == " ".join(found) and len(stated) > len(found)
    if same or sum(map(len, stated)) > _MUCH_LONGER * sum(map(len, found)):
        draft.steps["text-from-metadata"] += 1
        found = stated
    if found and title and " ".join(found[0].split()) == title:
        found = found[1:]
    captions = {caption["text"] for caption in draft.fields["captions"]}
    return [paragraph for paragraph in found if paragraph not in captions]


def _extracted(tree: Any) -> list[str]:
    from trafilatura import extract  # noqa: PLC0415 - it takes half a second to import

    text = extract(tree, output_format="txt", include_comments=False, include_tables=True, favor_recall=False)
    return [" ".join(line.split()) for line in (text or "").splitlines() if line.strip()]


def _between_comments(tree: Any) -> list[Any]:
    """Return the body that Founder's content systems mark by comments, as one element, or nothing."""
    comments = [each for each in tree.iter(etree.Comment) if (each.text or "").strip() in ("enpcontent", "/enpcontent")]
    starts = [each for each in comments if (each.text or "").strip() == "enpcontent"]
    if not starts or starts[0].getparent() is None:
        return []
    body = lxml_html.Element("div")
    body.text = starts[0].tail
    for sibling in list(starts[0].itersiblings()):
        if sibling.tag is etree.Comment and (sibling.text or "").strip() == "/enpcontent":
            break
        body.append(sibling)
    return [body]


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


def _selected(tree: Any, selectors: Sequence[str]) -> str:
    """Return the words of the first element that selectors of the source find."""
    for selector in selectors:
        for element in tree.xpath(selector):
            words = " ".join(element.split()) if isinstance(element, str) else joined(element)
            if words:
                return words
    return ""


def _address(meta: Meta, stated: Draft) -> str | None:
    for address in (*meta.addresses, stated.fields.get("url")):
        if address and address.startswith(("http://", "https://")):
            return str(address)
    return None


def _dates(tree: Any, rules: HtmlRules, meta: Meta, stated: Draft, place: ZoneInfo | None, draft: Draft) -> None:
    """Write down when the article was published: what the source's selectors find, else what the page states."""
    publish(draft, _selected(tree, rules.published), place)
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
        draft.notes += [("date-guessed", "/published_on", f"found {guess}")] if guess else []
    if "modified_at" in stated.fields:
        draft.fields["modified_at"] = stated.fields["modified_at"]
    elif meta.changes:
        publish(draft, meta.changes[0], place, field="modified_at")


def _guessed(tree: Any) -> str | None:
    """Return the day that htmldate finds on a page that states none."""
    from htmldate import find_date  # noqa: PLC0415 - it takes half a second to import

    return find_date(copy.deepcopy(tree), original_date=True, extensive_search=False, max_date="2999-12-31")


def _people(tree: Any, rules: HtmlRules, meta: Meta, stated: Draft, taken: Credits, draft: Draft) -> None:
    """Write down who made the text: selectors, then metadata, then what stood around the text."""
    credits_ = Credits()
    if selected := _selected(tree, rules.contributors):
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
