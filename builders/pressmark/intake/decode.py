"""Bytes to characters: the declared encoding, or one of five that the bytes themselves show."""

import codecs
import re

from charset_normalizer import from_bytes

from pressmark.findings import RefusedInputError

_CANDIDATES = ["gb18030", "cp949", "utf_16_le", "utf_16_be"]
_NOT_ASCII = 0x80
_ENOUGH = 60
"""Bytes beyond ASCII, about 30 characters, below which Chinese and Korean are not told apart."""

_CLEARLY = 0.05
"""By how much charset-normalizer's measure of mess has to be lower for the first answer than for the second."""

_SHIFT = b"\x1b$"
_KANA, _BEYOND_ASCII = re.compile("[\u3041-\u30ff]"), re.compile(r"[^\x00-\x7f]")
_SOME = 0.1
"""Of a Japanese text a third or more are kana; Chinese has some in names."""

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SHOWING_UTF16 = 64
_UTF16_NUL_SHARE = 0.2


def decode(data: bytes, declared: str = "auto") -> str:
    """Return the characters of a capture. A byte order mark stays, for cleaning to take off and count.

    Args:
        data: The bytes.
        declared: `utf-8`, `utf-16`, `gb18030`, `cp949`, or `auto` to tell them apart.

    Raises:
        RefusedInputError: `wrong-encoding` or `unknown-encoding`.
    """
    if declared == "auto":
        return _told(data)
    try:
        return data.decode(byte_order(data) if declared == "utf-16" else declared)
    except UnicodeDecodeError as error:
        raise RefusedInputError("wrong-encoding", f"expected {declared}", _place(error)) from error


def _told(data: bytes) -> str:
    if _SHIFT in data:
        detail = "found escapes of ISO 2022, which is not told from bytes; save it as UTF-8"
        raise RefusedInputError("unknown-encoding", detail, f"byte {data.index(_SHIFT)}")
    try:
        return data.decode(byte_order(data) if is_utf16(data) else "utf-8")
    except UnicodeDecodeError as error:
        # Nearly any few bytes are some UTF-16; only a longer capture shows it.
        candidates = _CANDIDATES if len(data) >= _SHOWING_UTF16 else _CANDIDATES[:2]
        matches = [] if is_utf16(data) else [*from_bytes(data, cp_isolation=candidates)]
        # Bytes of a few characters can be Chinese in one encoding and Korean in another; a guess would be mojibake.
        if not matches or (len(matches) > 1 and not _clear(data, matches[1].chaos - matches[0].chaos)):
            found = ", ".join(sorted(match.encoding for match in matches))
            could = f"{found}; declare which" if found else "none; save what is in another encoding as UTF-8"
            detail = f"found bytes that are not utf-8; of gb18030, cp949 and utf-16 they could be: {could}"
            raise RefusedInputError("unknown-encoding", detail, _place(error)) from error
        text, name = str(matches[0]), matches[0].encoding
        if japanese := _japanese(data, text, name):
            detail = (
                f"found bytes that could be {name} or {japanese}; declare {name} where they are, or save them as UTF-8"
            )
            raise RefusedInputError("unknown-encoding", detail, _place(error)) from error
        return text


def _place(error: UnicodeDecodeError) -> str:
    """Return where the first byte is that is no character; beyond the first line, in which line too."""
    # In UTF-16 a byte that is a line end elsewhere is half of many characters.
    line = 1 if error.encoding.startswith("utf-16") else error.object.count(b"\n", 0, error.start) + 1
    return f"byte {error.start}, in its line {line}" if line > 1 else f"byte {error.start}"


def _japanese(data: bytes, text: str, encoding: str) -> str:
    """Return in which Japanese encoding bytes are likely to be that can be read in another one, or nothing."""
    # EUC-JP has the bytes of GB 18030 for kana, and others for the rest.
    if encoding == "gb18030" and _looks_japanese(text):
        return "euc-jp"
    try:
        # Chinese and Korean are hardly ever bytes of Shift_JIS, and then of its narrow kana, which are not counted.
        return "shift_jis" if _looks_japanese(data.decode("cp932")) else ""
    except UnicodeDecodeError:
        return ""


def _looks_japanese(text: str) -> bool:
    """Tell whether a text is likely Japanese, by its kana."""
    return len(_KANA.findall(text)) > len(_BEYOND_ASCII.findall(text)) * _SOME


def _clear(data: bytes, margin: float) -> bool:
    """Tell whether the first of two readings can be believed."""
    return margin >= _CLEARLY and sum(byte >= _NOT_ASCII for byte in data) >= _ENOUGH


def is_utf16(data: bytes) -> bool:
    """Tell whether bytes are UTF-16 by their mark, or by NULs on one side of each pair alone.

    Latin text in UTF-16 is valid UTF-8, full of NULs, so this is asked first.
    """
    if data.startswith(_MARKS):
        return True
    if len(data) % 2 or 0 not in data:
        return False
    shares = sorted(half.count(0) / len(half) for half in (data[0::2], data[1::2]))
    return shares[1] >= _UTF16_NUL_SHARE and shares[0] == 0


def byte_order(data: bytes) -> str:
    """Return `utf-16-be` or `utf-16-le`: what the mark says, else the side of each pair that has fewer NULs."""
    if data.startswith(_MARKS):
        return "utf-16-be" if data.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
    return "utf-16-be" if data[0::2].count(0) > data[1::2].count(0) else "utf-16-le"
