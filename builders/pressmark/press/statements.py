"""The card's sections on how a corpus was made, its limits, and the questions of a data statement and a datasheet."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pressmark.press.citation import authors_of
from pressmark.press.composition import Composition
from pressmark.press.manifest import Shard
from pressmark.press.markdown import escaped, listed, spaced, table
from pressmark.press.responsible import formats_of
from pressmark.recipe import Recipe
from pressmark.wording import words

_UNKNOWN = "unknown"


def creation_section(recipe: Recipe, manifest: Mapping[str, Any], made_of: Composition) -> list[str]:
    """Return how a corpus was made."""
    inputs, formats = manifest["counts"]["inputs"], formats_of(recipe, made_of.publications)
    private = "creation.personal_local" if manifest["destination"] == "local" else "creation.personal"
    derivations = sorted(made_of.derivations.items())
    return [
        *("## Dataset Creation", "", "### Curation Rationale", ""),
        *spaced([words("creation.rationale")]),
        *("### Source Data", "", "#### Data Collection and Processing", ""),
        *spaced([words("creation.collection", inputs=inputs, formats=formats), words("creation.processing")]),
        *("#### Who are the source data producers?", ""),
        *spaced([words("creation.producers")]),
        *table(("derivation", "articles"), derivations, ("articles",)),
        *("### Annotations", ""),
        *spaced([words("creation.annotation")]),
        *("### Personal and Sensitive Information", ""),
        *spaced([words(private)]),
    ]


def limits_section(manifest: Mapping[str, Any], made_of: Composition) -> list[str]:
    """Return what has to be known before a corpus is used."""
    return [
        *("## Bias, Risks, and Limitations", ""),
        *listed(_limits(manifest["counts"], made_of)),
        *("### Recommendations", ""),
        *listed(words(f"advice.{name}") for name in ("version", "splits", "licence", "older")),
    ]


def _limits(counts: Mapping[str, Any], made_of: Composition) -> Iterator[str]:
    if counts["withheld"]:
        yield words("limits.withheld", all=made_of.whole.articles, withheld=counts["withheld"])
    if made_of.undated:
        yield words("limits.undated", count=made_of.undated)
    if made_of.derivations[_UNKNOWN]:
        yield words("limits.unknown", count=made_of.derivations[_UNKNOWN])
    yield words("limits.declared")
    yield words("limits.news")


def statement_section(made_of: Composition) -> list[str]:
    """Return the questions of a data statement and where or how they are answered."""
    whole, years = made_of.whole, made_of.whole.years
    varieties = ", ".join(
        f"`{language}` ({script})" if script else f"`{language}`" for language, script in made_of.varieties
    )
    when = words("statement.situation_undated")
    if years:
        when = words("statement.situation_published", years=whole.span)
    texts = words("statement.no_texts")
    if whole.texts:
        average = whole.characters // whole.texts
        told = {"texts": whole.texts, "characters": whole.characters, "average": average}
        texts = words("statement.characteristics", **told)
    return [
        *("## Data Statement", ""),
        *spaced([words("statement.about")]),
        *listed(
            [
                words("statement.rationale"),
                words("statement.varieties", varieties=varieties),
                words("statement.authors"),
                words("statement.annotators"),
                words("statement.situation", when=when),
                texts,
                words("statement.quality"),
            ]
        ),
    ]


def datasheet_section(
    recipe: Recipe,
    manifest: Mapping[str, Any],
    shards: Sequence[Shard],
    sizes: Mapping[str, int],
    made_of: Composition,
) -> list[str]:
    """Return the questions of a datasheet and where or how they are answered."""
    counts, configs = manifest["counts"], manifest["configs"]
    here = counts["published"] + counts["withheld"]
    authors = "; ".join(escaped(author["name"]) for author in authors_of(recipe))
    return [
        *("## Datasheet", ""),
        *spaced([words("datasheet.about")]),
        *listed(
            [
                words("datasheet.motivation", authors=authors),
                words(
                    "datasheet.composition",
                    all=made_of.whole.articles,
                    configs=len(configs),
                    splits=len({split for found in configs.values() for split in found["splits"]}),
                    absent=counts["inputs"] - here,
                    inputs=counts["inputs"],
                ),
                words("datasheet.collection"),
                words("datasheet.preprocessing"),
                words("datasheet.uses"),
                words(
                    "datasheet.distribution",
                    destination=manifest["destination"],
                    files=len(shards),
                    bytes=sum(sizes.values()),
                ),
                words("datasheet.maintenance", version=manifest["version"], release=manifest["release"]),
            ]
        ),
    ]
