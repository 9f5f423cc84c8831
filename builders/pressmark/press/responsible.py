"""What the vocabulary of responsible AI asks of a corpus, as far as recipe and counts know it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pressmark.recipe import Recipe

_READ = {
    "page": "text pages",
    "html": "HTML pages",
    "warc": "WARC, ARC and WET files",
    "jsonl": "JSON Lines",
    "json": "JSON",
    "csv": "CSV",
    "tsv": "TSV",
    "parquet": "Parquet",
}
_MISSING = {
    "embargoed": "under embargo",
    "duplicate": "copies of another article",
    "superseded": "earlier captures of an article",
    "withdrawn": "withdrawn",
    "rejected": "no valid article",
}
_PREPROCESSING = (
    "Text in Unicode NFC with LF as line end, without indentation and spaces at the ends of lines, paragraphs joined "
    "by one blank line; nothing else of it is changed. `provenance.steps` of a row says what was done."
)
_MAINTENANCE = (
    "Versions are numbered by what happens to records: MAJOR where any is removed, withdrawn, newly withheld or in "
    "another split, MINOR where any is added, PATCH where any is corrected. `versions.json` and `CHANGELOG.md` tell of "
    "each. The card says where withdrawals are asked for."
)
_TOLD = {"noncommercial": "not for commercial use", "noderivatives": "not to be changed"}


def responsible(recipe: Recipe, manifest: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the properties of the vocabulary. What nobody has stated, such as biases, is not there.

    Args:
        recipe: What the corpus is.
        manifest: The manifest but for its files.
        names: The sources that have rows.
    """
    sources = set(names)
    formats = {entry.format for entry in recipe.inputs if entry.source in sources}
    told = {
        "dataCollection": _collection(manifest, len(sources)),
        "dataCollectionType": ["Web Scraping"] if "warc" in formats else None,
        "dataCollectionRawData": f"Read from {formats_of(recipe, sources)}.",
        "dataCollectionMissingData": _missing(manifest["counts"]),
        "dataPreprocessingProtocol": [_PREPROCESSING],
        "dataManipulationProtocol": " ".join(_manipulation(manifest)),
        "dataLimitations": list(_limitations(manifest)) or None,
        "personalSensitiveInformation": [_personal(manifest)],
        "dataReleaseMaintenancePlan": _MAINTENANCE,
    }
    return {f"rai:{name}": value for name, value in told.items() if value}


def formats_of(recipe: Recipe, names: Collection[str]) -> str:
    """Return in words what sources were read from.

    Args:
        recipe: What the corpus is.
        names: The sources.
    """
    formats = {entry.format for entry in recipe.inputs if entry.source in names}
    return ", ".join(word for name, word in _READ.items() if name in formats)


def _collection(manifest: Mapping[str, Any], sources: int) -> str:
    inputs = manifest["counts"]["inputs"]
    return (
        f"{inputs} inputs were read; the articles here are of {sources} publication{'s' if sources != 1 else ''}. "
        "`sources/` describes each, `provenance` of a row says where and when its article was captured."
    )


def _missing(counts: Mapping[str, Any]) -> str | None:
    missing = [f"{counts[name]} {words}" for name, words in _MISSING.items() if counts[name]]
    return f"Of the inputs these are not here: {', '.join(missing)}." if missing else None


def _manipulation(manifest: Mapping[str, Any]) -> Iterator[str]:
    copies, splits = manifest["duplicates"], manifest["splits"]
    yield f"Exact copies are {'left out' if copies['exact'] == 'drop' else 'kept'}."
    yield f"Texts that share {copies['threshold']} of their runs of five letters are near copies:"
    yield "one of each group is kept." if copies["near"] == "drop" else "they are kept in one group and one split."
    if "from" in splits:
        yield "Records said what split they are in; the others were given one by a hash of their group:"
    else:
        yield "Articles were given to splits by a hash of their group:"
    yield f"{', '.join(f'{name} {share}' for name, share in splits['shares'].items())}."
    for name, day in splits.get("since", {}).items():
        yield f"{name} has what was published on {day} or later."


def _limitations(manifest: Mapping[str, Any]) -> Iterator[str]:
    counts = manifest["counts"]
    if counts["withheld"]:
        of = counts["published"] + counts["withheld"]
        yield f"{counts['withheld']} of {of} articles are without their text: their rights do not open it here."
    for term in manifest["accepts"]:
        yield f"Some texts are {_TOLD[term]}: look at `license`."


def _personal(manifest: Mapping[str, Any]) -> str:
    if manifest["destination"] == "local":
        return "News articles name people. `rights.privacy` says which articles are known to expose somebody."
    return (
        "News articles name people. What is marked as exposing a minor, a victim or somebody whom a court made "
        "anonymous is here without text, headline and names."
    )
