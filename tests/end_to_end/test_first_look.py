"""What somebody sees of a new corpus before its first release: what was read, whose it is, what looks wrong."""

import json
import re
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from conftest import Run
from pressmark import UsageError, begin, check, propose, record, why
from pressmark.beginning.corpus import Wish
from pressmark.checking import read_one
from pressmark.errors import RecipeError
from pressmark.findings import Finding
from support import AS_OF, PAPER, RECIPE, ROOT, Corpus

MENU = "Sections: Town / Nature / Letters"

REED = """THE REEDWICK COURIER
{menu}
{headline}

{day} March 2021, 6.15 pm

By Ann Reed

The ferry left the landing stage on time on day {day}, and it came back well before noon.

Passengers of day {day} said that the crossing was calm, that the tea was cold, and that they were on time.

Read also
What the market has
Share this page
© 2021 Reedwick Press
"""


def pages(place: Path, *, menu: str = MENU) -> Path:
    """Write six pages that have a menu, a pager and a notice in common."""
    place.mkdir()
    for day in range(1, 7):
        text = REED.format(menu=menu, headline=f"Ferry number {day} was on time", day=day)
        (place / f"{day}.txt").write_text(text, encoding="utf-8")
    return place


def test_lines_that_all_pages_have_become_no_titles(tmp_path: Path) -> None:
    wish = Wish(title="The Reedwick Courier", publisher="Reedwick Press", language="en-GB", timezone="Europe/London")
    begin(tmp_path / "courier", wish, [str(pages(tmp_path / "pages"))])
    found = [
        each.article for number in range(1, 7) for each in read_one(tmp_path / "courier", f"articles/{number}.txt")
    ]
    assert [article and article["title"] for article in found] == [
        f"Ferry number {day} was on time" for day in range(1, 7)
    ]
    assert found[0]
    assert found[0]["published_at"] == "2021-03-01T18:15:00Z"
    assert "subtitles" not in found[0]
    assert MENU not in json.dumps(found)
    assert {"step": "lines-skipped", "count": 1} in found[0]["provenance"]["steps"]
    assert check(tmp_path / "courier").findings == []


def test_headline_that_most_pages_share_is_a_finding(corpus: Corpus, page: str) -> None:
    for number in range(2, 6):
        corpus.write(f"pages/{number}.txt", page.replace("The first", f"Of day {number} the first"))
    corpus.build()
    found = [each for each in corpus.results[-1].findings if each.code == "shared-headline"]
    assert [(each.file, each.place) for each in found] == [("pages/**/*.txt", "title"), ("pages/**/*.txt", "subtitles")]
    assert found[0].detail == "found the same on 5 of 5 pages, such as pages/1.txt"
    assert [each.code for each in check(corpus.folder).findings] == ["shared-headline", "shared-headline"]


def test_line_that_most_texts_share_is_a_finding(corpus: Corpus, page: str) -> None:
    for number in range(1, 5):
        own = page.replace("A headline", f"Headline {number},").replace("A deck", f"Deck {number}")
        own = own.replace("The first", f"{number} first").replace("Read on", "Related stories\nRead on")
        corpus.write(f"pages/{number}.txt", own)
    told = [(each.code, each.place, each.detail) for each in check(corpus.folder).findings]
    assert told == [("shared-line", "text", "found the same on 4 of 4 pages, such as pages/1.txt")]


def test_copies_of_a_page_and_columns_among_others_share_no_headline(corpus: Corpus, page: str) -> None:
    for number in range(2, 5):
        corpus.write(f"pages/{number}.txt", page)
    assert check(corpus.folder).findings == []
    for number in range(5, 9):
        own = page.replace("A headline", f"Headline {number},").replace("A deck", f"Deck {number}")
        corpus.write(f"pages/{number}.txt", own.replace("The first", f"{number} first"))
    # Two different texts of a column, among five others.
    corpus.write("pages/9.txt", page.replace("The first", "Another first"))
    assert check(corpus.folder).findings == []


