"""The same inputs are the same bytes, whatever the machine looks like."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from conftest import Run
from pressmark import BuildResult, reading_plan
from pressmark import build as build_here
from support import AS_OF, ROOT, Corpus

EXAMPLE = ROOT / "corpus" / "three-papers"


def bytes_of(dist: Path) -> dict[str, bytes]:
    return {
        path.relative_to(dist).as_posix(): path.read_bytes()
        for path in sorted(dist.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@pytest.fixture
def expected(example: BuildResult) -> dict[str, bytes]:
    return bytes_of(example.lines["open"].folder.parents[2])


def build(run: Run, corpus: Path, *options: str, **chosen: object) -> None:
    done = run("build", corpus, "--version", "1.0.0", "--as-of", AS_OF.isoformat(), *options, **chosen)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_over_worker_counts(
    seconds: float, tmp_path: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    # From the first task on, and from somewhere in the middle.
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", seconds)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_STARTING", 0.0)
    build_here(EXAMPLE, "1.0.0", out=tmp_path / "dist", work=tmp_path / "work", as_of=AS_OF, workers=2)
    assert bytes_of(tmp_path / "dist") == expected


@pytest.mark.parametrize(("small", "large"), [(1, 1), (1, 10**9), (4000, 9000)])
def test_over_how_much_of_a_shard_is_in_memory(
    small: int, large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Row groups are part of the bytes, so they are cut in the same way; what is laid out in between is not.
    monkeypatch.setattr("pressmark.press.shards.SMALL_BYTES", small)
    monkeypatch.setattr("pressmark.press.shards.LARGE_BYTES", large)
    found = []
    for at_once in (1, 9000, 20_000, 10**9):
        monkeypatch.setattr("pressmark.shard_rows.AT_ONCE_BYTES", at_once)
        monkeypatch.setattr("pressmark.pressing._ROWS_AT_ONCE", 1 + at_once % 7)
        monkeypatch.setattr("pressmark.release.smallest._SORTED_AT_ONCE", 1 + at_once % 7)
        monkeypatch.setattr("pressmark.release.spilled._HELD", at_once % 9000)
        place = tmp_path / str(at_once)
        build_here(EXAMPLE, "1.0.0", out=place / "dist", work=place / "work", as_of=AS_OF)
        found.append(bytes_of(place / "dist"))
        assert not list((place / "work").rglob("stretch-*"))
    assert all(each == found[0] for each in found)
    shard = pq.ParquetFile(next(tmp_path.glob("1/dist/*/open/1.0.0/data/train/*.parquet")))
    assert small > 1 or shard.num_row_groups > 1


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Auckland"},
        {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"},
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns"},
        {"HOME": "/nonexistent", "USER": "nobody", "PYTHONTZPATH": ""},
        {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"},
    ],
    ids="+".join,
)
def test_over_environments(
    environment: dict[str, str], pressmark: Run, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    build(pressmark, EXAMPLE, env=environment)
    assert bytes_of(tmp_path / "dist") == expected


def test_over_working_folder_path_and_umask(pressmark: Run, tmp_path: Path, expected: dict[str, bytes]) -> None:
    deep = tmp_path / "another" / "quite deep" / "자료"
    shutil.copytree(EXAMPLE, deep / "corpus")
    build(pressmark, Path("../corpus"), "--out", str(tmp_path / "d"), cwd=_made(deep / "here"), umask=0o077)
    assert bytes_of(tmp_path / "d") == expected


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def test_over_host_names(tmp_path: Path, expected: dict[str, bytes]) -> None:
    unshare = shutil.which("unshare")
    command = [str(unshare), "--uts", "sh", "-c", 'hostname elsewhere && exec "$@"', "sh"]
    if unshare is None or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a test have a host name of its own")
    program = [sys.executable, "-m", "pressmark", "build", str(EXAMPLE), "--version", "1.0.0"]
    subprocess.run(
        [*command, *program, "--as-of", AS_OF.isoformat()], cwd=tmp_path, check=True, capture_output=True, timeout=300
    )
    assert bytes_of(tmp_path / "dist") == expected


def reversed_files(folder: Path) -> None:
    """Make every file again, last name first, so that the folder lists them in another order."""
    held = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    shutil.rmtree(folder)
    for path in sorted(held, reverse=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(held[path])


def hash_of(line: bytes) -> bytes:
    return hashlib.sha256(line).digest()


def shuffled_lines(folder: Path) -> None:
    for path in sorted(folder.rglob("*.jsonl")):
        lines = [line for line in path.read_bytes().split(b"\n") if line]
        lines.sort(key=hash_of)
        path.write_bytes(b"\n".join(lines) + b"\n")


@pytest.mark.parametrize("change", [reversed_files, shuffled_lines])
def test_over_input_orders(
    change: Callable[[Path], None], pressmark: Run, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "corpus")
    change(tmp_path / "corpus")
    build(pressmark, tmp_path / "corpus")
    assert bytes_of(tmp_path / "dist") == expected


def test_over_sizes_of_tasks(tmp_path: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_plan, "PAGES_A_TASK", 3)
    monkeypatch.setattr(reading_plan, "STRETCH_BYTES", 2000)
    monkeypatch.setattr("pressmark.intake.lines._BLOCK", 700)
    corpus = Corpus(EXAMPLE, tmp_path / "dist", tmp_path / "work")
    corpus.build(as_of=AS_OF)
    assert bytes_of(tmp_path / "dist") == expected


def test_the_clock_is_looked_at_for_as_of_alone(corpus: Corpus, pressmark: Run, tmp_path: Path) -> None:
    first = corpus.build().lines["open"].folder
    os.utime(corpus.folder / "pages" / "1.txt", (0, 0))
    build(pressmark, corpus.folder, "--out", str(tmp_path / "again"))
    assert bytes_of(first) == bytes_of(tmp_path / "again" / "small" / "open" / "1.0.0")


def test_lines_of_stretches_keep_their_numbers(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_plan, "STRETCH_BYTES", 100)
    monkeypatch.setattr("pressmark.intake.lines._BLOCK", 64)
    corpus.records(*({"text": f"Text {number}. " * 9} for number in range(50)))
    corpus.build()
    lines = [row["line"] for row in corpus.ledger() if row["file"] == "records/a.jsonl"]
    assert lines == list(range(1, 51))
    ids = [row["id"] for row in corpus.ledger() if row["line"]]
    assert ids == [f"journal:r{number}" for number in range(1, 51)]
