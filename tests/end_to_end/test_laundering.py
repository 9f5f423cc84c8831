"""When copies of one text carry different rights, the strictest decides for all, whatever the order they come in."""

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from raw_parquet import canaries
from support import Corpus

SOURCES = ("alder", "birch", "cedar", "dogwood")
SOURCE = 'title = "{0}"\npublisher = "{0} House"\nlanguage = "en"\nderivation = "original"\n'
DECISION = """
[[{table}]]
basis = "The register says so."
decided_by = "editor"
decided_on = 2025-01-01
evidence = [{{ kind = "manual", scope = "text", where = "register" }}]
{keys}
scope = {{ {scope} }}
"""
SECTIONS = {
    "open": 'status = "public_domain"',
    "licensed": 'status = "open_license"\nlicense = "CC-BY-4.0"\nattribution = "A"',
    "narrow": 'status = "permission"\nvisibility = "private"',
    "expired": 'status = "public_domain"\nexpires = 2025-06-01',
    "reserved": 'status = "all_rights_reserved"',
}
"""What was decided for each section; for others nothing was."""

CLOSED: list[dict[str, Any]] = [
    {"section": ["undecided"]},
    {"section": ["narrow"]},
    {"section": ["expired"]},
    {"section": ["reserved"]},
    {"section": ["open"], "rights": {"notice": "All rights reserved."}},
    {"section": ["open"], "rights": {"privacy": ["minor"]}},
    {"section": ["open"], "rights": {"embargoed_until": "2027-01-01"}},
    {"section": ["open"], "license": "NONE"},
    {"section": ["licensed"], "rights": {"reservations": [{"signal": "tdmrep", "value": "1"}]}},
    {"section": ["open"], "derivation": "translation"},
]
"""Why one of two copies is closed."""

ALTERED: list[Callable[[str], str]] = [
    lambda text: text,
    lambda text: text,
    lambda text: text.replace(", ", " - "),
    lambda text: text.replace(" ", "  ").replace(".", "!?"),
    lambda text: text.replace(". ", ".\n\n"),
    lambda text: "\u201c" + text.replace(", ", "\u3001").replace(" ", " \u200b") + "\u201d",
    lambda text: text.replace(" ", ""),
    str.upper,
    lambda text: f"{text} And {text[:40]}",
]
"""Ways in which copies differ: not, in spaces and punctuation, in capitals; the last holds the whole text and more."""

ROLES = ("apart", "apart", "apart", "three", "earlier", "same", "superseding", "superseded", "contested")
EARLY, LATE = ({"provenance": {"retrieved_at": f"2024-0{month}-01T00:00:00Z"}} for month in (1, 2))


@dataclass
class Drawn:
    """A corpus of pairs of copies: what may not be in its public line, and what has to be."""

    lines: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in SOURCES})
    named: list[str] = field(default_factory=list)
    closed: dict[bytes, str] = field(default_factory=dict)
    published: dict[bytes, str] = field(default_factory=dict)

    def put(self, source: str, record: dict[str, Any]) -> None:
        self.lines[source].append(json.dumps(record))


def words(chance: random.Random, canary: str, *, cjk: bool) -> str:
    def word() -> str:
        if cjk:
            return "".join(chr(chance.choice([0xAC00, 0x4E00]) + chance.randrange(11_000)) for _ in range(4))
        return f"w{chance.getrandbits(32):08x}"

    sentences = (", ".join(" ".join(word() for _ in range(4)) for _ in range(3)) for _ in range(5))
    return f"It was {canary} there. {'. '.join(sentences)}."


def drawn(count: int, seed: int, order: random.Random) -> Drawn:
    """Draw pairs; texts and roles come from the seed, and everything about their order from elsewhere."""
    chance, corpus = random.Random(seed), Drawn()
    for number in range(count):
        marks = [f"CNRY{10 * number + place:07d}" for place in range(3)]
        texts = [words(chance, mark, cjk=number % 3 == 0) for mark in marks]
        role, altered, why = chance.choice(ROLES), chance.choice(ALTERED)(texts[0]), chance.choice(CLOSED)
        named, opened = chance.random() < 0.1, {"section": [chance.choice(["open", "licensed"])]}
        homes, ids = order.sample(SOURCES, 4), order.sample([f"k{number}{letter}" for letter in "abcd"], 4)
        days = [{"published_on": f"202{order.randrange(3)}-05-01"} if order.random() < 0.9 else {} for _ in ids]
        shut, copy, other, alone = (
            {"id": ids[0], "text": texts[0], **days[0], **why},
            {"id": ids[1], "text": altered, **days[1], **opened},
            {"id": ids[2], "text": texts[2], **days[2], **opened},
            {"id": ids[3], "text": texts[1], **days[3], **opened},
        )
        if order.random() < 0.5:
            shut["text"], copy["text"] = copy["text"], shut["text"]
        corpus.put(homes[3], alone)
        corpus.published[marks[1].encode()] = f"the article beside pair {number}"
        if _arranged(corpus, role, homes, shut, copy, other):
            corpus.published[marks[2].encode()] = f"the later capture beside pair {number} ({role})"
        if named:
            corpus.named.append(f"{homes[1]}:{ids[1]}")
            # Of identical texts the older stands for both, whatever their rights.
            if role == "apart" and shut["text"] != copy["text"]:
                corpus.published[marks[0].encode()] = f"the copy of pair {number} that a decision names"
        else:
            corpus.closed[marks[0].encode()] = f"pair {number} ({role}, {why})"
    return corpus


