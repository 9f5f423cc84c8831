"""What is kept of rows while a file is read: the same as if memory held all of it, which it does not."""

import errno
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressmark.release import noting, smallest, spilled
from pressmark.release.folding import Letters
from pressmark.release.naming import fitting, outermost
from pressmark.release.noting import SCHEMA, Noting
from pressmark.release.smallest import HASH, LONG, Sketches, hashes_of, long_of
from pressmark.release.spilled import spilling

FEW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
BOUNDS = st.sampled_from([0, 3, 40, 10**9])


@FEW
@given(BOUNDS, st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=9), max_size=9))
def test_numbers_are_given_back_as_they_came(tmp_path: Path, held: int, stretches: list[list[int]]) -> None:
    with pytest.MonkeyPatch.context() as patch, spilling(tmp_path) as spill:
        patch.setattr(spilled, "_HELD", held)
        numbers = spill("<u4")
        for stretch in stretches:
            numbers.take(np.array(stretch, "<u4"))
        expected = [number for stretch in stretches for number in stretch]
        assert len(numbers) == len(expected)
        assert numbers.whole().tolist() == expected


def test_little_opens_no_file_and_what_is_open_is_closed_also_where_a_reading_fails(tmp_path: Path) -> None:
    with spilling(tmp_path) as spill:
        little, much = spill("u1"), spill("u1")
        little.take(bytes(1000))
        much.take(bytes(spilled._HELD + 1))
        assert little._file is None
    opened = []

    def failing() -> None:
        with spilling(tmp_path) as spill:
            also = spill("u1")
            also.take(bytes(spilled._HELD + 1))
            opened.append(also._file)
            raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert [file.closed for file in (much._file, *opened) if file] == [True, True]
    assert list(tmp_path.iterdir()) == []


class Refusing(BytesIO):
    """A file of a disk that is broken."""

    def write(self, _: Any) -> int:
        raise OSError(errno.EIO, "Input/output error")


def test_a_scratch_disk_that_refuses_is_not_taken_for_a_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spilled, "TemporaryFile", lambda **_: Refusing())

    def reading() -> str:
        with spilling(tmp_path) as spill:
            try:
                spill("u1").take(bytes(spilled._HELD + 1))
            except OSError:  # as whoever reads a file of strangers
                return "the file is bad"
        return ""

    with pytest.raises(OSError, match="Input/output error") as raised:
        reading()
    # Who tells of an error goes from one to what it came from, and has to come to an end.
    chain: list[BaseException | None] = [raised.value]
    while chain[-1] is not None and len(chain) < 9:
        chain.append(chain[-1].__cause__ or chain[-1].__context__)
    assert chain[-1] is None


