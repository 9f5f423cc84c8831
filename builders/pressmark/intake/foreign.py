"""Records of known shapes: what trafilatura, news-please, fundus and schema.org write, ninjs, and NIKL corpora.

Each reader names the fields that it takes; the others are left out, and how many is counted. What a record says about
its rights is a claim, which opens nothing. Sources: the documentation of trafilatura 2 (JSON output), news-please 1.6,
fundus 0.5 (`Article.to_json`) and schema.org; IPTC ninjs 1.5, 2.1 and 3.0.
"""

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from pressmark.article.record import Record
from pressmark.article.reservations import reserves
from pressmark.findings import RefusedInputError
from pressmark.intake import clean
from pressmark.intake.credits import Credits, from_field
from pressmark.intake.draft import Draft
from pressmark.intake.found import Found
from pressmark.intake.json_entries import entries_below
from pressmark.intake.jsonld import article_in, read_node
from pressmark.intake.languages import of_value
from pressmark.intake.published import publish

NIKL, NINJS = "nikl", "ninjs"
"""The shape of which a file holds many articles, and the one of which a text may be XHTML."""

_LEFT_OUT = "fields-left-out"
_LANGUAGES = ("language", "lang")
_QUOTED = 1000
_OF_NINJS = (
    *("uri", "type", "pubstatus", "headline", "headlines", "slugline", "byline", "by", "bodies", "body_text"),
    *("body_xhtml", "versioncreated", "firstcreated", "contentcreated"),
    *("copyrightholder", "copyrightnotice", "usageterms"),
)
_NO_BODIES = ("summary", "abstract", "teaser", "caption", "description", "headline")


def trafilatura(record: Record, place: ZoneInfo | None) -> Draft:
    """Read a record of `trafilatura --json`. `id` and `fingerprint` are made from the text, and name nothing."""
    names = {"title": "title", "url": "source", "section": "categories"}
    draft = _draft(record, names, ("text", "author", "date", "license", "raw_text"))
    draft.fields.setdefault("url", _words(record.get("url")))
    _text(draft, record.get("text") or record.get("raw_text"), by_line=True)
    _people(draft, record.get("author"))
    publish(draft, _words(record.get("date")), place)
    _claim(draft, "license", record.get("license"))
    return draft


def news_please(record: Record, place: ZoneInfo | None) -> Draft:
    """Read a record of news-please."""
    names = {"title": "title", "url": "url"}
    draft = _draft(record, names, ("maintext", "authors", "date_publish", "date_modify"))
    _text(draft, record.get("maintext"), by_line=True)
    _people(draft, record.get("authors"))
    stated = (record.get("date_publish"), record.get("date_modify"))
    # Where there is none, news-please writes Python's word for nothing.
    published, changed = (None if value == "None" else _words(value) for value in stated)
    publish(draft, published, place)
    publish(draft, changed, place, field="modified_at")
    return draft


def fundus(record: Record, place: ZoneInfo | None) -> Draft:
    """Read a record of fundus: a body of sections, or the text as one."""
    names = {"title": "title", "section": "topics"}
    draft = _draft(record, names, ("body", "plaintext", "authors", "publishing_date", "free_access", "html", "url"))
    page = record.get("html")
    asked = page.get("requested_url") if isinstance(page, dict) else None
    draft.fields["url"] = _words(record.get("url")) or _words(asked)
    body = record.get("body")
    parts = _paragraphs_of(body) if isinstance(body, dict) else []
    if parts:
        _text(draft, "\n\n".join(parts), by_line=False)
    else:
        _text(draft, record.get("plaintext") or ("" if isinstance(body, dict) else body), by_line=True)
    _people(draft, record.get("authors"))
    publish(draft, _words(record.get("publishing_date")), place)
    _claim(draft, "free_access", record.get("free_access"))
    return draft


def _paragraphs_of(body: Record) -> list[str]:
    found = list(_strings(body.get("summary")))
    sections = body.get("sections")
    for section in sections if isinstance(sections, list) else ():
        if isinstance(section, dict):
            found += [*_strings(section.get("headline")), *_strings(section.get("paragraphs"))]
    return found


def news_article(record: Record, place: ZoneInfo | None) -> Draft:
    """Read an article of schema.org."""
    node = article_in(record)
    if node is None:
        raise RefusedInputError("invalid-record", "expected a type of article of schema.org", "/@type")
    draft = read_node(node, place)
    if "text" not in draft.fields:
        raise RefusedInputError("invalid-record", "expected the key articleBody, found none", "/")
    return draft


def ninjs(record: Record, place: ZoneInfo | None) -> Draft:
    """Read a news item of ninjs 1, 2 or 3; only usable text is an article."""
    if record.get("type", "text") != "text":
        raise RefusedInputError("not-an-article", "found an item that is no text", "/type")
    if record.get("pubstatus", "usable") != "usable":
        raise RefusedInputError("not-an-article", "found an item that may not be used", "/pubstatus")
    draft = _draft(record, {"language": "language"}, _OF_NINJS)
    draft.own_id = _words(record.get("uri"))
    draft.fields["title"] = clean.fields(_words(record.get("headline")) or _main(record.get("headlines")), draft.steps)
    _text(draft, *_ninjs_body(record))
    _people(draft, record.get("byline") or record.get("by"))
    publish(draft, _words(record.get("firstcreated")) or _words(record.get("versioncreated")), place)
    publish(draft, _words(record.get("versioncreated")), place, field="modified_at")
    for key in ("copyrightholder", "copyrightnotice", "usageterms"):
        _claim(draft, key, record.get(key))
    return draft


