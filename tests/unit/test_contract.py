"""The contract: two validators that agree, formats that are checked, schemas that explain themselves."""

import copy
import json
import re
import socket
from collections.abc import Iterator
from typing import Any, NoReturn

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressmark.article import contract as contract_module
from pressmark.article.contract import Contract, contract, prove_formats, schema_bytes, schema_folder
from pressmark.article.record import control_character
from pressmark.errors import BrokenInstallationError
from strategies import ODD_STRINGS, articles, broken_articles, changed, checked, places

SCHEMAS = ("article", "source", "corpus", "decision", "rights", "manifest", "tombstone", "versions")
CLASSES = {"metadata", "digest", "headline", "name", "text"}

FULL: dict[str, Any] = {
    "id": "reed-gazette:lantern-1",
    "url": "https://reed-gazette.example/town/1",
    "title": "Lanterns on the quay",
    "subtitles": ["Four hundred came", "Boats next year"],
    "contributors": [{"role": "rpt", "name": "Ilse Marrow", "label": "By"}, {"role": "pht", "name": "Oda Fenn"}],
    "source": "reed-gazette",
    "publisher": "Reed House",
    "edition": "Evening",
    "section": ["Town", "Quay"],
    "language": "ko-CN",
    "script": "Kore",
    "source_language": "zh-Hans-CN",
    "derivation": "translation",
    "published_on": "2024-02-29",
    "published_at": "2024-02-28T23:59:59.125Z",
    "published_precision": "second",
    "modified_at": "2024-03-01T08:00:00+08:00",
    "text": "The lanterns went out at nine.\n\n나루터의 등불은 아홉 시에 꺼졌다.",
    "captions": [{"image": "quay.jpg", "text": "The quay\nat dusk"}, {"text": "A boat"}],
    "license": "CC-BY-4.0",
    "rights_status": "open_license",
    "attribution": "Ilse Marrow, Reed Gazette",
    "rights": {
        "statement": "https://rightsstatements.example/vocab/1",
        "holders": ["Reed House"],
        "notice": "Reed House\nand Ilse Marrow",
        "basis": "The page says so.",
        "decided_by": "editor",
        "decided_on": "2025-01-01",
        "decided_for": "selection",
        "decided_as": "counsel",
        "covers": ["text", "original"],
        "needs": ["text", "original", "caption"],
        "outputs": ["headline", "name"],
        "visibility": "gated",
        "purposes": ["research"],
        "territories": ["KR", "CN"],
        "expires": "2030-12-31",
        "storage_basis": "EU-DSM-3",
        "conflicts": ["decisions-differ", "signal"],
        "reserved": False,
        "reservations": [{"signal": "tdmrep", "value": "1", "where": "https://reed-gazette.example/.well-known"}],
        "components": [
            {"component": "caption", "status": "all_rights_reserved", "license": "CC-BY-4.0", "holder": "Osier Wire"}
        ],
        "legal_flags": [{"code": "KR-CA-7(5)", "standing": "determined"}],
        "privacy": ["minor", "not_checked"],
        "embargoed_until": "2025-06-01",
        "evidence": [
            {
                "kind": "license_page",
                "scope": "text",
                "where": "foot",
                "quote": "CC BY 4.0",
                "sha256": "89abcdef01234567" * 4,
                "seen_on": "2024-12-31",
            }
        ],
    },
    "provenance": {
        "captured_from": "https://reed-gazette.example/town/1?print",
        "retrieved_at": "2024-03-02T00:00:00Z",
        "retrieved_by": "fetcher 2",
        "capture_sha256": "0123456789abcdef" * 4,
        "capture_media_type": "text/plain",
        "published_raw": "24-02-29 07:59",
        "syndicated_from": "Osier Wire",
        "extractor": "page/1",
        "steps": [{"step": "nfc", "count": 3}],
    },
    "withheld_because": "no-decision",
    "text_sha256": "fedcba9876543210" * 4,
    "letters_sha256": "76543210fedcba98" * 4,
    "characters": 51,
    "group_id": "0123456789abcdef",
    "added_in": 1,
    "changed_in": 2,
}
OBJECTS = [
    (),
    ("contributors", 0),
    ("captions", 0),
    ("rights",),
    ("rights", "reservations", 0),
    ("rights", "components", 0),
    ("rights", "legal_flags", 0),
    ("rights", "evidence", 0),
    ("provenance",),
    ("provenance", "steps", 0),
]
DATES = [
    ("published_on",),
    ("rights", "decided_on"),
    ("rights", "expires"),
    ("rights", "embargoed_until"),
    ("rights", "evidence", 0, "seen_on"),
]
MOMENTS = [("published_at",), ("modified_at",), ("provenance", "retrieved_at")]
BAD_DATES = [
    "2023-02-29", "2024-02-30", "2024-04-31", "2024-13-01", "2024-00-01", "2024-01-00", "2024-01-32", "0000-01-01",
    "1599-12-31", "3000-01-01", "2024-5-1", "24-05-01", "20240501", "2024-W18-3", "２０２４-05-01", "2024-05-01T00:00",
    " 2024-05-01", "2024-05-01 ", "",
]  # fmt: skip
BAD_MOMENTS = [
    "2023-02-29T00:00:00Z", "2024-05-01T00:00:60Z", "2016-12-31T23:59:60Z", "2024-05-01T24:00:00Z",
    "2024-05-01T23:60:00Z", "0000-01-01T00:00:00Z", "1599-12-31T23:59:59Z", "3000-01-01T00:00:00Z",
    "2024-05-01t00:00:00Z", "2024-05-01T00:00:00z", "2024-05-01 00:00:00Z", "2024-05-01T00:00Z", "2024-05-01T00:00:00",
    "2024-05-01", "2024-05-01T00:00:00+24:00", "2024-05-01T00:00:00+08:60", "2024-05-01T00:00:00+0800",
    "2024-05-01T00:00:00.Z", "2024-05-01T00:00:00.1234567Z", "2024-05-01T00:00:00,5Z", "",
]  # fmt: skip


