"""Records of other shapes by a mapping: each value arrives under its field, whatever its export made of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pressmark.article.dates import zone
from pressmark.findings import RefusedInputError
from pressmark.intake.draft import Draft
from pressmark.intake.mapped import column, named, number_as_words, read_mapped, value_at

LONDON = zone("Europe/London")


def read(record: dict[str, Any], constants: dict[str, Any] | None = None, /, **fields: str) -> Draft:
    """Read a record; of a nested field the name has two underscores."""
    mapping = {"text": "body", **{name.replace("__", "/"): pointer for name, pointer in fields.items()}}
    return read_mapped({"body": "Words.", **record}, mapping, constants or {}, LONDON, by_line=False)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("plain", 1),
        ("a/b", 2),
        ("/a~1b", 2),
        ("/m~0n", 3),
        ("/list/1/x", 4),
        ("/list/0", "first"),
        ("/list/2", None),
        ("/list/-1", None),
        ("/list/x", None),
        ("/plain/x", None),
        ("none", None),
        ("/none/x", None),
        ("/", 5),
    ],
)
def test_a_pointer_leads_to_a_value_or_to_nothing(pointer: str, value: Any) -> None:
    record = {"plain": 1, "a/b": 2, "m~n": 3, "list": ["first", {"x": 4}], "": 5}
    assert value_at(record, pointer) == value


def test_what_is_no_object_has_no_column() -> None:
    assert value_at(["a"], "a") is None
    assert [column("a/b"), column("/a~1b/0"), column("/list/1/x")] == ["a/b", "a/b", "list"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12, "12"),
        (12.0, "12"),
        (-3.0, "-3"),
        (12.5, 12.5),
        (2.0**53, "9007199254740992"),
        (2.0**60, 2.0**60),
        (True, True),
        ("012", "012"),
        (None, None),
    ],
)
def test_a_number_is_written_as_it_was_before_a_table_had_it(value: Any, expected: Any) -> None:
    found = number_as_words(value)
    assert (found, type(found)) == (expected, type(expected))


def test_values_of_one_stand_in_lists_and_as_numbers() -> None:
    found = read(
        {"key": 12.0, "head": ["Ferry out"], "link": ["https://quill.example/1"], "tags": ["Town", None, "", 7]},
        id="key",
        title="head",
        url="link",
        section="tags",
    )
    assert (found.own_id, found.fields["title"], found.fields["url"]) == ("12", "Ferry out", "https://quill.example/1")
    assert found.fields["section"] == ["Town", "7"]
    assert read({"tag": "Town"}, section="tag").fields["section"] == ["Town"]
    with pytest.raises(RefusedInputError, match="invalid-record") as refused:
        read({"key": ["a", "b"]}, id="key")
    assert refused.value.place == "/id"


def test_what_a_record_does_not_say_is_what_every_record_is() -> None:
    constants = {"language": "en", "section": "Town", "attribution": "The Quill"}
    empties: tuple[Any, ...] = (None, "", [])
    for empty in empties:
        assert read({"lang": empty}, constants, language="lang").fields["language"] == "en"
    found = read({"lang": "de"}, constants, language="lang").fields
    assert (found["language"], found["section"], found["attribution"]) == ("de", ["Town"], "The Quill")


def test_paragraphs_and_captions_may_be_lists() -> None:
    found = read({"body": ["One.", None, "", "Two."], "shown": ["A harbour.", {"text": "A boat."}]}, captions="shown")
    assert found.fields["text"] == "One.\n\nTwo."
    assert found.fields["captions"] == [{"text": "A harbour."}, {"text": "A boat."}]
    assert read({"body": [1, 2]}).fields["text"] == "1\n\n2"
    assert read({"body": [{"p": "One."}]}).fields["text"] == [{"p": "One."}]
    assert read({"shown": "A harbour."}, captions="shown").fields["captions"] == "A harbour."


def test_a_text_of_nothing_is_refused() -> None:
    with pytest.raises(RefusedInputError, match="empty-text"):
        read({"body": [" ", "\n"]})


def test_times_are_read_in_the_paper_s_zone() -> None:
    found = read({"on": "21 May 2024, 13:57", "edit": "2024-05-22 08:00", "got": 1716280200}, **TIMES).fields
    assert (found["published_at"], found["published_on"]) == ("2024-05-21T12:57:00Z", "2024-05-21")
    assert found["published_precision"] == "minute"
    assert found["modified_at"] == "2024-05-22T07:00:00Z"
    assert found["provenance"]["retrieved_at"] == "2024-05-21T08:30:00Z"
    assert read({"on": 1716280200.0}, **TIMES).fields["published_at"] == "2024-05-21T08:30:00Z"
    assert datetime(2024, 5, 21, 8, 30, tzinfo=UTC).timestamp() == 1716280200


TIMES = {"published_at": "on", "modified_at": "edit", "provenance__retrieved_at": "got"}


def test_a_day_is_no_time_of_a_change_and_that_is_told() -> None:
    found = read({"edit": "2024-05-22", "got": "2024-05-22 10:00 CST"}, **TIMES)
    assert [(code, place) for code, place, _ in found.notes] == [
        ("unclear-time", "/modified_at"),
        ("unclear-time", "/provenance/retrieved_at"),
    ]
    assert "modified_at" not in found.fields
    assert "retrieved_at" not in found.fields.get("provenance", {})


@pytest.mark.parametrize("name", ["published_at", "modified_at"])
def test_a_date_that_cannot_be_read_is_refused_with_its_field(name: str) -> None:
    with pytest.raises(RefusedInputError, match="bad-date") as refused:
        read({"when": "04/05/2024"}, **{name: "when"})
    assert refused.value.place == f"/{name}"
    assert "two ways" in refused.value.detail
    with pytest.raises(RefusedInputError, match="bad-date"):
        read({"when": {"year": 2024}}, **{name: "when"})


def by(value: Any) -> tuple[Any, str | None]:
    found = read({"by": value}, contributors="by").fields
    return found.get("contributors", []), found.get("provenance", {}).get("syndicated_from")


ADA, TOM = {"role": "aut", "name": "Ada Reedham"}, {"role": "aut", "name": "Tom Poe"}


@pytest.mark.parametrize(
    ("value", "people", "source"),
    [
        ("Ada Reedham and Tom Poe", [ADA, TOM], None),
        ("By Ada Reedham", [{**ADA, "label": "By"}], None),
        (["Ada Reedham", None, "", {"name": "Tom Poe", "@type": "Person"}], [ADA, TOM], None),
        ("Ada Reedham, Reuters", [ADA], "Reuters"),
        (["Ada Reedham, Reuters", "Tom Poe, Bloomberg"], [ADA, TOM], "Reuters"),
        (["Reuters"], [], "Reuters"),
        ([{"role": "edt", "name": "Ada Reedham"}], [{"role": "edt", "name": "Ada Reedham"}], None),
        ([{"role": "aut", "name": "Tom"}, "Ada Reedham"], [{"role": "aut", "name": "Tom"}, "Ada Reedham"], None),
        ([7], [7], None),
    ],
)
def test_a_byline_is_people_and_a_source(value: Any, people: Any, source: str | None) -> None:
    assert by(value) == (people, source)


def test_a_source_that_the_record_states_is_not_replaced_by_one_of_a_byline() -> None:
    found = read(
        {"by": "Ada Reedham, Reuters", "agency": "Northern Wire"},
        contributors="by",
        provenance__syndicated_from="agency",
    )
    assert found.fields["contributors"] == [ADA]
    assert found.fields["provenance"]["syndicated_from"] == "Northern Wire"


def test_a_person_of_whom_more_is_known_than_a_name_stays_as_stated() -> None:
    assert named({"name": "Ada", "type": "Person", "url": "https://quill.example/ada"}) == "Ada"
    for more in ({"name": "Ada", "role": "edt"}, {"name": 7}, {"url": "https://quill.example/ada"}, 7):
        assert named(more) == more
