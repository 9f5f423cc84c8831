"""A corpus is begun: `pressmark init` writes a folder that builds at once, and says what it could not tell."""

import contextlib
import csv
import json
import os
import pty
import random
import select
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import CommitOperationAdd

from conftest import Run
from hub_client import api, patient_client
from pressmark import PressmarkError, UsageError, build, check, verify
from pressmark.beginning.corpus import Begun, Wish, begin
from pressmark.beginning.fields import proposed
from pressmark.beginning.sample import Kind, kind_of
from pressmark.hub.local.server import serving
from pressmark.recipe import read_recipe
from support import AS_OF, ROOT
from warc_cases import response

WORDS = ["river", "bridge", "ferry", "market", "lantern", "harbour", "meadow", "council", "winter", "stone", "window"]
SAID = Wish(language="en-GB", contact="desk@reed.example")


def text(chance: random.Random, mark: str = "\n\n") -> str:
    return mark.join(" ".join(chance.choices(WORDS, k=30)).capitalize() + "." for _ in range(3))


def rows(mark: str = "\n\n") -> list[dict[str, Any]]:
    chance = random.Random(4)  # noqa: S311 - words, no secrets
    return [
        {
            "ArticleID": number,
            "Headline": f"Headline {number} of the day",
            "Body": text(chance, mark),
            "Date": f"{1 + number} March 2021",
            "Byline": "By Ann Reed",
            "Category": "Town",
            "Link": f"https://gazette.example/{number}",
        }
        for number in range(12)
    ]


def as_csv(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, list(rows()[0]))
        table.writeheader()
        table.writerows(rows("\n"))


def as_json(path: Path) -> None:
    nested = [{"meta": {"guid": row["ArticleID"], "pubDate": row["Date"]}, "content": row["Body"]} for row in rows()]
    path.write_text(json.dumps([{**each, "subject": "Of the town"} for each in nested]), encoding="utf-8")


def as_own(path: Path) -> None:
    own = [{"id": f"r{row['ArticleID']}", "title": row["Headline"], "text": row["Body"]} for row in rows()]
    dated = [{**each, "published_on": "2021-03-01"} for each in own]
    path.write_text("".join(json.dumps(each) + "\n" for each in dated), encoding="utf-8")


def as_trafilatura(path: Path) -> None:
    found = [
        {"title": row["Headline"], "text": row["Body"], "date": "2021-03-01", "source": row["Link"], "hostname": "x"}
        for row in rows()
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in found), encoding="utf-8")


def as_parquet(path: Path) -> None:
    names = {"본문": "Body", "제목": "Headline", "번호": "ArticleID", "일자": "Date"}
    pq.write_table(pa.table({name: [row[key] for row in rows()] for name, key in names.items()}), path)


def as_pages(path: Path) -> None:
    path.mkdir()
    chance = random.Random(5)  # noqa: S311 - words, no secrets
    for number, row in enumerate(rows()):
        lines = ["THE REEDWICK COURIER", "Reedwick Courier > Town", f"{chance.choice(WORDS)} of the town {number}"]
        lines += [f"{1 + number} March 2021, 1{number % 10}:30", f"By Ann Reed the {number}th", row["Body"]]
        lines += ["ferry.jpg", "The ferry at noon"] if number % 3 else []
        lines += ["Read also", f"Another thing {number}", "© 2021 Reedwick Courier. All rights reserved."]
        (path / f"{number}.txt").write_text("\n\n".join(lines), encoding="utf-8")


def as_semicolons(path: Path) -> None:
    """What a European spreadsheet saves as CSV."""
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        table = csv.DictWriter(stream, list(rows()[0]), delimiter=";")
        table.writeheader()
        table.writerows({**row, "Body": f"{row['Body']}\n\nOne, two, three; four."} for row in rows())


def as_tabs(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, list(rows()[0]), delimiter="\t")
        table.writeheader()
        table.writerows(rows())


