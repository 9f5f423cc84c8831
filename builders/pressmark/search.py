"""Searches a release for texts that had to stay closed: within a build, and afterwards from outside."""

import json
import shutil
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from pressmark.engine.local import LocalEngine
from pressmark.errors import UsageError
from pressmark.findings import Finding
from pressmark.plan import Engine
from pressmark.release.leaks import scan
from pressmark.release.meetings import Scan
from pressmark.workshop import PRIVATE, Workshop


def search(engine: Engine, release: Path, closed: Path, scratch: Path) -> Scan:
    """Search a release for texts that a build kept closed.

    Args:
        engine: Runs the steps.
        release: The release folder.
        closed: The workshop's folder of texts that the build did not show in this line.
        scratch: A folder to make and to remove.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True, mode=PRIVATE)
    try:
        return scan(release, closed, scratch, engine.run)
    finally:
        shutil.rmtree(scratch)


def verify_rights(release: Path | str, workshop: Path | str, *, workers: int = 1) -> list[Finding]:
    """Search a release that adds up for the texts that its build withheld.

    Args:
        release: The release folder, or a copy of it.
        workshop: The workshop of the corpus, `work/CORPUS`.
        workers: Processes.

    Raises:
        UsageError: the workshop keeps nothing of this version and line.
    """
    manifest = json.loads((Path(release) / "manifest.json").read_bytes())
    closed = Workshop(Path(workshop)).closed(manifest["version"], manifest["line"])
    if not closed.is_dir():
        raise UsageError(
            f"{workshop} keeps no withheld texts of {manifest['line']} {manifest['version']}",
            advice="give the folder work/CORPUS of the build that made the release",
        )
    differing = list(_differing(Path(release), manifest, closed))
    if differing:
        return differing
    with tempfile.TemporaryDirectory() as scratch, LocalEngine(workers) as engine:
        found = search(engine, Path(release), closed, Path(scratch) / "scan")
    copies = [
        Finding("leak", "manifest.json", f"id {copy.published}", f"holds half or more of the text of {copy.withheld}")
        for copy in found.copies
    ]
    return [*found.leaks, *copies]


def _differing(release: Path, manifest: dict[str, object], closed: Path) -> list[Finding]:
    """Return a finding where the workshop does not hold exactly the articles that the release withholds."""
    kept = [identity for path in sorted(closed.glob("*.parquet")) for identity in _ids(path)]
    withheld = [identity for path in sorted((release / "withheld").rglob("*.parquet")) for identity in _ids(path)]
    counts = manifest["counts"]
    assert isinstance(counts, dict)
    expected = counts["withheld"] + counts["embargoed"]
    if len(kept) == expected and set(withheld) <= set(kept):
        return []
    detail = f"found {len(kept)} articles that were not shown, expected {expected}, with the ids of the release"
    return [Finding("workshop-differs", "manifest.json", "$.counts", detail)]


def _ids(path: Path) -> list[str]:
    return [str(identity) for identity in pq.read_table(path, columns=["id"])["id"].to_pylist()]
