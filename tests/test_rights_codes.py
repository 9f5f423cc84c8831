"""Each code that withholds a text for its rights, raised through a corpus that is built."""

from typing import Any

import pytest

from pressmark import verify
from support import JOURNAL, Corpus

PERMISSION = JOURNAL.replace('"public_domain"', '"permission"\nvisibility = "public"')

RAISED: dict[str, tuple[str, dict[str, Any]]] = {
    "component-not-covered": (
        JOURNAL,
        {
            "rights": {"components": [{"component": "caption", "holder": "Osier Wire"}]},
            "captions": [{"text": "A quay."}],
        },
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


@pytest.mark.parametrize("code", RAISED)
def test_a_code_is_raised_in_a_build_and_the_release_adds_up(corpus: Corpus, code: str) -> None:
    source, record = RAISED[code]
    recipe = (corpus.folder / "corpus.toml").read_text()
    corpus.write("corpus.toml", recipe.replace('"public"', f'"{LINES.get(code, "public")}"'))
    corpus.write("sources/journal.toml", source)
    corpus.records({"id": "it", "title": "A headline", "rights": {}, **record}, {"text": "Another."})
    corpus.build()
    line = corpus.results[-1].lines["open"]
    assert corpus.codes()["records/a.jsonl:1"] == code
    assert line.counts["by_code"][code] >= 1
    assert verify(line.folder) == []
    mentioned = any(b"journal:it" in path.read_bytes() for path in line.folder.rglob("*") if path.is_file())
    assert mentioned is (code != "embargoed")
    became = next(row for row in corpus.ledger() if row["file"] == "records/a.jsonl")["became"]["open"]
    assert became["class"] == ("embargoed" if code == "embargoed" else "withheld")
