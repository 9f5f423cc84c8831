"""Lists of captures: what they say of each file is kept, and each line that cannot be used is told by its number."""

import json
from pathlib import Path
from typing import Any

import pytest

from pressmark.intake.captures import read_captures


def listed(folder: Path, *entries: Any, path: str = "pages/captures.jsonl", **options: Any) -> Any:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("".join(each if isinstance(each, str) else f"{json.dumps(each)}\n" for each in entries))
    return read_captures(folder, path, **options)


ENTRY = {
    "file": "a.html",
    "url": "HTTPS://Quill.example:443/1#top",
    "retrieved_at": "2024-05-21T13:57:16+09:00",
    "retrieved_by": "a reader",
}


def test_what_a_list_says_is_kept_in_the_form_of_the_contract(tmp_path: Path) -> None:
    found, told = listed(tmp_path, ENTRY, "\r\n", {"file": "below/b.html"})
    assert told == []
    assert found == {
        "pages/a.html": {
            "url": "https://quill.example/1",
            "retrieved_at": "2024-05-21T04:57:16Z",
            "retrieved_by": "a reader",
        },
        "pages/below/b.html": {},
    }


def test_files_of_a_list_that_was_brought_count_from_its_address(tmp_path: Path) -> None:
    found, told = listed(tmp_path, ENTRY, {"url": 5}, shown="s3://reeds/2024/captures.jsonl")
    assert list(found) == ["s3://reeds/2024/a.html"]
    assert [(each.file, each.place) for each in told] == [("s3://reeds/2024/captures.jsonl", "line 2")]


def test_a_file_is_known_however_its_name_is_composed(tmp_path: Path) -> None:
    found, _ = listed(tmp_path, {"file": "cafe\u0301.html"})
    assert list(found) == ["pages/caf\u00e9.html"]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"file": "b.html", "status": "200"}, "'status'"),
        ({"file": "b.html", "url": 5}, "'url'"),
        ({"file": 7}, "'file'"),
        ({"url": "https://quill.example/2"}, "the key file"),
        ({"file": "b.html", "url": "quill.example/2"}, ""),
        ({"file": "b.html", "retrieved_at": "yesterday"}, ""),
        ({"file": "b.html", "retrieved_at": "2024-05-21"}, ""),
        ('["b.html"]\n', "list"),
        ('{"file": "b.html", "file": "c.html"}\n', "'file'"),
        ("b.html\n", ""),
    ],
)
def test_a_line_that_cannot_be_used_costs_itself(tmp_path: Path, entry: Any, words: str) -> None:
    found, (told,) = listed(tmp_path, {"file": "a.html"}, entry, {"file": "z.html"})
    assert list(found) == ["pages/a.html", "pages/z.html"]
    assert (told.code, told.file, told.place) == ("bad-capture", "pages/captures.jsonl", "line 2")
    assert words in told.detail
    assert told.detail


def test_of_two_lines_of_a_file_the_first_counts(tmp_path: Path) -> None:
    found, (told,) = listed(tmp_path, {"file": "a.html", "retrieved_by": "x"}, {"file": "a.html", "retrieved_by": "y"})
    assert found == {"pages/a.html": {"retrieved_by": "x"}}
    assert (told.code, told.place) == ("bad-capture", "line 2")
    assert "earlier line" in told.detail


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    found, (told,) = read_captures(tmp_path, "captures.jsonl")
    assert (found, told.code, told.file) == ({}, "missing-file", "captures.jsonl")
    (tmp_path / "folder").mkdir()
    _, (told,) = read_captures(tmp_path, "folder")
    assert told.code == "not-a-file"
    _, (told,) = read_captures(tmp_path, "captures.jsonl", shown="s3://reeds/captures.jsonl")
    assert told.file == "s3://reeds/captures.jsonl"


def test_a_list_that_is_a_link_to_itself_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "captures.jsonl").symlink_to("captures.jsonl")
    found, (told,) = read_captures(tmp_path, "captures.jsonl")
    assert (found, told.code, told.file) == ({}, "unreadable-file", "captures.jsonl")
