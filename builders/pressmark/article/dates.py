"""Dates and times: local in the paper, UTC in the record."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

_DAY = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-5][0-9])")

FIRST_YEAR, LAST_YEAR = 1600, 2999
"""Years that a date can have. The contract's patterns say the same."""

A_DAY, A_MOMENT = "a day such as 2026-01-31", "a moment such as 2026-01-31T13:57:16+08:00"
"""How dates are written, in the words of those who write them."""


@cache
def zone(name: str) -> ZoneInfo | None:
    """Return a time zone of the pinned tzdata package, or None for an unknown name.

    The operating system's own database is not asked: it differs between machines, and so would the releases.
    """
    if name not in _zones():
        return None
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


@cache
def _zones() -> frozenset[str]:
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


def full_year(year: str) -> int:
    """Return a year as a number; two digits mean the nearest past or coming half century around 2000 to 2049."""
    number = int(year)
    return number if len(year) > 2 else number + (2000 if number < 50 else 1900)


def checked_date(year: int, month: int, day: int) -> date:
    """Return a date.

    Raises:
        ValueError: it does not exist, or lies outside `FIRST_YEAR` to `LAST_YEAR`.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year {year} lies outside {FIRST_YEAR} to {LAST_YEAR}")
    return date(year, month, day)


def no_such_day(found: str) -> str:
    """Return why a word of the form 2026-01-31 is no date that can be meant; empty where it is of another form."""
    shaped = _DAY.match(found)
    if not shaped:
        return ""
    year, month, day = map(int, shaped.groups())
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    if not 1 <= day <= monthrange(year, month)[1]:
        return f"{found[:7]} has no day {day}"
    return "" if FIRST_YEAR <= year <= LAST_YEAR else f"years are {FIRST_YEAR} to {LAST_YEAR}"


def utc_of_local(local: datetime, place: ZoneInfo) -> datetime | None:
    """Return a local time in UTC, or None where clocks were changed so that it never was, or was twice."""
    moments = {local.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return moments.pop() if len(moments) == 1 else None


def utc(moment: str) -> datetime:
    """Return an RFC 3339 time in UTC.

    Raises:
        ValueError: it does not exist, is not of that form, or leaves the years that a date can have.
    """
    if not _MOMENT.fullmatch(moment):
        raise ValueError("not of the form 2024-05-21T13:57:16+08:00")
    parsed = datetime.fromisoformat(moment)
    try:
        result = parsed.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error
    checked_date(result.year, result.month, result.day)
    return result


def written(moment: datetime) -> str:
    """Return a UTC time as the contract writes it: RFC 3339 with Z, fractions only where there are any."""
    return f"{moment.replace(tzinfo=None).isoformat()}Z"
