"""Files of every format through the one door that builds use: what becomes an article, and why the rest does not."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pressmark.intake.files import InputFile
from pressmark.intake.read import Reading, below_root, finding, input_name, read
from pressmark.intake.shared import Shared
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Source
from warc_cases import page, record, response

JOURNAL = Source("journal", "The Journal", "Journal House", "en", timezone="Europe/London")
LIMIT = 20_000


def task(folder: Path, name: str, data: bytes, format_: str, **more: Any) -> ReadTask:
    """Return the task of reading one file."""
    (folder / name).write_bytes(data)
    stated = {key: more.pop(key) for key in ("fields", "constants", "encoding", "paragraphs") if key in more}
    entry = Input("*", format_, "journal", **stated)
    return ReadTask(0, folder, entry, JOURNAL, (InputFile(name, name, len(data)),), LIMIT, **more)


def readings(folder: Path, name: str, data: bytes, format_: str, **more: Any) -> list[Reading]:
    return list(read(task(folder, name, data, format_, **more)))


def lines(*records: Any) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in records)


def refused(found: list[Reading]) -> list[tuple[int | None, str, str]]:
    return [(each.line, each.rejection.code, each.rejection.place) for each in found if each.rejection]


RECORD = {"id": "a", "text": "Words."}


@pytest.mark.parametrize(
    ("more", "code", "place"),
    [
        ({"url": 5}, "invalid-record", "/url"),
        ({"url": "http://["}, "invalid-record", "/url"),
        ({"id": 7}, "invalid-record", "/id"),
        ({"split": ["train"]}, "invalid-record", "/split"),
        ({"split": "train"}, "unknown-field", "/split"),
        ({"rights": "all of them"}, "invalid-record", "/rights"),
        ({"provenance": "the web"}, "invalid-record", "/provenance"),
        ({"provenance": "the web", "published_at": "2024-05-21T08:30:00Z"}, "invalid-record", "/provenance"),
        ({"captions": "A harbour."}, "invalid-record", "/captions"),
        ({"captions": ["A harbour."]}, "invalid-record", "/captions/0"),
        ({"contributors": [{"name": "Ada Reedham"}]}, "invalid-record", "/contributors/0"),
        ({"contributors": [{"role": "aut", "name": "Ada", "age": 3}]}, "unknown-field", "/contributors/0/age"),
        ({"characters": 6}, "computed-field", "/characters"),
        ({"rights": {"odd": 1}}, "unknown-field", "/rights/odd"),
        ({"tittle": "Ferry out"}, "unknown-field", "/tittle"),
        ({"published_on": "2024-02-30"}, "bad-date", "/published_on"),
        ({"text": " \n\n "}, "empty-text", "/text"),
        ({"text": None}, "invalid-record", "/"),
        ({"title": "A bell\x07"}, "control-character", ""),
    ],
)
def test_a_record_that_breaks_the_contract_says_where(
    tmp_path: Path, more: dict[str, Any], code: str, place: str
) -> None:
    found = readings(tmp_path, "a.jsonl", lines(RECORD, {**RECORD, **more}), "jsonl")
    assert refused(found) == [(2, code, place)]
    assert found[0].article is not None


def test_a_name_that_is_refused_is_described_and_not_shown(tmp_path: Path) -> None:
    name = "A reader who asked not to be named, " * 20
    found = readings(tmp_path, "a.jsonl", lines({**RECORD, "contributors": [{"role": "aut", "name": name}]}), "jsonl")
    assert found[0].rejection is not None
    assert "reader" not in found[0].rejection.detail
    assert f"{len(name.strip())} characters" in found[0].rejection.detail


def test_a_record_may_say_its_split_where_the_recipe_asks_for_it(tmp_path: Path) -> None:
    (found,) = readings(tmp_path, "a.jsonl", lines({**RECORD, "split": "test"}), "jsonl", with_splits=True)
    assert found.split == "test"
    assert found.article is not None
    assert "split" not in found.article


def test_words_that_reserve_rights_are_told_without_being_quoted(tmp_path: Path) -> None:
    text = "A ferry sailed.\n\nAll rights reserved."
    (found,) = readings(tmp_path, "a.jsonl", lines({**RECORD, "text": text}), "jsonl")
    assert found.article is not None
    assert found.article["rights"]["evidence"] == [{"kind": "notice", "scope": "text", "where": "/text"}]


EMPTY = {
    "a.jsonl": ("jsonl", b"\n \r\n"),
    "b.jsonl.gz": ("jsonl", gzip.compress(b"")),
    "c.txt.gz": ("page", gzip.compress(b"")),
    "d.json": ("json", b" \n"),
    "e.json": ("json", b"\xef\xbb\xbf"),
    "f.json": ("json", b"[]"),
    "g.csv": ("csv", b"id,text\n"),
    "h.jsonl": ("jsonl", b""),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_file_with_nothing_in_it_is_told_and_not_passed_over(tmp_path: Path, name: str) -> None:
    format_, data = EMPTY[name]
    assert refused(readings(tmp_path, name, data, format_)) == [(None, "empty-input", "")]


def test_a_crawl_without_a_page_is_told(tmp_path: Path) -> None:
    asked = record("request", "https://quill.example/1", b"GET / HTTP/1.1\r\n\r\n", "application/http")
    found = readings(tmp_path, "a.warc", asked, "warc")
    assert [each.rejection.code for each in found if each.rejection] == ["empty-input"]
    assert [each.notes for each in found if each.notes] == [(("records-passed-over", "", "request 1"),)]


def test_a_page_above_the_limit_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    for format_, name in (("html", "a.html"), ("html", "a.html.gz")):
        data = page(1) + b"<!-- " + b"x" * LIMIT + b" -->"
        data = gzip.compress(data) if name.endswith(".gz") else data
        assert refused(readings(tmp_path, name, data, format_)) == [(None, "too-large", "")]


def test_a_line_above_the_limit_costs_itself_however_many_blocks_it_has(tmp_path: Path) -> None:
    for size in (LIMIT, 3 << 20):
        data = lines(RECORD, {**RECORD, "title": "x" * size}, {**RECORD, "id": "c"})
        found = readings(tmp_path, "a.jsonl", data, "jsonl")
        assert refused(found) == [(2, "too-large", "")]
        assert [each.line for each in found] == [1, 2, 3]


def test_utf_16_of_several_blocks_is_read_to_its_end(tmp_path: Path) -> None:
    data = "".join(f'{{"id": "{number}", "text": "기사 {number}"}}\n' for number in range(200))
    for encoding in ("auto", "utf-16"):
        long = (data * 40).encode("utf-16")
        assert len(long) > 400_000
        packed = b"".join(gzip.compress(long[at : at + 9999]) for at in range(0, len(long), 9999))
        found = readings(tmp_path, "a.jsonl.gz", packed, "jsonl", encoding=encoding)
        assert [each.article["text"] for each in found if each.article] == [
            *(f"기사 {number}" for number in range(200))
        ] * 40


def test_what_is_no_utf_16_although_it_is_declared_so_is_refused(tmp_path: Path) -> None:
    data = '{"id": "a", "text": "Words."}\n'.encode("utf-16-le") + b"\x00\xd8"
    found = readings(tmp_path, "a.jsonl", data, "jsonl", encoding="utf-16")
    assert [each.article["id"] for each in found if each.article] == ["journal:a"]
    assert refused(found) == [(2, "wrong-encoding", "")]


def test_what_stands_before_the_end_of_a_file_that_was_cut_short_is_read(tmp_path: Path) -> None:
    chance = os.urandom(3000).hex()
    data = gzip.compress(lines(RECORD, {**RECORD, "id": "b", "text": chance}))
    found = readings(tmp_path, "a.jsonl.gz", data[:-1000], "jsonl")
    assert [each.article["id"] for each in found if each.article] == ["journal:a"]
    assert refused(found) == [(2, "bad-compression", "")]


def test_a_disk_that_fails_costs_its_file_and_no_other() -> None:
    # Of this file of the system the first bytes are there by its length, and cannot be read.
    folder, entry = Path("/proc/self"), Input("*", "jsonl", "journal")
    failing, good = InputFile("mem", "mem", 4096), InputFile("comm", "comm", 16)
    found = list(read(ReadTask(0, folder, entry, JOURNAL, (failing, good), LIMIT)))
    assert [(each.file, each.rejection and each.rejection.code) for each in found] == [
        ("mem", "unreadable-file"),
        ("comm", "bad-json"),
    ]
    assert found[0].rejection is not None
    assert found[0].rejection.detail.startswith("the system says: ")


def test_texts_of_wet_files_are_articles_without_their_credits(tmp_path: Path) -> None:
    url = "https://quill.example/1"
    texts = {
        f"{url}1": "The ferry is out.\n\nNobody knows why.\nSource: The Quill\n",
        f"{url}2": " \n\n",
        f"{url}3": "The ferry is in.\nAll rights reserved.\n",
        f"{url}4": "출처: 유포신문",
    }
    data = b"".join(record("conversion", url, text.encode(), "text/plain") for url, text in texts.items())
    found = readings(tmp_path, "a.warc.wet", data, "warc")
    articles = [each.article for each in found if each.article]
    assert [(each["url"], each["text"]) for each in articles] == [
        (f"{url}1", "The ferry is out.\n\nNobody knows why."),
        (f"{url}3", "The ferry is in.\n\nAll rights reserved."),
    ]
    assert ["evidence" in each["rights"] for each in articles] == [False, True]
    assert {each["provenance"]["capture_media_type"] for each in articles} == {"text/plain"}
    assert refused(found) == [(2, "empty-text", ""), (4, "invalid-record", "/")]


def test_a_crawl_is_read_with_the_robots_txt_that_stands_behind_its_pages(tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /closed/\n"
    data = b"".join(
        (
            response("https://quill.example/closed/1", page(1)),
            response("https://quill.example/open/2", page(2)),
            response("https://other.example/closed/3", page(3)),
            response("https://quill.example/robots.txt", rules, Content_Type="text/plain"),
            *(response(f"https://quill.example/{n}", b"x", f"{n} None") for n in range(400, 415)),
        )
    )
    *found, told = readings(tmp_path, "a.warc", data, "warc")
    articles = [each.article for each in found if each.article]
    assert [each["rights"].get("reservations", [{}])[0].get("value") for each in articles] == [
        "disallow",
        "allow",
        None,
    ]
    assert {each["provenance"]["retrieved_at"] for each in articles} == {"2024-05-21T04:57:16Z"}
    ((code, _, detail),) = told.notes
    assert (code, told.line) == ("records-passed-over", None)
    assert "robots.txt 1" in detail
    assert detail.endswith(" and 16 in all")


def test_a_crawler_s_page_that_is_damaged_is_refused_with_its_number(tmp_path: Path) -> None:
    data = response("https://quill.example/1", page(1)).replace(b"First of", b"Worst of")
    found = readings(tmp_path, "a.warc", data + response("https://quill.example/2", page(2)), "warc")
    assert refused(found) == [(1, "bad-digest", "byte 0")]
    assert [each.article["url"] for each in found if each.article] == ["https://quill.example/2"]


def test_bytes_that_were_read_are_told_in_order(tmp_path: Path) -> None:
    job = task(tmp_path, "a.jsonl", lines(RECORD, {**RECORD, "id": "b"}), "jsonl")
    told: list[int] = []
    assert len(list(read(job, told.append))) == 2
    assert told == sorted(told)
    assert told[-1] <= job.size


def test_columns_of_a_table_are_mapped(tmp_path: Path) -> None:
    data = b"key,body,by\n1,Words.,Ada Reedham\n2,,\n"
    fields = (("id", "key"), ("text", "/body"), ("contributors", "by"))
    found = readings(tmp_path, "a.csv", data, "csv", fields=fields, constants=(("section", "Town"),))
    assert found[0].article is not None
    assert (found[0].article["id"], found[0].article["section"]) == ("journal:1", ["Town"])
    assert refused(found) == [(2, "invalid-record", "/")]
    found = readings(tmp_path, "b.csv", b"key,by\n1,Ada\n", "csv", fields=fields)
    assert refused(found) == [(None, "bad-row", "row 0")]


def test_a_path_counts_from_the_first_wildcard() -> None:
    assert below_root("pages/2024/*.txt", "pages/2024/a.txt") == "a.txt"
    assert below_root("pages/2024-?.txt", "pages/2024-1.txt") == "2024-1.txt"
    assert below_root("*.txt", "a.txt") == "a.txt"


def test_an_input_is_named_by_its_file_and_its_line() -> None:
    assert [input_name("a.jsonl", 3), input_name("a.txt", None)] == ["a.jsonl:3", "a.txt"]
    assert finding("bad-json", "a.jsonl", 3, "character 1", "x").place == "line 3, character 1"
    assert finding("bad-json", "a.txt", None, "", "x").place == ""


def told_of(folder: Path, *articles: tuple[str, str], format_: str = "page") -> list[tuple[str, str, str, str]]:
    entry = Input("pages/*.txt", format_, "journal")
    shared = Shared(ReadTask(0, folder, entry, JOURNAL, (), LIMIT))
    for number, (title, text) in enumerate(articles):
        shared.take({"title": title, "text": text, "text_sha256": text}, f"pages/{number}.txt")
    return list(shared.told())


def test_a_headline_that_most_pages_share_is_the_site_s(tmp_path: Path) -> None:
    pages = [("The Journal", f"Words of {number}.\n\nRead on") for number in range(4)]
    (headline, line) = told_of(tmp_path, *pages, ("Ferry out", "Words."))
    assert headline == ("shared-headline", "pages/*.txt", "title", headline[3])
    assert headline[3].startswith("found the same on 4 of 5 pages, such as pages/0.txt")
    assert (line[0], line[2]) == ("shared-line", "text")
    assert "Read on" not in line[3]


def test_what_copies_and_half_of_the_pages_share_is_told_of_none(tmp_path: Path) -> None:
    assert told_of(tmp_path, *[("The Journal", "Words.")] * 5) == []
    assert told_of(tmp_path, *[("", f"{number}") for number in range(5)]) == []
    assert told_of(tmp_path, *[(f"Title {number % 3}", f"{number}") for number in range(6)]) == []
    assert told_of(tmp_path, *[("The Journal", f"{number}") for number in range(5)], format_="jsonl") == []


@pytest.mark.parametrize(
    ("text", "described"),
    [(["Words."], "a list"), (5, "a number"), (True, "true or false"), ({"p": "Words."}, "an object")],
)
def test_a_text_that_is_no_string_is_refused_by_its_own_name(tmp_path: Path, text: Any, described: str) -> None:
    (found,) = readings(tmp_path, "a.jsonl", lines({"id": "a", "text": text}), "jsonl")
    assert found.rejection
    assert (found.rejection.place, found.rejection.detail) == ("/text", f"found {described}, expected a string")


@pytest.mark.parametrize("title", [["The mayor"], {"en": "The mayor"}])
def test_no_words_of_a_headline_are_shown_whatever_holds_them(tmp_path: Path, title: Any) -> None:
    (found,) = readings(tmp_path, "a.jsonl", lines({**RECORD, "title": title}), "jsonl")
    assert found.rejection
    assert found.rejection.place == "/title"
    assert "mayor" not in str(found.rejection)
    assert "mayor" not in found.rejection.detail


def test_a_crawl_without_a_page_is_told_of_the_file_and_no_record(tmp_path: Path) -> None:
    data = record("request", "https://quill.example/1", b"GET / HTTP/1.1\r\n\r\n", "application/http")
    assert refused(readings(tmp_path, "a.warc", data, "warc")) == [(None, "empty-input", "")]
