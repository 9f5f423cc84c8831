"""`croissant.json` and `CITATION.cff`: what they say is true, and the tools that they are for read them."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest
import tomli_w
import yaml
from huggingface_hub.constants import HUGGINGFACE_CO_URL_HOME
from hypothesis import given
from hypothesis import strategies as st

from hub_cases import WAITS
from hub_client import patient_client
from mutants import retell, seal, thinned
from pressmark import BuildResult, RecipeError, verify
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving
from pressmark.hub.publish import publish
from pressmark.press.citation import quoted
from pressmark.press.rights import HUB_LICENSES
from support import AS_OF, Corpus
from version_cases import record, records_alone

REPO = "org/small"
PEOPLE: list[dict[str, str]] = [
    {"name": "김유신", "family_names": "김", "given_names": "유신", "orcid": "0000-0002-1825-0097"},
    {"name": "The {Border} Press & Sons"},
    {"name": "Oda", "family_names": "Oda"},
]

READ = """
import io, json, logging, sys
from pathlib import Path
import pyarrow.parquet as pq
from absl import logging as absl

told = io.StringIO()
absl.get_absl_logger().addHandler(logging.StreamHandler(told))
absl.set_verbosity(absl.WARNING)

import mlcroissant

folder, shown = sys.argv[1:]
corpus = mlcroissant.Dataset(f"{folder}/croissant.json")

def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    if hasattr(value, "isoformat"):
        return value.isoformat().removesuffix("T00:00:00")
    return value.item() if hasattr(value, "item") else value

def same(key, value, row, place):
    # A record has its structs as fields by their full names, and those within a struct beside the struct.
    found = row
    for step in key.removeprefix(place + "/").split("/"):
        found = found.get(step) if found else None
    if isinstance(value, dict):
        return all(same(inner, each, row, place) for inner, each in value.items())
    if isinstance(value, list) and value and isinstance(value[0], dict):
        if found is None:
            return value == [dict.fromkeys(value[0])]
        return [{name.rsplit("/", 1)[1]: plain(each) for name, each in one.items()} for one in value] == [
            {name: plain(each) for name, each in one.items()} for one in found
        ]
    if isinstance(value, list):
        return list(map(plain, value)) == found
    return plain(value) == plain(found)

counts, wrong = {}, []
for each in corpus.metadata.record_sets:
    place = each.uuid
    config, split = place.split("/")
    rows = {}
    root = "data" if config == "articles" else config
    for path in sorted(Path(folder).glob(f"{root}/{split}/*")):
        rows |= {row["id"]: row for row in pq.read_table(path, partitioning=None).to_pylist()}
    records = list(corpus.records(place))
    counts[place] = len(records)
    for record in records:
        row = rows.pop(record[f"{place}/id"].decode())
        wrong += [f"{row['id']} {key}" for key, value in record.items() if not same(key, value, row, place)]
        columns = {key.removeprefix(place + "/").split("/")[0] for key in record}
        wrong += [f"{row['id']} lacks {name}" for name in row.keys() - columns]
    wrong += list(rows)
issues = corpus.metadata.ctx.issues
print(json.dumps({
    "counts": counts, "wrong": wrong, "errors": sorted(issues.errors), "warnings": sorted(issues.warnings),
    "logged": told.getvalue(), "title": corpus.metadata.name, "version": corpus.metadata.version,
    "authors": [each.name for each in corpus.metadata.creators],
}))
"""


FETCH = """
import sys
from huggingface_hub import snapshot_download
print(snapshot_download(sys.argv[1], repo_type="dataset", revision="v1.0.0"))
"""


def read_by_mlcroissant(folder: Path, home: Path) -> dict[str, Any]:
    """Validate a release with Croissant's own library and load every record, in a process without a network."""
    environment = {**os.environ, "CROISSANT_CACHE": str(home / "croissant"), "HF_HUB_OFFLINE": "1"}
    environment |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "-c", READ, str(folder), "x"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def croissant_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "croissant.json").read_bytes())
    return found


def citation_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "CITATION.cff").read_bytes())
    return found


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return found


def files_in(described: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in described["distribution"] if each["@type"] == "cr:FileObject"]


def with_recipe(corpus: Corpus, *, line: dict[str, Any] | None = None, **changes: Any) -> None:
    """Change the recipe: keys of [corpus], and of the public line."""
    recipe = tomllib.loads((corpus.folder / "corpus.toml").read_text(encoding="utf-8"))
    recipe["corpus"] |= changes
    recipe["releases"]["open"] |= line or {}
    corpus.write("corpus.toml", tomli_w.dumps(recipe))


