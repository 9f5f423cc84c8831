"""The card's section on structure as it has to be."""

from collections.abc import Iterator
from typing import Any

from pressmark.release.composed import Found, Section, amounts, span, years_by_source
from pressmark.release.figures import drawn, pictures_told
from pressmark.release.marked import marked, paragraphs, table
from pressmark.release.strata import split_rows
from pressmark.release.tally import Tally
from pressmark.wording import words

_MOST = 40


def structure_sections(found: Found) -> Iterator[Section]:
    """Yield the section on structure and those below it."""
    manifest, tally = found.manifest, found.tally
    yield "## Dataset Structure", [""]
    here = table("configuration|split|rows|files|bytes", _parts(found), "rows|files|bytes")
    told = paragraphs(words("structure.configurations"), words("structure.columns"))
    yield "### What is here", ["", *here, *told]
    yield "### Languages", _languages(tally) if tally else None
    yield "### Publications", _publications(tally, found.sources) if tally and found.sources is not None else None
    yield "### Splits", _splits(found) if tally else None
    yield "### Near copies", _near(found) if tally else None
    if pictures_told(manifest):
        yield "### In pictures", _pictures(manifest, tally) if tally else None


def _parts(found: Found) -> Iterator[tuple[object, ...]]:
    for config, entry in found.manifest["configs"].items():
        for split, told in entry["splits"].items():
            sizes = [each["bytes"] for each in found.shards if (each["config"], each["split"]) == (config, split)]
            yield config, split, told["rows"], len(sizes), sum(sizes)


def _languages(tally: Tally) -> list[str]:
    rows = [
        (f"`{language}`", script or "not stated", *told) for (language, script), told in amounts(tally, 1, 2).items()
    ]
    numbers = "articles|with text|characters"
    return ["", *table(f"language|script|{numbers}", rows, numbers), *paragraphs(words("structure.languages"))]


def _publications(tally: Tally, sources: Any) -> list[str]:
    counted = {source: told for (source,), told in amounts(tally, 0).items()}
    tongues: dict[str, list[str]] = {}
    for name, tongue in amounts(tally, 0, 1):
        tongues.setdefault(name, []).append(tongue)
    years = years_by_source(tally)
    ranked = sorted(counted, key=lambda name: (-counted[name][0], name))
    rows: list[tuple[object, ...]] = []
    for name in sorted(ranked[:_MOST]):
        about, (articles, texts, _) = sources[name]["source"], counted[name]
        languages = ", ".join(f"`{tongue}`" for tongue in tongues[name])
        published = span(years[name])
        title, publisher = marked(about["title"]), marked(about["publisher"])
        rows.append((f"`{name}`", title, publisher, languages, published, articles, texts))
    if others := ranked[_MOST:]:
        languages = ", ".join(f"`{tongue}`" for tongue in sorted({each for name in others for each in tongues[name]}))
        published = span(year for name in others for year in years[name])
        totals = (sum(counted[name][place] for name in others) for place in (0, 1))
        rows.append((words("structure.others", count=len(others)), "", "", languages, published, *totals))
    head = "source|title|publisher|languages|published|articles|with text"
    return ["", *table(head, rows, "articles|with text"), *paragraphs(words("structure.publications"))]


def _splits(found: Found) -> list[str]:
    assert found.tally
    splits = found.manifest["splits"]
    told = [words("splits.stated") if "from" in splits else words("splits.hashed")]
    told += [words("splits.since", split=name, day=day) for name, day in splits.get("since", {}).items()]
    order, rows = split_rows(found.manifest, found.tally)
    said = " ".join([*told, words("splits.stable")])
    return ["", said, "", *table("|".join(("by", "value", *order)), rows, "|".join(order))]


def _near(found: Found) -> list[str]:
    assert found.tally
    copies, sizes = found.manifest["duplicates"], found.tally.group_sizes
    exact = {"keep": "near.exact_kept", "drop": "near.exact_dropped"}[copies["exact"]]
    groups = words("near.no_groups")
    if sizes:
        articles = sum(size * count for size, count in sizes.items())
        groups = words("near.groups", articles=articles, groups=sum(sizes.values()))
    dropped = words("near.near_dropped") if copies["near"] == "drop" else ""
    return ["", *paragraphs(words("near.meaning", threshold=copies["threshold"]), words(exact), dropped, groups)]


def _pictures(manifest: Any, tally: Tally) -> list[str]:
    shown = drawn(manifest, tally)
    told = [(f"**{each.title}**", "", f"![{each.title}](figures/{each.name}.svg)", "") for each in shown]
    return ["", *(line for each in told for line in each)]
