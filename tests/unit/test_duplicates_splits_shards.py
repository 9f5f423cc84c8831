"""Copies, splits and shards: the same inputs end in the same files, whatever the order and whatever comes later."""

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressmark.article.contract import schema_bytes
from pressmark.article.letters import letters_digest
from pressmark.article.record import text_digest
from pressmark.curate.duplicates import Entry, set_aside
from pressmark.curate.splits import group_id, split_of
from pressmark.errors import RecipeError
from pressmark.press import shards
from pressmark.press.columns import arrow_schema, table
from pressmark.press.shards import order_of, row_groups, rows_in, shard_name, shard_writer
from pressmark.recipe import read_recipe
from pressmark.version import __version__
from shards_by_hand import divided
from strategies import checked
from support import RECIPE, Corpus

# Copies


def entry(row: int, identity: str, text: str, day: str | None = None, **changes: Any) -> Entry:
    made = Entry((0, row), identity, text, f"letters of {text}", "reeds", day, None, None, 100, f"{row:064x}", "", {})
    return replace(made, **changes)


def outcomes(entries: Sequence[Entry]) -> dict[tuple[int, int], tuple[str, str]]:
    """Return code and survivor of each entry, by its place in staging; the entries stay as they are."""
    copies = [replace(one) for one in entries]
    set_aside(copies, lambda one: {"capture": one.capture_sha256})
    return {one.at: (one.code, one.survivor) for one in copies}


def codes(*entries: Entry) -> list[tuple[str, str]]:
    found = outcomes(entries)
    return [found[one.at] for one in entries]


@st.composite
def claims(draw: st.DrawFn) -> list[Entry]:
    """Draw entries among which many share an id or a text; each is a capture of its own."""
    times = st.sampled_from([None, 0, 1, 2])
    return [
        entry(
            row,
            draw(st.sampled_from("abcd")),
            draw(st.sampled_from("uvwx")),
            draw(st.sampled_from([None, "2023-12-31", "2024-01-01", "2999-12-31"])),
            retrieved_at=draw(times),
            modified_at=draw(times),
        )
        for row in range(draw(st.integers(0, 8)))
    ]


@checked(200)
@given(claims().flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))))
def test_the_order_of_entries_never_matters(orders: tuple[list[Entry], list[Entry]]) -> None:
    assert outcomes(orders[0]) == outcomes(orders[1])


@checked(200)
@given(claims())
def test_what_is_left_has_each_id_and_each_text_once_and_stands_for_the_rest(entries: list[Entry]) -> None:
    found = outcomes(entries)
    left = [one for one in entries if not found[one.at][0]]
    assert max(Counter(one.id for one in left).values(), default=1) == 1
    assert max(Counter(one.text_sha256 for one in left).values(), default=1) == 1
    for one in entries:
        code, survivor = found[one.at]
        if code == "exact-copy":
            assert [other.text_sha256 for other in left if other.id == survivor] == [one.text_sha256]
        elif code == "later-capture":
            assert survivor == one.id
            assert [found[other.at][0] for other in entries if other.id == one.id].count("later-capture") >= 1
        else:
            assert survivor == ""


@checked(100)
@given(claims(), st.data())
def test_rights_play_no_part_in_who_stays(entries: list[Entry], data: st.DataObject) -> None:
    rights = [{"rights_status": "public_domain"}, {"rights_status": "all_rights_reserved"}, {}]
    others = [replace(one, rights=data.draw(st.sampled_from(rights))) for one in entries]
    assert outcomes(others) == outcomes(entries)


def test_inputs_that_differ_and_of_which_none_is_later_are_in_conflict() -> None:
    assert codes(entry(1, "a", "u"), entry(2, "a", "v"), entry(3, "b", "w")) == [
        ("id-conflict", ""),
        ("id-conflict", ""),
        ("", ""),
    ]


def test_a_conflict_takes_the_earlier_captures_with_it() -> None:
    early, *late = (
        entry(1, "a", "u", retrieved_at=1),
        entry(2, "a", "v", retrieved_at=2),
        entry(3, "a", "w", retrieved_at=2),
    )
    assert codes(early, *late) == [("id-conflict", "")] * 3