# What the files say


@pytest.mark.parametrize("line", ["open", "vault"])
def test_mlcroissant_validates_a_release_and_loads_every_record(
    line: str, example: BuildResult, tmp_path: Path
) -> None:
    folder = example.lines[line].folder
    found = read_by_mlcroissant(folder, tmp_path)
    assert {key: found[key] for key in ("errors", "warnings", "logged", "wrong")} == {
        "errors": [],
        "warnings": [],
        "logged": "",
        "wrong": [],
    }
    expected = {
        f"{config}/{split}": part["rows"]
        for config, each in manifest_of(folder)["configs"].items()
        for split, part in each["splits"].items()
    }
    assert found["counts"] == expected
    assert (found["title"], found["version"]) == ("Three invented papers", "1.0.0")


def test_files_are_described_as_they_are(example: BuildResult) -> None:
    for line in example.lines.values():
        described = croissant_of(line.folder)
        shards = sorted(path.relative_to(line.folder).as_posix() for path in line.folder.rglob("*.parquet"))
        assert [each["@id"] for each in files_in(described)] == shards
        for each in files_in(described):
            data = (line.folder / each["@id"]).read_bytes()
            assert each["sha256"] == hashlib.sha256(data).hexdigest()
            assert each["contentSize"] == f"{len(data)} B"
            # The recipe names no repository: files are beside croissant.json, and no address is made up.
            assert each["contentUrl"] == each["@id"]
        assert "https://huggingface.co" not in json.dumps(described)


def test_fields_are_the_columns_of_the_files(example: BuildResult) -> None:
    folder = example.lines["open"].folder
    for each in croissant_of(folder)["recordSet"]:
        config, split = each["@id"].split("/")
        root = "data" if config == "articles" else "withheld"
        schema = pq.read_schema(next((folder / root / split).glob("*.parquet")))
        assert [field["name"] for field in each["field"]] == schema.names
        for field, column in zip(each["field"], schema, strict=True):
            kind = str(column.type)
            assert field["@id"] == f"{each['@id']}/{column.name}"
            assert field.get("isArray", False) == kind.startswith("list")
            assert ("subField" in field) == ("struct" in kind)
            types = {"int32": "sc:Integer", "date32[day]": "sc:Date", "timestamp[us, tz=UTC]": "sc:DateTime"}
            expected = types.get(kind, "sc:URL" if column.name == "url" else "sc:Text")
            assert field.get("dataType", expected) == expected
    assert not any(field["name"] == "text" for field in croissant_of(folder)["recordSet"][-1]["field"])


def test_what_is_known_is_said_and_nothing_else(example: BuildResult) -> None:
    described = croissant_of(example.lines["open"].folder)
    assert described["conformsTo"][0] == "http://mlcommons.org/croissant/1.1"
    assert described["datePublished"] == AS_OF.isoformat()
    assert described["temporalCoverage"] == "1921/2024"
    assert described["inLanguage"] == ["en-GB", "ko-CN", "zh-CN"]
    assert described["sdLicense"] == "https://spdx.org/licenses/CC0-1.0"
    assert described["license"] == "LICENSE.md"
    assert described["rai:dataLimitations"] == [
        "32 of 72 articles are without their text: their rights do not open it here."
    ]
    assert described["rai:dataCollection"].startswith("82 inputs were read; the articles here are of 3 publications.")
    assert "rai:dataBiases" not in described
    vault = croissant_of(example.lines["vault"].folder)
    assert "rai:dataLimitations" not in vault
    assert "rights.privacy" in vault["rai:personalSensitiveInformation"][0]


# On the Hub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LocalHub]:
    with serving(tmp_path / "hub") as found, patient_client(xet=False):
        yield found


