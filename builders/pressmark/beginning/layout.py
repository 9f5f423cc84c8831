"""A proposal of how text pages are laid out, from what their lines have in common."""

import re
from collections import Counter
from collections.abc import Sequence

from pressmark.intake.layout import SKIP, ends_sentence
from pressmark.sources import Anchor, pattern_fault

Pages = Sequence[Sequence[str]]

_MOST = 0.8
"""Share of the pages that have a line, for it to be one of the site's."""

_SOME = 2
"""Pages that have to have a kind of line."""

_FEWEST = 3
"""Pages that have to have the same line, for it to be quoted in the source file."""

_LONGEST, _BEGUN = 160, 8
"""Characters of a line that is quoted, at most, and of the beginning that others have in common, at least."""

_TOP, _LAST, _LEFT_OUT = 6, 4, 12
"""Lines of the head and of the foot, and lines that are no part of an article, at most."""

_CLOCK = r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(:(?P<second>[0-9]{2}))?"
_BEFORE, _BEHIND = "(?P<half>오전|오후|上午|下午|午前|午後)", r"(?P<half>[AaPp]\.?[Mm]\.?)"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DAYS = (
    r"(?P<year>[0-9]{4})[-./](?P<month>[0-9]{1,2})[-./](?P<day>[0-9]{1,2})\.?",
    r"(?P<year>[0-9]{4})[년年] ?(?P<month>[0-9]{1,2})[월月] ?(?P<day>[0-9]{1,2})[일日]",
    rf"(?P<day>[0-9]{{1,2}}) (?P<month>({_MONTHS})[a-z]*)\.? (?P<year>[0-9]{{4}})",
    rf"(?P<month>({_MONTHS})[a-z]*)\.? (?P<day>[0-9]{{1,2}}),? (?P<year>[0-9]{{4}})",
)
_BETWEEN = r"(T|,? | +at )"
_USUAL = tuple(f"{day}({_BETWEEN}{_CLOCK}( ?{_BEHIND})?)?" for day in _DAYS)
_TIMES = (*(f"{day}{_BETWEEN}{_BEFORE} ?{_CLOCK}" for day in _DAYS), *_USUAL)
"""Of patterns that match as many lines the first is taken, which reads more of them."""

_AMONG = tuple(f".{{0,80}}?(?P<value>{each}).{{0,80}}" for each in _TIMES)
"""Where more stands on the line; asked where no line is a time alone."""

_SPECIAL = re.compile(r"[.^$*+?()\[\]{}|\\]")
_IMAGE = r"\S+\.(jpg|jpeg|png|gif|webp|JPG|JPEG|PNG)"
_CREDITS = (
    (r"By (?P<name>.{1,60})", "aut"),
    (r"(기자|글) ?[:：]? ?(?P<name>.{1,30})", "rpt"),
    (r"(?P<name>.{2,20}) ?기자", "rpt"),
    (r"(记者|記者|本报记者)[:：]? ?(?P<name>.{1,30})", "rpt"),
    (r"Translated by (?P<name>.{1,60})", "trl"),
)
_NOTICE = re.compile(r"©|\(c\)|copyright|all rights reserved|版权|版權|저작권|무단", re.IGNORECASE)
_SECTION = re.compile(r"(?P<before>.{0,60}?)(?P<mark> ?[>›»] ?)(?P<value>[^>›»]{1,60})")


def proposed(pages: Pages) -> list[Anchor]:
    """Return anchors for the lines that pages have in common; that of the time is a guess where no line is one.

    Copies of a page count once: what they share is their text.
    """
    pages = list(dict.fromkeys(map(tuple, pages)))
    timestamp = _best(_TIMES, pages, "timestamp") or _best(_AMONG, pages, "timestamp") or _USUAL[0]
    found = [*_masthead(pages), *_section(pages), Anchor("timestamp", timestamp)]
    if _count(_IMAGE, pages) >= _SOME:
        found.append(Anchor("image", _IMAGE))
    for pattern, who in _CREDITS:
        if _count(pattern, pages) >= _SOME:
            found.append(Anchor("credit", pattern, contributor=who))
    found += [Anchor("notice", pattern) for pattern in _notices(pages)]
    found += _related(pages, timestamp)
    return found + _of_the_site(pages, found)


