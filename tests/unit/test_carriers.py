"""What lies in files of records, read one after the other: nothing is lost, and nothing silently."""

import csv
import gzip
import io
import json
import os
import tracemalloc
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.findings import RefusedInputError
from pressmark.intake.carriers import found_in
from pressmark.intake.csv_rows import rows as csv_rows
from pressmark.intake.files import InputFile
from pressmark.intake.found import Found
from pressmark.intake.guard import Guard
from pressmark.intake.json_entries import entries, entries_below
from pressmark.intake.lines import as_utf8
from pressmark.intake.parquet_rows import portions, samples
from pressmark.intake.parquet_rows import rows as parquet_rows
from pressmark.intake.task import ReadTask
from pressmark.intake.unpack import unpacked
from pressmark.intake.warc import captures
from pressmark.reading_plan import STRETCH_BYTES, plan_reading
from pressmark.recipe import Input, read_recipe
from pressmark.sources import Source
from strategies import checked
from support import Corpus

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
        ('a,b\n1,"' + "x,y\n" * 10_000 + "3,4\n", ["bad-row"]),
        ('a,b\n1,"' + "x,y\n" * 10_000 + 'z"\n3,4\n', ["too-large", {"a": "3", "b": "4"}]),
        ('a,b\n1,"' + "x,y\n" * 10_000 + '3,"4"\n5,6\n', ["too-large", {"a": "5", "b": "6"}]),
        (
            'a,b\n1,6" tall\n3,4\n5,7" wide\n',
            [{"a": "1", "b": '6" tall'}, {"a": "3", "b": "4"}, {"a": "5", "b": '7" wide'}],
        ),
        ('a,b\n1,"6" tall\n3,4\n5,"7" wide\n7,8\n', ["bad-row", {"a": "3", "b": "4"}, "bad-row", {"a": "7", "b": "8"}]),
        ('a,b\n1,"6 tall\n3,4\n5,"7 wide\n7,8\n', ["bad-row", {"a": "3", "b": "4"}, "bad-row", {"a": "7", "b": "8"}]),
        ('a,b\n1,"2""\n""3",\n5,"6\r\n7"\n', ["bad-row", {"a": "5", "b": "6\r\n7"}]),
        ("a,b\n1," + "x" * 4_000 + "\n", [{"a": "1", "b": "x" * 4_000}]),
        ('a,"b\n1,2\n3,4\n', [("end", "bad-row")]),  # what names the columns has to be sound
        ("x" * 20_000 + ",b\n1,2\n", [("end", "too-large")]),
    ],
)
def test_tables_good_and_bad(data: str, expected: list[Any]) -> None:
    for step in (1000, 100_000):
        assert outcome(csv_rows(cut(data.encode(), step), "utf-8", ",", LIMIT)) == expected


def test_names_of_columns_in_another_encoding_cost_the_table() -> None:
    data = "제목,본문\n1,2\n".encode("cp949")
    assert outcome(csv_rows(iter([data]), "utf-8", ",", LIMIT)) == [("end", "wrong-encoding")]
    assert outcome(csv_rows(iter([data]), "cp949", ",", LIMIT)) == [{"제목": "1", "본문": "2"}]


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


def written(table: pa.Table) -> io.BytesIO:
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream


def test_a_shared_value_is_held_once() -> None:
    # 16 MB that a thousand rows share make a file of some kilobytes.
    large = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int32()), pa.array(["x" * (1 << 24)]))
    nested = pa.ListArray.from_arrays(list(range(1001)), large)
    pairs = pa.MapArray.from_arrays(list(range(1001)), pa.array(["k"] * 1000), large)
    for column in (large, nested, pairs, pa.StructArray.from_arrays([large], ["part"])):
        stream = written(pa.table({"text": column, "id": pa.array(range(1000))}))
        assert len(stream.getvalue()) < 1_000_000
        before = pa.total_allocated_bytes()
        tracemalloc.start()
        found = parquet_rows(stream, None, LIMIT)
        codes = {each.refusal.code for each in found if each.refusal}
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert codes == {"too-large"}
        assert peak < 100_000_000
        assert pa.total_allocated_bytes() - before < 200_000_000


def test_bytes_are_text_or_refused() -> None:
    stream = written(pa.table({"text": [b"Words.", "물".encode(), b"\xff\xfe"], "id": [b"1", b"2", b"3"]}))
    assert outcome(parquet_rows(stream, None, LIMIT)) == [
        {"text": "Words.", "id": "1"},
        {"text": "물", "id": "2"},
        "bad-row",
    ]


