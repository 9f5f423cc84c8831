"""The dataset card and the other files that people read in a release."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from pressmark.article.contract import schema_bytes
from pressmark.card_parts import fenced
from pressmark.figures.shown import Figure
from pressmark.press.citation import citation_section
from pressmark.press.columns import card_features, described
from pressmark.press.figures import figure_section
from pressmark.press.manifest import CLASSES, Shard
from pressmark.press.rights import LICENSE_FILE, Terms, card_sections, hub_license, license_text
from pressmark.press.strata import split_section
from pressmark.recipe import Line, Recipe
from pressmark.workshop import write_durably

_SIZES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
)
_SIZE_ABOVE = "10M<n<100M"


def write_card(
    folder: Path,
    recipe: Recipe,
    line: Line,
    manifest: Mapping[str, Any],
    shards: Sequence[Shard],
    terms: Terms,
    figures: Sequence[Figure],
) -> None:
    """Write README.md, LICENSE.md, schema and table of rights into a release folder.

    Args:
        folder: The folder that the release is written in, its shards already there.
        recipe: What the corpus is.
        line: The audience.
        manifest: The manifest but for its files.
        shards: The files of rows.
        terms: What the articles that are here with their text may be used under.
        figures: Its pictures.
    """
    front = yaml.safe_dump(
        _front_matter(folder, recipe, manifest, shards, terms),
        sort_keys=False,
        allow_unicode=True,
        width=10**6,
    )
    sections = [*split_section(manifest, shards), *figure_section(figures)]
    body = "\n".join(_body(recipe, line, manifest, sections))
    # Behind everything that is derived, so that nothing which a part opens in Markdown can swallow any of it.
    parts = "".join(f"\n{fenced(part)}" for part in recipe.card)
    files = {
        "README.md": f"---\n{front}---\n\n{body}{parts}",
        LICENSE_FILE: license_text(recipe, terms),
    }
    for name, text in files.items():
        write_durably(folder / name, text.encode())
    for name in ("article.schema.json", "rights-policy.json"):
        write_durably(folder / "schema" / name, schema_bytes(name))


def _front_matter(
    folder: Path, recipe: Recipe, manifest: Mapping[str, Any], shards: Sequence[Shard], terms: Terms
) -> dict[str, Any]:
    rows = sum(shard.rows for shard in shards)
    size = next((name for limit, name in _SIZES if rows < limit), _SIZE_ABOVE)
    configs, information = [], []
    for config, entry in manifest["configs"].items():
        files = {
            split: sorted(shard.path for shard in shards if (shard.config, shard.split) == (config, split))
            for split in entry["splits"]
        }
        configs.append(
            {
                "config_name": config,
                **({"default": True} if entry["default"] else {}),
                "data_files": [{"split": split, "path": paths} for split, paths in files.items()],
            }
        )
        information.append(_information(folder, config, entry["splits"], files))
    return {
        "pretty_name": " ".join(recipe.title.split()),
        "language": sorted({language.split("-")[0] for language in recipe.languages}),
        "language_details": ", ".join(recipe.languages),
        **hub_license(terms),
        "size_categories": [size],
        "tags": ["news", "pressmark"],
        "configs": configs,
        "dataset_info": information,
    }


def _information(
    folder: Path, config: str, splits: Mapping[str, Any], files: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    return {
        "config_name": config,
        "features": card_features(config),
        "splits": [
            {"name": name, "num_bytes": split["arrow_bytes"], "num_examples": split["rows"]}
            for name, split in splits.items()
        ],
        "download_size": sum((folder / path).stat().st_size for paths in files.values() for path in paths),
        "dataset_size": sum(split["arrow_bytes"] for split in splits.values()),
    }


def _body(recipe: Recipe, line: Line, manifest: Mapping[str, Any], sections: Sequence[str]) -> list[str]:
    counts, version = manifest["counts"], manifest["version"]
    repo = line.repo or f"ORG/{recipe.name}"
    rows = [
        f"| {config} | {split} | {entry['rows']} |"
        for config, found in manifest["configs"].items()
        for split, entry in found["splits"].items()
    ]
    codes = [f"| {code} | {count} |" for code, count in counts["by_code"].items()]
    columns = [f"| `{name}` | {kind} | {escaped(text)} |" for name, kind, text in described("articles")]
    default = next((config for config, entry in manifest["configs"].items() if entry["default"]), "articles")
    return [
        f"# {escaped(recipe.title)}",
        "",
        *([escaped(recipe.description), ""] if recipe.description else []),
        f"Version {version}, as of {manifest['as_of']}.",
        "",
        "## How to read it",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        f'articles = load_dataset("{repo}", "{default}", revision="v{version}")',
        "```",
        "",
        "## What is here",
        "",
        "| configuration | split | rows |",
        "|---|---|---|",
        *rows,
        "",
        "`articles` holds texts. `withheld` holds what may be said of articles whose text may not be shown here:",
        "metadata, digests and the reason. Articles are ordered by time of publication.",
        "",
        *sections,
        "## What is not here, and why",
        "",
        f"{counts['inputs']} inputs were read. Each is in one of these classes:",
        "",
        "| class | inputs |",
        "|---|---|",
        *[f"| {name} | {counts[name]} |" for name in CLASSES if counts[name]],
        "",
        *(["| reason | inputs |", "|---|---|", *codes, ""] if codes else []),
        *card_sections(recipe, line, manifest, escaped(recipe.contact)),
        *citation_section(recipe, line, manifest),
        "## Columns",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
        *columns,
        "",
    ]


def escaped(text: str) -> str:
    """Return a recipe's words so that they stay words in Markdown: nothing active, and one line."""
    marked = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in r"\`*_[]|#!~" else c for c in " ".join(marked.split()))
