"""The front matter of a card, against manifest, contract, rows and the publisher's words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from pressmark.release.columns import Contract, card_features
from pressmark.release.composed import Found, amounts, whole
from pressmark.release.described import LICENSE
from pressmark.release.tally import Tally

_HUB_LICENSES = re.compile(
    r"cc0-1\.0|cc-by-(2\.0|2\.5|3\.0|4\.0)|cc-by-sa-(3\.0|4\.0)|cc-by-nc-(2\.0|3\.0|4\.0)|cc-by-nd-4\.0"
    r"|cc-by-nc-nd-(3\.0|4\.0)|cc-by-nc-sa-(2\.0|3\.0|4\.0)|odc-by|pddl"
)
"""The Hub's names of licences that the table of rights has. Source: its list of licences."""

_SHORT = {"ODC-By-1.0": "odc-by", "PDDL-1.0": "pddl"}
_LICENSE_KEYS = ("license", "license_name", "license_link")
_OF_ROWS = ("language", "language_details", "multilinguality", "size_categories", "source_datasets")
_OF_WORDS = ("pretty_name", "task_categories", "task_ids", "tags")
_OTHERWISE = {
    "configs": "names other files, splits or another default than the manifest",
    "dataset_info": "states other numbers than the manifest, or other columns than the contract",
    "license": "is not what the licences of the texts come to",
}


def front_faults(text: str, card: Mapping[str, Any], found: Found, contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield place and detail of what the front matter says otherwise than the release.

    Args:
        text: The front matter, without its marks.
        card: What it says.
        found: What else a copy has; what it lacks is taken as stated.
        contract: The contract of the release.
    """
    expected = {key: value for key, value in _expected(card, found, contract).items() if value}
    differing = {key for key in (*expected, *card) if card.get(key) != expected.get(key)}
    if differing & {*_LICENSE_KEYS}:
        yield "license", _OTHERWISE["license"]
    for key in (each for each in expected if each in differing and each not in _LICENSE_KEYS):
        yield key, _OTHERWISE.get(key, "is not what the release says")
    if differing - expected.keys() - {*_LICENSE_KEYS}:
        yield "", "found keys that no card has, or that nobody stated"
    if not differing and yaml.safe_dump(expected, sort_keys=False, allow_unicode=True, width=10**6) != text:
        yield "", "its front matter is written in another way than pressmark writes it"


def _expected(card: Mapping[str, Any], found: Found, contract: Contract) -> dict[str, Any]:
    manifest = found.manifest
    licensed = _license(found.texts) if found.texts else {key: card[key] for key in _LICENSE_KEYS if key in card}
    rows = _of_rows(found.tally) if found.tally else {key: card.get(key) for key in _OF_ROWS}
    stated = {key: card.get(key) for key in _OF_WORDS}
    if found.words:
        tasks = {key: [name for of, name in found.words.tasks if of == key] for key in ("task_categories", "task_ids")}
        tags = ["news", "pressmark", *found.words.tags]
        stated = {"pretty_name": " ".join(found.words.title.split()), **tasks, "tags": tags}
    return {
        "pretty_name": stated["pretty_name"],
        "language": rows["language"],
        "language_details": rows["language_details"],
        **licensed,
        "annotations_creators": ["no-annotation"],
        "language_creators": ["found"],
        "multilinguality": rows["multilinguality"],
        "size_categories": rows["size_categories"],
        "source_datasets": rows["source_datasets"],
        "task_categories": stated["task_categories"],
        "task_ids": stated["task_ids"],
        "tags": stated["tags"],
        "configs": [_config(manifest, config) for config in manifest["configs"]],
        "dataset_info": [_information(manifest, config, contract) for config in manifest["configs"]],
    }


def _of_rows(tally: Tally) -> dict[str, list[str]]:
    varieties = [language for (language,) in amounts(tally, 1)]
    languages = sorted({variety.split("-")[0] for variety in varieties})
    return {
        "language": languages,
        "language_details": varieties,
        "multilinguality": ["monolingual" if len(languages) == 1 else "multilingual"],
        "size_categories": [_size(whole(tally)[0])],
        "source_datasets": [name or "original" for name in sorted(tally.amounts.datasets)],
    }


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
    steps = [(10 ** (3 + place), f"{10 ** (place % 3)}{'KMBT'[place // 3]}") for place in range(10)]
    above = [name for edge, name in steps if rows >= edge]
    below = [name for edge, name in steps if rows < edge]
    if not above:
        return f"n<{below[0]}"
    return f"{above[-1]}<n<{below[0]}" if below else f"n>{above[-1]}"


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


def _information(manifest: Mapping[str, Any], config: str, contract: Contract) -> dict[str, Any]:
    splits = manifest["configs"][config]["splits"]
    return {
        "config_name": config,
        "features": card_features(contract, config),
        "splits": [
            {"name": name, "num_bytes": split["arrow_bytes"], "num_examples": split["rows"]}
            for name, split in splits.items()
        ],
        "download_size": sum(file["bytes"] for file in manifest["files"] if file.get("config") == config),
        "dataset_size": sum(split["arrow_bytes"] for split in splits.values()),
    }
