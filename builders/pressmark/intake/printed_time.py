"""Days and times as pages print them, by the groups of a pattern of a layout."""

import re
from collections.abc import Mapping
from datetime import date

from pressmark.article.dates import checked_date, full_year
from pressmark.intake.words_of_dates import HALVES, MONTHS

_HALF_A_DAY = 12
_HALVED = re.compile("[0-9] ?[ap][.]?m(?![a-z])|오전|오후|上午|下午|午前|午後", re.IGNORECASE)
"""What tells that a time is of one half of the day."""


def printed_day(groups: Mapping[str, str]) -> date:
    """Return the day that groups say.

    Raises:
        KeyError: one of year, month and day is missing.
        ValueError: there is no such day.
    """
    return checked_date(full_year(groups["year"]), _month(groups["month"]), int(groups["day"]))


def printed_clock(groups: Mapping[str, str], line: str) -> list[int]:
    """Return hour, minute and second, as far as groups say them.

    A group `half` says which half of the day they are of. Where the line says so and the pattern has no such group,
    they may be twelve hours wrong, and nothing is returned.

    Args:
        groups: By name.
        line: The whole line.

    Raises:
        ValueError: the hour is no hour of half a day.
    """
    clock = [int(groups[name]) for name in ("hour", "minute", "second") if name in groups]
    half = groups.get("half", "").casefold().replace(".", "").strip()
    if not clock or not half:
        return [] if clock and 1 <= clock[0] <= _HALF_A_DAY and is_halved(line) else clock
    if half not in HALVES:
        raise ValueError(f"{half[:10]!r} is no half of a day")
    if not 1 <= clock[0] <= _HALF_A_DAY:
        raise ValueError("an hour of half a day is 1 to 12")
    return [clock[0] % _HALF_A_DAY + HALVES[half], *clock[1:]]


def is_halved(line: str) -> bool:
    """Tell whether a line says of which half of the day its time is."""
    return bool(_HALVED.search(line))


def _month(written: str) -> int:
    """Return a month from its digits or its English name."""
    if written.isdecimal():
        return int(written)
    month = MONTHS.get(written[:3].casefold())
    if month is None:
        raise ValueError("the month is neither a number nor an English name")
    return month
