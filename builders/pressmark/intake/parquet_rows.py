"""Parquet: a row a record, by the names of its columns."""

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressmark.findings import SHOWN_CHARACTERS, RefusedInputError
from pressmark.intake.files import InputFile, open_inside
from pressmark.intake.found import Found, bounded
from pressmark.intake.plain_times import with_plain_times
from pressmark.intake.unpack import most_of

_ROWS = 64
_SENT = 1 << 20
"""Bytes of rows that are handed over at once, and whatever the last of them adds."""

_BUFFER = 1 << 20
"""Bytes of a column that are fetched at once: row groups may be as large as the file."""

_SHARED = frozenset({"PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE", "BIT_PACKED"})
"""Encodings, those of levels among them, of which Arrow reads dictionaries."""

_AT_ONCE = 1 << 25
"""Bytes of values that are held at once: a small file can stand for rows of any size."""


def portions(folder: Path, file: InputFile, columns: list[str] | None, limit: int) -> Iterator[tuple[int, list[Found]]]:
    """Yield the rows of a file some at a time, each time with how far the file is read; for a process of its own.

    Args:
        folder: The folder that the file counts from.
        file: The file.
        columns: As for `rows`.
        limit: As for `rows`.

    Raises:
        RefusedInputError: as `rows` and `open_inside` do, and `too-large`.
    """
    held: list[Found] = []
    size = 0
    with open_inside(folder, file) as stream:
        try:
            for found in bounded(rows(stream, columns, limit), most_of(file.size)):
                held.append(found)
                size += len(found.data)
                if len(held) == _ROWS or size > _SENT:
                    yield stream.tell(), held
                    held, size = [], 0
        except RefusedInputError:
            yield stream.tell(), held
            raise
        yield stream.tell(), held


def samples(folder: Path, file: InputFile, limit: int, count: int) -> list[dict[str, Any]]:
    """Return the first rows of a file without the values that JSON has nothing like; for a process of its own.

    A picture in one column is no reason not to know the others.

    Args:
        folder: The folder that the file counts from.
        file: The file.
        limit: Bytes that a row may have.
        count: How many rows.

    Raises:
        RefusedInputError: as `open_inside` does, and `bad-parquet`.
    """
    with open_inside(folder, file) as stream:
        try:
            batch = next(_opened(stream).iter_batches(count, use_threads=False), None)
            held = _values(with_plain_times(batch), limit) if batch is not None else ()
            return [_readable(values) for values in held if isinstance(values, dict)]
        except (pa.ArrowException, MemoryError, OSError, ValueError, OverflowError) as error:
            raise RefusedInputError("bad-parquet", f"{type(error).__name__}") from error


