"""The checker that the canaries are looked for with finds them wherever they are planted."""

import io
import itertools
import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from raw_parquet import canaries

CANARY = b"CNRY0000042"
WORDS = "before CNRY0000042 after"


def found(folder: Path) -> set[bytes]:
    return set(canaries(folder))


def rows(count: int) -> list[str]:
    """Return values that no compression brings to nothing."""
    chance = random.Random(7)  # noqa: S311
    return [f"row {number} {chance.randbytes(24).hex()}" for number in range(count)]


@pytest.mark.parametrize("compression", ["none", "zstd", "snappy", "gzip", "brotli", "lz4"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
@pytest.mark.parametrize("nested", [False, True])
def test_a_canary_in_a_page_is_found(
    tmp_path: Path,
    compression: str,
    version: str,
    dictionary: bool,  # noqa: FBT001
    nested: bool,  # noqa: FBT001
) -> None:
    values: list[Any] = rows(300)
    values[222] = WORDS
    column = pa.array([[{"a": value}] for value in values] if nested else values)
    options: dict[str, Any] = {"compression": compression, "data_page_version": version, "use_dictionary": dictionary}
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": column}), path, write_statistics=False, data_page_size=2000, **options)
    assert (CANARY in path.read_bytes()) is (compression == "none") or compression in ("snappy", "lz4")
    assert found(tmp_path) == {CANARY}


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_pages_without_levels_of_values_that_cannot_be_compressed_are_read(tmp_path: Path, version: str) -> None:
    chance = random.Random(7)  # noqa: S311
    schema = pa.schema([pa.field("x", pa.binary(), nullable=False)])
    table = pa.table({"x": [*(chance.randbytes(500) for _ in range(50)), CANARY]}, schema)
    for codec in ("zstd", "snappy", "lz4"):
        path = tmp_path / f"{codec}.parquet"
        pq.write_table(table, path, compression=codec, data_page_version=version, use_dictionary=False)
    assert canaries(tmp_path) == {CANARY: {"zstd.parquet", "snappy.parquet", "lz4.parquet"}}


def test_a_page_of_nothing_but_nulls_is_read(tmp_path: Path) -> None:
    table = pa.table({"x": pa.array([None] * 50, pa.string()), "y": [WORDS] * 50})
    pq.write_table(table, tmp_path / "a.parquet", data_page_version="2.0", compression="zstd")
    pq.write_table(table.slice(0, 0), tmp_path / "empty.parquet")
    assert canaries(tmp_path) == {CANARY: {"a.parquet"}}


@pytest.mark.parametrize("compression", ["none", "zstd", "snappy"])
def test_what_a_filtered_dictionary_still_holds_is_found(tmp_path: Path, compression: str) -> None:
    table = pa.table({"x": pa.array(["a", WORDS, "a"]).dictionary_encode()}).filter(pa.array([True, False, True]))
    pq.write_table(table, tmp_path / "a.parquet", compression=compression, write_statistics=False)
    assert pq.read_table(tmp_path / "a.parquet")["x"].to_pylist() == ["a", "a"]
    assert found(tmp_path) == {CANARY}


def test_a_dictionary_below_a_list_is_looked_at_too(tmp_path: Path) -> None:
    values = pa.array(["a", WORDS, "b"]).dictionary_encode().filter(pa.array([True, False, True]))
    column = pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), values)
    pq.write_table(pa.table({"x": column}), tmp_path / "a.parquet", compression="zstd", write_statistics=False)
    assert pq.read_table(tmp_path / "a.parquet")["x"].to_pylist() == [["a"], ["b"]]
    assert found(tmp_path) == {CANARY}


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY", "PLAIN"])
def test_values_that_an_encoding_cuts_to_pieces_are_found(tmp_path: Path, encoding: str) -> None:
    table = pa.table({"x": [f"CNRY{number:07d}" for number in range(100, 200)]})
    pq.write_table(
        table, tmp_path / "a.parquet", use_dictionary=False, column_encoding=encoding, write_statistics=False
    )
    assert len(found(tmp_path)) == 100


