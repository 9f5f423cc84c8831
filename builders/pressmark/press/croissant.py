"""`croissant.json`: a release for machines, by Croissant 1.1 and its vocabulary of responsible AI.

Files with their digests, and what their columns hold, derived from the contract as the columns themselves are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from pressmark.press.citation import (
    address_of,
    authors_of,
    bibtex,
    doi_address,
    license_of,
    orcid_address,
    page_of,
    spdx,
)
from pressmark.press.columns import properties, resolved
from pressmark.press.front_matter import TAGS
from pressmark.press.manifest import Shard
from pressmark.press.responsible import responsible
from pressmark.press.rights import Terms
from pressmark.press.shown import UNDATED
from pressmark.recipe import Line, Recipe
from pressmark.workshop import write_durably

CROISSANT = "croissant.json"
_CONFORMS_TO = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
_PARQUET = "application/x-parquet"
_CARD = "README.md"
_ADDRESS = "#/$defs/address"

_OWN = (
    *("annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "excludes", "extract"),
    *("field", "fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath"),
    *("key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("sdVersion", "separator", "source", "subField", "transform", "value"),
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{name: f"cr:{name}" for name in _OWN},
}
"""What the specification recommends, and what its own library looks for."""


def write_croissant(
    folder: Path,
    recipe: Recipe,
    line: Line,
    manifest: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    shards: Sequence[Shard],
    terms: Terms,
    names: Iterable[str],
) -> None:
    """Write `croissant.json` into a release folder.

    Args:
        folder: The folder that the release is written in.
        recipe: What the corpus is.
        line: The audience.
        manifest: The manifest but for its files.
        rows: What the manifest will say of the files of rows.
        shards: The files of rows.
        terms: What the articles that are here with their text may be used under.
        names: The sources that have rows.
    """
    parts = [(config, split) for config, found in manifest["configs"].items() for split in found["splits"]]
    described = {
        **_dataset(recipe, line, manifest, shards, terms),
        **({"temporalCoverage": years} if (years := _years(shards)) else {}),
        **responsible(recipe, manifest, names),
        "distribution": [
            *(_file(line, manifest["version"], entry) for entry in sorted(rows, key=lambda entry: str(entry["path"]))),
            *(_files(config, split) for config, split in parts),
        ],
        "recordSet": [_records(config, split, manifest) for config, split in parts],
    }
    write_durably(folder / CROISSANT, orjson.dumps(described, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _dataset(
    recipe: Recipe, line: Line, manifest: Mapping[str, Any], shards: Sequence[Shard], terms: Terms
) -> dict[str, Any]:
    version, day = manifest["version"], manifest["as_of"]
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _CONFORMS_TO,
        "name": recipe.title,
        "alternateName": recipe.name,
        "description": recipe.description or recipe.title,
        # A release that is nowhere on the web has its card for a page.
        "url": page_of(line, version) or _CARD,
        "identifier": doi_address(line),
        "creator": [_creator(author) for author in authors_of(recipe)],
        "publisher": {"@type": "Organization", "name": recipe.publisher} if recipe.publisher else None,
        "version": version,
        "datePublished": day,
        "license": license_of(line, version, terms),
        "sdLicense": recipe.metadata_license and spdx(recipe.metadata_license),
        "inLanguage": sorted({language for shard in shards for _, _, language in shard.shown.spread}),
        "keywords": _keywords(recipe),
        "citeAs": "\n".join(bibtex(recipe, line, version, day)),
    }
    return {key: value for key, value in described.items() if value}


def _keywords(recipe: Recipe) -> list[str]:
    """Return what a corpus is found by: as the Hub writes it in a Croissant of its own, tasks with what they are."""
    tasks = {"task_categories": recipe.task_categories, "task_ids": recipe.task_ids}
    return [*TAGS, *recipe.tags, *(f"{key}:{name}" for key, names in tasks.items() for name in names)]


def _creator(author: Mapping[str, str]) -> dict[str, str]:
    """Return an author. Who has an ORCID or a family name is a person; of others a recipe does not say it."""
    orcid = orcid_address(author)
    kind = "Person" if orcid or "family_names" in author else "Organization"
    names = {"familyName": author.get("family_names"), "givenName": author.get("given_names"), "sameAs": orcid}
    return {"@type": kind, "name": author["name"], **{key: value for key, value in names.items() if value}}


def _years(shards: Sequence[Shard]) -> str | None:
    """Return the first and the last year in which an article that is here was published."""
    found = sorted({year for shard in shards for _, year, _ in shard.shown.spread} - {UNDATED})
    return f"{found[0]}/{found[-1]}" if found else None


def _file(line: Line, version: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": entry["path"],
        "name": entry["path"],
        "contentUrl": address_of(line, version, entry["path"]),
        "contentSize": f"{entry['bytes']} B",
        "encodingFormat": _PARQUET,
        "sha256": entry["sha256"],
    }


def _files(config: str, split: str) -> dict[str, Any]:
    """Return the files of a split, as they lie beside `croissant.json`."""
    return {
        "@type": "cr:FileSet",
        "@id": f"files/{config}/{split}",
        "name": f"files/{config}/{split}",
        "encodingFormat": _PARQUET,
        "includes": f"{'data' if config == 'articles' else 'withheld'}/{split}/*.parquet",
    }


def _records(config: str, split: str, manifest: Mapping[str, Any]) -> dict[str, Any]:
    count = manifest["configs"][config]["splits"][split]["rows"]
    what = "with their text" if config == "articles" else "without their text: metadata, digests and the reason"
    place = f"{config}/{split}"
    source = {"fileSet": {"@id": f"files/{place}"}}
    return {
        "@type": "cr:RecordSet",
        "@id": place,
        "name": place,
        "description": f"{count} articles {what}.",
        "key": {"@id": f"{place}/id"},
        "field": [
            _field(f"{place}/{name}", name, property_, {**source, "extract": {"column": name}}, ())
            for name, property_ in properties(config).items()
        ],
    }


def _field(
    place: str, name: str, property_: Mapping[str, Any], source: Mapping[str, Any], steps: tuple[str, ...]
) -> dict[str, Any]:
    """Return a field.

    Args:
        place: Its id.
        name: Its name.
        property_: Its property in the contract.
        source: The column that it is in.
        steps: The way to it within the column.
    """
    whole = resolved(property_)
    many = whole.get("type") == "array"
    kind = resolved(whole["items"]) if many else whole
    field = {"@type": "cr:Field", "@id": place, "name": name, "description": whole["description"]}
    if many:
        field |= {"isArray": True, "arrayShape": "-1"}
    if kind.get("type") == "object":
        return {**field, "subField": list(_inner(place, kind["properties"], source, steps))}
    # In brackets, for some names, such as where, mean something else without.
    where = [{"jsonPath": f"$['{step}']"} for step in steps]
    transform = {"transform": where if len(where) > 1 else where[0]} if where else {}
    return {**field, "dataType": _data_type(kind), "source": {**source, **transform}}


def _inner(
    place: str, inner: Mapping[str, Any], source: Mapping[str, Any], steps: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    for name, property_ in inner.items():
        yield _field(f"{place}/{name}", name, property_, source, (*steps, name))


def _data_type(kind: Mapping[str, Any]) -> str:
    if kind.get("$ref") == _ADDRESS:
        return "sc:URL"
    formats = {"date": "sc:Date", "date-time": "sc:DateTime"}
    types = {"integer": "sc:Integer", "boolean": "sc:Boolean"}
    return types.get(kind.get("type", "")) or formats.get(kind.get("format", ""), "sc:Text")
