"""The recipe of a corpus: `corpus.toml`, the source files that it names, recorded decisions, parts of the card.

Configuration is read here and in the modules beside this one, and nowhere else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from pressmark import tomlfile
from pressmark.assignment import FROM, Duplicates, duplicates_of, shares_of, since, split_faults
from pressmark.card_parts import Part, read_parts
from pressmark.corpus_folder import RECIPE, corpus_folder
from pressmark.decisions import decision_files, read_decisions
from pressmark.errors import RecipeError
from pressmark.findings import Finding
from pressmark.hub_address import EXPECTED, HubAddress, hub_address, is_of_the_hub
from pressmark.s3_address import S3Address, address_faults, s3_address
from pressmark.sources import Source, missing_sources, read_source, source_file

_SLUG = re.compile("[a-z0-9][a-z0-9-]{0,63}")
_LARGEST = 10**9
PAGES = ("page", "html")
"""Formats of which a file is the article."""

COMMA = ","

_UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9}


@dataclass(frozen=True, slots=True)
class Input:
    """Files of one format and source."""

    files: str
    format: str
    source: str
    leave_out: tuple[str, ...] = ()
    encoding: str = "auto"
    captures: str | None = None
    paragraphs: str = "blank-line"
    delimiter: str = COMMA
    """What stands between the values of a csv file."""

    shape: str = "pressmark"
    """Whose field names records have."""

    fields: tuple[tuple[str, str], ...] = ()
    """Fields of the contract, and where records have them; empty where records have the contract's own shape."""

    constants: tuple[tuple[str, str], ...] = ()
    """Fields of the contract, and what they are where a record does not say."""

    @property
    def hub(self) -> HubAddress | None:
        """Where on the Hub the files are, if they are there."""
        return hub_address(self.files)

    @property
    def s3(self) -> S3Address | None:
        """In which bucket the files are, if they are in one."""
        return s3_address(self.files)


@dataclass(frozen=True, slots=True)
class Line:
    """One audience of a corpus."""

    name: str
    destination: str
    profile: str = "full"
    accepts: tuple[str, ...] = ()
    repo: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a corpus is made of and for whom."""

    folder: Path
    name: str
    title: str
    languages: tuple[str, ...]
    contact: str
    lines: dict[str, Line]
    inputs: tuple[Input, ...]
    sources: dict[str, Source]
    description: str = ""
    authors: tuple[dict[str, str], ...] = ()
    publisher: str = ""
    tags: tuple[str, ...] = ()
    task_categories: tuple[str, ...] = ()
    task_ids: tuple[str, ...] = ()
    """In the Hub's words, what the corpus is found by and what it is for."""

    metadata_license: str | None = None
    splits: tuple[tuple[str, Fraction], ...] = (("train", Fraction(1)),)
    splits_from_field: bool = False
    """Whether records say what split they are in."""

    since: dict[str, str] = field(default_factory=dict)
    """Splits of everything that was published from a day on, as YYYY-MM-DD; their share is 0."""

    duplicates: Duplicates = field(default_factory=Duplicates)

    shards_by: tuple[str, ...] = ("year",)
    shard_bytes: int = 256 * 10**6
    rejected: Fraction = Fraction(1, 100)
    rejected_stated: bool = False
    """Whether the recipe says how large a share of its inputs may be refused, or it is the default."""

    input_bytes: int = 16 * 10**6
    card: tuple[Part, ...] = ()
    """What the publisher adds to the dataset card."""


def read_recipe(corpus: Path | str) -> Recipe:
    """Read the recipe in a corpus folder.

    Args:
        corpus: The folder that holds `corpus.toml`, or that file itself.

    Raises:
        RecipeError: it has faults; the error carries all of them.
        UsageError: there is no such folder.
    """
    folder = corpus_folder(corpus)
    document = tomlfile.read(folder / RECIPE, RECIPE, "corpus")
    entries = document.data.get("input")
    inputs = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    names = sorted({str(entry.get("source")) for entry in inputs if _SLUG.fullmatch(str(entry.get("source")))})
    missing = [name for name in names if not source_file(folder, name).exists()]
    read = {name: read_source(folder, name) for name in names if name not in missing}
    sources = {name: found for name, found in read.items() if isinstance(found, Source)}
    faults = document.faults + [fault for found in read.values() if not isinstance(found, Source) for fault in found]
    faults += missing_sources(folder, document, missing)
    faults += [*split_faults(document), *_input_faults(document, sources), *_size_faults(document)]
    # Where inputs do not say which sources there are, decisions are not held against them: it would be a second fault.
    known = names if names and not missing and "input" not in document.unsound else None
    rights, decision_faults = read_decisions(
        decision_files(folder), {name: source.rights for name, source in sources.items()}, known
    )
    parts, part_faults = read_parts(folder)
    if faults or decision_faults or part_faults:
        raise RecipeError([*faults, *decision_faults, *part_faults])
    sources = {name: replace(source, rights=rights[name]) for name, source in sources.items()}
    return _recipe(folder, document.data, sources, parts)