def verdicts(record: Any) -> list[bool]:
    """Return the verdict, the reference's verdict, and whether there are no faults."""
    article = contract("article")
    return [article.holds(record), article.reference_holds(record), not article.faults(record)]


def at(record: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        record = record[step]
    return record


def refuse(*_: Any, **__: Any) -> NoReturn:
    raise AssertionError("a connection was asked for")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every way to a connection raise."""
    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


def subschemas(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema that a value is held against, with its place; conditions (`if`) only choose."""
    yield path, schema
    for keyword in ("properties", "$defs"):
        for name, inner in schema.get(keyword, {}).items():
            yield from subschemas(inner, f"{path}/{keyword}/{name}")
    for keyword in ("items", "additionalProperties", "then", "else"):
        if isinstance(schema.get(keyword), dict):
            yield from subschemas(schema[keyword], f"{path}/{keyword}")
    for keyword in ("allOf", "anyOf", "oneOf"):
        for position, inner in enumerate(schema.get(keyword, ())):
            yield from subschemas(inner, f"{path}/{keyword}/{position}")


def narrows(path: str) -> bool:
    """Tell whether a schema is a branch of another, which speaks of the same value and says only what is narrower."""
    return bool(re.search("/(then|else|(allOf|anyOf|oneOf)/[0-9]+)$", path))


def undescribed(schema: dict[str, Any]) -> list[str]:
    return [
        f"{path}/properties/{name}"
        for path, inner in subschemas(schema)
        if not narrows(path)
        for name, property_ in inner.get("properties", {}).items()
        if not property_.get("description", "").strip()
    ]


def left_open(schema: dict[str, Any]) -> list[str]:
    """Return the places of objects that may have any key."""
    return [
        path
        for path, inner in subschemas(schema)
        if not narrows(path)
        and (inner.get("type") == "object" or "properties" in inner)
        and False not in (inner.get("unevaluatedProperties"), inner.get("additionalProperties"))
        and not (isinstance(inner.get("additionalProperties"), dict) and names_are_bound(inner))
    ]


def names_are_bound(inner: dict[str, Any]) -> bool:
    return "properties" not in inner or "pattern" in inner.get("propertyNames", {})


def read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(schema_bytes(f"{name}.schema.json"))
    return schema


def test_an_article_with_every_field_is_valid() -> None:
    assert set(FULL) == set(read("article")["properties"])
    assert verdicts(FULL) == [True, True, True]


@pytest.mark.parametrize("path", [path for path in OBJECTS if path], ids=str)
def test_the_full_article_has_every_nested_field_too(path: tuple[Any, ...]) -> None:
    property_ = read("article")["properties"][path[0]]
    for step in path[1:]:
        property_ = property_["items"] if isinstance(step, int) else property_["properties"][step]
    property_ = property_.get("items", property_)
    assert set(at(FULL, path)) == set(property_["properties"])


@checked(120)
@given(articles())
def test_every_record_of_the_contracts_own_making_is_valid(record: dict[str, Any]) -> None:
    assert control_character(record) is None
    assert verdicts(record) == [True, True, True]


@checked(200)
@given(broken_articles())
def test_both_validators_give_the_same_verdict_on_broken_records(record: Any) -> None:
    if control_character(record) is None:
        found = verdicts(record)
        assert found == [found[0]] * 3, record


@checked(100)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_what_is_no_record_at_all_is_invalid_for_both(value: Any) -> None:
    if control_character({"value": value}) is None:
        assert verdicts(value) == [False, False, False]


@pytest.mark.parametrize("path", DATES, ids=str)
@pytest.mark.parametrize("value", BAD_DATES)
def test_dates_that_do_not_exist_or_are_written_otherwise_are_invalid(path: tuple[str, ...], value: str) -> None:
    assert verdicts(changed(FULL, path, lambda _: value)) == [False, False, False]


@pytest.mark.parametrize("path", MOMENTS, ids=str)
@pytest.mark.parametrize("value", BAD_MOMENTS)
def test_moments_that_do_not_exist_or_are_written_otherwise_are_invalid(path: tuple[str, ...], value: str) -> None:
    assert verdicts(changed(FULL, path, lambda _: value)) == [False, False, False]


@pytest.mark.parametrize("value", ["1600-01-01", "2999-12-31", "2000-02-29"])
def test_dates_within_the_window_are_valid(value: str) -> None:
    assert verdicts({**FULL, "published_on": value}) == [True, True, True]


@pytest.mark.parametrize(
    "value",
    ["1600-01-01T00:00:00Z", "2999-12-31T23:59:59.999999+23:59", "2024-02-29T00:00:00.1-00:00"],
)
def test_moments_within_the_window_are_valid(value: str) -> None:
    assert verdicts({**FULL, "published_at": value}) == [True, True, True]


@pytest.mark.parametrize("value", ODD_STRINGS)
def test_odd_strings_have_one_verdict_in_every_place(value: str) -> None:
    for path in [*DATES, *MOMENTS, ("id",), ("url",), ("language",), ("script",), ("license",), ("text_sha256",)]:
        record = changed(FULL, path, lambda _: value)
        if control_character(record) is None:
            found = verdicts(record)
            assert found == [found[0]] * 3, path


@pytest.mark.parametrize("path", OBJECTS, ids=str)
def test_a_key_too_many_is_invalid_at_every_depth(path: tuple[Any, ...]) -> None:
    record = changed(FULL, path, lambda table: {**table, "comment": "x"})
    assert verdicts(record) == [False, False, False]
    (fault,) = contract("article").faults(record)
    assert (fault.kind, fault.found) == ("unknown-key", "comment")
    assert fault.pointer == "".join(f"/{step}" for step in [*path, "comment"])


@pytest.mark.parametrize(
    ("path", "key"),
    [
        *(((), key) for key in read("article")["required"]),
        (("contributors", 0), "role"),
        (("contributors", 0), "name"),
        (("captions", 0), "text"),
        (("rights", "reservations", 0), "signal"),
        (("rights", "reservations", 0), "value"),
        (("rights", "components", 0), "component"),
        (("rights", "legal_flags", 0), "code"),
        (("rights", "legal_flags", 0), "standing"),
        (("rights", "evidence", 0), "kind"),
        (("rights", "evidence", 0), "scope"),
        (("rights", "evidence", 0), "where"),
        (("provenance",), "capture_sha256"),
        (("provenance",), "extractor"),
        (("provenance", "steps", 0), "step"),
        (("provenance", "steps", 0), "count"),
    ],
    ids=str,
)
def test_a_key_too_few_is_invalid_at_every_depth(path: tuple[Any, ...], key: str) -> None:
    record = changed(FULL, path, lambda table: {name: value for name, value in table.items() if name != key})
    assert verdicts(record) == [False, False, False]
    (fault,) = contract("article").faults(record)
    assert (fault.kind, fault.found, fault.path) == ("missing-key", key, path)


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("value", [None, True, 1.5, {}, "\u2029"], ids=repr)
def test_values_of_the_wrong_type_are_invalid_in_every_field(name: str, value: Any) -> None:
    fits = (name == "rights" and value == {}) or (
        isinstance(value, str) and name in ("title", "publisher", "edition", "text", "attribution")
    )
    assert verdicts({**FULL, name: value}) == [fits] * 3


def test_a_line_end_at_the_end_divides_the_validators_so_the_door_refuses_it_before_them() -> None:
    record = {**FULL, "language": "ko-CN\n"}
    assert contract("article").holds(record) is False
    assert contract("article").reference_holds(record) is True
    assert control_character(record) == "language: U+000A"


@pytest.mark.parametrize("path", [("text",), ("captions", 0, "text"), ("rights", "notice")], ids=str)
def test_where_lines_may_end_both_validators_allow_a_line_end_at_the_end(path: tuple[Any, ...]) -> None:
    record = changed(FULL, path, lambda value: value + "\n\t")
    assert control_character(record) is None
    assert verdicts(record) == [True, True, True]


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("title",), "a\nb", "title: U+000A"),
        (("title",), "a\tb", "title: U+0009"),
        (("subtitles", 1), "a\x7f", "subtitles: U+007F"),
        (("text",), "a\rb", "text: U+000D"),
        (("text",), "a\x85b", "text: U+0085"),
        (("captions", 0, "image"), "a\n", "captions.image: U+000A"),
        (("rights", "evidence", 0, "quote"), "a\x00", "rights.evidence.quote: U+0000"),
        (("provenance", "published_raw"), "\ud800", "provenance.published_raw: U+D800"),
    ],
)
def test_control_characters_are_named_with_their_place(path: tuple[Any, ...], value: str, place: str) -> None:
    assert control_character(changed(FULL, path, lambda _: value)) == place


