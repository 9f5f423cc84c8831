"""Releases and corpora as objects: what they say, what they show, and what they say when something is wrong."""

import json
import os
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import pressmark
from hub_cases import Line
from pressmark import BuildResult, PressmarkError, RecipeError, Release, UsageError
from pressmark.notebook import shown
from support import ROOT, Corpus

PAYLOAD = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202egnp"
ALLOWED = {"div", "table", "caption", "tbody", "tr", "th", "td", "span"}


class Seen(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def seen(thing: "Release | pressmark.Corpus") -> Seen:
    page = Seen(thing._repr_html_())
    assert page.tags <= ALLOWED
    assert page.attributes <= {"style", "scope", "aria-hidden"}
    return page


def copy_of(release: Path, to: Path) -> Path:
    shutil.copytree(release, to)
    return to


def in_a_process(program: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    # Threads that the client leaves behind can abort a process that ends in order, after all is read.
    program += "\nimport os, sys\nsys.stdout.flush()\nos._exit(0)\n"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_a_release_says_what_is_in_it(example: BuildResult) -> None:
    release = Release(example.lines["open"].folder)
    assert release.manifest == example.lines["open"].manifest
    assert (release.corpus, release.line, release.version) == ("three-papers", "open", "1.0.0")
    assert release.counts == example.lines["open"].counts
    assert release.splits["articles"].keys() == {"train", "validation", "test"}
    assert sum(release.splits["articles"].values()) == release.counts["published"]
    assert release.rights["unknown", "no-decision"] == 4
    assert sum(release.rights.values()) == release.counts["published"] + release.counts["withheld"]
    assert [each[0] for each in release.versions] == ["1.0.0"]
    assert release.verify() == []
    assert repr(release) == "<Release three-papers, open 1.0.0: 40 published, 32 withheld>"


def test_a_release_shows_itself(example: BuildResult) -> None:
    words = seen(Release(example.lines["open"].folder)).words
    for word in ("three-papers, open 1.0.0", "What became of 82 inputs", "published", "public_domain", "no-decision"):
        assert word in words
    # All texts may be seen here: there is one configuration, and nothing is withheld.
    assert "withheld" not in Release(example.lines["vault"].folder).splits
    assert "vault" in " ".join(seen(Release(example.lines["vault"].folder)).words)


def test_what_changed_since_an_earlier_release(line: Line) -> None:
    old, new = (Release(folder) for folder in (line.first, line.second))
    changes = new.diff(old)
    assert changes.kinds
    assert changes == new.diff(old.folder)
    assert not new.diff(new).kinds
    with pytest.raises(UsageError, match="no manifest that can be read"):
        new.diff(old.folder.parent)


def test_rows_are_loaded_with_the_real_library_in_a_process_of_its_own(example: BuildResult, tmp_path: Path) -> None:
    release = Release(example.lines["open"].folder)
    program = f"""
import json, sys
from pressmark import Release
assert "datasets" not in sys.modules
release = Release({str(release.folder)!r})
release._repr_html_()
assert "datasets" not in sys.modules
loaded = {{config: release.load(config) for config in release.splits}}
assert type(loaded["articles"]).__name__ == "DatasetDict"
assert release.load()["train"][0] == loaded["articles"]["train"][0]
print(json.dumps({{config: found.num_rows for config, found in loaded.items()}}))
"""
    done = in_a_process(program, tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == release.splits


def test_rows_that_cannot_be_loaded_are_told_in_our_own_words(line: Line, tmp_path: Path) -> None:
    folder = copy_of(line.second, tmp_path / "copy")
    release = Release(folder)
    with pytest.raises(UsageError, match="no configuration 'texts', expected one of: articles") as error:
        release.load("texts")
    assert error.value.advice
    shard = next(entry["path"] for entry in release.manifest["files"] if entry.get("config") == "articles")
    (folder / shard).write_bytes(b"PAR1 and no more")
    program = f"""
from pressmark import PressmarkError, Release
try:
    Release({str(folder)!r}).load()
except PressmarkError as error:
    print(error, error.advice)
"""
    done = in_a_process(program, tmp_path)
    assert "datasets cannot load articles of" in done.stdout, done.stderr
    assert "`verify()`" in done.stdout
    (folder / shard).unlink()
    with pytest.raises(UsageError, match=f"lacks {shard}"):
        release.load()


def test_what_is_no_release_is_told(tmp_path: Path, line: Line) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        Release("org/name@v1.0.0")
    with pytest.raises(UsageError, match="is no release"):
        Release(tmp_path)
    folder = copy_of(line.second, tmp_path / "copy")
    (folder / "rights" / "report.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError, match="is not what a release has"):
        _ = Release(folder).rights


def test_data_of_a_release_cannot_become_markup(line: Line, tmp_path: Path) -> None:
    folder = copy_of(line.second, tmp_path / PAYLOAD.replace("/", "|"))
    report = json.loads((folder / "rights" / "report.json").read_bytes())
    report["cells"][0] |= {"rights_status": PAYLOAD, "outcome": PAYLOAD}
    (folder / "rights" / "report.json").write_text(json.dumps(report), encoding="utf-8")
    versions = json.loads((folder / "versions.json").read_bytes())
    versions["versions"][0] |= {"version": PAYLOAD}
    (folder / "versions.json").write_text(json.dumps(versions), encoding="utf-8")
    words = "".join(seen(Release(folder)).words)
    assert words.count("<script>alert(1)</script>") == 3
    assert "\u202e" not in words


def test_a_corpus_does_what_the_commands_do(corpus: Corpus) -> None:
    same = pressmark.Corpus(corpus.folder)
    assert same.folder == pressmark.Corpus(corpus.folder / "corpus.toml").folder
    assert repr(same) == f"Corpus({str(corpus.folder)!r})"
    assert same.recipe == pressmark.read_recipe(corpus.folder)
    assert same.check().sampled == pressmark.check(corpus.folder).sampled
    assert same.releases(corpus.out) == []
    same.build("1.0.0", out=corpus.out, work=corpus.work)
    corpus.records({}, {"text": "One more."})
    same.build("1.1.0", out=corpus.out, work=corpus.work)
    found = same.releases(corpus.out)
    lines = list(same.recipe.lines)
    assert [(each.line, each.version) for each in found] == [(line, f"1.{n}.0") for line in lines for n in (0, 1)]


def test_a_corpus_shows_itself_or_what_is_wrong_with_it(corpus: Corpus) -> None:
    same = pressmark.Corpus(corpus.folder)
    assert same.recipe.inputs[0].files in seen(same).words
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe + f"\n[{json.dumps(PAYLOAD.replace(chr(0x202E), ''))}]\n")
    words = " ".join(seen(same).words)
    assert "the recipe has 1 fault" in words
    assert "<script>alert(1)</script>" in words
    with pytest.raises(RecipeError):
        _ = same.recipe
    with pytest.raises(UsageError, match=r"holds no corpus\.toml"):
        pressmark.Corpus(corpus.folder.parent)


def test_titles_of_a_corpus_cannot_become_markup(corpus: Corpus) -> None:
    source = (corpus.folder / "sources" / "paper.toml").read_text(encoding="utf-8")
    title = json.dumps(PAYLOAD, ensure_ascii=False)
    lines = [f"title = {title}" if line.startswith("title =") else line for line in source.splitlines()]
    corpus.write("sources/paper.toml", "\n".join(lines) + "\n")
    words = "".join(seen(pressmark.Corpus(corpus.folder)).words)
    assert "<script>alert(1)</script>" in words
    assert "\u202e" not in words


def test_sizes_are_short() -> None:
    told = [shown.size(count) for count in (0, 999, 1000, 1_200_000, 3 * 10**9)]
    assert told == ["0 bytes", "999 bytes", "1.0 kB", "1.2 MB", "3.0 GB"]


def test_the_names_come_late_and_others_not_at_all() -> None:
    assert {"Release", "Corpus"} <= set(pressmark.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = pressmark.Nothing  # type: ignore[attr-defined]
    program = "import sys, pressmark; sys.exit('pressmark.notebook' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
    assert issubclass(UsageError, PressmarkError)
