"""Parts of a card from the corpus folder to a release and home again, through the command line."""

import json
from pathlib import Path

import pytest
import yaml

from conftest import Run
from pressmark import GateRefusedError, OutputError, RecipeError, verify
from pressmark.card_home import bring_home
from pressmark.release.card import CARD
from pressmark.release.pieces import RUN_CJK, RUN_OTHER
from support import AS_OF, PAGE, PAPER, Corpus
from test_verify import seal

LIMITS = (
    "# Limits\r\n\r\nOne town only. 12 people were asked.\r\n\r\n| town | people |\r\n|---|---|\r\n| Thraske | 12 |"
)
THANKS = "## Thanks\n\nTo all who looked.\n\n```sh\n# not a title\nmake\n```\n"
IN_THE_CARD = (
    "\n<!-- card/limits.md -->\n## Limits\n\nOne town only. 12 people were asked.\n\n"
    "| town | people |\n|---|---|\n| Thraske | 12 |\n<!-- end of card/limits.md -->\n"
    f"\n<!-- card/thanks.md -->\n{THANKS}<!-- end of card/thanks.md -->\n"
)


@pytest.fixture
def corpus(corpus: Corpus) -> Corpus:
    corpus.write("card/thanks.md", THANKS)
    corpus.write("card/limits.md", LIMITS)
    return corpus


def card_of(folder: Path) -> str:
    return (folder / CARD).read_bytes().decode()


def released(corpus: Corpus, version: str = "1.0.0", line: str = "open") -> Path:
    return corpus.build(version).lines[line].folder


def test_parts_are_built_verified_and_loaded(corpus: Corpus, pressmark: Run, tmp_path: Path) -> None:
    done = pressmark("build", corpus.folder, "--version", "1.0.0", "--as-of", AS_OF.isoformat())
    assert done.returncode == 0, done.stderr
    for line in ("open", "vault"):
        folder = tmp_path / "dist" / "small" / line / "1.0.0"
        assert card_of(folder).endswith(IN_THE_CARD)
        options = ("--load", "--rights", "work/small", "--rebuild", corpus.folder) if line == "open" else ("--load",)
        done = pressmark("verify", folder, *options)
        assert (done.returncode, "adds up" in done.stdout) == (0, True), done.stdout + done.stderr


def test_a_card_without_parts_is_the_same_but_for_them(corpus: Corpus, tmp_path: Path) -> None:
    with_parts = released(corpus)
    for path in (corpus.folder / "card").iterdir():
        path.unlink()
    (corpus.folder / "card" / ".gitkeep").touch()
    emptied = corpus.build(out=tmp_path / "emptied").lines["open"].folder
    (corpus.folder / "card" / ".gitkeep").unlink()
    (corpus.folder / "card").rmdir()
    without = corpus.build(out=tmp_path / "without").lines["open"].folder
    assert card_of(with_parts) == card_of(without) + IN_THE_CARD
    assert (emptied / "SHA256SUMS").read_bytes() == (without / "SHA256SUMS").read_bytes()
    # So nothing in it may refer to them.
    assert " end of this card" not in card_of(without)
    assert "at its end" not in card_of(without)


def test_that_no_licence_of_metadata_is_stated_is_said_in_words(corpus: Corpus) -> None:
    folder = released(corpus)
    assert "- **Licence of the metadata:** the publisher states none\n" in card_of(folder)
    assert verify(folder) == []
    assert broken(folder, "the publisher states none", "CC0-1.0")


def test_a_faulty_part_stops_check_and_build_with_advice(corpus: Corpus, pressmark: Run) -> None:
    corpus.write("card/notes.txt", "Not meant for the card?")
    corpus.write("card/zwei.md", "Words\n<!-- card/limits.md -->\n")
    for command in (("check", corpus.folder), ("build", corpus.folder, "--version", "1.0.0")):
        done = pressmark(*command)
        assert done.returncode == 2
        assert "card/notes.txt: bad-card-part: expected a plain file NAME.md" in done.stderr
        assert "card/zwei.md, line 2: bad-card-part: found '<!-- card/limits.md '" in done.stderr
    assert "docs/card.md" in pressmark("explain", "bad-card-part").stdout
    corpus.write("corpus.toml", "[corpus")
    with pytest.raises(RecipeError) as caught:
        corpus.build()
    assert {fault.code for fault in caught.value.faults} == {"recipe-syntax", "bad-card-part"}


# Versions


