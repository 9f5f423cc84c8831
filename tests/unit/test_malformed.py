"""Records and pages with random damage: each is an article or a refusal with a code, and none is missing."""

import json
import random
from pathlib import Path

import pytest

from pressmark.findings import CATALOGUE, RefusedInputError
from pressmark.intake.files import InputFile
from pressmark.intake.html import read_html
from pressmark.intake.read import Reading, read
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Source

PAGES = sorted((Path(__file__).parents[1] / "html").glob("*.html"))
TOKENS = [
    *(
        b'"',
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\0",
        b"\xff",
        b"\r",
        b"\\ud800",
        b"\\u0000",
        b"1e999",
        b"NaN",
        b"null",
    ),
    *(
        "\u2028".encode(),
        b"\xef\xbb\xbf",
        b"<",
        b">",
        b"<!--",
        b"-->",
        b"<script>",
        b"</p>",
        b"&#0;",
        b"&#x110000;",
        b"<![CDATA[",
    ),
]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few of them changed, cut out, doubled or put in."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        length = chance.choice((1, 1, 2, 8, 40))
        kind = chance.randrange(5)
        if kind == 0:
            data = data[:at] + bytes(chance.randrange(256) for _ in range(length)) + data[at + length :]
        elif kind == 1:
            data = data[:at] + data[at + length :]
        elif kind == 2:
            data = data[:at] + data[at : at + length] * 2 + data[at + length :]
        elif kind == 3:
            data = data[:at] + chance.choice(TOKENS) + data[at:]
        else:
            data = data[:at]
    return data


def record(number: int) -> dict[str, object]:
    return {
        "id": f"r{number}",
        "url": f"https://quill.example/{number}",
        "title": f"A title 기사 {number}",
        "published_at": "2024-05-21T08:30:00Z",
        "section": ["Town"],
        "text": f"One paragraph.\n\nAnother “one” of number {number}.",
        "rights": {"notice": "All rights reserved."},
    }


def readings(folder: Path, name: str, format_: str, data: bytes) -> list[Reading]:
    (folder / name).write_bytes(data)
    file = InputFile(name, name, len(data))
    source = Source("journal", "The Journal", "Journal House", "en", timezone="Europe/London")
    return list(read(ReadTask(0, folder, Input("*", format_, "journal"), source, (file,), 10_000)))


def check_records(folder: Path, seed: int, count: int) -> int:
    chance = random.Random(seed)  # noqa: S311 - a seed repeats the run
    refused = 0
    for number in range(0, count, 10):
        lines = [json.dumps(record(number + each), ensure_ascii=False).encode() for each in range(10)]
        # Without line ends of their own, so that it is known how many there are.
        lines = [damaged(line, chance).replace(b"\n", b" ") or b"x" for line in lines]
        found = readings(folder, "a.jsonl", "jsonl", b"\n".join(lines))
        assert [each.line for each in found] == [place for place, line in enumerate(lines, 1) if line.strip()], number
        array = b"[" + b",".join(lines) + b"]"
        found += readings(folder, "a.json", "json", array)
        found += readings(folder, "a.csv", "csv", b"id,text\n" + b"\n".join(lines))
        for each in found:
            assert (each.article is None) is (each.rejection is not None)
            assert each.rejection is None or each.rejection.code in CATALOGUE
        refused += sum(each.rejection is not None for each in found)
    return refused


def check_pages(seed: int, count: int) -> int:
    chance = random.Random(seed)  # noqa: S311 - a seed repeats the run
    refused = 0
    for _ in range(count):
        code = outcome(damaged(chance.choice(PAGES).read_bytes(), chance))
        assert code in CATALOGUE or not code
        refused += bool(code)
    return refused


def outcome(data: bytes) -> str:
    """Return the code of the refusal of a page, or nothing where it has a text."""
    try:
        return "" if read_html(data).fields["text"] else "no text"
    except RefusedInputError as error:
        return error.code


def test_a_sample_of_damaged_records(tmp_path: Path) -> None:
    assert check_records(tmp_path, 1, 200) > 0


def test_a_sample_of_damaged_pages() -> None:
    check_pages(1, 60)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [2, 3])
def test_damaged_records_cost_themselves(tmp_path: Path, seed: int) -> None:
    print(f"seed {seed}: 10000 records in three formats, {check_records(tmp_path, seed, 10_000)} refused")


@pytest.mark.soak
def test_damaged_pages_cost_themselves() -> None:
    print(f"5000 pages, {check_pages(4, 5000)} refused")
