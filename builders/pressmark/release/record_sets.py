"""What `croissant.json` says of files of rows and their columns, worked out again from manifest and contract."""

from collections.abc import Mapping
from typing import Any

from pressmark.release.columns import column_names
from pressmark.release.stated import Words

_PARQUET = "application/x-parquet"
_ROOTS = {"articles": "data", "withheld": "withheld"}
_PROSE = {
    "articles": "articles with their text",
    "withheld": "articles without their text: metadata, digests and the reason",
}


def file_object(words: Words, version: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of a file of rows as it has to be."""
    path = entry["path"]
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": words.address(version, path),
        "contentSize": f"{entry['bytes']} B",
        "encodingFormat": _PARQUET,
        "sha256": entry["sha256"],
    }


def file_set(config: str, split: str) -> dict[str, Any]:
    """Return the description of the files of a split as it has to be."""
    named = f"files/{config}/{split}"
    includes = f"{_ROOTS[config]}/{split}/*.parquet"
    return {"@type": "cr:FileSet", "@id": named, "name": named, "encodingFormat": _PARQUET, "includes": includes}


def record_set(manifest: Mapping[str, Any], contract: Mapping[str, Any], config: str, split: str) -> dict[str, Any]:
    """Return the description of the rows of a split as it has to be."""
    named = f"{config}/{split}"
    return {
        "@type": "cr:RecordSet",
        "@id": named,
        "name": named,
        "description": f"{manifest['configs'][config]['splits'][split]['rows']} {_PROSE[config]}.",
        "key": {"@id": f"{named}/id"},
        "field": [_field(contract, named, (column,)) for column in column_names(contract, config)],
    }


def _field(contract: Mapping[str, Any], named: str, path: tuple[str, ...]) -> dict[str, Any]:
    """Return the field of a part of a column, which a path of names leads to."""
    properties: Mapping[str, Any] = contract["properties"]
    for step in path[:-1]:
        above = properties[step]
        properties = above.get("items", above)["properties"]
    inner = properties[path[-1]]
    told = {
        "@type": "cr:Field",
        "@id": "/".join((named, *path)),
        "name": path[-1],
        "description": inner["description"],
    }
    if inner.get("type") == "array":
        inner, told = inner["items"], {**told, "isArray": True, "arrayShape": "-1"}
    if "properties" in inner:
        return {**told, "subField": [_field(contract, named, (*path, name)) for name in inner["properties"]]}
    steps = [{"jsonPath": f"$['{step}']"} for step in path[1:]]
    source: dict[str, Any] = {"fileSet": {"@id": f"files/{named}"}, "extract": {"column": path[0]}}
    if steps:
        source["transform"] = steps[0] if len(steps) == 1 else steps
    return {**told, "dataType": _data_type(contract, inner), "source": source}


def _data_type(contract: Mapping[str, Any], inner: Mapping[str, Any]) -> str:
    named = inner.get("$ref", "").removeprefix("#/$defs/")
    if named == "address":
        return "sc:URL"
    kind = contract["$defs"][named] if named else inner
    told = kind.get("format") or kind.get("type")
    types = {"date": "sc:Date", "date-time": "sc:DateTime", "integer": "sc:Integer", "boolean": "sc:Boolean"}
    return types.get(str(told), "sc:Text")
