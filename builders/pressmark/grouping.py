"""Which articles are near copies, which group and split each belongs to, and whose rights count for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pressmark.curate.duplicates import Entry
from pressmark.curate.groups import At, Placing, families, name_survivors, placed, straddles
from pressmark.likeness import Likeness


@dataclass(frozen=True, slots=True)
class Grouping:
    """What belongs together."""

    places: dict[At, tuple[str, str]]
    """Group and split of each article that stays."""

    kin: Mapping[str, str]
    """By digest of letters, whose rights count together, also those of what is set aside; itself where it is not."""


def grouped(entries: Sequence[Entry], likeness: Likeness, placing: Placing) -> Grouping:
    """Find near copies, give every article that stays its group and split, and mark those that do not stay.

    Args:
        entries: Every article; those that are set aside already have a code.
        likeness: Where near copies are looked for.
        placing: What groups and splits go by.
    """
    kept = [entry for entry in entries if not entry.code]
    likeness.number()
    labels = likeness.families("kept", (entry.at for entry in kept))
    found = families(kept, labels)
    apart = [family for family in found if straddles(family, placing.origins)]
    places = placed(found, likeness.beside("apart", apart) if apart else {}, placing)
    name_survivors(entries)
    # What is set aside has a say in rights and none in groups: nobody sees it in the release.
    texts = {entry.letters_sha256 for entry in kept}
    alone = all(entry.letters_sha256 in texts for entry in entries)
    kin = labels if alone else likeness.families("all", (entry.at for entry in entries))
    return Grouping(places, kin)
