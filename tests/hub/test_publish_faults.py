"""Whatever breaks while a release is published: no tag leads to anything else, nothing is there by halves or twice."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from hub_cases import Line, published, sent_twice, states_that_must_not_be
from hub_client import patient_client
from pressmark.errors import PressmarkError
from pressmark.hub.local.faults import KINDS, Fault
from pressmark.hub.local.server import serving
from pressmark.hub.ready import Ready
from soak_figures import FIGURES, figures

_RUNS = 6
SAMPLED = 12


def requests_of(folder: Path, first: Ready, second: Ready | None, *, xet: bool) -> int:
    """Return how many requests publishing takes where nothing goes wrong."""
    with serving(folder, keep_log=True) as hub, patient_client(xet=xet):
        if second:
            published(hub, first)
        before = len(hub.log)
        published(hub, second or first)
        return len(hub.log) - before


def one_case(folder: Path, releases: list[Ready], fault: Fault, *, xet: bool) -> bool:
    """Publish the last of some releases with one fault on the way, and again until it is there.

    Returns:
        Whether the fault happened.
    """
    with serving(folder, keep_log=True) as hub, patient_client(xet=xet):
        for ready in releases[:-1]:
            published(hub, ready)
        hub.faults.plan(fault)
        said: list[str] = []
        for _ in range(_RUNS):
            try:
                published(hub, releases[-1])
            except PressmarkError as error:
                said.append(f"{error} {error.advice}")
            else:
                break
            finally:
                assert states_that_must_not_be(hub, *releases) == []
        else:
            pytest.fail("publishing did not get there")
        assert not any(hub.token() in words or "Traceback" in words for words in said)
        repo = hub.store.repo("org/small")
        assert repo is not None
        assert [ref for ref in repo.refs if ref.startswith("refs/tags/")] == [
            f"refs/tags/{ready.tag}" for ready in releases
        ]
        assert len(list(hub.store.history("org/small", repo.refs["refs/heads/main"]))) == 1 + len(releases)
        assert sent_twice(hub) == []
        return bool(hub.faults.fired)


def cases(count: int) -> list[tuple[str, int]]:
    return [(kind, number) for kind in KINDS for number in range(count)]


@pytest.mark.parametrize("way", ["lfs", "xet"])
def test_a_sample_of_all_faults_at_all_requests_leaves_whole_releases(line: Line, tmp_path: Path, way: str) -> None:
    count = requests_of(tmp_path / "clean", line.ready(), None, xet=way == "xet")
    chosen = random.Random("press").sample(cases(count), SAMPLED)  # noqa: S311 - a seed, no secret
    fired = [
        one_case(tmp_path / f"{n}", [line.ready()], Fault(k, skip=s), xet=way == "xet")
        for n, (k, s) in enumerate(chosen)
    ]
    assert all(fired)


@pytest.mark.soak
@pytest.mark.parametrize("way", ["lfs", "xet"])
@pytest.mark.parametrize("version", [1, 2])
def test_every_fault_at_every_request_leaves_whole_releases(
    line: Line, tmp_path: Path, version: int, way: str, record_property: Callable[[str, object], None]
) -> None:
    first, second = line.ready(), line.ready(2)
    releases = [first, second][:version]
    count = requests_of(tmp_path / "clean", first, second if version == 2 else None, xet=way == "xet")
    fired = 0
    for number, (kind, skip) in enumerate(cases(count)):
        fired += one_case(tmp_path / f"{number}", releases, Fault(kind, skip=skip), xet=way == "xet")
    print(f"{fired} of {count * len(KINDS)} cases: {count} requests, {len(KINDS)} faults")
    record_property(FIGURES, figures("publishing", seed="all of them", done=fired))
    assert fired == count * len(KINDS)
