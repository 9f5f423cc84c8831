"""`croissant.json`: worked out again from the manifest, the contract, the rows and its publisher's words."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from pressmark.errors import refuse_used_up
from pressmark.findings import Finding
from pressmark.release.columns import CONFIGS, read_contract
from pressmark.release.copies import lacks_rows, plain_bytes
from pressmark.release.described import LICENSE, metadata_license
from pressmark.release.record_sets import file_object, file_set, record_set
from pressmark.release.responsible import responsible
from pressmark.release.stated import DOI, ORCID, SPDX, Words, bibtex, license_of, repo_in
from pressmark.release.tally import Tally

CROISSANT = "croissant.json"
_CODE = "croissant-differs"
_TERMS = (
    "annotation arrayShape citeAs column containedIn equivalentProperty excludes extract field fileObject fileProperty "
    "fileSet format includes isArray isLiveDataset jsonPath key md5 parentField path recordSet references regex "
    "repeated replace samplingRate sdVersion separator source subField transform value"
)
_CONTEXT = {
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
    **{term: f"cr:{term}" for term in _TERMS.split(" ")},
}
_NOTHING: tuple[Any, ...] = (None, "", [])

Found = tuple[Words | None, list[Finding]]


def verify_croissant(folder: Path, manifest: Mapping[str, Any], tally: Tally, lacking: Collection[str]) -> Found:
    """Return the publisher's words in `croissant.json`, if it is there, and what it says otherwise than the release."""
    if CROISSANT in lacking or not any(entry["path"] == CROISSANT for entry in manifest["files"]):
        return None, []
    try:
        data = plain_bytes(folder, CROISSANT)
        stated = json.loads(data)
        words = _words(stated, manifest)
        expected = _expected(folder, manifest, tally, lacking, stated, words)
        written = orjson.dumps(expected, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        refuse_used_up(error)
        return None, [Finding(_CODE, CROISSANT, "", f"cannot be read: {type(error).__name__}")]
    found = [Finding(_CODE, CROISSANT, key, "is not what the release says") for key in _differing(stated, expected)]
    if not found and data != written:
        found = [Finding(_CODE, CROISSANT, "", "is written in another way than pressmark writes it")]
    return words, [*found, *(_license_of_metadata(folder, stated) if LICENSE not in lacking else ())]


def _differing(stated: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"$.{key}" for key, value in expected.items() if stated.get(key) != value)
    if stated.keys() - expected.keys():
        yield "$"


def _license_of_metadata(folder: Path, stated: Mapping[str, Any]) -> Iterator[Finding]:
    named = metadata_license(folder)
    if stated.get("sdLicense") != (None if named in ("", "no licence stated") else SPDX + named):
        yield Finding(_CODE, CROISSANT, "$.sdLicense", f"is not the licence that {LICENSE} states")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("found no text")
    return value


def _words(stated: Mapping[str, Any], manifest: Mapping[str, Any]) -> Words:
    authors = []
    for creator in stated["creator"]:
        told = {
            "name": _text(creator["name"]),
            "family_names": _text(creator.get("familyName", "")),
            "given_names": _text(creator.get("givenName", "")),
            "orcid": _text(creator.get("sameAs", "")).removeprefix(ORCID),
        }
        authors.append({key: value for key, value in told.items() if value})
    keywords = [_text(word) for word in stated["keywords"][2:]]
    return Words(
        title=_text(stated["name"]),
        description=_text(stated["description"]),
        authors=tuple(authors),
        doi=_text(stated.get("identifier", "")).removeprefix(DOI),
        repo=repo_in(_text(stated["url"])) if manifest["destination"] != "local" else "",
        publisher=_text(stated.get("publisher", {"name": ""})["name"]),
        tags=tuple(word for word in keywords if ":" not in word),
        tasks=tuple((word.partition(":")[0], word.partition(":")[2]) for word in keywords if ":" in word),
    )


def _expected(
    folder: Path,
    manifest: Mapping[str, Any],
    tally: Tally,
    lacking: Collection[str],
    stated: Mapping[str, Any],
    words: Words,
) -> dict[str, Any]:
    """Return the file as it has to be. What cannot be told without files that a copy lacks is taken as stated."""
    version, contract = manifest["version"], read_contract(folder)
    parts = [(config, split) for config, found in manifest["configs"].items() for split in found["splits"]]
    only = license_of(tally)
    license_ = SPDX + only if only else words.address(version, LICENSE)
    if lacks_rows(manifest, lacking, ("articles",)):
        license_ = stated["license"]
    whole = not lacks_rows(manifest, lacking, CONFIGS)
    expected = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": words.title,
        "alternateName": manifest["corpus"],
        "description": words.description,
        "url": words.page(version) or "README.md",
        "identifier": DOI + words.doi if words.doi else None,
        "creator": [_creator(author) for author in words.authors],
        "publisher": {"@type": "Organization", "name": words.publisher} if words.publisher else None,
        "version": version,
        "datePublished": manifest["as_of"],
        "license": license_,
        "sdLicense": stated.get("sdLicense"),
        "inLanguage": _languages(tally) if whole else stated["inLanguage"],
        "keywords": ["news", "pressmark", *words.tags, *(f"{key}:{name}" for key, name in words.tasks)],
        "citeAs": "\n".join(bibtex(words, manifest)),
        "temporalCoverage": _coverage(tally) if whole else stated.get("temporalCoverage"),
        **responsible(folder, manifest, lacking, stated),
        "distribution": [
            *(file_object(words, version, entry) for entry in manifest["files"] if "config" in entry),
            *(file_set(config, split) for config, split in parts),
        ],
        "recordSet": [record_set(manifest, contract, config, split) for config, split in parts],
    }
    return {key: value for key, value in expected.items() if value not in _NOTHING}


def _creator(author: Mapping[str, str]) -> dict[str, str]:
    person = "orcid" in author or "family_names" in author
    told = {"@type": "Person" if person else "Organization", "name": author["name"]}
    told |= {"familyName": author.get("family_names", ""), "givenName": author.get("given_names", "")}
    told["sameAs"] = ORCID + author["orcid"] if "orcid" in author else ""
    return {key: value for key, value in told.items() if value}


def _languages(tally: Tally) -> list[str]:
    return sorted(value for kind, value in tally.strata if kind == "language")


def _coverage(tally: Tally) -> str:
    years = [value for kind, value in tally.strata if kind == "year" and value != "undated"]
    return f"{min(years)}/{max(years)}" if years else ""