@checked(50)
@given(articles(), st.sampled_from(["\x00", "\x1f", "\x7f", "\x9f", "\ud800", "\udfff"]), st.data())
def test_a_control_character_is_found_wherever_it_stands(record: Any, character: str, data: st.DataObject) -> None:
    found = [path for path, value in places(record) if isinstance(value, str)]
    path = data.draw(st.sampled_from(found))
    assert control_character(changed(record, path, lambda value: value + character)) is not None


@pytest.mark.parametrize(
    "reference",
    [
        "http://schemas.invalid/article.json",
        "https://schemas.invalid/article.json#/$defs/line",
        "file:///etc/passwd",
        "article.schema.json",
        "/article.schema.json",
        "../schema/article.schema.json#/$defs/line",
        "urn:pressmark:schema:article:1",
        "",
    ],
)
@pytest.mark.parametrize("place", ["root", "property", "branch", "definition"])
def test_a_schema_that_refers_outside_itself_is_refused_without_a_connection(
    offline: None, reference: str, place: str
) -> None:
    inner = {"$ref": reference}
    schemas: dict[str, dict[str, Any]] = {
        "root": {"$ref": reference},
        "property": {"properties": {"a": {"items": inner}}},
        "branch": {"allOf": [{}, {"anyOf": [inner]}]},
        "definition": {"$defs": {"a": inner}},
    }
    with pytest.raises(BrokenInstallationError, match="outside itself"):
        Contract(schemas[place])


