"""Content digests: what stays the same when only the bytes of a file change.

A row is RFC 8785 JSON in UTF-8: keys sorted, nulls left out at every depth, dates as `2024-05-21`, times in UTC as
`2024-05-21T05:57:16Z`. The digest of a split is SHA-256 over the SHA-256 of each row (32 bytes each), in the order of
ids.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson
import pyarrow as pa

from pressmark.press.columns import as_record, rows_of

# orjson writes strings, integers, booleans, lists and objects as RFC 8785 asks for; no number of ours has a fraction,
# and the keys are ASCII, so their order is the same by bytes and by UTF-16. A property test holds it against rfc8785.
_CANONICAL = orjson.OPT_SORT_KEYS


def row_digests(table: pa.Table) -> list[tuple[str, bytes]]:
    """Return id and digest of each row."""
    return [(row["id"], hashlib.sha256(canonical(row)).digest()) for row in rows_of(table)]


def canonical(row: dict[str, Any]) -> bytes:
    """Return a row as canonical JSON."""
    return orjson.dumps(as_record(row), option=_CANONICAL)


def lasting_digest(row: dict[str, Any]) -> bytes:
    """Return the SHA-256 of what a row says apart from the numbers of releases: the same until the record changes."""
    told = {key: value for key, value in row.items() if key not in ("added_in", "changed_in")}
    return hashlib.sha256(canonical(told)).digest()


def content_digest(rows: Iterable[tuple[str, bytes]]) -> str:
    """Return the digest of a split from the digests of its rows, in any order."""
    digest = hashlib.sha256()
    for _, row in sorted(rows):
        digest.update(row)
    return digest.hexdigest()
