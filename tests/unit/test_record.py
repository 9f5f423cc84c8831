"""What quick looks at a record say is what looking at every character says."""

import unicodedata
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pressmark.article.letters import letters
from pressmark.article.record import control_character, strings, without_nothing
from strategies import checked

ODD = st.text(st.sampled_from([*'ab\\n"/u0017 \t\n\r\b\f\x00\x1b\x7f\x80\x9f\xa0\u0100\u2028\ud800가']), max_size=8)
RECORDS = st.dictionaries(
    st.sampled_from(["text", "title", "captions", "rights", "notice"]),
    st.recursive(ODD | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(ODD, inner)),
)


def has_control(record: dict[str, Any]) -> bool:
    """Tell it character by character."""
    breaking = {("text",), ("captions", "text"), ("rights", "notice")}
    return any(
        unicodedata.category(character) in ("Cc", "Cs") and not (path in breaking and character in "\t\n")
        for path, value in strings(record)
        for character in value
    )


@checked(1000)
@given(RECORDS)
def test_controls_are_found_wherever_they_stand(record: dict[str, Any]) -> None:
    assert (control_character(record) is not None) == has_control(record)


@checked(300)
@given(RECORDS)
def test_nothing_is_left_of_what_says_nothing(record: dict[str, Any]) -> None:
    def nothing_in(value: Any) -> bool:
        if isinstance(value, dict):
            return any(inner in (None, "", [], {}) or nothing_in(inner) for inner in value.values())
        return isinstance(value, list) and any(inner is None or nothing_in(inner) for inner in value)

    kept = without_nothing({**record, "no": False, "zero": 0})
    assert not nothing_in(kept)
    assert (kept["no"], kept["zero"]) == (False, 0)
    assert without_nothing(kept) == kept


@checked(300)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_letters_are_letters_and_numbers(text: str) -> None:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    assert letters(text) == ("".join(filter(str.isalnum, folded)) or text)
