"""Data never becomes markup."""

from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from page_cases import PAYLOADS
from pressmark.markup import Markup, joined, plain, tag


class Heard(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.said = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.said += data


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_only_ever_read(payload: str) -> None:
    heard = Heard(tag("p", payload, tag("b", payload), title=payload, data_value=payload))
    assert heard.tags == [("p", [("title", plain(payload)), ("data-value", plain(payload))]), ("b", [])]
    assert heard.said == plain(payload) * 2


@given(st.text(), st.text())
def test_whatever_it_is(inside: str, attribute: str) -> None:
    heard = Heard(tag("p", inside, lang=attribute))
    assert heard.tags == [("p", [("lang", plain(attribute))])]
    assert heard.said == plain(inside)
    tag("p", inside).encode()


def test_markup_stays_as_it_is_and_a_string_made_of_it_does_not() -> None:
    made = tag("b", "x")
    assert joined(made, " & ", Markup("<br>")) == "<b>x</b> &amp; <br>"
    assert joined(made + "") == "&lt;b&gt;x&lt;/b&gt;"


def test_attributes() -> None:
    assert tag("input", type="search", hidden=True, value=None, checked=False) == '<input type="search" hidden>'
    assert tag("p", class_="a", aria_label='say "so"') == '<p class="a" aria-label="say &quot;so&quot;"></p>'


def test_what_would_turn_words_round_is_told_and_gone() -> None:
    assert plain("a\u202eb\0c\x85d\ud800\te\nf") == "a\ufffdb\ufffdc\ufffdd\ufffd\te\nf"
    assert ET.fromstring(tag("p", "\x1b[31m")).text == "\ufffd[31m"  # noqa: S314 - our own markup
