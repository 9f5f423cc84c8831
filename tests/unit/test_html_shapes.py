"""Pages of odd shapes: nothing of the text is lost, no right is missed, nobody and no day is invented."""

import json
from typing import Any

import pytest

from pressmark.findings import RefusedInputError
from pressmark.intake.draft import Draft
from pressmark.intake.html import read_html
from pressmark.sources import HtmlRules

ONE = "The river rose in the night and took the landing stage with it, as it does in most years of the decade."
TWO = "Nobody was on the stage at the time, the harbour master said, and the ferry lay on the other side of the water."
THREE = "The council met on the next day and spoke about the stage, which is to be built again before the winter."
BODY = f"<article><p>{ONE}</p><p>{TWO}</p></article>"


def read(head: str = "", body: str = BODY, **options: Any) -> Draft:
    return read_html(f"<html><head>{head}</head><body>{body}</body></html>".encode(), **options)


def linked_data(*nodes: dict[str, Any], type_: str = "application/ld+json") -> str:
    return "".join(f'<script type="{type_}">{json.dumps(node)}</script>' for node in nodes)


def people(draft: Draft) -> list[tuple[str, str]]:
    return [(each["role"], each["name"]) for each in draft.fields["contributors"]]


def quotes(draft: Draft) -> dict[str, str]:
    return {entry["where"]: entry.get("quote", "") for entry in draft.evidence}


ADDRESS = "https://quill.example/ferry"
MAIN = {
    "@type": "NewsArticle",
    "headline": "Ferry out",
    "url": ADDRESS,
    "author": {"@type": "Person", "name": "Ada Reedham"},
    "datePublished": "2024-05-21T08:30:00Z",
    "license": "https://quill.example/terms",
}
OTHER = {
    "@type": "NewsArticle",
    "headline": "Another story",
    "url": "https://quill.example/other",
    "author": {"@type": "Person", "name": "Tom Poe"},
    "datePublished": "2020-01-01",
    "license": "https://creativecommons.org/licenses/by/4.0/",
}
CANONICAL = f'<link rel="canonical" href="{ADDRESS}"><meta property="og:title" content="Ferry out">'


