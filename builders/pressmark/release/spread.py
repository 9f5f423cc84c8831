"""The rows of a release written down so that two releases can be compared, a part of the ids at a time."""

import tempfile
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.release.canonical import canonical

NUMBERS = frozenset({"added_in", "changed_in"})
"""Columns that count releases; they follow from the change and are none."""

_ROWS = 1024
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z


@dataclass(frozen=True, slots=True)
class Spread:
    """Rows to write down: some files of a release."""

    folder: Path
    """The release."""

    paths: Mapping[str, tuple[str, str, str]]
    """By path of a file of rows, its configuration, split and digest."""

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
        for path, (config, split, _) in sorted(task.paths.items()):
            for batch in pq.ParquetFile(task.folder / path).iter_batches(batch_size=_ROWS):
                rows = _as_json(batch.select([column for column in batch.schema.names if column not in NUMBERS]))
                if batch["id"].null_count:
                    raise ValueError(f"{path} has a row without an id")
                for identity, row in zip(batch["id"].to_pylist(), rows, strict=True):
                    entry = b"%b\t%b\n" % (orjson.dumps([identity, config, split]), row)
                    files[zlib.crc32(identity.encode()) % task.parts].write(entry)
    return made


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
