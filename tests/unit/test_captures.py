"""Of several captures of an article the last complete one stays, in whatever order they are read."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from pressmark import verify
from pressmark.article.record import text_digest
from pressmark.curate.captures import mark_cut
from pressmark.curate.duplicates import Entry, set_aside
from support import Corpus

WHOLE = "The ferry sailed at nine.\n\nNobody was on board but a dog.\n\nIt came back at noon, without the dog."
MENDED = WHOLE.replace("nine", "ten")
TEASER = "The ferry sailed at nine."


def became(*captures: tuple[str, int | None]) -> list[tuple[str, int | None]]:
    """Return code and number of edit of each capture, text and time; the same in any order."""
    made = [
        Entry((0, row), "a", text_digest(text), text, "reeds", None, time, None, len(text.encode()), f"{row}", "", {})
        for row, (text, time) in enumerate(captures)
    ]
    found = set()
    for order in permutations(made):
        entries = [replace(entry) for entry in order]
        mark_cut(entries, lambda entry: captures[entry.at[1]][0])
        set_aside(entries, lambda entry: {"capture": entry.capture_sha256})
        found.add(tuple((entry.code, entry.edit) for entry in sorted(entries, key=lambda entry: entry.at)))
    assert len(found) == 1
    return list(found.pop())


@pytest.mark.parametrize("end", ["", " ...", "\N{HORIZONTAL ELLIPSIS}", "\n\n[...]"])
def test_what_stands_before_a_paywall_does_not_replace_the_whole(end: str) -> None:
    assert became((WHOLE, 1), (TEASER + end, 2)) == [("", 1), ("cut-capture", None)]
    assert became((TEASER + end, 1), (WHOLE, 2)) == [("cut-capture", None), ("", 1)]


def test_the_last_whole_one_stays_and_edits_have_numbers() -> None:
    assert became((WHOLE, 1), (MENDED, 2), (WHOLE, 3), (MENDED, 4), (TEASER, 5)) == [
        ("later-capture", 1),
        ("later-capture", 2),
        ("later-capture", 1),
        ("", 2),
        ("cut-capture", None),
    ]


@pytest.mark.parametrize(
    "last",
    [
        WHOLE.rpartition("\n\n")[0],  # a paragraph was struck: more than half is there
        "This article was taken back.",
        "The ferry sailed at ten.",
        WHOLE[10:40],
    ],
)
def test_a_text_that_is_shorter_in_another_way_counts(last: str) -> None:
    assert became((WHOLE, 1), (last, 2)) == [("later-capture", 1), ("", 2)]


def test_without_times_nothing_is_taken_for_cut() -> None:
    assert became((WHOLE, None), (TEASER, None)) == [("id-conflict", None)] * 2
    assert became((WHOLE, None), (TEASER, 1)) == [("later-capture", 1), ("", 2)]
    assert became((WHOLE, 1), (MENDED, 1), (TEASER, 2)) == [("id-conflict", None)] * 3


def test_texts_of_about_the_same_length_are_not_read_again() -> None:
    made = [
        Entry((0, row), "a", f"{row}", "", "reeds", None, row, None, 100 + row, f"{row}", "", {}) for row in range(5)
    ]

    def refused(entry: Entry) -> str:
        raise AssertionError(entry)

    mark_cut(made, refused)


def captured(text: str, month: int, **more: Any) -> dict[str, Any]:
    return {"id": "a", "text": text, "provenance": {"retrieved_at": f"2024-0{month}-01T00:00:00Z"}, **more}


def test_a_build_keeps_the_whole_text_and_tells_of_the_others(corpus: Corpus) -> None:
    many = [{"id": f"n{number}"} for number in range(300)]  # so that one lies in a later batch of staging
    corpus.records(captured(WHOLE, 1), captured(MENDED, 2), *many, captured(TEASER, 3))
    built = corpus.build()
    codes = corpus.codes()
    assert [codes[f"records/a.jsonl:{line}"] for line in (1, 2, 303)] == ["later-capture", "published", "cut-capture"]
    edits = {row["line"]: row["edit"] for row in corpus.ledger() if "edit" in row}
    assert edits == {1: 1, 2: 2}
    assert built.lines["open"].counts["superseded"] == 2
    assert verify(built.lines["open"].folder) == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ('{"text": "Words.", "id": "a"}', ["later-capture", "published"]),
        ('{"text": "Words.\\n", "id": "a"}', ["later-capture", "published"]),
        ('{"text": "Words.", "id": "a", "title": "A title"}', ["id-conflict"] * 2),
        ('{"text": "Other words.", "id": "a"}', ["id-conflict"] * 2),
        ('{"text": "Words.", "id": "a", "rights": {"notice": "All rights reserved."}}', ["id-conflict"] * 2),
        (
            '{"text": "Words.", "id": "a", "rights": {"reservations": [{"signal": "tdmrep", "value": "1"}]}}',
            ["later-capture", "published"],
        ),
    ],
)
def test_other_bytes_that_say_the_same_are_no_conflict(corpus: Corpus, other: str, expected: list[str]) -> None:
    corpus.write("records/a.jsonl", '{"id": "a", "text": "Words."}\n')
    corpus.write("records/b.jsonl", other + "\n")
    corpus.build()
    codes = corpus.codes()
    assert sorted([codes["records/a.jsonl:1"], codes["records/b.jsonl:1"]]) == expected


def test_what_a_cut_capture_says_about_rights_closes_the_whole(corpus: Corpus) -> None:
    notice = {"rights": {"notice": "All rights reserved."}}
    corpus.records(captured(WHOLE, 1), captured(TEASER, 2, **notice))
    corpus.build()
    assert corpus.codes()["records/a.jsonl:1"] == "copy-is-closed"