@pytest.mark.parametrize(
    "nodes",
    [
        (OTHER, MAIN),
        ({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": OTHER}]}, MAIN),
        (OTHER, {**MAIN, "@type": "BlogPosting"}),
        (OTHER, {**MAIN, "url": "https://www.quill.example/ferry/#top"}),
        (OTHER, {**MAIN, "url": "https://amp.quill.example/2024/ferry"}),
        (MAIN, OTHER),
    ],
)
def test_the_article_of_the_page_is_meant_and_no_other(nodes: tuple[dict[str, Any], ...]) -> None:
    found = read(CANONICAL + linked_data(*nodes))
    assert (found.fields["title"], people(found)) == ("Ferry out", [("aut", "Ada Reedham")])
    assert found.fields["published_at"] == "2024-05-21T08:30:00Z"
    assert quotes(found)["JSON-LD license"] == "https://quill.example/terms"


def test_articles_of_other_pages_say_nothing_of_this_one() -> None:
    for nodes in ((OTHER,), ({"@type": "ItemList", "itemListElement": [OTHER, MAIN | {"headline": "x", "url": "y"}]},)):
        found = read(CANONICAL + linked_data(*nodes))
        assert (found.fields["title"], people(found)) == ("Ferry out", [])
        assert "published_on" not in found.fields
        assert not found.evidence


DOCUMENT = json.dumps(MAIN)
ODD_DOCUMENTS = {
    "a comma at the end": DOCUMENT[:-1] + ",\n}",
    "a comment before": "/* by the system */ " + DOCUMENT,
    "a comment of CDATA": f"/*<![CDATA[*/ {DOCUMENT} /*]]>*/",
    "lines of CDATA": f"//<![CDATA[\n{DOCUMENT}\n//]]>",
    "a comment of HTML": f"<!-- {DOCUMENT} -->",
    "line ends in strings": DOCUMENT.replace("Ferry out", "Ferry\nout"),
    "an address in a string": DOCUMENT[:-1] + ', "x": "a // b, } /* c */",}',
}


@pytest.mark.parametrize("name", ODD_DOCUMENTS)
def test_json_is_read_with_patience(name: str) -> None:
    found = read(f'<script type="application/LD+JSON">{ODD_DOCUMENTS[name]}</script>')
    assert (found.fields["title"], people(found)) == ("Ferry out", [("aut", "Ada Reedham")])
    assert not found.steps["unread-metadata"]


def test_what_is_no_json_is_counted() -> None:
    assert (
        read('<script type="application/ld+json">{"@type": "NewsArticle", headline}</script>').steps["unread-metadata"]
        == 1
    )


def test_half_a_character_is_none() -> None:
    found = read('<script type="application/ld+json">{"@type":"NewsArticle","headline":"A \\ud83d b"}</script>')
    assert found.fields["title"] == "A \ufffd b"


def test_references_and_entities_and_epochs_are_read() -> None:
    node = {**MAIN, "headline": "Ferry &amp; stage&#8217;s end", "author": {"@id": "#ada"}, "datePublished": 1716280200}
    found = read(linked_data({"@graph": [node, {"@type": "Person", "@id": "#ada", "name": "Ada Reedham"}]}))
    assert (found.fields["title"], people(found)) == ("Ferry & stage\u2019s end", [("aut", "Ada Reedham")])
    assert found.fields["published_at"] == "2024-05-21T08:30:00Z"
    found = read(linked_data({**MAIN, "author": "Ada Reedham &amp; Tom Poe"}))
    assert people(found) == [("aut", "Ada Reedham"), ("aut", "Tom Poe")]


def test_a_person_may_be_called_like_a_paper() -> None:
    assert people(read(linked_data({**MAIN, "author": {"@type": "Person", "name": "Emily Post"}}))) == [
        ("aut", "Emily Post")
    ]


NOTICES = {
    "a block in a block": "<footer>&copy; Quill. All rights reserved. <div>About</div></footer>",
    "a list in a notice": "<div>版权所有 不得转载<ul><li>About</li></ul></div>",
    "a paragraph in a cell": "<table><tr><td>무단 전재 및 재배포 금지<p>About</p></td></tr></table>",
    "words of the body": "Quill. All rights reserved.",
    "a form": "<form>Quill. All rights reserved.</form>",
    "a heading": "<h6>All rights reserved</h6>",
    "a definition": "<dl><dd>All rights reserved</dd></dl>",
    "emphasis": "<em>All rights reserved</em>",
    "a link": "<a href='/x'>All rights reserved</a>",
    "an aside": "<aside>All rights reserved</aside>",
    "a figcaption": "<figure><img src='a.jpg'><figcaption>All rights reserved</figcaption></figure>",
    "a very long one": f"<p>{'Words of the terms, which are many. ' * 80} All rights reserved.</p>",
}


@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_is_found_wherever_it_stands(name: str) -> None:
    found = [entry for entry in read(body=BODY + NOTICES[name]).evidence if entry["kind"] == "notice"]
    assert found
    assert all(len(entry.get("quote", "")) <= 2000 for entry in found)


SIGNALS = {
    "<meta name='tdm-policy' content='https://quill.example/p'>": ("tdmrep", "meta tdm-policy"),
    "<meta name='content-usage' content='train-ai=n'>": ("aipref", "meta content-usage"),
    "<meta name='GPTBot' content='noindex'>": ("meta", "meta gptbot"),
    "<meta name='google-extended' content='noai'>": ("meta", "meta google-extended"),
    "<meta property='tdm-reservation' content='1'>": ("tdmrep", "meta tdm-reservation"),
    "<meta http-equiv='X-Robots-Tag' content='noai'>": ("meta", "meta x-robots-tag"),
    "<meta http-equiv='Content-Usage' content='train-ai=n'>": ("aipref", "meta content-usage"),
    "<script type='application/rsl+xml'><rsl/></script>": ("rsl", "script"),
    "<link rel='license' type='application/rsl+xml; charset=utf-8' href='/l.xml'>": ("rsl", "link"),
}


@pytest.mark.parametrize("tag", SIGNALS)
def test_a_signal_is_found_however_it_is_written(tag: str) -> None:
    found = read(tag)
    assert [(each["signal"], each["where"]) for each in found.fields["rights"]["reservations"]] == [SIGNALS[tag]]
    assert not found.evidence


def test_signals_of_the_answer_are_found() -> None:
    headers = {
        "link": '</style.css>; rel=preload, <https://quill.example/l.xml>; rel="license"; type="application/rsl+xml"',
        "tdm-policy": "https://quill.example/p",
    }
    found = read(headers=headers).fields["rights"]["reservations"]
    assert [(each["signal"], each["value"]) for each in found] == [
        ("tdmrep", "https://quill.example/p"),
        ("rsl", "https://quill.example/l.xml"),
    ]


CLAIMS = {
    "JSON-LD license": linked_data({"@type": "WebPage", "license": "https://quill.example/terms"}),
    "JSON-LD hasPart isAccessibleForFree": linked_data({**MAIN, "hasPart": {"isAccessibleForFree": False}}),
    "JSON-LD copyrightNotice": linked_data({"@type": "schema:NewsArticle", "copyrightNotice": "Quill House"}),
    "JSON-LD usageInfo": linked_data({"@type": "WebSite", "usageInfo": {"text": "Ask us."}}),
    "meta copyright": "<meta name='copyright' content='Quill House'>",
    "meta dcterms.rights": "<meta name='DCTERMS.rights' content='All rights reserved'>",
    "microdata license": "<link itemprop='license' href='https://quill.example/terms'>",
    "microdata copyrightHolder": "<meta itemprop='copyrightHolder' content='Quill House'>",
}


@pytest.mark.parametrize("where", CLAIMS)
def test_a_claim_is_found_wherever_it_stands(where: str) -> None:
    found = read(CLAIMS[where])
    assert where in quotes(found)
    assert {entry["kind"] for entry in found.evidence if "reserved" in entry.get("quote", "")} <= {"notice"}


BY = '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY</a>'


@pytest.mark.parametrize(
    ("body", "scope"),
    [
        (f"<article><h1>T</h1><p>{ONE}</p><p>{TWO} {BY}</p></article>", "text"),
        (f"<article><div class='image'><p>Photo: Foo, {BY}</p></div><p>{ONE}</p><p>{TWO}</p></article>", "image"),
        (f"<article><h1>T</h1><p>{ONE}</p><p>{TWO}</p></article><article><p>Read on {BY}</p></article>", "unknown"),
        (f"<article><h1>T</h1><p>{ONE}</p><p>{TWO}</p><article><p>A card {BY}</p></article></article>", "unknown"),
        (f"<article><p>{ONE}</p><p>{TWO}</p><div class='related'><p>{BY}</p></div></article>", "unknown"),
    ],
)
def test_a_licence_speaks_of_where_it_stands(body: str, scope: str) -> None:
    found = read(body=body)
    assert [entry["scope"] for entry in found.evidence if "creativecommons" in entry.get("quote", "")] == [scope]
    assert "syndicated_from" not in found.fields.get("provenance", {})


TEXT = HtmlRules(text=("//div[@id='text']",))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("One before<!-- ad --> and after.", ["One before and after."]),
        ("One before<?php x ?> and after.", ["One before and after."]),
        ("<form><p>One.</p><select><option>A</option></select></form>", ["One."]),
        ("<figcaption>One.</figcaption><p>Two.</p>", ["One.", "Two."]),
        ("<figure><figcaption>A caption.</figcaption></figure><p>Two.</p>", ["Two."]),
        ("One.<br>Two.<br/><br/>Three.", ["One.", "Two.", "Three."]),
        ("<dl><dt>One</dt><dd>Two.</dd></dl>", ["One", "Two."]),
    ],
)
def test_nothing_of_what_a_selector_finds_is_lost(inside: str, expected: list[str]) -> None:
    found = read(body=f"<div id='text'>{inside}</div>", rules=TEXT)
    assert found.fields["text"].split("\n\n") == expected


