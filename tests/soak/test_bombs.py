"""What unpacks, or is parsed, to far more than it is: refused with a code, in little memory and time."""

import multiprocessing
import os
import resource
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bombs import BOMBS, MB
from pressmark.findings import CATALOGUE
from pressmark.intake.files import InputFile
from pressmark.intake.read import read
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Source
from soak_figures import FIGURES, figures

PARTS = 4
SECONDS = 90.0
"""How long one may take, on a machine that has other work: up to a GB is unpacked before it is too much, and a parser
is ended after a minute."""

MEMORY, APART = 256 * MB, 1024 * MB
"""Beyond what the process has that reads, and beyond what reads a harmless file at arm's length, where Arrow holds a
value of a table several times before its size is known."""

AT_ONCE = 16 * 10**6
"""Bytes of an input, as a recipe has them that says nothing of it."""

_HARMLESS = b"<html><head><title>A page</title></head><body>" + b"<p>Words of a page, some of them.</p>" * 20
Told = Callable[[str, object], None]


def read_all(folder: Path, name: str, format_: str) -> tuple[Counter[str], int]:
    """Read a file as a build does; return how often each code came, and the largest text."""
    source = Source("journal", "The Journal", "Journal House", "en")
    file = InputFile(name, name, (folder / name).stat().st_size)
    codes: Counter[str] = Counter()
    largest = 0
    for each in read(ReadTask(0, folder, Input("*", format_, "journal"), source, (file,), AT_ONCE)):
        codes[each.rejection.code if each.rejection else "read" if each.article else "noted"] += 1
        largest = max(largest, len(each.article["text"]) if each.article else 0)
    return codes, largest


def at_work(pipe: Any, folder: Path, name: str, format_: str) -> None:
    """Read one file in this process, and say what came of it, the seconds, and the memory beyond what there was."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    codes, largest = read_all(folder, name, format_)
    seconds = time.monotonic() - start
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    pipe.send((codes, largest, seconds, here << 10, below << 10))


def measured(folder: Path, name: str, format_: str) -> tuple[Counter[str], int, float, int, int] | None:
    """Read a file in a process of its own; nothing where that did not live to tell."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pressmark.intake.read", "soak_press"])
    ours, theirs = context.Pipe()
    process = context.Process(target=at_work, args=(theirs, folder, name, format_))
    process.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(120) else None
    except EOFError:
        return None
    finally:
        process.kill()
        process.join()


def wrong_with(folder: Path, name: str, base: int) -> tuple[list[str], dict[str, int]]:
    """Read a bomb, and return what is wrong and what was measured."""
    file, format_, made = BOMBS[name]
    (folder / file).write_bytes(made())
    found = measured(folder, file, format_)
    if found is None:
        return ["whoever reads it does not come back"], {}
    codes, largest, seconds, here, below = found
    at_arms_length = max(0, below - base)
    print(
        f"{name}: {(folder / file).stat().st_size} bytes, {dict(codes)}, {seconds:.2f} s, {here / MB:.0f} MB here, "
        f"{at_arms_length / MB:.0f} MB at arm's length"
    )
    wrong = [f"found {code}" for code in codes if code not in (*CATALOGUE, "read", "noted")]
    wrong += ["nothing came of it"] if not codes else []
    wrong += [f"a text of {largest} characters"] if largest > AT_ONCE else []
    wrong += [f"took {seconds:.1f} seconds"] if seconds > SECONDS else []
    wrong += [f"took {here / MB:.0f} MB"] if here > MEMORY else []
    wrong += [f"took {at_arms_length / MB:.0f} MB at arm's length"] if at_arms_length > APART else []
    return wrong, {"ms": round(seconds * 1000), "MB": max(here, at_arms_length) // MB, "read": codes["read"]}


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> int:
    """Return the memory of a process at arm's length that reads a harmless page."""
    folder = tmp_path_factory.mktemp("harmless")
    (folder / "a.html").write_bytes(_HARMLESS)
    found = measured(folder, "a.html", "html")
    assert found
    assert found[0] == {"read": 1}
    return found[4]


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_no_bomb_goes_off(part: int, base: int, tmp_path: Path, record_property: Told) -> None:
    faults, names, most = [], list(BOMBS)[part::PARTS], {"ms": 0, "MB": 0, "read": 0}
    for name in names:
        wrong, told = wrong_with(tmp_path, name, base)
        most = {key: max(most[key], told.get(key, 0)) for key in most}
        if wrong:
            faults.append(f"BOMB='{name}' pytest -m '' tests/soak/test_bombs.py -k replay: {'; '.join(wrong)}")
    record_property(FIGURES, figures("bombs", seed=f"part {part}", done=len(names), faults=faults))
    print(f"at most {most}")
    assert faults == []


@pytest.mark.parametrize("name", ["gzip of an answer", "a dictionary", "depth in a record"])
def test_some_bombs_do_not_go_off(name: str, base: int, tmp_path: Path) -> None:
    assert wrong_with(tmp_path, name, base)[0] == []


@pytest.mark.skipif("BOMB" not in os.environ, reason="BOMB=NAME repeats one bomb, as a soak prints it")
def test_replay(base: int, tmp_path: Path) -> None:
    assert wrong_with(tmp_path, os.environ["BOMB"], base)[0] == []
