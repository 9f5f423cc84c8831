"""The card of a release: its front matter, its tables and the sentences with numbers, against manifest and rows."""

import html
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from pressmark.findings import CATALOGUE, Finding, Kind
from pressmark.release.cited import card_faults, cut_citation, plain, version_line
from pressmark.release.columns import CONFIGS, card_features, read_contract, table_of_columns
from pressmark.release.copies import lacks_rows, plain_bytes
from pressmark.release.counts import CLASSES
from pressmark.release.described import LICENSE, metadata_license
from pressmark.release.figures import picture_faults, pictures_told
from pressmark.release.parts import FenceError, without_parts
from pressmark.release.stated import Words
from pressmark.release.strata import split_faults, split_rows, split_sentences
from pressmark.release.tally import Tally

CARD = "README.md"
_KEYS = {"pretty_name", "language", "language_details", "size_categories", "tags", "configs", "dataset_info"}
_LICENSE_KEYS = ("license", "license_name", "license_link")
_HUB_LICENSES = re.compile(
    r"cc0-1\.0|cc-by-(2\.0|2\.5|3\.0|4\.0)|cc-by-sa-(3\.0|4\.0)|cc-by-nc-(2\.0|3\.0|4\.0)|cc-by-nd-4\.0"
    r"|cc-by-nc-nd-(3\.0|4\.0)|cc-by-nc-sa-(2\.0|3\.0|4\.0)|odc-by|pddl"
)
"""The Hub's names of licences that the table of rights has. Source: its list of licences."""

_SHORT = {"ODC-By-1.0": "odc-by", "PDDL-1.0": "pddl"}
_TOLD = {"noncommercial": "not for commercial use", "noderivatives": "not to be changed"}

Table = tuple[tuple[str, ...], ...]


def verify_card(
    folder: Path, manifest: Mapping[str, Any], tally: Tally, lacking: Collection[str], words: Words | None
) -> Iterator[Finding]:
    """Yield what the card says otherwise than manifest, rows and the words in `croissant.json`.

    It is held against what the copy has of all that it speaks of.
    """
    if CARD in lacking:
        return
    try:
        derived, faults = without_parts(plain_bytes(folder, CARD).decode("utf-8"))
        _, front, body = derived.split("---\n", 2)
        card = yaml.safe_load(front)
        found = [*_front_faults(card, folder, manifest), *(("", fault) for fault in faults)]
        if not lacks_rows(manifest, lacking, ("articles",)) and _claimed(card) != _license(tally):
            found.append(("license", "is not what the licences of the texts come to"))
        found += [("", fault) for fault in card_faults(manifest, words, card, body.split("\n"))]
        if LICENSE not in lacking:
            told = tally if not lacks_rows(manifest, lacking, CONFIGS) else None
            found += [("", fault) for fault in _body_faults(body, card, folder, manifest, told)]
    except FenceError as error:
        yield Finding("card-differs", CARD, "", str(error))
        return
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, yaml.YAMLError) as error:
        yield Finding("card-differs", CARD, "", f"cannot be read: {type(error).__name__}")
        return
    for place, fault in found:
        yield Finding("rights-differ" if place == "license" else "card-differs", CARD, place, fault)


