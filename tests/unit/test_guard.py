"""A parser that hangs, dies or eats memory costs its own input, and the next one is read."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pressmark.findings import RefusedInputError
from pressmark.intake.decode import decode
from pressmark.intake.guard import Guard


def test_what_a_parser_does_wrong_costs_one_input() -> None:
    # What is called comes with Python or is small: the limit is also of loading it, on a machine that is busy.
    wrongs: list[tuple[Callable[[Any], Any], Any, str]] = [
        (time.sleep, 600, "no end after 5 seconds"),
        (bytes, 8 << 30, "MemoryError"),
        (int, "words of a page", "ValueError"),
        (os._exit, 9, "died: 9"),
    ]
    with Guard(seconds=5) as guard:
        for bad, argument, words in wrongs:
            with pytest.raises(RefusedInputError, match="parser-failed") as refused:
                guard.call(bad, argument)
            assert words in refused.value.detail
            assert "words of a page" not in refused.value.detail
            assert guard.call(len, "abc") == 3


def test_what_a_parser_refuses_is_refused_with_its_words() -> None:
    with Guard() as guard:
        process = guard.call(os.getpid)
        with pytest.raises(RefusedInputError, match="wrong-encoding") as refused:
            guard.call(decode, b"a\xff", declared="utf-8")
        assert refused.value.place == "byte 1"
        assert guard.call(os.getpid) == process


def counts(end: int, then: str) -> Iterator[int]:
    yield from range(end)
    if then == "refuse":
        raise RefusedInputError("empty-text", "found nothing", "/text")
    if then == "die":
        os._exit(9)
    if then == "raise":
        raise KeyError("words of a page")


def test_what_is_yielded_there_comes_one_by_one() -> None:
    with Guard() as guard:
        assert list(guard.each(counts, 3, "")) == [0, 1, 2]
        process = guard.call(os.getpid)
        for then, words in (("refuse", "empty-text"), ("raise", "parser-failed"), ("die", "parser-failed")):
            found = guard.each(counts, 2, then)
            assert [next(found), next(found)] == [0, 1]
            with pytest.raises(RefusedInputError, match=words):
                next(found)
            # One that died is replaced, and only such a one.
            assert (guard.call(os.getpid) == process) is (then != "die")


def test_whoever_stops_early_gets_no_late_answers() -> None:
    with Guard() as guard:
        process = guard.call(os.getpid)
        found = guard.each(counts, 100_000, "")
        assert next(found) == 0
        with pytest.raises(AssertionError, match="an answer to what was asked before"):
            guard.call(os.getpid)
        found.close()
        assert guard.call(os.getpid) != process
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_process_that_does_not_start_is_no_fault_of_the_input(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from pressmark.intake.guard import Guard\nwith Guard() as guard:\n    print(guard.call(len, 'abc'))\n"
    )
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 1
    assert "PressmarkError: the process that parses pages does not start" in ran.stderr
    assert "parser-failed" not in ran.stderr
    guarded = script.read_text().replace("with", "if __name__ == '__main__':\n  with")
    script.write_text(guarded)
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=120)
    assert (ran.returncode, ran.stdout) == (0, "3\n")


def test_no_process_is_left() -> None:
    with Guard() as guard:
        process = guard.call(os.getpid)
        assert process != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
