"""Texts are numbered in parts: the same numbers as from all digests together, in memory that does not grow much."""

import tempfile
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark import likeness_index
from pressmark.curate.sketches import BANDS
from pressmark.likeness_index import Index
from pressmark.staging import LENGTHS, SKETCHES, staged_at
from strategies import checked

Tasks = Sequence[Sequence[bytes]]


def staged(folder: Path, tasks: Tasks, batch: int) -> Path:
    """Write digests of texts as the reading tasks of a build stage them, and what else is known of each text."""
    schema = pa.schema([("before", pa.int8()), ("letters_sha256", pa.string())])
    for number, digests in enumerate(tasks):
        place = staged_at(folder, number)
        with pa.OSFile(str(place), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            for start in range(0, len(digests), batch):
                some = [digest.hex() for digest in digests[start : start + batch]]
                writer.write_batch(pa.record_batch([pa.nulls(len(some), pa.int8()), some], schema=schema))
        place.with_suffix(LENGTHS).write_bytes(lengths_of(digests).tobytes())
        place.with_suffix(SKETCHES).write_bytes(sketches_of(digests).tobytes())
    return folder


def bytes_of(digests: Sequence[bytes]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 32)


def lengths_of(digests: Sequence[bytes]) -> npt.NDArray[np.int32]:
    return bytes_of(digests)[:, -4:].copy().view("<i4").ravel() & 0xFFFF


def sketches_of(digests: Sequence[bytes]) -> npt.NDArray[np.uint64]:
    return bytes_of(digests)[:, :8].copy().view("<u8") ^ np.arange(BANDS, dtype=np.uint64)


def assert_numbered(index: Index, tasks: Tasks) -> None:
    """Hold an index against digests that are sorted all together."""
    first: dict[bytes, tuple[int, int]] = {}
    for task, digests in enumerate(tasks):
        for row, digest in enumerate(digests):
            first.setdefault(digest, (task, row))
    different = sorted(first)
    number_of = {digest: number for number, digest in enumerate(different)}
    every = np.arange(len(different))
    assert index.texts().tolist() == [number_of[digest] for digests in tasks for digest in digests]
    assert index.starts().tolist() == [sum(map(len, tasks[:task])) for task in range(len(tasks) + 1)]
    assert [tuple(place) for place in index.places()[every].tolist()] == [first[digest] for digest in different]
    assert index.letters().tolist() == lengths_of(different).tolist()
    assert [bytes(digest) for digest in index.digests()[every]] == different
    found = np.column_stack([index.band(band) for band in range(BANDS)])
    assert np.array_equal(found, sketches_of(different))


# Few values in few places, so that digests are the same, or differ in any one of their words.
digests = st.builds(
    lambda first, place, value: bytes([first]) + bytes(place) + bytes([value]) + bytes(30 - place),
    st.sampled_from([0, 1, 127, 128, 255]) | st.integers(0, 255),
    st.integers(0, 30),
    st.integers(0, 2),
)


@checked(80)
@given(st.lists(st.lists(digests, max_size=12), max_size=5), st.integers(1, 5), st.integers(0, 6), st.integers(1, 9))
def test_numbers_are_those_of_all_digests_together(tasks: Tasks, batch: int, part_bits: int, rows: int) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patched:
        patched.setattr(likeness_index, "_PART_BITS", part_bits)
        patched.setattr(likeness_index, "_ROWS_AT_ONCE", rows)
        (Path(place) / "likeness").mkdir()
        index = Index(staged(Path(place), tasks, batch), Path(place) / "likeness", len(tasks))
        index.make()
        assert_numbered(index, tasks)
        assert {path.stem for path in index.folder.iterdir() if "band" not in path.stem} == {
            *("starts", "texts", "places", "letters", "known")
        }


def random_digests(count: int, seed: int) -> list[bytes]:
    """Return digests, about one in eight the same as another one."""
    random = np.random.default_rng(seed)
    found = random.integers(0, 256, (count, 32), np.uint8)
    again = np.flatnonzero(random.random(count) < 0.13)
    found[again] = found[random.integers(0, count, again.size)]
    return [bytes(digest) for digest in found]


def test_many_digests_are_numbered_in_parts_of_the_real_size(tmp_path: Path) -> None:
    found = random_digests(100_000, 1)
    tasks = [found[start : start + 40_000] for start in range(0, len(found), 40_000)]
    (tmp_path / "likeness").mkdir()
    index = Index(staged(tmp_path, tasks, 1024), tmp_path / "likeness", len(tasks))
    index.make()
    assert_numbered(index, tasks)


def test_memory_does_not_grow_with_the_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness_index, "_PART_BITS", 8)
    monkeypatch.setattr(likeness_index, "_ROWS_AT_ONCE", 256)
    peaks = []
    for count in (4000, 32_000):
        found = random_digests(count, count)
        folder = tmp_path / str(count)
        (folder / "likeness").mkdir(parents=True)
        tasks = [found[start : start + 1000] for start in range(0, count, 1000)]
        index = Index(staged(folder, tasks, 250), folder / "likeness", len(tasks))
        tracemalloc.start()  # numpy tells it of arrays, and not of what is mapped
        index.make()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 2 * (32_000 - 4000)
