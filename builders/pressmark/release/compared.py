"""What happened to the records of a part of two releases, whose rows `pressmark.release.spread` wrote down."""

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from pressmark.release.changes import Change
from pressmark.release.spread import NUMBERS, part_of

Names = Mapping[str, Collection[str]]
"""By configuration the columns of a release."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows to compare: those with some ids."""

    scratch: Path
    number: int
    sides: tuple[Sequence[Path], Sequence[Path]]
    """Folders with the rows of the earlier release, and of the later one."""

    gone: Mapping[str, str]
    columns: tuple[Names, Names]
    texts: bool


def compare_part(task: Part) -> Path:
    """Write what happened to the records of a part, in the order of their ids, and return where."""
    found = sorted(_compared(task), key=lambda change: change.id)
    with tempfile.NamedTemporaryFile(dir=task.scratch, prefix="changes-", delete=False) as stream:
        stream.writelines(orjson.dumps(change, option=orjson.OPT_APPEND_NEWLINE) for change in found)
    return Path(stream.name)


def _lines_of(folders: Sequence[Path], part: int) -> Iterator[bytes]:
    for folder in folders:
        with part_of(folder, part).open("rb") as stream:
            yield from stream


def _compared(task: Part) -> Iterator[Change]:
    before: dict[str, bytes] = {}
    for line in _lines_of(task.sides[0], task.number):
        before[orjson.loads(line.partition(b"\t")[0])[0]] = line
    for line in _lines_of(task.sides[1], task.number):
        head, _, told = line.partition(b"\t")
        identity, config, split = orjson.loads(head)
        earlier = before.pop(identity, None)
        if earlier is None:
            yield Change(identity, None, (config, split))
        elif earlier != line:
            old_head, _, old_told = earlier.partition(b"\t")
            _, old_config, old_split = orjson.loads(old_head)
            old_row, row = orjson.loads(old_told), orjson.loads(told)
            both = (frozenset(task.columns[0][old_config]) & frozenset(task.columns[1][config])) - NUMBERS
            fields = tuple(_differing(old_row, row, both, same_config=old_config == config))
            words = (old_row.get("text"), row.get("text")) if task.texts and "text" in fields else None
            if fields or (old_config, old_split) != (config, split):
                yield Change(identity, (old_config, old_split), (config, split), fields, texts=words)
    for identity, line in before.items():
        _, config, split = orjson.loads(line.partition(b"\t")[0])
        because = task.gone.get(identity) or task.gone.get(identity.partition(":")[0], "")
        yield Change(identity, (config, split), None, because=because)


def _differing(
    old: Mapping[str, Any], new: Mapping[str, Any], columns: Collection[str], *, same_config: bool
) -> Iterator[str]:
    """Yield the columns that differ; what one configuration does not show of a record has not changed by that.

    Args:
        old: A row, without nulls.
        new: The same.
        columns: Those that both releases have.
        same_config: Whether both rows are of one configuration.
    """
    for name in sorted(columns):
        before, after = old.get(name), new.get(name)
        if before != after and (same_config or (before and after)):
            yield name
