"""The recipe of a corpus: `corpus.toml`, and through `pressmark.sources` the source files that it names.

Configuration is read here and there, and nowhere else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from pressmark import tomlfile
from pressmark.errors import RecipeError
from pressmark.findings import Finding
from pressmark.sources import Source, read_source

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


@dataclass(frozen=True, slots=True)
class Line:
    """One audience of a corpus."""

    name: str
    destination: str
    profile: str = "full"
    repo: str | None = None


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
    metadata_license: str | None = None
    splits: tuple[tuple[str, Fraction], ...] = (("train", Fraction(1)),)
    shards_by: tuple[str, ...] = ("year",)
    shard_bytes: int = 256 * 10**6
    rejected: Fraction = Fraction(1, 100)
    input_bytes: int = 16 * 10**6


def read_recipe(corpus: Path | str) -> Recipe:
    """Read the recipe in a corpus folder.

    Args:
        corpus: The folder that holds `corpus.toml`, or that file itself.

    Raises:
        RecipeError: it has faults; the error carries all of them.
    """
    path = Path(corpus)
    folder = path.parent if path.name == "corpus.toml" else path
    data, faults = tomlfile.read(folder / "corpus.toml", "corpus.toml", "corpus")
    inputs = [entry for entry in data.get("input", ()) if isinstance(entry, dict)]
    names = sorted({entry["source"] for entry in inputs if isinstance(entry.get("source"), str)})
    read = {name: read_source(folder, name) for name in names}
    faults += [fault for found in read.values() if not isinstance(found, Source) for fault in found]
    sources = {name: found for name, found in read.items() if isinstance(found, Source)}
    faults += [] if faults else [*_recipe_faults(data, sources)]
    if faults:
        raise RecipeError(faults)
    return _recipe(folder, data, sources)


def _recipe_faults(data: dict[str, Any], sources: dict[str, Source]) -> Iterator[Finding]:
    splits = data.get("splits", {"train": 1})
    if sum(_share(share) for share in splits.values()) != 1:
        detail = f"found shares that add up to {float(sum(map(_share, splits.values())))}, expected 1"
        yield Finding("bad-value", "corpus.toml", "splits", detail)
    for position, entry in enumerate(data["input"]):
        if entry["format"] == "page" and sources[entry["source"]].layout is None:
            detail = f"pages need a [layout] in sources/{entry['source']}.toml"
            yield Finding("missing-key", f"sources/{entry['source']}.toml", f"input[{position}]", detail)
        if ".." in Path(entry["files"]).parts or ".." in Path(entry.get("captures", "")).parts:
            detail = "inputs lie below the corpus folder, without .."
            yield Finding("bad-value", "corpus.toml", f"input[{position}]", detail)


def _recipe(folder: Path, data: dict[str, Any], sources: dict[str, Source]) -> Recipe:
    corpus, shards, limits = data["corpus"], data.get("shards", {}), data.get("limits", {})
    return Recipe(
        folder=folder,
        name=corpus["name"],
        title=corpus["title"],
        languages=tuple(corpus["languages"]),
        contact=corpus["contact"],
        description=corpus.get("description", ""),
        authors=tuple(corpus.get("authors", ())),
        metadata_license=corpus.get("metadata_license"),
        lines={name: Line(name, **entry) for name, entry in data["releases"].items()},
        inputs=tuple(_input(entry) for entry in data["input"]),
        sources=sources,
        splits=tuple((name, _share(share)) for name, share in data.get("splits", {"train": 1}).items()),
        shards_by=tuple(shards.get("by", ("year",))),
        shard_bytes=_size(shards.get("target", "256 MB")),
        rejected=Fraction(limits.get("rejected", "1 %").removesuffix(" %")) / 100,
        input_bytes=_size(limits.get("input", "16 MB")),
    )


def _input(entry: dict[str, Any]) -> Input:
    rest = {key: value for key, value in entry.items() if key != "except"}
    return Input(leave_out=tuple(entry.get("except", ())), **rest)


def _share(value: float) -> Fraction:
    # As written: 0.9 in a recipe means nine tenths, not the nearest binary fraction.
    return Fraction(str(value))


def _size(value: str) -> int:
    number, unit = re.split(" ", value)
    return int(number) * _UNITS[unit]
