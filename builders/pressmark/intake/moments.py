"""Dates as pages and exports write them: read exactly, or not at all.

Day and month are told apart by the form alone; where a form is used in both orders, it is read only if one order
gives no date. Years: ISO 8601, RFC 2822, Korean, Chinese and Japanese words, the eras of Japan (令和 and earlier),
Juche years and years of the Republic of China (of both, year one is 1912). Nothing depends on today or the machine.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from pressmark.article.dates import checked_date, full_year, utc_of_local, zone
from pressmark.intake.words_of_dates import CLOCK, ENGLISH, ERAS, HALVES, LABELS, MONTHS, NUMERALS, WEEKDAYS, ZONES

LONGEST = 200
"""Characters that a date may have."""

_DAY_FORMS = [
    re.compile(form)
    for form in (
        r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})",
        r"(?P<y>[0-9]{4})/(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})",
        r"(?P<y>[0-9]{4})\. ?(?P<m>[0-9]{1,2})\. ?(?P<d>[0-9]{1,2})\.?",
        r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9])",
        r"(?P<y>[0-9]{2}(?:[0-9]{2})?)[년年] ?(?P<m>[0-9]{1,2})[월月] ?(?P<d>[0-9]{1,2})[일日號号]?",
        rf"(?P<mn>{ENGLISH})\.? (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y>[0-9]{{4}})",
        rf"(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?[ -](?P<mn>{ENGLISH})\.?,?[ -](?P<y>[0-9]{{4}})",
        r"(?P<y>[0-9]{2})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})",
        r"(?P<a>[0-9]{1,2})[/.-](?P<b>[0-9]{1,2})[/.-](?P<y>[0-9]{4})",
    )
]
_CLOCK = re.compile(CLOCK)
_ZONE = re.compile(
    r"(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-5][0-9]))?(?: \(?[A-Z]{2,5}\)?)?"
    r"|(?P<name>[A-Z]{1,5}|[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+)"
)
_COMPACT = re.compile("(?P<day>[0-9]{8})T?(?P<h>[0-9]{2})(?P<n>[0-9]{2})(?P<s>[0-9]{2})(?P<zone>.*)")
_EPOCH = re.compile("[0-9]{10}|[0-9]{13}")
_HOURS = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])")
_JUCHE = re.compile(r"주체 ?(?P<era>[0-9]{1,3}) ?(?:\((?P<year>[0-9]{4})\))? ?년")
_ERA = re.compile(rf"(?P<era>{'|'.join(ERAS)}) ?(?P<year>元|[0-9]{{1,3}})年")
_CJK_NUMBER = re.compile("[〇零一二三四五六七八九十]+(?=[年月日时時點点分秒號号])")
_TENS = re.compile("[一二三四五六七八九]?十[一二三四五六七八九]?")
_FILLERS = re.compile(
    r"\(?(?:[월화수목금토일]요일|[日月火水木金土]曜日?|星期[一二三四五六日天]|周[一二三四五六日])\)?|\([월화수목금토일日月火水木金土]\)"
)
_MONTHS_A_YEAR, _MILLISECONDS = 12, 13
_FARTHEST = timedelta(hours=14)
_BETWEEN = " ,;|·()"
_JOINED = re.compile("T(?=[0-9])|at |,")
"""What stands between a date and its time."""


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
    """Why there is no `at` although a time was found; else empty."""


def read_moment(raw: str, place: ZoneInfo | None) -> Moment:
    """Read a date, with or without a time.

    Args:
        raw: The words, such as `2015-07-17 15:46:45` or an ISO 8601 time.
        place: Time zone of times that name none.

    Raises:
        ValueError: it is no date, cannot be, or can be read in two ways; the message says which, without the words.
    """
    if len(raw) > LONGEST:
        raise ValueError(f"a date has at most {LONGEST} characters")
    words = _plain(raw)
    if _EPOCH.fullmatch(words):
        if _HOURS.fullmatch(words):
            raise ValueError("digits can be read as a day with its hour, or as seconds since 1970")
        unit = timedelta(milliseconds=1) if len(words) == _MILLISECONDS else timedelta(seconds=1)
        return _placed(raw, datetime(1970, 1, 1, tzinfo=UTC) + int(words) * unit, "second", UTC, place)
    if compact := _COMPACT.fullmatch(words):
        words = f"{compact['day']} {compact['h']}:{compact['n']}:{compact['s']}{compact['zone']}"
    day, rest = _day(words)
    clock, precision, rest = _time(rest)
    told = rest.strip(_BETWEEN)
    if clock is None:
        if told:
            raise ValueError("found more than a date")
        return Moment(day, "day", raw)
    offset, unclear = _offset(told)
    local = datetime.combine(day, clock)
    if unclear:
        return Moment(day, "day", raw, unclear=unclear)
    return _placed(raw, local, precision, offset, place)


def _plain(raw: str) -> str:
    """Return a date with plain digits and single spaces, without its label and the day of the week."""
    words = " ".join(unicodedata.normalize("NFKC", raw).split())
    for label in LABELS:
        if words.casefold().startswith(label):
            words = words[len(label) :].lstrip(" :")
    words = _FILLERS.sub(" ", _CJK_NUMBER.sub(lambda found: str(_number(found.group())), words))
    words = _JUCHE.sub(_juche, words)
    words = _ERA.sub(
        lambda found: f"{ERAS[found['era']] + (1 if found['year'] == '元' else int(found['year']))}年", words
    )
    first, _, following = words.partition(" ")
    words = following if first.rstrip(",.").casefold() in WEEKDAYS else words
    return " ".join(words.split())


def _juche(found: re.Match[str]) -> str:
    year = int(found["era"]) + 1911
    if found["year"] and int(found["year"]) != year:
        raise ValueError("the Juche year is another than the one beside it")
    return f"{year}년"


def _number(numerals: str) -> int:
    """Return a number of Chinese numerals: digit by digit, or below a hundred with tens."""
    if "十" not in numerals:
        return int("".join(str(NUMERALS[each]) for each in numerals))
    if not _TENS.fullmatch(numerals):
        raise ValueError("found Chinese numerals that are no number below a hundred")
    tens, _, ones = numerals.partition("十")
    return (NUMERALS[tens] if tens else 1) * 10 + (NUMERALS[ones] if ones else 0)


def _day(words: str) -> tuple[date, str]:
    """Return the date in some words, and what stands around it."""
    for form in _DAY_FORMS:
        found = form.search(words)
        if found is None or _goes_on(words[: found.start()][-1:], found.group(), words[found.end() :][:1]):
            continue
        groups = found.groupdict()
        after = words[found.end() :].lstrip()
        joined = _JOINED.match(after)
        rest = f"{words[: found.start()]} {after[joined.end() :] if joined else after}".strip()
        year = full_year(groups["y"])
        if "a" in groups:
            return _either_order(year, int(groups["a"]), int(groups["b"])), rest
        month = MONTHS[groups["mn"][:3].casefold()] if groups.get("mn") else int(groups["m"])
        return checked_date(year, month, int(groups["d"])), rest
    raise ValueError("found no date in a form that is known")


def _goes_on(before: str, found: str, after: str) -> bool:
    """Tell whether digits stand right before or behind what looks like a date."""
    return before.isdigit() or (found[-1].isdigit() and after.isdigit())


def _either_order(year: int, first: int, second: int) -> date:
    if first != second and first <= _MONTHS_A_YEAR and second <= _MONTHS_A_YEAR:
        raise ValueError("day and month can be read in two ways")
    return checked_date(year, *((first, second) if second > _MONTHS_A_YEAR else (second, first)))


def _time(words: str) -> tuple[time | None, str, str]:
    """Return the time of day in what stands around a date, how exactly it is known, and what is left."""
    found = _CLOCK.search(words)
    if found is None:
        return None, "day", words
    groups = found.groupdict()
    half = (groups["before"] or groups["after"] or "").casefold().replace(".", "")
    hour = int(groups["h"] or groups["hw"])
    if half in HALVES:
        if not 1 <= hour <= _MONTHS_A_YEAR:
            raise ValueError("an hour of half a day is 1 to 12")
        hour = hour % 12 + HALVES[half]
    minute, second = groups["n"] or groups["nw"], groups["s"] or groups["sw"]
    fraction = int((groups["f"] or "0")[:6].ljust(6, "0"))
    clock = time(hour, int(minute or 0), int(second or 0), fraction)
    if minute is None:
        # An hour alone is no time of publication that anybody could sort by.
        return None, "day", f"{words[: found.start()]} {words[found.end() :]}"
    return clock, "second" if second else "minute", f"{words[: found.start()]} {words[found.end() :]}"


def _offset(words: str) -> tuple[tzinfo | None, str]:
    """Return the zone that some words name, and why they name none."""
    if not words:
        return None, ""
    found = _ZONE.fullmatch(words)
    if found is None:
        raise ValueError("found more than a date and a time")
    if found["sign"]:
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if offset > _FARTHEST:
            raise ValueError(f"no zone is farther than {_FARTHEST.seconds // 3600} hours from UTC")
        return timezone(offset if found["sign"] == "+" else -offset), ""
    if found["name"] in ZONES:
        return timezone(timedelta(hours=ZONES[found["name"]])), ""
    known = zone(found["name"]) if "/" in found["name"] else None
    return known, "" if known else "found a short name that several time zones have"


def _placed(raw: str, local: datetime, precision: str, offset: tzinfo | None, place: ZoneInfo | None) -> Moment:
    """Return the moment of a local time: of the zone that it names, else of the paper's."""
    named = offset or place
    if named is None:
        return Moment(local.date(), "day", raw, unclear="found a time without a zone, and the source has none")
    if isinstance(named, ZoneInfo):
        at = utc_of_local(local.replace(tzinfo=None), named)
        if at is None:
            return Moment(
                local.date(), "day", raw, unclear=f"found a local time that {named.key} had not, or had twice"
            )
    else:
        # Years are within 1600 to 2999 here, so that no zone leaves the calendar.
        at = local.replace(tzinfo=named).astimezone(UTC)
    checked_date(at.year, at.month, at.day)
    on = at.astimezone(place).date() if place else local.date()
    return Moment(checked_date(on.year, on.month, on.day), precision, raw, at)
