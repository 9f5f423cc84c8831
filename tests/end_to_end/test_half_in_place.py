"""A build that is killed between two lines: with `--version auto` the next one completes that version."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pressmark import verify
from pressmark.in_place import BEGUN
from support import AS_OF, Corpus

KILLED = """
import os, signal, sys
from pressmark import in_place
from pressmark.cli import main
from pressmark.press.folder import put_in_place

def killed(unfinished, final):
    if final.parent.name == "vault":
        os.kill(os.getpid(), signal.SIGKILL)
    put_in_place(unfinished, final)

in_place.put_in_place = killed
main(sys.argv[1:])
"""


def killed_between_lines(corpus: Corpus) -> None:
    options = ["--version", "auto", "--as-of", AS_OF.isoformat(), "--out", str(corpus.out), "--work", str(corpus.work)]
    command = [sys.executable, "-c", KILLED, "build", str(corpus.folder), *options, "--workers", "1"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == -signal.SIGKILL


def versions(corpus: Corpus) -> list[str]:
    return sorted(path.relative_to(corpus.out / "small").as_posix() for path in corpus.out.glob("small/*/*.*.*"))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.mark.parametrize("before", [[], ["1.0.0"]])
def test_the_version_that_is_half_in_place_is_completed(before: list[str], corpus: Corpus, tmp_path: Path) -> None:
    for version in before:
        corpus.build(version)
    corpus.records({}, {})
    whole = Corpus(corpus.folder, tmp_path / "whole", tmp_path / "whole-work")
    if before:
        shutil.copytree(corpus.out, whole.out)
    expected = whole.build("auto")
    killed_between_lines(corpus)
    new = expected.lines["open"].folder.name
    assert versions(corpus) == sorted(
        [*(f"{line}/{old}" for line in ("open", "vault") for old in before), f"open/{new}"]
    )
    result = corpus.build("auto")
    assert {name: line.unchanged for name, line in result.lines.items()} == {"open": True, "vault": False}
    assert versions(corpus) == versions(whole)
    for name, line in expected.lines.items():
        assert contents(line.folder) == contents(result.lines[name].folder)
        assert verify(result.lines[name].folder) == []
    assert not (corpus.out / "small" / BEGUN).exists()
    assert all(line.unchanged for line in corpus.build("auto").lines.values())


def more(corpus: Corpus) -> date:
    corpus.records({}, {}, {})
    return AS_OF


def other_day(_: Corpus) -> date:
    return date(2026, 2, 1)


@pytest.mark.parametrize(("change", "version"), [(more, "1.2.0"), (other_day, "1.2.0")])
def test_where_something_changed_since_the_next_version_is_made(
    change: Callable[[Corpus], date], version: str, corpus: Corpus
) -> None:
    corpus.build("1.0.0")
    corpus.records({}, {})
    killed_between_lines(corpus)
    half = contents(corpus.out / "small" / "open" / "1.1.0")
    result = corpus.build("auto", as_of=change(corpus))
    assert {line.folder.name for line in result.lines.values()} == {version}
    assert "vault/1.1.0" not in versions(corpus)
    assert contents(corpus.out / "small" / "open" / "1.1.0") == half
    assert not (corpus.out / "small" / BEGUN).exists()
    assert all(verify(line.folder) == [] for line in result.lines.values())


def test_lines_that_are_merely_of_different_versions_go_on_together(corpus: Corpus) -> None:
    corpus.build("1.0.0")
    corpus.records({}, {})
    corpus.build("1.1.0", line="open")
    assert {line.folder.name for line in corpus.build("auto").lines.values()} == {"1.2.0"}


def test_note_of_a_version_that_is_whole_is_removed(corpus: Corpus) -> None:
    corpus.build("1.0.0")
    note = corpus.out / "small" / BEGUN
    note.write_text("1.0.0", encoding="utf-8")  # killed after the last line was put in place
    assert all(line.unchanged for line in corpus.build("auto").lines.values())
    assert not note.exists()
