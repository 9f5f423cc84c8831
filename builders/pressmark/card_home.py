"""Brings home what somebody wrote into a dataset card on the Hub. Fetches nothing: it is given the two cards.

What stands between the comments of a part goes to `card/NAME.md`, a new section becomes a part of its own. All else in
a card is derived: where it differs, that is shown and does not come home. Both cards are words of strangers.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pressmark.card_parts import FOLDER, Part, part_of
from pressmark.card_sections import name_of, new_sections, single_blanks, words_of
from pressmark.errors import UsageError
from pressmark.release.parts import FenceError, cut
from pressmark.release.unified import unified
from pressmark.workshop import write_durably

LARGEST_CARD = 10**6
"""Bytes."""

DERIVED = (
    "These lines stay behind: pressmark derives them from recipe and rows, and the next build writes them again. To "
    "change them, change title, description, languages, contact, metadata_license or releases.LINE.repo in "
    "corpus.toml, or the inputs and decisions that the numbers count. Words of your own belong in card/NAME.md."
)
"""Said of what does not come home."""

_NAMES = ("the card as released", "the card as edited")


@dataclass(frozen=True, slots=True)
class Homecoming:
    """What can come home from an edited card, before any of it is written."""

    folder: Path
    """`CORPUS/card`."""

    changed: dict[str, str]
    """Parts that were edited, by file name, with their words as they are now."""

    new: dict[str, str]
    """Parts that the released card does not have: sections outside of parts, or fenced by hand."""

    conflicts: dict[str, str]
    """Parts that differ and do not come home, each with the reason. Nothing of them is written."""

    removed: list[str]
    """Parts that the edited card does not have any more. Their files stay; whoever means it deletes them."""

    lost: list[str]
    """Everything else that differs, as lines of a unified diff. `DERIVED` says why it stays behind."""

    at_home: dict[str, bytes | None]
    """What the files were that `write_homecoming` writes; None where there was none."""

    def as_dict(self) -> dict[str, Any]:
        """Return what happens to what, as JSON-able fields."""
        return {
            "changed": sorted(self.changed),
            "new": sorted(self.new),
            "conflicts": self.conflicts,
            "removed": self.removed,
            "lost": self.lost,
        }

    def sentences(self) -> list[str]:
        """Return a line for each part, and why the lines of `lost` stay behind; fit to be printed."""
        told = {
            **dict.fromkeys(self.changed, "changed on the Hub"),
            **dict.fromkeys(self.new, "new on the Hub"),
            **{name: f"stays as it is here: {why}" for name, why in self.conflicts.items()},
            **dict.fromkeys(self.removed, "is gone on the Hub; delete the file to leave it out of the next card"),
        }
        return [f"{FOLDER}/{name}: {told[name]}" for name in sorted(told)] + ([DERIVED] if self.lost else [])


def bring_home(corpus: Path, released: str, edited: str) -> Homecoming:
    """Plan and write what comes home; see `plan_homecoming` and `write_homecoming`."""
    found = plan_homecoming(corpus, released, edited)
    write_homecoming(found)
    return found


def plan_homecoming(corpus: Path, released: str, edited: str) -> Homecoming:
    """Find what comes home from an edited card. Writes nothing.

    Args:
        corpus: The folder that holds `corpus.toml`.
        released: README.md as it was released.
        edited: README.md as somebody edited it.

    Raises:
        UsageError: the folder holds no corpus, or a card is too large or its comments around parts do not fit.
    """
    folder = corpus / FOLDER
    if not (corpus / "corpus.toml").is_file() or folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        advice = f"give the folder that holds corpus.toml; {FOLDER} in it is a plain folder, or is not there"
        raise UsageError(f"{corpus} is no corpus to bring a card home to", advice=advice)
    old_lines, old = _cut(released, _NAMES[0])
    new_lines, new = _cut(edited, _NAMES[1])
    rest, sections = new_sections(old_lines, new_lines)
    named = [*new.items(), *((name_of(lines[0]), words_of(lines)) for lines in sections)]
    named = [(name, words) for name, words in named if words.strip()]
    often = Counter(name for name, _ in named)
    there = {name: words for name, words in named if words != old.get(name)}
    conflicts = {name: _obstacle(folder / name, words, old.get(name)) for name, words in there.items()}
    conflicts |= {name: "the edited card has several of this name" for name in there if often[name] > 1}
    coming = {name: words for name, words in there.items() if not conflicts[name] and not _has(folder / name, words)}
    return Homecoming(
        folder=folder,
        changed={name: words for name, words in coming.items() if name in old},
        new={name: words for name, words in coming.items() if name not in old},
        conflicts={name: why for name, why in conflicts.items() if why},
        removed=[name for name in old if not often[name] and (folder / name).exists()],
        lost=unified(single_blanks(old_lines), single_blanks(rest), _NAMES),
        at_home={name: _bytes(folder / name) for name in coming},
    )


def write_homecoming(found: Homecoming) -> list[Path]:
    """Write the parts that come home, and return their files.

    Raises:
        UsageError: one of them was changed here since it was looked at; nothing was written.
    """
    words = {found.folder / name: text for name, text in sorted({**found.changed, **found.new}.items())}
    for path in words:
        if _bytes(path) != found.at_home[path.name]:
            raise UsageError(f"{path} was changed just now", advice="nothing was written; run the command again")
    for path, text in words.items():
        write_durably(path, text.encode())
    return list(words)


def card_difference(released: str, edited: str) -> list[str]:
    """Return how two cards differ, as lines of a unified diff that are fit to be printed; none where they do not.

    Raises:
        UsageError: a card is too large.
    """
    old, new = (_plain(card, name).split("\n") for card, name in zip((released, edited), _NAMES, strict=True))
    return unified(old, new, _NAMES)


def _plain(card: str, name: str) -> str:
    size = len(card.encode("utf-8", "surrogatepass"))
    if size > LARGEST_CARD:
        advice = "look at it on the Hub; no card of ours is as large"
        raise UsageError(f"{name} has {size} bytes, expected at most {LARGEST_CARD}", advice=advice)
    return card.replace("\r\n", "\n").replace("\r", "\n")


def _cut(card: str, name: str) -> tuple[list[str], dict[str, str]]:
    try:
        return cut(_plain(card, name))
    except FenceError as error:
        advice = "mend it there: each part stands between the two comments that name its file"
        raise UsageError(f"{name}, {error}", advice=advice) from error


def _obstacle(path: Path, words: str, before: str | None) -> str:
    """Return why words cannot become a part; nothing where they can, or where they are that part already.

    Args:
        path: Where they would be written.
        words: What the edited card has.
        before: What the released card has.
    """
    part, home = part_of(path.name, words.encode("utf-8", "surrogatepass")), _bytes(path)
    if not isinstance(part, Part):
        return ", ".join(filter(None, [part.place, part.detail]))
    if path.is_symlink() or (home is None and path.exists()):
        return "it is no plain file here"
    if home is None:
        return "it was edited there and deleted here" if before is not None else ""
    here = part_of(path.name, home)
    same = isinstance(here, Part) and here.text in (before, part.text)
    return "" if same else "it was changed here too, to something else"


def _has(path: Path, words: str) -> bool:
    """Tell whether a part is at home already, as a card has it."""
    home = _bytes(path)
    return home is not None and part_of(path.name, home) == part_of(path.name, words.encode())


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
