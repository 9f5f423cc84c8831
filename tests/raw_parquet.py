"""Looks for canaries in every byte of a release, with nothing of pressmark: pages are found and unpacked by hand."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

CANARY = re.compile(rb"CNRY[0-9]{7}")

_STOP, _TRUE, _FALSE, _DOUBLE, _BINARY, _STRUCT = 0, 1, 2, 7, 8, 12
_DATA_V2 = 3


def canaries(folder: Path) -> dict[bytes, set[str]]:
    """Return each canary that stands anywhere in a folder, with the files."""
    found: dict[bytes, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        shown = path.relative_to(folder).as_posix()
        for data in (shown.encode(), *(views(path) if path.is_file() else ())):
            for canary in CANARY.findall(data):
                found.setdefault(canary, set()).add(shown)
    return found


def views(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, as they are and as other encodings would have them, and the pages of a Parquet file."""
    data = path.read_bytes()
    yield data
    yield data.decode("utf-16-le", "ignore").encode("ascii", "ignore")
    yield data[1:].decode("utf-16-le", "ignore").encode("ascii", "ignore")
    yield re.sub(rb"\\u00([0-9a-f]{2})", lambda escape: bytes([int(escape[1], 16)]), data)
    if path.suffix == ".parquet":
        yield from pages(path, data)


def pages(path: Path, data: bytes) -> Iterator[bytes]:
    """Yield every page of a Parquet file, unpacked: dictionaries too, and what no row refers to."""
    metadata = pq.read_metadata(path)
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            starts = [start for start in (chunk.dictionary_page_offset, chunk.data_page_offset) if start]
            place, end = min(starts), min(starts) + chunk.total_compressed_size
            while place < end:
                header, body = struct(data, place)
                place = body + header[3]
                yield unpacked(data[body:place], header, chunk.compression)


def unpacked(body: bytes, header: dict[int, Any], compression: str) -> bytes:
    """Return a page without compression; the levels of a page of the second version are never compressed."""
    levels = 0
    if header[1] == _DATA_V2:
        levels = header[8][5] + header[8][6]
    if compression == "UNCOMPRESSED" or len(body) == levels or (levels and not header[8].get(7, True)):
        return body
    codec = pa.Codec(compression.lower())
    return body[:levels] + bytes(codec.decompress(body[levels:], header[2] - levels, asbytes=True))


def struct(data: bytes, place: int) -> tuple[dict[int, Any], int]:
    """Read a struct of Thrift's compact protocol: values by the numbers of their fields, and where it ends."""
    fields: dict[int, Any] = {}
    number = 0
    while data[place] != _STOP:
        step, kind = data[place] >> 4, data[place] & 15
        place += 1
        number, place = (number + step, place) if step else zigzag(data, place)
        fields[number], place = value(data, place, kind)
    return fields, place + 1


def value(data: bytes, place: int, kind: int) -> tuple[Any, int]:
    if kind in (_TRUE, _FALSE):
        return kind == _TRUE, place
    if kind == _STRUCT:
        return struct(data, place)
    if kind == _DOUBLE:
        return None, place + 8
    if kind == _BINARY:
        length, place = varint(data, place)
        return data[place : place + length], place + length
    return zigzag(data, place)


def zigzag(data: bytes, place: int) -> tuple[int, int]:
    number, place = varint(data, place)
    return (number >> 1) ^ -(number & 1), place


def varint(data: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while data[place] & 0x80:
        number |= (data[place] & 0x7F) << shift
        place, shift = place + 1, shift + 7
    return number | data[place] << shift, place + 1
