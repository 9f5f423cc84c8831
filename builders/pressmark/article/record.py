"""An article as a record: the JSON value that `schema/article.schema.json` describes.

Records are plain dictionaries between the stations, because the schema is their definition. A key that has nothing to
say is absent; null never stands for absence.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson

from pressmark.article.contract import contract

Record = dict[str, Any]
"""One article (or what is to become one) by the field names of the contract."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_WRITTEN_CONTROL = re.compile(rb"\\[bfnrtu]|\x7f|\xc2[\x80-\x9f]")
"""A control character as orjson writes it; also some backslashes that are none."""

_NESTED = (dict, list)
_MAY_BREAK = {("text",), ("captions", "text"), ("rights", "notice")}


@cache
def fields_of_class(*classes: str) -> frozenset[str]:
    """Return the top-level fields whose class is one of `metadata`, `digest`, `headline`, `name`, `text`."""
    properties = contract("article").schema["properties"]
    return frozenset(name for name, property_ in properties.items() if property_["x-class"] in classes)


def without_nothing(value: Any) -> Any:
    """Return a JSON value without nulls, empty strings, lists and objects inside objects."""
    if isinstance(value, dict):
        kept = {}
        for key, inner in value.items():
            found = without_nothing(inner) if isinstance(inner, _NESTED) else inner
            if found or not (found is None or found in ("", [], {})):
                kept[key] = found
        return kept
    if isinstance(value, list):
        return [inner for inner in map(without_nothing, value) if inner is not None]
    return value


def saying(fields: Record) -> Record:
    """Return a record without the fields that say nothing; what is inside of the others says something already."""
    return {key: value for key, value in fields.items() if value or not (value is None or value in ("", [], {}))}


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def strings(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every string of a JSON value with its path; positions in lists are left out of paths."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, (*path, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, path)


def control_character(record: Record) -> str | None:
    """Return where a record holds a control character, as `field: U+0000`, or None.

    Controls are C0, C1, DEL and surrogates that stand alone; line ends and tabs are allowed in texts. The two
    validators differ on a line end at the end of a value (Python's `$` stands before it), so it must not get as far
    as them.
    """
    if not _may_hold_controls(record):
        return None
    for path, value in strings(record):
        found = (_CONTROL_IN_TEXT if path in _MAY_BREAK else _CONTROL).search(value)
        if found:
            return f"{'.'.join(path)}: U+{ord(found.group()):04X}"
    return None


def _may_hold_controls(record: Any) -> bool:
    """Tell whether a record is to be looked through, which takes ten times as long as telling that hardly any is."""
    if not isinstance(record, dict):
        return True
    text = record.get("text")
    if isinstance(text, str) and _CONTROL_IN_TEXT.search(text):
        return True
    rest = {name: value for name, value in record.items() if name != "text" or not isinstance(text, str)}
    try:
        return bool(_WRITTEN_CONTROL.search(orjson.dumps(rest)))
    except TypeError:  # it is no JSON: a surrogate stands alone, or a number has too many digits
        return True
