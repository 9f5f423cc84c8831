"""Records as others write them: the same article from each, and what is none is refused."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pressmark import verify
from pressmark.article.dates import zone
from pressmark.article.provenance import Capture
from pressmark.findings import RefusedInputError
from pressmark.intake import html_parse
from pressmark.intake.admit import admit
from pressmark.intake.files import InputFile
from pressmark.intake.foreign import READERS
from pressmark.intake.jsonld_page import linked
from pressmark.intake.read import read
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Source
from support import Corpus

TEXT = ["The ferry is out of the water.", "Nobody knows when it will be back."]
TITLE, ADDRESS, AUTHOR = "Ferry out", "https://quill.example/1", "Ada Reedham"
MOMENT = "2024-05-21T08:30:00Z"

RECORDS: dict[str, dict[str, Any]] = {
    "trafilatura": {
        "title": TITLE,
        "author": AUTHOR,
        "date": "2024-05-21",
        "text": "\n".join(TEXT),
        "source": ADDRESS,
        "hostname": "quill.example",
        "categories": "Town;River",
        "fingerprint": "abc",
        "license": "CC BY 4.0",
    },
    "news-please": {
        "title": TITLE,
        "authors": [AUTHOR],
        "date_publish": "2024-05-21 08:30:00",
        "maintext": "\n".join(TEXT),
        "url": ADDRESS,
        "source_domain": "quill.example",
        "image_url": None,
    },
    "fundus": {
        "title": TITLE,
        "authors": [AUTHOR],
        "publishing_date": "2024-05-21 08:30:00+00:00",
        "body": {"summary": [], "sections": [{"headline": [], "paragraphs": TEXT}]},
        "topics": ["Town", "River"],
        "free_access": True,
        "html": {"requested_url": ADDRESS},
    },
    "news-article": {
        "@type": "NewsArticle",
        "headline": TITLE,
        "author": {"@type": "Person", "name": AUTHOR},
        "datePublished": MOMENT,
        "articleBody": "\n\n".join(TEXT),
        "url": ADDRESS,
        "articleSection": ["Town", "River"],
        "license": "https://creativecommons.org/licenses/by/4.0/",
    },
    "ninjs": {
        "uri": "urn:quill:1",
        "type": "text",
        "pubstatus": "usable",
        "headlines": [{"role": "short", "value": "Out"}, {"role": "main", "value": TITLE}],
        "by": f"By {AUTHOR}",
        "firstcreated": "2024-05-21T08:30:00+00:00",
        "versioncreated": "2024-05-22T08:30:00+00:00",
        "bodies": [{"contenttype": "text/html", "value": "".join(f"<p>{each}</p>" for each in TEXT)}],
        "usageterms": "All rights reserved.",
        "language": "en",
    },
}


@pytest.mark.parametrize("shape", RECORDS)
def test_a_record_of_a_shape_is_the_article(shape: str) -> None:
    draft = READERS[shape](RECORDS[shape], zone("UTC"))
    assert (draft.fields["title"], draft.fields["text"]) == (TITLE, "\n\n".join(TEXT))
    assert [(each["role"], each["name"]) for each in draft.fields["contributors"]] == [("aut", AUTHOR)]
    assert draft.fields["published_on"] == "2024-05-21"
    assert draft.fields.get("published_at") == (None if shape == "trafilatura" else MOMENT)
    assert draft.fields.get("url") == (None if shape == "ninjs" else ADDRESS)
    assert draft.own_id == ("urn:quill:1" if shape == "ninjs" else None)
    if "section" in draft.fields:
        assert draft.fields["section"] == ["Town", "River"]
    assert {entry["kind"] for entry in draft.evidence} <= {"claim", "notice"}
    assert bool(draft.evidence) is (shape != "news-please")


@pytest.mark.parametrize("shape", RECORDS)
def test_a_corpus_is_built_of_a_shape(corpus: Corpus, shape: str) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    head = recipe[: recipe.index("[[input]]")]
    corpus.write(
        "corpus.toml",
        f'{head}[[input]]\nfiles = "r/*.jsonl"\nformat = "jsonl"\nsource = "journal"\nshape = "{shape}"\n',
    )
    corpus.write("r/a.jsonl", json.dumps(RECORDS[shape]) + '\n{"title": "Nothing else"}\n')
    built = corpus.build()
    assert list(corpus.codes().values())[1] in ("invalid-record", "not-an-article")
    assert verify(built.lines["open"].folder) == []
    (name,) = built.lines["open"].folder.glob("sources/*.json")
    assert json.loads(name.read_text(encoding="utf-8"))["inputs"][0]["shape"] == shape


def test_a_file_of_nikl_holds_many_articles(corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    entry = '[[input]]\nfiles = "r/*.json"\nformat = "json"\nsource = "journal"\nshape = "nikl"\n'
    corpus.write("corpus.toml", recipe[: recipe.index("[[input]]")] + entry)
    told = {"title": "A corpus of newspapers", "author": AUTHOR, "date": "20240521", "topic": "Town"}
    documents = [
        {
            "id": f"NW.{number}",
            "metadata": told,
            "paragraph": [
                {"id": f"{number}.{place}", "form": form} for place, form in enumerate([TITLE, *TEXT, str(number)])
            ],
        }
        for number in range(3)
    ]
    corpus.write("r/a.json", json.dumps({"id": "NW", "metadata": {}, "document": [*documents, {"id": "NW.9"}]}))
    corpus.write("r/b.json", "{}")
    corpus.build()
    assert corpus.codes() == {
        **{f"r/a.json:{number}": "published" for number in (1, 2, 3)},
        "r/a.json:4": "invalid-record",
        "r/b.json": "invalid-record",
    }
    folder = corpus.results[-1].lines["open"].folder
    (row, *_) = [each for path in folder.glob("data/*/*.parquet") for each in pq.read_table(path).to_pylist()]
    assert (row["title"], row["published_on"].isoformat(), row["section"]) == (TITLE, "2024-05-21", ["Town"])
    assert row["text"].startswith("\n\n".join(TEXT))
    assert verify(folder) == []


@pytest.mark.parametrize(
    ("shape", "changes", "code"),
    [
        ("ninjs", {"type": "picture"}, "not-an-article"),
        ("ninjs", {"pubstatus": "canceled"}, "not-an-article"),
        ("ninjs", {"bodies": []}, "invalid-record"),
        ("news-article", {"@type": "WebPage"}, "invalid-record"),
        ("news-article", {"articleBody": ""}, "invalid-record"),
        ("trafilatura", {"text": None}, "invalid-record"),
        ("trafilatura", {"text": " \n "}, "empty-text"),
        ("fundus", {"body": {"sections": []}}, "empty-text"),
    ],
)
def test_what_is_no_article_is_refused(shape: str, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedInputError, match=code):
        READERS[shape]({**RECORDS[shape], **changes}, None)


def article_of(documents: list[str], addresses: Sequence[str] = (), titles: Sequence[str] = ()) -> Any:
    return linked(documents, addresses, titles).article


def test_the_article_is_found_in_whatever_a_page_has() -> None:
    wanted = {"@type": ["NewsArticle", "x"], "headline": "a"}
    for value in (
        wanted,
        [wanted],
        {"@graph": [{"@type": "WebSite"}, wanted]},
        {"@type": "WebPage", "mainEntity": wanted},
        [[{"@graph": [wanted]}]],
    ):
        assert article_of(["null", "{broken", '"a string"', "[]", json.dumps(value)]) == wanted
    assert article_of(["<!-- " + json.dumps(wanted) + " -->"]) == wanted
    assert article_of(['{"@type":"NewsArticle","headline":"two\nlines"}']) is not None
    assert article_of(["[" * 100_000, json.dumps({"@type": "Person"})]) is None


NIKL_RECORD = {
    "id": "NW.1",
    "metadata": {"author": AUTHOR, "date": "20240521", "topic": "Town"},
    "paragraph": [{"form": TITLE}, *({"form": each} for each in TEXT)],
}
ODD: list[Any] = [None, 5, -0.5, True, "", " ", "x" * 100_000, [], {}, [{}], [[]], [5], {"": {}}, "http://["]


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of each value within a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*above, key)
        yield from places(each, (*above, key))


def put(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    copy = value.copy()
    copy[place[0]] = put(value[place[0]], place[1:], new)
    return copy


@pytest.mark.parametrize("shape", READERS)
def test_whatever_a_value_is_the_record_is_an_article_or_refused(shape: str) -> None:
    whole = NIKL_RECORD if shape == "nikl" else RECORDS[shape]
    keys = {
        "author": [],
        "authors": [],
        "mainEntityOfPage": {},
        "editor": {},
        "byline": "",
        "plaintext": "",
        "html": {},
    }
    whole = {**{key: value for key, value in keys.items() if shape != "nikl"}, **whole}
    journal = Source("journal", "The Journal", "Journal House", "en")
    capture = Capture("a.jsonl", "1", "0" * 64, "application/json")
    start = time.monotonic()
    for place in places(whole):
        for odd in ODD:
            record = put(whole, place, odd)
            with suppress(RefusedInputError):
                assert admit(READERS[shape](record, zone("UTC")), journal, capture, "x/1")["text"]
    assert time.monotonic() - start < 60


def test_a_summary_is_no_text() -> None:
    bodies = [
        {"role": "summary", "contenttype": "text/plain", "value": "In short."},
        {"contenttype": "text/plain", "value": "A part."},
        {"role": "main", "contenttype": "text/plain", "value": "All of it."},
    ]
    assert READERS["ninjs"]({**RECORDS["ninjs"], "bodies": bodies}, None).fields["text"] == "All of it."
    assert READERS["ninjs"]({**RECORDS["ninjs"], "bodies": bodies[:2]}, None).fields["text"] == "A part."
    with pytest.raises(RefusedInputError, match="invalid-record"):
        READERS["ninjs"]({**RECORDS["ninjs"], "bodies": bodies[:1]}, None)


def test_xhtml_of_a_news_item_is_parsed_at_arms_length_and_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: str) -> None:
        raise AssertionError("parsed in the process of the build")

    monkeypatch.setattr(html_parse, "parsed", refused)
    marked = {**RECORDS["ninjs"], "body_text": "", "body_xhtml": ""}
    hostile = {**marked, "bodies": [], "body_xhtml": "<div>" * 100_000 + "Words."}
    plain = {**marked, "body_text": "Plain words."}
    table = pa.Table.from_pylist([{**each, "uri": f"urn:{at}"} for at, each in enumerate((marked, hostile, plain))])
    pq.write_table(table, tmp_path / "a.parquet")
    lines = b"".join(json.dumps(each).encode() + b"\n" for each in (marked, hostile, plain))
    (tmp_path / "a.jsonl").write_bytes(lines)
    journal = Source("journal", "The Journal", "Journal House", "en", timezone="Asia/Seoul")
    for format_ in ("jsonl", "parquet"):
        file = InputFile(f"a.{format_}", f"a.{format_}", (tmp_path / f"a.{format_}").stat().st_size)
        entry = Input("*", format_, "journal", shape="ninjs")
        found = list(read(ReadTask(0, tmp_path, entry, journal, (file,), 1 << 20)))
        assert [each.rejection and each.rejection.code for each in found] == [None, "html-limit", None]
        texts = [each.article["text"] for each in found if each.article]
        assert texts == ["\n\n".join(TEXT), "Plain words."]


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda node: {**node, "@type": "https://schema.org/NewsArticle"},
        lambda node: {**node, "@type": ["http://schema.org/NewsArticle", "x"]},
        lambda node: {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, node]},
    ],
)
def test_an_article_of_schema_org_may_be_wrapped(wrapped: Callable[[Any], Any]) -> None:
    draft = READERS["news-article"](wrapped(RECORDS["news-article"]), None)
    assert draft.fields["title"] == TITLE


def test_the_text_of_fundus_may_stand_beside_an_empty_body() -> None:
    record = {**RECORDS["fundus"], "body": {"summary": [], "sections": []}, "plaintext": "\n".join(TEXT)}
    assert READERS["fundus"](record, None).fields["text"] == "\n\n".join(TEXT)


def test_news_please_writes_the_word_for_no_date() -> None:
    record = {**RECORDS["news-please"], "date_publish": "None", "date_modify": "None"}
    draft = READERS["news-please"](record, None)
    assert (draft.notes, "published_on" in draft.fields) == ([], False)


@pytest.mark.parametrize("shape", [*RECORDS, "nikl"])
def test_titles_are_composed(shape: str) -> None:
    key = "headline" if shape in ("news-article", "ninjs") else "title"
    decomposed = "Cafe\u0301"
    record = {**RECORDS.get(shape, NIKL_RECORD), key: decomposed}
    if shape == "nikl":
        record["paragraph"] = [{"form": decomposed}, {"form": "Words."}]
    assert READERS[shape](record, None).fields["title"] == "Caf\u00e9"


@pytest.mark.parametrize(("shape", "key"), [("trafilatura", "author"), ("news-please", "authors"), ("ninjs", "by")])
def test_an_agency_in_a_byline_is_where_the_text_is_from(shape: str, key: str) -> None:
    draft = READERS[shape]({**RECORDS[shape], key: f"{AUTHOR}, Reuters"}, None)
    assert [each["name"] for each in draft.fields["contributors"]] == [AUTHOR]
    assert draft.fields["provenance"]["syndicated_from"] == "Reuters"


@pytest.mark.parametrize(
    ("shape", "key"),
    [("trafilatura", "text"), ("news-please", "maintext"), ("ninjs", "body_text")],
)
def test_words_of_a_text_that_reserve_are_evidence_without_a_quotation(shape: str, key: str) -> None:
    draft = READERS[shape]({**RECORDS[shape], key: f"{TEXT[0]}\nNo reproduction without permission."}, None)
    assert {"kind": "notice", "scope": "text", "where": "text"} in draft.evidence
    assert not [each for each in draft.evidence if TEXT[0] in each.get("quote", "")]


def test_a_translation_of_schema_org_is_one() -> None:
    node = RECORDS["news-article"]
    for more in ({"translator": {"@type": "Person", "name": "Tom Poe"}}, {"translationOfWork": {"@id": "#first"}}):
        draft = READERS["news-article"]({**node, **more}, None)
        assert draft.fields["derivation"] == "translation"
    assert "derivation" not in READERS["news-article"]({**node, "editor": "Tom Poe"}, None).fields


def test_an_article_is_not_looked_for_without_end() -> None:
    node: Any = RECORDS["news-article"]
    for _ in range(200):
        node = {"@type": "WebPage", "mainEntity": node}
    with pytest.raises(RefusedInputError, match="invalid-record"):
        READERS["news-article"](node, None)


def test_an_address_that_is_none_leads_to_no_page() -> None:
    node = {"@type": "NewsArticle", "headline": "a", "url": "http://["}
    assert article_of([json.dumps(node)], ["http://["]) == node
    assert article_of([json.dumps(node)], [ADDRESS], ["b"]) is None
    assert article_of(["", " \n ", json.dumps(node)]) == node
