"""A release that does not add up is found out, whatever is wrong with it; one that does gives no finding."""

import hashlib
import json
import os
import random
import re
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import FrameType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml

from mutants import retell, tell_digests, thinned
from pressmark import BuildResult, UsageError, verify, verify_bytes
from pressmark.article.letters import letters_digest
from pressmark.article.record import text_digest
from pressmark.curate.splits import split_of
from pressmark.engine.local import LocalEngine
from pressmark.findings import CATALOGUE, Kind
from support import Corpus

MANIFEST, SUMS, CARD, CONTRACT = "manifest.json", "SHA256SUMS", "README.md", "schema/article.schema.json"
CROISSANT, CITATION = "croissant.json", "CITATION.cff"

SHARD = "data/train/2024.parquet"
WITHHELD_SHARD = "withheld/train/2024.parquet"
"""Thirteen articles of several dates and sources."""

SLIM = ("data/train/1921.parquet", SHARD, "data/validation/2024.parquet", "withheld/train/2024.parquet")
"""What mutants are made from: each costs a whole look, so the release has no more shards than these."""

THIN = (
    *SLIM,
    "data/train/1923.parquet",
    "data/train/2023.parquet",
    "data/test/1923.parquet",
    "data/test/2024.parquet",
    "withheld/test/2024.parquet",
)
"""What the other broken releases are made from."""

Break = Callable[[Path], None]
EXAMPLES: set[str] = set()