@FEW
@given(
    st.sampled_from([1, 7, 50, 10**6]),
    st.lists(st.lists(st.lists(st.integers(0, 9), min_size=50, max_size=60), min_size=1, max_size=4), max_size=6),
)
def test_hashes_and_lists_are_those_that_are_sorted_in_one_go(
    tmp_path: Path, at_once: int, stretches: list[list[list[int]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch, spilling(tmp_path) as spill:
        patch.setattr(smallest, "_SORTED_AT_ONCE", at_once)
        patch.setattr(spilled, "_HELD", at_once)
        sketches, hashes, long, start = Sketches(spill), [np.empty(0, HASH)], [np.empty(0, LONG)], 0
        for texts in stretches:
            # Few different grams: many texts have the same hashes.
            points = np.concatenate(texts).astype(np.uint32)
            lengths = np.array(list(map(len, texts)))
            found, owners = smallest.smallest(points, np.cumsum(lengths), lengths)
            hashes.append(np.array(list(zip(found, owners + start, strict=True)), HASH))
            counts = np.bincount(owners, minlength=len(texts))
            long.append(np.array([(start + at, counts[at], lengths[at]) for at in range(len(texts))], LONG))
            sketches.take(Letters(points, np.cumsum(lengths)), [f"{at}" for at in range(len(texts))], start)
            start += len(texts)
        sketches.write(tmp_path, 0)
    every = np.concatenate(hashes)
    assert hashes_of(tmp_path, 0).read_bytes() == every[np.argsort(every["hash"], kind="stable")].tobytes()
    assert long_of(tmp_path, 0).read_bytes() == np.concatenate(long).tobytes()


@pytest.mark.parametrize("different", [1, 40, 2**60])
def test_hashes_are_sorted_some_at_a_time_also_where_many_are_equal(
    different: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smallest, "_SORTED_AT_ONCE", 1000)
    chance, runs = np.random.default_rng(3), []
    for number in range(30):
        run = np.empty(1000, HASH)
        run["hash"], run["row"] = np.sort(chance.integers(0, different, 1000)), 1000 * number + np.arange(1000)
        # Each has the smallest row first where hashes are equal.
        runs.append(run[np.lexsort((run["row"], run["hash"]))])
    found = list(smallest._in_order(runs))
    whole, every = np.concatenate(found), np.concatenate(runs)
    assert np.array_equal(whole, every[np.lexsort((every["row"], every["hash"]))])
    assert max(map(len, found)) <= 1500


ROWS = st.tuples(
    st.text(st.sampled_from("ab\u00e9\u4e2d\U0001f600-"), max_size=4),
    st.sampled_from(["0" * 64, "0" * 16 + "1" * 48]),
    st.sampled_from(["0" * 16, "no hex"]),
    st.integers(-9, 9),
    st.binary(min_size=32, max_size=32),
    st.none() | st.binary(min_size=32, max_size=32),
)


@FEW
@given(BOUNDS, st.lists(st.lists(ROWS, max_size=5), max_size=5))
def test_what_is_noted_is_as_arrow_has_it_of_all_rows_at_once(
    tmp_path: Path, held: int, stretches: list[list[tuple[str, str, str, int, bytes, bytes | None]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch, spilling(tmp_path) as spill:
        patch.setattr(spilled, "_HELD", held)
        found = Noting(spill)
        for rows in stretches:
            columns = list(zip(*rows, strict=True)) or [()] * 6
            found.note(columns[:3], np.array(columns[3], np.int32), columns[4], columns[5])
        found.write(tmp_path / "noted")
    columns = list(zip(*[row for rows in stretches for row in rows], strict=True)) or [()] * 6
    words = [noting._hashed(columns[0]), noting._first(columns[1]), noting._first(columns[2])]
    place = sorted(range(len(columns[0])), key=lambda row: (columns[0][row].encode(), row))
    values = [*columns[:3], *words, *columns[3:], place]
    whole = pa.table([pa.array(list(each), kind) for each, kind in zip(values, SCHEMA.types, strict=True)], SCHEMA)
    with pa.OSFile(str(tmp_path / "plain"), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as writer:
        for batch in whole.to_batches() or [pa.record_batch([pa.array([], kind) for kind in SCHEMA.types], SCHEMA)]:
            writer.write_batch(batch)
    assert (tmp_path / "noted").read_bytes() == (tmp_path / "plain").read_bytes()


@FEW
@given(st.lists(st.text(max_size=3), min_size=1, max_size=4), st.text(st.sampled_from("01"), min_size=1, max_size=2))
def test_two_ids_say_of_the_name_of_a_file_what_all_say(ids: list[str], bits: str) -> None:
    found: list[str] = []
    for identity in ids:
        found = outermost([*found, identity])
    name, rows = f"2021-{bits}", [("a-paper", "2021-01-01")]
    assert fitting(name, rows, found) == fitting(name, rows, ids)


def peak(work: Callable[[], None]) -> int:
    """Return how many bytes were in use at most, of those that Python and numpy ask for."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in (
        (smallest, "_SORTED_AT_ONCE", 1 << 12),
        (smallest, "_SAMPLED", 16),
        (smallest, "AGAINST", 10),
        (spilled, "_HELD", 1 << 10),
    ):
        monkeypatch.setattr(module, name, value)
    chance, ends = np.random.default_rng(1), np.arange(200, 6001, 200)

    def sketch(stretches: int) -> None:
        with spilling(tmp_path) as spill:
            sketches = Sketches(spill, "1")
            for number in range(stretches):
                # The letters of one in thirty are kept, which has a list.
                texts = Letters(chance.integers(0, 9**5, 6000).astype(np.uint32), ends)
                sketches.take(texts, ["0", *["2"] * 29], 30 * number)
            sketches.write(tmp_path, 0)

    sketch(1)  # what is made once
    few, many = peak(lambda: sketch(20)), peak(lambda: sketch(200))
    assert many - few < hashes_of(tmp_path, 0).stat().st_size // 4


def test_memory_grows_with_rows_by_their_places_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spilled, "_HELD", 1 << 10)
    words, digests = ["0" * 64] * 100, [bytes(32)] * 100

    def note(stretches: int) -> None:
        with spilling(tmp_path) as spill:
            some = Noting(spill)
            for number in range(stretches):
                ids = [f"a-paper:article-{number}-{place}" for place in range(100)]
                some.note([ids, words, words], np.zeros(100, np.int32), digests, [*digests])
            some.write(tmp_path / "noted")

    note(1)  # what is made once
    few, many = peak(lambda: note(20)), peak(lambda: note(200))
    assert many - few < 18_000 * 6
