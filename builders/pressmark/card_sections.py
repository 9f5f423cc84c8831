"""Sections of a card that somebody edited: which of them are new, told from those that are derived."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from pressmark.card_parts import code_blocks

_HEADING = re.compile(r" {0,3}#{1,2}[ \t]+\S")
_LONGEST_NAME, _WITH_DIGEST = 64, 40


def new_sections(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Return the lines of an edited card without sections that are new as a whole, and those sections.

    A heading that the released card does not have may as well be one of its own that was renamed. It begins a new
    section only where all headings around it are still what they were, and where no line that is derived got into it.
    """
    _, *known = _sections(old)
    start, *sections = _sections(new)
    order = {section[0].strip(): place for place, section in enumerate(known)}
    chosen: set[int] = set()
    before, unknown = -1, []
    for number, place in enumerate([*(order.get(section[0].strip()) for section in sections), len(known)]):
        if place is None:
            unknown.append(number)
            continue
        if place == before + 1:
            chosen.update(unknown)
        before, unknown = place, []
    kept = [line for number, section in enumerate(sections) if number not in chosen for line in section]
    missing = Counter(line for line in old if line.strip()) - Counter([*start, *kept])
    whole = {number for number in chosen if not any(line in missing for line in sections[number])}
    rest = [line for number, section in enumerate(sections) if number not in whole for line in section]
    return [*start, *rest], [sections[number] for number in sorted(whole)]


def _sections(lines: Sequence[str]) -> list[list[str]]:
    """Divide a card at its headings of the first two levels; what stands before the first comes first."""
    start = lines.index("---", 1) + 1 if lines[:1] == ["---"] and "---" in lines[1:] else 0
    found = [list(lines[:start])]
    inside, _ = code_blocks(lines[start:])
    for line, code in zip(lines[start:], inside, strict=True):
        if not code and _HEADING.match(line):
            found.append([])
        found[-1].append(line)
    return found


def name_of(heading: str) -> str:
    """Return the name of a file for a section: always the same, and safe whatever the heading is."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", heading).lower() if not unicodedata.combining(c))
    slug = re.sub("[^a-z0-9]+", "-", folded).strip("-")
    if not slug or any(c.isalnum() and not c.isascii() for c in folded) or len(slug) > _LONGEST_NAME:
        # What a name cannot say is told by a digest: two headings in Korean are two parts.
        words = unicodedata.normalize("NFC", heading).strip("# \t")
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        slug = f"{slug[:_WITH_DIGEST].strip('-') or 'section'}-{digest}"
    return f"{slug}.md"


def words_of(lines: Sequence[str]) -> str:
    """Return a section as the text of a part."""
    return "\n".join(lines).rstrip() + "\n"


def single_blanks(lines: Sequence[str]) -> list[str]:
    """Return lines without blank ones at the ends and with single ones between: where they stand tells nothing."""
    blocks = [list(block) for blank, block in groupby(lines, lambda line: not line.strip()) if not blank]
    return [line for block in blocks for line in ([""] if block is not blocks[0] else []) + block]
