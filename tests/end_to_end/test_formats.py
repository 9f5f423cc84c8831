"""One corpus in all formats at once: every record becomes the same article, and the counts add up."""

import csv
import gzip
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pressmark import RecipeError, check, verify
from support import JOURNAL, ROOT, Corpus
from warc_cases import FILES as CRAWLS
from warc_cases import record, response

RECORDS = [
    {
        "id": f"n{number}",
        "url": f"https://journal.example/{number}",
        "title": f"Title {number}",
        "text": f"One {number}.",
    }
    for number in range(1, 4)
]


def as_csv(records: list[dict[str, str]], delimiter: str) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(records[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return stream.getvalue().encode()


def as_parquet(records: list[dict[str, str]]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records), stream)
    return stream.getvalue()


def as_lines(records: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


FILES = {
    "a.jsonl": ("jsonl", as_lines(RECORDS)),
    "b.jsonl.gz": ("jsonl", gzip.compress(as_lines(RECORDS))),
    "c.jsonl.zst": ("jsonl", pa.compress(as_lines(RECORDS), "zstd", asbytes=True)),
    "d.json": ("json", json.dumps(RECORDS, indent=1).encode()),
    "e.json.gz": ("json", gzip.compress(json.dumps(RECORDS).encode())),
    "f.csv": ("csv", as_csv(RECORDS, ",")),
    "g.tsv": ("tsv", as_csv(RECORDS, "\t")),
    "h.parquet": ("parquet", as_parquet(RECORDS)),
    "i.jsonl": ("jsonl", "\n".join(map(json.dumps, RECORDS)).encode("utf-16")),
    "j.json": ("json", json.dumps(RECORDS).encode("utf-16")),
    "k.csv": ("csv", as_csv(RECORDS, ",").decode().encode("utf-16")),
}


def given(corpus: Corpus, *inputs: dict[str, Any]) -> None:
    """Replace the inputs of the recipe."""
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    head = recipe[: recipe.index("[[input]]")]
    blocks = ["[[input]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in entry.items()) for entry in inputs]
    corpus.write("corpus.toml", "\n".join([head, *blocks]))


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {json.dumps(each)}' for key, each in value.items()) + " }"
    return json.dumps(value)


def rows(corpus: Corpus) -> list[dict[str, Any]]:
    folder = corpus.results[-1].lines["open"].folder
    found = [row for path in sorted(folder.glob("data/*/*.parquet")) for row in pq.read_table(path).to_pylist()]
    return sorted(found, key=lambda row: str(row["id"]))


@pytest.mark.parametrize("name", FILES)
def test_a_record_is_the_same_article_in_every_format(corpus: Corpus, name: str) -> None:
    format_, data = FILES[name]
    given(corpus, {"files": f"records/{name}", "format": format_, "source": "journal"})
    corpus.write(f"records/{name}", data)
    built = corpus.build()
    assert [(row["id"], row["url"], row["title"], row["text"]) for row in rows(corpus)] == [
        (f"journal:{each['id']}", each["url"], each["title"], each["text"]) for each in RECORDS
    ]
    assert verify(built.lines["open"].folder) == []
    assert len({row["provenance"]["capture_sha256"] for row in rows(corpus)}) == len(RECORDS)


def test_formats_are_mixed_and_counts_are_closed(corpus: Corpus) -> None:
    inputs = []
    for number, (name, (format_, _)) in enumerate(FILES.items()):
        records = [{**each, "id": f"{each['id']}-{number}", "url": f"{each['url']}-{number}"} for each in RECORDS]
        for each in records:
            each["text"] += f" In the file {number}."
        data = {
            "jsonl": as_lines(records),
            "json": json.dumps(records).encode(),
            "csv": as_csv(records, ","),
            "tsv": as_csv(records, "\t"),
            "parquet": as_parquet(records),
        }[format_]
        if name.endswith(".gz"):
            data = gzip.compress(data)
        elif name.endswith(".zst"):
            data = pa.compress(data, "zstd", asbytes=True)
        inputs.append({"files": f"records/{name}", "format": format_, "source": "journal"})
        corpus.write(f"records/{name}", data)
    given(corpus, *inputs)
    built = corpus.build()
    counts = built.lines["open"].manifest["counts"]
    assert (counts["inputs"], counts["published"]) == (len(FILES) * len(RECORDS),) * 2
    assert verify(built.lines["open"].folder) == []


def test_a_file_with_one_record_has_its_path_as_identity(corpus: Corpus) -> None:
    given(corpus, {"files": "records/*.json", "format": "json", "source": "journal"})
    corpus.write("records/one.json", json.dumps({"text": "A record alone."}))
    corpus.build()
    (row,) = rows(corpus)
    assert row["id"] == "journal:one"


def test_what_came_before_the_damage_is_kept(corpus: Corpus) -> None:
    given(corpus, {"files": "records/*.json", "format": "json", "source": "journal"})
    corpus.write("records/cut.json", json.dumps(RECORDS).encode()[:-30])
    corpus.build()
    assert corpus.codes() == {
        "records/cut.json:1": "published",
        "records/cut.json:2": "published",
        "records/cut.json:3": "bad-json",
    }


@pytest.mark.parametrize(
    ("entry", "code", "words"),
    [
        ({"files": "pages/*.txt", "format": "page", "source": "paper", "fields": {"text": "/x"}}, "bad-value", "page"),
        ({"files": "r/*", "format": "page", "source": "paper", "shape": "ninjs"}, "bad-value", "has no records"),
        (
            {"files": "r/*", "format": "json", "source": "journal", "shape": "ninjs", "fields": {"text": "/x"}},
            "bad-value",
            "one of them",
        ),
        ({"files": "r/*", "format": "csv", "source": "journal", "constants": {"title": "x"}}, "missing-key", "fields"),
        ({"files": "r/*", "format": "csv", "source": "journal", "fields": {"body": "/x"}}, "bad-value", "body"),
        ({"files": "r/*", "format": "tsv", "source": "journal", "delimiter": ";"}, "bad-value", "goes with csv"),
        ({"files": "r/*", "format": "csv", "source": "journal", "delimiter": "ab"}, "bad-value", "ab"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(corpus: Corpus, entry: dict[str, Any], code: str, words: str) -> None:
    given(corpus, entry)
    with pytest.raises(RecipeError) as refused:
        corpus.build()
    assert [finding.code for finding in refused.value.faults] == [code]
    assert words in str(refused.value.faults[0])


def test_html_pages_are_built_and_a_bad_one_costs_itself(corpus: Corpus) -> None:
    given(corpus, {"files": "html/**/*.html", "format": "html", "source": "journal"})
    folder = ROOT / "tests" / "html"
    for path in sorted(folder.glob("*.html")):
        corpus.write(f"html/{path.name}", path.read_bytes())
    corpus.build()
    found = corpus.codes()
    bad = {name: code for name, code in found.items() if "/bad-" in name}
    assert {f"html/bad-{code}.html": code for code in bad.values()} == bad
    # Some of the pages have the same text, and some reserve rights.
    assert not {code for name, code in found.items() if name not in bad} - {
        *("published", "exact-copy", "later-capture", "id-conflict", "rights-conflict", "copy-is-closed"),
    }


@pytest.mark.parametrize("name", CRAWLS)
def test_captures_of_a_crawler_are_articles_with_their_provenance(corpus: Corpus, name: str) -> None:
    given(corpus, {"files": "crawl/*", "format": "warc", "source": "journal"})
    corpus.write(f"crawl/{name}", CRAWLS[name])
    built = corpus.build()
    found = sorted(rows(corpus), key=lambda row: str(row["url"]))
    assert [row["url"] for row in found] == [f"https://quill.example/{number}" for number in range(5)]
    assert {row["provenance"]["extractor"] for row in found} == {"html/1"}
    assert {row["provenance"]["retrieved_at"].isoformat() for row in found} == {"2024-05-21T04:57:16+00:00"}
    assert [row["published_on"].isoformat() for row in found] == [f"2024-05-2{number}" for number in range(5)]
    assert verify(built.lines["open"].folder) == []


def a_page_of_its_own(number: int) -> bytes:
    words = " ".join(f"word{number}{position}" for position in range(60))
    body = f"<article><p>{words}.</p></article>"
    return f"<html><head><title>Page {number}</title></head><body>{body}</body></html>".encode()


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_the_robots_txt_of_a_crawl_closes_what_it_is_about(corpus: Corpus, name: str) -> None:
    given(corpus, {"files": "crawl/*", "format": "warc", "source": "journal"})
    licensed = '"open_license"\nlicense = "CC-BY-4.0"\nattribution = "A"'
    corpus.write("sources/journal.toml", JOURNAL.replace('"public_domain"', licensed))
    rules = b"User-agent: GPTBot\nDisallow: /2\nUser-agent: *\nAllow: /\n"
    site, about = "https://quill.example", {"Content_Type": "text/plain"}
    records = [
        *(response(f"{site}/{number}", a_page_of_its_own(number)) for number in range(1, 4)),
        response(f"{site}/robots.txt", rules, **about),
        response("https://other.example/robots.txt", b"User-agent: *\nDisallow: /\n", **about),
        response(f"{site}/gone/robots.txt", rules, **about),
        response(f"{site}/4", b"gone", "404 Not Found"),
        record("revisit", f"{site}/1", b"", "application/http"),
    ]
    data = b"".join(map(gzip.compress, records)) if name.endswith(".gz") else b"".join(records)
    corpus.write(f"crawl/{name}", pa.compress(data, "zstd", asbytes=True) if name.endswith(".zst") else data)
    built = corpus.build()
    found = {row["url"]: row["rights"]["reservations"] for row in rows(corpus)}
    allowed = [{"signal": "robots", "value": "allow", "where": "robots.txt"}]
    assert found == {f"{site}/1": allowed, f"{site}/3": allowed}
    assert corpus.codes() == {
        f"crawl/{name}:1": "published",
        f"crawl/{name}:2": "rights-conflict",
        f"crawl/{name}:3": "published",
    }
    assert [(each.code, each.file, each.detail) for each in built.findings] == [
        ("records-passed-over", f"crawl/{name}", "robots.txt 2, text 1, status 404 1, revisit 1")
    ]
    assert check(corpus.folder).findings[-1] == built.findings[0]


def test_records_of_any_shape_are_read_by_a_mapping(corpus: Corpus) -> None:
    fields = {
        "id": "Nr",
        "title": "/head/line",
        "text": "/body",
        "published_at": "/when",
        "contributors": "/by",
        "section": "/cat",
        "url": "/links/0",
    }
    constants = {"language": "en-GB", "section": "Town", "rights/notice": "All rights reserved."}
    given(
        corpus,
        {"files": "r/*.json", "format": "json", "source": "journal", "fields": fields, "constants": constants},
    )
    record = {
        "Nr": 17,
        "head": {"line": "Ferry out"},
        "body": ["One.", "Two."],
        "when": "21 May 2024, 9:30 a.m.",
        "by": "By Ada Reedham, Quill News Agency",
        "links": ["https://quill.example/17"],
        "internal": "left out",
    }
    corpus.write("r/a.json", json.dumps([record, {**record, "Nr": 18, "when": "05/06/2024"}, {"Nr": 19}]))
    built = corpus.build()
    assert corpus.codes("vault") == {
        "r/a.json:1": "published",
        "r/a.json:2": "bad-date",
        "r/a.json:3": "invalid-record",
    }
    folder = built.lines["vault"].folder
    (row,) = [each for path in folder.glob("data/*/*.parquet") for each in pq.read_table(path).to_pylist()]
    assert (row["id"], row["title"], row["text"]) == ("journal:17", "Ferry out", "One.\n\nTwo.")
    assert (row["published_at"].isoformat(), row["published_precision"]) == ("2024-05-21T08:30:00+00:00", "minute")
    assert (row["language"], row["section"], row["url"]) == ("en-GB", ["Town"], "https://quill.example/17")
    assert [each["name"] for each in row["contributors"]] == ["Ada Reedham"]
    assert row["provenance"]["syndicated_from"] == "Quill News Agency"
    assert row["rights"]["notice"] == "All rights reserved."
    assert verify(folder) == []


def test_columns_of_parquet_are_mapped_by_their_names(corpus: Corpus) -> None:
    fields = {"id": "nr", "text": "body", "published_on": "day"}
    given(corpus, {"files": "r/*.parquet", "format": "parquet", "source": "journal", "fields": fields})
    table = pa.table({"nr": [1], "body": ["Words."], "day": pa.array([19_000], pa.date32()), "other": [b"\xff"]})
    stream = io.BytesIO()
    pq.write_table(table, stream)
    corpus.write("r/a.parquet", stream.getvalue())
    corpus.build()
    (row,) = rows(corpus)
    assert (row["id"], row["text"], row["published_on"].isoformat()) == ("journal:1", "Words.", "2022-01-08")


@pytest.mark.parametrize("url", [4888, ["http://a.example/"], {"a": 1}, True])
def test_an_address_that_is_no_string_is_told(url: Any, corpus: Corpus) -> None:
    corpus.records({}, {"id": None, "url": url})
    corpus.build()
    row = corpus.ledger()[-1]
    assert (row["line"], row["code"], row["place"]) == (2, "invalid-record", "/url")
    assert "expected a string" in row["detail"]