def as_numbers(path: Path) -> None:
    """What a table of floats becomes: ids with a fraction, and a headline that looks like a number."""
    odd = [{"id": float(row["ArticleID"]), "title": 1984, "text": row["Body"], "date": 20210301.0} for row in rows()]
    path.write_text("".join(json.dumps(each) + "\n" for each in odd), encoding="utf-8")


def as_mixed_lists(path: Path) -> None:
    def mixed(row: dict[str, Any]) -> dict[str, Any]:
        body = [*row["Body"].split("\n\n"), None, 1984]
        authors = ["Ann Reed", {"@type": "Person", "name": "Bo Quill"}, None]
        lists = {"Headline": [row["Headline"]], "Body": body, "Category": ["Town", 3, ""], "Byline": authors}
        return {**row, **lists, "Link": [row["Link"]]}

    path.write_text("".join(json.dumps(mixed(each)) + "\n" for each in rows()), encoding="utf-8")


def as_parquet_with_pictures(path: Path) -> None:
    columns = {key: [row[key] for row in rows()] for key in rows()[0]}
    picture = [bytes([255, 216, number]) for number in range(12)]
    nested = [{"bytes": each, "path": "a.jpg"} for each in picture]
    pq.write_table(pa.table({"picture": picture, **columns, "image": nested}), path)


def as_warc(path: Path) -> None:
    with path.open("wb") as stream:
        for row in rows():
            words = "".join(f"<p>{each}</p>" for each in row["Body"].split("\n\n"))
            head = f"<title>{row['Headline']}</title><meta name='date' content='2021-03-01'>"
            html = f"<html><head>{head}</head><body><article>{words}</article></body></html>"
            stream.write(response(row["Link"], html.encode()))


