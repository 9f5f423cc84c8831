"""Searches a release for texts that had to stay closed: within a build, and afterwards from outside."""

import json
import shutil
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.engine.local import LocalEngine
from pressmark.errors import UsageError, refuse_unreadable
from pressmark.findings import Finding
from pressmark.plan import Engine
from pressmark.release.copies import tree
from pressmark.release.leaks import scan
from pressmark.release.meetings import Scan
from pressmark.workshop import PRIVATE, closed_in, files_below

_LEAVINGS = (".git", ".cache")


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
    closed = closed_in(Path(workshop), manifest["version"], manifest["line"])
    if not closed.is_dir():
        raise UsageError(
            f"{workshop} keeps no withheld texts of {manifest['line']} {manifest['version']}",
            advice="give the folder work/CORPUS of the build that made the release",
        )
    differing = list(_differing(Path(release), closed))
    if differing:
        return differing
    with tempfile.TemporaryDirectory() as scratch, LocalEngine(workers) as engine:
        folder = _without_leavings(Path(release).absolute(), Path(scratch) / "copy")
        found = search(engine, folder, closed, Path(scratch) / "scan")
    copies = [
        Finding("leak", "manifest.json", f"id {copy.published}", f"holds half or more of the text of {copy.withheld}")
        for copy in found.copies
    ]
    return [*found.leaks, *copies]


def _without_leavings(release: Path, place: Path) -> Path:
    """Return a release, as links where clients have left folders in a copy of it: a clone its history, say.

    That is not of the release, and can be many times as large. `verify` passes over the same folders.
    """
    if not any((release / name).exists() for name in _LEAVINGS):
        return release
    present, _ = tree(release)
    for path in present:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).symlink_to(release / path)
    return place


def _rows_in(folder: Path) -> list[Path]:
    return [path for path in files_below(folder) if path.suffix == ".parquet"]


def _differing(release: Path, closed: Path) -> list[Finding]:
    """Return a finding where the workshop does not hold the texts of the articles that the release withholds."""
    try:
        kept = {row for path in _rows_in(closed) for row in _texts(path)}
    except (OSError, pa.ArrowException) as error:
        refuse_unreadable(error)
        return [
            Finding("workshop-differs", "manifest.json", "", f"the workshop cannot be read: {type(error).__name__}")
        ]
    withheld = {row for path in _rows_in(release / "withheld") for row in _texts(path)}
    missing = sorted(identity for identity, _ in withheld - kept)
    if not missing:
        return []
    detail = f"the workshop lacks the texts of {len(missing)} withheld articles, such as {missing[0]}"
    return [Finding("workshop-differs", "manifest.json", "$.counts.withheld", detail)]


def _texts(path: Path) -> list[tuple[str, str]]:
    found = pq.read_table(path, columns=["id", "text_sha256"], partitioning=None)
    return list(zip(found["id"].to_pylist(), found["text_sha256"].to_pylist(), strict=True))
