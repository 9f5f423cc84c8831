"""Hypothesis strategies that tests share: valid articles, drawn from the contract itself, and broken ones."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pressmark.article.contract import schema_bytes

Path = tuple[str | int, ...]

ARTICLE: dict[str, Any] = json.loads(schema_bytes("article.schema.json"))

MAY_BREAK: set[Path] = {("text",), ("captions", "text"), ("rights", "notice")}
"""Where line ends are allowed."""

CHARACTERS = st.characters(exclude_categories=["Cc", "Cs"])
BREAKING_CHARACTERS = st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t")
PLAIN = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


def checked(examples: int) -> settings:
    """Return settings for a number of examples, without the clock: two cores may be shared with others."""
    return settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def moments(*, canonical: bool) -> SearchStrategy[str]:
    """Return times of RFC 3339; canonical ones as pressmark writes them."""
    first, last = datetime(1600, 1, 2), datetime(2999, 12, 30)  # noqa: DTZ001 - the offset is drawn apart
    if canonical:
        return st.datetimes(first, last).map(lambda moment: f"{moment.isoformat()}Z")
    fraction = st.just("") | st.from_regex(r"\.[0-9]{1,6}", fullmatch=True, alphabet=PLAIN)
    offset = st.just("Z") | st.from_regex(r"[+-]([01][0-9]|2[0-3]):[0-5][0-9]", fullmatch=True, alphabet=PLAIN)
    whole = st.datetimes(first, last).map(lambda moment: moment.isoformat(timespec="seconds"))
    return st.builds(lambda moment, part, shift: moment + part + shift, whole, fraction, offset)


def _defined(schema: Mapping[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    return {**(ARTICLE["$defs"][reference.rpartition("/")[2]] if reference else {}), **schema}


def values(schema: Mapping[str, Any], path: Path = (), *, canonical: bool = False) -> SearchStrategy[Any]:
    """Return values that a schema allows, as far as the contract's own keywords go."""
    definition = _defined(schema)
    if "enum" in definition:
        return st.sampled_from(definition["enum"])
    by_type: dict[str, Callable[[], SearchStrategy[Any]]] = {
        "array": lambda: st.lists(values(definition["items"], path, canonical=canonical), max_size=3),
        "object": lambda: _objects(definition, path, canonical=canonical),
        "integer": lambda: st.integers(definition["minimum"], definition["maximum"]),
        "boolean": st.booleans,
        "string": lambda: _strings(definition, path, canonical=canonical),
    }
    return by_type[definition["type"]]()


def _objects(definition: Mapping[str, Any], path: Path, *, canonical: bool) -> SearchStrategy[dict[str, Any]]:
    inner = {
        name: values(property_, (*path, name), canonical=canonical)
        for name, property_ in definition["properties"].items()
    }
    required = {name: inner[name] for name in definition.get("required", ())}
    return st.fixed_dictionaries(required, optional={name: inner[name] for name in inner if name not in required})


def _strings(definition: Mapping[str, Any], path: Path, *, canonical: bool) -> SearchStrategy[str]:
    if definition.get("format") == "date":
        return st.dates(date(1600, 1, 1), date(2999, 12, 31)).map(date.isoformat)
    if definition.get("format") == "date-time":
        return moments(canonical=canonical)
    longest = definition.get("maxLength", 10**6)
    if "pattern" in definition:
        drawn = st.from_regex(definition["pattern"], fullmatch=True, alphabet=CHARACTERS)
        return drawn.filter(lambda value: len(value) <= longest)
    characters = BREAKING_CHARACTERS if path in MAY_BREAK else CHARACTERS
    return st.text(characters, min_size=definition.get("minLength", 0), max_size=min(longest, 30))


@cache
def articles(*, canonical: bool = False) -> SearchStrategy[dict[str, Any]]:
    """Return valid articles with any of their fields; canonical ones have their times as pressmark writes them."""
    drawn: SearchStrategy[dict[str, Any]] = values(ARTICLE, canonical=canonical)
    return drawn


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every place of a JSON value with what stands there, the root first."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from places(inner, (*path, position))