def codes(folder: Path) -> set[str]:
    return {finding.code for finding in verify(folder)}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest_of(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    return manifest


def entry_of(manifest: dict[str, Any], path: str) -> dict[str, Any]:
    entry: dict[str, Any] = next(entry for entry in manifest["files"] if entry["path"] == path)
    return entry


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest, and the sums that agree with it."""
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    write_sums(folder, manifest)


def write_sums(folder: Path, manifest: dict[str, Any]) -> None:
    sums = {entry["path"]: entry["sha256"] for entry in manifest["files"]} | {MANIFEST: digest(folder / MANIFEST)}
    (folder / SUMS).write_bytes("".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode())


def seal(folder: Path, **changes: Any) -> None:
    """Bring sizes and digests in line with the files that the manifest lists, so that a deeper look alone sees more.

    Args:
        folder: The release.
        changes: Keys of the manifest with their new values.
    """
    manifest = {**manifest_of(folder), **changes}
    shards = [entry for entry in manifest["files"] if "config" in entry]
    if any((folder / entry["path"]).stat().st_size != entry.get("bytes") for entry in shards):
        with_card(folder, lambda card: _download_sizes(folder, card, manifest))
    tell_digests(folder)
    for entry in manifest["files"]:
        place = folder / entry["path"]
        entry |= {"bytes": place.stat().st_size, "sha256": digest(place)}
    contract = entry_of(manifest, CONTRACT)["sha256"]
    write_manifest(folder, {**manifest, "schema_sha256": changes.get("schema_sha256", contract)})


def _download_sizes(folder: Path, card: dict[str, Any], manifest: dict[str, Any]) -> None:
    for each in card["dataset_info"]:
        files = [entry for entry in manifest["files"] if entry.get("config") == each["config_name"]]
        each["download_size"] = sum((folder / entry["path"]).stat().st_size for entry in files)


def listed(folder: Path, *entries: dict[str, Any]) -> None:
    """Add files to the manifest, and seal."""
    seal(folder, files=sorted([*manifest_of(folder)["files"], *entries], key=lambda entry: str(entry["path"])))


def with_card(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the front matter of the card; the release is not sealed again."""
    place = folder / CARD
    _, front, body = place.read_text(encoding="utf-8").split("---\n", 2)
    card = yaml.safe_load(front)
    change(card)
    place.write_text(f"---\n{yaml.safe_dump(card, sort_keys=False)}---\n{body}", encoding="utf-8")


def tell_bytes(folder: Path) -> None:
    """Let the words of the card say how many bytes the files of rows have."""
    text, shards = (folder / CARD).read_text(encoding="utf-8"), Counter[tuple[str, str]]()
    for entry in manifest_of(folder)["files"]:
        if "config" in entry:
            shards[entry["config"], entry["split"]] += entry["bytes"]
    for (config, split), size in shards.items():
        text = re.sub(rf"(?m)^(\| {config} \| {split} \| \d+ \| \d+ \|) \d+ \|$", rf"\1 {size} |", text)
    text = re.sub(r"(Files of rows: \d+, of) \d+ bytes", rf"\1 {shards.total()} bytes", text)
    (folder / CARD).write_text(text, encoding="utf-8")


def paths_of(card: dict[str, Any], config: str, split: str) -> list[str]:
    found = next(each for each in card["configs"] if each["config_name"] == config)
    paths: list[str] = next(part["path"] for part in found["data_files"] if part["split"] == split)
    return paths


def sizes_of(card: dict[str, Any], config: str, split: str) -> dict[str, Any]:
    found = next(each for each in card["dataset_info"] if each["config_name"] == config)
    sizes: dict[str, Any] = next(part for part in found["splits"] if part["name"] == split)
    return sizes


def with_rows(folder: Path, path: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Write a shard again with other rows or columns; the release is not sealed again."""
    place = folder / path
    pq.write_table(change(pq.read_table(place, partitioning=None)), place, write_page_checksum=True)


def with_value(table: pa.Table, column: str, row: int, value: Any) -> pa.Table:
    position = table.schema.get_field_index(column)
    field = table.schema.field(position)
    values = table[column].to_pylist()
    values[row] = value
    return table.set_column(position, field, pa.array(values, field.type))


def doubled(table: pa.Table, row: int) -> pa.Table:
    """Return a table with one of its rows twice, the second right after the first."""
    return table.take([*range(row + 1), *range(row, table.num_rows)])


def moved_row(folder: Path, source: str, target: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Copy the first row of a shard into another one in the order of rows, changed on its way."""
    row = change(pq.read_table(folder / source, partitioning=None).slice(0, 1))

    def added(table: pa.Table) -> pa.Table:
        rows = pa.concat_tables([table, row.replace_schema_metadata(table.schema.metadata)])
        order = sorted(range(rows.num_rows), key=lambda place: (_moment(rows, place), rows["id"][place].as_py()))
        return rows.take(order)

    with_rows(folder, target, added)


def _moment(rows: pa.Table, place: int) -> str:
    moment = rows["published_at"][place].as_py()
    return f"{moment:%Y-%m-%dT%H:%M:%S}" if moment else f"{rows['published_on'][place].as_py()}T00:00:00"


def recount(folder: Path) -> None:
    """Bring rows, digests, counts and all that is said of them in line with the shards that are there, and seal.

    What is left to see is what no count shows.
    """
    retell(folder)


@pytest.fixture(scope="module")
def thin(example: BuildResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a release that adds up; nobody may change it."""
    return thinned(example.lines["open"].folder, tmp_path_factory.mktemp("thin") / "release", THIN)


@pytest.fixture
def release(thin: Path, tmp_path: Path) -> Path:
    """Return a release that adds up and that a test may change."""
    return Path(shutil.copytree(thin, tmp_path / "release"))


@pytest.fixture(scope="module")
def slimmest(example: BuildResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small release that adds up; nobody may change it."""
    return thinned(example.lines["open"].folder, tmp_path_factory.mktemp("slimmest") / "release", SLIM)


@pytest.fixture
def slim(slimmest: Path, tmp_path: Path) -> Path:
    """Return a small release that adds up and that a test may change."""
    return Path(shutil.copytree(slimmest, tmp_path / "slim"))


# What a good release is


@pytest.mark.parametrize("line", ["open", "vault"])
def test_a_good_release_gives_no_finding(line: str, example: BuildResult) -> None:
    assert verify(example.lines[line].folder) == []


def test_a_copy_of_a_good_release_sealed_and_counted_again_gives_no_finding(
    example: BuildResult, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(example.lines["open"].folder, tmp_path / "copy"))
    assert verify(copy) == []
    before = manifest_of(copy)
    recount(copy)
    after = manifest_of(copy)
    for manifest in (before, after):
        for found in manifest["configs"].values():
            for stated in found["splits"].values():
                # Arrow may keep a few bytes more for the same columns.
                del stated["arrow_bytes"]
    assert {**before, "files": []} == {**after, "files": []}
    assert verify(copy) == []


def test_a_release_of_fewer_shards_gives_no_finding(release: Path, slim: Path) -> None:
    assert verify(release) == []
    assert verify(slim) == []


def test_shards_written_by_another_writer_give_no_finding(slim: Path) -> None:
    for path in SLIM:
        with_rows(slim, path, lambda table: table.replace_schema_metadata(None))
    seal(slim)
    tell_bytes(slim)
    seal(slim)
    assert verify(slim) == []


def test_verify_changes_nothing(release: Path) -> None:
    before = {path: digest(path) for path in release.rglob("*") if path.is_file()}
    verify(release)
    assert before == {path: digest(path) for path in release.rglob("*") if path.is_file()}


# One broken release for each code, and more where a code has several ways

BROKEN: list[tuple[frozenset[str], Break]] = []


def raises(*codes: str) -> Callable[[Break], Break]:
    """Keep a way to break a good release so that these codes alone are raised: more than one where one brings another.

    Args:
        codes: The code that it is an example of, and those that come with it.
    """

    def keep(change: Break) -> Break:
        BROKEN.append((frozenset(codes), change))
        EXAMPLES.add(codes[0])
        return change

    return keep


@raises("not-a-release")
def no_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


@raises("not-a-release")
def a_manifest_that_is_no_json(folder: Path) -> None:
    (folder / MANIFEST).write_bytes((folder / MANIFEST).read_bytes()[:-3])


@raises("not-a-release")
def a_manifest_that_is_no_unicode(folder: Path) -> None:
    (folder / MANIFEST).write_bytes((folder / MANIFEST).read_bytes().replace(b"three", b"thr\xffe", 1))


@raises("not-a-release")
def a_manifest_that_is_a_folder(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    (folder / MANIFEST).mkdir()


@raises("manifest-invalid")
def a_manifest_of_another_format(folder: Path) -> None:
    seal(folder, format=2)


@raises("manifest-invalid")
def a_manifest_that_is_a_list(folder: Path) -> None:
    (folder / MANIFEST).write_text(json.dumps([manifest_of(folder)]), encoding="utf-8")


@raises("manifest-invalid")
def a_manifest_with_a_key_too_many(folder: Path) -> None:
    seal(folder, note="hello")


@raises("manifest-invalid")
def a_manifest_without_counts(folder: Path) -> None:
    manifest = manifest_of(folder)
    del manifest["counts"]
    write_manifest(folder, manifest)


@raises("manifest-invalid")
def a_day_that_does_not_exist(folder: Path) -> None:
    seal(folder, as_of="2026-02-30")


@raises("manifest-invalid")
def a_file_listed_twice(folder: Path) -> None:
    manifest = manifest_of(folder)
    manifest["files"].insert(1, manifest["files"][0])
    write_manifest(folder, manifest)


@raises("manifest-invalid")
def files_out_of_order(folder: Path) -> None:
    manifest = manifest_of(folder)
    manifest["files"].reverse()
    write_manifest(folder, manifest)


@raises("manifest-invalid")
def a_manifest_that_lists_itself(folder: Path) -> None:
    listed(folder, {"path": MANIFEST, "bytes": 0, "sha256": "0" * 64})


@raises("manifest-invalid")
def a_path_that_leads_out(folder: Path) -> None:
    shutil.copy(folder / CARD, folder.parent / "outside.md")
    listed(folder, {"path": "../outside.md"})


@raises("manifest-invalid")
def an_upper_case_digest_in_the_manifest(folder: Path) -> None:
    manifest = manifest_of(folder)
    entry_of(manifest, CARD)["sha256"] = digest(folder / CARD).upper()
    write_manifest(folder, manifest)


@raises("manifest-invalid")
def a_shard_without_its_number_of_rows(folder: Path) -> None:
    manifest = manifest_of(folder)
    del entry_of(manifest, SHARD)["rows"]
    write_manifest(folder, manifest)


@raises("sums-differ")
def no_sums(folder: Path) -> None:
    (folder / SUMS).unlink()


@raises("sums-differ")
def an_upper_case_digest_in_the_sums(folder: Path) -> None:
    (folder / SUMS).write_bytes((folder / SUMS).read_bytes().replace(*_upper(digest(folder / CARD))))


def _upper(found: str) -> tuple[bytes, bytes]:
    return found.encode(), found.upper().encode()


@raises("sums-differ")
def a_line_of_the_sums_twice(folder: Path) -> None:
    lines = (folder / SUMS).read_bytes().splitlines(keepends=True)
    (folder / SUMS).write_bytes(b"".join([*lines, lines[-1]]))


@raises("sums-differ")
def a_line_of_the_sums_gone(folder: Path) -> None:
    (folder / SUMS).write_bytes(b"".join((folder / SUMS).read_bytes().splitlines(keepends=True)[1:]))


@raises("sums-differ")
def sums_that_list_themselves(folder: Path) -> None:
    with (folder / SUMS).open("ab") as stream:
        stream.write(f"{digest(folder / SUMS)}  {SUMS}\n".encode())


@raises("sums-differ")
def sums_that_are_not_ascii(folder: Path) -> None:
    (folder / SUMS).write_bytes(b"\xef\xbb\xbf" + (folder / SUMS).read_bytes())


@raises("sums-differ")
def digests_of_two_files_swapped_in_the_sums(folder: Path) -> None:
    one, other = (digest(folder / path).encode() for path in (CARD, CONTRACT))
    sums = (folder / SUMS).read_bytes()
    (folder / SUMS).write_bytes(sums.replace(one, b"-").replace(other, one).replace(b"-  ", other + b"  "))


@raises("sums-differ")
def a_manifest_written_with_other_spaces(folder: Path) -> None:
    (folder / MANIFEST).write_text(json.dumps(manifest_of(folder)), encoding="utf-8")


@raises("file-missing")
def no_shard(folder: Path) -> None:
    (folder / SHARD).unlink()


@raises("file-missing")
def no_card(folder: Path) -> None:
    (folder / CARD).unlink()


@raises("file-missing")
def a_folder_in_the_place_of_a_file(folder: Path) -> None:
    (folder / CARD).unlink()
    (folder / CARD).mkdir()


@raises("file-extra")
def a_file_too_many(folder: Path) -> None:
    (folder / "data" / "notes.txt").write_text("hello", encoding="utf-8")


@raises("file-extra")
def a_hidden_file_too_many(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"")


@raises("file-extra")
def a_shard_too_many(folder: Path) -> None:
    shutil.copy(folder / SHARD, folder / "data" / "train" / "2025.parquet")


@raises("file-extra")
def a_link_to_a_folder(folder: Path) -> None:
    (folder / "more").symlink_to(folder / "data")


@raises("file-extra")
def a_link_to_nothing(folder: Path) -> None:
    (folder / "more").symlink_to("nowhere")


@raises("file-differs")
def a_card_with_other_words(folder: Path) -> None:
    with (folder / CARD).open("a", encoding="utf-8") as stream:
        stream.write("More words.\n")


@raises("file-differs")
def a_shard_with_a_byte_changed(folder: Path) -> None:
    data = bytearray((folder / SHARD).read_bytes())
    data[1000] ^= 1
    (folder / SHARD).write_bytes(data)


@raises("file-differs")
def a_link_in_the_place_of_a_file(folder: Path) -> None:
    (folder / SHARD).rename(folder.parent / "moved.parquet")
    (folder / SHARD).symlink_to(folder.parent / "moved.parquet")


@raises("file-unreadable")
def a_shard_of_no_rows_that_is_no_parquet(folder: Path) -> None:
    # Sealed, listed and in the card: nothing but opening it can tell.
    _empty_shard(folder, lambda place: place.write_bytes(b"PAR1 but no more than that PAR1"))


@raises("schema-differs")
def a_shard_of_no_rows_with_a_column_too_many(folder: Path) -> None:
    table = pq.read_table(folder / SHARD, partitioning=None).slice(0, 0)
    more = table.append_column("mood", pa.array([], pa.string()))
    _empty_shard(folder, lambda place: pq.write_table(more, place))


def _empty_shard(folder: Path, write: Callable[[Path], Any]) -> None:
    path = "data/train/2025.parquet"
    write(folder / path)
    with_card(folder, lambda card: paths_of(card, "articles", "train").append(path))
    listed(folder, {"path": path, "config": "articles", "split": "train", "rows": 0})


@raises("rows-differ")
def a_shard_said_to_have_a_row_more(folder: Path) -> None:
    manifest = manifest_of(folder)
    entry_of(manifest, SHARD)["rows"] += 1
    write_manifest(folder, manifest)


@raises("rows-differ")
def a_shard_of_no_configuration(folder: Path) -> None:
    shutil.copy(folder / SHARD, folder / "data" / "notes.parquet")
    listed(folder, {"path": "data/notes.parquet"})


@raises("rows-differ", "reasons-differ")
def an_article_more_counted_than_is_here(folder: Path) -> None:
    counts = manifest_of(folder)["counts"]
    seal(folder, counts={**counts, "published": counts["published"] + 1, "rejected": counts["rejected"] - 1})


@raises("rows-differ")
def a_split_of_one_row_more_than_its_files(folder: Path) -> None:
    manifest = manifest_of(folder)
    for config, split, step in (("articles", "train", 1), ("articles", "test", -1)):
        manifest["configs"][config]["splits"][split]["rows"] += step
        with_card(folder, lambda card, c=config, s=split, n=step: _more_rows(card, c, s, n))  # type: ignore[misc]
    seal(folder, configs=manifest["configs"])


def _more_rows(card: dict[str, Any], config: str, split: str, step: int) -> None:
    sizes_of(card, config, split)["num_examples"] += step


@raises("content-differs")
def a_text_with_a_word_changed(folder: Path) -> None:
    def change(table: pa.Table) -> pa.Table:
        text = table["text"][0].as_py() + "!"
        table = with_value(table, "text_sha256", 0, hashlib.sha256(text.encode()).hexdigest())
        return with_value(with_value(table, "text", 0, text), "characters", 0, len(text))

    with_rows(folder, SHARD, change)
    seal(folder)


@raises("content-differs")
def a_headline_changed(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: with_value(table, "title", 3, "Another headline"))
    seal(folder)


@raises("content-differs")
def a_decision_changed(folder: Path) -> None:
    def change(table: pa.Table) -> pa.Table:
        return with_value(table, "rights", 0, {**table["rights"][0].as_py(), "expires": None, "decided_by": "me"})

    with_rows(folder, SHARD, change)
    seal(folder)


@raises("content-differs", "reasons-differ")
def a_reason_changed(folder: Path) -> None:
    path = "withheld/train/2024.parquet"
    with_rows(folder, path, lambda table: with_value(table, "withheld_because", 0, "permission-expired"))
    seal(folder)


@raises("content-differs")
def another_digest_of_a_split(folder: Path) -> None:
    configs = manifest_of(folder)["configs"]
    configs["articles"]["splits"]["test"]["content_sha256"] = "0" * 64
    seal(folder, configs=configs)


@raises("content-differs")
def a_text_that_is_not_the_one_of_its_digest(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: with_value(table, "text_sha256", 2, "0" * 64))
    recount(folder)


@raises("content-differs")
def letters_that_are_not_those_of_their_digest(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: with_value(table, "letters_sha256", 2, "0" * 64))
    recount(folder)


@raises("content-differs")
def a_text_of_another_length_than_stated(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: with_value(table, "characters", 2, 1))
    recount(folder)


@raises("content-differs", "split-differs")
def two_rows_swapped_between_splits(folder: Path) -> None:
    # The numbers stay as they were; what each split holds does not.
    one, other = "data/train/1923.parquet", "data/test/1923.parquet"
    (folder / one).rename(folder / "swap")
    (folder / other).rename(folder / one)
    (folder / "swap").rename(folder / other)
    seal(folder)


@raises("counts-open")
def an_input_that_became_nothing(folder: Path) -> None:
    counts = manifest_of(folder)["counts"]
    seal(folder, counts={**counts, "inputs": counts["inputs"] + 1})


@raises("counts-open", "reasons-differ")
def a_rejection_less(folder: Path) -> None:
    counts = manifest_of(folder)["counts"]
    seal(folder, counts={**counts, "rejected": counts["rejected"] - 1})


@raises("id-twice")
def a_row_twice_in_a_file(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: doubled(table, 4))
    recount(folder)


@raises("id-twice", "shard-misnamed")
def a_row_in_two_files_of_a_split(folder: Path) -> None:
    moved_row(folder, SHARD, "data/train/2023.parquet", lambda row: row)
    recount(folder)


@raises("id-twice", "split-differs")
def one_id_for_two_articles_of_two_splits(folder: Path) -> None:
    def taken(row: pa.Table) -> pa.Table:
        identity = pq.read_table(folder / SHARD, partitioning=None)["id"][0].as_py()
        return with_value(with_value(row, "id", 0, identity), "group_id", 0, "0" * 16)

    moved_row(folder, "data/test/2024.parquet", "data/validation/2024.parquet", taken)
    recount(folder)


@raises("id-twice")
def an_article_that_is_here_and_withheld(folder: Path) -> None:
    def taken(table: pa.Table) -> pa.Table:
        identity = pq.read_table(folder / "data/train/2023.parquet", partitioning=None)["id"][0].as_py()
        return with_value(table, "id", 0, identity)

    with_rows(folder, "withheld/train/2024.parquet", taken)
    recount(folder)


@raises("group-straddles", "text-twice", "split-differs")
def a_copy_in_another_split(folder: Path) -> None:
    moved_row(folder, SHARD, "data/test/2024.parquet", lambda row: with_value(row, "id", 0, row["id"][0].as_py() + "0"))
    recount(folder)


@raises("near-straddles")
def a_near_copy_in_another_split(folder: Path) -> None:
    shares = [("train", Fraction(8, 10)), ("validation", Fraction(1, 10)), ("test", Fraction(1, 10))]
    groups = (f"{number:016x}" for number in range(1000))
    group = next(name for name in groups if split_of(name, "three-papers", shares) == "test")

    def edited(row: pa.Table) -> pa.Table:
        text = f"{row['text'][0].as_py()} x"
        changes = {"id": row["id"][0].as_py() + "0", "text": text, "text_sha256": text_digest(text), "group_id": group}
        for name, value in {**changes, "letters_sha256": letters_digest(text), "characters": len(text)}.items():
            row = with_value(row, name, 0, value)
        return row

    moved_row(folder, SHARD, "data/test/2024.parquet", edited)
    recount(folder)


@raises("group-straddles")
def a_withheld_copy_in_another_split(folder: Path) -> None:
    group = pq.read_table(folder / SHARD, partitioning=None)["group_id"][0].as_py()
    with_rows(folder, "withheld/test/2024.parquet", lambda table: with_value(table, "group_id", 0, group))
    recount(folder)


@raises("order-differs")
def rows_from_last_to_first(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: table.take([*reversed(range(table.num_rows))]))
    seal(folder)


@raises("order-differs")
def the_last_two_rows_swapped(folder: Path) -> None:
    def swapped(table: pa.Table) -> pa.Table:
        last = table.num_rows - 1
        return table.take([*range(last - 1), last, last - 1])

    with_rows(folder, SHARD, swapped)
    seal(folder)


@raises("order-differs")
def ids_of_one_moment_out_of_order(folder: Path) -> None:
    def swapped(table: pa.Table) -> pa.Table:
        moment = table["published_at"][0].as_py()
        assert moment is not None
        sources = table["source"].to_pylist()
        table = with_value(with_value(table, "published_at", 1, moment), "id", 0, f"{sources[0]}:zzz")
        return with_value(with_value(table, "source", 1, sources[0]), "id", 1, f"{sources[0]}:aaa")

    with_rows(folder, SHARD, swapped)
    recount(folder)


@raises("figures-differ")
def a_picture_of_other_numbers(folder: Path) -> None:
    path = folder / "figures" / "length.svg"
    path.write_text(path.read_text(encoding="utf-8").replace("articles", "texts"), encoding="utf-8")
    seal(folder)


@raises("figures-differ")
def a_picture_with_a_script(folder: Path) -> None:
    path = folder / "figures" / "time.svg"
    path.write_text(path.read_text(encoding="utf-8").replace("</svg>", "<script>1</script></svg>"), encoding="utf-8")
    seal(folder)


@raises("figures-differ")
def a_release_without_one_of_its_pictures(folder: Path) -> None:
    (folder / "figures" / "time.svg").unlink()
    left = [entry for entry in manifest_of(folder)["files"] if entry["path"] != "figures/time.svg"]
    seal(folder, files=left)


@raises("figures-differ")
def a_release_with_a_picture_of_its_own(folder: Path) -> None:
    (folder / "figures" / "more.svg").write_text("<svg/>", encoding="utf-8")
    listed(folder, {"path": "figures/more.svg"})


@raises("card-differs")
def a_card_without_a_picture(folder: Path) -> None:
    path = folder / "README.md"
    text = path.read_text(encoding="utf-8")
    assert "(figures/time.svg)" in text
    path.write_text("\n".join(line for line in text.split("\n") if "(figures/time.svg)" not in line), encoding="utf-8")
    seal(folder)


@raises("card-differs")
def a_card_with_pictures_under_other_names(folder: Path) -> None:
    path = folder / "README.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Length of texts", "Quality of texts"), encoding="utf-8")
    seal(folder)


@raises("card-differs")
def a_card_with_other_words_above_a_picture(folder: Path) -> None:
    path = folder / "README.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("**Length of texts**", "**Quality of texts**"), encoding="utf-8")
    seal(folder)


@raises("card-differs")
def a_card_with_a_picture_from_elsewhere(folder: Path) -> None:
    path = folder / "README.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("(figures/time.svg)", "(https://elsewhere.example/time.svg)"), encoding="utf-8")
    seal(folder)


@raises("card-differs")
def a_card_without_a_shard(folder: Path) -> None:
    with_card(folder, lambda card: paths_of(card, "articles", "train").remove(SHARD))
    seal(folder)


@raises("card-differs")
def a_card_with_a_shard_of_another_split(folder: Path) -> None:
    with_card(folder, lambda card: paths_of(card, "articles", "train").append("data/test/2024.parquet"))
    seal(folder)


@raises("card-differs")
def a_card_with_a_pattern_for_files(folder: Path) -> None:
    def change(card: dict[str, Any]) -> None:
        card["configs"][0]["data_files"][0]["path"] = "data/train/*.parquet"

    with_card(folder, change)
    seal(folder)


@raises("card-differs")
def a_card_with_another_number_of_rows(folder: Path) -> None:
    with_card(folder, lambda card: _more_rows(card, "withheld", "test", 1))
    seal(folder)


@raises("card-differs")
def a_card_without_a_split(folder: Path) -> None:
    with_card(folder, lambda card: card["configs"][0]["data_files"].pop())
    seal(folder)


@raises("card-differs")
def a_card_without_a_configuration(folder: Path) -> None:
    with_card(folder, lambda card: card["dataset_info"].pop())
    seal(folder)


@raises("card-differs")
def a_card_without_front_matter(folder: Path) -> None:
    (folder / CARD).write_text("# A corpus\n", encoding="utf-8")
    seal(folder)


@raises("card-differs")
def a_card_whose_front_matter_is_no_yaml(folder: Path) -> None:
    (folder / CARD).write_text("---\nconfigs: [\n---\n", encoding="utf-8")
    seal(folder)


@raises("card-differs")
def a_card_whose_front_matter_is_a_list(folder: Path) -> None:
    (folder / CARD).write_text("---\n- configs\n---\n", encoding="utf-8")
    seal(folder)


@raises("card-differs")
def a_card_that_is_no_unicode(folder: Path) -> None:
    (folder / CARD).write_bytes((folder / CARD).read_bytes() + b"\xff")
    seal(folder)


@raises("described-differs")
def somebody_less_who_is_credited(folder: Path) -> None:
    place = folder / "rights/attribution.jsonl"
    place.write_bytes(b"".join(place.read_bytes().splitlines(keepends=True)[1:]))
    seal(folder)


@raises("described-differs", "card-differs")
def a_source_that_somebody_else_publishes(folder: Path) -> None:
    place = folder / "sources/lanhe-zaobao-zh.json"
    place.write_text(place.read_text(encoding="utf-8").replace("岚河早报社", "Somebody"), encoding="utf-8")
    seal(folder)


@raises("card-differs")
def a_card_with_another_number_in_its_words(folder: Path) -> None:
    place = folder / CARD
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace(" inputs were read", "0 inputs were read"), encoding="utf-8")
    seal(folder)


def with_croissant(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change croissant.json, written as pressmark writes it, and seal."""
    described = json.loads((folder / CROISSANT).read_bytes())
    change(described)
    (folder / CROISSANT).write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    seal(folder)


def with_citation(folder: Path, old: str, new: str) -> None:
    """Change CITATION.cff, and seal."""
    text = (folder / CITATION).read_text(encoding="utf-8")
    assert old in text
    (folder / CITATION).write_text(text.replace(old, new), encoding="utf-8")
    seal(folder)


@raises("croissant-differs")
def a_croissant_that_is_no_json(folder: Path) -> None:
    (folder / CROISSANT).write_bytes((folder / CROISSANT).read_bytes()[:-3])
    seal(folder)


@raises("croissant-differs")
def a_croissant_without_a_file(folder: Path) -> None:
    with_croissant(folder, lambda described: described["distribution"].pop(0))


@raises("croissant-differs")
def a_croissant_with_a_property_more(folder: Path) -> None:
    with_croissant(folder, lambda described: described.update({"rai:dataBiases": ["none"]}))


@raises("croissant-differs")
def a_croissant_in_which_the_texts_have_a_licence(folder: Path) -> None:
    with_croissant(folder, lambda described: described.update(license="https://spdx.org/licenses/CC0-1.0"))


@raises("croissant-differs", "citation-differs", "card-differs")
def a_croissant_of_another_title(folder: Path) -> None:
    with_croissant(folder, lambda described: described.update(name="Four invented papers"))


@raises("citation-differs")
def a_citation_of_another_version(folder: Path) -> None:
    with_citation(folder, 'version: "1.0.0"', 'version: "1.0.1"')


@raises("citation-differs")
def a_citation_with_a_comment(folder: Path) -> None:
    with_citation(folder, "authors:", "authors: # of all texts")


@raises("citation-differs")
def a_citation_that_is_no_yaml(folder: Path) -> None:
    with_citation(folder, 'title: "', "title: {")


@raises("citation-differs")
def a_citation_of_somebody_else(folder: Path) -> None:
    with_citation(folder, "The pressmark developers", "Somebody else")


@raises("card-differs")
def a_card_that_cites_somebody_else(folder: Path) -> None:
    place = folder / CARD
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("author = {{The pressmark", "author = {{Other"), encoding="utf-8")
    seal(folder)


@raises("file-missing")
def a_citation_alone(folder: Path) -> None:
    manifest = manifest_of(folder)
    manifest["files"] = [entry for entry in manifest["files"] if entry["path"] != CROISSANT]
    (folder / CROISSANT).unlink()
    write_manifest(folder, manifest)


@raises("file-missing")
def a_forged_card_without_what_it_is_held_against(folder: Path) -> None:
    card = (folder / CARD).read_text(encoding="utf-8")
    head, _, rest = card.partition("## Dataset Details")
    _, _, rest = rest.partition("## How to read it")
    card = f"{head}## Dataset Details\n\n<script src=https://evil.example></script>\n\n## How to read it{rest}"
    before, _, behind = card.partition("## Citation")
    (folder / CARD).write_text(before + behind[behind.index("## Columns") :], encoding="utf-8")
    seal(folder)
    manifest = manifest_of(folder)
    manifest["files"] = [entry for entry in manifest["files"] if entry["path"] not in (CROISSANT, CITATION)]
    (folder / CROISSANT).unlink()
    (folder / CITATION).unlink()
    write_manifest(folder, manifest)


@raises("folder-extra")
def an_empty_folder(folder: Path) -> None:
    (folder / "data/more/still more").mkdir(parents=True)


@raises("file-extra")
def a_file_that_is_listed_and_that_no_release_has(folder: Path) -> None:
    (folder / "texts.txt").write_text("hello", encoding="utf-8")
    listed(folder, {"path": "texts.txt"})


@raises("file-missing")
def no_changelog_and_none_listed(folder: Path) -> None:
    (folder / "CHANGELOG.md").unlink()
    seal(folder, files=[entry for entry in manifest_of(folder)["files"] if entry["path"] != "CHANGELOG.md"])


@raises("version-unknown")
def a_laxer_contract_of_another_version(folder: Path) -> None:
    place = folder / CONTRACT
    place.write_text(place.read_text(encoding="utf-8").replace('"x-class": "text"', '"x-class": "metadata"'))
    written = manifest_of(folder)["written_by"]
    seal(folder, schema_sha256=digest(place), written_by={**written, "pressmark": "0.0.1"})


@raises("metadata-differs")
def a_shard_of_another_corpus(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: table.replace_schema_metadata({"pressmark.corpus": "four-papers"}))
    seal(folder)


@raises("shard-misnamed")
def a_shard_named_after_another_year(folder: Path) -> None:
    (folder / SHARD).rename(folder / "data/train/2031.parquet")
    recount(folder)


@raises("shard-misnamed")
def a_shard_with_half_of_its_rows_elsewhere(folder: Path) -> None:
    shutil.copy(folder / SHARD, folder / "data/train/2024-0.parquet")
    with_rows(folder, SHARD, lambda table: table.slice(1))
    with_rows(folder, "data/train/2024-0.parquet", lambda table: table.slice(0, 1))
    recount(folder)


@raises("row-invalid")
def a_language_that_is_none(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: with_value(table, "language", 0, "Korean"))
    recount(folder)


@raises("row-invalid")
def an_article_of_a_later_release(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: with_value(table, "changed_in", 0, 2))
    recount(folder)


@raises("text-twice")
def a_copy_in_the_same_split(folder: Path) -> None:
    moved_row(folder, SHARD, SHARD, lambda row: with_value(row, "id", 0, row["id"][0].as_py() + "0"))
    recount(folder)


@raises("split-differs")
def a_shard_in_another_split(folder: Path) -> None:
    (folder / "data/train/1921.parquet").rename(folder / "data/test/1921.parquet")
    recount(folder)


@raises("split-differs")
def other_shares(folder: Path) -> None:
    seal(
        folder,
        splits={
            "salt": "three-papers",
            "continued": False,
            "shares": {"train": "1/10", "validation": "4/5", "test": "1/10"},
        },
    )


@raises("splits-differ")
def shares_of_more_than_all(folder: Path) -> None:
    seal(
        folder,
        splits={
            "salt": "three-papers",
            "continued": False,
            "shares": {"train": "4/5", "validation": "1/10", "test": "1/5"},
        },
    )


@raises("splits-differ")
def shares_that_are_no_numbers(folder: Path) -> None:
    seal(
        folder,
        splits={
            "salt": "three-papers",
            "continued": False,
            "shares": {"train": "4/5", "validation": "1/10", "test": "1/0"},
        },
    )


@raises("size-differs")
def columns_of_another_size(folder: Path) -> None:
    configs = manifest_of(folder)["configs"]
    configs["articles"]["splits"]["train"]["arrow_bytes"] *= 2
    with_card(folder, _twice_the_size)
    seal(folder, configs=configs)


def _twice_the_size(card: dict[str, Any]) -> None:
    card["dataset_info"][0]["dataset_size"] += sizes_of(card, "articles", "train")["num_bytes"]
    sizes_of(card, "articles", "train")["num_bytes"] *= 2


@raises("reasons-differ")
def another_reason_everywhere(folder: Path) -> None:
    path = "withheld/train/2024.parquet"
    with_rows(folder, path, lambda table: with_value(table, "withheld_because", 0, "permission-expired"))
    recount(folder)


@raises("reasons-differ", "card-differs", "figures-differ")
def a_reason_counted_once_too_often(folder: Path) -> None:
    counts = manifest_of(folder)["counts"]
    counts["by_code"]["no-decision"] += 1
    counts["by_code"]["original-not-covered"] -= 1
    seal(folder, counts=counts)


def with_rights(folder: Path, path: str, row: int = 0, /, status: str | None = None, **rights: Any) -> None:
    def changed(table: pa.Table) -> pa.Table:
        table = with_value(table, "rights", row, {**table["rights"][row].as_py(), **rights})
        return with_value(table, "rights_status", row, status) if status else table

    with_rows(folder, path, changed)
    recount(folder)


@raises("rights-differ")
def a_text_whose_decision_has_expired(folder: Path) -> None:
    with_rights(folder, SHARD, expires=date(2026, 1, 30))


@raises("rights-differ")
def a_text_that_is_all_rights_reserved(folder: Path) -> None:
    with_rights(folder, SHARD, status="all_rights_reserved")


@raises("rights-differ")
def a_text_in_conflict(folder: Path) -> None:
    with_rights(folder, SHARD, status="conflict")


@raises("rights-differ")
def a_text_without_a_decision(folder: Path) -> None:
    with_rights(folder, SHARD, decided_on=None)


@raises("rights-differ")
def a_text_whose_decision_is_of_tomorrow(folder: Path) -> None:
    with_rights(folder, SHARD, decided_on=date(2026, 2, 1))


@raises("rights-differ")
def a_text_that_a_rule_opened(folder: Path) -> None:
    with_rights(folder, SHARD, decided_as="rule")


@raises("rights-differ")
def a_text_that_its_decision_does_not_cover(folder: Path) -> None:
    with_rights(folder, SHARD, covers=["original"])


@raises("rights-differ")
def a_translation_of_which_the_original_is_not_covered(folder: Path) -> None:
    with_rights(folder, SHARD, needs=["text", "original"])


@raises("rights-differ")
def a_text_for_a_narrower_audience(folder: Path) -> None:
    with_rights(folder, SHARD, visibility="gated")


@raises("rights-differ")
def a_text_for_some_countries(folder: Path) -> None:
    with_rights(folder, SHARD, territories=["US"])


@raises("rights-differ")
def a_text_under_a_licence_that_is_not_open(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: with_value(table, "license", 0, "CC-BY-NC-4.0"))
    recount(folder)


@raises("rights-differ")
def a_text_that_nobody_is_credited_for(folder: Path) -> None:
    with_rows(folder, SHARD, lambda table: with_value(table, "attribution", 0, None))
    recount(folder)


@raises("rights-differ")
def a_text_under_embargo(folder: Path) -> None:
    with_rights(folder, SHARD, embargoed_until=date(2026, 2, 1))


@raises("rights-differ")
def a_text_that_exposes_a_minor(folder: Path) -> None:
    with_rights(folder, SHARD, privacy=["minor"])


@raises("rights-differ")
def a_text_that_a_signal_reserves(folder: Path) -> None:
    with_rights(folder, SHARD, reservations=[{"signal": "tdmrep", "value": "1", "where": None}])


@raises("rights-differ")
def a_permission_without_outputs(folder: Path) -> None:
    with_rights(folder, SHARD, status="permission", outputs=["headline"])


@raises("rights-differ")
def a_permission_for_a_purpose(folder: Path) -> None:
    with_rights(folder, SHARD, status="permission", outputs=["text"], visibility="public", purposes=["research"])


@raises("rights-differ")
def the_headline_of_a_withheld_article(folder: Path) -> None:
    with_rows(folder, WITHHELD_SHARD, lambda table: with_value(table, "title", 0, "A headline"))
    recount(folder)


@raises("rights-differ")
def the_names_of_a_withheld_article(folder: Path) -> None:
    names = [{"role": "aut", "name": "Oda Fenn", "label": None}]
    with_rows(folder, WITHHELD_SHARD, lambda table: with_value(table, "contributors", 0, names))
    recount(folder)


@raises("described-differs")
def licences_that_are_counted_wrongly(folder: Path) -> None:
    place = folder / "rights/licenses.jsonl"
    place.write_text(place.read_text(encoding="utf-8").replace('"texts":', '"texts":1'), encoding="utf-8")
    seal(folder)


@raises("rights-differ")
def a_card_that_claims_one_licence_for_all(folder: Path) -> None:
    with_card(folder, lambda card: card.update(license="cc-by-4.0"))
    seal(folder)


@raises("schema-differs")
def a_laxer_table_of_rights(folder: Path) -> None:
    place = folder / "schema/rights-policy.json"
    place.write_text(place.read_text(encoding="utf-8").replace('"public": {}', '"public": { "text": [] }'))
    seal(folder, policy_sha256=digest(place))


def test_conditions_that_are_met_give_no_finding(release: Path) -> None:
    met: dict[str, Any] = {"expires": date(2026, 1, 31), "decided_on": date(2026, 1, 31), "visibility": "public"}
    with_rights(release, SHARD, **met, embargoed_until=date(2026, 1, 31), privacy=["none_found"])
    assert verify(release) == []
    with_rights(release, SHARD, status="permission", outputs=["text"])
    assert verify(release) == []


@pytest.mark.parametrize(("expected", "change"), [pytest.param(*each, id=each[1].__name__) for each in BROKEN])
def test_a_broken_release_raises_its_code_and_no_other(
    expected: frozenset[str], change: Break, thin: Path, tmp_path: Path
) -> None:
    # Where the test fails, the folder is left to be looked at, under the name of its code.
    broken = Path(shutil.copytree(thin, tmp_path / " ".join(sorted(expected))))
    change(broken)
    assert codes(broken) == expected


@pytest.mark.parametrize("change", [pytest.param(change, id=change.__name__) for _, change in BROKEN])
def test_a_look_at_bytes_alone_finds_nothing_that_is_not_so(change: Break, thin: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(thin, tmp_path / "broken"))
    change(broken)
    found, everything = verify_bytes(broken), verify(broken)
    of_bytes = {"not-a-release", "manifest-invalid", "sums-differ", "file-extra", "folder-extra", "file-missing"}
    of_bytes |= {"file-differs", "version-unknown", "schema-differs"}
    of_rows = [each for each in everything if each.code == "schema-differs" and each.file.endswith(".parquet")]
    expected = [each for each in everything if each.code in of_bytes and each not in of_rows]
    assert [each for each in found if each.code in of_bytes] == expected
    assert set(found) <= set(everything)


def test_a_look_at_bytes_alone_reads_no_rows(release: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(release, tmp_path / "copy"))
    assert verify_bytes(copy) == []
    shard = next(path for path in sorted(copy.rglob("*.parquet")))
    shard.write_bytes(b"no rows at all")
    assert [found.code for found in verify_bytes(copy)] == ["file-differs"]
    seal(copy)
    assert verify_bytes(copy) == []
    assert verify(copy) != []
    shard.unlink()
    assert [found.code for found in verify_bytes(copy)] == ["file-missing"]
    assert verify_bytes(copy, partial=True) == []


def test_every_code_of_a_release_has_a_broken_one() -> None:
    # What the datasets library reads is compared in end_to_end/test_journey.py.
    # Leaks and workshops are for test_leaks.py: verify alone knows no withheld text.
    # History is for end_to_end/test_history_of_releases.py.
    # What closes with time is for unit/test_today.py, what the Hub refuses for unit/test_preflight.py.
    elsewhere = {"load-differs", "leak", "workshop-differs", "rebuild-differs", "expired-since", "hub-refuses"}
    elsewhere |= {"history-differs", "version-too-small", "withdrawn-here"}
    # Another release has to lie beside it: end_to_end/test_near_duplicates.py.
    elsewhere |= {"article-moved"}
    # What is left on the Hub of a withdrawal is for hub/test_takedown.py.
    elsewhere |= {"withdrawn-remains", "takedown-unverified"}
    expected = {name for name, code in CATALOGUE.items() if code.kind is Kind.RELEASE} - elsewhere
    assert expected == EXAMPLES


# Findings that bring others with them: the rows of the file are not seen any more


def dropped_column(table: pa.Table) -> pa.Table:
    return table.drop_columns(["attribution"])


def loose_column(table: pa.Table) -> pa.Table:
    position = table.schema.get_field_index("text")
    return table.set_column(position, pa.field("text", pa.string(), nullable=True), table["text"])


def retyped_column(table: pa.Table) -> pa.Table:
    position = table.schema.get_field_index("published_on")
    return table.set_column(position, "published_on", table["published_on"].cast(pa.string()))


def moved_column(table: pa.Table) -> pa.Table:
    return table.select([*table.column_names[1:], table.column_names[0]])


def dictionary_column(table: pa.Table) -> pa.Table:
    # A dictionary still holds values of rows that were left out of the file.
    position = table.schema.get_field_index("title")
    return table.set_column(position, "title", table["title"].dictionary_encode())


@pytest.mark.parametrize("change", [dropped_column, loose_column, retyped_column, moved_column, dictionary_column])
def test_a_shard_with_other_columns_is_found(change: Callable[[pa.Table], pa.Table], release: Path) -> None:
    with_rows(release, SHARD, change)
    seal(release)
    assert "schema-differs" in codes(release)


def test_a_withheld_shard_with_texts_is_found(example: BuildResult, release: Path) -> None:
    """The gravest of all: rows of the private line under the name of a closed file."""
    path = "withheld/train/2024.parquet"
    closed = pq.read_table(release / path, partitioning=None)["id"].to_pylist()
    rows = pq.read_table(example.lines["vault"].folder / SHARD, partitioning=None)
    rows = rows.filter(pc.is_in(rows["id"], pa.array(closed)))
    assert rows.num_rows == len(closed)
    pq.write_table(rows, release / path)
    seal(release)
    assert "schema-differs" in codes(release)


@pytest.mark.parametrize("path", [SHARD, "withheld/test/2024.parquet"])
def test_a_sealed_shard_that_cannot_be_read_is_found(path: str, release: Path) -> None:
    data = (release / path).read_bytes()
    for damaged in (b"", b"PAR1", data[:-1], data[1:], data[: len(data) // 2], bytes(len(data))):
        (release / path).write_bytes(damaged)
        seal(release)
        assert "file-unreadable" in codes(release)


def test_a_row_taken_out_of_a_sealed_shard_is_found(release: Path) -> None:
    with_rows(release, SHARD, lambda table: table.slice(1))
    seal(release)
    assert codes(release) == {"rows-differ", "content-differs", "size-differs"}


def test_a_shard_taken_out_with_its_entry_is_found(release: Path) -> None:
    (release / SHARD).unlink()
    seal(release, files=[entry for entry in manifest_of(release)["files"] if entry["path"] != SHARD])
    assert codes(release) == {"rows-differ", "content-differs", "size-differs"}


def test_a_shard_given_to_another_split_is_found(release: Path) -> None:
    manifest = manifest_of(release)
    entry_of(manifest, SHARD)["split"] = "test"
    write_manifest(release, manifest)
    assert codes(release) == {"rows-differ", "content-differs", "size-differs", "split-differs", "shard-misnamed"}


def test_a_shard_of_a_split_that_is_not_listed_is_found(release: Path) -> None:
    manifest = manifest_of(release)
    entry_of(manifest, SHARD)["split"] = "secret"
    write_manifest(release, manifest)
    assert "rows-differ" in codes(release)


def test_sound_files_are_still_looked_into_where_another_is_not(release: Path) -> None:
    rows_from_last_to_first(release)
    (release / "data" / "test" / "1923.parquet").unlink()
    assert codes(release) == {"file-missing", "order-differs"}


def test_everything_that_is_wrong_is_said_at_once(release: Path) -> None:
    no_sums(release)
    no_card(release)
    a_file_too_many(release)
    a_shard_with_a_byte_changed(release)
    assert codes(release) == {"sums-differ", "file-missing", "file-extra", "file-differs"}


def test_no_finding_shows_words_of_a_text(release: Path) -> None:
    canary = "Der Kanarienvogel sang am Morgen."
    for column in ("text", "title"):
        with_rows(release, SHARD, lambda table, name=column: with_value(table, name, 1, canary))  # type: ignore[misc]
    seal(release)
    found = verify(release)
    assert {finding.code for finding in found} == {"content-differs"}
    assert not any("Kanarienvogel" in str(finding) for finding in found)


# What is no release at all


@pytest.mark.parametrize("name", ["nowhere", "a-file"])
def test_what_is_no_folder_is_an_error_in_words(name: str, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="is no folder") as caught:
        verify(tmp_path / name)
    assert caught.value.exit_code == 2
    assert "dist/CORPUS/LINE/VERSION" in caught.value.advice


def test_a_folder_above_releases_is_told_with_the_releases_in_it(example: BuildResult, tmp_path: Path) -> None:
    lines = tmp_path / "three-papers"
    for place in ("open/1.0.0", "open/1.10.0", "open/1.2.0", "vault/1.0.0", "open/1.0.0/data/nested"):
        (lines / place).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(example.lines["open"].folder / MANIFEST, lines / place / MANIFEST)
    found = [lines / place for place in ("open/1.10.0", "open/1.2.0", "open/1.0.0", "vault/1.0.0")]
    for folder, below in ((tmp_path, found), (lines, found), (lines / "open", found[:3])):
        with pytest.raises(UsageError, match=f"^{folder} is no release, but holds {len(below)}$") as caught:
            verify(folder)
        assert caught.value.exit_code == 2
        assert caught.value.advice == f"name one of them: {', '.join(map(str, below))}"
    # A release that lost its manifest holds none.
    (lines / "open/1.0.0" / MANIFEST).unlink()
    assert codes(lines / "open/1.0.0") == {"not-a-release"}


@pytest.mark.parametrize(
    ("place", "what", "releases"),
    [
        ("corpus", "a corpus", "dist/CORPUS"),
        ("work/small", "the workshop of a corpus", "dist/small"),
        ("work/small/1.0.0", "a build in a workshop", "dist/small"),
    ],
)
def test_a_corpus_and_a_workshop_are_told_with_where_releases_are(
    place: str, what: str, releases: str, corpus: Corpus, tmp_path: Path
) -> None:
    corpus.build()
    folder = tmp_path / place
    with pytest.raises(UsageError, match=f"^{folder} is no release, but {what}$") as caught:
        verify(folder)
    assert caught.value.exit_code == 2
    assert caught.value.advice.endswith(f"give one of them, {releases}/LINE/VERSION")


def test_an_empty_folder_is_no_release(tmp_path: Path) -> None:
    assert codes(tmp_path) == {"not-a-release"}


def test_a_folder_may_be_named_by_a_string_and_by_a_link(example: BuildResult, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(example.lines["open"].folder)
    assert verify(str(tmp_path / "link")) == []


# Mutants: none may pass

TEXT_FILES = (".gitattributes", "CHANGELOG.md", "LICENSE.md", CARD, SUMS, MANIFEST, CONTRACT)
POSITIONS, FLIPS, SEALED_FLIPS = 22, 38, 20

Mutant = tuple[str, bytes]


def unseen(folder: Path, path: str, mutants: Iterable[Mutant]) -> list[str]:
    """Return the names of the mutants of a file that a release passes with; puts the file back."""
    place = folder / path
    good = place.read_bytes()
    passed = []
    for name, data in mutants:
        assert data != good
        place.write_bytes(data)
        if not verify(folder):
            passed.append(name)
    place.write_bytes(good)
    assert verify(folder) == []
    return passed


def other_bytes(data: bytes, seed: str, count: int) -> Iterator[Mutant]:
    drawn = random.Random(seed)  # noqa: S311 - the same mutants each time
    for position in sorted(drawn.sample(range(len(data)), min(count, len(data)))):
        new = drawn.choice([value for value in range(256) if value != data[position]])
        yield f"byte {position} is {new}", data[:position] + bytes([new]) + data[position + 1 :]


def flips(data: bytes, seed: str, count: int) -> Iterator[Mutant]:
    drawn = random.Random(seed)  # noqa: S311 - the same mutants each time
    for _ in range(count):
        position, bit = drawn.randrange(len(data)), drawn.randrange(8)
        changed = bytearray(data)
        changed[position] ^= 1 << bit
        yield f"bit {bit} of byte {position}", bytes(changed)


def ends(data: bytes) -> Iterator[Mutant]:
    yield "nothing left", b""
    yield "half of it", data[: len(data) // 2]
    yield "the last byte gone", data[:-1]
    yield "the first byte gone", data[1:]
    yield "a byte more at the end", data + b"\0"
    yield "a line end more at the end", data + b"\n"
    yield "a byte more at the start", b" " + data
    yield "twice", data + data


@pytest.mark.parametrize("path", TEXT_FILES)
def test_a_byte_changed_in_a_small_file_is_found(path: str, slim: Path) -> None:
    data = (slim / path).read_bytes()
    assert unseen(slim, path, other_bytes(data, path, POSITIONS)) == []


@pytest.mark.parametrize("path", SLIM)
def test_a_bit_flipped_in_a_shard_is_found(path: str, slim: Path) -> None:
    data = (slim / path).read_bytes()
    assert unseen(slim, path, flips(data, path, FLIPS)) == []


@pytest.mark.parametrize("path", [*TEXT_FILES, SHARD])
def test_a_file_cut_or_grown_is_found(path: str, slim: Path) -> None:
    assert unseen(slim, path, ends((slim / path).read_bytes())) == []


def test_a_file_deleted_is_found(slim: Path) -> None:
    passed = []
    for place in sorted(path for path in slim.rglob("*") if path.is_file()):
        data = place.read_bytes()
        place.unlink()
        if not verify(slim):
            passed.append(place.name)
        place.write_bytes(data)
    assert passed == []
    assert verify(slim) == []


@pytest.mark.parametrize(
    "path", ["x", ".x", "data/x", "data/train/x.parquet", "withheld/train/.x", "schema/x", "new/x"]
)
@pytest.mark.parametrize("data", [b"", b"x"], ids=["empty", "not empty"])
def test_a_file_added_is_found(path: str, data: bytes, slim: Path) -> None:
    (slim / path).parent.mkdir(exist_ok=True)
    (slim / path).write_bytes(data)
    assert codes(slim) == {"file-extra"}


def test_two_shards_swapped_are_found(slim: Path) -> None:
    shards = [entry["path"] for entry in manifest_of(slim)["files"] if "config" in entry]
    passed = []
    for one, other in zip(shards, [*shards[1:], shards[0]], strict=True):
        data = {path: (slim / path).read_bytes() for path in (one, other)}
        (slim / one).write_bytes(data[other])
        (slim / other).write_bytes(data[one])
        if not verify(slim):
            passed.append((one, other))
        for path, bytes_ in data.items():
            (slim / path).write_bytes(bytes_)
    assert passed == []


def test_a_file_of_the_other_line_is_found(example: BuildResult, release: Path) -> None:
    vault = example.lines["vault"].folder
    other = {path.relative_to(vault).as_posix(): path.read_bytes() for path in vault.rglob("*") if path.is_file()}
    swaps = {path: data for path, data in other.items() if (release / path).is_file()}
    swaps = {path: data for path, data in swaps.items() if (release / path).read_bytes() != data}
    assert {MANIFEST, SUMS, CARD, SHARD} <= set(swaps)
    assert {path: unseen(release, path, [("other", data)]) for path, data in swaps.items()} == {
        path: [] for path in swaps
    }


def test_manifest_and_sums_of_the_other_line_are_found(example: BuildResult, release: Path) -> None:
    for name in (MANIFEST, SUMS):
        shutil.copy(example.lines["vault"].folder / name, release / name)
    assert {"file-missing", "file-extra", "file-differs"} <= codes(release)


@pytest.mark.parametrize(
    "change",
    [{"version": "0.9.0"}, {"as_of": "2025-12-31"}, {"line": "vault"}, {"destination": "local"}, {"release": 2}],
    ids=str,
)
def test_another_manifest_beside_the_sums_is_found(change: dict[str, Any], release: Path) -> None:
    sums = (release / SUMS).read_bytes()
    seal(release, **change)
    (release / SUMS).write_bytes(sums)
    assert "sums-differ" in codes(release)


def test_an_older_manifest_with_its_sums_is_found(slim: Path) -> None:
    old = {name: (slim / name).read_bytes() for name in (MANIFEST, SUMS)}
    with_rows(slim, SHARD, lambda table: table.slice(1))
    recount(slim)
    assert verify(slim) == []
    for name, data in old.items():
        (slim / name).write_bytes(data)
    assert codes(slim) == {"file-differs"}


@pytest.mark.parametrize("path", [SHARD, "withheld/train/2024.parquet"])
def test_a_bit_flipped_in_a_sealed_shard_is_found_or_changes_no_row(path: str, slim: Path) -> None:
    data = (slim / path).read_bytes()
    rows = pq.read_table(slim / path, partitioning=None).to_pylist()
    for _, changed in flips(data, f"sealed {path}", SEALED_FLIPS):
        (slim / path).write_bytes(changed)
        seal(slim)
        # Statistics and indexes can be wrong where every row is right.
        assert verify(slim) or rows == pq.read_table(slim / path, partitioning=None).to_pylist()


# What these tests found out about verify, and what it must not fall back to


@pytest.mark.parametrize("end", [b"\r\n", b"\x0b"], ids=repr)
def test_sums_with_other_line_ends_are_found(end: bytes, slim: Path) -> None:
    (slim / SUMS).write_bytes((slim / SUMS).read_bytes().replace(b"\n", end))
    assert codes(slim) == {"sums-differ"}


@pytest.mark.parametrize("name", [MANIFEST, SUMS])
def test_manifest_and_sums_that_are_links_are_found(name: str, slim: Path) -> None:
    (slim / name).rename(slim.parent / name)
    (slim / name).symlink_to(slim.parent / name)
    assert codes(slim) != set()


class LateError(Exception):
    """Verify has not come back in time."""


@pytest.mark.parametrize("name", [MANIFEST, SUMS])
def test_a_pipe_in_the_place_of_manifest_or_sums_holds_nothing_up(name: str, slim: Path) -> None:
    def late(number: int, frame: FrameType | None) -> None:
        raise LateError

    (slim / name).unlink()
    os.mkfifo(slim / name)
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        assert codes(slim) != set()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("data", [b"{", b"{}"], ids=repr)
@pytest.mark.parametrize("sealed", [False, True], ids=["as it is", "sealed"])
def test_a_contract_that_is_none_is_a_finding(data: bytes, sealed: bool, slim: Path) -> None:  # noqa: FBT001
    (slim / CONTRACT).write_bytes(data)
    if sealed:
        seal(slim)
    assert codes(slim) != set()


@pytest.mark.parametrize(
    ("name", "data"), [(MANIFEST, "[" * 100_000), (CARD, "---\n" + "[" * 10_000 + "\n---\n")], ids=[MANIFEST, CARD]
)
def test_a_file_nested_without_end_is_a_finding(name: str, data: str, slim: Path) -> None:
    (slim / name).write_text(data, encoding="utf-8")
    if name == CARD:
        seal(slim)
    assert codes(slim) != set()


def test_a_shard_whose_columns_are_not_named_in_unicode_is_a_finding(slim: Path) -> None:
    (slim / SHARD).write_bytes((slim / SHARD).read_bytes().replace(b"text_sha256", b"\xf4ext_sha256"))
    seal(slim)
    assert codes(slim) != set()


def test_a_shard_with_a_column_twice_is_a_finding(slim: Path) -> None:
    with_rows(slim, SHARD, lambda table: table.append_column(table.schema.field("title"), table["title"]))
    seal(slim)
    assert "schema-differs" in codes(slim)


def no_unicode(rows: int) -> pa.Array:
    return pa.Array.from_buffers(pa.string(), rows, pa.array([b"\xff"] * rows, pa.binary()).buffers())


def after_all_calendars(rows: int) -> pa.Array:
    return pa.array([2**62] * rows, pa.int64()).cast(pa.timestamp("us", "UTC"))


def before_all_calendars(rows: int) -> pa.Array:
    return pa.array([-800_000] * rows, pa.int32()).cast(pa.date32())


@pytest.mark.parametrize(
    ("column", "values"),
    [("title", no_unicode), ("published_at", after_all_calendars), ("published_on", before_all_calendars)],
    ids=["no unicode", "after all calendars", "before all calendars"],
)
def test_a_value_that_python_cannot_hold_is_a_finding(
    column: str, values: Callable[[int], pa.Array], slim: Path
) -> None:
    def change(table: pa.Table) -> pa.Table:
        position = table.schema.get_field_index(column)
        return table.set_column(position, table.schema.field(position), values(table.num_rows))

    with_rows(slim, SHARD, change)
    seal(slim)
    assert codes(slim) != set()


def test_a_contract_that_is_not_the_one_of_the_manifest_is_found(slim: Path) -> None:
    seal(slim, schema_sha256="0" * 64)
    assert codes(slim) != set()


def another_size_in_memory(card: dict[str, Any]) -> None:
    sizes_of(card, "articles", "train")["num_bytes"] += 1


def another_size_of_a_configuration(card: dict[str, Any]) -> None:
    card["dataset_info"][0]["dataset_size"] += 1


def another_default(card: dict[str, Any]) -> None:
    one, other = card["configs"]
    other["default"] = one.pop("default")


def a_configuration_twice(card: dict[str, Any]) -> None:
    files = [{"split": "train", "path": ["data/validation/2024.parquet"]}]
    card["configs"].insert(0, {"config_name": "articles", "data_files": files})


def a_split_twice(card: dict[str, Any]) -> None:
    card["configs"][0]["data_files"].insert(0, {"split": "train", "path": ["data/validation/2024.parquet"]})


@pytest.mark.parametrize(
    "change",
    [
        another_size_in_memory,
        another_size_of_a_configuration,
        another_default,
        a_configuration_twice,
        a_split_twice,
    ],
)
def test_a_card_that_says_other_things_than_the_manifest_is_found(
    change: Callable[[dict[str, Any]], None], slim: Path
) -> None:
    with_card(slim, change)
    seal(slim)
    assert codes(slim) == {"card-differs"}


@pytest.mark.parametrize("key", ["version", "corpus"])
def test_a_line_end_behind_a_value_of_the_manifest_is_found(key: str, slim: Path) -> None:
    seal(slim, **{key: manifest_of(slim)[key] + "\n"})
    assert codes(slim) == {"manifest-invalid"}


def test_a_key_of_the_manifest_twice_is_found(slim: Path) -> None:
    data = (slim / MANIFEST).read_text(encoding="utf-8")
    (slim / MANIFEST).write_text(data.replace("{", '{"destination": "local",', 1), encoding="utf-8")
    write_sums(slim, manifest_of(slim))
    assert codes(slim) != set()


def test_a_release_cannot_bring_a_laxer_contract_of_its_own(slim: Path) -> None:
    contract = json.loads((slim / CONTRACT).read_bytes())
    contract["properties"]["text"]["x-class"] = "metadata"
    (slim / CONTRACT).write_text(json.dumps(contract), encoding="utf-8")
    seal(slim, schema_sha256=digest(slim / CONTRACT))
    assert codes(slim) == {"schema-differs"}


def test_findings_do_not_depend_on_how_files_are_read(slim: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (SHARD, "data/train/1921.parquet", "withheld/train/2024.parquet"):
        with_rows(slim, path, lambda table: with_value(table.take(list(reversed(range(len(table))))), "source", 0, "x"))
    with_rows(slim, "data/validation/2024.parquet", lambda table: pa.concat_tables([table, table]))
    seal(slim)
    alone = verify(slim)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_ALONE", 0.0)
    monkeypatch.setattr("pressmark.engine.local.SECONDS_STARTING", 0.0)
    with LocalEngine(2) as engine:
        assert verify(slim, run=engine.run) == alone
    assert {"row-invalid", "order-differs", "id-twice", "rows-differ"} <= {finding.code for finding in alone}
    assert len({finding.file for finding in alone}) > len(SLIM)
