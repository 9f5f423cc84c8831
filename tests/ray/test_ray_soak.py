"""Long runs on Ray: a larger corpus gives the same bytes everywhere, and so does a build that loses what runs it.

`PRESSMARK_SOAK_ARTICLES` says how many articles; 50,000 unless it does.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("ray.exceptions", reason="Ray is not installed: `make test-ray`")

from corpora import corpus as made_up
from ray.cluster_utils import Cluster

from pressmark import BuildResult, build
from pressmark.engine.ray import RayEngine
from pressmark.plan import Engine
from pressmark.withdraw import plan_withdrawal, record_withdrawal
from ray_cases import NODE, WORKER, Killing, bytes_of
from ray_nodes import add, nodes_here
from s3_cases import NAME, serving
from support import AS_OF, ROOT, Corpus, small_corpus

ARTICLES = int(os.environ.get("PRESSMARK_SOAK_ARTICLES", "50000"))
EXAMPLE = ROOT / "corpus" / "three-papers"

STAGES = ("read_stage", "sheet_stage", "meet_stage", "judge_stage", "close_stage", "press_stage", "credit_stage")
CHECKS = ("read_shard", "read_numbers", "meet", "_near", "compare", "count", "index", "sift")
"""Functions that run as tasks while the example corpus is built, and while its release is checked and searched."""

NEXT = ("recall_stage", "resemble_stage")
"""Those that run besides while a version is built that continues another, after something was withdrawn."""

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """Return a made-up corpus, and what the local engine makes of it."""
    base = tmp_path_factory.mktemp("large")
    made_up(base / "speed", ARTICLES)
    build(base / "speed", "1.0.0", out=base / "dist", work=base / "work", as_of=AS_OF, workers=2)
    return base / "speed", bytes_of(base / "dist")


@pytest.mark.parametrize("engine", ["one", "two"])
def test_workers_give_the_same_bytes_on_disk_and_in_a_bucket(
    engine: str, large: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RayEngine(workers={"one": 1, "two": 2}[engine]) as runs:
        same_everywhere(runs, large, tmp_path, monkeypatch)


def test_two_nodes_give_the_same_bytes_on_disk_and_in_a_bucket(
    large: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with nodes_here(head_cpus=0) as cluster:
        add(cluster, 2)
        with RayEngine(cluster.address) as runs:
            same_everywhere(runs, large, tmp_path, monkeypatch)


def same_everywhere(
    engine: Engine, large: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, expected = large
    build(folder, "1.0.0", out=tmp_path / "dist", work=tmp_path / "work", as_of=AS_OF, engine=engine)
    assert bytes_of(tmp_path / "dist") == expected
    shutil.rmtree(tmp_path / "work")
    (tmp_path / "s3").mkdir()
    with serving(tmp_path / "s3") as store:
        for name, value in store.environment.items():
            monkeypatch.setenv(name, value)
        build(folder, "1.0.0", out=f"s3://{NAME}", work=tmp_path / "work", as_of=AS_OF, engine=engine)
        assert {key: store.read(key) for key in store.listed()} == expected


@pytest.fixture(scope="module")
def nodes() -> Iterator[Cluster]:
    """Return a cluster whose tasks all run on other nodes than the driver's."""
    with nodes_here(head_cpus=0) as cluster:
        yield cluster


@pytest.mark.parametrize(
    ("stage", "what"),
    [*((each, WORKER) for each in (*STAGES, *CHECKS)), *((each, NODE) for each in (*STAGES, *CHECKS))],
)
def test_whatever_is_killed_in_whatever_stage_costs_nothing_but_time(
    stage: str, what: str, nodes: Cluster, tmp_path: Path, example: BuildResult
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    # Those that a test before killed are gone, and a worker is killed on one of two nodes at least.
    add(nodes, 2 if what == NODE or not nodes.worker_nodes else 0)
    with Killing(stage, marks, what, nodes.address) as killing:
        build(EXAMPLE, "1.0.0", out=tmp_path / "dist", work=tmp_path / "work", as_of=AS_OF, engine=killing)
    assert {path.name for path in marks.iterdir()} & {NODE, "before", "after"}, "something was killed"
    assert bytes_of(tmp_path / "dist") == bytes_of(example.lines["open"].folder.parents[2])


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, dict[str, bytes]]:
    """Return a corpus with a version, from which something was withdrawn, and what the next version is then."""
    made = small_corpus(tmp_path_factory.mktemp("withdrawn"))
    for name in "abcd":
        told = [f"Sentence {number} of file {name} tells of a place that nobody has seen." for number in range(9)]
        made.records({"id": name, "text": " ".join(told)}, path=f"records/{name}.jsonl")
    made.build()
    shutil.copytree(made.out, made.folder.parent / "before")
    planned = plan_withdrawal(made.folder, ["journal:a"], reason="rights_claim", ref="case 1", on=AS_OF, out=made.out)
    record_withdrawal(planned)
    (made.folder / "records" / "a.jsonl").unlink()
    made.build("2.0.0")
    return made, bytes_of(made.out)


@pytest.mark.parametrize(("stage", "what"), [(stage, what) for what in (WORKER, NODE) for stage in NEXT])
def test_whatever_is_killed_while_a_version_continues_another_costs_nothing_but_time(
    stage: str, what: str, nodes: Cluster, tmp_path: Path, withdrawn: tuple[Corpus, dict[str, bytes]]
) -> None:
    corpus, expected = withdrawn
    marks = tmp_path / "marks"
    marks.mkdir()
    shutil.copytree(corpus.folder.parent / "before", tmp_path / "dist")
    add(nodes, 2 if what == NODE or not nodes.worker_nodes else 0)
    with Killing(stage, marks, what, nodes.address) as killing:
        build(corpus.folder, "2.0.0", out=tmp_path / "dist", work=tmp_path / "work", as_of=AS_OF, engine=killing)
    assert {path.name for path in marks.iterdir()} & {NODE, "before", "after"}, "something was killed"
    assert bytes_of(tmp_path / "dist") == expected
