"""Mutants of a good release: each is broken in one way, and says which codes fit what was done to it.

Two families. Raw mutants change files and nothing else. Forged ones change what a release says and then bring into
line, with the very code that writes releases, everything else that speaks of it: sizes, digests, counts, the files
below `rights/`, the card, manifest and sums.

What is no mutant, because nothing but the workshop, the inputs or another release can tell it from a good release:

* an article left out, put in or changed (its id within its source, words, names, dates within the period of its
  shard, rights with their decision and evidence, provenance, digests of a text that is withheld) where every number,
  digest and description was worked out again, and the group's new name falls into the same split;
* counts of what has no row (rejected, duplicate, superseded, withdrawn, embargoed), changed together with their codes
  and the number of inputs, and codes exchanged within such a class;
* the publisher's own words, everywhere they stand: title, description, authors, publisher, DOI, contact, repository,
  licence of the metadata, sentences of the card without a number, its parts, and of a publication's description what
  no row repeats;
* names (corpus, line, split), version, day and restrictions, changed everywhere, where no row's rights depend on it;
* shares changed so little that no row would change its split; where a release says that it continues others, the split
  of a row;
* the words of a publisher in the changelog, and the reason of a version;
* sizes in memory, within what Arrow leaves open: some bits a row and some bytes a column, which is a tenth or more of
  a split of few rows; another layout, compression or statistics of a file;
* which files are links to those of another release, their modes and times.
"""

# ruff: noqa: ARG005 - changes are called in one way, whatever they use
import hashlib
import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pressmark.findings import CATALOGUE
from pressmark.press import columns
from pressmark.press.card import write_card
from pressmark.press.citation import write_citation
from pressmark.press.content import content_digest, row_digests
from pressmark.press.credits import credit_jobs, credit_stage, credited
from pressmark.press.croissant import write_croissant
from pressmark.press.figures import drawn, write_figures
from pressmark.press.history import write_history
from pressmark.press.manifest import Shard, digest_of, entries_of
from pressmark.press.rights import write_rights
from pressmark.press.shown import shown_in
from pressmark.recipe import Line, Recipe, read_recipe
from support import ROOT

MANIFEST, SUMS, CARD, CROISSANT, CITATION, CONTRACT, POLICY = (
    "manifest.json",
    "SHA256SUMS",
    "README.md",
    "croissant.json",
    "CITATION.cff",
    "schema/article.schema.json",
    "schema/rights-policy.json",
)
KEPT = (
    *("data/train/1921.parquet", "data/train/2024.parquet"),
    *("data/validation/2024.parquet", "data/test/2024.parquet"),
    *("withheld/train/1931.parquet", "withheld/train/2024.parquet", "withheld/test/2024.parquet"),
)
"""Shards of the example that mutants are made from: each costs a look."""

Draw = random.Random


@dataclass(frozen=True)
class Goods:
    """Good releases: what mutants are made of, and what they take from."""

    open: Path
    vault: Path
    later: Path
    """Another version of the first, with a row less."""


Change = Callable[[Path, Draw, Goods], None]


@dataclass(frozen=True)
class Kind:
    """One way to break a release."""

    name: str
    codes: frozenset[str]
    """Codes of which one at least has to be raised."""

    change: Change


KINDS: list[Kind] = []


def breaks(*codes: str, named: str = "") -> Callable[[Change], Change]:
    """Keep a way to break a release."""
    assert set(codes) <= CATALOGUE.keys()

    def keep(change: Change) -> Change:
        KINDS.append(Kind(named or change.__name__, frozenset(codes), change))
        return change

    return keep


def mutant(seed: str, number: int) -> tuple[Kind, Draw]:
    """Return the way in which the mutant of a number is broken, and where its choices come from."""
    return KINDS[number % len(KINDS)], random.Random(f"{seed} {number}")  # noqa: S311 - the same mutants each time


def state(folder: Path) -> dict[str, str]:
    """Return all that a folder holds, to tell whether anything was changed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        data = (
            str(path.readlink()).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b"folder"
        )
        kind = "link" if path.is_symlink() else "file"
        found[path.relative_to(folder).as_posix()] = f"{kind} {hashlib.sha256(data).hexdigest()}"
    return found


# What a careful forger does afterwards


def manifest_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / MANIFEST).read_bytes()))


def seal(folder: Path, manifest: dict[str, Any] | None = None) -> None:
    """Make sizes and digests of the manifest, the card's sizes of downloads, and the sums agree with the files."""
    manifest = manifest or manifest_of(folder)
    known = {entry["path"]: entry for entry in manifest["files"]}
    downloads = Counter[str]()
    for path in shards_of(folder):
        downloads[config_of(path)] += (folder / path).stat().st_size
    text = (folder / CARD).read_text(encoding="utf-8") if (folder / CARD).is_file() else ""
    sizes = iter([downloads[config] for config in manifest["configs"]])
    text = re.sub(r"(?m)^  download_size: [0-9]+$", lambda found: f"  download_size: {next(sizes, 0)}", text)
    if text:
        (folder / CARD).write_text(text, encoding="utf-8")
    tell_digests(folder)
    manifest["files"] = [
        {
            **{key: value for key, value in known.get(path, of_shard(folder, path)).items() if key != "path"},
            "path": path,
            "bytes": (folder / path).stat().st_size,
            "sha256": digest(folder / path),
        }
        for path in sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())
        if path not in (MANIFEST, SUMS)
    ]
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    sums = {entry["path"]: entry["sha256"] for entry in manifest["files"]} | {MANIFEST: digest(folder / MANIFEST)}
    (folder / SUMS).write_bytes("".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode())


def tell_digests(folder: Path) -> None:
    """Make sizes and digests in croissant.json agree with the files of rows; all else stays as it is."""
    place = folder / CROISSANT
    if not place.is_file():
        return
    text = place.read_text(encoding="utf-8")
    for path in shards_of(folder):
        stated = (
            rf'("@id": "{re.escape(path)}",(?:\n[^\n]*){{2}}\n *"contentSize": ")[^"]*(",\n[^\n]*\n *"sha256": ")[^"]*'
        )
        true = rf"\g<1>{(folder / path).stat().st_size} B\g<2>{digest(folder / path)}"
        text = re.sub(stated, true, text)
    place.write_text(text, encoding="utf-8")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def shards_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet") if path.is_file())


def config_of(path: str) -> str:
    return "articles" if path.startswith("data/") else "withheld"


def of_shard(folder: Path, path: str) -> dict[str, Any]:
    if not path.endswith(".parquet") or path.count("/") != 2:
        return {}
    rows = pq.read_metadata(folder / path).num_rows
    return {"config": config_of(path), "split": path.split("/")[1], "rows": rows}


def recipe_and_line(folder: Path) -> tuple[Recipe, Line]:
    recipe = read_recipe(ROOT / "corpus" / "three-papers")
    return recipe, recipe.lines[manifest_of(folder)["line"]]


def retell(folder: Path, **changes: Any) -> None:
    """Work out again all that is said of the rows, and seal.

    Args:
        folder: The release.
        changes: Keys of the manifest with their new values.
    """
    manifest = {**manifest_of(folder), **changes}
    tables = {path: rows_of(folder, path) for path in shards_of(folder)}
    manifest["configs"] = configs_of(tables, list(manifest["splits"]["shares"]))
    manifest["counts"] = counts_of(tables, manifest["counts"]) if "counts" not in changes else changes["counts"]
    manifest["files"] = [entry for entry in manifest["files"] if entry["path"] not in tables]
    describe(folder, manifest, tables)


def size_of(rows: pa.Table) -> int:
    return columns.size_in_memory(columns.measures(rows))


def describe(folder: Path, manifest: dict[str, Any], tables: dict[str, pa.Table] | None = None) -> None:
    """Write card and rights files from a manifest and the rows, and seal."""
    tables = tables or {path: rows_of(folder, path) for path in shards_of(folder)}
    shards = [
        Shard(
            path,
            config,
            path.split("/")[1],
            rows.num_rows,
            columns.size_in_memory(columns.measures(rows)),
            shown_in(rows, config),
            digest_of(folder / path),
        )
        for path, rows in tables.items()
        for config in [config_of(path)]
    ]
    told = [(path, row) for path, rows in tables.items() for row in rows.to_pylist()]
    shown = [row for path, row in told if config_of(path) == "articles"]
    terms = Counter((row["rights_status"], row["license"] or "") for row in shown)
    cells = Counter((row["rights_status"], str(row.get("withheld_because", "published"))) for _, row in told)
    recipe, line = recipe_and_line(folder)
    told_line = {key: manifest[key] for key in ("destination", "profile")}
    line = replace(line, **told_line, accepts=tuple(manifest["accepts"]))
    kept = {name: (folder / name).read_bytes() for name in (CONTRACT, POLICY, ".gitattributes")}
    groups = Counter(row["group_id"] for _, row in told)
    for shard in shards:
        # Less than no character has no place in a picture.
        if below := shard.shown.lengths.pop(-1, 0):
            shard.shown.lengths[0] += below
    sizes = Counter(size for size in groups.values() if size > 1)
    figures = drawn(manifest, shards, cells, sizes)
    shutil.rmtree(folder / "figures", ignore_errors=True)
    write_figures(folder, figures)
    write_citation(folder, recipe, line, manifest, terms)
    sources = {source for rows in tables.values() for source in rows["source"].to_pylist()}
    write_croissant(folder, recipe, line, manifest, entries_of(folder, shards), shards, terms, sources)
    with TemporaryDirectory() as scratch:
        credits_ = map(credit_stage, credit_jobs(folder, shards, Path(scratch)))
        write_rights(folder, manifest, shards, cells, credited(list(credits_), Path(scratch)))
    write_history(folder, manifest, None, {"added": len(told)}, {})
    known = {**dict.fromkeys(sources, next(iter(recipe.sources.values()))), **recipe.sources}
    write_card(folder, replace(recipe, sources=known), line, manifest, shards, terms, figures, sizes)
    for name, data in kept.items():
        (folder / name).write_bytes(data)
    seal(folder, manifest)


