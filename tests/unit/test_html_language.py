"""What a page says of its language is held against the declared one, and changes nothing."""

import pytest

from pressmark.intake.html import read_html

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
    draft = read_html(page, language="en-GB")
    notes = [detail for code, _, detail in draft.notes if code == "language-differs"]
    assert notes == [f"found {each}, expected en" for each in found]
    assert "language" not in draft.fields
    assert not [code for code, _, _ in read_html(page).notes if code == "language-differs"]
