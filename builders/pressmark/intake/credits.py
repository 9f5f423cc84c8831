"""Who made a text, as pages say it: told apart by label, never invented.

A line is a credit where it consists of nothing but labels and names. What is uncertain stays text.
"""

import re
from dataclasses import dataclass, field

from pressmark.article.reservations import reserves
from pressmark.intake.names import (
    ENDS,
    LONGEST_NAME,
    is_sentence,
    is_surely_a_source,
    is_surely_names,
    people_and_source,
)
from pressmark.intake.words_of_credits import LABELS, SOURCE

_LONGEST_FIELD, _LONGEST_LINE = 2000, 160
_MOST_NOTICES = 2
_LABEL = "|".join(sorted(map(re.escape, LABELS), key=len, reverse=True))
_LABELLED = re.compile(rf"(?P<label>(?i:{_LABEL}))(?P<mark>\s*[:：]\s*|\s*/\s*|\s+|(?=\[))\[?\s*", re.UNICODE)
_MARK = re.compile(r"[:：/]")
_MAIL = re.compile(r"<?\(?(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{0,254}\w\)?>?")
_ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.)\S+")
_OTHERS_WORK = re.compile(
    r"(?i)[\s,/;(]+(?=(?:edited|translated|photos?|photographs|photography|illustrated|illustrations?) by\b)"
)
_BOTH = re.compile(r"(?:글\s*[·ㆍ・/,&]\s*사진|사진\s*[·ㆍ・/,&]\s*글|文\s*[・·/]\s*写真)\s*[:：=/]?\s+")
_TEXT_BY = re.compile(r"文\s*[・·／/]\s*")
_WHEN = re.compile(
    r"(?:19|20)[0-9]{2}[-./年][0-9]{1,2}[-./月][0-9]{1,2}日?\.?(?:\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?\s+"
)
_DATELINE = re.compile(
    r"^[(（\[【]\s*(?P<place>[가-힣]{1,10})\s*=\s*(?P<source>[가-힣A-Za-z0-9]{2,12})\s*[)）\]】]\s*"
    r"(?P<name>[가-힣]{2,4}(?:[·ㆍ, ]+[가-힣]{2,4}){0,2}) ?(?P<label>기자|특파원|통신원)\s*=\s*"
)
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
_FUNCTION_WORD = re.compile(r" (?:And|Or|The|Of|In|On|At|To|For|With|An?|From|Is|Was) ")
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


def from_field(value: str, *, is_person: bool = False) -> Credits:
    """Read what a field such as a byline or a meta tag says: names, with labels or without.

    Args:
        value: The words.
        is_person: They are said to be the name of one person.
    """
    credits_ = Credits()
    if len(value) > _LONGEST_FIELD:
        return credits_  # nobody's name
    words = " ".join(_ADDRESS.sub(" ", value).split())
    for part in filter(None, _OTHERS_WORK.split(words)):
        credits_.take_over(_part(part, is_person=is_person))
    return credits_


def _part(words: str, *, is_person: bool) -> Credits:
    if both := _BOTH.match(words):
        credits_ = Credits()
        for role in ("aut", "pht"):
            _credit(credits_, role, words[both.end() :], both.group().strip(f"{ENDS}:：=/"))
        return credits_
    found = _labelled(_TEXT_BY.sub("", words, count=1) if _TEXT_BY.match(words) else words)
    if found is not None:
        return found
    credits_ = Credits()
    _credit(credits_, "aut", _MAIL.sub(" ", _TEXT_BY.sub("", words, count=1)), "", is_person=is_person)
    return credits_


def take(paragraphs: list[str]) -> tuple[list[str], Credits]:
    """Take credits off that stand alone at the end or the start of a text, or are glued to its sentences there.

    Notices at the end stay, and credits before them are found.

    Returns the paragraphs that are left, and what the credits say.
    """
    left, credits_ = list(paragraphs), Credits()
    notices: list[str] = []
    while left:
        if (found := in_line(left[-1])) is not None:
            credits_.take_over(found)
            left.pop()
        elif len(left) > 1 and len(notices) < _MOST_NOTICES and len(left[-1]) <= _LONGEST_LINE and reserves(left[-1]):
            notices.append(left.pop())
        else:
            break
    while len(left) > 1 and (found := in_line(left[0])) is not None:
        credits_.take_over(found)
        del left[0]
    if left:
        left[0] = _without_dateline(left[0], credits_)
        left[-1] = _unglued(left[-1], credits_)
    left += reversed(notices)
    return [paragraph for paragraph in left if paragraph], credits_


