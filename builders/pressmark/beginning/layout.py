"""A proposal of how text pages are laid out, from what their lines have in common."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from pressmark.article.reservations import reserves
from pressmark.intake.layout import SKIP, ends_sentence
from pressmark.sources import Anchor, pattern_fault

Pages = Sequence[Sequence[str]]

_MOST = 0.8
"""Share of the pages that have a line, for it to be one of the site's."""

_HALF, _LONG = 0.5, 80
"""Share of the pages that have a heading of what is related; characters of a paragraph, at least."""

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
"""Where more stands on the line; see `_timestamp`."""

_SPECIAL = re.compile(r"[.^$*+?()\[\]{}|\\]")
_IMAGE = r"\S+\.(jpg|jpeg|png|gif|webp|JPG|JPEG|PNG)"
_CAPTION = "(Photo|Picture|Image|사진|图|圖|写真) ?[:：] ?.{1,200}"
_CREDITS = (
    (r"By (?P<name>.{1,60})", "aut"),
    (r"(기자|글) ?[:：]? ?(?P<name>.{1,30})", "rpt"),
    (r"(?P<name>.{2,20}) ?기자", "rpt"),
    (r"(记者|記者|本报记者)[:：]? ?(?P<name>.{1,30})", "rpt"),
    (r"Translated by (?P<name>.{1,60})", "trl"),
)
_SIGN = re.compile(r"©|\(c\)|copyright|版权|版權|저작권|무단", re.IGNORECASE)
_YEAR = re.compile("(?<![0-9])(1[6-9]|20)[0-9]{2}(?![0-9])")
_SECTION = re.compile(r"(?P<before>.{0,60}?)(?P<mark> ?[>›»] ?)(?P<value>[^>›»]{1,60})")


def proposed(pages: Pages) -> list[Anchor]:
    """Return anchors for the lines that pages have in common; that of the time is a guess where no line is one.

    Copies of a page, and captures of one article, count once: what they share is their text, and what a source file
    quotes stands in releases.
    """
    pages = _different(pages)
    timestamp = _timestamp(pages)
    found = [*_masthead(pages), *_section(pages), Anchor("timestamp", timestamp)]
    if _count(_IMAGE, pages) >= _SOME:
        found.append(Anchor("image", _IMAGE))
    if _count(_CAPTION, pages) >= _SOME:
        found.append(Anchor("caption", _CAPTION))
    for pattern, who in _CREDITS:
        if _count(pattern, pages) >= _SOME:
            found.append(Anchor("credit", pattern, contributor=who))
    found += [Anchor("notice", pattern) for pattern in _notices(pages)]
    found += _related(pages, found, timestamp)
    return found + _of_the_site(pages, found, timestamp)


def _different(pages: Pages) -> Pages:
    """Return pages of which no two have more than half of their paragraphs in common, by characters."""
    kept: dict[tuple[str, ...], set[str]] = {}
    for page in dict.fromkeys(map(tuple, pages)):
        long = {line for line in page if len(line) >= _LONG and not _is_notice(line)}
        size = sum(map(len, long))
        if not any(2 * sum(map(len, long & other)) > size for other in kept.values()):
            kept[page] = long
    return list(kept)


def _masthead(pages: Pages) -> list[Anchor]:
    """Return the line that stands first on most pages."""
    for line, count in Counter(page[0] for page in pages if page).most_common(1):
        if _is_of_the_site(line, count, pages):
            return [Anchor("masthead", _plainly(line), required=count == len(pages))]
    return []


def _is_of_the_site(line: str, count: int, pages: Pages) -> bool:
    """Tell whether a line can be one of the site's: what a source file quotes stands in releases, so no text may."""
    return count >= max(_FEWEST, _MOST * len(pages)) and _is_quotable(line)


def _is_quotable(line: str) -> bool:
    return len(line) <= _LONGEST and not ends_sentence(line)


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


def _related(pages: Pages, known: Sequence[Anchor], timestamp: str) -> list[Anchor]:
    """Return the line below most texts from which on other things follow: the highest that is no heading within one."""
    below: dict[str, list[int]] = {}
    patterns = [re.compile(anchor.pattern) for anchor in known]
    for page in pages:
        start = _time_on(page, timestamp)
        # What ends a page is no heading of anything.
        for number, line in enumerate(page[:-1]):
            is_told = _is_notice(line) or any(pattern.fullmatch(line) for pattern in patterns)
            # A picture and its caption are of the article.
            is_caption = re.fullmatch(_IMAGE, page[number - 1])
            if number > start + 1 and not is_told and not is_caption and _ends_a_text(page, start, number):
                below.setdefault(line, []).append(len(page) - number)
    fewest = max(_FEWEST, _HALF * len(pages))
    found = [line for line, rest in below.items() if len(rest) >= fewest and _is_quotable(line)]
    highest = max(found, key=lambda line: sum(below[line]) / len(below[line]), default=None)
    return [Anchor("related", _plainly(highest))] if highest else []


