"""Records of any shape, by a mapping in the recipe: which of their values is which field of the contract."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pressmark.article.dates import written
from pressmark.article.record import Record
from pressmark.findings import SHOWN_CHARACTERS, RefusedInputError
from pressmark.intake import jsonl
from pressmark.intake.credits import from_field
from pressmark.intake.draft import Draft
from pressmark.intake.moments import Moment, read_moment
from pressmark.intake.published import set_published

EXTRACTOR = "fields/1"

_LISTS = ("subtitles", "section")
_WORDS = ("id", "url", "title", "language", "attribution")
"""Fields of one value, which some exports have as a list of one, and as a number where it looks like one."""

_EXACT = 2**53
"""Above it a number with a fraction part may stand for several whole ones."""

_TIMES = ("published_at", "modified_at", "provenance/retrieved_at")


def value_at(record: Any, pointer: str) -> Any:
    """Return the value that a JSON pointer (RFC 6901) leads to, or of the column of that name; None without one."""
    if not pointer.startswith("/"):
        return record.get(pointer) if isinstance(record, dict) else None
    for token in pointer[1:].split("/"):
        name = _unescaped(token)
        if isinstance(record, dict):
            record = record.get(name)
        elif isinstance(record, list) and name.isdecimal() and int(name) < len(record):
            record = record[int(name)]
        else:
            return None
    return record


def number_as_words(value: Any) -> Any:
    """Return a number as people write it: a whole one without a fraction, as it was before a table made it `12.0`.

    Anything else stays what it is, and so does a number that is not exact any more.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT:
        return str(int(value))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def column(pointer: str) -> str:
    """Return the name of the column that a pointer leads into."""
    return _unescaped(pointer[1:].partition("/")[0]) if pointer.startswith("/") else pointer


def _unescaped(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")


def read_mapped(
    record: Mapping[str, Any],
    fields: Mapping[str, str],
    constants: Mapping[str, Any],
    place: ZoneInfo | None,
    *,
    by_line: bool,
) -> Draft:
    """Read one record.

    Args:
        record: What the format gave.
        fields: JSON pointers into it, by field of the contract.
        constants: Values that every record has, where the record has none itself.
        place: Time zone of times without one.
        by_line: Each line of the text is a paragraph; otherwise blank lines part them.

    Raises:
        RefusedInputError: a value is of another kind than its field, or the record is none by the contract.
    """
    stated: Record = {}
    published: Moment | None = None
    notes: list[tuple[str, str, str]] = []
    for name, pointer in sorted({**dict.fromkeys(constants, ""), **fields}.items()):
        value = value_at(record, pointer) if name in fields else None
        value = constants.get(name) if value in (None, "", []) else value
        if value in (None, "", []):
            continue
        if name == "published_at":
            published = _moment(value, name, place)
        elif name in _TIMES:
            moment = _moment(value, name, place)
            notes += [] if moment.at else [("unclear-time", f"/{name}", "found no time, or none with a zone")]
            _set(stated, name, written(moment.at) if moment.at else None)
        elif name == "contributors" and isinstance(value, str | list):
            _credit(stated, value)
        else:
            _set(stated, name, _converted(name, value))
    draft = jsonl.from_record(stated, by_line=by_line)
    draft.notes += notes
    if published:
        set_published(draft, published)
    return draft


def _converted(name: str, value: Any) -> Any:
    if name in (*_LISTS, "text") and isinstance(value, list):
        # Nothing, among other values, is no value of a list; numbers stand for what they are written as.
        value = [number_as_words(each) for each in value if each not in (None, "")]
    elif name in _WORDS and isinstance(value, list) and len(value) == 1:
        (value,) = value
    if name in (*_WORDS, *_LISTS):
        value = number_as_words(value)
    if name in _LISTS and isinstance(value, str):
        return [value]
    if name == "text" and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n\n".join(value)
    if name == "captions" and isinstance(value, list):
        return [{"text": each} if isinstance(each, str) else each for each in value]
    return value


def _credit(stated: Record, value: str | list[Any]) -> None:
    """State whom a byline or a list of them names, and the paper or agency that it credits."""
    values = [value] if isinstance(value, str) else [named(each) for each in value if each not in (None, "")]
    if not all(isinstance(each, str) for each in values):
        _set(stated, "contributors", values)
        return
    credited = [from_field(each) for each in values]
    _set(stated, "contributors", [person for each in credited for person in each.contributors])
    for each in credited:
        if each.syndicated_from and "syndicated_from" not in stated.get("provenance", {}):
            _set(stated, "provenance/syndicated_from", each.syndicated_from)


def named(value: Any) -> Any:
    """Return the name of a person of whom a record says no more, as schema.org has them; anything else as it is."""
    is_plain = isinstance(value, dict) and set(value) <= {"name", "@type", "type", "url"}
    return value["name"] if is_plain and isinstance(value.get("name"), str) else value


def _moment(value: Any, name: str, place: ZoneInfo | None) -> Moment:
    try:
        return read_moment(str(number_as_words(value)), place)
    except ValueError as error:
        detail = f"found {str(value)[:SHOWN_CHARACTERS]!r}: {error}"
        raise RefusedInputError("bad-date", detail, f"/{name}") from error


def _set(stated: Record, name: str, value: Any) -> None:
    above, _, below = name.rpartition("/")
    if value is not None:
        (stated.setdefault(above, {}) if above else stated)[below] = value
