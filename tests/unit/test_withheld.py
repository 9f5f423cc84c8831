"""What a withheld article shows: fields that are allowed, and none of them with the words of its text."""

import copy
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.curate.withheld import _UNSEEN, without_text
from pressmark.release import pieces
from rights_cases import EVIDENCE, decided, resolved
from strategies import ARTICLE, articles, checked

RUN_CJK, RUN_OTHER = 24, 60
"""Characters of a text that a field must not show: where they are CJK, and elsewhere."""

TEXT_FIELDS, HEADLINE_FIELDS = {"text", "subtitles", "captions"}, {"title"}
NAME_FIELDS = {"contributors", "attribution"}
CLOSED_FIELDS = TEXT_FIELDS | HEADLINE_FIELDS | NAME_FIELDS
HANGUL = "".join(chr(0xAC00 + 28 * number) for number in range(120))
"""A text in which no run comes twice."""

HAN = "".join(chr(0x4E00 + number) for number in range(120))
LATIN = "".join(f"{number:03x}-" for number in range(0x100, 0x180))

ALSO = [(), ("headline",), ("name",), ("headline", "name")]


def withheld(text: str, **fields: Any) -> tuple[dict[str, Any], list[str]]:
    article = {**resolved(), "text": text, "title": "Lanterns", **fields}
    return without_text(article, "no-decision")


def showing(words: str) -> dict[str, dict[str, Any]]:
    """Return changes that put words into a field, by the name of the field."""
    evidence = [{"kind": "claim", "scope": "text", "where": "foot", "quote": words}, {**EVIDENCE[0], "quote": "Fine."}]
    return {
        "rights.notice": {"rights": {"notice": words, "holders": ["Reed House"]}},
        "section": {"section": ["Town", words]},
        "url": {"url": f"https://reeds.example/{words}"},
        "rights.evidence.quote": {"rights": {"evidence": evidence, "holders": ["Reed House"]}},
        "rights.components.holder": {"rights": {"components": [{"component": "image", "holder": words}]}},
        "rights.reservations.value": {"rights": {"reservations": [{"signal": "terms", "value": words}]}},
        "provenance.syndicated_from": {"provenance": {"extractor": "page/1", "syndicated_from": words}},
    }


SHOWING = list(showing(""))


def hidden(*also: str) -> set[str]:
    """Return the fields that do not appear where the gate opens these classes."""
    opened = {"headline": HEADLINE_FIELDS, "name": NAME_FIELDS}
    return CLOSED_FIELDS - {field for name in also for field in opened[name]}


@checked(80)
@given(articles(), st.sampled_from(ALSO))
def test_a_withheld_article_has_no_field_that_is_not_on_the_list(
    article: dict[str, Any], also: tuple[str, ...]
) -> None:
    shown, _ = without_text(article, "status-closed", also)
    classes = ("metadata", "digest", *also)
    allowed = {name for name, field in ARTICLE["properties"].items() if field["x-class"] in classes}
    assert set(shown) <= allowed
    assert hidden(*also).isdisjoint(shown)
    assert shown["withheld_because"] == "status-closed"
    assert set(ARTICLE["properties"]) - allowed == hidden(*also)


def test_a_field_that_the_contract_does_not_know_is_not_shown() -> None:
    shown, emptied = withheld("The lanterns went out.", summary="Lanterns went out", body="x")
    assert {"summary", "body"}.isdisjoint(shown)
    assert emptied == []


def test_a_withheld_article_keeps_its_metadata_and_digests() -> None:
    article = resolved(section=["Town"], url="https://reeds.example/1", title="Lanterns", attribution="Ilse Marrow")
    shown, emptied = without_text(article, "no-decision")
    kept = {key: value for key, value in article.items() if key not in CLOSED_FIELDS}
    assert shown == {**kept, "withheld_because": "no-decision"}
    assert emptied == []


