"""Dates in the shapes that pages have: each is read exactly, or refused."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.article.dates import zone
from pressmark.intake.moments import LONGEST, read_moment
from strategies import checked

SEOUL = zone("Asia/Seoul")

TIMES = {
    "2024-05-21T13:57:16+09:00": "second",
    "2024-05-21T04:57:16Z": "second",
    "2024-05-21 13:57:16 +0900": "second",
    "2024-05-21 13:57:16 +0900 (KST)": "second",
    "2024-05-21T13:57:16": "second",
    "Tue, 21 May 2024 13:57:16 +0900": "second",
    "Tue, 21 May 2024 04:57:16 GMT": "second",
    "20240521135716": "second",
    "20240521T135716": "second",
    "1716267436": "second",
    "1716267436000": "second",
    "2024年5月21日13时57分16秒": "second",
    "2024-05-21 13:57 KST": "minute",
    "2024-05-21 13:57 Asia/Tokyo": "minute",
    "24-05-21 13:57": "minute",
    "발표시간: 2024-05-21 13:57": "minute",
    "发布时间:24-05-21 13:57": "minute",
    "2024-05-21\u300013\uff1a57": "minute",
    "13:57, May 21, 2024": "minute",
    "May 21, 2024 at 1:57 PM": "minute",
    "Tues, May 21, 2024 1:57 p.m.": "minute",
    "21 May 2024, 1.57 pm": "minute",
    "May 21, 2024 at 1.57 P.M.": "minute",
    "2024년5월21일 13시57분": "minute",
    "2024년 5월 21일 (화) 오후 1:57": "minute",
    "2024. 5. 21. 오후 1:57": "minute",
    "2024.05.21 13:57": "minute",
    "2024年5月21日 下午1:57": "minute",
    "令和6年5月21日 午後1時57分": "minute",
}
DAYS = [
    *("2024-05-21", "2024/5/21", "20240521", "21 May 2024", "May 21st, 2024", "21-May-2024", "Tuesday, 21 May 2024"),
    *("2024년 5월 21일", "2024年5月21日 星期二", "二〇二四年五月二十一日", "令和6年5月21日", "民國113年5月21日"),
    *(
        "주체113(2024)년 5월 21일",
        "주체113년 5월 21일",
        "21/05/2024",
        "05/21/2024",
        "21.05.2024",
        "Published: May 21, 2024",
    ),
]


@pytest.mark.parametrize("raw", TIMES)
def test_times_are_read(raw: str) -> None:
    found = read_moment(raw, SEOUL)
    second = 16 if TIMES[raw] == "second" else 0
    assert found.at == datetime(2024, 5, 21, 4, 57, second, tzinfo=UTC)
    assert (found.on, found.precision, found.raw, found.unclear) == (date(2024, 5, 21), TIMES[raw], raw, "")


@pytest.mark.parametrize("raw", DAYS)
def test_days_are_read(raw: str) -> None:
    found = read_moment(raw, SEOUL)
    assert (found.on, found.at, found.precision) == (date(2024, 5, 21), None, "day")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("07/08/2021", "two ways"),
        ("7.8.2021", "two ways"),
        ("2024-02-30", "day"),
        ("2024-13-01", "month"),
        ("2024-05-21 25:00", "hour"),
        ("2024-05-21 13:60", "minute"),
        ("0 o'clock", "no date"),
        ("2024", "no date"),
        ("12024-05-21", "no date"),
        ("1066-10-14", "outside"),
        ("2024-05-21 and later", "more than a date"),
        ("2024-05-21 13:57 | 조회 12", "more than"),
        ("주체113(2023)년 5월 21일", "Juche"),
        ("13:57 p.m. May 21, 2024", "half a day"),
        ("十十年五月一日", "numerals"),
        ("2024-05-21 13:57 +09:75", "more than"),
        ("2024052113", "a day with its hour"),
        ("二十十年五月一日", "numerals"),
        ("2024-05-21 13:57 +1500", "farther"),
        ("x" * (LONGEST + 1), "at most"),
        ("", "no date"),
    ],
)
def test_what_is_no_date_or_two_is_refused(raw: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_moment(raw, SEOUL)


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        ("2024-05-21 13:57 CST", "Asia/Seoul", "several time zones"),
        ("2024-05-21 13:57", None, "without a zone"),
        ("2024-03-31 02:30", "Europe/Paris", "had not, or had twice"),
        ("2024-10-27 02:30", "Europe/Paris", "had not, or had twice"),
    ],
)
def test_a_time_that_is_unclear_is_a_day_with_a_reason(raw: str, place: str | None, words: str) -> None:
    found = read_moment(raw, zone(place) if place else None)
    assert (found.at, found.precision) == (None, "day")
    assert words in found.unclear


@pytest.mark.parametrize(
    "raw", ["2024년 5월 21일 13시", "2024年5月21日 下午1点", "2024-05-21 오후 1시", "2024. 5. 21. 13시"]
)
def test_an_hour_alone_is_no_time(raw: str) -> None:
    found = read_moment(raw, SEOUL)
    assert (found.on, found.precision, found.at, found.unclear) == (date(2024, 5, 21), "day", None, "")


def test_milliseconds_are_exact() -> None:
    assert read_moment("1716267436001", None).at == datetime(2024, 5, 21, 4, 57, 16, 1000, tzinfo=UTC)


@checked(500)
@given(
    st.lists(
        st.sampled_from([*"0129〇一十年月日時分秒令和주체년월일시분-/.:+TZ()元 ", "May", "2024", "오후", "民國"])
    ).map("".join)
)
def test_pieces_of_dates_are_read_or_refused_in_words(raw: str) -> None:
    with suppress(ValueError):
        assert read_moment(raw, SEOUL).raw == raw


def test_the_day_is_the_papers() -> None:
    assert read_moment("2024-05-20T20:00:00Z", SEOUL).on == date(2024, 5, 21)
    assert read_moment("2024-05-20T20:00:00Z", None).on == date(2024, 5, 20)


@checked(200)
@given(
    st.datetimes(datetime(1900, 1, 2), datetime(2099, 12, 30)),  # noqa: DTZ001 - local times
    st.sampled_from(
        [
            "%Y-%m-%d %H:%M",
            "%Y/%m/%d %H:%M",
            "%Y%m%d%H%M%S",
            "%H:%M, %B %d, %Y",
            "%d %b %Y %I:%M %p",
            "%Y年%m月%d日 %H:%M",
        ]
    ),
)
def test_what_is_written_is_read(local: datetime, form: str) -> None:
    written = local.replace(second=0, microsecond=0)
    assert read_moment(f"{written.strftime(form)} +0000" if "%I" in form else written.strftime(form), None).on == (
        written.date()
    )


@checked(300)
@given(st.text(max_size=30) | st.text("0123456789-/:. 年月日년월일オT+Z주체()十二", max_size=24))
def test_anything_else_is_refused_in_words(raw: str) -> None:
    with suppress(ValueError):
        assert 1600 <= read_moment(raw, SEOUL).on.year <= 2999