def test_a_column_twice_is_no_choice() -> None:
    stream = written(pa.table([["a"], ["b"], ["c"]], names=["text", "text", "id"]))
    assert outcome(parquet_rows(stream, None, LIMIT)) == [("end", "bad-row")]
    assert outcome(parquet_rows(stream, ["text"], LIMIT)) == [("end", "bad-row")]
    assert outcome(parquet_rows(stream, ["id"], LIMIT)) == [{"id": "c"}]


def test_a_time_that_cannot_be_costs_its_row_alone() -> None:
    far = pa.array([0, 2**62, 86_400_000_000], pa.int64()).cast(pa.timestamp("us"))
    assert outcome(parquet_rows(written(pa.table({"at": far})), None, LIMIT)) == [
        {"at": "1970-01-01 00:00:00"},
        "bad-row",
        {"at": "1970-01-02 00:00:00"},
    ]


@pytest.mark.parametrize("zone", ["UTC", "+09:00", "Asia/Seoul", "Foo/Bar"])
def test_times_are_kept_to_the_microsecond_in_any_zone(zone: str) -> None:
    exact = pa.array([1_716_260_236_123_456_789], pa.int64()).cast(pa.timestamp("ns", zone))
    assert outcome(parquet_rows(written(pa.table({"at": exact})), None, LIMIT)) == [
        {"at": "2024-05-21T02:57:16.123456Z"}
    ]


def test_values_of_all_kinds_are_plain_or_refused() -> None:
    table = pa.table(
        {
            "clock": pa.array([3_600_000_000], pa.time64("us")),
            "uuid": pa.array([b"\x01" * 16], pa.uuid()),
            "no number": pa.array([float("nan")]),
            "large": pa.array(["a"], pa.large_string()),
            "pairs": pa.array([[("k", "v")]], pa.map_(pa.string(), pa.string())),
            "a name of more than twenty characters": pa.array([{"another name of more than twenty": 1}]),
            "exact": pa.array([Decimal("1.10")]),
        }
    )
    assert outcome(parquet_rows(written(table), None, LIMIT)) == [
        {
            "clock": "01:00:00",
            "uuid": "01010101-0101-0101-0101-010101010101",
            "large": "a",
            "pairs": [["k", "v"]],
            "a name of more than twenty characters": {"another name of more than twenty": 1},
            "exact": "1.10",
        }
    ]
    for value in (pa.array([float("inf")]), pa.array([5], pa.duration("s"))):
        assert outcome(parquet_rows(written(pa.table({"a": value})), None, LIMIT)) == ["bad-row"]


def test_a_table_has_the_columns_that_are_asked_for() -> None:
    found = csv_rows(iter([b"a,b\n1,2\n"]), "utf-8", ",", LIMIT, ["a", "c"])
    assert outcome(found) == [("end", "bad-row")]


def test_a_value_of_a_table_may_be_as_large_as_an_input() -> None:
    data = b"a,b\n1," + b"x" * 200_000 + b"\n"
    assert outcome(csv_rows(iter([data]), "utf-8", ",", 10**6)) == [{"a": "1", "b": "x" * 200_000}]


def test_members_that_end_anywhere_are_one_content() -> None:
    records = [{"id": number, "text": "Words of one record."} for number in range(300)]
    data = json.dumps(records).encode()
    for size in (1, 7, 1000):
        packed = b"".join(gzip.compress(piece) + gzip.compress(b"") for piece in cut(data, size))
        blocks = unpacked(io.BytesIO(packed), "a.json.gz", len(packed))
        assert len(outcome(entries(blocks, LIMIT))) == len(records)
        packed += gzip.compress(b" x")
        blocks = unpacked(io.BytesIO(packed), "a.json.gz", len(packed))
        assert outcome(entries(blocks, LIMIT))[-1] == ("end", "bad-json")


def test_the_encoding_is_told_whatever_the_first_block_is() -> None:
    data = "\ufeff".encode("utf-16-le") + '{"a":1}\n{"b":2}'.encode("utf-16-le")
    for first in (0, 1, 3):
        blocks = iter([b"", data[:first], data[first:]])
        assert b"".join(as_utf8(blocks, "auto")).decode() == '\ufeff{"a":1}\n{"b":2}'


