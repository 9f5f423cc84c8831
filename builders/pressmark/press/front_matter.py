"""The front matter of a card: the Hub's metadata, as far as recipe and rows tell it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from pressmark.press.columns import card_features
from pressmark.press.composition import Composition
from pressmark.press.manifest import Shard
from pressmark.press.rights import Terms, hub_license
from pressmark.recipe import Recipe

TAGS = ("news", "pressmark")
ORIGINAL = "original"
_EDGES = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")
"""Of the Hub's classes of size: ten times more each."""


def front_matter(
    folder: Path,
    recipe: Recipe,
    manifest: Mapping[str, Any],
    shards: Sequence[Shard],
    terms: Terms,
    made_of: Composition,
) -> str:
    """Return the front matter with its marks.

    What nobody stated, such as tasks, is not there. Languages are those of the rows: what a recipe announces may not
    have come.
    """
    varieties = sorted({language for language, _ in made_of.varieties})
    languages = sorted({variety.partition("-")[0] for variety in varieties})
    stated = {
        "pretty_name": " ".join(recipe.title.split()),
        "language": languages,
        "language_details": varieties,
        **hub_license(terms),
        "annotations_creators": ["no-annotation"],
        "language_creators": ["found"],
        "multilinguality": ["multilingual" if len(languages) > 1 else "monolingual"],
        "size_categories": [_size(made_of.whole.articles)],
        "source_datasets": [name or ORIGINAL for name in made_of.datasets],
        "task_categories": list(recipe.task_categories),
        "task_ids": list(recipe.task_ids),
        "tags": [*TAGS, *recipe.tags],
        "configs": [_config(name, entry, shards) for name, entry in manifest["configs"].items()],
        "dataset_info": [_information(folder, name, entry, shards) for name, entry in manifest["configs"].items()],
    }
    there = {key: value for key, value in stated.items() if value}
    return f"---\n{yaml.safe_dump(there, sort_keys=False, allow_unicode=True, width=10**6)}---\n"


def _size(rows: int) -> str:
    if rows < 10**3:
        return f"n<{_EDGES[0]}"
    place = len(str(rows)) - 4
    return f"{_EDGES[place]}<n<{_EDGES[place + 1]}" if place + 1 < len(_EDGES) else f"n>{_EDGES[-1]}"


def _config(config: str, entry: Mapping[str, Any], shards: Sequence[Shard]) -> dict[str, Any]:
    default = {"default": True} if entry["default"] else {}
    files = [{"split": split, "path": paths_of(config, split, shards)} for split in entry["splits"]]
    return {"config_name": config, **default, "data_files": files}


def paths_of(config: str, split: str, shards: Sequence[Shard]) -> list[str]:
    """Return the files of a split in their order."""
    return sorted(shard.path for shard in shards if (shard.config, shard.split) == (config, split))


def _information(folder: Path, config: str, entry: Mapping[str, Any], shards: Sequence[Shard]) -> dict[str, Any]:
    return {
        "config_name": config,
        "features": card_features(config),
        "splits": [
            {"name": name, "num_bytes": split["arrow_bytes"], "num_examples": split["rows"]}
            for name, split in entry["splits"].items()
        ],
        "download_size": sum((folder / shard.path).stat().st_size for shard in shards if shard.config == config),
        "dataset_size": sum(split["arrow_bytes"] for split in entry["splits"].values()),
    }
