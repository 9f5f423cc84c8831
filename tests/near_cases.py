"""Articles of no language with planted near copies, and what is near by comparing everything with everything."""

import random
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, combinations

import numpy as np
import numpy.typing as npt

from pressmark.curate.duplicates import Entry

HANGUL = [chr(code) for code in range(0xAC00, 0xAC00 + 1800)]
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
LATIN = list("abcdefghijklmnopqrstuvwxyz")
SCRIPTS = {"hangul": (HANGUL, 1, 4), "han": (HAN, 1, 3), "latin": (LATIN, 2, 9)}
Numbers = npt.NDArray[np.int64]
WORDS = 6000
THRESHOLD = Fraction(4, 5)


class Press:
    """Writes articles: words with the frequencies of a language, sentences, paragraphs."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = {name: [self._word(*how) for _ in range(WORDS)] for name, how in SCRIPTS.items()}
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(WORDS)))

    def _word(self, letters: Sequence[str], least: int, most: int) -> str:
        return "".join(self.random.choices(letters, k=self.random.randint(least, most)))

    def sentence(self, script: str) -> str:
        found = self.random.choices(self.words[script], cum_weights=self.weights, k=self.random.randint(6, 18))
        return ("" if script == "han" else " ").join(found) + ("。" if script == "han" else ".")

    def article(self, script: str | None = None, paragraphs: int | None = None) -> str:
        script = script or self.random.choice(list(SCRIPTS))
        count = paragraphs or self.random.randint(2, 9)
        return "\n\n".join(
            " ".join(self.sentence(script) for _ in range(self.random.randint(1, 4))) for _ in range(count)
        )

    def copy(self, text: str) -> str:
        """Return a near copy, or one that is no longer near: by one of the ways in which texts are printed again."""
        return self.random.choice((self.edited, self.cut, self.reordered, self.credited, self.punctuated))(text)

    def edited(self, text: str) -> str:
        """Some letters are others."""
        share = self.random.choice((0.002, 0.01, 0.02, 0.04))
        letters = [*map(str, self.random.choices(text, k=len(text)))]
        return "".join(
            other if old.isalnum() and other.isalnum() and self.random.random() < share else old
            for old, other in zip(text, letters, strict=True)
        )

    def cut(self, text: str) -> str:
        """The end is gone."""
        return text[: int(len(text) * self.random.uniform(0.75, 0.99))].rstrip() or text

    def reordered(self, text: str) -> str:
        """Paragraphs stand in another order."""
        paragraphs = text.split("\n\n")
        self.random.shuffle(paragraphs)
        return "\n\n".join(paragraphs)

    def credited(self, text: str) -> str:
        """Somebody is named above and below."""
        return f"By {self.sentence('latin')}\n\n{text}\n\n{self.sentence('latin')}"

    def punctuated(self, text: str) -> str:
        """The punctuation of another house."""
        return text.translate({ord("."): "。", ord(" "): "  ", ord("。"): ". "}).strip()


def corpus(seed: int, articles: int, share: float = 0.3) -> list[str]:
    """Return articles, of which a share are copies of earlier ones, or copies of copies."""
    press = Press(seed)
    texts: list[str] = []
    while len(texts) < articles:
        again = texts and press.random.random() < share
        texts.append(press.copy(press.random.choice(texts)) if again else press.article())
    return texts


def only_letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def grams(text: str) -> set[str]:
    only = only_letters(text)
    return {only[start : start + 5] for start in range(len(only) - 4)}


def resemblance(one: str, other: str) -> Fraction:
    """Return the Jaccard index, by the definition."""
    first, second = grams(one), grams(other)
    return Fraction(len(first & second), max(1, len(first | second)))


def near_pairs(texts: Sequence[str], threshold: Fraction = THRESHOLD) -> Iterator[tuple[int, int]]:
    """Yield every pair of near copies by comparing everything with everything, by an exact count of what both have.

    Short texts are near only where their letters are the same.
    """
    only = [only_letters(text) for text in texts]
    numbers: dict[str, list[int]] = {}
    sizes = np.zeros(len(texts), np.int64)
    for number, text in enumerate(texts):
        if len(only[number]) < 50:
            continue
        found = grams(text)
        sizes[number] = len(found)
        for gram in found:
            numbers.setdefault(gram, []).append(number)
    held: dict[int, list[Numbers]] = {}
    for those in numbers.values():
        if len(those) > 1:
            array = np.array(those, np.int64)
            for position, number in enumerate(those[:-1]):
                held.setdefault(number, []).append(array[position + 1 :])
    for number, met in held.items():
        others, counts = np.unique(np.concatenate(met), return_counts=True)
        union = sizes[number] + sizes[others] - counts
        near = counts * threshold.denominator >= union * threshold.numerator
        yield from ((number, other) for other in others[near].tolist())
    for one, other in combinations((n for n in range(len(texts)) if len(only[n]) < 50), 2):
        if only[one] == only[other]:
            yield one, other


def labels(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each number the smallest that pairs lead to."""
    above = list(range(count))

    def top(number: int) -> int:
        while above[number] != number:
            number = above[number]
        return number

    for one, other in pairs:
        low, high = sorted((top(one), top(other)))
        above[high] = low
    return [top(number) for number in range(count)]


def named(digests: Iterable[str], labels: Sequence[int]) -> dict[str, str]:
    """Return families by the digests of letters, where a text belongs to another one than its own."""
    unique = sorted(set(digests))
    return {unique[number]: unique[label] for number, label in enumerate(labels) if label != number}


def name_survivors(entries: Iterable[Entry]) -> None:
    """Let what is set aside name articles that stay, where those that it names are set aside themselves."""
    aside = [entry for entry in entries if entry.survivor not in ("", entry.id)]
    gone = {entry.id: entry.survivor for entry in aside}
    for entry in aside:
        while entry.survivor in gone:
            entry.survivor = gone[entry.survivor]
        while entry.also in gone:
            entry.also = gone[entry.also]