def test_a_part_of_a_character_is_no_mark() -> None:
    data = '[{"a":"誠"},{"a":"瀈沑"}]'.encode("gb18030")
    assert b"\\" in data
    found = outcome(entries(as_utf8(cut(data, 3), "gb18030", whole=True), LIMIT))
    assert [json.loads(each) for each in found] == [{"a": "誠"}, {"a": "瀈沑"}]
    assert outcome(entries(as_utf8(cut(b"[1,\xff\xff]", 3), "gb18030", whole=True), LIMIT))[-1] == (
        "end",
        "wrong-encoding",
    )


@pytest.mark.parametrize(
    "options",
    [
        {"row_group_size": 25},  # fewer rows than are read at once
        {"use_dictionary": False, "column_encoding": {"id": "DELTA_BYTE_ARRAY", "text": "DELTA_LENGTH_BYTE_ARRAY"}},
        {"dictionary_pagesize_limit": 200, "data_page_size": 100},  # a dictionary that ends before the column does
    ],
)
def test_parquet_is_read_however_its_values_are_stored(options: dict[str, Any]) -> None:
    captions = [[{"image": f"{n}.jpg", "text": f"A harbour {n}."}] * (n % 3) for n in range(60)]
    columns = {"id": [f"r{n}" for n in range(60)], "text": [f"Words {n}." for n in range(60)], "captions": captions}
    values = [json.loads(found.data) for found in parquet_rows(io.BytesIO(parquet(columns, **options)), None, 1000)]
    assert values == pa.table(columns).to_pylist()


def test_a_row_of_parquet_above_the_limit_costs_itself_alone() -> None:
    data = parquet({"text": ["a", "b" * 20_000, "c"]})
    assert outcome(parquet_rows(io.BytesIO(data), ["text"], LIMIT)) == [{"text": "a"}, "too-large", {"text": "c"}]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(RefusedInputError, match="bad-row") as refused:
        list(parquet_rows(io.BytesIO(parquet({"text": ["a"]})), ["body"], LIMIT))
    assert "'body'" in refused.value.detail


def test_rows_are_handed_over_some_at_a_time_and_every_one(tmp_path: Path) -> None:
    for count, length, sizes in ((150, 1, [64, 64, 22]), (64, 1, [64, 0]), (5, 200_000, [2, 2, 1]), (0, 1, [0])):
        data = parquet({"text": pa.array([f"{number:03}" * length for number in range(count)], pa.string())})
        (tmp_path / "a").write_bytes(data)
        found = list(portions(tmp_path, InputFile("a", "a", len(data)), None, 1 << 23))
        assert [len(some) for _, some in found] == sizes
        values = [each.value["text"][:3] for _, some in found for each in some if each.value]
        assert values == [f"{number:03}" for number in range(count)]
        assert [each.number for _, some in found for each in some] == list(range(1, count + 1))
        assert all(0 < position <= len(data) for position, _ in found)


def test_a_file_that_cannot_be_opened_is_told_where_its_rows_are_read(tmp_path: Path) -> None:
    with pytest.raises(RefusedInputError, match="missing-file"):
        list(portions(tmp_path, InputFile("a", "a", 1), None, LIMIT))
    with pytest.raises(RefusedInputError, match="missing-file"):
        samples(tmp_path, InputFile("a", "a", 1), LIMIT, 3)


def test_samples_leave_out_what_json_has_nothing_like(tmp_path: Path) -> None:
    columns = {
        "text": ["Words."] * 9,
        "picture": [b"\xff\xd8"] * 9,
        "length": pa.array([5] * 9, pa.duration("s")),
        "score": [float("inf")] * 9,
        "on": pa.array([19_000] * 9, pa.date32()),
        "at": pa.array([1_716_260_236_123_456_789] * 9, pa.timestamp("ns", "Asia/Seoul")),
        "clock": pa.array([3_600_000_123_000] * 9, pa.time64("ns")),
    }
    file = InputFile("a", "a", 1)
    (tmp_path / "a").write_bytes(parquet(columns))
    assert (
        samples(tmp_path, file, LIMIT, 2)
        == [{"text": "Words.", "on": "2022-01-08", "at": "2024-05-21T02:57:16.123456Z", "clock": "01:00:00.000123"}] * 2
    )
    (tmp_path / "a").write_bytes(parquet({"text": pa.array([], pa.string())}))
    assert samples(tmp_path, file, LIMIT, 2) == []
    for damaged in (b"no table", parquet(columns)[:-9]):
        (tmp_path / "a").write_bytes(damaged)
        with pytest.raises(RefusedInputError, match="bad-parquet"):
            samples(tmp_path, file, LIMIT, 2)


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


