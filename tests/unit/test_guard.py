"""A parser that hangs, dies or eats memory costs its own input, and the next one is read."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
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


KILLED = """
import os, sys
from pathlib import Path
from pressmark.findings import RefusedInputError
from pressmark.intake.files import InputFile
from pressmark.intake.guard import Guard
from pressmark.intake.html_door import parse_html
from pressmark.intake.parquet_rows import portions

def code_of(what):
    try:
        return what()
    except RefusedInputError as error:
        return error.code

if __name__ == "__main__":
    folder, page = Path(sys.argv[1]), b"<article><p>The ferry is out of the water.</p><p>It sails.</p></article>"
    guard = Guard(memory_bytes=3 << 29)
    print(guard.call(os.getpid))
    print(guard.call(parse_html, page, timezone="Asia/Seoul").fields["text"].partition(".")[0])
    print(code_of(lambda: guard.call(parse_html, b"", timezone=None)))
    print(code_of(lambda: guard.call(int, "words")))
    for name in ("good", "large"):
        file = InputFile(name, name, (folder / name).stat().st_size)
        print(code_of(lambda: [len(some) for _, some in guard.each(portions, folder, file, None, 1 << 20)]))
    sys.stdout.flush()
    os._exit(0)  # as one that is killed: nobody ends the process
"""


def test_no_parser_is_left_of_a_build_that_was_killed(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [str(number) for number in range(150)]}), tmp_path / "good")
    large = pa.table({"text": pa.array(["x" * (1 << 29)])})
    pq.write_table(large, tmp_path / "large", compression="zstd", use_dictionary=False, write_statistics=False)
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    ran = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=True, timeout=300)
    process, *found = ran.stdout.splitlines()
    assert found == ["The ferry is out of the water", "empty-input", "parser-failed", "[64, 64, 22]", "too-large"]
    end = time.monotonic() + 60
    while is_running(process):
        assert time.monotonic() < end
        time.sleep(0.1)


def is_running(process: str) -> bool:
    """Tell whether a process runs; of one that ended its entry may stay where nobody asks for it."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
