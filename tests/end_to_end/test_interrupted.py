"""A build that is interrupted, or whose words nobody reads: whole releases, and an exit code for it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest

from pressmark import building, verify
from pressmark.pressing import press_stage
from support import AS_OF, Corpus


def started(corpus: Corpus, *options: str, **more: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "pressmark", "build", str(corpus.folder), "--version", "1.0.0"]
    command += ["--as-of", AS_OF.isoformat(), "--out", str(corpus.out), "--work", str(corpus.work), *options]
    return subprocess.Popen(command, text=True, **{"stderr": subprocess.PIPE, "stdout": subprocess.PIPE, **more})


def wait_for_staging(corpus: Corpus, process: "subprocess.Popen[str]") -> None:
    """Wait until a build has a folder for what is on its way."""
    while process.poll() is None and not list((corpus.work / "small").glob("staging-*")):
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("number", "times", "code"),
    [(signal.SIGINT, 1, 130), (signal.SIGINT, 2, 130), (signal.SIGTERM, 1, 143), (signal.SIGHUP, 1, 129)],
)
def test_a_build_that_is_told_to_end_cleans_up(number: int, times: int, code: int, corpus: Corpus) -> None:
    # Under `nohup`, say, tests do not hear that the terminal is closed, and neither would what they start.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        process = started(corpus)
    finally:
        signal.signal(signal.SIGHUP, before)
    wait_for_staging(corpus, process)
    for _ in range(times):
        process.send_signal(number)
        time.sleep(0.05)
    out, err = process.communicate(timeout=60)
    # The second may come when the interpreter is at its end already: then it ends by the signal itself.
    assert (process.returncode in ((code, -number) if times == 2 else (code,)), out) == (True, "")
    assert "Traceback" not in err
    assert times == 2 or ("stopped" in err) == (number == signal.SIGINT)
    assert not list(corpus.out.glob("small/*/1.0.0"))
    if times == 1:
        assert not list(corpus.work.glob("small/staging-*"))
    corpus.build()
    assert not list(corpus.work.glob("small/staging-*"))


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_where_nobody_reads_the_release_is_there(options: tuple[str, ...], corpus: Corpus) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = started(corpus, *options, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 141
    assert "Traceback" not in err
    assert "error" not in err
    assert verify(corpus.out / "small" / "open" / "1.0.0") == []


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_build_needs_no_streams(closed: str, corpus: Corpus) -> None:
    command = [sys.executable, "-m", "pressmark", "build", str(corpus.folder), "--version", "1.0.0", "--line", "open"]
    command += ["--out", str(corpus.out), "--work", str(corpus.work)]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert verify(corpus.out / "small" / "open" / "1.0.0") == []


def test_what_cannot_be_said_is_no_word_about_the_release(corpus: Corpus, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        process = started(corpus, stdout=full)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "No space left on device" in err
    assert "nothing was released" not in err
    assert verify(corpus.out / "small" / "open" / "1.0.0") == []


def test_a_build_that_is_to_go_on_without_its_terminal_goes_on(corpus: Corpus) -> None:
    process = started(corpus, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    wait_for_staging(corpus, process)
    process.send_signal(signal.SIGHUP)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, "stopped" in err) == (0, False)
    assert verify(corpus.out / "small" / "open" / "1.0.0") == []


def test_where_nothing_can_be_said_the_code_says_that_it_was_refused(corpus: Corpus) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        process = started(corpus, stderr=full)
        process.communicate(timeout=120)
    assert process.returncode == 2
    assert not list(corpus.out.glob("small/*/1.0.0"))
    assert not list(corpus.work.glob("small/staging-*"))


class StoppedEngine:
    """An engine that is stopped between two results, and whose last task ends only when it is ended itself."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.late()

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        if function is press_stage:
            self.late = partial(function, tasks[-1])
            raise KeyboardInterrupt
        yield from map(function, tasks)

    def reach(self, *_: object) -> None:
        """All is here."""


def test_what_a_task_writes_while_the_build_is_stopped_does_not_stay(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "engine_of", lambda *_: StoppedEngine())
    with pytest.raises(KeyboardInterrupt):
        corpus.build()
    assert not list(corpus.out.glob("small/*/.building"))
    assert not list(corpus.work.glob("small/staging-*"))
