"""What a release says about its publications: enough to read copies with, and nothing of rights."""

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mutants import edit_json
from pressmark import BuildResult, verify
from pressmark.article.rights import SourceRights
from pressmark.errors import UsageError
from pressmark.press.publications import public_part, read_publication, write_publications
from pressmark.recipe import read_recipe
from pressmark.sources import source_from
from support import ROOT, Corpus

EXAMPLE = ROOT / "corpus" / "three-papers"
RECIPES = sorted((ROOT / "corpus").glob("*/corpus.toml"))


def words(value: Any) -> set[str]:
    """Return keys and strings of a value of TOML or JSON."""
    if isinstance(value, dict):
        return set(value) | {word for inner in value.values() for word in words(inner)}
    if isinstance(value, list | tuple):
        return {word for inner in value for word in words(inner)}
    return {value} if isinstance(value, str) else set()


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.parent.name)
def test_a_source_comes_back_without_its_rights(path: Path, tmp_path: Path) -> None:
    recipe = read_recipe(path)
    write_publications(tmp_path, recipe, recipe.sources)
    for name, source in recipe.sources.items():
        found = read_publication(tmp_path, name)
        assert found.source == replace(source, rights=SourceRights())
        assert found.input_bytes == recipe.input_bytes
        declared = {(each.format, each.encoding, each.paragraphs) for each in recipe.inputs if each.source == name}
        assert {(way.format, way.encoding, way.paragraphs) for way in found.inputs} >= declared


def test_what_stands_between_values_is_said_where_it_is_no_comma(corpus: Corpus, tmp_path: Path) -> None:
    head = (corpus.folder / "corpus.toml").read_text(encoding="utf-8").partition("[[input]]")[0]
    entry = '[[input]]\nfiles = "r/*"\nformat = "csv"\nsource = "journal"\ndelimiter = ";"\n'
    corpus.write("corpus.toml", head + entry)
    corpus.write("r/a.csv", 'id;title;text\n1;A ferry;"One, two; three."\n')
    folder = corpus.build().lines["vault"].folder
    assert verify(folder) == []
    assert {way.delimiter for way in read_publication(folder, "journal").inputs} == {";"}
    for number, wrong in enumerate(({"delimiter": ","}, {"format": "tsv"}, {"delimiter": "x"})):
        copied = tmp_path / str(number)
        shutil.copytree(folder, copied)
        edit_json(copied, "sources/journal.json", partial(update_input, wrong))
        assert "described-differs" in {finding.code for finding in verify(copied)}, wrong


def update_input(change: dict[str, str], whole: dict[str, Any]) -> None:
    whole["inputs"][0].update(change)


def test_no_word_of_the_rights_is_in_it(example: BuildResult) -> None:
    import tomllib  # noqa: PLC0415 - the source as somebody wrote it

    for line in example.lines.values():
        for path in sorted((line.folder / "sources").iterdir()):
            written = tomllib.loads((EXAMPLE / "sources" / f"{path.stem}.toml").read_text(encoding="utf-8"))
            rights = words(written.pop("rights"))
            shown = json.loads(path.read_bytes())
            assert words(shown).isdisjoint(rights - words(written))
            assert "rights" not in words(shown)


