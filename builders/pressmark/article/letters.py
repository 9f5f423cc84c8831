"""The letters and digits of a text: what two printings of it share that differ in spaces, punctuation and case.

A text is brought to NFKC and case folded, and everything is left out that is no letter and no number by its Unicode
category (L and N). For most characters of the world's newspapers that does not depend on their neighbours, so it is
looked up for a whole text at once; a text with any other character is worked out as the rule says.
"""

import re
import unicodedata
from codecs import utf_16_le_decode, utf_16_le_encode
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from pressmark.article.record import text_digest

_NO_LETTER = re.compile(r"[\W_]+")

_DROPPED, _CLOSER = 0, 0xFFFF
"""In the table: a character that is left out, and one that has to be looked at with its neighbours."""

_IDEOGRAPHS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
_SYLLABLES = (0xAC00, 0xD7A4)
_LOOKED_UP = (
    (0x0000, 0x0250),
    (0x0370, 0x0530),
    (0x2000, 0x2800),
    (0x3000, 0x3100),
    (0x3200, 0x3400),
    (0xFE00, 0xFFFE),
)
"""Blocks of which each character is worked out for the table: Latin, Greek, Cyrillic, punctuation and signs, kana, wide
and narrow forms. None has a character that joins the one before it and is no combining mark."""

_JAMO = range(0x1100, 0x1200)


# Whoever lets an article in asks for its letters, and right after that whoever stages it.
@lru_cache(maxsize=1)
def letters(text: str) -> str:
    """Return the letters and digits of a text alone; a text without any stands for itself."""
    found = plain_letters(text)
    return _worked_out(text) if found is None else found


@lru_cache(maxsize=1)
def plain_letters(text: str) -> str | None:
    """Return the letters and digits of a text that is plain, else None.

    A plain text is in NFC, and holds no control character but line ends and tabs, and no surrogate that stands alone.
    """
    found = _table().take(np.frombuffer(utf_16_le_encode(text, "surrogatepass")[0], np.uint16))
    if found.max(initial=0) == _CLOSER:
        return None
    return utf_16_le_decode(found.compress(found != _DROPPED).tobytes())[0] or text


def letters_digest(text: str) -> str:
    """Return the SHA-256 of the letters and digits of a text, as 64 hexadecimal digits.

    Two printings that differ in spaces and punctuation have the same.
    """
    return text_digest(letters(text))


def _worked_out(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # Spaces go first: splitting takes a fifth of what the pattern takes for them, and leaves it little to do.
    return _NO_LETTER.sub("", "".join(folded.split())) or text


@cache
def _table() -> npt.NDArray[np.uint16]:
    """Return, by code unit of UTF-16, what becomes of a character."""
    table = np.full(1 << 16, _CLOSER, np.uint16)
    table[slice(*_SYLLABLES)] = np.arange(*_SYLLABLES, dtype=np.uint16)
    for start, end in _IDEOGRAPHS:
        table[start:end] = [code if chr(code).isalnum() else _DROPPED for code in range(start, end)]
    for start, end in _LOOKED_UP:
        table[start:end] = [_alone(chr(code)) for code in range(start, end)]
    return table


def _alone(character: str) -> int:
    """Return what becomes of a character wherever it stands."""
    once = unicodedata.normalize("NFKC", character)
    folded = once.casefold()
    forms = once + folded + unicodedata.normalize("NFKC", folded)
    only = _NO_LETTER.sub("", unicodedata.normalize("NFKC", folded))
    if (
        (unicodedata.category(character) == "Cc" and character not in "\t\n")
        or not unicodedata.is_normalized("NFC", character)
        or any(unicodedata.combining(form) or ord(form) in _JAMO for form in forms)
        or len(only) > 1
        or only > "\uffff"
    ):
        return _CLOSER
    return ord(only) if only else _DROPPED
