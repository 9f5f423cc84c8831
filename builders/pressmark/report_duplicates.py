"""Words and a table about a group of near copies."""

from collections.abc import Sequence
from typing import Any

from pressmark.release.alike import Alike
from pressmark.release.words import edits
from pressmark.report import new_table, out, plain_cell

_NOT_HERE = "text not here"


def group(found: Sequence[Alike], *, words: bool) -> None:
    """Print a group, and where its texts differ from the first.

    Args:
        found: The articles, the one that was asked for first.
        words: Show the places where texts differ.
    """
    console = out()
    table = new_table("article", "split", "source", "published", "characters", "alike", "title")
    for each in found:
        facts = (each.id, each.split, each.source, each.published_on, str(each.characters), _percent(each), each.title)
        table.add_row(*map(plain_cell, facts))
    console.print(table)
    if len(found) == 1:
        console.print("It has no near copy here.")
    for each in found[1:] if words else ():
        console.print(f"\n{plain_cell(found[0].id)} and {plain_cell(each.id)}:")
        for line in _differences(found[0], each):
            console.print(f"  {plain_cell(' '.join(line.split()))}")


def as_json(found: Sequence[Alike], *, words: bool) -> list[dict[str, Any]]:
    """Return a group as JSON has it.

    Args:
        found: The articles, the one that was asked for first.
        words: With the places where texts differ from the first.
    """
    return [
        {
            **{name: getattr(each, name) for name in ("id", "split", "source", "published_on", "title", "characters")},
            "similarity": None if each.similarity is None else round(float(each.similarity), 4),
            **({"differences": _differences(found[0], each)} if words and each is not found[0] else {}),
        }
        for each in found
    ]


def _percent(each: Alike) -> str:
    return _NOT_HERE if each.similarity is None else f"{float(each.similarity):.1%}"


def _differences(one: Alike, other: Alike) -> list[str]:
    if one.text is None or other.text is None:
        return [_NOT_HERE]
    return [str(edit) for edit in edits(one.text, other.text)] or ["the same text"]
