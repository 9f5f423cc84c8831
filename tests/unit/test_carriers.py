"""What lies in files of records, read one after the other: nothing is lost, and nothing silently."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.findings import RefusedInputError
from pressmark.intake.csv_rows import rows as csv_rows
from pressmark.intake.found import Found
from pressmark.intake.json_entries import entries
from pressmark.intake.parquet_rows import rows as parquet_rows
from pressmark.intake.unpack import unpacked
from strategies import checked

LIMIT = 10_000
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=6), values, max_size=4)


def cut(data: bytes, step: int) -> Iterator[bytes]:
    return (data[start : start + step] for start in range(0, len(data), step))


def ended(blocks: Iterator[Any]) -> Iterator[Any]:
    """Yield what is yielded, and last the code of what ended it."""
    try:
        yield from blocks
    except RefusedInputError as error:
        yield ("end", error.code)


def outcome(found: Iterator[Found]) -> list[Any]:
    """Return what was found: bytes or the code of a refusal, and last the code of what ended the file."""
    results = ended(found)
    return [
        each if isinstance(each, tuple) else each.refusal.code if each.refusal else each.value or each.data
        for each in results
    ]


@checked(60)
@given(st.lists(objects, max_size=5), st.integers(1, 40), st.sampled_from([None, 1]), st.sampled_from([True, False]))
def test_every_entry_of_an_array_is_found(
    records: list[dict[str, Any]],
    step: int,
    indent: int | None,
    plain: bool,  # noqa: FBT001 - drawn
) -> None:
    data = json.dumps(records, indent=indent, ensure_ascii=plain).encode("utf-8", "surrogatepass")
    found = outcome(entries(cut(data, step), LIMIT))
    assert [json.loads(each) for each in found] == records


@checked(60)
@given(st.lists(objects, min_size=1, max_size=4), st.integers(1, 40), st.data())
def test_an_array_that_is_cut_short_says_so(records: list[dict[str, Any]], step: int, data: st.DataObject) -> None:
    whole = json.dumps(records).encode()
    end = data.draw(st.integers(1, len(whole) - 1))
    *found, last = outcome(entries(cut(whole[:end], step), LIMIT))
    assert last == ("end", "bad-json")
    assert [json.loads(each) for each in found] == records[: len(found)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"[]", []),
        (b' [ {"a": 1} ] \n', [b'{"a": 1}']),
        (b'\xef\xbb\xbf[{"a":1}]', [b'{"a":1}']),
        (b'{"a": [1]}', [b'{"a": [1]}']),
        (b'[{"a":1},]', [b'{"a":1}', ("end", "bad-json")]),
        (b'[{"a":1}] {}', [b'{"a":1}', ("end", "bad-json")]),
        (b"[}]", [("end", "bad-json")]),
        (b'[{"a":"]"', [("end", "bad-json")]),
        (b'[{"a":"\\\\"},{"b":"\\""}]', [b'{"a":"\\\\"}', b'{"b":"\\""}']),
        (b'[{"a":"' + b"x" * 20_000 + b'"},{"b":2}]', ["too-large", b'{"b":2}']),
        (b'[{"a":[' + b"1," * 20_000 + b'1]},{"b":2}]', ["too-large", b'{"b":2}']),
        (b'{"a":"' + b"x" * 20_000 + b'"}', [("end", "too-large")]),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_arrays_good_and_bad(data: bytes, expected: list[Any], step: int) -> None:
    assert outcome(entries(cut(data, step), LIMIT)) == expected


cells = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Z"], include_characters='",\n\t'), max_size=8)


@checked(60)
@given(st.lists(st.tuples(cells, cells), max_size=5), st.integers(1, 30), st.sampled_from(",\t"))
def test_every_row_of_a_table_is_found(written: list[tuple[str, str]], step: int, delimiter: str) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([("a", "b"), *written])
    found = outcome(csv_rows(cut(stream.getvalue().encode(), step), "utf-8", delimiter, LIMIT))
    expected = [{name: value for name, value in zip("ab", row, strict=True) if value} for row in written]
    assert found == [row for row in expected if row]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a,b\n1,2\n", [{"a": "1", "b": "2"}]),
        ("\ufeffa,b\r\n1,2\r\n\r\n,\r\n", [{"a": "1", "b": "2"}]),
        ('a,b\n1,"2\n3"\n', [{"a": "1", "b": "2\n3"}]),
        ("a,b\n1\n3,4\n", ["bad-row", {"a": "3", "b": "4"}]),
        ('a,b\n1,"2\n3,4\n5,6\n', ["bad-row", {"a": "3", "b": "4"}, {"a": "5", "b": "6"}]),
        ('a,b\n1,2"x"\n3,"4"x\n5,6\n', [{"a": "1", "b": '2"x"'}, "bad-row", {"a": "5", "b": "6"}]),
        ("a,a\n1,2\n", [("end", "bad-row")]),
        ("a,b\n" + "x" * 20_000 + ",1\n3,4\n", ["too-large", {"a": "3", "b": "4"}]),
        ('a,b\n1,"' + "x\n" * 10_000 + "3,4\n", ["bad-row", *["bad-row"] * 9_999, {"a": "3", "b": "4"}]),
    ],
)
def test_tables_good_and_bad(data: str, expected: list[Any]) -> None:
    for step in (1000, 100_000):
        assert outcome(csv_rows(cut(data.encode(), step), "utf-8", ",", LIMIT)) == expected


def test_a_row_in_another_encoding_costs_itself_alone() -> None:
    data = "a,b\n1,기사\n".encode() + b"2,\xb1\xe2\n" + b"3,4\n"
    assert outcome(csv_rows(cut(data, 5), "utf-8", ",", LIMIT)) == [
        {"a": "1", "b": "기사"},
        "wrong-encoding",
        {"a": "3", "b": "4"},
    ]


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, write_page_checksum=True, **options)
    return stream.getvalue()


def test_rows_of_parquet_have_plain_values() -> None:
    moment = pa.array([1_700_000_000_000_000], pa.timestamp("us", "Asia/Seoul"))
    columns = {
        "id": [7],
        "at": moment,
        "on": pa.array([19_000], pa.date32()),
        "x": [[{"a": None, "b": 1}]],
        "n": [None],
    }
    (found,) = parquet_rows(io.BytesIO(parquet(columns)), None, LIMIT)
    assert found.value == {"id": 7, "at": "2023-11-14T22:13:20Z", "on": "2022-01-08", "x": [{"b": 1}]}
    assert json.loads(found.data) == found.value


def test_a_row_of_parquet_above_the_limit_costs_itself_alone() -> None:
    data = parquet({"text": ["a", "b" * 20_000, "c"]})
    assert outcome(parquet_rows(io.BytesIO(data), ["text"], LIMIT)) == [{"text": "a"}, "too-large", {"text": "c"}]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(RefusedInputError, match="bad-row") as refused:
        list(parquet_rows(io.BytesIO(parquet({"text": ["a"]})), ["body"], LIMIT))
    assert "'body'" in refused.value.detail


@pytest.mark.parametrize("position", range(0, 1500, 60))
def test_damaged_parquet_is_never_other_rows(position: int) -> None:
    texts = [f"text {number} " * 5 for number in range(60)]
    data = bytearray(parquet({"text": texts}, compression="none", use_dictionary=False))
    data[position % len(data)] ^= 0x55
    found = outcome(parquet_rows(io.BytesIO(bytes(data)), None, LIMIT))
    assert found == [{"text": text} for text in texts] or found[-1] == ("end", "bad-parquet")


PACKERS = {"gz": gzip.compress, "zst": lambda data: pa.compress(data, "zstd", asbytes=True)}


@pytest.mark.parametrize("ending", PACKERS)
def test_packed_files_are_whole_or_refused(ending: str) -> None:
    data = b"".join(b"line %d\n" % number for number in range(3000))
    packed = PACKERS[ending](data)
    name = f"a.jsonl.{ending}"
    assert b"".join(unpacked(io.BytesIO(packed), name, len(packed))) == data
    assert b"".join(unpacked(io.BytesIO(packed + packed), name, 2 * len(packed))) == data + data
    for end in (1, len(packed) // 2, len(packed) - 1):
        *blocks, last = ended(unpacked(io.BytesIO(packed[:end]), name, end))
        assert last == ("end", "bad-compression")
        assert data.startswith(b"".join(blocks))
        assert ending == "zst" or end < len(packed) // 2 or len(b"".join(blocks)) > len(data) // 3
    with pytest.raises(RefusedInputError, match="bad-compression"):
        list(unpacked(io.BytesIO(b"no such file"), name, 12))


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.intake.unpack._ALWAYS_ALLOWED", 1 << 20)
    packed = PACKERS["zst"](bytes(50 << 20))
    assert list(ended(unpacked(io.BytesIO(packed), "a.zst", len(packed)))) == [("end", "too-large")]


@pytest.mark.parametrize("position", range(12, 900, 37))
def test_nothing_is_read_of_a_damaged_file(position: int) -> None:
    packed = bytearray(gzip.compress(b"".join(b"line %d\n" % number for number in range(300))))
    packed[position % (len(packed) - 8)] ^= 1
    *blocks, last = ended(unpacked(io.BytesIO(bytes(packed)), "a.gz", len(packed)))
    assert last == ("end", "bad-compression")
    # What looks like an early end is one for all that can be told.
    assert b"".join(b"line %d\n" % number for number in range(300)).startswith(b"".join(blocks))
