"""Releases that earlier versions of pressmark wrote still verify, load and are compared."""

import hashlib
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pressmark import __version__, differences, verify
from pressmark.article.contract import schema_bytes

KEPT = sorted((Path(__file__).parent / "releases").glob("pressmark-*"))


@pytest.fixture(params=KEPT, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a kept release as it was: git would follow its .gitattributes under their own name."""
    copy = Path(shutil.copytree(request.param, tmp_path / "release"))
    (copy / "gitattributes").rename(copy / ".gitattributes")
    return copy


def test_this_version_has_a_kept_release() -> None:
    assert f"pressmark-{__version__}" in [folder.name for folder in KEPT]


@pytest.mark.counted
def test_a_kept_release_still_verifies(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    own = hashlib.sha256(schema_bytes("article.schema.json")).hexdigest()
    if manifest["written_by"]["pressmark"] == __version__:
        assert manifest["schema_sha256"] == own, "the contract has changed: python tests/releases/make.py"
    assert verify(folder) == [], "what a release is has changed: python tests/releases/make.py"


def test_a_kept_release_can_be_read_and_compared(folder: Path) -> None:
    rows = [row for path in folder.rglob("*.parquet") for row in pq.read_table(path, partitioning=None).to_pylist()]
    assert sorted((row["source"], "text" in row) for row in rows) == [("journal", True), ("paper", False)]
    with differences(folder, folder) as (columns, changes):
        assert (columns, list(changes)) == ([], [])
