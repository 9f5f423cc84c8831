"""Times to the nanosecond are read to the microsecond, at whatever depth, and whether there is pandas or not."""

import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pytest

from pressmark.intake.plain_times import with_plain_times

NS, ZONED = pa.timestamp("ns"), pa.timestamp("ns", "Asia/Seoul")
AT, IN_UTC = datetime(1970, 1, 1, 0, 0, 0, 1), datetime(1970, 1, 1, 0, 0, 0, 1, UTC)  # noqa: DTZ001 - no zone is stated
CASES: list[tuple[pa.DataType, Any, Any]] = [
    (NS, 1001, AT),
    (ZONED, 1001, IN_UTC),
    (pa.list_(NS), [1001, None], [AT, None]),
    (pa.large_list(ZONED), [1001], [IN_UTC]),
    (pa.list_(NS, 2), [1001, 1001], [AT, AT]),
    (pa.struct([("a", NS), ("b", pa.list_(ZONED))]), {"a": 1001, "b": [1001]}, {"a": AT, "b": [IN_UTC]}),
    (pa.map_(pa.string(), NS), [("k", 1001)], [("k", AT)]),
    (pa.time64("ns"), 1001, time(0, 0, 0, 1)),
    (pa.list_(pa.struct([("x", pa.duration("ns"))])), [{"x": 1001}], [{"x": timedelta(microseconds=1)}]),
    (pa.dictionary(pa.int32(), pa.string()), "a", "a"),
]


@pytest.mark.parametrize(("kind", "value", "expected"), CASES)
def test_times_are_plain_at_whatever_depth(kind: pa.DataType, value: Any, expected: Any) -> None:
    rows = pa.record_batch([pa.array([value, None], kind), pa.array([1, 2])], ["c", "other"])
    found = with_plain_times(rows).to_pylist()
    assert found == [{"c": expected, "other": 1}, {"c": None, "other": 2}]
    assert "pandas" not in str(type(found[0]["c"]))


BOTH = """
import io, sys, pyarrow as pa, pyarrow.parquet as pq
from pressmark.engine.without_pandas import without_pandas
if sys.argv[1] == "without":
    without_pandas()
from pressmark.intake.parquet_rows import rows
kinds = [pa.list_(pa.timestamp("ns")), pa.struct([("t", pa.timestamp("ns"))]), pa.duration("ns"), pa.time64("ns")]
for kind, value in zip(kinds, [[1001], {"t": 1001}, 1001, 1001]):
    file = io.BytesIO()
    pq.write_table(pa.table({"c": pa.array([value, value], kind)}), file)
    print([(found.number, found.data, str(found.refusal)) for found in rows(file, None, 10**6)])
print("pandas" in sys.modules)
"""


def test_what_is_read_of_a_table_does_not_depend_on_pandas() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", BOTH, how], check=True, capture_output=True, text=True
        ).stdout.splitlines()
        for how in ("with", "without")
    ]
    assert told[0][:-1] == told[1][:-1]
    assert [each[-1] for each in told] == ["True", "False"]
    assert "1970-01-01 00:00:00.000001" in told[0][0]
