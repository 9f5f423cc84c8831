"""What a release is made of, in numbers: by publication, language and script, as its rows show."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pressmark.press.manifest import Shard
from pressmark.press.shown import UNDATED

ARTICLES = "articles"


@dataclass(slots=True)
class Amount:
    """Articles of one publication, or of one language and script."""

    articles: int = 0
    texts: int = 0
    """How many of them are here with their text."""

    characters: int = 0
    """Of those texts."""

    languages: set[str] = field(default_factory=set)
    years: set[str] = field(default_factory=set)
    """Without that of articles that have no date."""

    def add(self, other: "Amount") -> None:
        """Add another's."""
        self.articles += other.articles
        self.texts += other.texts
        self.characters += other.characters
        self.languages |= other.languages
        self.years |= other.years

    @property
    def span(self) -> str:
        """The first year and the last."""
        if not self.years:
            return UNDATED
        first, last = min(self.years), max(self.years)
        return first if first == last else f"{first}–{last}"


@dataclass(frozen=True, slots=True)
class Composition:
    """What a release is made of."""

    whole: Amount
    undated: int
    varieties: dict[tuple[str, str], Amount]
    """By language, and script or nothing."""

    publications: dict[str, Amount]
    """By source."""

    derivations: Counter[str]
    datasets: tuple[str, ...]
    """Of the Hub, from which captures are; nothing for all others."""


def composition(shards: Sequence[Shard]) -> Composition:
    """Return what a release is made of.

    Args:
        shards: The files of rows.
    """
    varieties: dict[tuple[str, str], Amount] = defaultdict(Amount)
    publications: dict[str, Amount] = defaultdict(Amount)
    derivations, datasets = Counter[str](), set[str]()
    undated = 0
    for shard in shards:
        shown, here = shard.shown, shard.config == ARTICLES
        for (source, language, script, derivation), (count, characters) in shown.amounts.items():
            amount = Amount(count, count if here else 0, characters if here else 0, {language})
            varieties[language, script].add(amount)
            publications[source].add(amount)
            derivations[derivation] += count
        for (source, year, _), count in shown.spread.items():
            if year == UNDATED:
                undated += count
            else:
                publications[source].years.add(year)
        datasets |= set(shown.datasets)
    whole = Amount()
    for amount in publications.values():
        whole.add(amount)
    ordered = {key: varieties[key] for key in sorted(varieties)}
    return Composition(whole, undated, ordered, publications, derivations, tuple(sorted(datasets)))


def together(amounts: Iterable[Amount]) -> Amount:
    """Return what several add up to."""
    found = Amount()
    for amount in amounts:
        found.add(amount)
    return found