def _readable(values: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in values.items():
        with suppress(TypeError, ValueError):
            found[name] = _plain(value)
    return found


def rows(stream: BinaryIO, columns: list[str] | None, limit: int) -> Iterator[Found]:
    """Yield the rows of a file, numbered from 1. The digest of a row is of its values as JSON.

    Bytes are text in UTF-8, as files without types for text have it; times are kept to the microsecond; what is not a
    number is no value.

    Args:
        stream: The file.
        columns: Which columns to read; None for all.
        limit: Bytes that a row may have.

    Raises:
        RefusedInputError: `bad-parquet`: it is no Parquet file, or damaged from some row on; rows before were whole;
            `bad-row`: a column is not there, or there twice; `too-large`: it needs more memory than there is.
    """
    number = 0
    try:
        file = _opened(stream)
        _refuse_columns(columns, file.schema_arrow.names)
        for batch in file.iter_batches(_ROWS, columns=columns, use_threads=False):
            for values in _values(with_plain_times(batch), limit):
                number += 1
                yield Found(number, refusal=values) if isinstance(values, Exception) else _row(number, values, limit)
    except (pa.ArrowMemoryError, MemoryError) as error:
        detail = f"found more after {number} rows than fits into memory"
        raise RefusedInputError("too-large", detail, f"row {number + 1}") from error
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        detail = f"{type(error).__name__} after {number} rows"
        raise RefusedInputError("bad-parquet", detail, f"row {number + 1}") from error


def _opened(stream: BinaryIO) -> pq.ParquetFile:
    """Open a file so that a value which many rows share is held once."""
    file = pq.ParquetFile(stream)
    shared = [
        file.schema.column(position).path for position in range(len(file.schema)) if _may_be_shared(file, position)
    ]
    return pq.ParquetFile(
        stream, metadata=file.metadata, page_checksum_verification=True, read_dictionary=shared, buffer_size=_BUFFER
    )


def _may_be_shared(file: pq.ParquetFile, position: int) -> bool:
    """Tell whether Arrow can hold values of a leaf once: it cannot below lists and structs, nor of some encodings."""
    leaf = file.schema.column(position)
    if leaf.physical_type != "BYTE_ARRAY" or leaf.max_repetition_level or leaf.path != leaf.name:
        return False
    groups = range(file.metadata.num_row_groups)
    return all(_SHARED.issuperset(file.metadata.row_group(group).column(position).encodings) for group in groups)


def _refuse_columns(columns: list[str] | None, names: list[str]) -> None:
    missing = [column for column in columns or () if column not in names]
    if missing:
        raise RefusedInputError("bad-row", f"expected the column {missing[0][:SHOWN_CHARACTERS]!r}, found none")
    twice = [name for name, count in Counter(names).items() if count > 1 and (not columns or name in columns)]
    if twice:
        raise RefusedInputError("bad-row", f"found the column {twice[0][:SHOWN_CHARACTERS]!r} twice")


def _values(batch: pa.RecordBatch, limit: int) -> Iterator[dict[str, Any] | RefusedInputError]:
    """Yield the values of each row, all at once where they are few and sound, else one by one."""
    if sum(map(_size, batch.columns)) <= _AT_ONCE:
        try:
            found = batch.to_pylist()
        except (pa.ArrowException, ValueError, OverflowError):
            pass  # one of the rows has what is no value; which one is seen below
        else:
            yield from found
            return
    for position in range(batch.num_rows):
        row = batch.slice(position, 1)
        if sum(map(_size, row.columns)) > limit:
            yield RefusedInputError("too-large", f"found a row of more than {limit} bytes")
            continue
        try:
            yield row.to_pylist()[0]
        except (pa.ArrowException, ValueError, OverflowError) as error:
            yield RefusedInputError("bad-row", f"found a value that cannot be: {type(error).__name__}")


def _size(array: pa.Array) -> int:
    """Return about how many bytes values have that are taken out of a column."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        lengths = pc.binary_length(array.dictionary) if _is_bytes(kind.value_type) else None
        return int(pc.sum(pc.take(lengths, array.indices)).as_py() or 0) if lengths is not None else array.nbytes
    if pa.types.is_struct(kind):
        return sum(_size(field) for field in array.flatten())
    if pa.types.is_map(kind):
        start, end = (array.offsets[0].as_py(), array.offsets[-1].as_py()) if len(array) else (0, 0)
        return sum(_size(part.slice(start, end - start)) for part in (array.keys, array.items))
    if pa.types.is_nested(kind):
        return _size(array.flatten())
    return int(array.nbytes)


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind))


def _row(number: int, values: dict[str, Any], limit: int) -> Found:
    try:
        value = {name: plain for name, each in values.items() if (plain := _plain(each)) is not None}
        data = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError) as error:
        detail = f"found a value that is no text, number or date: {type(error).__name__}"
        return Found(number, refusal=RefusedInputError("bad-row", detail))
    if len(data) > limit:
        return Found(number, refusal=RefusedInputError("too-large", f"found a row of more than {limit} bytes"))
    return Found(number, data, value)


def _plain(value: Any) -> Any:  # noqa: PLR0911 - a return for each kind of value
    """Return a value as JSON has it; times with `Z` where the column has a zone.

    Raises:
        TypeError: JSON has nothing like it.
        ValueError: bytes that are no UTF-8, or no number at all.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): plain for name, each in value.items() if (plain := _plain(each)) is not None}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        if math.isinf(value):
            raise ValueError("infinite")
        return None  # how many writers of tables mark a missing value
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(type(value).__name__)
