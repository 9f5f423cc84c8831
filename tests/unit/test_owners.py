"""Lines that say whose a work is: told from what only looks like it, and compared with a publisher by whole names."""

import time

import lxml.html
import pytest

from pressmark.article.owners import is_owned_by, owner_in
from pressmark.intake.html import read_html
from pressmark.intake.html_rights import foot_of, owners, worded

OWNERS = {
    "© 2024 Reedwick Post": "Reedwick Post",
    "© Reedwick Post": "Reedwick Post",
    "Copyright © 2019-2024 Reedwick Post.": "Reedwick Post",
    "Copyright 2024 by Reedwick Post": "Reedwick Post",
    "(c) 2024 Reedwick Post, Ltd": "Reedwick Post, Ltd",
    "© 2024 Reedwick Post. All rights reserved.": "Reedwick Post",
    "저작권자 ⓒ 리드윅신문": "리드윅신문",
    "© 2024 芦桥日报": "芦桥日报",
}
NONE = [
    *("Copyright policy", "저작권법 개정", "版权声明", "Items (a), (b) and (c) the rest", "© 2024", "(c) the council"),
    *(
        "Copyright fraud: Mayor Jane Doe arrested",
        "The mayor said: © is a sign. Nobody knew.",
        "",
        "All rights reserved.",
    ),
    *("Copyright 2024 by the numbers", "© 2024 in pictures"),
    "© 2024 a line that goes on and on and is no name of anybody at all",
]


@pytest.mark.parametrize("line", OWNERS)
def test_owners_are_read(line: str) -> None:
    assert owner_in(line, whole=True) == OWNERS[line]
    assert owner_in(f"See here. {line}") == OWNERS[line]


@pytest.mark.parametrize("line", NONE)
def test_what_only_looks_like_an_owner_is_none(line: str) -> None:
    assert owner_in(line, whole=True) == ""


def test_a_line_that_says_more_is_no_owner_alone() -> None:
    assert owner_in("Widow Jane Doe weeps. © Wire", whole=True) == ""
    assert owner_in("Photo © Jane Doe", whole=True) == ""


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("© 2024 Washington Post", "Post", False),
        ("© 2024 The Reedwick Post Ltd.", "Reedwick Post", True),
        ("© 2024 Reedwick Post", "The Reedwick Post", True),
        ("© 2024 Reedwick Post Extra", "Reedwick Post", False),
        ("© 2024 Northern Wire. Reedwick Post may use it", "Reedwick Post", False),
        ("All rights reserved by the Reedwick Post.", "Reedwick Post", True),
        ("All rights reserved. Northern Wire", "Reedwick Post", False),
        ("Northern Wire", "The ", False),
        ("Postal news", "Post", False),
    ],
)
def test_owner_is_compared_by_its_whole_name(words: str, name: str, expected: bool) -> None:  # noqa: FBT001 - a case
    assert is_owned_by(words, (name,)) is expected


CLOSED = """
<html><head><title>A title of a page</title></head><body>
<article><h1>A title of a page</h1><p>{text}</p><p>{text2}</p>
<figure><img src="a.jpg"><figcaption><small>Widow Jane Doe weeps at the grave. © Wire, CC BY 2.0</small></figcaption>
</figure>
<section class="article-footer"><p>In tears she freed her files under CC BY 4.0</p><p>© 2024 Inner Wire</p></section>
</article>
<div class="copyright">Mayor Jane Doe weeps</div>
<footer><a href="/1">Most read: Mayor Jane Doe arrested after affair</a><p>© 2024 Reedwick Post
<a href="/2">Widow weeps</a></p><small>© 2020 A title of a page</small></footer></body></html>
"""


def test_words_of_articles_and_teasers_are_no_evidence() -> None:
    text = "The mayor of Quillmouth opened the new bridge over the river Thraske on a cold and windy morning. "
    draft = read_html(CLOSED.format(text=text * 2, text2=text[::-1] * 2).encode())
    quoted = [entry.get("quote", "") for entry in draft.evidence]
    assert quoted == ["© 2024 Reedwick Post"]


def test_foot_of_a_page_is_read_in_linear_time() -> None:
    some = "<small>x</small>" * 20_000
    deep = "<div class='footer'>" * 200 + "© 2024 Reedwick Post" + "</div>" * 200
    page = f"<html><body class='{'copyright ' * 5000}'>{some}{deep}</body></html>"
    for words in (
        page,
        page.replace("copyright ", "footer "),
        f"<html><body>{'<footer>y</footer>' * 20_000}</body></html>",
    ):
        tree = lxml.html.document_fromstring(words)
        start = time.process_time()
        foot = list(foot_of(tree))
        owners(foot, [])
        worded(foot)
        assert time.process_time() - start < 5
