"""What a page or record says of its language is held against the declared one, and changes nothing."""

import json
from typing import Any

import pytest

from pressmark.intake.foreign import READERS
from pressmark.intake.html import read_html
from pressmark.intake.languages import differing
from support import Corpus

BODY = "<article><p>" + "The river rose in the night and took the landing stage with it. " * 4 + "</p></article>"
NODE = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A","inLanguage":%s}</script>'
LOCALE = "<meta property='og:locale' content='%s'>"


@pytest.mark.parametrize(
    ("tag", "head", "found"),
    [
        ("ko", "", ["ko in html lang"]),
        ("EN-gb", NODE % '"en"' + LOCALE % "en_GB", []),
        ("", NODE % '"ko-KR"', ["ko in JSON-LD inLanguage"]),
        ("", NODE % '{"@type":"Language","alternateName":"zh-Hans"}', ["zh in JSON-LD inLanguage"]),
        ("", NODE % '["ko","en"]', []),
        ("", NODE % '"Korean, mostly"', []),
        ("", LOCALE % "de_DE", ["de in og:locale"]),
        ("ko", LOCALE % "de_DE", ["ko in html lang", "de in og:locale"]),
        ("und", "", []),
        ("", "", []),
    ],
)
def test_another_language_is_a_note(tag: str, head: str, found: list[str]) -> None:
    page = f"<html lang='{tag}'><head><title>A</title>{head}</head><body>{BODY}</body></html>".encode()
    draft = read_html(page)
    assert told(draft.languages) == [f"found {each}, expected en" for each in found]
    assert "language" not in draft.fields


def told(stated: list[tuple[str, str]]) -> list[str]:
    notes = differing(stated, "en-GB")
    assert all((code, place) == ("language-differs", "/language") for code, place, _ in notes)
    return [detail for _, _, detail in notes]


WORDS = {"headline": "A", "title": "A"}
BODIES: dict[str, dict[str, Any]] = {
    "trafilatura": {"text": "Words."},
    "news-please": {"maintext": "Words."},
    "fundus": {"plaintext": "Words."},
    "news-article": {"@type": "NewsArticle", "articleBody": "Words."},
    "ninjs": {"body_text": "Words."},
}
"""The least that a record of a shape has."""


def test_a_build_tells_of_records_in_another_language(corpus: Corpus) -> None:
    head = (corpus.folder / "corpus.toml").read_text(encoding="utf-8").partition("[[input]]")[0]
    entry = 'files = "r/*.jsonl"\nformat = "jsonl"\nsource = "journal"\nshape = "news-article"\n'
    corpus.write("corpus.toml", f"{head}[[input]]\n{entry}")
    record = {"url": "https://quill.example/1", **WORDS, **BODIES["news-article"]}
    others = [{**record, "url": f"{record['url']}{tag}", "inLanguage": tag} for tag in ("en-US", "ko")]
    corpus.write("r/a.jsonl", "".join(json.dumps(each) + "\n" for each in others))
    corpus.build()
    notes = [[code for code, *_ in row.get("notes", [])] for row in corpus.ledger()]
    assert notes == [[], ["language-differs"]]


@pytest.mark.parametrize(
    ("shape", "said", "found"),
    [
        ("news-article", {"inLanguage": "ko-KR"}, ["ko in JSON-LD inLanguage"]),
        ("news-article", {"inLanguage": {"@type": "Language", "alternateName": "zh"}}, ["zh in JSON-LD inLanguage"]),
        ("news-article", {"inLanguage": "en-US"}, []),
        ("news-article", {"inLanguage": ["ko", "en"]}, []),
        ("news-article", {"inLanguage": {"alternateName": ["ko"]}}, []),
        ("trafilatura", {"language": "de"}, ["de in /language"]),
        ("trafilatura", {"language": None}, []),
        ("news-please", {"language": "de"}, ["de in /language"]),
        ("news-please", {"language": 5}, []),
        ("fundus", {"lang": "de"}, ["de in /lang"]),
        ("ninjs", {"language": "de-AT"}, ["de in /language"]),
        ("ninjs", {"language": "en"}, []),
    ],
)
def test_another_language_of_a_record_is_a_note(shape: str, said: dict[str, Any], found: list[str]) -> None:
    draft = READERS[shape]({**WORDS, **BODIES[shape], **said}, None)
    assert told(draft.languages) == [f"found {each}, expected en" for each in found]
    # Only ninjs has it for a person to state; the others have it from the page, or from a program that guessed.
    assert draft.fields.get("language") == (said["language"] if shape == "ninjs" else None)
