"""Tasks in the workers of a Ray cluster: `make test-ray` installs what it needs."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner

pytest.importorskip("ray.exceptions", reason="Ray is not installed: `make test-ray`")

import ray

from pressmark import BuildResult, build
from pressmark.cli import main
from pressmark.engine.cluster import said
from pressmark.engine.nodes import refuse_unseen, software
from pressmark.engine.ray import RayEngine
from pressmark.errors import PressmarkError, RemoteError, UsageError
from pressmark.hub.inputs import fetch_inputs
from pressmark.recipe import read_recipe
from ray_cases import Killing, bytes_of, counted, gone, refused, where, written
from s3_cases import NAME, serving
from support import AS_OF, ROOT

EXAMPLE = ROOT / "corpus" / "three-papers"


@pytest.fixture(scope="module")
def expected(example: BuildResult) -> dict[str, bytes]:
    return bytes_of(example.lines["open"].folder.parents[2])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the home of a user who has none of Ray's files."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def test_a_cluster_of_one_worker_gives_the_same_bytes_and_leaves_nothing(
    home: Path, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    before, pool = dict(os.environ), pa.default_memory_pool().backend_name
    build(EXAMPLE, "1.0.0", out=tmp_path / "dist", work=tmp_path / "work", as_of=AS_OF, engine="ray")
    assert bytes_of(tmp_path / "dist") == expected
    assert not ray.is_initialized()
    assert list(home.iterdir()) == []
    assert dict(os.environ) == before
    assert pa.default_memory_pool().backend_name == pool


@pytest.fixture(scope="module")
def engine() -> Iterator[RayEngine]:
    with RayEngine(workers=2) as engine:
        yield engine


def test_two_workers_give_the_same_bytes(engine: RayEngine, tmp_path: Path, expected: dict[str, bytes]) -> None:
    build(EXAMPLE, "1.0.0", out=tmp_path / "dist", work=tmp_path / "work", as_of=AS_OF, engine=engine)
    assert bytes_of(tmp_path / "dist") == expected


def test_two_workers_upload_the_same_bytes(
    engine: RayEngine, tmp_path: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path) as store:
        for name, value in store.environment.items():
            monkeypatch.setenv(name, value)
        out = f"s3://{NAME}/dist"
        build(EXAMPLE, "1.0.0", out=out, work=tmp_path / "work", as_of=AS_OF, engine=engine, line="open")
        found = {key.removeprefix("dist/"): store.read(key) for key in store.listed()}
    assert found == {path: data for path, data in expected.items() if "/open/" in path}


def test_inputs_workshop_and_release_in_a_bucket_give_the_same_bytes_and_are_taken_up_elsewhere(
    engine: RayEngine, tmp_path: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "three-papers"
    shutil.copytree(EXAMPLE, corpus, ignore=shutil.ignore_patterns("articles"))
    recipe = (corpus / "corpus.toml").read_text(encoding="utf-8")
    (corpus / "corpus.toml").write_text(recipe.replace('"articles/', f'"s3://{NAME}/in/articles/'), encoding="utf-8")
    with serving(tmp_path) as store:
        for name, value in store.environment.items():
            monkeypatch.setenv(name, value)
        for path in (each for each in (EXAMPLE / "articles").rglob("*") if each.is_file()):
            store.write(f"in/{path.relative_to(EXAMPLE).as_posix()}", path.read_bytes())
        fetch_inputs(read_recipe(corpus))
        chosen: dict[str, Any] = {"work": f"s3://{NAME}/work", "as_of": AS_OF, "line": "open"}
        first = build(corpus, "1.0.0", out=f"s3://{NAME}/dist", copies=tmp_path / "one", engine=engine, **chosen)
        found = {key.removeprefix("dist/"): store.read(key) for key in store.listed("dist/")}
        assert found == {path: data for path, data in expected.items() if "/open/" in path}
        again = build(corpus, "1.0.0", out=tmp_path / "dist", copies=tmp_path / "two", **chosen)
    assert (first.again, again.again) == (0, first.parts)
    assert bytes_of(tmp_path / "dist") == found


def test_paths_are_meant_from_here(
    engine: RayEngine, tmp_path: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = build(EXAMPLE, "1.0.0", out="dist", work="work", as_of=AS_OF, engine=engine, line="open")
    assert result.lines["open"].folder == Path("dist/three-papers/open/1.0.0")
    here = bytes_of(tmp_path / "dist")
    assert here == {path: data for path, data in expected.items() if "/open/" in path}


@pytest.mark.parametrize("stage", ["read_stage", "press_stage", "read_shard"])
def test_a_worker_that_is_killed_costs_nothing_but_time(
    stage: str, engine: RayEngine, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    with Killing(stage, marks) as killing:
        build(EXAMPLE, "1.0.0", out=tmp_path / "dist", work=tmp_path / "work", as_of=AS_OF, engine=killing)
    assert {path.name for path in marks.iterdir()} == {"before", "after"}
    assert bytes_of(tmp_path / "dist") == expected


def test_results_come_in_the_order_of_the_tasks_from_other_processes(engine: RayEngine) -> None:
    results = list(engine.run(where, range(30)))
    assert [number for number, _ in results] == list(range(30))
    assert os.getpid() not in {process for _, process in results}
    assert list(engine.run(where, [])) == []


def test_what_is_sent_can_be_written_to(engine: RayEngine) -> None:
    assert list(engine.run(written, [np.zeros(10**6, np.int64)])) == [7]


def test_few_tasks_are_handed_out_at_once(engine: RayEngine, tmp_path: Path) -> None:
    found = engine.run(counted, [(tmp_path, number) for number in range(100)])
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined]
    assert len(list(tmp_path.iterdir())) <= 2 * 4 + 1


def test_an_error_is_raised_as_it_is(engine: RayEngine) -> None:
    found = engine.run(refused, range(5))
    with pytest.raises(UsageError, match="found 3") as raised:
        list(found)
    assert raised.value.advice == "take another"


def test_a_task_that_kills_each_worker_is_told_in_words(engine: RayEngine) -> None:
    with pytest.raises(PressmarkError, match="lost with its worker, 4 times") as raised:
        list(engine.run(gone, [1]))
    assert "memory" in raised.value.advice


def test_other_software_is_refused(engine: RayEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.engine.ray.software", lambda: {**software(), "pyarrow": "0.0.1"})
    said = f"the node .* has other software .*pyarrow: found {software()['pyarrow']}, expected 0.0.1"
    with pytest.raises(PressmarkError, match=said) as raised, RayEngine():
        pass
    assert "every node" in raised.value.advice
    # Also on a node that joined later.
    monkeypatch.setattr(engine, "_expected", {**software(), "pressmark": "0.0.1"})
    with pytest.raises(PressmarkError, match=r"pressmark: found .*sources .*expected 0.0.1"):
        list(engine.run(where, [1]))


def test_folders_that_a_node_does_not_see_are_refused(engine: RayEngine, tmp_path: Path) -> None:
    read, written_to = tmp_path / "read", tmp_path / "written"
    read.mkdir()
    written_to.mkdir()
    engine.reach([read], [written_to])
    assert list(tmp_path.rglob(".seen*")) == []
    # A node sees other folders than this process where it begins elsewhere: as good as a folder that is not shared.
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "read").mkdir(parents=True)
    (elsewhere / "written").mkdir()
    here = [Path(os.path.relpath(each)) for each in (read, written_to)]
    names = [Path("read"), Path("written")]
    assert here != names
    previous = Path.cwd()
    os.chdir(tmp_path)
    try:
        refuse_unseen(tmp_path, *([name] for name in names))
        with pytest.raises(PressmarkError, match=r"does not see the same files in written .*No such file") as raised:
            refuse_unseen(elsewhere, *([name] for name in names))
        assert "same path" in raised.value.advice
        (read / "only-here").touch()
        with pytest.raises(PressmarkError, match="does not see the same files in read"):
            refuse_unseen(elsewhere, *([name] for name in names))
    finally:
        os.chdir(previous)
    assert list(tmp_path.rglob(".seen*")) == []


def test_it_listens_on_loopback_alone(engine: RayEngine) -> None:
    nodes = ray.nodes()
    assert [node["NodeManagerAddress"] for node in nodes] == ["127.0.0.1"]
    found = subprocess.run(["ss", "-ltnp"], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("there is no ss")
    ours = [line.split()[3] for line in found.stdout.splitlines() if "raylet" in line or "gcs_server" in line]
    ports = {f":{node['NodeManagerPort']}" for node in nodes}
    assert any(place.endswith(tuple(ports)) for place in ours)
    assert all("127.0.0.1" in place for place in ours if place.endswith(tuple(ports)))


@pytest.mark.parametrize("address", ["ray://127.0.0.1:1", "127.0.0.1:1"])
def test_an_address_at_which_nobody_listens_is_told_in_words(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Elsewhere than in the cluster of the other tests.
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    with pytest.raises(RemoteError, match=f"no Ray cluster answers at {address}"), RayEngine(address):
        pass
    monkeypatch.setenv("RAY_ADDRESS", address)
    options = ["--out", str(tmp_path / "dist"), "--work", str(tmp_path / "work"), "--engine", "ray"]
    done = CliRunner().invoke(main, ["build", str(EXAMPLE), "--version", "1.0.0", *options])
    assert (done.exit_code, "no Ray cluster answers" in done.output) == (4, True)


@pytest.mark.parametrize("kind", ["ray://", ""])
def test_what_listens_and_is_no_cluster_is_told_in_words(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    monkeypatch.setattr("pressmark.engine.cluster.SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"{kind}127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(RemoteError, match="something else"), RayEngine(address):
            pass


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("No answer.\n  at line 1", "No answer."),
        (
            "Failure from server:\n Traceback\n  File x\nRuntimeError: no process\n",
            "Failure from server: RuntimeError: no process",
        ),
        ("Failure from server:", "Failure from server:"),
        ("", "nothing"),
    ],
)
def test_the_line_that_says_something_is_told(message: str, told: str) -> None:
    assert said(message) == told


@pytest.mark.parametrize("address", ["ray://", "somewhere", "ray://host:port"])
def test_what_is_no_address_is_told_in_words(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    with pytest.raises(RemoteError, match="as the address of a Ray cluster"), RayEngine(address):
        pass