def test_a_new_card_alone_is_a_version_where_somebody_says_so(corpus: Corpus, pressmark: Run) -> None:
    first = released(corpus)
    corpus.write("card/limits.md", "## Limits\n\nTwo towns.\n")
    with pytest.raises(OutputError, match=r"is there already and differs in README\.md"):
        corpus.build("1.0.0")
    again = corpus.build("auto")
    assert [(line.folder.name, line.unchanged) for line in again.lines.values()] == [("1.0.0", True)] * 2
    corpus.write("changelog/1.0.1.md", "The card says that there are two towns.\n")
    second = released(corpus, "1.0.1")
    assert verify(first) == verify(second) == []
    assert "Two towns." in card_of(second)
    stated = json.loads((second / "versions.json").read_bytes())["versions"][-1]
    assert (stated["changes"], stated["reason"]) == ({}, "The card says that there are two towns.")
    done = pressmark("diff", first, second)
    assert (done.returncode, "NONE" in done.stdout) == (0, True), done.stdout


# What verify sees


def broken(folder: Path, old: str, new: str) -> list[str]:
    """Change a card, seal the release, and return what verify says."""
    card = card_of(folder)
    assert card.count(old) == 1, old
    (folder / CARD).write_bytes(card.replace(old, new).encode())
    seal(folder)
    return [f"{finding.file}: {finding.code}: {finding.detail}" for finding in verify(folder)]


def test_what_a_part_says_is_the_publisher_s_own(corpus: Corpus) -> None:
    assert (
        broken(released(corpus), "One town only. 12 people were asked.", "Other words, 13, as the Hub has them.") == []
    )


def test_a_part_that_was_changed_without_a_seal_is_found(corpus: Corpus) -> None:
    folder = released(corpus)
    (folder / CARD).write_bytes(card_of(folder).replace("One town", "Two towns").encode())
    assert [finding.code for finding in verify(folder)] == ["file-differs"]


TABLE = "| configuration | split | rows | files | bytes |"
AT_THE_END = "its parts card/NAME.md do not stand at its end, in the order of their names"
ANOTHER = "found another comment about a part, expected"


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        (
            "| articles | train | ",
            "| articles | train | 1",
            "the section '### What is here' is not what rows and manifest give",
        ),
        ("inputs were read.", "more inputs were read.", "the section '## What is not here, and why' is not what"),
        ("## Withdrawal\n", "", "its sections are not those that every card has"),
        ("## Withdrawal\n", "## Withdrawal\n\n## Columns\n", "its sections are not those that every card has"),
        ("## Withdrawal\n", "# Withdrawal\n", "its sections are not those that every card has"),
        ("\n<!-- card/limits.md -->", "<!-- card/limits.md -->", AT_THE_END),
        ("<!-- end of card/limits.md -->\n", "<!-- end of card/limits.md -->\nWords.\n", AT_THE_END),
        ("<!-- end of card/thanks.md -->\n", "<!-- end of card/thanks.md -->\n## More\n", AT_THE_END),
        (TABLE, f"<!-- card/a.md -->\n<!-- end of card/a.md -->\n{TABLE}", AT_THE_END),
        ("<!-- card/limits.md -->", "<!-- card/zzz.md -->", ANOTHER),
        ("<!-- end of card/limits.md -->", "<!-- the end of card/limits.md -->", ANOTHER),
        ("<!-- end of card/thanks.md -->\n", "", "expected <!-- end of card/thanks.md -->, found the end of the card"),
        ("<!-- card/limits.md -->\n", "<!-- card/../limits.md -->\n", ANOTHER),
        ("One town only.", "<!-- end of card/limits.md -->", ANOTHER),
        ("## Limits", "# Another corpus", "card/limits.md: has a title of its own"),
        ("## Limits", "---\nlicense: mit\n---", "card/limits.md: begins with front matter"),
        ("## Limits", "```", "card/limits.md: has a block of code that is not closed"),
        ("## Limits", "a" * 100_001, "card/limits.md: has more than 100000 bytes"),
    ],
    ids=range(18),
)
def test_whatever_is_wrong_around_the_parts_is_found(old: str, new: str, detail: str, corpus: Corpus) -> None:
    folder = released(corpus)
    found = broken(folder, old, new) if card_of(folder).count(old) == 1 else broken(folder, f"\n{old}", f"\n{new}")
    assert all(each.startswith("README.md: card-differs: ") for each in found), found
    assert any(detail in each for each in found), found


