"""Times of half a day on pages of text: read where the layout reads them, and never taken for the other half."""

import pytest

from pressmark.article.dates import zone
from pressmark.beginning.layout import proposed
from pressmark.intake.page import read_page
from pressmark.intake.printed_time import is_halved, printed_clock
from pressmark.sources import Anchor, Layout, pattern_fault

BODY = "The ferry goes every half hour from now on, and bicycles travel free of charge on all of them."


@pytest.mark.parametrize(
    ("hour", "half", "expected"),
    [
        ("6", "pm", 18),
        ("6", "P.M.", 18),
        ("12", "am", 0),
        ("12", "pm", 12),
        ("1", "오후", 13),
        ("12", "오전", 0),
        ("6", "下午", 18),
    ],
)
def test_a_half_of_the_day_counts(hour: str, half: str, expected: int) -> None:
    assert printed_clock({"hour": hour, "minute": "15", "half": half}, f"at {hour}:15 {half}") == [expected, 15]


@pytest.mark.parametrize("hour", ["0", "13"])
def test_an_hour_that_half_a_day_has_not_is_refused(hour: str) -> None:
    with pytest.raises(ValueError, match="1 to 12"):
        printed_clock({"hour": hour, "half": "pm"}, "")


def test_a_word_that_is_no_half_is_refused() -> None:
    with pytest.raises(ValueError, match="no half of a day"):
        printed_clock({"hour": "6", "half": "xm"}, "")


@pytest.mark.parametrize("line", ["6:15 pm", "6.15PM", "6:15 p.m.", "오후 6:15", "下午6:15"])
def test_a_time_of_half_a_day_without_a_group_for_it_is_none(line: str) -> None:
    assert is_halved(line)
    assert printed_clock({"hour": "6", "minute": "15"}, line) == []


@pytest.mark.parametrize("hour", ["0", "13", "18"])
def test_an_hour_of_no_half_needs_no_group(hour: str) -> None:
    assert printed_clock({"hour": hour, "minute": "15"}, f"{hour}:15, doors open at 7 pm") == [int(hour), 15]


@pytest.mark.parametrize("line", ["18:15", "4 May 2021", "6:15 by Amy Pmeister", "route 6 ampere"])
def test_other_lines_say_no_half(line: str) -> None:
    assert not is_halved(line)


def test_half_needs_an_hour() -> None:
    pattern = "(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2}) (?P<half>am|pm)"
    assert pattern_fault(pattern, "timestamp") == "lacks the group hour"


def test_a_group_that_means_nothing_is_named_where_one_lacks() -> None:
    pattern = "(?P<dag>[0-9]{2})-(?P<month>[0-9]{2})-(?P<year>[0-9]{4}) (?P<value>.*) (?P<edt>.*)"
    assert pattern_fault(pattern, "timestamp") == "lacks the group day; found the group dag"
    assert pattern_fault(pattern.replace("dag", "day") + "(?P<dag>.*)", "timestamp") is None


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("4 May 2021, 6:15 pm", "2021-05-04T17:15:00Z"),
        ("Published Tuesday 4 May 2021, 6.15 pm", "2021-05-04T17:15:00Z"),
        ("Published Tuesday 4 May 2021, 18:15", "2021-05-04T17:15:00Z"),
        ("May 4, 2021 at 6:15 a.m.", "2021-05-04T05:15:00Z"),
        ("2021년 5월 4일 오후 6:15", "2021-05-04T17:15:00Z"),
        ("등록 2021년 5월 4일 오후 6:15 수정", "2021-05-04T17:15:00Z"),
    ],
)
def test_what_init_proposes_reads_them(line: str, at: str) -> None:
    pages = [[f"A headline {number}", line, f"{number} {BODY}"] for number in range(4)]
    layout = Layout(anchors=tuple(proposed(pages)))
    draft = read_page("\n\n".join(pages[0]), layout, zone("Europe/London"))
    assert draft.fields["published_at"] == at


def test_a_time_that_the_layout_halves_is_left_to_its_day_and_said() -> None:
    pattern = r".*(?P<day>[0-9]) May (?P<year>[0-9]{4}), (?P<hour>[0-9]):(?P<minute>[0-9]{2}).*"
    pattern = pattern.replace("May", "(?P<month>May)")
    layout = Layout(anchors=(Anchor("timestamp", pattern),))
    draft = read_page(f"A headline\n4 May 2021, 6:15 pm\n{BODY}", layout, zone("Europe/London"))
    assert "published_at" not in draft.fields
    assert (draft.fields["published_on"], draft.fields["published_precision"]) == ("2021-05-04", "day")
    assert [note[0] for note in draft.notes] == ["unclear-time"]


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("2021-03-28 01:30", None),  # clocks went from 01:00 to 02:00
        ("2021-10-31 01:30", None),  # and from 02:00 back to 01:00
        ("2021-03-28 00:30", "2021-03-28T00:30:00Z"),
        ("2021-03-28 02:30", "2021-03-28T01:30:00Z"),
    ],
)
def test_a_time_that_clocks_had_not_or_had_twice_is_left_to_its_day(printed: str, at: str | None) -> None:
    pattern = "(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2}) (?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    draft = read_page(f"A headline\n{printed}\n{BODY}", Layout((Anchor("timestamp", pattern),)), zone("Europe/London"))
    assert draft.fields.get("published_at") == at
    assert draft.fields["published_on"] == printed[:10]
    assert draft.fields["published_precision"] == ("minute" if at else "day")
    assert [note[:2] for note in draft.notes] == ([] if at else [("unclear-time", "line 2")])
