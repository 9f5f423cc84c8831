"""Articles that moved are found by columns: the same as with a dictionary of all ids, also where ids share a hash."""

import hashlib
import json
import shutil
import tempfile
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.errors import UsageError
from pressmark.findings import Finding
from pressmark.release import moved
from pressmark.release.moved import verify_moved, verify_unmoved_since
from strategies import checked

Files = Sequence[tuple[str, Sequence[str]]]
"""The files of a release: split and ids of each."""

OLD, NEW = "1.0.0", "1.1.0"


def written(folder: Path, files: Files, versions: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """Write what is looked at of a release, and return its manifest."""
    folder.mkdir(parents=True)
    entries: list[dict[str, str]] = [{"path": "README.md"}]
    for number, (split, ids) in enumerate(files):
        entries.append({"path": f"{number}.parquet", "config": "articles", "split": split})
        pq.write_table(pa.table({"id": pa.array(ids, pa.string()), "text": ids}), folder / f"{number}.parquet")
    manifest = {"corpus": "reeds", "line": "open", "version": folder.name, "files": entries}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "versions.json").write_text(json.dumps({"versions": [*versions, {"version": folder.name}]}))
    return manifest


def both(place: Path, before: Files, here: Files) -> tuple[Path, dict[str, Any]]:
    """Write two releases beside each other, and return the second and its manifest."""
    written(place / OLD, before)
    digest = hashlib.sha256((place / OLD / "manifest.json").read_bytes()).hexdigest()
    return place / NEW, written(place / NEW, here, [{"version": OLD, "manifest_sha256": digest}])


def by_dictionary(before: Files, here: Files) -> list[Finding]:
    """Return what is expected of two releases."""
    was = {identity: split for split, ids in before for identity in ids}
    now = {identity: (split, f"{number}.parquet") for number, (split, ids) in enumerate(here) for identity in ids}
    return [
        Finding("article-moved", path, f"id {identity}", f"was in {was[identity]} in {OLD}, is in {split}")
        for identity, (split, path) in sorted(now.items())
        if was.get(identity, split) != split
    ]


def found(before: Files, here: Files) -> list[Finding]:
    """Return what is found, in both ways of asking."""
    with tempfile.TemporaryDirectory() as place:
        folder, manifest = both(Path(place), before, here)
        beside = list(verify_moved(folder, manifest))
        assert verify_unmoved_since(folder, manifest, [folder.parent / OLD]) == beside
        assert verify_unmoved_since(folder, manifest, [folder.parent / OLD] * 2) == beside * 2
        assert verify_unmoved_since(folder, manifest, []) == []
        return beside


# An id may be in several files, even in different splits: such a release is wrong, and the last of them counts.
files = st.lists(
    st.tuples(
        st.sampled_from(["train", "test", "validation", "other"]),
        st.lists(st.integers(0, 30).map("journal:{}".format), max_size=12),
    ),
    max_size=6,
)


@checked(80)
@given(files, files, st.integers(1, 5))
def test_what_moved_is_what_a_dictionary_says(before: Files, here: Files, rows: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(moved, "_ROWS_AT_ONCE", rows)
        assert found(before, here) == by_dictionary(before, here)


@checked(80)
@given(files, files, st.sampled_from([0, 1, 2**62, 2**63, 2**63 + 8, 2**64 - 1]))
def test_ids_that_share_a_hash_are_not_taken_for_one(before: Files, here: Files, mask: int) -> None:
    strong = moved._hashes
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(moved, "_hashes", lambda ids: strong(ids) & np.uint64(mask))
        assert found(before, here) == by_dictionary(before, here)


def test_one_of_many_that_moved_is_found_where_all_share_a_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved, "_hashes", lambda ids: np.zeros(len(ids), np.uint64))
    ids = [f"journal:{number:04d}" for number in range(3000)]
    before, here = [("train", ids[:2000]), ("test", ids[2000:])], [("test", ids[1999:]), ("train", ids[:1999])]
    assert [finding.place for finding in found(before, here)] == ["id journal:1999"]


def test_what_cannot_be_read_of_the_release_before_is_said(tmp_path: Path) -> None:
    files = [("train", ["journal:1"]), ("test", ["journal:2"])]
    folder, manifest = both(tmp_path, files, files)
    shard = tmp_path / OLD / "1.parquet"
    for spoil, name in (
        (lambda: shard.write_bytes(b"PAR1"), "ArrowInvalid"),
        (lambda: pq.write_table(pa.table({"other": pa.array([], pa.string())}), shard), "ArrowInvalid"),
        (lambda: pq.write_table(pa.table({"id": [[1]]}), shard), "TypeError"),
        (shard.unlink, "FileNotFoundError"),
    ):
        spoil()
        assert list(verify_moved(folder, manifest)) == [
            Finding(
                "history-differs",
                "versions.json",
                f"version {OLD}",
                f"the release {OLD} beside this one cannot be read: {name}",
            )
        ]
        with pytest.raises(UsageError, match=f"cannot be read: {name}"):
            verify_unmoved_since(folder, manifest, [tmp_path / OLD])


def test_memory_is_a_few_bytes_an_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved, "_ROWS_AT_ONCE", 256)
    peaks = []
    for count in (10_000, 60_000):
        ids = [f"journal:{number:08d}" for number in range(count)]
        files = [("train", ids[: count // 2]), ("test", ids[count // 2 :])]
        folder, manifest = both(tmp_path / str(count), files, files)
        tracemalloc.start()
        assert list(verify_moved(folder, manifest)) == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        shutil.rmtree(tmp_path / str(count))
    assert peaks[1] - peaks[0] < 12 * 50_000
