"""The files of a release that speak of its rows: worked out again from the rows and compared."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from pressmark.article.contract import schema_bytes
from pressmark.errors import refuse_used_up
from pressmark.findings import Finding
from pressmark.release.columns import CONFIGS
from pressmark.release.copies import lacks_rows, rule_bytes
from pressmark.release.noted import one_by_one
from pressmark.release.noting import line_digest
from pressmark.release.rights import POLICY
from pressmark.release.tally import Tally

LICENSE = "LICENSE.md"
_SUMMARY = ("corpus", "line", "version", "as_of", "destination", "profile", "accepts")
_LFS = re.compile(r"((\*\.)?[a-zA-Z0-9._-]+ filter=lfs diff=lfs merge=lfs -text\n)+")
_LARGEST_INPUT = 10**9
_WAY = {"format", "encoding", "paragraphs", "shape", "fields", "constants"}
_OF_PAGES = {"page": {"page"}, "html": {"html"}, "warc": {"html", "text"}}


def verify_described(
    folder: Path, manifest: Mapping[str, Any], tally: Tally, lacking: Collection[str]
) -> Iterator[Finding]:
    """Yield a finding for each file that says other things than the rows and the manifest do.

    A file is left out where the copy lacks it, or rows that it speaks of.
    """
    for path, check, configs in (
        ("rights/licenses.jsonl", _licenses, ("articles",)),
        ("rights/domains.jsonl", _domains, CONFIGS),
        ("rights/notices.jsonl", _notices, CONFIGS),
        ("rights/attribution.jsonl", _attribution, ("articles",)),
        ("rights/report.json", _report, CONFIGS),
        (LICENSE, _license_text, ("articles",)),
        (".gitattributes", _attributes, ()),
    ):
        if path in lacking or lacks_rows(manifest, lacking, configs):
            continue
        try:
            same = check(folder, path, manifest, tally)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            refuse_used_up(error)
            yield Finding("described-differs", path, "", f"cannot be read: {type(error).__name__}")
        else:
            if not same:
                yield Finding("described-differs", path, "", "says other things than the rows and the manifest")
    if not lacks_rows(manifest, lacking, CONFIGS):
        yield from _publications(folder, tally, lacking)


def _is(path: Path, entries: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether a JSON Lines file has these entries, written as we write them."""
    return path.read_bytes() == b"".join(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE) for entry in entries)


def _licenses(folder: Path, path: str, _: Mapping[str, Any], tally: Tally) -> bool:
    return _is(
        folder / path,
        (
            {
                "rights_status": status,
                "license": license_ or None,
                "texts": terms.texts,
                "sources": sorted(terms.sources),
                "holders": sorted(terms.holders),
            }
            for (status, license_), terms in sorted(tally.terms.items(), key=lambda item: item[0])
        ),
    )


def _domains(folder: Path, path: str, _: Mapping[str, Any], tally: Tally) -> bool:
    return _is(
        folder / path,
        (
            {
                "domain": name or None,
                "articles": found["articles"],
                "with_text": found["articles"] - found["withheld"],
                "withheld": found["withheld"],
                "characters": found["characters"],
            }
            for name, found in sorted(tally.domains.items())
        ),
    )


def _notices(folder: Path, path: str, _: Mapping[str, Any], tally: Tally) -> bool:
    entries = [{"notice": notice, "articles": count} for notice, count in sorted(tally.notices.items())]
    return _is(folder / path, entries)


def _attribution(folder: Path, path: str, _: Mapping[str, Any], tally: Tally) -> bool:
    expected = one_by_one([file for file in tally.files if file.config == "articles"], "credit")
    with (folder / path).open("rb") as stream:
        for line in stream:
            own = next(expected, None)
            if own and line.endswith(b"\n") and hashlib.sha256(line[:-1]).digest() == own[1]:
                continue
            entry = orjson.loads(line)
            if own != (entry["id"], line_digest(entry)) or line != orjson.dumps(entry) + b"\n":
                return False
    return next(expected, None) is None


def _report(folder: Path, path: str, manifest: Mapping[str, Any], tally: Tally) -> bool:
    data = (folder / path).read_bytes()
    report = json.loads(data)
    stated = {(cell["rights_status"], cell["outcome"]): cell["articles"] for cell in report["cells"]}
    policy = json.loads(rule_bytes(folder, POLICY))
    expected = {
        **{key: manifest[key] for key in _SUMMARY},
        "policy": {"version": policy["version"], "sha256": manifest["policy_sha256"]},
        "cells": [
            {"rights_status": status, "outcome": outcome, "articles": stated[status, outcome]}
            for status, outcome in sorted(stated)
        ],
    }
    # Articles under embargo and withdrawn ones have no row that says what their status is.
    absent = {"embargoed": 0, "withdrawn": 0}
    shown = dict(stated)
    for status, outcome in stated:
        if outcome in absent:
            absent[outcome] += shown.pop((status, outcome))
    return (
        data.decode() == json.dumps(expected, ensure_ascii=False, indent=2) + "\n"
        and shown == tally.cells
        and policy["cells"].keys() >= {status for status, _ in stated}
        and min(stated.values(), default=1) > 0
        and absent["embargoed"] == manifest["counts"]["embargoed"]
        and absent["withdrawn"] in (0, manifest["counts"]["withdrawn"])
    )


