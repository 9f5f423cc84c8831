"""Plain lines are read as every other line is, only sooner."""

import json
import re
import unicodedata
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.findings import RefusedInputError
from pressmark.intake import plain
from pressmark.intake.admit import admit
from pressmark.intake.draft import Draft
from pressmark.intake.jsonl import from_record, read_record
from pressmark.intake.plain import read_plain
from rights_cases import CAPTURE, SOURCE

ODD = ' \t\n\r\x00\x7f\x85\xa0\xad\u0301\u1100\u1161\u2002\u2028\u2126\u3000\u3099\uac00\u11a8\uf900\ufeff\\"/가各é…“'
WORDS = st.text(st.sampled_from(f"{ODD}abc가나다各報 "), max_size=12)
PLAIN_WORDS = st.lists(
    st.sampled_from(["가나다", "各報", "abc", "“é…”", 'say \\ "no"', "a/b", "2:3", "[x]"]), min_size=1
)
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
TEXTS = WORDS | st.lists(PLAIN_WORDS.map(" ".join), min_size=1, max_size=4).flatmap(
    lambda parts: st.sampled_from(["\n\n", "\n", "\n\n\n"]).map(lambda end: end.join(parts))
)
RECORDS = st.fixed_dictionaries(
    {"id": WORDS | st.just("a-1"), "text": TEXTS},
    optional={
        "title": WORDS | PLAIN_WORDS.map(" ".join),
        "section": st.lists(WORDS, max_size=3),
        "contributors": st.lists(st.fixed_dictionaries({"role": st.just("aut"), "name": WORDS}), max_size=2),
        "captions": st.lists(st.fixed_dictionaries({"image": st.just("1.jpg"), "text": TEXTS}), max_size=2),
        "rights": st.fixed_dictionaries({"notice": TEXTS}),
        "published_at": st.just("2024-05-21T13:57:16+08:00") | WORDS,
        "url": st.just("https://paper.example/a") | WORDS,
        "split": WORDS,
        "odd": VALUES,
        "license": VALUES,
    },
)


def outcome(draft: Any) -> Any:
    """Return the article that a reader's draft makes, or why there is none."""
    try:
        made: Draft = draft()
        article = admit(made, SOURCE, CAPTURE, "jsonl/1")
    except RefusedInputError as error:
        return error.code, error.place, error.detail
    return article, made.split, made.own_id, made.evidence, made.notes


@given(RECORDS, st.booleans(), st.booleans(), st.sampled_from([(",", ":"), (", ", ": ")]))
def test_a_plain_record_is_read_as_any_other(
    record: dict[str, Any],
    by_line: bool,  # noqa: FBT001 - hypothesis gives it
    ascii_only: bool,  # noqa: FBT001 - the same
    separators: tuple[str, str],
) -> None:
    line = json.dumps(record, ensure_ascii=ascii_only, separators=separators)
    found = read_plain(line.encode(), by_line=by_line)
    if found is not None:
        assert outcome(lambda: from_record(found, by_line=by_line, is_plain=True)) == outcome(
            lambda: read_record(line, by_line=by_line)
        )


