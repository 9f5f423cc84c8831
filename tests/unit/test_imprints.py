"""Imprints of withdrawn texts: near copies are told by them, others are not, and without the key they say nothing."""

from base64 import b64decode
from fractions import Fraction

import numpy as np
import pytest

from near_cases import Press, only_letters, resemblance
from pressmark.article.letters import letters
from pressmark.curate import imprints as module
from pressmark.curate.imprints import SIZE, SLACK, deciphered, enciphered, imprint, imprints, resembling

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
THRESHOLD = Fraction(4, 5)
PRESS = Press(11)


def told(texts: list[str], *known: str, threshold: Fraction = THRESHOLD) -> dict[int, int]:
    return resembling([letters(text) for text in texts], imprints([imprint(text) for text in known]), threshold)


def test_a_text_is_told_by_its_own_imprint_and_another_is_not() -> None:
    one, other, third = (PRESS.article("hangul", 6) for _ in range(3))
    assert told([third, other, one, one.replace(".", "!")], one, other) == {1: 1, 2: 0, 3: 0}


def test_of_several_imprints_the_first_that_is_near_counts() -> None:
    text = PRESS.article("latin", 6)
    assert told([text], f"{text} And more.", text) == {0: 0}


def test_a_text_with_few_grams_is_compared_by_all_of_them() -> None:
    text = "Die Faehre fuhr um sechs Uhr ab, und niemand winkte ihr nach vom Kai."
    assert imprint(text).size == len({only_letters(text)[n : n + 5] for n in range(len(only_letters(text)) - 4)}) < SIZE
    for changed in (text.replace("sechs", "sieben"), text.replace("Kai", "Ufer"), text[:55], f"{text} {text[:40]}"):
        near = resemblance(text, changed) >= THRESHOLD - SLACK
        assert (told([changed], text) == {0: 0}) == near


def test_short_texts_have_none() -> None:
    assert imprint("ab" * 24).size == 0
    assert imprint("abc" * 17).size > 0


def test_near_copies_are_told_and_what_is_not_alike_is_not() -> None:
    """Against the index by its definition, on copies of every kind: no near copy is missed."""
    press = Press(12)
    originals = [press.article() for _ in range(300)]
    originals = [text for text in originals if len(only_letters(text)) >= 50]
    known = imprints([imprint(text) for text in originals])
    missed, far, near = 0, 0, 0
    for number, text in enumerate(originals):
        copies = [copy for copy in (press.copy(text) for _ in range(8)) if len(only_letters(copy)) >= 50]
        found = resembling([letters(copy) for copy in copies], known, THRESHOLD)
        assert set(found.values()) <= {number}
        for position, copy in enumerate(copies):
            index = resemblance(text, copy)
            near += index >= THRESHOLD
            missed += index >= THRESHOLD and position not in found
            far += index < THRESHOLD - 2 * SLACK and position in found
    assert near > 1000
    assert (missed, far) == (0, 0)


def test_an_imprint_comes_back_with_its_key_alone() -> None:
    for text in (PRESS.article("hangul", 9), "abc" * 17):
        kept = imprint(text)
        assert np.array_equal(deciphered(KEY, enciphered(KEY, kept)), kept)
        assert np.isin(deciphered(OTHER_KEY, enciphered(KEY, kept)), kept).mean() < 0.1


def test_what_is_kept_says_nothing_without_the_key_not_even_how_long_a_text_is_or_which_are_alike() -> None:
    long, short = imprint(PRESS.article("latin", 9)), imprint("abc" * 17)
    kept = [enciphered(KEY, long), enciphered(KEY, long), enciphered(KEY, short)]
    assert len(set(kept)) == len(kept)
    assert len(set(map(len, kept))) == 1
    plain = b"".join(each.astype("<u4").tobytes() for each in (long, short))
    shown = {plain[start : start + 8] for start in range(0, len(plain) - 7, 4)}
    words = [b64decode(each)[start : start + 8] for each in kept for start in range(0, 4 * SIZE + 16, 8)]
    assert not shown & set(words)
    assert len(set(words)) == len(words)


def test_the_order_of_texts_and_how_many_come_at_once_do_not_matter() -> None:
    press = Press(13)
    texts = [press.article("hangul", 3) for _ in range(20)]
    known = [press.copy(text) for text in texts[::3]]
    together = told(texts, *known)
    alone = {number: which for number, text in enumerate(texts) for which in told([text], *known).values()}
    assert together == alone
    assert {19 - number: which for number, which in told(texts[::-1], *known).items()} == together


def test_many_imprints_of_one_template_are_met_by_fewer_texts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    press = Press(12)
    template = press.article("latin", 5)
    known = imprints([imprint(press.edited(template)) for _ in range(30)])
    texts = [letters(press.edited(template)) for _ in range(7)]
    found = resembling(texts, known, Fraction(4, 5))
    assert found
    monkeypatch.setattr(module, "_MEETINGS_AT_ONCE", 1)
    assert resembling(texts, known, Fraction(4, 5)) == found
