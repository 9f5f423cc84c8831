"""The first sections of a card as they have to be: at a glance, how a release is read, what it may be used for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pressmark.release.composed import Found, Section, amounts, span, undated, whole, years_of
from pressmark.release.marked import marked, paragraphs, points
from pressmark.release.stated import DOI, HUB, ORCID
from pressmark.wording import words

_CALLED = re.compile(r'articles = load_dataset\("([A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96})", ')


def first_sections(found: Found, front: Mapping[str, Any], body: Sequence[str], contact: str) -> Iterator[Section]:
    """Yield title, details, how to read, and uses.

    Args:
        found: What a copy has.
        front: The front matter.
        body: The lines behind it.
        contact: Where withdrawals are asked for, as Markdown.
    """
    manifest = found.manifest
    version = f"Version {manifest['version']}, as of {manifest['as_of']}."
    if found.words:
        description = found.words.description if found.words.description != found.words.title else ""
        yield f"# {marked(found.words.title)}", ["", *paragraphs(marked(description), version)]
    else:
        yield f"# {marked(front['pretty_name'])}", None
    yield "## Dataset Details", _details(found, front, contact)
    yield "## How to read it", _reading(found, body)
    yield "## Uses", [""]
    restricted = [words(f"uses.{term}") for term in manifest["accepts"]]
    yield "### Direct Use", ["", *paragraphs(words("uses.direct"), *restricted)]
    yield "### Out-of-Scope Use", ["", *paragraphs(words("uses.out_of_scope"))]


def _details(found: Found, front: Mapping[str, Any], contact: str) -> list[str] | None:
    words_, tally = found.words, found.tally
    if words_ is None or tally is None or found.metadata_license is None:
        return None
    articles, texts, _ = whole(tally)
    years, page = years_of(tally), words_.page(found.manifest["version"])
    without = undated(tally)
    published = words("details.undated")
    if years:
        key = "details.published_in_part" if without else "details.published"
        published = words(key, years=span(years), undated=without)
    # That it is what the rows come to is looked at where the front matter is.
    license_ = front.get("license_name", front.get("license", ""))
    told = [
        ("Curated by", "; ".join(_author(author) for author in words_.authors)),
        ("Shared by", marked(words_.publisher)),
        ("Languages", ", ".join(f"`{language}`" for (language,) in amounts(tally, 1))),
        ("Articles", words("details.articles", all=articles, texts=texts)),
        ("Published", published),
        ("Licence of the texts", words("details.licence_of_texts", name=license_)),
        ("Licence of the metadata", found.metadata_license),
        ("Repository", f"<{HUB}{words_.repo}>" if words_.repo else ""),
        ("This version", f"<{page}>" if page else ""),
        ("DOI", f"<{DOI}{words_.doi}>" if words_.doi else ""),
        ("Contact", contact),
    ]
    return ["", *points(*(f"**{name}:** {value}" for name, value in told if value))]


def _author(author: Mapping[str, str]) -> str:
    orcid = f" (<{ORCID}{author['orcid']}>)" if author.get("orcid") else ""
    return f"{marked(author['name'])}{orcid}"


def _reading(found: Found, body: Sequence[str]) -> list[str]:
    manifest, config = found.manifest, found.default
    secret: list[str] = []
    split = next(iter(manifest["configs"][config]["splits"]))
    here = f"{'data' if config == 'articles' else 'withheld'}/{split}/"
    if manifest["destination"] == "local":
        version = manifest["version"]
        call, place, fetched = f'"{version}", "{config}"', f"{version}/{here}", []
        notes = [words("read.path", version=version)]
    else:
        tag, repo = f"v{manifest['version']}", _repository(found, body)
        paths = [entry["path"] for entry in found.shards if (entry["config"], entry["split"]) == (config, split)]
        call, place = f'"{repo}", "{config}", revision="{tag}"', f"hf://datasets/{repo}@{tag}/{here}"
        notes, header = [words("read.revision")], ""
        if manifest["destination"] != "public":
            notes.append(words(f"read.{manifest['destination']}"))
            header = '--header "Authorization: Bearer $(hf auth token)" '
            secret = ['duckdb.sql("CREATE SECRET (TYPE huggingface, PROVIDER credential_chain)")']
        address = f"{HUB}{repo}/resolve/{tag}/{quote(min(paths))}"
        fetched = ["```sh", f"curl --location --remote-name {header}{address}", "```", ""]
    return [
        *("", "```python", "from datasets import load_dataset", "", f"articles = load_dataset({call})", "```", ""),
        *paragraphs(*notes, words("read.other")),
        *("```python", "import polars", "", f'articles = polars.scan_parquet("{place}*.parquet")', "```", ""),
        *("```python", "import duckdb", "", *secret, f"articles = duckdb.sql(\"FROM '{place}*.parquet'\")", "```", ""),
        *fetched,
        *paragraphs(words("read.checked")),
    ]


def _repository(found: Found, body: Sequence[str]) -> str:
    """Return the repository that is read from: where a copy lacks who says it, the one that the card names first."""
    stand_in = f"ORG/{found.manifest['corpus']}"
    if found.words:
        return found.words.repo or stand_in
    named = next(filter(None, map(_CALLED.match, body)), None)
    return named[1] if named else stand_in
