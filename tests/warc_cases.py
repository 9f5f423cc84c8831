"""WARC files for tests: five pages, in each way in which such files are stored."""

import base64
import gzip
import hashlib

import pyarrow as pa

WORDS = "The river rose in the night and took the landing stage with it, as it does in most years. "


def page(number: int) -> bytes:
    paragraphs = "".join(f"<p>{part} of page {number}. {WORDS * 3}</p>" for part in ("First", "Second", "Third"))
    head = f"<head><title>Page {number}</title><meta name='date' content='2024-05-2{number}'></head>"
    return f"<html>{head}<body><article>{paragraphs}</article></body></html>".encode()


def record(kind: str, url: str, block: bytes, media_type: str) -> bytes:
    """Return a record of WARC 1.1 as crawlers write them."""
    digest = base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
    stated = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()}>",
        "WARC-Date": "2024-05-21T04:57:16Z",
        "WARC-Target-URI": url,
        "WARC-Block-Digest": f"sha1:{digest}",
        "Content-Type": media_type,
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in stated.items() if value)
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def response(url: str, body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """Return the record of an answer."""
    stated = {
        "Content-Type": "text/html; charset=utf-8",
        **{name.replace("_", "-"): each for name, each in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in stated.items())
    return record(
        "response", url, f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body, "application/http;msgtype=response"
    )


def warc(count: int = 5, *, packed: bool = True) -> bytes:
    """Return a WARC file of pages, with what crawlers write besides."""
    records = [record("warcinfo", "", b"software: a test\r\n", "application/warc-fields")]
    records += [response(f"https://quill.example/{number}", page(number)) for number in range(count)]
    return b"".join(gzip.compress(each, mtime=0) if packed else each for each in records)


def arc(count: int = 5) -> bytes:
    """Return an ARC file of pages."""
    about = b"1 0 Quill\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://a.arc 0.0.0.0 20240521045716 text/plain %d\n" % len(about) + about]
    for number in range(count):
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(number)
        parts.append(
            b"https://quill.example/%d 192.0.2.1 20240521045716 text/html %d\n" % (number, len(answer)) + answer
        )
    return b"\n".join(parts) + b"\n"


FILES = {
    "a.warc.gz": warc(),
    "a.warc": warc(packed=False),
    "one-member.warc.gz": gzip.compress(warc(packed=False), mtime=0),
    "a.warc.zst": pa.compress(warc(packed=False), "zstd", asbytes=True),
    "a.arc": arc(),
    "a.arc.gz": gzip.compress(arc(), mtime=0),
}