def test_a_text_in_conflict_sets_no_copy_aside() -> None:
    assert codes(entry(1, "a", "u"), entry(2, "a", "v"), entry(3, "b", "u")) == [
        ("id-conflict", ""),
        ("id-conflict", ""),
        ("", ""),
    ]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"retrieved_at": 1}, {"retrieved_at": 2}),
        ({"retrieved_at": None}, {"retrieved_at": 0}),
        ({"retrieved_at": None}, {"retrieved_at": -(10**15)}),
        ({"retrieved_at": 1, "modified_at": 9}, {"retrieved_at": 2, "modified_at": 1}),
        ({"retrieved_at": 1, "modified_at": 1}, {"retrieved_at": 1, "modified_at": 2}),
        ({"retrieved_at": 1, "modified_at": None}, {"retrieved_at": 1, "modified_at": 0}),
        ({"modified_at": 1}, {"modified_at": 2}),
        ({"modified_at": 9}, {"retrieved_at": 1}),
    ],
    ids=str,
)
def test_the_later_capture_stays(earlier: dict[str, Any], later: dict[str, Any]) -> None:
    assert codes(entry(1, "a", "u", **earlier), entry(2, "a", "v", **later)) == [("later-capture", "a"), ("", "")]


def test_a_capture_that_was_read_twice_stays_once() -> None:
    found = codes(entry(1, "a", "u", capture_sha256="c"), entry(2, "a", "u", capture_sha256="c"))
    assert sorted(found) == [("", ""), ("later-capture", "a")]


def test_of_a_capture_that_was_read_twice_the_same_one_stays_in_any_order() -> None:
    twice = [entry(1, "a", "u", capture_sha256="c"), entry(2, "a", "u", capture_sha256="c")]
    assert outcomes(twice) == outcomes(twice[::-1])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("z", "2023-12-31"), ("a", "2024-01-01")),
        (("a", "2024-01-01"), ("b", "2024-01-01")),
        (("z", "2024-01-01"), ("a", None)),
        (("z", "2999-12-31"), ("a", None)),
        (("a", None), ("b", None)),
    ],
    ids=str,
)
def test_of_exact_copies_the_first_by_day_and_id_stays_and_the_undated_come_last(
    first: tuple[str, str | None], second: tuple[str, str | None]
) -> None:
    found = codes(entry(1, second[0], "u", second[1]), entry(2, first[0], "u", first[1]))
    assert found == [("exact-copy", first[0]), ("", "")]


def test_an_earlier_capture_stands_for_no_copy() -> None:
    early = entry(1, "a", "u", "2020-01-01", retrieved_at=1)
    late = entry(2, "a", "v", "2020-01-01", retrieved_at=2)
    assert codes(early, late, entry(3, "b", "u", "2024-01-01")) == [("later-capture", "a"), ("", ""), ("", "")]


# Splits

THREE = (("train", Fraction(8, 10)), ("validation", Fraction(1, 10)), ("test", Fraction(1, 10)))
GROUPS = [group_id(text_digest(f"text {number}")) for number in range(20_000)]


def expected_split(group: str, salt: str, splits: Sequence[tuple[str, Fraction]]) -> str:
    """Work the split out in whole numbers."""
    point = int(hashlib.sha256(salt.encode() + b"\0" + group.encode()).hexdigest()[:16], 16)
    below = [name for number, (name, _) in enumerate(splits) if point < 2**64 * sum(s for _, s in splits[: number + 1])]
    return below[0]


def test_a_group_is_named_after_the_text() -> None:
    assert group_id(text_digest("등불")) == hashlib.sha256("등불".encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("group", "split"),
    [("fedcba9876543210", "train"), ("0123456789abcdef", "validation"), ("7777777777777777", "test")],
)
def test_the_split_of_a_group_is_pinned(group: str, split: str) -> None:
    # printf 'reeds\0GROUP' | sha256sum, whose first 16 digits are a point between 0 and 1
    assert split_of(group, "reeds", THREE) == split


@checked(200)
@given(
    st.text("0123456789abcdef", min_size=16, max_size=16),
    st.sampled_from(["", "reeds", "갈대"]),
    st.lists(st.integers(1, 50), min_size=1, max_size=6),
)
def test_splits_divide_the_line_by_their_exact_shares(group: str, salt: str, weights: list[int]) -> None:
    splits = [(f"s{number}", Fraction(weight, sum(weights))) for number, weight in enumerate(weights)]
    assert split_of(group, salt, splits) == expected_split(group, salt, splits)


