"""A parser that hangs, dies or eats memory costs its own input, and the next one is read."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pressmark.findings import RefusedInputError
from pressmark.intake.guard import Guard


def doubled(number: int) -> int:
    return number * 2


def hangs() -> None:
    time.sleep(60)


def dies(status: int) -> None:
    os._exit(status)


def eats() -> int:
    return len(bytes(8 << 30))


def raises() -> None:
    raise KeyError("words of a page")


def refuses() -> None:
    raise RefusedInputError("empty-text", "found nothing", "/text")


def test_what_a_parser_does_wrong_costs_one_input() -> None:
    with Guard(seconds=3) as guard:
        for bad, words in (
            (hangs, "no end after 3 seconds"),
            (eats, "MemoryError"),
            (raises, "KeyError"),
        ):
            with pytest.raises(RefusedInputError, match="parser-failed") as refused:
                guard.call(bad)
            assert words in refused.value.detail
            assert "words of a page" not in refused.value.detail
            assert guard.call(doubled, 4) == 8
        with pytest.raises(RefusedInputError, match="parser-failed") as refused:
            guard.call(dies, 9)
        assert "died: 9" in refused.value.detail
        with pytest.raises(RefusedInputError, match="empty-text") as refused:
            guard.call(refuses)
        assert (refused.value.detail, refused.value.place) == ("found nothing", "/text")
        assert guard.call(doubled, number=5) == 10


def counts(end: int, then: str) -> Iterator[int]:
    yield from range(end)
    if then == "refuse":
        refuses()
    elif then == "die":
        dies(9)
    elif then == "raise":
        raises()


def test_what_is_yielded_there_comes_one_by_one() -> None:
    with Guard(seconds=20) as guard:
        assert list(guard.each(counts, 3, "")) == [0, 1, 2]
        for then, words in (("refuse", "empty-text"), ("die", "parser-failed"), ("raise", "parser-failed")):
            found = guard.each(counts, 2, then)
            assert [next(found), next(found)] == [0, 1]
            with pytest.raises(RefusedInputError, match=words):
                next(found)
            assert guard.call(doubled, 4) == 8
        # Whoever stops early gets no late answers.
        assert next(guard.each(counts, 100_000, "")) == 0
        assert guard.call(doubled, 4) == 8


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
