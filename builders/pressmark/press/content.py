"""Content digests: what stays the same when only the bytes of a file change.

A row is RFC 8785 JSON in UTF-8: keys sorted, nulls left out at every depth, dates as `2024-05-21`, times in UTC as
`2024-05-21T05:57:16Z`. The digest of a split is SHA-256 over the SHA-256 of each row (32 bytes each), in the order of
ids.

An article is written so once, when it is read, with gaps for what the release decides; each release fills them.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa

from pressmark.article.record import Record
from pressmark.press.columns import as_record, rows_of

# orjson writes strings, integers, booleans, lists and objects as RFC 8785 asks for; no number of ours has a fraction,
# and the keys are ASCII, so their order is the same by bytes and by UTF-16. A property test holds it against rfc8785.
_CANONICAL = orjson.OPT_SORT_KEYS

# No record holds a control character but line ends and tabs, so nothing else of it is written like a gap.
_GAP, _WRITTEN_GAP = "\x01", b'"\\u0001"'
_GAPS = dict.fromkeys(("added_in", "changed_in", "group_id", "text"), _GAP)
_ADDED_IN, _CHANGED_IN = b'"added_in":', b'"changed_in":'


def row_digests(table: pa.Table) -> list[tuple[str, bytes]]:
    """Return id and digest of each row."""
    return [(row["id"], hashlib.sha256(canonical(row)).digest()) for row in rows_of(table)]


def canonical(row: dict[str, Any]) -> bytes:
    """Return a row as canonical JSON."""
    return orjson.dumps(as_record(row), option=_CANONICAL)


def with_gaps(article: Record) -> bytes:
    """Return an article as canonical JSON, with gaps for its text, group and numbers of releases."""
    return orjson.dumps({**article, **_GAPS}, option=_CANONICAL)


@dataclass(frozen=True, slots=True)
class Gapped:
    """An article as canonical JSON, with its text and group filled in."""

    before: bytes
    between: bytes
    after: bytes
    """What stands before `added_in`, between it and `changed_in`, and behind; with the comma that follows a number."""

    def lasting_digest(self) -> bytes:
        """Return what `lasting_digest` returns of the row."""
        return hashlib.sha256(self.before + self.between + self.after).digest()

    def digest(self, added_in: int, changed_in: int) -> bytes:
        """Return the SHA-256 of the row with the numbers of the releases that added and last changed it."""
        added, changed = b"%s%d," % (_ADDED_IN, added_in), b"%s%d," % (_CHANGED_IN, changed_in)
        return hashlib.sha256(self.before + added + self.between + changed + self.after).digest()


def without_text(row: Record) -> Gapped:
    """Return a row that has no text, its group among the rest, as canonical JSON."""
    numbers = {"added_in": _GAP, "changed_in": _GAP}
    before, between, after = orjson.dumps({**row, **numbers}, option=_CANONICAL).split(_WRITTEN_GAP)
    return Gapped(before.removesuffix(_ADDED_IN), between[1:].removesuffix(_CHANGED_IN), after[1:])


def filled(written: bytes, text: str, group: str) -> Gapped:
    """Return an article that was written with gaps, with its text and group.

    Args:
        written: What `with_gaps` returned.
        text: Its text.
        group: Its group.
    """
    before, between, third, fourth, last = written.split(_WRITTEN_GAP)
    after = third[1:] + orjson.dumps(group) + fourth + orjson.dumps(text) + last
    return Gapped(before.removesuffix(_ADDED_IN), between[1:].removesuffix(_CHANGED_IN), after)


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
