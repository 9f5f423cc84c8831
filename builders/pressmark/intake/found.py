"""What lies in a file, one after the other: lines, rows, entries, captured pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pressmark.findings import RefusedInputError
from pressmark.intake.warc import Caught


@dataclass(frozen=True, slots=True)
class Found:
    """One input in a file of several."""

    number: int | None
    """Its place, from 1; None where the file is the input."""

    data: bytes = b""
    """Its bytes, which the digest of its capture is of."""

    value: dict[str, Any] | None = None
    """The record, where the file's format gives more than bytes."""

    refusal: RefusedInputError | None = None
    """Why it cannot be read."""

    caught: Caught | None = None
    """The capture, where the file is one of a crawler."""

    signals: Sequence[dict[str, str]] = ()
    """What its site's robots.txt says about it, as reservations of the contract."""

    passed: str = ""
    """Where it is passed over, for it is nothing that could be an article: what it is."""


def bounded(found: Iterator[Found], most: int) -> Iterator[Found]:
    """Yield rows while they are not far more than texts take: a value that they share is stored once.

    Args:
        found: The rows.
        most: Bytes that they may have together.

    Raises:
        RefusedInputError: `too-large`.
    """
    for each in found:
        most -= len(each.data)
        if most < 0:
            raise RefusedInputError("too-large", "its rows have far more bytes than it", f"row {each.number}")
        yield each
