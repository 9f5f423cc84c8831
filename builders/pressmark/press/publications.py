"""What a release says about its publications, so that a reader can read own copies as the build read them.

`sources/NAME.json` has who publishes, the language, the time zone and the page layout, how its inputs are encoded, how
records mark their paragraphs, and how large an input may be. Of rights, decisions and evidence it has nothing: those
are in the rows.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from pressmark.article.contract import contract
from pressmark.article.record import without_nothing
from pressmark.errors import UsageError
from pressmark.recipe import COMMA, Input, Recipe
from pressmark.sources import Source, source_from
from pressmark.workshop import write_durably

FOLDER = "sources"

_CHOSEN = ("format", "encoding", "paragraphs", "shape")
_MAPPING = ("fields", "constants")
_DELIMITER = "delimiter"
"""Said where it is no comma, so that releases of before stay what they are."""

_FILES = "**/*"
_LARGEST = 10**9
"""What a recipe may allow at most; a release cannot make a reader hold more."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A source of a release, and how files of it are read."""

    source: Source
    inputs: tuple[Input, ...]
    input_bytes: int


def write_publications(folder: Path, recipe: Recipe, names: Iterable[str]) -> None:
    """Write `sources/NAME.json` into a release folder.

    Args:
        folder: The folder that the release is written in.
        recipe: What the corpus is.
        names: The sources that have rows in the release.
    """
    for name in sorted(set(names)):
        declared = [_way(entry) for entry in recipe.inputs if entry.source == name]
        ways = {json.dumps(way, sort_keys=True): way for way in declared}
        described = {
            "source": public_part(recipe.sources[name]),
            "inputs": [ways[key] for key in sorted(ways)],
            "input_bytes": recipe.input_bytes,
        }
        text = json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        write_durably(folder / FOLDER / f"{name}.json", text.encode())


def _way(entry: Input) -> dict[str, Any]:
    """Return how an input is read."""
    mapping = {"fields": dict(entry.fields), "constants": dict(entry.constants)}
    delimiter = {_DELIMITER: entry.delimiter} if entry.delimiter != COMMA else {}
    return {**{key: getattr(entry, key) for key in _CHOSEN}, **delimiter, **mapping}


def public_part(source: Source) -> dict[str, Any]:
    """Return a source by `schema/source.schema.json`, without its rights."""
    whole = {key: value for key, value in asdict(source).items() if key not in ("name", "rights")}
    return dict(without_nothing(json.loads(json.dumps(whole))))


def read_publication(folder: Path, name: str) -> Publication:
    """Read `sources/NAME.json` of a release folder.

    Raises:
        UsageError: it is not there, or not what `write_publications` writes; the error names the file.
    """
    path = folder / FOLDER / f"{name}.json"
    try:
        return _publication(name, orjson.loads(path.read_bytes()))
    except OSError as error:
        reason = str(error.strerror)
    except ValueError as error:
        reason = str(error)
    raise UsageError(
        f"{path} does not say how to read copies: {reason}",
        advice="get the release again; a release without such files cannot be filled in",
    )


def _publication(name: str, described: Any) -> Publication:
    if not isinstance(described, dict) or set(described) != {"source", "inputs", "input_bytes"}:
        raise ValueError("expected the keys source, inputs and input_bytes")
    source, limit = source_from(name, described["source"]), described["input_bytes"]
    if type(limit) is not int or not 0 < limit <= _LARGEST:
        raise ValueError(f"/input_bytes: expected a whole number of at most {_LARGEST}")
    declared = described["inputs"]
    if not isinstance(declared, list) or not declared or not all(map(_is_declared, declared)):
        raise ValueError(f"/inputs: expected a list of {', '.join((*_CHOSEN, *_MAPPING))}")
    if source.layout is None and any(entry["format"] == "page" for entry in declared):
        raise ValueError("/inputs: pages need a layout, found none")
    return Publication(source, _ways(declared, name), limit)


def _is_declared(entry: Any) -> bool:
    schema = contract("corpus").schema
    known = schema["properties"]["input"]["items"]["properties"]
    if not isinstance(entry, dict) or set(entry) - {_DELIMITER} != {*_CHOSEN, *_MAPPING}:
        return False
    if entry.get(_DELIMITER, COMMA) not in known[_DELIMITER]["enum"]:
        return False
    targets = schema["$defs"]["field"]["enum"]
    mappings = [entry[key] for key in _MAPPING]
    return all(entry[key] in known[key]["enum"] for key in _CHOSEN) and all(
        isinstance(each, dict) and set(each) <= set(targets) and all(isinstance(value, str) for value in each.values())
        for each in mappings
    )


def _ways(declared: Sequence[dict[str, Any]], source: str) -> tuple[Input, ...]:
    """Return the ways in which files of a source are read: as declared, and with the encoding told from the bytes."""
    found = {
        Input(
            _FILES,
            entry["format"],
            source,
            encoding=encoding,
            paragraphs=entry["paragraphs"],
            delimiter=entry.get(_DELIMITER, COMMA),
            shape=entry["shape"],
            fields=tuple(sorted(entry["fields"].items())),
            constants=tuple(sorted(entry["constants"].items())),
        )
        for entry in declared
        for encoding in (entry["encoding"], "auto")
    }
    return tuple(sorted(found, key=_order))


def _order(way: Input) -> tuple[Any, ...]:
    read_as = way.format, way.encoding != "auto", way.encoding, way.paragraphs, way.delimiter
    return *read_as, way.shape, way.fields, way.constants
