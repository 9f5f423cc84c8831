"""Pages in layouts that are related to the first one: a source file, a page, and what has to be read of it.

`tests/pages/relatives/NAME.toml` is the source, `NAME.txt` its page, `NAME.json` the article, written by hand. All of
them are invented.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pressmark.article.contract import contract
from pressmark.article.reservations import reserves
from pressmark.intake.files import find
from pressmark.intake.read import Reading, read
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Source, read_source
from support import ROOT

PAGES = sorted((ROOT / "tests" / "pages" / "relatives").glob("*.txt"))
NAMES = [page.stem for page in PAGES]
FIELDS = (
    *("title", "subtitles", "section", "contributors", "derivation", "source_language", "url"),
    *("published_on", "published_at", "published_precision", "captions"),
)


def reading(page: Path, folder: Path, change: tuple[str, str] = ("", "")) -> Reading:
    """Read a page as a build does, from a corpus folder of its own."""
    (folder / "sources").mkdir()
    shutil.copy(page.with_suffix(".toml"), folder / "sources" / "paper.toml")
    (folder / "page.txt").write_text(page.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    source = read_source(folder, "paper")
    assert isinstance(source, Source), list(map(str, source))
    files = tuple(find(folder, ["*.txt"]))
    (found,) = read(ReadTask(0, folder, Input("*.txt", "page", "paper"), source, files, 10**6))
    return found


def shown(found: Reading) -> dict[str, Any]:
    """Return a reading as the files beside the pages have it."""
    assert found.article is not None, str(found.rejection and (found.rejection.code, found.rejection.detail))
    record = found.article
    notice = record["rights"].get("notice")
    other = {
        "text": record["text"].split("\n\n"),
        "published_raw": record["provenance"]["published_raw"],
        "syndicated_from": record["provenance"].get("syndicated_from"),
        "notice": notice,
        "evidence": [entry["kind"] for entry in record["rights"].get("evidence", ())],
        "notes": [code for code, _, _ in found.notes],
    }
    fields = {name: record[name] for name in FIELDS if name in record} | other
    return {name: value for name, value in fields.items() if value is not None}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_of_a_related_layout_gives_the_article_beside_it(page: Path, tmp_path: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_bytes())
    is_reserved = expected.pop("reserves", None)
    found = reading(page, tmp_path)
    assert {"contributors": [], **shown(found)} == expected
    assert found.article is not None
    assert contract("article").reference_holds(found.article)
    assert is_reserved is None or reserves(found.article["rights"]["notice"]) is is_reserved


def test_lines_that_are_skipped_are_counted_and_what_they_reserve_is_evidence(tmp_path: Path) -> None:
    page = next(page for page in PAGES if page.stem == "national-paper")
    found = reading(page, tmp_path)
    assert found.article is not None
    assert {"step": "lines-skipped", "count": 2} in found.article["provenance"]["steps"]
    source = page.with_suffix(".toml").read_text(encoding="utf-8").replace('role = "notice"', 'role = "skip"')
    other = tmp_path / "other"
    other.mkdir()
    (other / page.name).write_bytes(page.read_bytes())
    (other / f"{page.stem}.toml").write_text(source, encoding="utf-8")
    (other / "corpus").mkdir()
    skipped = reading(other / page.name, other / "corpus")
    assert skipped.article is not None
    assert skipped.article["rights"]["notice"] == found.article["rights"]["notice"]


@pytest.mark.parametrize("month", ["Octobre", "Month", "00"])
def test_a_month_in_other_words_is_no_date_and_not_shown(month: str, tmp_path: Path) -> None:
    page = next(page for page in PAGES if page.stem == "national-paper")
    found = reading(page, tmp_path, ("October", month))
    if month == "Octobre":  # the first letters tell
        assert found.article is not None
        return
    assert found.rejection is not None
    assert found.rejection.code == ("bad-date" if month == "Month" else "layout-mismatch")
    assert month not in found.rejection.detail


def test_an_empty_place_of_a_line_names_nobody(tmp_path: Path) -> None:
    page = next(page for page in PAGES if page.stem == "boxed-line")
    found = reading(page, tmp_path, ("[ 윤슬 ] 원고래원: [ 갈숲신문 ]", "[ ] 원고래원: [ ]"))
    assert found.article is not None
    assert (found.article.get("contributors"), found.article["provenance"].get("syndicated_from")) == (None, None)


def test_entries_between_bullets_make_a_list_also_where_a_serial_has_bullets(tmp_path: Path) -> None:
    page = next(page for page in PAGES if page.stem == "sister-paper")
    found = reading(page, tmp_path, ("은여울 징검다리의", "· 하나\n· 둘\n은여울 징검다리의"))
    assert found.rejection is not None
    assert found.rejection.code == "not-an-article"