def test_what_was_read_of_a_page_is_shown(corpus: Corpus, pressmark: Run) -> None:
    shown = pressmark("check", corpus.folder, "--show", "pages/1.txt")
    assert shown.returncode == 0, shown.stderr
    for line in (
        "pages/1.txt",
        "  title        A headline that says something",
        "  subtitle     A deck below it",
        "  published    2024-05-21T05:57:00Z, to the minute, from '2024-05-21 13:57'",
        "  section      Town",
        "  notice       in foot: All rights reserved by Paper House.",
    ):
        assert line in shown.stdout.splitlines()
    assert "The second paragraph of the page adds" in shown.stdout
    assert not corpus.out.exists()
    data = json.loads(pressmark("check", corpus.folder, "--show", corpus.folder / "pages/1.txt", "--json").stdout)
    assert data[0]["article"]["title"] == "A headline that says something"


def test_one_record_or_the_first_of_a_file_are_shown(corpus: Corpus, pressmark: Run) -> None:
    corpus.records(*({"title": f"Number {number}", "text": f"Text {number}\x1b[2J."} for number in range(1, 9)))
    assert [each.line for each in read_one(corpus.folder, "records/a.jsonl")] == [1, 2, 3]
    corpus.records(*({"title": f"Number {number}"} for number in range(1, 9)))
    assert [each.article and each.article["title"] for each in read_one(corpus.folder, "records/a.jsonl:7")] == [
        "Number 7"
    ]


def test_refused_input_is_shown_with_its_reason(corpus: Corpus, page: str, pressmark: Run) -> None:
    corpus.write("pages/2.txt", page.replace("THE PAPER", "THE PAPERS"))
    shown = pressmark("check", corpus.folder, "--show", "pages/2.txt")
    assert shown.returncode == 1
    expected = "layout-mismatch: expected a line with the role masthead, found none; the nearest is line 1"
    assert f"  refused: {expected}" in shown.stdout.splitlines()
    corpus.write("pages/2.txt", page.replace("2024-05-21 13:57", "On 21.05.2024 at noon"))
    (refused,) = read_one(corpus.folder, "pages/2.txt")
    assert refused.rejection
    assert refused.rejection.detail.endswith("found none; the nearest is line 6")


def test_line_that_may_be_the_missing_notice_is_named(corpus: Corpus, page: str) -> None:
    for written, near in (
        (
            "Al rigths reservd by Paper House, which is what it says on the page",
            "; the nearest is line 15",
        ),
        ("Paper House", ""),
    ):
        corpus.write("pages/1.txt", page.replace("All rights reserved by Paper House.", written))
        (read,) = read_one(corpus.folder, "pages/1.txt")
        assert read.notes == (("notice-missing", "", f"expected a rights notice, found none{near}"),)
    corpus.write("sources/paper.toml", PAPER.replace("All rights reserved.*", "Paper House, [0-9]{4}, for everybody"))
    corpus.write(
        "pages/1.txt", page.replace("All rights reserved by Paper House.", "Paper House, 1998, for  every body")
    )
    (read,) = read_one(corpus.folder, "pages/1.txt")
    assert read.notes[0][2].endswith("; the nearest is line 15")


def test_input_that_there_is_not_is_a_mistake_with_the_nearest(corpus: Corpus) -> None:
    with pytest.raises(UsageError) as caught:
        read_one(corpus.folder, "page/1.txt")
    assert caught.value.advice.startswith("did you mean pages/1.txt? ")
    with pytest.raises(UsageError, match=r"no input is 'records/a\.jsonl:99'"):
        read_one(corpus.folder, "records/a.jsonl:99")


def test_next_steps_name_a_page_and_the_version_that_is_next(corpus: Corpus, pressmark: Run, tmp_path: Path) -> None:
    first = pressmark("check", corpus.folder)
    assert f"next: pressmark check {corpus.folder} --show pages/1.txt" in first.stdout
    assert f"next: pressmark build {corpus.folder} --version 1.0.0" in first.stdout
    assert pressmark("build", corpus.folder, "--version", "1.0.0").returncode == 0
    assert f"next: pressmark build {corpus.folder} --version auto" in pressmark("check", corpus.folder).stdout


