"""Columns: what is derived from the contract is what the `datasets` library derives itself, and loses nothing."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.press import columns
from pressmark.press.columns import arrow_schema, as_record, card_features, described, features, file_metadata, table
from strategies import ARTICLE, articles, checked

CONFIGS = ("articles", "withheld")
CLOSED = {"text"}
"""Classes of fields that no withheld article has."""

SMALL: dict[str, Any] = {
    "id": "reed-gazette:1",
    "source": "reed-gazette",
    "language": "en",
    "derivation": "original",
    "text": "The lanterns went out at nine.",
    "rights_status": "unknown",
    "rights": {},
    "provenance": {"capture_sha256": "0" * 64, "extractor": "page/1"},
    "text_sha256": "1" * 64,
    "letters_sha256": "2" * 64,
    "characters": 30,
}


def carried(record: dict[str, Any], config: str) -> dict[str, Any]:
    """Return what a configuration carries of a record."""
    return {key: value for key, value in record.items() if key in columns.properties(config)}


@pytest.mark.parametrize("config", CONFIGS)
def test_features_are_those_that_datasets_derives_from_the_arrow_schema(config: str) -> None:
    from datasets import Features  # noqa: PLC0415 - slow to import, and for this test alone

    derived = Features.from_arrow_schema(arrow_schema(config))
    assert features(config) == derived.to_dict()
    assert card_features(config) == derived._to_yaml_list()


@pytest.mark.parametrize("config", CONFIGS)
def test_datasets_reads_the_features_of_the_card_back_as_the_same_columns(config: str) -> None:
    from datasets import Features  # noqa: PLC0415 - slow to import, and for this test alone

    read = Features._from_yaml_list(card_features(config))
    assert read == Features.from_dict(features(config))
    loose = pa.schema([pa.field(field.name, field.type) for field in arrow_schema(config)])
    assert read.arrow_schema.remove_metadata() == loose


@pytest.mark.parametrize("config", CONFIGS)
def test_the_file_says_the_features_to_datasets(config: str) -> None:
    said = json.loads(file_metadata(config, "reeds")["huggingface"])
    assert said == {"info": {"features": features(config)}}


def test_articles_have_every_field_of_the_contract_but_the_reason_for_withholding() -> None:
    assert set(arrow_schema("articles").names) == set(ARTICLE["properties"]) - {"withheld_because"}


def test_withheld_has_exactly_the_fields_of_open_classes() -> None:
    expected = [name for name, property_ in ARTICLE["properties"].items() if property_["x-class"] not in CLOSED]
    assert arrow_schema("withheld").names == expected
    assert "withheld_because" in expected


def test_withheld_has_no_column_with_the_text_and_may_have_the_headline_and_names_that_the_gate_opens() -> None:
    columns_of_withheld = set(arrow_schema("withheld").names)
    assert set(arrow_schema("articles").names) - columns_of_withheld == {"text", "subtitles", "captions"}
    assert columns_of_withheld > {"title", "contributors", "attribution"}


def test_headline_and_names_of_a_withheld_article_are_null_unless_they_are_given() -> None:
    shown, hidden = table([{**SMALL, "title": "Lanterns"}, SMALL], "withheld").to_pylist()
    assert [(row["title"], row["contributors"], row["attribution"]) for row in (shown, hidden)] == [
        ("Lanterns", None, None),
        (None, None, None),
    ]


@pytest.mark.parametrize("config", CONFIGS)
def test_what_the_contract_requires_is_not_nullable_and_nothing_else(config: str) -> None:
    strict = {field.name for field in arrow_schema(config) if not field.nullable}
    assert strict == set(ARTICLE["required"]) & set(arrow_schema(config).names)


@pytest.mark.parametrize("config", CONFIGS)
def test_columns_keep_the_order_of_the_contract(config: str) -> None:
    order = list(ARTICLE["properties"])
    assert arrow_schema(config).names == sorted(arrow_schema(config).names, key=order.index)


def test_columns_have_types_of_their_own() -> None:
    schema = arrow_schema("articles")
    evidence = schema.field("rights").type.field("evidence").type.value_type
    assert schema.field("published_on").type == pa.date32()
    assert schema.field("published_at").type == pa.timestamp("us", tz="UTC")
    assert schema.field("section").type.value_type == pa.string()
    assert schema.field("characters").type == pa.int32()
    assert schema.field("rights").type.field("reserved").type == pa.bool_()
    assert schema.field("rights").type.field("expires").type == pa.date32()
    assert schema.field("rights").type.field("embargoed_until").type == pa.date32()
    assert schema.field("rights").type.field("territories").type.value_type == pa.string()
    assert [field.name for field in evidence] == ["kind", "scope", "where", "quote", "sha256", "seen_on"]
    assert evidence.field("seen_on").type == pa.date32()
    assert schema.metadata is None


@pytest.mark.parametrize("config", CONFIGS)
def test_every_column_is_described_in_the_words_of_the_contract(config: str) -> None:
    found = {name: words for name, _, words in described(config)}
    assert found == {name: ARTICLE["properties"][name]["description"] for name in arrow_schema(config).names}


@checked(100)
@given(st.lists(articles(canonical=True), max_size=2), st.sampled_from(CONFIGS))
def test_records_come_back_from_a_table_as_they_went_in(records: list[dict[str, Any]], config: str) -> None:
    expected = [carried(record, config) for record in records]
    made = table(expected, config)
    assert made.schema == arrow_schema(config)
    assert as_record(made.to_pylist()) == expected


@checked(50)
@given(articles())
def test_times_come_back_in_utc(record: dict[str, Any]) -> None:
    (back,) = as_record(table([record], "articles").to_pylist())
    for name in ("published_at", "modified_at"):
        if name in record:
            assert back[name].endswith("Z")
            assert datetime.fromisoformat(back[name]) == datetime.fromisoformat(record[name])
        else:
            assert name not in back


def test_an_offset_is_worked_out_and_nothing_stays_of_it() -> None:
    (row,) = table([{**SMALL, "published_at": "2024-01-01T07:30:00.5+08:00"}], "articles").to_pylist()
    assert row["published_at"] == datetime(2023, 12, 31, 23, 30, 0, 500000, tzinfo=UTC)
    assert as_record(row)["published_at"] == "2023-12-31T23:30:00.500000Z"


def test_dates_may_be_dates_already() -> None:
    assert as_record({"a": date(2024, 2, 29), "b": [datetime(2024, 2, 29, tzinfo=UTC)], "c": None}) == {
        "a": "2024-02-29",
        "b": ["2024-02-29T00:00:00Z"],
    }


def test_a_table_of_nothing_has_all_columns() -> None:
    assert table([], "withheld") == arrow_schema("withheld").empty_table()


def test_a_field_that_the_configuration_lacks_is_not_in_its_table() -> None:
    made = table([{**SMALL, "title": "Lanterns"}], "withheld")
    assert "The lanterns went out" not in str(made.to_pylist())
    assert made.column_names == arrow_schema("withheld").names


@pytest.mark.parametrize("name", ["id", "text", "rights_status", "text_sha256", "letters_sha256"])
def test_a_row_without_what_the_contract_requires_makes_no_table(name: str) -> None:
    with pytest.raises(ValueError, match="null"):
        table([{key: value for key, value in SMALL.items() if key != name}], "articles")


@pytest.mark.parametrize(
    ("name", "value"),
    [("published_on", "2023-02-29"), ("published_at", "2024-05-01T00:00:00"), ("characters", 2**31), ("text", 1)],
)
def test_a_value_that_does_not_fit_its_column_makes_no_table(name: str, value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        table([{**SMALL, name: value}], "articles")
