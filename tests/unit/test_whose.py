"""Who is named on an article beside its paper: in captions, at the end of paragraphs, and before the text."""

import pytest

from pressmark.sources import Source
from pressmark.whose import somebody_else


def told(text: str = "A text of some words.", caption: str = "") -> set[str]:
    source = Source("post", "Reedwick Post", "Reedwick Press", "en-GB")
    captions = [{"text": caption}] if caption else []
    return somebody_else({"text": text, "captions": captions, "rights": {}, "provenance": {}}, source)


@pytest.mark.parametrize(
    "text",
    [
        "PORT (AFP) - The ferry left.",
        "Paris (AFP) - The ferry left.",
        "LONDON, March 3 (AFP) – The ferry left.",
        "The ferry left on time. (AFP)",
        "The ferry left. (Photo: Reedwick Post/AFP)\n\nIt came back.",
    ],
)
def test_agency_in_a_text_is_told(text: str) -> None:
    assert told(text) == {"AFP"}


@pytest.mark.parametrize(
    "caption", ["The port (AFP)", "Photo : AFP", "Photo by: AFP", "The port. Photo: Reedwick Post/AFP"]
)
def test_agency_in_a_caption_is_told(caption: str) -> None:
    assert told(caption=caption) == {"AFP"}


@pytest.mark.parametrize(
    "text", ["So says the body for health (WHO).", "The ferry (a small one) left.", "It left (late)."]
)
def test_other_brackets_are_not(text: str) -> None:
    assert told(text) == set()