@pytest.mark.parametrize(
    ("files", "meant"),
    [
        ("pgaes/**/*.txt", "; did you mean pages/**/*.txt?"),
        ("pages/2.txt", "; did you mean pages/1.txt?"),
        ("pages/*.text", ""),
        ("letters/*.txt", ""),
        ("pages/1.txt/*", ""),
        ("*.txt", ""),
    ],
)
def test_input_without_files_is_told_with_its_line_and_what_is_near(files: str, meant: str, corpus: Corpus) -> None:
    corpus.write("corpus.toml", RECIPE.replace("pages/**/*.txt", files))
    with pytest.raises(RecipeError) as caught:
        check(corpus.folder)
    detail = f"found no {files}{meant}"
    assert caught.value.faults == (Finding("no-inputs", "corpus.toml", "line 15, input[0].files", detail),)


def test_file_of_an_input_names_its_article(corpus: Corpus, page: str) -> None:
    (by_file,) = why(corpus.folder, "pages/1.txt", as_of=AS_OF)
    (by_place,) = why(corpus.folder, str(corpus.folder / "pages" / "1.txt"), as_of=AS_OF)
    (by_id,) = why(corpus.folder, by_file.article["id"], as_of=AS_OF)
    assert by_file.article == by_place.article == by_id.article
    (record,) = why(corpus.folder, "records/a.jsonl:1", as_of=AS_OF)
    assert record.article["id"] == "journal:r1"


def test_refused_input_and_unknown_id_say_what_is_meant(corpus: Corpus) -> None:
    corpus.write("pages/2.txt", "")
    with pytest.raises(UsageError, match=r"pages/2\.txt was refused: empty-input") as caught:
        why(corpus.folder, "pages/2.txt", as_of=AS_OF)
    assert caught.value.advice
    with pytest.raises(UsageError, match="holds records") as caught:
        why(corpus.folder, "records/a.jsonl", as_of=AS_OF)
    assert "records/a.jsonl:1" in caught.value.advice
    with pytest.raises(UsageError, match="no article has the id"):
        why(corpus.folder, "", as_of=AS_OF)
    with pytest.raises(UsageError, match="found no name"):
        read_one(corpus.folder, "")
    with pytest.raises(UsageError) as caught:
        why(corpus.folder, "jurnal:r1", as_of=AS_OF)
    assert caught.value.advice.startswith("did you mean journal:r1? ")
    for far in ("journal:zz-9", "journal:r1-and-more", "zz"):
        with pytest.raises(UsageError, match="no article has the id") as distant:
            why(corpus.folder, far, as_of=AS_OF)
        assert "did you mean" not in distant.value.advice
    assert caught.value.advice.endswith("What was refused (1) has no id: name its file and line, such as pages/2.txt")


def test_id_without_its_source_or_with_a_slip_is_told_the_nearest(corpus: Corpus) -> None:
    corpus.records({"id": "lh-2024-0007"}, {"id": "lh-2024-0912"}, {"id": "q1"})
    for identity, meant in (
        ("lh-2024-0007", "journal:lh-2024-0007"),
        ("journal:lh-2042-0007", "journal:lh-2024-0007"),
        ("paper:q1", "journal:q1"),
    ):
        with pytest.raises(UsageError, match="no article has the id") as caught:
            why(corpus.folder, identity, as_of=AS_OF)
        assert caught.value.advice.startswith(f"did you mean {meant}? ")


def test_id_of_a_refused_page_is_told_with_its_refusal(corpus: Corpus, page: str) -> None:
    corpus.write("pages/2021/2.txt", page.replace("THE PAPER", "THE PAPERS"))
    with pytest.raises(UsageError) as caught:
        why(corpus.folder, "paper:2021/2", as_of=AS_OF)
    assert str(caught.value) == (
        "paper:2021/2 is no article: pages/2021/2.txt was refused: layout-mismatch, "
        "expected a line with the role masthead, found none; the nearest is line 1"
    )
    assert caught.value.advice


