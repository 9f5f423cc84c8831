"""The card's first sections: what a release is at a glance, how it is read, and what it may be used for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pressmark.press.citation import authors_of, doi_address, orcid_address, page_of, repository
from pressmark.press.composition import ARTICLES, Composition
from pressmark.press.front_matter import paths_of
from pressmark.press.manifest import Shard
from pressmark.press.markdown import address, escaped, listed, spaced
from pressmark.press.rights import Terms, hub_license
from pressmark.recipe import Line, Recipe
from pressmark.wording import words


def head(recipe: Recipe, manifest: Mapping[str, Any]) -> list[str]:
    """Return title, description and version."""
    description = recipe.description if recipe.description != recipe.title else ""
    told = [f"# {escaped(recipe.title)}", escaped(description)]
    return spaced([*filter(None, told), f"Version {manifest['version']}, as of {manifest['as_of']}."])


def details_section(
    recipe: Recipe, line: Line, manifest: Mapping[str, Any], terms: Terms, made_of: Composition
) -> list[str]:
    """Return what a release is at a glance."""
    license_ = hub_license(terms)
    languages = sorted({language for language, _ in made_of.varieties})
    home, doi = repository(line), doi_address(line)
    texts = words("details.licence_of_texts", name=license_.get("license_name", license_["license"]))
    told = {
        "Curated by": "; ".join(map(_author, authors_of(recipe))),
        "Shared by": escaped(recipe.publisher),
        "Languages": ", ".join(f"`{language}`" for language in languages),
        "Articles": words("details.articles", all=made_of.whole.articles, texts=made_of.whole.texts),
        "Published": _published(made_of),
        "Licence of the texts": texts,
        "Licence of the metadata": metadata_license(recipe),
        "Repository": home and f"<{home}>",
        "This version": (page := page_of(line, manifest["version"])) and f"<{page}>",
        "DOI": doi and f"<{doi}>",
        "Contact": address(recipe.contact),
    }
    return ["## Dataset Details", "", *listed(f"**{name}:** {value}" for name, value in told.items() if value)]


def metadata_license(recipe: Recipe) -> str:
    """Return the licence of the metadata, or that none is stated."""
    return recipe.metadata_license or words("details.no_licence_of_metadata")


def _author(author: Mapping[str, str]) -> str:
    name, orcid = escaped(author["name"]), orcid_address(author)
    return f"{name} (<{orcid}>)" if orcid else name


def _published(made_of: Composition) -> str:
    years = made_of.whole.years
    if not years:
        return words("details.undated")
    name = "details.published_in_part" if made_of.undated else "details.published"
    return words(name, years=made_of.whole.span, undated=made_of.undated)


def reading_section(recipe: Recipe, line: Line, manifest: Mapping[str, Any], shards: Sequence[Shard]) -> list[str]:
    """Return how a release is read, ready to be pasted."""
    version = manifest["version"]
    configs = manifest["configs"]
    config = next((name for name in configs if configs[name]["default"]), next(iter(configs)))
    split = next(iter(configs[config]["splits"]))
    repo, tag = line.repo or f"ORG/{recipe.name}", f"v{version}"
    base, called = f"hf://datasets/{repo}@{tag}/", f'load_dataset("{repo}", "{config}", revision="{tag}")'
    notes = ["read.revision", *([f"read.{line.destination}"] if line.destination in ("gated", "private") else [])]
    if line.destination == "local":
        base, called, notes = f"{version}/", f'load_dataset("{version}", "{config}")', ["read.path"]
    files = f"{base}{'data' if config == ARTICLES else 'withheld'}/{split}/*.parquet"
    plain = (
        f"https://huggingface.co/datasets/{repo}/resolve/{tag}/{quote(paths_of(config, split, shards)[0])}"
        if line.destination != "local"
        else ""
    )
    is_closed = line.destination in ("gated", "private")
    secret = ['duckdb.sql("CREATE SECRET (TYPE huggingface, PROVIDER credential_chain)")'] if is_closed else []
    token = '--header "Authorization: Bearer $(hf auth token)" ' if is_closed else ""
    return [
        *("## How to read it", ""),
        *_code("python", "from datasets import load_dataset", "", f"articles = {called}"),
        *spaced(words(note, version=version) for note in notes),
        *spaced([words("read.other")]),
        *_code("python", "import polars", "", f'articles = polars.scan_parquet("{files}")'),
        *_code("python", "import duckdb", "", *secret, f"articles = duckdb.sql(\"FROM '{files}'\")"),
        *(_code("sh", f"curl --location --remote-name {token}{plain}") if plain else []),
        *spaced([words("read.checked")]),
    ]


def _code(language: str, *lines: str) -> Iterator[str]:
    yield from (f"```{language}", *lines, "```", "")


def uses_section(line: Line) -> list[str]:
    """Return what a release may be used for."""
    restricted = [words(f"uses.{term}") for term in line.accepts]
    return [
        *("## Uses", "", "### Direct Use", ""),
        *spaced([words("uses.direct"), *restricted]),
        *("### Out-of-Scope Use", ""),
        *spaced([words("uses.out_of_scope")]),
    ]
