"""Strict JSON: what means one thing is read as the standard library reads it, the rest is refused."""

import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressmark.findings import SHOWN_CHARACTERS, RefusedInputError
from pressmark.intake.strict_json import DEEPEST, read_object
from strategies import checked

MAXIMUM = 2**63 - 1

strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['":', '" :', '"a": 1', '\\":', '{"a":1,"a":2}', "\\", '"', "NaN", "1e400", "\u2028", "\x00", "등불"]
)
integers = st.integers(-999_999_999_999_999_999, 999_999_999_999_999_999)
numbers = integers | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | strings
inner_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strings, inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(strings, inner_values, max_size=5)


def code_of(line: bytes) -> str:
    """Return the code of the refusal, or nothing where the line was read."""
    try:
        read_object(line)
    except RefusedInputError as error:
        return error.code
    return ""


def same(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are equal in type too, and in the order of keys."""
    return repr(one) == repr(other)


@checked(400)
@given(objects, st.booleans(), st.sampled_from([None, (", ", ": "), (" ,\t", "\t : \r\n")]))
def test_every_object_with_one_meaning_is_read_as_the_standard_library_reads_it(
    value: dict[str, Any],
    ascii_alone: bool,  # noqa: FBT001
    separators: tuple[str, str] | None,
) -> None:
    line = json.dumps(value, ensure_ascii=ascii_alone, separators=separators).encode()
    assert same(read_object(line), value)
    assert same(read_object(line), json.loads(line))


@checked(200)
@given(objects, st.data())
def test_a_key_that_stands_twice_is_refused_at_every_depth(value: dict[str, Any], data: st.DataObject) -> None:
    key, wrap = (
        data.draw(strings),
        data.draw(st.lists(st.sampled_from(["[%s]", '{"w":%s}', '[1,{"x":[%s]}]']), max_size=8)),
    )
    first, second = data.draw(scalars), data.draw(scalars)
    written = json.dumps(key)
    rest = json.dumps(value)[1:-1]
    line = f"{{{written}:{json.dumps(first)}{', ' if rest else ''}{rest},{written} :{json.dumps(second)}}}"
    for shape in wrap:
        line = shape.replace("%s", line)
    assert code_of(f'{{"outer":{line}}}'.encode()) == "duplicate-key"


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a":1,"b":2,"a":3}',
        b'{"a":1,"\\u0061":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":[{"b":1},{"b":1,"b":2}]}',
        b'{"a":[[[[{"":1,"":2}]]]]}',
        b'{"a":1 ,\t"a"\t: 2}',
        b'{"a":"\\":","a":1}',
        b'{"a":1.5,"a":2.5}',
        '{"등불":1,"\\ub4f1\\ubd88":2}'.encode(),
    ],
)
def test_a_key_twice_is_refused(line: bytes) -> None:
    assert code_of(line) == "duplicate-key"


def test_the_key_that_stands_twice_is_named_in_short() -> None:
    name = "k" * 100
    with pytest.raises(RefusedInputError) as caught:
        read_object(f'{{"a":1,"{name}":1,"{name}":2}}'.encode())
    assert caught.value.detail == f"found the key '{'k' * SHOWN_CHARACTERS}' twice"
    assert len(caught.value.detail) < 60


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":{"b":1},"b":{"b":1}}',
        b'{"a":[{"a":1},{"a":1}]}',
        b'{"a":"a","A":"a"}',
        b'{"a":"\\"a\\": 1, \\"a\\": 2"}',
        b'{"\\":":1,"\\" :":2}',
        b'{"a":"\\\\","b":"\\\\\\":"}',
        b'{"a":"\\"\\n:"}',
        '{"é":1,"e\u0301":2}'.encode(),
    ],
)
def test_what_only_looks_like_a_key_twice_is_read(line: bytes) -> None:
    assert read_object(line) == json.loads(line)


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e400",
        "1" + "0" * 39,
        "-" + "9" * 40,
        "18446744073709551616",
        "-9223372036854775809",
        "0.1000000000000000055511151231257827",
        "123456789012345678.5",
        "9007199254740993.0",
        "1e-400",
        "1.00000000000000000001",
        "9" * 5000,
        "0." + "1" * 5000,
    ],
)
@pytest.mark.parametrize("shape", ['{"a":%s}', '{"a":[{"b":[%s]}]}', '{"a":1.5,"b":"\\":","c":%s}'])
def test_a_number_that_would_change_is_refused(number: str, shape: str) -> None:
    assert code_of((shape % number).encode()) == "inexact-number"


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("-0.0", -0.0),
        ("1.0", 1.0),
        ("1.50", 1.5),
        ("1e2", 100.0),
        ("1E+2", 100.0),
        ("0.1", 0.1),
        ("5e-324", 5e-324),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        (str(MAXIMUM), MAXIMUM),
    ],
)
@pytest.mark.parametrize("shape", ['{"a":%s}', '{"a":%s,"b":1.5}', '{"a":%s,"b":"\\":"}'])
def test_a_number_that_stays_is_read(number: str, value: float, shape: str) -> None:
    found = read_object((shape % number).encode())["a"]
    assert same(found, value)


@checked(200)
@given(st.floats(allow_nan=False, allow_infinity=False))
@example(0.1)
@example(-0.0)
@example(2.0**53)
def test_every_number_is_read_as_its_shortest_form_says(number: float) -> None:
    assert math.copysign(1, read_object(f'{{"a":{number!r}}}'.encode())["a"]) == math.copysign(1, number)
    assert read_object(f'{{"a":{number!r}}}'.encode())["a"] == number


@checked(200)
@given(st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=9))
def test_decimals_are_read_exactly_or_refused(number: Decimal) -> None:
    literal = f"{number:f}"
    line = f'{{"a":{literal}}}'.encode()
    assert code_of(line) == ("" if Decimal(repr(float(literal))) == number else "inexact-number")


@pytest.mark.parametrize(
    "line",
    [b'{"a":-1234567890123456789,"b":1.5}', b'{"a":-9223372036854775807,"b":"\\":"}'],
)
def test_a_negative_whole_number_of_nineteen_digits_is_read_in_any_company(line: bytes) -> None:
    assert code_of(line) == ""


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, -(2**63)])
def test_a_whole_number_has_one_verdict_whatever_stands_beside_it(number: int) -> None:
    alone, accompanied = code_of(f'{{"a":{number}}}'.encode()), code_of(f'{{"a":{number},"b":0.5}}'.encode())
    assert alone == accompanied


@pytest.mark.parametrize("number", ["0e99999999999999999999", "1e-99999999999999999999"])
def test_an_exponent_beyond_decimals_is_refused_like_any_inexact_number(number: str) -> None:
    assert code_of(f'{{"a":{number}}}'.encode()) == "inexact-number"


@pytest.mark.parametrize("escape", ["\\ud800", "\\udc00", "\\udc00\\ud800", "a\\ud83cb", "\\ud83c\\n"])
@pytest.mark.parametrize("shape", ['{"a":"%s"}', '{"%s":1}', '{"a":[{"b":"%s"}]}'])
def test_a_surrogate_that_stands_alone_is_refused(escape: str, shape: str) -> None:
    assert code_of((shape % escape).encode()) == "bad-json"


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert read_object(b'{"a":"\\ud83c\\udfee"}') == {"a": "\U0001f3ee"}


@pytest.mark.parametrize("depth", [100, 1_100, 5_000, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_what_is_nested_too_deeply_is_refused(depth: int, opening: str, closing: str) -> None:
    assert code_of(f'{{"a":{opening * depth}1{closing * depth}}}'.encode()) == "bad-json"


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_levels_are_counted_from_the_record_to_the_innermost_value(opening: str, closing: str) -> None:
    deepest, deeper = (f'{{"a":{opening * inner}1{closing * inner}}}'.encode() for inner in (DEEPEST - 2, DEEPEST - 1))
    assert read_object(deepest) == json.loads(deepest)
    assert code_of(deeper) == "bad-json"


@pytest.mark.parametrize("line", [b"[]", b"[{}]", b'"a"', b"1", b"1.5", b"true", b"null", b'[{"a":1,"a":2}]'])
def test_what_is_no_object_is_refused(line: bytes) -> None:
    assert code_of(line) == "bad-json"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b" ",
        b"{",
        b"}",
        b'{"a":}',
        b'{"a"}',
        b'{"a":1,}',
        b"{a:1}",
        b"{'a':1}",
        b'{"a":01}',
        b'{"a":1.}',
        b'{"a":.5}',
        b'{"a":+1}',
        b'{"a":0x1}',
        b'{"a":1 2}',
        b'{"a":True}',
        b'{"a":undefined}',
        b'{"a":"x\ny"}',
        b'{"a":"x\ty"}',
        b'{"a":"\\x41"}',
        b'{"a":"\\u00e"}',
        b'{"a":"x}',
        b'{"a":1}x',
        b'{"a":1}{"a":1}',
        b'{"a":1},',
        b'{"a":1}\x00',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xc0\xaf"}',
        b'{"a":"\xf4\x90\x80\x80"}',
        b'{"a":"\xeb\x93"}',
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-16-le"),
        '{"a":1}'.encode("utf-32-be"),
        b'\x0b{"a":1}',
        '\u00a0{"a":1}'.encode(),
        b'{"a":1}//',
        b'{"a":1/**/}',
    ],
    ids=ascii,
)
def test_what_is_not_json_is_refused(line: bytes) -> None:
    assert code_of(line) == "bad-json"


@pytest.mark.parametrize("line", [b' {"a":1} ', b'\t{"a":1}\r\n', b"{ }", b'{"a" : [ ] }', b'{"a":"\\u0000\x7f"}'])
def test_json_that_looks_odd_is_read(line: bytes) -> None:
    assert read_object(line) == json.loads(line)


@checked(300)
@given(st.binary(max_size=30) | st.text('{}[]",:\\aué1.-+e 0NI', max_size=25).map(str.encode))
def test_any_bytes_are_an_object_that_the_standard_library_reads_too_or_refused(line: bytes) -> None:
    code = code_of(line)
    assert code in ("", "bad-json", "duplicate-key", "inexact-number")
    if not code:
        assert same(read_object(line), json.loads(line))
