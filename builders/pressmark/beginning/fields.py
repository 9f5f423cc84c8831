"""A proposal of which values of records are which fields: by their names, and by what they hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pressmark.intake.mapped import named, number_as_words, value_at
from pressmark.intake.moments import read_moment

_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "articleid", "newsid", "docid", "uid", "guid", "uuid", "identifier", "번호", "编号", "番号"),
    "url": ("url", "link", "href", "permalink", "canonicalurl", "articleurl", "address", "uri", "주소", "网址"),
    "title": ("title", "headline", "heading", "subject", "name", "제목", "표제", "标题", "標題", "題名", "見出し"),
    "text": (
        *(
            "text",
            "body",
            "content",
            "fulltext",
            "articlebody",
            "bodytext",
            "maintext",
            "article",
            "cleantext",
            "story",
        ),
        *("본문", "내용", "正文", "内容", "內容", "本文"),
    ),
    "published_at": (
        *(
            "publishedon",
            "publishedat",
            "published",
            "publishdate",
            "pubdate",
            "publicationdate",
            "datepublished",
            "date",
            "datetime",
        ),
        *("createdat", "created", "time", "timestamp", "day", "일자", "날짜", "发布时间", "日期", "日付"),
    ),
    "modified_at": ("modifiedat", "modified", "updatedat", "updated", "datemodified", "lastmodified"),
    "contributors": ("author", "authors", "byline", "writer", "creator", "journalist", "기자", "저자", "作者", "记者"),
    "section": ("section", "category", "topic", "rubric", "channel", "분류", "섹션", "栏目", "欄目"),
    "subtitles": ("subtitle", "subheading", "deck", "standfirst", "부제", "副标题"),
    "language": ("language", "lang"),
    "attribution": ("attribution", "credit"),
}
"""Names that exports give to what the contract calls otherwise, without marks and in lower case; the likelier first."""

FIELDS = tuple(_NAMES)
"""Fields that are looked for."""

_MARKS = re.compile(r"[\W_]+")
_FILLED = 0.6
"""Share of the records that have to hold something fit in a value."""

_TEXT_CHARACTERS = 80


def proposed(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return where each field is that could be found, as an input's `fields`."""
    pointers = list(dict.fromkeys(pointer for record in records for pointer in _pointers(record)))
    found: dict[str, str] = {}
    for field, names in _NAMES.items():
        fitting = [each for each in pointers if each not in found.values() and _fits(field, each, records)]
        named = [(names.index(name), each) for each in fitting if (name := _name(each)) in names]
        if named:
            found[field] = min(named)[1]
    if "text" not in found:
        longest = max(pointers, key=lambda each: _letters(each, records), default=None)
        if longest and _letters(longest, records) >= _TEXT_CHARACTERS * len(records):
            found["text"] = longest
    return {field: _plain(pointer) for field, pointer in found.items()}


def _pointers(record: Mapping[str, Any]) -> Iterator[str]:
    for key, value in record.items():
        place = f"/{key.replace('~', '~0').replace('/', '~1')}"
        yield place
        if isinstance(value, dict):
            yield from (f"{place}/{inner.replace('~', '~0').replace('/', '~1')}" for inner in value)


def _plain(pointer: str) -> str:
    """Return the name of a column where a pointer is no more than that."""
    name = pointer[1:]
    return pointer if "/" in name or "~" in name else name


def _name(pointer: str) -> str:
    return _MARKS.sub("", pointer.rpartition("/")[2]).lower()


def _fits(field: str, pointer: str, records: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a value can be a field, in most of the records."""
    values = [value_at(record, pointer) for record in records]
    fitting = sum(_can_be(field, value) for value in values)
    return fitting > 0 and fitting >= _FILLED * sum(value not in (None, "", []) for value in values)


def _can_be(field: str, value: Any) -> bool:
    if field in ("published_at", "modified_at"):
        return _is_date(value)
    if isinstance(value, list):
        held = [number_as_words(each) for each in value if each not in (None, "")]
        if field == "contributors":
            held = [named(each) for each in held]
            if held and all(isinstance(each, dict) and {"role", "name"} <= set(each) for each in held):
                return True
        is_many = field in ("contributors", "section", "subtitles", "text")
        return (is_many or len(held) == 1) and bool(held) and all(isinstance(each, str) for each in held)
    if field in ("id", "title"):
        value = number_as_words(value)
    if not isinstance(value, str) or not value.strip():
        return False
    return value.startswith(("http://", "https://")) if field == "url" else True


def _is_date(value: Any) -> bool:
    value = number_as_words(value)
    if not isinstance(value, str):
        return False
    try:
        read_moment(value, None)
    except ValueError:
        return False
    return True


def _letters(pointer: str, records: Sequence[Mapping[str, Any]]) -> int:
    values = (value_at(record, pointer) for record in records)
    parts = (part for value in values for part in (value if isinstance(value, list) else [value]))
    return sum(len(part) for part in parts if isinstance(part, str))
