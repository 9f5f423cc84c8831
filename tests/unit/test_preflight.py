"""What the Hub would refuse is found before anything is sent; what it takes gives no finding."""

import ast
import json
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pressmark.findings import CATALOGUE
from pressmark.hub import preflight as preflight_module
from pressmark.hub.known import LICENSES, NOT_IN_CONFIG_NAMES, SPLIT, is_language
from pressmark.hub.preflight import preflight
from pressmark.press.rights import HUB_LICENSES
from support import JOURNAL, PAGE, PAPER, RECIPE, Corpus

NAME = "org/small"
CARD, MANIFEST, ATTRIBUTES = "README.md", "manifest.json", ".gitattributes"
GIGABYTE = 10**9

Manifest = dict[str, Any]
Found = list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a release that the Hub takes; nobody may change it."""
    base = tmp_path_factory.mktemp("preflight")
    corpus = Corpus(base / "corpus", base / "dist", base / "work")
    corpus.write("corpus.toml", RECIPE)
    corpus.write("sources/paper.toml", PAPER)
    corpus.write("sources/journal.toml", JOURNAL)
    corpus.write("pages/1.txt", PAGE)
    corpus.records({})
    return corpus.build().lines["open"].folder


@pytest.fixture
def release(good: Path, tmp_path: Path) -> Path:
    """Return a release that the Hub takes, and that a test may change."""
    return Path(shutil.copytree(good, tmp_path / "release"))


def looked(release: Path, change: Callable[[Manifest], None] | None = None, name: str = NAME) -> Found:
    manifest = json.loads((release / MANIFEST).read_bytes())
    if change:
        change(manifest)
    found = preflight(release, manifest, name)
    assert {each.code for each in found} <= {"hub-refuses"}
    assert all("found " in each.detail and ", expected " in each.detail for each in found)
    return [(each.file, each.place, each.detail) for each in found]


def places(found: Found) -> list[tuple[str, str]]:
    return [(file, place) for file, place, _ in found]


def with_files(*paths: str, size: int = 1) -> Callable[[Manifest], None]:
    return lambda manifest: manifest["files"].extend({"path": path, "bytes": size} for path in paths)


def test_the_code_is_in_the_catalogue() -> None:
    assert CATALOGUE["hub-refuses"].kind.value == "release"


@pytest.mark.parametrize("name", [NAME, "small"])
def test_a_good_release_gives_no_finding(name: str, release: Path) -> None:
    assert looked(release, name=name) == []


# Names of files


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("small.py", "before the card"),
        ("dataset_infos.json", "before the card"),
        (".huggingface.yaml", "before the card"),
        ("data/a\x07b", "control character"),
        ("data/a\x7fb", "control character"),
        ("data/a\nb", "control character"),
        (f"data/{'a' * 256}", "more than 255 bytes"),
        (f"{'가' * 86}/a", "more than 255 bytes"),
        ("data/a.", "ends in a dot"),
        ("data./a", "ends in a dot"),
        ("data/a ", "ends in a dot or a space"),
        (".git/config", "keep for themselves"),
        (".GIT/config", "keep for themselves"),
        (".cache/huggingface/x", "keep for themselves"),
    ],
)
def test_a_name_that_not_every_system_takes_is_found(path: str, why: str, release: Path) -> None:
    found = looked(release, with_files(path))
    assert places(found) == [(path, "")]
    assert why in found[0][2]


@pytest.mark.parametrize(
    "path", ["other.py", "data/small.py", "data/dataset_infos.json", f"data/{'a' * 255}", "data/.git.x", ".gitignore"]
)
def test_a_name_that_every_system_takes_is_no_finding(path: str, release: Path) -> None:
    assert looked(release, with_files(path)) == []


@pytest.mark.parametrize(
    ("paths", "place"),
    [
        (("readme.md",), "readme.md"),
        (("data/Straße", "data/STRASSE"), "data/Straße"),
        (("data/\u00e9", "data/e\u0301"), "data/\u00e9"),
        (("Data/x", "Data/y"), "data"),
    ],
)
def test_names_that_some_systems_take_for_one_are_found(paths: tuple[str, ...], place: str, release: Path) -> None:
    assert places(looked(release, with_files(*paths))) == [(place, "")]


# Numbers and sizes


def test_too_many_files_are_found(release: Path) -> None:
    def files(count: int) -> Found:
        there = len(json.loads((release / MANIFEST).read_bytes())["files"]) + 2
        return looked(release, with_files(*(f"more/{each // 5000}/{each}" for each in range(count - there))))

    assert places(files(100_000)) == [(MANIFEST, "$.files")]
    assert files(99_999) == []


def test_too_many_entries_of_a_folder_are_found(release: Path) -> None:
    assert looked(release, with_files(*(f"more/{each}" for each in range(10_000)))) == []
    assert places(looked(release, with_files(*(f"more/{each}" for each in range(10_001))))) == [("more", "")]
    # Folders count too, and so does the root.
    assert places(looked(release, with_files(*(f"{each}/x" for each in range(10_001))))) == [(".", "")]


def test_a_file_that_is_too_large_is_found(release: Path) -> None:
    assert looked(release, with_files("data/a.parquet", size=200 * GIGABYTE)) == []
    found = looked(release, with_files("data/a.parquet", size=200 * GIGABYTE + 1))
    assert places(found) == [("data/a.parquet", "")]
    assert "found 200000000001 bytes, expected 200000000000" in found[0][2]


def test_a_large_file_that_is_not_for_lfs_is_found(release: Path) -> None:
    assert looked(release, with_files("rights/large.jsonl", size=10**7)) == []
    large = with_files("rights/large.jsonl", size=10**7 + 1)
    assert places(looked(release, large)) == [("rights/large.jsonl", "")]
    with (release / ATTRIBUTES).open("a", encoding="utf-8") as stream:
        stream.write("*.jsonl filter=lfs diff=lfs merge=lfs -text\n")
    assert looked(release, large) == []


def test_a_release_without_attributes_has_no_file_for_lfs(release: Path) -> None:
    (release / ATTRIBUTES).unlink()
    assert places(looked(release, with_files("data/a.parquet", size=10**8))) == [("data/a.parquet", "")]


def test_too_large_a_commit_is_found(release: Path) -> None:
    paths = [f"more/{each}" for each in range(101)]
    assert looked(release, with_files(*paths[:90], size=10**7)) == []
    assert places(looked(release, with_files(*paths, size=10**7))) == [(MANIFEST, "$.files")]
    assert looked(release, with_files(*(f"{path}.parquet" for path in paths), size=10**7)) == []


# Files of rows


def shard_of(release: Path) -> str:
    files = json.loads((release / MANIFEST).read_bytes())["files"]
    return str(next(each["path"] for each in files if "config" in each))


@pytest.mark.parametrize("index", [True, False])
def test_a_large_row_group_needs_a_page_index(
    index: bool,  # noqa: FBT001 - a parameter of the test
    release: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preflight_module, "ROW_GROUP_BYTES", 50_000)
    assert looked(release) == []
    path = shard_of(release)
    table = pa.table({"text": [f"{number:08}" for number in range(10_000)], "number": range(10_000)})
    pq.write_table(table, release / path, row_group_size=5000, write_page_index=index)
    expected = [] if index else [(path, "row group 0"), (path, "row group 1")]
    assert places(looked(release)) == expected


def test_shards_of_a_build_have_a_page_index(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight_module, "ROW_GROUP_BYTES", 1)
    assert looked(release) == []


def test_a_shard_that_is_no_parquet_is_found(release: Path) -> None:
    path = shard_of(release)
    (release / path).write_bytes(b"PAR1 and no more PAR1")
    assert places(looked(release)) == [(path, "")]
    (release / path).unlink()
    assert places(looked(release)) == [(path, "")]


# The card


Card = dict[str, Any]


def with_card(release: Path, change: Callable[[Card], Any]) -> Found:
    """Change the front matter of the card, and look."""
    _, front, body = (release / CARD).read_text(encoding="utf-8").split("---\n", 2)
    card = yaml.safe_load(front)
    change(card)
    (release / CARD).write_text(f"---\n{yaml.safe_dump(card)}---\n{body}", encoding="utf-8")
    found = looked(release)
    assert {file for file, _, _ in found} <= {CARD}
    return found


def changed(key: str, value: Any) -> Callable[[Card], None]:
    return lambda card: card.update({key: value})


@pytest.mark.parametrize("value", ["CC-BY-4.0", "cc-by-9.0", "proprietary", "", None, 7, [], ["mit", "mine"], {}])
def test_a_licence_that_the_hub_does_not_know_is_found(value: Any, release: Path) -> None:
    assert places(with_card(release, changed("license", value))) == [(CARD, "license")]


@pytest.mark.parametrize("value", ["cc-by-4.0", "mit", "odc-by", ["mit", "cc0-1.0"]])
def test_a_licence_that_the_hub_knows_is_taken(value: Any, release: Path) -> None:
    assert with_card(release, changed("license", value)) == []


def test_every_licence_that_a_build_writes_is_known() -> None:
    assert set(HUB_LICENSES.values()) | {"other"} <= LICENSES


def other(**stated: Any) -> Callable[[Card], None]:
    def change(card: Card) -> None:
        card.pop("license_name", None)
        card.pop("license_link", None)
        card.update({"license": "other", **stated})

    return change


@pytest.mark.parametrize("link", ["LICENSE.md", "rights/licenses.jsonl", "https://example.org", "https://a.example/b"])
def test_another_licence_with_name_and_link_is_taken(link: str, release: Path) -> None:
    assert with_card(release, other(license_name="ours", license_link=link)) == []


@pytest.mark.parametrize("link", ["LICENSE", "http://example.org/a", "https://", "https:// a", "/etc/passwd", None, []])
def test_a_link_that_leads_nowhere_is_found(link: Any, release: Path) -> None:
    found = with_card(release, other(license_name="ours", license_link=link))
    assert places(found) == [(CARD, "license_link")]


def test_another_licence_without_name_and_link_is_found(release: Path) -> None:
    assert places(with_card(release, other())) == [(CARD, "license_name"), (CARD, "license_link")]
    assert places(with_card(release, other(license_name=" ", license_link="LICENSE.md"))) == [(CARD, "license_name")]


@pytest.mark.parametrize("value", ["ko-CN", "xx", "Korean", "qaa", "KO", "kore", False, ["ko", "xx"], None, {}])
def test_a_language_that_is_none_is_found(value: Any, release: Path) -> None:
    assert places(with_card(release, changed("language", value))) == [(CARD, "language")]


@pytest.mark.parametrize("value", ["ko", "yue", ["en", "zh", "sco", "que"], []])
def test_a_language_of_the_standard_is_taken(value: Any, release: Path) -> None:
    assert with_card(release, changed("language", value)) == []
    assert is_language("ko")


@pytest.mark.parametrize("value", ["n<1k", "1K-10K", ["n<1K", "many"], 7])
def test_a_size_that_the_hub_does_not_know_is_found(value: Any, release: Path) -> None:
    assert places(with_card(release, changed("size_categories", value))) == [(CARD, "size_categories")]


@pytest.mark.parametrize("value", ["n<1K", ["10M<n<100M"], "n>1T"])
def test_a_size_that_the_hub_knows_is_taken(value: Any, release: Path) -> None:
    assert with_card(release, changed("size_categories", value)) == []


@pytest.mark.parametrize("value", [None, [], "articles", {}])
def test_a_card_without_configurations_is_found(value: Any, release: Path) -> None:
    assert places(with_card(release, changed("configs", value))) == [(CARD, "configs")]


@pytest.mark.parametrize("name", [*(f"a{each}b" for each in r"<>:/\|?*"), "", None, 7])
def test_a_configuration_that_datasets_refuses_is_found(name: Any, release: Path) -> None:
    found = with_card(release, lambda card: card["configs"][0].update(config_name=name))
    assert places(found) == [(CARD, "configs[0].config_name")]


def test_a_configuration_that_is_no_mapping_is_found(release: Path) -> None:
    assert places(with_card(release, lambda card: card["configs"].insert(0, "articles"))) == [(CARD, "configs[0]")]


def test_too_many_configurations_are_found(release: Path) -> None:
    def many(card: Card) -> None:
        files = card["configs"][0]["data_files"]
        card["configs"] = [{"config_name": f"c{each}", "data_files": files} for each in range(3001)]

    found = with_card(release, many)
    assert places(found) == [(CARD, "configs")]
    assert "found 3001 configurations, expected 3000" in found[0][2]
    assert with_card(release, lambda card: card["configs"].pop()) == []


@pytest.mark.parametrize("split", ["a-b", "a b", ".a", "a..b", "a.", "", "train\n", None, 7])
def test_a_split_that_datasets_refuses_is_found(split: Any, release: Path) -> None:
    found = with_card(release, lambda card: card["configs"][0]["data_files"][0].update(split=split))
    assert places(found) == [(CARD, "configs[0].data_files[0].split")]


@pytest.mark.parametrize("split", ["train", "dev.1", "시험", "a_b"])
def test_a_split_that_datasets_takes_is_taken(split: str, release: Path) -> None:
    assert with_card(release, lambda card: card["configs"][0]["data_files"][0].update(split=split)) == []


@pytest.mark.parametrize("path", ["data/train/*.parquet", "data/gone.parquet", "../x", 7, [], None, ["data"], [{}]])
def test_a_path_that_is_no_file_of_the_release_is_found(path: Any, release: Path) -> None:
    found = with_card(release, lambda card: card["configs"][0]["data_files"][0].update(path=path))
    assert places(found) == [(CARD, "configs[0].data_files[0].path")]


@pytest.mark.parametrize("files", ["data/train", [], None, ["data/train"], {"split": "train"}])
def test_files_that_are_no_list_of_splits_are_found(files: Any, release: Path) -> None:
    found = with_card(release, lambda card: card["configs"][0].update(data_files=files))
    assert places(found) == [(CARD, "configs[0].data_files")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# A corpus\n",
        "---\nlicense: mit\n",
        "words\n---\nlicense: mit\n---\n",
        "---\nlicense: [\n---\n",
        "---\n- license\n---\n",
        "---\n---\n",
        "---\nday: 2026-02-30\n---\n",
        "---\nx: !!python/name:os.system\n---\n",
        f"---\n{'[' * 10_000}\n---\n",
        b"---\nlicense: \xff\n---\n",
        f"---\nx: {'a' * 10**6}\n---\n",
    ],
    ids=range(12),
)
def test_a_card_without_front_matter_that_can_be_read_is_found(text: str | bytes, release: Path) -> None:
    (release / CARD).write_bytes(text if isinstance(text, bytes) else text.encode())
    assert places(looked(release)) == [(CARD, "")]


def test_a_release_without_a_card_is_found(release: Path) -> None:
    (release / CARD).unlink()
    assert places(looked(release)) == [(CARD, "")]


def test_what_is_found_is_shown_cut_short(release: Path) -> None:
    lines = ["x: &a [1, 1]", *(f"{b}: &{b} [*{a}, *{a}]" for a, b in pairwise("abcdefghi"))]
    (release / CARD).write_text("---\n" + "\n".join([*lines, "license: *i"]) + "\n---\n", encoding="utf-8")
    found = looked(release)
    assert {place for _, place, _ in found} == {"license", "configs"}
    assert all(len(detail) < 200 for _, _, detail in found)
    assert "found 'aaaaaaaaaaaaaaaaaaaa...'" in with_license(release, "a" * 1000)


def with_license(release: Path, value: str) -> str:
    (release / CARD).write_text(f"---\nlicense: {value}\n---\n", encoding="utf-8")
    return looked(release)[0][2]


# What is written down here is what the clients have


def test_names_are_held_against_the_rules_of_the_installed_client() -> None:
    # Read, not imported: the client looks at the environment as it comes in.
    found = find_spec("datasets")
    assert found is not None
    assert found.origin is not None
    tree = ast.parse((Path(found.origin).parent / "naming.py").read_text(encoding="utf-8"))
    rules = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert f"^{SPLIT.pattern}$" == rules["_split_re"]
    assert rules["INVALID_WINDOWS_CHARACTERS_IN_PATH"] == NOT_IN_CONFIG_NAMES
