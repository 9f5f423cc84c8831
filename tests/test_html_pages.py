"""Golden HTML pages: each becomes the article beside it, or is refused with the code in its name."""

import json
from pathlib import Path
from typing import Any

import pytest

from pressmark.article.dates import zone
from pressmark.findings import RefusedInputError
from pressmark.intake.html import read_html
from pressmark.sources import HtmlRules

PAGES = sorted((Path(__file__).parent / "html").glob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_the_article_beside_it(page: Path) -> None:
    gold: dict[str, Any] = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    if "code" in gold:
        with pytest.raises(RefusedInputError, match=gold["code"]):
            read_html(page.read_bytes())
        return
    rules = HtmlRules(**{key: tuple(each) for key, each in gold.get("rules", {}).items()})
    draft = read_html(page.read_bytes(), place=zone(gold["zone"]), rules=rules)
    fields = draft.fields
    people = {(each["role"], each["name"]) for each in fields["contributors"]}
    assert fields["title"] == gold["title"]
    assert fields["text"] == gold["text"] or (gold.get("loose") and fields["text"].startswith(gold["text"]))
    assert fields.get("published_at") == gold["published_at"]
    assert ("published_on" in fields) is bool(gold["published_at"] or gold.get("published_on"))
    roles = {"aut": gold["authors"], "edt": gold.get("editors", ()), "trl": gold.get("translators", ())}
    assert people == {(role, name) for role, names in roles.items() for name in names}
    assert fields.get("provenance", {}).get("syndicated_from") == gold.get("source")
    assert [caption["text"] for caption in fields["captions"]] == gold.get("captions", [])
    assert [each["signal"] for each in fields.get("rights", {}).get("reservations", [])] == gold.get("signals", [])
    assert {note[0] for note in draft.notes} == set(gold.get("notes", ()))
    kinds = {entry["kind"] for entry in draft.evidence}
    assert set(gold.get("evidence", ())) <= kinds
    assert set(gold.get("scopes", ())) <= {entry["scope"] for entry in draft.evidence if entry["kind"] == "claim"}
    assert set(gold.get("quotes", ())) <= {entry.get("quote") for entry in draft.evidence}
    assert "subtitles" not in gold or fields["subtitles"] == gold["subtitles"]
    assert "section" not in gold or fields["section"] == gold["section"]
    assert gold.get("steps", {}).items() <= draft.steps.items()
    text = fields["text"]
    assert not [entry for entry in draft.evidence if entry.get("quote", "\0") in text]
