"""The checker that the canaries are looked for with finds them wherever they are planted."""

import itertools
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from raw_parquet import CANARY, canaries

WORDS = "before CNRY0000042 after"


def found(folder: Path) -> set[bytes]:
    return set(canaries(folder))


@pytest.mark.parametrize("compression", ["none", "zstd", "snappy", "gzip"])
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
    values: list[Any] = [f"row {number} " * 20 for number in range(500)]
    values[333] = WORDS
    column = pa.array([[{"a": value}] for value in values] if nested else values)
    options: dict[str, Any] = {"compression": compression, "data_page_version": version, "use_dictionary": dictionary}
    pq.write_table(
        pa.table({"x": column}), tmp_path / "a.parquet", write_statistics=False, data_page_size=2000, **options
    )
    assert found(tmp_path) == {b"CNRY0000042"}


def test_what_a_filtered_dictionary_still_holds_is_found(tmp_path: Path) -> None:
    table = pa.table({"x": pa.array(["a", WORDS, "a"]).dictionary_encode()}).filter(pa.array([True, False, True]))
    pq.write_table(table, tmp_path / "a.parquet", compression="zstd")
    assert pq.read_table(tmp_path / "a.parquet")["x"].to_pylist() == ["a", "a"]
    assert found(tmp_path) == {b"CNRY0000042"}


def test_statistics_metadata_names_and_other_files_are_looked_at(tmp_path: Path) -> None:
    places = itertools.count(1)

    def words() -> str:
        return f"CNRY{next(places):07d}"

    table = pa.table({"x": ["plain"]}).replace_schema_metadata({"note": words()})
    pq.write_table(table, tmp_path / "a.parquet")
    (tmp_path / "README.md").write_text(words(), encoding="utf-8")
    (tmp_path / "notes.txt").write_text(words(), encoding="utf-16-le")
    (tmp_path / "odd.txt").write_bytes(b"x" + words().encode("utf-16-le"))
    (tmp_path / "a.json").write_text("".join(f"\\u{ord(c):04x}" for c in words()), encoding="utf-8")
    (tmp_path / words()).write_bytes(b"")
    assert found(tmp_path) == {f"CNRY{number:07d}".encode() for number in range(1, next(places))}


def test_where_there_is_none_none_is_found(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": ["CNRY 0000042", "CNRY42"] * 100}), tmp_path / "a.parquet")
    assert canaries(tmp_path) == {}
    assert CANARY.pattern.startswith(b"CNRY")


def test_the_checker_is_small_and_shares_nothing() -> None:
    source = (Path(__file__).parent / "raw_parquet.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 100
    assert "import pressmark" not in source
    assert "from pressmark" not in source