def test_what_two_selectors_find_is_there_once() -> None:
    rules = HtmlRules(text=("//div[@id='text']", "//p"))
    assert read(body=f"<div id='text'><p>{ONE}</p><p>{TWO}</p></div>", rules=rules).fields["text"] == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("//div[@id='text']/p/text()", [ONE, TWO]),
        ("//div[@id='text']/@data-text", [THREE]),
        ("substring-after(//div[@id='text']/@data-text, 'The council met on ')", [THREE[len("The council met on ") :]]),
    ],
)
def test_a_text_may_be_words_that_an_expression_gives(selector: str, expected: list[str]) -> None:
    body = f"<div id='text' data-text='{THREE}'><p>{ONE}</p><p>{TWO}</p></div>"
    assert read(body=body, rules=HtmlRules(text=(selector,))).fields["text"].split("\n\n") == expected


@pytest.mark.parametrize("kind", ["text", "title", "published", "contributors", "section", "subtitles", "remove"])
def test_an_expression_that_cannot_be_worked_out_is_told_and_the_page_read(kind: str) -> None:
    # There are no paragraphs on the page by which the source file was tried.
    found = read(rules=HtmlRules(**{kind: ("//p[nonesuch(.)]",)}))
    assert found.fields["text"] == f"{ONE}\n\n{TWO}"
    name = "published_on" if kind == "published" else kind
    fault = "//p[nonesuch(.)] cannot be worked out: Unregistered function"
    assert ("selector-found-nothing", f"/{name}", fault) in found.notes


