"""Dates, ids and patterns in the numbers of docs/reliability.md, held against answers that are found otherwise."""

import random
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from itertools import combinations, product

import pytest

from pressmark.article.dates import utc, written
from pressmark.article.rights import compiled_pattern
from soak_figures import FIGURES, figures
from support import Corpus

Told = Callable[[str, object], None]
MOMENTS, IDS = 2000, 500

_FORM = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def by_counting(moment: str) -> str:
    """Return a moment in UTC, by counting days and nothing of `datetime`; empty where it is none."""
    found = _FORM.fullmatch(moment)
    if not found:
        return ""
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    of_month = [*_MONTHS]
    of_month[1] += is_leap(year)
    if not (
        year and 1 <= month <= 12 and 1 <= day <= of_month[month - 1] and hour < 24 and minute < 60 and second < 60
    ):
        return ""
    behind = 0
    if found[8]:
        if int(found[9]) > 23 or int(found[10]) > 59:
            return ""
        behind = (60 * int(found[9]) + int(found[10])) * (1 if found[8] == "+" else -1)
    minutes = 60 * hour + minute - behind
    day += minutes // 1440
    if day < 1:
        month -= 1
        day = 31 if month == 0 else day + of_month[month - 1]
    elif day > of_month[month - 1]:
        month, day = month + 1, 1
    year, month = (year - 1, 12) if month == 0 else (year + 1, 1) if month == 13 else (year, month)
    if not 1600 <= year <= 2999:
        return ""
    fraction = f".{found[7]:0<6}" if int(found[7] or 0) else ""
    return f"{year}-{month:02}-{day:02}T{minutes % 1440 // 60:02}:{minutes % 60:02}:{second:02}{fraction}Z"


YEARS = [
    "-001",
    "0000",
    "0001",
    "1599",
    "1600",
    "1900",
    "1999",
    "2000",
    "2023",
    "2024",
    "2999",
    "3000",
    "9999",
    "10000",
    "24",
]
ENDS = [
    "Z",
    "+00:00",
    "-00:00",
    "+14:00",
    "-12:00",
    "+23:59",
    "-23:59",
    "+24:00",
    "+99:99",
    "+05:60",
    "",
    "z",
    "+0900",
    " Z",
]


