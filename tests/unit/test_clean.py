"""The text rules: the same text, however it was typed, and not a character lost."""

import unicodedata
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.intake.clean import composed, fields, lines, paragraphs
from strategies import checked

BOM = "\ufeff"
SPACES = " \t" + "".join(chr(point) for point in range(0xA0, 0x3001) if chr(point).isspace())
COMPATIBLE = "\uf900\uf9d0\ufa0c\ufa6a"
"""Compatibility ideographs that NFC replaces."""

texts = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from(
        "\n\r\t \u00a0\u2002\u2000\u3000\u2028\u0085\u200b\u00ad\u2060" + BOM + COMPATIBLE + "가각ᄀ\u1161\u11a8e\u0301"
    ),
    max_size=40,
)
marked_inside = texts.filter(lambda text: BOM not in text[1:])
"""A byte order mark stands at the start alone, as it does in files."""

LANTERNS = """나루터의 등불은 아홉 시에 꺼졌다.
Ilse Marrow counted four hundred.

青岚镇的居民说：“来的人一年比一年多。”

Café Ondée stayed open.\
"""


def blank(character: str) -> bool:
    """Tell whether the text rules may take a character away: a space, a separator, a tab, a line end, a mark."""
    return character in f"\t\r\n{BOM}" or unicodedata.category(character).startswith("Z")


def content(text: str) -> str:
    """Return the characters of a text by their canonical form, without spaces and byte order marks."""
    return "".join(character for character in unicodedata.normalize("NFC", text) if not blank(character))


@checked(300)
@given(marked_inside)
def test_lines_are_the_same_a_second_time(text: str) -> None:
    once = lines(text, Counter())
    steps: Counter[str] = Counter()
    assert lines("\n".join(once), steps) == once
    assert not +steps


@checked(300)
@given(marked_inside, st.booleans())
def test_paragraphs_are_the_same_a_second_time(text: str, by_line: bool) -> None:  # noqa: FBT001
    once = paragraphs(text, Counter(), by_line=by_line)
    steps: Counter[str] = Counter()
    assert paragraphs(once, steps, by_line=by_line) == once
    assert not +steps


@checked(200)
@given(texts)
def test_fields_are_the_same_a_second_time(text: str) -> None:
    once = fields(text, Counter())
    steps: Counter[str] = Counter()
    assert fields(once, steps) == once
    assert not +steps


@pytest.mark.parametrize("text", [BOM + BOM + "Lanterns", " " + BOM + "Lanterns", "\n" + BOM + "Lanterns"], ids=ascii)
def test_a_byte_order_mark_behind_another_or_a_space_is_taken_off_the_first_time(text: str) -> None:
    assert paragraphs(text, Counter(), by_line=False) == "Lanterns"


@pytest.mark.parametrize("control", ["\x0b", "\x0c", "\x1c", "\x1f", "\x85"], ids=ascii)
def test_a_control_character_at_the_end_of_a_line_stays_for_the_door_to_refuse(control: str) -> None:
    assert lines(f"Lanterns{control}\nquay", Counter()) == [f"Lanterns{control}", "quay"]


@checked(300)
@given(texts, st.booleans())
def test_what_comes_out_is_composed_and_without_outer_spaces(text: str, by_line: bool) -> None:  # noqa: FBT001
    result = paragraphs(text, Counter(), by_line=by_line)
    assert unicodedata.is_normalized("NFC", result)
    assert "\r" not in result
    assert "\u00a0" not in result
    assert "\u2002" not in result
    assert "\n\n\n" not in result
    assert all(line == line.strip(SPACES) for line in result.split("\n"))


@checked(300)
@given(texts, st.booleans())
def test_no_character_is_lost_or_made(text: str, by_line: bool) -> None:  # noqa: FBT001
    assert content(paragraphs(text, Counter(), by_line=by_line)) == content(text)
    assert content("\n".join(lines(text, Counter()))) == content(text)
    assert content(fields(text, Counter())) == content(text)


@checked(100)
@given(texts)
def test_a_field_is_composed_with_plain_spaces_and_keeps_its_marks(text: str) -> None:
    result = fields(text, Counter())
    assert unicodedata.is_normalized("NFC", result)
    assert result == result.strip(f"{SPACES}\r\n")
    assert result.count(BOM) == text.count(BOM)


@pytest.mark.parametrize("by_line", [False, True])
@pytest.mark.parametrize(
    "typed",
    [
        LANTERNS.replace("\n", "\r\n"),
        LANTERNS.replace("\n", "\r"),
        LANTERNS.replace("\n\n", "\n \t\u3000\n\u00a0\n\n"),
        BOM + LANTERNS,
        LANTERNS + "\n",
        "\n\r\n" + LANTERNS + "\n \n",
        LANTERNS.replace(" ", "\u00a0"),
        LANTERNS.replace(" ", "\u2002"),
        LANTERNS.replace(" ", "\u2000"),
        unicodedata.normalize("NFD", LANTERNS),
        "\n".join(f"\u3000\u3000{line}" for line in LANTERNS.split("\n")),
        "\n".join(f" \t\u00a0{line}\u2002 " for line in LANTERNS.split("\n")),
        BOM + unicodedata.normalize("NFD", LANTERNS).replace("\n", "\u00a0\r\n\u3000"),
    ],
    ids=[
        "crlf",
        "cr",
        "more blank lines",
        "byte order mark",
        "line end at the end",
        "blank lines around",
        "no-break spaces",
        "en spaces",
        "en quads",
        "decomposed",
        "ideographic indentation",
        "spaces around",
        "all at once",
    ],
)
def test_a_text_that_was_typed_differently_gives_the_same_paragraphs(typed: str, by_line: bool) -> None:  # noqa: FBT001
    steps: Counter[str] = Counter()
    expected = LANTERNS.replace("\n\n", "\n").replace("\n", "\n\n") if by_line else LANTERNS
    assert typed != LANTERNS
    assert paragraphs(typed, steps, by_line=by_line) == expected


