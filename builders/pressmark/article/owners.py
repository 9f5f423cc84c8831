"""Lines that say whose a work is, as `© 2024 Reedwick Post` does. They open nothing."""

import re

_NAME = r"(?P<{}>[^\W\d_][^\n.。|·•;:!?<>()\[\]©ⓒ]{{1,59}})"
_YEARS = "(?:1[89]|20)[0-9]{2}(?: ?[-–] ?[0-9]{2,4})?[ ,]{1,2}"
# The letter c in brackets, and the word alone, stand for something else as often, so that a year has to follow.
_STATED = re.compile(
    rf"(?:(?:(?i:copyright)|저작권자?|版[权權]) ?)?[©ⓒ][ :]{{0,2}}(?:{_YEARS})?(?:by )?{_NAME.format('signed')}"
    rf"|(?:(?i:copyright)|\([cC]\))[ :]{{1,2}}(?:\([cC]\) ?)?{_YEARS}(?:by )?{_NAME.format('worded')}"
)
_LONGEST, _MOST_WORDS = 300, 8
_THE = "the "
_KINDS = {"ltd", "limited", "inc", "llc", "plc", "co", "company", "corp", "gmbh", "ag", "group"}
_RESERVED = re.compile(r"[. ,]*(?i:all rights? reserved)[. ]*$")


def owner_in(words: str, *, whole: bool = False) -> str:
    """Return the owner that some words name behind a sign of copyright, or nothing.

    Args:
        words: A line.
        whole: Whether the line may say nothing else, but that all rights are reserved.
    """
    if len(words) > _LONGEST:
        return ""
    line = _RESERVED.sub("", words).strip(" .")
    found = _STATED.fullmatch(line) if whole else _STATED.search(line)
    name = (found["signed"] or found["worded"]).strip(" ,") if found else ""
    # A headline may read like it: "Copyright 2024 by the numbers".
    return name if len(name.split()) <= _MOST_WORDS and not _bare(name)[:1].islower() else ""


def is_owned_by(words: str, names: tuple[str, ...]) -> bool:
    """Tell whether words name one of some owners: behind the sign of copyright where there is one, else anywhere."""
    plain = [name for name in map(_plain, names) if name]
    owner = _plain(owner_in(words))
    return any(_is_same(name, owner) if owner else _is_in(name, words) for name in plain)


def _is_same(name: str, owner: str) -> bool:
    """Tell whether an owner is of a name, with or without what kind of company it is."""
    rest = owner.removeprefix(name)
    return owner.startswith(name) and rest[:1] in ("", " ", ",") and set(rest.replace(",", " ").split()) <= _KINDS


def _is_in(name: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words.casefold()) is not None


def _plain(name: str) -> str:
    return _bare(name).casefold()


def _bare(name: str) -> str:
    """Return a name without its article."""
    words = name.strip()
    return words[len(_THE) :].strip() if words.casefold().startswith(_THE) else words