def _arranged(
    corpus: Drawn, role: str, homes: list[str], shut: dict[str, Any], copy: dict[str, Any], other: dict[str, Any]
) -> bool:
    """Put a pair into a corpus as its role says; return whether the other text that may go with it is published."""
    first, second, third, _ = homes
    if role == "same":  # the open copy is a later capture of the closed article
        corpus.put(second, {**shut, "id": copy["id"], **EARLY})
        corpus.put(second, {**copy, **LATE})
        return False
    if role == "superseding":  # the closed copy is a later capture of the open article
        corpus.put(second, {**shut, "id": copy["id"], **LATE})
        corpus.put(second, {**copy, **EARLY})
        return False
    if role == "superseded":  # the open copy was captured again, with another text
        corpus.put(first, shut)
        corpus.put(second, {**copy, **EARLY})
        corpus.put(second, {**other, "id": copy["id"], **LATE})
        return True
    corpus.put(second, copy)
    if role == "earlier":  # the closed copy was captured again, with another text
        corpus.put(first, {**shut, **EARLY})
        corpus.put(first, {**other, "id": shut["id"], **LATE})
        return True
    corpus.put(first, shut)
    if role == "contested":  # two inputs claim the id of the closed copy
        corpus.put(first, {**shut, "subtitles": ["Another"]})
    if role == "three":
        corpus.put(third, {**copy, "id": other["id"]})
    return False


def write(corpus: Corpus, pairs: Drawn, order: random.Random) -> None:
    shutil.rmtree(corpus.folder)
    inputs = order.sample(SOURCES, len(SOURCES))
    for name in SOURCES:
        corpus.write(f"sources/{name}.toml", SOURCE.format(name))
        order.shuffle(pairs.lines[name])
        for part in range(2):
            path = f"{order.randrange(10)}/{name}-{part}.jsonl"
            corpus.write(path, "".join(f"{line}\n" for line in pairs.lines[name][part::2]))
    decisions = [
        DECISION.format(table="decisions", keys=keys, scope=f'sections = ["{name}"]') for name, keys in SECTIONS.items()
    ]
    naming = DECISION.format(table="decisions", keys=SECTIONS["open"], scope=f"ids = {json.dumps(pairs.named)}")
    corpus.write("rights/sections.toml", "".join(order.sample(decisions, len(decisions))))
    corpus.write("rights/names.toml", naming if pairs.named else "")
    corpus.write(
        "corpus.toml",
        '[corpus]\nname = "pairs"\ntitle = "Pairs"\nlanguages = ["en"]\ncontact = "c@pairs.example"\n'
        '[releases.open]\ndestination = "public"\n'
        + "".join(f'[[input]]\nfiles = "*/{name}-*.jsonl"\nformat = "jsonl"\nsource = "{name}"\n' for name in inputs),
    )


def checked(corpus: Corpus, count: int, seed: int, number: int) -> None:
    """Build all pairs in one order, and look for every text of theirs in every byte of the public line."""
    order = random.Random(1000 * seed + number)
    pairs = drawn(count, seed, order)
    write(corpus, pairs, order)
    corpus.build()
    found = canaries(corpus.results[-1].lines["open"].folder)
    shutil.rmtree(corpus.out)
    case = f"seed {seed}, {count} pairs, order {number}"
    laundered = [words for mark, words in pairs.closed.items() if mark in found]
    lost = [words for mark, words in pairs.published.items() if mark not in found]
    assert not laundered, f"{case}: {len(laundered)} laundered, such as {laundered[:3]}"
    assert not lost, f"{case}: {len(lost)} not published, such as {lost[:3]}"


@pytest.mark.parametrize("order", range(2))
def test_of_fifty_pairs_none_is_laundered_in_any_order(corpus: Corpus, order: int) -> None:
    checked(corpus, 50, 8, order)


@pytest.mark.soak
@pytest.mark.parametrize("order", range(20))
def test_of_a_thousand_pairs_none_is_laundered_in_any_order(corpus: Corpus, order: int) -> None:
    checked(corpus, 1000, 9, order)