def _without_dateline(paragraph: str, credits_: Credits) -> str:
    """Take a Korean agency's byline off that stands before the first sentence."""
    found = _DATELINE.match(paragraph)
    if found is None:
        return paragraph
    credits_.syndicated_from = credits_.syndicated_from or found["source"]
    for name in re.split(r"[·ㆍ, ]+", found["name"]):
        credits_.add("aut", name, found["label"])
    return paragraph[found.end() :]


def in_line(paragraph: str) -> Credits | None:
    """Return what a line says that is nothing but credits, or None."""
    words = " ".join(paragraph.split())
    if not words or len(words) > _LONGEST_LINE:
        return None
    words = _WHEN.sub("", words, count=1) if _WHEN.match(words) else words
    if translated := _TRANSLATED.match(words):
        words = f"{translated['label']}: {translated['name']}"
    found = _labelled(words, marked=True)
    if found is not None:
        return found
    if _BYLINE.fullmatch(words) and not _FUNCTION_WORD.search(words):
        return from_field(words)
    bare = _MAIL.sub("", words).strip(f"{ENDS}/／")
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
    if not places or words[: places[0].start()].strip(f"{ENDS}/"):
        return None
    if marked and not all(_MARK.search(found["mark"]) or words[found.end() - 1] == "[" for found in places):
        return None
    credits_ = Credits()
    for place, following in zip(places, [*(each.start() for each in places[1:]), len(words)], strict=True):
        stretch = words[place.end() : following].strip(" /")
        said = _without_rest(stretch)
        if len(said) > _LONGEST_LINE // 2 or (marked and said and not _is_credit(place["label"], stretch, said)):
            return None
        _say(credits_, place["label"], said)
    return credits_


def _without_rest(said: str) -> str:
    """Return a name without what stands behind it in its column: times, clicks, brackets."""
    first = re.split(r"\s*(?:\||｜|\]|(?:19|20)[0-9]{2}[-./년年])", said, maxsplit=1)[0]
    return _MAIL.sub("", first).strip(f"{ENDS}/")


def _is_credit(label: str, stretch: str, said: str) -> bool:
    """Tell whether what stands behind a label in a text is what it announces, and no answer or caption."""
    is_source = LABELS[label.casefold()] == SOURCE
    return not is_sentence(stretch) and (is_surely_a_source(said) if is_source else is_surely_names(said))


def _say(credits_: Credits, label: str, said: str) -> None:
    role = LABELS[label.casefold()]
    if not said:
        return
    if role == SOURCE:
        credits_.syndicated_from = credits_.syndicated_from or said[: 2 * LONGEST_NAME]
        return
    if role == "trl" and credits_.derivation is None:
        credits_.derivation = "translation"
    _credit(credits_, role, said, label)


def _credit(credits_: Credits, role: str, said: str, label: str = "", *, is_person: bool = False) -> None:
    """Add the people that some words name; an agency among them is a source, and a word for nobody is nobody."""
    people, source = people_and_source(said, is_person=is_person)
    for name in people:
        reporter = _REPORTER.fullmatch(name)
        credits_.add(role, reporter["name"] if reporter else name, label or (reporter["label"] if reporter else ""))
    credits_.syndicated_from = credits_.syndicated_from or source


def _unglued(paragraph: str, credits_: Credits) -> str:
    """Take a byline off that stands behind the last sentence of a paragraph."""
    for form in (_KOREAN_END, _CHINESE_END):
        found = form.search(paragraph)
        if found:
            _say(credits_, found["label"], found["name"])
            return paragraph[: found.start()].rstrip()
    return paragraph
