"""Dates as pages and exports write them: read exactly, or not at all."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was published, as far as it is known."""

    on: date
    """The paper's local date."""

    precision: str
    """`second`, `minute` or `day`."""

    raw: str
    """As it was found."""

    at: datetime | None = None
    """In UTC; None where only the day is known, no zone is known, or clocks were changed at that time."""

    unclear: str = ""
    """Why there is no `at` although a time was found with a zone; else empty."""


def read_moment(raw: str, place: ZoneInfo | None) -> Moment:
    """Read a date, with or without a time.

    Args:
        raw: The words, such as `2015-07-17 15:46:45` or an ISO 8601 time.
        place: Time zone of times that name none.

    Raises:
        ValueError: it is no date, cannot be, or can be read in two ways; the message says which, without the words.
    """
    raise NotImplementedError
