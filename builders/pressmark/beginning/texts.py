"""The words of the files that a corpus begins with."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pressmark.beginning.fields import FIELDS
from pressmark.recipe import COMMA, Input, Recipe
from pressmark.sources import Anchor, Layout, Source

IGNORED = """# What stays on this machine: documents that decisions rest on, what was fetched, releases, the workshop.
private/
dist/
work/
"""

EXAMPLE = "articles/example.jsonl"
_EXAMPLES = (
    {
        "id": "example-1",
        "title": "A ferry for the lower town",
        "published_on": "2024-03-01",
        "text": "The harbour office of Reedwick says that a ferry will cross to the lower town from May on.\n\n"
        "It is to go every half hour, and bicycles travel free. Put your own articles in the place of this one.",
    },
    {
        "id": "example-2",
        "title": "The market moves under the arches",
        "published_on": "2024-03-08",
        "text": "While the square of Reedwick is paved anew, its market stands under the arches of the old bridge.\n\n"
        "Stallholders expect to be back by autumn. This article is an example too.",
    },
)

_RIGHTS = """
# A text appears only where somebody decided so, on evidence, within a scope. Until then it is withheld: public are its
# metadata and digests. `pressmark check {folder} --rights` says what would open it, `pressmark decide` records it.
#
# [[rights.decisions]]
# status = "open_license"
# license = "CC-BY-4.0"
# basis = "The paper's licence page says that all its articles may be used under CC BY 4.0."
# decided_by = "editor of the corpus"
# decided_on = 2026-01-31
# covers = ["text"]
# evidence = [{{ kind = "license_page", scope = "text", where = "https://paper.example/licence.html" }}]
"""


def examples() -> str:
    """Return two articles to begin with, as JSON Lines."""
    return "".join(json.dumps(each) + "\n" for each in _EXAMPLES)


def recipe_text(recipe: Recipe) -> str:
    """Return `corpus.toml`."""
    head = {
        "name": recipe.name,
        "title": recipe.title,
        "languages": list(recipe.languages),
        "contact": recipe.contact,
    }
    open_line = {"destination": "public", **({"repo": repo} if (repo := recipe.lines["open"].repo) else {})}
    parts = [
        "#:schema .schema/corpus.schema.json\n\n[corpus]",
        _pairs(head),
        '# authors = [{ name = "Ann Reed" }]     # who makes the corpus; else citations name "The makers of" it',
        "\n[releases.open]            # what anybody may read",
        _pairs(open_line),
        "\n[releases.vault]           # everything, for this machine alone",
        _pairs({"destination": "local"}),
        *(f"\n[[input]]\n{_pairs(_input(each))}" for each in recipe.inputs),
        "\n[splits]",
        _pairs({name: float(share) for name, share in recipe.splits}),
    ]
    return "\n".join(parts) + "\n"


_HTML = """
# Where its HTML pages have what is not found by itself, as XPath; `pressmark check {folder} --show FILE` says
# what is found.
# [html]
# title = ["//h1"]
# subtitles = ["//p[@class='standfirst']"]
# published = ["//time"]
# contributors = ["//span[@class='byline']"]
# section = ["//nav[@class='trail']/a[last()]"]
# text = ["//div[@class='body']"]
# remove = ["//div[@class='share']"]
"""


def source_text(source: Source, folder: str, formats: Collection[str] = ()) -> str:
    """Return a source file.

    Args:
        source: What is known of the publication.
        formats: Of its inputs.
        folder: The corpus folder, as the next command names it.
    """
    head = {"title": source.title, "publisher": source.publisher, "language": source.language}
    zone = [_pairs({"timezone": source.timezone})] if source.timezone else ['# timezone = "Europe/London"']
    parts = [
        "#:schema ../.schema/source.schema.json",
        _pairs(head),
        *zone,
        '# derivation = "original"     # where all its articles are its own; else what credits say counts',
        _RIGHTS.format(folder=folder).rstrip("\n"),
    ]
    html = _HTML.format(folder=folder) if {"html", "warc"}.intersection(formats) else ""
    return "\n".join(parts) + "\n" + html + (_layout(source.layout) if source.layout else "")


def _input(entry: Input) -> dict[str, Any]:
    told: dict[str, Any] = {"files": entry.files}
    if entry.leave_out:
        told["except"] = list(entry.leave_out)
    told |= {"format": entry.format, "source": entry.source}
    if entry.delimiter != COMMA:
        told["delimiter"] = entry.delimiter
    if entry.shape != "pressmark":
        told["shape"] = entry.shape
    if entry.paragraphs != "blank-line":
        told["paragraphs"] = entry.paragraphs
    if entry.fields:
        told["fields"] = {name: dict(entry.fields)[name] for name in FIELDS if name in dict(entry.fields)}
    return told


def _layout(layout: Layout) -> str:
    return "\n[layout]\n" + "".join(f"\n[[layout.anchors]]\n{_pairs(_anchor(each))}\n" for each in layout.anchors)


def _anchor(anchor: Anchor) -> dict[str, Any]:
    told: dict[str, Any] = {"role": anchor.role, "pattern": anchor.pattern}
    if anchor.required:
        told["required"] = True
    if anchor.split != ">":
        told["split"] = anchor.split
    if anchor.contributor:
        told["contributor"] = anchor.contributor
    return told


def _pairs(values: Mapping[str, Any]) -> str:
    return "\n".join(f"{name} = {_value(value)}" for name, value in values.items())


def _value(value: Any) -> str:
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(name)} = {_value(inner)}' for name, inner in value.items())} }}"
    if isinstance(value, str):
        return _string(value)
    assert isinstance(value, Sequence)
    return f"[{', '.join(map(_value, value))}]"


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _string(name)


def _string(text: str) -> str:
    """Return a string of TOML: a literal one, as people write patterns, where it can be."""
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    # JSON escapes what TOML escapes, in the same way, but for one character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
