"""Every value that stands in a release, as the leak scan looks at it.

A Parquet file is read by row group with its dictionaries as they lie in the file, so that a value which no row refers
to any more is seen too; its footer and page index are read as bytes. Other files are read as text, and once more with
their escapes undone.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressmark.release.pieces import BREAK, RUN_CJK, RUN_OTHER, dense

CONTRACT = "schema/article.schema.json"

FOOTER = "footer"
"""Place of what lies behind the pages of a Parquet file."""

_ALWAYS_SHOWN = frozenset({"metadata", "digest"})
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_PLAIN_ESCAPE = re.compile(r"\\([^u])")
_TEXT = re.compile("[^\x00-\x08\x0e-\x1f\x7f\ufffd]+")


@dataclass(frozen=True, slots=True)
class Own:
    """What an article shows of itself because its own rights open it."""

    row: int
    identity: str
    settled: bool
    """Whether the decision names the article itself."""

    value: str
    """Dense values, joined by `BREAK`."""


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else in a release; it has to be free of every withheld text."""

    number: int
    place: str
    value: str


def own_fields(folder: Path) -> frozenset[str]:
    """Return the columns that the rights of an article open, by the contract that lies in the release."""
    properties = json.loads((folder / CONTRACT).read_bytes())["properties"]
    return frozenset(name for name, field in properties.items() if field["x-class"] not in _ALWAYS_SHOWN)


def parquet_values(path: Path, own: frozenset[str]) -> Iterator[Own | Other]:
    """Yield the values of a Parquet file, always in the same order.

    Args:
        path: The file.
        own: Names of the columns that the rights of an article open.
    """
    file = pq.ParquetFile(path)
    leaves = [file.schema.column(index) for index in range(len(file.schema))]
    words = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
    file = pq.ParquetFile(path, read_dictionary=words)
    row, seen, number = 0, set[str](), 0
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        used: set[str] = set()
        names = [name for name in table.column_names if name in own]
        rows = zip(
            table["id"].to_pylist(),
            table["rights"].combine_chunks().field("decided_for").to_pylist(),
            _shown(table, names),
            strict=True,
        )
        for identity, decided_for, values in rows:
            used.update(values)
            yield Own(row, identity, decided_for == "article", dense(BREAK.join(values)))
            row += 1
        for name in table.column_names:
            column = table[name].combine_chunks()
            found = _unused(column) if name in own else (*_distinct(column), *_joined(column))
            for value in found:
                if _too_short(value) or value in seen or (name in own and value in used):
                    continue
                seen.add(value)
                for version in [value, unquote(value)] if "%" in value else [value]:
                    yield Other(number, name, dense(version))
                    number += 1
    for value in _texts(_outside_pages(path, file)):
        yield Other(number, FOOTER, value)
        number += 1


def _shown(table: pa.Table, names: list[str]) -> Iterator[list[str]]:
    """Yield the strings that each row holds in some columns, in their order."""
    columns = [table[name].to_pylist() for name in names]
    for row in zip(*columns, strict=True) if columns else [()] * len(table):
        yield [
            value
            for cell in row
            if cell is not None
            for value in (_strings(cell) if type(cell) is not str else (cell,))
        ]


def _unused(column: Any) -> Iterator[str]:
    """Yield the strings of a column of articles' own values that may be of no row.

    Most are in the rows, which were looked at before: of a dictionary only what no row refers to is left.
    """
    if not pa.types.is_dictionary(column.type):
        yield from _distinct(column)
        return
    referred = np.zeros(len(column.dictionary), bool)
    referred[column.indices.drop_null().to_numpy()] = True
    yield from _distinct(column.dictionary.filter(pa.array(~referred)))


def _too_short(value: str) -> bool:
    # Other characters than ASCII can become several in NFKC.
    return value.isascii() and len(value) < RUN_OTHER


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _distinct(column: Any) -> Iterator[str]:
    """Yield every string that a column holds, also those of its dictionaries that no row refers to."""
    if pa.types.is_struct(column.type):
        for position in range(column.type.num_fields):
            yield from _distinct(column.field(position))
    elif pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        yield from _distinct(column.values)
    elif pa.types.is_dictionary(column.type):
        yield from _distinct(column.dictionary)
    elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        # As `_too_short` has it, before they become strings of Python.
        short = pc.and_(pc.string_is_ascii(column), pc.less(pc.binary_length(column), RUN_OTHER))
        yield from column.filter(pc.invert(short)).to_pylist()  # nulls are neither


def _joined(column: Any) -> Iterator[str]:
    """Yield the strings of each list that a column holds, joined: a text can be cut into its entries."""
    if pa.types.is_struct(column.type):
        for position in range(column.type.num_fields):
            yield from _joined(column.field(position))
    elif pa.types.is_list(column.type):
        values = column.values
        structs = pa.types.is_struct(values.type)
        for inner in [values.field(number) for number in range(values.type.num_fields)] if structs else [values]:
            if pa.types.is_dictionary(inner.type) or pa.types.is_string(inner.type):
                entries = inner.cast(pa.string()).fill_null("")
                lists = pa.ListArray.from_arrays(column.offsets, entries)
                yield from filter(None, pc.binary_join(lists, "").to_pylist())


def _outside_pages(path: Path, file: pq.ParquetFile) -> bytes:
    """Return what lies behind the last page of a file: page index, statistics, key-value metadata."""
    end = 0
    for group in range(file.metadata.num_row_groups):
        for column in range(file.metadata.num_columns):
            chunk = file.metadata.row_group(group).column(column)
            starts = [chunk.data_page_offset, chunk.dictionary_page_offset]
            end = max(end, min(start for start in starts if start) + chunk.total_compressed_size)
    with path.open("rb") as stream:
        stream.seek(end)
        return stream.read()


def text_values(path: Path, shown: str) -> Iterator[Other]:
    """Yield the values of a file that is no Parquet, and its name.

    Args:
        path: The file.
        shown: Its path below the release folder.
    """
    data = path.read_bytes()
    values = [shown, *_texts(data), *_texts(data.decode("utf-16-le", "ignore").encode())]
    for number, value in enumerate(values):
        yield Other(number, "", dense(value) if value is shown else value)


def _texts(data: bytes) -> Iterator[str]:
    """Yield the stretches of bytes that are text, dense, as they stand and with their escapes undone."""
    text = data.decode("utf-8", "replace")
    undone = _UNICODE_ESCAPE.sub(lambda found: chr(int(found[1], 16)), _PLAIN_ESCAPE.sub(r"\1", text))
    # Escapes beyond U+FFFF come in pairs.
    undone = undone.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for version in dict.fromkeys([text, undone, html.unescape(undone), unquote(undone)]):
        for stretch in _TEXT.findall(version):
            value = dense(stretch)
            if len(value) >= RUN_CJK:
                yield value
