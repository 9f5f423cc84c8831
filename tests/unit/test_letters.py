"""Letters of a text: what is looked up in a table is what the rule says, wherever a character stands."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressmark.article.letters import letters, plain_letters
from pressmark.article.record import control_character

JOINING = "\u0301\u0308\u0323\u3099\u309a\u1161\u1175\u11a8\u11c2\u0345\u200d\ufe0f\uff9e"
FOLDING = "ßẞſKÅΩﬁﬃİıΣςǅŉΐ㈜㎏½²①ⅷＡｂ１ｶﾞ가각힣豈A\u0300\u00a0\u2002\u3000\ufeff_"

mixed = st.text(
    st.one_of(
        st.sampled_from(JOINING + FOLDING),
        st.characters(max_codepoint=0x33FF, exclude_categories=["Cs"]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=12,
)


def by_the_rule(text: str) -> str:
    """Return the letters of a text as the documentation says it."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LN") or text


@given(mixed)
@example("각")
@example("가\u11a8")
@example("e\u0301")
@example("…!")
def test_letters_follow_the_rule(text: str) -> None:
    assert letters(text) == by_the_rule(text)


@pytest.mark.parametrize("joining", JOINING)
@pytest.mark.parametrize("block", [(0x0, 0x250), (0x370, 0x530), (0x2000, 0x2800), (0x3000, 0x3400), (0xFE00, 0xFFFE)])
def test_no_character_of_the_table_depends_on_its_neighbours(block: tuple[int, int], joining: str) -> None:
    for code in range(*block):
        for text in (f"가{chr(code)}a", f"a{chr(code)}{joining}b"):
            assert letters(text) == by_the_rule(text), ascii(text)


@given(mixed)
def test_plain_text_is_composed_and_has_no_control_character(text: str) -> None:
    if plain_letters(text) is not None:
        assert unicodedata.is_normalized("NFC", text)
        assert control_character({"text": text}) is None


@pytest.mark.parametrize("text", ["a\x00", "a\r\n", "\x7f", "\x85", "\ud800", "e\u0301", "가\u11a8", "😀"])
def test_what_needs_a_closer_look_is_not_plain(text: str) -> None:
    assert plain_letters(text) is None


def test_most_newspapers_are_plain() -> None:
    for text in ("Die Größe: 1,5 m", "북녘 신문, 2024년 5월", "日报讯（记者）：“好”", "Газета «Утро»"):
        assert (plain_letters(text) is None) is bool(re.search("ß", text))