def test_files_of_a_repository_are_at_the_tag(corpus: Corpus, hub: LocalHub, tmp_path: Path) -> None:
    records_alone(corpus)
    corpus.records(*map(record, range(6)))
    with_recipe(corpus, line={"repo": REPO, "doi": "10.5555/border.2026"}, authors=PEOPLE, publisher="Border House")
    folder = corpus.build("1.0.0").lines["open"].folder
    there: dict[str, Any] = {"endpoint": hub.endpoint, "token": hub.token(), "waits": WAITS, "today": AS_OF}
    assert publish(folder, REPO, work=corpus.work, **there).notes == ()
    described, citation = croissant_of(folder), citation_of(folder)
    base = f"{HUGGINGFACE_CO_URL_HOME}datasets/{REPO}"
    assert described["url"] == citation["url"] == f"{base}/tree/v1.0.0"
    assert citation["repository"] == base
    assert described["identifier"] == "https://doi.org/10.5555/border.2026"
    assert citation["doi"] == "10.5555/border.2026"
    for each in files_in(described):
        address = each["contentUrl"]
        assert address == f"{base}/resolve/v1.0.0/{each['@id']}"
        with urllib.request.urlopen(address.replace(HUGGINGFACE_CO_URL_HOME, hub.endpoint + "/")) as answer:  # noqa: S310
            data = answer.read()
        assert (hashlib.sha256(data).hexdigest(), f"{len(data)} B") == (each["sha256"], each["contentSize"])
    environment = {**os.environ, "HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", FETCH, REPO], env=environment, capture_output=True, text=True, check=True
    )
    found = read_by_mlcroissant(Path(done.stdout.strip()), tmp_path)
    assert (found["errors"], found["warnings"], found["wrong"]) == ([], [], [])
    assert sum(found["counts"].values()) == 6
    assert found["authors"] == [each["name"] for each in PEOPLE]


def test_a_publisher_is_told_of_another_repository(corpus: Corpus, hub: LocalHub) -> None:
    records_alone(corpus)
    corpus.records(*map(record, range(3)))
    with_recipe(corpus, line={"repo": "org/other"})
    folder = corpus.build("1.0.0").lines["open"].folder
    there: dict[str, Any] = {"endpoint": hub.endpoint, "token": hub.token(), "waits": WAITS, "today": AS_OF}
    (note,) = publish(folder, REPO, work=corpus.work, **there).notes
    assert "say that the release is in org/other" in note


def test_a_local_line_has_no_address_whatever_the_recipe_names(corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('"local"', f'"local"\nrepo = "{REPO}"'))
    folder = corpus.build().lines["vault"].folder
    assert verify(folder) == []
    for name in ("croissant.json", "CITATION.cff"):
        assert "huggingface" not in (folder / name).read_text(encoding="utf-8")


# Citing

CFF = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["authors", "cff-version", "message", "title"],
    "additionalProperties": False,
    "properties": {
        "cff-version": {"const": "1.2.0"},
        "message": {"type": "string", "minLength": 1},
        "type": {"const": "dataset"},
        "title": {"type": "string", "minLength": 1},
        "abstract": {"type": "string", "minLength": 1},
        "version": {"type": "string", "minLength": 1},
        "date-released": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$"},
        "license": {"enum": list(HUB_LICENSES)},
        "license-url": {"type": "string", "pattern": "^https://.+"},
        "repository": {"type": "string", "pattern": "^https://.+"},
        "url": {"type": "string", "pattern": "^https://.+"},
        "doi": {"type": "string", "pattern": r"^10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-\.\(\)\[\]\\]+$"},
        "authors": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "oneOf": [{"required": ["name"]}, {"required": ["family-names"]}],
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "family-names": {"type": "string", "minLength": 1},
                    "given-names": {"type": "string", "minLength": 1},
                    "orcid": {"pattern": "^https://orcid\\.org/[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$"},
                },
            },
        },
    },
}
"""What we write of the Citation File Format 1.2.0, with its own patterns. The tool that reads the whole format,
cffconvert, needs a jsonschema that is years old."""


def test_a_citation_keeps_the_format_and_agrees_with_card_and_croissant(corpus: Corpus) -> None:
    with_recipe(corpus, line={"repo": REPO}, authors=PEOPLE, publisher="Border House", description="A few pages.")
    for name, line in corpus.build().lines.items():
        citation, described = citation_of(line.folder), croissant_of(line.folder)
        jsonschema.validate(citation, CFF)
        assert citation["title"] == described["name"] == "A small corpus"
        assert citation["abstract"] == described["description"] == "A few pages."
        assert citation["authors"] == [
            {"family-names": "김", "given-names": "유신", "orcid": "https://orcid.org/0000-0002-1825-0097"},
            {"name": "The {Border} Press & Sons"},
            {"family-names": "Oda"},
        ]
        assert [each["@type"] for each in described["creator"]] == ["Person", "Organization", "Person"]
        assert described["publisher"]["name"] == "Border House"
        told = (line.folder / "README.md").read_text(encoding="utf-8").split("```bibtex\n")[1].split("\n```")[0]
        assert told == described["citeAs"]
        names = r"{김}, {유신} and {The \textbraceleft{}Border\textbraceright{} Press \& Sons} and {Oda}"
        address = f"\n  url = {{https://huggingface.co/datasets/{REPO}/tree/v1.0.0}}," if name == "open" else ""
        assert told == (
            f"@misc{{small-1.0.0,\n  author = {{{names}}},\n  title = {{{{A small corpus}}}},\n  year = {{2026}},\n"
            f"  note = {{Version 1.0.0}},\n  publisher = {{Border House}},{address}\n}}"
        )


