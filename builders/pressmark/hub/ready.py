"""What has to be true of a release before any byte of it leaves this machine, and what will lie in its repository."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pressmark.errors import GateRefusedError, NotReadyError, UsageError
from pressmark.fetched import digest_as
from pressmark.findings import Finding
from pressmark.hub.preflight import preflight
from pressmark.hub.remote import Tree
from pressmark.release.today import closed_today
from pressmark.release.verify import verify
from pressmark.search import verify_rights

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
WIDTHS: Mapping[str, int] = {"local": 0, "private": 1, "gated": 2, "public": 3}
"""How many may read what goes to a destination."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A release that may be published."""

    folder: Path
    manifest: Mapping[str, Any]
    digest: str
    """SHA-256 of its manifest."""

    files: Mapping[str, Path]
    """All that will lie in the repository, by path."""

    tree: Mapping[str, frozenset[str]]
    """By path, how a Hub may name the content: as a file apart, or as one in git."""

    @property
    def tag(self) -> str:
        """The tag of its version."""
        return f"v{self.manifest['version']}"

    def is_at(self, tree: Tree) -> bool:
        """Tell whether a commit holds this release and nothing else."""
        return tree.keys() == self.tree.keys() and not any(self.differing(tree))

    def differing(self, tree: Tree) -> Iterator[str]:
        """Yield the files of the release that a commit does not have as they are here."""
        yield from (path for path, digests in self.tree.items() if tree.get(path) not in digests)


def make_ready(
    release: Path, repo: str, work: Path | None, today: date, workers: int = 1, *, searched: bool = True
) -> Ready:
    """Check a release once more, from outside, as of today.

    Args:
        release: The release folder.
        repo: Where it is to go, `org/name`.
        work: The workshops' folder, for the search for withheld texts: `work/CORPUS` is looked for in it.
        today: The day that counts for permissions that end.
        workers: Processes.
        searched: Whether to search for withheld texts; a rehearsal on this machine shows nothing to anybody.

    Raises:
        NotReadyError: it does not add up, or breaks a rule of the Hub.
        GateRefusedError: it shows what may not be shown any more, or holds a text that was withheld.
        UsageError: it is for this machine alone, or the texts that were withheld are not at hand.
    """
    if findings := verify(release):
        raise NotReadyError(f"{release} does not add up", findings)
    data = (release / MANIFEST).read_bytes()
    manifest = json.loads(data)
    if manifest["destination"] == "local":
        raise UsageError(
            f"{release} is of the line {manifest['line']}, which is for this machine alone",
            advice="publish another line; what a line is for is said in the recipe, [releases.NAME] destination",
        )
    if findings := preflight(release, manifest, repo.partition("/")[2]):
        raise NotReadyError(f"the Hub would not take {release} as it is", findings)
    if findings := closed_today(release, today):
        message = "permissions have ended since the release was built; nothing was published"
        raise GateRefusedError(findings, message, "build the next version, which is without what has ended")
    if searched:
        _search(release, manifest, work, workers)
    apart = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    files = {path: release / path for path in (*apart, MANIFEST, SUMS)}
    tree = {path: frozenset(_names(place, apart.get(path))) for path, place in files.items()}
    return Ready(release, manifest, hashlib.sha256(data).hexdigest(), files, tree)


def _names(place: Path, sha256: str | None) -> tuple[str, ...]:
    if place.suffix == ".parquet":
        # Rows are always stored apart, and were digested a moment ago.
        return (f"sha256:{sha256}",)
    return tuple(digest_as(kind, place) for kind in ("git", "sha256"))


def _search(release: Path, manifest: Mapping[str, Any], work: Path | None, workers: int) -> None:
    if not manifest["counts"]["withheld"]:
        return
    if work is None:
        raise UsageError(
            f"{release} withholds texts, and the workshop that holds them was not given",
            advice="give --work, the folder in which work/CORPUS lies: nothing is published unsearched",
        )
    findings: Sequence[Finding] = verify_rights(release, work / manifest["corpus"], workers=workers)
    if findings:
        raise GateRefusedError(findings)
