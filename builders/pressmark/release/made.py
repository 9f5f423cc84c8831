"""The card's sections on how a corpus was made, on limits, data statement and datasheet as they have to be."""

from collections.abc import Iterator

from pressmark.release.composed import Found, Section, amounts, span, undated, whole, years_of
from pressmark.release.marked import marked, paragraphs, points, table
from pressmark.release.stated import Words
from pressmark.release.tally import Tally
from pressmark.wording import words


def made_sections(found: Found) -> Iterator[Section]:
    """Yield how a corpus was made, and what has to be known before it is used."""
    manifest, tally = found.manifest, found.tally
    yield "## Dataset Creation", [""]
    yield "### Curation Rationale", ["", *paragraphs(words("creation.rationale"))]
    yield "### Source Data", [""]
    inputs = manifest["counts"]["inputs"]
    collected = None
    if found.sources is not None:
        told = words("creation.collection", inputs=inputs, formats=found.formats())
        collected = ["", *paragraphs(told, words("creation.processing"))]
    yield "#### Data Collection and Processing", collected
    yield "#### Who are the source data producers?", _producers(tally) if tally else None
    yield "### Annotations", ["", *paragraphs(words("creation.annotation"))]
    local = "_local" if manifest["destination"] == "local" else ""
    yield "### Personal and Sensitive Information", ["", *paragraphs(words(f"creation.personal{local}"))]
    yield "## Bias, Risks, and Limitations", _limits(found, tally) if tally else None
    advice = [words(f"advice.{name}") for name in ("version", "splits", "licence", "older")]
    yield "### Recommendations", ["", *points(*advice)]


def _producers(tally: Tally) -> list[str]:
    rows = [(derivation, told[0]) for (derivation,), told in amounts(tally, 3).items()]
    return ["", *paragraphs(words("creation.producers")), *table("derivation|articles", rows, "articles")]


def _limits(found: Found, tally: Tally) -> list[str]:
    articles, without, closed = whole(tally)[0], undated(tally), found.manifest["counts"]["withheld"]
    unknown = amounts(tally, 3).get(("unknown",), (0, 0, 0))[0]
    told = [
        words("limits.withheld", all=articles, withheld=closed) if closed else "",
        words("limits.undated", count=without) if without else "",
        words("limits.unknown", count=unknown) if unknown else "",
        words("limits.declared"),
        words("limits.news"),
    ]
    return ["", *points(*told)]


def question_sections(found: Found) -> Iterator[Section]:
    """Yield the questions of a data statement and of a datasheet."""
    yield "## Data Statement", _statement(found.tally) if found.tally else None
    yield "## Datasheet", _datasheet(found, found.tally, found.words) if found.tally and found.words else None


def _statement(tally: Tally) -> list[str]:
    varieties = [f"`{language}`{f' ({script})' if script else ''}" for language, script in amounts(tally, 1, 2)]
    years, (_, texts, characters) = years_of(tally), whole(tally)
    when = words("statement.situation_undated")
    if years:
        when = words("statement.situation_published", years=span(years))
    about = words("statement.no_texts")
    if texts:
        average = characters // texts
        about = words("statement.characteristics", texts=texts, characters=characters, average=average)
    told = [
        words("statement.rationale"),
        words("statement.varieties", varieties=", ".join(varieties)),
        words("statement.authors"),
        words("statement.annotators"),
        words("statement.situation", when=when),
        about,
        words("statement.quality"),
    ]
    return ["", *paragraphs(words("statement.about")), *points(*told)]


def _datasheet(found: Found, tally: Tally, stated: Words) -> list[str]:
    manifest = found.manifest
    counts, configs = manifest["counts"], manifest["configs"]
    splits = {split for entry in configs.values() for split in entry["splits"]}
    composed = {
        "all": whole(tally)[0],
        "configs": len(configs),
        "splits": len(splits),
        "absent": counts["inputs"] - counts["published"] - counts["withheld"],
        "inputs": counts["inputs"],
    }
    spread = {
        "destination": manifest["destination"],
        "files": len(found.shards),
        "bytes": sum(entry["bytes"] for entry in found.shards),
    }
    told = [
        words("datasheet.motivation", authors="; ".join(marked(author["name"]) for author in stated.authors)),
        words("datasheet.composition", **composed),
        *(words(f"datasheet.{name}") for name in ("collection", "preprocessing", "uses")),
        words("datasheet.distribution", **spread),
        words("datasheet.maintenance", version=manifest["version"], release=manifest["release"]),
    ]
    return ["", *paragraphs(words("datasheet.about")), *points(*told)]
