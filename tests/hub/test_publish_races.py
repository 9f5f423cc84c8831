"""Two publishers at once, and publishers that die: one release wins whole, and running again gets there."""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hub_cases import WAITS, Line, published, remote, sent_twice, states_that_must_not_be
from hub_client import patient_client
from pressmark.errors import PressmarkError, UsageError
from pressmark.hub.local import routes
from pressmark.hub.local.server import serving
from pressmark.hub.publish import Published, publish_ready
from pressmark.hub.ready import Ready, make_ready
from pressmark.hub.remote import Remote
from support import AS_OF, Corpus
from version_cases import record, records_alone

_TURN_SECONDS = 0.05


class Turns:
    """Lets one of two publishers go on at a time, as a seed says."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a seed, no secret
        self.condition = threading.Condition()
        self.turn = self.random.randrange(2)

    def wait(self, me: int) -> None:
        with self.condition:
            # The other may be done, or busy with itself.
            self.condition.wait_for(lambda: self.turn == me, timeout=_TURN_SECONDS)
            self.turn = self.random.randrange(2)
            self.condition.notify_all()


@contextmanager
def before_each_request(monkeypatch: pytest.MonkeyPatch, act: Callable[[Any], None]) -> Iterator[None]:
    answer = routes.answer

    def acted(asked: Any, store: Any, request: Any) -> Any:
        act(request)
        return answer(asked, store, request)

    with monkeypatch.context() as patched:
        patched.setattr(routes, "answer", acted)
        yield


def other_bytes(corpus: Corpus) -> Ready:
    """Return a release of the same line and version as the first one, with other articles."""
    records_alone(corpus)
    corpus.records(*map(record, range(20, 24)))
    return make_ready(corpus.build("1.0.0").lines["open"].folder, "org/small", corpus.work, AS_OF)


def race(folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int, releases: tuple[Ready, Ready]) -> list[Any]:
    """Publish two releases at once; return what became of each, and check what came of it."""
    with serving(folder) as hub, patient_client(xet=seed % 2 == 1):
        tokens = ["local-first", "local-second"]
        hub.store.tokens.update(dict.fromkeys(tokens, "owner"))
        turns = Turns(seed)
        results: list[Any] = [None, None]

        def gate(request: Any) -> None:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            if token in tokens:
                turns.wait(tokens.index(token))

        def run(me: int) -> None:
            try:
                there = Remote("org/small", endpoint=hub.endpoint, token=tokens[me], waits=WAITS)
                results[me] = publish_ready(releases[me], there)
            except PressmarkError as error:
                results[me] = error

        with before_each_request(monkeypatch, gate):
            threads = [threading.Thread(target=run, args=(me,)) for me in (0, 1)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        winners = [releases[me] for me in (0, 1) if isinstance(results[me], Published)]
        assert winners
        assert states_that_must_not_be(hub, winners[0]) == []
        return results


def same_bytes_both_succeed(folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int, ready: Ready) -> None:
    results = race(folder, monkeypatch, seed, (ready, ready))
    assert [type(each) for each in results] == [Published, Published], results
    assert results[0].commit == results[1].commit


def other_bytes_one_wins(folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int, pair: tuple[Ready, Ready]) -> None:
    results = race(folder, monkeypatch, seed, pair)
    assert sorted(isinstance(each, Published) for each in results) == [False, True], results
    loser = next(each for each in results if not isinstance(each, Published))
    assert isinstance(loser, UsageError)
    assert any(words in str(loser) for words in ("somebody else", "another release", "no release of this line"))


@pytest.mark.parametrize("seed", range(4))
def test_two_publishers_of_the_same_bytes_both_succeed(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    same_bytes_both_succeed(tmp_path / "hub", monkeypatch, seed, line.ready())


@pytest.mark.parametrize("seed", range(4))
def test_of_two_publishers_of_other_bytes_one_wins(
    line: Line, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    other_bytes_one_wins(tmp_path / "hub", monkeypatch, seed, (line.ready(), other_bytes(corpus)))


@pytest.mark.soak
def test_two_hundred_interleavings_of_two_publishers(
    line: Line, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = line.ready(), other_bytes(corpus)
    for seed in range(100):
        same_bytes_both_succeed(tmp_path / f"same{seed}", monkeypatch, seed, first)
        other_bytes_one_wins(tmp_path / f"other{seed}", monkeypatch, seed, (first, other))


def killed(folder: Path, line: Line, monkeypatch: pytest.MonkeyPatch, point: int, *, xet: bool, after: bool) -> bool:
    """Kill a publisher at a request, before or after it was carried out; then publish again.

    Returns:
        Whether there was such a request.
    """
    program = (
        "import sys; from pathlib import Path; from datetime import date; from pressmark.hub.publish import publish; "
        "publish(sys.argv[1], 'org/small', work=sys.argv[2], endpoint=sys.argv[3], token=sys.argv[4], "
        f"today=date({AS_OF.year}, {AS_OF.month}, {AS_OF.day}))"
    )
    with serving(folder, keep_log=True) as hub:
        seen, alive = 0, threading.Event()
        process: list[subprocess.Popen[str]] = []
        answer = routes.answer

        def acted(asked: Any, store: Any, request: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen != point:
                return answer(asked, store, request)
            alive.wait(10)
            found = answer(asked, store, request) if after else None
            process[0].kill()
            process[0].wait()
            return found or answer((), store, request)

        with monkeypatch.context() as patched:
            patched.setattr(routes, "answer", acted)
            environment = {"HF_HOME": str(folder / "home"), "HF_HUB_DISABLE_XET": "" if xet else "1"}
            process.append(
                subprocess.Popen(
                    [sys.executable, "-c", program, line.first, line.work, hub.endpoint, hub.token()],
                    env={**os.environ, **environment},
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            alive.set()
            _, said = process[0].communicate(timeout=60)
        if process[0].returncode == 0:
            return False
        assert process[0].returncode == -9, said
        ready = line.ready()
        assert states_that_must_not_be(hub, ready) == []
        with patient_client(xet=xet):
            published(hub, ready)
            assert published(hub, ready).already
        assert states_that_must_not_be(hub, ready) == []
        assert remote(hub).tags().keys() == {"v1.0.0"}
        assert sent_twice(hub) == []
        return True


@pytest.mark.parametrize("point", [3, 8, 10, 12])
def test_a_publisher_that_is_killed_leaves_whole_releases(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    assert killed(tmp_path / "hub", line, monkeypatch, point, xet=point % 4 == 0, after=point % 3 == 0)


@pytest.mark.soak
def test_fifty_kills_of_a_publisher_leave_whole_releases(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = [(point, xet, after) for point in range(1, 27) for xet in (False, True) for after in (False, True)]
    fired = [
        killed(tmp_path / f"{number}", line, monkeypatch, point, xet=xet, after=after)
        for number, (point, xet, after) in enumerate(points)
    ]
    print(f"{sum(fired)} kills at requests")
    assert sum(fired) >= 50
