"""All formats and shapes in one corpus, with a bad input in each carrier: nothing is lost, and the counts add up."""

import gzip
import json
from collections import Counter
from importlib import import_module
from typing import Any

import pyarrow as pa

from pressmark import verify
from support import PAGE, Corpus
from warc_cases import arc, page, record, warc

FORMATS, FOREIGN = import_module("end_to_end.test_formats"), import_module("unit.test_foreign")
as_csv, as_lines, as_parquet, given = FORMATS.as_csv, FORMATS.as_lines, FORMATS.as_parquet, FORMATS.given
SHAPES: dict[str, dict[str, Any]] = FOREIGN.RECORDS
NIKL_RECORD: dict[str, Any] = FOREIGN.NIKL_RECORD

WET = b"".join(
    record("conversion", f"https://reed.example/{number}", f"Wet line {number}.\nAnother one.".encode(), "text/plain")
    for number in range(2)
)
NIKL = {"id": "NW", "document": [NIKL_RECORD, {"id": "NW.9"}]}


def records(name: str) -> list[dict[str, str]]:
    return [{"id": f"{name}-{each}", "title": f"{name} {each}", "text": f"Words {each} of {name}."} for each in "ab"]


def zst(data: bytes) -> bytes:
    return bytes(pa.compress(data, "zstd", asbytes=True))


def crawls() -> dict[str, bytes]:
    """Return the same pages in each kind of a crawler's file, caught in the same second."""
    plain, old = warc(packed=False), arc()
    return {
        "warc": plain,
        "warc.gz": gzip.compress(plain),
        "warc.zst": zst(plain),
        "arc": old,
        "arc.gz": gzip.compress(old),
    }


CARRIERS: dict[str, tuple[str, bytes, bytes]] = {
    "page.txt": ("page", PAGE.encode(), b""),
    "page.html": ("html", page(7), b"<html><body></body></html>"),
    "page.html.gz": ("html", gzip.compress(page(8)), gzip.compress(page(9))[:-9]),
    **{f"crawl.{name}": ("warc", data, data[:60]) for name, data in crawls().items()},
    "crawl.warc.wet": ("warc", WET, WET[:-20]),
    "lines.jsonl": ("jsonl", as_lines(records("lines")), b'{"id":'),
    "packed.jsonl.gz": ("jsonl", gzip.compress(as_lines(records("gz"))), gzip.compress(b'{"id":"x"}')[:-4]),
    "packed.jsonl.zst": ("jsonl", zst(as_lines(records("zst"))), zst(b'{"id":"x"}')[:-2]),
    "array.json": ("json", json.dumps(records("array")).encode(), b'[{"id":'),
    "table.csv": ("csv", as_csv(records("csv"), ","), b"id,text\nonly-one\n"),
    "table.tsv": ("tsv", as_csv(records("tsv"), "\t"), b"id\ttext\nonly-one\n"),
    "table.parquet": ("parquet", as_parquet(records("parquet")), b"PAR1 and no more"),
}
"""By the name of a file: its format, a good file, a bad one."""


def shaped(shape: str) -> dict[str, Any]:
    """Return a good record of a shape, whose text no other has."""
    told = json.dumps(SHAPES[shape]).replace("Nobody knows", f"Nobody at {shape} knows")
    return dict(json.loads(told.replace("quill.example", f"{shape}.example").replace("urn:quill", f"urn:{shape}")))


