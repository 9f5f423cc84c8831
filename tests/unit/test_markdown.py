"""Words from outside stay words in Markdown: in a heading, a paragraph, a point of a list and a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naughty import PAYLOADS, STRINGS
from pressmark.press.markdown import address, escaped
from pressmark.release.marked import is_contact, is_inactive, marked, plain
from rendered import RENDERERS, Shown, seen, tables

ALL = tuple(dict.fromkeys((*STRINGS, *PAYLOADS)))


def test_there_are_enough_of_them() -> None:
    assert len(set(STRINGS)) >= 515
    assert len(set(PAYLOADS)) >= 200


@pytest.mark.parametrize("name", RENDERERS)
def test_payloads_are_active_when_nothing_is_done_about_them(name: str) -> None:
    """Guards the guard: at least 200 of them change what is shown by this very renderer."""
    render = RENDERERS[name]
    quiet = ["h1", "/h1", "p", "/p"]
    active = [each for each in PAYLOADS if [tag for tag, _ in Shown(render(f"# x\n\n{each}\n")).elements] != quiet]
    assert len(active) >= 200, set(PAYLOADS) - set(active)


@pytest.mark.parametrize("name", RENDERERS)
def test_words_are_shown_as_they_are_and_do_nothing(name: str) -> None:
    words = [each for each in ALL if seen(each)]
    text = "".join(f"# {escaped(each)}\n\n{escaped(each)}\n\n- {escaped(each)}\n\n" for each in words)
    shown = Shown(RENDERERS[name](text))
    names = [tag for tag, _ in shown.elements]
    assert names == ["h1", "/h1", "p", "/p", "ul", "li", "/li", "/ul"] * len(words)
    assert not any(attributes for _, attributes in shown.elements)
    for tag in ("h1", "p", "li"):
        assert shown.within(tag) == [seen(each) for each in words]


@pytest.mark.parametrize("name", RENDERERS)
def test_tables_keep_their_columns(name: str) -> None:
    rows = "".join(f"| {escaped(each)} | **{escaped(each)}** | 1 |\n" for each in ALL)
    shown = Shown(RENDERERS[name](f"| a | b | c |\n|---|---|---|\n{rows}"))
    assert tables(shown) == [[3] * (len(ALL) + 1)]
    assert {tag for tag, _ in shown.elements if not tag.startswith("/")} <= {
        *("table", "thead", "tbody", "tr", "th", "td", "strong")
    }
    assert shown.within("td")[::3] == [seen(each) for each in ALL]


def test_writer_and_verifier_agree() -> None:
    for words in ALL:
        assert escaped(words) == marked(words)
        assert is_inactive(escaped(words)), words
        assert plain(escaped(words)) == seen(words)


@given(st.text(alphabet=st.sampled_from("ab1. :@$-+=)(\\`*_[]|#!~^{}<>&/\n\u202e\x07한"), max_size=12) | st.text())
def test_any_words_are_the_same_to_both_and_do_nothing(words: str) -> None:
    assert escaped(words) == marked(words)
    assert is_inactive(escaped(words))
    for render in RENDERERS.values():
        shown = Shown(render(f"x\n\n{escaped(words) or 'x'}\n"))
        assert [tag for tag, _ in shown.elements] == ["p", "/p", "p", "/p"]


@pytest.mark.parametrize(
    "contact",
    ["a@small.example", "first.last+tag@a-b.example", "https://small.example/ask?for=it#now", "http://x.example"],
)
def test_a_plain_address_is_a_link(contact: str) -> None:
    assert address(contact) == f"<{contact}>"
    assert is_contact(f"<{contact}>")
    for render in RENDERERS.values():
        (link,) = [dict(attributes) for tag, attributes in Shown(render(address(contact))).elements if tag == "a"]
        assert link == {"href": contact if "://" in contact else f"mailto:{contact}"}


def test_no_other_contact_is_a_link() -> None:
    for each in ALL:
        assert address(each) in (escaped(each), f"<{each}>")
        assert is_contact(address(each)), each
    linked = {each for each in ALL if address(each) != escaped(each)}
    assert {each.partition("://")[0] for each in linked if "@" not in each} == {"http", "https"}


@pytest.mark.parametrize(
    "words",
    [
        "<javascript:alert(1)>",
        "<a@b.example> <script>",
        "[x](https://x.example)",
        "https://x.example",
        "a@b.example",
        "<b>",
    ],
)
def test_a_contact_that_does_something_else_is_found(words: str) -> None:
    assert not is_contact(words)
