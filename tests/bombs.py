"""Inputs that are small, or look small, and become large where they are read: one function of bytes for each."""

import gzip
import io
import json
import zlib
from collections.abc import Callable
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq

from warc_cases import response

MB = 1 << 20
_TAGS = 400_000

Bomb = Callable[[], bytes]


def _gz(data: bytes, times: int = 1) -> bytes:
    """Return gzip members that unpack to something many times over."""
    return gzip.compress(data, 9, mtime=0) * times


def _zst(data: bytes, times: int = 1) -> bytes:
    return bytes(pa.compress(data, "zstd", asbytes=True)) * times


def _br(data: bytes) -> bytes:
    return bytes(pa.compress(data, "brotli", asbytes=True))


PACKERS = {"gz": _gz, "zst": _zst}
CODINGS: dict[str, Callable[[bytes], bytes]] = {"gzip": _gz, "deflate": zlib.compress, "br": _br, "zstd": _zst}

# What a record, a row or a page that never ends looks like in each format.
ENDLESS = {
    "jsonl": b'{"text": "' + b"x" * (16 * MB),
    "json": b'[{"text": [' + b"[]," * (5 * MB),
    "csv": b'id,text\n1,"' + b"x" * (16 * MB),
    "tsv": b"id\ttext\n1\t" + b"x" * (16 * MB),
    "warc": b"WARC/1.1\r\n" + b"x" * (16 * MB),
}


def _answer(body: bytes, coding: str) -> bytes:
    return response("https://quill.example/1", body, Content_Encoding=coding)


def _zeros(coding: str) -> bytes:
    return _answer(CODINGS[coding](bytes(256 * MB)), coding)


def _packed_zeros(coding: str) -> bytes:
    return _gz(_zeros(coding))


def _packed_many_times(times: int) -> bytes:
    body = bytes(32 * MB)
    for _ in range(times):
        body = _gz(body)
    return _answer(body, ", ".join(["gzip"] * times))


def _chained(*codings: str) -> bytes:
    body = bytes(256 * MB)
    for coding in codings:
        body = CODINGS[coding](body)
    return _answer(body, ", ".join(codings))


def _parquet(table: pa.Table, **options: object) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream, write_statistics=False, **options)
    return stream.getvalue()


def _dictionary() -> bytes:
    values = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["x" * MB]))
    return _parquet(pa.table({"text": values}), compression="zstd", store_schema=False)


def _long_value(compression: str) -> bytes:
    return _parquet(pa.table({"text": ["x" * (256 * MB)]}), compression=compression, use_dictionary=False)


def _list() -> bytes:
    return _parquet(pa.table({"text": ["a"], "section": [["town"] * 10_000_000]}), compression="zstd")


def _prefixes() -> bytes:
    table = pa.table({"text": ["x" * MB + str(number) for number in range(300)]})
    encoding = {"text": "DELTA_BYTE_ARRAY"}
    return _parquet(table, compression="zstd", use_dictionary=False, column_encoding=encoding)


def _page(body: str, head: str = "", before: str = "") -> bytes:
    return f"{before}<html><head><title>A page</title>{head}</head><body>{body}</body></html>".encode()


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return _page("<p>&e11;</p>", before=f'<!DOCTYPE html [<!ENTITY e0 "ha">{entities}]>')


def _in_json(value: str) -> bytes:
    return f'{{"id": "a", "text": {value}}}\n'.encode()


def _ld(value: str) -> bytes:
    return _page("<p>Words.</p>" * 20, f'<script type="application/ld+json">{value}</script>')


