"""What is fuzzed: for each name a function of bytes that lets through what is documented, and nothing else.

Whatever it raises is a find. Beside that it asserts what has to hold of a reading. `seeds` are fixtures of ours.
"""

import io
import json
import shutil
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from pressmark.article.contract import contract
from pressmark.article.dates import FIRST_YEAR, LAST_YEAR, utc, written, zone
from pressmark.article.provenance import Capture
from pressmark.article.record import Record
from pressmark.errors import RecipeError
from pressmark.findings import RefusedInputError
from pressmark.intake.admit import admit
from pressmark.intake.decode import decode
from pressmark.intake.draft import Draft
from pressmark.intake.html_door import parse_html
from pressmark.intake.jsonl import from_record
from pressmark.intake.lines import as_utf8, lines
from pressmark.intake.moments import read_moment
from pressmark.intake.page import read_page
from pressmark.intake.plain import read_plain
from pressmark.intake.strict_json import read_object
from pressmark.intake.warc import captures
from pressmark.recipe import read_recipe
from pressmark.release.verify import verify as verify_release
from pressmark.sources import Source, read_source
from support import JOURNAL, PAGE, PAPER, RECIPE, ROOT
from warc_cases import arc, response
from warc_cases import warc as archive

ENCODINGS = ("auto", "utf-8", "utf-16", "gb18030", "cp949")
LIMIT = 1 << 16
ZONES = (None, "Asia/Shanghai", "America/New_York", "Asia/Pyongyang")


def _chosen(data: bytes, count: int) -> tuple[int, bytes]:
    """Take a choice off the bytes."""
    return (data[0] % count, data[1:]) if data else (0, b"")


@cache
def _source(name: str) -> Source:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sources").mkdir()
        text = PAPER if name == "paper" else JOURNAL
        (Path(folder) / "sources" / f"{name}.toml").write_text(text, encoding="utf-8")
        found = read_source(Path(folder), name)
    assert isinstance(found, Source)
    return found


def _admitted(draft: Draft, name: str) -> Record:
    """Let a draft become an article: it keeps the contract, and can be written as UTF-8."""
    capture = Capture("a.txt", "", "0" * 64, "text/plain")
    record = admit(draft, _source(name), capture, "fuzz/1", "a.txt")
    assert not contract("article").faults(record)
    json.dumps(record, ensure_ascii=False).encode()
    return record


def decoder(data: bytes) -> None:
    number, rest = _chosen(data, len(ENCODINGS))
    with suppress(RefusedInputError):
        decode(rest, ENCODINGS[number]).encode()


def page(data: bytes) -> None:
    with suppress(RefusedInputError):
        _admitted(read_page(decode(data), _layout(), zone("Asia/Shanghai")), "paper")


def _layout() -> Any:
    layout = _source("paper").layout
    assert layout is not None
    return layout


def html(data: bytes) -> None:
    with suppress(RefusedInputError):
        _admitted(parse_html(data, timezone="Asia/Shanghai"), "journal")


def warc(data: bytes) -> None:
    number, rest = _chosen(data, 3)
    found = list(captures(io.BytesIO(rest), ("a.warc", "a.warc.gz", "a.arc")[number], LIMIT))
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    assert all(len(each.body) <= LIMIT for each in found)


def jsonl(data: bytes) -> None:
    number, rest = _chosen(data, len(ENCODINGS))
    try:
        for found in lines(as_utf8(iter([rest]), ENCODINGS[number]), 1, LIMIT):
            _record(found.data)
    except RefusedInputError:
        return


def _record(line: bytes) -> None:
    """Read a line in both ways that there are: what the quick one reads is what the strict one reads."""
    quick = read_plain(line, by_line=False)
    strict = _outcome(lambda: from_record(read_object(line.removeprefix(BOM_UTF8)), by_line=False))
    if quick is not None:
        assert _outcome(lambda: from_record(quick, by_line=False, is_plain=True)) == strict


def _outcome(read: Callable[[], Draft]) -> Any:
    try:
        return _admitted(read(), "journal")
    except RefusedInputError as error:
        return error.code, error.place


def day(data: bytes) -> None:
    number, rest = _chosen(data, len(ZONES))
    raw = rest.decode("utf-8", "replace")
    with suppress(ValueError):
        found = read_moment(raw, zone(name) if (name := ZONES[number]) else None)
        assert FIRST_YEAR <= found.on.year <= LAST_YEAR
        if found.at is not None:
            assert utc(written(found.at)) == found.at
    with suppress(ValueError):
        assert FIRST_YEAR <= utc(raw).year <= LAST_YEAR


