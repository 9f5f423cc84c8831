"""Which articles are near copies, which group and split each belongs to, and whose rights count for whom.

Families of several articles are looked at one article after the other. One that stands alone is where earlier releases
had it, or in the group that is named after its own text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pressmark.apart import parts
from pressmark.curate.groups import Placing, families, placed, straddles
from pressmark.gathering import gathered
from pressmark.likeness import Likeness
from pressmark.mapped import laid_down
from pressmark.roll import Roll
from pressmark.standings import Belonging, Words

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grouping:
    """What belongs together, by number of an article."""

    groups: Words
    splits: npt.NDArray[np.int16]
    """Group and split of each article that stays; the split as a number in the list."""

    split_names: Sequence[str]
    kin: npt.NDArray[np.int32]
    """Those whose rights count together have the same number, also what is set aside."""

    def split(self, number: int) -> str:
        """Return the split of an article."""
        return self.split_names[int(self.splits[number])]


def grouped(roll: Roll, likeness: Likeness, belonging: Belonging, placing: Placing, hidden: Mask) -> Grouping:
    """Find near copies, give every article that stays its group and split, and mark those that do not stay.

    Args:
        roll: Every article; those that are set aside already have a code.
        likeness: Where near copies are looked for.
        belonging: Where articles of earlier releases belong.
        placing: What else groups and splits go by.
        hidden: Articles that some line may not mention.
    """
    kept = roll.kept
    likeness.number()
    texts = likeness.texts
    labels = likeness.families("kept", texts[kept])
    family = labels[texts]
    together = kept & (np.bincount(family[kept], minlength=labels.size)[family] > 1)
    names = list(dict.fromkeys([*(name for name, _ in placing.rule.shares), *belonging.splits]))
    groups, splits = _alone(roll, belonging, names)
    unseen = together & hidden
    those = np.flatnonzero(together)
    with gathered(likeness.engine, roll.staging, roll.starts, those) as told:
        for number, members in enumerate(parts(those, family)):
            origins = belonging.about(np.concatenate([groups[members], roll.texts[members]]))
            of_part = replace(
                placing, origins=origins, hidden={roll.at(each) for each in members[unseen[members]].tolist()}
            )
            entries = roll.entries(members, told)
            letters = (each.letters_sha256 for each in entries)
            found = families(entries, dict(zip(letters, map(str, family[members].tolist()), strict=True)))
            apart = [each for each in found if straddles(each, origins)]
            beside = likeness.beside(f"apart-{number}", apart) if apart else {}
            for at, (group, split) in placed(found, beside, of_part).items():
                groups[roll.number(at)], splits[roll.number(at)] = int(group, 16), names.index(split)
            roll.settle(members, entries)
    _renamed(groups, placing.renamed)
    roll.name_survivors()
    # What is set aside has a say in rights and none in groups: nobody sees it in the release.
    stay = np.zeros(labels.size, bool)
    stay[texts[kept]] = True
    kin = labels if stay[texts].all() else likeness.families("all", texts)
    folder = likeness.folder
    groups, splits = laid_down(folder / "groups.npy", groups), laid_down(folder / "splits.npy", splits)
    return Grouping(groups, splits, names, laid_down(folder / "kin.npy", kin[texts]))


def _alone(roll: Roll, belonging: Belonging, names: Sequence[str]) -> tuple[Words, npt.NDArray[np.int16]]:
    """Return group and split of each article as if it had no near copies."""
    groups, splits = roll.texts.copy(), roll.splits.copy()
    if belonging.group.size:
        numbers = np.array([names.index(name) for name in belonging.splits], np.int16)
        # A group that earlier releases have is in their split, also for an article that is new.
        known, last = np.unique(belonging.group[::-1], return_index=True)
        places = np.minimum(np.searchsorted(known, groups), known.size - 1)
        splits = np.where(known[places] == groups, numbers[belonging.split[::-1][last[places]]], splits)
        had = np.flatnonzero(roll.origins >= 0)
        origins = roll.origins[had]
        groups[had], splits[had] = belonging.group[origins], numbers[belonging.split[origins]]
    return groups, splits


def _renamed(groups: Words, renamed: Mapping[str, str]) -> None:
    """Give groups that may not keep their name another one."""
    names = {int(old, 16): int(new, 16) for old, new in renamed.items()}
    those = np.flatnonzero(np.isin(groups, np.array([*names], np.uint64)))
    groups[those] = [names[group] for group in groups[those].tolist()]
