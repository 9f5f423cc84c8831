"""What docs/reading.md tells readers to do is done, against two published versions of the example corpus."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hub_cases import WAITS
from hub_client import patient_client
from pressmark import BuildResult, build
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving
from pressmark.hub.publish import publish
from pressmark.hub.readback import reading_environment
from support import AS_OF, ROOT

REPO = "my-org/three-papers"
LATER = date(2026, 3, 31)
BLOCKS = re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs" / "reading.md").read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def second(example: BuildResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("second")
    previous = [line.folder for line in example.lines.values()]
    built = build(
        ROOT / "corpus" / "three-papers",
        "1.1.0",
        out=base / "dist",
        work=base / "work",
        previous=previous,
        as_of=LATER,
    )
    return built.lines["open"].folder


@pytest.fixture(scope="module")
def hub(example: BuildResult, second: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with serving(tmp_path_factory.mktemp("hub")) as found, patient_client(xet=True):
        works = [example.ledger.parents[2], second.parents[3] / "work"]
        for folder, work in zip((example.lines["open"].folder, second), works, strict=True):
            there = {"endpoint": found.endpoint, "token": found.token(), "waits": WAITS}
            publish(folder, REPO, work=work, today=AS_OF, **there)  # type: ignore[arg-type]
        yield found


def reader(program: str, hub: LocalHub, place: Path) -> "subprocess.CompletedProcess[str]":
    """Run a program as somebody would who has no account there and nothing in a cache."""
    # Threads that the client leaves behind can abort a process that ends in order, after all is read.
    program += "\nimport os, sys\nsys.stdout.flush()\nos._exit(0)\n"
    script = place / "program.py"
    script.write_text(program.replace("https://huggingface.co", hub.endpoint), encoding="utf-8")
    environment = reading_environment(str(place / "home"), hub.endpoint, None)
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    command = [sys.executable, str(script)]
    return subprocess.run(command, env=environment, cwd=place, capture_output=True, text=True, timeout=300, check=False)


def test_there_are_blocks_for_every_way() -> None:
    joined = "\n".join(BLOCKS)
    for way in ("load_dataset", "streaming=True", "pandas", "polars", "duckdb", "urllib", "snapshot_download"):
        assert way in joined
    assert "mlcroissant.Dataset" in joined
    assert "CITATION.cff" in joined


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_of_the_page_for_readers_runs(block: str, hub: LocalHub, tmp_path: Path) -> None:
    assert "v1.1.0" in block
    done = reader(block, hub, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


LOAD = """
import sys
from datasets import load_dataset
streaming = sys.argv[2] == "s"
rows = load_dataset("my-org/three-papers", "articles", revision=sys.argv[1], split="train", streaming=streaming)
print(sum(1 for _ in rows))
"""


@pytest.mark.parametrize("mode", ["s", "p"], ids=["streaming", "plain"])
def test_each_tag_gives_its_own_rows_and_a_missing_one_is_an_error(hub: LocalHub, tmp_path: Path, mode: str) -> None:
    program = LOAD.replace("sys.argv[2]", repr(mode))
    counts = {}
    for tag in ("v1.0.0", "v1.1.0"):
        done = reader(program.replace("sys.argv[1]", repr(tag)), hub, tmp_path)
        assert done.returncode == 0, done.stderr
        counts[tag] = int(done.stdout)
    assert counts == {"v1.0.0": 31, "v1.1.0": 33}
    # The cache of these readers has both versions, and neither is given for one that is not there.
    missing = reader(program.replace("sys.argv[1]", repr("v9.9.9")), hub, tmp_path)
    assert missing.returncode != 0
    assert missing.stdout == ""
    assert "v9.9.9" in missing.stderr