@pytest.mark.parametrize(
    ("text", "expected", "steps"),
    [
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"], {"line-ends": 2}),
        ("a\r\r\nb", ["a", "", "b"], {"line-ends": 2}),
        ("a\n\rb", ["a", "", "b"], {"line-ends": 1}),
        (BOM + "a" + BOM + "b", ["a" + BOM + "b"], {"byte-order-mark": 1}),
        (BOM, [""], {"byte-order-mark": 1}),
        ("", [""], {}),
        ("a\u00a0\u2002b", ["a  b"], {"plain-spaces": 2}),
        ("\u3000가\u3000나\u3000", ["가\u3000나"], {"outer-spaces": 2}),
        ("\u00a0a\u2002", ["a"], {"plain-spaces": 2, "outer-spaces": 2}),
        (" a \n\tb", ["a", "b"], {"outer-spaces": 3}),
        ("a\u2003b\u2009c", ["a\u2003b\u2009c"], {}),
        ("a\u2028b", ["a\u2028b"], {}),
        ("\u200ba\u2060 ", ["\u200ba\u2060"], {"outer-spaces": 1}),
        ("e\u0301te\u0301", ["été"], {"nfc": 2}),
        ("\u1100\u1161\u11a8", ["각"], {"nfc": 2}),
        ("\uf900", ["\u8c48"], {"nfc": 1, "compatibility-ideographs": 1}),
        ("\uf900\uf900 e\u0301", ["\u8c48\u8c48 é"], {"nfc": 1, "compatibility-ideographs": 2}),
        ("\ufa0e\ufa11", ["\ufa0e\ufa11"], {}),
        ("\ufa0e\uf900", ["\ufa0e\u8c48"], {"nfc": 1, "compatibility-ideographs": 1}),
        ("\u2126", ["Ω"], {"nfc": 1}),
    ],
    ids=ascii,
)
def test_each_step_is_done_and_counted(text: str, expected: list[str], steps: dict[str, int]) -> None:
    counted: Counter[str] = Counter()
    assert lines(text, counted) == expected
    assert dict(+counted) == steps


def test_steps_add_up_over_the_strings_of_a_record() -> None:
    steps: Counter[str] = Counter()
    fields({"a": "x\u00a0y", "b": ["\u00a0z", "e\u0301"]}, steps)
    assert dict(+steps) == {"plain-spaces": 2, "nfc": 1}


@pytest.mark.parametrize(
    "text",
    [
        "“등불”과 ‘달’, 「책」과 『글』, 《잡지》와 〈시〉",
        "\"straight\" and 'single', “curly” and ‘curled’, «guillemets»",
        "가람(伽藍)시 나루터[津]의 등불 잔치(燈祭)",
        "됬다. 몇일 뒤에 뵈요. 않 온다.",
        "teh lanterns recieved thier light",
        "青嵐鎮與青岚镇，後面和后面",
        "全角ＡＢＣ１２３！，半角ABC123!,",
        "ﬁne ½ ㈜가람 ① ㎏ Ⅳ",
        "a -- b — c – d … ...",
        "ㄱㄴㄷ ㅏㅑㅓ ㅎㅎ",
        "two  spaces stay, a\ttab too",
        "zero\u200bwidth\u200djoiner\u00adhyphen",
    ],
)
def test_quotes_glosses_misprints_and_widths_stay_as_they_are(text: str) -> None:
    steps: Counter[str] = Counter()
    assert paragraphs(text, steps, by_line=False) == text
    assert fields(text, steps) == text
    assert not +steps


@pytest.mark.parametrize(
    ("text", "by_blank_lines", "by_lines"),
    [
        ("a\nb", "a\nb", "a\n\nb"),
        ("a\n\nb", "a\n\nb", "a\n\nb"),
        ("a\n\n\n\nb\nc", "a\n\nb\nc", "a\n\nb\n\nc"),
        ("\n\na\n\n", "a", "a"),
        (" \n\u3000\n", "", ""),
        ("", "", ""),
    ],
)
def test_paragraphs_are_parted_as_the_recipe_says(text: str, by_blank_lines: str, by_lines: str) -> None:
    assert paragraphs(text, Counter(), by_line=False) == by_blank_lines
    assert paragraphs(text, Counter(), by_line=True) == by_lines


@pytest.mark.parametrize("value", [None, True, 0, 1.5, [], {}, [[None]], {"a": {"b": 2}}], ids=repr)
def test_what_is_no_string_stays(value: Any) -> None:
    assert fields(value, Counter()) == value


def test_fields_reach_every_depth_and_leave_keys_alone() -> None:
    assert fields({" e\u0301 ": [" e\u0301\u00a0", {"k": "\u3000x\u2002y "}]}, Counter()) == {
        " e\u0301 ": ["é", {"k": "x y"}]
    }


def test_composed_keeps_line_ends_and_outer_spaces() -> None:
    assert composed(" e\u0301\r\n\u00a0", Counter()) == " é\r\n "
