"""Parts of a card: which files are some, what becomes of their words, and what verify accepts of them."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.card_parts import LARGEST, LARGEST_TOGETHER, Part, fenced, part_of, read_parts
from pressmark.findings import Finding
from pressmark.release.parts import FenceError, cut, without_parts
from strategies import checked
from support import ROOT

DERIVED = "---\npretty_name: Small\n---\n\n# Small\n\n## Columns\n\n| column |\n|---|\n"


def text_of(words: str | bytes) -> str:
    part = part_of("a.md", words if isinstance(words, bytes) else words.encode())
    assert isinstance(part, Part), part
    return part.text


def detail_of(words: str | bytes) -> str:
    fault = part_of("a.md", words if isinstance(words, bytes) else words.encode())
    assert isinstance(fault, Finding)
    assert (fault.code, fault.file) == ("bad-card-part", "card/a.md")
    return f"{fault.place}: {fault.detail}"


def card_of(*parts: Part) -> str:
    return DERIVED + "".join(f"\n{fenced(part)}" for part in parts)


def files(folder: Path, **words: str) -> Path:
    (folder / "card").mkdir()
    for name, text in words.items():
        (folder / "card" / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def test_parts_come_in_the_order_of_their_file_names(tmp_path: Path) -> None:
    assert read_parts(tmp_path) == ((), [])
    files(tmp_path, b="B\n", a="A\n", **{"a-2": "A2\n", "10": "Ten\n"})
    (tmp_path / "card" / ".draft.md.swp").write_bytes(b"\xff")
    parts, faults = read_parts(tmp_path)
    assert [part.name for part in parts] == ["10.md", "a-2.md", "a.md", "b.md"]
    assert faults == []


@pytest.mark.parametrize("name", ["notes.txt", "About.md", "über.md", "a b.md", "a.md~", "-a.md", f"{'a' * 65}.md"])
def test_what_is_no_part_is_a_fault_and_does_not_hide_the_others(name: str, tmp_path: Path) -> None:
    files(tmp_path, a="A\n")
    (tmp_path / "card" / name).write_text("B\n", encoding="utf-8")
    parts, faults = read_parts(tmp_path)
    assert [part.name for part in parts] == ["a.md"]
    assert [(fault.code, fault.file) for fault in faults] == [("bad-card-part", f"card/{name}")]
    assert "expected a plain file NAME.md" in faults[0].detail


def test_folders_links_and_pipes_are_faults(tmp_path: Path) -> None:
    files(tmp_path)
    (tmp_path / "secret").write_text("Not for the public.", encoding="utf-8")
    (tmp_path / "card" / "a.md").symlink_to(tmp_path / "secret")
    (tmp_path / "card" / "b.md").mkdir()
    os.mkfifo(tmp_path / "card" / "c.md")
    parts, faults = read_parts(tmp_path)
    assert (parts, [fault.file for fault in faults]) == ((), ["card/a.md", "card/b.md", "card/c.md"])


def test_the_folder_itself_is_a_plain_one(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
    (one / "card").write_text("No folder.", encoding="utf-8")
    (other / "card").symlink_to(files(tmp_path, a="A\n") / "card")
    assert [[fault.detail for fault in read_parts(each)[1]] for each in (one, other)] == [
        ["expected a plain folder, or nothing"]
    ] * 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (b"One\r\nTwo\rThree", "One\nTwo\nThree\n"),
        ("Cafe\u0301\u3000\n\n\n", "Cafe\u0301\u3000\n\n\n"),
        ("# Use\n\n## Not\n#Nor this # nor that\n", "## Use\n\n## Not\n#Nor this # nor that\n"),
        ("   #\tUse\n#\n    # code\n", "   ##\tUse\n##\n    # code\n"),
        ("```sh\n# install\n```\n# Use\n", "```sh\n# install\n```\n## Use\n"),
        ("~~~\n# a\n```\n# b\n~~~~ \n# c\n", "~~~\n# a\n```\n# b\n~~~~ \n## c\n"),
        ("``` a`b\n# no block\n", "``` a`b\n## no block\n"),
        ("Two\u2028lines\n\n---\n\nMore\n", "Two\u2028lines\n\n---\n\nMore\n"),
        ("<!-- a note -->\n", "<!-- a note -->\n"),
        ("Use\n===\nWords\n", "Use\n---\nWords\n"),
        ("Use\nand more\n  =  \n", "Use\nand more\n  -  \n"),
        ("# Use\n===\n", "## Use\n===\n"),
        ("***\nUse\n=\n", "***\nUse\n-\n"),
        ("\n===\nA == B\n", "\n===\nA == B\n"),
        ("> Use\n===\n\n- Use\n===\n\n1. Use\n===\n", "> Use\n===\n\n- Use\n===\n\n1. Use\n===\n"),
        ("    code\n===\n\n<p>\n===\n", "    code\n===\n\n<p>\n===\n"),
        ("```\nUse\n===\n```\n===\n", "```\nUse\n===\n```\n===\n"),
        ("A = 1\n\n| a |\n===\n", "A = 1\n\n| a |\n===\n"),
    ],
)
def test_words_are_kept_but_for_line_ends_and_titles(words: str | bytes, expected: str) -> None:
    assert text_of(words) == expected
    assert text_of(expected) == expected
    assert without_parts(card_of(Part("a.md", expected))) == (DERIVED, [])


@pytest.mark.parametrize(
    ("words", "detail"),
    [
        (b"caf\xe9", "byte 3: found bytes that are not UTF-8"),
        (b"", ": found no words"),
        (" \n\t\n", ": found no words"),
        ("---\ntitle: x\n---\nWords\n", "line 1: found front matter"),
        ("\n--- \nWords\n", "line 1: found front matter"),
        ("Words\n```sh\nmake\n", "line 2: found a block of code that is not closed"),
        ("````\nmake\n```\n", "line 1: found a block of code that is not closed"),
        ("A\n<!-- end of card/a.md -->\n", "line 2: found '<!-- end of card/a.m'"),
        ("A\n  <!--Card/b.md\n", "line 2: found '<!--Card/b.md'"),
        ("A\n<!-- END  OF card/x\n", "line 2: found"),
        ("```\n<!-- card/b.md -->\n```\n", "line 2: found"),
        ("A\nB\x1b[2J\n", "line 2: found U+001B"),
        ("A\x85B\n", "line 1: found U+0085"),
        ("\ufeffA\n", "line 1: found U+FEFF"),
        ("a" * LARGEST, f": found {LARGEST + 1} bytes, expected at most {LARGEST}"),
        ("# a\n" * (LARGEST // 4), f": found {LARGEST // 4 * 5} bytes"),
    ],
    ids=repr,
)
def test_what_a_part_must_not_have_is_said(words: str | bytes, detail: str) -> None:
    assert detail_of(words).startswith(detail)


def test_a_part_of_a_hundred_kilobytes_is_one(tmp_path: Path) -> None:
    files(tmp_path, a="a" * (LARGEST - 1) + "\n", b="a" * LARGEST + "\n")
    parts, faults = read_parts(tmp_path)
    assert [part.name for part in parts] == ["a.md"]
    assert [(fault.file, fault.detail) for fault in faults] == [
        ("card/b.md", f"found {LARGEST + 1} bytes, expected at most {LARGEST}")
    ]
    assert without_parts(card_of(*parts)) == (DERIVED, [])


def test_all_parts_together_are_bounded(tmp_path: Path) -> None:
    files(tmp_path, **dict.fromkeys("abcd", "a" * (LARGEST - 1) + "\n"))
    assert LARGEST_TOGETHER == 4 * LARGEST
    assert [len(found) for found in read_parts(tmp_path)] == [4, 0]
    (tmp_path / "card" / "e.md").write_text("One more.\n", encoding="utf-8")
    _, [fault] = read_parts(tmp_path)
    assert (fault.code, fault.file) == ("bad-card-part", "card")
    assert fault.detail == "found 400010 bytes in all parts together, expected at most 400000"


PIECES = st.sampled_from(
    ["# ", "#", "## ", "```", "````", "~~~", "---", "\n", "\n\n", "\r\n", "\r", " ", "    ", "\t", "`", "<!-- ", "-->",
     "card/", "end of ", "a.md", "|---|", "words", "낱말", "é", "e\u0301", "\u2028", "\u3000", "\xa0", "\x0b", "\ufeff"]
)  # fmt: skip
WORDS = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)


@checked(500)
@given(st.dictionaries(st.from_regex(r"[a-z0-9][a-z0-9-]{0,5}\.md", fullmatch=True), WORDS, max_size=4))
def test_verify_accepts_what_is_written_and_takes_it_apart_again(words: dict[str, str]) -> None:
    found = [part_of(name, words[name].encode("utf-8", "surrogatepass")) for name in sorted(words)]
    parts = [part for part in found if isinstance(part, Part)]
    card = card_of(*parts)
    assert without_parts(card) == (DERIVED, [])
    assert cut(card)[1] == {part.name: part.text for part in parts}


A, B = Part("a.md", "A\n"), Part("b.md", "B\n")


@pytest.mark.parametrize(
    "card",
    [
        card_of(A, A),
        card_of(A).replace("<!-- end of card/a.md -->\n", ""),
        card_of(A).replace("<!-- card/a.md -->\n", ""),
        card_of(A).replace("end of card/a.md", "end of card/b.md"),
        card_of(A).replace("A\n", fenced(B)),
        card_of(A).replace("<!-- card/a.md -->", "<!-- card/../a.md -->"),
        card_of(A).replace("<!-- card/a.md -->", "<!-- card/A.md -->"),
        card_of(A).replace("<!-- card/a.md -->", " <!-- card/a.md -->"),
        card_of(A).replace("<!-- card/a.md -->", "<!-- card/a.md --> x"),
        card_of(A).replace("\n", "\r\n"),
        card_of(A) + "<!-- card/",
    ],
)
def test_comments_around_parts_have_to_fit(card: str) -> None:
    with pytest.raises(FenceError, match=r"line \d+: found another comment about a part|found the end of the card"):
        without_parts(card)


@pytest.mark.parametrize(
    "card",
    [
        card_of(B, A),
        card_of(A, B).replace("-->\n\n<!-- card/b", "-->\n<!-- card/b"),
        card_of(A, B).replace("-->\n\n<!-- card/b", "-->\n\n\n<!-- card/b"),
        card_of(A, B).replace("-->\n\n<!-- card/b", "-->\nwords\n<!-- card/b"),
        card_of(A).replace("\n\n<!-- card", "\n<!-- card"),
        card_of(A).replace("\n\n<!-- card", "\nwords\n<!-- card"),
        card_of(A) + "\n",
        card_of(A) + "words\n",
        card_of(A).removesuffix("\n"),
        DERIVED.replace("## Columns", f"{fenced(A)}\n## Columns"),
        fenced(A) + DERIVED,
    ],
)
def test_parts_stand_at_the_end_in_their_order(card: str) -> None:
    assert without_parts(card)[1] == ["its parts card/NAME.md do not stand at its end, in the order of their names"]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("a" * LARGEST + "\n", "has more than 100000 bytes"),
        ("", "has no words"),
        ("A\x1b\n", "has control characters"),
        ("A\rB\n", "has control characters"),
        ("\ufeffA\n", "has control characters"),
        ("---\nlicense: mit\n---\n", "begins with front matter"),
        ("# Another corpus\n", "has a title of its own"),
        ("```\n# A\n", "has a block of code that is not closed"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_parts_that_no_build_writes_are_found(words: str, fault: str) -> None:
    assert without_parts(card_of(Part("a.md", words)))[1] == [f"card/a.md: {fault}"]


def test_the_documentation_shows_a_part_as_a_card_has_it() -> None:
    page = (ROOT / "docs" / "card.md").read_text(encoding="utf-8")
    written, shown = re.findall(r"^```markdown\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    assert shown == fenced(Part("limitations.md", text_of(written)))
