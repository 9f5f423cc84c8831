"""When copies of one text carry different rights, the strictest decides for all, whatever the order they come in."""

import json
import random
import shutil
from dataclasses import dataclass

import pyarrow.parquet as pq
import pytest

from support import Corpus

SOURCES = ("alder", "birch", "cedar")
SOURCE = 'title = "{0}"\npublisher = "{0} House"\nlanguage = "en"\nderivation = "original"\n{1}'
OPENING = """
[[rights.decisions]]
status = "public_domain"
basis = "b"
decided_by = "editor"
decided_on = 2025-01-01
scope = {{ sections = ["open"] }}
evidence = [{{ kind = "manual", scope = "text", where = "register" }}]
{0}"""
NAMING = """
[[rights.decisions]]
status = "public_domain"
basis = "named"
decided_by = "editor"
decided_on = 2025-01-01
scope = {{ ids = {0} }}
evidence = [{{ kind = "manual", scope = "text", where = "register" }}]
"""
ALTERED = (
    lambda text: text,
    lambda text: text.replace(", ", " - "),
    lambda text: text.replace(" ", "  ").upper().capitalize(),
    lambda text: text.replace(". ", "!\n\n"),
    lambda text: f"{text} And {text[:40]}",
)
"""Ways in which a copy differs; the last one is a copy that holds the whole text and more."""


@dataclass
class Pair:
    """A closed article and an open copy of it, each in some source."""

    number: int
    closed: str
    open: str
    named: bool
    identical: bool


def words(chance: random.Random) -> str:
    return ". ".join(
        ", ".join(" ".join(f"w{chance.getrandbits(32):08x}" for _ in range(4)) for _ in range(3)) for _ in range(5)
    )


def write(corpus: Corpus, count: int, seed: int, order: random.Random) -> list[Pair]:
    """Write pairs of copies; the texts come from the seed, everything about their order from elsewhere."""
    shutil.rmtree(corpus.folder)
    chance = random.Random(seed)
    lines: dict[str, list[str]] = {name: [] for name in SOURCES}
    pairs, named = [], []
    for number in range(count):
        text, alter, is_named = words(chance), chance.choice(ALTERED), chance.random() < 0.1
        ids = order.sample([f"k{number}a", f"k{number}b", f"k{number}c"], 3)
        homes = [order.choice(SOURCES) for _ in range(3)]
        days = [f"20{order.randrange(10, 25)}-05-01" for _ in range(3)]
        records = [
            {"id": ids[0], "text": text, "published_on": days[0], "section": ["closed"]},
            {"id": ids[1], "text": alter(text), "published_on": days[1], "section": ["open"]},
            {"id": ids[2], "text": words(chance), "published_on": days[2], "section": ["open"]},
        ]
        for home, record in zip(homes, records, strict=True):
            lines[home].append(json.dumps(record))
        pairs.append(Pair(number, text, f"{homes[1]}:{ids[1]}", is_named, alter(text) == text))
        named += [ids[1]] if is_named else []
    for name in SOURCES:
        order.shuffle(lines[name])
        decisions = OPENING.format(NAMING.format(json.dumps(named)) if named else "")
        corpus.write(f"sources/{name}.toml", SOURCE.format(name, decisions))
        corpus.write(f"{order.randrange(10)}/{name}.jsonl", "\n".join(lines[name]) + "\n")
    inputs = order.sample(SOURCES, len(SOURCES))
    corpus.write(
        "corpus.toml",
        '[corpus]\nname = "pairs"\ntitle = "Pairs"\nlanguages = ["en"]\ncontact = "c@pairs.example"\n'
        '[releases.open]\ndestination = "public"\n'
        + "".join(f'[[input]]\nfiles = "*/{name}.jsonl"\nformat = "jsonl"\nsource = "{name}"\n' for name in inputs),
    )
    return pairs


def laundered(corpus: Corpus, pairs: list[Pair]) -> list[Pair]:
    """Build, and return the pairs of which a part of the closed text is published though no decision names the copy."""
    corpus.build(out=corpus.out / "once", work=corpus.work)
    folder = corpus.results[-1].lines["open"].folder
    published = {
        row["id"]: row["text"]
        for path in (folder / "data").rglob("*.parquet")
        for row in pq.read_table(path, columns=["id", "text"]).to_pylist()
    }
    everything = "\n".join(published.values()).lower()
    shutil.rmtree(corpus.out)
    # Of identical texts the older stands for both, whatever their rights.
    lost = [pair for pair in pairs if pair.named and not pair.identical and pair.open not in published]
    assert not lost, f"a decision that names the copy settles it: {lost[0]}"
    assert len(published) >= len(pairs), "the articles that are no copies are published"
    return [pair for pair in pairs if not pair.named and pair.closed.split()[0].rstrip(",.") in everything]


def test_of_fifty_pairs_in_four_orders_none_is_laundered(corpus: Corpus) -> None:
    for order in range(4):
        pairs = write(corpus, 50, 8, random.Random(order))
        assert laundered(corpus, pairs) == [], f"order {order}"


@pytest.mark.soak
@pytest.mark.parametrize("order", range(20))
def test_of_a_thousand_pairs_in_twenty_orders_none_is_laundered(corpus: Corpus, order: int) -> None:
    pairs = write(corpus, 1000, 9, random.Random(1000 + order))
    assert laundered(corpus, pairs) == []
