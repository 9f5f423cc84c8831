"""What an engine runs to find near copies: a function for each step, and the tasks that it takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pressmark.article.record import letters
from pressmark.curate.grams import SHORT, Hashes, grams, similarity
from pressmark.curate.links import Numbers, across, meetings, with_first
from pressmark.curate.sketches import BANDS, SLOTS, Sketches, band_keys, sketches
from pressmark.reading import staged_at

_SLACK = Fraction(1, 5)
"""How much less alike two sketches may be than their texts: five standard deviations of 128 slots."""

_PAIRS_AT_ONCE = 256
_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        *((f"band{band}", pa.uint64()) for band in range(BANDS)),
        ("slots", pa.binary(2 * SLOTS)),
    ]
)

Places = npt.NDArray[np.int64]
"""Rows of task and row."""


@dataclass(frozen=True, slots=True)
class Index:
    """Where numbered texts are found."""

    staging: Path
    sketches: Path
    folder: Path

    @property
    def places(self) -> Path:
        """By number of a text, its task and row in staging."""
        return self.folder / "places.npy"

    def numbers(self, task: int) -> Path:
        """By row of a task in staging, the number of its text; -1 where another row stands for it, or none does."""
        return self.folder / f"numbers-{task:06d}.npy"

    @property
    def labels(self) -> Path:
        """By number of a text, the number of its family so far."""
        return self.folder / "labels.npy"

    @property
    def pairs(self) -> Path:
        """Pairs of numbers that are to be compared."""
        return self.folder / "pairs.npy"


@dataclass(frozen=True, slots=True)
class SketchJob:
    """Sketch the texts of one reading task."""

    staging: Path
    number: int
    folder: Path


def sketch_stage(job: SketchJob) -> int:
    """Sketch the texts of one reading task that are not short, and return how many it has in all."""
    begin = 0
    with (
        pa.memory_map(str(staged_at(job.staging, job.number))) as source,
        pa.OSFile(str(_sketched(job.folder, job.number)), "wb") as sink,
        pa.ipc.new_file(sink, _SCHEMA) as writer,
    ):
        reader = pa.ipc.open_file(source)
        for number in range(reader.num_record_batches):
            texts = [letters(text) for text in reader.get_batch(number)["text"].to_pylist()]
            rows = [row for row, text in enumerate(texts) if len(text) >= SHORT]
            writer.write_batch(_batch(np.array(rows, np.int64) + begin, sketches([texts[row] for row in rows])))
            begin += len(texts)
    return begin


def _sketched(folder: Path, number: int) -> Path:
    return folder / f"sketch-{number:06d}.arrow"


def _batch(rows: npt.NDArray[np.int64], found: Sketches) -> pa.RecordBatch:
    # Of a slot 16 bits are kept: enough to tell how alike two sketches are.
    slots = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(2 * SLOTS), len(rows), [None, pa.py_buffer(found.astype(np.uint16).tobytes())]
    )
    columns = [pa.array(rows), *map(pa.array, band_keys(found)), slots]
    return pa.record_batch(columns, schema=_SCHEMA)


@dataclass(frozen=True, slots=True)
class MeetJob:
    """Find the texts that meet in a band."""

    index: Index
    tasks: int
    band: int
    labels: Path | None
    """Families so far; none at first."""

    @property
    def path(self) -> Path:
        """Where the pairs go that are to be compared."""
        return self.index.folder / f"met-{self.band}-{'all' if self.labels else 'first'}.npy"


def meet_stage(job: MeetJob) -> Path:
    """Write which texts that meet in a band are to be compared, and return where."""
    keys, numbers = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for task in range(job.tasks):
        table = _table(_sketched(job.index.sketches, task))
        mine = np.load(job.index.numbers(task))[table["row"].to_numpy()]
        numbers.append(mine[mine >= 0])
        keys.append(table[f"band{job.band}"].to_numpy()[mine >= 0])
    texts, begins = meetings(np.concatenate(keys), np.concatenate(numbers))
    found = with_first(texts, begins) if job.labels is None else across(texts, begins, np.load(job.labels))
    np.save(job.path, found)
    return job.path


def _table(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


@dataclass(frozen=True, slots=True)
class JudgeJob:
    """Compare some pairs of texts."""

    index: Index
    threshold: Fraction
    start: int
    end: int


def judge_stage(job: JudgeJob) -> Numbers:
    """Return the pairs that are near copies."""
    asked = np.load(job.index.pairs, mmap_mode="r")[job.start : job.end]
    places = np.load(job.index.places, mmap_mode="r")[asked]
    likely = np.flatnonzero(_likely(job, places))
    verdicts = np.zeros(len(asked), bool)
    for start in range(0, likely.size, _PAIRS_AT_ONCE):
        some = likely[start : start + _PAIRS_AT_ONCE]
        found = _grams(job.index.staging, places[some].reshape(-1, 2))
        verdicts[some] = [
            similarity(found[tuple(one)], found[tuple(other)]) >= job.threshold for one, other in places[some].tolist()
        ]
    return np.array(asked[verdicts])


def _likely(job: JudgeJob, places: Places) -> npt.NDArray[np.bool_]:
    """Tell which pairs of places may be near by their sketches; short texts never are."""
    slots, known = _slots(job.index.sketches, places.reshape(-1, 2))
    both = slots.reshape(-1, 2, SLOTS)
    likely: npt.NDArray[np.bool_] = (both[:, 0] == both[:, 1]).sum(axis=1) >= float(job.threshold - _SLACK) * SLOTS
    return likely & known.reshape(-1, 2).all(axis=1)


def _slots(folder: Path, places: Places) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.bool_]]:
    """Return the sketches of texts, and which of them have one."""
    slots, known = np.zeros((len(places), SLOTS), np.uint16), np.zeros(len(places), bool)
    for task, positions in _by_task(places):
        table = _table(_sketched(folder, task))
        rows = table["row"].to_numpy()
        at = np.searchsorted(rows, places[positions, 1])
        there = at < rows.size
        there[there] = rows[at[there]] == places[positions[there], 1]
        taken = table["slots"].take(at[there]).to_pylist()
        slots[positions[there]] = np.frombuffer(b"".join(taken), np.uint16).reshape(-1, SLOTS)
        known[positions[there]] = True
    return slots, known


def _grams(staging: Path, places: Places) -> dict[tuple[Any, ...], Hashes]:
    """Return the grams of the texts at some places."""
    found = {}
    for task, positions in _by_task(places):
        rows = np.unique(places[positions, 1])
        texts = _table(staged_at(staging, task))["text"].take(rows).to_pylist()
        found.update({(task, row): grams(letters(text)) for row, text in zip(rows.tolist(), texts, strict=True)})
    return found


def _by_task(places: Places) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    for task in np.unique(places[:, 0]).tolist():
        yield task, np.flatnonzero(places[:, 0] == task)
