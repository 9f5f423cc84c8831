"""Pages as they come: what is read of them, what is refused, and that the way they were typed changes nothing.

`pages/good/NAME.txt` is a page in the layout of corpus/three-papers/sources/yupo-sinmun-ko.toml, `NAME.json` what has
to be read of it, written by hand: fields that the page does not give are not there, and `text` is a list of paragraphs.
`pages/bad/CODE-NAME.txt` is a page that has to be refused with that code. All of them are invented.
"""

import codecs
import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from pressmark.article.contract import contract
from pressmark.findings import CATALOGUE, Kind
from pressmark.intake.files import find
from pressmark.intake.read import Reading, read
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Source, read_source
from strategies import checked
from support import ROOT

PAGES = Path(__file__).parent / "pages"
GOOD = sorted(PAGES.glob("good/*.txt"))
BAD = sorted(PAGES.glob("bad/*.txt"))
MAIN = PAGES / "good" / "translated-four-decks.txt"

FIELDS = (
    "title",
    "subtitles",
    "contributors",
    "section",
    "derivation",
    "published_on",
    "published_at",
    "published_precision",
    "captions",
)


@cache
def source() -> Source:
    found = read_source(ROOT / "corpus" / "three-papers", "yupo-sinmun-ko")
    assert isinstance(found, Source)
    return found


def reading(data: bytes, folder: Path) -> Reading:
    """Read one page as a build does, from a file of a corpus folder."""
    (folder / "page.txt").write_bytes(data)
    files = tuple(find(folder, ["*.txt"]))
    (found,) = read(ReadTask(0, folder, Input("*.txt", "page", "yupo-sinmun-ko"), source(), files, 10**6))
    return found


def article(data: bytes, folder: Path) -> dict[str, Any]:
    found = reading(data, folder)
    assert found.article is not None, str(found.rejection and (found.rejection.code, found.rejection.detail))
    return found.article


def shown(found: Reading) -> dict[str, Any]:
    """Return a reading as the files beside the pages have it."""
    assert found.article is not None, str(found.rejection and (found.rejection.code, found.rejection.detail))
    record = found.article
    other = {
        "text": record["text"].split("\n\n"),
        "syndicated_from": record["provenance"].get("syndicated_from"),
        "notice": record["rights"].get("notice"),
        "evidence": [entry["kind"] for entry in record["rights"]["evidence"]],
        "notes": [code for code, _, _ in found.notes],
    }
    fields = {name: record[name] for name in FIELDS if name in record} | other
    return {name: value for name, value in fields.items() if value is not None}


