"""The card's section on structure: configurations, languages, publications, splits, near copies, pictures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pressmark.press.composition import Amount, Composition, together
from pressmark.press.figures import figure_section
from pressmark.press.manifest import Shard
from pressmark.press.markdown import escaped, spaced, table
from pressmark.press.strata import MOST, split_section
from pressmark.recipe import Recipe
from pressmark.wording import words

_NUMBERS = ("rows", "files", "bytes", "articles", "with text", "characters")


def structure_section(
    recipe: Recipe,
    manifest: Mapping[str, Any],
    shards: Sequence[Shard],
    sizes: Mapping[str, int],
    made_of: Composition,
    groups: Mapping[int, int],
    pictures: Sequence[Any],
) -> list[str]:
    """Return the lines of the section.

    Args:
        recipe: What the corpus is.
        manifest: The manifest but for its files.
        shards: The files of rows.
        sizes: Their bytes, by path.
        made_of: What they add up to.
        groups: How many groups of several articles have how many.
        pictures: Of the release.
    """
    return [
        *("## Dataset Structure", "", "### What is here", ""),
        *table(("configuration", "split", "rows", "files", "bytes"), _parts(manifest, shards, sizes), _NUMBERS),
        *spaced([words("structure.configurations"), words("structure.columns")]),
        *("### Languages", ""),
        *table(("language", "script", "articles", "with text", "characters"), _varieties(made_of), _NUMBERS),
        *spaced([words("structure.languages")]),
        *("### Publications", ""),
        *table(
            ("source", "title", "publisher", "languages", "published", "articles", "with text"),
            _publications(recipe, made_of.publications),
            _NUMBERS,
        ),
        *spaced([words("structure.publications")]),
        *split_section(manifest, shards),
        *("### Near copies", ""),
        *spaced(_near(manifest, groups)),
        *figure_section(pictures),
    ]


def _parts(
    manifest: Mapping[str, Any], shards: Sequence[Shard], sizes: Mapping[str, int]
) -> Iterator[tuple[object, ...]]:
    for config, found in manifest["configs"].items():
        for split, entry in found["splits"].items():
            paths = [shard.path for shard in shards if (shard.config, shard.split) == (config, split)]
            yield config, split, entry["rows"], len(paths), sum(sizes[path] for path in paths)


def _varieties(made_of: Composition) -> Iterator[tuple[object, ...]]:
    for (language, script), amount in made_of.varieties.items():
        yield f"`{language}`", script or "not stated", amount.articles, amount.texts, amount.characters


def _publications(recipe: Recipe, found: Mapping[str, Amount]) -> Iterator[tuple[object, ...]]:
    most = sorted(found, key=lambda name: (-found[name].articles, name))
    for name in sorted(most[:MOST]):
        source = recipe.sources[name]
        yield f"`{name}`", escaped(source.title), escaped(source.publisher), *_amount(found[name])
    if rest := most[MOST:]:
        yield words("structure.others", count=len(rest)), "", "", *_amount(together(found[name] for name in rest))


def _amount(amount: Amount) -> tuple[object, ...]:
    languages = ", ".join(f"`{language}`" for language in sorted(amount.languages))
    return languages, amount.span, amount.articles, amount.texts


def _near(manifest: Mapping[str, Any], groups: Mapping[int, int]) -> Iterator[str]:
    copies = manifest["duplicates"]
    yield words("near.meaning", threshold=copies["threshold"])
    yield words("near.exact_kept" if copies["exact"] == "keep" else "near.exact_dropped")
    if copies["near"] == "drop":
        yield words("near.near_dropped")
    articles = sum(size * count for size, count in groups.items())
    yield words("near.groups", articles=articles, groups=sum(groups.values())) if groups else words("near.no_groups")