def _masthead(pages: Pages) -> list[Anchor]:
    """Return the line that stands first on most pages."""
    for line, count in Counter(page[0] for page in pages if page).most_common(1):
        if _is_of_the_site(line, count, pages):
            return [Anchor("masthead", _plainly(line), required=count == len(pages))]
    return []


def _is_of_the_site(line: str, count: int, pages: Pages) -> bool:
    """Tell whether a line can be one of the site's: what a source file quotes stands in releases, so no text may."""
    return count >= max(_FEWEST, _MOST * len(pages)) and len(line) <= _LONGEST and not ends_sentence(line)


def _section(pages: Pages) -> list[Anchor]:
    """Return the line of the head that says where on the site a page is."""
    found = Counter[tuple[str, str]]()
    for page in pages:
        for line in page[:_TOP]:
            match = _SECTION.fullmatch(line)
            if match:
                found[match["before"], match["mark"]] += 1
    if not found:
        return []
    (before, mark), count = found.most_common(1)[0]
    if count < _FEWEST:
        return []
    return [Anchor("section", f"{_plainly(before)}{_plainly(mark)}(?P<value>.{{1,60}})", split=mark.strip())]


def _related(pages: Pages, timestamp: str) -> list[Anchor]:
    """Return the line below most texts from which on other things follow."""
    below: Counter[str] = Counter()
    for page in pages:
        start = next((number for number, line in enumerate(page) if re.fullmatch(timestamp, line)), len(page))
        begun = next((number for number, line in enumerate(page) if number > start and ends_sentence(line)), len(page))
        # What ends a page is no heading of anything.
        below.update(list(dict.fromkeys(line for line in page[begun + 1 : -1] if not _NOTICE.search(line))))
    found = [line for line, count in below.items() if _is_of_the_site(line, count, pages)]
    return [Anchor("related", _plainly(found[0]))] if found else []


def _of_the_site(pages: Pages, known: Sequence[Anchor]) -> list[Anchor]:
    """Return the other lines that most pages have, menus and pagers: else each would be a headline or a paragraph."""
    patterns = [re.compile(anchor.pattern) for anchor in known]
    counts = Counter(line for page in pages for line in dict.fromkeys(page))
    found = [line for line, count in counts.items() if _is_of_the_site(line, count, pages)]
    others = [line for line in found if not any(pattern.fullmatch(line) for pattern in patterns)]
    return [Anchor(SKIP, _plainly(line)) for line in others[:_LEFT_OUT]]


def _notices(pages: Pages) -> list[str]:
    """Return patterns for the lines about rights that end most pages, the same on all or the same but for their end."""
    ends = [line for page in pages for line in dict.fromkeys(page[-_LAST:]) if _NOTICE.search(line)]
    short = [line for line in ends if len(line) <= _LONGEST]
    if len(short) < max(_FEWEST, _MOST * len(pages)):
        return []
    for line, count in Counter(short).most_common(1):
        if count >= max(_FEWEST, _MOST * len(pages)):
            return [_plainly(line)]
    first, last = min(short), max(short)
    same = next((number for number, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None)
    begun = first[:same]
    return [f"{_plainly(begun)}.{{0,{_LONGEST}}}"] if len(begun) >= _BEGUN and _NOTICE.search(begun) else []


def _best(patterns: Sequence[str], pages: Pages, role: str) -> str | None:
    usable = [each for each in patterns if not pattern_fault(each, role) and _count(each, pages)]
    return max(usable, key=lambda each: _count(each, pages), default=None)


def _count(pattern: str, pages: Pages) -> int:
    """Return how many pages have a line that a pattern matches."""
    compiled = re.compile(pattern)
    return sum(any(compiled.fullmatch(line) for line in page) for page in pages)


def _plainly(words: str) -> str:
    """Return a pattern for words as they are, with no more marks than it takes."""
    return _SPECIAL.sub(r"\\\g<0>", words)