@pytest.mark.parametrize("keyword", ["$dynamicRef", "$ref"])
def test_no_keyword_that_refers_outside_leads_to_a_connection(offline: None, keyword: str) -> None:
    with pytest.raises((BrokenInstallationError, jsonschema_rs.ValidationError)):
        Contract({"properties": {"a": {keyword: "http://schemas.invalid/a"}}})


def test_a_reference_within_the_schema_is_followed(offline: None) -> None:
    own = Contract({"$defs": {"a": {"const": 1}}, "properties": {"b": {"$ref": "#/$defs/a"}}})
    assert [own.holds({"b": 1}), own.reference_holds({"b": 1})] == [True, True]
    assert [own.holds({"b": 2}), own.reference_holds({"b": 2})] == [False, False]


def test_the_contract_validates_without_a_connection(offline: None) -> None:
    fresh = Contract(read("article"))
    assert [fresh.holds(FULL), fresh.reference_holds(FULL), fresh.faults(FULL)] == [True, True, []]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("published_on", "2.1.2020", "a day such as 2026-01-31"),
        ("published_on", "2020-02-30", "a day such as 2026-01-31; 2020-02 has no day 30"),
        ("published_at", "2020-02-30T10:00:00Z", "a moment such as 2026-01-31T13:57:16+08:00; 2020-02 has no day 30"),
        ("published_at", "noon", "a moment such as 2026-01-31T13:57:16+08:00"),
    ],
)
def test_a_date_that_is_none_is_told_once_with_the_form_of_dates(key: str, value: str, expected: str) -> None:
    found = [fault for fault in contract("article").faults({**FULL, key: value}) if fault.path == (key,)]
    assert [(fault.kind, fault.expected) for fault in found] == [("bad-value", expected)]


