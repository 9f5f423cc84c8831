"""Reading, by format and shape: articles and megabytes per second of a core, beside the bare reader of the same bytes.

Each round reads the same articles by intake (to valid articles, with provenance) and by what reads the bare format, by
turns. Seconds are those that processors worked, in this process and in the one that intake starts in each round for
HTML, XHTML and Parquet; starting it counts. Megabytes are of what packed files hold. Rates and ratio are of medians.

    python benchmarks/intake_speed.py [--articles 4000] [--rounds 3] [--only WORD] [--write]

`--write` keeps the figures in `benchmarks/results/intake.json`, for docs/performance.md.
"""

import argparse
import csv
import gzip
import io
import json
import resource
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from intake_inputs import as_csv, as_lines, as_parquet, crawl, page, plain_page, record, shaped
from lxml import html as lxml_html
from provenance import provenance
from trafilatura import extract
from warcio.archiveiterator import ArchiveIterator

from pressmark.intake.files import InputFile
from pressmark.intake.read import read
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Anchor, Layout, Source

RESULTS = Path(__file__).parent / "results" / "intake.json"
DAY = "(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
LAYOUT = Layout((Anchor("masthead", "THE JOURNAL", required=True), Anchor("timestamp", DAY)))
SOURCE = Source("journal", "The Journal", "Journal House", "en", timezone="Europe/London", layout=LAYOUT)
PAGES = 4
"""One page of HTML for this many records: it takes as much longer."""


@dataclass(frozen=True)
class Case:
    """A line of the table."""

    name: str
    format: str
    ending: str
    files: list[bytes]
    bare: Callable[[list[bytes]], int]
    """Reads the files with what reads the format alone, and returns how many articles it found."""

    shape: str = "pressmark"
    held: int = 0
    """Bytes that the files hold, where they are packed."""


def bare_lines(data: bytes) -> int:
    """Return how many lines orjson reads."""
    return sum(bool(orjson.loads(line)) for line in data.splitlines())


def bare_xhtml(data: bytes) -> int:
    """Return in how many lines orjson and lxml find XHTML with words."""
    bodies = (orjson.loads(line)["body_xhtml"] for line in data.splitlines())
    return sum(bool(lxml_html.document_fromstring(body).text_content()) for body in bodies)


def bare_csv(data: bytes) -> int:
    """Return how many rows the csv module reads."""
    return sum(1 for _ in csv.DictReader(io.StringIO(data.decode())))


def bare_parquet(data: bytes) -> int:
    """Return how many rows pyarrow reads into Python."""
    return len(pq.read_table(io.BytesIO(data)).to_pylist())


def bare_warc(data: bytes) -> int:
    """Return how many pages warcio and trafilatura find."""
    return sum(bool(extract(each.content_stream().read())) for each in ArchiveIterator(io.BytesIO(data)))


