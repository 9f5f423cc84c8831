"""Credits of text pages: by an anchor or by their words, and what an agency among their names is."""

from pressmark.intake.draft import Draft
from pressmark.intake.page import read_page
from pressmark.sources import Anchor, Layout

TIME = "(?P<day>[0-9]{1,2}) (?P<month>[A-Z][a-z]+) (?P<year>[0-9]{4})"
LAYOUT = Layout(
    (
        Anchor("timestamp", TIME),
        Anchor("image", r"\S+\.jpg"),
        Anchor("credit", "By (?P<name>.{1,60})", contributor="aut", label="By", derivation="original"),
        Anchor("credit", "Translated by (?P<name>.{1,60})", contributor="trl"),
        Anchor("syndicated", "From (?P<name>.{1,60})"),
    )
)
BODY = ["The ferry left on time, and it came back well before noon.", "Nobody on it was late for the market."]


OWN = ("Reedwick Press", "Reedwick Post")


def read(*below: str, above: tuple[str, ...] = (), layout: Layout = LAYOUT) -> Draft:
    return read_page("\n".join(["The ferry is on time", *above, "3 March 2021", *below]), layout, None, OWN)


def people(draft: Draft) -> list[tuple[str, str]]:
    return [(each["role"], each["name"]) for each in draft.fields["contributors"]]


def test_agency_behind_a_name_is_where_the_text_is_from() -> None:
    found = read("By Lena Moor, Norland News Agency", *BODY)
    assert found.fields["contributors"] == [{"role": "aut", "name": "Lena Moor", "label": "By"}]
    assert found.fields["provenance"]["syndicated_from"] == "Norland News Agency"


def test_agency_alone_is_no_author() -> None:
    found = read("By Norland News Agency", *BODY)
    assert people(found) == []
    assert found.fields["provenance"]["syndicated_from"] == "Norland News Agency"


def test_two_names_are_two_people() -> None:
    assert people(read("By Lena Moor and Piet Harrow", *BODY)) == [("aut", "Lena Moor"), ("aut", "Piet Harrow")]


def test_what_is_not_surely_names_stays_as_printed() -> None:
    words = "our man on the ferry, who saw it"
    assert people(read(f"By {words}", *BODY)) == [("aut", words)]


def test_a_line_that_is_a_credit_by_its_words_is_no_text() -> None:
    found = read(*BODY, "Photos by Jo Marsh", "Source: Northern Wire")
    assert found.fields["text"].split("\n\n") == [*BODY, "Photos by Jo Marsh"]
    assert found.fields["provenance"]["syndicated_from"] == "Northern Wire"
    found = read("Translated by: Jo Marsh", *BODY)
    assert people(found) == [("trl", "Jo Marsh")]
    assert found.fields["derivation"] == "translation"
    assert found.fields["subtitles"] == []


def test_credit_above_the_time_is_no_subtitle() -> None:
    bare = Layout(LAYOUT.anchors[:2])
    found = read(*BODY, above=("By Ann Reed",), layout=bare)
    assert people(found) == [("aut", "Ann Reed")]
    assert found.fields["subtitles"] == []
    assert read_page("\n".join(["By Ann Reed", "3 March 2021", *BODY]), bare, None).fields["title"] == "By Ann Reed"


def test_words_below_a_picture_are_its_caption() -> None:
    found = read(*BODY, "ferry.jpg", "Photo: Jo Marsh")
    assert found.fields["captions"] == [{"image": "ferry.jpg", "text": "Photo: Jo Marsh"}]
    assert people(found) == []


def test_sentence_that_begins_like_a_credit_stays_text() -> None:
    last = "Source: the mayor says that nobody counted them, and nobody will."
    assert read(*BODY, last).fields["text"].endswith(last)


def source_of(draft: Draft) -> str | None:
    found: str | None = draft.fields["provenance"].get("syndicated_from")
    return found


def test_no_credit_hides_a_source_that_is_not_the_paper_itself() -> None:
    assert source_of(read("From Northern Wire", *BODY, "Source: Reedwick Post")) == "Northern Wire"
    assert source_of(read("From Northern Wire", "By Ann Reed, Reedwick Post", *BODY)) == "Northern Wire"
    assert source_of(read("From Reedwick Post", *BODY, "Source: Northern Wire")) == "Northern Wire"
    found = read("By Ann Reed, Reedwick Post / AFP", *BODY)
    assert (people(found), source_of(found)) == ([("aut", "Ann Reed")], "AFP")


def test_translator_stays_one_whatever_the_name() -> None:
    found = read("By Ann Reed", "Translated by Reedwick Post", *BODY)
    assert people(found) == [("aut", "Ann Reed"), ("trl", "Reedwick Post")]


def test_names_that_people_and_desks_have_are_no_agencies() -> None:
    for name in ("Sports Desk", "JM", "Emily Post"):
        found = read(f"By {name}", *BODY)
        assert (people(found), source_of(found)) == ([("aut", name)], None)


def test_name_with_brackets_stays_as_printed() -> None:
    for name in ("Piet Harrow (Northern Wire)", "Jo Marsh (AFP)"):
        found = read(f"By {name}", *BODY)
        assert (people(found), source_of(found)) == ([("aut", name)], None)


def test_credit_above_a_notice_that_no_anchor_knows_is_found() -> None:
    notice = "No reuse without permission."
    found = read(*BODY, "Source: Northern Wire", notice)
    assert source_of(found) == "Northern Wire"
    assert found.fields["text"].split("\n\n") == [*BODY, notice]
    assert read(*BODY, notice).fields["text"].split("\n\n") == [*BODY, notice]


def test_below_a_writer_by_words_the_text_begins_and_nobody_stands_twice() -> None:
    bare = Layout(LAYOUT.anchors[:2])
    found = read("By Ann Reed", "A short first line", *BODY, "By Ann Reed", layout=bare)
    assert found.fields["subtitles"] == []
    assert found.fields["text"].startswith("A short first line")
    assert people(found) == [("aut", "Ann Reed")]


def test_translation_stays_one_whatever_follows() -> None:
    found = read(*BODY, "Translation: newsroom", "By Ann Reed")
    assert people(found) == [("aut", "Ann Reed")]
    assert found.fields["derivation"] == "translation"
