"""The rows of a release written down so that two releases can be compared, a part of the ids at a time."""

import tempfile
import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from pressmark.release.batches import batches
from pressmark.release.batches import opened as opened_rows
from pressmark.release.canonical import canonical

NUMBERS = frozenset({"added_in", "changed_in"})
"""Columns that count releases; they follow from the change and are none."""

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z


@dataclass(frozen=True, slots=True)
class Spread:
    """Rows to write down: some files of a release."""

    folder: Path
    """The release."""

    files: Sequence[tuple[str, str, str]]
    """Path, configuration and split of files of rows, in the order of the paths."""

    scratch: Path
    """Where a folder for the parts goes."""

    parts: int


def spread(task: Spread) -> Path:
    """Write rows into parts by the hash of their ids: id, configuration and split, and behind a tab the row as JSON.

    Returns:
        A folder of this run alone, for a task may run twice. `part_of` names the parts.

    Raises:
        OSError, pyarrow.ArrowException, ValueError: a file cannot be read, or a row has no id.
    """
    made = Path(tempfile.mkdtemp(prefix="spread-", dir=task.scratch))
    with ExitStack() as opened:
        files = [opened.enter_context(part_of(made, part).open("wb")) for part in range(task.parts)]
        for path, config, split in task.files:
            for batch in batches(opened_rows(task.folder / path)):
                rows = _as_json(batch.select([column for column in batch.schema.names if column not in NUMBERS]))
                if batch["id"].null_count:
                    raise ValueError(f"{path} has a row without an id")
                for identity, row in zip(batch["id"].to_pylist(), rows, strict=True):
                    entry = b"%b\t%b\n" % (orjson.dumps([identity, config, split]), row)
                    files[which_part(identity, task.parts)].write(entry)
    return made


def which_part(identity: str, parts: int) -> int:
    """Return the part that the row with an id is in."""
    return zlib.crc32(identity.encode()) % parts


def part_of(made: Path, part: int) -> Path:
    """Return where a part lies in a folder that `spread` made."""
    return made / f"{part}"


def _as_json(rows: pa.RecordBatch) -> list[bytes]:
    """Return each row as JSON without nulls: a part that came to a struct and says nothing is no change."""
    try:
        return [row.encode() for row in canonical(rows).texts.to_pylist()]
    except TypeError:  # another program wrote a column of a type that no contract gives
        return [orjson.dumps(_told(row), default=str, option=_OPTIONS) for row in rows.to_pylist()]


def _told(value: Any) -> Any:
    """Return a value without nulls."""
    if isinstance(value, dict):
        return {key: _told(inner) for key, inner in value.items() if inner is not None}
    return [_told(inner) for inner in value] if isinstance(value, list) else value
