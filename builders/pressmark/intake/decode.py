"""Bytes to characters: the declared encoding, or one of five that the bytes themselves show."""

import codecs

from charset_normalizer import from_bytes

from pressmark.findings import RefusedInputError

_CANDIDATES = ["gb18030", "cp949", "utf_16_le", "utf_16_be"]
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF16_NUL_SHARE = 0.2


def decode(data: bytes, declared: str = "auto") -> str:
    """Return the characters of a capture. A byte order mark stays, for cleaning to take off and count.

    Args:
        data: The bytes.
        declared: `utf-8`, `utf-16`, `gb18030`, `cp949`, or `auto` to tell them apart.

    Raises:
        RefusedInputError: `wrong-encoding` or `unknown-encoding`.
    """
    encoding = byte_order(data) if declared == "utf-16" else declared
    if declared == "auto":
        encoding = _told(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        place = f"byte {error.start}"
        raise RefusedInputError("wrong-encoding", f"expected {declared}", place) from error


def _told(data: bytes) -> str:
    if data.startswith(_MARKS):
        return byte_order(data)
    if is_utf16(data):
        return "utf-16-le" if data[1::2].count(0) >= data[0::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        best = from_bytes(data, cp_isolation=_CANDIDATES).best()
        if best is None:
            detail = "found bytes that are none of utf-8, utf-16, gb18030 and cp949"
            raise RefusedInputError("unknown-encoding", detail, f"byte {error.start}") from error
        return best.encoding
    return "utf-8"


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
    """Return `utf-16-be` where the mark says so, else `utf-16-le`."""
    return "utf-16-be" if data.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
