"""What lies in a file, one after the other: lines, rows, entries, captured pages."""

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
