"""A sample of texts is compared with others: whatever is near is found, by whatever letters."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from near_cases import corpus, only_letters
from pressmark.release.sampled import SAMPLE, are_near, may_be_near
from strategies import checked

LETTERS = st.sampled_from("ab가나漢字𠀀𠀁0")
TEXTS = st.lists(st.text(LETTERS, min_size=5, max_size=60), min_size=1, max_size=8)


def missed(sample: list[str], others: list[str], threshold: Fraction) -> set[tuple[int, int]]:
    """Return what is near and is not among what may be."""
    near = {
        (one, other)
        for one, its in enumerate(sample)
        for other, grams in enumerate(others)
        if are_near(its, grams, threshold)
    }
    return near - set(may_be_near(sample, others, threshold))


@checked(200)
@given(TEXTS, TEXTS, st.fractions(Fraction(1, 10), 1, max_denominator=20))
def test_nothing_near_is_missed(sample: list[str], others: list[str], threshold: Fraction) -> None:
    assert not missed(sample, [*others, *sample], threshold)


def test_little_that_is_not_near_is_looked_at() -> None:
    texts = [only for text in corpus(7, 150) if len(only := only_letters(text)) >= 50]
    threshold = Fraction(4, 5)
    assert not missed(texts[:SAMPLE], texts, threshold)
    found = list(may_be_near(texts[:SAMPLE], texts, threshold))
    near = [pair for pair in found if are_near(texts[pair[0]], texts[pair[1]], threshold)]
    assert SAMPLE <= len(near) <= len(found) <= 2 * len(near)
