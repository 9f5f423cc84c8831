"""Parts of the dataset card that the publisher writes: `card/NAME.md` in the corpus folder.

A card has them behind everything that pressmark derives, each between two comments that name its file, so that what
somebody changes on the Hub can be brought home again (see `pressmark.card_home`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pressmark.findings import SHOWN_CHARACTERS, Finding

FOLDER = "card"
LARGEST = 100 * 10**3
"""Bytes of a part."""

LARGEST_TOGETHER = 400 * 10**3
"""Bytes of all parts: with what is derived, a card stays one that `card pull` brings home, and pages show at once."""

CODE = "bad-card-part"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\.md")
_LIKE_A_FENCE = re.compile(r"\s*<!--\s*(end\s+of\s+)?card/", re.IGNORECASE)
_OPENS_CODE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_CLOSES_CODE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*")
_TITLE = re.compile(r"^( {0,3})#(?=[ \t]|$)")
_UNDERLINE = re.compile(r"^ {0,3}=+[ \t]*$")
_NO_PARAGRAPH = re.compile(r"(?: {4}| *\t| {0,3}(?:>|<|\||[-+*](?:[ \t]|$)|[0-9]{1,9}[.)](?:[ \t]|$)))")
"""What a line begins with under which a line of equal signs makes no title: code, a quote, HTML, a table, a list."""

_ENDS_BEFORE = re.compile(r" {0,3}(?:#{1,6}(?:[ \t]|$)|([-*_])[ \t]*(?:\1[ \t]*){2,}$)")
"""A line that ends by itself, a heading or a rule: it is no part of the paragraph behind it."""
# All but tabs; a byte order mark would stand in the midst of the card, where nobody sees it.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]|^\ufeff")


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a publisher, as a card has them."""

    name: str
    """Name of the file, such as `limitations.md`."""

    text: str
    """With line ends of one kind and one at the end, and headings of the first level made ones of the second."""


def read_parts(corpus: Path) -> tuple[tuple[Part, ...], list[Finding]]:
    """Return the parts of a corpus in the order of their file names, and what is wrong with others.

    Whatever else lies in their folder is a fault: words that somebody meant to publish must not be passed over.
    """
    folder = corpus / FOLDER
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        return (), [Finding(CODE, FOLDER, "", "expected a plain folder, or nothing")]
    paths = sorted(folder.iterdir(), key=lambda path: path.name) if folder.is_dir() else []
    read = [_read(path) for path in paths if not path.name.startswith(".")]
    parts = tuple(found for found in read if isinstance(found, Part))
    faults = [found for found in read if isinstance(found, Finding)]
    together = sum(len(part.text.encode()) for part in parts)
    if together > LARGEST_TOGETHER:
        detail = f"found {together} bytes in all parts together, expected at most {LARGEST_TOGETHER}"
        faults.append(Finding(CODE, FOLDER, "", detail))
    return parts, faults


def _read(path: Path) -> Part | Finding:
    shown = f"{FOLDER}/{path.name}"
    if not _NAME.fullmatch(path.name) or path.is_symlink() or not path.is_file():
        detail = "expected a plain file NAME.md, its name of small letters, digits and hyphens; move others elsewhere"
        return Finding(CODE, shown, "", detail)
    size = path.stat().st_size
    return part_of(path.name, path.read_bytes()) if size <= LARGEST else _too_large(shown, size)


def part_of(name: str, data: bytes) -> Part | Finding:
    """Return what a card has of the bytes of a file, or what is wrong with them."""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        detail = "found bytes that are not UTF-8; save it as UTF-8"
        return Finding(CODE, f"{FOLDER}/{name}", f"byte {error.start}", detail)
    lines = text.removesuffix("\n").split("\n")
    inside, opened = code_blocks(lines)
    pressed = list(_lowered(lines, inside))
    part = Part(name, "".join(f"{line}\n" for line in pressed))
    size = max(len(data), len(part.text.encode()))
    if size > LARGEST:
        return _too_large(f"{FOLDER}/{name}", size)
    found = next(_faults(lines, opened), None)
    return Finding(CODE, f"{FOLDER}/{name}", *found) if found else part


def _lowered(lines: Sequence[str], inside: Sequence[bool]) -> Iterator[str]:
    """Yield lines with titles made headings of the second level: a card has one title, which is the recipe's.

    In blocks of code nothing is a title: there the mark begins a comment.
    """
    first = ""
    """Of the paragraph that goes on, its first line."""
    for line, code in zip(lines, inside, strict=True):
        if code:
            first = ""
            yield line
        elif first and not _NO_PARAGRAPH.match(first) and _UNDERLINE.match(line):
            first = ""
            yield line.replace("=", "-")
        else:
            ends = not line.strip() or _ENDS_BEFORE.match(line)
            first = "" if ends else first or line
            yield _TITLE.sub(r"\1##", line)


def _faults(lines: Sequence[str], opened: int | None) -> Iterator[tuple[str, str]]:
    """Yield place and detail of what a part must not have."""
    first = next((line.rstrip() for line in lines if line.strip()), "")
    if not first:
        yield "", "found no words, expected some; delete the file to leave the part out"
    if first == "---":
        yield "line 1", "found front matter, expected none: the card's own is derived from recipe and rows"
    if opened is not None:
        yield f"line {opened + 1}", "found a block of code that is not closed; it would swallow what stands behind it"
    for number, line in enumerate(lines, 1):
        if _LIKE_A_FENCE.match(line):
            found = line.strip()[:SHOWN_CHARACTERS]
            yield f"line {number}", f"found {found!r}, which is like the comments around parts; reword it"
        if control := _CONTROL.search(line):
            detail = f"found U+{ord(control[0]):04X}, expected no control character and no byte order mark"
            yield f"line {number}", detail


def _too_large(shown: str, size: int) -> Finding:
    return Finding(CODE, shown, "", f"found {size} bytes, expected at most {LARGEST}")


def code_blocks(lines: Sequence[str]) -> tuple[list[bool], int | None]:
    """Tell of each line whether a fenced block of code has it, and which line opens one that is never closed."""
    inside: list[bool] = []
    opened, marks = None, ""
    for number, line in enumerate(lines):
        inside.append(opened is not None)
        closing = _CLOSES_CODE.fullmatch(line)
        if opened is None and (opening := _OPENS_CODE.match(line)):
            opened, marks = number, opening[1]
            inside[-1] = True
        elif opened is not None and closing and closing[1].startswith(marks):
            opened = None
    return inside, opened


def fenced(part: Part) -> str:
    """Return a part as it stands in a card."""
    return f"<!-- {FOLDER}/{part.name} -->\n{part.text}<!-- end of {FOLDER}/{part.name} -->\n"