@pytest.mark.parametrize("salt", ["reeds", "harbour"])
def test_splits_have_their_shares_of_many_groups(salt: str) -> None:
    found = Counter(split_of(group, salt, THREE) for group in GROUPS)
    for name, share in THREE:
        deviation = math.sqrt(len(GROUPS) * float(share * (1 - share)))
        assert abs(found[name] - len(GROUPS) * share) < 4 * deviation, name


def test_another_salt_is_another_assignment() -> None:
    moved = sum(split_of(group, "reeds", THREE) != split_of(group, "harbour", THREE) for group in GROUPS[:5000])
    apart = 1 - sum(float(share) ** 2 for _, share in THREE)
    assert moved / 5000 == pytest.approx(apart, abs=0.03)


def test_salt_and_group_are_kept_apart() -> None:
    halves = (("one", Fraction(1, 2)), ("two", Fraction(1, 2)))
    found = [split_of(f"b{group}", "a", halves) == split_of(group, "ab", halves) for group in GROUPS[:2000]]
    assert sum(found) / len(found) == pytest.approx(0.5, abs=0.05)


def test_groups_that_are_added_move_no_other_group() -> None:
    before = {group: split_of(group, "reeds", THREE) for group in GROUPS[:500]}
    after = {group: split_of(group, "reeds", THREE) for group in reversed(GROUPS[:2000])}
    assert {group: after[group] for group in before} == before


def test_a_split_that_grows_takes_groups_only_from_its_neighbour() -> None:
    larger = (("train", Fraction(85, 100)), ("validation", Fraction(5, 100)), ("test", Fraction(1, 10)))
    moves = Counter((split_of(group, "reeds", THREE), split_of(group, "reeds", larger)) for group in GROUPS[:5000])
    assert {move for move in moves if move[0] != move[1]} == {("validation", "train")}


@pytest.mark.parametrize(
    "shares",
    [("0.8", "0.1", "0.1"), ("0.7", "0.2", "0.1"), ("0.333", "0.333", "0.334"), ("0.1", "0.2", "0.7"), ("1.0",)],
    ids=str,
)
def test_shares_of_a_recipe_add_up_exactly(corpus: Corpus, shares: tuple[str, ...]) -> None:
    lines = "\n".join(f"s{number} = {share}" for number, share in enumerate(shares))
    corpus.write("corpus.toml", RECIPE.replace("train = 0.8\ntest = 0.2", lines))
    splits = read_recipe(corpus.folder).splits
    assert splits == tuple((f"s{number}", Fraction(share)) for number, share in enumerate(shares))
    assert sum(share for _, share in splits) == 1


@pytest.mark.parametrize("shares", [("0.8", "0.1"), ("0.8", "0.3"), ("0.8", "0.1999999999"), ("0.5",)], ids=str)
def test_shares_that_do_not_add_up_are_a_fault(corpus: Corpus, shares: tuple[str, ...]) -> None:
    lines = "\n".join(f"s{number} = {share}" for number, share in enumerate(shares))
    corpus.write("corpus.toml", RECIPE.replace("train = 0.8\ntest = 0.2", lines))
    with pytest.raises(RecipeError) as caught:
        read_recipe(corpus.folder)
    (fault,) = caught.value.faults
    assert (fault.code, fault.place.rpartition(" ")[2]) == ("bad-value", "splits")


# Shards


@pytest.mark.parametrize(
    ("by", "day", "name"),
    [
        (["year"], "2024-05-21", "2024"),
        (["month"], "2024-05-21", "2024-05"),
        (["year", "month"], "2024-05-21", "2024-05"),
        (["month", "year"], "2024-05-21", "2024-05"),
        (["source"], "2024-05-21", "harbour-post-all"),
        (["source", "year"], "2024-05-21", "harbour-post-2024"),
        (["month", "source"], "2024-05-21", "harbour-post-2024-05"),
        (["year"], None, "undated"),
        (["source", "month"], None, "harbour-post-undated"),
        (["source"], None, "harbour-post-all"),
    ],
)
def test_a_shard_is_named_after_what_it_holds(by: list[str], day: str | None, name: str) -> None:
    assert shard_name(by, "harbour-post", day) == name


Member = tuple[str, str, int, str]

members = st.dictionaries(
    st.text("abcdef0123456789", min_size=1, max_size=6), st.integers(0, 100), max_size=25
).flatmap(
    lambda sizes: st.tuples(
        *(st.tuples(st.sampled_from(["2023", "2024"]), *map(st.just, (i, s, i))) for i, s in sizes.items())
    )
)
targets = st.sampled_from([1, 50, 150, 400, 10**6])


