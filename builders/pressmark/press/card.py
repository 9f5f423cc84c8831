"""The dataset card and the other files that people read in a release."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pressmark.article.contract import schema_bytes
from pressmark.card_parts import fenced
from pressmark.figures.shown import Figure
from pressmark.press.absent import absent_section, rights_section, withdrawal_section
from pressmark.press.citation import citation_section
from pressmark.press.columns import described
from pressmark.press.composition import ARTICLES, composition
from pressmark.press.details import details_section, head, reading_section, uses_section
from pressmark.press.editions import versions_section
from pressmark.press.front_matter import front_matter
from pressmark.press.manifest import Shard
from pressmark.press.markdown import escaped, table
from pressmark.press.rights import LICENSE_FILE, Terms, license_text
from pressmark.press.statements import creation_section, datasheet_section, limits_section, statement_section
from pressmark.press.structure import structure_section
from pressmark.recipe import Line, Recipe
from pressmark.wording import words
from pressmark.workshop import write_durably


def write_card(
    folder: Path,
    recipe: Recipe,
    line: Line,
    manifest: Mapping[str, Any],
    shards: Sequence[Shard],
    terms: Terms,
    figures: Sequence[Figure],
    groups: Mapping[int, int],
) -> None:
    """Write README.md, LICENSE.md, schema and table of rights into a release folder.

    Args:
        folder: The folder that the release is written in, its shards and its history already there.
        recipe: What the corpus is.
        line: The audience.
        manifest: The manifest but for its files.
        shards: The files of rows.
        terms: What the articles that are here with their text may be used under.
        figures: Its pictures.
        groups: How many groups of several articles have how many.
    """
    made_of = composition(shards)
    sizes = {shard.path: (folder / shard.path).stat().st_size for shard in shards}
    front = front_matter(folder, recipe, manifest, shards, terms, made_of)
    body = [
        *head(recipe, manifest),
        *details_section(recipe, line, manifest, terms, made_of),
        *reading_section(recipe, line, manifest, shards),
        *uses_section(line),
        *structure_section(recipe, manifest, shards, sizes, made_of, groups, figures),
        *absent_section(manifest["counts"]),
        *rights_section(manifest, terms),
        *withdrawal_section(folder, recipe),
        *creation_section(recipe, manifest, made_of),
        *limits_section(manifest, made_of),
        *statement_section(made_of),
        *datasheet_section(recipe, manifest, shards, sizes, made_of),
        *versions_section(folder),
        *citation_section(recipe, line, manifest),
        *_columns_section(),
    ]
    # Behind everything that is derived, so that nothing which a part opens in Markdown can swallow any of it.
    parts = "".join(f"\n{fenced(part)}" for part in recipe.card)
    files = {
        "README.md": "\n".join([front, *body]) + parts,
        LICENSE_FILE: license_text(recipe, terms),
    }
    for name, text in files.items():
        write_durably(folder / name, text.encode())
    for name in ("article.schema.json", "rights-policy.json"):
        write_durably(folder / "schema" / name, schema_bytes(name))


def _columns_section() -> Iterator[str]:
    yield from ("## Columns", "")
    yield from table(("column", "type", "meaning"), (_column(*column) for column in described(ARTICLES)))


def _column(name: str, kind: str, meaning: str) -> tuple[str, str, str]:
    """Return a row of the table: what a column consists of stands behind its meaning, where there is room for it."""
    whole, struct, fields = kind.partition("struct of ")
    if not struct:
        return f"`{name}`", kind, escaped(meaning)
    named = ", ".join(f"`{each}`" for each in fields.split(", "))
    return f"`{name}`", f"{whole}struct", f"{escaped(meaning)} {words('columns.fields', names=named)}"
