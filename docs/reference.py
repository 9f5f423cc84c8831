"""Reference pages, from what the code itself says: the commands from their help, files from their schemas."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from pressmark.cli import main

SCHEMA = Path(__file__).resolve().parents[1] / "schema"

# Page, schema, and how the page is called.
FILES = (
    ("recipe", "corpus", "The recipe, `corpus.toml`"),
    ("source", "source", "Source files, `sources/NAME.toml`"),
    ("decisions", "decision", "Decisions about rights"),
    ("article", "article", "Articles"),
    ("manifest", "manifest", "The manifest of a release, `manifest.json`"),
    ("version-list", "versions", "The list of versions, `versions.json`"),
    ("tombstones", "tombstone", "Tombstones, `rights/tombstones.jsonl`"),
)
_CONDITIONS = ("allOf", "anyOf", "if", "dependentRequired")

Definitions = Mapping[str, Mapping[str, Any]]


def pages() -> dict[str, str]:
    """Return the pages of the reference, by their names below docs/reference."""
    files = {f"{page}.md": _of_schema(schema, title) for page, schema, title in FILES}
    return {"commands.md": _commands(), **files}


def _commands() -> str:
    lines = [
        "# Commands",
        "",
        "Results go to stdout, findings and progress to stderr. Exit codes: 0 fine, 1 findings that need a person,",
        "2 usage or recipe, 3 refused by the rights gate, 4 remote trouble, 130 stopped by Ctrl-C.",
        "This page is written from the help of the commands by `make docs`.",
        "",
    ]
    for path, command in _each("pressmark", main):
        context = click.Context(command, info_name=path)
        usage = " ".join([path, *command.collect_usage_pieces(context)])
        lines += [f"## {path}", "", "```text", usage, "```", "", *_prose(command.help or "")]
        records = [param.get_help_record(context) for param in command.get_params(context)]
        told = [record for record in records if record and record[1] and record[0] != "--help"]
        if told:
            lines += ["| option | does |", "|---|---|"]
            lines += [f"| `{_cell(name)}` | {_plain(help_)} |" for name, help_ in told] + [""]
    return "\n".join(lines)


def _each(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with its whole name."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in sorted(command.list_commands(context)):
        inner = command.get_command(context, name)
        assert inner
        yield from _each(f"{path} {name}", inner)


def _prose(help_: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; those that click may not re-wrap are examples."""
    for paragraph in help_.strip().split("\n\n"):
        lines = [line.strip() for line in paragraph.strip().splitlines()]
        if lines[0] == "\b":
            yield from (["For example:", "", "```sh", *(line for line in lines[1:] if line != "Example:"), "```", ""])
        else:
            yield from (_plain(" ".join(lines)), "")


def _of_schema(name: str, title: str) -> str:
    path = SCHEMA / f"{name}.schema.json"
    schema = json.loads(path.read_bytes())
    definitions: Definitions = schema.get("$defs", {})
    rows = [*_rows(schema, definitions, "")]
    classes = any("x-class" in property_ for _, property_, _ in rows)
    heads = ["key", "holds", *(["class"] if classes else []), "meaning"]
    lines = [
        f"# {title}",
        "",
        _plain(schema["description"]),
        "",
        "`NAME` stands for any name, `[]` for each entry of a list. A **required** key is required where the keys",
        f"around it are. This page is written from `schema/{path.name}` by `make docs`.",
        "",
    ]
    if any(key in schema for key in _CONDITIONS):
        lines += ["Some keys ask for others or exclude them; the schema says which, and `pressmark check` tells.", ""]
    if classes:
        lines += [
            "The class says which rights open a property in public: [rights](../rights.md). What is *computed*, no",
            "input states.",
            "",
        ]
    lines += [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for key, property_, required in rows:
        told = _plain(property_.get("description", ""))
        kind = property_.get("x-class", "") + (", *computed*" if property_.get("x-computed") is True else "")
        cells = [f"`{key}`", _holds(property_, definitions) + (" **required**" if required else "")]
        lines.append(f"| {' | '.join([*cells, *([kind.removeprefix(', ')] if classes else []), told])} |")
    return "\n".join([*lines, ""])


def _rows(
    schema: Mapping[str, Any], definitions: Definitions, at: str
) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Yield every key below an object: its path, its schema, and whether it is required."""
    named = [(name, property_) for name, property_ in schema.get("properties", {}).items()]
    if isinstance(schema.get("additionalProperties"), dict):
        named.append(("NAME", schema["additionalProperties"]))
    for name, raw in named:
        key, property_ = f"{at}{name}", _resolved(raw, definitions)
        yield key, property_, name in schema.get("required", ())
        inner, mark = property_, ""
        while "items" in inner:
            inner, mark = _resolved(inner["items"], definitions), f"{mark}[]"
        yield from _rows(inner, definitions, f"{key}{mark}.")


def _resolved(property_: Mapping[str, Any], definitions: Definitions) -> dict[str, Any]:
    reference = property_.get("$ref")
    defined = definitions[reference.removeprefix("#/$defs/")] if reference else {}
    return {**defined, **property_}


def _holds(property_: Mapping[str, Any], definitions: Definitions) -> str:
    """Return in words what a value has to be."""
    if "const" in property_ or "enum" in property_:
        return ", ".join(f"`{value}`" for value in property_.get("enum", [property_.get("const")]))
    kinds = property_.get("type", "anything")
    told = " or ".join(_KINDS[each] for each in ([kinds] if isinstance(kinds, str) else kinds))
    if "items" in property_:
        told += f" of {_holds(_resolved(property_['items'], definitions), definitions)}"
    elif "format" in property_:
        told += f" ({property_['format']})"
    elif "pattern" in property_:
        told += f", `{_cell(property_['pattern'])}`"
    ends = [f"{word} {property_[key]:,}" for key, word in _ENDS.items() if key in property_]
    return f"{told}, {' and '.join(ends)}" if ends else told


_KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "object": "table",
    "array": "list",
    "null": "nothing",
    "anything": "anything",
}
_ENDS = {"minimum": "at least", "maximum": "at most"}


def _cell(code: str) -> str:
    return code.replace("|", "\\|")


def _plain(text: str) -> str:
    """Return words so that Markdown takes none of them for a mark; code in backticks stays code."""
    parts = text.split("`")
    for at in range(0, len(parts), 2):
        for mark in ("\\", "*", "<", "["):
            parts[at] = parts[at].replace(mark, f"\\{mark}")
    return _cell("`".join(parts))
