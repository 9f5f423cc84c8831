"""Parquet: a row a record, by the names of its columns."""

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.findings import SHOWN_CHARACTERS, RefusedInputError
from pressmark.intake.found import Found

_ROWS = 64
"""Rows that are held at once: a small file can stand for rows of any size."""


def rows(stream: BinaryIO, columns: list[str] | None, limit: int) -> Iterator[Found]:
    """Yield the rows of a file, numbered from 1. The digest of a row is of its values as JSON.

    Args:
        stream: The file.
        columns: Which columns to read; None for all.
        limit: Bytes that a row may have.

    Raises:
        RefusedInputError: `bad-parquet`: it is no Parquet file, or damaged from some row on; rows before were whole.
    """
    number = 0
    try:
        file = pq.ParquetFile(stream, page_checksum_verification=True)
        _refuse_unknown(columns, file.schema_arrow.names)
        for batch in file.iter_batches(_ROWS, columns=columns, use_threads=False):
            batch.validate(full=True)
            for values in batch.to_pylist():
                number += 1
                yield _row(number, values, limit)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        detail = f"{type(error).__name__} after {number} rows"
        raise RefusedInputError("bad-parquet", detail, f"row {number + 1}") from error


def _refuse_unknown(columns: list[str] | None, names: list[str]) -> None:
    missing = [column for column in columns or () if column not in names]
    if missing:
        raise RefusedInputError("bad-row", f"expected the column {missing[0]!r}, found none")


def _row(number: int, values: dict[str, Any], limit: int) -> Found:
    try:
        value = {name: _plain(each) for name, each in values.items() if each is not None}
        data = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError) as error:
        detail = f"found a value that is no text, number or date: {type(error).__name__}"
        return Found(number, refusal=RefusedInputError("bad-row", detail))
    if len(data) > limit:
        return Found(number, refusal=RefusedInputError("too-large", f"found a row of more than {limit} bytes"))
    return Found(number, data, value)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; times with `Z` where the column has a zone."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name)[:SHOWN_CHARACTERS]: _plain(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value) if isinstance(value, Decimal) else value
