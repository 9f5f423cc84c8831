"""A publication rehearsed: to a Hub on this machine, and read back with everything that readers use."""

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pressmark.errors import RemoteError, UsageError, refuse_unreadable
from pressmark.hub.commit import Progress
from pressmark.hub.local.faults import KINDS, Fault
from pressmark.hub.local.handler import LocalHub
from pressmark.hub.local.server import serving
from pressmark.hub.publish import Published, publish_ready
from pressmark.hub.readback import Tick, read_published
from pressmark.hub.ready import Ready, make_ready
from pressmark.hub.remote import Remote
from pressmark.release.version import numbers

_ORGANIZATION = "rehearsal"
_WAITS = (0.05, 0.1, 0.2, 0.4)
_RUNS = 10
_APART = 2
"""Requests between two faults."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of a rehearsal."""

    published: list[Published]
    ticks: list[Tick]
    faults: int = 0
    """How many things went wrong on purpose."""

    runs: int = 0
    """How often publishing was begun, all versions together."""

    @property
    def fine(self) -> bool:
        """Whether every reader that is installed read everything as it should be."""
        return bool(self.ticks) and not any(tick.fault and not tick.missing for tick in self.ticks)


def rehearse(
    releases: Sequence[Path | str],
    *,
    today: date | None = None,
    faults: bool = False,
    progress: Progress | None = None,
) -> Rehearsal:
    """Publish releases of one line to an embedded Hub, oldest first, and read all of them back.

    Nothing leaves this machine: the search for withheld texts, which needs the workshop, is left to `publish`.

    Args:
        releases: Release folders.
        today: The day that counts for permissions that end.  Today in UTC by default.
        faults: Whether to make things go wrong on the way, one of each kind for every version.
        progress: Told how far it is.

    Raises:
        NotReadyError: a release does not add up, or breaks a rule of the Hub.
        GateRefusedError: it shows what may not be shown any more.
        UsageError: the releases are not of one line.
        RemoteError: a publication did not get through.
    """
    day = today or datetime.now(UTC).date()
    repo = f"{_ORGANIZATION}/{_name(releases)}"
    made = [make_ready(Path(each), repo, None, day, searched=False) for each in releases]
    made.sort(key=lambda ready: numbers(ready.manifest["version"]))
    published, fired, runs = [], 0, 0
    with (
        tempfile.TemporaryDirectory(prefix="pressmark-hub-", ignore_cleanup_errors=True) as place,
        serving(place) as hub,
    ):
        for ready in made:
            if faults:
                hub.faults.plan(*(Fault(kind, skip=1 + _APART * number) for number, kind in enumerate(KINDS)))
            result, begun = _published(ready, hub, repo, progress)
            published.append(result)
            fired, runs = fired + len(hub.faults.fired), runs + begun
            hub.faults.plan()
        ticks = []
        for ready, result in zip(made, published, strict=True):
            ticks += read_published(ready.folder, result, endpoint=hub.endpoint, token=hub.token())
    return Rehearsal(published, ticks, fired, runs)


def speak_to_this_machine() -> None:
    """Let the Hub's client of this process reach an embedded Hub, whatever its user has set for the real one.

    The client reads these variables when it is imported, so this comes first in a process.
    """
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        os.environ.pop(name, None)
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name, ""), "127.0.0.1"]))


def _name(releases: Sequence[Path | str]) -> str:
    found = set()
    for each in releases:
        try:
            manifest = json.loads((Path(each) / "manifest.json").read_bytes())
            found.add((str(manifest["corpus"]), str(manifest["line"])))
        except (OSError, ValueError, KeyError, TypeError) as error:
            refuse_unreadable(error)
            raise UsageError(f"{each} is no release", advice="give folders dist/CORPUS/LINE/VERSION") from error
    if len(found) != 1:
        raise UsageError("the releases are not of one corpus and line", advice="rehearse one line at a time")
    return "-".join(found.pop())


def _published(ready: Ready, hub: LocalHub, repo: str, progress: Progress | None) -> tuple[Published, int]:
    """Publish, again where it failed; return what became of it, and how often it was begun."""
    runs = 0
    while True:
        runs += 1
        try:
            remote = Remote(repo, endpoint=hub.endpoint, token=hub.token(), waits=_WAITS)
            return publish_ready(ready, remote, skip_earlier=True, progress=progress), runs
        except (RemoteError, UsageError):
            if runs == _RUNS or not hub.faults.fired:
                raise