def place_of(files: dict[str, list[str]]) -> dict[str, str]:
    """Return the file of each member."""
    return {member: name for name, found in files.items() for member in found}


@checked(200)
@given(members, targets)
def test_each_member_is_in_exactly_one_file_of_its_shard(found: tuple[Member, ...], target: int) -> None:
    files = divided(found, target)
    assert sorted(member for held in files.values() for member in held) == sorted(one[3] for one in found)
    assert all(files.values())
    places = place_of(files)
    assert all(places[member].split("-")[0] == name for name, _, _, member in found)


@checked(200)
@given(members, targets)
def test_no_file_is_above_the_target_unless_it_holds_one_member(found: tuple[Member, ...], target: int) -> None:
    sizes = {member: size for _, _, size, member in found}
    files = divided(found, target)
    assert all(len(held) == 1 or sum(sizes[member] for member in held) <= target for held in files.values())


@checked(200)
@given(members, targets)
def test_nothing_is_divided_without_need(found: tuple[Member, ...], target: int) -> None:
    for name in ("2023", "2024"):
        held = [one for one in found if one[0] == name]
        if sum(one[2] for one in held) <= target or len(held) == 1:
            assert {file for file in divided(found, target) if file.startswith(name)} <= {name}


@checked(100)
@given(members.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))), targets)
def test_the_order_of_members_names_no_other_file(
    orders: tuple[Sequence[Member], Sequence[Member]], target: int
) -> None:
    assert place_of(divided(orders[0], target)) == place_of(divided(orders[1], target))


@checked(200)
@given(members, st.integers(0, 100), targets)
@example((("2024", "a", 60, "a"), ("2024", "b", 60, "b"), ("2024", "c", 60, "c")), 60, 150)
def test_a_member_more_moves_no_other_but_by_dividing_its_file(
    found: tuple[Member, ...], size: int, target: int
) -> None:
    before = divided(found, target)
    after = divided([*found, ("2024", "new-one", size, "new-one")], target)
    bits = f"{int.from_bytes(hashlib.sha256(b'new-one').digest()):0256b}"
    for name, held in before.items():
        shard, _, prefix = name.partition("-")
        if shard == "2024" and bits.startswith(prefix):
            assert all(place_of(after)[member].startswith(name) for member in held)
        else:
            assert after[name] == held


def test_files_are_named_by_the_bits_of_the_digests_of_ids() -> None:
    found = [("2024", f"id{number}", 10, f"id{number}") for number in range(40)]
    for name, held in divided(found, 100).items():
        prefix = name.removeprefix("2024-")
        assert prefix
        for member in held:
            assert f"{int(hashlib.sha256(member.encode()).hexdigest(), 16):0256b}".startswith(prefix)


@pytest.mark.parametrize("by", [["source"], ["source", "year"], ["source", "month"]], ids=str)
@pytest.mark.parametrize("ending", ["0", "1", "all", "all-0", "2024", "2024-1", "undated-0"])
def test_a_half_of_one_source_never_takes_the_place_of_another_source(by: list[str], ending: str) -> None:
    found = [
        (shard_name(by, source, day), f"{source}:{day}-{number}", 60, f"{source} {number} {day}")
        for source in ("reeds", f"reeds-{ending}")
        for day in ("2024-05-21", None)
        for number in range(4)
    ]
    for target in (10**6, 200, 1):
        files = divided(found, target)
        assert sorted(member for held in files.values() for member in held) == sorted(member for *_, member in found)


# Files


def article(number: int, day: str | None = "2024-05-21", **changes: Any) -> dict[str, Any]:
    text = f"나루터의 등불 {number}개가 꺼졌다. The lanterns went out, all {number} of them."
    return {
        "id": f"reeds:{number:04}",
        "title": f"Lanterns {number}",
        "section": ["Town"] * (number % 3),
        "source": "reeds",
        "language": "ko-CN",
        "derivation": "original",
        "published_on": day,
        "text": text,
        "rights_status": "public_domain",
        "rights": {"reserved": False, "covers": ["text"]},
        "provenance": {"capture_sha256": "0" * 64, "extractor": "page/1", "steps": [{"step": "nfc", "count": number}]},
        "text_sha256": text_digest(text),
        "letters_sha256": letters_digest(text),
        "characters": len(text),
        **changes,
    }