def test_no_derived_section_can_hide_in_a_part(corpus: Corpus) -> None:
    folder = released(corpus)
    card = card_of(folder)
    _, front, body = card.split("---\n", 2)
    derived = body[: -len(IN_THE_CARD)]
    sections = [f"## {section}" for section in derived.split("\n## ")[1:]]
    assert len(sections) == 14
    for section in sections:
        inside = section.rstrip("\n") + "\n"
        for hidden in (
            # The whole section between the comments of a part: where it stood, and at the end.
            body.replace(inside, f"<!-- card/a.md -->\n{inside}<!-- end of card/a.md -->\n"),
            derived.replace(inside, "") + f"\n<!-- card/a.md -->\n{inside}<!-- end of card/a.md -->\n" + IN_THE_CARD,
        ):
            assert hidden != body
            (folder / CARD).write_bytes(f"---\n{front}---\n{hidden}".encode())
            seal(folder)
            assert {finding.code for finding in verify(folder)} == {"card-differs"}, section


def test_front_matter_cannot_hide_in_a_part(corpus: Corpus) -> None:
    folder = released(corpus)
    fences = ("<!-- card/a.md -->\n", "<!-- end of card/a.md -->\n")
    (folder / CARD).write_bytes(f"---\nlicense: mit\n---\n{fences[0]}words\n{fences[1]}{card_of(folder)}".encode())
    seal(folder)
    assert "card-differs" in {finding.code for finding in verify(folder)}


# Texts that have to stay closed

HANGUL = "".join(chr(0xAC00 + 28 * number) for number in range(60))
LATIN = "".join(f"{number:03x}-" for number in range(0x100, 0x140))


@pytest.mark.parametrize(
    ("text", "run"), [(HANGUL, RUN_CJK), (LATIN, RUN_OTHER)], ids=["24 of Hangul", "60 of another script"]
)
def test_a_part_that_quotes_a_withheld_text_refuses_the_build(
    text: str, run: int, corpus: Corpus, pressmark: Run, tmp_path: Path
) -> None:
    corpus.write("pages/1.txt", PAGE.replace("The second paragraph", f"The second {text} paragraph"))
    command = ("build", corpus.folder, "--version", "1.0.0", "--as-of", AS_OF.isoformat())
    corpus.write("card/quote.md", f"## A taste\n\n“{text[7 : 7 + run]}”\n")
    done = pressmark(*command)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "leak" in done.stderr
    assert CARD in done.stderr
    assert text[7:31] not in done.stdout + done.stderr
    assert not list((tmp_path / "dist").rglob("manifest.json"))
    corpus.write("card/quote.md", f"## A taste\n\n“{text[7 : 6 + run]}”\n")
    assert pressmark(*command).returncode == 0


def test_a_line_that_shows_the_text_may_quote_it_and_no_other(corpus: Corpus) -> None:
    corpus.write("card/quote.md", f"## A taste\n\n{PAGE.split('below it')[1][:90].strip()}\n")
    assert corpus.build(line="vault").lines["vault"].manifest["version"] == "1.0.0"
    with pytest.raises(GateRefusedError):
        corpus.build(line="open")
    assert "all_rights_reserved" in PAPER


# Home again


def test_what_was_edited_in_a_released_card_comes_home_and_into_the_next(corpus: Corpus) -> None:
    first = released(corpus)
    edited = card_of(first).replace("To all who looked.", "To all who looked, and to you.")
    edited = edited.replace("pretty_name: A small corpus", "pretty_name: Another corpus")
    edited += "\n## How to cite\n\nAs you like.\n"
    found = bring_home(corpus.folder, card_of(first), edited)
    assert (list(found.changed), list(found.new), found.conflicts) == (["thanks.md"], ["how-to-cite.md"], {})
    assert [line for line in found.lost if line[0] in "+-"][2:] == [
        "-pretty_name: A small corpus",
        "+pretty_name: Another corpus",
    ]
    assert (corpus.folder / "card" / "limits.md").read_bytes().decode() == LIMITS
    second = card_of(released(corpus, "1.0.1"))
    assert "and to you.\n" in second
    assert second.index("<!-- card/how-to-cite.md -->\n## How to cite\n\nAs you like.\n<!-- end of") < second.index(
        "<!-- card/limits.md -->"
    )
    assert yaml.safe_load(second.split("---\n")[1])["pretty_name"] == "A small corpus"
    assert bring_home(corpus.folder, second, second).as_dict() == {
        **{key: [] for key in ("changed", "new", "removed", "lost")},
        "conflicts": {},
    }


def test_the_same_parts_are_the_same_bytes_whatever_system_wrote_them(corpus: Corpus, tmp_path: Path) -> None:
    first = (released(corpus) / "SHA256SUMS").read_bytes()
    for path in sorted((corpus.folder / "card").iterdir(), reverse=True):
        data = path.read_bytes().replace(b"\r\n", b"\n").rstrip(b"\n").replace(b"\n", b"\r\n")
        path.unlink()
        path.write_bytes(data)
    again = corpus.build(out=tmp_path / "again", workers=2).lines["open"].folder
    assert (again / "SHA256SUMS").read_bytes() == first