BOMBS: dict[str, tuple[str, str, Bomb]] = {
    **{
        f"{format_}.{ending}": (f"a.{format_}.{ending}", format_, partial(pack, data, 100))
        for format_, data in ENDLESS.items()
        for ending, pack in PACKERS.items()
    },
    "gzip in gzip": ("a.jsonl.gz", "jsonl", lambda: _gz(_gz(ENDLESS["jsonl"] * 4), 64)),
    "empty members": ("a.jsonl.gz", "jsonl", lambda: _gz(b"", 200_000)),
    "empty frames": ("a.jsonl.zst", "jsonl", lambda: _zst(b"", 200_000)),
    "many short lines": ("a.jsonl.gz", "jsonl", lambda: _gz(b"\n" * (64 * MB), 20)),
    **{
        f"{coding} of an answer": (
            "a.warc",
            "warc",
            partial(_zeros, coding),
        )
        for coding in CODINGS
    },
    **{
        f"{coding} of an answer, packed": (
            "a.warc.gz",
            "warc",
            partial(_packed_zeros, coding),
        )
        for coding in CODINGS
    },
    "gzip and gzip": ("a.warc", "warc", lambda: _chained("gzip", "gzip")),
    "br and gzip": ("a.warc", "warc", lambda: _chained("br", "gzip")),
    "zstd and br": ("a.warc", "warc", lambda: _chained("zstd", "br")),
    "gzip sixteen times": ("a.warc", "warc", lambda: _packed_many_times(16)),
    "a record of a petabyte": ("a.warc", "warc", lambda: _stated_length(10**15)),
    "a chunk of a terabyte": (
        "a.warc",
        "warc",
        lambda: response("https://quill.example/1", b"ffffffffff\r\nx", Transfer_Encoding="chunked"),
    ),
    "a head without an end": ("a.warc", "warc", lambda: b"WARC/1.1\r\n" + b"a: b\r\n" * (4 * MB)),
    "a dictionary": ("a.parquet", "parquet", _dictionary),
    "a long value, zstd": ("a.parquet", "parquet", lambda: _long_value("zstd")),
    "a long value, brotli": ("a.parquet", "parquet", lambda: _long_value("brotli")),
    "a long value, gzip": ("a.parquet", "parquet", lambda: _long_value("gzip")),
    "a long list": ("a.parquet", "parquet", _list),
    "prefixes in common": ("a.parquet", "parquet", _prefixes),
    "laughs": ("a.html", "html", _laughs),
    "depth of mark-up": ("a.html", "html", lambda: _page("<div>" * _TAGS + "words")),
    "tags that stay open": ("a.html", "html", lambda: _page("<b><i><a href=x>" * (_TAGS // 3) + "words")),
    "attributes": ("a.html", "html", lambda: _page(f"<p {' '.join(f'a{n}=b' for n in range(_TAGS))}>words</p>")),
    "a long attribute": ("a.html", "html", lambda: _page(f'<p title="{"x" * (12 * MB)}">words</p>')),
    "tables in tables": ("a.html", "html", lambda: _page("<table><tr><td>" * (_TAGS // 10) + "words")),
    "entities": ("a.html", "html", lambda: _page(f"<p>{'&lt;' * (3 * MB)}</p>")),
    "depth in JSON-LD": ("a.html", "html", lambda: _ld("[" * _TAGS)),
    "depth in a record": ("a.jsonl", "jsonl", lambda: _in_json("[" * 7 * MB)),
    "depth of objects": ("a.jsonl", "jsonl", lambda: _in_json('{"a":' * 2 * MB)),
    "depth in an array": ("a.json", "json", lambda: b"[" * (7 * MB)),
    "a long number": ("a.jsonl", "jsonl", lambda: _in_json("1" * (7 * MB))),
    "many keys": ("a.jsonl", "jsonl", lambda: json.dumps({f"k{n}": n for n in range(_TAGS)}).encode() + b"\n"),
}
"""A file's name, its format and its bytes, by what the bomb is."""


def _stated_length(length: int) -> bytes:
    data = response("https://quill.example/1", b"<p>words</p>")
    head, _, rest = data.partition(b"Content-Length: ")
    return head + b"Content-Length: %d\r\n" % length + rest.partition(b"\r\n")[2]
