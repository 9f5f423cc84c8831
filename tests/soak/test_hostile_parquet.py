"""Tables of strangers: Parquet files with bytes changed, cut or put in cost themselves, whatever they do to a reader.

Of files whose pages have checksums nothing is taken for a row that was none; others cannot be told from what they were.
"""

import io
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pressmark.findings import CATALOGUE
from pressmark.intake.files import InputFile
from pressmark.intake.read import read
from pressmark.intake.task import ReadTask
from pressmark.recipe import Input
from pressmark.sources import Source
from soak_figures import FIGURES, figures

Told = Callable[[str, object], None]
MUTANTS, PARTS = 10_000, 10
SEED = "press"
TOGETHER = 50
ROWS = 60


def _table() -> pa.Table:
    numbers = range(ROWS)
    return pa.table(
        {
            "id": [f"r{n}" for n in numbers],
            "title": [f"A title {n % 7}" for n in numbers],
            "text": [
                f"The text of row {n}: 소식, and words enough to fill a line or two." * (1 + n % 3) for n in numbers
            ],
            "section": [["town", f"part {n % 4}"][: n % 3] for n in numbers],
            "published_at": [datetime(2020, 1, 1 + n % 28, n % 24, tzinfo=UTC) for n in numbers],
            "captions": [[{"image": f"{n}.jpg", "text": "A harbour."}] if n % 5 == 0 else None for n in numbers],
        }
    )


def _written(**options: Any) -> bytes:
    stream = io.BytesIO()
    pq.write_table(_table(), stream, row_group_size=25, **options)
    return stream.getvalue()


def originals() -> dict[str, bytes]:
    """Return whole files, written in different ways."""
    return {
        "zstd": _written(compression="zstd"),
        "plain": _written(compression="none", use_dictionary=False, data_page_version="2.0"),
        "snappy": _written(compression="snappy", write_page_index=True),
        "delta": _written(
            use_dictionary=False, column_encoding={"text": "DELTA_BYTE_ARRAY", "id": "DELTA_LENGTH_BYTE_ARRAY"}
        ),
        "bloom": _written(compression="gzip", store_schema=False, write_statistics=False),
        "checked": _written(compression="zstd", write_page_checksum=True),
        "checked, v2": _written(compression="none", write_page_checksum=True, data_page_version="2.0"),
    }


def mutant(data: bytes, chance: random.Random) -> tuple[bytes, bool]:
    """Return a file with something changed, and whether only pages and what lies between them were."""
    end = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    kind = chance.randrange(8)
    changed = bytearray(data)
    if kind < 3:
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(4, end)] ^= 1 << chance.randrange(8)
        return bytes(changed), True
    if kind < 6:
        for _ in range(chance.randint(1, 3)):
            changed[chance.randrange(end, len(data))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        return bytes(changed), False
    at, length = chance.randrange(len(data)), chance.choice((1, 4, 16, 200))
    if kind == 6:
        return data[:at] + data[at + length :], False
    return data[:at] + chance.randbytes(length) + data[at:], False


def became(folder: Path, files: Sequence[bytes]) -> list[tuple[Counter[str], set[str]]]:
    """Read files as a build does, in one process at arm's length; return for each the codes, and the texts read."""
    inputs = []
    for number, data in enumerate(files):
        (folder / f"{number:03}").write_bytes(data)
        inputs.append(InputFile(f"{number:03}", f"{number:03}", len(data)))
    source = Source("journal", "The Journal", "Journal House", "en")
    task = ReadTask(0, folder, Input("*", "parquet", "journal"), source, tuple(inputs), 1 << 20)
    found: list[tuple[Counter[str], set[str]]] = [(Counter(), set()) for _ in files]
    for each in read(task):
        codes, texts = found[int(each.file)]
        codes[each.rejection.code if each.rejection else "read"] += 1
        if each.article:
            texts.add(each.article["text"])
    return found


def wrong_with(folder: Path, numbers: Sequence[int]) -> tuple[Counter[str], list[str]]:
    """Read mutants by their numbers, and return what came of them and what is wrong."""
    whole = originals()
    texts = {row["text"] for row in _table().to_pylist()}
    seen: Counter[str] = Counter()
    faults: list[str] = []
    for start in range(0, len(numbers), TOGETHER):
        some = numbers[start : start + TOGETHER]
        made = []
        for number in some:
            chance = random.Random(f"{SEED}/{number}")  # noqa: S311 - a seed, no secret
            name = chance.choice(list(whole))
            made.append((name, *mutant(whole[name], chance)))
        for number, (name, _, is_data), (codes, found) in zip(
            some, made, became(folder, [each[1] for each in made]), strict=True
        ):
            wrong = [f"found {code}" for code in codes if code not in (*CATALOGUE, "read")]
            wrong += ["nothing came of it"] if not codes else []
            wrong += ["more rows than there were"] if codes["read"] > ROWS else []
            lies = bool(found - texts)
            wrong += ["other texts, past a checksum"] if lies and is_data and name.startswith("checked") else []
            seen.update({"files": 1, "whole": codes == {"read": ROWS}, "other texts without a checksum": lies})
            seen.update({"a reader that died or hung": codes["parser-failed"] > 0})
            replay = f"PARQUET={number} pytest -m '' tests/soak/test_hostile_parquet.py -k replay"
            faults += [f"{replay}: {name}, {'; '.join(wrong)}"] if wrong else []
    return seen, faults


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_tables_of_strangers_cost_themselves(part: int, tmp_path: Path, record_property: Told) -> None:
    seen, faults = wrong_with(tmp_path, range(part, MUTANTS, PARTS))
    done = seen.pop("files")
    record_property(FIGURES, figures("parquet", seed=f"{SEED}, part {part}", done=done, faults=faults, also=seen))
    print(f"{done} files: {dict(seen)}")
    assert faults == []


def test_whole_tables_are_read_and_some_of_strangers_cost_themselves(tmp_path: Path) -> None:
    whole = list(originals().values())
    assert [codes for codes, _ in became(tmp_path, whole)] == [{"read": ROWS}] * len(whole)
    seen, faults = wrong_with(tmp_path, range(100))
    assert faults == []
    assert 0 < seen["whole"] < 100


@pytest.mark.skipif("PARQUET" not in os.environ, reason="PARQUET=NUMBER repeats one file, as a soak prints it")
def test_replay(tmp_path: Path) -> None:
    assert wrong_with(tmp_path, [int(os.environ["PARQUET"])])[1] == []
