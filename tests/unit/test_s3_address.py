"""Addresses in buckets are what they say, or nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.s3_address import S3Address, is_on_s3, s3_address

KEYS = st.lists(st.text("abcXYZ 09._-é*?", min_size=1, max_size=8).filter(lambda part: part not in (".", "..")))


@given(KEYS)
def test_an_address_is_read_as_it_is_written(parts: list[str]) -> None:
    address = S3Address("my-bucket", "/".join(parts))
    assert s3_address(str(address)) == address
    assert s3_address(f"{address}/") == address
    # A path of this machine makes one slash of two.
    assert s3_address(Path(str(address))) == address


@given(st.text(max_size=40))
def test_whatever_is_written_no_key_leads_elsewhere(said: str) -> None:
    found = s3_address(f"s3://{said}")
    if found is not None and found.key:
        assert not {"", ".", ".."} & set(found.key.split("/"))
        assert str(found) == f"s3://{said.rstrip('/')}"


@pytest.mark.parametrize(
    "said",
    [
        "s3://",
        "s3://B/x",
        "s3://b/x",
        "s3:bucket",
        "s3://bucket//x",
        "s3://bucket/../x",
        "s3://bucket/a\nb",
        "S3://bucket",
        "s3://user:word@bucket/x",
        "s3://bucket:80/x",
        "/s3://bucket",
        "hf://datasets/a/b@c/d",
        "s3://bucket/a\\b",
    ],
)
def test_what_is_no_address_is_none(said: str) -> None:
    assert s3_address(said) is None


@pytest.mark.parametrize(("glob", "fixed"), [("a/b-*.jsonl", "a/b-"), ("a/?", "a/"), ("**", ""), ("a/b", "a/b")])
def test_what_all_keys_of_a_glob_begin_with(glob: str, fixed: str) -> None:
    assert S3Address("bucket", glob).fixed == fixed


def test_where_a_place_is_meant_to_be() -> None:
    assert [is_on_s3(each) for each in ("s3://x", Path("s3://x"), "dist", Path("s3"))] == [True, True, False, False]