def fill(corpus: Corpus) -> int:
    """Write all files and the recipe, and return how many of the files are bad."""
    inputs: list[dict[str, Any]] = []
    for name, (format_, good, bad) in CARRIERS.items():
        folder, _, ending = name.partition(".")
        place = f"in/{folder}-{ending.replace('.', '-')}"
        corpus.write(f"{place}/good.{ending}", good)
        corpus.write(f"{place}/bad.{ending}", bad)
        source = "paper" if format_ == "page" else "journal"
        inputs.append({"files": f"{place}/*", "format": format_, "source": source})
    for shape in SHAPES:
        corpus.write(f"in/{shape}/good.jsonl", json.dumps(shaped(shape)) + "\n")
        corpus.write(f"in/{shape}/bad.jsonl", '{"title": "Nothing else"}\n')
        inputs.append({"files": f"in/{shape}/*", "format": "jsonl", "source": "journal", "shape": shape})
    corpus.write("in/nikl/good.json", json.dumps(NIKL))
    corpus.write("in/nikl/bad.json", "{}")
    inputs.append({"files": "in/nikl/*", "format": "json", "source": "journal", "shape": "nikl"})
    corpus.write("in/mapped/good.json", json.dumps([{"nr": 1, "body": "Mapped words."}]))
    corpus.write("in/mapped/bad.json", json.dumps([{"nr": 2}]))
    fields = {"id": "nr", "text": "/body"}
    inputs.append({"files": "in/mapped/*", "format": "json", "source": "journal", "fields": fields})
    given(corpus, *inputs)
    return len(inputs)


CODES = {
    "in/page-txt/bad.txt": ["empty-input"],
    "in/page-html/bad.html": ["empty-text"],
    "in/page-html-gz/bad.html.gz": ["bad-compression"],
    "in/crawl-warc/bad.warc": ["truncated-record"],
    "in/crawl-warc-gz/bad.warc.gz": ["truncated-record"],
    "in/crawl-warc-zst/bad.warc.zst": ["bad-compression"],
    "in/crawl-arc/bad.arc": ["truncated-record"],
    "in/crawl-arc-gz/bad.arc.gz": ["truncated-record"],
    "in/crawl-warc-wet/bad.warc.wet": ["truncated-record"],
    "in/lines-jsonl/bad.jsonl": ["bad-json"],
    "in/packed-jsonl-gz/bad.jsonl.gz": ["bad-compression"],
    "in/packed-jsonl-zst/bad.jsonl.zst": ["bad-compression"],
    "in/array-json/bad.json": ["bad-json"],
    "in/table-csv/bad.csv": ["bad-row"],
    "in/table-tsv/bad.tsv": ["bad-row"],
    "in/table-parquet/bad.parquet": ["bad-parquet"],
    **{f"in/{shape}/bad.jsonl": ["invalid-record"] for shape in SHAPES},
    "in/nikl/bad.json": ["invalid-record"],
    "in/nikl/good.json": ["invalid-record"],
    "in/mapped/bad.json": ["invalid-record"],
}
"""Why inputs are refused, by file: every one that is, and no other."""


def test_all_formats_and_shapes_are_one_corpus_and_counts_are_closed(corpus: Corpus) -> None:
    files, line = fill(corpus), "open"
    released = corpus.build().lines[line]
    counts = released.counts
    assert counts["inputs"] == sum(counts[key] for key in counts if key not in ("inputs", "by_code"))
    assert counts["inputs"] == len(corpus.ledger())
    refused: dict[str, list[str]] = {}
    for row in corpus.ledger():
        if row["became"][line]["class"] == "rejected":
            refused.setdefault(row["file"], []).append(row["became"][line]["code"])
    assert refused == CODES
    kept = {row["file"] for row in corpus.ledger() if row["became"][line]["class"] != "rejected"}
    assert len({file for file in kept if "/good." in file}) == files
    # The same pages lie in five files: each is one article, and the other captures of it are set aside.
    crawled = [
        row
        for row in corpus.ledger()
        if "/crawl-" in row["file"] and "/good." in row["file"] and "wet" not in row["file"]
    ]
    became = Counter((row["id"], row["became"][line]["class"]) for row in crawled)
    assert sorted(became.values()) == [1] * 5 + [4] * 5
    assert {state for _, state in became} == {"published", "superseded"}
    assert verify(released.folder) == []
