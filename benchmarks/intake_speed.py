"""Reading, by format: articles and megabytes per second on one core, beside the bare reader of the same bytes.

Each round reads the same articles by intake (to valid articles, with provenance) and by what reads the bare format, by
turns. Intake reads HTML in a process that it starts for each round: that second counts. The ratio is of medians.

    python benchmarks/intake_speed.py [--articles 4000] [--rounds 3]
"""

import argparse
import csv
import gzip
import io
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from trafilatura import extract
from warcio.archiveiterator import ArchiveIterator

from pressmark.intake.files import InputFile
from pressmark.intake.read import read
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Source

WORDS = "The river rose in the night and took the landing stage with it, as it does in most years. "
SOURCE = Source("journal", "The Journal", "Journal House", "en", timezone="Europe/London")
PAGES = 4
"""One page of HTML for this many records: it takes as much longer."""


def record(number: int) -> dict[str, str]:
    """Return a record of about 2.5 kB."""
    text = "\n\n".join(f"Paragraph {part} of text {number}. {WORDS * 5}" for part in range(5))
    return {"id": f"r{number}", "url": f"https://quill.example/{number}", "title": f"Title {number}", "text": text}


def page(number: int) -> bytes:
    """Return the same as a page."""
    body = "".join(f"<p>{part}</p>" for part in record(number)["text"].split("\n\n"))
    head = f"<head><title>Title {number}</title><meta name='date' content='2024-05-21'></head>"
    return f"<html>{head}<body><article><h1>Title {number}</h1>{body}</article></body></html>".encode()


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


def bare_warc(data: bytes) -> int:
    """Return how many pages warcio and trafilatura find."""
    found = 0
    for each in ArchiveIterator(io.BytesIO(data)):
        found += bool(extract(each.content_stream().read()))
    return found


def formats(count: int) -> dict[str, tuple[str, str, list[bytes], Callable[[list[bytes]], int]]]:
    """Return for each line of the table: format, ending, the files, and the bare reader."""
    records = [record(number) for number in range(count)]
    lines = b"".join(orjson.dumps(each) + b"\n" for each in records)
    pages = [page(number) for number in range(count // PAGES)]
    return {
        "jsonl / orjson": ("jsonl", "jsonl", [lines], lambda f: sum(bool(orjson.loads(x)) for x in f[0].splitlines())),
        "jsonl.gz / gzip, orjson": (
            *("jsonl", "jsonl.gz", [gzip.compress(lines, 6)]),
            lambda f: sum(bool(orjson.loads(x)) for x in gzip.decompress(f[0]).splitlines()),
        ),
        "json / json": ("json", "json", [json.dumps(records).encode()], lambda f: len(json.loads(f[0]))),
        "csv / csv": (
            "csv",
            "csv",
            [as_csv(records)],
            lambda f: sum(1 for _ in csv.DictReader(io.StringIO(f[0].decode()))),
        ),
        "parquet / pyarrow": ("parquet", "parquet", [as_parquet(records)], lambda f: len(_rows(f[0]))),
        "html / trafilatura": ("html", "html", pages, lambda f: sum(bool(extract(each)) for each in f)),
        "warc.gz / warcio, trafilatura": ("warc", "warc.gz", [crawl(count // PAGES)], lambda f: bare_warc(f[0])),
    }


def _rows(data: bytes) -> list[Any]:
    return list(pq.read_table(io.BytesIO(data)).to_pylist())


def main(count: int, rounds: int) -> None:
    """Print a line for each format."""
    for name, (format_, ending, files, bare) in formats(count).items():
        with tempfile.TemporaryDirectory() as folder:
            listed = []
            for number, data in enumerate(files):
                (Path(folder) / f"{number:05}.{ending}").write_bytes(data)
                listed.append(InputFile(f"{number:05}.{ending}", f"{number:05}.{ending}", len(data)))
            task = ReadTask(0, Path(folder), Input("*", format_, "journal"), SOURCE, tuple(listed), 16_000_000)
            ours, theirs = [], []
            for _ in range(rounds):
                start = time.perf_counter()
                articles = sum(each.article is not None for each in read(task))
                ours.append(time.perf_counter() - start)
                start = time.perf_counter()
                found = bare(files)
                theirs.append(time.perf_counter() - start)
                assert articles == found, (name, articles, found)
        size, seconds = sum(map(len, files)) / 1e6, median(ours)
        ratio = f"{seconds / median(theirs):6.1f} times the bare reader"
        print(f"{name:30} {articles / seconds:8.0f} articles/s {size / seconds:7.1f} MB/s {ratio}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    main(chosen.articles, chosen.rounds)
