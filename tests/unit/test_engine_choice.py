"""Engines by name: Ray is imported where it is asked for, and told of in words where it is not installed."""

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pressmark import build
from pressmark.cli import main
from pressmark.engine.choice import engine_of
from pressmark.engine.local import LocalEngine
from pressmark.errors import UsageError
from support import AS_OF, Corpus


def test_a_name_that_is_none_is_told_in_words() -> None:
    with pytest.raises(UsageError, match="'roy'") as raised, engine_of("roy", 1):
        pass
    assert "ray://HOST:PORT" in raised.value.advice


def test_a_local_build_does_not_import_ray(corpus: Corpus) -> None:
    words = "import sys; from pressmark import build; build({!r}, '1.0.0', out={!r}, work={!r})"
    script = (words + "; print('ray' in sys.modules)").format(
        str(corpus.folder), str(corpus.folder / "d"), str(corpus.folder / "w")
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("engine", ["ray", "ray://127.0.0.1:1"])
def test_without_the_extra_it_is_said_what_to_install(
    engine: str, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "ray"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "pressmark.engine.ray", raising=False)
    monkeypatch.delitem(sys.modules, "pressmark.engine.cluster", raising=False)
    monkeypatch.delitem(sys.modules, "pressmark.engine.nodes", raising=False)
    monkeypatch.setitem(sys.modules, "ray", None)
    places = ["--out", str(tmp_path / "dist"), "--work", str(tmp_path / "work"), "--engine", engine]
    done = CliRunner().invoke(main, ["build", str(corpus.folder), "--version", "1.0.0", *places])
    assert (done.exit_code, "pip install 'pressmark[ray]'" in done.output) == (2, True), done.output


class Watching(LocalEngine):
    """Keeps what is sent to processes."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        self.sent += map(pickle.dumps, tasks)
        return super().run(function, tasks)


def test_no_task_of_a_build_names_a_folder_of_this_machine_alone(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = tmp_path / "of-this-machine-alone"
    alone.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(alone))
    with Watching() as engine:
        build(corpus.folder, "1.0.0", out=tmp_path / "d", work=tmp_path / "w", as_of=AS_OF, engine=engine)
    assert engine.sent
    assert not [each for each in engine.sent if alone.name.encode() in each]
