"""What a release says of the versions before it is held against it, and a release is built again from its corpus."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pressmark import UsageError
from pressmark.rebuilding import rebuild
from pressmark.release.lineage import verify_history
from support import Corpus
from version_cases import record, records_alone

Edit = Callable[[dict[str, Any]], None]


@pytest.fixture
def series(corpus: Corpus) -> Corpus:
    """Return a corpus with the versions 1.0.0, 1.1.0 and 2.0.0."""
    records_alone(corpus)
    corpus.records(*map(record, range(10)))
    corpus.build("1.0.0")
    corpus.records(*map(record, range(12)))
    corpus.build("1.1.0")
    corpus.records(record(0, title="Another"), *map(record, range(1, 11)))
    corpus.build("2.0.0", drop_vanished=True)
    return corpus


def folder(corpus: Corpus, version: str = "2.0.0") -> Path:
    return corpus.out / "small" / "open" / version


def found(release: Path) -> set[str]:
    manifest = json.loads((release / "manifest.json").read_bytes())
    return {finding.code for finding in verify_history(release, manifest)}


def entry(position: int, **values: Any) -> Edit:
    def edit(stated: dict[str, Any]) -> None:
        stated["versions"][position] |= values

    return edit


def without(position: int, key: str) -> Edit:
    def edit(stated: dict[str, Any]) -> None:
        del stated["versions"][position][key]

    return edit


def stating(**values: Any) -> Edit:
    def edit(stated: dict[str, Any]) -> None:
        stated |= values

    return edit


def forget_one(stated: dict[str, Any]) -> None:
    del stated["versions"][1]


EDITS: dict[str, tuple[Edit, str]] = {
    "another corpus": (stating(corpus="other"), "history-differs"),
    "another line": (stating(line="vault"), "history-differs"),
    "a key of its own": (stating(more=1), "history-differs"),
    "another version": (entry(-1, version="2.0.1"), "history-differs"),
    "another day": (entry(-1, as_of="2026-01-30"), "history-differs"),
    "other counts": (entry(-1, articles=12), "history-differs"),
    "other withheld": (entry(-1, withheld=1), "history-differs"),
    "another number": (entry(-1, release=4), "history-differs"),
    "the newest superseded": (entry(-1, status="superseded"), "history-differs"),
    "the newest with its own digest": (entry(-1, manifest_sha256="0" * 64), "history-differs"),
    "an older one usable": (entry(0, status="usable"), "history-differs"),
    "an older one without digest": (without(0, "manifest_sha256"), "history-differs"),
    "an older one with another digest": (entry(0, manifest_sha256="0" * 64), "history-differs"),
    "more added": (entry(-1, changes={"removed": 1, "changed": 1, "added": 1}), "history-differs"),
    "none changed": (entry(-1, changes={"removed": 1}), "history-differs"),
    "other changes before": (entry(1, changes={"added": 3}), "history-differs"),
    "a version too small": (entry(1, changes={"removed": 3}), "version-too-small"),
    "one forgotten": (forget_one, "history-differs"),
    "an unknown status": (entry(0, status="fine"), "history-differs"),
}


@pytest.mark.parametrize("name", EDITS)
def test_versions_that_are_not_true_are_told(series: Corpus, name: str) -> None:
    release = folder(series)
    assert found(release) == set()
    stated = json.loads((release / "versions.json").read_bytes())
    edit, code = EDITS[name]
    edit(stated)
    (release / "versions.json").write_text(json.dumps(stated), encoding="utf-8")
    assert code in found(release)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Changes of small", "# Changes of large"),
        ("## 1.1.0 (2026-01-31)", "## 1.1.1 (2026-01-31)"),
        ("## 1.1.0 (2026-01-31)", ""),
        ("- removed: 1", "- removed: 2"),
        ("- added: 10", "- added: 11"),
    ],
)
def test_a_changelog_that_is_not_true_is_told(series: Corpus, old: str, new: str) -> None:
    path = folder(series) / "CHANGELOG.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert found(folder(series)) == {"history-differs"}


def test_records_that_are_said_to_be_gone_and_are_here_are_told(series: Corpus) -> None:
    departures = folder(series) / "departures.jsonl"
    departures.write_text('{"id":"journal:r3","because":"vanished"}\n', encoding="utf-8")
    assert found(folder(series)) == {"history-differs"}
    departures.write_text('{"id":"x","because":"exact-copy","survivor":"journal:gone"}\n', encoding="utf-8")
    assert found(folder(series)) == {"history-differs"}
    departures.write_text("[]\n", encoding="utf-8")
    assert found(folder(series)) == {"history-differs"}


def test_withdrawn_articles_that_are_here_are_told(series: Corpus) -> None:
    tombstones = folder(series) / "rights" / "tombstones.jsonl"
    buried = {"id": "journal:r3", "reason": "quality", "scope": "all", "withdrawn_on": "2026-01-31"}
    tombstones.write_text(json.dumps(buried) + "\n", encoding="utf-8")
    assert found(folder(series)) == {"withdrawn-here"}
    tombstones.write_text(json.dumps({**buried, "restored_on": "2026-02-01"}) + "\n", encoding="utf-8")
    assert found(folder(series)) == set()


def test_a_copy_elsewhere_is_fine_without_the_versions_before(series: Corpus, tmp_path: Path) -> None:
    assert found(shutil.copytree(folder(series), tmp_path / "copy")) == set()
    shutil.rmtree(folder(series, "1.0.0"))
    assert found(folder(series)) == set()


def test_every_version_is_built_again_to_the_same_bytes(series: Corpus) -> None:
    rebuilt = rebuild(series.folder, folder(series))
    assert (rebuilt.differing, list(rebuilt.findings)) == ([], [])
    # The versions before were made of other inputs.
    before = rebuild(series.folder, folder(series, "1.1.0"))
    assert [finding.code for finding in before.findings] == ["rebuild-differs"]
    assert not before.same_content
    series.records(*map(record, range(12)))
    assert rebuild(series.folder, folder(series, "1.1.0")).differing == []
    series.records(*map(record, range(10)))
    assert rebuild(series.folder, folder(series, "1.0.0")).differing == []


def test_what_a_release_continues_is_asked_for(series: Corpus, tmp_path: Path) -> None:
    alone = shutil.copytree(folder(series), tmp_path / "elsewhere" / "line" / "copy")
    with pytest.raises(UsageError, match="continues another release, which is not beside it"):
        rebuild(series.folder, alone)
    # Another line of the same version is no earlier release of this one.
    for version in ("1.0.0", "1.1.0"):
        shutil.move(folder(series, version), tmp_path / version)
    with pytest.raises(UsageError, match="continues another release, which is not beside it"):
        rebuild(series.folder, folder(series))
    for version in ("1.0.0", "1.1.0"):
        shutil.move(tmp_path / version, folder(series, version))
    earlier = [series.out / "small" / line / "1.1.0" for line in ("open", "vault")]
    assert rebuild(series.folder, alone, previous=earlier).differing == []


def test_other_bytes_with_the_same_content_are_fine_where_another_version_wrote_them(series: Corpus) -> None:
    path = folder(series) / "manifest.json"
    manifest = json.loads(path.read_bytes())
    manifest["written_by"]["pyarrow"] = "25.0.1"
    for file in manifest["files"]:
        file["sha256"] = "0" * 64
    path.write_text(json.dumps(manifest), encoding="utf-8")
    rebuilt = rebuild(series.folder, folder(series))
    assert rebuilt.differing
    assert rebuilt.same_content
    assert list(rebuilt.findings) == []


def test_verify_rebuild_says_what_came_of_it(series: Corpus, pressmark: Callable[..., Any]) -> None:
    fine = pressmark("verify", folder(series), "--rebuild", series.folder)
    assert fine.returncode == 0
    assert "files are the same bytes" in fine.stdout
    series.records(*map(record, range(9)))
    other = pressmark("verify", folder(series), "--rebuild", series.folder)
    assert other.returncode == 1
    assert "rebuild-differs" in other.stderr