def formats(count: int) -> list[Case]:
    """Return a case for each format."""
    records = [record(number) for number in range(count)]
    lines = as_lines(records)
    pages = [page(number) for number in range(count // PAGES)]
    plain = [plain_page(number) for number in range(count)]
    zst = bytes(pa.compress(lines, "zstd", asbytes=True))
    return [
        Case("page / decode", "page", "txt", plain, lambda f: sum(bool(each.decode().split("\n")) for each in f)),
        Case("html / trafilatura", "html", "html", pages, lambda f: sum(bool(extract(each)) for each in f)),
        Case(
            "warc.gz / warcio, trafilatura",
            "warc",
            "warc.gz",
            [crawl(len(pages))],
            lambda f: bare_warc(f[0]),
            held=sum(map(len, pages)),
        ),
        Case("jsonl / orjson", "jsonl", "jsonl", [lines], lambda f: bare_lines(f[0])),
        Case(
            *("jsonl.gz / gzip, orjson", "jsonl", "jsonl.gz", [gzip.compress(lines, 6)]),
            lambda f: bare_lines(gzip.decompress(f[0])),
            held=len(lines),
        ),
        Case(
            *("jsonl.zst / zstd, orjson", "jsonl", "jsonl.zst", [zst]),
            lambda f: bare_lines(bytes(pa.decompress(f[0], len(lines), "zstd", asbytes=True))),
            held=len(lines),
        ),
        Case("json / json", "json", "json", [json.dumps(records).encode()], lambda f: len(json.loads(f[0]))),
        Case("csv / csv", "csv", "csv", [as_csv(records)], lambda f: bare_csv(f[0])),
        Case(
            "parquet / pyarrow",
            "parquet",
            "parquet",
            [as_parquet(records)],
            lambda f: bare_parquet(f[0]),
            held=len(lines),
        ),
    ]


def shapes(count: int) -> list[Case]:
    """Return a case for each known shape: as JSON Lines, and documents of NIKL as the file of JSON that they are."""
    columns = [shaped(number) for number in range(count)]
    known = ("ninjs", "news-article", "trafilatura", "news-please", "fundus")
    cases = [
        Case(f"{shape} / orjson", "jsonl", "jsonl", [as_lines([each[shape] for each in columns])], _first_lines, shape)
        for shape in known
    ]
    marked = as_lines([each["ninjs of XHTML"] for each in columns])
    documents = json.dumps({"id": "NW", "document": [each["nikl"] for each in columns]}).encode()
    return [
        *cases,
        Case("ninjs of XHTML / orjson, lxml", "jsonl", "jsonl", [marked], lambda f: bare_xhtml(f[0]), "ninjs"),
        Case("nikl / json", "json", "json", [documents], lambda f: len(json.loads(f[0])["document"]), "nikl"),
    ]


def _first_lines(files: list[bytes]) -> int:
    return bare_lines(files[0])


def worked() -> float:
    """Return the seconds that processors worked for this process, and for those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def timed(case: Case, rounds: int) -> tuple[int, float, float]:
    """Return how many articles there are, and the seconds of intake and of the bare reader: medians."""
    ours, theirs, articles = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        listed = []
        for number, data in enumerate(case.files):
            name = f"{number:05}.{case.ending}"
            (Path(folder) / name).write_bytes(data)
            listed.append(InputFile(name, name, len(data)))
        entry = Input("*", case.format, "journal", shape=case.shape)
        task = ReadTask(0, Path(folder), entry, SOURCE, tuple(listed), 16_000_000)
        for _ in range(rounds):
            start = worked()
            articles = sum(each.article is not None for each in read(task))
            ours.append(worked() - start)
            start = worked()
            found = case.bare(case.files)
            theirs.append(worked() - start)
            assert articles == found, (case.name, articles, found)
    return articles, median(ours), median(theirs)


def main(count: int, rounds: int, only: str, *, write: bool) -> None:
    """Print a line for each format and shape, and keep them where that was asked for."""
    rows = []
    for case in [*formats(count), *shapes(count)]:
        if only in case.name:
            articles, seconds, bare = timed(case, rounds)
            size = (case.held or sum(map(len, case.files))) / 1e6
            rate = f"{articles / seconds:8.0f} articles/s {size / seconds:7.1f} MB/s"
            print(f"{case.name:30} {rate} {seconds / bare:8.1f} times the bare reader", flush=True)
            name, _, beside = case.name.partition(" / ")
            found = {"per_second": round(articles / seconds), "megabytes": round(size / seconds, 1)}
            rows.append({"what": name, "beside": beside, **found, "times": round(seconds / bare, 2)})
    if write:
        told = {**provenance(), "rounds": rounds, "rows": rows}
        RESULTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="a word of the lines that are wanted")
    parser.add_argument("--write", action="store_true", help="keep the figures for the documentation")
    chosen = parser.parse_args()
    main(chosen.articles, chosen.rounds, chosen.only, write=chosen.write)
