"""Columns that are mapped from their files."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pressmark.mapped import Columns
from strategies import checked

ids = st.lists(st.lists(st.text(max_size=5), max_size=6), max_size=5)


@checked(100)
@given(ids, st.integers(0, 3))
def test_a_column_is_its_parts(found: list[list[str]], skipped: int) -> None:
    with TemporaryDirectory() as place:
        with Columns(Path(place)) as columns:
            for some in found:
                columns.add({"lengths": np.array([len(each) for each in some], np.int32)})
                columns.add_ids(pa.array(["before"] * skipped + some, pa.large_string()).slice(skipped))
        told = [each for some in found for each in some]
        assert columns.ids().to_pylist() == told
        assert columns.mapped("lengths", np.int32).tolist() == [len(each) for each in told]


def test_what_is_changed_in_a_column_is_changed_in_its_file(tmp_path: Path) -> None:
    with Columns(tmp_path) as columns:
        pass
    column = columns.new("codes", np.int32, -1, 70_000)
    assert (column == -1).all()
    assert column.size == 70_000
    column[[1, 69_999]] = 7
    assert columns.mapped("codes", np.int32)[[0, 1, 69_999]].tolist() == [-1, 7, 7]
    assert columns.new("none", np.int32, 5, 0).size == 0
    assert columns.mapped("never", np.int64).size == 0