def dated(count: int, step: int = 9) -> list[dict[str, Any]]:
    """Return articles some days apart, every fifth undated."""
    days = [date(2024, 1, 1) + timedelta(days=step * number) for number in range(count)]
    return [article(number, None if number % 5 == 4 else day.isoformat()) for number, day in enumerate(days)]


def chunked(whole: pa.Table, cuts: Sequence[int]) -> pa.Table:
    edges = [0, *sorted(cut % (whole.num_rows + 1) for cut in cuts), whole.num_rows]
    return pa.concat_tables([whole.slice(start, end - start) for start, end in pairwise(edges)])


def ordered(rows: pa.Table) -> pa.Table:
    return rows.take(pa.array(order_of(rows))).combine_chunks()


def written(rows: pa.Table, path: Path, config: str = "articles") -> Path:
    rows = ordered(rows)
    with shard_writer(config, "reeds", path) as write:
        for start, length in row_groups(rows["published_on"], np.full(len(rows), 100, np.int64)):
            write(rows.slice(start, length))
    return path


def test_rows_are_ordered_by_moment_then_id_and_the_undated_come_last() -> None:
    rows = [
        article(1, None),
        article(2, "2024-05-22"),
        article(3, "2024-05-21", published_at="2024-05-21T12:00:00Z"),
        article(4, "2024-05-21"),
        article(5, "2024-05-21", published_at="2024-05-20T23:00:00Z"),
        article(0, None),
        article(6, "2024-05-22", published_at="2024-05-22T00:00:00Z"),
    ]
    found = ordered(table(rows, "articles"))["id"].to_pylist()
    assert found == [f"reeds:000{number}" for number in (5, 4, 3, 2, 6, 0, 1)]


@checked(40)
@given(st.permutations(range(12)), st.lists(st.integers(0, 12), max_size=4), st.booleans())
def test_equal_rows_are_equal_bytes_in_any_order_and_any_chunks(
    tmp_path_factory: pytest.TempPathFactory,
    order: list[int],
    cuts: list[int],
    grouped: bool,  # noqa: FBT001
) -> None:
    folder = tmp_path_factory.mktemp("shards")
    rows = dated(12)
    with pytest.MonkeyPatch.context() as patch:
        if grouped:
            patch.setattr(shards, "SMALL_BYTES", 1)
        plain = written(table(rows, "articles"), folder / "plain.parquet").read_bytes()
        mixed = chunked(table([rows[number] for number in order], "articles"), cuts)
        assert written(mixed, folder / "mixed.parquet").read_bytes() == plain
    assert pq.read_metadata(folder / "plain.parquet").num_row_groups == (5 if grouped else 1)


def test_other_rows_are_other_bytes(tmp_path: Path) -> None:
    one = written(table(dated(5), "articles"), tmp_path / "one.parquet").read_bytes()
    other = written(table([*dated(4), article(4, None, title="Other")], "articles"), tmp_path / "other.parquet")
    assert other.read_bytes() != one


@pytest.mark.parametrize("config", ["articles", "withheld"])
@pytest.mark.parametrize("count", [0, 1, 12])
def test_what_is_written_is_read_back(config: str, count: int, tmp_path: Path) -> None:
    rows = table(dated(count), config)
    path = written(rows, tmp_path / "deep" / "er" / "a.parquet", config)
    assert rows_in(path) == count
    assert pq.read_table(path).replace_schema_metadata() == ordered(rows)


def test_a_shard_with_other_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="columns of its configuration"):
        written(table([article(1)], "articles"), tmp_path / "a.parquet", "withheld")


def test_a_dictionary_that_would_hold_dropped_values_is_refused(tmp_path: Path) -> None:
    rows = table([article(1)], "withheld")
    encoded = rows.set_column(0, "id", rows["id"].dictionary_encode())
    with (
        pytest.raises(AssertionError, match="columns of its configuration"),
        shard_writer("withheld", "reeds", tmp_path / "a.parquet") as write,
    ):
        write(encoded)


