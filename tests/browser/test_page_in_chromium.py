"""The page of `pressmark report` in a real browser: `make test-browser` installs what it needs, but for Chromium."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import pytest

from page_cases import PAYLOADS, hostile
from pressmark import BuildResult
from pressmark.markup import plain
from pressmark.page.report import write_report
from support import Corpus

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: `make test-browser`")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("no Chromium is installed: apt-get install chromium", allow_module_level=True)

SANDBOX = ["--no-sandbox"] if os.geteuid() == 0 else []
"""Chromium refuses to run as root with its sandbox."""

MANY = 100_000

Opened = Callable[..., Any]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=SANDBOX)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opened]:
    """Return how to open a page; it may ask for nothing but itself, and has nothing to complain about."""
    contexts, complaints = [], []

    def open_page(path: Path, **options: Any) -> Any:
        chosen = {"viewport": {"width": 1200, "height": 900}, **options}
        contexts.append(chromium.new_context(**chosen))
        page = contexts[-1].new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda sent: complaints.append(sent.url) if sent.url != path.as_uri() else None)
        page.goto(path.as_uri())
        if chosen.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready]", timeout=30_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def pages(example: BuildResult, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("pages")
    write_report(example.lines["open"].folder, place / "open.html")
    dist = example.lines["open"].folder.parents[2]
    write_report(example.ledger.parents[1], place / "work.html", releases=dist)
    return {path.stem: path for path in sorted(place.iterdir())}


def test_a_number_leads_to_its_rows_and_a_row_to_what_to_do(opened: Opened, pages: dict[str, Path]) -> None:
    page = opened(pages["work"])
    assert page.inner_text("#found") == "82 of 82 rows"
    page.click("button.way[data-column='became-open'][data-value='rejected: bad-date']")
    assert page.inner_text("#found") == "1 of 82 rows (became in open: rejected: bad-date)"
    assert page.locator("#rows-place tbody tr").count() == 1
    page.focus("button.open")
    page.keyboard.press("Enter")
    words = page.inner_text("tr.more")
    assert "articles/quillmouth/broken.jsonl:2" in words
    assert "/published_on: found '1926-02-30'" in words
    assert "What to do:" in words
    page.keyboard.press("Enter")
    assert page.locator("tr.more").count() == 0


def test_search_filters_and_leaves(opened: Opened, pages: dict[str, Path]) -> None:
    page = opened(pages["open"])
    first = page.locator("#rows-place tbody tr").all_inner_texts()
    assert len(first) == 25
    page.click("#leaves button:has-text('Later')")
    assert page.inner_text("#leaves span") == "Leaf 2 of 3"
    assert page.locator("#rows-place tbody tr").all_inner_texts() != first
    page.select_option("#filters label:has-text('language') select", "ko-CN")
    page.select_option("#filters label:has-text('became') select", "published")
    page.fill("#filters input", "도하린은없다")
    playwright.expect(page.locator("#found")).to_have_text(re.compile("^0 of"))
    page.click("#filters button")
    assert page.inner_text("#found") == "72 of 72 rows"


def test_figures_speak_to_the_pointer_and_to_the_keyboard(opened: Opened, pages: dict[str, Path]) -> None:
    page = opened(pages["open"])
    page.locator("#figures .m").first.hover()
    assert page.inner_text("#tip").startswith("yupo-sinmun-ko, 2023: ")
    page.mouse.move(0, 0)
    page.locator("#rights .picture").focus()
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#tip") == "all_rights_reserved, no-decision: 17"
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#tip").startswith("unknown, ")
    page.keyboard.press("Escape")
    assert page.is_hidden("#tip")
    assert page.locator(".picture title").count() == 0


def test_light_dark_and_the_button(opened: Opened, pages: dict[str, Path]) -> None:
    for scheme, other in (("light", "Dark"), ("dark", "Light")):
        page = opened(pages["open"], color_scheme=scheme)
        ground = "getComputedStyle(document.body).backgroundColor"
        before = page.evaluate(ground)
        assert page.inner_text("#theme") == other
        page.click("#theme")
        assert page.evaluate(ground) != before
        page.click("#theme")
        assert page.evaluate(ground) == before


def test_nothing_is_wider_than_a_telephone(opened: Opened, pages: dict[str, Path]) -> None:
    for path in pages.values():
        page = opened(path, viewport={"width": 360, "height": 740})
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_print_leaves_out_what_paper_cannot_do(opened: Opened, pages: dict[str, Path]) -> None:
    page = opened(pages["work"], color_scheme="dark")
    page.emulate_media(media="print")
    assert page.is_hidden("#filters")
    assert page.is_hidden("#theme")
    assert page.is_visible("#private")
    assert page.is_visible("#figures svg >> nth=0")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf()) > 10_000


def test_without_scripts_all_but_the_list_is_there(opened: Opened, pages: dict[str, Path]) -> None:
    page = opened(pages["open"], java_script_enabled=False)
    assert page.is_visible("#no-list")
    assert page.is_hidden("#filters")
    assert page.locator("section").count() == 9
    assert page.locator("svg[role=img]").count() == 7


def test_hostile_words_do_nothing(opened: Opened, corpus: Corpus, tmp_path: Path) -> None:
    hostile(corpus)
    folder = corpus.build().lines["open"].folder
    for place in (folder, corpus.work / "small"):
        page = opened(write_report(place, tmp_path / "a.html", releases=corpus.out).path)
        for button in page.locator("button.open").all():
            button.click()
        for mark in page.locator(".m").all()[:40]:
            mark.dispatch_event("pointerover")
        assert page.locator("img, #rows-place script, #rows-place b, article script").count() == 0
    page = opened(write_report(folder, tmp_path / "b.html").path)
    titles = page.evaluate("list.columns.find((each) => each.name === 'title').values.length")
    assert titles >= len(PAYLOADS)
    page.fill("#filters input", "__proto__")
    playwright.expect(page.locator("#found")).to_have_text(re.compile("^1 of"))
    assert plain("__proto__") in page.inner_text("#rows-place tbody")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
@pytest.mark.parametrize("name", ["open", "work"])
def test_axe_finds_nothing(opened: Opened, pages: dict[str, Path], name: str, width: int, scheme: str) -> None:
    # The script of the test is one that the page's policy would stop.
    options = {"bypass_csp": True, "color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    page = opened(pages[name], **options)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.locator("button.open").nth(1).click()
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    # What the scheme changes are colours; everything else is looked at once.
    of_colours = {"runOnly": ["color-contrast", "link-in-text-block"]}
    asked = {"resultTypes": ["violations"], **(of_colours if scheme == "dark" else {})}
    found = page.evaluate("(asked) => axe.run(document, asked)", asked)
    assert len(found["passes"]) >= (1 if scheme == "dark" else 31)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


def test_a_hundred_thousand_inputs_open_at_once(opened: Opened, tmp_path: Path) -> None:
    became = [
        {"class": "published"},
        {"class": "withheld", "code": "no-decision"},
        {"class": "rejected", "code": "bad-date"},
    ]
    ledger = tmp_path / "work" / "1.0.0" / "ledger.jsonl"
    ledger.parent.mkdir(parents=True)
    with ledger.open("wb") as stream:
        for number in range(MANY):
            its = {"file": f"papers/{number % 977}/a.jsonl", "line": number, "id": f"paper:{number:x}"}
            its |= {"detail": f"found {number}", "became": {"open": became[number * number % 7 % 3]}}
            stream.write(orjson.dumps(its) + b"\n")
    report = write_report(tmp_path / "work", tmp_path / "a.html")
    assert (report.listed, report.left_out) == (MANY, 0)
    assert report.bytes < 5_000_000
    began = time.monotonic()
    page = opened(report.path)
    # Two seconds, where nothing else is at work; docs/report.md has what was measured.
    assert time.monotonic() - began < 10
    assert page.inner_text("#found").replace("\xa0", "") == "100000 of 100000 rows"