def test_who_is_not_named_is_not_made_up(corpus: Corpus) -> None:
    folder = corpus.build().lines["open"].folder
    assert citation_of(folder)["authors"] == [{"name": "The makers of A small corpus"}]
    with_recipe(corpus, publisher="Border House")
    folder = corpus.build("1.0.1").lines["open"].folder
    assert citation_of(folder)["authors"] == [{"name": "Border House"}]
    assert verify(folder) == []


def test_a_licence_is_that_of_all_texts_or_none(corpus: Corpus) -> None:
    records_alone(corpus)
    corpus.records(*map(record, range(3)))
    with_recipe(corpus, line={"repo": REPO})
    folder = corpus.build().lines["open"].folder
    address = f"https://huggingface.co/datasets/{REPO}/resolve/v1.0.0/LICENSE.md"
    # The journal's texts are in the public domain, which is no licence.
    assert "license" not in citation_of(folder)
    assert citation_of(folder)["license-url"] == croissant_of(folder)["license"] == address
    journal = (corpus.folder / "sources/journal.toml").read_text(encoding="utf-8")
    licensed = 'status = "open_license"\nlicense = "CC-BY-4.0"\nattribution = "Journal House"'
    kind = 'evidence = [{ kind = "license_page", scope = "text", where = "https://journal.example/licence" }]'
    journal = re.sub(r"evidence = .*", kind, journal.replace('status = "public_domain"', licensed))
    corpus.write("sources/journal.toml", journal)
    folder = corpus.build("2.0.0").lines["open"].folder
    assert citation_of(folder)["license"] == "CC-BY-4.0"
    assert croissant_of(folder)["license"] == "https://spdx.org/licenses/CC-BY-4.0"
    jsonschema.validate(citation_of(folder), CFF)
    assert verify(folder) == []


def test_a_recipe_says_names_in_full(corpus: Corpus) -> None:
    with_recipe(corpus, authors=[{"name": "Oda", "given_names": "Oda"}])
    with pytest.raises(RecipeError) as caught:
        corpus.build()
    (fault,) = caught.value.faults
    assert (fault.code, "family_names beside given_names" in fault.detail) == ("missing-key", True)
    with_recipe(corpus, authors=[], line={"doi": "https://doi.org/10.5555/other"})
    with pytest.raises(RecipeError) as caught:
        corpus.build()
    assert [(fault.code, "doi" in fault.place) for fault in caught.value.faults] == [("bad-value", True)]


DANGEROUS = (
    *("'", '"', "\\", ": #", "- a", "{}", "[a, b]", "*a", "&a b", "!!python/object:os.system x", "%TAG", "@x", "`x`"),
    *("~", "null", "yes", "1e3", "2026-01-31", "---\na: b", "a\n...\nb", "\t", " leading and trailing ", "a\r\nb"),
    *("\x00\x07\x1b[31m", "\x7f\x85\x9f", "\u2028\u2029", "\ufeff", "\ufffe\uffff", "\U0010ffff", "\u202etxet"),
    *("👨\u200d👩\u200d👧", "\u3000x\u3000"),
    *("</script>", "```", "}}, title = {x", r"\input{x}", "50 % of _all_ $x$ #1 & ~ ^", "김유신", "\ud7ff\ue000"),
)


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_dangerous_words_come_out_of_yaml_as_they_went_in(loader: Any) -> None:
    text = "".join(f"- {quoted(each)}\n" for each in DANGEROUS)
    assert yaml.load(text, Loader=loader) == list(DANGEROUS)  # noqa: S506 - both are safe
    assert len(text.splitlines()) == len(DANGEROUS)


@given(st.text())
def test_any_words_come_out_of_yaml_as_they_went_in(words: str) -> None:
    assert yaml.safe_load(f"a: {quoted(words)}") == {"a": words}