def moments() -> list[str]:
    """Return moments that are and are not, with the edges of each part more often than not."""
    chance = random.Random("press")  # noqa: S311 - a seed, no secret
    found: list[str] = []
    while len(found) < MOMENTS:
        likely = chance.random() < 0.6
        year = chance.choice(YEARS[3:12] if likely else YEARS)
        month = chance.randint(1, 12) if likely else chance.randint(0, 13)
        day = chance.choice((1, 28, 29, 30, 31) if likely else (0, 1, 29, 31, 32))
        hour, minute = chance.choice(((0, 0), (23, 59), (12, 30), (24, 0), (25, 61))[: 3 if likely else 5])
        second = chance.choice((0, 59, 60, 61)[: 2 if likely else 4])
        fraction = chance.choice(("", ".5", ".000", ".123456", ".1234567", ",5", ".")[: 4 if likely else 7])
        end = chance.choice(ENDS[:7] if likely else ENDS)
        found.append(f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{end}")
    return found


@pytest.mark.counted
def test_moments_are_what_counting_says(record_property: Told) -> None:
    faults, read = [], 0
    for moment in moments():
        try:
            found = written(utc(moment))
        except ValueError:
            found = ""
        read += bool(found)
        faults += [f"{moment!r}: {found!r}, not {by_counting(moment)!r}"] if found != by_counting(moment) else []
    record_property(FIGURES, figures("moments", seed="press", done=MOMENTS, faults=faults, also={"read": read}))
    assert faults == []
    assert MOMENTS // 4 < read < MOMENTS * 3 // 4


LOOKS = (
    "ab",
    "AB",
    "aB",
    "ａｂ",
    "аb",
    "αb",
    "áb",
    "a\u0301b",
    "ib",
    "ıb",
    "İb",
    "Ib",
    "한",
    "\u1112\u1161\u11ab",
    "ﬁ",
    "fi",
    "ß",
    "ss",
    "K",
    "K",
)
BETWEEN = (
    "",
    "\u200d",
    "\u200c",
    "\u202e",
    "\u2066",
    "\U000e0061",
    "\u00ad",
    "\ufe0f",
    "\u3164",
    "-",
    ".",
    "_",
    "\u0301",
)
AFTER = ("", "1", "2")


def ids() -> list[str]:
    """Return ids many of which look like others."""
    found = [f"{one}{mark}x{end}" for mark, one, end in product(BETWEEN, LOOKS, AFTER)]
    return list(dict.fromkeys(found))[:IDS]


@pytest.mark.counted
def test_ids_are_one_where_their_characters_are_and_nowhere_else(corpus: Corpus, record_property: Told) -> None:
    every = ids()
    corpus.records(
        *({"id": each, "text": f"The text with the number {n}, of its own."} for n, each in enumerate(every))
    )
    corpus.build()
    rows = {row["line"]: row for row in corpus.ledger() if row["file"] == "records/a.jsonl"}
    became = [rows[number + 1] for number in range(len(every))]
    named = [row.get("id") for row in became]
    normal = [unicodedata.normalize("NFC", each) for each in every]
    faults = []
    for one, other in combinations(range(len(every)), 2):
        if named[one] and named[other] and (named[one] == named[other]) != (normal[one] == normal[other]):
            faults.append(f"{every[one]!r} and {every[other]!r} are {named[one]} and {named[other]}")
    codes = Counter(row["became"]["vault"].get("code", "published") for row in became)
    for place, row in enumerate(became):
        code, is_alone = row["became"]["vault"].get("code"), normal.count(normal[place]) == 1
        faults += [f"{every[place]!r} became {code}"] if code != (None if is_alone else "id-conflict") else []
    record_property(FIGURES, figures("ids", seed="all pairs", done=len(every), faults=faults, also=codes))
    assert faults == []
    assert codes["published"] > IDS // 2 < IDS - codes["id-conflict"]
    assert codes["id-conflict"]


EVIL = [
    *(
        "(a+)+$",
        "(a*)*$",
        "(a|a)*$",
        "(a|aa)+$",
        "([a-z]+)*$",
        r"^(\w+\s?)*$",
        r"\s+$",
        r"^\s+|\s+$",
        "(.*)*x",
        "(.*?,){20}P",
    ),
    *(
        r"(x+x+)+y",
        r"(\d+)*\.$",
        "(a?){30}a{30}",
        "a{0,50}a{0,50}a{0,50}$",
        r"([^\"]*\")*$",
        "(.*)(.*)(.*)(.*)z",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
    ),
    *(
        "(ab|a|b)*c",
        "(a+|b+)*c",
        r"(?:\s*-\s*)*$",
        ".*.*.*=.*",
        "(.+)+:",
        r"(\w*)*@",
        r"^(\S+\s*)+$",
        "((a*)*)*b",
        "(a+){10}b",
        "x*x*x*x*y",
        "(?i)(a|A)+$",
    ),
]
EVIL += [
    form.format(part)
    for form in ("({0}+)+x$", "({0}*)*x$", "({0}|{0})*x$", "(({0}+)+)+x$", "({0}{0}*)+x$")
    for part in ("a", r"\w", "[a-z]", ".", r"\S")
]


@pytest.mark.counted
@pytest.mark.parametrize("number", range(2))
def test_no_pattern_takes_more_than_its_page_is_long(number: int, record_property: Told) -> None:
    """Patterns that others never end with, on lines without a match: ten times the line is about ten times as long."""
    faults = []
    some = EVIL[number::2]
    for pattern in some:
        seconds = []
        for size in (1 << 15, 1 << 19):
            line = ("a" * size if number else "x " * (size // 2)) + "!"
            start = time.process_time()
            compiled_pattern(pattern).search(line)
            seconds.append(time.process_time() - start)
        faults += [f"{pattern}: {seconds[1]:.2f} s for 512 KiB"] if seconds[1] > 1 + 64 * seconds[0] else []
    record_property(FIGURES, figures("patterns", seed="by hand", done=len(some), faults=faults))
    assert faults == []