@pytest.fixture(params=["articles", "withheld"])
def shard(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """Return configuration and path of a shard of several row groups."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SMALL_BYTES", 1)
        return request.param, written(table(dated(12), request.param), tmp_path / "a.parquet", request.param)


def test_every_column_is_zstd_with_a_page_index(shard: tuple[str, Path]) -> None:
    metadata = pq.read_metadata(shard[1])
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    columns = [group.column(number) for group in groups for number in range(group.num_columns)]
    assert len(groups) == 5
    assert {column.compression for column in columns} == {"ZSTD"}
    assert all(column.has_offset_index and column.has_column_index for column in columns)


def test_page_checksums_hold_and_a_changed_byte_is_found(shard: tuple[str, Path]) -> None:
    _, path = shard
    assert pq.ParquetFile(path, page_checksum_verification=True).read().num_rows == 12
    column = pq.read_metadata(path).row_group(0).column(0)
    data = bytearray(path.read_bytes())
    start = column.dictionary_page_offset if column.has_dictionary_page else column.data_page_offset
    data[start + column.total_compressed_size - 1] ^= 1
    path.write_bytes(data)
    with pytest.raises(OSError, match="CRC"):
        pq.ParquetFile(path, page_checksum_verification=True).read()


def types_in(kind: pa.DataType) -> list[pa.DataType]:
    inner = [kind.field(number).type for number in range(kind.num_fields)]
    return [kind, *(found for one in inner for found in types_in(one))]


def test_no_type_of_the_file_is_a_dictionary(shard: tuple[str, Path]) -> None:
    config, path = shard
    schema = pq.read_schema(path)
    assert schema.remove_metadata() == arrow_schema(config)
    assert not any(pa.types.is_dictionary(kind) for field in schema for kind in types_in(field.type))


def test_the_files_metadata_names_corpus_and_contract_and_no_version(shard: tuple[str, Path]) -> None:
    metadata = pq.read_metadata(shard[1]).metadata
    assert set(metadata) == {b"huggingface", b"pressmark.corpus", b"pressmark.schema_sha256", b"ARROW:schema"}
    assert metadata[b"pressmark.corpus"] == b"reeds"
    assert (
        metadata[b"pressmark.schema_sha256"].decode() == hashlib.sha256(schema_bytes("article.schema.json")).hexdigest()
    )
    assert not any(__version__.encode() in value or b"version" in value for value in metadata.values())


# Row groups


def groups_of(days: Sequence[str | None]) -> list[tuple[int, int]]:
    dates = [date.fromisoformat(day) if day else None for day in days]
    return row_groups(pa.chunked_array([pa.array(dates, pa.date32())]), np.full(len(days), 100, np.int64))


sorted_days = st.lists(st.dates(date(2024, 1, 1), date(2024, 4, 30)).map(date.isoformat) | st.none(), max_size=40).map(
    lambda days: sorted(days, key=lambda day: day or "9999")
)


@checked(150)
@given(sorted_days, st.sampled_from([1, 500, 2000, 10**6]), st.sampled_from([1, 300, 1000, 10**6]))
def test_row_groups_cover_all_rows_exactly_once(days: list[str | None], small: int, large: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SMALL_BYTES", small)
        patch.setattr(shards, "LARGE_BYTES", large)
        groups = groups_of(days)
    assert [number for start, length in groups for number in range(start, start + length)] == list(range(len(days)))
    held = [{day or "undated" for day in days[start : start + length]} for start, length in groups]
    if 100 * len(days) < small:
        assert groups == [(0, len(days))]
    elif large == 1:
        assert held == [{day} for day in sorted(set().union(*held))]
    else:
        assert all(len({day[:7] for day in group}) == 1 for group in held)
        assert large < 10**6 or len(held) == len({day[:7] for group in held for day in group})


def test_a_small_shard_is_one_row_group_and_a_large_one_has_a_group_for_each_month() -> None:
    days = ["2024-01-01", "2024-01-31", "2024-02-01", None, None]
    with pytest.MonkeyPatch.context() as patch:
        assert groups_of(days) == [(0, 5)]
        patch.setattr(shards, "SMALL_BYTES", 1)
        assert groups_of(days) == [(0, 2), (2, 1), (3, 2)]


def test_a_large_month_has_a_group_for_each_day() -> None:
    days = ["2024-01-01", "2024-01-01", "2024-01-02", "2024-02-01", "2024-02-02"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SMALL_BYTES", 1)
        patch.setattr(shards, "LARGE_BYTES", 300)
        assert groups_of(days) == [(0, 2), (2, 1), (3, 2)]


def test_a_local_day_that_goes_back_opens_no_group_of_its_own() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SMALL_BYTES", 1)
        days = ["2024-01-31", "2024-02-01", "2024-01-31", "2024-02-01"]
        assert groups_of(days) == [(0, 1), (1, 3)]