def changed(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """Return a copy of a JSON value with one place changed."""
    if not path:
        return change(copy.deepcopy(value))
    result = copy.deepcopy(value)
    holder = result
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = change(holder[path[-1]])
    return result


ODD_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, 1.5, -0.0, 2**31 - 1, 2**31, 2**63, 10**30, 1e300, "", " ", "x", "1", [], {},
    [""], [None], [[]], {"": ""}, {"text": "x"}, [{"text": "x", "role": "aut"}],
]  # fmt: skip

ODD_STRINGS = [
    "2023-02-29", "2024-13-01", "2024-00-10", "2024-05-32", "0000-01-01", "1599-12-31", "3000-01-01", "2024-5-1",
    "24-05-01", "2024-05-01\n", "２０２４-05-01", "20240501", "2024-W18-3", "2024-05-01T00:00:00",
    "2024-05-01T00:00:60Z", "2016-12-31T23:59:60Z", "2024-05-01T24:00:00Z", "2024-05-01t00:00:00z",
    "2024-05-01 00:00:00Z", "2024-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "2024-05-01T00:00:00+24:00",
    "2024-05-01T00:00:00.1234567Z", "2024-05-01T00:00:00.Z", "2024-05-01T00:00:00,5Z", "2024-05-01T00:00:00-00:00",
    "2024-05-01T00:00Z", "2024-05-01T00:00:00Z\n", "2024-05-01T00:00:00+0000", "ko_CN", "KO", "k", "ko-cn", "ftp://h/",
    "http://", "http://a b", "http://a\u00a0b", "HTTP://a", "paper:", ":x", "paper:x y", "Paper:x", "paper:é", "A" * 64,
    "０" * 64, "a" * 63, "a" * 200, "a" * 201, "가" * 1000, "가" * 1001, "\U0001f3ee" * 200, "e\u0301" * 100,
]  # fmt: skip


def _wrong_value(draw: DrawFn, record: Any) -> Any:
    path, _ = draw(st.sampled_from(list(places(record))))
    return changed(record, path, lambda _: draw(st.sampled_from([*ODD_VALUES, *ODD_STRINGS])))


def _wrong_string(draw: DrawFn, record: Any) -> Any:
    found = [path for path, value in places(record) if isinstance(value, str)]
    suffix = draw(st.sampled_from(["\n", " ", "x", "é", "\u2028", "\ud800", "\x00", "\x85"]))
    return changed(record, draw(st.sampled_from(found)), lambda value: value + suffix) if found else record


def _key_too_many(draw: DrawFn, record: Any) -> Any:
    found = [path for path, value in places(record) if isinstance(value, dict)]
    key = draw(st.sampled_from(["titel", "Text", "text ", "", "$ref", "id", "name", "role", "label", "count", "where"]))
    value = draw(st.sampled_from(ODD_VALUES))
    return changed(record, draw(st.sampled_from(found)), lambda table: {**table, key: value}) if found else record


def _key_too_few(draw: DrawFn, record: Any) -> Any:
    found = [path for path, value in places(record) if isinstance(value, dict) and value]
    if not found:
        return record
    path = draw(st.sampled_from(found))

    def shortened(table: dict[str, Any]) -> dict[str, Any]:
        lost = draw(st.sampled_from(sorted(table)))
        return {key: value for key, value in table.items() if key != lost}

    return changed(record, path, shortened)


def _list_too_long(draw: DrawFn, record: Any) -> Any:
    found = [path for path, value in places(record) if isinstance(value, list) and value]
    times = draw(st.sampled_from([10, 50, 51, 101, 501]))
    return changed(record, draw(st.sampled_from(found)), lambda items: (items * times)[:502]) if found else record


@st.composite
def broken_articles(draw: DrawFn) -> Any:
    """Draw a record that was valid before one to three things happened to it; it may still be valid."""
    record: Any = draw(articles())
    accidents = [_wrong_value, _wrong_string, _key_too_many, _key_too_few, _list_too_long]
    for accident in draw(st.lists(st.sampled_from(accidents), min_size=1, max_size=3)):
        record = accident(draw, record)
    return record
