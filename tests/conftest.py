"""Fixtures: a small corpus to build, the command line as a user has it, the example corpus built once."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# A job in the background of a shell ignores this signal, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The Hub's clients look at these when they are imported, which is below.
_HOME = tempfile.mkdtemp(prefix="pressmark-tests-")
os.environ |= {
    "HF_HOME": _HOME,
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "NO_PROXY": "127.0.0.1,localhost",
}

from hub_cases import Line, two_versions  # noqa: E402 - after the variables
from pressmark import BuildResult, build  # noqa: E402 - the same
from soak_cases import WAYS, Press, Start  # noqa: E402 - the same
from soak_figures import noted  # noqa: E402 - the same
from support import AS_OF, PAGE, ROOT, Corpus, small_corpus  # noqa: E402 - the same

MARKS = "marks"
"""Name of what a report says of the marks of its test. Its keywords say less: a folder is one of them, as `soak` is."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell reports whether their tests are soaks, or counted."""
    for item in items:
        item.user_properties += [(MARKS, mark) for mark in ("soak", "counted") if item.get_closest_marker(mark)]


class Scoreboard:
    """Keeps what soaks found; of several processes of a run it is the leading one that does.

    Tests that are `counted` belong to `make test`, and are kept where the run asks for them, as `make soak` does.
    """

    def __init__(self, *, counts: bool) -> None:
        self._counts = counts

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        marks = dict(report.user_properties).get(MARKS)
        if marks == "soak" or (self._counts and marks == "counted"):
            noted(report)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Scoreboard(counts="counted" in config.getoption("markexpr")))


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """Return a corpus folder with a recipe, two sources and one page."""
    return small_corpus(tmp_path)


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Return two versions of a small release line, built once for all tests; nobody may change them."""
    return two_versions(small_corpus(tmp_path_factory.mktemp("line")))


# The Hub's client calls its own library so when it sends files.
_THEIRS = ("-W", "ignore:Use 'content=:DeprecationWarning")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def pressmark(tmp_path: Path) -> Run:
    """Return the command line, run as a user would, in an empty folder."""

    def run(*arguments: str | Path, **options: Any) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "160", **options.pop("env", {})}
        command = [sys.executable, "-W", "error", *_THEIRS, "-m", "pressmark", *map(str, arguments)]
        chosen = {"cwd": tmp_path, "env": environment, "timeout": 300, **options}
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, **chosen)

    return run


@pytest.fixture
def page() -> str:
    """Return a page that the source `paper` lays out."""
    return PAGE


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """Return the releases of the example corpus, built once for all tests; nobody may change them."""
    base = tmp_path_factory.mktemp("example")
    return build(ROOT / "corpus" / "three-papers", "1.0.0", out=base / "dist", work=base / "work", as_of=AS_OF)


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """Return a command line whose imports are done: soaks build some thousand times."""
    with Press() as started:
        yield started


@pytest.fixture(scope="session")
def start_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Start]:
    """Return what gives the start of the soaks for a way of building, by its name; each is made once."""
    made: dict[str, Start] = {}

    def start(name: str) -> Start:
        if name not in made:
            made[name] = Start.made(tmp_path_factory.mktemp(name), WAYS[name])
        return made[name]

    return start
