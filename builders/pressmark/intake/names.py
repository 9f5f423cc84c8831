"""Names in credits: of people, of agencies and papers, and of nobody. What is not surely a name is none."""

import re
from collections.abc import Iterator

from pressmark.intake.words_of_credits import (
    AGENCIES,
    BEHIND,
    BESIDE,
    JOBS,
    NEWSROOMS,
    NOBODY,
    OF_JOBS,
    PARTICLES,
    WIRES,
)

LONGEST_NAME, _WORDS_OF_A_NAME, _LONGEST_ACRONYM, _WORDS_OF_A_SOURCE = 40, 5, 5, 8
_LONGEST_HAN, _LONGEST_HANGUL = 5, 5
ENDS = "[]()（）【】|｜ \t.。·-–—"
_COLUMNS = re.compile(r"\s+[|｜–—-]\s+")
_SPLIT = re.compile(r"\s*(?:[、，;；/&]|\band\b|\bund\b| 및 | 와 |(?<=[가-힣])\s*[·ㆍ・]\s*(?=[가-힣]))\s*")
_JOINED_NAMES = re.compile(r"(?<=\w) (?:y|et|e|og|och|en) (?=[A-ZÀ-Þ])")
_BY = re.compile(
    r"(?i:(?:posted |written |reported |story |words |text |compiled )?by\s+)"
    r"|(?:Par|Por|Von|Di|Door|Av)\s+(?=[A-ZÀ-Þ]\S* [A-ZÀ-Þ])"
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_HANGUL = re.compile("[가-힣]+")
_SENTENCE_END = re.compile(r"[。！？!?…]$|(?<!\b[A-Z])(?<!\bJr)(?<!\bSr)(?<!\bInc)(?<!\bCo)(?<!\bLtd)\.$")


_ONLY_AGENCIES = (" agency", " wire", " news", "통신", "통신사", "뉴스", "通讯社", "通信社", "社")


def people_and_source(said: str, *, is_person: bool = False) -> tuple[list[str], str | None]:
    """Return the people that some words name, each once, and the first agency or paper among them.

    Args:
        said: The words, such as `Jane Doe and John Roe, Quill News Agency`.
        is_person: They are said to be the name of one person.
    """
    people, sources = people_and_sources(said, is_person=is_person)
    return people, sources[0] if sources else None


def people_and_sources(said: str, *, is_person: bool = False) -> tuple[list[str], list[str]]:
    """Return the people that some words name, and the agencies and papers among them, each once."""
    people: list[str] = []
    sources: list[str] = []
    for name in _names(said):
        plain = _without_job(name)
        if not plain or _is_nobody(plain):
            continue
        if _is_agency(plain, is_person=is_person and plain == said.strip()):
            sources.append(plain)
        elif _can_be_a_name(plain) and plain not in people:
            people.append(plain)
    return people, list(dict.fromkeys(sources))


def is_surely_an_agency(name: str) -> bool:
    """Tell whether a name is one that only agencies have."""
    folded = name.casefold()
    return folded in WIRES or folded.endswith(_ONLY_AGENCIES)


def is_sentence(words: str) -> bool:
    """Tell whether words end as a sentence does."""
    return bool(_SENTENCE_END.search(words.strip()))


def is_surely_names(said: str) -> bool:
    """Tell whether words that stand in a text are names and nothing else."""
    return bool(said.strip()) and all(_is_surely_a_name(name) for name in _names(said))


def is_surely_a_source(said: str) -> bool:
    """Tell whether words that stand in a text are the name of a paper or an agency."""
    words = said.strip()
    if not words or len(words.split()) > _WORDS_OF_A_SOURCE:
        return False
    return not (words[0].islower() and words[0].isascii())


def _names(said: str) -> Iterator[str]:
    for column in _COLUMNS.split(_BY.sub("", said, count=1) if _BY.match(said) else said):
        for part in _SPLIT.split(column):
            for name in _parted(part):
                if name.strip(ENDS):
                    yield name.strip(ENDS)


def _parted(part: str) -> Iterator[str]:
    """Yield the names of a list with commas, or of several in Chinese with spaces."""
    pieces = [piece.strip() for piece in part.split(",")]
    if len(pieces) == 2 and all(piece.isalpha() and piece.isascii() and not _is_agency(piece) for piece in pieces):
        # As libraries write it, `Doe, Jane`; two people would have more than one name each.
        yield part.strip()
        return
    for position, piece in enumerate(pieces):
        words = piece.split()
        if position and (piece.casefold() in BEHIND or (words and _is_job(words[-1]))):
            continue
        both = _JOINED_NAMES.split(piece)
        if len(both) > 1 and all(len(each.split()) > 1 for each in both):
            yield from both
        elif len(words) > 1 and all(_HAN.fullmatch(word) and 1 < len(word) < _LONGEST_HAN for word in words):
            yield from words
        else:
            yield piece


def _without_job(name: str) -> str:
    """Return a name without what its bearer is: `Science Editor Jane Roe`, `Jane Roe, Staff Writer`."""
    words = name.split()
    while at := [place for place, word in enumerate(words) if _is_job(word)]:
        behind, before = words[at[0] + 1 :], words[: at[0]]
        while not behind and before and before[-1].casefold() in OF_JOBS:
            before.pop()
        words = behind or before
    plain = " ".join(words)
    for word in BESIDE:
        if plain.casefold().endswith(f" {word}"):
            return plain[: -len(word)].strip(ENDS)
        if plain.casefold().startswith(f"{word} "):
            return plain[len(word) :].strip(ENDS)
    return plain


def _is_job(word: str) -> bool:
    return word.casefold().strip(ENDS).partition("-")[0] in JOBS


def _is_nobody(name: str) -> bool:
    folded = name.casefold()
    alone = all(word in OF_JOBS for word in folded.split())
    return (
        alone
        or folded in NOBODY
        or folded in BESIDE
        or folded.startswith(("@", "cc by", "cc-by"))
        or folded.endswith(NEWSROOMS)
    )


def _is_agency(name: str, *, is_person: bool = False) -> bool:
    short = name.isupper() and name.isascii() and name.isalpha() and len(name) <= _LONGEST_ACRONYM
    if short or name.casefold() in WIRES:
        return True
    return not is_person and any(name.casefold().endswith(word) for word in AGENCIES)


def _can_be_a_name(name: str) -> bool:
    words = name.split()
    odd = any(character.isdigit() or character in "@?!？！。" for character in name)
    return (
        len(name) <= LONGEST_NAME
        and len(words) <= _WORDS_OF_A_NAME
        and not odd
        and " by " not in f" {name.casefold()} "
    )


def _is_surely_a_name(name: str) -> bool:
    plain = _without_job(name)
    if not plain or _is_nobody(plain) or _is_agency(plain):
        return True
    words = plain.split()
    if not _can_be_a_name(plain):
        return False
    if _HAN.fullmatch("".join(words)):
        return all(len(word) <= _LONGEST_HAN for word in words)
    if any(map(_HANGUL.search, words)):
        return len(words) <= 2 and all(len(word) <= _LONGEST_HANGUL for word in words)
    return all(not word[0].islower() or word in PARTICLES for word in words)