def test_bytes_are_plain_and_the_same_each_time(example: BuildResult, tmp_path: Path) -> None:
    recipe = read_recipe(EXAMPLE)
    write_publications(tmp_path, recipe, sorted(recipe.sources, reverse=True))
    for name in recipe.sources:
        data = (tmp_path / "sources" / f"{name}.json").read_bytes()
        assert data == (example.lines["open"].folder / "sources" / f"{name}.json").read_bytes()
        assert data.decode() == json.dumps(json.loads(data), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def test_a_source_whose_articles_may_not_be_mentioned_is_not_mentioned(corpus: Corpus) -> None:
    """An embargo removes even metadata: that a publication is in the corpus is one."""
    journal = (corpus.folder / "sources/journal.toml").read_text(encoding="utf-8")
    corpus.write("sources/journal.toml", journal)
    corpus.records({"rights": {"embargoed_until": "2099-01-01"}})
    line = corpus.build().lines["open"]
    assert line.counts["embargoed"] == 1
    assert [path.name for path in (line.folder / "sources").iterdir()] == ["paper.json"]


def described() -> dict[str, Any]:
    recipe = read_recipe(EXAMPLE)
    chosen = {"format": "page", "encoding": "auto", "paragraphs": "blank-line", "shape": "pressmark"}
    declared: dict[str, Any] = {**chosen, "fields": {}, "constants": {}}
    return {"source": public_part(recipe.sources["yupo-sinmun-ko"]), "inputs": [declared], "input_bytes": 1000}


BROKEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a list": lambda whole: [whole],
    "no inputs": lambda whole: whole.pop("inputs"),
    "one key more": lambda whole: whole.update(more=1),
    "a source that is a list": lambda whole: whole.update(source=[]),
    "no title": lambda whole: whole["source"].pop("title"),
    "an unknown key": lambda whole: whole["source"].update(titel="x"),
    "rights": lambda whole: whole["source"].update(rights={"status": "public_domain"}),
    "no such zone": lambda whole: whole["source"].update(timezone="Europe/Nowhere"),
    "no pattern": lambda whole: whole["source"]["layout"]["anchors"][0].update(pattern="("),
    "no group": lambda whole: whole["source"]["layout"]["anchors"][3].update(pattern="x"),
    "no timestamp": lambda whole: whole["source"]["layout"]["anchors"].pop(3),
    "no bullet": lambda whole: whole["source"]["layout"].update(bullet="["),
    "no layout": lambda whole: whole["source"].pop("layout"),
    "inputs of another kind": lambda whole: whole.update(inputs="page"),
    "inputs that are none": lambda whole: whole.update(inputs=[]),
    "an unknown format": lambda whole: whole["inputs"][0].update(format="epub"),
    "an unknown shape": lambda whole: whole["inputs"][0].update(shape="mine"),
    "an unknown delimiter": lambda whole: whole["inputs"][0].update(delimiter="x"),
    "a mapping to no field": lambda whole: whole["inputs"][0].update(fields={"body": "/x"}),
    "a mapping of numbers": lambda whole: whole["inputs"][0].update(fields={"text": 1}),
    "constants that are a list": lambda whole: whole["inputs"][0].update(constants=["x"]),
    "an unknown encoding": lambda whole: whole["inputs"][0].update(encoding="hex"),
    "an encoding that is a list": lambda whole: whole["inputs"][0].update(encoding=["auto"]),
    "files of its own": lambda whole: whole["inputs"][0].update(files="/etc/*"),
    "no limit": lambda whole: whole.update(input_bytes=0),
    "a limit above all": lambda whole: whole.update(input_bytes=10**12),
    "a limit that is none": lambda whole: whole.update(input_bytes=True),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_used_is_named(name: str, tmp_path: Path) -> None:
    whole = copy.deepcopy(described())
    changed = BROKEN[name](whole)
    refused(json.dumps(changed if isinstance(changed, list) and name == "a list" else whole).encode(), tmp_path)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000, b'{"source": "\\ud800"}', b"NaN", b"null"])
def test_a_file_that_is_no_json_is_named(data: bytes, tmp_path: Path) -> None:
    refused(data, tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"paper\.json does not say how to read copies"):
        read_publication(tmp_path, "paper")


def refused(data: bytes, folder: Path) -> None:
    (folder / "sources").mkdir()
    (folder / "sources" / "paper.json").write_bytes(data)
    with pytest.raises(UsageError, match=r"paper\.json does not say how to read copies"):
        read_publication(folder, "paper")


def test_what_is_whole_is_read(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "paper.json").write_text(json.dumps(described()), encoding="utf-8")
    assert read_publication(tmp_path, "paper").source == source_from("paper", described()["source"])
