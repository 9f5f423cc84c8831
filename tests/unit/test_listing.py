"""A folder that the system does not list is no empty folder: nothing goes on without what may be in it."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pressmark import verify
from pressmark.cli import main
from pressmark.decisions import decision_files
from pressmark.errors import SystemRefusedError
from pressmark.history import versions_in
from pressmark.press.folder import put_in_place
from pressmark.told import released_rows
from pressmark.workshop import files_below
from support import Corpus


def unlisted(monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    """Let the system refuse to list folders of a name: root may list everything, so permissions would not do."""
    scandir = os.scandir

    def refusing(path: Any = ".") -> Iterator[Any]:
        if not isinstance(path, int) and Path(path).name == name:
            raise OSError(code, os.strerror(code), str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)


def test_files_are_those_at_every_depth_and_links(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("b/c/2", "b/1", "a"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "link").symlink_to("b")
    found = [path.relative_to(tmp_path).as_posix() for path in files_below(tmp_path)]
    assert found == ["a", "b/1", "b/c/2", "link"]
    assert files_below(tmp_path / "nowhere") == files_below(tmp_path / "a") == []


@pytest.mark.parametrize("code", [errno.EACCES, errno.EMFILE, errno.EIO])
def test_a_folder_of_decisions_that_is_not_listed_stops(
    code: int, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.write("rights/closing/letter.toml", "")
    assert len(decision_files(corpus.folder)) == 1
    unlisted(monkeypatch, "closing", code)
    with pytest.raises(OSError, match=os.strerror(code)):
        decision_files(corpus.folder)


# `closed`: the texts that a release is searched for; `.building`: what is searched, listed and made durable.
@pytest.mark.parametrize("name", ["open", "train", "data", "schema"])
def test_a_build_that_cannot_see_all_of_its_folders_releases_nothing(
    name: str, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        unlisted(patch, name, errno.EACCES)
        with pytest.raises(SystemRefusedError, match="Permission denied"):
            corpus.build()
    assert not list(corpus.out.glob("small/*/1.0.0"))
    assert verify(corpus.build().lines["open"].folder) == []


def test_what_cannot_be_made_durable_is_not_put_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "unfinished" / "data").mkdir(parents=True)
    (tmp_path / "unfinished" / "data" / "a").write_bytes(b"")
    unlisted(monkeypatch, "data", errno.EMFILE)
    with pytest.raises(OSError, match="Too many open files"):
        put_in_place(tmp_path / "unfinished", tmp_path / "1.0.0")
    assert not (tmp_path / "1.0.0").exists()


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
@pytest.mark.parametrize("name", ["train", "rights"])
def test_a_release_that_is_not_listed_is_not_one_without_files(
    name: str, code: int, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus.build().lines["open"].folder
    with monkeypatch.context() as patch:
        unlisted(patch, name, code)
        done = CliRunner().invoke(main, ["verify", str(folder)])
    assert done.exit_code == 2
    assert f"{name}: the system says: {os.strerror(code)}" in " ".join(done.stderr.split())


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
def test_a_line_that_is_not_listed_is_not_one_without_versions(
    code: int, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.build("1.0.0")
    with monkeypatch.context() as patch:
        unlisted(patch, "open", code)
        with pytest.raises(SystemRefusedError, match=rf"open: the system says: {os.strerror(code)}"):
            corpus.build("auto")
        with pytest.raises(OSError, match=os.strerror(code)):
            versions_in(corpus.out / "small" / "open")
    assert versions_in(corpus.out / "small" / "open") == ["1.0.0"]
    assert versions_in(corpus.out / "nowhere") == versions_in(corpus.folder / "corpus.toml") == []


@pytest.mark.parametrize("code", [errno.EACCES, errno.EMFILE, errno.EIO])
def test_lines_that_are_not_listed_are_not_taken_for_none(
    code: int, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.build("1.0.0")
    assert list(released_rows(corpus.out / "small"))
    assert list(released_rows(corpus.out / "nowhere")) == []
    unlisted(monkeypatch, "small", code)
    with pytest.raises(OSError, match=os.strerror(code)):
        list(released_rows(corpus.out / "small"))
