"""What somebody edited in a card on the Hub comes home, or is shown; nothing at home is written over."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark import UsageError
from pressmark.card_home import (
    DERIVED,
    LARGEST_CARD,
    Homecoming,
    bring_home,
    card_difference,
    plan_homecoming,
    write_homecoming,
)
from pressmark.card_parts import Part, fenced, part_of
from strategies import checked

BASE = """---
pretty_name: Small
# a comment of somebody
language:
- ko
---

# Small

Words about it.

Version 1.0.0, as of 2026-01-31.

## How to read it

```python
# read it

articles = load_dataset("ORG/small", "articles", revision="v1.0.0")
```

## What is here

| configuration | split | rows |
|---|---|---|
| articles | train | 1 |

## Columns

| column | type | meaning |
|---|---|---|
| `id` | string | Names the article. |
"""


class Home:
    """A corpus folder with the parts of a card, and the card that was released from them."""

    def __init__(self, folder: Path, **words: str) -> None:
        self.folder = folder
        self.card = folder / "card"
        self.card.mkdir(parents=True)
        (folder / "corpus.toml").touch()
        for name, text in words.items():
            (self.card / f"{name}.md").write_bytes(text.encode())
        self.released = BASE + "".join(f"\n{fenced(_part(f'{name}.md', words[name]))}" for name in sorted(words))

    def files(self) -> dict[str, str]:
        return {path.name: path.read_bytes().decode() for path in self.card.iterdir()}

    def edited(self, old: str, new: str) -> str:
        assert self.released.count(old) == 1, old
        return self.released.replace(old, new)

    def plan(self, edited: str) -> Homecoming:
        before = self.files()
        found = plan_homecoming(self.folder, self.released, edited)
        assert self.files() == before
        return found


def _part(name: str, words: str) -> Part:
    part = part_of(name, words.encode())
    assert isinstance(part, Part)
    return part


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, about="# About\n\nWho we are.\n", limits="## Limits\n\nOne town only.\n")


NOTHING: dict[str, Any] = {"changed": [], "new": [], "conflicts": {}, "removed": [], "lost": []}


def test_an_edit_between_the_comments_of_a_part_comes_home(home: Home) -> None:
    found = home.plan(home.edited("One town only.", "Two towns only."))
    assert found.as_dict() == {**NOTHING, "changed": ["limits.md"]}
    assert found.sentences() == ["card/limits.md: changed on the Hub"]
    assert write_homecoming(found) == [home.card / "limits.md"]
    assert home.files() == {"about.md": "# About\n\nWho we are.\n", "limits.md": "## Limits\n\nTwo towns only.\n"}


def test_where_nothing_was_edited_nothing_comes_home(home: Home) -> None:
    for edited in (home.released, home.released.replace("\n", "\r\n")):
        assert home.plan(edited).as_dict() == NOTHING
        assert card_difference(home.released, edited) == []


def test_a_part_whose_title_a_build_lowered_did_not_change_at_home(home: Home) -> None:
    bring_home(home.folder, home.released, home.edited("Who we are.", "Who we were."))
    assert home.files()["about.md"] == "## About\n\nWho we were.\n"


def test_what_is_home_already_is_not_written_again(home: Home) -> None:
    edited = home.edited("One town only.", "Two towns only.")
    bring_home(home.folder, home.released, edited)
    assert home.plan(edited).as_dict() == NOTHING


@pytest.mark.parametrize(
    ("behind", "file", "words"),
    [
        ("Names the article. |\n", "thanks-to.md", "## Thanks to\n\n```sh\n## no heading\n```\n\n### Us\n"),
        ("| articles | train | 1 |\n", "thanks-to.md", "## Thanks to\n\nAll.\n"),
        ("Version 1.0.0, as of 2026-01-31.\n", "donnees.md", "## Données\n\nAll.\n"),
        ("One town only.\n<!-- end of card/limits.md -->\n", "thanks-to.md", "# Thanks to #\n\nAll.\n"),
        ("<!-- end of card/about.md -->\n", "section-e2073416.md", "## 한계\n\n한 고을뿐이다.\n"),
        ("<!-- end of card/about.md -->\n", "v2-e519a0a4.md", "## 한계 v2\n"),
    ],
    ids=lambda value: value[:20],
)
def test_a_new_section_becomes_a_part(behind: str, file: str, words: str, home: Home) -> None:
    found = bring_home(home.folder, home.released, home.edited(behind, f"{behind}\n{words}\n"))
    assert found.as_dict() == {**NOTHING, "new": [file]}
    assert home.files()[file] == words


def test_several_new_sections_and_a_part_that_was_fenced_by_hand(home: Home) -> None:
    edited = home.released + "\n## One\n\nA\n\n<!-- card/by-hand.md -->\nB\n<!-- end of card/by-hand.md -->\n## Two\nC"
    found = bring_home(home.folder, home.released, edited)
    assert found.as_dict() == {**NOTHING, "new": ["by-hand.md", "one.md", "two.md"]}
    assert [home.files()[name] for name in ("one.md", "by-hand.md", "two.md")] == [
        "## One\n\nA\n",
        "B\n",
        "## Two\nC\n",
    ]


def test_a_heading_of_many_words_has_a_name_that_fits(home: Home) -> None:
    found = home.plan(home.released + f"\n## {'word ' * 40}\n")
    assert [len(name) for name in found.new] == [len("word-" * 8) + 8 + len(".md")]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("pretty_name: Small", "pretty_name: Other", "+pretty_name: Other"),
        ("- ko\n---", "- ko\n## Other\n---", "+## Other"),
        ("# Small\n", "# Other\n", "+# Other"),
        ("Words about it.", "## Words\n\nabout it.", "+## Words"),
        ("Words about it.", "Other words about it.", "+Other words about it."),
        ("| articles | train | 1 |", "| articles | train | 2 |", "+| articles | train | 2 |"),
        ("## What is here", "## What there is", "+## What there is"),
        ("## What is here", "## A note\n\nWords.\n\n## What there is", "+## A note"),
        ("| configuration | split", "## Tables\n\n| configuration | split", "+## Tables"),
        ("## What is here\n", "## What is here\n\n## What is here\n", "+## What is here"),
        ("# read it", "# how to read it", "+# how to read it"),
        ("Names the article. |\n", "Names the article. |\n\nMore words.\n", "+More words."),
        ("Names the article. |\n", "Names the article. |\n\n```\n\n## Swallowed\n", "+## Swallowed"),
    ],
)
def test_what_is_derived_does_not_come_home_and_is_shown(old: str, new: str, line: str, home: Home) -> None:
    found = bring_home(home.folder, home.released, home.edited(old, new))
    assert line in found.lost
    assert found.lost[:2] == ["--- the card as released", "+++ the card as edited"]
    assert {**found.as_dict(), "lost": []} == NOTHING
    assert found.sentences() == [DERIVED]
    assert sorted(home.files()) == ["about.md", "limits.md"]


def test_a_new_section_comes_home_also_where_derived_lines_were_edited(home: Home) -> None:
    edited = home.edited("| articles | train | 1 |", "| articles | train | 2 |") + "\n## Thanks\n\nAll.\n"
    found = home.plan(edited)
    assert (list(found.new), [line for line in found.lost if line[:1] in "+-"][2:]) == (
        ["thanks.md"],
        ["-| articles | train | 1 |", "+| articles | train | 2 |"],
    )


def test_what_was_changed_here_too_is_a_conflict(home: Home) -> None:
    (home.card / "limits.md").write_text("## Limits\n\nThree towns only.\n", encoding="utf-8")
    edited = home.edited("One town only.", "Two towns only.").replace("Who we are.", "Who we were.")
    found = bring_home(home.folder, home.released, edited)
    assert found.as_dict() == {
        **NOTHING,
        "changed": ["about.md"],
        "conflicts": {"limits.md": "it was changed here too, to something else"},
    }
    assert found.sentences() == [
        "card/about.md: changed on the Hub",
        "card/limits.md: stays as it is here: it was changed here too, to something else",
    ]
    assert home.files()["limits.md"] == "## Limits\n\nThree towns only.\n"


def test_a_change_on_one_side_alone_is_none(home: Home) -> None:
    (home.card / "limits.md").write_text("## Limits\n\nThree towns only.\n", encoding="utf-8")
    assert home.plan(home.released).as_dict() == NOTHING


def test_other_conflicts_are_said(home: Home) -> None:
    (home.card / "about.md").unlink()
    (home.card / "two.md").write_bytes(b"\xff")
    (home.card / "three.md").mkdir()
    (home.card / "four.md").symlink_to("nowhere")
    edited = home.edited("Who we are.", "Who we were.") + "\n## Two\n\n## Three\n\n## Four\n\n## Limits\n\nA\n"
    edited += "\n## Five\n\n## Five\nB\n\n## Six\n\n\x1b[2J\n\n<!-- card/seven.md -->\n---\na: b\n---\n"
    edited += (
        f"<!-- end of card/seven.md -->\n\n<!-- card/eight.md -->\n{'a' * 100_000}\n<!-- end of card/eight.md -->\n"
    )
    found = bring_home(home.folder, home.released, edited)
    assert (found.changed, found.new, found.lost) == ({}, {}, [])
    assert found.conflicts == {
        "about.md": "it was edited there and deleted here",
        "two.md": "it was changed here too, to something else",
        "three.md": "it is no plain file here",
        "four.md": "it is no plain file here",
        "limits.md": "the edited card has several of this name",
        "five.md": "the edited card has several of this name",
        "six.md": "line 3, found U+001B, expected no control character and no byte order mark",
        "seven.md": "line 1, found front matter, expected none: the card's own is derived from recipe and rows",
        "eight.md": "found 100001 bytes, expected at most 100000",
    }
    assert all(line.isprintable() for line in found.sentences())


def test_a_part_that_is_gone_there_stays_here_and_is_told(home: Home) -> None:
    for gone in (home.edited(fenced(Part("limits.md", "## Limits\n\nOne town only.\n")), ""),):
        found = bring_home(home.folder, home.released, gone)
        assert found.as_dict() == {**NOTHING, "removed": ["limits.md"]}
        assert "delete the file" in found.sentences()[0]
    emptied = home.edited("## Limits\n\nOne town only.\n", "\n")
    assert bring_home(home.folder, home.released, emptied).removed == ["limits.md"]
    assert sorted(home.files()) == ["about.md", "limits.md"]
    (home.card / "limits.md").unlink()
    assert home.plan(emptied).as_dict() == NOTHING


def test_a_part_that_lost_its_comments_is_told_by_its_heading(home: Home) -> None:
    words = "## Limits\n\nOne town only.\n"
    assert home.plan(home.edited(fenced(Part("limits.md", words)), words)).as_dict() == NOTHING
    edited = home.edited(fenced(Part("limits.md", words)), words.replace("One", "Two"))
    assert home.plan(edited).as_dict() == {**NOTHING, "changed": ["limits.md"]}


def test_what_changed_between_plan_and_writing_is_not_written_over(home: Home) -> None:
    found = home.plan(home.edited("One town only.", "Two towns only.").replace("Who we are.", "Who we were."))
    (home.card / "limits.md").write_text("Just now.\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"limits\.md was changed just now"):
        write_homecoming(found)
    assert home.files() == {"about.md": "# About\n\nWho we are.\n", "limits.md": "Just now.\n"}


def test_a_corpus_without_parts_gets_its_first(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.card.rmdir()
    bring_home(home.folder, BASE, BASE + "\n## Thanks\n\nAll.\n")
    assert home.files() == {"thanks.md": "## Thanks\n\nAll.\n"}


def test_nothing_comes_home_to_a_folder_that_is_no_corpus(tmp_path: Path, home: Home) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "corpus.toml").touch()
    (tmp_path / "linked" / "card").symlink_to(home.card)
    for folder in (tmp_path / "empty", tmp_path / "linked", tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="is no corpus"):
            bring_home(folder, BASE, BASE)


@pytest.mark.parametrize(
    "edit",
    [
        ("<!-- card/limits.md -->", "<!-- card/../../limits.md -->"),
        ("<!-- card/limits.md -->", "<!-- card/limits.MD -->"),
        ("<!-- card/limits.md -->", "<!-- card/.limits.md -->"),
        ("<!-- card/limits.md -->", "<!-- card/ -->"),
        ("<!-- end of card/limits.md -->", ""),
        ("<!-- end of card/limits.md -->", "<!-- end of card/about.md -->"),
        ("<!-- card/limits.md -->", "<!-- card/about.md -->"),
        ("<!-- card/limits.md -->", "<!-- card/limits.md --> words"),
    ],
)
def test_comments_that_do_not_fit_are_refused(edit: tuple[str, str], home: Home) -> None:
    with pytest.raises(UsageError, match=r"the card as edited, (line \d+: found another comment|expected <!-- end of)"):
        bring_home(home.folder, home.released, home.edited(*edit))
    with pytest.raises(UsageError, match="the card as released, "):
        bring_home(home.folder, home.edited(*edit), home.released)
    assert sorted(path.name for path in home.folder.rglob("*")) == ["about.md", "card", "corpus.toml", "limits.md"]


def test_a_card_of_more_than_a_megabyte_is_refused(home: Home) -> None:
    large = "가" * (LARGEST_CARD // 3 + 1)
    for old, new in ((home.released, large), (large, home.released)):
        with pytest.raises(UsageError, match=r"1000002 bytes, expected at most 1000000"):
            plan_homecoming(home.folder, old, new)
        with pytest.raises(UsageError, match="1000002 bytes"):
            card_difference(old, new)


HOSTILE = {
    "newlines": ("\n" * 900_000, "\r" * 900_000),
    "headings": ("## a\n" * 190_000, "## b\n" * 190_000),
    "many headings": ("".join(f"## {n}\n" for n in range(90_000)), "".join(f"## {n}\n" for n in range(90_000, 0, -1))),
    "parts": ("", "".join(fenced(Part(f"{n}.md", "x\n")) for n in range(18_000))),
    "marks": ("`" * 900_000, "<!--" + " " * 900_000),
    "few lines": ("ab\n" * 450 + "a\n" * 500, "b\n" * 500 + "ba\n" * 450),
    "common lines": ("q\n" + "a\n" * 990, "a\nb\n" * 99),
    "two lines": ("\n".join("ab"[n * n % 7 % 2] for n in range(1000)), "\n".join("ab"[n % 5 % 2] for n in range(1000))),
    "surrogates": ("\ud800" * 300_000, "\udfff"),
    "nothing": ("", ""),
    "one part": (
        "<!-- card/a.md -->\nx\n<!-- end of card/a.md -->",
        "<!-- card/a.md -->\ny\n<!-- end of card/a.md -->",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_card_holds_the_command_up(name: str, home: Home) -> None:
    started = time.process_time()
    for old, new in (HOSTILE[name], HOSTILE[name][::-1]):
        found = plan_homecoming(home.folder, old, new)
        assert all(line.isprintable() for line in [*found.lost, *card_difference(old, new), *found.sentences()])
    assert time.process_time() - started < 60


def test_a_difference_is_one_as_everybody_knows_it(home: Home) -> None:
    assert card_difference(BASE, BASE.replace("Names the article.", "Is \x1b[2J\u202ehere.\u3000")) == [
        "--- the card as released",
        "+++ the card as edited",
        "@@ -29,5 +29,5 @@",
        " ",
        " | column | type | meaning |",
        " |---|---|---|",
        "-| `id` | string | Names the article. |",
        "+| `id` | string | Is \N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}here.\u3000 |",
        " ",
    ]


def test_of_very_different_cards_all_lines_are_shown() -> None:
    old, new = (BASE + "".join(f"{mark}{number}\n" for number in range(1500)) for mark in "ab")
    found = card_difference(old, new)
    assert found[2] == "@@ -30,1504 +30,1504 @@"
    assert sum(line.startswith("-a") for line in found) == sum(line.startswith("+b") for line in found) == 1500


PIECES = st.sampled_from(["# ", "## ", "```", "~~~", "---", "\n", "\n\n", " ", "`", "|---|", "words", "낱말", "\u2028"])
WORDS = st.lists(PIECES | st.text(max_size=3), max_size=10).map("".join)


def pressed(words: str) -> str:
    """Return words as a card has them; none where they can be no part."""
    part = part_of("x.md", words.encode("utf-8", "surrogatepass"))
    return part.text if isinstance(part, Part) else ""


VALID = WORDS.map(pressed).filter(bool)
NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,5}", fullmatch=True)


@checked(200)
@given(data=st.data())
def test_whatever_is_edited_in_a_part_comes_home_as_it_is(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    parts = data.draw(st.dictionaries(NAMES, VALID, min_size=1, max_size=4))
    chosen = data.draw(st.sampled_from(sorted(parts)))
    edited = data.draw(VALID)
    home = Home(tmp_path_factory.mktemp("home"), **parts)
    before = home.files()
    old, new = fenced(Part(f"{chosen}.md", parts[chosen])), fenced(Part(f"{chosen}.md", edited))
    found = bring_home(home.folder, home.released, home.edited(old, new))
    changed = [f"{chosen}.md"] if old != new else []
    assert found.as_dict() == {**NOTHING, "changed": changed}
    assert home.files() == {**before, f"{chosen}.md": edited}


@checked(300)
@given(
    edited=st.lists(PIECES | st.sampled_from([BASE, "<!-- card/a.md -->\n", "<!-- end of card/a.md -->\n"])).map(
        "".join
    )
)
def test_whatever_a_card_is_nothing_is_written_over(edited: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = Home(tmp_path_factory.mktemp("home"), a="Released.\n", kept="Kept.\n")
    (home.card / "kept.md").write_text("Changed here.\n", encoding="utf-8")
    before = home.files()
    try:
        found = bring_home(home.folder, home.released, edited)
    except UsageError:
        assert home.files() == before
    else:
        assert {**before, **found.changed, **found.new} == home.files()
        assert home.files()["kept.md"] == "Changed here.\n"