def _main(headlines: Any) -> str | None:
    """Return the headline of ninjs 2 and 3: the one that is said to be the main one, else the first."""
    found = [each for each in headlines if isinstance(each, dict)] if isinstance(headlines, list) else []
    ordered = sorted(found, key=lambda each: each.get("role") != "main")
    return _words(ordered[0].get("value")) if ordered else None


def is_marked_up(record: Record) -> bool:
    """Tell whether the text of a news item is XHTML, which is parsed where its parser can do no harm."""
    return _bodies(record)[1] is not None


def _ninjs_body(record: Record) -> tuple[Any, bool]:
    """Return the text, and whether each line is a paragraph; XHTML without its marks."""
    plain, marked = _bodies(record)
    if marked is None:
        return plain, "\n\n" not in (plain or "").replace("\r", "")
    from pressmark.intake.html_parse import lines_of, parsed  # noqa: PLC0415 - only those who read mark-up need lxml

    return "\n\n".join(lines_of([parsed(marked)])), False


def _bodies(record: Record) -> tuple[str | None, str | None]:
    """Return the text of a news item as it is, or else its XHTML."""
    bodies = record.get("bodies")
    entries = [each for each in bodies if isinstance(each, dict)] if isinstance(bodies, list) else []
    entries = [each for each in entries if str(each.get("role", "")).lower() not in _NO_BODIES]
    entries.sort(key=lambda each: each.get("role") != "main")

    def valued(kind: str) -> Any:
        return next((each.get("value") for each in entries if kind in str(each.get("contenttype", ""))), None)

    plain = record.get("body_text") or valued("text/plain")
    if isinstance(plain, str) and plain.strip():
        return plain, None
    marked = record.get("body_xhtml") or valued("html")
    return None, marked if isinstance(marked, str) and marked.strip() else None


def nikl(record: Record, place: ZoneInfo | None) -> Draft:
    """Read a document of a NIKL newspaper corpus: the first paragraph is its headline, `metadata.title` no title."""
    metadata = record.get("metadata")
    stated = metadata if isinstance(metadata, dict) else {}
    paragraphs = record.get("paragraph")
    entries = paragraphs if isinstance(paragraphs, list) else []
    forms = [_words(each.get("form")) for each in entries if isinstance(each, dict)]
    if not isinstance(paragraphs, list) or not all(forms) or len(forms) != len(paragraphs):
        raise RefusedInputError("invalid-record", "expected paragraphs with a form", "/paragraph")
    draft = _draft(record, {}, ("id", "metadata", "paragraph"))
    draft.own_id = _words(record.get("id"))
    draft.fields["title"] = clean.fields(forms[0], draft.steps) if forms else None
    draft.fields["section"] = clean.fields(_strings(stated.get("topic")), draft.steps)
    _text(draft, "\n\n".join(str(form) for form in forms[1:]), by_line=False)
    _people(draft, stated.get("author"))
    publish(draft, _words(stated.get("date")), place)
    return draft


def documents(blocks: Iterator[bytes], limit: int) -> Iterator[Found]:
    """Yield the documents of a NIKL file, which holds many.

    Raises:
        RefusedInputError: it holds none, or is not JSON.
    """
    found: Found | None = None
    for found in entries_below(blocks, limit, "document"):
        yield found
    if found is None:
        raise RefusedInputError("invalid-record", "expected a list of documents", "/document")


READERS: dict[str, Callable[[Record, ZoneInfo | None], Draft]] = {
    "trafilatura": trafilatura,
    "news-please": news_please,
    "fundus": fundus,
    "news-article": news_article,
    NINJS: ninjs,
    NIKL: nikl,
}
"""By the name of the shape in a recipe."""


def _draft(record: Record, names: dict[str, str], also: tuple[str, ...]) -> Draft:
    """Return a draft with the fields that are taken as they are."""
    draft = Draft()
    taken = {ours: record.get(theirs) for ours, theirs in names.items()}
    for ours, value in taken.items():
        if value is not None and ours != "section" and not isinstance(value, str):
            raise RefusedInputError("invalid-record", f"found {value!r:.20}, expected a string", f"/{names[ours]}")
    if "section" in taken:
        taken["section"] = [part for each in _strings(taken["section"]) for part in each.split(";") if part.strip()]
    draft.fields = clean.fields({ours: value for ours, value in taken.items() if value}, draft.steps)
    draft.languages = [said for key in _LANGUAGES for said in of_value(f"/{key}", record.get(key))]
    draft.steps[_LEFT_OUT] += sum(1 for name, value in record.items() if value and name not in {*names.values(), *also})
    return draft


def _text(draft: Draft, text: Any, by_line: bool) -> None:  # noqa: FBT001 - as it comes from a reader
    if not isinstance(text, str):
        raise RefusedInputError("invalid-record", "expected a text, found none", "/")
    draft.fields["text"] = clean.paragraphs(text, draft.steps, by_line=by_line)
    if not draft.fields["text"]:
        raise RefusedInputError("empty-text", "found a text of blank lines")
    if reserves(draft.fields["text"]):
        draft.evidence.append({"kind": "notice", "scope": "text", "where": "text"})


def _people(draft: Draft, value: Any) -> None:
    credits_ = Credits()
    for each in _strings(value):
        credits_.take_over(from_field(each))
    draft.fields["contributors"] = credits_.contributors
    if credits_.syndicated_from:
        draft.fields.setdefault("provenance", {})["syndicated_from"] = credits_.syndicated_from


def _claim(draft: Draft, key: str, value: Any) -> None:
    words = str(value).lower() if isinstance(value, bool) else _words(value)
    if words:
        kind = "notice" if reserves(words) else "claim"
        draft.evidence.append({"kind": kind, "scope": "text", "where": f"/{key}", "quote": words[:_QUOTED]})


def _words(value: Any) -> str | None:
    return " ".join(value.split()) if isinstance(value, str) and value.strip() else None


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str) and each.strip()]