@pytest.mark.parametrize("number", range(3))
def test_dangerous_words_of_a_recipe_are_released_as_they_are(number: int, corpus: Corpus) -> None:
    title, publisher = "".join(DANGEROUS[number::3])[:200], DANGEROUS[number]
    more = [DANGEROUS[20], "".join(DANGEROUS), DANGEROUS[-1]][number]
    authors = [{"name": each} for each in DANGEROUS]
    authors += [{"name": each, "family_names": each, "given_names": DANGEROUS[number]} for each in DANGEROUS]
    with_recipe(corpus, title=title, description=more, publisher=publisher, authors=authors)
    folder = corpus.build().lines["open"].folder
    assert verify(folder) == []
    citation, described = citation_of(folder), croissant_of(folder)
    assert (citation["title"], described["name"]) == (title, title)
    assert (citation["abstract"], described["description"]) == (more, more)
    named = [{"name": each} for each in DANGEROUS]
    assert citation["authors"] == [
        *named,
        *({"family-names": each, "given-names": DANGEROUS[number]} for each in DANGEROUS),
    ]
    assert [each["name"] for each in described["creator"]] == [*DANGEROUS, *DANGEROUS]
    assert described["publisher"]["name"] == publisher


def test_mlcroissant_takes_dangerous_words(corpus: Corpus, tmp_path: Path) -> None:
    with_recipe(corpus, title="".join(DANGEROUS)[:200], authors=[{"name": "".join(DANGEROUS)[-200:]}])
    folder = corpus.build().lines["vault"].folder
    found = read_by_mlcroissant(folder, tmp_path)
    assert (found["errors"], found["warnings"], found["wrong"]) == ([], [], [])
    assert found["title"] == "".join(DANGEROUS)[:200]


# Versions


def test_a_release_that_is_described_again_says_its_version(corpus: Corpus) -> None:
    corpus.build("1.0.0")
    corpus.records({}, {"text": "Something new to be told in another version of it."})
    for line in corpus.build("auto").lines.values():
        assert croissant_of(line.folder)["version"] == citation_of(line.folder)["version"] == line.folder.name
        assert croissant_of(line.folder)["citeAs"].startswith(f"@misc{{small-{line.folder.name},")
        assert verify(line.folder) == []


def test_a_release_of_which_nothing_may_be_shown_is_described(corpus: Corpus) -> None:
    recipe = tomllib.loads((corpus.folder / "corpus.toml").read_text(encoding="utf-8"))
    recipe["input"] = [each for each in recipe["input"] if each["source"] == "paper"]
    corpus.write("corpus.toml", tomli_w.dumps(recipe))
    folder = corpus.build().lines["open"].folder
    assert verify(folder) == []
    assert [each["@id"].split("/")[0] for each in croissant_of(folder)["recordSet"]] == ["withheld"]


# In part


@pytest.fixture(scope="module")
def small(example: BuildResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small release that adds up; nobody may change it."""
    return thinned(example.lines["open"].folder, tmp_path_factory.mktemp("small") / "release")


def test_what_can_be_told_of_a_part_is_told(small: Path, tmp_path: Path) -> None:
    part = Path(shutil.copytree(small, tmp_path / "part"))
    text = (part / "CITATION.cff").read_text(encoding="utf-8")
    (part / "CITATION.cff").write_text(text.replace('"1.0.0"', '"1.0.1"'), encoding="utf-8")
    seal(part)
    (part / "croissant.json").unlink()
    (part / "README.md").unlink()
    assert {finding.code for finding in verify(part, partial=True)} == {"citation-differs"}
    part = Path(shutil.copytree(small, tmp_path / "other"))
    text = (part / "croissant.json").read_text(encoding="utf-8")
    (part / "croissant.json").write_text(text.replace('"data/train/2024.parquet"', '"x"', 1), encoding="utf-8")
    seal(part)
    for path in ("data", "withheld", "sources"):
        shutil.rmtree(part / path)
    assert {finding.code for finding in verify(part, partial=True)} == {"croissant-differs"}


def test_the_publishers_words_may_be_others_where_all_agree(small: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(small, tmp_path / "copy"))
    retell(copy)
    for name in ("croissant.json", "CITATION.cff", "README.md"):
        text = (copy / name).read_text(encoding="utf-8")
        (copy / name).write_text(text.replace("Three invented papers", "Three papers"), encoding="utf-8")
    seal(copy)
    assert verify(copy) == []