@pytest.mark.parametrize("by_line", [True, False])
def test_what_papers_deliver_is_plain(by_line: bool) -> None:  # noqa: FBT001 - a parameter of the test
    record = {
        "id": "2024-1",
        "title": "强降雨“来袭” – 폭우가 내리다",
        "section": ["News", "지역"],
        "contributors": [{"role": "aut", "name": "Ewa Nowak"}],
        "published_at": "2024-05-21T13:57:16+08:00",
        "text": '첫 문단이다. "그렇다"고 했다.\n\n第二段。3 / 4…\n\nThird: [photo] café 😀.',
        "captions": [{"image": "a.jpg", "text": "사진"}],
    }
    for separators in ((",", ":"), (", ", ": ")):
        line = json.dumps(record, ensure_ascii=False, separators=separators).encode()
        assert read_plain(line, by_line=by_line) == record


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("not-json", b'{"text":"a"'),
        ("not-an-object", b'["text"]'),
        ("two-objects", b'{"text":"a"}{"text":"b"}'),
        ("a-key-twice", b'{"text":"a","id":"b","id":"c"}'),
        ("a-key-twice-below", b'{"text":"a","rights":{"notice":"b","notice":"c"}}'),
        ("a-key-twice-in-lists", b'{"text":"a","x":[[{"b":"c","b":"d"}]]}'),
        ("a-key-twice-by-an-escape", b'{"text":"a","id":"b","\\u0069d":"c"}'),
        ("a-large-number", b'{"text":"a","n":12345678901234567890123}'),
        ("a-fraction", b'{"text":"a","n":1.0}'),
        ("an-exponent", b'{"text":"a","n":1e3}'),
        ("null", b'{"text":"a","n":null}'),
        ("an-empty-string", b'{"text":"a","n":""}'),
        ("an-empty-list", b'{"text":"a","n":[]}'),
        ("an-empty-list-with-a-space", b'{"text":"a","n":[ ]}'),
        ("an-empty-object", b'{"text":"a","n":{}}'),
        ("no-text", b'{"id":"a"}'),
        ("a-text-that-is-none", b'{"text":7}'),
        ("a-space-in-front", b'{"text":" a"}'),
        ("a-space-behind", b'{"text":"a "}'),
        ("a-space-before-a-line-end", b'{"text":"a \\n\\nb"}'),
        ("three-line-ends", b'{"text":"a\\n\\n\\nb"}'),
        ("a-line-end-in-a-title", b'{"text":"a","title":"b\\nc"}'),
        ("line-ends-in-two", b'{"text":"a\\nb","captions":[{"text":"b\\nc"}]}'),
        ("a-line-end-elsewhere-alone", b'{"text":"a","captions":[{"text":"b\\nc"}]}'),
        ("a-tab", b'{"text":"a\\tb"}'),
        ("an-escape", b'{"text":"a\\u0041"}'),
        ("a-backslash", b'{"text":"a\\\\nb"}'),
        ("a-no-break-space", '{"text":"a\xa0b"}'.encode()),
        ("a-byte-order-mark", '\ufeff{"text":"a"}'.encode()),
        ("decomposed", '{"text":"e\u0301"}'.encode()),
        ("jamo", '{"text":"\u1100\u1161"}'.encode()),
        ("bytes-that-are-no-utf-8", b'{"text":"\xb0\xa1"}'),
        ("deep", b'{"text":"a","n":' + b'{"m":' * 70 + b"1" + b"}" * 71),
        ("deep-lists", b'{"text":"a","section":' + b"[" * 900 + b'"b"' + b"]" * 900 + b"}"),
        ("deep-lists-with-spaces", b'{"text":"a","section":' + b"[ " * 900 + b'"b"' + b" ]" * 900 + b"}"),
        ("a-list-in-a-list", b'{"text":"a","section":[["b"]]}'),
        ("a-list-behind-another-value-in-a-list", b'{"text":"a","section":["b",["c",["d"]]]}'),
        ("objects-and-lists-by-turns", b'{"text":"a","n":' + b'[{"m":' * 40 + b"1" + b"}]" * 40 + b"}"),
    ],
)
def test_what_is_not_plain_is_left_to_the_reader_of_every_line(name: str, line: bytes) -> None:
    assert read_plain(line, by_line=False) is None


def test_a_line_for_each_paragraph_is_plain_with_blank_lines_alone() -> None:
    assert read_plain(b'{"text":"a\\nb"}', by_line=False) == {"text": "a\nb"}
    assert read_plain(b'{"text":"a\\nb"}', by_line=True) is None


def test_plain_characters_stand_for_themselves_whatever_stands_beside_them() -> None:
    """By the data of Unicode: what a character decomposes to, and with what it may compose."""
    composing = Counter(
        part
        for code in range(0x110000)
        if (parts := unicodedata.decomposition(chr(code))) and not parts.startswith("<")
        for part in parts.split()[1:]
    )
    jamo = {*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}
    inert = re.compile(f"[{plain.INERT}]")
    plain_ones = [chr(code) for code in range(0x110000) if inert.fullmatch(chr(code))]
    assert len(plain_ones) > 30_000
    for character in plain_ones:
        assert unicodedata.normalize("NFC", character) == character
        assert not unicodedata.combining(character)
        assert f"{ord(character):04X}" not in composing
        assert ord(character) not in jamo
        assert not character.isspace()
        assert unicodedata.category(character) not in ("Cc", "Cs")
