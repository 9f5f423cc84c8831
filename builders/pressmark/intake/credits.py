"""Who made a text, as pages say it: told apart by label, never invented.

A line is a credit where it consists of nothing but labels and names. What is uncertain stays text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pressmark.intake.words_of_credits import AGENCIES, LABELS, NOBODY, SOURCE, TITLES

_LONGEST_FIELD, _LONGEST_LINE, _LONGEST_NAME, _WORDS_OF_A_NAME, _LONGEST_ACRONYM = 2000, 160, 40, 5, 5
_SPLIT = re.compile(r"\s*(?:[,、，;；·・/&]|\band\b|\bund\b|\by\b| 및 | 와 )\s*")
_LABEL = "|".join(sorted(map(re.escape, LABELS), key=len, reverse=True))
_LABELLED = re.compile(rf"(?P<label>(?i:{_LABEL}))(?P<mark>\s*[:：]\s*|\s*/\s*|\s+|(?=\[))\[?\s*", re.UNICODE)
_MARK = re.compile(r"[:：/]")
_MAIL = re.compile(r"<?\(?(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{0,254}\w\)?>?")
_ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.)\S+")
_ENDS = "[]()（）【】|｜ \t.。·-–—"
_REPORTER = re.compile(r"(?P<name>[가-힣]{2,4}|[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,3})\s*(?P<label>기자|특파원|통신원)")
_KOREAN_END = re.compile(
    r"(?:^|(?<=[.!?”’\"'다]))\s*[/／(（\[]\s*(?P<name>[가-힣]{2,4}) ?(?P<label>기자|특파원)"
    r"\s*[)）\]]?\s*(?P<mail>\S+@\S+)?$"
)
_CHINESE_END = re.compile(
    r"(?<=[。！？”])\s*[（(【]\s*(?P<label>本报记者|记者|責任編輯|责任编辑|责编|编辑|譯者|编译|作者)[:：\s]*"
    r"(?P<name>[\u4e00-\u9fff·]{2,12}(?:[、，\s][\u4e00-\u9fff·]{2,12}){0,3})\s*[）)】]$"
)
_NAME = r"[A-Z][\w.'’-]+(?: (?:(?:de|van|von|der|la|bin|al) )*[A-Z][\w.'’-]*){1,3}"
_BYLINE = re.compile(rf"(?:By|BY) (?:{_NAME}(?:(?:, | and |, and ){_NAME}){{0,3}})")
_TRANSLATED = re.compile(r"^[(（]\s*(?P<label>번역|편역|译|翻譯|翻译)\s*[:：]\s*(?P<name>[^)）]{1,40})[)）]$")


@dataclass(slots=True)
class Credits:
    """What the credits of a text say."""

    contributors: list[dict[str, str]] = field(default_factory=list)
    """By the contract: role (`aut`, `trl`, `edt`, `pht`), name, and label where the page has one."""

    syndicated_from: str | None = None
    """Where the page says that the text is from: a source credit, which is no author."""

    derivation: str | None = None
    """`translation` where a label says so."""

    def add(self, role: str, name: str, label: str = "") -> None:
        """Add somebody, once."""
        entry = {"role": role, "name": name, **({"label": label} if label else {})}
        if not any(each["role"] == role and each["name"] == name for each in self.contributors):
            self.contributors.append(entry)

    def take_over(self, other: "Credits") -> None:
        """Add what others say; what is known already stays."""
        for each in other.contributors:
            self.add(each["role"], each["name"], each.get("label", ""))
        self.syndicated_from = self.syndicated_from or other.syndicated_from
        self.derivation = self.derivation or other.derivation


def from_field(value: str) -> Credits:
    """Read what a field such as a byline or a meta tag says: names, with labels or without."""
    if len(value) > _LONGEST_FIELD:
        return Credits()  # nobody's name
    words = " ".join(_ADDRESS.sub(" ", value).split())
    found = _labelled(words)
    if found is not None:
        return found
    credits_ = Credits()
    for name in _names(_MAIL.sub(" ", words)):
        reporter = _REPORTER.fullmatch(name)
        _credit(credits_, "aut", reporter["name"] if reporter else name, reporter["label"] if reporter else "")
    return credits_


def take(paragraphs: list[str]) -> tuple[list[str], Credits]:
    """Take credits off that stand alone at the end or the start of a text, or are glued to its last sentence.

    Returns the paragraphs that are left, and what the credits say.
    """
    left, credits_ = list(paragraphs), Credits()
    while left and (found := _line(left[-1])) is not None:
        credits_.take_over(found)
        left.pop()
    while len(left) > 1 and (found := _line(left[0])) is not None:
        credits_.take_over(found)
        del left[0]
    if left:
        left[-1] = _unglued(left[-1], credits_)
    return [paragraph for paragraph in left if paragraph], credits_


def _line(paragraph: str) -> Credits | None:
    """Return what a line says that is nothing but credits, or None."""
    words = " ".join(paragraph.split())
    if not words or len(words) > _LONGEST_LINE:
        return None
    if translated := _TRANSLATED.match(words):
        words = f"{translated['label']}: {translated['name']}"
    found = _labelled(words, marked=True)
    if found is not None:
        return found
    if _BYLINE.fullmatch(words):
        return from_field(words)
    bare = _MAIL.sub("", words).strip(f"{_ENDS}/／")
    reporter = _REPORTER.fullmatch(bare)
    if reporter is None:
        return None
    credits_ = Credits()
    _credit(credits_, "aut", reporter["name"], reporter["label"])
    return credits_


def _labelled(words: str, *, marked: bool = False) -> Credits | None:
    """Return what labels and names say, where there is nothing else; None otherwise.

    Args:
        words: The line.
        marked: Each label has to be followed by a colon or a stroke.
    """
    places = [found for found in _LABELLED.finditer(words) if not words[: found.start()][-1:].isalnum()]
    if not places or words[: places[0].start()].strip(f"{_ENDS}/"):
        return None
    if marked and not all(_MARK.search(found["mark"]) or words[found.end() - 1] == "[" for found in places):
        return None
    credits_ = Credits()
    for place, following in zip(places, [*(each.start() for each in places[1:]), len(words)], strict=True):
        said = _without_rest(words[place.end() : following])
        if len(said) > _LONGEST_LINE // 2 or said.endswith((".", "。", "!", "?")):
            return None
        _say(credits_, place["label"], said)
    return credits_


def _without_rest(said: str) -> str:
    """Return a name without what stands behind it in its column: times, clicks, brackets."""
    first = re.split(r"\s*(?:\||｜|\]|(?:19|20)[0-9]{2}[-./년年])", said, maxsplit=1)[0]
    return _MAIL.sub("", first).strip(f"{_ENDS}/")


def _say(credits_: Credits, label: str, said: str) -> None:
    role = LABELS[label.casefold()]
    if not said:
        return
    if role == SOURCE:
        credits_.syndicated_from = credits_.syndicated_from or said[: 2 * _LONGEST_NAME]
        return
    if role == "trl" and credits_.derivation is None:
        credits_.derivation = "translation"
    for name in _names(said):
        _credit(credits_, role, name, label)


def _names(said: str) -> Iterable[str]:
    return filter(None, (name.strip(_ENDS) for name in _SPLIT.split(said)))


def _credit(credits_: Credits, role: str, name: str, label: str = "") -> None:
    """Add a person; an agency is a source, and a word for nobody is nobody."""
    plain = _without_title(name)
    if not plain or plain.casefold() in NOBODY:
        return
    if _is_agency(plain):
        credits_.syndicated_from = credits_.syndicated_from or plain
    elif len(plain) <= _LONGEST_NAME and len(plain.split()) <= _WORDS_OF_A_NAME and not any(map(str.isdigit, plain)):
        credits_.add(role, plain, label)


def _without_title(name: str) -> str:
    for title in TITLES:
        if name.casefold().endswith(f" {title}"):
            return name[: -len(title)].strip(_ENDS)
        if name.casefold().startswith(f"{title} "):
            return name[len(title) :].strip(_ENDS)
    return name


def _is_agency(name: str) -> bool:
    short = name.isupper() and name.isascii() and name.isalpha() and len(name) <= _LONGEST_ACRONYM
    return short or any(name.casefold().endswith(word) for word in AGENCIES)


def _unglued(paragraph: str, credits_: Credits) -> str:
    """Take a byline off that stands behind the last sentence of a paragraph."""
    for form in (_KOREAN_END, _CHINESE_END):
        found = form.search(paragraph)
        if found:
            _say(credits_, found["label"], found["name"])
            return paragraph[: found.start()].rstrip()
    return paragraph