def same(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a record may not depend on how its page was typed."""
    kept = {key: value for key, value in record["provenance"].items() if key not in ("capture_sha256", "steps")}
    kept["published_raw"] = kept["published_raw"].replace("：", ":")
    return {**record, "provenance": kept}


def steps(record: Mapping[str, Any]) -> dict[str, int]:
    return {each["step"]: each["count"] for each in record["provenance"]["steps"]}


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_page_gives_the_record_beside_it(path: Path, tmp_path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_bytes())
    assert expected == shown(reading(path.read_bytes(), tmp_path))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_the_record_of_a_page_is_valid_and_true_to_its_bytes(path: Path, tmp_path: Path) -> None:
    record = article(path.read_bytes(), tmp_path)
    assert contract("article").reference_holds(record)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == record["provenance"]["capture_sha256"]
    assert hashlib.sha256(record["text"].encode()).hexdigest() == record["text_sha256"]
    assert len(record["text"]) == record["characters"]
    assert record["provenance"]["published_raw"] in path.read_text(encoding="utf-8").splitlines()
    assert (record["id"], record["rights_status"]) == ("yupo-sinmun-ko:page", "unknown")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_line_of_the_body_stands_in_the_record(path: Path, tmp_path: Path) -> None:
    record = article(path.read_bytes(), tmp_path)
    names = [person["name"] for person in record.get("contributors", ())] + [
        record["provenance"].get("syndicated_from", "-")
    ]
    placed = [record["title"], *record.get("subtitles", ()), *record["text"].split("\n\n")]
    placed += [caption["text"] for caption in record.get("captions", ())]
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    start = next(number for number, line in enumerate(lines) if line.startswith("유포신문 >")) + 1
    end = next(number for number, line in enumerate(lines) if line == "관련 기사" or line.startswith("版权所有"))
    rest = [line for line in lines[start:end] if line not in placed]
    rest = [line for line in rest if line != record["provenance"]["published_raw"]]
    rest = [line for line in rest if not line.lower().endswith((".jpeg", ".jpg", ".png"))]
    assert [line for line in rest if not any(name in line for name in names)] == []


def test_pages_and_records_are_paired() -> None:
    assert [path.stem for path in GOOD] == sorted(path.stem for path in PAGES.glob("good/*.json"))
    assert len(GOOD) >= 12
    assert len(BAD) >= 9


def code_of(path: Path) -> str:
    rejected = [name for name, code in CATALOGUE.items() if code.kind is Kind.REJECTED]
    return next(name for name in rejected if path.stem.startswith(f"{name}-"))


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.stem) for path in BAD],
)
def test_a_bad_page_is_refused_with_the_code_of_its_name(path: Path, tmp_path: Path) -> None:
    found = reading(path.read_bytes(), tmp_path)
    assert found.rejection is not None
    assert code_of(path) == found.rejection.code
    assert found.article is None


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_the_refusal_of_a_page_shows_none_of_its_words(path: Path, tmp_path: Path) -> None:
    found = reading(path.read_bytes(), tmp_path)
    told = f"{found.rejection.place} {found.rejection.detail}" if found.rejection else ""
    assert [word for word in ("수영장", "청소년", "입장료", "김치움") if word in told] == []


# The same page, typed in other ways


def without_blank_lines(page: str) -> str:
    return "\n".join(line for line in page.split("\n") if line)


def with_more_blank_lines(page: str) -> str:
    return "\n \n" + page.replace("\n", "\n\n\u3000\n\n") + "\n\n\n"


def indented(page: str) -> str:
    return "\n".join(
        f"\u3000\u3000{line}" if number % 2 else f"    {line}" for number, line in enumerate(lines_of(page))
    )


def with_trailing_spaces(page: str) -> str:
    return "".join(f"{line}{' ' * (number % 3)}\u00a0 \n" for number, line in enumerate(lines_of(page)))


def lines_of(page: str) -> list[str]:
    return page.split("\n")


TYPINGS: dict[str, Callable[[str], bytes]] = {
    "CRLF": lambda page: page.replace("\n", "\r\n").encode(),
    "CR": lambda page: page.replace("\n", "\r").encode(),
    "byte order mark": lambda page: codecs.BOM_UTF8 + page.encode(),
    "NFD": lambda page: unicodedata.normalize("NFD", page).encode(),
    "GB18030": lambda page: page.encode("gb18030"),
    "UTF-16 LE": lambda page: codecs.BOM_UTF16_LE + page.encode("utf-16-le"),
    "UTF-16 BE": lambda page: codecs.BOM_UTF16_BE + page.encode("utf-16-be"),
    "full-width colons": lambda page: page.replace(":", "：").encode(),
    "no blank lines": lambda page: without_blank_lines(page).encode(),
    "more blank lines": lambda page: with_more_blank_lines(page).encode(),
    "indented": lambda page: indented(page).encode(),
    "trailing spaces": lambda page: with_trailing_spaces(page).encode(),
    "no line end at the end": lambda page: page.rstrip("\n").encode(),
    "everything at once": lambda page: (
        codecs.BOM_UTF16_BE
        + unicodedata.normalize("NFD", with_trailing_spaces(indented(without_blank_lines(page))))
        .replace(":", "：")
        .replace("\n", "\r\n")
        .encode("utf-16-be")
    ),
}


@pytest.mark.parametrize("typing", TYPINGS)
def test_the_way_a_page_was_typed_changes_nothing(typing: str, tmp_path: Path) -> None:
    page = MAIN.read_text(encoding="utf-8")
    typed = TYPINGS[typing](page)
    assert typed != page.encode()
    assert same(article(page.encode(), tmp_path)) == same(article(typed, tmp_path))


@pytest.mark.parametrize("typing", [name for name in TYPINGS if name != "full-width colons"])
@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_good_page_reads_the_same_in_other_typings(path: Path, typing: str, tmp_path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    if "everything" in typing:
        page = page.replace(":", "：")  # one of these pages has a colon in its text, which stays as it is
    assert same(article(page.encode(), tmp_path)) == same(article(TYPINGS[typing](page), tmp_path))


DONE: dict[str, Callable[[str], dict[str, int]]] = {
    "CRLF": lambda page: {"line-ends": page.count("\n")},
    "byte order mark": lambda _: {"byte-order-mark": 1},
    "NFD": lambda page: {"nfc": len(unicodedata.normalize("NFD", page)) - len(page)},
    "trailing spaces": lambda page: {
        "plain-spaces": page.count("\n") + 1,
        "outer-spaces": len(with_trailing_spaces(page)) - len(page) - 1,
    },
    "indented": lambda page: {"outer-spaces": len(indented(page)) - len(page)},
    "GB18030": lambda _: {},
    "UTF-16 LE": lambda _: {"byte-order-mark": 1},
    "no blank lines": lambda _: {},
}


@pytest.mark.parametrize("typing", DONE)
def test_what_was_done_to_a_typed_page_is_counted(typing: str, tmp_path: Path) -> None:
    page = MAIN.read_text(encoding="utf-8")
    plain, typed = (steps(article(data, tmp_path)) for data in (page.encode(), TYPINGS[typing](page)))
    assert plain | DONE[typing](page) == typed


FORMS: list[Literal["NFC", "NFD"]] = ["NFC", "NFD"]


@st.composite
def typings(draw: DrawFn, page: str) -> bytes:
    """Draw a page in any mixture of line ends, blank lines, spaces around lines, colons, forms and encodings."""
    around = st.text(" \u3000\u00a0\t", max_size=3)
    blank = st.lists(around, max_size=3)
    pieces = [*draw(blank)]
    for line in without_blank_lines(page).split("\n"):
        colon, form = draw(st.sampled_from(":：")), draw(st.sampled_from(FORMS))
        written = unicodedata.normalize(form, line.replace(":", colon))
        pieces += [f"{draw(around)}{written}{draw(around)}", *draw(blank)]
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(pieces)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"]))
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    return mark + text.encode(encoding)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("typed")


@checked(200)
@given(data=typings(MAIN.read_text(encoding="utf-8")))
@example(data=TYPINGS["everything at once"](MAIN.read_text(encoding="utf-8")))
def test_any_mixture_of_typings_gives_the_same_record(data: bytes, folder: Path) -> None:
    assert same(article(MAIN.read_bytes(), folder)) == same(article(data, folder))
