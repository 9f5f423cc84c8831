"""What `croissant.json` says in the vocabulary of responsible AI, worked out again."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

_LEFT_OUT = (
    ("embargoed", "under embargo"),
    ("duplicate", "copies of another article"),
    ("superseded", "earlier captures of an article"),
    ("withdrawn", "withdrawn"),
    ("rejected", "no valid article"),
)
_FORMATS = (
    ("page", "text pages"),
    ("html", "HTML pages"),
    ("warc", "WARC, ARC and WET files"),
    ("jsonl", "JSON Lines"),
    ("json", "JSON"),
    ("csv", "CSV"),
    ("tsv", "TSV"),
    ("parquet", "Parquet"),
)
_RESTRICTED = {
    "noncommercial": "Some texts are not for commercial use: look at `license`.",
    "noderivatives": "Some texts are not to be changed: look at `license`.",
}
_TEXT = (
    "Text in Unicode NFC with LF as line end, without indentation and spaces at the ends of lines, paragraphs joined "
    "by one blank line; nothing else of it is changed. `provenance.steps` of a row says what was done."
)
_VERSIONS = (
    "Versions are numbered by what happens to records: MAJOR where any is removed, withdrawn, newly withheld or in "
    "another split, MINOR where any is added, PATCH where any is corrected. `versions.json` and `CHANGELOG.md` tell of "
    "each. The card says where withdrawals are asked for."
)


def responsible(
    folder: Path, manifest: Mapping[str, Any], lacking: Collection[str], stated: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the properties as they have to be.

    Args:
        folder: The release.
        manifest: Its manifest.
        lacking: Files that a copy lacks.
        stated: What `croissant.json` says; taken where a copy lacks what could tell.
    """
    paths = [entry["path"] for entry in manifest["files"] if entry["path"].startswith("sources/")]
    kind, raw = (stated.get(f"rai:dataCollection{name}") for name in ("Type", "RawData"))
    if not any(path in lacking for path in paths):
        sources = [json.loads((folder / path).read_bytes()) for path in paths]
        formats = {entry["format"] for source in sources for entry in source["inputs"]}
        kind = ["Web Scraping"] if "warc" in formats else None
        raw = f"Read from {', '.join(words for name, words in _FORMATS if name in formats)}."
    return {
        "rai:dataCollection": _collection(manifest, len(paths)),
        "rai:dataCollectionType": kind,
        "rai:dataCollectionRawData": raw,
        "rai:dataCollectionMissingData": _missing(manifest["counts"]),
        "rai:dataPreprocessingProtocol": [_TEXT],
        "rai:dataManipulationProtocol": _manipulation(manifest["duplicates"], manifest["splits"]),
        "rai:dataLimitations": _limitations(manifest),
        "rai:personalSensitiveInformation": [_people(manifest["destination"])],
        "rai:dataReleaseMaintenancePlan": _VERSIONS,
    }


def _collection(manifest: Mapping[str, Any], sources: int) -> str:
    publications = "1 publication" if sources == 1 else f"{sources} publications"
    told = f"{manifest['counts']['inputs']} inputs were read; the articles here are of {publications}."
    return f"{told} `sources/` describes each, `provenance` of a row says where and when its article was captured."


def _missing(counts: Mapping[str, Any]) -> str:
    told = ", ".join(f"{counts[name]} {words}" for name, words in _LEFT_OUT if counts[name])
    return f"Of the inputs these are not here: {told}." if told else ""


def _manipulation(copies: Mapping[str, Any], splits: Mapping[str, Any]) -> str:
    exact = {"drop": "Exact copies are left out.", "keep": "Exact copies are kept."}[copies["exact"]]
    near = {"drop": "one of each group is kept.", "keep": "they are kept in one group and one split."}[copies["near"]]
    who = "Articles were given to splits by a hash of their group:"
    if "from" in splits:
        who = "Records said what split they are in; the others were given one by a hash of their group:"
    shares = ", ".join(" ".join(each) for each in splits["shares"].items())
    days = splits.get("since", {}).items()
    since = "".join(f" {name} has what was published on {day} or later." for name, day in days)
    threshold = f"Texts that share {copies['threshold']} of their runs of five letters are near copies:"
    return f"{exact} {threshold} {near} {who} {shares}.{since}"


def _limitations(manifest: Mapping[str, Any]) -> list[str]:
    closed, shown = manifest["counts"]["withheld"], manifest["counts"]["published"]
    told = f"{closed} of {closed + shown} articles are without their text: their rights do not open it here."
    return [*([told] if closed else []), *(_RESTRICTED[term] for term in manifest["accepts"])]


def _people(destination: str) -> str:
    if destination == "local":
        return "News articles name people. `rights.privacy` says which articles are known to expose somebody."
    marked = "What is marked as exposing a minor, a victim or somebody whom a court made anonymous"
    return f"News articles name people. {marked} is here without text, headline and names."