@pytest.mark.parametrize("also", ALSO, ids=str)
def test_headline_and_names_appear_where_the_gate_opens_them_and_nowhere_else(also: tuple[str, ...]) -> None:
    fields: dict[str, Any] = {
        "title": "Lanterns",
        "subtitles": ["Boats next year"],
        "contributors": [{"role": "rpt", "name": "Ilse Marrow"}],
        "attribution": "Ilse Marrow",
        "captions": [{"text": "A boat"}],
    }
    shown, emptied = without_text(resolved(**fields), "output-not-allowed", also)
    expected = {name: value for name, value in fields.items() if name not in hidden(*also)}
    assert {name: value for name, value in shown.items() if name in CLOSED_FIELDS} == expected
    assert emptied == []


def test_a_headline_that_appears_and_shows_the_text_is_emptied() -> None:
    article = {**resolved(), "text": HANGUL, "title": HANGUL[:RUN_CJK]}
    shown, emptied = without_text(article, "output-not-allowed", ("headline",))
    assert "title" not in shown
    assert emptied == ["title"]
    shorter = {**article, "title": HANGUL[: RUN_CJK - 1]}
    assert without_text(shorter, "output-not-allowed", ("headline",))[0]["title"] == HANGUL[: RUN_CJK - 1]


@pytest.mark.parametrize("name", SHOWING)
@pytest.mark.parametrize(
    ("text", "length"), [(HANGUL, RUN_CJK), (HAN, RUN_CJK), (LATIN, RUN_OTHER)], ids=["hangul", "han", "latin"]
)
@pytest.mark.parametrize("where", [0, 17, -1], ids=["beginning", "middle", "end"])
def test_a_field_that_shows_a_run_of_the_text_is_emptied_and_one_shorter_stays(
    name: str, text: str, length: int, where: int
) -> None:
    start = where if where >= 0 else len(text) - length
    for words, shows in ((text[start : start + length], True), (text[start + 1 : start + length], False)):
        fields = showing(words)[name]
        shown, emptied = withheld(text, **copy.deepcopy(fields))
        assert emptied == ([name] if shows else [])
        assert (words in json.dumps(shown, ensure_ascii=False)) is not shows
        if "holders" in fields.get("rights", {}):
            assert shown["rights"]["holders"] == ["Reed House"]


@pytest.mark.parametrize("field", ["title", "subtitles", "captions", "attribution", "contributors"])
def test_words_of_every_closed_field_count_as_text(field: str) -> None:
    values: dict[str, Any] = {
        "subtitles": [HANGUL],
        "captions": [{"image": "a.jpg", "text": HANGUL}],
        "contributors": [{"role": "aut", "name": HANGUL}],
    }
    words = HANGUL[40:64]
    shown, emptied = withheld("Short.", **{field: values.get(field, HANGUL), "rights": {"notice": f"ⓒ {words}."}})
    assert emptied == ["rights.notice"]
    assert "rights" not in shown or "notice" not in shown["rights"]


def test_the_publishers_own_names_and_the_decision_stay_even_where_the_text_has_them() -> None:
    decision = decided("all_rights_reserved", basis=HANGUL[:40], decided_by=HANGUL[40:80])
    article = {**resolved(decision), "text": HANGUL, "publisher": HANGUL[:30], "edition": HANGUL[30:60]}
    shown, emptied = without_text(article, "status-closed")
    assert emptied == []
    assert (shown["publisher"], shown["edition"]) == (HANGUL[:30], HANGUL[30:60])
    assert (shown["rights"]["basis"], shown["rights"]["decided_by"]) == (HANGUL[:40], HANGUL[40:80])


@checked(120)
@given(
    st.sampled_from([HANGUL, HAN]),
    st.integers(0, 80),
    st.integers(1, 40),
    st.data(),
)
def test_spaces_neither_hide_a_run_nor_make_one(text: str, start: int, length: int, data: st.DataObject) -> None:
    spaced = "".join(
        character + data.draw(st.sampled_from(["", "", " ", "\n", "\u3000", "\n\n"]))
        for character in text[start : start + length]
    )
    gapped = "".join(character + (" " if number % 7 == 0 else "") for number, character in enumerate(text))
    shown, emptied = withheld(gapped, rights={"notice": f"«{spaced}»", "reserved": False})
    assert emptied == (["rights.notice"] if length >= RUN_CJK else [])
    assert ("notice" in shown["rights"]) is (length < RUN_CJK)