def _front_faults(card: Mapping[str, Any], folder: Path, manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    contract, configs = read_contract(folder), manifest["configs"]
    if card["configs"] != [_config(manifest, config) for config in configs]:
        yield "configs", "names other files, splits or another default than the manifest"
    sizes = [{key: each[key] for key in each if key != "features"} for each in card["dataset_info"]]
    if sizes != [_sizes(manifest, config) for config in configs]:
        yield "dataset_info", "states other numbers than the manifest"
    if [each["features"] for each in card["dataset_info"]] != [card_features(contract, config) for config in configs]:
        yield "dataset_info", "names other columns than the contract"
    languages = card["language_details"].split(", ")
    if set(card) - set(_claimed(card)) != _KEYS or card["tags"] != ["news", "pressmark"]:
        yield "", "found other keys or tags"
    if card["language"] != sorted({language.partition("-")[0] for language in languages}):
        yield "language", "differs from language_details"
    rows = sum(split["rows"] for found in configs.values() for split in found["splits"].values())
    if card["size_categories"] != [_size(rows)]:
        yield "size_categories", "differs from the number of rows"


def _claimed(card: Mapping[str, Any]) -> dict[str, Any]:
    return {key: card[key] for key in _LICENSE_KEYS if key in card}


def _license(tally: Tally) -> dict[str, str]:
    """Return the licence that a card may claim: one only where every text has it."""
    licenses, statuses = {license_ for _, license_ in tally.terms}, {status for status, _ in tally.terms}
    only = licenses.pop() if len(licenses) == 1 else ""
    if _HUB_LICENSES.fullmatch(name := _SHORT.get(only, only.lower())):
        return {"license": name}
    if only:
        name = only.lower()
    elif len(statuses) == 1:
        name = statuses.pop().replace("_", "-")
    else:
        name = "mixed-per-record" if statuses else "metadata-only"
    return {"license": "other", "license_name": name, "license_link": LICENSE}


def _size(rows: int) -> str:
    edges = {10**3: "1K", 10**4: "10K", 10**5: "100K", 10**6: "1M", 10**7: "10M"}
    below = next(((edge, name) for edge, name in edges.items() if rows < edge), (10**8, "100M"))
    return f"n<{below[1]}" if below[0] == 10**3 else f"{edges[below[0] // 10]}<n<{below[1]}"


def _config(manifest: Mapping[str, Any], config: str) -> dict[str, Any]:
    entry = manifest["configs"][config]
    files = [
        {
            "split": split,
            "path": [
                file["path"] for file in manifest["files"] if (file.get("config"), file.get("split")) == (config, split)
            ],
        }
        for split in entry["splits"]
    ]
    default = {"default": True} if entry["default"] else {}
    return {"config_name": config, **default, "data_files": files}


def _sizes(manifest: Mapping[str, Any], config: str) -> dict[str, Any]:
    splits = manifest["configs"][config]["splits"]
    return {
        "config_name": config,
        "splits": [
            {"name": name, "num_bytes": split["arrow_bytes"], "num_examples": split["rows"]}
            for name, split in splits.items()
        ],
        "download_size": sum(file["bytes"] for file in manifest["files"] if file.get("config") == config),
        "dataset_size": sum(split["arrow_bytes"] for split in splits.values()),
    }


def _body_faults(
    body: str, card: Mapping[str, Any], folder: Path, manifest: Mapping[str, Any], tally: Tally | None
) -> Iterator[str]:
    """Hold what the body of a card states; words without a number are the publisher's and no release says them again.

    The words of title and description are the publisher's too, and stand before the sentence with the version. Parts
    that the publisher wrote are not in it any more: whatever is derived has to be there without them.
    """
    lines = body.split("\n")
    start = lines.index(version_line(manifest))
    if lines[1:2] != [f"# {lines[1][2:]}"] or plain(lines[1][2:]) != card["pretty_name"]:
        yield "its title is not the front matter's"
    if any(line.startswith(("|", "#", "```")) for line in lines[2:start]):
        yield "found a table or a section before the first"
    below, _ = cut_citation(lines[start + 1 :])
    if [line for line in below if line.startswith("#")] != [*_sections(manifest)]:
        yield "its sections are not those that every card has"
    # How rows spread cannot be told without some of them.
    tables = [table for place, table in enumerate(_tables(below)) if tally is not None or place != 1]
    if tables != [*_expected_tables(folder, manifest, tally)]:
        yield "its tables differ from the manifest, the codes or the contract"
    yield from split_faults(below, manifest)
    if [line for line in below if _says_a_number(line)] != [*_sentences(folder, manifest)]:
        yield "its sentences with numbers differ from the manifest"
    marker = "`schema/rights-policy.json` is the table that decided. Licence of the metadata:"
    if below[below.index(marker) + 1] != f"{_metadata_license(folder)}.":
        yield f"the licence of the metadata is not that of {LICENSE}"
    yield from picture_faults(below, manifest, tally)
    restricted = [line for line in below if line.startswith("Some texts here are ")]
    if restricted != [f"Some texts here are {_TOLD[term]}: look at `license`." for term in manifest["accepts"]]:
        yield "it tells of other restrictions than the line accepts"
    default = next(config for config, entry in manifest["configs"].items() if entry["default"])
    reading = "\n".join(line for line in below if "load_dataset(" in line)
    called = rf'articles = load_dataset\("[^"]+", "{default}", revision="v{re.escape(manifest["version"])}"\)'
    if not re.fullmatch(called, reading):
        yield "it tells how to read another configuration or version"


def _sections(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## How to read it", "## What is here", "## Splits")
    if pictures_told(manifest):
        yield "## In pictures"
    yield from ("## What is not here, and why", "## Rights")
    if manifest["counts"]["withheld"]:
        yield "## What is withheld"
    yield from ("## Withdrawal", "## Columns")


def _tables(lines: list[str]) -> list[Table]:
    found: list[list[tuple[str, ...]]] = [[]]
    for line in lines:
        if line.startswith("|"):
            found[-1].append(tuple(line.split(" | ")))
        elif found[-1]:
            found.append([])
    return [tuple(table) for table in found if table]


def _expected_tables(folder: Path, manifest: Mapping[str, Any], tally: Tally | None) -> Iterator[Table]:
    counts, codes = manifest["counts"], manifest["counts"]["by_code"]
    parts = [
        (config, split, entry["rows"])
        for config, found in manifest["configs"].items()
        for split, entry in found["splits"].items()
    ]
    yield _table("configuration | split | rows", parts)
    if tally is not None:
        yield _table(*split_rows(manifest, tally))
    yield _table("class | inputs", [(name, counts[name]) for name in CLASSES if counts[name]])
    if codes:
        yield _table("reason | inputs", codes.items())
    withheld = [code for code in codes if CATALOGUE[code].kind is Kind.WITHHELD and code != "embargoed"]
    if counts["withheld"]:
        meanings = [(f"`{code}`", codes[code], CATALOGUE[code].meaning) for code in withheld]
        yield _table("reason | articles | meaning", meanings)
    described = [(name, kind, _marked(text)) for name, kind, text in table_of_columns(read_contract(folder))]
    yield _table("column | type | meaning", described)


def _table(head: str, rows: Any) -> Table:
    lines = [
        f"| {head} |",
        f"|{'---|' * len(head.split(' | '))}",
        *(f"| {' | '.join(map(str, row))} |" for row in rows),
    ]
    return tuple(tuple(line.split(" | ")) for line in lines)


def _marked(text: str) -> str:
    return re.sub(r"([\\`*_\[\]|#!~])", r"\\\1", html.escape(text, quote=False))


def _says_a_number(line: str) -> bool:
    elsewhere = ("|", "articles = load_dataset(", "of the article and what the claim rests on. Withdrawals are asked")
    return bool(re.search("[0-9]", line)) and not line.startswith(elsewhere)


def _sentences(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines with numbers, in the order of the card."""
    counts, destination, day = manifest["counts"], manifest["destination"], manifest["as_of"]
    yield from split_sentences(manifest)
    yield f"{counts['inputs']} inputs were read. Each is in one of these classes:"
    yield f"({destination}), as of {day}; what is unknown is withheld. `LICENSE.md` counts the"
    yield from filter(_says_a_number, [f"{_metadata_license(folder)}."])
    if counts["withheld"]:
        yield f"{counts['withheld']} articles are here without their text, in the configuration `withheld`:"


def _metadata_license(folder: Path) -> str:
    stated = metadata_license(folder)
    return "none stated" if stated == "no licence stated" else stated