def _input_faults(document: tomlfile.Document, sources: dict[str, Source]) -> Iterator[Finding]:
    entries = [] if "input" in document.unsound else document.data.get("input", [])
    splits = {} if "splits" in document.unsound else document.data.get("splits", {})
    for position, entry in enumerate(entries):
        source = sources.get(entry["source"])
        if entry["format"] == "page" and source and source.layout is None:
            detail = f"pages need a [layout] in sources/{source.name}.toml, found none"
            yield document.finding("missing-key", ("input", position, "format"), detail)
        for code, key, detail in _record_faults(entry, with_splits=FROM in splits):
            yield document.finding(code, ("input", position, key), detail)
        if is_of_the_hub(entry["files"]) and not hub_address(entry["files"]):
            yield document.finding("bad-value", ("input", position, "files"), f"expected {EXPECTED}")
        if is_of_the_hub(entry["files"]) and "captures" in entry:
            detail = "a list of captures goes with files of the corpus folder, found files of the Hub"
            yield document.finding("bad-value", ("input", position, "captures"), detail)
        for key, detail in address_faults(entry["files"], entry.get("captures")):
            yield document.finding("bad-value", ("input", position, key), detail)
        for key in ("files", "captures"):
            if ".." in Path(entry.get(key, "")).parts:
                detail = f"found {entry[key]!r}, expected a path below the corpus folder, without .."
                yield document.finding("bad-value", ("input", position, key), detail)


def _record_faults(entry: dict[str, Any], *, with_splits: bool) -> Iterator[tuple[str, str, str]]:
    """Yield code, key and detail of what is wrong with how records are read."""
    for key in ("fields", "shape"):
        if key in entry and entry["format"] in (*PAGES, "warc"):
            yield "bad-value", key, f"found the format {entry['format']}, which has no records"
    if entry.get("shape") == "nikl" and entry["format"] != "json":
        yield "bad-value", "format", f"found the format {entry['format']}; files of NIKL are json"
    if "fields" in entry and "shape" in entry:
        yield "bad-value", "shape", "found both shape and fields, expected one of them"
    if "delimiter" in entry and entry["format"] != "csv":
        yield "bad-value", "delimiter", f"found the format {entry['format']}; a delimiter goes with csv"
    if "constants" in entry and "fields" not in entry:
        yield "missing-key", "constants", "constants go with fields, found none"
    if not with_splits and "split" in {**entry.get("fields", {}), **entry.get("constants", {})}:
        yield "missing-key", "fields", 'splits of records are taken over where [splits] has from = "field", found none'


def _size_faults(document: tomlfile.Document) -> Iterator[Finding]:
    # A column of one shard holds at most 2 GB of text: Arrow counts its bytes in 32 bits.
    for table, key in (("shards", "target"), ("limits", "input")):
        value = document.data.get(table, {}).get(key) if table not in document.unsound else None
        if value and _size(value) > _LARGEST:
            yield document.finding("bad-value", (table, key), f"found {value!r}, expected at most 1 GB")


def _recipe(folder: Path, data: dict[str, Any], sources: dict[str, Source], parts: tuple[Part, ...]) -> Recipe:
    corpus, shards, limits = data["corpus"], data.get("shards", {}), data.get("limits", {})
    splits = data.get("splits", {"train": 1})
    return Recipe(
        folder=folder,
        name=corpus["name"],
        title=corpus["title"],
        languages=tuple(corpus["languages"]),
        contact=corpus["contact"],
        description=corpus.get("description", ""),
        authors=tuple(corpus.get("authors", ())),
        publisher=corpus.get("publisher", ""),
        tags=tuple(corpus.get("tags", ())),
        task_categories=tuple(corpus.get("task_categories", ())),
        task_ids=tuple(corpus.get("task_ids", ())),
        metadata_license=corpus.get("metadata_license"),
        lines={name: _line(name, entry) for name, entry in data["releases"].items()},
        inputs=tuple(_input(entry) for entry in data["input"]),
        sources=sources,
        splits=tuple(shares_of(splits).items()),
        splits_from_field=FROM in splits,
        since=since(splits),
        duplicates=duplicates_of(data.get("duplicates", {})),
        shards_by=tuple(shards.get("by", ("year",))),
        shard_bytes=_size(shards.get("target", "256 MB")),
        rejected=Fraction(limits.get("rejected", "1 %").removesuffix(" %")) / 100,
        rejected_stated="rejected" in limits,
        input_bytes=_size(limits.get("input", "16 MB")),
        card=parts,
    )


def _line(name: str, entry: dict[str, Any]) -> Line:
    rest = {key: value for key, value in entry.items() if key != "accepts"}
    return Line(name, accepts=tuple(sorted(entry.get("accepts", ()))), **rest)


def _input(entry: dict[str, Any]) -> Input:
    rest = {key: value for key, value in entry.items() if key not in ("except", "fields", "constants")}
    fields, constants = (tuple(sorted(entry.get(key, {}).items())) for key in ("fields", "constants"))
    return Input(leave_out=tuple(entry.get("except", ())), fields=fields, constants=constants, **rest)


def _size(value: str) -> int:
    number, unit = re.split(" ", value)
    return int(number) * _UNITS[unit]
