"""Looks for canaries in every byte of a release, with nothing of pressmark: pages are found and unpacked by hand."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

CANARY = re.compile(rb"C\0{0,3}N\0{0,3}R\0{0,3}Y\0{0,3}(?:[0-9]\0{0,3}){6}[0-9]")
"""CNRY and seven digits, in ASCII and in what UTF-16 and UTF-32 make of it at any offset."""

_STOP, _TRUE, _FALSE, _NUMBERS, _BINARY, _STRUCT = 0, 1, 2, (4, 5, 6), 8, 12
_DATA_V2 = 3
_ESCAPE = re.compile(rb"\\u00([0-9a-fA-F]{2})")


def canaries(folder: Path) -> dict[bytes, set[str]]:
    """Return each canary that stands anywhere in a folder, with the files."""
    found: dict[bytes, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        shown = path.relative_to(folder).as_posix()
        for data in (shown.encode(), *(views(path) if path.is_file() else ())):
            for canary in CANARY.findall(_ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), data)):
                found.setdefault(canary.replace(b"\0", b""), set()).add(shown)
    return found


def views(path: Path) -> Iterator[bytes]:
    """Yield all bytes of a file; of a Parquet file pages unpacked, all that is no page, and what is in other forms."""
    data, end = path.read_bytes(), 0
    if data.startswith(b"PAR1"):
        metadata = pq.read_metadata(path)
        for place, after, page in sorted(pages(metadata, data)):
            yield from (page, data[end:place])
            end = after
        # Arrow keeps the metadata of fields in here alone.
        yield base64.b64decode((metadata.metadata or {}).get(b"ARROW:schema", b""))
        yield values(path)
    yield data[end:]


def values(path: Path) -> bytes:
    """Return every value that a reader gets: some encodings cut values to pieces that no search of a page finds."""
    table, sink = pq.read_table(path, partitioning=None), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def pages(metadata: Any, data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield every page, dictionaries too: where its body lies, and the body unpacked. Packed, it says anything."""
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            place = min(start for start in (chunk.dictionary_page_offset, chunk.data_page_offset) if start)
            end = place + chunk.total_compressed_size
            while place < end:
                header, body = struct(data, place)
                place = body + header[3]
                yield body, place, unpacked(data[body:place], header, chunk.compression.lower())


def unpacked(body: bytes, header: dict[int, Any], compression: str) -> bytes:
    """Return a page without compression; the levels of a page of the second version are never compressed."""
    second = header[8] if header[1] == _DATA_V2 else {}
    levels = second.get(5, 0) + second.get(6, 0)
    if compression == "uncompressed" or len(body) == levels or not second.get(7, True):
        return body
    codec = pa.Codec({"lz4": "lz4_raw"}.get(compression, compression))
    return body[:levels] + bytes(codec.decompress(body[levels:], header[2] - levels, asbytes=True))


def struct(data: bytes, place: int) -> tuple[dict[int, Any], int]:
    """Read a struct of Thrift's compact protocol: values by the numbers of their fields, and where it ends."""
    fields: dict[int, Any] = {}
    number = 0
    while data[place] != _STOP:
        number += data[place] >> 4
        fields[number], place = value(data, place + 1, data[place] & 15)
    return fields, place + 1


def value(data: bytes, place: int, kind: int) -> tuple[Any, int]:
    if kind in (_TRUE, _FALSE):
        return kind == _TRUE, place
    if kind == _STRUCT:
        return struct(data, place)
    assert kind in (*_NUMBERS, _BINARY), f"no header of a page has a value of kind {kind}"
    number = shift = 0
    while data[place] & 0x80:
        number |= (data[place] & 0x7F) << shift
        place, shift = place + 1, shift + 7
    number, place = number | data[place] << shift, place + 1
    if kind == _BINARY:
        return data[place : place + number], place + number
    return (number >> 1) ^ -(number & 1), place
