"""The letters of many texts at once are those that the definition gives each, whatever script they are in."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pressmark.article.letters import letters_digest
from pressmark.article.record import text_digest
from pressmark.release import folding
from pressmark.release.folding import letters_of
from pressmark.release.letters import letters
from strategies import checked

ODD = (
    "ſßẞİıΣςσÅÅﬀﬁŉǰΐ½①㈜㎞℡™ªº𝐀𝟘ⅷ"  # folded to others, to several, to none
    "\u0301\u0327\u0345\u05b0\u064b\u094d\u0e38\u09be\u0bd7\u3099\u309a\u20e3\U00016d67"  # combining, before or behind
    "ᄀ\u1161\u11a8가각ㄱㅏㅋㅠﾡￂﾊﾞバ豈𠀀丽"  # parts of syllables, half-width, compatibility
    " \u3000\xa0\t\n\r\x00_-。．，\u200b\u200d\ufeff\u2028\U000e0001🙂０Ａａ"  # no letters, and full-width ones
    "aAzZéÉe0٣अกㄅ"
)
TEXTS = st.lists(
    st.one_of(
        st.text(st.sampled_from(ODD), max_size=40),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.text(st.characters(max_codepoint=0x11FF), max_size=40),
        st.text(st.sampled_from("가나다 abc 漢字。"), max_size=80),
    ),
    min_size=1,
    max_size=8,
)


def at_once(texts: list[str]) -> list[str]:
    encoded = [text.encode() for text in texts]
    return [each.decode() for some in letters_of(encoded, list(map(len, texts))) for each in some.encoded()]


@checked(500)
@given(TEXTS, st.sampled_from([1, 20, 1 << 16]))
def test_texts_together_have_the_letters_that_each_has_alone(texts: list[str], block: int) -> None:
    before = folding._BLOCK
    folding._BLOCK = block
    try:
        assert at_once(texts) == list(map(letters, texts))
    finally:
        folding._BLOCK = before


def test_every_character_has_its_letters_beside_others() -> None:
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    texts = ["".join(every[start : start + 50]) for start in range(0, len(every), 50)]
    assert at_once(texts) == list(map(letters, texts))
    known = [character for character in every if folding._alone(character) < folding._ASIDE]
    assert len(known) > 10**6
    for step in (7919, 104729):  # neighbours from all over
        mixed = [known[number * step % len(known)] for number in range(100_000)]
        texts = ["".join(mixed[start : start + 100]) for start in range(0, len(mixed), 100)]
        assert at_once(texts) == list(map(letters, texts))


def test_what_is_composed_of_two_is_all_looked_at() -> None:
    behind = range(folding._COMPOSED, 0x110000)
    assert not [code for code in behind if len(unicodedata.decomposition(chr(code)).split()) > 1]


@checked(200)
@given(st.text(st.sampled_from(ODD), min_size=1, max_size=40))
def test_the_writer_has_the_same_letters(text: str) -> None:
    assert text_digest(letters(text)) == letters_digest(text)
