"""What a release says about its publications, so that a reader can read own copies as the build read them.

`sources/NAME.json` has who publishes, the language, the time zone and the page layout, and how records mark their
paragraphs. Of rights, decisions and evidence it has nothing: those are in the rows.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pressmark.article.record import without_nothing
from pressmark.recipe import Input, Recipe
from pressmark.sources import Source
from pressmark.workshop import write_durably

FOLDER = "sources"


def write_publications(folder: Path, recipe: Recipe, names: Iterable[str]) -> None:
    """Write `sources/NAME.json` into a release folder.

    Args:
        folder: The folder that the release is written in.
        recipe: What the corpus is.
        names: The sources that have rows in the release.
    """
    for name in sorted(set(names)):
        inputs = {(entry.format, entry.encoding, entry.paragraphs) for entry in recipe.inputs if entry.source == name}
        described = {
            "source": public_part(recipe.sources[name]),
            "inputs": [
                {"format": format_, "encoding": encoding, "paragraphs": paragraphs}
                for format_, encoding, paragraphs in sorted(inputs)
            ],
        }
        text = json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        write_durably(folder / FOLDER / f"{name}.json", text.encode())


def public_part(source: Source) -> dict[str, Any]:
    """Return a source by `schema/source.schema.json`, without its rights."""
    whole = {key: value for key, value in asdict(source).items() if key not in ("name", "rights")}
    return dict(without_nothing(json.loads(json.dumps(whole))))


def ways(inputs: Iterable[dict[str, str]], source: str) -> list[Input]:
    """Return the ways in which files of a source are read: as declared, and with the encoding told from the bytes."""
    found = {
        Input("**/*.txt" if entry["format"] == "page" else "**/*.jsonl", entry["format"], source, encoding=encoding,
              paragraphs=entry["paragraphs"])
        for entry in inputs
        for encoding in {entry["encoding"], "auto"}
    }  # fmt: skip
    return sorted(found, key=lambda way: (way.format, way.encoding != "auto", way.encoding, way.paragraphs))
