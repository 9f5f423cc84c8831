"""Records say what split they are in: a corpus that was split before keeps its splits."""

from typing import Any

import pyarrow.parquet as pq
import pytest

from pressmark import RecipeError, verify
from support import Corpus


@pytest.fixture
def split_before(corpus: Corpus) -> Corpus:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace("[splits]", '[splits]\nfrom = "field"'))
    return corpus


def splits(corpus: Corpus, line: str = "open") -> dict[str, str]:
    folder = corpus.results[-1].lines[line].folder
    return {
        row["id"]: path.parent.name
        for path in sorted(folder.glob("*/*/*.parquet"))
        for row in pq.read_table(path, columns=["id"]).to_pylist()
    }


def notes(corpus: Corpus) -> dict[str, list[Any]]:
    return {row["id"]: row["notes"] for row in corpus.ledger() if row.get("notes")}


def test_articles_are_in_the_splits_that_their_records_say(split_before: Corpus) -> None:
    records = [{"id": f"n{number}", "split": ("train", "test")[number % 2]} for number in range(40)]
    split_before.records(*records)
    split_before.build()
    found = splits(split_before)
    assert all(found[f"journal:{record['id']}"] == record["split"] for record in records)
    manifest = split_before.results[-1].lines["open"].manifest
    assert manifest["splits"]["from"] == "field"
    assert verify(split_before.results[-1].lines["open"].folder) == []
    assert notes(split_before) == {}


def test_a_record_that_says_nothing_is_given_a_split_by_the_shares(split_before: Corpus) -> None:
    plain = [{"id": f"n{number}"} for number in range(40)]
    split_before.records(*plain, {"id": "said", "split": "test"})
    split_before.build()
    counted = [split for identity, split in splits(split_before).items() if identity != "journal:said"]
    assert 0 < counted.count("test") < counted.count("train")


def test_a_split_that_only_records_name_has_no_share(split_before: Corpus) -> None:
    recipe = (split_before.folder / "corpus.toml").read_text(encoding="utf-8")
    split_before.write("corpus.toml", recipe.replace("test = 0.2", "test = 0.2\ngold = 0"))
    split_before.records({"id": "a", "split": "gold"}, {"id": "b"})
    split_before.build()
    assert [name for name, split in splits(split_before).items() if split == "gold"] == ["journal:a"]
    assert verify(split_before.results[-1].lines["open"].folder) == []


def test_a_split_that_the_recipe_does_not_have_refuses_the_record(split_before: Corpus) -> None:
    split_before.records({"id": "a", "split": "dev"}, {"id": "b"})
    split_before.build()
    assert split_before.codes()["records/a.jsonl:1"] == "unknown-split"


def test_a_split_in_a_record_is_an_unknown_field_where_the_recipe_does_not_ask_for_it(corpus: Corpus) -> None:
    corpus.records({"id": "a", "split": "train"}, {"id": "b", "split": 7})
    corpus.build()
    assert [corpus.codes()[f"records/a.jsonl:{line}"] for line in (1, 2)] == ["unknown-field", "invalid-record"]


def test_copies_that_say_different_splits_stay_together_and_are_told(split_before: Corpus) -> None:
    same = {"text": "One text in two splits."}
    split_before.records({"id": "a", "split": "train", **same}, {"id": "b", "split": "test", **same})
    split_before.build()
    found = splits(split_before)
    assert found["journal:a"] == "train"
    assert "journal:b" not in found
    assert notes(split_before) == {"journal:b": [["split-stays", "/split", "found test, is in train"]]}


def test_an_article_stays_where_it_was_released_whatever_its_record_says_later(split_before: Corpus) -> None:
    split_before.records({"id": "a", "split": "train"}, {"id": "b", "split": "test"})
    split_before.build()
    split_before.records({"id": "a", "split": "test"}, {"id": "b", "split": "test"}, {"id": "c", "split": "train"})
    split_before.build("1.1.0")
    found = splits(split_before)
    assert {name: found[f"journal:{name}"] for name in "abc"} == {"a": "train", "b": "test", "c": "train"}
    assert list(notes(split_before)) == ["journal:a"]
    assert verify(split_before.results[-1].lines["open"].folder) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("test = 0.2", "test = 0.2\ngold = 0"), "found a share of 0, which is for splits that records name"),
        (("[splits]", '[splits]\nfrom = "somewhere"'), "from"),
        (('format = "jsonl"', 'format = "jsonl"\nfields = { text = "t", split = "s" }'), "[splits] has from"),
    ],
)
def test_a_recipe_that_does_not_fit_is_refused(corpus: Corpus, change: tuple[str, str], said: str) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace(*change))
    with pytest.raises(RecipeError) as caught:
        corpus.build()
    assert any(said in str(finding) for finding in caught.value.faults)
