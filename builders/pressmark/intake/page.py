"""Text pages: one article a file, laid out as the source file says.

From the top: head (masthead, serial, section), headline, timestamp, subtitles, body with pictures and their captions,
credits, foot (related articles, notice, imprint). Blank lines mean nothing: copies without any, or with more, read
the same.
"""

from collections.abc import Iterator
from datetime import datetime, time
from itertools import takewhile
from zoneinfo import ZoneInfo

from pressmark.article.dates import utc_of_local, written
from pressmark.article.owners import owner_in
from pressmark.article.reservations import reserves
from pressmark.findings import RefusedInputError
from pressmark.intake import clean
from pressmark.intake.draft import Draft
from pressmark.intake.layout import (
    FOOT,
    HEAD,
    SKIP,
    Told,
    can_be_deck,
    ends_sentence,
    nearest,
    require,
    tell,
    timestamp_of,
)
from pressmark.intake.page_credits import Names, credits_above, is_credit, names_a_writer, take_credits
from pressmark.intake.printed_time import printed_clock, printed_day
from pressmark.sources import Layout

EXTRACTOR = "page/1"

_EVIDENCE = {"masthead": "site", "serial": "site", "notice": "page", "imprint": "site"}
_HEADLINE_LINES = 3
_QUOTED_CHARACTERS = 10_000
_RAW_CHARACTERS = 80


def read_page(text: str, layout: Layout, place: ZoneInfo | None, own: Names = ("", "")) -> Draft:
    """Read one page.

    Args:
        text: The characters of the page.
        layout: How its source lays pages out.
        place: Time zone of timestamps without one.
        own: Names of the paper and its publisher, which are no source that it takes texts from.

    Raises:
        RefusedInputError: `empty-input`, `not-an-article`, `layout-mismatch`, `bad-date` or `empty-text`.
    """
    draft = Draft()
    every = tell(clean.lines(text, draft.steps), layout)
    told = [line for line in every if line.role != SKIP]
    draft.steps["lines-skipped"] += len(every) - len(told)
    if not told:
        raise RefusedInputError("empty-input", "found no line with anything in it")
    stamp = timestamp_of(told, layout)
    foot = _foot_start(told, stamp)
    skipped = [line for line in every if line.role == SKIP]
    draft.evidence = [*_evidence(told[:stamp], told[stamp:foot], [*told[foot:], *skipped])]
    above = _head(told[:stamp], draft)
    require(every, layout)
    headline, credited = credits_above(above)
    _headline(headline, draft)
    _published(told[stamp], place, draft)
    below = told[stamp + 1 : foot]
    body = take_credits([*credited, told[stamp]], below, own, draft)
    decks = _decks(body, below, layout)
    draft.fields["subtitles"] += [line.text for line in body[:decks]]
    _text(body[decks:], layout, draft)
    _leave_out(told, foot, draft, layout)
    if not draft.fields["text"]:
        raise RefusedInputError("empty-text", "found a page without a paragraph")
    return draft


def _evidence(head: list[Told], body: list[Told], foot: list[Told]) -> Iterator[dict[str, str]]:
    for zone, lines in (("head", head), ("text", body), ("foot", foot)):
        for line in lines:
            # A notice counts wherever it stands and however it is worded, also where no anchor knows it.
            # Above the time stands the headline, which may look like one.
            is_notice = reserves(line.text) or (zone == "foot" and bool(owner_in(line.text, whole=True)))
            role = "notice" if line.role not in _EVIDENCE and is_notice else line.role
            if role not in _EVIDENCE:
                continue
            entry = {"kind": role, "scope": _EVIDENCE[role], "where": zone}
            if (
                lines is not body and len(line.text) <= _QUOTED_CHARACTERS
            ):  # what stands in the midst of the text is not quoted
                entry["quote"] = line.text if role == "notice" else line.value
            yield entry


def _head(told: list[Told], draft: Draft) -> list[Told]:
    """Take the lines of the head off and return what stands between it and the timestamp."""
    start = 0
    for line in told:
        if line.role not in HEAD:
            break
        if line.role == "section" and line.anchor:
            path = [part.strip() for part in line.value.split(line.anchor.split)]
            draft.fields["section"] = [part for part in path if part and part not in line.anchor.drop]
        start += 1
    draft.steps["head-lines-cut"] += start
    return told[start:]


