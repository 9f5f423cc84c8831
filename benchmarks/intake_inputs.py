"""Made-up inputs for the benchmark of reading: the same articles in each format and each known shape."""

import csv
import gzip
import io
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

WORDS = "The river rose in the night and took the landing stage with it, as it does in most years. "


def record(number: int) -> dict[str, str]:
    """Return a record of about 2.5 kB."""
    text = "\n\n".join(f"Paragraph {part} of text {number}. {WORDS * 5}" for part in range(5))
    return {"id": f"r{number}", "url": f"https://quill.example/{number}", "title": f"Title {number}", "text": text}


def page(number: int) -> bytes:
    """Return the same as a page."""
    body = "".join(f"<p>{part}</p>" for part in record(number)["text"].split("\n\n"))
    head = f"<head><title>Title {number}</title><meta name='date' content='2024-05-21'></head>"
    return f"<html>{head}<body><article><h1>Title {number}</h1>{body}</article></body></html>".encode()


def plain_page(number: int) -> bytes:
    """Return the same as a page of text."""
    return f"THE JOURNAL\n\nTitle {number}\n\n2024-05-21\n\n{record(number)['text']}\n".encode()


def shaped(number: int) -> dict[str, dict[str, Any]]:
    """Return the same as a record of each known shape."""
    same = record(number)
    title, text, url, moment = same["title"], same["text"], same["url"], "2024-05-21T08:30:00Z"
    parts, author = text.split("\n\n"), "Ada Reedham"
    item = {"uri": same["id"], "type": "text", "headline": title, "byline": author, "versioncreated": moment}
    return {
        "ninjs": {**item, "body_text": text},
        "ninjs of XHTML": {**item, "body_xhtml": "".join(f"<p>{part}</p>" for part in parts)},
        "news-article": {
            "@type": "NewsArticle",
            "headline": title,
            "author": {"@type": "Person", "name": author},
            "datePublished": moment,
            "articleBody": text,
            "url": url,
        },
        "trafilatura": {
            "title": title,
            "text": "\n".join(parts),
            "date": "2024-05-21",
            "author": author,
            "source": url,
        },
        "news-please": {
            "title": title,
            "maintext": "\n".join(parts),
            "date_publish": "2024-05-21 08:30:00",
            "authors": [author],
            "url": url,
        },
        "fundus": {
            "title": title,
            "authors": [author],
            "publishing_date": "2024-05-21 08:30:00+00:00",
            "body": {"summary": [], "sections": [{"headline": [], "paragraphs": parts}]},
            "html": {"requested_url": url},
        },
        "nikl": {
            "id": same["id"],
            "metadata": {"author": author, "date": "20240521", "topic": "Town"},
            "paragraph": [{"id": str(place), "form": form} for place, form in enumerate([title, *parts])],
        },
    }


def crawl(count: int) -> bytes:
    """Return the pages as a WARC file, a gzip member for each."""
    parts = []
    for number in range(count):
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page(number)
        head = (
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2024-05-21T04:57:16Z\r\n"
            f"WARC-Record-ID: <urn:uuid:{number:032x}>\r\nWARC-Target-URI: https://quill.example/{number}\r\n"
            f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        parts.append(gzip.compress(head.encode() + block + b"\r\n\r\n", 6, mtime=0))
    return b"".join(parts)


def as_csv(records: list[dict[str, str]]) -> bytes:
    """Return records as CSV."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(records[0]))
    writer.writeheader()
    writer.writerows(records)
    return stream.getvalue().encode()


def as_parquet(records: list[dict[str, str]]) -> bytes:
    """Return records as Parquet."""
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records), stream, compression="zstd")
    return stream.getvalue()


def as_lines(records: list[dict[str, Any]]) -> bytes:
    """Return records as JSON Lines."""
    return b"".join(orjson.dumps(each) + b"\n" for each in records)
