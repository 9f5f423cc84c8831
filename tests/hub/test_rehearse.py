"""A rehearsal reads back what was built, with every client, and says where one reads something else."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from conftest import Run
from hub_cases import Line
from pressmark import BuildResult
from pressmark.errors import NotReadyError, UsageError
from pressmark.hub import readback
from pressmark.hub.readback import Tick, read_back
from pressmark.hub.reader import READERS
from pressmark.hub.rehearse import rehearse
from pressmark.report_hub import differing


def test_two_versions_are_read_back_by_every_client(pressmark: Run, line: Line) -> None:
    # A user who works offline, and behind a proxy, rehearses all the same.
    offline = {"HF_HUB_OFFLINE": "1", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
    done = pressmark("rehearse", line.second, line.first, "--json", env=offline)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [each["tag"] for each in told["published"]] == ["v1.0.0", "v2.0.0"]
    assert {tick["reader"] for tick in told["read"]} == set(READERS)
    assert not [tick for tick in told["read"] if tick["fault"]]
    manifest = json.loads((line.second / "manifest.json").read_bytes())
    rows = {
        (config, split): found["rows"]
        for config, entry in manifest["configs"].items()
        for split, found in entry["splits"].items()
    }
    for reader in set(READERS) - {"download"}:
        read = {
            (tick["config"], tick["split"]): tick["rows"]
            for tick in told["read"]
            if (tick["tag"], tick["reader"]) == ("v2.0.0", reader)
        }
        assert read == rows


def test_things_that_go_wrong_on_the_way_change_nothing(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.hub.rehearse.read_published", lambda *_, **__: [Tick("download", "", "", "", 1)])
    result = rehearse([line.first], faults=True)
    assert result.fine
    assert result.faults >= 5
    assert result.runs >= 1


def test_releases_of_two_lines_are_not_rehearsed_together(example: BuildResult, line: Line, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not of one corpus and line"):
        rehearse([example.lines["open"].folder, line.first])
    with pytest.raises(UsageError, match="is no release"):
        rehearse([tmp_path])
    with pytest.raises(UsageError, match="for this machine alone"):
        rehearse([example.lines["vault"].folder])


def test_a_release_that_was_touched_is_not_rehearsed(line: Line, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(line.first, copy)
    (copy / "LICENSE.md").write_text("Everything is permitted.\n", encoding="utf-8")
    with pytest.raises(NotReadyError):
        rehearse([copy])


TOLD: dict[str, tuple[Any, str]] = {
    "fewer rows": ({"rows": 1}, "expected"),
    "other content": ({"content": "0" * 64}, "content digest"),
    "other columns": ({"features": {}}, "features"),
    "another commit": ({"commits": ["b" * 40]}, "another commit"),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_reader_that_reads_something_else_is_told(line: Line, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    manifest = json.loads((line.first / "manifest.json").read_bytes())
    fields, words = TOLD[name]
    good = [
        {"config": config, "split": split, "rows": found["rows"], "content": found["content_sha256"]}
        for config, entry in manifest["configs"].items()
        for split, found in entry["splits"].items()
    ]
    monkeypatch.setattr(readback, "_told", lambda *_: ([{**good[0], **fields}, *good[1:]], ""))
    ticks = read_back("org/small", "v1.0.0", "a" * 40, manifest, {}, endpoint="", token=None, readers=("datasets",))
    assert [bool(tick.fault) for tick in ticks] == [True] + [False] * (len(good) - 1)
    assert words in ticks[0].fault
    assert [finding.code for finding in differing(ticks)] == ["load-differs"]


def test_a_split_that_is_not_read_and_a_client_that_fails_are_told(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = json.loads((line.first / "manifest.json").read_bytes())
    there = {"endpoint": "", "token": None, "readers": ("datasets",)}
    monkeypatch.setattr(readback, "_told", lambda *_: ([], ""))
    assert {tick.fault for tick in read_back("o/n", "v1.0.0", "a", manifest, {}, **there)} == {"was not read"}  # type: ignore[arg-type]
    monkeypatch.setattr(readback, "_told", lambda *_: ([], "failed: it did"))
    assert [tick.fault for tick in read_back("o/n", "v1.0.0", "a", manifest, {}, **there)] == ["failed: it did"]  # type: ignore[arg-type]
    monkeypatch.setattr(readback, "_told", lambda *_: ([{"missing": "datasets"}], ""))
    [gap] = read_back("o/n", "v1.0.0", "a", manifest, {}, **there)  # type: ignore[arg-type]
    assert gap.missing
    assert differing([gap]) == []
