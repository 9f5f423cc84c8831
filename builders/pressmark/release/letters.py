"""The letters of a text, by which copies are told whatever their spaces and punctuation."""

import re
import unicodedata

_WORDS = re.compile(r"[^\W_]+")


def letters(text: str) -> str:
    """Return the letters and digits of a text in NFKC and case folded; a text without any stands for itself."""
    return only_letters(text) or text


def only_letters(text: str) -> str:
    """Return the letters and digits of a text in NFKC and case folded."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # Without its spaces a text has few runs of letters, and each costs more to find than its characters do.
    return "".join(_WORDS.findall("".join(folded.split())))