def test_of_an_expression_with_a_fault_one_thing_is_told() -> None:
    notes = read(rules=HtmlRules(title=("//p[nonesuch(.)]", "//h7"))).notes
    assert [note[1] for note in notes if note[0] == "selector-found-nothing"] == ["/title"]


@pytest.mark.parametrize("name", ["text", "title", "section", "subtitles", "contributors", "published", "remove"])
@pytest.mark.parametrize(
    "selector", ["//article/node()", "//comment()", "//processing-instruction()", "//namespace::*"]
)
def test_comments_have_no_words(name: str, selector: str) -> None:
    if name in ("remove", "subtitles") and selector == "//article/node()":
        selector = "//article/node()[not(self::p)]"
    body = f"<article><!-- unseen --><p>{ONE}</p><?php unseen ?><p>{TWO}</p></article>"
    found = read(body=body, rules=HtmlRules(**{name: (selector,)}))
    assert "unseen" not in str(found.fields)
    # What is the title or the first subtitle is no paragraph.
    assert found.fields["text"] in (f"{ONE}\n\n{TWO}", TWO)


@pytest.mark.parametrize(
    "selectors", [("//p", "//p/text()"), ("//p/text()", "//p"), ("//p", "//p"), ("//p/text()", "//article//text()")]
)
def test_what_is_found_twice_is_there_once(selectors: tuple[str, ...]) -> None:
    rules = HtmlRules(text=selectors)
    assert read(body=f"<article><p>{ONE}</p><p>{ONE}</p></article>", rules=rules).fields["text"] == f"{ONE}\n\n{ONE}"


@pytest.mark.parametrize("selector", ["//article/@class", "//p/text()", "string(//p)"])
def test_words_cannot_be_removed(selector: str) -> None:
    found = read(rules=HtmlRules(remove=(selector,)), body=BODY.replace("<article>", "<article class='long'>"))
    assert found.fields["text"] == f"{ONE}\n\n{TWO}"
    assert [note for note in found.notes if note[0] == "selector-found-nothing"] == [
        ("selector-found-nothing", "/remove", f"{selector} gives words, where elements are to be removed")
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<div><!--enpcontent--><p>One.</p><!--/enpcontent--><p>Ad.</p><!--enpcontent--><p>Two.</p><!--/enpcontent--></div>",
        "<div><!--enpcontent--><p>One.</p><div><p>Two.</p><!--/enpcontent--><p>Ad.</p></div></div>",
        "<div><!--enpcontent--><p>One.</p><p>Two.</p></div><p>Ad.</p>",
    ],
)
def test_the_body_of_a_content_system_is_what_its_comments_mark(body: str) -> None:
    assert read(body=body).fields["text"] == "One.\n\nTwo."


def test_a_paragraph_that_a_caption_repeats_stays() -> None:
    figure = f"<figure><img src='a.jpg'><figcaption>{ONE}</figcaption></figure>"
    found = read(body=f"<article>{figure}<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></article>")
    assert found.fields["text"] == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_a_short_article_keeps_its_paragraphs() -> None:
    figure = f"<figure><img src='a.jpg'><figcaption>{THREE}</figcaption></figure>"
    found = read(body=f"<article>{figure}<p>{ONE}</p><p>{TWO}</p></article>")
    assert found.fields["text"] == f"{ONE}\n\n{TWO}"