def _headline(lines: list[Told], draft: Draft) -> None:
    if not 1 <= len(lines) <= _HEADLINE_LINES:
        detail = f"expected a headline of 1 to {_HEADLINE_LINES} lines before the time, found {len(lines)}"
        raise RefusedInputError("layout-mismatch", detail)
    draft.fields["title"] = lines[0].text
    draft.fields["subtitles"] = [line.text for line in lines[1:]]


def _published(line: Told, place: ZoneInfo | None, draft: Draft) -> None:
    groups = {name: value for name, value in line.groups.items() if value is not None}
    try:
        day, clock = printed_day(groups), printed_clock(groups, line.text)
        hour, minute, second = (*clock, 0, 0, 0)[:3]
        local = datetime.combine(day, time(hour, minute, second))
    except (KeyError, ValueError) as error:
        raise RefusedInputError("bad-date", f"found no date that can be: {error}", f"line {line.number}") from error
    draft.fields["url"] = groups.get("url")
    draft.fields["published_on"] = day.isoformat()
    draft.fields["provenance"] = {"published_raw": " ".join(line.value.split())[:_RAW_CHARACTERS]}
    moment = utc_of_local(local, place) if place and len(clock) > 1 else None
    if place and len(clock) > 1 and moment is None:
        detail = f"found a local time that {place.key} had not, or had twice"
        draft.notes.append(("unclear-time", f"line {line.number}", detail))
    if "hour" in groups and not clock:
        detail = "found a time of half a day, expected a group half in the pattern; the day is kept"
        draft.notes.append(("unclear-time", f"line {line.number}", detail))
    if moment:
        draft.fields["published_at"] = written(moment)
    precision = ("day", "day", "minute", "second")[len(clock)]
    draft.fields["published_precision"] = precision if moment else "day"


def _foot_start(told: list[Told], stamp: int) -> int:
    """Return where the foot begins: at the heading of related articles, else at the notices that end the page."""
    for position in range(stamp + 1, len(told)):
        if told[position].role == "related":
            return position
    start = len(told)
    # A line that says whose the page is is no paragraph, also where no anchor knows its owner: an agency, say.
    while start > stamp + 1 and (told[start - 1].role in FOOT or _is_owners(told[start - 1])):
        start -= 1
    return start


def _is_owners(line: Told) -> bool:
    return not line.role and bool(owner_in(line.text, whole=True))


def _decks(body: list[Told], below: list[Told], layout: Layout) -> int:
    """Return how many lines of the body are subtitles.

    Papers print the headline, its decks, who wrote it, and the text: below a line of its own that names a writer there
    are no decks. Below other credits, such as a source or a translator, there may be, where a text follows them.

    Args:
        body: The lines between the credits.
        below: All lines below the time, the credits too.
        layout: How long a subtitle is at most.
    """
    above = list(takewhile(is_credit, below))
    if any(map(names_a_writer, above)):
        return 0
    decks = list(takewhile(lambda line: can_be_deck(line, layout), body))
    return 0 if above and len(decks) == len(body) else len(decks)


def _text(body: list[Told], layout: Layout, draft: Draft) -> None:
    paragraphs: list[str] = []
    captions: list[dict[str, str]] = []
    image = ""
    for line in body:
        if line.role == "image":
            draft.steps["pictures-without-caption"] += bool(image)
            image = line.value
        elif line.role == "caption":
            captions.append({**({"image": image} if image else {}), "text": line.value})
            image = ""
        elif image and not line.role and len(line.text) <= layout.caption_characters:
            captions.append({"image": image, "text": line.text})
            image = ""
        else:
            draft.steps["pictures-without-caption"] += bool(image)
            image = ""
            paragraphs.append(line.text)
    draft.steps["pictures-without-caption"] += bool(image)
    draft.fields["captions"] = captions
    draft.fields["text"] = "\n\n".join(paragraphs)


def _leave_out(told: list[Told], foot: int, draft: Draft, layout: Layout) -> None:
    draft.steps["foot-lines-cut"] += len(told) - foot
    for line in told[foot:]:
        if line.role not in FOOT and len(line.text) > layout.subtitle_characters and ends_sentence(line.text):
            detail = f"found a line of {len(line.text)} characters below the end of the article"
            draft.notes.append(("text-after-end", f"line {line.number}", detail))
    notices = [anchor for anchor in layout.anchors if anchor.role == "notice"]
    if notices and not any(entry["kind"] == "notice" for entry in draft.evidence):
        near = next(filter(None, (nearest(told, anchor) for anchor in notices)), "")
        draft.notes.append(("notice-missing", "", f"expected a rights notice, found none{near}"))