def metadata_license(folder: Path) -> str:
    """Return the licence of the metadata as LICENSE.md states it; that is the one thing there that no row says."""
    lines = (folder / LICENSE).read_text(encoding="utf-8").split("\n")
    found = re.fullmatch(r"The metadata of this corpus: ([A-Za-z0-9][A-Za-z0-9 .+:()-]*)\.", lines[2])
    return found[1] if found else ""


def _license_text(folder: Path, path: str, _: Mapping[str, Any], tally: Tally) -> bool:
    terms = sorted((status, license_, found.texts) for (status, license_), found in tally.terms.items())
    rows = [f"| {status} | {license_ or 'none'} | {count} |" for status, license_, count in terms]
    expected = [
        "# Licences",
        "",
        f"The metadata of this corpus: {metadata_license(folder)}.",
        "",
        "The texts, each by its own row (`rights_status`, `license`, `attribution`, `rights`):",
        "",
        "| rights status | licence | texts |",
        "|---|---|---|",
        *(rows or ["| no text is here | | 0 |"]),
        "",
        "`rights/licenses.jsonl` names sources and holders, `rights/attribution.jsonl` whom each text is credited to.",
        "",
    ]
    return (folder / path).read_bytes().decode() == "\n".join(expected)


def _attributes(folder: Path, path: str, _: Mapping[str, Any], __: Tally) -> bool:
    data = (folder / path).read_bytes().decode()
    return bool(_LFS.fullmatch(data)) and "*.parquet " in data


def _publications(folder: Path, tally: Tally, lacking: Collection[str]) -> Iterator[Finding]:
    """Hold `sources/NAME.json` against the rows of the source, and against each other."""
    paths = {path.stem: path for path in (folder / "sources").glob("*.json")}
    limits = set()
    for name in sorted({*paths, *tally.sources}):
        shown = f"sources/{name}.json"
        if shown in lacking:
            continue
        try:
            described = _publication(paths[name].read_bytes(), tally, name)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            refuse_used_up(error)
            yield Finding("described-differs", shown, "", f"is no description of a source with rows: {error!r:.60}")
        else:
            limits.add(described["input_bytes"])
    if len(limits) > 1:
        yield Finding("described-differs", "sources", "", "the sources name several largest sizes of an input")


def _publication(data: bytes, tally: Tally, name: str) -> dict[str, Any]:
    """Return a description of a source that fits its rows.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    described: dict[str, Any] = json.loads(data)
    source, inputs, limit = (described[key] for key in ("source", "inputs", "input_bytes"))
    schema = json.loads(schema_bytes("source.schema.json"))
    rows = tally.sources[name]
    told = [json.dumps(entry, sort_keys=True) for entry in inputs]
    faults = {
        "keys": set(described) != {"source", "inputs", "input_bytes"},
        "form": data.decode() != json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True) + "\n",
        "source": "rights" in source or not jsonschema_rs.is_valid(schema, source, validate_formats=True),
        "names": rows.names != {(source["publisher"], source.get("edition", ""))},
        "inputs": told != sorted(set(told)) or not all(map(_has_its_keys, inputs)),
        "values": not all(_is_way(entry) for entry in inputs),
        "formats": not rows.formats <= set().union(*map(_readers, inputs)),
        "input_bytes": type(limit) is not int or not 0 < limit <= _LARGEST_INPUT,
        "layout": "layout" not in source and any(entry["format"] == "page" for entry in inputs),
    }
    if any(faults.values()):
        raise ValueError(", ".join(key for key, found in faults.items() if found))
    return described


def _has_its_keys(entry: Mapping[str, Any]) -> bool:
    """Tell whether an input says all that there is to say; what stands between values, where it is no comma."""
    said = {"delimiter"} if entry["format"] == "csv" and entry.get("delimiter", ",") != "," else set()
    return set(entry) == _WAY | said


def _is_way(entry: Mapping[str, Any]) -> bool:
    """Tell whether a recipe could say so of an input."""
    schema = json.loads(schema_bytes("corpus.schema.json"))
    stated = {"files": "*", "source": "a", **{key: value for key, value in entry.items() if value != {}}}
    whole = {"$defs": schema["$defs"], **schema["properties"]["input"]["items"]}
    return jsonschema_rs.is_valid(whole, stated)


def _readers(entry: Mapping[str, Any]) -> set[str]:
    """Return the names of the readers that articles of an input have as their extractor."""
    if entry["fields"]:
        return {"fields"}
    of_records = "jsonl" if entry["shape"] == "pressmark" else str(entry["shape"])
    return _OF_PAGES.get(str(entry["format"]), {of_records})