def test_a_table_for_the_layout_is_no_table() -> None:
    cell = f"<h1>The council</h1>{ONE}<br><br>{TWO}<br><br>{THREE}<br>{ONE[::-1]}"
    found = read(body=f"<table><tr><td width=100>Menu</td><td>{cell}</td></tr></table>")
    assert "|" not in found.fields["text"]
    assert {ONE, TWO, THREE} <= set(found.fields["text"].split("\n\n"))


def test_the_time_of_the_article_is_none_of_the_footer() -> None:
    times = '<time datetime="2024-05-21T10:30+09:00">21 May</time>'
    found = read(body=f"<article><h1>T</h1>{times}<p>{ONE}</p><p>{TWO}</p></article><p>Founded 3 March 1999</p>")
    assert found.fields["published_at"] == "2024-05-21T01:30:00Z"
    two = times + '<time datetime="2023-01-01">Then</time>'
    found = read(body=f"<article><h1>T</h1>{two}<p>{ONE}</p><p>{TWO}</p></article>")
    assert "published_at" not in found.fields


def test_when_a_page_was_changed_is_no_day_of_publication() -> None:
    found = read("<meta http-equiv='x'><meta name='last-modified' content='2024-05-21T10:30:00Z'>")
    assert "published_on" not in found.fields
    assert found.fields["modified_at"] == "2024-05-21T10:30:00Z"


@pytest.mark.parametrize(
    ("site", "stated", "title"),
    [
        ("BBC", "Live: BBC boss resigns - what we know", "Live: BBC boss resigns - what we know"),
        ("Time", "The long wait - a story of hard times at sea", "The long wait - a story of hard times at sea"),
        ("Iran", "Iran – Iraq: 40 years on", "Iran – Iraq: 40 years on"),
        ("BBC", "Ferry out - what we know - BBC News", "Ferry out - what we know"),
        ("The Quill", "Ferry out | Quill", "Ferry out"),
        ("Quill", "Ferry out | Stage in | The Quill", "Ferry out | Stage in"),
        ("Quill", "Quill | Ferry out", "Ferry out"),
        ("가나일보", "홍수 | 가나일보", "홍수"),
        ("北沼网", "洪水来了_北沼网", "洪水来了"),
    ],
)
def test_the_site_is_taken_off_a_title_and_nothing_else(site: str, stated: str, title: str) -> None:
    found = read(f"<title>{stated}</title><meta property='og:site_name' content='{site}'>")
    assert found.fields["title"] == title
    found = read(f"<meta property='og:site_name' content='{site}'>" + linked_data({**MAIN, "headline": stated}))
    assert found.fields["title"] == title


def test_a_figure_without_a_caption_has_none_and_a_text_in_a_figure_is_no_caption() -> None:
    figures = (
        "<figure><img src='a.jpg'></figure>"
        f"<figure><img src='b.jpg'><figcaption>{'Words of a box that is a text. ' * 40}</figcaption></figure>"
        "<figure><figcaption>Words alone.</figcaption></figure>"
        "<figure><img src='/c/d.jpg?w=3'><figcaption>A boat.</figcaption></figure>" * 2
    )
    assert read(body=BODY + figures).fields["captions"] == [
        {"text": "Words alone."},
        {"image": "d.jpg", "text": "A boat."},
    ]


def test_selectors_find_the_first_words_that_there_are() -> None:
    rules = HtmlRules(
        title=("//h1", "//h2"),
        contributors=("//p[@class='by']",),
        section=("//nav/b",),
        published=("//i", "string(//u)"),
        subtitles=("//h3",),
        text=("//article/p",),
    )
    body = (
        "<nav><b> </b><b>Town</b></nav><h1></h1><h1> </h1><h2>Ferry out</h2><h3></h3><h3>What is known</h3>"
        f"<p class='by'>By Ada Reedham, Reuters</p><i></i><u>2024-05-21</u>{BODY}"
    )
    found = read(CANONICAL + linked_data({**OTHER, "url": ADDRESS}), body, rules=rules)
    assert (found.fields["title"], found.fields["section"]) == ("Ferry out", ["Town"])
    assert found.fields["subtitles"] == ["What is known"]
    assert people(found) == [("aut", "Ada Reedham")]
    assert found.fields["provenance"]["syndicated_from"] == "Reuters"
    assert found.fields["published_on"] == "2024-05-21"
    assert not [note for note in found.notes if note[0] == "selector-found-nothing"]
    idle = read(CANONICAL, rules=rules)
    assert {note[1] for note in idle.notes if note[0] == "selector-found-nothing"} == {"/title", "/published_on"}


