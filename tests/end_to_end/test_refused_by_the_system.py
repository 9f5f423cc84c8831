"""What a build says where the system refuses something, as a full disk does."""

import errno
import io
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from pressmark import building, in_place, verify
from pressmark.cli import main
from pressmark.errors import SystemRefusedError
from pressmark.press.folder import put_in_place
from support import Corpus


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("what", "there"), [("link_unchanged", []), ("write_ledger", ["open", "vault"]), ("second", ["open"])]
)
def test_at_the_end_it_is_said_which_releases_are_there(
    what: str, there: list[str], corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.build()
    corpus.records({}, {})

    def second(unfinished: Path, final: Path) -> None:
        (full if final.parent.name == "vault" else put_in_place)(unfinished, final)

    with monkeypatch.context() as patch:
        if what == "second":
            patch.setattr(in_place, "put_in_place", second)
        else:
            patch.setattr(building if what == "write_ledger" else in_place, what, full)
        with pytest.raises(SystemRefusedError, match=re.escape("No space left on device (free: ")) as caught:
            corpus.build("1.1.0")
    places = [str(corpus.out / "small" / name / "1.1.0") for name in there]
    assert [path for path in places if not Path(path).is_dir()] == []
    assert caught.value.advice.startswith(f"{', '.join(places) or 'nothing'} {'is in place' if places else 'was rel'}")
    corpus.build("1.1.0")
    assert all(verify(corpus.out / "small" / name / "1.1.0") == [] for name in ("open", "vault"))


def building_of(corpus: Corpus) -> list[str]:
    """Return the words of a command that builds a corpus."""
    places = ["--out", str(corpus.out), "--work", str(corpus.work)]
    return ["build", str(corpus.folder), "--version", "1.0.0", *places]


def test_what_is_left_is_said_where_space_ran_out_in_a_file_without_a_name(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "curate", full)
    done = CliRunner().invoke(main, building_of(corpus))
    said = " ".join(done.stderr.split())
    assert done.exit_code == 2
    assert re.search(r"No space left on device \(free: [0-9,]+ bytes in .*, [0-9,]+ bytes in ", said)
    assert "nothing was released" in said


USED_UP = [errno.EMFILE, errno.ENFILE, errno.ENOSPC]
CHECKED = ["manifest.json", "SHA256SUMS", "README.md", "croissant.json", "CITATION.cff", "versions.json"]
CHECKED += ["CHANGELOG.md", "rights/report.json", "sources/journal.json", "schema/article.schema.json"]


def opened_nowhere(monkeypatch: pytest.MonkeyPatch, path: Path, code: int) -> None:
    """Let the system refuse to open one file to read it."""
    open_ = io.open

    def refusing(file: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
        if not isinstance(file, int) and Path(file) == path and mode in ("r", "rb"):
            raise OSError(code, os.strerror(code), str(file))
        return open_(file, mode, *more, **options)

    monkeypatch.setattr(io, "open", refusing)


@pytest.mark.parametrize("path", CHECKED)
def test_what_the_system_has_no_more_of_is_nothing_that_is_wrong_with_a_release(
    path: str, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus.build().lines["open"].folder
    for code in USED_UP:
        with monkeypatch.context() as patch:
            opened_nowhere(patch, folder / path, code)
            with pytest.raises(OSError, match=re.escape(os.strerror(code))):
                verify(folder)
    assert verify(folder) == []


@pytest.mark.parametrize("code", USED_UP)
def test_the_last_check_of_a_build_says_that_the_system_refused(
    code: int, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> Any:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr("pressmark.release.shard.pq", SimpleNamespace(ParquetFile=refused))
        done = CliRunner().invoke(main, building_of(corpus))
    said = " ".join(done.stderr.split())
    assert (done.exit_code, "report this" in said) == (2, False)
    assert f"the system says: {os.strerror(code)}" in said
    assert "nothing was released" in said
    assert CliRunner().invoke(main, building_of(corpus)).exit_code == 0


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        pa.ArrowMemoryError("malloc of size 64 failed"),
        RuntimeError("can't start new thread"),
        pa.ArrowException("Unknown error: Failed to launch worker thread: Resource temporarily unavailable"),
    ],
)
def test_memory_or_threads_that_are_used_up_stop_a_build_in_words(
    error: Exception, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> Any:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(building, "curate", refused)
        done = CliRunner().invoke(main, building_of(corpus))
    said = " ".join(done.stderr.split())
    assert (done.exit_code, "the system says: " in said, "nothing was released" in said) == (2, True, True)
    with monkeypatch.context() as patch:
        patch.setattr(building, "prove_formats", refused)  # before there is anything to be released
        done = CliRunner().invoke(main, building_of(corpus))
    assert (done.exit_code, "the system says: " in done.stderr) == (2, True)
    with monkeypatch.context() as patch:
        patch.setattr(error, "args", ("something else",))
        patch.setattr(building, "curate", refused)
        done = CliRunner().invoke(main, building_of(corpus))
    assert isinstance(done.exception, SystemExit if isinstance(error, MemoryError) else type(error))


def test_memory_that_is_used_up_is_no_fault_of_a_release(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.build("1.0.0")

    def refused(*_: object, **__: object) -> Any:
        raise pa.ArrowMemoryError("malloc of size 64 failed")

    with monkeypatch.context() as patch:
        patch.setattr("pressmark.release.shard.pq", SimpleNamespace(ParquetFile=refused))
        done = CliRunner().invoke(main, ["verify", str(corpus.out / "small" / "open" / "1.0.0")])
    assert done.exit_code == 2
    assert "the system says: Cannot allocate memory" in " ".join(done.stderr.split())
