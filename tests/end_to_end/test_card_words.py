"""Hostile words wherever a card could have them: nothing in it is active, and its shape is that of plain words."""

import json
import re
from typing import Any

import pytest
import tomli_w
import yaml
from huggingface_hub.repocard import REGEX_YAML_BLOCK

from naughty import PAYLOADS, STRINGS
from pressmark import verify
from pressmark.release.card import CARD
from rendered import RENDERERS, Shown, seen, tables
from support import JOURNAL, Corpus

AT_ONCE = 40
"""Publications in one card; a table has no more."""

PLAIN = "Plain words"
WORDS = [each for each in dict.fromkeys((*STRINGS, *PAYLOADS)) if each.strip()]
IN_ROWS = [each for each in WORDS if seen(each) == each and each.isprintable() and len(each) < 200]
"""Words that the contract takes as well: a publisher stands in rows."""

FIRST_LINES = [each for each in WORDS if each == each.strip() and len(each.splitlines()) == 1]


def released(corpus: Corpus, title: str, description: str, why: str, words: list[str], authors: list[str]) -> str:
    """Build a corpus whose names are these words, and return its card."""
    names = [f"s{number:02}" for number in range(AT_ONCE)]
    turned = [*words[1:], words[0]]
    inputs = [{"files": f"records/{name}.jsonl", "format": "jsonl", "source": name} for name in names]
    recipe = {
        "corpus": {
            "name": "small",
            "title": title,
            "description": description,
            "languages": ["en"],
            "contact": "a@small.example",
            "publisher": turned[3],
            "authors": [{"name": each} for each in authors if each],
        },
        "releases": {"open": {"destination": "public"}},
        "input": inputs,
        "limits": {"rejected": "100 %"},
    }
    corpus.write("corpus.toml", tomli_w.dumps(recipe))
    corpus.write("changelog/1.0.0.md", f"{why}\n")
    source = JOURNAL.replace('title = "The Journal"\npublisher = "Journal House"\n', "")
    for number, (name, one, other) in enumerate(zip(names, words, turned, strict=True)):
        publisher = other if other in IN_ROWS else PLAIN
        corpus.write(f"sources/{name}.toml", tomli_w.dumps({"title": one, "publisher": publisher}) + source)
        record = {"id": "a", "published_on": "2020-02-02", "text": f"Text number {number} of its own kind."}
        corpus.write(f"records/{name}.jsonl", json.dumps(record) + "\n")
    folder = corpus.build().lines["open"].folder
    assert verify(folder) == []
    return (folder / CARD).read_bytes().decode()


def divided(card: str) -> tuple[dict[str, Any], str]:
    """Return what the front matter says, as the Hub's client reads it, and the body."""
    found = REGEX_YAML_BLOCK.match(card)
    assert found
    return yaml.safe_load(found[2]), card[found.end() :]


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the card of the same corpus in plain words."""
    base = tmp_path_factory.mktemp("plain")
    corpus = Corpus(base / "corpus", base / "dist", base / "work")
    return released(corpus, PLAIN, f"{PLAIN} too", f"{PLAIN} again", [PLAIN] * AT_ONCE, [PLAIN])


CARDS = -(-len(PAYLOADS) // AT_ONCE)


@pytest.mark.counted
@pytest.mark.parametrize("number", range(CARDS))
def test_nothing_that_words_say_is_active_in_a_card(number: int, expected: str, corpus: Corpus) -> None:
    """Payloads are titles and publishers, the other words authors; a part of them all title, description and reason."""
    words = (PAYLOADS * 2)[number * AT_ONCE : (number + 1) * AT_ONCE]
    authors = STRINGS[number::CARDS]
    why = ([each for each in words if each in FIRST_LINES] or FIRST_LINES)[-1]
    front, body = divided(released(corpus, words[number], " ".join([*words, *authors]), why, [*words], [*authors]))
    plain_front, plain_body = divided(expected)
    assert front.pop("pretty_name") == " ".join(words[number].split())
    assert plain_front.pop("pretty_name") == PLAIN
    # How large files are hangs on what is in them; it is held against them elsewhere.
    for each in (*front["dataset_info"], *plain_front["dataset_info"]):
        each |= {"download_size": 0, "dataset_size": 0, "splits": 0}
    assert front == plain_front
    for render in RENDERERS.values():
        shown, plain = Shown(render(body)), Shown(render(plain_body))
        assert shown.elements == plain.elements
        assert tables(shown) == tables(plain)
        assert shown.within("h1") == [seen(words[number])]


@pytest.mark.counted
def test_what_articles_say_of_themselves_is_not_in_a_card(corpus: Corpus) -> None:
    """Titles, bylines, sections, credits: hostile or plain, the card is the same but for its sizes."""
    assert len(IN_ROWS) == 658
    cards = []
    for version, told in (("1.0.0", IN_ROWS), ("1.0.1", [PLAIN] * len(IN_ROWS))):
        corpus.records(
            *(
                {
                    "id": f"r{number}",
                    "text": f"Text number {number}: {number * number}.",
                    "title": words,
                    "section": [words[:60].strip()],
                    "subtitles": [words],
                    "contributors": [{"role": "aut", "name": words}],
                }
                for number, words in enumerate(told)
            )
        )
        result = corpus.build(version, out=corpus.out / version).lines["open"]
        assert result.manifest["counts"]["rejected"] == 0
        cards.append((result.folder / CARD).read_text(encoding="utf-8"))
    hostile, plain = (re.sub("[0-9]+", "0", card) for card in cards)
    assert hostile == plain