def test_a_selector_may_take_comments_out_and_what_stands_behind_them_stays() -> None:
    rules = HtmlRules(remove=("//comment()", "//div[@class='ad']"), text=("//article",))
    body = "<article>One<!-- enpcontent --> and two.<div class='ad'>Buy.</div> Three.</article>"
    found = read(body=body, rules=rules)
    assert " ".join(found.fields["text"].split()) == "One and two. Three."
    assert found.steps["elements-removed"] == 2


def test_a_day_in_json_ld_is_a_day_and_no_time_is_made_of_it() -> None:
    found = read(CANONICAL + linked_data({**MAIN, "datePublished": "2024-05-21", "dateModified": "2024-05-22"}))
    assert (found.fields["published_on"], found.fields["published_precision"]) == ("2024-05-21", "day")
    assert "published_at" not in found.fields
    assert "modified_at" not in found.fields
    found = read("<meta property='article:modified_time' content='2024-05-22'>")
    assert "modified_at" not in found.fields


def test_who_is_named_above_the_text_too_is_named_once() -> None:
    body = f"<article><p>By Ada Reedham</p><p>{ONE}</p><p>{TWO}</p><p>Translated by: Tom Poe</p></article>"
    rules = HtmlRules(text=("//article/p",))
    found = read(CANONICAL + linked_data(MAIN), body, rules=rules)
    assert people(found) == [("aut", "Ada Reedham"), ("trl", "Tom Poe")]
    assert found.fields["text"] == f"{ONE}\n\n{TWO}"
    assert found.fields["derivation"] == "translation"


KOREAN = "강물이 밤새 불어 나루터를 쓸어 갔다. 주민들은 다치지 않았다. " * 3


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("cp949", "cp949"), ("utf-8", "utf-8"), ("utf-16-le", "utf-16"), ("utf-8-sig", "auto"), ("utf-16", "auto")],
)
def test_a_page_is_read_by_its_recipe_or_its_mark_whatever_it_says_itself(encoding: str, declared: str) -> None:
    whole = f"<html><head><meta charset='big5'></head><body><article><p>{KOREAN}</p></article></body></html>"
    found = read_html(whole.encode(encoding), encoding=declared, rules=HtmlRules(text=("//p",)))
    assert found.fields["text"] == KOREAN.strip()


def test_a_page_in_another_encoding_than_its_mark_or_its_recipe_says_is_refused() -> None:
    page = f"<p>{KOREAN}</p>"
    for data, declared in ((page.encode("cp949"), "utf-8"), (b"\xef\xbb\xbf" + page.encode("cp949"), "auto")):
        with pytest.raises(RefusedInputError, match="wrong-encoding"):
            read_html(data, encoding=declared)


DEED = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("head", "below", "scopes"),
    [
        ("", f"<footer><p><a href='{DEED}'>CC BY</a></p></footer>", ["site"]),
        ("", f"<div id='copyright'><a href='{DEED}'>CC BY</a></div>", ["site"]),
        ("", f"<p><a rel='license' href='/terms'>Terms</a> <a href='{DEED}'>CC BY</a></p>", ["unknown", "unknown"]),
        (f"<link rel='license' href='{DEED}'>", "", ["unknown"]),
        ("<link rel='stylesheet' href='https://creativecommons.org/style.css'>", "", []),
        ("<link rel='preconnect' href='https://creativecommons.org/'>", "", []),
    ],
)
def test_a_licence_outside_of_the_text_is_none_of_the_text(head: str, below: str, scopes: list[str]) -> None:
    claims = [entry for entry in read(head, BODY + below).evidence if entry["where"].startswith("link in")]
    assert [entry["scope"] for entry in claims] == scopes


def test_a_notice_that_is_a_part_of_another_is_told_once() -> None:
    short, long = "All rights reserved.", "Quill House 2024. All rights reserved. No copying without permission."
    body = f"{BODY}<footer><p>{short}</p><p>{long}</p><p>{short}</p></footer>"
    assert [entry["quote"] for entry in read(body=body).evidence if entry["kind"] == "notice"] == [long]
