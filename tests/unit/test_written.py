"""The digest of a split from digests of rows by columns is the one that is promised."""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.press.content import content_digest
from pressmark.press.manifest import Shard
from pressmark.press.shown import Shown
from pressmark.written import Written, content_of
from strategies import CHARACTERS, checked

_DIGESTS = pa.schema([("id", pa.large_string()), ("digest", pa.binary(32))])


@checked(100)
@given(st.lists(st.text(CHARACTERS), unique=True, min_size=1), st.integers(0, 20), st.integers(1, 20))
def test_it_is_the_same_whatever_shard_a_row_is_in_and_in_how_many_parts(ids: list[str], cut: int, some: int) -> None:
    rows = [(identity, hashlib.sha256(identity.encode()).digest()) for identity in ids]
    shard = Shard("data/train/all.parquet", "articles", "train", 1, 1, Shown(), "0" * 64)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("pressmark.written._AT_ONCE", some)
        halves = [
            pa.table({"id": [name for name, _ in half], "digest": [told for _, told in half]}, _DIGESTS)
            for half in (rows[cut:], rows[:cut])
        ]
        parts = [Written.of(shard, half, Path(folder, str(number))) for number, half in enumerate(halves)]
        assert content_of(parts) == content_digest(rows)
