"""Canonical JSON with gaps: filled in, it is what a row of a release is as canonical JSON."""

import hashlib
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pressmark.press.columns import measures, size_in_memory
from pressmark.press.content import canonical, filled, lasting_digest, with_gaps, without_text
from strategies import checked

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\\"u01\n'), max_size=12)
NAMES = ["aaa", "added_after", "captions", "changed_by", "group", "id", "texts", "zzz", "가"]
rows = st.dictionaries(st.sampled_from(NAMES), words | st.lists(words, min_size=1, max_size=2), max_size=6)
numbers = st.integers(1, 2**31 - 1)


@checked(500)
@given(rows, words, words, numbers, numbers)
def test_gaps_are_filled_with_what_a_release_decides(
    row: dict[str, Any], text: str, group: str, added: int, changed: int
) -> None:
    whole = {**row, "text": text, "group_id": group, "added_in": added, "changed_in": changed}
    found = filled(with_gaps(row | {"text": "another"}), text, group)
    assert found.digest(added, changed) == hashlib.sha256(canonical(whole)).digest()
    assert found.lasting_digest() == lasting_digest(whole)


@checked(300)
@given(rows, words, numbers, numbers)
def test_rows_without_a_text_are_filled_too(row: dict[str, Any], group: str, added: int, changed: int) -> None:
    whole = {**row, "group_id": group, "added_in": added, "changed_in": changed}
    found = without_text({**row, "group_id": group})
    assert found.digest(added, changed) == hashlib.sha256(canonical(whole)).digest()
    assert found.lasting_digest() == lasting_digest(whole)


def size_of(rows: pa.Table) -> int:
    return size_in_memory(measures(rows))


def test_the_size_of_rows_does_not_depend_on_how_they_came_about() -> None:
    kind = pa.struct({"word": pa.string(), "numbers": pa.list_(pa.int32())})
    values = [{"word": "a", "numbers": [1, 2]}, None, {"word": None, "numbers": None}, {"word": "é", "numbers": []}]
    whole = pa.table({"row": pa.array([*values, *values], kind), "so": pa.array([True, None] * 4)})
    later = pa.concat_tables([whole.slice(0, 5), whole.slice(5)])
    taken = whole.take(pa.array(range(8)))
    assert size_of(whole) == size_of(later) == size_of(later.combine_chunks()) == size_of(taken)
    # Only those with a word: no bit for each value is needed any more, whatever was there before.
    some, made = whole.take(pa.array([0, 4])), pa.table({"row": pa.array(values[:1] * 2, kind), "so": [True, True]})
    assert size_of(some) == size_of(made)
    assert size_in_memory(measures(whole.slice(0, 3)) + measures(whole.slice(3))) == size_of(whole)