@cache
def _corpus() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pressmark-fuzz-"))
    (folder / "sources").mkdir()
    return folder


def recipe(data: bytes) -> None:
    number, rest = _chosen(data, 2)
    texts = [RECIPE.encode(), PAPER.encode()]
    texts[number] = rest
    (_corpus() / "corpus.toml").write_bytes(texts[0])
    (_corpus() / "sources" / "paper.toml").write_bytes(texts[1])
    (_corpus() / "sources" / "journal.toml").write_text(JOURNAL, encoding="utf-8")
    with suppress(RecipeError):
        read_recipe(_corpus())


RELEASE = ROOT / "tests" / "releases" / "pressmark-0.1.0"


@cache
def _release() -> tuple[Path, dict[str, bytes]]:
    folder = Path(tempfile.mkdtemp(prefix="pressmark-fuzz-")) / "release"
    shutil.copytree(RELEASE, folder)
    (folder / "gitattributes").rename(folder / ".gitattributes")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return folder, {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def verify(data: bytes) -> None:
    """Change one file of a release: put bytes somewhere into it. Whatever is different has to be found."""
    folder, whole = _release()
    number, rest = _chosen(data, len(whole))
    name = sorted(whole)[number]
    old = whole[name]
    place = int.from_bytes(rest[:4], "big") % (len(old) + 1)
    new = old[:place] + rest[4:] + old[place + len(rest[4:]) :]
    (folder / name).write_bytes(new)
    try:
        found = verify_release(folder)
    finally:
        (folder / name).write_bytes(old)
    assert bool(found) == (new != old), name


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "decoder": decoder,
    "page": page,
    "html": html,
    "warc": warc,
    "jsonl": jsonl,
    "date": day,
    "recipe": recipe,
    "verify": verify,
}

LARGE = ("html", "recipe", "verify")
"""Those of which one execution takes milliseconds or more."""


def seeds(name: str) -> Iterator[bytes]:
    """Yield fixtures of ours for a target to begin with."""
    tests = ROOT / "tests"
    if name == "decoder":
        text = "가람시 나루터에서 어제 등불 잔치가 열렸다. 青岚镇昨天举行了灯会。 Lantern feast."
        for number, encoding in enumerate(("utf-8", "utf-8", "utf-16", "gb18030", "cp949")):
            yield bytes([number]) + text.encode(encoding, "replace")
            yield bytes([0]) + text.encode(encoding, "replace")
    elif name == "page":
        yield PAGE.encode()
        yield from (path.read_bytes() for path in sorted((tests / "pages").rglob("*.txt")))
    elif name == "html":
        yield from (path.read_bytes() for path in sorted((tests / "html").glob("*.html")))
    elif name == "warc":
        yield b"\x00" + archive(2, packed=False)
        yield b"\x01" + archive(2)
        yield b"\x02" + arc(2)
        yield b"\x00" + response("https://quill.example/", b"", "404 Not Found", Transfer_Encoding="chunked")
    elif name == "jsonl":
        article = {
            "id": "r1",
            "published_on": "2020-02-02",
            "title": "A",
            "text": "One.\n\nTwo.",
            "url": "http://a.example/",
        }
        yield b"\x00" + json.dumps(article).encode() + b"\n{}\n"
        yield b"\x01" + b'{"id": "r2", "text": "\\u00e9 \\ud83d\\ude00", "captions": [{"text": "c"}], "rights": {}}'
        yield b"\x02" + json.dumps(article).encode("utf-16")
    elif name == "date":
        words = (
            "2015-07-17 15:46:45",
            "2024-05-21T13:57:16+08:00",
            "1716270000",
            "주체113(2024)년 5월 21일",
            "2024年5月21日",
        )
        yield from (bytes([number % 4]) + each.encode() for number, each in enumerate((*words, "May 21, 2024 3:15 PM")))
    elif name == "recipe":
        yield b"\x00" + RECIPE.encode()
        yield b"\x01" + PAPER.encode()
        yield b"\x01" + JOURNAL.encode()
    else:
        yield from (bytes([number]) + bytes([0, 0, 0, number]) + b"x" for number in range(12))
