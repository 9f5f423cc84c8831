"""Layouts that are proposed for text pages: what is the site's is told from what is an article's."""

import re
from collections.abc import Sequence

from pressmark.beginning.layout import proposed

HEAD = ["THE REEDWICK COURIER", "Town / Nature / Letters"]
FOOT = ["Share this page", "© 2021 Reedwick Press"]
RELATED = ["Read also", "What the market has", "Old crane is sold"]


def body(number: int) -> list[str]:
    return [
        f"The ferry left the landing stage on time on day {number}, and it came back well before noon that day.",
        f"Passengers of trip {number} said that the crossing was calm, that the tea was cold, and the boat was full.",
    ]


def roles(pages: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for anchor in proposed(pages):
        found.setdefault(anchor.role, []).append(anchor.pattern)
    return found


def page(
    number: int, *, headline: str | None = None, head: Sequence[str] = HEAD, tail: Sequence[str] = ()
) -> list[str]:
    return [*head, headline or f"Ferry number {number}", f"{number} March 2021, 10:30", *body(number), *tail, *FOOT]


def test_menu_and_pager_are_skipped_and_nothing_else() -> None:
    assert roles([page(number) for number in range(1, 7)])["skip"] == ["Town / Nature / Letters"]


def test_pager_between_related_lines_and_notice_is_no_heading() -> None:
    pages = [page(number, tail=RELATED if number % 3 else ()) for number in range(1, 10)]
    assert roles(pages)["skip"] == ["Town / Nature / Letters", "Share this page"]
    assert roles([each[:-2] + each[-1:] for each in pages])["related"] == ["Read also"]


def test_foot_of_pages_without_related_lines_is_skipped_too() -> None:
    pages = [page(number, tail=RELATED if number % 3 else ()) for number in range(1, 10)]
    pages = [[*each[:-2], "Older | Newer", each[-1], "Contact us"] for each in pages]
    pages[2][-1:-1] = ["© 2021 Northern Wire"]
    pages.append(["THE REEDWICK COURIER", "A page without a time", "Older | Newer", "Contact us"])
    found = roles(pages)
    assert found["related"] == ["Read also"]
    assert found["skip"] == ["Town / Nature / Letters", "Older \\| Newer", "Contact us"]


def test_headline_of_a_column_is_kept() -> None:
    found = roles([page(number, headline="Letters to the editor") for number in range(1, 7)])
    assert found["skip"] == ["Town / Nature / Letters"]
    found = roles([page(number, headline="Letters to the editor", head=HEAD[:1]) for number in range(1, 7)])
    assert "skip" not in found


def test_lines_between_time_and_end_are_kept() -> None:
    pages = [page(number) for number in range(1, 7)]
    for each in pages:
        each[4:4] = ["Ada Reedham"]
        each[6:6] = ["What comes next"]
    assert roles(pages)["skip"] == ["Town / Nature / Letters"]


def test_captures_of_one_article_have_nothing_of_a_site() -> None:
    pages = []
    for counter in range(4):
        one = page(1, headline="Mayor Jane Doe hides her illness")
        one[-1:-1] = ["Her son Tom was seen at the clinic", f"{counter} readers"]
        pages.append(one)
    quoted = [pattern for role, patterns in roles(pages).items() if role != "timestamp" for pattern in patterns]
    assert not any("Jane" in pattern or "Tom" in pattern for pattern in quoted)


def test_heading_of_what_is_related_is_the_highest_one() -> None:
    pages = [page(number, tail=RELATED if number % 3 else ()) for number in range(1, 10)]
    assert roles(pages)["related"] == ["Read also"]


def test_texts_that_end_without_a_full_stop_have_related_lines_too() -> None:
    pages = [page(number, tail=RELATED) for number in range(1, 7)]
    pages = [[line.replace(".", " (Reuters)") for line in each] for each in pages]
    assert roles(pages)["related"] == ["Read also"]


def test_a_line_that_a_text_follows_is_no_heading_of_related_lines() -> None:
    pages = [page(number) for number in range(1, 7)]
    for each in pages:
        each[4:4] = ["The council says no to the plan.", "Share this article"]
    assert "Share this article" not in roles(pages).get("related", [])
    for each in pages:
        each[7:7] = [
            "What comes next",
            "The boat is to be painted green by the harbour office in spring, at a cost of ten.",
        ]
    assert "What comes next" not in roles(pages).get("related", [])


def test_captions_that_say_so_are_captions() -> None:
    pages = [page(number) for number in range(1, 7)]
    for number, each in enumerate(pages):
        each[5:5] = [f"Photo: The ferry on trip {number}"]
    assert len(roles(pages)["caption"]) == 1


def test_line_that_keeps_texts_off_is_a_notice_whatever_its_sign() -> None:
    no_reuse = "No reuse without the consent of the Courier"
    pages = [[*page(number)[:-1], no_reuse] for number in range(1, 7)]
    assert roles(pages)["notice"] == [no_reuse]


def test_year_of_a_notice_is_any() -> None:
    assert roles([page(number) for number in range(1, 7)])["notice"] == ["© [0-9]{4} Reedwick Press"]
    years = [[*page(number)[:-1], f"© 2001–20{10 + number} Reedwick Press"] for number in range(1, 7)]
    assert roles(years)["notice"] == ["© [0-9]{4}–[0-9]{4} Reedwick Press"]
    ends = [[*page(number)[:-1], f"Copyright 2021 Reedwick Press, no. {number}"] for number in range(1, 7)]
    assert roles(ends)["notice"] == ["Copyright [0-9]{4} Reedwick Press, no\\. .{0,160}"]
    longer = [[*page(number)[:-1], "© 20211 Reedwick Press"] for number in range(1, 7)]
    assert roles(longer)["notice"] == ["© 20211 Reedwick Press"]


def test_time_with_more_on_its_line_is_told_where_that_reads_more_pages() -> None:
    pages = [page(number) for number in range(1, 7)]
    for each in pages[1:]:
        each[3] = f"Published {each[3]}"
    (pattern,) = roles(pages)["timestamp"]
    assert all(any(re.fullmatch(pattern, line) for line in each[:4]) for each in pages)


def test_sentence_with_a_date_is_no_reason_to_tell_times_loosely() -> None:
    pages = [page(number) for number in range(1, 10)]
    last = page(10)
    last[3] = "The council met on 3 March 2021, as it always does."
    assert roles([*pages, last])["timestamp"] == roles(pages)["timestamp"]