def _time_on(page: Sequence[str], timestamp: str) -> int:
    return next((number for number, line in enumerate(page) if re.fullmatch(timestamp, line)), len(page))


def _ends_a_text(page: Sequence[str], start: int, number: int) -> bool:
    """Tell whether there is more text above a line than below it, and no sentence as long as a paragraph below."""
    above, below = page[start + 1 : number], page[number + 1 :]
    is_more = sum(map(len, above)) > sum(map(len, below))
    return is_more and not any(len(line) > _LONG and ends_sentence(line) and not _is_notice(line) for line in below)


def _of_the_site(pages: Pages, known: Sequence[Anchor], timestamp: str) -> list[Anchor]:
    """Return the other lines that most pages begin and end with: menus and pagers, which are no part of an article.

    Above the time one line at least is left, the headline. At the end only what stands at a notice is taken, and
    nothing where a heading of what is related ends each article already.
    """
    patterns = [re.compile(anchor.pattern) for anchor in known]
    # Of a page without a time nobody knows where its text begins.
    pages = [page for page in pages if _time_on(page, timestamp) < len(page)]
    counts = Counter(line for page in pages for line in dict.fromkeys(page))
    shared = {line for line, count in counts.items() if _is_of_the_site(line, count, pages)}
    told = {line for line in counts if _is_notice(line) or any(pattern.fullmatch(line) for pattern in patterns)}
    places: Counter[str] = Counter()
    ends_all = {pattern for anchor, pattern in zip(known, patterns, strict=True) if anchor.role == "related"}
    has_end = bool(ends_all) and all(any(end.fullmatch(line) for end in ends_all for line in page) for page in pages)
    for page in pages:
        above = page[: _time_on(page, timestamp)]
        head = list(takewhile(lambda line: line in shared or line in told, above))
        # Where all lines are shared, the last is the headline of a column.
        head = head[:-1] if len(head) == len(above) else head
        foot = list(takewhile(lambda line: line in shared or line in told, reversed(page[len(above) + 1 :])))
        ends = foot if any(_is_notice(line) for line in foot) and not has_end else []
        places.update(line for line in dict.fromkeys([*head, *ends]) if line in shared - told)
    found = [line for line in counts if places[line] == counts[line]]
    return [Anchor(SKIP, _plainly(line)) for line in found[:_LEFT_OUT] if places[line]]


def _notices(pages: Pages) -> list[str]:
    """Return patterns for the lines about rights that end most pages, the same on all or the same but for their end.

    A year is any: a sample is mostly of one, and the articles of others have the same notice.
    """
    ends = [line for page in pages for line in dict.fromkeys(page[-_LAST:]) if _is_notice(line)]
    short = [line for line in ends if len(line) <= _LONGEST]
    if len(short) < max(_FEWEST, _MOST * len(pages)):
        return []
    for pattern, count in Counter(_YEAR.sub("[0-9]{4}", _plainly(line)) for line in short).most_common(1):
        if count >= max(_FEWEST, _MOST * len(pages)):
            return [pattern]
    first, last = min(short), max(short)
    same = next((number for number, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None)
    begun = first[:same]
    pattern = _YEAR.sub("[0-9]{4}", _plainly(begun))
    return [f"{pattern}.{{0,{_LONGEST}}}"] if len(begun) >= _BEGUN and _is_notice(begun) else []


def _timestamp(pages: Pages) -> str:
    """Return how pages say their time: alone on a line, unless few do so and nearly all have it among other words."""
    alone, among = _best(_TIMES, pages, "timestamp"), _best(_AMONG, pages, "timestamp")
    if among and alone and 2 * _count(alone, pages) < len(pages) and _count(among, pages) >= _MOST * len(pages):
        return among
    return alone or among or _USUAL[0]


def _best(patterns: Sequence[str], pages: Pages, role: str) -> str | None:
    usable = [each for each in patterns if not pattern_fault(each, role) and _count(each, pages)]
    return max(usable, key=lambda each: _count(each, pages), default=None)


def _is_notice(line: str) -> bool:
    return bool(_SIGN.search(line)) or reserves(line)


def _count(pattern: str, pages: Pages) -> int:
    """Return how many pages have a line that a pattern matches."""
    compiled = re.compile(pattern)
    return sum(any(compiled.fullmatch(line) for line in page) for page in pages)


def _plainly(words: str) -> str:
    """Return a pattern for words as they are, with no more marks than it takes."""
    return _SPECIAL.sub(r"\\\g<0>", words)
