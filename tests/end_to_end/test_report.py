"""The page of a release and of a workshop: self-contained, whole, and no more open than what it shows."""

import json
import re
import shutil
import stat
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from canary_corpus import made, written
from conftest import Run
from hub_cases import Line
from page_cases import PAYLOADS, Outline, everything, hostile, listing, read, rows, sha256
from pressmark import BuildResult, UsageError, build
from pressmark.findings import CATALOGUE
from pressmark.markup import plain
from pressmark.page import table, texts
from pressmark.page.report import write_report
from pressmark.page.table import Column, Listing
from pressmark.purging import purge
from pressmark.withdraw import plan_withdrawal, record_withdrawal
from raw_parquet import canaries
from support import AS_OF, ROOT, Corpus

POLICY = re.compile(
    r"default-src 'none'; style-src 'sha256-([\w+/=]+)'; script-src 'sha256-([\w+/=]+)'; "
    r"base-uri 'none'; form-action 'none'"
)


@pytest.fixture(scope="module")
def pages(example: BuildResult, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the pages of the example: of both releases, and of the workshop with and without them."""
    place = tmp_path_factory.mktemp("pages")
    work, dist = example.ledger.parents[1], example.lines["open"].folder.parents[2]
    for name, line in example.lines.items():
        write_report(line.folder, place / f"{name}.html")
    write_report(work, place / "workshop.html", releases=dist)
    write_report(work, place / "alone.html", releases=place)
    return {path.stem: path for path in sorted(place.iterdir())}


@pytest.mark.parametrize("name", ["open", "vault", "workshop", "alone"])
def test_a_page_is_sound_html_and_fetches_nothing(pages: dict[str, Path], name: str) -> None:
    page, outline = read(pages[name])
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert {"header", "nav", "main", "h1"} <= {tag for tag, _ in outline.tags}
    sound(outline)


def sound(outline: Outline) -> None:
    """Hold what a page is made of against what it may be made of."""
    assert len(outline.ids) == len(set(outline.ids))
    for tag, attributes in outline.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "video", "audio", "base", "image", "use"}
        assert not {"src", "srcset", "action", "style", "xlink:href", "data", "poster"} & attributes.keys(), tag
        assert not any(key.startswith("on") for key in attributes), tag
        assert (attributes.get("href") or "#").startswith("#")
        if tag == "a":
            assert str(attributes["href"])[1:] in outline.ids
        assert (attributes.get("aria-labelledby") or outline.ids[0]) in outline.ids
    (style,), (data, script) = outline.inside["style"], outline.inside["script"]
    (policy,) = (a["content"] for t, a in outline.tags if t == "meta" and a.get("http-equiv"))
    found = POLICY.fullmatch(policy or "")
    assert found
    assert found.groups() == (sha256(style), sha256(script))
    assert not re.search(r"https?:|//[a-z]|@import|url\(", style)
    assert not re.search(
        r"https?:|innerHTML|outerHTML|insertAdjacent|document\.write|eval|fetch\(|XMLHttp|import\(", script
    )
    assert "<" not in data
    # The policy is there before anything that it speaks of.
    assert [tag for tag, _ in outline.tags[:4]] == ["html", "head", "meta", "meta"]


def test_every_input_and_every_finding_is_in_the_page_of_a_workshop(
    pages: dict[str, Path], example: BuildResult
) -> None:
    page, outline = read(pages["workshop"])
    ledger = [json.loads(line) for line in example.ledger.read_text(encoding="utf-8").splitlines()]
    found = rows(page)
    assert len(found) == len(ledger)
    for entry, row in zip(ledger, found, strict=True):
        assert row["input"] == (f"{entry['file']}:{entry['line']}" if entry["line"] else entry["file"])
        for line, became in entry["became"].items():
            assert row[f"became-{line}"] == ": ".join(filter(None, [became["class"], became.get("code")]))
        assert row["found"] == ": ".join(filter(None, [entry.get("place"), entry.get("detail")]))
        assert row["notes"] == entry.get("notes", [])
        assert entry.get("survivor", "") in row["stands"]
        assert row["id"] == entry.get("id", "")
    ways = {(a["data-column"], a["data-value"]) for tag, a in outline.tags if tag == "button" and "data-value" in a}
    assert ways >= {(column, row[column]) for row in found for column in ("became-open", "became-vault")}
    assert ways >= {("notes", note[0]) for row in found for note in row["notes"]}
    codes = {row["became-open"].partition(": ")[2] for row in found} | {
        note[0] for row in found for note in row["notes"]
    }
    told = listing(page)["codes"]
    assert told == {name: [code.kind, code.meaning, code.advice] for name, code in CATALOGUE.items() if name in codes}
    assert (ROOT / "corpus").name not in outline.ids


def test_every_article_is_in_the_page_of_a_release(pages: dict[str, Path], example: BuildResult) -> None:
    page, outline = read(pages["open"])
    found, counts = rows(page), example.lines["open"].counts
    assert Counter(row["became"].partition(":")[0] for row in found) == {
        "published": counts["published"],
        "withheld": counts["withheld"],
    }
    reasons = Counter(row["became"].partition(": ")[2] for row in found if row["became"] != "published")
    assert reasons == {code: n for code, n in counts["by_code"].items() if CATALOGUE[code].kind == "withheld"}
    words = "".join(outline.words)
    assert "cannot show the list, which is in the Parquet files of the release." in words
    for code, count in counts["by_code"].items():
        assert code in words
        assert str(count) in words
    # Inputs that are in no release have a number, and no way to rows that are not there.
    ways = {a["data-value"] for tag, a in outline.tags if tag == "button" and "data-value" in a}
    assert not any(str(way).startswith(("rejected", "duplicate")) for way in ways)


def test_pages_are_the_same_bytes_again(pages: dict[str, Path], example: BuildResult, tmp_path: Path) -> None:
    work, dist = example.ledger.parents[1], example.lines["open"].folder.parents[2]
    write_report(example.lines["open"].folder, tmp_path / "open.html")
    write_report(work, tmp_path / "workshop.html", releases=dist, version="1.0.0")
    for name in ("open", "workshop"):
        assert (tmp_path / f"{name}.html").read_bytes() == pages[name].read_bytes()


def test_what_may_not_be_seen_is_the_owners_alone_and_says_so(pages: dict[str, Path]) -> None:
    told = {name: ("Private." in path.read_text(encoding="utf-8")) for name, path in pages.items()}
    modes = {name: stat.S_IMODE(path.stat().st_mode) for name, path in pages.items()}
    assert told == {"open": False, "vault": True, "workshop": True, "alone": True}
    assert {name for name, mode in modes.items() if mode == 0o600} == {"vault", "workshop", "alone"}


def test_a_public_page_has_no_text_that_the_release_has_not(pages: dict[str, Path], example: BuildResult) -> None:
    page, whole = pages["open"].read_text(encoding="utf-8"), pages["workshop"].read_text(encoding="utf-8")
    closed = "저장료금을 한톤에 하루 4원으로 정하고"
    assert "Its text is not released." in page
    assert closed not in page
    assert page.count("<article>") == 9
    assert whole.count("<article>") >= 9


def test_a_workshop_shows_withheld_texts_where_no_line_shows_them(corpus: Corpus, tmp_path: Path) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('[releases.vault]\ndestination = "local"\n', ""))
    corpus.build()
    page = write_report(corpus.work / "small", releases=corpus.out).path
    assert page == corpus.work / "small" / "1.0.0" / "report.html"
    words = page.read_text(encoding="utf-8")
    assert "The second paragraph of the page adds" in words
    assert "Withheld: this text is in no release." in words
    public = write_report(corpus.out / "small" / "open" / "1.0.0", tmp_path / "p.html").path.read_text(encoding="utf-8")
    assert "The second paragraph" not in public
    assert "A headline that says" not in public


def test_canaries_of_closed_words_are_in_no_page_that_may_be_seen(corpus: Corpus, tmp_path: Path) -> None:
    written(made(5, 60), corpus)
    result = build(corpus.folder, "1.0.0", out=corpus.out, work=corpus.work, as_of=AS_OF, workers=1)
    marks = re.compile(rb"CNRY[0-9]{7}")
    for name, line in result.lines.items():
        report = write_report(line.folder, tmp_path / f"{name}.html")
        found = set(marks.findall(everything(report.path.read_text(encoding="utf-8"))))
        assert found <= set(canaries(line.folder)), name
        manifest = json.loads((line.folder / "manifest.json").read_bytes())
        assert found or manifest["profile"] == "metadata"
        assert report.closed_to == ("" if manifest["destination"] == "public" else manifest["destination"])
        assert stat.S_IMODE(report.path.stat().st_mode) & 0o077 == (0o044 if report.closed_to == "" else 0)


def test_hostile_words_are_words(corpus: Corpus, tmp_path: Path) -> None:
    hostile(corpus)
    folder = corpus.build().lines["open"].folder
    page, outline = read(write_report(folder, tmp_path / "open.html").path)
    sound(outline)
    assert {plain(payload) for payload in PAYLOADS} <= {plain(row["title"]) for row in rows(page)}
    assert any(plain(payload) in "".join(outline.words) for payload in PAYLOADS)
    page, outline = read(write_report(corpus.work / "small", tmp_path / "work.html", releases=corpus.out).path)
    sound(outline)
    told = rows(page)
    assert [row for row in told if row["input"].startswith("pages/<img src=x")]
    assert sum(row["became-open"].startswith("rejected: ") for row in told) > len(PAYLOADS)


def test_changes_since_the_release_before(corpus: Corpus, tmp_path: Path) -> None:
    corpus.records({}, {"text": "Another text, which will go."}, {"text": "A third text."})
    corpus.build("1.0.0")
    corpus.records({"title": "Now with a title"}, path="records/a.jsonl")
    corpus.records({"id": "r3", "text": "A third text."}, {"id": "r4", "text": "A fourth."}, path="records/b.jsonl")
    corpus.build("2.0.0", drop_vanished=True)
    folder = corpus.out / "small" / "open" / "2.0.0"
    words = write_report(folder, tmp_path / "a.html").path.read_text(encoding="utf-8")
    assert "From 1.0.0 to 2.0.0" in words
    assert "<strong>MAJOR</strong>" in words
    for told in ("journal:r1", "journal:r2", "journal:r4", "vanished", "title"):
        assert told in words
    alone = tmp_path / "elsewhere"
    folder.rename(alone)
    assert "No earlier release" in write_report(alone, tmp_path / "b.html").path.read_text(encoding="utf-8")
    compared = write_report(alone, tmp_path / "c.html", previous=corpus.out / "small" / "open" / "1.0.0")
    assert "From 1.0.0 to 2.0.0" in compared.path.read_text(encoding="utf-8")


def test_a_page_that_may_be_seen_does_not_name_what_was_withdrawn_without_a_trace(
    corpus: Corpus, tmp_path: Path
) -> None:
    corpus.records({}, {"id": "secret-one", "text": "Somebody was named here who should not have been."})
    corpus.build("1.0.0")
    write_report(corpus.work / "small", releases=corpus.out)
    record_withdrawal(
        plan_withdrawal(
            corpus.folder, ["secret-one"], reason="privacy", ref="case 1", by="editor", on=AS_OF, out=corpus.out
        )
    )
    corpus.build("2.0.0")
    page = write_report(corpus.out / "small" / "open" / "2.0.0", tmp_path / "a.html").path.read_text(encoding="utf-8")
    assert "secret-one" not in page
    assert b"secret-one" not in everything(page)
    assert "1 that the newer release does not name." in page
    write_report(corpus.work / "small", releases=corpus.out)
    pages = sorted(corpus.work.glob("small/*/report.html"))
    assert len(pages) == 2
    removed = purge(corpus.folder, out=corpus.out, work=corpus.work)
    assert not any(path.exists() for path in pages)
    assert pages[1] in removed


def test_too_many_rows_are_counted_and_said(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST", 3)
    monkeypatch.setattr(Listing.take, "__defaults__", (3,))
    corpus.records(*({"text": f"Text {number} of many, each other than the others."} for number in range(9)))
    corpus.write("records/broken.jsonl", "{}\n{}\n")
    corpus.build()
    report = write_report(corpus.work / "small", tmp_path / "a.html", releases=corpus.out)
    page = report.path.read_text(encoding="utf-8")
    assert report.left_out == 6
    assert f"6 rows of the list (published, published), which are in the ledger, {corpus.results[-1].ledger}." in page
    assert sum(row["became-open"].startswith("rejected") for row in rows(page)) == 2


def test_a_text_is_cut_and_its_end_makes_no_difference(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "_CHARACTERS", 400)
    words = " ".join(f"word{number}" for number in range(300))
    corpus.records({"text": words}, {"text": f"Changed at the top. {words}"})
    corpus.build()
    page = write_report(corpus.out / "small" / "open" / "1.0.0", tmp_path / "a.html").path.read_text(encoding="utf-8")
    assert "characters more" in page
    group = page.partition('class="beside"')[2].partition("</details>")[0]
    assert len(re.findall("<ins>", group)) == 1
    assert "<del>" not in group
    assert "alike" in group


def test_packing_keeps_every_value() -> None:
    listing = Listing([Column("a", "A"), Column("b", "B"), Column("c", "C")])
    values: list[list[Any]] = [["x", 1, []], ["x", 2, [["code", "", "it <b>"]]], ["\ud800", 3, []]]
    for value in values:
        listing.take("same", value)
    told = table.unpacked(listing.packed({"code": ["note", "m", "a"]}))
    assert told["columns"][0] == {
        **dict.fromkeys(("filtered", "brief", "codes", "language"), False),
        "name": "a",
        "label": "A",
        "values": ["x", "x", "?"],
    }
    assert told["columns"][2]["values"][1] == [["code", "", "it <b>"]]
    assert told["codes"] == {"code": ["note", "m", "a"]}


def test_the_command(pressmark: Run, example: BuildResult, tmp_path: Path) -> None:
    release, work = example.lines["open"].folder, example.ledger.parents[1]
    done = pressmark("report", release)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "three-papers-open-1.0.0.html").is_file()
    done = pressmark("report", work, "--page", "a.html", "--releases", release.parents[2], "--json")
    told = json.loads(done.stdout)
    assert (told["page"], told["private"], told["listed"], told["left_out"]) == ("a.html", True, 82, 0)
    assert told["bytes"] == (tmp_path / "a.html").stat().st_size


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["@"], "is neither a release nor a workshop"),
        (["nowhere"], "is no folder"),
        (["@work", "--version", "9.9.9"], "has no build of version 9.9.9"),
        (["@work", "--previous", "@open"], "--previous is for releases"),
        (["@open", "--version", "1.0.0"], "--version for workshops"),
        (["@open", "--page", "@open/page.html"], "lies in a release, which never changes"),
    ],
)
def test_what_cannot_be_done_is_said(
    pressmark: Run, example: BuildResult, tmp_path: Path, arguments: list[str], told: str
) -> None:
    places = {"@work": example.ledger.parents[1], "@open": example.lines["open"].folder}
    given = [re.sub("^@(work|open)", lambda found: str(places[found[0]]), each) for each in arguments]
    done = pressmark("report", *(str(tmp_path) if each == "@" else each for each in given))
    assert done.returncode == 2
    assert told in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_what_cannot_be_read_is_said(corpus: Corpus, tmp_path: Path) -> None:
    corpus.build()
    folder = corpus.out / "small" / "open" / "1.0.0"
    next(folder.glob("data/*/*.parquet")).write_bytes(b"no such file")
    with pytest.raises(UsageError, match="cannot be read"):
        write_report(folder, tmp_path / "a.html")
    (corpus.work / "small" / "1.0.0" / "ledger.jsonl").write_text("{broken", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read: JSONDecodeError"):
        write_report(corpus.work / "small", tmp_path / "a.html")
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="is no release"):
        write_report(folder, tmp_path / "a.html")
    assert not (tmp_path / "a.html").exists()


@pytest.mark.parametrize("name", ["versions.json", "rights/report.json", "rights/licenses.jsonl"])
@pytest.mark.parametrize("content", ["{", '{"versions": 1, "cells": 2}', '[{"a": 1}]'])
def test_a_file_beside_the_rows_may_lack_but_not_lie(line: Line, tmp_path: Path, name: str, content: str) -> None:
    copy = tmp_path / "1.0.0"
    shutil.copytree(line.first, copy)
    (copy / name).unlink()
    assert write_report(copy, tmp_path / "a.html").listed
    (copy / name).write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="is not what a release has"):
        write_report(copy, tmp_path / "a.html")