def configs_of(tables: dict[str, pa.Table], splits: list[str]) -> dict[str, Any]:
    configs: dict[str, Any] = {}
    for config in ("articles", "withheld"):
        found: dict[str, Any] = {}
        for split in splits:
            rows = [table for path, table in tables.items() if config_of(path) == config and f"/{split}/" in path]
            if rows:
                found[split] = {
                    "rows": sum(table.num_rows for table in rows),
                    "arrow_bytes": sum(map(size_of, rows)),
                    "content_sha256": content_digest(row for table in rows for row in row_digests(table)),
                }
        if found:
            configs[config] = {"default": not configs, "splits": found}
    return configs


def counts_of(tables: dict[str, pa.Table], before: dict[str, Any]) -> dict[str, Any]:
    number = Counter(config_of(path) for path, table in tables.items() for _ in range(table.num_rows))
    reasons = Counter(
        reason
        for path, table in tables.items()
        if config_of(path) == "withheld" and "withheld_because" in table.column_names
        for reason in table["withheld_because"].to_pylist()
        if reason
    )
    kept = {
        code: count for code, count in before["by_code"].items() if CATALOGUE[code].kind.value != "withheld" and count
    }
    counts = {**before, "published": number["articles"], "withheld": number["withheld"]}
    counts["inputs"] += sum(counts[name] - before[name] for name in ("published", "withheld"))
    counts["by_code"] = dict(sorted({**kept, **{str(code): count for code, count in reasons.items()}}.items()))
    return counts


def thinned(release: Path, folder: Path, kept: Collection[str] = KEPT) -> Path:
    """Copy a release with some of its shards alone; it adds up."""
    shutil.copytree(release, folder)
    for path in shards_of(folder):
        if path not in kept:
            (folder / path).unlink()
    remove_empty(folder)
    named = {source for path in shards_of(folder) for source in rows_of(folder, path)["source"].to_pylist()}
    for described in (folder / "sources").glob("*.json"):
        if described.stem not in named:
            described.unlink()
    retell(folder)
    return folder


def goods(open_: Path, vault: Path, base: Path) -> Goods:
    """Return good releases, made from those of the example."""
    found = Goods(thinned(open_, base / "open"), thinned(vault, base / "vault"), base / "later")
    shutil.copytree(found.open, found.later)
    put(found.later, "data/train/2024.parquet", rows_of(found.later, "data/train/2024.parquet").slice(1))
    retell(found.later, version="1.0.1")
    return found


# Rows


def rows_of(folder: Path, path: str) -> pa.Table:
    return pq.ParquetFile(folder / path).read()


def put(folder: Path, path: str, table: pa.Table) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table.combine_chunks(), folder / path, write_page_checksum=True, compression="zstd")


def ordered(table: pa.Table) -> pa.Table:
    def place(row: int) -> tuple[bool, str, str]:
        moment, day = table["published_at"][row].as_py(), table["published_on"][row].as_py()
        told = f"{moment:%Y-%m-%dT%H:%M:%S.%f}" if moment else f"{day}T00:00:00.000000"
        return (moment is None and day is None, told, table["id"][row].as_py())

    return table.take(sorted(range(table.num_rows), key=place))


def without_row(table: pa.Table, row: int) -> pa.Table:
    return pa.concat_tables([table.slice(0, row), table.slice(row + 1)])


def with_values(table: pa.Table, row: int, **values: Any) -> pa.Table:
    for name, value in values.items():
        position = table.schema.get_field_index(name)
        cells = table[name].to_pylist()
        cells[row] = value
        table = table.set_column(position, table.schema.field(position), pa.array(cells, table.schema.field(name).type))
    return table


def some_shard(folder: Path, draw: Draw, config: str = "", least: int = 1) -> str:
    found = [path for path in shards_of(folder) if config in ("", config_of(path))]
    return draw.choice([path for path in found if pq.read_metadata(folder / path).num_rows >= least])