@pytest.fixture
def _unproven() -> Iterator[None]:
    """Let the proof be given again, and once more after the test."""
    prove_formats.cache_clear()
    yield
    prove_formats.cache_clear()


@pytest.mark.usefixtures("_unproven")
def test_formats_are_proven_to_be_checked() -> None:
    prove_formats()


@pytest.mark.usefixtures("_unproven")
@pytest.mark.parametrize("left", [["date"], ["date-time"], []], ids=str)
def test_a_reference_that_lacks_a_format_is_a_broken_installation(
    left: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contract_module, "FormatChecker", lambda _: jsonschema.FormatChecker(left))
    with pytest.raises(BrokenInstallationError, match="do not check the format") as caught:
        prove_formats()
    assert "rfc3339-validator" in caught.value.advice


@pytest.mark.usefixtures("_unproven")
def test_a_verdict_without_formats_is_a_broken_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    real = jsonschema_rs.Draft202012Validator

    def lax(schema: Any, **options: Any) -> Any:
        return real(schema, **{**options, "validate_formats": False})

    monkeypatch.setattr(jsonschema_rs, "Draft202012Validator", lax)
    with pytest.raises(BrokenInstallationError, match="do not check the format date"):
        prove_formats()


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_valid_draft_2020_12(name: str) -> None:
    schema = read(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:pressmark:schema:{name}:1"
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_has_a_description(name: str) -> None:
    assert undescribed(read(name)) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_object_is_closed_but_decisions_which_have_a_schema_of_their_own(name: str) -> None:
    decisions = {
        "source": ["/properties/rights/properties/decisions/items"],
        "rights": ["/properties/decisions/items"],
    }
    assert left_open(read(name)) == decisions.get(name, [])


@pytest.mark.parametrize("name", SCHEMAS)
def test_branches_of_a_schema_speak_only_of_what_the_schema_itself_knows(name: str) -> None:
    schema = read(name)
    known = dict(subschemas(schema))
    for path, inner in known.items():
        if narrows(path):
            holder = path
            while narrows(holder):
                holder = re.sub("/(then|else|(allOf|anyOf|oneOf)/[0-9]+)$", "", holder)
            named = {*inner.get("properties", ()), *inner.get("required", ())}
            assert named <= set(known[holder]["properties"]), path
            assert known[holder]["unevaluatedProperties"] is False


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_is_known_to_what_it_requires(name: str) -> None:
    for path, inner in subschemas(read(name)):
        if "properties" in inner:
            assert set(inner.get("required", ())) <= set(inner["properties"]), path


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_pattern_holds_for_the_whole_value(name: str) -> None:
    found = [inner["pattern"] for _, inner in subschemas(read(name)) if "pattern" in inner]
    assert found or name == "rights"
    for pattern in found:
        assert pattern.startswith("^"), pattern
        assert pattern.endswith("$") or pattern == "^[^/~]", pattern
        re.compile(pattern)


def test_the_guards_see_a_schema_that_is_open_or_silent() -> None:
    schema = read("article")
    silent, opened = copy.deepcopy(schema), copy.deepcopy(schema)
    del silent["properties"]["rights"]["properties"]["evidence"]["items"]["properties"]["quote"]["description"]
    del opened["properties"]["rights"]["properties"]["evidence"]["items"]["unevaluatedProperties"]
    assert undescribed(silent) == ["/properties/rights/properties/evidence/items/properties/quote"]
    assert left_open(opened) == ["/properties/rights/properties/evidence/items"]
    assert left_open({"type": "object"}) == [""]
    assert [narrows(path) for path in ("", "/allOf/1/then", "/anyOf/0", "/properties/then/items")] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("name", read("article")["properties"])
def test_every_field_of_an_article_has_a_known_class(name: str) -> None:
    assert read("article")["properties"][name].get("x-class") in CLASSES


def test_no_other_schema_lies_in_the_folder() -> None:
    found = {path.name.removesuffix(".schema.json") for path in schema_folder().iterdir()}
    assert found == {*SCHEMAS, "rights-policy.json"}


@pytest.mark.parametrize(
    ("record", "pointers"),
    [
        ({**FULL, "a/b~c": 1}, ["/a~1b~0c"]),
        ({**FULL, "section": ["x", "", "y" * 61]}, ["/section/1", "/section/2"]),
        ({**FULL, "title": 1, "text": 2}, ["/text", "/title"]),
    ],
)
def test_every_fault_is_found_and_pointed_to(record: Any, pointers: list[str]) -> None:
    assert [fault.pointer for fault in contract("article").faults(record)] == pointers


def test_every_missing_key_is_a_fault_of_its_own() -> None:
    faults = contract("article").faults({})
    assert {fault.found for fault in faults} == set(read("article")["required"])
    assert {fault.kind for fault in faults} == {"missing-key"}


@checked(50)
@given(st.sampled_from(sorted(FULL)), st.integers(min_value=0, max_value=2**70))
@example("characters", 0)
@example("characters", 2**31 - 1)
@example("characters", 2**31)
@example("added_in", 2**64)
def test_whole_numbers_are_valid_only_where_the_contract_counts(name: str, number: int) -> None:
    counts = name in ("characters", "added_in", "changed_in") and 1 <= number < 2**31
    assert verdicts({**FULL, name: number}) == [counts] * 3