def test_page_that_captures_name_and_that_is_gone_is_told_as_refused(corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write(
        "corpus.toml", recipe.replace('source = "paper"', 'source = "paper"\ncaptures = "pages/captures.jsonl"')
    )
    corpus.write("pages/captures.jsonl", json.dumps({"file": "gone.txt"}))
    for name in ("pages/gone.txt", "paper:gone"):
        with pytest.raises(UsageError, match=r"pages/gone\.txt was refused: missing-file, ") as caught:
            why(corpus.folder, name, as_of=AS_OF)
        assert caught.value.advice


def test_table_of_rights_names_an_article_that_there_is(corpus: Corpus, pressmark: Run) -> None:
    shown = pressmark("check", corpus.folder, "--rights").stdout
    (asked,) = re.findall(r"one article: pressmark why (\S+) (\S+)", shown)
    assert pressmark("why", *asked).returncode == 0


ENTRY = {
    "status": "permission",
    "basis": "Letter of the publisher.",
    "decided_by": "editor",
    "decided_on": date(2025, 1, 1).isoformat(),
    "covers": ["text", "original"],
    "visibility": "public",
    "scope": {"sources": ["paper"]},
}


def test_lines_of_a_refused_page_are_shown_with_their_roles(corpus: Corpus, page: str, pressmark: Run) -> None:
    corpus.write("pages/1.txt", page.replace("2024-05-21 13:57", "Published 2024-05-21 13:57"))
    corpus.write("pages/2.txt", page)
    shown = pressmark("check", corpus.folder, "--show", "pages/1.txt")
    assert shown.returncode == 1
    assert "refused: layout-mismatch" in shown.stdout
    assert "      1  masthead   THE PAPER\n" in shown.stdout
    assert "      6  -          Published 2024-05-21 13:57\n" in shown.stdout
    assert "How the layout" not in pressmark("check", corpus.folder, "--show", "pages/2.txt").stdout
    (corpus.folder / "pages" / "3.txt").write_bytes(b"caf\xe9 au lait \xff\n")
    assert "How the layout" not in pressmark("check", corpus.folder, "--show", "pages/3.txt").stdout


def test_decision_lists_the_notices_that_name_somebody_else(corpus: Corpus, page: str, pressmark: Run) -> None:
    corpus.write("sources/paper.toml", PAPER.replace("'All rights reserved.*'", "'(All rights reserved|©).*'"))
    own = page.replace("All rights reserved by Paper House.", "© 2024 The Paper")
    agency = page.replace("All rights reserved by Paper House.", "© 2024 Northern Wire").replace("first", "1st")
    corpus.write("pages/1.txt", own)
    corpus.write("pages/2.txt", agency)
    corpus.write("letter.txt", "They may.")
    proposal = propose(corpus.folder, "letter", ENTRY, evidence=str(corpus.folder / "letter.txt"), as_of=AS_OF)
    (article,) = why(corpus.folder, "pages/2.txt", as_of=AS_OF)
    assert proposal.others == {"© 2024 Northern Wire": [article.article["id"]]}
    assert set(proposal.files.values()) == {"pages/1.txt", "pages/2.txt"}
    assert proposal.speaks_of == 2
    # Until its day a decision opens nothing, and nobody decides again when it comes.
    later = {**ENTRY, "decided_on": "2030-01-01"}
    later_one = propose(corpus.folder, "later", later, evidence=str(corpus.folder / "letter.txt"), as_of=AS_OF)
    assert later_one.others == proposal.others
    allowed = ("--status", "permission", "--visibility", "public", "--scope", "text,original", "--on", "2025-01-01")
    options = ("--source", "paper", *allowed, "--by", "editor", "--dry-run")
    named = ("--basis", "Letter.", "--evidence", corpus.folder / "letter.txt", "--as-of", AS_OF.isoformat())
    shown = pressmark("decide", corpus.folder, *options, *named)
    assert shown.returncode == 0, shown.stderr
    assert "© 2024 Northern Wire" in shown.stdout
    assert "© 2024 The Paper" not in shown.stdout
    data = json.loads(pressmark("decide", corpus.folder, *options, *named, "--json").stdout)
    assert list(data["naming_others"]) == ["© 2024 Northern Wire"]


def test_decision_lists_every_other_notice_and_who_credits_name(corpus: Corpus, page: str, pressmark: Run) -> None:
    corpus.write("sources/paper.toml", PAPER.replace("'All rights reserved.*'", "'(No reuse|©).*'"))
    no_reuse = "No reuse of this article without the consent of its author."
    corpus.write("pages/1.txt", page.replace("All rights reserved by Paper House.", no_reuse))
    corpus.records(
        {
            "id": "r1",
            "contributors": [{"role": "aut", "name": "Piet Harrow (Northern Wire)"}],
            "text": "PORT (AFP) - A text of some words (Photo: Jo Marsh/Tidal Wire)",
            "captions": [
                {"text": "The harbour at dawn (Norland News Agency)"},
                {"text": "A (small) boat"},
                {"text": "Photo: Lena Moor, Tidal Press"},
            ],
        }
    )
    corpus.write("letter.txt", "They may.")
    names, letter = ["pages/1.txt", "r1"], corpus.folder / "letter.txt"
    proposal = propose(corpus.folder, "letter", {**ENTRY, "scope": {}}, ids=names, evidence=str(letter), as_of=AS_OF)
    agencies = ["Norland News Agency", "Piet Harrow (Northern Wire)", "Tidal Press", "Tidal Wire"]
    assert sorted(proposal.others) == ["AFP", no_reuse, *agencies]
    (ids,) = [ids for words, ids in proposal.others.items() if words == no_reuse]
    corpus.write("ids.csv", f"id\n{ids[0]}\n")
    allowed = ("--status", "permission", "--visibility", "public", "--scope", "text,original", "--on", "2025-01-01")
    options = ("--ids", corpus.folder / "ids.csv", *allowed, "--by", "editor", "--dry-run")
    named = ("--basis", "Asked for.", "--evidence", corpus.folder / "letter.txt", "--as-of", AS_OF.isoformat())
    shown = pressmark("decide", corpus.folder, *options, *named)
    assert shown.returncode == 0, shown.stderr
    assert no_reuse in shown.stdout
    assert "To leave some out" not in shown.stdout


def test_owner_below_the_end_of_a_page_is_evidence_and_no_text(corpus: Corpus, page: str) -> None:
    below = page.replace("All rights reserved by Paper House.\n", "Another headline\n© 2024 Northern Wire\n")
    corpus.write("pages/1.txt", below)
    corpus.write("pages/2.txt", below.replace("Read on\nAnother headline\n", "").replace("first", "1st"))
    for name in ("pages/1.txt", "pages/2.txt"):
        (found,) = read_one(corpus.folder, name)
        assert found.article
        notices = [seen for seen in found.article["rights"]["evidence"] if seen["kind"] == "notice"]
        assert notices == [{"kind": "notice", "scope": "page", "where": "foot", "quote": "© 2024 Northern Wire"}]
        assert found.article["text"].endswith("at length.")
        assert not found.notes
    corpus.write("letter.txt", "They may.")
    proposal = propose(corpus.folder, "letter", ENTRY, evidence=str(corpus.folder / "letter.txt"), as_of=AS_OF)
    assert {words: len(ids) for words, ids in proposal.others.items()} == {"© 2024 Northern Wire": 2}


def test_agency_is_left_out_of_a_decision_by_one_about_its_ids(corpus: Corpus, page: str) -> None:
    agency = page.replace("All rights reserved by Paper House.", "© 2024 Northern Wire")
    agency = agency.replace("The first", "In spring the wire").replace(
        "adds what people said", "has the words of others"
    )
    corpus.write("pages/1.txt", page.replace("All rights reserved by Paper House.", "© 2024 The Paper"))
    corpus.write("pages/2.txt", agency)
    corpus.write("letter.txt", "They may.")
    first = propose(corpus.folder, "letter", ENTRY, evidence=str(corpus.folder / "letter.txt"), as_of=AS_OF)
    (ids,) = first.others.values()
    record(first)
    no = {**ENTRY, "status": "all_rights_reserved", "scope": {}}
    record(propose(corpus.folder, "agency", no, ids=ids, evidence=str(corpus.folder / "letter.txt"), as_of=AS_OF))
    corpus.build()
    assert corpus.codes()["pages/1.txt"] == "published"
    assert corpus.codes()["pages/2.txt"] == "status-closed"
    again = propose(corpus.folder, "again", ENTRY, evidence=str(corpus.folder / "letter.txt"), as_of=AS_OF)
    assert again.others == {}
    files = propose(
        corpus.folder, "files", no, ids=["pages/2.txt"], evidence=str(corpus.folder / "letter.txt"), as_of=AS_OF
    )
    assert files.entry["scope"]["ids"] == ids


CLOSED = """<html><head><title>A title of number {number}</title></head><body><article>
<h1>A title of number {number}</h1><p>{text}</p>
<figure><img src="a.jpg"><figcaption><small>Widow Jane weeps at the grave. © Wire {number}</small></figcaption></figure>
<div class="article-footer">In tears she freed files {number} under CC BY 4.0</div></article>
<footer><a href="/">Most read: Mayor Jane was seen</a><p>© 2024 Reedwick Post</p></footer></body></html>"""


def test_no_words_of_closed_pages_come_with_what_was_seen_about_rights(corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace("pages/**/*.txt", "pages/**/*.html").replace('"page"', '"html"'))
    (corpus.folder / "pages" / "1.txt").unlink()
    for number in range(1, 5):
        text = (
            f"The council of place {number} met on the day {number} and said a lot about the ferry and its landing. "
            * 3
        )
        corpus.write(f"pages/{number}.html", CLOSED.format(number=number, text=text))
    corpus.build()
    folder = corpus.results[-1].lines["open"].folder
    rows = pq.read_table(folder / "withheld").to_pylist()
    told = json.dumps(rows, default=str) + (folder / "rights" / "notices.jsonl").read_text(encoding="utf-8")
    assert "© 2024 Reedwick Post" in told
    assert not re.findall("Jane|tears|Mayor|grave|Wire", told)


def test_headline_that_looks_like_an_owner_is_no_evidence(corpus: Corpus, page: str) -> None:
    corpus.write("pages/1.txt", page.replace("A headline that says something", "© 2024 Mayor Jane Doe"))
    (found,) = read_one(corpus.folder, "pages/1.txt")
    assert found.article
    assert found.article["title"] == "© 2024 Mayor Jane Doe"
    assert "Jane" not in json.dumps(found.article["rights"])


def test_misspelt_split_is_a_finding(corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace("train = 0.8", "tran = 0.8"))
    corpus.build()
    for found in (check(corpus.folder).findings, corpus.results[-1].findings):
        told = [(each.code, each.place, each.detail) for each in found]
        assert told == [("unusual-split", "splits.tran", "found tran, near train")]
    corpus.write("corpus.toml", recipe.replace("test = 0.2", "dev = 0.2"))
    assert check(corpus.folder).findings == []


def test_many_findings_of_one_code_are_some_and_a_number(corpus: Corpus, pressmark: Run) -> None:
    for number in range(30):
        corpus.write(f"pages/many/{number}.txt", "")
    corpus.write("pages/2.txt", "No page at all, with no time\n")
    shown = pressmark("check", corpus.folder).stderr.splitlines()
    assert sum("empty-input" in line and "/many/" in line for line in shown) == 10
    (rest,) = [line for line in shown if "more with empty-input" in line]
    assert rest.startswith("... and 8 more")
    assert any(line.startswith("pages/2.txt: ") for line in shown)


def test_articles_by_split_are_told(corpus: Corpus, pressmark: Run) -> None:
    shown = pressmark("build", corpus.folder, "--version", "1.0.0", "--as-of", AS_OF.isoformat()).stdout
    told = re.findall(r"articles by split: train (\S+|none yet), test (\S+|none yet)", shown)
    assert len(told) == 2
    for pair in told:
        assert sum(int(count) for count in pair if count.isdigit()) == 2


def test_bylines_of_two_and_of_an_agency_are_read_as_the_docs_say(corpus: Corpus, page: str) -> None:
    docs = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    (anchors,) = [
        block
        for block in re.findall(r"^```toml\n(.*?)^```$", docs, re.MULTILINE | re.DOTALL)
        if "and (?P<aut>" in block
    ]
    corpus.write("sources/paper.toml", f"{PAPER}\n{anchors}")
    for number, byline in enumerate(("By Tove Anders and Matti Orrin", "By Petra Lund, Northern Wire"), 1):
        corpus.write(f"pages/{number}.txt", page.replace("A deck below it", byline))
    two, agency = (read_one(corpus.folder, f"pages/{number}.txt")[0].article for number in (1, 2))
    assert two
    assert [each["name"] for each in two["contributors"]] == ["Tove Anders", "Matti Orrin"]
    assert agency
    assert [each["name"] for each in agency["contributors"]] == ["Petra Lund"]
    assert agency["provenance"]["syndicated_from"] == "Northern Wire"