@pytest.mark.parametrize("page_index", [True, False])
def test_a_canary_in_statistics_alone_is_found(tmp_path: Path, page_index: bool) -> None:  # noqa: FBT001
    buffer = io.BytesIO()
    table = pa.table({"x": [WORDS, "zebra"]})
    pq.write_table(table, buffer, compression="none", use_dictionary=False, write_page_index=page_index)
    data = buffer.getvalue()
    end = pq.read_metadata(buffer).row_group(0).column(0).total_compressed_size + 4
    assert CANARY in data[:end]
    assert CANARY in data[end:]
    (tmp_path / "a.parquet").write_bytes(data[:end].replace(CANARY, b"CNRZ0000042") + data[end:])
    assert pq.read_table(tmp_path / "a.parquet")["x"].to_pylist() == ["before CNRZ0000042 after", "zebra"]
    assert canaries(tmp_path) == {CANARY: {"a.parquet"}}


def test_key_value_metadata_of_a_file_and_of_a_column_are_looked_at(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": ["a"]}).replace_schema_metadata({"n": "CNRY0000001"}), tmp_path / "a.parquet")
    schema = pa.schema([pa.field("x", pa.string(), metadata={"note": "CNRY0000002"})])
    pq.write_table(pa.table({"x": ["a"]}, schema), tmp_path / "b.parquet")
    schema = pa.schema([pa.field("CNRY0000003", pa.string())])
    pq.write_table(pa.table([pa.array(["a"])], schema), tmp_path / "c.parquet", store_schema=False)
    files = {b"CNRY0000001": {"a.parquet"}, b"CNRY0000002": {"b.parquet"}, b"CNRY0000003": {"c.parquet"}}
    assert canaries(tmp_path) == files


def test_other_files_are_looked_at_in_every_encoding_and_by_their_names(tmp_path: Path) -> None:
    places = itertools.count(1)

    def words() -> str:
        return f"CNRY{next(places):07d}"

    (tmp_path / "README.md").write_text(words(), encoding="utf-8")
    for encoding in ("utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32-be"):
        (tmp_path / f"{encoding}.txt").write_text(f"\u865f {words()}", encoding=encoding)
        (tmp_path / f"{encoding}.odd").write_bytes(b"x" + words().encode(encoding))
    (tmp_path / "a.json").write_text("".join(f"\\u{ord(c):04x}" for c in words()), encoding="utf-8")
    (tmp_path / "b.json").write_text("".join(f"\\u{ord(c):04X}" for c in words()), encoding="utf-8")
    (tmp_path / "c.json").write_text(json.dumps({"a": [words(), {words(): 1}]}), encoding="utf-8")
    (tmp_path / "named").mkdir()
    (tmp_path / "named" / words()).write_bytes(b"")
    (tmp_path / words()).mkdir()
    (tmp_path / "a.bin").write_bytes(random.Random(1).randbytes(5000) + words().encode())  # noqa: S311
    assert found(tmp_path) == {f"CNRY{number:07d}".encode() for number in range(1, next(places))}


@pytest.mark.parametrize("compression", ["none", "zstd", "snappy", "lz4", "brotli"])
def test_packed_bytes_are_not_taken_for_what_they_stand_for(tmp_path: Path, compression: str) -> None:
    chance = random.Random(7)  # noqa: S311
    values = [f"CNRY{number:07d} {chance.getrandbits(30):010d} CNRY{number:07d}" for number in range(3000)]
    pq.write_table(pa.table({"x": values}), tmp_path / "a.parquet", compression=compression, use_dictionary=False)
    assert len(found(tmp_path)) == len(values)


def test_where_there_is_none_none_is_found(tmp_path: Path) -> None:
    values = ["CNRY 0000042", "CNRY42", "cnry0000042", "CNRX0000042", *rows(5000)]
    pq.write_table(pa.table({"x": values, "y": values[::-1]}), tmp_path / "a.parquet")
    (tmp_path / "README.md").write_text("\n".join(values), encoding="utf-8")
    assert canaries(tmp_path) == {}


def test_many_canaries_are_told_apart(tmp_path: Path) -> None:
    names = [f"CNRY{number:07d}" for number in range(10_000)]
    pq.write_table(pa.table({"x": names[::2]}), tmp_path / "a.parquet", compression="zstd")
    (tmp_path / "b.txt").write_text(" ".join(names[::3]), encoding="utf-8")
    files = canaries(tmp_path)
    assert files[b"CNRY0000006"] == {"a.parquet", "b.txt"}
    assert sum(map(len, files.values())) == len(names[::2]) + len(names[::3])


def test_the_checker_is_small_and_shares_nothing() -> None:
    source = (Path(__file__).parent / "raw_parquet.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 100
    assert "import pressmark" not in source
    assert "from pressmark" not in source