def change_row(folder: Path, draw: Draw, config: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change one row of a configuration; the row keeps its place in the file unless its time or id says otherwise."""
    path = some_shard(folder, draw, config)
    table = rows_of(folder, path)
    row = draw.randrange(table.num_rows)
    put(folder, path, ordered(with_values(table, row, **change(table.slice(row, 1).to_pylist()[0]))))


def edit_manifest(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = manifest_of(folder)
    change(manifest)
    seal(folder, manifest)


def edit_text(folder: Path, path: str, change: Callable[[str], str]) -> None:
    place = folder / path
    before = place.read_text(encoding="utf-8")
    after = change(before)
    assert after != before, "a mutant that changes nothing"
    place.write_text(after, encoding="utf-8")
    seal(folder)


def edit_json(folder: Path, path: str, change: Callable[[Any], None], *, indent: int | None = 2) -> None:
    value = json.loads((folder / path).read_bytes())
    change(value)
    keys = path.startswith("sources/")
    data = json.dumps(value, ensure_ascii=False, indent=indent, sort_keys=keys) + "\n"
    (folder / path).write_text(data, encoding="utf-8")
    seal(folder)


def edit_card(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    text = (folder / CARD).read_text(encoding="utf-8")
    _, front, body = text.split("---\n", 2)
    card = yaml.safe_load(front)
    change(card)
    front = yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=10**6)
    assert f"---\n{front}---\n{body}" != text, "a mutant that changes nothing"
    (folder / CARD).write_text(f"---\n{front}---\n{body}", encoding="utf-8")
    seal(folder)


def other_number(found: re.Match[str], draw: Draw) -> str:
    return str(int(found[0]) + draw.choice([1, 2, 10, 1000]))


def one_replaced(text: str, found: list[re.Match[str]], draw: Draw) -> str:
    """Change one of the numbers that were found."""
    chosen = draw.choice(found)
    return text[: chosen.start()] + other_number(chosen, draw) + text[chosen.end() :]


def another_day(day: date | None, draw: Draw) -> date:
    return (day or date(1999, 1, 1)) + timedelta(days=draw.choice([-3, -2, 2, 3]))


# Raw: nothing is made to agree

UNREADABLE = ("not-a-release", "manifest-invalid", "sums-differ")
BYTES = (*UNREADABLE, "file-differs")


def some_file(folder: Path, draw: Draw) -> Path:
    return draw.choice(sorted(path for path in folder.rglob("*") if path.is_file()))


@breaks(*BYTES)
def bit_flipped(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_file(folder, draw)
    data = bytearray(path.read_bytes())
    data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    path.write_bytes(data)


@breaks(*BYTES)
def bits_flipped_in_one_place(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_file(folder, draw)
    data = bytearray(path.read_bytes())
    start = draw.randrange(len(data))
    for position in range(start, min(start + 16, len(data))):
        data[position] ^= 0xFF
    path.write_bytes(data)


@breaks(*BYTES)
def file_cut(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_file(folder, draw)
    data = path.read_bytes()
    path.write_bytes(data[: draw.randrange(len(data))])


@breaks(*BYTES)
def file_grown(folder: Path, draw: Draw, goods: Goods) -> None:
    with some_file(folder, draw).open("ab") as stream:
        stream.write(draw.choice([b"\0", b"\n", b" ", b"PAR1", draw.randbytes(100)]))


@breaks(*BYTES)
def two_files_swapped(folder: Path, draw: Draw, goods: Goods) -> None:
    one, other = draw.sample(sorted(path for path in folder.rglob("*") if path.is_file()), 2)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


@breaks("file-missing", *UNREADABLE)
def file_deleted(folder: Path, draw: Draw, goods: Goods) -> None:
    some_file(folder, draw).unlink()


@breaks("file-missing", *UNREADABLE)
def file_renamed(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_file(folder, draw)
    path.rename(path.with_name(draw.choice([f"{path.name}.bak", f".{path.name}", path.name.swapcase() + "x"])))


@breaks("file-differs", *UNREADABLE)
def file_made_a_link(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_file(folder, draw)
    same = goods.open / path.relative_to(folder)
    path.unlink()
    path.symlink_to(same)


@breaks("file-missing", *UNREADABLE)
def file_made_a_folder(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_file(folder, draw)
    path.unlink()
    path.mkdir()


@breaks("file-extra")
def file_added(folder: Path, draw: Draw, goods: Goods) -> None:
    path = folder / draw.choice(["", "data", "data/train", "rights", "schema", "new", "a/b/c"])
    path.mkdir(parents=True, exist_ok=True)
    name = draw.choice([".DS_Store", "notes.txt", "2031.parquet", "x", "README.md~"])
    (path / name).write_bytes(draw.randbytes(draw.choice([0, 10])))


@breaks("file-extra")
def link_added(folder: Path, draw: Draw, goods: Goods) -> None:
    (folder / draw.choice(["", "data", "rights"]) / "more").symlink_to(draw.choice(["nowhere", str(folder / "data")]))


@breaks("folder-extra")
def empty_folder_added(folder: Path, draw: Draw, goods: Goods) -> None:
    (folder / draw.choice(["new", "data/new", ".git", "a/b", "data/train/2024", "figures/new"])).mkdir(parents=True)


@breaks(*BYTES)
def file_of_another_version(folder: Path, draw: Draw, goods: Goods) -> None:
    other_file(folder, goods.later, draw)


@breaks(*BYTES)
def file_of_another_line(folder: Path, draw: Draw, goods: Goods) -> None:
    other_file(folder, goods.vault, draw)


def other_file(folder: Path, other: Path, draw: Draw) -> None:
    names = sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    differing = [name for name in names if (folder / name).is_file() and digest(folder / name) != digest(other / name)]
    name = draw.choice(differing)
    shutil.copy(other / name, folder / name)


@breaks("file-differs", "file-missing")
def manifest_and_sums_of_another(folder: Path, draw: Draw, goods: Goods) -> None:
    other = draw.choice([goods.later, goods.vault])
    for name in (MANIFEST, SUMS):
        shutil.copy(other / name, folder / name)


# Forged: bytes and sums agree, the digests of the content were forgotten


@breaks("rows-differ", "content-differs")
def row_dropped(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw, least=2)
    table = rows_of(folder, path)
    gone = draw.randrange(table.num_rows)
    put(folder, path, without_row(table, gone))
    seal(folder)


@breaks("content-differs")
def row_exchanged_for_that_of_another_release(folder: Path, draw: Draw, goods: Goods) -> None:
    shutil.copy(goods.later / "data/train/2024.parquet", folder / "data/train/2024.parquet")
    seal(folder, {**manifest_of(folder), "files": manifest_of(goods.later)["files"]})


ARTICLE_COLUMNS = tuple(json.loads((ROOT / CONTRACT).read_bytes())["properties"])


def other_value(value: Any, kind: pa.DataType, draw: Draw) -> Any:  # noqa: PLR0911 - one for each type
    """Return another value of the same type."""
    if pa.types.is_struct(kind):
        value = value or {}
        field = draw.choice([each for each in kind if not pa.types.is_nested(each.type)])
        return {**value, field.name: other_value(value.get(field.name), field.type, draw)}
    if pa.types.is_list(kind):
        return [*(value or []), other_value(None, kind.value_type, draw)]
    if pa.types.is_date(kind):
        return another_day(value, draw)
    if pa.types.is_timestamp(kind):
        return value + timedelta(seconds=draw.choice([-1, 1])) if value else pa.scalar(10**15, kind).as_py()
    if pa.types.is_integer(kind):
        return (value or 0) + draw.choice([1, 2, 100])
    if pa.types.is_boolean(kind):
        return not value
    return f"{value or ''}{draw.choice('xyz')}"


def cell_changed(config: str, column: str) -> Change:
    def change(folder: Path, draw: Draw, goods: Goods) -> None:
        path = some_shard(folder, draw, config)
        table = rows_of(folder, path)
        row = draw.randrange(table.num_rows)
        value = other_value(table[column][row].as_py(), table.schema.field(column).type, draw)
        put(folder, path, with_values(table, row, **{column: value}))
        seal(folder)

    return change


for _column in ARTICLE_COLUMNS:
    if _column != "withheld_because":
        breaks("content-differs", named=f"cell_of_articles_{_column}")(cell_changed("articles", _column))
    if _column not in ("text", "captions", "subtitles"):
        breaks("content-differs", named=f"cell_of_withheld_{_column}")(cell_changed("withheld", _column))


# Forged: everything agrees


def row_change(*codes: str, named: str, config: str, change: Callable[[dict[str, Any], Draw], dict[str, Any]]) -> None:
    def whole(folder: Path, draw: Draw, goods: Goods) -> None:
        change_row(folder, draw, config, lambda row: change(row, draw))
        retell(folder)

    breaks(*codes, named=named)(whole)


def rights(row: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"rights": {**row["rights"], **values}}


def other_split_group(row: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Return a group that falls into another split."""
    while True:
        group = f"{draw.getrandbits(64):016x}"
        if third_of(group) != third_of(row["group_id"]):
            return {"group_id": group}


def third_of(group: str) -> int:
    point = int(hashlib.sha256(f"three-papers\0{group}".encode()).hexdigest()[:16], 16) / 2**64
    return (point >= 0.8) + (point >= 0.9)


for _config in ("articles", "withheld"):
    for _name, _codes, _change in (
        ("id_of_another_source", ["row-invalid"], lambda row, draw: {"id": "x" + row["id"]}),
        ("id_that_is_none", ["row-invalid"], lambda row, draw: {"id": row["id"] + " "}),
        ("source_alone", ["row-invalid"], lambda row, draw: {"source": row["source"] + "x"}),
        ("publisher", ["described-differs"], lambda row, draw: {"publisher": (row["publisher"] or "") + "x"}),
        ("edition", ["described-differs"], lambda row, draw: {"edition": "Another edition"}),
        ("publisher_gone", ["described-differs"], lambda row, draw: {"publisher": None}),
        ("language", ["row-invalid"], lambda row, draw: {"language": "Korean"}),
        ("script", ["row-invalid"], lambda row, draw: {"script": "kore"}),
        ("source_language", ["row-invalid"], lambda row, draw: {"source_language": ""}),
        ("derivation", ["row-invalid"], lambda row, draw: {"derivation": "copy"}),
        ("section", ["row-invalid"], lambda row, draw: {"section": ["x" * 61]}),
        ("url", ["row-invalid"], lambda row, draw: {"url": "ftp://lanhe.example/1"}),
        (
            "year",
            ["shard-misnamed"],
            lambda row, draw: {"published_on": date(draw.choice([1900, 2025]), 5, 5), "published_precision": "day"},
        ),
        (
            "undated",
            ["shard-misnamed"],
            lambda row, draw: {"published_on": None, "published_at": None, "published_precision": None},
        ),
        ("precision_gone", ["row-invalid"], lambda row, draw: {"published_precision": None}),
        ("precision", ["row-invalid"], lambda row, draw: {"published_precision": "hour"}),
        ("status", ["row-invalid", "file-unreadable"], lambda row, draw: {"rights_status": "free"}),
        ("text_sha256", ["row-invalid", "content-differs"], lambda row, draw: {"text_sha256": "0" * 63}),
        ("letters_sha256", ["row-invalid", "content-differs"], lambda row, draw: {"letters_sha256": "f" * 65}),
        ("characters", ["row-invalid", "content-differs"], lambda row, draw: {"characters": -draw.randrange(9)}),
        ("group", ["split-differs", "group-straddles"], other_split_group),
        ("group_gone", ["row-invalid"], lambda row, draw: {"group_id": None}),
        ("added_later", ["row-invalid"], lambda row, draw: {"added_in": 2, "changed_in": 2}),
        ("changed_later", ["row-invalid"], lambda row, draw: {"changed_in": 2}),
        ("added_never", ["row-invalid"], lambda row, draw: {"added_in": 0}),
        ("added_unknown", ["row-invalid"], lambda row, draw: {"added_in": None}),
        (
            "extractor",
            ["described-differs"],
            lambda row, draw: {"provenance": {**row["provenance"], "extractor": "html/1"}},
        ),
        (
            "capture",
            ["row-invalid"],
            lambda row, draw: {"provenance": {**row["provenance"], "capture_sha256": "none"}},
        ),
    ):
        row_change(*_codes, named=f"{_config}_{_name}", config=_config, change=_change)

for _name, _change in (
    ("expired", lambda row, draw: rights(row, expires=date(2026, 1, 30))),
    ("undecided", lambda row, draw: rights(row, decided_on=None)),
    ("decided_tomorrow", lambda row, draw: rights(row, decided_on=date(2026, 2, 1))),
    ("decided_by_rule", lambda row, draw: rights(row, decided_as="rule")),
    ("not_covered", lambda row, draw: rights(row, covers=["headline"])),
    ("narrower", lambda row, draw: rights(row, visibility=draw.choice(["gated", "private", "local"]))),
    ("territories", lambda row, draw: rights(row, territories=["KR"])),
    ("purposes", lambda row, draw: rights(row, purposes=["research"])),
    ("privacy", lambda row, draw: rights(row, privacy=[draw.choice(["minor", "victim", "court_anonymity"])])),
    ("embargo", lambda row, draw: rights(row, embargoed_until=date(2026, 2, 1))),
    (
        "closed_status",
        lambda row, draw: {"rights_status": draw.choice(["all_rights_reserved", "unknown", "orphan", "conflict"])},
    ),
    ("licence_not_open", lambda row, draw: {"rights_status": "open_license", "license": "CC-BY-NC-4.0"}),
    ("licence_gone", lambda row, draw: {"rights_status": "open_license", "license": None}),
    (
        "nobody_credited",
        lambda row, draw: {"rights_status": "open_license", "license": "CC-BY-4.0", "attribution": None},
    ),
):
    row_change("rights-differ", named=f"shown_{_name}", config="articles", change=_change)

for _name, _codes, _change in (
    ("headline", ["rights-differ"], lambda row, draw: {"title": "A headline"}),
    ("names", ["rights-differ"], lambda row, draw: {"contributors": [{"role": "aut", "name": "Oda"}]}),
    ("attribution", ["rights-differ"], lambda row, draw: {"attribution": "Somebody"}),
    ("other_reason", ["reasons-differ"], lambda row, draw: {"withheld_because": draw.choice(["privacy", "embargoed"])}),
    ("reason_of_another_class", ["reasons-differ"], lambda row, draw: {"withheld_because": "exact-copy"}),
    ("no_reason", ["reasons-differ"], lambda row, draw: {"withheld_because": None}),
):
    row_change(*_codes, named=f"withheld_with_{_name}", config="withheld", change=_change)


def text_change(folder: Path, draw: Draw, *computed: str) -> None:
    def changed(row: dict[str, Any]) -> dict[str, Any]:
        text = row["text"] + draw.choice(["!", "more", " 더"])
        values = {"text_sha256": hashlib.sha256(text.encode()).hexdigest(), "characters": len(text)}
        values["letters_sha256"] = row["letters_sha256"][::-1]
        return {"text": text, **{name: values[name] for name in computed}}

    change_row(folder, draw, "articles", changed)
    retell(folder)


@breaks("content-differs")
def text_alone(folder: Path, draw: Draw, goods: Goods) -> None:
    text_change(folder, draw)


@breaks("content-differs")
def text_and_its_digest(folder: Path, draw: Draw, goods: Goods) -> None:
    text_change(folder, draw, "text_sha256")


@breaks("content-differs")
def text_and_all_but_its_letters(folder: Path, draw: Draw, goods: Goods) -> None:
    text_change(folder, draw, "text_sha256", "characters", "letters_sha256")


@breaks("content-differs")
def length_of_a_text(folder: Path, draw: Draw, goods: Goods) -> None:
    change_row(folder, draw, "articles", lambda row: {"characters": row["characters"] + draw.choice([-1, 1])})
    retell(folder)


@breaks("id-twice")
def row_doubled(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw)
    table = rows_of(folder, path)
    row = draw.randrange(table.num_rows)
    put(folder, path, table.take([*range(row + 1), *range(row, table.num_rows)]))
    retell(folder)


@breaks("text-twice")
def row_doubled_under_another_id(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw)
    table = rows_of(folder, path)
    row = table.slice(draw.randrange(table.num_rows), 1)
    put(folder, path, ordered(pa.concat_tables([table, with_values(row, 0, id=row["id"][0].as_py() + "0")])))
    retell(folder)


@breaks("id-twice", "row-invalid")
def id_of_another_row(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw, least=2)
    table = rows_of(folder, path)
    one, other = draw.sample(range(table.num_rows), 2)
    put(folder, path, ordered(with_values(table, one, id=table["id"][other].as_py())))
    retell(folder)


@breaks("shard-misnamed")
def rows_swapped_between_shards(folder: Path, draw: Draw, goods: Goods) -> None:
    one, other = draw.choice(
        [
            ("data/train/1921.parquet", "data/train/2024.parquet"),
            ("withheld/train/1931.parquet", "withheld/train/2024.parquet"),
        ]
    )
    tables = {path: rows_of(folder, path) for path in (one, other)}
    taken = {path: draw.randrange(table.num_rows) for path, table in tables.items()}
    for path, source in ((one, other), (other, one)):
        kept = without_row(tables[path], taken[path])
        put(folder, path, ordered(pa.concat_tables([kept, tables[source].slice(taken[source], 1)])))
    retell(folder)


@breaks("split-differs")
def row_moved_to_another_split(folder: Path, draw: Draw, goods: Goods) -> None:
    year = draw.choice(["data/{}/2024.parquet", "withheld/{}/2024.parquet"])
    there = [split for split in ("train", "validation", "test") if (folder / year.format(split)).is_file()]
    source, target = (year.format(split) for split in draw.sample(there, 2))
    table = rows_of(folder, source)
    row = draw.randrange(table.num_rows)
    put(folder, target, ordered(pa.concat_tables([rows_of(folder, target), table.slice(row, 1)])))
    if table.num_rows == 1:
        (folder / source).unlink()
    else:
        put(folder, source, without_row(table, row))
    remove_empty(folder)
    retell(folder)


def remove_empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


@breaks("split-differs", "group-straddles")
def shard_moved_to_another_split(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw)
    folder_, split, name = path.split("/")
    other = draw.choice([each for each in ("train", "validation", "test") if each != split])
    (folder / folder_ / other).mkdir(exist_ok=True)
    target = folder / folder_ / other / name
    if target.is_file():
        put(
            folder,
            target.relative_to(folder).as_posix(),
            ordered(pa.concat_tables([rows_of(folder, path), rows_of(folder, target.relative_to(folder).as_posix())])),
        )
        (folder / path).unlink()
    else:
        (folder / path).rename(target)
    remove_empty(folder)
    retell(folder)


@breaks("order-differs")
def order_changed(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw, least=2)
    rows = list(range(rows_of(folder, path).num_rows))
    one, other = draw.sample(rows, 2)
    rows[one], rows[other] = rows[other], rows[one]
    put(folder, path, rows_of(folder, path).take(draw.choice([rows, [*reversed(range(len(rows)))]])))
    retell(folder)


@breaks("shard-misnamed")
def shard_renamed(folder: Path, draw: Draw, goods: Goods) -> None:
    path = folder / some_shard(folder, draw)
    year = path.stem
    names = ["2031", "1066", "undated", "all", f"{year}-13", f"{year}-x", f"{year}0", f"yupo-{year}", f"{year}-0110"]
    path.rename(path.with_name(f"{draw.choice([name for name in names if name != year])}.parquet"))
    retell(folder)


@breaks("shard-misnamed")
def shard_cut_in_two(folder: Path, draw: Draw, goods: Goods) -> None:
    path = folder / "data/train/2024.parquet"
    table = rows_of(folder, "data/train/2024.parquet")
    put(folder, "data/train/2024.parquet", table.slice(3))
    put(folder, f"data/train/2024-{draw.choice(['0', '1', '01', '2', 'b'])}.parquet", table.slice(0, 3))
    assert path.is_file()
    retell(folder)


@breaks("rows-differ")
def shard_of_no_rows(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw)
    put(folder, str(Path(path).with_name("2031.parquet")), rows_of(folder, path).slice(0, 0))
    retell(folder)


@breaks("shard-misnamed")
def shard_in_a_folder_of_its_own(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw)
    entry = next(entry for entry in manifest_of(folder)["files"] if entry["path"] == path)
    target = draw.choice([f"data/more/{Path(path).name}", f"withheld/more/{Path(path).name}"])
    (folder / target).parent.mkdir(exist_ok=True)
    (folder / path).rename(folder / target)
    remove_empty(folder)
    manifest = manifest_of(folder)
    manifest["files"] = [{**entry, "path": target} if each["path"] == path else each for each in manifest["files"]]
    manifest["files"].sort(key=lambda each: str(each["path"]))
    text = (folder / CARD).read_text(encoding="utf-8")
    (folder / CARD).write_text(text.replace(path, target), encoding="utf-8")
    seal(folder, manifest)


@breaks("rights-differ")
def withheld_row_opened(folder: Path, draw: Draw, goods: Goods) -> None:
    source, target = "withheld/train/2024.parquet", "data/train/2024.parquet"
    closed = rows_of(folder, source)
    row = draw.randrange(closed.num_rows)
    whole = rows_of(goods.vault, target)
    place = whole["id"].to_pylist().index(closed["id"][row].as_py())
    put(folder, source, without_row(closed, row))
    put(folder, target, ordered(pa.concat_tables([rows_of(folder, target), whole.slice(place, 1)])))
    retell(folder)


@breaks("schema-differs")
def withheld_shard_with_texts(folder: Path, draw: Draw, goods: Goods) -> None:
    path = "withheld/train/2024.parquet"
    put(folder, path, rows_of(goods.vault, "data/train/2024.parquet"))
    seal(folder)


@breaks("row-invalid", "rows-differ", "schema-differs", "file-unreadable", "content-differs", "split-differs")
def shard_given_to_another_configuration(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw)

    def change(manifest: dict[str, Any]) -> None:
        entry = next(entry for entry in manifest["files"] if entry["path"] == path)
        entry["config"] = {"articles": "withheld", "withheld": "articles"}[entry["config"]]

    edit_manifest(folder, change)


# Columns


def column_change(named: str, change: Callable[[pa.Table, Draw], pa.Table]) -> None:
    def whole(folder: Path, draw: Draw, goods: Goods) -> None:
        path = some_shard(folder, draw)
        put(folder, path, change(rows_of(folder, path), draw))
        seal(folder)

    breaks("schema-differs", named=named)(whole)


def retyped(table: pa.Table, draw: Draw) -> pa.Table:
    name, kind = draw.choice(
        [
            ("published_on", pa.string()),
            ("published_at", pa.timestamp("ms", "UTC")),
            ("characters", pa.int64()),
            ("title", pa.large_string()),
            ("source", pa.dictionary(pa.int32(), pa.string())),
        ]
    )
    position = table.schema.get_field_index(name)
    return table.set_column(position, pa.field(name, kind, table.schema.field(name).nullable), table[name].cast(kind))


def loosened(table: pa.Table, draw: Draw) -> pa.Table:
    name = draw.choice(["id", "source", "language", "rights_status", "text_sha256"])
    return table.set_column(table.schema.get_field_index(name), pa.field(name, pa.string()), table[name])


column_change("column_dropped", lambda table, draw: table.drop_columns([draw.choice(table.column_names)]))
column_change("column_added", lambda table, draw: table.append_column("mood", pa.nulls(table.num_rows, pa.string())))
column_change("column_doubled", lambda table, draw: table.append_column(table.schema.field("title"), table["title"]))
column_change(
    "column_renamed",
    lambda table, draw: table.rename_columns(
        {(name := draw.choice(table.column_names)): draw.choice([name.upper(), f"{name}_", f" {name}"])}
    ),
)
column_change("columns_reordered", lambda table, draw: table.select([*table.column_names[1:], table.column_names[0]]))
column_change("column_retyped", retyped)
column_change("column_loosened", loosened)


# What a Parquet file says of itself


def metadata_change(named: str, change: Callable[[dict[bytes, bytes], Draw], None]) -> None:
    def whole(folder: Path, draw: Draw, goods: Goods) -> None:
        path = some_shard(folder, draw)
        table = rows_of(folder, path)
        metadata = dict(pq.ParquetFile(goods.open / path).schema_arrow.metadata)
        change(metadata, draw)
        put(folder, path, table.replace_schema_metadata(metadata))
        seal(folder)

    breaks("metadata-differs", named=named)(whole)


metadata_change("metadata_of_another_corpus", lambda found, draw: found.update({b"pressmark.corpus": b"four-papers"}))
metadata_change(
    "metadata_of_another_contract", lambda found, draw: found.update({b"pressmark.schema_sha256": b"0" * 64})
)
metadata_change("metadata_added", lambda found, draw: found.update({b"note": b"words of a text"}))
metadata_change(
    "metadata_with_other_features",
    lambda found, draw: found.update({b"huggingface": found[b"huggingface"].replace(b"int32", b"int64", 1)}),
)


@breaks("metadata-differs")
def metadata_of_a_column(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw)
    table = rows_of(folder, path)
    name = draw.choice(["title", "url", "source"])
    position = table.schema.get_field_index(name)
    field = table.schema.field(name).with_metadata({"note": "words of a text"})
    put(folder, path, table.set_column(position, field, table[name]))
    seal(folder)


@breaks("metadata-differs")
def another_pyarrow(folder: Path, draw: Draw, goods: Goods) -> None:
    written = manifest_of(folder)["written_by"]
    edit_manifest(folder, lambda manifest: manifest.update(written_by={**written, "pyarrow": "25.0.0"}))


# Counts


def recount(folder: Path, counts: dict[str, Any]) -> None:
    """Change the counts and all that repeats them."""
    describe(folder, {**manifest_of(folder), "counts": counts})


CLASSES = ("published", "withheld", "embargoed", "duplicate", "superseded", "withdrawn", "rejected")


def class_changed(name: str, *, inputs: bool) -> Change:
    def change(folder: Path, draw: Draw, goods: Goods) -> None:
        counts = manifest_of(folder)["counts"]
        step = draw.choice([1, 2, 50])
        counts[name] += step
        counts["inputs"] += step if inputs else 0
        recount(folder, counts)

    return change


for _name in CLASSES:
    breaks("counts-open", named=f"count_of_{_name}")(class_changed(_name, inputs=False))
    breaks("rows-differ", "reasons-differ", named=f"count_of_{_name}_and_inputs")(class_changed(_name, inputs=True))


@breaks("counts-open")
def count_of_inputs(folder: Path, draw: Draw, goods: Goods) -> None:
    counts = manifest_of(folder)["counts"]
    recount(folder, {**counts, "inputs": counts["inputs"] + draw.choice([-1, 1, 10])})


@breaks("rows-differ", "reasons-differ")
def count_moved_to_another_class(folder: Path, draw: Draw, goods: Goods) -> None:
    counts = manifest_of(folder)["counts"]
    one = draw.choice([name for name in CLASSES if counts[name]])
    other = draw.choice([name for name in CLASSES if name != one])
    recount(folder, {**counts, one: counts[one] - 1, other: counts[other] + 1})


@breaks("reasons-differ")
def count_of_a_code(folder: Path, draw: Draw, goods: Goods) -> None:
    counts = manifest_of(folder)["counts"]
    code = draw.choice(sorted(counts["by_code"]))
    counts["by_code"][code] += draw.choice([1, -1, 5])
    recount(folder, counts)


@breaks("reasons-differ")
def counts_of_two_codes(folder: Path, draw: Draw, goods: Goods) -> None:
    counts = manifest_of(folder)["counts"]
    # Within a class without rows nothing can tell.
    codes = [code for code in counts["by_code"] if CATALOGUE[code].kind.value == "withheld"]
    one, other = draw.choice(codes), draw.choice(["rejected", "withheld"])
    others = [code for code in counts["by_code"] if CATALOGUE[code].kind.value == other and code != one]
    counts["by_code"][one] += 1
    counts["by_code"][draw.choice(others)] -= 1
    recount(folder, counts)


@breaks("reasons-differ")
def code_of_another_class(folder: Path, draw: Draw, goods: Goods) -> None:
    counts = manifest_of(folder)["counts"]
    old = draw.choice(sorted(counts["by_code"]))
    kinds = {"withheld", "rejected", "set aside"} - {CATALOGUE[old].kind.value}
    new = draw.choice([code for code in CATALOGUE if CATALOGUE[code].kind.value in kinds])
    by_code = Counter(counts["by_code"])
    by_code[new] += by_code.pop(old)
    recount(folder, {**counts, "by_code": dict(sorted(by_code.items()))})


@breaks("reasons-differ", "card-differs")
def code_that_is_none(folder: Path, draw: Draw, goods: Goods) -> None:
    def change(manifest: dict[str, Any]) -> None:
        codes = manifest["counts"]["by_code"]
        codes[draw.choice(["bad-weather", "note", "not-a-release", "leak"])] = codes.pop(draw.choice(sorted(codes)))

    edit_manifest(folder, change)


@breaks("reasons-differ")
def code_that_nothing_has(folder: Path, draw: Draw, goods: Goods) -> None:
    counts = manifest_of(folder)["counts"]
    counts["by_code"] = dict(sorted({**counts["by_code"], draw.choice(["too-large", "privacy"]): 0}.items()))
    recount(folder, counts)


# The manifest


@breaks("content-differs")
def content_digest_changed(folder: Path, draw: Draw, goods: Goods) -> None:
    def change(manifest: dict[str, Any]) -> None:
        some_part(manifest, draw)["content_sha256"] = f"{draw.getrandbits(256):064x}"

    edit_manifest(folder, change)


def some_part(manifest: dict[str, Any], draw: Draw) -> dict[str, Any]:
    splits = manifest["configs"][draw.choice(sorted(manifest["configs"]))]["splits"]
    return dict.__getitem__(splits, draw.choice(sorted(splits)))


@breaks("size-differs")
def size_in_memory(folder: Path, draw: Draw, goods: Goods) -> None:
    manifest = manifest_of(folder)
    part = some_part(manifest, draw)
    part["arrow_bytes"] = int(part["arrow_bytes"] * draw.choice([0, 0.5, 2, 3, 1000]))
    describe(folder, manifest)


@breaks("rows-differ")
def rows_of_a_split(folder: Path, draw: Draw, goods: Goods) -> None:
    manifest = manifest_of(folder)
    part = some_part(manifest, draw)
    part["rows"] += draw.choice([1, 2])
    describe(folder, manifest)


@breaks("rows-differ")
def rows_of_a_file(folder: Path, draw: Draw, goods: Goods) -> None:
    path = some_shard(folder, draw)

    def change(manifest: dict[str, Any]) -> None:
        next(entry for entry in manifest["files"] if entry["path"] == path)["rows"] += draw.choice([1, 7])

    edit_manifest(folder, change)


@breaks("rows-differ", "splits-differ", "manifest-invalid")
def split_that_is_not_listed(folder: Path, draw: Draw, goods: Goods) -> None:
    manifest = manifest_of(folder)
    splits = manifest["configs"][draw.choice(sorted(manifest["configs"]))]["splits"]
    splits.pop(draw.choice(sorted(splits)))
    describe(folder, manifest)


@breaks("rows-differ", "manifest-invalid", "splits-differ")
def configuration_that_is_not_listed(folder: Path, draw: Draw, goods: Goods) -> None:
    manifest = manifest_of(folder)
    manifest["configs"].pop(draw.choice(sorted(manifest["configs"])))
    describe(folder, manifest)


@breaks("splits-differ")
def another_default(folder: Path, draw: Draw, goods: Goods) -> None:
    manifest = manifest_of(folder)
    one, other = draw.choice([(False, True), (True, True), (False, False)])
    manifest["configs"]["articles"]["default"], manifest["configs"]["withheld"]["default"] = one, other
    describe(folder, manifest)


@breaks("splits-differ")
def splits_in_another_order(folder: Path, draw: Draw, goods: Goods) -> None:
    manifest = manifest_of(folder)
    found = manifest["configs"]["articles"]
    found["splits"] = dict(reversed(found["splits"].items()))
    describe(folder, manifest)


@breaks("splits-differ")
def configurations_in_another_order(folder: Path, draw: Draw, goods: Goods) -> None:
    manifest = manifest_of(folder)
    describe(folder, {**manifest, "configs": dict(reversed(manifest["configs"].items()))})


def shares_changed(*codes: str, named: str, shares: list[dict[str, str]]) -> None:
    def change(folder: Path, draw: Draw, goods: Goods) -> None:
        edit_manifest(folder, lambda manifest: manifest["splits"].update(shares=draw.choice(shares)))

    breaks(*codes, named=named)(change)


shares_changed(
    "splits-differ",
    named="shares_that_are_none",
    shares=[
        {"train": "4/5", "validation": "1/10", "test": "1/5"},
        {"train": "8/10", "validation": "1/10", "test": "1/10"},
        {"train": "4/5", "validation": "1/10", "test": "1/0"},
        {"train": "9/10", "validation": "1/10"},
        {"train": "1"},
        {},
    ],
)
shares_changed(
    "split-differs",
    named="other_shares",
    shares=[
        {"train": "1/10", "validation": "4/5", "test": "1/10"},
        {"train": "1/3", "validation": "1/3", "test": "1/3"},
        {"train": "1/2", "validation": "1/4", "test": "1/4"},
    ],
)
shares_changed(
    "splits-differ",
    "split-differs",
    named="shares_in_another_order",
    shares=[{"test": "1/10", "train": "4/5", "validation": "1/10"}],
)


@breaks("splits-differ")
def another_salt(folder: Path, draw: Draw, goods: Goods) -> None:
    edit_manifest(folder, lambda manifest: manifest["splits"].update(salt=draw.choice(["x", "three-papers "])))


def manifest_key(key: str, values: list[Any], *codes: str) -> None:
    def change(folder: Path, draw: Draw, goods: Goods) -> None:
        edit_manifest(folder, lambda manifest: manifest.update({key: draw.choice(values)}))

    breaks(*codes, named=f"manifest_{key}")(change)


manifest_key("format", [0, 2, "1"], "manifest-invalid")
manifest_key("corpus", ["four-papers", "x"], "splits-differ", "metadata-differs")
manifest_key("line", ["vault", "other"], "described-differs")
manifest_key("version", ["1.0.1", "0.9.0", "2.0.0"], "described-differs")
manifest_key("as_of", ["2026-02-01", "2027-01-31", "2025-12-31"], "described-differs", "reasons-differ")
manifest_key("release", [0, -1], "manifest-invalid")
manifest_key("profile", ["metadata"], "rights-differ")
manifest_key("accepts", [["noncommercial"], ["noderivatives"]], "described-differs")
manifest_key("schema_sha256", ["0" * 64, "f" * 64], "schema-differs")
manifest_key("policy_sha256", ["0" * 64, "f" * 64], "schema-differs")
manifest_key("configs", [{}], "splits-differ", "rows-differ")
manifest_key("note", ["hello"], "manifest-invalid")


@breaks("rights-differ")
def day_before_the_decisions(folder: Path, draw: Draw, goods: Goods) -> None:
    retell(folder, as_of=draw.choice(["1999-12-31", "2010-05-05"]))


@breaks("rights-differ", "reasons-differ")
def profile_made_narrower_everywhere(folder: Path, draw: Draw, goods: Goods) -> None:
    retell(folder, profile="metadata")


@breaks("reasons-differ")
def destination_made_the_owners(folder: Path, draw: Draw, goods: Goods) -> None:
    retell(folder, destination="local")


@breaks("rights-differ")
def destination_made_wider(folder: Path, draw: Draw, goods: Goods) -> None:
    shutil.rmtree(folder)
    shutil.copytree(goods.vault, folder)
    retell(folder, destination=draw.choice(["public", "gated", "private"]))


@breaks("version-unknown")
def another_pressmark(folder: Path, draw: Draw, goods: Goods) -> None:
    version = draw.choice(["0.0.9", "9.9.9", "0.1.0 ", "x"])
    written = manifest_of(folder)["written_by"]
    edit_manifest(folder, lambda manifest: manifest.update(written_by={**written, "pressmark": version}))


def rules_change(path: str, key: str, *, other_version: bool) -> Change:
    def change(folder: Path, draw: Draw, goods: Goods) -> None:
        text = (folder / path).read_text(encoding="utf-8")
        laxer = {
            CONTRACT: text.replace('"x-class": "text"', '"x-class": "metadata"', 1),
            POLICY: text.replace('"public": {}', '"public": { "text": [] }', 1),
        }
        assert laxer[path] != text
        (folder / path).write_text(draw.choice([laxer[path], laxer[path] + " ", "{}"]), encoding="utf-8")
        manifest = manifest_of(folder)
        manifest[key] = digest(folder / path)
        if other_version:
            manifest["written_by"]["pressmark"] = draw.choice(["0.0.9", "1.0.0"])
        seal(folder, manifest)

    return change


for _path, _key in ((CONTRACT, "schema_sha256"), (POLICY, "policy_sha256")):
    breaks("schema-differs", named=f"laxer_{_key}")(rules_change(_path, _key, other_version=False))
    breaks("version-unknown", named=f"laxer_{_key}_of_another_version")(rules_change(_path, _key, other_version=True))


# Files that come or go, and are listed as if they belonged

ALWAYS = (
    *(".gitattributes", "CHANGELOG.md", "LICENSE.md", CARD, "rights/attribution.jsonl", "rights/domains.jsonl"),
    *("rights/licenses.jsonl", "rights/notices.jsonl", "rights/report.json", CONTRACT, POLICY),
)


@breaks("file-missing", "schema-differs")
def file_left_out(folder: Path, draw: Draw, goods: Goods) -> None:
    (folder / draw.choice(ALWAYS)).unlink()
    remove_empty(folder)
    seal(folder)


@breaks("file-extra", "rows-differ")
def file_listed_too_many(folder: Path, draw: Draw, goods: Goods) -> None:
    path = folder / draw.choice(
        ["texts.txt", "data/notes.txt", "rights/more.jsonl", "schema/x.json", ".env", "x.parquet"]
    )
    path.write_bytes(b"hello" if path.suffix != ".parquet" else (folder / "data/train/2024.parquet").read_bytes())
    seal(folder)


# The card


def card_change(*codes: str, named: str, change: Callable[[dict[str, Any], Draw], Any]) -> None:
    def whole(folder: Path, draw: Draw, goods: Goods) -> None:
        edit_card(folder, lambda card: change(card, draw))

    breaks(*codes, named=f"card_{named}")(whole)


def some_numbers(card: dict[str, Any], draw: Draw, key: str) -> None:
    each = draw.choice(card["dataset_info"])
    (each if key in each else draw.choice(each["splits"]))[key] += draw.choice([1, -1, 1000])


for _key in ("download_size", "dataset_size", "num_bytes", "num_examples"):
    if _key != "download_size":
        card_change("card-differs", named=_key, change=lambda card, draw, key=_key: some_numbers(card, draw, key))  # type: ignore[misc]

card_change(
    "rights-differ",
    named="claims_a_licence",
    change=lambda card, draw: card.update(license=draw.choice(["cc0-1.0", "cc-by-4.0", "mit", "public-domain"])),
)
card_change(
    "rights-differ",
    named="licence_name",
    change=lambda card, draw: card.update(license_name=draw.choice(["cc0", "free"])),
)
card_change("rights-differ", named="licence_gone", change=lambda card, draw: card.pop("license"))
card_change("rights-differ", named="licence_link", change=lambda card, draw: card.update(license_link="README.md"))
card_change("card-differs", named="pretty_name", change=lambda card, draw: card.update(pretty_name="Four papers"))
card_change("card-differs", named="language", change=lambda card, draw: card["language"].append("ja"))
card_change("card-differs", named="size", change=lambda card, draw: card.update(size_categories=["1K<n<10K"]))
card_change("card-differs", named="tags", change=lambda card, draw: card["tags"].append("free"))
card_change("card-differs", named="key", change=lambda card, draw: card.update(extra_gated_prompt="hello"))
card_change("card-differs", named="key_gone", change=lambda card, draw: card.pop(draw.choice(sorted(card)[:2])))
card_change("card-differs", named="default", change=lambda card, draw: card["configs"][0].pop("default"))
card_change("card-differs", named="split_gone", change=lambda card, draw: card["configs"][0]["data_files"].pop())
card_change(
    "card-differs",
    named="file_gone",
    change=lambda card, draw: draw.choice(card["configs"])["data_files"][0]["path"].pop(),
)
card_change(
    "card-differs",
    named="pattern",
    change=lambda card, draw: card["configs"][0]["data_files"][0].update(path="data/train/*.parquet"),
)
card_change(
    "card-differs",
    named="type_of_a_column",
    change=lambda card, draw: card["dataset_info"][0]["features"][0].update(dtype="int64"),
)
card_change(
    "card-differs", named="column_gone", change=lambda card, draw: draw.choice(card["dataset_info"])["features"].pop()
)
card_change("card-differs", named="configuration_gone", change=lambda card, draw: card["dataset_info"].pop())


def body_change(named: str, change: Callable[[str, Draw], str]) -> None:
    def whole(folder: Path, draw: Draw, goods: Goods) -> None:
        def changed(text: str) -> str:
            opening, front, body = text.split("---\n", 2)
            return "---\n".join([opening, front, change(body, draw)])

        edit_text(folder, CARD, changed)

    breaks("card-differs", named=f"card_body_{named}")(whole)


def numbers_of_a_line(pattern: str) -> Callable[[str, Draw], str]:
    def change(text: str, draw: Draw) -> str:
        line = draw.choice([*re.finditer(f"(?m)^.*{pattern}.*$", text)])
        new = one_replaced(line[0], [*re.finditer("[0-9]+", line[0])], draw)
        return text[: line.start()] + new + text[line.end() :]

    return change


body_change("number_of_rows", numbers_of_a_line(r"\| (?:train|validation|test) \| [0-9]+ \|"))
body_change("number_of_a_class", numbers_of_a_line(r"^\| (?:published|withheld|duplicate|rejected) \| [0-9]+ \|"))
body_change("number_of_a_reason", numbers_of_a_line(r"^\| `[a-z-]+` \| [a-z]+ \| [0-9]+ \|"))
body_change("number_of_a_withheld_reason", numbers_of_a_line(r"^\| `[a-z-]+` \| withheld \| [0-9]+ \|"))
body_change("number_of_inputs", numbers_of_a_line("inputs were read"))
body_change("number_withheld", numbers_of_a_line("Articles that are here without"))
body_change("version", numbers_of_a_line("^Version "))
body_change("revision", numbers_of_a_line("revision="))
body_change("day", numbers_of_a_line("what is unknown is withheld"))
body_change("destination", lambda text, draw: text.replace("(public)", draw.choice(["(local)", "(gated)"])))
body_change("configuration", lambda text, draw: text.replace('", "articles", ', '", "withheld", '))
body_change("licence_of_metadata", lambda text, draw: text.replace("CC0-1.0\n", "CC-BY-4.0\n"))
body_change("title", lambda text, draw: text.replace("# Three invented papers", "# Four invented papers"))
body_change("table_added", lambda text, draw: text + "\n| licence | texts |\n|---|---|\n| CC0-1.0 | 40 |\n")
body_change("number_added", lambda text, draw: text + f"\n{draw.randrange(100)} more are here.\n")
body_change("restriction_added", lambda text, draw: text + "\nSome texts here are free: look at `license`.\n")
body_change("meaning_of_a_column", lambda text, draw: text.replace("Who publishes the source", "Who holds the rights"))
body_change("meaning_of_a_reason", lambda text, draw: text.replace("This is the default.", "It may be read."))
body_change("type_of_a_column_in_words", lambda text, draw: text.replace("| int32 |", "| int64 |", 1))
body_change("cut", lambda text, draw: text[: text.index(draw.choice(["## Columns", "## Rights", "## What is here"]))])
body_change(
    "line_of_a_table_gone",
    lambda text, draw: text.replace(draw.choice(re.findall(r"(?m)^\| [^\n]+ \|\n", text)), "", 1),
)


body_change("citation_of_somebody_else", lambda text, draw: text.replace("author = {{The", "author = {{Not the", 1))
body_change("citation_gone", lambda text, draw: re.sub("(?s)## Citation.*?(?=## Columns)", "", text))
body_change("citation_twice", lambda text, draw: re.sub("(?s)(## Citation.*?)(?=## Columns)", r"\1\1", text))


# Croissant and citation


def croissant_change(named: str, change: Callable[[dict[str, Any], Draw], Any], *codes: str) -> None:
    def whole(folder: Path, draw: Draw, goods: Goods) -> None:
        edit_json(folder, CROISSANT, lambda described: change(described, draw))

    breaks(*(codes or ("croissant-differs",)), named=f"croissant_{named}")(whole)


def some_field(described: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Return a field, or one within it."""
    fields = [field for each in described["recordSet"] for field in each["field"]]
    fields += [inner for field in fields for inner in field.get("subField", ())]
    chosen: dict[str, Any] = draw.choice(fields)
    return chosen


def some_file_object(described: dict[str, Any], draw: Draw) -> dict[str, Any]:
    files = [each for each in described["distribution"] if each["@type"] == "cr:FileObject"]
    chosen: dict[str, Any] = draw.choice(files)
    return chosen


def of_something(described: dict[str, Any], draw: Draw) -> None:
    """Change a word or a number anywhere."""
    places: list[tuple[Any, Any]] = []
    values: list[Any] = [described]
    while values:
        value = values.pop()
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            if isinstance(inner, dict | list):
                values.append(inner)
            else:
                places.append((value, key))
    holder, key = draw.choice(places)
    # Digests and sizes of files would be made to agree again.
    if key in ("sha256", "contentSize"):
        holder[key + "x"] = holder.pop(key)
    else:
        holder[key] = not holder[key] if isinstance(holder[key], bool) else f"{holder[key]}x"


# Words that are the publisher's alone have to be those of the card and of CITATION.cff.
croissant_change("anything", of_something, "croissant-differs", "card-differs")
croissant_change("file_gone", lambda found, draw: found["distribution"].pop(0))
croissant_change("file_twice", lambda found, draw: found["distribution"].append(found["distribution"][0]))
croissant_change("address", lambda found, draw: some_file_object(found, draw).update(contentUrl="https://x.example/a"))
croissant_change("digest_gone", lambda found, draw: some_file_object(found, draw).pop("sha256"))
croissant_change("records_gone", lambda found, draw: found["recordSet"].pop())
croissant_change("field_gone", lambda found, draw: draw.choice(found["recordSet"])["field"].pop(3))
croissant_change("field_renamed", lambda found, draw: some_field(found, draw).update(name="mood"))
croissant_change("field_of_another_meaning", lambda found, draw: some_field(found, draw).update(description="Free."))
croissant_change("licence", lambda found, draw: found.update(license="https://spdx.org/licenses/CC-BY-4.0"))
croissant_change("licence_of_metadata", lambda found, draw: found.update(sdLicense="https://spdx.org/licenses/MIT"))
croissant_change("language", lambda found, draw: found["inLanguage"].append("ja"), "croissant-differs")
croissant_change("day", lambda found, draw: found.update(datePublished="2026-02-01"))
croissant_change("years", lambda found, draw: found.update(temporalCoverage="1900/2024"))
croissant_change("author", lambda found, draw: found["creator"].append({"@type": "Person", "name": "Oda"}))
croissant_change("publisher", lambda found, draw: found.update(publisher={"@type": "Organization", "name": "Oda"}))
croissant_change("doi", lambda found, draw: found.update(identifier="https://doi.org/10.5555/other"))
croissant_change("repository", lambda found, draw: found.update(url="https://huggingface.co/datasets/a/b/tree/v1.0.0"))
croissant_change("another_form", lambda found, draw: found.update({key: found.pop(key) for key in sorted(found)}))
croissant_change("a_key", lambda found, draw: found.update({"rai:dataBiases": "none"}))


@breaks("croissant-differs")
def croissant_written_in_another_way(folder: Path, draw: Draw, goods: Goods) -> None:
    described = json.loads((folder / CROISSANT).read_bytes())
    (folder / CROISSANT).write_text(json.dumps(described, indent=draw.choice([None, 1, 4])), encoding="utf-8")
    seal(folder)


def citation_change(named: str, change: Callable[[str, Draw], str]) -> None:
    def whole(folder: Path, draw: Draw, goods: Goods) -> None:
        edit_text(folder, CITATION, lambda text: change(text, draw))

    breaks("citation-differs", named=f"citation_{named}")(whole)


citation_change("number", lambda text, draw: one_replaced(text, [*re.finditer("[0-9]+", text)], draw))
citation_change("word", lambda text, draw: "".join(with_another_word(text.splitlines(keepends=True), draw)))
citation_change("line_gone", lambda text, draw: "".join(without_one(text.splitlines(keepends=True), draw)))
citation_change("comment", lambda text, draw: text + "# All texts are free.\n")
citation_change("licence", lambda text, draw: text + 'license: "CC0-1.0"\n')
citation_change("emptied", lambda text, draw: "")
citation_change("plain", lambda text, draw: text.replace('"', ""))
citation_change("list", lambda text, draw: draw.choice(["- a\n", "a: &a [*a]\n", "authors: 1\ntitle: x\n", "[" * 5000]))


@breaks("file-missing")
def citation_or_croissant_left_out(folder: Path, draw: Draw, goods: Goods) -> None:
    (folder / draw.choice([CITATION, CROISSANT])).unlink()
    seal(folder)


@breaks("file-missing")
def citation_and_croissant_left_out(folder: Path, draw: Draw, goods: Goods) -> None:
    (folder / CITATION).unlink()
    (folder / CROISSANT).unlink()
    seal(folder)


# Files that describe


def lines_change(path: str, change: Callable[[list[str], Draw], list[str]], named: str) -> None:
    def whole(folder: Path, draw: Draw, goods: Goods) -> None:
        edit_text(folder, path, lambda text: "".join(change(text.splitlines(keepends=True), draw)))

    breaks("described-differs", named=f"{Path(path).stem}_{named}")(whole)


def without_one(lines: list[str], draw: Draw) -> list[str]:
    gone = draw.randrange(len(lines))
    return [line for number, line in enumerate(lines) if number != gone]


def with_another_number(lines: list[str], draw: Draw) -> list[str]:
    text = "".join(lines)
    return [one_replaced(text, [*re.finditer("[0-9]+", text)], draw)]


def with_another_word(lines: list[str], draw: Draw) -> list[str]:
    text = "".join(lines)
    word = draw.choice([*re.finditer(r"[^\W0-9_]{2,}", text)])
    return [text[: word.start()], word[0][::-1] + "x", text[word.end() :]]


for _path in ("licenses.jsonl", "attribution.jsonl", "domains.jsonl", "notices.jsonl", "report.json"):
    lines_change(f"rights/{_path}", without_one, "line_gone")
    lines_change(f"rights/{_path}", lambda lines, draw: [*lines, draw.choice(lines)], "line_doubled")
    lines_change(f"rights/{_path}", lambda lines, draw: [*lines[1:], lines[0]], "in_another_order")
    lines_change(f"rights/{_path}", lambda lines, draw: [], "emptied")
    lines_change(f"rights/{_path}", with_another_number, "number")
    lines_change(f"rights/{_path}", with_another_word, "word")
lines_change("LICENSE.md", lambda lines, draw: [*lines, "All texts are free.\n"], "line_added")
lines_change("LICENSE.md", lambda lines, draw: [line.replace("none", "CC0-1.0") for line in lines], "licence")
lines_change("LICENSE.md", lambda lines, draw: lines[:-3], "cut")
lines_change(".gitattributes", lambda lines, draw: [], "emptied")
lines_change(".gitattributes", lambda lines, draw: ["*.parquet -filter\n"], "without_lfs")
lines_change(".gitattributes", lambda lines, draw: [*lines, "* text=auto\n"], "line_added")


@breaks("described-differs", "card-differs")
def number_in_the_licence(folder: Path, draw: Draw, goods: Goods) -> None:
    # The licence of the metadata has a number too, and stands in the card as well.
    edit_text(folder, "LICENSE.md", lambda text: one_replaced(text, [*re.finditer("[0-9]+", text)], draw))


@breaks("card-differs")
def licence_of_metadata_in_the_licence(folder: Path, draw: Draw, goods: Goods) -> None:
    edit_text(folder, "LICENSE.md", lambda text: text.replace("CC0-1.0.", draw.choice(["MIT.", "no licence stated."])))


def sources_change(named: str, change: Callable[[dict[str, Any], Draw], Any], *also: str) -> None:
    def whole(folder: Path, draw: Draw, goods: Goods) -> None:
        path = draw.choice(sorted((folder / "sources").glob("*.json")))
        edit_json(folder, f"sources/{path.name}", lambda found: change(found, draw))

    breaks("described-differs", *also, named=f"sources_{named}")(whole)


sources_change("publisher", lambda found, draw: found["source"].update(publisher="Somebody else"))
sources_change("edition", lambda found, draw: found["source"].update(edition="Another"))
sources_change("rights", lambda found, draw: found["source"].update(rights={"status": "public_domain"}))
sources_change("key", lambda found, draw: found["source"].update(note="hello"))
sources_change("key_beside", lambda found, draw: found.update(note="hello"))
sources_change("title_gone", lambda found, draw: found["source"].pop("title"))
sources_change("language", lambda found, draw: found["source"].update(language="Korean"))
# Records that are told to be pages may be, by themselves: it is the card that tells how pages are taken.
sources_change("format", lambda found, draw: found["inputs"][0].update(format="html"), "card-differs")
sources_change("encoding", lambda found, draw: found["inputs"][0].update(encoding="klingon"))
sources_change("no_inputs", lambda found, draw: found.update(inputs=[]))
sources_change("size", lambda found, draw: found.update(input_bytes=draw.choice([0, 10**10, 1.5, "1 MB", 15 * 10**6])))
sources_change("input_twice", lambda found, draw: found["inputs"].append(found["inputs"][0]))


@breaks("described-differs")
def source_gone(folder: Path, draw: Draw, goods: Goods) -> None:
    draw.choice(sorted((folder / "sources").glob("*.json"))).unlink()
    seal(folder)


@breaks("described-differs")
def source_without_rows(folder: Path, draw: Draw, goods: Goods) -> None:
    path = draw.choice(sorted((folder / "sources").glob("*.json")))
    shutil.copy(path, path.with_name("somebody-elses.json"))
    seal(folder)


@breaks("described-differs")
def sources_exchanged(folder: Path, draw: Draw, goods: Goods) -> None:
    one, other = draw.sample(sorted((folder / "sources").glob("*.json")), 2)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    seal(folder)


@breaks("described-differs")
def source_written_in_another_way(folder: Path, draw: Draw, goods: Goods) -> None:
    path = draw.choice(sorted((folder / "sources").glob("*.json")))
    path.write_text(json.dumps(json.loads(path.read_bytes())), encoding="utf-8")
    seal(folder)


# History


def history_change(name: str, change: Callable[[dict[str, Any], Draw], None], *codes: str) -> None:
    """Keep a way to change versions.json."""

    @breaks(*(codes or ("history-differs",)), named=f"versions_{name}")
    def changed(folder: Path, draw: Draw, goods: Goods) -> None:
        path = folder / "versions.json"
        stated = json.loads(path.read_bytes())
        change(stated, draw)
        path.write_text(json.dumps(stated, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        seal(folder)


def last(**values: Any) -> Callable[[dict[str, Any], Draw], None]:
    return lambda stated, draw: stated["versions"][-1].update(values)


history_change("of_another_corpus", lambda stated, draw: stated.update(corpus=draw.choice(["x", "four-papers"])))
history_change("of_another_line", lambda stated, draw: stated.update(line=draw.choice(["vault", "x"])))
history_change("of_another_version", last(version="9.9.9"))
history_change("of_another_day", last(as_of="2026-02-02"))
history_change("with_more_added", last(changes={"added": 99}))
history_change("with_nothing_added", last(changes={}))
history_change("with_something_withdrawn", last(changes={"withdrawn": 1}))
history_change("of_another_number", last(release=2))
history_change("superseded", last(status="superseded"))
history_change("withdrawn", last(status="withdrawn"))
history_change("with_other_counts", lambda stated, draw: stated["versions"][-1].update(articles=draw.choice([0, 999])))
history_change("with_its_own_digest", last(manifest_sha256="0" * 64))
history_change("twice", lambda stated, draw: stated["versions"].append(stated["versions"][0]))
history_change("none", lambda stated, draw: stated["versions"].clear())


@breaks("history-differs")
def changelog_edited(folder: Path, draw: Draw, goods: Goods) -> None:
    path = folder / "CHANGELOG.md"
    edits = [("# Changes of", "# History of"), ("## 1", "## 2"), ("- added: ", "- added: 1"), ("## ", "### ")]
    old, new = draw.choice(edits)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    seal(folder)


@breaks("history-differs")
def departure_that_is_here(folder: Path, draw: Draw, goods: Goods) -> None:
    identity = rows_of(folder, draw.choice(shards_of(folder)))["id"][0].as_py()
    told = {"id": identity, "because": draw.choice(["vanished", "exact-copy"])}
    (folder / "departures.jsonl").write_text(json.dumps(told) + "\n", encoding="utf-8")
    seal(folder)


@breaks("withdrawn-here")
def withdrawn_and_here(folder: Path, draw: Draw, goods: Goods) -> None:
    row = rows_of(folder, draw.choice(shards_of(folder))).slice(0, 1).to_pylist()[0]
    key = draw.choice(["id", "text_sha256"])
    told = {"tombstone": f"t-{'0' * 20}", "reason": "quality", "withdrawn_on": "2026-01-01", key: row[key]}
    (folder / "rights" / "tombstones.jsonl").write_text(json.dumps(told) + "\n", encoding="utf-8")
    seal(folder)