def test_a_small_parquet_file_that_needs_much_memory_costs_itself(tmp_path: Path) -> None:
    stream = io.BytesIO()
    large = pa.table({"text": pa.array(["x" * (1 << 29)])})
    pq.write_table(large, stream, compression="zstd", use_dictionary=False, write_statistics=False)
    small = parquet({"id": ["a", "b"], "text": ["Words.", "Other words."]})
    files = []
    for name, data in (("a", small), ("bomb", stream.getvalue()), ("cut", small[:-9]), ("d", small)):
        (tmp_path / name).write_bytes(data)
        files.append(InputFile(name, name, len(data)))
    assert files[1].size < 100_000
    journal = Source("journal", "The Journal", "Journal House", "en")
    task = ReadTask(0, tmp_path, Input("*", "parquet", "journal"), journal, tuple(files), 1 << 20)
    outcomes = []
    # The GB that Arrow's allocator reserves, and too little beside it for a page and its value.
    with Guard(memory_bytes=3 << 29) as guard:
        for file in files:
            with (tmp_path / file.path).open("rb") as opened:
                outcomes.append(outcome(found_in(task, file, opened, guard)))
    read = [{"id": "a", "text": "Words."}, {"id": "b", "text": "Other words."}]
    assert outcomes == [read, [("end", "too-large")], [("end", "bad-parquet")], read]


def test_small_files_that_need_a_process_are_read_in_one_task(corpus: Corpus) -> None:
    head = (corpus.folder / "corpus.toml").read_text(encoding="utf-8").partition("[[input]]")[0]
    corpus.write("corpus.toml", f'{head}[[input]]\nfiles = "r/*"\nformat = "parquet"\nsource = "journal"\n')
    half = STRETCH_BYTES // 2
    # A bundle begins with `d` by its name, and so stays as it is when there is a new file before it.
    sizes = {"a": half, "b": half, "c": 1, "d": 1, "e": 1, "f": 3 * half, "g": 0, "h": 1}
    for new, expected in (({}, ["ab", "c", "de", "f", "gh"]), ({"B": 1}, ["Ba", "bc", "de", "f", "gh"])):
        for name, size in (sizes | new).items():
            corpus.write(f"r/{name}", b"")
            os.truncate(corpus.folder / "r" / name, size)
        tasks, _ = plan_reading(read_recipe(corpus.folder))
        assert ["".join(file.shown[-1] for file in task.files) for task in tasks] == expected


IN_NEED = bytes.fromhex("28b52ffd27ea6ec538988d0000083205fc88279d4098a138e8e9cca3f017bf0ca325")
"""Two lines of JSON, packed with a dictionary that is not here (`zstd -D`)."""


@pytest.mark.parametrize("before", [b"", PACKERS["zst"](b"{}\n"), b"\x5d\x2a\x4d\x18\x04\0\0\0dict"])
def test_a_frame_that_needs_a_dictionary_is_refused_and_says_so(before: bytes) -> None:
    data = before + IN_NEED
    with pytest.raises(RefusedInputError, match="bad-compression") as refused:
        list(unpacked(io.BytesIO(data), "a.jsonl.zst", len(data)))
    assert "needs a dictionary" in refused.value.detail
    assert "zstd -d -D" in refused.value.detail
    (*_, last) = captures(io.BytesIO(data), "a.warc.zst", 1000)
    assert last.refusal is not None
    assert (last.refusal.code, "needs a dictionary" in last.refusal.detail) == ("bad-compression", True)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.intake.unpack._ALWAYS_ALLOWED", 1 << 20)
    packed = PACKERS["zst"](bytes(50 << 20))
    assert list(ended(unpacked(io.BytesIO(packed), "a.zst", len(packed)))) == [("end", "too-large")]


def test_rows_that_share_a_value_are_no_way_to_be_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.intake.unpack._ALWAYS_ALLOWED", 1 << 20)
    data = parquet({"text": ["x" * (1 << 15)] * 500}, compression="zstd")
    (tmp_path / "a").write_bytes(data)
    assert 250 * len(data) < 500 << 15
    *some, last = ended(portions(tmp_path, InputFile("a", "a", len(data)), None, 1 << 16))
    assert last == ("end", "too-large")
    assert 0 < sum(len(found) for _, found in some) < 500


