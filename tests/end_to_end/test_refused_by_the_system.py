"""What a build says where the system refuses something, as a full disk does."""

import errno
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from pressmark import building, in_place, verify
from pressmark.cli import main
from pressmark.engine.local import LocalEngine
from pressmark.errors import OutputError, PressmarkError, RecipeError, SystemRefusedError
from pressmark.former import former
from pressmark.press.folder import put_in_place
from pressmark.search import verify_rights
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


@pytest.mark.parametrize("what", ["shard.opened", "spilled.TemporaryFile"])
@pytest.mark.parametrize("code", USED_UP)
def test_the_last_check_of_a_build_says_that_the_system_refused(
    code: int, what: str, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> Any:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr("pressmark.release.spilled._HELD", 0)
        patch.setattr(f"pressmark.release.{what}", refused)
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
        patch.setattr("pressmark.release.shard.opened", refused)
        done = CliRunner().invoke(main, ["verify", str(corpus.out / "small" / "open" / "1.0.0")])
    assert done.exit_code == 2
    assert "the system says: Cannot allocate memory" in " ".join(done.stderr.split())


EARLIER = [f"1.0.0/{name}" for name in ("manifest.json", "versions.json")]


@pytest.mark.parametrize("code", [*USED_UP, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("path", EARLIER)
def test_a_release_that_the_system_does_not_give_is_not_called_damaged(
    path: str, code: int, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus.build().lines["open"].folder
    corpus.records({}, {})
    with monkeypatch.context() as patch:
        # That it is read to be digested is not what is looked at here.
        patch.setattr("pressmark.history._refuse_changed", lambda *_: None)
        opened_nowhere(patch, folder.parent / path, code)
        with pytest.raises(SystemRefusedError, match=re.escape(f"the system says: {os.strerror(code)}")) as caught:
            corpus.build("1.1.0")
    assert caught.value.advice.startswith("nothing was released")
    corpus.build("1.1.0")


@pytest.mark.parametrize("code", [*USED_UP, errno.EIO, errno.EACCES])
def test_releases_that_the_system_does_not_give_are_neither_compared_nor_made_again(
    code: int, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus.build().lines["open"].folder
    opened_nowhere(monkeypatch, folder / "manifest.json", code)
    for words in (["diff", str(folder), str(folder)], ["verify", str(folder), "--rebuild", str(corpus.folder)]):
        if words[0] == "verify":
            # It is read a second time once it is found to be good.
            monkeypatch.setattr("pressmark.cli_verify.verify", lambda *_, **__: [])
        done = CliRunner().invoke(main, words)
        assert (done.exit_code, f"the system says: {os.strerror(code)}" in " ".join(done.stderr.split())) == (2, True)


@pytest.mark.parametrize("code", [*USED_UP, errno.EIO, errno.EACCES])
def test_what_the_system_does_not_give_is_not_called_a_fault_of_its_own(
    code: int, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus.build().lines["open"].folder
    for path, words in (
        (corpus.folder / "corpus.toml", ["check", str(corpus.folder)]),
        (folder / "manifest.json", ["rehearse", str(folder)]),
    ):
        with monkeypatch.context() as patch:
            opened_nowhere(patch, path, code)
            done = CliRunner().invoke(main, words)
        assert (done.exit_code, f"the system says: {os.strerror(code)}" in " ".join(done.stderr.split())) == (2, True)

    def refused(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("pressmark.search.pq", SimpleNamespace(read_table=refused))
    with pytest.raises(OSError, match=re.escape(os.strerror(code))):
        verify_rights(folder, corpus.work / "small")


def test_a_recipe_that_is_no_file_is_missing(corpus: Corpus) -> None:
    recipe = corpus.folder / "corpus.toml"
    recipe.unlink()
    for is_folder in (False, True):
        if is_folder:
            recipe.mkdir()
        with pytest.raises(RecipeError) as caught:
            corpus.build()
        assert [fault.code for fault in caught.value.faults] == ["recipe-missing"]


def test_rows_of_an_older_release_that_the_system_does_not_give_are_not_called_damaged(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = next(corpus.build().lines["open"].folder.rglob("*.parquet"))

    def refused(code: int | None) -> Callable[..., Any]:
        def read(*_: object, **__: object) -> Any:
            raise OSError(code, "no") if code else OSError("Corrupt snappy compressed data.")

        return read

    monkeypatch.setattr("pressmark.former.pq", SimpleNamespace(read_table=refused(errno.EIO)))
    with pytest.raises(OSError, match="no"):
        former({"release": 2, "files": []}, [(path.parents[2], _manifest_of(path.parents[2]))])
    monkeypatch.setattr("pressmark.former.pq", SimpleNamespace(read_table=refused(None)))
    with pytest.raises(OutputError, match="cannot be read"):
        former({"release": 2, "files": []}, [(path.parents[2], _manifest_of(path.parents[2]))])


def _manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return found


class Stopped(LocalEngine):
    """Ends at a stage as where a process is killed, while another one goes on until the engine ends."""

    writing = False

    def __init__(self, stage: str) -> None:
        super().__init__(1)
        self.stage = stage

    def run(self, function: Callable[..., Any], tasks: Sequence[Any]) -> Iterator[Any]:
        if function.__name__ == self.stage:
            Stopped.writing = True
            raise PressmarkError("a worker process was killed")
        return super().run(function, tasks)

    def __exit__(self, *_: object) -> None:
        super().__exit__(None, None, None)
        Stopped.writing = False


@pytest.fixture
def written_late(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Let temporary folders that go meanwhile have a file more just before they do, and return their names."""
    seen: set[str] = set()
    rmdir = os.rmdir

    def removed(path: Any, **options: Any) -> None:
        name = Path(path).name
        if Stopped.writing and name.startswith(("tmp", "pressmark-")) and name not in seen:
            seen.add(name)
            (Path(path) / "late").write_bytes(b"")
        rmdir(path, **options)

    monkeypatch.setattr(os, "rmdir", removed)
    return seen


@pytest.mark.parametrize("stage", ["credit_stage", "read_shard"])
def test_a_task_that_still_writes_hides_no_fault_of_another(stage: str, corpus: Corpus, written_late: set[str]) -> None:
    with Stopped(stage) as engine, pytest.raises(PressmarkError, match="a worker process was killed"):
        corpus.build(engine=engine)
    assert written_late
    assert list((corpus.work / "small").glob("staging*")) == []


def test_what_a_check_left_is_removed_once_all_of_its_processes_have_ended(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written_late: set[str]
) -> None:
    folder = corpus.build().lines["open"].folder
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setattr("pressmark.cli_verify.LocalEngine", lambda _: Stopped("read_shard"))
    done = CliRunner().invoke(main, ["verify", str(folder)])
    assert (done.exit_code, "a worker process was killed" in done.stderr) == (1, True)
    assert written_late
    assert list(scratch.iterdir()) == []
