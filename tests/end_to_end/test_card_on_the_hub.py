"""What a card says to run does run, and what it says for the Hub is what the recipe says."""

import re
from pathlib import Path
from typing import Any

import datasets
import pytest
import yaml

from pressmark import BuildResult, verify
from pressmark.release.card import CARD
from support import Corpus
from test_verify import seal


def code_in(card: str, language: str) -> list[str]:
    return re.findall(f"(?ms)^```{language}\n(.*?)^```$", card)


def test_what_a_card_says_to_run_reads_the_release(
    example: BuildResult, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = example.lines["vault"].folder
    monkeypatch.chdir(folder.parent)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path))
    blocks = code_in((folder / CARD).read_text(encoding="utf-8"), "python")
    assert len(blocks) == 3
    rows = example.lines["vault"].manifest["configs"]["articles"]["splits"]
    counted = []
    for block in blocks:
        names: dict[str, Any] = {}
        exec(compile(block, CARD, "exec"), names)  # noqa: S102 - the card of our own example
        articles = names["articles"]
        if isinstance(articles, dict):
            assert {split: found.num_rows for split, found in articles.items()} == {
                split: entry["rows"] for split, entry in rows.items()
            }
        else:
            counted.append(len(articles.collect() if hasattr(articles, "collect") else articles.fetchall()))
    assert counted == [rows["train"]["rows"]] * 2


def test_a_card_for_the_hub_reads_by_the_tag_of_its_version(corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    for destination in ("public", "gated", "private"):
        stated = f'destination = "{destination}"\nrepo = "an-org/small-{destination}"\ndoi = "10.5555/small.1"'
        corpus.write("corpus.toml", recipe.replace('destination = "public"', stated))
        corpus.records({})
        folder = corpus.build(out=corpus.out / destination, line="open").lines["open"].folder
        card = (folder / CARD).read_text(encoding="utf-8")
        repo = f"an-org/small-{destination}"
        assert f'load_dataset("{repo}", "articles", revision="v1.0.0")' in card
        assert f"hf://datasets/{repo}@v1.0.0/data/train/*.parquet" in card
        assert f"https://huggingface.co/datasets/{repo}/resolve/v1.0.0/data/train/2020.parquet" in card
        assert (folder / "data/train/2020.parquet").is_file()
        assert f"- **Repository:** <https://huggingface.co/datasets/{repo}>\n" in card
        assert f"- **This version:** <https://huggingface.co/datasets/{repo}/tree/v1.0.0>\n" in card
        assert "- **DOI:** <https://doi.org/10.5555/small.1>\n" in card
        assert ("hf auth login" in card) == (destination != "public")


def test_what_the_recipe_says_for_the_hub_is_in_the_front_matter(corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    said = 'tags = ["korean-press"]\ntask_categories = ["text-generation"]\ntask_ids = ["language-modeling"]\n'
    corpus.write("corpus.toml", recipe.replace("[corpus]\n", f"[corpus]\n{said}"))
    corpus.records({}, {"language": "en-GB"})
    folder = corpus.build().lines["open"].folder
    stated = yaml.safe_load((folder / CARD).read_text(encoding="utf-8").split("\n---\n")[0])
    assert stated["tags"] == ["news", "pressmark", "korean-press"]
    assert (stated["task_categories"], stated["task_ids"]) == (["text-generation"], ["language-modeling"])
    assert (stated["language"], stated["language_details"]) == (["en", "ko"], ["en", "en-GB", "ko-CN"])
    assert (stated["multilinguality"], stated["source_datasets"]) == (["multilingual"], ["original"])
    assert verify(folder) == []
    for old in (
        "korean-press",
        "text-generation",
        "language-modeling",
        "- multilingual",
        "- original",
        "no-annotation",
    ):
        card = (folder / CARD).read_bytes()
        assert card.count(old.encode()) == 1
        (folder / CARD).write_bytes(card.replace(old.encode(), b"other"))
        seal(folder)
        assert {found.code for found in verify(folder)} == {"card-differs"}
        (folder / CARD).write_bytes(card)