KINDS: dict[str, tuple[str, Callable[[Path], None], dict[str, Any]]] = {
    "a table": ("a.csv", as_csv, {"format": "csv", "paragraphs": "line"}),
    "an array": ("a.json", as_json, {"format": "json", "fields": {"id": "/meta/guid", "title": "subject"}}),
    "the contract's own records": ("a.jsonl", as_own, {"format": "jsonl"}),
    "records of trafilatura": ("a.jsonl", as_trafilatura, {"format": "jsonl", "shape": "trafilatura"}),
    "Korean columns": ("a.parquet", as_parquet, {"format": "parquet", "fields": {"text": "본문"}}),
    "semicolons": ("a.csv", as_semicolons, {"format": "csv", "delimiter": ";", "fields": {"text": "Body"}}),
    "semicolons in a file of text": ("a.txt", as_semicolons, {"format": "csv", "delimiter": ";"}),
    "tabs in a file of commas": ("a.csv", as_tabs, {"format": "tsv"}),
    "numbers": ("a.jsonl", as_numbers, {"fields": {"id": "id", "title": "title", "published_at": "date"}}),
    "mixed lists": ("a.jsonl", as_mixed_lists, {"fields": {"text": "Body", "url": "Link", "section": "Category"}}),
    "pictures in columns": ("a.parquet", as_parquet_with_pictures, {"format": "parquet", "fields": {"text": "Body"}}),
    "pages of text": ("pages", as_pages, {"format": "page"}),
    "a crawler's file": ("a.warc", as_warc, {"format": "warc"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_proposed_reads_every_article_and_builds(kind: str, tmp_path: Path) -> None:
    name, write, expected = KINDS[kind]
    write(tmp_path / name)
    begun = begin(tmp_path / "corpus", SAID, [str(tmp_path / name)])
    assert [(len(trial.articles), trial.looked_at) for trial in begun.trials] == [(12, 12)]
    (entry,) = tomllib.loads((begun.folder / "corpus.toml").read_text(encoding="utf-8"))["input"]
    for key, value in expected.items():
        assert value.items() <= entry[key].items() if isinstance(value, dict) else entry[key] == value
    assert begun.untold == []
    assert check(begun.folder).findings == []
    result = build(begun.folder, "1.0.0", out=tmp_path / "dist", work=tmp_path / "work", as_of=AS_OF)
    assert result.lines["vault"].counts["published"] == 12
    assert result.lines["open"].counts["withheld"] == 12
    assert verify(result.lines["open"].folder) == []


def test_pages_of_a_paper_are_taken_apart(tmp_path: Path) -> None:
    as_pages(tmp_path / "pages")
    begun = begin(tmp_path / "corpus", SAID, [str(tmp_path / "pages")])
    (trial,) = begun.trials
    article = trial.articles[1]
    assert article["section"] == ["Town"]
    assert article["published_on"] == "2021-03-02"
    assert [each["name"] for each in article["contributors"]] == ["Ann Reed the 1th"]
    assert article["captions"] == [{"image": "ferry.jpg", "text": "The ferry at noon"}]
    assert article["text"].count("\n\n") == 2
    assert "Read also" not in article["text"]
    assert article["rights"]["notice"] == "© 2021 Reedwick Courier. All rights reserved."


def test_values_are_what_they_were_before_a_table_had_them(tmp_path: Path) -> None:
    as_numbers(tmp_path / "a.jsonl")
    as_mixed_lists(tmp_path / "b.jsonl")
    (numbers,) = begin(tmp_path / "x", SAID, [str(tmp_path / "a.jsonl")]).trials
    assert [each["id"] for each in numbers.articles] == [f"x-paper:{number}" for number in range(12)]
    assert (numbers.articles[0]["title"], numbers.articles[0]["published_on"]) == ("1984", "2021-03-01")
    (mixed,) = begin(tmp_path / "y", SAID, [str(tmp_path / "b.jsonl")]).trials
    article = mixed.articles[0]
    assert article["text"].endswith(".\n\n1984")
    assert (article["title"], article["section"]) == ("Headline 0 of the day", ["Town", "3"])
    assert [each["name"] for each in article["contributors"]] == ["Ann Reed", "Bo Quill"]


def test_a_number_that_is_not_exact_is_no_id(tmp_path: Path) -> None:
    for value in (12.5, 1e300, True):
        record = {"id": value, "url": "https://a.example/1", "text": "Words of the day."}
        (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
        (trial,) = begin(tmp_path / f"c{value}", SAID, [str(tmp_path / "a.jsonl")]).trials
        assert [each["id"].partition(":")[2][:2] for each in trial.articles] == ["u-"], value


FEED = "<channel><title>A</title><item><title>B</title><link>https://a.example/1</link></item></channel>"
STRANGE: dict[str, tuple[str, bytes, str]] = {
    "RSS": ("feed.xml", f'<?xml version="1.0"?>\n<rss version="2.0">{FEED}</rss>'.encode(), "an RSS feed"),
    "RSS 1.0": ("feed.rdf", f'<?xml version="1.0"?><rdf:RDF xmlns="x">{FEED}</rdf:RDF>'.encode(), "an RSS feed"),
    "Atom": ("a", b"\xef\xbb\xbf<!-- a --> <feed xmlns='http://www.w3.org/2005/Atom'></feed>", "an Atom feed"),
    "a feed in UTF-16": ("a.xml", f"<rss>{FEED}</rss>".encode("utf-16"), "an RSS feed"),
    "a feed in EUC-KR": ("a.xml", "<rss><channel>한국어</channel></rss>".encode("cp949"), "an RSS feed"),
    "other XML": ("a.xml", b'<?xml version="1.0"?>\n<nitf><body>Words</body></nitf>', "XML"),
    "comments without end": ("a.xml", b"<!---->" * 3000 + b"<", "none"),
    "a sheet": ("a.xlsx", b"PK\x03\x04 and more", "a spreadsheet"),
    "an archive": ("a.zip", b"PK\x03\x04 and more", "a zip archive"),
    "a document": ("a.docx", b"PK\x03\x04 and more", "a document"),
    "a PDF": ("a.pdf", b"%PDF-1.7\n", "a PDF"),
    "a tape": ("a.tar", bytes(257) + b"ustar\x0000", "a tar archive"),
    "a database": ("a.db", b"SQLite format 3\0", "an SQLite database"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_not_read_is_called_by_its_name_with_what_to_do(name: str, tmp_path: Path) -> None:
    file, data, what = STRANGE[name]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / file).write_bytes(data)
    if what == "none":
        assert isinstance(kind_of(tmp_path / "in" / file), Kind | None)
        return
    with pytest.raises(UsageError, match=rf"none of the files can be read: .*/in/{file} \({what}\)") as refused:
        begin(tmp_path / "one", SAID, [str(tmp_path / "in" / file)])
    assert not (tmp_path / "one").exists()
    assert refused.value.advice
    as_own(tmp_path / "in" / "b.jsonl")
    begun = begin(tmp_path / "two", SAID, [str(tmp_path / "in")])
    assert begun.untold == [f"articles/{file}: {what}, which is passed over; {refused.value.advice}"]


NO_TEXT: dict[str, tuple[str, str]] = {
    "a list under a key": (
        '{"version": "1.1", "items": [{"id": "1", "content_text": "Words."}]}',
        "a list of records in items",
    ),
    "paragraphs as records": ('{"id": 1, "Body": [{"p": "Words."}]}\n' * 2, "id (a number), Body (a list of records)"),
    "names that say nothing": ('{"a": "1", "b": "Short."}\n' * 2, "its records have a, b; say in corpus.toml"),
    "no id": ('{"body": "Words of the day."}\n' * 2, "pressmark explain no-identity"),
}


@pytest.mark.parametrize("name", NO_TEXT)
def test_records_without_a_text_are_described(name: str, tmp_path: Path, pressmark: Run) -> None:
    data, words = NO_TEXT[name]
    (tmp_path / "a.jsonl").write_text(data, encoding="utf-8")
    done = pressmark("init", tmp_path / "corpus", "--from", tmp_path / "a.jsonl", "--yes")
    assert done.returncode == 1
    assert words in done.stdout
    assert "Words" not in done.stdout


CTRL_C = "Ctrl-C"


def asked(folder: Path, *arguments: str, answers: Sequence[str]) -> tuple[str, int]:
    """Run `init` on a terminal, answer each question, and return what stands there with the exit code."""
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "pressmark", "init", *arguments]
    looks = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **looks}, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown, rest = "", list(answers)
    with contextlib.suppress(OSError):  # how the other end of a terminal says that it is gone
        while select.select([terminal], [], [], 60)[0] and (data := os.read(terminal, 4096)):
            shown += data.decode("utf-8", "replace")
            if rest and shown.endswith(": "):
                answer = rest.pop(0)
                if answer == CTRL_C:
                    time.sleep(0.5)  # until it waits for an answer, and not only says that it will
                    process.send_signal(signal.SIGINT)
                else:
                    os.write(terminal, f"{answer}\n".encode())
    os.close(terminal)
    try:
        code = process.wait(60)
    finally:
        process.kill()
    assert not rest, "questions that nobody asked"
    return shown.replace("\r\n", "\n"), code


def test_questions_are_asked_on_a_terminal_and_a_wrong_answer_again(tmp_path: Path) -> None:
    as_own(tmp_path / "a.jsonl")
    answers = ["The Reedwick Courier", "", "english", "en-GB", "desk@reed.example"]
    shown, code = asked(tmp_path, "paper", "--from", "a.jsonl", answers=answers)
    assert code == 0, shown
    assert "found the language 'english', expected a tag: en-GB" in shown
    assert all(len(line) <= 80 for line in shown.splitlines()[:8]), shown
    recipe = read_recipe(tmp_path / "paper")
    assert (recipe.title, recipe.languages, recipe.contact) == ("The Reedwick Courier", ("en-GB",), "desk@reed.example")
    assert recipe.sources["paper-paper"].publisher == "The Reedwick Courier"


def test_what_was_given_is_not_asked_and_ctrl_c_writes_nothing(tmp_path: Path) -> None:
    given = ("--title", "A paper", "--publisher", "A house", "--language", "en-GB")
    shown, code = asked(tmp_path, "paper", *given, answers=["desk@reed.example"])
    assert (code, shown.count("[")) == (0, 1), shown
    shown, code = asked(tmp_path, "other", *given, answers=[CTRL_C])
    assert code == 130
    assert "nothing was written" in shown
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("arguments", [("paper",), ("new", "--from", "none.csv"), ("new", "--from", ".")])
def test_nobody_is_asked_what_would_be_for_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    begin(tmp_path / "paper", SAID)
    shown, code = asked(tmp_path, *arguments, answers=[])
    assert (code, shown.count("error:")) == (2, 1), shown


def test_an_empty_folder_gets_articles_to_begin_with(tmp_path: Path, pressmark: Run) -> None:
    begun = pressmark("init", tmp_path / "my-paper")
    assert begun.returncode == 0, begun.stderr
    assert "next: pressmark check" in begun.stdout
    assert "und" in begun.stdout
    checked = pressmark("check", tmp_path / "my-paper")
    assert checked.returncode == 0, checked.stderr
    assert "--rights" in checked.stdout
    built = pressmark("build", tmp_path / "my-paper", "--version", "1.0.0", "--as-of", "2026-01-31")
    assert built.returncode == 0, built.stderr
    assert read_recipe(tmp_path / "my-paper").name == "my-paper"


def test_editors_are_told_the_schemas(tmp_path: Path) -> None:
    begun = begin(tmp_path / "corpus", SAID)
    for path in ("corpus.toml", f"sources/{next(iter(read_recipe(begun.folder).sources))}.toml"):
        file = begun.folder / path
        first = file.read_text(encoding="utf-8").split("\n")[0]
        schema = file.parent / first.removeprefix("#:schema ")
        assert schema.read_bytes() == (ROOT / "schema" / schema.name).read_bytes()


def test_what_is_said_is_taken_whatever_it_holds(tmp_path: Path) -> None:
    odd = 'A "title" with \\ and \' and \x7f and 榆浦 # = []'
    wish = Wish(name="odd", title=odd, publisher="Ends in \\", language="zh-Hans-CN", timezone="Asia/Shanghai")
    recipe = read_recipe(begin(tmp_path / "corpus", wish).folder)
    assert (recipe.title, recipe.languages) == (odd, ("zh-Hans-CN",))
    (source,) = recipe.sources.values()
    assert (source.publisher, source.timezone) == ("Ends in \\", "Asia/Shanghai")


def test_what_cannot_be_told_is_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.bin").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "in" / "README.txt").write_text("What these are.", encoding="utf-8")
    (tmp_path / "in" / "b.jsonl").write_text('{"x": 1}\n{"x": 2}\n', encoding="utf-8")
    begun = begin(tmp_path / "corpus", Wish(), [str(tmp_path / "in")])
    told = "\n".join(begun.untold)
    for words in ("und", "placeholder", "2 of 2 inputs", "unknown-field", "articles/a.bin", "articles/README.txt"):
        assert words in told


def test_an_empty_file_is_told_once_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(1, 4):
        text = f"THE PAPER\n\nHeadline {number}\n\n2024-05-2{number} 10:00\n\nThe text number {number} says much.\n"
        (tmp_path / "in" / f"{number}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "in" / "4.txt").write_bytes(b"")
    (tmp_path / "in" / "5.csv").write_bytes(b"")
    told = [words for words in begin(tmp_path / "corpus", SAID, [str(tmp_path / "in")]).untold if "articles/" in words]
    refused = "1 of 4 inputs of articles/**/*.txt looked at are refused: empty-input (articles/4.txt: found no byte); "
    assert told == [
        f"{refused}see pressmark explain empty-input",
        "what these files are: articles/5.csv; they are passed over, or refused where a glob means them",
    ]


def test_one_page_alone_shows_nothing_in_common(tmp_path: Path) -> None:
    lines = ["A paper", *(f"line {number}" for number in range(9))]
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    begun = begin(tmp_path / "corpus", SAID, [str(tmp_path / "a.txt")])
    assert "several pages would show" in "\n".join(begun.untold)
    assert read_recipe(begun.folder).inputs[0].format == "page"


SCRIPTS = [("가나다라", "ko"), ("ひらがな", "ja"), ("榆浦岚河", "zh"), ("abcd", "und")]


@pytest.mark.parametrize(("letters", "language"), SCRIPTS)
def test_the_language_is_told_by_its_script_or_not_at_all(letters: str, language: str, tmp_path: Path) -> None:
    record = {"id": "1", "text": letters * 30}
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    begun = begin(tmp_path / "corpus", Wish(), [str(tmp_path / "a.jsonl")])
    assert read_recipe(begun.folder).languages == (language,)
    assert any(f"the variety of {language}" in each or "the language" in each for each in begun.untold)


REFUSED: dict[str, tuple[Callable[[Path], list[str]], str]] = {
    "a corpus is there": (lambda _: [], "has a corpus.toml already"),
    "no such file": (lambda base: [str(base / "none.csv")], "there is no"),
    "nothing that can be read": (lambda base: [str(base / "a.bin")], "none of the files can be read"),
    "two files of one name": (lambda base: [str(base / "x" / "a.jsonl"), str(base / "y" / "a.jsonl")], "two files"),
    "the Hub without an ending": (lambda _: ["hf://datasets/org/name@v1/data"], "does not say what files"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_begun_is_refused(name: str, tmp_path: Path) -> None:
    files, message = REFUSED[name]
    (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 20)
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.jsonl").write_text(f'{{"id": "{folder}", "text": "One."}}\n', encoding="utf-8")
    if name == "a corpus is there":
        begin(tmp_path / "corpus", SAID)
    with pytest.raises(UsageError, match=message):
        begin(tmp_path / "corpus", SAID, files(tmp_path))


def test_files_below_the_folder_stay_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "in").mkdir(parents=True)
    as_own(tmp_path / "corpus" / "in" / "a.jsonl")
    begun: Begun = begin(tmp_path / "corpus", SAID, [str(tmp_path / "corpus" / "in")])
    assert begun.copied == 0
    assert read_recipe(begun.folder).inputs[0].files == "in/a.jsonl"


def test_files_of_the_example_are_told_apart(tmp_path: Path) -> None:
    begun = begin(tmp_path / "corpus", SAID, [str(ROOT / "corpus" / "three-papers" / "articles")])
    found = {(trial.input.format, trial.input.shape) for trial in begun.trials}
    assert {("page", "pressmark"), ("jsonl", "pressmark")} <= found
    most = max(begun.trials, key=lambda trial: len(trial.articles))
    assert len(most.articles) >= 20


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"PAR1....", "a", "parquet"),
        (b"WARC/1.0\r\n", "a", "warc"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>x", "a", "html"),
        ("<html>한국어".encode("cp949"), "a", "html"),
        ('{"a": 1}\n{"a": 2}\n'.encode("utf-16"), "a", "jsonl"),
        (b'[{"a": 1}]', "a", "json"),
        (b'{\n "a": 1\n}', "a", "json"),
        (b"a,b,c\n1,2,3\n", "a", "csv"),
        (b"a\tb\tc\n1\t2\t3\n", "a", "tsv"),
        (b"a;b\n1;2\n", "a.csv", "csv"),
        (b"Some words, and more.\nA line, too.\n", "a", "page"),
        (b"", "a", None),
        (b"\x00\x01\x02\xff\xfe", "a", None),
        (b"not gzip", "a.gz", None),
    ],
)
def test_formats_are_told_by_what_is_there(data: bytes, name: str, expected: str | None, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found = kind_of(path)
    assert (found.format if isinstance(found, Kind) else found) == expected


def test_a_value_has_to_fit_its_field() -> None:
    records = [{"date": "soon", "created": "2021-03-01", "link": "here", "body": "x " * 60, "author": 3}] * 4
    assert proposed(records) == {"text": "body", "published_at": "created"}
    assert proposed([{"x": "y " * 60, "id": "1"}] * 3) == {"id": "id", "text": "x"}
    assert proposed([]) == {}


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_no_line_of_a_text_gets_into_the_source_file(tmp_path: Path) -> None:
    as_pages(tmp_path / "pages")
    said = [
        "The council voted on the new copyright law for the harbour, which all rights reserved before.",
        "More more",
        "Copyright is what the lower town talks about",
    ]
    for number in range(2):
        # Two captures of one article, and another whose text speaks of rights.
        page = (tmp_path / "pages" / "3.txt").read_text(encoding="utf-8").split("\n\n")
        page[6:6] = [*said, f"Capture {number}."]
        (tmp_path / "pages" / f"copy-{number}.txt").write_text("\n\n".join(page), encoding="utf-8")
    begun = begin(tmp_path / "corpus", SAID, [str(tmp_path / "pages")])
    source = next((begun.folder / "sources").iterdir()).read_text(encoding="utf-8")
    assert "Reedwick Courier" in source
    for words in (*said, "Capture"):
        assert words not in source
    only_copies = begin(tmp_path / "other", SAID, [str(tmp_path / "pages" / f"copy-{n}.txt") for n in range(2)])
    source = next((only_copies.folder / "sources").iterdir()).read_text(encoding="utf-8")
    assert not [line for line in page if line in source and "March" not in line]


@pytest.mark.parametrize(
    "wish",
    [
        {"source": "../../escaped"},
        {"name": "Foo Bar"},
        {"language": "english"},
        {"timezone": "Nowhere/Else"},
        {"repo": "no-slash"},
        {"contact": "x" * 2000},
    ],
)
def test_what_no_recipe_may_have_is_refused_before_anything_is_written(wish: dict[str, str], tmp_path: Path) -> None:
    as_own(tmp_path / "a.jsonl")
    with pytest.raises(PressmarkError):
        begin(tmp_path / "corpus", Wish(**wish), [str(tmp_path / "a.jsonl")])
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
    assert check(begin(tmp_path / "corpus", SAID, [str(tmp_path / "a.jsonl")]).folder).findings == []


def test_the_same_file_twice_and_a_second_run_are_fine(tmp_path: Path) -> None:
    as_own(tmp_path / "a.jsonl")
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    shutil.copy(tmp_path / "a.jsonl", tmp_path / "corpus" / "articles" / "a.jsonl")
    begun = begin(tmp_path / "corpus", SAID, [str(tmp_path / "a.jsonl"), str(tmp_path / "a.jsonl")])
    assert [len(trial.articles) for trial in begun.trials] == [12]


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    as_own(tmp_path / "a.jsonl")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "articles").symlink_to("../elsewhere")
    with pytest.raises(UsageError, match="link"):
        begin(tmp_path / "corpus", SAID, [str(tmp_path / "a.jsonl")])
    (tmp_path / "corpus" / "articles").unlink()
    (tmp_path / "corpus" / "articles").mkdir()
    (tmp_path / "corpus" / "articles" / "a.jsonl").symlink_to(tmp_path / "elsewhere" / "made.jsonl")
    with pytest.raises(UsageError, match="link"):
        begin(tmp_path / "corpus", SAID, [str(tmp_path / "a.jsonl")])
    assert not list((tmp_path / "elsewhere").iterdir())


def test_globs_mean_what_was_given_and_say_what_else(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / "corpus" / "in" / name).mkdir(parents=True)
        for number in range(2):
            as_own(tmp_path / "corpus" / "in" / name / f"{number}.jsonl")
    folders = [str(tmp_path / "corpus" / "in" / name) for name in ("a", "b")]
    begun = begin(tmp_path / "corpus", SAID, folders)
    assert [entry.files for entry in read_recipe(begun.folder).inputs] == ["in/a/**/*.jsonl", "in/b/**/*.jsonl"]
    assert begun.untold == []
    one = begin(tmp_path / "other", SAID, [str(tmp_path / "corpus" / "in" / "c" / "0.jsonl")])
    assert read_recipe(one.folder).inputs[0].files == "articles/0.jsonl"
    with pytest.raises(UsageError, match="is the corpus folder"):
        begin(tmp_path / "corpus" / "in", SAID, [str(tmp_path / "corpus" / "in")])


def test_a_proposal_does_not_depend_on_the_order_of_hashes(tmp_path: Path, pressmark: Run) -> None:
    as_pages(tmp_path / "pages")
    for path in (tmp_path / "pages").iterdir():
        lines = path.read_text(encoding="utf-8").replace("Read also", "Read also\n\nFollow us\n\nSubscribe now")
        path.write_text(lines, encoding="utf-8")
    written = []
    for seed in ("0", "1", "2"):
        options = ("--from", tmp_path / "pages", "--name", "a")
        done = pressmark("init", tmp_path / seed, *options, env={"PYTHONHASHSEED": seed})
        assert done.returncode == 0, done.stderr
        source = (tmp_path / seed / "sources" / "a-paper.toml").read_text(encoding="utf-8")
        written.append(source.partition("[layout]")[2])
    assert written[0].count("Read also") == 1
    assert len(set(written)) == 1


def test_odd_files_and_names_are_no_trouble(tmp_path: Path, pressmark: Run) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "deep.json").write_text('{"a":' * 20_000, encoding="utf-8")
    (tmp_path / "in" / "feed.xml").write_text('<?xml version="1.0"?><rss/>', encoding="utf-8")
    (tmp_path / "in" / "odd \x1b[31m :b:.jsonl").write_text('{"id": "1", "text": "One two three."}\n', encoding="utf-8")
    folder = tmp_path / 'new\n[[rights.decisions]]\nstatus = "public_domain"'
    done = pressmark("init", folder, "--from", tmp_path / "in", "--name", "odd", "--yes")
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout
    assert done.returncode in (0, 1)
    assert not next(iter(read_recipe(folder).sources.values())).rights.decisions


def test_the_shell_completes_commands_and_codes(pressmark: Run) -> None:
    for words, expected in (("pressmark in", "init"), ("pressmark explain wrong-enc", "wrong-encoding")):
        asked = {"_PRESSMARK_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        assert pressmark(env=asked).stdout.strip() == f"plain,{expected}"


@pytest.mark.parametrize("name", ["a.parquet", "a.csv"])
def test_a_dataset_of_the_hub_is_looked_at_like_files(name: str, tmp_path: Path, pressmark: Run) -> None:
    (as_parquet_with_pictures if name.endswith("parquet") else as_semicolons)(tmp_path / name)
    with serving(tmp_path / "hub") as hub, patient_client(xet=False):
        client = api(hub)
        client.create_repo("org/old-news", repo_type="dataset", private=True)
        adding = [CommitOperationAdd(f"data/{name}", (tmp_path / name).read_bytes())]
        client.create_commit("org/old-news", adding, commit_message="all", repo_type="dataset")
        account = {"HF_ENDPOINT": hub.endpoint, "HF_TOKEN": hub.token(), "HF_HOME": str(tmp_path / "home")}
        address = f"hf://datasets/org/old-news@main/data/*{Path(name).suffix}"
        done = pressmark("init", "paper", "--from", address, "--yes", "--language", "en-GB", env=account)
        assert done.returncode == 0, done.stderr
        assert "12 of 12 looked at are articles" in done.stdout
        wrong = pressmark("init", "other", "--from", address.replace("old-news", "no-news"), "--yes", env=account)
        assert wrong.returncode == 4
        assert "org/no-news" in wrong.stderr
    (entry,) = tomllib.loads((tmp_path / "paper/corpus.toml").read_text(encoding="utf-8"))["input"]
    assert (entry["files"], entry["fields"]["text"]) == (address, "Body")
    assert entry.get("delimiter", ",") == (";" if name == "a.csv" else ",")
