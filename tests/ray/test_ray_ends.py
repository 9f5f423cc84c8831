"""A build on Ray that is told to end, or whose node is lost: nothing stays behind, nothing is lost."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ray.exceptions", reason="Ray is not installed: `make test-ray`")

import ray
from ray.cluster_utils import Cluster

from pressmark import BuildResult, build
from pressmark.engine.cluster import _init
from pressmark.engine.ray import RayEngine
from ray_cases import NODE, Killing, where
from ray_nodes import add, nodes_here
from support import AS_OF, ROOT

EXAMPLE = ROOT / "corpus" / "three-papers"
TAG = "PRESSMARK_TEST_TAG"
SECONDS = 120.0

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are told by /proc")


@pytest.fixture
def place() -> Iterator[Path]:
    """Return a folder with a short path: names of sockets may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="pm-"))
    yield folder
    shutil.rmtree(folder)


def started(place: Path, arguments: list[str], **environment: str) -> "subprocess.Popen[str]":
    home = {TAG: str(place), "RAY_TMPDIR": str(place), "TMPDIR": str(place), "HOME": str(place)}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=place,
        env={**os.environ, **home, **environment},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def alive(place: Path) -> list[str]:
    """Return the processes that came of what was started."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            is_ours = process.name.isdigit() and f"{TAG}={place}".encode() in (process / "environ").read_bytes()
            if is_ours and "\nState:\tZ" not in (process / "status").read_text():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def until(holds: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end, f"waited for {what}"
        time.sleep(0.05)


MOMENTS = {
    "starting": lambda place: list(place.glob("pressmark-ray-*/session_2*/sockets")),
    "reading": lambda place: list(place.glob("work/three-papers/staging-*/read-*.arrow")),
    "pressing": lambda place: list(place.glob("dist/three-papers/open/.building/data/*/*")),
}


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("starting", signal.SIGINT),
        ("starting", signal.SIGTERM),
        ("pressing", signal.SIGINT),
        ("reading", signal.SIGTERM),
    ],
)
def test_what_is_told_to_end_leaves_no_process_and_no_folder(moment: str, number: signal.Signals, place: Path) -> None:
    command = ["-m", "pressmark", "build", str(EXAMPLE), "--version", "1.0.0", "--engine", "ray", "--workers", "2"]
    process = started(place, command)
    until(lambda: MOMENTS[moment](place) and len(alive(place)) > 1, f"{moment}, with a cluster")
    # A terminal sends Ctrl-C to all that run in front.
    (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
    said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number], said
    assert "Traceback" not in said, said
    until(lambda: not alive(place), f"the end of {alive(place)}")
    left = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    # What the next build takes up again stays in the workshop.
    kept = ("work/three-papers/cache/", "work/three-papers/shards/")
    assert {path for path in left if not path.startswith(kept)} <= {
        "dist/three-papers/.lock",
        "work/three-papers/.lock",
    }, (process.returncode, said)
    assert not list(place.glob("work/*/staging*"))
    assert not list(place.glob("dist/*/*/.building"))
    assert not list(place.glob("pressmark-*"))
    assert not (place / ".ray").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_told_while_ray_starts_is_heard_once_it_is_there(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In the midst of a fork Python passes over what a signal raises, so an exception there would say nothing.
    done = []

    def told(**_: object) -> None:
        signal.raise_signal(number)
        done.append("started")

    def end(*_: object) -> None:
        done.append("ended")

    monkeypatch.setattr("ray.init", told)
    before = signal.signal(number, end)
    try:
        _init()
        assert done == ["started", "ended"]
        assert signal.getsignal(number) is end
    finally:
        signal.signal(number, before)


@pytest.fixture(scope="module")
def nodes() -> Iterator[Cluster]:
    """Return a cluster of one node with one processor, on this machine."""
    with nodes_here() as cluster:
        yield cluster


@pytest.mark.parametrize("stage", ["read_stage", "press_stage", "read_shard"])
def test_a_node_that_is_killed_costs_nothing_but_time(
    stage: str, nodes: Cluster, tmp_path: Path, example: BuildResult
) -> None:
    add(nodes)
    marks = tmp_path / "marks"
    marks.mkdir()
    with Killing(stage, marks, NODE, nodes.address) as killing:
        killing.driver = ray.get_runtime_context().get_node_id()
        before = {node["NodeID"] for node in ray.nodes() if node["Alive"]}
        build(EXAMPLE, "1.0.0", out=tmp_path / "dist", work=tmp_path / "work", as_of=AS_OF, engine=killing)
        after = {node["NodeID"] for node in ray.nodes() if node["Alive"]}
    assert len(before) == 2
    assert before - after == {(marks / NODE).read_text(encoding="ascii")}
    expected = example.lines["open"].folder.parents[2]
    for path in (each for each in expected.rglob("*") if each.is_file()):
        assert (tmp_path / "dist" / path.relative_to(expected)).read_bytes() == path.read_bytes()


# Ray starts a process for whoever joins so, and on a machine with much to do gives up before that is there.
@pytest.mark.soak
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # of the logs of Ray's own client server
def test_a_build_from_outside_a_cluster_gives_the_same_bytes(place: Path, example: BuildResult) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with nodes_here(client_port=port):
        paths = ["--out", str(place / "dist"), "--work", str(place / "work")]
        version = ["--version", "1.0.0", "--as-of", AS_OF.isoformat()]
        engine = ["--engine", f"ray://127.0.0.1:{port}"]
        process = started(place, ["-m", "pressmark", "build", str(EXAMPLE), *version, *paths, *engine])
        said, _ = process.communicate(timeout=2 * SECONDS)
    assert process.returncode == 0, said
    expected = example.lines["open"].folder.parents[2]
    for path in (each for each in expected.rglob("*") if each.is_file() and each.name != ".lock"):
        assert (place / "dist" / path.relative_to(expected)).read_bytes() == path.read_bytes()


def test_a_joined_cluster_stays_and_its_tasks_end(nodes: Cluster, place: Path) -> None:
    script = (
        "from pathlib import Path; from pressmark.engine.choice import engine_of; from ray_cases import slow\n"
        f"with engine_of('ray', 1) as engine: list(engine.run(slow, [Path({str(place)!r})] * 3))"
    )
    process = started(place, ["-c", script], RAY_ADDRESS=nodes.address)
    until(lambda: [path for path in place.iterdir() if path.name.isdigit()], "a task")
    worker = next(path.name for path in place.iterdir() if path.name.isdigit())
    assert Path("/proc", worker).exists()
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=SECONDS)
    assert "KeyboardInterrupt" in said
    until(lambda: not Path("/proc", worker).exists() or "Z" in Path("/proc", worker, "stat").read_text(), "its end")
    assert len([path for path in place.iterdir() if path.name.isdigit()]) == 1, "none began after it"
    with RayEngine(nodes.address) as engine:
        assert [number for number, _ in engine.run(where, range(3))] == [0, 1, 2]