def test_a_run_behind_other_words_that_are_no_run_is_seen() -> None:
    words = LATIN[:30] + HANGUL[:RUN_CJK]
    assert len(words) < RUN_OTHER
    assert withheld(HANGUL, rights={"notice": words})[1] == ["rights.notice"]


def test_a_run_that_holds_one_cjk_character_counts_as_cjk() -> None:
    text = LATIN[:12] + "등" + LATIN[12:24] + "x" * 100
    assert withheld(text, rights={"notice": text[:RUN_CJK]})[1] == ["rights.notice"]
    assert withheld(text, rights={"notice": text[: RUN_CJK - 1]})[1] == []


WAYS: dict[str, Callable[[str], str]] = {
    "variation selectors": "\U000e0101".join,
    "direction marks": "\u061c".join,
    "fillers": "\u3164".join,
    "hyphens": "-".join,
    "full stops and spaces": ". ".join,
    "percent signs": quote,
    "entities": lambda words: "".join(f"&#{ord(character)};" for character in words),
}


@pytest.mark.parametrize("way", WAYS)
def test_other_ways_to_write_a_run_are_seen(way: str) -> None:
    for length, emptied in ((RUN_CJK, ["rights.notice"]), (RUN_CJK - 1, [])):
        assert withheld(HANGUL, rights={"notice": WAYS[way](HANGUL[:length])})[1] == emptied


def test_capitals_and_full_width_letters_do_not_hide_a_run() -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in LATIN[:RUN_OTHER].upper())
    assert withheld(LATIN, publisher="x", rights={"notice": wide})[1] == ["rights.notice"]


def test_a_run_cut_into_the_entries_of_a_list_is_seen() -> None:
    shown, emptied = withheld(HANGUL, section=["Town", HANGUL[:15], HANGUL[15:30]], language="ko")
    assert emptied == ["section"]
    assert "section" not in shown


def test_an_address_that_the_text_ends_with_stays() -> None:
    url = "https://reeds.example/news/2024/05/21/lanterns-on-the-river-went-out-before-the-boats-came.html"
    shown, emptied = withheld(f"{HANGUL}\n\n{url}", url=url)
    assert (shown["url"], emptied) == (url, [])
    of_the_text = f"https://reeds.example/{HANGUL}"
    assert withheld(f"{HANGUL} {url}", url=of_the_text)[1] == ["url"]


def test_both_guards_know_the_same_marks_that_nobody_sees() -> None:
    assert not [mark for mark in pieces._UNSEEN if not _UNSEEN.fullmatch(mark)]


def test_runs_from_several_places_of_the_text_do_not_add_up() -> None:
    pieces = "/".join(HANGUL[start : start + 20] for start in (0, 30, 60))
    assert withheld(HANGUL, rights={"notice": pieces})[1] == []


def test_a_quote_of_the_text_takes_the_other_quotes_with_it_but_nothing_else() -> None:
    shown, _ = withheld(HANGUL, **showing(HANGUL[:30])["rights.evidence.quote"])
    assert shown["rights"]["evidence"] == [
        {"kind": "claim", "scope": "text", "where": "foot"},
        {"kind": "manual", "scope": "text", "where": "register"},
    ]


@checked(80)
@given(articles(), st.sampled_from(SHOWING), st.integers(0, 60), st.sampled_from(ALSO))
def test_whatever_the_article_a_withheld_one_shows_no_run_of_its_text(
    article: dict[str, Any], name: str, start: int, also: tuple[str, ...]
) -> None:
    fields = showing(HANGUL[start : start + 30])[name]
    merged = {key: {**article[key], **value} if isinstance(value, dict) else value for key, value in fields.items()}
    shown, emptied = without_text({**article, "text": HANGUL, **merged}, "no-decision", also)
    written = json.dumps(shown, ensure_ascii=False)
    assert name in emptied
    assert not any(HANGUL[at : at + RUN_CJK] in written for at in range(len(HANGUL) - RUN_CJK + 1))