def test_of_a_packed_file_that_was_cut_short_every_byte_is_read() -> None:
    # Of so uniform a content the last bytes of a file stand for thousands, more than are handed over at once.
    packed = gzip.compress(bytes(3 << 20))
    assert len(packed) > 3000
    for end in range(len(packed) * 2 // 3 - 90, len(packed) * 2 // 3 + 30):
        *blocks, last = ended(unpacked(io.BytesIO(packed[:end]), "a.gz", end))
        assert last == ("end", "bad-compression")
        assert b"".join(blocks) == zlib.decompressobj(31).decompress(packed[:end])


@pytest.mark.parametrize("position", range(12, 900, 37))
def test_nothing_is_read_of_a_damaged_file(position: int) -> None:
    packed = bytearray(gzip.compress(b"".join(b"line %d\n" % number for number in range(300))))
    packed[position % (len(packed) - 8)] ^= 1
    *blocks, last = ended(unpacked(io.BytesIO(bytes(packed)), "a.gz", len(packed)))
    assert last == ("end", "bad-compression")
    # What looks like an early end is one for all that can be told.
    assert b"".join(b"line %d\n" % number for number in range(300)).startswith(b"".join(blocks))


AROUND = '{"id": "c", "metadata": {"title": "a, [label]"}, "document": %s, "more": [1, {"x": "}"}]}'


def below(data: bytes, size: int = 1 << 20, limit: int = 200) -> list[bytes | str]:
    """Return what stands under the key document, or the code of what is refused."""
    blocks = iter([data[start : start + size] for start in range(0, len(data), size)])
    found: list[bytes | str] = []
    try:
        for each in entries_below(blocks, limit, "document"):
            found.append(each.refusal.code if each.refusal else each.data)  # noqa: PERF401 - what came before an error stays
    except RefusedInputError as error:
        found.append(error.code)
    return found


def test_entries_below_a_key_are_read_one_by_one_however_the_bytes_come() -> None:
    documents = ['{"id": "a:b", "form": "x]}"}', '{"id": "c"}', "3"]
    whole = (AROUND % f"[ {' , '.join(documents)} ]").encode()
    expected = [document.encode() for document in documents]
    assert [below(whole, size) for size in range(1, 40)] == [expected] * 39
    assert below(b"\xef\xbb\xbf" + whole, 2) == expected
    assert below((AROUND % "[]").encode()) == []
    assert below((AROUND % '"none"').encode()) == []


def test_an_entry_below_a_key_that_is_too_large_costs_itself() -> None:
    large = '{"text": "%s"}' % ("x" * 500)
    whole = (AROUND % f'[{{"id": 1}}, {large}, {{"id": 2}}]').encode()
    assert [below(whole, size) for size in (1, 7, 10_000)] == [[b'{"id": 1}', "too-large", b'{"id": 2}']] * 3


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ("[1]", ["bad-json"]),
        ("", ["bad-json"]),
        ('{"document": [1', ["bad-json"]),
        ('{"document": [1]', [b"1", "bad-json"]),
        ('{"document": [1]} x', [b"1", "bad-json"]),
        ('{"document": [1 2]}', [b"1 2"]),  # what no entry can be is refused when it is read
        ('{"document": [1], "x": nul}', [b"1", "bad-json"]),
        ('{"document": [1], "x": 1, "x": 2}', [b"1", "duplicate-key"]),
        ('{"document": [1], "document": [2]}', [b"1", b"2", "duplicate-key"]),
        ('{"x" 1, "document": [1]}', ["bad-json"]),
        ('{"x": 1 "document": [1]}', ["bad-json"]),
        ("{3: 1}", ["bad-json"]),
        ('{"document": [1],}', [b"1", "bad-json"]),
        ('{"x": "%s", "document": [1]}' % ("y" * 300), ["too-large"]),
        ('{"%s": 1, "document": [1]}' % ("y" * 300), ["bad-json"]),
        ('{"x": {"document": [1]}, "document": {"a": [1]}}', []),
    ],
)
def test_what_stands_around_entries_is_read_too(data: str, codes: list[bytes | str]) -> None:
    for size in (1, 3, 1000):
        assert below(data.encode(), size) == codes


def test_a_file_of_many_documents_is_not_held() -> None:
    document = b'{"id":"a","paragraph":[{"form":"%s"}]}' % (b"x" * 1000)
    count = 20_000

    def blocks() -> Iterator[bytes]:
        yield b'{"document":['
        for number in range(count):
            yield document + b"," * (number < count - 1)
        yield b"]}"

    tracemalloc.start()
    try:
        assert sum(1 for _ in entries_below(blocks(), 10_000, "document")) == count
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
