"""Each code that withholds a text for its rights, raised through a corpus that is built."""

from typing import Any

import pytest

from pressmark import verify
from raw_parquet import canaries
from support import JOURNAL, Corpus

PERMISSION = JOURNAL.replace('"public_domain"', '"permission"\nvisibility = "public"')

RAISED: dict[str, tuple[str, dict[str, Any]]] = {
    "component-not-covered": (
        JOURNAL,
        {"rights": {"components": [{"component": "caption", "holder": "Osier Wire"}]}},
    ),
    "territory-limited": (JOURNAL + 'territories = ["GB"]\n', {}),
    "purpose-limited": (PERMISSION + 'purposes = ["research"]\n', {}),
    "output-not-allowed": (PERMISSION + 'outputs = ["headline"]\n', {}),
    "terms-not-accepted": (
        JOURNAL.replace('"public_domain"', '"restricted_license"\nlicense = "CC-BY-NC-4.0"\nattribution = "A"'),
        {},
    ),
    "privacy": (JOURNAL, {"rights": {"privacy": ["victim"]}}),
    "reserved-by-signal": (
        JOURNAL.replace('"public_domain"', '"all_rights_reserved"\nstorage_basis = "EU-DSM-3"\nvisibility = "private"'),
        {"rights": {"reservations": [{"signal": "tdmrep", "value": "1"}]}},
    ),
    "embargoed": (JOURNAL, {"rights": {"embargoed_until": "2026-02-01"}}),
}
LINES = {"reserved-by-signal": "private"}

IDENTITY, HEADLINE, WORDS, CAPTION, NAME = (f"CNRY{number:07d}" for number in range(1, 6))
SHOWN = {"output-not-allowed": {IDENTITY, HEADLINE}, "terms-not-accepted": {IDENTITY, HEADLINE}, "embargoed": set()}
"""Where more appears than the id of the article, or less."""


@pytest.mark.parametrize("code", RAISED)
def test_a_code_is_raised_in_a_build_and_the_release_adds_up(corpus: Corpus, code: str) -> None:
    source, fields = RAISED[code]
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('"public"', f'"{LINES.get(code, "public")}"'))
    corpus.write("sources/journal.toml", source)
    words = {"title": HEADLINE, "text": WORDS, "captions": [{"text": CAPTION}]}
    named = {"contributors": [{"role": "aut", "name": NAME}]}
    corpus.records({"id": IDENTITY, **words, **named, "rights": {}, **fields}, {"text": "Another."})
    line = corpus.build().lines["open"]
    assert corpus.codes()["records/a.jsonl:1"] == code
    became = next(row for row in corpus.ledger() if row["file"] == "records/a.jsonl")["became"]["open"]
    assert became["class"] == ("embargoed" if code == "embargoed" else "withheld")
    assert line.counts["by_code"][code] >= 1
    assert line.counts["embargoed"] == (code == "embargoed")
    sums = {name: count for name, count in line.counts.items() if name not in ("inputs", "by_code")}
    assert line.counts["inputs"] == sum(sums.values()) == len(corpus.ledger()) == 3
    assert verify(line.folder) == []
    assert {mark.decode() for mark in canaries(line.folder)} == SHOWN.get(code, {IDENTITY})
    vault = corpus.results[-1].lines["vault"]
    assert {mark.decode() for mark in canaries(vault.folder)} == {IDENTITY, HEADLINE, WORDS, CAPTION, NAME}
    assert verify(vault.folder) == []
