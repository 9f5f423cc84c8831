"""Whether a file on a Hub holds articles that were withdrawn: told by its rows, and by the names in its lines."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.fetched import digest_as
from pressmark.hub.remote import Remote, Tree
from pressmark.hub.retry import Trouble
from pressmark.told import COLUMNS, Told

IsMeant = Callable[[Told], bool]
IsNamed = Callable[[str], bool]

_OURS = re.compile(
    r"(manifest|versions|croissant)\.json|departures\.jsonl|(rights|sources|schema)/[A-Za-z0-9._-]+\.jsonl?"
)
"""Files of a release that have no rows, but can name articles."""

_NO_ROWS = {
    ".md",
    ".txt",
    ".gitattributes",
    ".gitignore",
    "SHA256SUMS",
    "LICENSE",
    ".cff",
    ".bib",
    ".png",
    ".svg",
    ".yaml",
}
"""Names and endings of files that are read as prose or pictures, by people."""


def holds(
    remote: Remote,
    commit: str,
    path: str,
    tree: Tree,
    at_home: Mapping[str, Path],
    is_meant: IsMeant,
    is_named: IsNamed,
) -> bool | None:
    """Tell whether a file holds any; None where that cannot be told."""
    digest = tree[path]
    there = at_home.get(digest.removeprefix("sha256:"))
    if path.endswith(".parquet") and there is not None and digest == digest_as(digest, there):
        return rows_hold(there, is_meant)
    if not path.endswith(".parquet") and not _OURS.fullmatch(path):
        # Rows can be in many kinds of files: what is not known to have none is not said to be clean.
        return False if Path(path).suffix.lower() in _NO_ROWS or Path(path).name in _NO_ROWS else None
    try:
        with remote.file(commit, path, digest) as place:
            if path.endswith(".parquet"):
                return rows_hold(place, is_meant)
            data = place.read_bytes()
            return any(map(is_named, words(data)))
    except Trouble as trouble:
        if trouble.status != HTTPStatus.NOT_FOUND:
            raise
        return None  # its content is gone, its name is not


def rows_hold(path: Path, is_meant: IsMeant) -> bool | None:
    """Tell whether a Parquet file has a row of an article that is meant; None where its rows are none of articles."""
    try:
        rows = pq.ParquetFile(path)
        if not set(COLUMNS) <= set(rows.schema_arrow.names):
            return None
        return any(
            is_meant(Told(*(row[name] or "" for name in COLUMNS)))
            for batch in rows.iter_batches(columns=COLUMNS)
            for row in batch.to_pylist()
        )
    except (pa.ArrowException, OSError):
        return None


def words(data: bytes) -> Iterator[str]:
    """Yield every string in JSON, or in lines of it."""
    try:
        values: list[Any] = [json.loads(data)]
    except ValueError:
        try:
            values = [json.loads(line) for line in data.splitlines() if line]
        except ValueError:
            return
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            values += [*value, *value.values()]
        elif isinstance(value, list):
            values += value
